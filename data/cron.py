"""The five words of cron: minute, hour, day of the month, month, day of the week; each looked at against its range."""

from __future__ import annotations

import re
from typing import NamedTuple

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
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


def numbers(schedule: str) -> list[list[int]]:
    """The numbers that each of the five words of a faultless schedule stands for, in order; Sunday is 0."""
    found: list[list[int]] = []
    for word, field in zip(schedule.split(), _FIELDS, strict=True):
        values = {number for part in word.split(",") for number in _range(part, field)}
        if field.name == "weekday":
            values = {value % 7 for value in values}
        found.append(sorted(values))
    return found


def happens(schedule: str) -> bool:
    """Whether any year has a day of a faultless schedule: the 31st of February never comes."""
    _, _, days, months, _ = numbers(schedule)
    words = schedule.split()
    # Where a weekday is named too, either will do.
    return not words[4].startswith("*") or any(day <= _LONGEST[month - 1] for day in days for month in months)


def _range(part: str, field: _Field) -> range:
    match = _PART.fullmatch(part)
    assert match is not None, part
    first, last, step = (match[name] for name in ("first", "last", "step"))
    if first is None:
        low, high = field.low, 6 if field.name == "weekday" else field.high
    else:
        low = _number(first, field) or 0
        high = low if last is None else _number(last, field) or 0
    return range(low, high + 1, int(step or 1))


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
