"""Share of voice: of all who speak of any of the brands, and of their posts, those that speak of this one.

People are counted with Wilson's interval; shares of posts with a bootstrap over authors, for one person may write many.
Limits: ``docs/explanation/share-of-voice.md``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from analysis.bootstrap import ratio
from analysis.facts import Facts
from analysis.frames import People
from analysis.statistics import share

ALL_TIME = "all"
#: Fewer drawings for each single month than for the whole time.
_MONTH_ROUNDS = 299


def find(facts: Facts) -> None:
    """Write ``share_of_voice``."""
    facts.store.replace_rows("share_of_voice", rows(facts.people, facts.minimum))


def spoken(people: People) -> pd.DataFrame:
    """Every post about a brand, once a brand: author, brand, post, month (``YYYY-MM`` or missing)."""
    posts = [people.posts_on(brand)[["post", "author", "posted_at"]].assign(brand=brand) for brand in people.brands]
    told = pd.concat(posts, ignore_index=True)
    return told.assign(month=told["posted_at"].str.slice(0, 7))


def rows(people: People, minimum: int) -> Iterator[dict[str, Any]]:
    """Rows of ``share_of_voice``: of all time and of each month in which enough people speak of any brand."""
    told = spoken(people)
    if told.empty:
        return
    yield from _period(told, people.brands, ALL_TIME, minimum, None)
    for month, posts in told.dropna(subset="month").groupby("month"):
        yield from _period(posts, people.brands, str(month), minimum, _MONTH_ROUNDS)


def _period(
    told: pd.DataFrame, brands: tuple[str, ...], month: str, minimum: int, rounds: int | None
) -> Iterator[dict[str, Any]]:
    """One period. A post about two brands counts half for each, so that the posts' shares add up to one."""
    authors, who = np.unique(told["author"].to_numpy(dtype=np.int64), return_inverse=True)
    if len(authors) < minimum:
        return
    posts, which = np.unique(told["post"].to_numpy(dtype=np.int64), return_inverse=True)
    part = 1.0 / np.bincount(which)[which]
    everything = np.bincount(who, weights=part)
    for brand in brands:
        mine = (told["brand"] == brand).to_numpy()
        count = len(np.unique(who[mine]))
        people = share(count, len(authors))
        weight = np.bincount(who[mine], weights=part[mine], minlength=len(authors))
        voice = ratio(weight, everything, low=0.0, high=1.0, **({"rounds": rounds} if rounds else {}))
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
