"""What the columns and the values of analytics exports mean, in both languages: lists in ``data/languages/*/importers``."""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache
from pathlib import Path

import data
from crawler.importers.columns import plain, split_words
from data.codebook import VALUES
from data.folding import fold, words
from data.groups import grouped
from data.words import LANGUAGES

#: Dimensions of a report and the codebook's attribute that each tells. ``device`` is no attribute of the codebook: it is kept
#: beside them, for whoever builds the pages that people open.
DIMENSIONS = (
    "age",
    "gender",
    "city",
    "region",
    "country",
    "device",
    "channel_group",
    "source_medium",
    "source",
    "medium",
)
METRICS = ("users", "new_users", "sessions", "engaged_sessions", "key_events", "share")
_FOLDER = Path(data.__file__).parent / "languages"
_UTM = re.compile(r"^(?:www|m|l|lm|mobile|out|amp|business)\.")
_GENDER_AGE = re.compile(r"([FMU])\.(\d\d-\d\d|\d\d\+)")
_AGE = re.compile(
    r"(\d{1,3})\s?(?:-|–|to|đến|den)\s?(\d{1,3})|(\d{1,3})\s?\+|(?:tren|over|above)\s(\d{1,3})|(?:duoi|under|below|<)\s?(\d{1,3})"
)
_YEARS = re.compile(r"\b(?:years?|yrs?|old|tuoi|age)\b")
_OLDEST = 120


def _rows(name: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for lang in LANGUAGES:
        with (_FOLDER / lang / "importers" / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
            found += csv.DictReader(file, delimiter="\t")
    return found


@cache
def _columns() -> dict[str, str]:
    return {plain(row["name"]): row["what"] for row in _rows("analytics")}


@cache
def _values() -> dict[tuple[str, str], str]:
    return {(row["attribute"], " ".join(words(row["name"]))): row["value"] for row in _rows("analytics_values")}


@cache
def _channels() -> dict[str, str]:
    found = {fold(row["name"]): row["channel"] for row in _rows("analytics_channels")}
    wrong = set(found.values()) - {*VALUES["channel"], "-"}
    if wrong:
        raise ValueError(f"analytics_channels.tsv: {sorted(wrong)}")
    return found


def column(name: str) -> str | None:
    """What a column holds: a dimension, a metric, ``age_gender``, ``date``, ``label``, ``gender=female``, ``cell=female/18-24``."""
    if not name or len(name) > 120:
        return None
    if match := _GENDER_AGE.search(name):
        return f"cell={match[1]}/{match[2]}"
    for spelling in (plain(name), " ".join(words(name)), plain(split_words(name))):
        if found := _columns().get(spelling):
            return found
    sex = _values().get(("gender", " ".join(words(name))))
    if sex:
        return f"gender={sex}"
    return "gender=" if is_silent(name) and not name.isdigit() else None


def is_silent(value: str) -> bool:
    """Whether a value says that nothing is known: ``(not set)``, ``unknown``, nothing at all."""
    said = " ".join(words(value))
    return not said or ("silent", said) in _values()


@lru_cache(maxsize=20_000)
def is_total(value: str) -> bool:
    """Whether a row is the sum of the others."""
    return ("total", " ".join(words(value))) in _values()


def age(value: str) -> list[tuple[str, float]] | None:
    """The bands of the codebook that an age falls into; an empty list where it is wider than they tell; ``None`` for no age."""
    said = " ".join(_YEARS.sub(" ", fold(value)).split())
    match = _AGE.fullmatch(said)
    if match is None:
        return None
    low = int(match[1] or match[3] or match[4] or 0)
    high = int(match[2]) if match[2] else int(match[5]) - 1 if match[5] else _OLDEST
    if low >= 65:
        return [("65-120", 1.0)]
    return [("0-17", 1.0)] if high <= 17 else list(grouped("age", f"{low}-{high}", None))


def gender(value: str) -> str | None:
    """``female``, ``male``, ``other``, or ``None`` for what is no gender."""
    return _values().get(("gender", " ".join(words(value))))


def device(value: str) -> str | None:
    """``mobile``, ``desktop``, ``tablet``, ``tv``, or ``None``."""
    return _values().get(("device", " ".join(words(value))))


@lru_cache(maxsize=20_000)
def channel(value: str) -> str | None:
    """The codebook's channel of a source, a medium behind it (``facebook.com / referral``) or a group of channels.

    ``""`` where the value does not tell (direct visits, “Organic Social”), ``None`` for a source that no list has.
    """
    source, _, medium = (part.strip() for part in fold(value).partition(" / "))
    host = _UTM.sub("", source.removeprefix("https://").removeprefix("http://").partition("/")[0])
    for name in (source, host, host.removesuffix(".com"), medium if medium in ("email", "e-mail") else ""):
        found = _channels().get(name)
        if found:
            return "" if found == "-" else found
    if medium and (found := _channels().get(medium)) and found != "-":
        return found
    return None
