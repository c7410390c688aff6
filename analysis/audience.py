"""The audience of a brand and of the market: shares of distinct authors for every attribute, and what hurts them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.columns import Words, among
from analysis.frames import People, category_of
from analysis.shown import QUOTES, numbered, quotable, seen, seen_by
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


@dataclass(frozen=True, slots=True)
class Coded:
    """Profiles and cues in comparable groups.

    ``people``: author, attribute, code, weight, one row each; ``told``: every post that tells a profile's value, with attribute, code
    and the value as told. ``attribute`` and ``code`` are categories; ``cell`` is the number of both together.
    """

    people: pd.DataFrame
    told: pd.DataFrame


def code(people: People) -> Coded:
    """Put every profile's values into groups; values that tell too little fall away."""
    profiles, cues = people.profiles, people.cues
    cells = Words()
    groups: dict[int, list[tuple[int, float]]] = {}
    values = profiles.drop_duplicates("key")
    for number, *named in zip(*(values[name].tolist() for name in ("key", "attribute", "value", "group")), strict=True):
        falls = grouped(named[0], named[1], named[2] or None)
        groups[number] = [(cells.number((named[0], name)), weight) for name, weight in falls]
    author, key = profiles["author"].to_numpy(), profiles["key"].to_numpy()
    place, cell, weight = _spread(key, groups)
    pairs, back = np.unique(author[place] * len(cells) + cell, return_inverse=True)
    found = pd.DataFrame({"author": pairs // max(len(cells), 1), "cell": pairs % max(len(cells), 1)})
    found["weight"] = np.minimum(np.bincount(back, weights=weight, minlength=len(pairs)), 1.0)
    most = max(int(key.max(initial=0)), int(cues["now"].max()) if len(cues) else 0) + 1
    tells = np.isin(cues["author"].to_numpy() * most + cues["now"].to_numpy(), author * most + key)
    place, cell, _ = _spread(cues["now"].to_numpy()[tells], groups)
    told = cues[tells].drop(columns=["group", "attribute", "now"]).iloc[place].reset_index(drop=True)
    told["cell"] = cell
    for place_in_cell, name in enumerate(_CELL):
        words = Words()
        numbers = words.numbers(pair[place_in_cell] for pair in cells.words)
        for rows in (found, told):
            rows[name] = category_of(numbers[rows["cell"].to_numpy()], words.words)
    return Coded(found, told)


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
        yield _sizes(people, coded, brand), list(_shares(people, coded, brand, minimum))


def counted(coded: Coded) -> pd.DataFrame:
    """Rows of ``counted_people`` for every value of every attribute: who counts there, and by which posts."""
    told = coded.told.drop_duplicates(["cell", "author", "post", "value"])
    people, most = coded.people, int(coded.people["cell"].max()) + 1 if len(coded.people) else 1
    where = np.searchsorted(
        people["author"].to_numpy() * most + people["cell"].to_numpy(),
        told["author"].to_numpy() * most + told["cell"].to_numpy(),
    )
    names = told.drop_duplicates("cell").set_index("cell")
    figures = {cell: figure(str(row.attribute), str(row.code)) for cell, row in names.iterrows()}
    return pd.DataFrame(
        {
            "figure": told["cell"].map(figures).astype(object),
            "attribute": told["attribute"].astype(object),
            "value": told["value"],
            "author_id": told["author"],
            "post": told["post"],
            "weight": people["weight"].to_numpy()[where],
        }
    )


def _sizes(people: People, coded: Coded, brand: str) -> list[Row]:
    posts = people.posts if brand == MARKET else people.posts_on(brand)
    size = len(people.audience(brand))
    rows = [{"attribute": "all", "part": "all", "told": size, **seen(posts)}]
    mine, told = people.of(coded.people, brand), people.of(coded.told, brand)
    tellers = mine.groupby("attribute")["author"].nunique()
    for (attribute,), about in seen_by(told, ["attribute"]).items():
        rows.append({"attribute": attribute, "part": ATTRIBUTES[attribute], "told": int(tellers[attribute]), **about})
    return [{"brand": brand, "audience": size, **row} for row in rows]


def _shares(people: People, coded: Coded, brand: str, minimum: int) -> Iterator[Row]:
    mine = people.of(coded.people, brand)
    if mine.empty:
        return
    told = mine.groupby("attribute")["author"].nunique()
    cells = mine.groupby("cell").agg(
        authors=("weight", "sum"), attribute=("attribute", "first"), code=("code", "first")
    )
    cells = cells.reset_index()
    cells["told"] = cells["attribute"].map(told)
    cells = cells[cells["authors"] >= minimum - SLACK]
    free = cells["attribute"].isin(FREE)
    cells = pd.concat(
        [cells[~free], cells[free].sort_values("authors").groupby("attribute", sort=False).tail(_MOST_VALUES)]
    ).sort_values(["attribute", "authors", "code"], ascending=[True, False, True])
    if cells.empty:
        return
    cells["low"], cells["high"] = wilson(cells["authors"], cells["told"])
    posts = people.of(coded.told, brand)
    posts = posts[among(posts["cell"].to_numpy(), cells["cell"].to_numpy())]
    about, evidence = seen_by(posts, _CELL), quotable(posts, _CELL)
    size = len(people.audience(brand))
    for cell in cells.to_dict("records"):
        key = (str(cell["attribute"]), str(cell["code"]))
        yield {
            "brand": brand,
            "part": ATTRIBUTES[key[0]],
            "attribute": key[0],
            "value": key[1],
            "authors": round(float(cell["authors"]), 2),
            "told": int(cell["told"]),
            "audience": size,
            "share": float(cell["authors"] / cell["told"]),
            "low": float(cell["low"]),
            "high": float(cell["high"]),
            **about[key],
            "evidence": json.dumps(evidence.get(key, [])),
        }


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
        ranks = dict(zip(PAIN_CATEGORIES, pain_ranks(rows, size), strict=True))
        evidence = quotable(rows, ["category"])
        for category, hurt in rows.groupby("category"):
            authors = int(hurt["author"].nunique())
            if authors < minimum:
                continue
            low, high = wilson(authors, size)
            rank = ranks[str(category)] if category != "other" else (None, None, None)
            yield {
                "brand": brand,
                "category": category,
                "authors": authors,
                "audience": size,
                "share": authors / size,
                "low": float(low),
                "high": float(high),
                "severity": float(hurt.groupby("author")["severity"].max().mean()),
                "rank": rank[0],
                "rank_low": rank[1],
                "rank_high": rank[2],
                **seen(hurt),
                "kinds": json.dumps(hurt.groupby("kind")["author"].nunique().to_dict()),
                "evidence": json.dumps(evidence[(str(category),)]),
            }


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
