"""What people tell, period by period: each pain, each value of an attribute and each brand's share of voice.

A person counts once in a period. Those who could have told it count as n: of a pain everybody who wrote about the brand in that
period, of an attribute those of them who told it then, of share of voice everybody who wrote of any brand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.audience import FREE
from analysis.columns import Ints, Words, distinct
from analysis.frames import People
from analysis.periods import Calendar
from analysis.statistics import SLACK, Floats, wilson
from analysis.values import SINGLE, grouped
from data.codebook import SENSITIVE
from data.study import MARKET

PAIN, AUDIENCE, VOICE = "pain", "audience", "voice"
#: Fewer people over all periods, and there is nothing to draw.
FEWEST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Series:
    """How many people told something in each period, ``count``, of how many who could have, ``n``."""

    brand: str
    subject: str
    attribute: str
    value: str
    count: Floats
    n: Floats

    @property
    def key(self) -> dict[str, str]:
        return {"brand": self.brand, "subject": self.subject, "attribute": self.attribute, "value": self.value}


def every(people: People, calendar: Calendar) -> list[Series]:
    """All series of a study in which at least :data:`FEWEST_TOLD` people tell something."""
    if not len(calendar):
        return []
    place = _Placed(people, calendar)
    told = _told(people, place)
    speaking = {brand: place.active(people.posts_on(brand)["post"]) for brand in people.brands}
    any_brand = np.unique(np.concatenate([*speaking.values(), np.array([], dtype=np.int64)]))
    found: list[Series] = []
    for brand in (MARKET, *people.brands):
        active = place.active(people.posts["post"]) if brand == MARKET else speaking[brand]
        n = place.per_period(active)
        found += _pains(people, place, brand, n)
        found += _audience(place, told, brand, active)
        if brand != MARKET and len(people.brands) > 1:
            found.append(Series(brand, VOICE, VOICE, "", n, place.per_period(any_brand)))
    return [one for one in found if one.count.sum() >= FEWEST_TOLD - SLACK]


class _Placed:
    """Posts by period. A person in a period is one number, so that millions of them are told apart by sorting."""

    def __init__(self, people: People, calendar: Calendar) -> None:
        self.periods = len(calendar)
        self._posts = people.posts["post"].to_numpy(dtype=np.int64)
        self._author = people.posts["author"].to_numpy(dtype=np.int64)
        self._of = calendar.of

    def rows(self, posts: pd.Series[int]) -> tuple[Ints, NDArray[np.bool_]]:
        """(person in a period) of each post, and whether it lies in any period."""
        where = np.searchsorted(self._posts, posts.to_numpy(dtype=np.int64))
        period = self._of[where]
        return self._author[where] * self.periods + period, period >= 0

    def active(self, posts: pd.Series[int]) -> Ints:
        """Everybody who wrote one of these posts, once a period, sorted."""
        who, dated = self.rows(posts)
        return distinct(who[dated])

    def per_period(self, who: Ints, weights: Floats | None = None) -> Floats:
        counted = np.bincount(who % self.periods, weights=weights, minlength=self.periods)
        return np.asarray(counted, dtype=np.float64)


def _pains(people: People, place: _Placed, brand: str, n: Floats) -> Iterator[Series]:
    rows = people.pains_of(brand)
    who, dated = place.rows(rows["post"])
    category = rows["category"].cat.codes.to_numpy()
    for number, name in enumerate(rows["category"].cat.categories):
        if name == "other":
            continue
        mine = distinct(who[dated & (category == number)])
        yield Series(brand, PAIN, PAIN, str(name), place.per_period(mine), n)


@dataclass(frozen=True, slots=True)
class _Told:
    """Who told what in which period, once each: the person in the period, the cell (attribute and group), the weight."""

    who: Ints
    cell: Ints
    weight: Floats
    attribute: Ints
    cells: Sequence[tuple[str, str]]
    attributes: Sequence[str]


def _told(people: People, place: _Placed) -> _Told:
    """What people told of themselves when they told it: an age is the age of then. Of one period's answers the newest counts."""
    cues = people.cues[~people.cues["attribute"].isin([*FREE, *SENSITIVE]).to_numpy()]
    who, dated = place.rows(cues["post"])
    cues, who = cues[dated], who[dated]
    attribute = cues["attribute"].cat.codes.to_numpy().astype(np.int64)
    names = [str(name) for name in cues["attribute"].cat.categories]
    value, values = pd.factorize(cues["value"])
    group, groups = pd.factorize(cues["group"])
    key = (attribute * (len(values) + 1) + value) * (len(groups) + 1) + group + 1
    keys, key = np.unique(key, return_inverse=True)
    cells, weights = Words(), []
    for one in keys.tolist():
        pair, of_group = divmod(one, len(groups) + 1)
        of_attribute, of_value = divmod(pair, len(values) + 1)
        name, in_group = names[of_attribute], str(groups[of_group - 1]) if of_group else None
        found = grouped(name, str(values[of_value]), in_group)
        weights.append([(cells.number((name, code)), weight) for code, weight in found])
    newest = _newest(who, attribute, cues["at"].to_numpy(), [name in SINGLE for name in names])
    who, attribute, key = who[newest], attribute[newest], key[newest]
    many = np.array([len(found) for found in weights], dtype=np.int64)
    flat = [pair for found in weights for pair in found]
    starts = np.cumsum(many) - many
    row = np.repeat(np.arange(len(key)), many[key])
    at = starts[key[row]] + np.arange(len(row)) - (np.cumsum(many[key]) - many[key])[row]
    cell, weight = (np.array([pair[i] for pair in flat], dtype=kind)[at] for i, kind in enumerate((np.int64, float)))
    pairs, first, back = np.unique(who[row] * max(len(cells), 1) + cell, return_index=True, return_inverse=True)
    summed = np.minimum(np.bincount(back, weights=weight, minlength=len(pairs)), 1.0)
    return _Told(who[row][first], cell[first], summed, attribute[row][first], cells.words, names)


