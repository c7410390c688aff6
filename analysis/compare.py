"""Whose customers are they: each competitor's audience beside our target and beside our own audience."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.audience import FREE, Coded, quotable, seen
from analysis.frames import People
from analysis.hypotheses import CONTRADICTED, NOT_ENOUGH, SUPPORTED
from analysis.promises import BROKEN_BY
from analysis.statistics import Floats, Interval, benjamini_hochberg, difference, difference_p, distance, share
from data.study import MARKET, Study

CLOSE, PARTLY, FAR = "close", "partly", "far"
DIFFERENT, ALIKE, UNKNOWN = "different", "alike", "unknown"
#: Audiences are alike in a value when the whole interval of their difference lies within this many points.
ALIKE_WITHIN = 0.15
#: Corrected p below which a difference is called one.
LEVEL = 0.05
PAINS = "pain"
_ROUNDS = 4000


@dataclass(frozen=True, slots=True)
class Difference:
    """One competitor's audience minus ours: a share (``value`` set) or the distance of a whole attribute."""

    brand: str
    attribute: str
    value: str | None
    estimate: Interval
    n: int
    n_own: int
    p_value: float
    q_value: float = 1.0
    verdict: str = UNKNOWN
    by_chance: float | None = None
    counts: tuple[float, float] | None = None


