"""The words by which figures of reports are understood: ``data/languages/*/importers/figures.tsv``, ages and places."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import data
from crawler.importers.localities import place_of
from data.codebook import OCCUPATION_GROUPS, PAIN_CATEGORIES, VALUES
from data.words import LANGUAGES

_FOLDER = Path(data.__file__).parent / "languages"
#: Rows of the list that are no values: verbs behind which a value stands, words before a figure, what is no share of people, people.
_OTHERS = ("verb", "copula", "not", "people")
_OLDEST = 120
_YEARS = r"(?:\s?(?:tuổi|years?(?:[\s-]old)?|yrs?))"
_AGES = (
    (
        re.compile(
            rf"(?:aged?\s|từ\s|độ tuổi\s)?(?<![\d.,])([1-9]\d?)\s?(?:-|–|to|đến|and)\s?"
            rf"([1-9]\d)(?!\d|[.,]\d|\s?%){_YEARS}?", re.I
        ), "span",
    ),
    (re.compile(rf"(?:dưới|under|below|younger than)\s([1-9]\d)(?![\d%]){_YEARS}?", re.I), "under"),
    (re.compile(rf"(?:trên|over|above|older than)\s([1-9]\d)(?![\d%]){_YEARS}?", re.I), "over"),
    (re.compile(rf"(?<![\d.,])([1-9]\d)(?:\s?\+|{_YEARS}?\s(?:trở lên|and (?:over|older|above|up)))", re.I), "from"),
)  # fmt: skip
_AGE_WORDS = re.compile(r"tuổi|\bage[ds]?\b|\byears?\b|\byrs?\b|\bgen z\b", re.I)
_NAME = re.compile(r"[^\W\d_][\w.]{0,20}(?<!\.)")
_NEAR_PLACE = re.compile(
    r"(?:\b(?:ở|tại|sống|live|lives|living|in|from|đến từ|thành phố|tỉnh|tp\.?|khu vực|based)\s{1,2})$", re.I
)


@dataclass(frozen=True, slots=True)
class Word:
    """A value of the codebook in a text."""

    start: int
    end: int
    attribute: str
    value: str


@cache
def _rows() -> list[tuple[str, str, str]]:
    found = []
    for lang in LANGUAGES:
        with (_FOLDER / lang / "importers" / "figures.tsv").open(encoding="utf-8", newline="") as file:
            found += [(row["attribute"], row["value"], row["words"]) for row in csv.DictReader(file, delimiter="\t")]
    for attribute, value, words in found:
        known = {
            **VALUES,
            "occupation": OCCUPATION_GROUPS,
            "pain": PAIN_CATEGORIES,
            "income": ("low", "middle", "high"),
        }
        if attribute not in (*_OTHERS, "children") and value not in known.get(attribute, ()):
            raise ValueError(f"figures.tsv: {attribute} {value} ({words})")
    return found


def _either(words: set[str]) -> str:
    return "|".join(
        re.escape(word).replace(r"\ ", r"\s") for word in sorted(words, key=lambda word: (-len(word), word))
    )


@cache
def pattern(what: str) -> re.Pattern[str]:
    """The words of one of the list's rows that are no values."""
    return re.compile(rf"(?<!\w)(?:{_either({words for kind, _, words in _rows() if kind == what})})(?!\w)", re.I)


@cache
def _values() -> tuple[re.Pattern[str], dict[str, list[tuple[str, str]]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for attribute, value, words in _rows():
        if attribute not in _OTHERS:
            found.setdefault(words, []).append((attribute, value))
    return re.compile(rf"(?<![\w-])(?:{_either(set(found))})(?![\w-])", re.I), found


def words_in(text: str, *, ages: bool = True) -> list[Word]:
    """The codebook's words in a text, in their order. ``ages``: whether bare numbers such as “25-34” are ages there."""
    found = [*_listed(text), *_ages(text, bare=ages), *_places(text)]
    return sorted(found, key=lambda word: (word.start, -word.end))


def _listed(text: str) -> Iterator[Word]:
    known, means = _values()
    for match in known.finditer(text):
        for attribute, value in means[" ".join(match[0].lower().split())]:
            yield Word(match.start(), match.end(), attribute, value)


def _ages(text: str, *, bare: bool) -> Iterator[Word]:
    if not (bare or _AGE_WORDS.search(text)):
        return
    for known, how in _AGES:
        for match in known.finditer(text):
            low, high = int(match[1]), int(match[2]) if how == "span" else 0
            span = {"span": (low, high), "under": (0, low - 1), "over": (low + 1, _OLDEST), "from": (low, _OLDEST)}[how]
            if span[0] < span[1] and (how != "span" or 2 <= high - low <= 30):
                yield Word(match.start(), match.end(), "age", f"{span[0]}-{span[1]}")


def speaks_of_ages(text: str) -> bool:
    """Whether a page speaks of ages at all."""
    return _AGE_WORDS.search(text) is not None


def _places(text: str) -> Iterator[Word]:
    """Names of places, which begin with capitals; of several that may stand at once the longest."""
    named = [match for match in _NAME.finditer(text) if match[0][0].isupper()]
    beyond = 0
    for place, match in enumerate(named):
        if match.start() < beyond:
            continue
        for last in reversed(named[place : place + 4]):
            name = text[match.start() : last.end()]
            found = place_of(name) if " ".join(name.split()) == name and len(name) <= 40 else None
            if found is not None and (" " in name or len(name) > 5 or _NEAR_PLACE.search(text[: match.start()][-20:])):
                yield Word(match.start(), last.end(), "location", found)
                beyond = last.end()
                break
