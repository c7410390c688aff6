"""Hours in which a study asks nothing of any site: spans of the day such as ``22:00-06:00``, in the study's time zone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_SPAN = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*[-–]\s*(?:([01]?\d|2[0-3]):([0-5]\d)|(24):(00))")
_DAY = 24 * 60


def span(text: str) -> tuple[int, int]:
    """Begin and end in minutes of the day. Raises ``ValueError`` for anything but two different times."""
    match = _SPAN.fullmatch(text.strip())
    if not match:
        raise ValueError(text)
    begin = int(match[1]) * 60 + int(match[2])
    end = (int(match[3] or match[5]) * 60 + int(match[4] or match[6])) % _DAY
    if begin == end:
        raise ValueError(text)
    return begin, end


class QuietHours:
    """Spans of the day in which nothing is asked; one whose end comes before its begin runs over midnight."""

    def __init__(self, spans: Iterable[str], zone: str) -> None:
        self._spans = [span(text) for text in spans]
        self._zone = ZoneInfo(zone)

    def until(self, now: datetime) -> datetime | None:
        """When the quiet hours in which ``now`` lies are over; ``None`` where it lies in none, or where they never end."""
        local = now.astimezone(self._zone)
        minute, length = local.hour * 60 + local.minute, 0
        while (rest := self._rest(minute)) and length < _DAY:
            minute, length = (minute + rest) % _DAY, length + rest
        if not length or length >= _DAY:
            return None
        return local.replace(second=0, microsecond=0) + timedelta(minutes=length)

    @property
    def never_end(self) -> bool:
        """Whether the spans leave no minute of the day."""
        return all(self._rest(minute) for minute in range(_DAY))

    def _rest(self, minute: int) -> int:
        """Minutes to the end of the span in which a minute of the day lies, 0 where it lies in none."""
        return max(((end - minute) % _DAY for begin, end in self._spans if _within(minute, begin, end)), default=0)

    def begins(self, now: datetime) -> datetime | None:
        """When the next quiet hours begin; ``None`` where there are none."""
        if not self._spans:
            return None
        local = now.astimezone(self._zone)
        minute = local.hour * 60 + local.minute
        wait = min((begin - minute) % _DAY or _DAY for begin, _ in self._spans)
        return local.replace(second=0, microsecond=0) + timedelta(minutes=wait)


def _within(minute: int, begin: int, end: int) -> bool:
    return begin <= minute < end if begin < end else minute >= begin or minute < end
