"""Assumptions against data: supported, contradicted, or not enough data.

The rule is fixed before looking: an interval wholly on the right side of the threshold supports, wholly on the wrong side
contradicts; anything else, and every answer from fewer than ``LEAST_TO_DECIDE`` people, is not enough data.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.audience import pain_ranks, quotable
from analysis.frames import People
from analysis.statistics import Interval, people_needed, share
from analysis.values import assumption_figure, meets
from data.codebook import PAIN_CATEGORIES
from data.study import MARKET, Assumption, Study

SUPPORTED, CONTRADICTED, NOT_ENOUGH = "supported", "contradicted", "not_enough"
#: Fewer people decide nothing, however narrow their interval: those who tell are no random choice of those who could.
LEAST_TO_DECIDE = 30


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the data say of one assumption in one audience.

    ``estimate`` is a share, or for ``top N`` a rank; ``count`` of ``n`` people met the expectation (weights add up).
    ``needed`` is about how many people would settle it, ``None`` where it is settled or cannot be. ``met`` and ``unmet``
    are posts that show either side.
    """

    verdict: str
    estimate: Interval | None
    count: float
    n: int
    needed: int | None = None
    met: tuple[int, ...] = ()
    unmet: tuple[int, ...] = ()


def judge(estimate: Interval, at_least: float | None, at_most: float | None) -> str:
    """The verdict on a share (or a rank, with ``at_most``) by the rule above."""
    low = 0.0 if at_least is None else at_least
    high = float("inf") if at_most is None else at_most
    if estimate.low >= low and estimate.high <= high:
        return SUPPORTED
    if estimate.high < low or estimate.low > high:
        return CONTRADICTED
    return NOT_ENOUGH


def check(people: People, brand: str, assumption: Assumption, minimum: int) -> Verdict:
    """One assumption in one audience."""
    if assumption.attribute is not None:
        return _check_attribute(people, brand, assumption, minimum)
    return _check_pain(people, brand, assumption, minimum)


def weighed(people: People, assumption: Assumption) -> pd.DataFrame:
    """The profiles that tell the assumption's attribute, with each value's ``weight`` and each person's, ``fits``."""
    attribute = str(assumption.attribute)
    rows = people.profiles[people.profiles["attribute"] == attribute]
    told = list(zip(rows["value"], rows["group"].where(rows["group"].notna(), None), strict=True))
    known = {(value, group): meets(attribute, assumption.expected, str(value), group) for value, group in set(told)}
    weights = [known[pair] for pair in told]
    rows = rows.assign(weight=pd.Series(weights, index=rows.index, dtype="float64")).dropna(subset="weight")
    return rows.assign(fits=rows.groupby("author")["weight"].transform("max"))


def counted(people: People, study: Study) -> Iterator[dict[str, Any]]:
    """Rows of ``counted_people`` for both sides of every assumption about an attribute."""
    for number, segment in enumerate(study.own.target):
        for position, assumption in enumerate(segment.assumptions):
            if assumption.attribute is None:
                continue
            rows = weighed(people, assumption)
            for fits in (True, False):
                side = rows[rows["weight"] > 0] if fits else rows[rows["fits"] < 1]
                for row in side.itertuples(index=False):
                    yield {
                        "figure": assumption_figure(number, position, fits=fits),
                        "attribute": row.attribute,
                        "value": row.value,
                        "author_id": row.author,
                        "post": row.post,
                        "weight": float(str(row.fits)) if fits else 1 - float(str(row.fits)),
                    }


def _check_attribute(people: People, brand: str, assumption: Assumption, minimum: int) -> Verdict:
    rows = people.of(weighed(people, assumption), brand)
    each = rows.groupby("author")["weight"].max()
    n, count = len(each), float(each.sum())
    if n < minimum:
        return Verdict(NOT_ENOUGH, None, count, n, needed=minimum)
    estimate = share(count, n)
    verdict = judge(estimate, assumption.at_least, assumption.at_most) if n >= LEAST_TO_DECIDE else NOT_ENOUGH
    # Who fits by one of several values is no evidence against, whatever the other values are.
    shown = quotable(rows[(rows["weight"] >= 0.5) | (rows["fits"] < 0.5)].assign(side=rows["fits"] >= 0.5), ["side"])
    return Verdict(
        verdict,
        estimate,
        count,
        n,
        _needed(estimate.value, assumption, n) if verdict == NOT_ENOUGH else None,
        tuple(shown.get(("True",), ())),
        tuple(shown.get(("False",), ())),
    )


