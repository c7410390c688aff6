"""The audience of a brand and of the market: shares of distinct authors for every attribute, and what hurts them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.columns import Words
from analysis.frames import People, category_of
from analysis.statistics import SLACK, rank_intervals, wilson
from analysis.values import figure, grouped
from data.codebook import ATTRIBUTES, PAIN_CATEGORIES
from data.study import MARKET

Row = dict[str, Any]
#: Posts kept as evidence of one number, each by another author.
QUOTES = 3
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
    for row in profiles.drop_duplicates("key")[["key", "attribute", "value", "group"]].itertuples(index=False):
        told = grouped(str(row.attribute), str(row.value), row.group or None)
        groups[int(row.key)] = [(cells.number((row.attribute, name)), weight) for name, weight in told]
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
    for attribute, posts_telling in told.groupby("attribute"):
        rows.append(
            {
                "attribute": attribute,
                "part": ATTRIBUTES[str(attribute)],
                "told": int(tellers[attribute]),
                **seen(posts_telling),
            }
        )
    return [{"brand": brand, "audience": size, **row} for row in rows]


def _shares(people: People, coded: Coded, brand: str, minimum: int) -> Iterator[Row]:
    mine = people.of(coded.people, brand)
    if mine.empty:
        return
    told = mine.groupby("attribute")["author"].nunique()
    cells = mine.groupby(_CELL).agg(authors=("weight", "sum")).reset_index()
    cells["told"] = cells["attribute"].map(told)
    cells = cells[cells["authors"] >= minimum - SLACK]
    free = cells["attribute"].isin(FREE)
    cells = pd.concat(
        [cells[~free], cells[free].sort_values("authors").groupby("attribute", sort=False).tail(_MOST_VALUES)]
    ).sort_values(["attribute", "authors", "code"], ascending=[True, False, True])
    if cells.empty:
        return
    cells["low"], cells["high"] = wilson(cells["authors"], cells["told"])
    posts = people.of(coded.told, brand).merge(cells[_CELL], on=_CELL)
    about = {tuple(map(str, key)): seen(group) for key, group in posts.groupby(_CELL)}
    evidence = quotable(posts, _CELL)
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
    """Rows of ``pain_shares``: categories ranked by distinct authors, of all who belong to the audience."""
    for brand in (MARKET, *people.brands):
        rows, size = people.pains_of(brand), len(people.audience(brand))
        if rows.empty:
            continue
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
    people = pd.crosstab(rows["author"], rows["category"]).clip(upper=1)
    matrix = people.reindex(columns=list(PAIN_CATEGORIES), fill_value=0).assign(other=0).to_numpy(dtype=float)
    ranks = rank_intervals(matrix, silent=max(audience - len(matrix), 0))
    return [(int(rank), int(low), int(high)) for rank, low, high in ranks]


def quotable(rows: pd.DataFrame, by: Sequence[str], most: int = QUOTES) -> dict[tuple[str, ...], list[int]]:
    """The posts that show each group best: surest first, then newest, one an author."""
    if rows.empty:
        return {}
    best = rows.sort_values(["confidence", "posted_at"], ascending=False, na_position="last", kind="stable")
    best = best.drop_duplicates([*by, "author"]).groupby(list(by), sort=False).head(most)
    return {tuple(map(str, key)): [int(post) for post in group["post"]] for key, group in best.groupby(list(by))}


def seen(rows: pd.DataFrame) -> Row:
    """How many posts and sources the rows are from, and between which times."""
    dates = rows["posted_at"].dropna()
    return {
        "posts": int(rows["post"].nunique()),
        "sources": int(rows["source"].nunique()),
        "first_seen": dates.min() if len(dates) else None,
        "last_seen": dates.max() if len(dates) else None,
    }
