"""Word lists of the crawler: ``data/languages/<language>/<folder>/<name>.tsv`` with a header ``term, code, origin, example``.

The folder ``landing`` holds what competitors' pages say, ``pages`` what shops and forums write around reviews and posts.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import data

LANGUAGES = ("vi", "en")
_FOLDER = Path(data.__file__).parent / "languages"
_TOKEN = re.compile(r"\w+|[©#]")


class Term(NamedTuple):
    """One line of a word list: ``term`` in lower case, NFC; ``code`` is what it stands for."""

    term: str
    code: str


@cache
def terms(name: str, folder: str = "landing") -> tuple[Term, ...]:
    """All terms of the list ``name`` in every language, longest first."""
    found: list[Term] = []
    for language in LANGUAGES:
        path = _FOLDER / language / folder / f"{name}.tsv"
        with path.open(encoding="utf-8", newline="") as lines:
            rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            found += [Term(unicodedata.normalize("NFC", row["term"]).lower().strip(), row["code"]) for row in rows]
    return tuple(sorted(found, key=lambda term: -len(term.term)))


@cache
def words(name: str, code: str, folder: str = "landing") -> tuple[str, ...]:
    """The terms of one code in the list ``name``, longest first."""
    return tuple(dict.fromkeys(term.term for term in terms(name, folder) if term.code == code))


def either(name: str, code: str, folder: str = "landing") -> str:
    """The same as the alternatives of a pattern."""
    return "|".join(re.escape(word) for word in words(name, code, folder))


@cache
def asks() -> re.Pattern[str]:
    """The words of ``actions.tsv``, which ask to do something, at the beginning of a text in lower case."""
    return re.compile(rf"\W*(?:{'|'.join(re.escape(term.term) for term in terms('actions'))})(?!\w)")


def tokens(text: str) -> list[str]:
    """The words of ``text`` as :class:`Finder` reads them; ``text`` is in lower case already."""
    return _TOKEN.findall(text)


class Finder:
    """Finds the terms of one list in a text's words; the longest term at a word wins. Several times faster than a pattern
    of alternatives, and its time does not grow with the list.
    """

    def __init__(self, name: str) -> None:
        self._by_first: dict[str, list[tuple[int, list[str], str]]] = {}
        for term in terms(name):
            words = tokens(term.term)
            self._by_first.setdefault(words[0], []).append((len(words), words, term.code))
        for found in self._by_first.values():
            found.sort(key=lambda entry: -entry[0])

    def codes(self, words: Sequence[str]) -> list[str]:
        """The codes of the terms in ``words``, in order, overlaps included."""
        found = []
        by_first = self._by_first
        for i, word in enumerate(words):
            if word in by_first:
                for length, term, code in by_first[word]:
                    if length == 1 or words[i : i + length] == term:
                        found.append(code)
                        break
        return found


@cache
def finder(name: str) -> Finder:
    """The finder of the list ``name``, built once."""
    return Finder(name)


@cache
def place_names() -> frozenset[str]:
    """The names of places in every language's lexicon, in lower case."""
    names: set[str] = set()
    for language in LANGUAGES:
        path = _FOLDER / language / "lexicon" / "places.tsv"
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                names.update((row["term"].casefold(), row["code"].casefold()))
                names.update(name.casefold() for name in (row["variants"] or "").split("|") if len(name) > 3)
    return frozenset(names)
