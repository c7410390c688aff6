"""Numbers, dates and codes as a reader of one language writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from math import floor
from typing import Any
from zoneinfo import ZoneInfo

from analysis.report.model import COMPETITORS, Apart, Check, Estimate, Trait
from analysis.values import AGES, amount, months, span
from data.labels import FREE
from data.numbers import points_in
from data.study import MARKET
from data.words import entry, tell_in

Day = date
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_GROUP, _POINT = {"vi": ".", "en": ","}, {"vi": ",", "en": "."}


def place_named(source: str, lang: str) -> str:
    """Where something was read, in words: the name of the file that it was imported from; an address stays as it is."""
    is_file = source.startswith("file:")
    return tell_in(lang, "report.method.imported", file=source.removeprefix("file:")) if is_file else source


class Speech:
    """The words of one language, and its way with numbers (vi 1.234,5 and 21/11/2026; en 1,234.5 and 21 Nov 2026)."""

    def __init__(self, lang: str, timezone: str = "UTC") -> None:
        self.lang = lang
        self._zone = ZoneInfo(timezone)

    def tell(self, key: str, /, **values: object) -> str:
        """The sentence ``report.<key>`` with its values."""
        return tell_in(self.lang, f"report.{key}", **values)

    def words(self, key: str) -> Any:
        """The list or table under ``report.<key>``."""
        return entry(f"report.{key}", self.lang)

    # Numbers and dates

    def number(self, value: float, digits: int = 0) -> str:
        text = f"{value:,.{digits}f}"
        return text.replace(",", "\0").replace(".", _POINT[self.lang]).replace("\0", _GROUP[self.lang])

    def count(self, value: float) -> str:
        """A number of people; weights may add up to no whole number."""
        return self.number(round(value))

    def percent(self, share: float) -> str:
        if 0 < share < 0.005:
            return self.tell("below_one_percent")
        return f"{self.number(share * 100)}%"

    def points(self, share: float) -> str:
        """A signed difference in percentage points."""
        return points_in(self.lang, share)

    def interval(self, low: float, high: float) -> str:
        return f"{self.number(low * 100)}–{self.number(high * 100)}%"

    def people(self, n: float) -> str:
        return self.tell("people.one" if round(n) == 1 else "people.many", n=self.count(n))

    def crowd(self, n: float | None, minimum: int) -> str:
        """A number of people; ``None`` is a number that must not be told."""
        if n is None:
            return self.tell("people.few", n=minimum)
        return self.people(n) if n else self.tell("people.nobody")

    def size(self, n: float | None) -> str:
        """``n = 120`` of an audience that may be told."""
        return self.tell("n_is", n=self.count(n)) if n else self.tell("not_enough_data")

    def of_people(self, e: Estimate) -> str:
        """How many people an estimate counts: ``120``, or ``at least 55``."""
        return self.tell("at_least", n=self.count(e.count)) if e.at_least else self.count(e.count)

    def told(self, e: Estimate) -> str:
        """A share: ``43%``, or ``at least 92%`` where only that may be told."""
        return self.bound(e.share) if e.at_least else self.percent(e.share)

    def bound(self, share: float) -> str:
        """A share that is a lower bound, never rounded up."""
        return self.tell("at_least", n=self.percent(floor(share * 100) / 100))

    def stands_on(self, e: Estimate) -> str:
        """What a share rests on: its interval, unless only a bound may be told, and its n."""
        n = self.tell("n_is", n=self.count(e.n))
        return n if e.at_least else f"{self.interval(e.low, e.high)} · {n}"

    def between(self, low: float, high: float) -> str:
        """The interval of a difference, in points."""
        return self.tell("differ.between", low=self.points(low), high=self.points(high))

    def share(self, e: Estimate) -> str:
        """A share never alone: with its count, its number of people and its interval."""
        if e.at_least:
            return self.tell("share_at_least", share=self.told(e), n=self.count(e.n))
        return self.tell(
            "share",
            share=self.percent(e.share),
            count=self.count(e.count),
            n=self.count(e.n),
            interval=self.interval(e.low, e.high),
        )

    def date(self, iso: str | None) -> str:
        if not iso:
            return self.tell("no_date")
        try:
            moment = datetime.fromisoformat(iso.replace("Z", "+00:00"))
        except ValueError:
            return self.month(iso) if _MONTH.fullmatch(iso) else iso[:10]
        if moment.tzinfo is not None:
            moment = moment.astimezone(self._zone)
        month = entry("report.months", self.lang)[moment.month - 1]
        return self.tell(
            "date", day=moment.day, dd=f"{moment.day:02}", mm=f"{moment.month:02}", month=month, year=moment.year
        )

    def day(self, iso: str | None) -> Day | str | None:
        """A day in the reader's time zone, for programs that write dates themselves; what is no day stays as it is."""
        if not iso:
            return None
        try:
            moment = datetime.fromisoformat(iso.replace("Z", "+00:00"))
        except ValueError:
            return iso[:10]
        return (moment.astimezone(self._zone) if moment.tzinfo else moment).date()

    def hour(self, iso: str) -> str:
        """A date and the time of day, to tell two moments of one day apart."""
        moment = datetime.fromisoformat(iso.replace("Z", "+00:00"))
        if moment.tzinfo is not None:
            moment = moment.astimezone(self._zone)
        return f"{self.date(iso)}, {moment:%H:%M}"

    def month(self, month: str) -> str:
        year, _, number = month.partition("-")
        return self.tell("month", mm=number, month=entry("report.months", self.lang)[int(number) - 1], year=year)

    def money(self, value: float, currency: str | None) -> str:
        digits = 0 if currency == "VND" or value == int(value) else 2
        return self._currency(self.number(value, digits), currency)

    def _currency(self, text: str, currency: str | None) -> str:
        if not currency:
            return text
        key = "VND" if currency == "VND" else "other"
        return self._code(f"money.{key}", amount=text, currency=currency)

    def _short(self, value: float) -> str:
        for step, name in ((1e9, "billion"), (1e6, "million"), (1e3, "thousand")):
            if value >= step:
                scaled = value / step
                return self._code(f"money.{name}", n=self.number(scaled, 0 if scaled == int(scaled) else 1))
        return self.number(value)

    # Codes

    def _code(self, key: str, /, **values: object) -> str:
        return tell_in(self.lang, f"codes.{key}", **values)

    def name(self, table: str, code: str) -> str:
        """The name of a code; a code without a name stands for itself."""
        names = entry(f"codes.{table}", self.lang)
        return str(names.get(code, code))

    def brand(self, brand: str) -> str:
        if brand in (MARKET, COMPETITORS):
            return self._code(f"brand_{brand}")
        return brand

    def place(self, source: str) -> str:
        """Where something was read: a source's address or host, or the file that it was imported from."""
        return place_named(source, self.lang)

    def engine(self, engine: str | None) -> str:
        """What a source was read as: its software by its name, or how it was read without one."""
        names: dict[str, str] = entry("report.engines", self.lang)
        return names.get(engine or "", engine or "–")

    def robots(self, robots: str | None) -> str:
        """What a site's robots.txt says: ``rules``, ``none`` or ``unreachable``, and the delay it asks for."""
        said, _, delay = (robots or "").partition(", crawl-delay ")
        names: dict[str, str] = entry("report.robots", self.lang)
        name = names.get(said) or robots or self.tell("method.unknown")
        return self.tell("robots.delay", rules=name, seconds=delay) if delay else name

    def refusals(self, refused: Iterable[tuple[str, int]]) -> str:
        """What a crawl refused, or was refused, reason by reason."""
        return ", ".join(tell_in(self.lang, f"crawl.refused.{key}", count=self.count(times)) for key, times in refused)

    def state(self, state: str | None) -> str:
        """How the last crawl of a source ended."""
        names: dict[str, str] = entry("report.states", self.lang)
        return names.get(state or "", self.tell("method.unknown"))

    def attribute(self, attribute: str) -> str:
        return self.name("attributes", attribute)

    def category(self, category: str) -> str:
        return self.name("categories", category)

    def value(self, attribute: str, code: str) -> str:
        """The name of a value or of a band of values."""
        if attribute == "pain":
            return self.category(code)
        if attribute == "age" and (ages := span(code)):
            return self._ages(*ages)
        if attribute == "child_age" and (child := months(code if code[-1:] in "my" else f"{code}m")):
            return self._months(*child)
        if attribute == "child_age" and (wide := re.fullmatch(r"(\d{1,4})-(\d{4})", code)):
            return self._months(float(wide[1]), float(wide[2]))
        tables: dict[str, dict[str, str]] = entry("codes.values", self.lang)
        if code in tables.get(attribute, {}):
            return str(tables[attribute][code])
        if attribute in ("income", "budget"):
            return self._amounts(code)
        return f"“{code}”" if attribute in FREE else code

    def chip(self, attribute: str, code: str) -> str:
        """A code as evidence shows it: the attribute and the value."""
        return f"{self.attribute(attribute)}: {self.value(attribute, code)}"

    def _ages(self, low: float, high: float) -> str:
        if low == high:
            return self._code("bands.age_one", low=int(low))
        if low == 0:
            return self._code("bands.age_below", high=int(high) + 1)
        if high >= AGES[-1][1]:
            return self._code("bands.age_from", low=int(low))
        return self._code("bands.age", low=int(low), high=int(high))

    def _months(self, low: float, high: float) -> str:
        if low >= 12 and low % 12 == 0 and (high % 12 == 11 or high >= 1200):
            return self._ages(low // 12, high // 12 if high < 1200 else 120)
        if low == high:
            return self._code("bands.months_one", low=int(low))
        if low == 0:
            return self._code("bands.months_below", high=int(high) + 1)
        return self._code("bands.months", low=int(low), high=int(high))

    def _amounts(self, code: str) -> str:
        open_end = amount(code)
        if open_end is None:
            return code
        (low, high), currency = open_end
        if "-" not in code:
            return self.money(low, currency)
        if code.split(" ")[0].endswith("-"):
            text = self._code("bands.amount_from", low=self._short(low))
        elif low == 0:
            text = self._code("bands.amount_below", high=self._short(high))
        else:
            text = self._range(low, high)
        return self._currency(text, currency)

    def _range(self, low: float, high: float) -> str:
        first, last = self._short(low), self._short(high)
        unit = last.partition(" ")[2]
        if unit and first.endswith(unit):
            first = first.partition(" ")[0]
        return self._code("bands.amount", low=first, high=last)

    # Lists and assumptions

    def join(self, items: Sequence[str], last: str = "and") -> str:
        """``a, b và c``; ``last`` is the word before the last: ``and`` or ``or``."""
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {self.tell(last)} {items[-1]}"

    def names(self, items: Sequence[Trait | Apart]) -> str:
        """The attributes of several traits or distances, as a list."""
        return self.join([self.attribute(item.attribute) for item in items])

    def says(self, attribute: str, values: str) -> str:
        """What people with these values do or are, to stand after "70 %" or "most": `live in Hà Nội`."""
        phrases: dict[str, str] = entry("report.says", self.lang)
        return phrases.get(attribute, phrases["other"]).format(values=values, attribute=self.attribute(attribute))

    def says_in(self, attribute: str, codes: Sequence[str]) -> str:
        """:meth:`says` of coded values."""
        return self.says(attribute, self.join([self.value(attribute, code) for code in codes], "or"))

    def assumption(self, check: Check) -> str:
        """An assumption as a sentence without its full stop."""
        if check.top == 1:
            return self.tell("assume.first", pain=self.category(str(check.pain)))
        if check.top is not None:
            return self.tell("assume.top", pain=self.category(str(check.pain)), top=check.top)
        if check.pain is not None:
            says = self.tell("says.pain", values=self.category(check.pain))
        else:
            attribute = str(check.attribute)
            says = self.says_in(attribute, check.expected)
        low, high = check.at_least, check.at_most
        if low is not None and high is not None:
            return self.tell("assume.between", low=self.percent(low), high=self.percent(high), says=says)
        bound = "at_least" if low is not None else "at_most"
        return self.tell(f"assume.{bound}", share=self.percent(low if low is not None else high or 0), says=says)
