"""Dates as forums write them, read into UTC.

A :class:`Clock` knows what a page's dates are relative to: its zone, when it was fetched, and whether its numeric dates put
the day or the month first. What cannot be known (a relative date on a page fetched at an unknown time) is ``None``.
"""

from __future__ import annotations

import re
import warnings
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final

from crawler.weekdays import weekday_in

_EARLIEST, _LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_LONGEST: Final = 120

_MONTHS: Final = {
    1: "january jan januar jänner janvier janv enero ene gennaio gen januari janeiro styczeń",
    2: "february feb februar février févr fev febrero febbraio februari fevereiro",
    3: "march mar märz mär mrz mars marzo maart março",
    4: "april apr avril avr abril abr aprile",
    5: "may mai mayo maggio mag mei maio",
    6: "june jun juni juin junio giugno giu junho",
    7: "july jul juli juillet juil julio luglio lug julho",
    8: "august aug août aou agosto ago augustus",
    9: "september sep sept septembre septiembre settembre set setembro",
    10: "october oct oktober okt octobre octubre ottobre ott outubro out",
    11: "november nov novembre noviembre novembro",
    12: "december dec dezember dez décembre déc diciembre dic dicembre desember dezembro",
}
_MONTH: Final = {name: number for number, names in _MONTHS.items() for name in names.split()}
_VI_NUMBER: Final = {
    word: number
    for number, words in enumerate(
        (
            "không",
            "một",
            "hai|nhì",
            "ba",
            "tư|bốn",
            "năm",
            "sáu",
            "bảy|bẩy",
            "tám",
            "chín",
            "mười",
            "mười một",
            "mười hai",
        )
    )
    for word in words.split("|")
} | {"giêng": 1, "chạp": 12}
_UNITS: Final = {
    "seconds": "second seconds sec secs s giây sekunde sekunden segundos secondes",
    "minutes": "minute minutes min mins m phút minuten minuto minutos",
    "hours": "hour hours hr hrs h giờ tiếng stunde stunden hora horas heure heures",
    "days": "day days d ngày tag tage tagen día días jour jours",
    "weeks": "week weeks wk wks w tuần woche wochen semana semanas semaine semaines",
    "months": "month months mo mos mth tháng monat monate monaten mes meses mois",
    "years": "year years yr yrs y năm jahr jahre jahren año años an ans",
}
_UNIT: Final = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_FEW: Final = {
    "a": 1,
    "an": 1,
    "one": 1,
    "một": 1,
    "vài": 3,
    "few": 3,
    "mấy": 3,
    "ein": 1,
    "einem": 1,
    "einer": 1,
    "un": 1,
    "une": 1,
}

