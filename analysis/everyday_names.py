"""Brands whose names are everyday words, too: “lửa nhỏ” is a low flame before it is a brand.

Whoever writes with marks and gives the name no capital letters may mean the words. Only a person can tell, so they are shown: the study's
``not_in`` of a brand names the phrases in which it is not meant.
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
FEWEST, _MOST_PART = 3, 0.5
#: So many of the newest posts of a brand are looked at.
_LOOKED_AT = 20_000
_BESIDE = re.compile(r"\w+\s+$")
_TEXTS = """
select p.id, p.text from mentions m join posts p on p.id = m.post join brands b using (brand_id)
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
    posts, small, shown = 0, 0, list[tuple[str, str]]()
    for row in store.query(_TEXTS, (brand.name, _LOOKED_AT)):
        text = unicodedata.normalize("NFC", row["text"])
        places = [(start, end) for start, end, name in brands.places(text) if name == brand.name]
        if not places:
            continue
        posts += 1
        written = [(start, end) for start, end in places if _plain(text[start:end]) in names]
        if len(written) == len(places) and all(text[start:end].islower() for start, end in written):
            small += 1
            start, end = written[0]
            before = _BESIDE.search(text[max(0, start - 30) : start])
            shown.append((text[start:end], mask(f"{before[0] if before else ''}{text[start:end]}")))
    if small < FEWEST or small > _MOST_PART * posts:
        return None
    return {
        "brand": brand.name,
        "written": shown[0][0],
        "posts": small,
        "of": posts,
        "examples": [one for _, one in shown[:3]],
    }


def _everyday(name: str) -> bool:
    """Whether a name may be ordinary Vietnamese: all of it syllables, with a mark among them."""
    words = _plain(name).split()
    return fold(name) != name.lower() and all(map(syllable, words))


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).lower().split())
