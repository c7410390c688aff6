"""Share of voice: of all who speak of any of the brands, and of their posts, those that speak of this one.

People are counted with Wilson's interval; shares of posts with a bootstrap over authors, for one person may write many.
Limits: ``docs/explanation/share-of-voice.md``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.bootstrap import ROUNDS, ratio
from analysis.columns import NEVER, Ints, distinct
from analysis.facts import Facts
from analysis.frames import People
from analysis.memo import Memo
from analysis.periods import MONTH, days, numbers
from analysis.statistics import share

ALL_TIME = "all"
#: Fewer drawings for each single month than for the whole time.
_MONTH_ROUNDS = 299
#: Stands for the month of a post without a date.
UNKNOWN = -(10**6)


def find(facts: Facts) -> None:
    """Write ``share_of_voice``."""
    facts.store.replace_rows("share_of_voice", rows(facts.people, facts.minimum, facts.study.timezone, facts.memo))


@dataclass(frozen=True, slots=True)
class Spoken:
    """Every post about a brand, once a brand, as arrays: ``author``, ``post``, ``brand`` (its place among the brands), ``month``
    (months since 1970 by the study's clocks, ``UNKNOWN`` where the post has no date)."""

    author: Ints
    post: Ints
    brand: Ints
    month: Ints

    def where(self, mask: NDArray[np.bool_]) -> Spoken:
        """The posts of ``mask``."""
        return Spoken(self.author[mask], self.post[mask], self.brand[mask], self.month[mask])


def spoken(people: People, zone: str) -> Spoken:
    """What is spoken of the brands."""
    about = [people.posts_on(brand)[["post", "author"]].to_numpy(dtype=np.int64) for brand in people.brands]
    place = np.repeat(np.arange(len(about)), [len(rows) for rows in about])
    rows = np.concatenate(about) if about else np.empty((0, 2), dtype=np.int64)
    known = people.posts["post"].to_numpy(dtype=np.int64)
    order = np.argsort(known)
    at = people.posts["at"].to_numpy(dtype=np.int64)[order][np.searchsorted(known[order], rows[:, 0])]
    month = numbers(days(np.where(at == NEVER, 0, at), zone), MONTH)
    return Spoken(rows[:, 1], rows[:, 0], place, np.where(at == NEVER, UNKNOWN, month))


def rows(people: People, minimum: int, zone: str = "UTC", memo: Memo | None = None) -> Iterator[dict[str, Any]]:
    """Rows of ``share_of_voice``: of all time and of each month in which enough people speak of any brand."""
    told = spoken(people, zone)
    if not len(told.post):
        return
    known = memo or Memo()
    periods = [(ALL_TIME, told, ROUNDS)]
    periods += [
        (str(np.datetime64(int(month), "M")), told.where(told.month == month), _MONTH_ROUNDS)
        for month in distinct(told.month[told.month != UNKNOWN])
    ]
    for name, mine, rounds in periods:
        # Months that are over seldom change.
        given = (mine.author, mine.post, mine.brand, people.brands, name, minimum, rounds)
        yield from known("voice", given, partial(_rows, mine, people.brands, name, minimum, rounds))


def _rows(told: Spoken, brands: tuple[str, ...], month: str, minimum: int, rounds: int) -> list[dict[str, Any]]:
    return list(_period(told, brands, month, minimum, rounds))


def _period(told: Spoken, brands: tuple[str, ...], month: str, minimum: int, rounds: int) -> Iterator[dict[str, Any]]:
    """One period. A post about two brands counts half for each, so that the posts' shares add up to one."""
    authors, who = np.unique(told.author, return_inverse=True)
    if len(authors) < minimum:
        return
    posts, which = np.unique(told.post, return_inverse=True)
    part = 1.0 / np.bincount(which)[which]
    everything = np.bincount(who, weights=part)
    for place, brand in enumerate(brands):
        mine = told.brand == place
        weight = np.bincount(who[mine], weights=part[mine], minlength=len(authors))
        count = int(np.count_nonzero(weight))
        people = share(count, len(authors))
        voice = ratio(weight, everything, low=0.0, high=1.0, rounds=rounds)
        assert voice is not None  # there are posts in every period
        yield {
            "brand": brand,
            "month": month,
            "authors": count,
            "n": len(authors),
            "share": people.value,
            "low": people.low,
            "high": people.high,
            "posts": int(mine.sum()),
            "posts_all": len(posts),
            "posts_share": voice.value,
            "posts_low": voice.low,
            "posts_high": voice.high,
        }
