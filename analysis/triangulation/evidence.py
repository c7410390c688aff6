"""What every kind of evidence tells, cell by cell, on one scale: posts, notes, surveys, analytics, orders, references, pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from analysis import buying_channels
from analysis.triangulation.weights import Figure, combined, freshness
from data.codebook import ATTRIBUTES
from data.store import Store
from data.survey.coded import cells
from data.survey.questionnaire import PAIN

POSTS, NOTES, SURVEY, ANALYTICS, ORDERS, REFERENCE, PAGES = (
    "posts", "notes", "survey", "analytics", "orders", "reference", "pages",
)  # fmt: skip
#: In the order in which they are shown.
KINDS = (POSTS, NOTES, SURVEY, ANALYTICS, ORDERS, REFERENCE, PAGES)
#: Kinds of which every platform is a view of its own: a shop's buyers are not a page's followers.
_BY_PLATFORM = frozenset({ANALYTICS, ORDERS})
PEOPLE = "people"


@dataclass(slots=True)
class Told:
    """One value as one kind of evidence tells it. ``share`` is ``None`` where it only tells that there is such a thing."""

    brand: str
    attribute: str
    value: str
    kind: str
    platform: str = ""
    unit: str = PEOPLE
    people: float | None = None
    n: float | None = None
    share: float | None = None
    low: float | None = None
    high: float | None = None
    plain: float | None = None
    weight: float = 1.0
    freshness: float | None = None
    as_of: str | None = None
    sources: int = 1
    rank_low: int | None = None
    rank_high: int | None = None
    agreement: str = ""
    against: list[str] = field(default_factory=list)

    @property
    def whose(self) -> tuple[str, str]:
        """Kind and platform: what is compared with what."""
        return self.kind, self.platform


_POSTS = """
select brand, attribute, value, authors as people, told as n, share, low, high, last_seen as as_of, sources from audience_shares
union all
select brand, 'pain', category, authors, audience, share, low, high, last_seen, sources from pain_shares where authors > 0
"""
_NOTES = """
select brand, attribute, value, count as people, n, share, low, high, period_to as as_of, 1 as sources from note_shares
where audience = 'all'
"""
_OBSERVED = """
select o.kind, o.brand, o.attribute, o.value, o.unit, o.count, o.n, o.share, o.low, o.high, i.format, i.import_id, i.name,
       coalesce(o.period_to, o.period_from, substr(i.imported_at, 1, 10)) as as_of,
       o.period_from is not null or o.period_to is not null as dated,
       d.reputation, d.document_id
from observations o join imports i using (import_id)
left join reference_figures f using (observation_id) left join reference_documents d on d.document_id = f.document_id
where o.state = 'taken' and o.audience = 'all' and o.share is not null and i.rows is not null
"""
_PAGES = "select brand, attribute, value, url from claims where area = 'audience'"


def gathered(store: Store, today: date) -> list[Told]:
    """Everything that is told of people, of each brand whose evidence is of more than posts alone."""
    others = [*_notes(store), *_observed(store, today), *_bought(store), *_pages(store)]
    wanted = {(one.brand, one.attribute) for one in others}
    found = [one for one in _posts(store) if (one.brand, one.attribute) in wanted] + others
    for one in found:
        if one.plain is None:
            one.plain = one.share
        if one.freshness is None and one.as_of:
            one.freshness = freshness(one.as_of, today)
    return found


def _posts(store: Store) -> Iterator[Told]:
    for row in store.query(_POSTS):
        yield Told(kind=POSTS, **row)


def _notes(store: Store) -> Iterator[Told]:
    for row in store.query(_NOTES):
        yield Told(kind=NOTES, **row)


def _observed(store: Store, today: date) -> Iterator[Told]:
    groups: defaultdict[tuple[str, str, str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in store.query(_OBSERVED):
        if row["attribute"] in ATTRIBUTES or row["attribute"] == PAIN:
            platform = str(row["format"] or "") if row["kind"] in _BY_PLATFORM else ""
            groups[row["brand"], row["attribute"], row["kind"], platform].append(row)
    for (brand, attribute, kind, platform), rows in groups.items():
        if kind == REFERENCE:
            yield from _references(brand, attribute, rows, today)
        else:
            yield from _newest(Told(brand, attribute, "", kind, platform), rows)


def _bought(store: Store) -> Iterator[Told]:
    """Over which channels customers bought, by all imported orders together."""
    for cell in buying_channels.cells(store):
        yield Told(
            cell["brand"], buying_channels.CHANNEL, cell["value"], ORDERS, people=cell["count"], n=cell["n"], share=cell["share"],
            low=cell["low"], high=cell["high"], as_of=cell["period_to"],
        )  # fmt: skip


def _newest(blank: Told, rows: Iterable[Mapping[str, Any]]) -> Iterator[Told]:
    """The cells of the newest import; of one that counts people and something else, the people."""
    held = list(rows)
    newest = max(((row["unit"] == PEOPLE, row["as_of"] or "", row["import_id"]) for row in held), default=None)
    for row in held:
        if (row["unit"] == PEOPLE, row["as_of"] or "", row["import_id"]) == newest:
            yield replace(
                blank, value=row["value"], unit=row["unit"], people=row["count"], n=row["n"], share=row["share"],
                low=row["low"], high=row["high"], as_of=row["as_of"], sources=len({one["import_id"] for one in held}),
                against=[],
            )  # fmt: skip


def _references(brand: str, attribute: str, rows: Iterable[Mapping[str, Any]], today: date) -> Iterator[Told]:
    """What several reports say of a value, weighed by how fresh and how well reputed each is, and also unweighted."""
    values: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        values[row["value"]].append(row)
    for value, held in values.items():
        figures = [Figure(row["share"], row["n"], row["as_of"], row["reputation"]) for row in held]
        whole = combined(figures, today)
        yield Told(
            brand, attribute, value, REFERENCE, people=None if whole.n is None else whole.share * whole.n, n=whole.n,
            share=whole.share, low=whole.low, high=whole.high, plain=whole.plain, weight=whole.weight,
            freshness=whole.freshness, as_of=max((str(row["as_of"]) for row in held if row["dated"]), default=None),
            sources=len({row["import_id"] for row in held}),
        )  # fmt: skip


def _pages(store: Store) -> Iterator[Told]:
    """Whom a brand's pages address: they tell of nobody's number."""
    pages: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in store.query(_PAGES):
        for value, _ in cells(row["attribute"], row["value"]):
            pages[row["brand"], row["attribute"], value].add(row["url"])
    for (brand, attribute, value), urls in pages.items():
        yield Told(brand, attribute, value, PAGES, unit="pages", sources=len(urls))
