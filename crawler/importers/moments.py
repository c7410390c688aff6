"""When a row says it was written. Whether a column puts the day or the month first is decided by all of its rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Literal

from crawler.dates import Clock, looks_like_date

_NUMERIC = re.compile(r"(?<![\d.:/-])(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?!\d)")
_EPOCH = re.compile(r"1?\d{9}(\d{3})?(\d{3})?")
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?\s?(?:Z|[+-]\d\d:?\d\d)?)?")
#: “Wed Oct 10 20:19:24 +0000 2018”, as Twitter writes it.
_TWITTER = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d\d:\d\d:\d\d) ([+-]\d{4}) (\d{4})")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
#: A time that only tells how long before the file was made something was.
_RELATIVE = re.compile(
    r"\b(?:trước|ago|hôm qua|hôm nay|hôm kia|yesterday|today|vừa xong|just now)\b|"
    r"\d{1,3}\s?(?:s|m|h|d|w|mo|y|min|hr|giờ|phút|ngày|tuần|tháng|năm)$",
    re.I,
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_REAL = re.compile(r"\s?\d{4}-(\d\d)-(\d\d)(?!\d)")
#: Days since 1899-12-30, which is how a workbook keeps a date; these run from 2000 to 2100.
_SERIAL = re.compile(r"(?:3[6-9]|[4-6]\d|7[0-2])\d{3}(?:\.\d{1,12})?")
_TWELVE = re.compile(r"\d\s?[ap]\.?m\b", re.I)
#: Zones as exports write them. Daylight time is an hour ahead; ICT is Vietnam's.
_ZONES = {
    "UTC": 0,
    "GMT": 0,
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "ICT": 7,
}
_NAMED_ZONE = re.compile(rf"\s({'|'.join(_ZONES)})$")
_LONGEST, _REMEMBERED = 120, 20_000

Order = Literal["day", "month"]
How = Literal["told", "column", "ambiguous", "contradicts", "plain"]


def looks_like_moment(text: str) -> bool:
    """Whether a cell may be a date."""
    text = text.strip()
    if len(text) > _LONGEST or not any(sign.isdigit() for sign in text):
        return False
    if _ISO.match(text) or _EPOCH.fullmatch(text):
        return True
    if _TWITTER.fullmatch(text):
        return True
    return len(text) <= 60 and looks_like_date(text) and Clock(now=datetime.now(UTC)).read(text) is not None


def is_relative(text: str) -> bool:
    """Whether a cell only says how long ago (“3 ngày trước”, “hôm qua”, “5d”)."""
    text = text.strip()
    return len(text) <= 40 and _RELATIVE.search(text) is not None and _YEAR.search(text) is None


@dataclass(slots=True)
class Tally:
    """What a whole column of dates says of its own order."""

    day_first: int = 0
    month_first: int = 0
    either: int = 0
    twelve: int = 0
    #: Real dates of a workbook, by whether their day could be a month.
    real_low: int = 0
    real_high: int = 0
    relative: int = 0
    example: str = ""

    def add(self, text: str) -> None:
        """Count one cell."""
        found = _NUMERIC.search(text[:_LONGEST])
        if found is None:
            if real := _REAL.match(text):
                low = int(real[2]) <= 12
                self.real_low, self.real_high = self.real_low + low, self.real_high + (not low)
            elif is_relative(text):
                self.relative, self.example = self.relative + 1, self.example or text.strip()
            return
        one, two = int(found[1]), int(found[3])
        self.day_first += one > 12 >= two
        self.month_first += two > 12 >= one
        self.either += one <= 12 and two <= 12 and one != two
        self.twelve += bool(_TWELVE.search(text[:_LONGEST]))

    def swapped(self) -> bool:
        """Whether a spreadsheet has probably taken days for months: what it could read became real dates, the rest stayed text."""
        texts_left = bool(self.day_first) != bool(self.month_first) and not self.either
        return texts_left and self.real_low > 0 and self.real_high == 0

    def order(self, told: Order | None = None) -> tuple[Order, How]:
        """Which comes first, and how that is known: ``ambiguous`` and ``contradicts`` have to be said.

        A column that could be both is read day first, as nearly everybody writes; with a.m. and p.m. month first.
        """
        if told is not None:
            return told, "told"
        if self.day_first and self.month_first:
            return ("day" if self.day_first >= self.month_first else "month"), "contradicts"
        if self.day_first or self.month_first:
            return ("day" if self.day_first else "month"), "column"
        if self.either:
            return ("month" if self.twelve else "day"), "ambiguous"
        return "day", "plain"


class Moments:
    """Reads the dates of one file. ``swapped`` puts the day and month of real dates back; ``exported`` is when the file was
    made, from which “3 days ago” counts.
    """

    def __init__(
        self,
        zone: tzinfo,
        order: Order = "day",
        pattern: str | None = None,
        *,
        swapped: bool = False,
        exported: datetime | None = None,
    ) -> None:
        self._zone, self._pattern, self._swapped = zone, pattern, swapped
        self._latest = datetime.now(UTC) + timedelta(days=2)
        self._clock = Clock(zone=zone, day_first=order == "day", now=exported)
        self._strict = order
        self.read = lru_cache(maxsize=_REMEMBERED)(self._read)

    def _read(self, text: str) -> datetime | None:
        """The moment in UTC that a cell tells; ``None`` where it tells none, or one that is still to come."""
        text = text.strip()
        if not text or len(text) > _LONGEST:
            return None
        try:
            moment = self._told(text)
            moment = moment.astimezone(UTC) if moment is not None else None
        except (ValueError, OverflowError, OSError):
            return None
        return moment if moment is not None and moment.year >= 1990 and moment <= self._latest else None

    def _told(self, text: str) -> datetime | None:
        zone = self._zone
        if self._pattern is not None:
            moment = datetime.strptime(text, self._pattern)
            return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
        if (found := _TWITTER.fullmatch(text)) and found[1] in _MONTHS:
            month = _MONTHS.index(found[1]) + 1
            return datetime.fromisoformat(f"{found[5]}-{month:02d}-{int(found[2]):02d}T{found[3]}{found[4]}")
        if named := _NAMED_ZONE.search(text):
            zone, text = timezone(timedelta(hours=_ZONES[named[1]])), text[: named.start()]
        if _ISO.fullmatch(text):
            if self._swapped and int(text[8:10]) <= 12:
                text = f"{text[:4]}-{text[8:10]}-{text[5:7]}{text[10:]}"
            moment = datetime.fromisoformat(text.replace(",", ".").replace(" ", "T", 1).replace(" ", ""))
            return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
        if epoch := _EPOCH.fullmatch(text):
            return datetime.fromtimestamp(int(text) / (1e6 if epoch[2] else 1e3 if epoch[1] else 1), UTC)
        if _SERIAL.fullmatch(text):
            return datetime(1899, 12, 30, tzinfo=zone) + timedelta(seconds=round(float(text) * 86_400))
        if found := _NUMERIC.search(text):
            one, two = int(found[1]), int(found[3])
            if (two if self._strict == "day" else one) > 12:
                return None  # a row against its column: better no date than a wrong one
        if len(self._clock._known) > _REMEMBERED:
            self._clock._known.clear()
        self._clock.zone = zone
        return self._clock.read(text)
