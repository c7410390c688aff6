"""An answer as a person reads it: percentages, days in the study's time zone, codes in words. Its files keep the raw values."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from analysis.labels.naming import choices
from analysis.report.speech import Speech, place_named
from data.words import entry

#: Column → how its value is written; a question says otherwise of its own in data/queries/shown.toml (``forms``).
_FORMS = {
    "share": "percent", "low": "percent", "high": "percent", "delta": "decimal", "odds": "times", "lift": "times",
    "mean_severity": "decimal", "severity": "severity", "stars": "stars", "rating": "stars", "mean_rating": "decimal",
    "mean_of_verified": "decimal", "price": "money", "price_to": "money", "was": "money", "url": "link", "source": "place",
    "verified": "flag", "whole": "flag", "at_least": "flag", "after_data": "flag", "changed": "flag", "checked_at": "moment",
    "started_at": "moment", "ended_at": "moment", "last_refused": "moment", "changed_at": "moment", "month": "day", "period": "day",
    "since": "day", "until": "day", "as_of": "day", "last_as_before": "day", "q_value": "chance", "value": "value", "subject": "subject",
    "term": "term", "measure": "measure", "claim": "claim", "rule": "rule", "reasons": "reasons", "brand": "brand", "name": "brand",
    "from_brand": "brand", "to_brand": "brand", "attribute": "attribute", "category": "category", "state": "state", "engine": "engine",
    "author": "key", "who": "who", "authors": "count", "people": "count", "audience": "count", "told": "count", "n": "count",
}  # fmt: skip
_DAYS = ("_at", "_seen", "_post", "_label")
_CLAIM = re.compile(r"(?P<what>[\w ]+): (?P<values>.*?)(?: (?P<sign>>=|<=) (?P<share>[\d.]+))?")
_SIGNS = {">=": "≥", "<=": "≤"}
_SURELY = 0.001
#: Columns of tables that tell where something was read.
SOURCES = ("source", "source_id", "url")


@dataclass(frozen=True)
class Shown:
    """A cell: its words (or its link), the raw value behind them where they differ, and whether it is a number."""

    words: str
    raw: str = ""
    number: bool = False


def imported(value: Any, column: str, lang: str) -> str | None:
    """A cell of a table that tells an imported file, in words; ``None`` of any other."""
    if column not in SOURCES:
        return None
    if isinstance(value, dict):  # a key with what it stands for, which Datasette makes a link of
        value["label"] = place_named(str(value["label"]), lang)
        return None
    return place_named(value, lang) if isinstance(value, str) and value.startswith("file:") else None


class Answers:
    """Writes the cells of a question's answer in one language and one time zone."""

    def __init__(self, lang: str, timezone: str = "UTC") -> None:
        self._speech = Speech(lang, timezone)
        self.lang, self._say = lang, entry("answers", lang)
        self._ways: dict[str, Callable[[Any, Mapping[str, Any], str], str]] = {
            name.removeprefix("_as_"): getattr(self, name) for name in dir(self) if name.startswith("_as_")
        }

    def cell(self, column: str, row: Mapping[str, Any], forms: Mapping[str, str] | None = None) -> Shown:
        """The value of a column in a row of a named question; ``forms`` are the question's own."""
        value = row[column]
        is_number = isinstance(value, int | float)
        if value is None or value == "":
            return Shown(self._say["none"])
        way = (forms or {}).get(column) or _FORMS.get(column)
        if way is None and isinstance(value, str):
            way = "day" if column.endswith(_DAYS) else "code"
        try:
            words = self._ways[way](value, row, column) if way else self._plain(value)
        except (ValueError, TypeError, KeyError, AttributeError):  # a value of another sort than this column's others
            words = str(value)
        raw = str(value)
        is_number = is_number and way not in ("flag", "severity", "stars")
        return Shown(words, "" if raw == words or isinstance(words, Markup) else raw, is_number)

    def day(self, at: str | None) -> str:
        """The day of a moment; empty where there is none."""
        return self._speech.date(at) if at else ""

    def _plain(self, value: Any) -> str:
        if not isinstance(value, int | float):
            return str(value)
        return self._speech.number(value, 0 if float(value).is_integer() or abs(value) >= 100 else 1)

    def _as_percent(self, value: float, _row: Mapping[str, Any], _column: str) -> str:
        return self._speech.percent(value)

    def _as_decimal(self, value: float, _row: Mapping[str, Any], _column: str) -> str:
        return self._speech.number(value, 2).replace("-", "−")

    def _as_count(self, value: float, _row: Mapping[str, Any], _column: str) -> str:
        return self._speech.count(value)

    def _as_times(self, value: float, _row: Mapping[str, Any], _column: str) -> str:
        return str(self._say["times"]).format(n=self._speech.number(value, 2))

    def _as_points(self, value: float, _row: Mapping[str, Any], _column: str) -> str:
        return str(self._say["points"]).format(n=self._speech.points(value))

    def _as_chance(self, value: float, _row: Mapping[str, Any], _column: str) -> str:
        return f"< {self._speech.number(_SURELY, 3)}" if value < _SURELY else self._speech.number(value, 3)

    def _as_money(self, value: float, row: Mapping[str, Any], _column: str) -> str:
        return self._speech.money(value, row.get("currency"))

    def _as_moment(self, value: str, _row: Mapping[str, Any], _column: str) -> str:
        return self._speech.hour(value) if "T" in value else self._speech.date(value)

    def _as_day(self, value: str, _row: Mapping[str, Any], _column: str) -> str:
        return self._speech.date(value)

    def _as_flag(self, value: Any, _row: Mapping[str, Any], _column: str) -> str:
        return str(self._say["yes" if value else "no"])

    def _as_severity(self, value: Any, _row: Mapping[str, Any], _column: str) -> str:
        return str(entry("label.severity", self.lang)[str(value)])

    def _as_stars(self, value: float, _row: Mapping[str, Any], _column: str) -> str:
        return f"{self._plain(value)} ★"

    def _as_brand(self, value: str, _row: Mapping[str, Any], _column: str) -> str:
        return str(self._say["unknown_brand"]) if value == "?" else self._speech.brand(value)

    def _as_attribute(self, value: str, _row: Mapping[str, Any], _column: str) -> str:
        return str(self._say["every"]) if value == "all" else self._speech.attribute(value)

    def _as_category(self, value: str, _row: Mapping[str, Any], _column: str) -> str:
        return self._speech.category(value)

    def _as_state(self, value: str, _row: Mapping[str, Any], _column: str) -> str:
        return self._speech.state(value)

    def _as_engine(self, value: str, _row: Mapping[str, Any], _column: str) -> str:
        return self._speech.engine(value)

    def _as_who(self, value: str, _row: Mapping[str, Any], _column: str) -> str:
        return str(entry("label.who", self.lang).get(value, value))

    def _as_key(self, value: str, _row: Mapping[str, Any], _column: str) -> str:
        return f"{value[:8]}…"

    def _as_value(self, value: Any, row: Mapping[str, Any], column: str) -> str:
        attribute = row.get("attribute")
        if isinstance(value, str) and attribute:
            return self._speech.value(attribute, value)
        return self._plain(value) if not isinstance(value, str) else self._as_code(value, row, column)

    def _as_term(self, value: str, row: Mapping[str, Any], _column: str) -> str:
        return self._speech.category(value) if row.get("kind") == "pain" else f"“{value}”"

    def _as_subject(self, value: str, row: Mapping[str, Any], column: str) -> str:
        kind = row.get("kind")
        if kind == "channel":
            return self._speech.value("channel", value)
        offers: dict[str, str] = entry("compare.offers", self.lang)
        return (
            offers[value]
            if value in offers
            else self._speech.category(value)
            if kind in ("pain", "strength")
            else self._as_term(value, row, column)
        )

    def _as_measure(self, value: str, row: Mapping[str, Any], _column: str) -> str:
        measure, _, of = value.partition(":")
        known = self._say["measures"].get(measure)
        named = of if measure == "target" else self._speech.value(str(row.get("attribute") or ""), of)
        return str(known).format(value=named) if known else value

    def _as_measured(self, value: float, row: Mapping[str, Any], column: str) -> str:
        """A number whose unit the row's ``measure`` tells."""
        measure = str(row.get("measure") or "").partition(":")[0]
        ways = {
            "lift": "times",
            "engagement": "times",
            "difference": "points",
            "target": "percent",
            "complaint": "percent",
            "praise": "percent",
        }
        return self._ways[ways.get(measure, "decimal")](value, row, column)

    def _as_claimed(self, value: float, row: Mapping[str, Any], column: str) -> str:
        """A share, or a rank where the claim is of one."""
        is_rank = ": top " in str(row.get("claim") or "")
        return str(self._say["rank"]).format(n=round(value)) if is_rank else self._as_percent(value, row, column)

    def _as_claim(self, value: str, _row: Mapping[str, Any], _column: str) -> str:
        found = _CLAIM.fullmatch(value)
        if found is None:
            return value
        what = found["what"].removeprefix("pain ")
        name = self._speech.category(what) if found["what"].startswith("pain ") else self._speech.attribute(what)
        told = ", ".join(self._speech.value(what, one) for one in found["values"].split(", "))
        bound = f" {_SIGNS[found['sign']]} {self._speech.percent(float(found['share']))}" if found["sign"] else ""
        return f"{name}: {told}{bound}"

    def _as_rule(self, value: str, _row: Mapping[str, Any], _column: str) -> str:
        rule = json.loads(value)
        names = ", ".join(self._speech.attribute(name) for name in rule["attributes"])
        return str(self._say["told"]).format(n=rule["least_told"], list=names)

    def _as_reasons(self, value: str, _row: Mapping[str, Any], _column: str) -> str:
        told = [
            str(self._say["reason"]).format(
                what=self._speech.value(one["kind"], one["code"]), n=self._speech.count(one["authors"])
            )
            for one in json.loads(value)
        ]
        return ", ".join(told) or str(self._say["none"])

    def _as_link(self, value: str, _row: Mapping[str, Any], _column: str) -> str:
        if not value.startswith(("http://", "https://")):
            return value
        url, name = escape(value), escape(self._say["open"])
        link = f'<a href="{url}" rel="noreferrer noopener" target="_blank" title="{url}">{name}</a>'
        return Markup(link)  # noqa: S704 - both parts are escaped

    def _as_place(self, value: str, _row: Mapping[str, Any], _column: str) -> str:
        parts = urlsplit(value)
        return f"{parts.netloc}{parts.path.rstrip('/')}" if parts.netloc else self._speech.place(value)

    def _as_code(self, value: str, _row: Mapping[str, Any], column: str) -> str:
        if column == "kind" and value in choices("kind"):
            return self._speech.name("kinds", value)
        return str(self._say["codes"].get(column, {}).get(value, value))
