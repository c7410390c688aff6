"""Word lists of the crawler: ``data/languages/<language>/landing/<name>.tsv`` with a header ``term, code, origin, example``."""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import NamedTuple

import data

LANGUAGES = ("vi", "en")
_FOLDER = Path(data.__file__).parent / "languages"


class Term(NamedTuple):
    """One line of a word list: ``term`` in lower case, NFC; ``code`` is what it stands for; ``language`` whose list it is."""

    term: str
    code: str
    language: str


@cache
def terms(name: str) -> tuple[Term, ...]:
    """All terms of the list ``name`` in every language, longest first."""
    found: list[Term] = []
    for language in LANGUAGES:
        path = _FOLDER / language / "landing" / f"{name}.tsv"
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                term = unicodedata.normalize("NFC", row["term"]).lower().strip()
                found.append(Term(term, row["code"], language))
    return tuple(sorted(found, key=lambda term: -len(term.term)))


@cache
def matcher(name: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """One pattern for all terms of ``name`` as whole words, and the code of each. Match it against lower-cased text."""
    codes = {term.term: term.code for term in reversed(terms(name))}
    words = "|".join(re.escape(term.term) for term in terms(name))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)"), codes