def _newest(who: Ints, attribute: Ints, at: Ints, single: Sequence[bool]) -> Ints:
    """Places of the rows that count: of an attribute with one value the newest of each person and period, else all."""
    one = np.array([*single, False])[attribute]
    order = np.lexsort([at, attribute, who])
    last = np.ones(len(order), dtype=bool)
    if len(order) > 1:
        after, before = order[1:], order[:-1]
        last[:-1] = (who[after] != who[before]) | (attribute[after] != attribute[before])
    return np.asarray(order[last | ~one[order]], dtype=np.int64)


def _audience(place: _Placed, told: _Told, brand: str, active: Ints) -> Iterator[Series]:
    mine = np.ones(len(told.who), dtype=bool) if brand == MARKET else np.isin(told.who, active)
    who, cell, weight, attribute = told.who[mine], told.cell[mine], told.weight[mine], told.attribute[mine]
    tellers: dict[str, Floats] = {}
    for number, name in enumerate(told.attributes):
        if name not in FREE:
            tellers[name] = place.per_period(distinct(who[attribute == number]))
    flat = cell * place.periods + who % place.periods
    counts = np.bincount(flat, weights=weight, minlength=len(told.cells) * place.periods)
    for number, row in enumerate(counts.reshape(len(told.cells), place.periods)):
        name, code = told.cells[number]
        yield Series(brand, AUDIENCE, name, code, np.asarray(row, dtype=np.float64), tellers[name])


def tellable(one: Series, minimum: int) -> NDArray[np.bool_]:
    """The periods whose figure may be told: no group of 1 to ``minimum - 1`` people is in it, nor follows from the others.

    Where only few are hidden over the whole series, the smallest figure beside them is hidden too, so that the few cannot be
    worked out from a sum over all periods.
    """
    left = one.n - one.count
    few = (one.count > SLACK) & (one.count < minimum - SLACK)
    if one.subject != PAIN:  # who does not tell of a pain has told nothing
        few |= (left > SLACK) & (left < minimum - SLACK)
    told = ~few & (one.n >= minimum)
    hidden = float(one.count[few].sum())
    others = np.flatnonzero(told & (one.count > SLACK))
    if 0 < hidden < minimum and len(others):
        told[others[np.argmin(one.count[others])]] = False
    return np.asarray(told, dtype=bool)


def rows(every_one: Sequence[Series], calendar: Calendar, minimum: int) -> Iterator[dict[str, Any]]:
    """Rows of ``series``; a period that may not be told is there, and empty."""
    if not every_one:
        return
    lows, highs = wilson([one.count for one in every_one], [one.n for one in every_one])
    for one, low, high in zip(every_one, lows, highs, strict=True):
        told = tellable(one, minimum)
        for place, start in enumerate(calendar.starts):
            figures = (None,) * 5
            if told[place]:
                count, n = float(one.count[place]), int(one.n[place])
                figures = (round(count, 2), n, count / n, float(low[place]), float(high[place]))  # type: ignore[assignment]
            yield {
                **one.key, "step": calendar.step, "period": start, "whole": int(calendar.whole[place]),
                **dict(zip(("authors", "n", "share", "low", "high"), figures, strict=True)),
            }  # fmt: skip
