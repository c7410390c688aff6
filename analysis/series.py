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
    speaking = {brand: place.active(people.about(brand)) for brand in people.brands}
    any_brand = distinct(np.concatenate([*speaking.values(), np.array([], dtype=np.int64)]))
    found: list[Series] = []
    for brand in (MARKET, *people.brands):
        active = place.active(np.arange(len(people.posts))) if brand == MARKET else speaking[brand]
        n = place.per_period(active)
        found += _pains(people, place, brand, n)
        found += _audience(place, told, brand, active)
        if brand != MARKET and len(people.brands) > 1:
            found.append(Series(brand, VOICE, VOICE, "", n, place.per_period(any_brand)))
    return [one for one in found if one.count.sum() >= FEWEST_TOLD - SLACK]


def pains(people: People, calendar: Calendar) -> Iterator[Series]:
    """The series of all pains, of the market and of each brand, however few tell of them."""
    place = _Placed(people, calendar)
    for brand in (MARKET, *people.brands):
        where = np.arange(len(people.posts)) if brand == MARKET else people.about(brand)
        yield from _pains(people, place, brand, place.per_period(place.active(where)))


class _Placed:
    """Posts by period. A person in a period is one number, so that millions of them are told apart by sorting."""

    def __init__(self, people: People, calendar: Calendar) -> None:
        self.periods = len(calendar)
        self._author = people.posts["author"].to_numpy(dtype=np.int64)
        self._of = calendar.of

    def rows(self, where: Ints) -> tuple[Ints, NDArray[np.bool_]]:
        """(person in a period) of each post, given by its place, and whether it lies in any period."""
        period = self._of[where]
        return self._author[where] * self.periods + period, period >= 0

    def active(self, where: Ints) -> Ints:
        """Everybody who wrote one of these posts, once a period, sorted."""
        who, dated = self.rows(where)
        there = np.zeros((int(self._author.max(initial=0)) + 1) * self.periods, dtype=bool)
        there[who[dated]] = True
        return np.flatnonzero(there)

    def per_period(self, who: Ints, weights: Floats | None = None) -> Floats:
        counted = np.bincount(who % self.periods, weights=weights, minlength=self.periods)
        return np.asarray(counted, dtype=np.float64)


def _pains(people: People, place: _Placed, brand: str, n: Floats) -> Iterator[Series]:
    rows = people.pains_of(brand)
    who, dated = place.rows(rows["place"].to_numpy())
    category, names = rows["category"].cat.codes.to_numpy()[dated].astype(np.int64), rows["category"].cat.categories
    many = max(len(names), 1)
    told = distinct(who[dated] * many + category)
    counts = np.bincount(told % many * place.periods + told // many % place.periods, minlength=many * place.periods)
    for name, count in zip(names, counts.reshape(many, place.periods), strict=False):
        if name != "other":
            yield Series(brand, PAIN, PAIN, str(name), count.astype(np.float64), n)


@dataclass(frozen=True, slots=True)
class _Told:
    """Who told what in which period, once each: the person in the period, the cell (attribute and group), the weight. ``teller`` marks
    one row for each attribute of a person in a period."""

    who: Ints
    cell: Ints
    weight: Floats
    attribute: Ints
    teller: NDArray[np.bool_]
    cells: Sequence[tuple[str, str]]
    attributes: Sequence[str]


def _told(people: People, place: _Placed) -> _Told:
    """What people told of themselves when they told it: an age is the age of then. Of one period's answers the newest counts."""
    cues = people.cues[~people.cues["attribute"].isin([*FREE, *SENSITIVE]).to_numpy()]
    who, dated = place.rows(cues["place"].to_numpy())
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
    who, attribute = who[row][first], attribute[row][first]
    teller = np.zeros(len(who), dtype=bool)
    teller[np.unique(who * (len(names) + 1) + attribute, return_index=True)[1]] = True
    return _Told(who, cell[first], summed, attribute, teller, cells.words, names)


def _newest(who: Ints, attribute: Ints, at: Ints, single: Sequence[bool]) -> Ints:
    """Places of the rows that count: of an attribute with one value the newest of each person and period, else all."""
    one = np.array([*single, False])[attribute]
    since = at - at.min() if len(at) else at
    order = np.argsort((who * (len(single) + 1) + attribute) * (int(since.max(initial=0)) + 1) + since, kind="stable")
    last = np.ones(len(order), dtype=bool)
    if len(order) > 1:
        after, before = order[1:], order[:-1]
        last[:-1] = (who[after] != who[before]) | (attribute[after] != attribute[before])
    return np.asarray(order[last | ~one[order]], dtype=np.int64)


def _audience(place: _Placed, told: _Told, brand: str, active: Ints) -> Iterator[Series]:
    there = np.zeros(max(int(active.max(initial=0)), int(told.who.max(initial=0))) + 1, dtype=bool)
    there[active] = True
    mine = np.flatnonzero(there[told.who])
    period, cell, weight = told.who[mine] % place.periods, told.cell[mine], told.weight[mine]
    asked = mine[told.teller[mine]]
    flat = told.attribute[asked] * place.periods + told.who[asked] % place.periods
    every = np.bincount(flat, minlength=len(told.attributes) * place.periods).astype(np.float64)
    tellers = dict(zip(told.attributes, every.reshape(-1, place.periods), strict=True))
    flat = cell * place.periods + period
    counts = np.bincount(flat, weights=weight, minlength=len(told.cells) * place.periods)
    for number, row in enumerate(counts.reshape(len(told.cells), place.periods)):
        name, code = told.cells[number]
        yield Series(brand, AUDIENCE, name, code, np.asarray(row, dtype=np.float64), tellers[name])


def tellable(one: Series, minimum: int, *, rare: bool = False) -> NDArray[np.bool_]:
    """The periods whose figure may be told: no group of 1 to ``minimum - 1`` people is in it, nor follows from the others.

    Where only few are hidden over the whole series, the smallest figure beside them is hidden too, so that the few cannot be
    worked out from a sum over all periods. Beside hidden periods nobody is not told either, and where no more periods are left than
    are hidden nothing is: of a rare pain zeros and peaks alone would be seen. With ``rare`` the peaks are told all the same, for
    they are what a rise is made of.
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
    if few.any():
        told &= one.count > SLACK
        told &= rare or told.sum() >= (few & (one.n >= minimum)).sum()
    return np.asarray(told, dtype=bool)


def bounds(every_one: Sequence[Series]) -> tuple[Sequence[Floats], Sequence[Floats]]:
    """The low and the high end of each period's interval, of each series."""
    if not every_one:
        return [], []
    ends = np.cumsum([len(one.n) for one in every_one])[:-1]
    count, n = (np.concatenate([getattr(one, name) for one in every_one]) for name in ("count", "n"))
    low, high = wilson(count, n)
    return np.split(low, ends), np.split(high, ends)


def rows(
    one: Series, calendar: Calendar, told: NDArray[np.bool_], low: Floats, high: Floats
) -> Iterator[dict[str, Any]]:
    """Rows of ``series``; a period that may not be told is there, and empty."""
    for place, start in enumerate(calendar.starts):
        figures = (None,) * 5
        if told[place]:
            count, n = float(one.count[place]), int(one.n[place])
            figures = (round(count, 2), n, count / n, float(low[place]), float(high[place]))  # type: ignore[assignment]
        yield {
            **one.key, "step": calendar.step, "period": start, "whole": int(calendar.whole[place]),
            **dict(zip(("authors", "n", "share", "low", "high"), figures, strict=True)),
        }  # fmt: skip