_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]{1,2}(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d{1,9})?\s?(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_HALF = re.compile(r"\s?[ap]\.?m\b")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.\d{1,6})?")
_NUMERIC = re.compile(r"(?<![\d.:])(\d{1,4})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d])")
_DAY_MONTH = re.compile(
    r"(?<![\d\w])(\d{1,2})(?:st|nd|rd|th|er|\.)?[\s\-/]{0,3}(?:of |de )?([^\W\d_]{3,12})\.?,?[\s\-/]{0,3}(?:de |del )?('?\d{2,4})?(?![\d:])"
)
_MONTH_DAY = re.compile(
    r"(?<!\w)([^\W\d_]{3,12})\.?[\s\-]{0,3}(\d{1,2})(?:st|nd|rd|th)?(?![\d:])(?:,?[\s\-]{0,3}('?\d{2,4})(?![\d:]))?"
)
_VI_DATE = re.compile(
    r"(?:ngày\s*)?(\d{1,2})\s*(?:tháng|thg|th)\.?\s*(\d{1,2}|mười một|mười hai|[^\W\d_]{2,6}),?(?:\s*(?:năm\s*)?(\d{4}))?"
)
_VI_MONTH_FIRST = re.compile(r"(?:tháng|thg|th)\.?\s*(\d{1,2}|mười một|mười hai|[^\W\d_]{2,6})\s+(\d{1,2}),?\s+(\d{4})")
_TIME = re.compile(
    r"(?<![\d./-])(\d{1,2})(?:[:h](\d{2})(?::(\d{2}))?)?\s?(?:uhr\b)?\s?(a\.?m\b|p\.?m\b|sa\b|ch\b|sáng|chiều|tối)?",
    re.I,
)
#: «21 giờ 15 phút», «21 giờ»; «2 giờ trước» is no time of day.
_SPOKEN_TIME = re.compile(
    r"(?<![\d./-])(\d{1,2})\s?giờ(?:\s?(\d{1,2})(?![\d/.-])(?:\s?phút)?|(?!\s?(?:trước|\d)))(?:\s?(sáng|chiều|tối|đêm))?"
)
_ZONE = re.compile(
    r"(?:\b(?:utc|gmt)\s?|(?<=\d)\s?|(?<=[ap]m) )([+-])(1[0-4]|0?\d)(?::?([0-5]\d))?(?![\d/.-])|\b(?:utc|gmt)\b", re.I
)
_AGO_WORDS = re.compile(r"\bago\b|trước|cách đây|\bvor\b|\bil y a\b|\bhace\b|\bher\b|geleden|\bearlier\b")
_AMOUNT = re.compile(r"(\d{1,4}|\b(?:an?|one|một|vài|few|mấy|eine[mr]?|ein|une?)\b)\s{0,2}([^\W\d_]{1,9})")
_PIECES = re.compile(r"\s?[·•|;]\s?|\s[–—-]\s")
_LAST = re.compile(
    r"(?<![\w])(tuần|tháng|năm) (?:trước|rồi|qua|ngoái|vừa rồi|vừa qua)(?!\w)|\blast (week|month|year)\b|"
    r"\b(?:letzte[nr]?|vorige[nr]?) (woche|monat|jahr)\b"
)
_SHORT_AGO = re.compile(r"(\d{1,3})\s?(s|m|h|d|w|mo|mos|y|yr|min|mins|hr|hrs|giờ|phút|ngày|tuần|tháng|năm)")
_NOW = re.compile(r"just now|moments? ago|vừa xong|vừa mới|mới đây|mới xong|gerade eben|right now|seconds ago|vài giây")
_TODAY = re.compile(r"\btoday\b|hôm nay|\bheute\b|\bhoy\b|aujourd")
_YESTERDAY = re.compile(r"\byesterday\b|hôm qua|\bgestern\b|\bayer\b|\bhier\b")
_BEFORE_YESTERDAY = re.compile(r"hôm kia|vorgestern")
#: «13/3 lúc 8:00»: without a year only beside a time of day, for 3/5 alone may be a mark or a page.
_NO_YEAR = re.compile(r"[^\d/]{0,20}(\d{1,2})/(\d{1,2})[\s,]{1,3}(?:lúc|vào|at)?\s{0,2}(?=\d{1,2}[:h]\d\d)[^/]{4,20}")
_TWELVE_HOURS = re.compile(r"\d\s?(?:a\.?m|p\.?m)\b", re.I)
#: A year, a day and words: worth asking dateparser, whose languages we have not.
_UNREAD = re.compile(r"^(?=.{6,50}$)(?=.*(?<!\d)(?:19|20)\d\d(?!\d))(?=.*(?<!\d)\d{1,2}(?!\d))(?=.*[^\W\d_]{3})")
_DIGIT = re.compile(r"\d")
_WORDED = re.compile(
    r"\bago\b|trước|(?:tuần|tháng|năm) (?:rồi|qua|ngoái)|\blast (?:week|month|year)\b|today|yesterday|hôm|vừa|just now",
    re.I,
)
#: One of them stands in all of those words that have English letters alone.
_ASCII_WORDED: Final = ("ago", "last ", "day", "just now")
_MAY_BE_DATE = re.compile(
    r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\d:\d\d|\d\s?(?:st|nd|rd|th|\.)?[\s-][^\W\d]{3,9}|[^\W\d]{3,9}\.?\s\d{1,2}\b|\bago\b|trước|tháng|"
    r"today|yesterday|hôm|vừa|thứ|chủ nhật|just now|day at ",
    re.I,
)


def looks_like_date(text: str) -> bool:
    """Whether a short text might be a date: a cheap look before the real reading."""
    if len(text) > _LONGEST:
        return False
    if _DIGIT.search(text) is None:
        if len(text) >= 40 or (text.isascii() and not any(map(text.lower().__contains__, _ASCII_WORDED))):
            return False
        return _WORDED.search(text) is not None
    return _MAY_BE_DATE.search(text) is not None


def day_comes_first(samples: Iterable[str], locale: str = "") -> bool:
    """Whether a page's numeric dates put the day first.

    A number above 12 decides for the whole page; else a declared American locale or an English page with twelve-hour
    times reads month first; everybody else writes the day first.
    """
    first = second = twelve = 0
    for sample in samples:
        for one, _, two, _ in _NUMERIC.findall(sample[:_LONGEST]):
            first += len(one) < 3 and int(one) > 12
            second += len(one) < 3 and int(two) > 12
            twelve += bool(_TWELVE_HOURS.search(sample))
    if first != second:
        return first > second
    return not (locale.startswith("en-us") or (locale[:2] in ("en", "") and twelve > 0))


