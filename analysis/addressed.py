"""Whom a brand's pages address, coded on the codebook: the words in ``addressed.toml`` of both languages, ages written in figures, and
places and occupations of the lexicon."""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import data
from analysis.promises import CURRENT_PAGES
from analysis.whole_words import any_of
from data.store import Store
from data.words import LANGUAGES

_FOLDER = Path(data.__file__).parent / "languages"
_LONGEST, _MOST_LINES = 300, 40
_RANGE = re.compile(
    r"(?P<child>(?:(?<!\w)(?:bé|trẻ|con|babies|kids|children|toddlers)\W+(?:\w+\W+){0,2})?)(?<!\d)(?P<low>\d{1,2})\s*(?P<first>tháng|tuổi|months?|years?)?\s*"
    r"(?:-|–|đến|tới|to)\s*(?P<high>\d{1,3})\s*(?P<unit>tháng|tuổi|months?|years?)"
)
_ADULT = 15
#: Attributes that words tell wherever they stand on a page.
_ANYWHERE = frozenset({"gender", "age", "children", "child_age"})
#: Areas of the lexicon whose words code an attribute, and the notes that make a line too weak to be taken alone.
_LEXICON = {"places": "location", "occupations": "occupation", "occupations_more": "occupation"}
_WEAK = frozenset({"weak", "tail"})


@dataclass(frozen=True, slots=True)
class Addressed:
    """One attribute that a page gives the people it addresses, with the page's own words."""

    brand: str
    attribute: str
    value: str
    claimed: str
    url: str


def read(store: Store) -> list[Addressed]:
    """Whom the current pages of every brand address, each attribute's value once a brand."""
    found: dict[tuple[str, str, str], Addressed] = {}
    for row in store.query(CURRENT_PAGES):
        page = json.loads(row["content"])
        lines = [*_texts(page.get("audiences")), *_texts([page.get("title"), page.get("description")])]
        for place, line in enumerate(lines[:_MOST_LINES]):
            told = codes(line, deep=place < len(page.get("audiences") or ()))
            for attribute, value in told:
                one = Addressed(row["brand"], attribute, value, line, row["url"])
                found.setdefault((one.brand, attribute, value), one)
    return list(found.values())


def _texts(lines: Iterable[object] | None) -> list[str]:
    return [" ".join(str(line).split())[:_LONGEST] for line in lines or () if line]


def codes(line: str, *, deep: bool = True) -> list[tuple[str, str]]:
    """(attribute, value) of everybody whom a line of a page addresses. A line that says for whom something is (``deep``) is read
    for everything; elsewhere places, occupations and the like stand for other things."""
    plain = unicodedata.normalize("NFC", line).lower()
    found = dict.fromkeys(_ages(plain))
    for attribute, value, pattern in _words():
        if (deep or attribute in _ANYWHERE) and pattern.search(plain):
            found[attribute, value] = None
    if deep:
        words = re.findall(r"[^\W_]+", plain)
        phrases = {" ".join(words[i : i + size]) for size in range(1, 5) for i in range(len(words) - size + 1)}
        known = _lexicon()
        found |= dict.fromkeys(known[phrase] for phrase in sorted(phrases & known.keys()))
    return list(found)


def _ages(plain: str) -> Iterator[tuple[str, str]]:
    for match in _RANGE.finditer(plain):
        low, high, unit = int(match["low"]), int(match["high"]), match["unit"]
        if low > high:
            continue
        if unit.startswith(("tháng", "month")):
            yield "child_age", f"{low}-{high}m"
        elif match["child"] or high < _ADULT:
            yield "child_age", f"{low}-{high}y"
        elif low >= _ADULT:
            yield "age", f"{low}-{high}"


@cache
def _words() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    found: dict[tuple[str, str], list[str]] = {}
    for lang in LANGUAGES:
        table = tomllib.loads((_FOLDER / lang / "addressed.toml").read_text(encoding="utf-8"))
        for attribute, values in table.items():
            for value, phrases in values.items():
                found.setdefault((attribute, value), []).extend(phrases)
    return tuple((attribute, value, any_of(phrases)) for (attribute, value), phrases in found.items())


@cache
def _lexicon() -> dict[str, tuple[str, str]]:
    """A place or an occupation as people write it → attribute and value."""
    from analysis.text.lexicon import load

    found: dict[str, tuple[str, str]] = {}
    for lang in LANGUAGES:
        lexicon = load(lang)
        for area, attribute in _LEXICON.items():
            for entry in lexicon.area(area):
                if entry.notes not in _WEAK:
                    found |= {form: (attribute, entry.code) for form in entry.forms if len(form) > 3}
    return found
