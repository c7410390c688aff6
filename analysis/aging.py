"""What people told some time ago, as it is now: ages move with the years, children grow, and who was expecting has a child.

Ages move by the difference of calendar years, the way a year of birth does (codebook, section 4): at most a year off.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.columns import NEVER, Ints, Words, pairs
from analysis.values import months, span

#: Months after which a child that was expected is there.
_TERM = 10
#: Attributes that move.
MOVING = ("age", "child_age", "children")
_OLDEST, _GROWN = 120, 999


def moved(attribute: str, value: str, elapsed: int) -> str:
    """A value that was told ``elapsed`` months of the calendar ago, as it is now. What does not move stays as it is."""
    if elapsed <= 0:
        return value
    if attribute == "children":
        return "yes" if value == "expecting" and elapsed >= _TERM else value
    if attribute == "child_age":
        told = months(value)
        if told is None:
            return value
        low, high = (min(int(bound) + elapsed, _GROWN) for bound in told)
        return f"{low}m" if low == high else f"{low}-{high}m"
    told = span(value)
    if told is None:
        return value
    low, high = (min(int(bound) + elapsed // 12, _OLDEST) for bound in told)
    return f"{low}" if low == high else f"{low}-{high}"


def elapsed_months(at: Ints, now: np.datetime64, years: NDArray[np.bool_]) -> Ints:
    """Months of the calendar between ``at`` (seconds since 1970) and ``now``; whole years in months where ``years``.

    0 where the time is unknown or lies ahead.
    """
    known = at != NEVER
    then = np.where(known, at, 0).astype("datetime64[s]")
    in_months = now.astype("datetime64[M]").astype(np.int64) - then.astype("datetime64[M]").astype(np.int64)
    in_years = now.astype("datetime64[Y]").astype(np.int64) - then.astype("datetime64[Y]").astype(np.int64)
    return np.where(known, np.maximum(np.where(years, in_years * 12, in_months), 0), 0)


def move(key: Ints, at: Ints, keys: Words, now: np.datetime64) -> Ints:
    """The numbers in ``keys`` (attribute, value, group) of what was told at ``at``, as it is at ``now``; new ones are added."""
    told = keys.words
    moving = np.array([word[0] in MOVING for word in told], dtype=bool)
    yearly = np.array([word[0] == "age" for word in told], dtype=bool)
    rows = np.flatnonzero(moving[key])
    elapsed = elapsed_months(at[rows], now, yearly[key[rows]])
    which, passed, place = pairs(key[rows], elapsed)
    found = np.empty(len(which), dtype=np.int64)
    for number, (one, months_ago) in enumerate(zip(which.tolist(), passed.tolist(), strict=True)):
        attribute, value, group = told[one]
        found[number] = keys.number((attribute, moved(attribute, value, months_ago), group))
    result = key.copy()
    result[rows] = found[place]
    return result
