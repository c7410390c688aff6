"""A report as it is kept: the document, its pages, and its figures with what was decided on them before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from crawler.importers.kinds import Asked
from crawler.importers.plan import digest_of
from crawler.importers.reference.documents import Document
from crawler.importers.reference.fetching import Fetched
from crawler.importers.reference.figures import Figure, Found
from crawler.importers.taking import Evidence, period_of
from data.privacy import mask
from data.store import Store, open_store
from data.store.imported import Observation
from data.study import Study

KIND, SUGGESTED, TAKEN, REFUSED = "reference", "suggested", "taken", "refused"
BY_RULE, BY_HAND = "rule", "hand"
#: Rises with every change of what is read out of a report.
READER = 1
_SUFFIXES = {
    "application/pdf": ".pdf", "text/html": ".html", "application/xhtml+xml": ".html", "text/plain": ".txt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}  # fmt: skip
_KNOWN = """
select i.import_id, i.name from imports i where i.kind = 'reference' and i.rows is not null and (i.name = ? or i.digest = ?)
order by i.import_id
"""
_DECIDED = """
select o.*, f.who, f.found_by, f.decided_at from observations o join reference_figures f using (observation_id)
where o.import_id = ? and f.decided_at is not null order by o.observation_id
"""
Row = Mapping[str, Any]


@dataclass(slots=True)
class Report:
    """A report before it is stored. ``decided`` are the figures of an earlier import of it that somebody decided on."""

    document: Document
    found: Found
    evidence: Evidence
    title: str
    url: str | None
    asked: Asked
    decided: list[Row] = field(default_factory=list)
    #: Under which it is kept, once it is.
    number: int | None = None

    def take_over(self, others: Sequence[Row]) -> None:
        """Let this import take the place of others, and go by what was decided on their figures."""
        self.evidence.instead_of = others
        self.decided = [row for other in others for row in other["decided"]]

    def write(self, store: Store, import_id: int, _key: bytes) -> None:
        """Write the document, its pages and its figures."""
        asked, document = self.asked, self.document
        [self.number] = [number] = store.add_rows("reference_documents", [{
            "import_id": import_id, "title": self.title, "publisher": asked.publisher, "date": asked.date,
            "reputation": asked.reputation, "url": self.url, "file": self.evidence.path.name, "format": document.format,
            "pages": len(document.pages) if document.numbered else None, "characters": document.characters,
            "digest": self.evidence.file.digest, "fetched_at": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        }])  # fmt: skip
        pages = ({"document_id": number, "page": n, "text": mask(text)} for n, text in enumerate(document.pages, 1))
        store.add_rows("reference_pages", pages)
        rows: list[Kept] = [(self._observation(figure), figure.who, BY_RULE, None) for figure in self.found.figures]
        rows = self._as_decided(rows)
        ids = store.add_rows("observations", ({"import_id": import_id, **asdict(row[0])} for row in rows))
        store.add_rows("reference_figures", (
            {"observation_id": one, "document_id": number, "who": who, "found_by": by, "decided_at": at}
            for one, (_, who, by, at) in zip(ids, rows, strict=True)
        ))  # fmt: skip

    def _observation(self, figure: Figure) -> Observation:
        begin, end = self.evidence.period
        audience = figure.who if figure.narrow and figure.who else "all"
        count = figure.share * figure.n if figure.n else None
        page = figure.page if self.document.numbered else None
        return Observation(
            KIND, self.evidence.brand, figure.attribute, figure.value, count, figure.n, figure.share, audience=audience,
            period_from=begin, period_to=end, page=page, quote=figure.quote, state=SUGGESTED,
        ).counted()  # fmt: skip

    def _as_decided(self, rows: list[Kept]) -> list[Kept]:
        """The suggestions as they were decided on; what was entered by hand, or changed, is kept beside them."""
        left = list(self.decided)
        for place, (row, _, _, _) in enumerate(rows):
            same = next(
                (
                    old
                    for old in left
                    if old["found_by"] == BY_RULE and _said(old) == (row.page, row.quote, row.attribute)
                ),
                None,
            )
            if same is not None:
                left.remove(same)
                rows[place] = _again(same, self.evidence)
        return [*rows, *(_again(old, self.evidence) for old in left)]


Kept = tuple[Observation, str | None, str, str | None]


def _said(old: Row) -> tuple[Any, ...]:
    return old["page"], old["quote"], old["attribute"]


def _again(old: Row, evidence: Evidence) -> Kept:
    names = Observation.__dataclass_fields__
    row = Observation(**{name: old[name] for name in names if name not in ("period_from", "period_to", "brand")}, brand=evidence.brand,
                      period_from=evidence.period[0], period_to=evidence.period[1])  # fmt: skip
    return row, old["who"], old["found_by"], old["decided_at"]


def report_of(path: Path, url: str | None, document: Document, found: Found, asked: Asked, brand: str | None) -> Report:
    """What a report comes to, before anything is stored."""
    title = mask(document.title or path.stem)[:300]
    noted = {
        "publisher": asked.publisher, "reputation": asked.reputation, "date": asked.date, "url": url, "reader": READER,
    }  # fmt: skip
    counts = Counter({"suggested": len(found.figures), "without_words": found.others, "pages": len(document.pages)})
    evidence = Evidence(
        path, KIND, document.format, brand, len(document.pages), period=period_of(asked.date), noted=noted, counts=counts,
        instead_of=(),
    )  # fmt: skip
    report = Report(document, found, evidence, title, url, asked)
    evidence.write = report.write
    return report


def known(study: Study, report: Report) -> list[Row]:
    """The imports of the same file, or of another by its name, each with its figures that somebody ``decided`` on."""
    if not study.database.exists() or study.database.stat().st_size == 0:
        return []
    name, digest = report.evidence.path.name, digest_of(report.evidence.path)
    with open_store(study.database, read_only=True) as store:
        found = list(store.query(_KNOWN, (name, digest)))
        return [{**one, "decided": list(store.query(_DECIDED, (one["import_id"],)))} for one in found]


def wanted(fetched: Fetched) -> str:
    """What a fetched file is called: its site and the end of its address."""
    parts = urlsplit(fetched.url)
    name = re.sub(r"[^\w.\-]+", "-", unquote(parts.path).rstrip("/").rpartition("/")[2])[-80:].strip(".-")
    stem, dot, suffix = name.rpartition(".")
    kind = _SUFFIXES.get(fetched.content_type) or (f".{suffix.lower()}" if dot and len(suffix) <= 5 else "")
    site = re.sub(r"[^\w.\-]+", "-", parts.hostname or "web")
    return "-".join(filter(None, (site, stem if dot and len(suffix) <= 5 else name))) + kind
