"""The report's files: ``reports/<study>-<language>.html``, ``.md``, ``.xlsx``, ``.pdf``, ``.json`` and a folder of figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from analysis.known_findings import known, of_this_version, state
from analysis.report import as_json, compare, figures, html, markdown, pdf, xlsx
from analysis.report.blocks import Section
from analysis.report.build import build
from analysis.report.model import Report
from analysis.report.put import put
from analysis.report.sections import sections
from analysis.report.speech import Speech
from data.errors import ChandungError, InputError
from data.store import Store
from data.study import Study

HTML, MARKDOWN, XLSX, PDF, JSON, FIGURES = "html", "md", "xlsx", "pdf", "json", "figures"
#: Every rendering, in the order in which they are written.
FORMATS = (HTML, MARKDOWN, XLSX, PDF, JSON, FIGURES)
#: What is written where nothing is asked for: the quick ones.
USUAL = (HTML, MARKDOWN, XLSX)


@dataclass(frozen=True, slots=True)
class Written:
    """The files written, the page first, and what kept others from being written.

    ``stale`` is true where the data have changed since the analysis.
    """

    files: tuple[Path, ...]
    stale: bool
    problems: tuple[ChandungError, ...] = ()


def write(
    store: Store,
    study: Study,
    languages: Sequence[str],
    formats: Sequence[str] = USUAL,
    compare_with: str | None = None,
) -> Written:
    """Write the report of the last analysis in each language and format.

    Raises ``InputError`` where there has been no analysis, or none by this version, or where ``compare_with`` names nothing to
    compare with; a file that cannot be written is told in ``problems``, and the others are written.
    """
    last = known(store)
    if last is None:
        raise InputError("not_analyzed", path=study.database)
    if not of_this_version(last):
        raise InputError("analyzed_otherwise", path=study.database)
    report = build(store, study, datetime.now(UTC).isoformat(timespec="seconds"))
    since = compare.since(store, study, report, compare_with) if compare_with is not None else None
    files: list[Path] = []
    problems: list[ChandungError] = []
    for lang in dict.fromkeys(languages):
        say = Speech(lang, study.timezone)
        parts = sections(store, study, say)
        shown = report
        if since is not None:
            shown, parts = since.marked(report, parts, study, say)
        made = _Made(shown, lang, parts, study.reports / f"{study.study}-{lang}")
        for name in (name for name in FORMATS if name in formats):
            try:
                files += made.write(name)
            except ChandungError as problem:
                problems.append(problem)
    return Written(tuple(files), last["versions"].get("findings") != state(store, study), tuple(problems))


@dataclass
class _Made:
    """The renderings of one language; ``stem`` is what their files' names begin with."""

    report: Report
    lang: str
    parts: Sequence[Section]
    stem: Path

    @cached_property
    def page(self) -> str:
        return html.render(self.report, self.lang, self.parts)

    def write(self, name: str) -> Iterator[Path]:
        """Write one rendering."""
        if name == FIGURES:
            return figures.write(self.report, self.lang, self.parts, self._named("-figures"))
        renders: dict[str, Callable[[], bytes | str]] = {
            HTML: lambda: self.page,
            MARKDOWN: lambda: markdown.render(self.report, self.lang, self.parts),
            XLSX: lambda: xlsx.render(self.report, self.lang, self.parts),
            PDF: lambda: pdf.render(self.page),
            JSON: lambda: as_json.render(self.report, self.lang, self.parts),
        }
        return iter([put(self._named(f".{name}"), renders[name]())])

    def _named(self, ending: str) -> Path:
        return self.stem.with_name(self.stem.name + ending)
