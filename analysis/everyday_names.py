"""Brands whose names are everyday words, too: “lửa nhỏ” is a low flame before it is a brand.

Whoever writes with marks and capital letters and gives the name none may mean the words; so may who begins a sentence with them. Only a
person can tell, so they are shown: the study's ``not_in`` of a brand names the phrases in which it is not meant.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from analysis.read import Brands
from analysis.text.language import syllable
from data.folding import fold
from data.masks import mask
from data.store import Store
from data.study import Brand, Study

#: So many posts, and at most this part of all that name the brand: where everybody writes it small, it says nothing.
_FEWEST, _MOST_PART = 2, 0.5
#: So many of the newest posts of a brand are looked at.
_LOOKED_AT = 20_000
_SHOWN = 3
_BEFORE, _BEHIND = re.compile(r"\w+\s+$"), re.compile(r"\s+\w+(?:\s+\w+)?")
_SENTENCE_BEGINS = re.compile(r"(?:^|[.!?\n])\W*$")
_TEXTS = """
select p.text from mentions m join posts p on p.id = m.post join brands b using (brand_id)
where b.name = ? and m.how = 'text' and p.duplicate_of is null order by p.id desc limit ?
"""


def found(store: Store, study: Study) -> Iterator[Mapping[str, Any]]:
    """Of each brand without ``not_in`` that may be meant less often than it is named: brand, written (as it stands there), posts, of
    (how many name it), and examples with the word before it."""
    brands = Brands(study)
    for brand in study.brands:
        names = set() if brand.not_in else {_plain(name) for name in brand.names if _everyday(name)}
        if not names:
            continue
        told = _told(store, brands, brand, names)
        if told is not None:
            yield told


def _told(store: Store, brands: Brands, brand: Brand, names: set[str]) -> Mapping[str, Any] | None:
    posts, shown = 0, list[tuple[str, str]]()
    for row in store.query(_TEXTS, (brand.name, _LOOKED_AT)):
        text = unicodedata.normalize("NFC", row["text"])
        places = [(start, end) for start, end, name in brands.places(text) if name == brand.name]
        if not places:
            continue
        posts += 1
        written = [(start, end) for start, end in places if _plain(text[start:end]) in names]
        if len(written) == len(places) and all(_may_be_words(text, start, end) for start, end in written):
            start, end = written[0]
            before, behind = _BEFORE.search(text[max(0, start - 30) : start]), _BEHIND.match(text[end : end + 30])
            said = f"{before[0] if before else ''}{text[start:end]}{behind[0] if behind and not before else ''}"
            shown.append((text[start:end].lower(), mask(said).lower()))
    examples = list(dict.fromkeys(one for name, one in shown if _plain(one) != _plain(name)))[:_SHOWN]
    if len(shown) < _FEWEST or len(shown) > _MOST_PART * posts or not examples:
        return None
    return {
        "brand": brand.name,
        "written": shown[0][0],
        "posts": len(shown),
        "of": posts,
        "examples": examples,
    }


def _may_be_words(text: str, start: int, end: int) -> bool:
    """Whether a place is written as words are where the rest has its capital letters."""
    name = text[start:end]
    if name.islower():
        return text[:1].isupper()
    return name[1:].islower() and len(name.split()) > 1 and _SENTENCE_BEGINS.search(text[:start]) is not None


def _everyday(name: str) -> bool:
    """Whether a name may be ordinary Vietnamese: all of it syllables, with a mark among them."""
    words = _plain(name).split()
    return fold(name) != name.lower() and all(map(syllable, words))


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).lower().split())
