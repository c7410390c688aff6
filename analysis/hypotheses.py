"""Assumptions against data: supported, contradicted, undecided, or not enough data.

The rule is fixed before looking. An answer from fewer people than the assumption's minimum n is not enough data, and so is
one that too few people give to be told. Else an interval wholly on the right side of the threshold supports, wholly on the
wrong side contradicts, and one that holds the threshold leaves it undecided.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.audience import quotable, ranked_pains
from analysis.columns import Ints, among
from analysis.frames import People
from analysis.shown import Ranked, in_groups
from analysis.statistics import Floats, Interval, people_needed, share
from analysis.values import assumption_figure, meets
from data.assumptions import Claim, claims, statement
from data.codebook import PAIN_CATEGORIES
from data.study import MARKET, Assumption, Study

SUPPORTED, CONTRADICTED, UNDECIDED, NOT_ENOUGH = "supported", "contradicted", "undecided", "not_enough"
#: Every verdict there is, in the order in which they are told.
VERDICTS = (SUPPORTED, CONTRADICTED, UNDECIDED, NOT_ENOUGH)
#: Verdicts that leave an assumption open.
OPEN = (UNDECIDED, NOT_ENOUGH)


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
    return UNDECIDED


def decide(estimate: Interval, at_least: float | None, at_most: float | None, n: float, least: int) -> str:
    """The verdict on a share of ``n`` people, of whom it takes ``least`` to decide anything."""
    return judge(estimate, at_least, at_most) if n >= least else NOT_ENOUGH


@dataclass
class Checking:
    """Checks assumptions audience by audience; what is the same in all audiences is worked out once."""

    people: People
    minimum: int
    _fitting: tuple[Assumption, _Fitting] | None = None

    def check(self, brand: str, assumption: Assumption) -> Verdict:
        """One assumption in one audience."""
        if assumption.attribute is not None:
            return self._check_attribute(brand, assumption)
        return self._check_pain(brand, assumption)

    def _check_attribute(self, brand: str, assumption: Assumption) -> Verdict:
        if self._fitting is None or self._fitting[0] is not assumption:
            self._fitting = (assumption, _fitting(weighed(self.people, assumption)))
        fitting = self._fitting[1]
        each = fitting.fits[self.people.belongs(fitting.authors, brand)]
        n, count = len(each), float(each.sum())
        if n < self.minimum:
            return Verdict(NOT_ENOUGH, None, count, n, needed=self.minimum)
        estimate = share(count, n)
        verdict = decide(estimate, assumption.at_least, assumption.at_most, n, assumption.minimum_n)
        members = None if brand == MARKET else self.people.members[brand]
        return Verdict(
            verdict,
            estimate,
            count,
            n,
            _needed(estimate.value, assumption, n) if verdict in OPEN else None,
            tuple(fitting.ranked.shown(1, members)),
            tuple(fitting.ranked.shown(0, members)),
        )

    def _check_pain(self, brand: str, assumption: Assumption) -> Verdict:
        rows, audience = self.people.pains_of(brand), len(self.people.audience(brand))
        hurt = rows[rows["category"] == assumption.pain]
        count = int(hurt["author"].nunique())
        anybody = int(rows["author"].nunique())
        met = tuple(quotable(hurt, ["category"]).get((str(assumption.pain),), ()))
        if anybody < self.minimum or audience < self.minimum:
            return Verdict(NOT_ENOUGH, None, count, audience, needed=self.minimum)
        if assumption.top is None:
            estimate = share(count, audience)
            verdict = decide(estimate, assumption.at_least, assumption.at_most, audience, assumption.minimum_n)
            needed = _needed(estimate.value, assumption, audience) if verdict in OPEN else None
            return Verdict(verdict, estimate, count, audience, needed, met)
        rank, low, high = ranked_pains(self.people, brand)[PAIN_CATEGORIES.index(str(assumption.pain))]
        estimate = Interval(rank, low, high)
        verdict = decide(estimate, None, assumption.top, audience, assumption.minimum_n)
        # The rank of a pain that too few tell of would tell of them.
        return Verdict(NOT_ENOUGH if 0 < count < self.minimum else verdict, estimate, count, audience, None, met)


def check(people: People, brand: str, assumption: Assumption, minimum: int) -> Verdict:
    """One assumption in one audience."""
    return Checking(people, minimum).check(brand, assumption)


def weighed(people: People, assumption: Assumption, authors: Ints | None = None) -> pd.DataFrame:
    """The profiles that tell the assumption's attribute, with each value's ``weight`` and each person's, ``fits``."""
    attribute = str(assumption.attribute)
    rows = people.profiles[(people.profiles["attribute"] == attribute).to_numpy()]
    if authors is not None:
        rows = rows[among(rows["author"].to_numpy(), authors)]
    values = rows.drop_duplicates("key")
    told = zip(values["key"], values["value"], values["group"], strict=True)
    known = {key: meets(attribute, assumption.expected, str(value), group or None) for key, value, group in told}
    rows = rows.assign(weight=rows["key"].map(known).astype("float64")).dropna(subset="weight")
    return rows.assign(fits=rows.groupby("author")["weight"].transform("max"))