def comparisons(
    people: People, coded: Coded, study: Study, verdicts: Sequence[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Rows of ``comparisons``: match with each target segment, distance and differences from our audience, a verdict each."""
    found = differences(people, coded, study)
    for item in found:
        detail = {"n_own": item.n_own, "by_chance": item.by_chance, "counts": item.counts}
        measure = "distance" if item.value is None else f"difference:{item.value}"
        yield {
            **_row(item.brand, item.attribute, measure, item.verdict, item.n, detail),
            "value": item.estimate.value,
            "low": item.estimate.low if item.value is not None else None,
            "high": item.estimate.high if item.value is not None else None,
            "p_value": item.p_value,
            "q_value": item.q_value,
        }
    yield from blamed_on_competitors(people, study)
    for brand in (MARKET, *(b.name for b in study.brands)):
        matches = [_match(brand, segment.segment, verdicts) for segment in study.own.target if segment.assumptions]
        yield from matches
        if brand not in (MARKET, study.own.name):
            yield _overall(brand, matches, [d for d in found if d.brand == brand], len(people.audience(brand)))


def differences(people: People, coded: Coded, study: Study) -> list[Difference]:
    """Every distance and difference of shares between each competitor's audience and ours, corrected for their number."""
    minimum = study.privacy.minimum_group
    ours, found = people.audience(study.own.name), list[Difference]()
    attributes = [a for a in sorted(coded.people["attribute"].unique()) if a not in FREE]
    for brand in (b.name for b in study.competitors):
        theirs = people.audience(brand)
        for attribute in attributes:
            rows = coded.people[coded.people["attribute"] == attribute]
            found += _attribute(brand, str(attribute), rows, theirs, ours, minimum)
        found += _pains(people, brand, study.own.name, minimum)
    q_of: dict[int, float] = {}
    for kind in (True, False):  # distances and differences are two families of tests
        places = [place for place, item in enumerate(found) if (item.value is None) is kind]
        q_of.update(zip(places, benjamini_hochberg([found[p].p_value for p in places]).tolist(), strict=True))
    judged = [replace(item, q_value=q_of[place]) for place, item in enumerate(found)]
    return [replace(item, verdict=_difference_verdict(item, judged)) for item in judged]


def _difference_verdict(item: Difference, every: Sequence[Difference]) -> str:
    if item.q_value <= LEVEL:
        return DIFFERENT
    cells = [item] if item.value is not None else _cells(item, every)
    within = all(c.estimate.low >= -ALIKE_WITHIN and c.estimate.high <= ALIKE_WITHIN for c in cells)
    return ALIKE if cells and within else UNKNOWN


def _cells(item: Difference, every: Sequence[Difference]) -> list[Difference]:
    return [d for d in every if d.brand == item.brand and d.attribute == item.attribute and d.value is not None]


def _attribute(
    brand: str, attribute: str, rows: pd.DataFrame, theirs: NDArray[np.int64], ours: NDArray[np.int64], minimum: int
) -> Iterator[Difference]:
    matrix = rows.pivot_table(index="author", columns="code", values="weight", fill_value=0.0)
    people, weights = matrix.index.to_numpy(), matrix.to_numpy(dtype=float)
    in_theirs, in_ours = np.isin(people, theirs), np.isin(people, ours)
    n, n_own = int(in_theirs.sum()), int(in_ours.sum())
    if n < minimum or n_own < minimum:
        return
    if weights.shape[1] > 1:
        yield _distance(brand, attribute, weights, in_theirs, in_ours)
    for place, name in enumerate(matrix.columns):
        count, count_own = float(weights[in_theirs, place].sum()), float(weights[in_ours, place].sum())
        if max(count, count_own) >= minimum:
            yield _difference(brand, attribute, str(name), count, n, count_own, n_own)


def _distance(
    brand: str, attribute: str, weights: Floats, in_theirs: NDArray[np.bool_], in_ours: NDArray[np.bool_]
) -> Difference:
    apart = distance(weights[in_theirs & ~in_ours], weights[in_ours & ~in_theirs], weights[in_theirs & in_ours])
    estimate = Interval(apart.value, apart.value, apart.value)
    n, n_own = int(in_theirs.sum()), int(in_ours.sum())
    return Difference(brand, attribute, None, estimate, n, n_own, apart.p_value, by_chance=apart.by_chance)


def _difference(
    brand: str, attribute: str, value: str, count: float, n: int, count_own: float, n_own: int
) -> Difference:
    estimate = difference(count, n, count_own, n_own)
    p_value = difference_p(count, n, count_own, n_own)
    return Difference(brand, attribute, value, estimate, n, n_own, p_value, counts=(count, count_own))


def _pains(people: People, brand: str, own: str, minimum: int) -> Iterator[Difference]:
    n, n_own = len(people.audience(brand)), len(people.audience(own))
    if n < minimum or n_own < minimum:
        return
    counts, counts_own = (people.pains_of(b).groupby("category")["author"].nunique() for b in (brand, own))
    for category in sorted({*counts.index, *counts_own.index} - {"other"}):
        count, count_own = int(counts.get(category, 0)), int(counts_own.get(category, 0))
        if max(count, count_own) >= minimum:
            yield _difference(brand, PAINS, category, count, n, count_own, n_own)


def blamed_on_competitors(people: People, study: Study) -> Iterator[dict[str, Any]]:
    """What people blame on any competitor, as a share of everybody who speaks of one: openings rest on this alone.

    Rows of ``comparisons`` with the measure ``competitors:<category>``, for categories that enough people tell of.
    """
    names = [brand.name for brand in study.competitors]
    audience = reduce(np.union1d, (people.audience(name) for name in names), np.array([], dtype=np.int64))
    blames = people.pains[people.pains["brand"].isin(names) & people.pains["kind"].isin(BROKEN_BY)]
    evidence = quotable(blames, ["category"])
    for category, rows in blames.groupby("category"):
        count = int(rows["author"].nunique())
        if count < study.privacy.minimum_group or category == "other":
            continue
        estimate = share(count, len(audience))
        detail = {"count": count, **seen(rows), "evidence": evidence[(str(category),)]}
        row = _row(MARKET, PAINS, f"competitors:{category}", UNKNOWN, len(audience), detail)
        yield {**row, "value": estimate.value, "low": estimate.low, "high": estimate.high}


def _match(brand: str, segment: str, verdicts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Share of a segment's assumptions that hold in an audience, with the uncertainty of every one of them."""
    mine = [v for v in verdicts if v["brand"] == brand and v["segment"] == segment]
    rng = np.random.default_rng(len(mine))
    holds = np.mean([_chance(v, rng) for v in mine], axis=0)
    low, high = np.percentile(holds, [2.5, 97.5])
    counts = {kind: sum(v["verdict"] == kind for v in mine) for kind in (SUPPORTED, CONTRADICTED, NOT_ENOUGH)}
    row = _row(brand, "all", f"target:{segment}", match_verdict(counts), len(mine), counts)
    return {**row, "value": float(holds.mean()), "low": float(low), "high": float(high)}


def _chance(verdict: Mapping[str, Any], rng: np.random.Generator) -> Floats:
    """Draws of whether an assumption holds: Jeffreys' posterior for a share; a coin where next to nothing is known."""
    if verdict["verdict"] != NOT_ENOUGH:
        return np.full(_ROUNDS, float(verdict["verdict"] == SUPPORTED))
    if verdict["share"] is None or (verdict["at_least"] is None and verdict["at_most"] is None):
        return rng.integers(0, 2, _ROUNDS).astype(float)
    count = verdict["share"] * verdict["n"]
    drawn = rng.beta(count + 0.5, verdict["n"] - count + 0.5, _ROUNDS)
    low, high = verdict["at_least"], verdict["at_most"]
    return ((drawn >= (0 if low is None else low)) & (drawn <= (1 if high is None else high))).astype(float)


def match_verdict(counts: Mapping[str, int]) -> str:
    """Not enough data unless half of the assumptions, or three, are decided.

    Of those, three quarters supported is close, a quarter far.
    """
    decided = counts[SUPPORTED] + counts[CONTRADICTED]
    if not decided or decided < min(3, sum(counts.values()) / 2):
        return NOT_ENOUGH
    held = counts[SUPPORTED] / decided
    return CLOSE if held >= 0.75 else FAR if held <= 0.25 else PARTLY


def _overall(
    brand: str, matches: Sequence[Mapping[str, Any]], found: Sequence[Difference], audience: int
) -> dict[str, Any]:
    """The verdict on a competitor: by the target segment that its audience fits best, else by likeness to our audience."""
    kinds = [d.verdict for d in found if d.value is None]
    counts = {kind: kinds.count(kind) for kind in (ALIKE, DIFFERENT, UNKNOWN)}
    if matches:
        best = max(matches, key=lambda m: (_ORDER[m["verdict"]], m["value"]))
        detail = {"basis": "target", "segment": best["measure"].removeprefix("target:"), **counts}
        row = _row(brand, "all", "verdict", best["verdict"], audience, detail)
        return {**row, "value": best["value"], "low": best["low"], "high": best["high"]}
    seen = {SUPPORTED: counts[ALIKE], CONTRADICTED: counts[DIFFERENT], NOT_ENOUGH: counts[UNKNOWN]}
    return _row(brand, "all", "verdict", match_verdict(seen), audience, {"basis": "own", **counts})


_ORDER = {NOT_ENOUGH: 0, FAR: 1, PARTLY: 2, CLOSE: 3}


def _row(
    brand: str, attribute: str, measure: str, verdict: str, n: int, detail: Mapping[str, object]
) -> dict[str, Any]:
    return {
        "brand": brand,
        "attribute": attribute,
        "measure": measure,
        "value": None,
        "low": None,
        "high": None,
        "n": n,
        "p_value": None,
        "q_value": None,
        "verdict": verdict,
        "detail": json.dumps(detail, ensure_ascii=False),
    }
