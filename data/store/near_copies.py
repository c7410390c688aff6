"""Near copies: posts of nearly the same words, however an advert or a seeded post was varied.

Signatures are MinHash (Broder 1997) over pairs of neighbouring words, by the library rensa, cut into bands for the lookup
(Leskovec, Rajaraman, Ullman: Mining of Massive Datasets, 3.4); what a band brings together is compared word by word. Digits,
case, tone marks and punctuation make no difference.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final

from data.folding import words

#: With fewer words people say the same by chance: “giao hàng nhanh, đóng gói đẹp”.
SHORTEST: Final = 12
#: So few words said twice are nothing (“giao hàng nhanh”); from here up to ``SHORTEST``, two authors who say the very same within
#: days of each other are worth a mark, though not enough to count as one.
SHORT: Final = 6
#: Shared word pairs, of all that either has. In 7,208 Vietnamese phone reviews of twelve words and more 20 pairs lie above it;
#: those looked at were all copied, and so were most of the few between 0.4 and 0.6.
ALIKE: Final = 0.6
#: 16 bands of 4: a pair with 0.6 in common is brought together with a chance of 0.89, with 0.7 of 0.99.
_BANDS: Final = 16
_ROWS: Final = 4
_SEED: Final = 1
_LONGEST: Final = 3_000


def plain_words(text: str) -> list[str]:
    """The words that count: folded, without numbers, the first three thousand."""
    return [word for word in words(text[: _LONGEST * 20]) if not word.isdigit()][:_LONGEST]


def pairs(plain: Sequence[str]) -> frozenset[str]:
    """Neighbouring words."""
    return frozenset(f"{one} {other}" for one, other in itertools.pairwise(plain))


def alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two texts have most of their word pairs in common (Jaccard)."""
    together = len(one & other)
    return together > 0 and together >= ALIKE * (len(one) + len(other) - together)


def bands(shared: Iterable[str]) -> list[int]:
    """What near copies have in common: sixteen numbers, of which two of them very likely share one."""
    found = _minhash()(_BANDS * _ROWS, _SEED)
    found.update(sorted(shared))
    digest = found.digest()
    return [_number(place, digest[place * _ROWS : (place + 1) * _ROWS]) for place in range(_BANDS)]


def short_band(plain: Sequence[str]) -> int:
    """One number for a short text, the same for the same words; the highest bit but one tells it from those of :func:`bands`."""
    digest = hashlib.blake2b(" ".join(plain).encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 2 | 1 << 62


def method() -> str:
    """What a screening was made with: another version of it screens all posts anew."""
    from importlib.metadata import version

    return f"4 rensa-{version('rensa').split('.')[0]} {_BANDS}x{_ROWS} {ALIKE} {SHORTEST}"


def _number(place: int, values: Sequence[int]) -> int:
    """A band's four 32-bit values as one number that SQLite can hold; they are evenly spread as they are."""
    one, two, three, four = values
    return ((one << 31) ^ (two << 21) ^ (three << 11) ^ four ^ (place << 57)) & 0x7FFF_FFFF_FFFF_FFFF


@cache
def _minhash() -> Any:
    from rensa import RMinHash

    return RMinHash
