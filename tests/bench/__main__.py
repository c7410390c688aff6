"""``python -m tests.bench [--quick]``: measure, print a table, write ``bench.json``.

Rates depend on the machine; the ratios are taken against baselines measured in the same run. Of the open tools that collect
from forums, forum-dl reads whole boards of XenForo; minet (4.2) takes the main text of a page and knows no posts by itself.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from data.demo.example import write_study
from data.demo.server import start
from data.study_file import load
from tests.bench import crawls, findings, reading, saved_pages, serving
from tests.bench.crawls import ROOT, child
from tests.bench.tools import NoToolsError, environment, words

OUT = ROOT / "bench.json"


@dataclass(frozen=True)
class Measured:
    """One line of the table. ``at_least`` and ``at_most`` are what is asked of ``value``."""

    what: str
    value: float
    unit: str = ""
    baseline: str = ""
    at_least: float | None = None
    at_most: float | None = None

    @property
    def asked(self) -> str:
        if self.at_least is not None and self.at_most is not None:
            return f"{self.at_least:,g} to {self.at_most:,g}"
        return f"≥ {self.at_least:,g}" if self.at_least is not None else f"≤ {self.at_most:,g}" if self.at_most else ""

    @property
    def held(self) -> bool | None:
        if self.at_least is None and self.at_most is None:
            return None
        return (self.at_least is None or self.value >= self.at_least) and (
            self.at_most is None or self.value <= self.at_most
        )


@dataclass
class Bench:
    """What is measured, how much of it, and what was found."""

    folder: Path
    texts: int
    #: Posts read beside pyvi, and by one process and two: enough for the rate, for each is read many times.
    few: int
    shared: int
    rounds: int
    small: int
    large: int
    pages: int
    found: list[Measured] = field(default_factory=list)
    #: What could not be measured here, and why.
    left_out: list[str] = field(default_factory=list)
    _tools: Path | None = None

    def run(self) -> None:
        try:
            self._tools = environment()
        except NoToolsError as error:
            self.left_out.append(f"forum-dl and trafilatura cannot be installed here ({error})")
        with start() as bases:
            study = load(write_study(self.folder, bases))
            forum = next(source.url for source in study.sources if source.kind == "forum")
            self._crawl(*crawls.against_bare(study.path, forum, study.database, self.rounds))
        self._boards()
        self.read_texts()
        self._extraction(study.database)
        self.findings()
        self.serving()

    def serving(self, study: str | None = None) -> None:
        """Every page of the data in the browser, on a made market or on the study that is given."""
        found = study or str(serving.prepare(self.folder, 1_000_000 if self.large >= 100_000 else 100_000))
        for what, value, unit, baseline, asked in serving.notes(found):
            self._note(what, value, unit, baseline, **asked)

    def _note(self, what: str, value: float, unit: str = "", baseline: str = "", **asked: float) -> None:
        self.found.append(Measured(what, value, unit, baseline, **asked))

    def _crawl(self, ours: dict[str, Any], bare: dict[str, Any]) -> None:
        rate, bare_rate = (one["pages"] / one["seconds"] for one in (ours, bare))
        self._note("crawl to the database", rate, "pages/s")
        self._note("… against a bare Scrapy spider", rate / bare_rate, "", f"{bare_rate:,.0f} pages/s", at_least=0.8)
        self._note("… the same by processor time", bare["cpu_seconds"] / ours["cpu_seconds"])
        self._note("crawl: peak memory", ours["peak_mb"], "MB", at_most=500)

    def _boards(self) -> None:
        """A made-up board in two sizes, the smaller one read by forum-dl too."""
        with crawls.board(self.small) as address:
            small = crawls.of_board(self.folder / "small", address)
            assert small["posts"] == self.small, f"{small['posts']} of {self.small} posts were read"
            if self._tools is not None:
                other = crawls.other_tool(self._tools, "forum_dl", address, self.folder / "forum-dl.jsonl")
                assert other["posts"] == self.small, f"forum-dl read {other['posts']} of {self.small} posts"
                rate, other_rate = (one["posts"] / one["seconds"] for one in (small, other))
                self._note(f"crawl of a board of {self.small:,} posts", rate, "posts/s")
                self._note("… against forum-dl", rate / other_rate, "", f"{other_rate:,.0f} posts/s", at_least=5)
        with crawls.board(self.large) as address:
            large = crawls.of_board(self.folder / "large", address)
        assert large["posts"] == self.large, f"{large['posts']} of {self.large} posts were read"
        self._note(f"crawl of {self.large:,} posts: peak memory", large["peak_mb"], "MB", at_most=500)
        beside = f"{small['peak_mb']:,.0f} MB for {self.small:,}"
        self._note(
            "… against a small board", large["peak_mb"] / small["peak_mb"], "", beside, at_least=0.9, at_most=1.1
        )
        self._note("… posts stored in a second", large["posts"] / large["seconds"], "posts/s")

    def read_texts(self) -> None:
        """Texts read: against splitting them into words by pyvi, on two processes, from a cold start, and long ones."""
        lines, few, shared = (self.folder / f"{name}.jsonl" for name in ("texts", "few", "shared"))
        for file, count in ((lines, self.texts), (few, self.few), (shared, self.shared)):
            reading.write_posts(file, count)
        self._against_pyvi(few)
        annotated = child("annotate", lines)
        self._note("… the same with JSON Lines in and out", annotated["posts"] / annotated["seconds"], "posts/s")
        what = f"annotation of {annotated['posts']:,} posts: peak memory"
        self._note(what, annotated["peak_mb"], "MB", at_most=400)
        for what, work in (("annotate --processes 2", "processes"), ("nlp.pipe(n_process=2)", "piped")):
            one, two = (child(work, shared, str(count))["rate"] for count in (1, 2))
            self._note(f"{what} against one process", two / one, "", f"{one:,.0f} posts/s", at_least=1.7)
        starts = [child("start_up")["seconds"] for _ in range(self.rounds)]
        self._note("from import to the first answer", min(starts), "s", at_most=1.5)
        for what, times in child("growth").items():
            if what in reading.PIECES:
                self._note(f"{what} against a tenth of it", times, "times the work", at_most=13)

    def findings(self) -> None:
        """A generated market: everything from the rows to the findings."""
        for what, value, unit, baseline, asked in findings.notes(self.folder, quick=self.large < 100_000):
            self._note(what, value, unit, baseline, **asked)

    def _against_pyvi(self, lines: Path) -> None:
        try:
            folder = words()
        except NoToolsError as error:
            self.left_out.append(f"pyvi cannot be installed here ({error})")
            return
        read = child("against_pyvi", lines, folder, str(self.rounds))
        rate, other_rate = read["posts"] / read["seconds"], read["posts"] / read["pyvi_seconds"]
        self._note("posts of 30 words read on one core", rate, "posts/s", at_least=4000)
        self._note("… against words split by pyvi", rate / other_rate, "", f"{other_rate:,.0f} posts/s", at_least=3)

    def _extraction(self, database: Path) -> None:
        own = child("extract", database, str(self.rounds))
        self._note(
            "extraction of the demonstration's thread pages", own["pages"] / own["seconds"], "pages/s", at_least=20
        )
        listed = self.folder / "pages.jsonl"
        what, size = saved_pages.write_list(listed, self.folder / "small" / "board.db", self.pages)
        read = child("extract", listed, str(self.rounds))
        rate, bare_rate = read["pages"] / read["seconds"], read["pages"] / read["bare_seconds"]
        self._note(f"extraction of {what} of {size // 1000} KB", rate, "pages/s")
        self._note(
            "… against parsing them with lxml alone", rate / bare_rate, "", f"{bare_rate:,.0f} pages/s", at_least=0.3
        )
        if self._tools is not None:
            other = crawls.other_tool(self._tools, "trafilatura", listed)
            other_rate = other["pages"] / other["seconds"]
            self._note("… against trafilatura", rate / other_rate, "", f"{other_rate:,.1f} pages/s", at_least=10)


def show(bench: Bench) -> None:
    table = Table()
    for name in ("measured", "value", "baseline", "asked", ""):
        table.add_column(name, justify="left" if name == "measured" else "right")
    for one in bench.found:
        value = f"{one.value:,.2f}" if one.value < 10 else f"{one.value:,.0f}"
        held = {True: "[green]held[/]", False: "[red]missed[/]", None: ""}[one.held]
        table.add_row(one.what, f"{value} {one.unit}".strip(), one.baseline, one.asked, held)
    console = Console(width=110)
    console.print(table)
    for line in bench.left_out:
        console.print(f"Not measured: {line}", highlight=False)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--quick", action="store_true", help="smaller boards, fewer texts and rounds")
    parser.add_argument("--texts", action="store_true", help="only what reading texts costs")
    parser.add_argument("--findings", action="store_true", help="only what an analysis costs")
    parser.add_argument("--serve", nargs="?", const="", metavar="STUDY", help="only what the pages of “serve” cost")
    given = parser.parse_args()
    quick = given.quick
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        if quick:
            bench = Bench(
                Path(folder), texts=6_000, few=800, shared=4_000, rounds=1, small=3_000, large=30_000, pages=60
            )
        else:
            bench = Bench(
                Path(folder), texts=40_000, few=2_000, shared=12_000, rounds=3, small=10_000, large=200_000, pages=150
            )
        if given.texts:
            bench.read_texts()
        elif given.findings:
            bench.findings()
        elif given.serve is not None:
            bench.serving(given.serve or None)
        else:
            bench.run()
    show(bench)
    machine = {"python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count()}
    told = {"machine": machine, "measured": [asdict(one) for one in bench.found], "not_measured": bench.left_out}
    OUT.write_text(json.dumps(told, indent=2), encoding="utf-8")
    print(f"Written to {OUT}")
    return 0 if all(one.held is not False for one in bench.found) else 1


if __name__ == "__main__":
    raise SystemExit(main())
