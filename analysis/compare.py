"""Whose customers are they: each competitor's audience beside our target and beside our own audience."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from analysis.audience import Coded, quotable, seen
from analysis.columns import distinct
from analysis.differences import ALIKE, ALL, DIFFERENT, PAINS, UNKNOWN, Difference, differences
from analysis.frames import People
from analysis.hypotheses import CONTRADICTED, NOT_ENOUGH, OPEN, SUPPORTED, UNDECIDED, VERDICTS
from analysis.promises import BROKEN_BY
from analysis.statistics import Floats, Interval, share
from data.study import MARKET, Study

CLOSE, PARTLY, FAR = "close", "partly", "far"
_ROUNDS = 4000


def comparisons(
    people: People, coded: Coded, study: Study, verdicts: Sequence[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Rows of ``comparisons``: match with each target segment, distances, differences and lifts from our audience, a verdict each."""
    found = differences(people, coded, study)
    for item in found:
        yield from _rows_of(item)
    yield from blamed_on_competitors(people, study)
    for brand in (MARKET, *(b.name for b in study.brands)):
        matches = [_match(brand, segment.segment, verdicts) for segment in study.own.target if segment.standing]
        yield from matches
        if brand not in (MARKET, study.own.name):
            yield _overall(brand, matches, [d for d in found if d.brand == brand], len(people.audience(brand)))


def _rows_of(item: Difference) -> Iterator[dict[str, Any]]:
    """A distance as one row; a difference of shares as itself and as the ratio of the two shares."""
    detail = {"n_own": item.n_own, "by_chance": item.by_chance, "counts": item.counts}
    tested = {"p_value": item.p_value, "q_value": item.q_value}
    measures: list[tuple[str, Interval]] = [(f"difference:{item.value}", item.estimate)]
    if item.value is None:
        measures = [("overall" if item.attribute == ALL else "distance", item.estimate)]
    elif item.lift is not None:
        measures.append((f"lift:{item.value}", item.lift))
    for measure, estimate in measures:
        bounds = {"low": estimate.low, "high": estimate.high} if item.value is not None else {}
        row = _row(item.brand, item.attribute, measure, item.verdict, item.n, detail)
        yield {**row, "value": estimate.value, **bounds, **tested}


def blamed_on_competitors(people: People, study: Study) -> Iterator[dict[str, Any]]:
    """What people blame on any competitor, as a share of everybody who speaks of one: openings rest on this alone.

    Rows of ``comparisons`` with the measure ``competitors:<category>``, for categories that enough people tell of.
    """
    names = [brand.name for brand in study.competitors]
    audience = distinct(np.concatenate([np.array([], dtype=np.int64), *(people.audience(name) for name in names)]))
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
    counts = {kind: sum(v["verdict"] == kind for v in mine) for kind in VERDICTS}
    row = _row(brand, "all", f"target:{segment}", match_verdict(counts), len(mine), counts)
    return {**row, "value": float(holds.mean()), "low": float(low), "high": float(high)}


def _chance(verdict: Mapping[str, Any], rng: np.random.Generator) -> Floats:
    """Draws of whether an assumption holds: Jeffreys' posterior for a share; a coin where next to nothing is known."""
    if verdict["verdict"] not in OPEN:
        return np.full(_ROUNDS, float(verdict["verdict"] == SUPPORTED))
    if verdict["share"] is None or (verdict["at_least"] is None and verdict["at_most"] is None):
        return rng.integers(0, 2, _ROUNDS).astype(float)
    count = verdict["share"] * verdict["n"]
    drawn = rng.beta(count + 0.5, verdict["n"] - count + 0.5, _ROUNDS)
    low, high = verdict["at_least"], verdict["at_most"]
    return ((drawn >= (0 if low is None else low)) & (drawn <= (1 if high is None else high))).astype(float)


def match_verdict(counts: Mapping[str, int]) -> str:
    """Not enough data unless half of the assumptions, or three, are decided, and of several never one alone.

    Of those, three quarters supported is close, a quarter far.
    """
    decided = counts[SUPPORTED] + counts[CONTRADICTED]
    every = sum(counts.values())
    if not decided or decided < min(3, max(every / 2, min(every, 2))):
        return NOT_ENOUGH
    held = counts[SUPPORTED] / decided
    return CLOSE if held >= 0.75 else FAR if held <= 0.25 else PARTLY


def _overall(
    brand: str, matches: Sequence[Mapping[str, Any]], found: Sequence[Difference], audience: int
) -> dict[str, Any]:
    """The verdict on a competitor: by the target segment that its audience fits best, else by likeness to our audience."""
    kinds = [d.verdict for d in found if d.value is None and d.attribute != ALL]
    counts = {kind: kinds.count(kind) for kind in (ALIKE, DIFFERENT, UNKNOWN)}
    if matches:
        best = max(matches, key=lambda m: (_ORDER[m["verdict"]], m["value"]))
        detail = {"basis": "target", "segment": best["measure"].removeprefix("target:"), **counts}
        row = _row(brand, "all", "verdict", best["verdict"], audience, detail)
        return {**row, "value": best["value"], "low": best["low"], "high": best["high"]}
    seen = {SUPPORTED: counts[ALIKE], CONTRADICTED: counts[DIFFERENT], UNDECIDED: counts[UNKNOWN]}
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
