"""The crawls that are measured: each in a process of its own, of a server in another."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
_ENVIRONMENT = os.environ | {"CHANDUNG_LANG": "en", "PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"}


def told(words: list[str | Path]) -> dict[str, Any]:
    """Run a program to its end; the JSON of its last line."""
    done = subprocess.run(
        [str(word) for word in words], cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8", env=_ENVIRONMENT, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def child(*arguments: str | Path) -> dict[str, Any]:
    return told([sys.executable, "-m", "tests.bench.child", *arguments])


def other_tool(python: Path, *arguments: str | Path) -> dict[str, Any]:
    return told([python, ROOT / "tests" / "bench" / "other_tools.py", *arguments])


def fastest(found: list[dict[str, Any]]) -> dict[str, Any]:
    return min(found, key=lambda one: one["seconds"])


def against_bare(study: Path, forum: str, database: Path, rounds: int) -> tuple[dict[str, Any], dict[str, Any]]:
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
    return fastest(ours), fastest(bare)


@contextmanager
def board(posts: int) -> Iterator[str]:
    """The address of a made-up board with so many posts."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench.board", str(posts)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as served:
        assert served.stdin is not None
        assert served.stdout is not None
        try:
            yield served.stdout.readline().strip()
        finally:
            served.stdin.close()


def of_board(folder: Path, address: str) -> dict[str, Any]:
    """A crawl of it into ``folder/board.db``."""
    folder.mkdir()
    study = folder / "study.yaml"
    study.write_text(
        f"study: board\ncontact: bench@example.org\nown: {{name: Bim}}\n"
        f"sources: [{{kind: forum, url: '{address}', delay: 0}}]\n",
        encoding="utf-8",
    )
    return child("crawl", study, address)
