"""Texts that were split for the last analysis are not split again for the next one.

Kept are the words of the posts in the sample, under a digest of each text, so that an edited text is another one. Deleting a post, or
erasing a text, erases what is kept at once (``data/store/schema``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np

from analysis.columns import Columns, packed, unpacked, words_packed, words_unpacked
from analysis.columns import Words as Numbers

Split = Callable[[str, str], tuple[str, ...]]
#: What the words are kept as among the columns of an analysis.
NAMES = ("texts", "texts_words")


class KeptWords:
    """Splits texts by ``split``, unless ``kept`` (of :meth:`packed`) has them split by what ``stamp`` names."""

    def __init__(self, split: Split, stamp: str, kept: dict[str, bytes]) -> None:
        self._split, self._stamp = split, int(_digest(stamp))
        self._known = self._unpacked(kept) if all(kept.get(name) for name in NAMES) else {}
        self._used: dict[int, tuple[str, ...]] = {}

    def __call__(self, text: str, lang: str) -> tuple[str, ...]:
        digest = _digest(f"{lang}\n{text}")
        words = self._known.get(digest)
        if words is None:
            words = self._known[digest] = self._split(text, lang)
        self._used[digest] = words
        return words

    def packed(self) -> dict[str, bytes]:
        """The words of the texts that were asked for."""
        numbers = Numbers()
        found: Columns = {
            "stamp": np.array([self._stamp], dtype=np.int64),
            "digest": np.fromiter(self._used, dtype=np.int64, count=len(self._used)),
            "many": np.array([len(words) for words in self._used.values()], dtype=np.int64),
            "words": numbers.numbers(word for words in self._used.values() for word in words),
        }
        return dict(zip(NAMES, (packed(found), words_packed(numbers)), strict=True))

    def _unpacked(self, kept: dict[str, bytes]) -> dict[int, tuple[str, ...]]:
        columns, names = unpacked(kept[NAMES[0]]), words_unpacked(kept[NAMES[1]]).texts()
        if columns["stamp"].tolist() != [self._stamp]:
            return {}
        words = names[columns["words"]].tolist() if len(names) else []
        ends = np.cumsum(columns["many"])
        starts = (ends - columns["many"]).tolist()
        spans = zip(columns["digest"].tolist(), starts, ends.tolist(), strict=True)
        return {digest: tuple(words[start:end]) for digest, start, end in spans}


def _digest(text: str) -> int:
    found = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(found, "little", signed=True)