@dataclass(slots=True)
class Clock:
    """What a page's dates mean. ``patience`` bounds the slow readings (``dateparser``) spent on one page."""

    zone: tzinfo = UTC
    now: datetime | None = None
    day_first: bool = True
    lang: str | None = None
    patience: int = 8
    _known: dict[str, datetime | None] = field(default_factory=dict)

    def read(self, text: str | None) -> datetime | None:
        """The moment that ``text`` tells, in UTC, or ``None`` where it tells none or not enough."""
        if not text:
            return None
        key = " ".join(text.split())
        if not key or len(key) > _LONGEST:
            return None
        if key not in self._known:
            self._known[key] = self._bounded(key)
        return self._known[key]

    def _bounded(self, text: str) -> datetime | None:
        try:
            moment = self._read(text)
            moment = moment.astimezone(UTC) if moment else None
        except (ValueError, OverflowError):
            return None
        return moment if moment and _EARLIEST <= moment < _LATEST else None

    def _read(self, text: str) -> datetime | None:
        if _EPOCH.fullmatch(text):
            seconds = float(text)
            return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)
        low = text.lower()
        if found := _ISO.search(text):
            if found[4] is None or _HALF.match(low, found.end()):
                return self._at(int(found[1]), int(found[2]), int(found[3]), low, found.end(3), found.start())
            return self._iso(found)
        moment = self._named(low) or self._numeric(low)
        if moment is None:
            moment = self._relative(low, text)
        if moment is None and self.patience > 0 and self.lang and _UNREAD.search(low) and not _relative_words(low):
            self.patience -= 1
            moment = _slow(text, self.lang, self.day_first)
            moment = moment.replace(tzinfo=self.zone) if moment and moment.tzinfo is None else moment
        return moment

    def _iso(self, found: re.Match[str]) -> datetime:
        year, month, day, hour, minute, second, zone = found.groups()
        moment = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), min(int(second or 0), 59))
        return moment.replace(tzinfo=_offset(zone) if zone else self.zone)

    def _numeric(self, low: str) -> datetime | None:
        found = _NUMERIC.search(low)
        if not found:
            return self._without_year(low)
        one, _, two, three = found.groups()
        if len(one) > 2:
            return self._at(int(one), int(two), int(three), low, found.end())
        day, month = (int(one), int(two)) if self.day_first else (int(two), int(one))
        if month > 12 >= day:
            day, month = month, day
        return self._at(_year(three), month, day, low, found.end(), found.start())

    def _without_year(self, low: str) -> datetime | None:
        """The latest such day that is not after the fetch."""
        found = _NO_YEAR.fullmatch(low)
        if not found or self.now is None:
            return None
        day, month = (int(found[1]), int(found[2])) if self.day_first else (int(found[2]), int(found[1]))
        if month > 12 >= day:
            day, month = month, day
        moment = self._at(self.now.astimezone(self.zone).year, month, day, low, found.end(2))
        return moment if moment <= self.now else moment.replace(year=moment.year - 1)

    def _named(self, low: str) -> datetime | None:
        if "th" in low:
            for pattern, order in ((_VI_MONTH_FIRST, (2, 1)), (_VI_DATE, (1, 2))):
                found = pattern.search(low)
                if found and (month := _vi_month(found[order[1]])):
                    return self._dated(found[3], month, int(found[order[0]]), low, found)
        for found in _DAY_MONTH.finditer(low):
            if month := _MONTH.get(found[2], 0):
                # «#1 Mar 21, 2020»: a number before, and the day after the month.
                after = _MONTH_DAY.match(low, found.start(2))
                if after and after[3] and len(after[3]) == 4 and len(found[3] or "") < 4:
                    return self._dated(after[3], month, int(after[2]), low, after)
                return self._dated(found[3], month, int(found[1]), low, found)
        for found in _MONTH_DAY.finditer(low):
            if month := _MONTH.get(found[1], 0):
                return self._dated(found[3], month, int(found[2]), low, found)
        return None

    def _dated(self, year: str | None, month: int, day: int, low: str, found: re.Match[str]) -> datetime | None:
        if year:
            return self._at(_year(year), month, day, low, found.end(), found.start())
        if not self.now:
            return None
        moment = self._at(self.now.year, month, day, low, found.end(), found.start())
        return moment if moment <= self.now + timedelta(days=1) else moment.replace(year=moment.year - 1)

    def _at(self, year: int, month: int, day: int, low: str, end: int, start: int = 0) -> datetime:
        """The day, with the time of day that stands after it, or else before it."""
        rest = low[end:]
        clock = _time(rest) or _time(low[:start]) or (0, 0, 0)
        return datetime(year, month, day, *clock, tzinfo=_zone(rest) or self.zone)

    def _relative(self, low: str, text: str) -> datetime | None:
        if self.now is None:
            return None
        now = self.now.astimezone(self.zone)
        if (ago := _AGO_WORDS.search(low)) and (gone := _gone(_piece(low, ago))):
            return _back(now, gone)
        if last := _LAST.search(low):
            return _back(now, [(1, _UNIT[last[1] or last[2] or last[3]])])
        if short := _SHORT_AGO.fullmatch(low):
            return _back(now, [(int(short[1]), _UNIT[short[2]])])
        if _NOW.search(low):
            return now
        days = self._days_back(low, now, text)
        if days is None:
            return None
        clock = _time(re.sub(r"thứ\s*[2-7]", " ", low)) or (0, 0, 0)
        day = now - timedelta(days=days)
        return datetime(day.year, day.month, day.day, *clock, tzinfo=self.zone)

    @staticmethod
    def _days_back(low: str, now: datetime, text: str) -> int | None:
        for pattern, days in ((_BEFORE_YESTERDAY, 2), (_YESTERDAY, 1), (_TODAY, 0)):
            if pattern.search(low):
                return days
        wanted = weekday_in(text)
        return None if wanted is None else (now.weekday() - wanted) % 7


