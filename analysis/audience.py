"""The audience of a brand and of the market: shares of distinct authors for every attribute, and what hurts them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.columns import NEVER, Ints, Words, among, distinct, moments, within
from analysis.frames import People, category_of
from analysis.shown import QUOTES, Ranked, numbered, quotable, seen, seen_by
from analysis.statistics import SLACK, rank_intervals_of_kinds, wilson
from analysis.values import figure, grouped
from data.codebook import ATTRIBUTES, PAIN_CATEGORIES
from data.study import MARKET

__all__ = ["FREE", "QUOTES", "Coded", "audiences", "code", "counted", "pain_ranks", "pains", "quotable", "seen"]
Row = dict[str, Any]
#: Of attributes told in free words, the most frequent.
FREE = frozenset({"interest", "goal", "effort"})
_MOST_VALUES = 25
_CELL = ["attribute", "code"]


@dataclass(frozen=True)
class Coded:
    """Profiles and cues in comparable groups.

    ``people``: author, attribute, code, weight, one row each; ``told``: every post that tells a profile's value, with attribute, code
    and the value as told, cell by cell and in each the surest first. ``attribute`` and ``code`` are categories; ``cell`` is the
    number of both together. ``new_in_cell`` and ``new_in_attribute`` mark one row of ``told`` for each post of a cell, and of an
    attribute.
    """

    people: pd.DataFrame
    told: pd.DataFrame
    new_in_cell: NDArray[np.bool_]
    new_in_attribute: NDArray[np.bool_]

    @cached_property
    def cells(self) -> pd.DataFrame:
        """Every cell that somebody tells: ``cell``, ``attribute``, ``code``, sorted by its number."""
        cell = self.people["cell"].to_numpy()
        first = np.full(int(cell.max(initial=-1)) + 1, -1, dtype=np.int64)
        first[cell[::-1]] = np.arange(len(cell))[::-1]
        return self.people.iloc[first[first >= 0]][["cell", *_CELL]]

    @cached_property
    def tellers(self) -> NDArray[np.int64]:
        """Places in ``people`` of one row for each author and attribute."""
        attribute = self.people["attribute"].cat.codes.to_numpy().astype(np.int64)
        many = len(self.people["attribute"].cat.categories) + 1
        return np.unique(self.people["author"].to_numpy() * many + attribute, return_index=True)[1]

    @cached_property
    def ranked(self) -> Ranked:
        """The posts that show each cell best."""
        return Ranked(*(self.told[name].to_numpy() for name in ("cell", "author", "post")))


def code(people: People) -> Coded:
    """Put every profile's values into groups; values that tell too little fall away."""
    profiles, cues = people.profiles, people.cues
    cells = Words()
    groups: dict[int, list[tuple[int, float]]] = {}
    values = profiles.drop_duplicates("key").sort_values(["attribute", "value", "group"])
    for number, *named in zip(*(values[name].tolist() for name in ("key", "attribute", "value", "group")), strict=True):
        falls = grouped(named[0], named[1], named[2] or None)
        groups[number] = [(cells.number((named[0], name)), weight) for name, weight in falls]
    author, key = profiles["author"].to_numpy(), profiles["key"].to_numpy()
    place, cell, weight = _spread(key, groups)
    pairs, back = np.unique(author[place] * len(cells) + cell, return_inverse=True)
    found = pd.DataFrame({"author": pairs // max(len(cells), 1), "cell": pairs % max(len(cells), 1)})
    found["weight"] = np.minimum(np.bincount(back, weights=weight, minlength=len(pairs)), 1.0)
    attributes, names = (Words() for _ in _CELL)
    attribute_of, code_of = (
        words.numbers(pair[n] for pair in cells.words) for n, words in enumerate((attributes, names))
    )
    told, marks = _told(people, _tells(cues, author, key), groups, attribute_of)
    for rows in (found, told):
        of = rows["cell"].to_numpy()
        rows["attribute"] = category_of(attribute_of[of], attributes.words)
        rows["code"] = category_of(code_of[of], names.words)
    return Coded(found, told, *marks)


def _tells(cues: pd.DataFrame, author: NDArray[np.int64], key: NDArray[np.int64]) -> NDArray[np.int64]:
    """The places of the cues that tell a value of their author's profile."""
    most = max(int(key.max(initial=0)), int(cues["now"].max()) if len(cues) else 0) + 1
    return np.flatnonzero(within(cues["author"].to_numpy() * most + cues["now"].to_numpy(), author * most + key))


def _told(
    people: People, tells: NDArray[np.int64], groups: Mapping[int, Sequence[tuple[int, float]]], attribute_of: Ints
) -> tuple[pd.DataFrame, tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    """The rows of :class:`Coded`'s ``told``, and which of them are the first of their post in their cell and attribute."""
    cues = people.cues
    place, cell, _ = _spread(cues["now"].to_numpy()[tells], groups)
    row = tells[place]
    best, post = cues["best"].to_numpy()[row], cues["post"].to_numpy()[row]
    many = max(len(attribute_of), 1)
    marks = [_firsts(post * many + of) for of in (cell, attribute_of[cell] if len(cell) else cell)]
    order = np.argsort(cell * (int(best.max(initial=0)) + 1) + best, kind="stable")
    row, cell = row[order], cell[order]
    columns = ("post", "author", "source", "at", "confidence", "best", "value")
    told = pd.DataFrame({name: cues[name].array[row] for name in columns})
    told["cell"] = cell
    return told, (marks[0][order], marks[1][order])


def _firsts(values: Ints) -> NDArray[np.bool_]:
    """One row of each different value."""
    marks = np.zeros(len(values), dtype=bool)
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    marks[order[np.append(True, ordered[1:] != ordered[:-1])[: len(order)]]] = True
    return marks


def _spread(
    key: NDArray[np.int64], groups: Mapping[int, Sequence[tuple[int, float]]]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """For every row of ``key`` and every group that it falls into: the row's place, the group and the weight."""
    most = max(groups, default=0) + 1
    many = np.zeros(most, dtype=np.int64)
    for number, found in groups.items():
        many[number] = len(found)
    starts = np.concatenate([[0], np.cumsum(many)[:-1]]).astype(np.int64)
    flat = [pair for number in range(most) for pair in groups.get(number, ())]
    cells, weights = np.array([c for c, _ in flat], dtype=np.int64), np.array([w for _, w in flat], dtype=np.float64)
    place = np.repeat(np.arange(len(key)), many[key])
    first = np.cumsum(many[key]) - many[key]
    at = starts[key[place]] + np.arange(len(place)) - first[place]
    return place, cells[at], weights[at]


def audiences(people: People, coded: Coded, minimum: int) -> Iterator[tuple[list[Row], list[Row]]]:
    """For the market and each brand: rows of ``audiences`` and of ``audience_shares``. Small groups are left out."""
    for brand in (MARKET, *people.brands):
        counted = _count(people, coded, brand)
        yield _sizes(people, coded, brand, counted), list(_shares(people, coded, brand, minimum, counted))


def counted(coded: Coded, authors: Ints | None = None) -> pd.DataFrame:
    """Rows of ``counted_people`` for every value of every attribute: who counts there, and by which posts; of ``authors`` alone,
    where given."""
    told, people, new = coded.told, coded.people, coded.new_in_cell
    if authors is not None:
        mine = among(told["author"].to_numpy(), authors)
        told, new = told[mine].reset_index(drop=True), new[mine]
    most = int(people["cell"].max()) + 1 if len(people) else 1
    where = np.searchsorted(
        people["author"].to_numpy() * most + people["cell"].to_numpy(),
        told["author"].to_numpy() * most + told["cell"].to_numpy(),
    )
    names = coded.cells
    figures = Words()
    of = np.zeros(most, dtype=np.int64)
    of[names["cell"]] = figures.numbers(
        figure(str(a), str(c)) for a, c in zip(names["attribute"], names["code"], strict=True)
    )
    rows = pd.DataFrame(
        {
            "figure": category_of(of[told["cell"]], figures.words),
            "attribute": told["attribute"],
            "value": told["value"],
            "author_id": told["author"],
            "post": told["post"],
            "weight": people["weight"].to_numpy()[where],
        }
    )
    # Only posts that tell of a cell twice can tell the same value twice.
    key = told["post"].to_numpy() * most + told["cell"].to_numpy()
    several = np.flatnonzero(np.isin(key, key[~new]))
    again = rows.iloc[several].duplicated(["figure", "author_id", "post", "value"]).to_numpy()
    return rows.drop(index=several[again]) if again.any() else rows


@dataclass(frozen=True)
class _Cells:
    """Of an audience: who tells each cell (``authors``, weights added up) and each attribute (``told``); how many posts, which
    sources and which times stand behind each cell, and the posts behind each attribute."""

    authors: NDArray[np.float64]
    told: Ints
    posts: Ints
    posts_of_attribute: Ints
    sources: NDArray[np.bool_]
    first: Ints
    last: Ints


def _count(people: People, coded: Coded, brand: str) -> _Cells:
    cell = coded.people["cell"].to_numpy()
    many, attributes = int(cell.max(initial=-1)) + 1, len(coded.people["attribute"].cat.categories)
    mine = np.flatnonzero(people.belongs(coded.people["author"].to_numpy(), brand))
    tellers = coded.tellers[people.belongs(coded.people["author"].to_numpy()[coded.tellers], brand)]
    rows = np.flatnonzero(people.belongs(coded.told["author"].to_numpy(), brand))
    of, at, source = (coded.told[name].to_numpy()[rows] for name in ("cell", "at", "source"))
    first, last = np.full(many, -NEVER), np.full(many, NEVER)
    starts = np.flatnonzero(np.diff(of, prepend=-1))  # rows stand cell by cell
    if len(starts):
        first[of[starts]] = np.minimum.reduceat(np.where(at == NEVER, -NEVER, at), starts)
        last[of[starts]] = np.maximum.reduceat(at, starts)
    sources = np.zeros((many, int(coded.told["source"].max() if len(coded.told) else 0) + 1), dtype=bool)
    sources.reshape(-1)[of * sources.shape[1] + source] = True
    attribute = coded.told["attribute"].cat.codes.to_numpy()
    return _Cells(
        np.bincount(cell[mine], coded.people["weight"].to_numpy()[mine], many).astype(np.float64),
        np.bincount(coded.people["attribute"].cat.codes.to_numpy()[tellers], minlength=attributes),
        np.bincount(of[coded.new_in_cell[rows]], minlength=many),
        np.bincount(attribute[rows[coded.new_in_attribute[rows]]], minlength=attributes),
        sources,
        first,
        last,
    )


def _sizes(people: People, coded: Coded, brand: str, counted: _Cells) -> list[Row]:
    posts = people.posts if brand == MARKET else people.posts_on(brand)
    size = len(people.audience(brand))
    rows = [{"attribute": "all", "part": "all", "told": size, **seen(posts)}]
    of = np.zeros(len(counted.posts), dtype=np.int64)
    of[coded.cells["cell"]] = coded.cells["attribute"].cat.codes
    for number, attribute in enumerate(map(str, coded.people["attribute"].cat.categories)):
        if counted.told[number]:
            cells = np.flatnonzero(of == number)
            about = _seen(counted.posts_of_attribute[number], counted, cells)
            rows.append(
                {"attribute": attribute, "part": ATTRIBUTES[attribute], "told": int(counted.told[number]), **about}
            )
    return [{"brand": brand, "audience": size, **row} for row in rows]


def _seen(posts: int, counted: _Cells, cells: Ints) -> Row:
    """How many posts and sources some cells together are from, and between which times."""
    first, last = int(counted.first[cells].min(initial=-NEVER)), int(counted.last[cells].max(initial=NEVER))
    times = moments(np.array([NEVER if first == -NEVER else first, last])).tolist()
    return {
        "posts": int(posts),
        "sources": int(counted.sources[cells].any(axis=0).sum()),
        "first_seen": times[0],
        "last_seen": times[1],
    }


def _shares(people: People, coded: Coded, brand: str, minimum: int, counted: _Cells) -> Iterator[Row]:
    cells = _cells(coded, counted, minimum)
    if cells.empty:
        return
    cells["low"], cells["high"] = wilson(cells["authors"], cells["told"])
    size = len(people.audience(brand))
    members = None if brand == MARKET else people.members[brand]
    for cell in cells.to_dict("records"):
        number = int(cell["cell"])
        yield {
            "brand": brand,
            "part": ATTRIBUTES[str(cell["attribute"])],
            "attribute": str(cell["attribute"]),
            "value": str(cell["code"]),
            "authors": round(float(cell["authors"]), 2),
            "told": int(cell["told"]),
            "audience": size,
            "share": float(cell["authors"] / cell["told"]),
            "low": float(cell["low"]),
            "high": float(cell["high"]),
            **_seen(counted.posts[number], counted, np.array([number])),
            "evidence": json.dumps(coded.ranked.shown(number, members)),
        }


def _cells(coded: Coded, counted: _Cells, minimum: int) -> pd.DataFrame:
    """What enough people of an audience tell: cell, attribute, code, how many (``authors``), of how many who tell the attribute
    (``told``)."""
    number = coded.cells["cell"].to_numpy()
    enough = counted.authors[number] >= minimum - SLACK
    cells: pd.DataFrame = coded.cells[enough]
    told = counted.told[cells["attribute"].cat.codes.to_numpy()]
    cells = cells.astype({"attribute": "object", "code": "object"}).assign(
        authors=counted.authors[number[enough]], told=told
    )
    free = cells["attribute"].isin(FREE)
    most = cells[free].sort_values(["authors", "code"]).groupby("attribute", sort=False).tail(_MOST_VALUES)
    return pd.concat([cells[~free], most]).sort_values(["attribute", "authors", "code"], ascending=[True, False, True])


def pains(people: People, minimum: int) -> Iterator[Row]:
    """Rows of ``pain_shares``: categories ranked by distinct authors, of all who belong to the audience.

    What enough people tell of elsewhere and nobody here has a row with 0 authors and no rank; what a few tell of has none.
    """
    told: dict[str, set[str]] = {}
    found: list[Row] = []
    for brand in (MARKET, *people.brands):
        told[brand] = set(map(str, people.pains_of(brand)["category"].unique()))
        found += _pains_of(people, brand, minimum)
    yield from found
    sizes = {brand: len(people.audience(brand)) for brand in told}
    for category in sorted({row["category"] for row in found}):
        for brand, size in sizes.items():
            if category not in told[brand] and size >= minimum:
                yield {
                    "brand": brand, "category": category, "authors": 0, "audience": size, "share": 0.0, "low": 0.0,
                    "high": float(wilson(0, size)[1]), "severity": None, "rank": None, "rank_low": None, "rank_high": None,
                    "posts": 0, "sources": 0, "first_seen": None, "last_seen": None, "kinds": "{}", "evidence": "[]",
                }  # fmt: skip


def _pains_of(people: People, brand: str, minimum: int) -> Iterator[Row]:
    """What hurts one audience, as far as enough people tell of it."""
    rows, size = people.pains_of(brand), len(people.audience(brand))
    if not rows.empty:
        ranks = dict(zip(PAIN_CATEGORIES, ranked_pains(people, brand), strict=True))
        evidence, about = quotable(rows, ["category"]), seen_by(rows, ["category"])
        for category, (severity, kinds) in _hurt(rows).items():
            authors = len(severity)
            if authors < minimum:
                continue
            low, high = wilson(authors, size)
            rank = ranks[category] if category != "other" else (None, None, None)
            yield {
                "brand": brand,
                "category": category,
                "authors": authors,
                "audience": size,
                "share": authors / size,
                "low": float(low),
                "high": float(high),
                "severity": float(severity.mean()),
                "rank": rank[0],
                "rank_low": rank[1],
                "rank_high": rank[2],
                **about[(category,)],
                "kinds": json.dumps(kinds),
                "evidence": json.dumps(evidence[(category,)]),
            }


def _hurt(rows: pd.DataFrame) -> dict[str, tuple[NDArray[np.float64], dict[str, int]]]:
    """Category → how badly it hurts each author at the worst, and how many authors tell each kind of it."""
    author = rows["author"].to_numpy(dtype=np.int64)
    category, kind = (rows[name].cat.codes.to_numpy().astype(np.int64) for name in ("category", "kind"))
    names, kinds = ([str(one) for one in rows[name].cat.categories] for name in ("category", "kind"))
    most = int(author.max(initial=0)) + 1
    person = category * most + author
    order = np.argsort(person, kind="stable")
    starts = np.flatnonzero(np.diff(person[order], prepend=-1))
    worst = np.maximum.reduceat(rows["severity"].to_numpy(dtype=float)[order], starts)
    of = category[order][starts]
    tell = distinct((category * max(len(kinds), 1) + kind) * most + author) // most
    counts = np.bincount(tell, minlength=len(names) * max(len(kinds), 1)).reshape(len(names), -1)
    return {
        names[number]: (
            worst[of == number],
            {name: int(n) for name, n in zip(kinds, counts[number], strict=False) if n},
        )
        for number in np.unique(of).tolist()
    }


def ranked_pains(people: People, brand: str) -> list[tuple[int, int, int]]:
    """:func:`pain_ranks` of an audience, worked out once."""
    if brand not in people.ranks:
        people.ranks[brand] = pain_ranks(people.pains_of(brand), len(people.audience(brand)))
    return people.ranks[brand]


def pain_ranks(rows: pd.DataFrame, audience: int) -> list[tuple[int, int, int]]:
    """Rank, lowest and highest rank of every category of the codebook; ``other`` takes no rank from any."""
    place = {category: number for number, category in enumerate(PAIN_CATEGORIES) if category != "other"}
    group, names = numbered(rows, ["category"])
    bits = np.array([1 << place[name] if name in place else 0 for (name,) in names] or [0], dtype=np.int64)
    authors, who = np.unique(rows["author"].to_numpy(dtype=np.int64), return_inverse=True)
    told = np.zeros(len(authors), dtype=np.int64)
    np.bitwise_or.at(told, who, bits[group])
    kinds, counts = np.unique(told, return_counts=True)
    matrix = (kinds[:, None] >> np.arange(len(PAIN_CATEGORIES)) & 1).astype(float)
    ranks = rank_intervals_of_kinds(matrix, counts, silent=max(audience - len(authors), 0))
    return [(int(rank), int(low), int(high)) for rank, low, high in ranks]
