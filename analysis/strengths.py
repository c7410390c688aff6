"""Strengths and weaknesses of a brand: what its people complain of, and what they praise, beside the people of the other brands.

A complaint is any pain told of the brand, counted as in ``pain_shares``.
Praise is read only where it can be: in sampled posts with four stars or more, or by people
who recommend, that speak of the thing (words of ``promises.toml``) and tell no pain of it. Limits: ``docs/explanation/comparison.md``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.audience import QUOTES, quotable
from analysis.claims import SURELY
from analysis.differences import LEVEL, UNKNOWN
from analysis.facts import Facts
from analysis.frames import People
from analysis.promises import categories
from analysis.sampled import Read
from analysis.statistics import benjamini_hochberg, difference, difference_p, share
from data.codebook import PAIN_CATEGORIES

COMPLAINT, PRAISE = "complaint", "praise"
STRENGTH, WEAKNESS = "strength", "weakness"
_GOOD_STARS = 4
Side = tuple[int, int]


def find(facts: Facts) -> None:
    """Write ``strengths``."""
    facts.store.replace_rows("strengths", rows(facts.people, facts.sampled, facts.minimum))


def rows(people: People, sampled: Sequence[Read], minimum: int) -> list[dict[str, Any]]:
    """Rows of ``strengths``: complaints of each category, then praise, each brand against the others together."""
    found = [*_complaints(people, minimum), *_praises(people, sampled, minimum)]
    q_values = benjamini_hochberg([row["p_value"] for row in found]).tolist()
    return [row | {"q_value": q, "verdict": _verdict(row, q)} for row, q in zip(found, q_values, strict=True)]


def _verdict(row: Mapping[str, Any], q: float) -> str:
    others = row["authors_others"] / row["n_others"]
    if q > LEVEL or max(row["share"], others) < SURELY:
        return UNKNOWN
    good = (row["difference"] > 0) is (row["side"] == PRAISE)
    return STRENGTH if good else WEAKNESS


def _complaints(people: People, minimum: int) -> Iterator[dict[str, Any]]:
    blames = people.pains[people.pains["brand"].notna()]
    spoken = _spoken_of(people)
    for brand in people.brands:
        audience = people.audience(brand)
        # Who speaks of both is asked about either.
        n, n_others = len(audience), int(np.count_nonzero(spoken) - np.count_nonzero(spoken[audience] == 1))
        if min(n, n_others) < minimum:
            continue
        mine, theirs = blames[blames["brand"] == brand], blames[blames["brand"] != brand]
        counts, counts_others = (r.groupby("category")["author"].nunique() for r in (mine, theirs))
        evidence = quotable(mine, ["category"])
        for category in (c for c in PAIN_CATEGORIES if c != "other"):
            one, two = (int(c.get(category, 0)) for c in (counts, counts_others))
            if max(one, two) >= minimum:
                shown = evidence.get((category,), [])
                yield _row(brand, COMPLAINT, category, (one, n), (two, n_others), shown)


def _spoken_of(people: People) -> NDArray[np.int64]:
    """By author's number: of how many brands they speak."""
    audiences = [people.audience(brand) for brand in people.brands]
    spoken = np.zeros(max((int(a.max(initial=-1)) for a in audiences), default=-1) + 1, dtype=np.int64)
    for audience in audiences:
        spoken[audience] += 1
    return spoken


def _praises(people: People, sampled: Sequence[Read], minimum: int) -> Iterator[dict[str, Any]]:
    praised, speaking = _praised(people, sampled)
    for brand in people.brands:
        mine = speaking.get(brand, set())
        others = set[int]().union(*(s for b, s in speaking.items() if b != brand))
        if min(len(mine), len(others)) < minimum:
            continue
        for category in (c for c in PAIN_CATEGORIES if c != "other"):
            one = praised.get((brand, category), {})
            two = {a for b in people.brands if b != brand for a in praised.get((b, category), {})}
            if max(len(one), len(two)) >= minimum:
                counts = (len(one), len(mine)), (len(two), len(others))
                yield _row(brand, PRAISE, category, *counts, list(one.values())[:QUOTES])


def _praised(
    people: People, sampled: Sequence[Read]
) -> tuple[dict[tuple[str, str], dict[int, int]], dict[str, set[int]]]:
    """(brand, category) → who praises it in which post; brand → everybody whose posts were sampled."""
    recommending = people.cues[(people.cues["attribute"] == "behaviour") & (people.cues["value"] == "recommends")]
    recommends = set(recommending["post"].tolist())
    hurt: dict[int, set[str]] = {}
    drawn = np.array(sorted({one.post for one in sampled}), dtype=np.int64)
    theirs = people.pains[np.isin(people.pains["post"].to_numpy(), drawn)]
    for post, category in zip(theirs["post"], theirs["category"], strict=True):
        hurt.setdefault(post, set()).add(category)
    about: dict[int, int] = {}
    for one in sampled:
        about[one.post] = about.get(one.post, 0) + 1
    praised: dict[tuple[str, str], dict[int, int]] = {}
    speaking: dict[str, set[int]] = {}
    for one in sampled:
        speaking.setdefault(one.brand, set()).add(one.author)
        good = one.rating >= _GOOD_STARS if one.rating is not None else one.post in recommends
        if good and about[one.post] == 1:  # of two brands in one post it cannot be told which is praised
            for category in set(categories(one.line)) - hurt.get(one.post, set()):
                praised.setdefault((one.brand, category), {}).setdefault(one.author, one.post)
    return praised, speaking


def _row(brand: str, side: str, category: str, one: Side, two: Side, shown: Sequence[int]) -> dict[str, Any]:
    mine, apart = share(*one), difference(*one, *two)
    return {
        "brand": brand,
        "side": side,
        "category": category,
        "authors": one[0],
        "n": one[1],
        "authors_others": two[0],
        "n_others": two[1],
        "share": mine.value,
        "low": mine.low,
        "high": mine.high,
        "difference": apart.value,
        "difference_low": apart.low,
        "difference_high": apart.high,
        "p_value": difference_p(*one, *two),
        "evidence": json.dumps(list(shown)),
    }
