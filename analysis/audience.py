"""The audience of a brand and of the market: shares of distinct authors for every attribute, and what hurts them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.frames import People
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

    ``people``: author, attribute, code, weight, one row each; ``told``: every post that tells a profile's value.
    """

    people: pd.DataFrame
    told: pd.DataFrame


def code(people: People) -> Coded:
    """Put every profile's values into groups; values that tell too little fall away."""
    profiles = people.profiles.assign(group=people.profiles["group"].fillna(""))
    values = profiles[["attribute", "value", "group"]].drop_duplicates()
    table = pd.DataFrame(
        [
            (row.attribute, row.value, row.group, name, weight)
            for row in values.itertuples(index=False)
            for name, weight in grouped(str(row.attribute), str(row.value), str(row.group) or None)
        ],
        columns=["attribute", "value", "group", "code", "weight"],
    ).astype({"weight": "float64"})
    coded = profiles[["author", "attribute", "value", "group"]].merge(table, on=["attribute", "value", "group"])
    summed = coded.groupby(["author", *_CELL]).agg(weight=("weight", "sum")).reset_index()
    summed["weight"] = summed["weight"].clip(upper=1.0)
    told = people.cues.drop(columns="group").merge(
        coded[["author", "attribute", "value", "code"]].drop_duplicates(), on=["author", "attribute", "value"]
    )
    return Coded(summed, told)


def audiences(people: People, coded: Coded, minimum: int) -> Iterator[tuple[list[Row], list[Row]]]:
    """For the market and each brand: rows of ``audiences`` and of ``audience_shares``. Small groups are left out."""
    for brand in (MARKET, *people.brands):
        yield _sizes(people, coded, brand), list(_shares(people, coded, brand, minimum))


def counted(coded: Coded) -> Iterator[Row]:
    """Rows of ``counted_people`` for every value of every attribute: who counts there, and by which posts."""
    told = coded.told.merge(coded.people, on=["author", *_CELL])
    told = told.drop_duplicates([*_CELL, "author", "post", "value"])
    for row in told.itertuples(index=False):
        yield {
            "figure": figure(str(row.attribute), str(row.code)),
            "attribute": row.attribute,
            "value": row.value,
            "author_id": row.author,
            "post": row.post,
            "weight": row.weight,
        }


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
