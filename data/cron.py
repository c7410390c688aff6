"""The five words of cron: minute, hour, day of the month, month, day of the week; each looked at against its range."""

from __future__ import annotations

import re
from typing import NamedTuple

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_DAYS = "sun mon tue wed thu fri sat"


class _Field(NamedTuple):
    name: str
    low: int
    high: int
    words: dict[str, int]


_FIELDS = (
    _Field("minute", 0, 59, {}),
    _Field("hour", 0, 23, {}),
    _Field("day", 1, 31, {}),
    _Field("month", 1, 12, {word: number for number, word in enumerate(_MONTHS.split(), 1)}),
    # Sunday is 0 and 7.
    _Field("weekday", 0, 7, {word: number for number, word in enumerate(_DAYS.split())}),
)
_PART = re.compile(r"(?:\*|(?P<first>\w{1,3})(?:-(?P<last>\w{1,3}))?)(?:/(?P<step>\d{1,2}))?", re.ASCII)


class Fault(NamedTuple):
    """A word of a schedule that no clock shows: the word, the name of its field, and the field's range."""

    word: str
    field: str
    low: int
    high: int


def fault(schedule: str) -> Fault | None:
    """What is wrong with one of the five words. Raises ``ValueError`` where there are not five."""
    given = schedule.split()
    if len(given) != len(_FIELDS):
        raise ValueError(schedule)
    for word, field in zip(given, _FIELDS, strict=True):
        if not all(_fits(part, field) for part in word.split(",")):
            return Fault(word, field.name, field.low, field.high)
    return None


def _fits(part: str, field: _Field) -> bool:
    match = _PART.fullmatch(part)
    if match is None:
        return False
    first, last, step = (match[name] for name in ("first", "last", "step"))
    # A step counts through a range or through everything, never from a single value.
    if step is not None and (int(step) == 0 or int(step) > field.high or (first is not None and last is None)):
        return False
    if first is None:
        return True
    low = _number(first, field)
    high = low if last is None else _number(last, field)
    return low is not None and high is not None and field.low <= low <= high <= field.high


def _number(text: str, field: _Field) -> int | None:
    return int(text) if text.isdigit() else field.words.get(text.lower())
