"""``python -m tests.bench [--quick]``: measure, print a table, write ``bench.json``.

Rates depend on the machine; the ratios are taken against baselines measured in the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from data.demo.example import write_study
from data.demo.server import start
from data.study_file import load

ROOT = Path(__file__).parent.parent.parent
OUT = ROOT / "bench.json"


@dataclass(frozen=True)
class Measured:
    """One line of the table. ``at_least`` or ``at_most`` is what is asked of ``value``."""

    what: str
    value: float
    unit: str
    baseline: str = ""
    at_least: float | None = None
    at_most: float | None = None

    @property
    def held(self) -> bool | None:
        if self.at_least is not None:
            return self.value >= self.at_least
        return None if self.at_most is None else self.value <= self.at_most


def child(*arguments: str | Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.child", *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env=os.environ | {"CHANDUNG_LANG": "en", "PYTHONIOENCODING": "utf-8"},
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(folder: Path, texts: int, rounds: int) -> list[Measured]:
    with start() as bases:
        study = load(write_study(folder, bases))
        forum = next(source.url for source in study.sources if source.kind == "forum")
        ours, bare = _crawls(study.path, forum, study.database, rounds)
    many = _large_crawl(folder / "large", texts)
    lines = folder / "texts.jsonl"
    _write_texts(study.database, lines, texts)
    annotated = child("annotate", lines)
    extracted = child("extract", study.database, str(rounds))
    ours_rate, bare_rate = ours["pages"] / ours["seconds"], bare["pages"] / bare["seconds"]
    extraction = extracted["pages"] / extracted["seconds"]
    return [
        Measured("crawl to the database", ours_rate, "pages/s"),
        Measured(
            "… against a bare Scrapy spider", ours_rate / bare_rate, "", f"{bare_rate:,.0f} pages/s", at_least=0.6
        ),
        Measured("… the same by processor time", bare["cpu_seconds"] / ours["cpu_seconds"], ""),
        Measured("crawl: peak memory", ours["peak_mb"], "MB", at_most=500),
        Measured(f"crawl of {many['posts']:,} posts: peak memory", many["peak_mb"], "MB", at_most=500),
        Measured("annotation on one core", annotated["posts"] / annotated["seconds"], "posts/s", at_least=2000),
        Measured(f"annotation of {annotated['posts']:,} posts: peak memory", annotated["peak_mb"], "MB", at_most=500),
        Measured("extraction of thread pages", extraction, "pages/s", at_least=20),
        Measured(
            "… against parsing them with lxml alone",
            extracted["bare_seconds"] / extracted["seconds"],
            "",
            f"{extracted['pages'] / extracted['bare_seconds']:,.0f} pages/s",
        ),
    ]


def _crawls(study: Path, forum: str, database: Path, rounds: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fastest of some crawls into an empty database, and of as many bare ones, taken in turns."""
    ours, bare = [], []
    allowed = study.parent / "allowed.json"
    for _ in range(rounds):
        for path in study.parent.glob(f"{database.name}*"):
            path.unlink()
        ours.append(child("crawl", study, forum))
        with sqlite3.connect(database) as db:
            allowed.write_text(json.dumps([url for (url,) in db.execute("select url from pages")]), encoding="utf-8")
        bare.append(child("bare_crawl", forum, allowed))
    return min(ours, key=lambda one: one["seconds"]), min(bare, key=lambda one: one["seconds"])


def _large_crawl(folder: Path, posts: int) -> dict[str, Any]:
    """A crawl of a board with so many posts."""
    folder.mkdir()
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench.board", str(posts)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as board:
        assert board.stdin is not None
        assert board.stdout is not None
        address = board.stdout.readline().strip()
        study = folder / "study.yaml"
        study.write_text(
            f"study: board\ncontact: bench@example.org\nown: {{name: Bim}}\n"
            f"sources: [{{kind: forum, url: '{address}', delay: 0}}]\n",
            encoding="utf-8",
        )
        found = child("crawl", study, address)
        board.stdin.close()
    return found


def _write_texts(database: Path, lines: Path, count: int) -> None:
    with sqlite3.connect(database) as db:
        posts = db.execute("select text, posted_at from posts order by id").fetchall()
    with lines.open("w", encoding="utf-8") as out:
        for number in range(count):
            text, posted_at = posts[number % len(posts)]
            item = {"id": str(number), "text": f"{text} {number}", "posted_at": posted_at}
            out.write(json.dumps(item, ensure_ascii=False) + "\n")


def show(found: list[Measured]) -> None:
    table = Table()
    for name in ("measured", "value", "baseline", "asked", ""):
        table.add_column(name, justify="left" if name == "measured" else "right")
    for one in found:
        asked = f"≥ {one.at_least:,g}" if one.at_least is not None else f"≤ {one.at_most:,g}" if one.at_most else ""
        value = f"{one.value:,.2f}" if one.value < 10 else f"{one.value:,.0f}"
        held = {True: "[green]held[/]", False: "[red]missed[/]", None: ""}[one.held]
        table.add_row(one.what, f"{value} {one.unit}".strip(), one.baseline, asked, held)
    Console(width=100).print(table)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument(
        "--texts",
        type=int,
        default=100_000,
        help="posts to crawl from a made-up board, and texts to annotate (default: 100,000)",
    )
    parser.add_argument("--rounds", type=int, default=3, help="crawls of each kind; the fastest counts (default: 3)")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        found = measure(Path(folder), chosen.texts, chosen.rounds)
    show(found)
    machine = {"python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count()}
    OUT.write_text(
        json.dumps({"machine": machine, "measured": [asdict(one) for one in found]}, indent=2), encoding="utf-8"
    )
    print(f"Written to {OUT}")
    return 0 if all(one.held is not False for one in found) else 1


if __name__ == "__main__":
    raise SystemExit(main())