def _relative_words(low: str) -> bool:
    return bool(_AGO_WORDS.search(low) or _TODAY.search(low) or _YESTERDAY.search(low) or _NOW.search(low))


def _piece(low: str, ago: re.Match[str]) -> str:
    """The piece of a line that says how long ago: «dùng 2 tháng · 3 ngày trước»."""
    start = max((found.end() for found in _PIECES.finditer(low, 0, ago.start())), default=0)
    end = _PIECES.search(low, ago.end())
    return low[start : end.start() if end else len(low)]


def _gone(low: str) -> list[tuple[int, str]]:
    found = []
    for amount, word in _AMOUNT.findall(low):
        if unit := _UNIT.get(word):
            found.append((int(amount) if amount.isdigit() else _FEW[amount], unit))
    return found


def _back(now: datetime, gone: list[tuple[int, str]]) -> datetime:
    """So much earlier; months and years by the calendar, at the same time of day."""
    for amount, unit in gone:
        if unit in ("months", "years"):
            months = now.year * 12 + now.month - 1 - amount * (12 if unit == "years" else 1)
            year, month = months // 12, months % 12 + 1
            now = now.replace(year=year, month=month, day=min(now.day, monthrange(year, month)[1]))
        else:
            now -= timedelta(**{unit: amount})
    return now


def _time(text: str) -> tuple[int, int, int] | None:
    for found in _TIME.finditer(text):
        hour, minute, second, half = found.groups()
        if minute is None and half is None:
            continue
        number, half = int(hour), (half or "").replace(".", "").lower()
        if half in ("pm", "ch", "chiều", "tối") and number < 12:
            number += 12
        elif half in ("am", "sa") and number == 12:
            number = 0
        if number < 24 and int(minute or 0) < 60:
            return number, int(minute or 0), min(int(second or 0), 59)
    spoken = _SPOKEN_TIME.search(text) if "giờ" in text else None
    if spoken is not None and (number := int(spoken[1])) < 24 and int(spoken[2] or 0) < 60:
        return number + 12 if spoken[3] in ("chiều", "tối") and number < 12 else number, int(spoken[2] or 0), 0
    if "noon" in text:
        return 12, 0, 0
    return None


def _zone(text: str) -> tzinfo | None:
    found = _ZONE.search(text)
    if not found:
        return None
    return _offset(f"{found[1]}{int(found[2]):02d}{found[3] or '00'}") if found[1] else UTC


def _offset(text: str) -> tzinfo:
    if text in ("Z", "UTC", "GMT"):
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))


def _year(text: str) -> int:
    number = int(text.strip("'"))
    if number > 99:
        return number
    return 2000 + number if number < 70 else 1900 + number


def _vi_month(text: str) -> int:
    number = int(text) if text.isdigit() else _VI_NUMBER.get(text, 0)
    return number if 1 <= number <= 12 else 0


@lru_cache(maxsize=4096)
def _slow(text: str, lang: str, day_first: bool) -> datetime | None:
    import dateparser

    order = {"DATE_ORDER": "DMY" if day_first else "MDY", "REQUIRE_PARTS": ["day", "month", "year"]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return dateparser.parse(text, languages=[lang], settings=order)  # type: ignore[no-any-return]
        except (ValueError, OverflowError, TypeError, RecursionError):
            return None