def _needed(value: float, assumption: Assumption, n: int) -> int | None:
    limits = [limit for limit in (assumption.at_least, assumption.at_most) if limit is not None]
    wanted = [people_needed(value, limit) for limit in limits]
    settled = [count for count in wanted if count is not None]
    return max([*settled, n + 1, LEAST_TO_DECIDE]) if len(settled) == len(wanted) else None


def _check_pain(people: People, brand: str, assumption: Assumption, minimum: int) -> Verdict:
    rows, audience = people.pains_of(brand), len(people.audience(brand))
    hurt = rows[rows["category"] == assumption.pain]
    count = int(hurt["author"].nunique())
    anybody = int(rows["author"].nunique())
    met = tuple(quotable(hurt, ["category"]).get((str(assumption.pain),), ()))
    if anybody < minimum or audience < minimum:
        return Verdict(NOT_ENOUGH, None, count, audience, needed=minimum)
    enough = audience >= LEAST_TO_DECIDE
    if assumption.top is None:
        estimate = share(count, audience)
        verdict = judge(estimate, assumption.at_least, assumption.at_most) if enough else NOT_ENOUGH
        needed = _needed(estimate.value, assumption, audience) if verdict == NOT_ENOUGH else None
        return Verdict(verdict, estimate, count, audience, needed, met)
    rank, low, high = pain_ranks(rows, audience)[PAIN_CATEGORIES.index(str(assumption.pain))]
    estimate = Interval(rank, low, high)
    verdict = judge(estimate, None, assumption.top)
    if not enough or (0 < count < minimum):
        verdict = NOT_ENOUGH
    return Verdict(verdict, estimate, count, audience, None, met)


def verdicts(people: People, study: Study, checked_at: str) -> Iterator[tuple[Assumption, dict[str, Any]]]:
    """Rows of ``verdicts``: every assumption of every segment in our audience, the market, and each competitor's."""
    minimum = study.privacy.minimum_group
    for segment in study.own.target:
        for position, assumption in enumerate(segment.assumptions):
            for brand in (study.own.name, MARKET, *(b.name for b in study.competitors)):
                found = check(people, brand, assumption, minimum)
                yield assumption, _row(segment.segment, brand, position, assumption, found, checked_at)


def statement(assumption: Assumption) -> str:
    """The assumption in the study file's own terms, the same in every language."""
    bounds = [
        f"{sign} {limit:g}"
        for sign, limit in ((">=", assumption.at_least), ("<=", assumption.at_most))
        if limit is not None
    ]
    subject = assumption.attribute or f"pain {assumption.pain}"
    return " ".join([f"{subject}: {', '.join(assumption.expected)}", *bounds])


def _row(
    segment: str, brand: str, position: int, assumption: Assumption, found: Verdict, checked_at: str
) -> dict[str, Any]:
    estimate = found.estimate
    return {
        "segment": segment,
        "brand": brand,
        "position": position,
        "statement": statement(assumption),
        "verdict": found.verdict,
        "share": estimate.value if estimate else None,
        "low": estimate.low if estimate else None,
        "high": estimate.high if estimate else None,
        "n": found.n,
        "needed": found.needed,
        "attribute": assumption.attribute,
        "pain": assumption.pain,
        "expected": json.dumps(assumption.expected, ensure_ascii=False),
        "at_least": assumption.at_least,
        "at_most": assumption.at_most,
        "evidence": json.dumps({"count": round(found.count, 2), "met": found.met, "unmet": found.unmet}),
        "checked_at": checked_at,
    }
