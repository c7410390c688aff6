"""Longer periods for what is too seldom told to be shown in short ones, so that a line stays whole and nobody is told apart.

Each series is told at one length of period only: were it told at two, the short periods would follow from the long ones. Rules:
``docs/explanation/trends.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis import series, trending
from analysis.frames import People
from analysis.periods import MONTH, NOWHERE, WEEK, Calendar, Step
from analysis.series import Series

#: Of how many months or weeks a longer period is made, and its name.
LONGER: Mapping[str, Sequence[tuple[int, Step]]] = {
    MONTH: ((2, "two_months"), (3, "three_months"), (6, "six_months")),
    WEEK: ((2, "two_weeks"), (4, "four_weeks"), (8, "eight_weeks")),
}
#: Longer periods, and each pain counted in them by its key.
Counted = tuple[Calendar, Mapping[tuple[str, ...], Series]]
#: With fewer whole periods that are told there is no line.
FEWEST_TOLD = 3
#: So large a part of the periods may be ones in which hardly anybody speaks of the brand at all.
_SILENT = 0.2


@dataclass(frozen=True, slots=True)
class Told:
    """A series as it is shown: its periods, and which of them are told."""

    series: Series
    calendar: Calendar
    periods: NDArray[np.bool_]


class Longer:
    """The longer periods of a calendar, the shortest first, with the pains counted anew in them; each is worked out once."""

    def __init__(self, people: People, calendar: Calendar) -> None:
        self.people, self.calendar = people, calendar
        self._known: list[Counted] = []

    def __iter__(self) -> Iterator[Counted]:
        for place, (many, step) in enumerate(LONGER.get(self.calendar.step, ())):
            if place == len(self._known):
                longer = lengthened(self.calendar, many, step)
                pains = {tuple(one.key.values()): one for one in series.pains(self.people, longer)}
                self._known.append((longer, pains))
            yield self._known[place]


def told(every: Sequence[Series], longer: Longer, minimum: int, moving: Iterable[int] = ()) -> list[Told]:
    """Each series at the shortest periods at which its line is whole; those at ``moving`` are told wherever anything of them can be."""
    found = [Told(one, longer.calendar, series.tellable(one, minimum)) for one in every]
    open_ones = {
        place for place, one in enumerate(found) if one.series.subject == series.PAIN and not _whole(one, minimum)
    }
    best = {place: found[place] for place in open_ones}
    for calendar, pains in longer if open_ones else ():
        for place in sorted(open_ones):
            one = pains[tuple(found[place].series.key.values())]
            tried = Told(one, calendar, series.tellable(one, minimum))
            if _whole(tried, minimum):
                best[place] = tried
                open_ones.discard(place)
            elif _share(tried) > _share(best[place]):
                best[place] = tried
    for place in set(moving) & open_ones:
        if not best[place].periods.any():
            best[place] = replace(found[place], periods=series.tellable(every[place], minimum, rare=True))
    return [best.get(place, one) for place, one in enumerate(found)]


def tested(every: Sequence[Series], longer: Longer, minimum: int) -> list[Told]:
    """Each series at the periods at which it is tested: the calendar's, or of a pain with too little in each of them the shortest
    longer ones at which it can be. Their length goes by how many speak and tell in all, never by when."""
    whole = longer.calendar.whole
    found = [Told(one, longer.calendar, whole) for one in every]
    short = [
        place
        for place, one in enumerate(every)
        if one.subject == series.PAIN and not trending.testable(one, whole, minimum)
    ]
    for calendar, pains in longer if short else ():
        for place in tuple(short):
            one = pains[tuple(every[place].key.values())]
            if trending.testable(one, calendar.whole, minimum):
                found[place] = Told(one, calendar, calendar.whole)
                short.remove(place)
    return found


def lengthened(calendar: Calendar, many: int, step: Step) -> Calendar:
    """Periods of ``many`` of the calendar's, counted back from its last whole one, so that the newest is whole."""
    places = np.arange(len(calendar))
    whole = np.flatnonzero(calendar.whole)
    end = int(whole[-1]) + 1 if len(whole) else len(calendar)
    number = (places - end) // many
    number -= number.min(initial=0)
    count = int(number.max(initial=-1)) + 1
    first = np.searchsorted(number, np.arange(count))
    full = np.bincount(number, weights=calendar.whole, minlength=count) >= many
    of = np.full(len(calendar.of), NOWHERE, dtype=np.int64)
    dated = calendar.of >= 0
    of[dated] = number[calendar.of[dated]]
    return replace(calendar, step=step, starts=tuple(calendar.starts[place] for place in first), whole=full, of=of)


def rows(every: Sequence[Told]) -> Iterator[dict[str, object]]:
    """Rows of ``series``; a period that may not be told is there, and empty."""
    for one, low, high in zip(every, *series.bounds([one.series for one in every]), strict=True):
        yield from series.rows(one.series, one.calendar, one.periods, low, high)


def _whole(one: Told, minimum: int) -> bool:
    """Whether a line is whole: nowhere too few are counted, and hardly ever do too few speak."""
    inside = one.calendar.whole
    hidden = inside & ~one.periods
    few = hidden & (one.series.n >= minimum)
    return bool(
        not few.any() and hidden.sum() <= _SILENT * inside.sum() and (one.periods & inside).sum() >= FEWEST_TOLD
    )


def _share(one: Told) -> float:
    """Which part of the whole periods is told; nothing where they make no line."""
    inside = one.calendar.whole
    count = int((one.periods & inside).sum())
    return count / int(inside.sum()) if count >= FEWEST_TOLD else 0.0
