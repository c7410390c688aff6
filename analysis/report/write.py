"""The report's files: ``reports/<study>-<language>.html`` and ``.md``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from analysis.findings import known, state
from analysis.report import html, markdown
from analysis.report.build import build
from analysis.report.sections import sections
from analysis.report.speech import Speech
from data.errors import InputError
from data.store import Store
from data.study import Study


@dataclass(frozen=True, slots=True)
class Written:
    """The files written, the page first. ``stale`` is true where the data have changed since the analysis."""

    files: tuple[Path, ...]
    stale: bool


def write(store: Store, study: Study, languages: Sequence[str]) -> Written:
    """Write the report of the last analysis in each language. Raises ``InputError`` where there has been no analysis."""
    last = known(store)
    if last is None:
        raise InputError("not_analyzed", path=study.database)
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    report = build(store, study, made_at)
    files = []
    for lang in dict.fromkeys(languages):
        parts = sections(store, study, Speech(lang, study.timezone))
        for suffix, render in ((".html", html.render), (".md", markdown.render)):
            path = study.reports / f"{study.study}-{lang}{suffix}"
            _put(path, render(report, lang, parts))
            files.append(path)
    return Written(tuple(files), last["versions"].get("findings") != state(store, study))


def _put(path: Path, text: str) -> None:
    """Write beside and move into place, so that an open report is whole, old or new."""
    draft = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(text, encoding="utf-8", newline="\n")
        draft.replace(path)
    except OSError as error:
        raise InputError("cannot_write", path=path, why=error.strerror or error) from None
