"""Names that stand for nobody in particular: two posts by “Guest” are not two posts of one person."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from data.words import LANGUAGES

_FOLDER = Path(__file__).parent / "languages"
_LONGEST = 60
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"[\W_]*\d{1,12}$")


@lru_cache(maxsize=10_000)
def nobody_in_particular(name: str) -> bool:
    """Whether ``name`` is what sites call guests and anonymous or deleted members.

    Marks count: “Ẩn danh” is anonymous, An Danh and Võ Danh are people.
    """
    if len(name) > _LONGEST:
        return False
    plain = _plain(name)
    named, numbered = _names()
    return plain in named or _NUMBER.sub("", plain) in numbered


def _plain(name: str) -> str:
    return " ".join(_WORD.findall(unicodedata.normalize("NFC", name).casefold()))


@cache
def _names() -> tuple[frozenset[str], frozenset[str]]:
    """The names of ``guests.txt`` in every language, since a forum speaks one of its own; and those that take a number."""
    lines = [
        line
        for lang in LANGUAGES
        for line in (_FOLDER / lang / "guests.txt").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    numbered = frozenset(_plain(line) for line in lines if line.endswith("*"))
    return frozenset(_plain(line) for line in lines), numbered
