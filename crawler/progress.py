"""What the crawl shows while it runs and when it is done. Quiet while it runs where nobody watches."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from types import TracebackType
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from crawler.checked import Checked
from crawler.job import Job
from crawler.offered import Offered
from crawler.offered import lines as place_lines
from crawler.plan import Planned
from crawler.results import CrawlResult, SourceResult
from crawler.told import told, what
from data.numbers import number
from data.page_changes import sentence
from data.rows import shown
from data.study import Study
from data.words import language, tell

_NEVER_FOLDED = 10_000
_CHANGES_SHOWN = 5


class Watching(AbstractContextManager["Watching"]):
    """One line a source, redrawn a few times a second from the counts of its job."""

    def __init__(self, console: Console, *, quiet: bool) -> None:
        self._jobs: list[tuple[TaskID, Job]] = []
        self._over = threading.Event()
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=12),
            TextColumn("{task.fields[counts]}", markup=False),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=quiet or not console.is_terminal,
        )
        self._thread = threading.Thread(target=self._redraw, daemon=True)

    def __enter__(self) -> Watching:
        self._progress.start()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join(timeout=1)
        self._progress.stop()

    def job(self, job: Job) -> None:
        """Show a job from now on."""
        task = self._progress.add_task(job.source.url[:50], total=None, counts=tell("crawl.waiting"))
        self._jobs.append((task, job))

    def _redraw(self) -> None:
        while not self._over.wait(0.3):
            for task, job in list(self._jobs):
                counts = job.counts
                posts = counts.posts_new + counts.posts_changed + counts.posts_known
                self._progress.update(task, counts=tell("crawl.row", pages=counts.pages, posts=posts))


def summary(result: CrawlResult, console: Console) -> None:
    """A table of the sources, and a sentence for each that was not read whole. Outside a terminal no line is folded."""
    if not console.is_terminal:
        console.width = _NEVER_FOLDED
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("source", "kind"):
        table.add_column(tell(f"crawl.columns.{name}"), overflow="fold")
    for name in ("pages", "threads", "new", "changed"):
        table.add_column(tell(f"crawl.columns.{name}"), justify="right")
    table.add_column(tell("crawl.columns.state"))
    for source in result.sources:
        counts = source.counts
        numbers = (counts.pages, counts.threads, counts.posts_new, counts.posts_changed)
        table.add_row(
            source.url,
            what(source.kind, source.engine),
            *(number(count) for count in numbers),
            tell(f"crawl.states.{source.state}"),
        )
    console.print(table, markup=False)
    for source in result.sources:
        for line in [told(source), *sentences(source)] if source.counts.requests else sentences(source):
            console.print(f"• {shown(line)}", markup=False, highlight=False, soft_wrap=True)
    for about, places in elsewhere(result.sources).items():
        for line in place_lines(about, places):
            console.print(shown(line), markup=False, highlight=False, soft_wrap=True)


def elsewhere(sources: Sequence[SourceResult]) -> dict[str, list[Offered]]:
    """Where else each brand is, by what all of its pages link to, each place once."""
    found: dict[str, dict[str, Offered]] = {}
    for source in sources:
        for one in source.offered:
            found.setdefault(one.about, {}).setdefault(one.url, one)
    return {about: list(places.values()) for about, places in found.items()}


def _clock(when: datetime, zone: str) -> str:
    return f"{when.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}"


def sentences(source: SourceResult) -> list[str]:
    """What has to be said of a source: why it was not read whole, and what was left out."""
    said = [source.reason.sentence()] if source.reason else []
    # The first is told with the reason.
    said += [one.told.sentence() for one in source.failures if one.reason.sentence() not in "".join(said)]
    said += [note.sentence() for note in source.notes]
    left_out = [
        tell(f"crawl.skipped.{key}", count=count) for key, count in sorted(source.counts.skipped.items()) if count
    ]
    if left_out:
        said.append(f"{source.url}: {tell('crawl.skipped.title', list=', '.join(left_out))}")
    return said + _news(source)


def _news(source: SourceResult) -> list[str]:
    """What a brand's pages say otherwise than at the last crawl, the first of it in full."""
    if not source.changes:
        return []
    count, site = len(source.changes), urlsplit(source.url).netloc
    first = "; ".join(sentence(change, language()) for change in source.changes[:_CHANGES_SHOWN])
    if count > _CHANGES_SHOWN:
        first = f"{first}; {tell('changes.more', count=count - _CHANGES_SHOWN)}"
    return [tell("changes.noted_one" if count == 1 else "changes.noted", site=site, count=count, first=first)]


def unread_parts(study: Study) -> list[str]:
    """A sentence for each part of the study that a crawl checks and does not read; of files nothing where another step reads them."""
    files = 0 if os.environ.get("CHANDUNG_WITHIN") else len(study.imports)
    return [tell("check.not_read.imports", count=files)] if files else []


def planned_sources(found: Sequence[Planned], console: Console) -> None:
    """What ``chandung crawl --dry-run`` says of each source."""
    console.print(tell("crawl.plan.title"), highlight=False, soft_wrap=True)
    for one in found:
        console.print(f"\n[bold]{escape(one.url)}[/bold]", highlight=False, soft_wrap=True)
        for line in one.lines:
            console.print(f"  {shown(line)}", markup=False, highlight=False, soft_wrap=True)


def checked_sources(found: Sequence[Checked], console: Console, zone: str) -> None:
    """What ``chandung check`` says of each source, with times in the time zone ``zone``."""
    times = Counter(warning.key for one in found for warning in one.warnings)
    shared = [key for key in ("no_terms", "no_delay") if times[key] > 1]
    for one in found:
        console.print(f"\n[bold]{escape(one.url)}[/bold]", highlight=False, soft_wrap=True)
        for line in _checked_lines(one, zone, shared):
            console.print(f"  {shown(line)}", markup=False, highlight=False, soft_wrap=True)
    for key in shared:
        line = f"! {tell(f'check.shared.{key}', count=times[key])}"
        console.print(line if key != shared[0] else f"\n{line}", markup=False, highlight=False, soft_wrap=True)
    wrong, unseen = sum(one.problem is not None for one in found), sum(one.stopped for one in found)
    if not found:
        console.print(tell("check.no_sources"))
    elif unseen:
        console.print("\n" + tell("check.stopped", count=unseen, total=len(found)), highlight=False)
    elif wrong:
        key = "some_wrong" if wrong < len(found) else "all_wrong"
        console.print("\n" + tell(f"check.{key}", count=wrong, total=len(found)), highlight=False)
    else:
        console.print("\n" + tell("check.all_fine"), highlight=False)


def _checked_lines(one: Checked, zone: str, shared: Sequence[str]) -> list[str]:
    """The lines of one source, without the warnings that several share and that are told once."""
    if one.stopped:
        return [tell("check.not_looked_at")]
    lines: list[str] = []
    if one.kind is not None:
        lines.append(what(one.kind, one.engine))
    if one.robots is not None:
        lines.append(tell(f"check.robots.{one.robots}"))
    if one.threads is not None:
        lines.append(tell("check.threads", count=one.threads))
    if one.preview is not None:
        when = one.preview.posted_at
        posted = f" ({tell('check.posted', when=_clock(when, zone))})" if when else ""
        lines.append(f"{tell('check.preview')}: {one.preview.title}{posted}")
        lines.append(f"“{one.preview.text}”")
    lines += [f"! {warning.sentence()}" for warning in one.warnings if warning.key not in shared]
    lines += place_lines(one.about, one.offered)
    return lines + ([f"✗ {one.problem.sentence()}"] if one.problem else [])
