"""The periods that a study's posts fall into: calendar months, or weeks where there are too few months.

Rules, with their reasons, stand in ``docs/explanation/trends.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.columns import Ints, distinct

#: Months or weeks, and longer periods made of them (:mod:`analysis.coarser`).
Step = Literal["month", "week", "two_months", "three_months", "six_months", "two_weeks", "four_weeks", "eight_weeks"]
MONTH: Step = "month"
WEEK: Step = "week"
#: Named by their month; others by their first day.
MONTHS: frozenset[Step] = frozenset(("month", "two_months", "three_months", "six_months"))
_STEPS: tuple[Step, ...] = (MONTH, WEEK)
#: Fewer whole months than this, and weeks are counted.
FEWEST_MONTHS = 8
#: No more periods than this are kept, the newest ones.
MOST_PERIODS = 36
#: Not in any period.
NOWHERE = -1
#: 1 January 1970 was a Thursday; weeks begin on Monday.
_TO_MONDAY = 3


@dataclass(frozen=True, slots=True)
class Calendar:
    """Periods in their order: the first day of each (ISO 8601) and whether posts cover it to both ends.

    ``of`` is the place of each post's period, in the order of the posts it was made of, or :data:`NOWHERE`. ``undated`` and
    ``future`` count the posts that tell no time, or one yet to come.
    """

    step: Step
    starts: tuple[str, ...]
    whole: NDArray[np.bool_]
    of: Ints
    undated: int
    future: int

    def __len__(self) -> int:
        return len(self.starts)


def calendar(at: Ints, authors: Ints, zone: str, now: int, minimum: int) -> Calendar:
    """The periods of posts written at ``at`` (seconds since 1970) by ``authors``, in the time of ``zone``, seen at ``now``.

    They begin with the first in which at least ``minimum`` people wrote, so that one wrong date makes no century.
    """
    known = at >= 0
    dated = known & (at <= now)
    undated, future = int((~known).sum()), int((known & ~dated).sum())
    nowhere = np.full(len(at), NOWHERE, dtype=np.int64)
    local = days(at[dated], zone)
    found = Calendar(MONTH, (), np.array([], dtype=bool), nowhere, undated, future)
    for step in _STEPS:
        number = numbers(local, step)
        first = _first(number, authors[dated], minimum)
        if first is None:
            continue
        starts, whole = _covered(local[number >= first], first, int(number.max()), step)
        first += max(len(whole) - MOST_PERIODS, 0)
        of = nowhere.copy()
        of[dated] = np.where(number >= first, number - first, NOWHERE)
        # Where no week has people enough, a few months have to do.
        found = Calendar(step, starts[-MOST_PERIODS:], whole[-MOST_PERIODS:], of, undated, future)
        if whole.sum() >= FEWEST_MONTHS:
            break
    return found


def _covered(days: Ints, first: int, last: int, step: Step) -> tuple[tuple[str, ...], NDArray[np.bool_]]:
    """The first day of each period, and whether posts cover it: only of the first and the last is there any doubt."""
    starts = [_start(number, step) for number in range(first, last + 2)]
    whole = np.ones(last - first + 1, dtype=bool)
    whole[0] = int(days.min()) == starts[0]
    whole[-1] &= int(days.max()) == starts[-1] - 1
    return tuple(_iso(day) for day in starts[:-1]), whole


def following(start: date, step: Step, number: int) -> date:
    """The first day of the period that begins ``number`` periods after the one that begins at ``start``."""
    if step == WEEK:
        return start + timedelta(days=7 * number)
    months = start.year * 12 + start.month - 1 + number
    return date(months // 12, months % 12 + 1, 1)


def days(at: Ints, zone: str) -> Ints:
    """Days since 1970 by the clocks of a time zone."""
    local = pd.DatetimeIndex(at.astype("datetime64[s]")).tz_localize("UTC").tz_convert(zone).tz_localize(None)
    return np.asarray(local.to_numpy().astype("datetime64[D]").astype(np.int64))


def numbers(days: Ints, step: Step) -> Ints:
    """The number of the period of each day: weeks, or months since 1970."""
    if step == WEEK:
        return np.asarray((days + _TO_MONDAY) // 7, dtype=np.int64)
    return np.asarray(days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64))


def _first(numbers: Ints, authors: Ints, minimum: int) -> int | None:
    most = int(authors.max(initial=0)) + 1
    found, people = np.unique(distinct(numbers * most + authors) // most, return_counts=True)
    enough = found[people >= minimum]
    return int(enough[0]) if len(enough) else None


def _start(number: int, step: Step) -> int:
    """The first day of a period, in days since 1970."""
    if step == WEEK:
        return number * 7 - _TO_MONDAY
    return int(np.datetime64(number, "M").astype("datetime64[D]").astype(np.int64))


def _iso(day: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()