@dataclass(frozen=True, slots=True)
class _Fitting:
    """Everybody who tells an attribute, how far each is what is expected, and the posts that show who fits (1) and who does not (0)."""

    authors: Ints
    fits: Floats
    ranked: Ranked


def _fitting(rows: pd.DataFrame) -> _Fitting:
    authors, first = np.unique(rows["author"].to_numpy(dtype=np.int64), return_index=True)
    # Who fits by one of several values is no evidence against, whatever the other values are.
    told = rows[((rows["weight"] >= 0.5) | (rows["fits"] < 0.5)).to_numpy()]
    side = (told["fits"] >= 0.5).to_numpy().astype(np.int64)
    order = in_groups(told, side)
    ranked = Ranked(side[order], *(told[name].to_numpy(dtype=np.int64)[order] for name in ("author", "post")))
    return _Fitting(authors, rows["fits"].to_numpy()[first], ranked)


def counted(people: People, study: Study, authors: Ints | None = None) -> Iterator[pd.DataFrame]:
    """Rows of ``counted_people`` for both sides of every assumption about an attribute; of ``authors`` alone, where given."""
    for number, segment in enumerate(study.own.target):
        for position, assumption in enumerate(segment.assumptions):
            if assumption.attribute is None or assumption.retired is not None:
                continue
            rows = weighed(people, assumption, authors)
            for fits in (True, False):
                side = rows[rows["weight"] > 0] if fits else rows[rows["fits"] < 1]
                yield pd.DataFrame(
                    {
                        "figure": assumption_figure(number, position, fits=fits),
                        "attribute": assumption.attribute,
                        "value": side["told"],
                        "author_id": side["author"],
                        "post": side["post"],
                        "weight": side["fits"] if fits else 1 - side["fits"],
                    }
                )


def _needed(value: float, assumption: Assumption, n: int) -> int | None:
    limits = [limit for limit in (assumption.at_least, assumption.at_most) if limit is not None]
    wanted = [people_needed(value, limit) for limit in limits]
    settled = [count for count in wanted if count is not None]
    return max([*settled, n + 1, assumption.minimum_n]) if len(settled) == len(wanted) else None


def verdicts(people: People, study: Study, checked_at: str) -> Iterator[tuple[Assumption, dict[str, Any]]]:
    """Rows of ``verdicts``: every standing assumption in our audience, the market, and each competitor's."""
    checking = Checking(people, study.privacy.minimum_group)
    for claim in claims(study):
        if claim.assumption.retired is None:
            for brand in (study.own.name, MARKET, *(b.name for b in study.competitors)):
                found = checking.check(brand, claim.assumption)
                yield claim.assumption, _row(claim, brand, found, checked_at)


def _row(claim: Claim, brand: str, found: Verdict, checked_at: str) -> dict[str, Any]:
    estimate, assumption = found.estimate, claim.assumption
    return {
        "segment": claim.segment,
        "brand": brand,
        "position": claim.position,
        "assumption": claim.id,
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
