"""What is said of a report before it is kept and after, and of its figures."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.importers.evidence import attribute_name, value_name
from crawler.importers.kinds import Asked
from crawler.importers.reference.figures import Figure
from crawler.importers.reference.keeping import Report
from crawler.importers.taking import Taken
from data.numbers import number
from data.study import Study
from data.words import tell

_MOST, _QUOTE, _PAGES = 12, 110, 12


def lines(report: Report, asked: Asked, study: Study) -> Iterator[str]:
    """What a report is taken for, and the first figures that are suggested."""
    document, found = report.document, report.found
    pages = (
        tell("documents.pages", count=number(len(document.pages))) if document.numbered else tell("documents.no_pages")
    )
    about = report.evidence.about or tell("import.notes.market")
    yield tell("documents.head", path=report.evidence.path.name, title=report.title, pages=pages, about=about)
    for what in ("date", "publisher", "reputation"):
        if getattr(asked, what) is None:
            yield f"• {tell(f'documents.no_{what}')}"
    if document.scripts:
        yield f"• {tell('documents.scripts')}"
    elif document.is_scan:
        yield f"• {tell('documents.scan')}"
    elif document.empty and document.numbered:
        told = ", ".join(map(str, document.empty[:_PAGES])) + (", …" if len(document.empty) > _PAGES else "")
        yield f"• {tell('documents.some_scanned', pages=told)}"
    if found.figures:
        yield f"• {tell('documents.suggested', count=number(len(found.figures)))}"
    for figure in found.figures[:_MOST]:
        yield f"    {one(figure, numbered=document.numbered)}"
    if len(found.figures) > _MOST:
        yield f"    … (+{len(found.figures) - _MOST})"
    if found.others:
        yield f"• {tell('documents.others', count=number(found.others))}"


def one(figure: Figure, *, numbered: bool) -> str:
    """A figure in a line: where, what, how much, of whom, in which words."""
    page = tell("documents.page", page=figure.page) + ": " if numbered else ""
    said = f"{page}{attribute_name(figure.attribute)}: {value_name(figure.attribute, figure.value)} {number(100 * figure.share, 1)} %"
    of = [figure.who] if figure.who else []
    of += [f"n = {number(figure.n)}"] if figure.n else []
    quote = figure.quote if len(figure.quote) <= _QUOTE else f"{figure.quote[:_QUOTE]}…"
    people = f" ({', '.join(of)})" if of else ""
    return f"{said}{people} “{quote}”"


def done_lines(report: Report, done: Taken) -> Iterator[str]:
    """What the import came to."""
    for name in done.replaced:
        yield tell("evidence.replaced", path=name)
    scanned = report.document.is_scan and not report.document.scripts
    yield tell("documents.done_scan" if scanned else "documents.done", path=done.name, pages=number(done.rows))
    if report.found.figures:
        yield tell("documents.waiting", count=number(len(report.found.figures)))
    yield tell("documents.by_hand", id=report.number)
