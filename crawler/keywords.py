"""The study's keywords, found as people write: with their tone marks, or without any."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from data.folding import fold

_WORD = re.compile(r"[^\W\d_]+")
#: Old and new ways of placing a tone mark: ``hoà`` and ``hòa``, ``thuỷ`` and ``thủy``.
_OLD_TONES: Final = {
    f"{first}{old}": f"{new}{second}"
    for first, second, olds, news in (
        ("o", "a", "àáảãạ", "òóỏõọ"),
        ("o", "e", "èéẻẽẹ", "òóỏõọ"),
        ("u", "y", "ỳýỷỹỵ", "ùúủũụ"),
    )
    for old, new in zip(olds, news, strict=True)
}
_OLD_TONE = re.compile(rf"(?:{'|'.join(_OLD_TONES)})(?![^\W\d_])")
#: With so few of its words marked, a text is written without marks: a name was pasted, or a word corrected by the keyboard.
_FEW_MARKED: Final = 0.2


class Keywords:
    """Whole words or phrases, whatever their case. False when there are none.

    A keyword with tone marks is found in a text with tone marks as it is typed, for ``tã`` is not ``ta``; and in a text that
    is written without marks by its bare letters. A keyword typed without marks is found however it is marked.
    """

    def __init__(self, words: Iterable[str]) -> None:
        typed = [exact for word in words if (exact := " ".join(_exact(word).split()))]
        folded = [fold(word) for word in typed]
        bare = [word for word, plain in zip(typed, folded, strict=True) if word == plain]
        #: The same for the same keywords: what was left out for others is looked at again.
        self.mark = "no_keyword " + hashlib.blake2b("\n".join(sorted(typed)).encode(), digest_size=6).hexdigest()
        self._typed, self._folded, self._bare = _pattern(typed), _pattern(folded), _pattern(bare)

    def __bool__(self) -> bool:
        return self._typed is not None

    def found_in(self, text: str) -> bool:
        """Whether any of them stands in ``text``; true when there are none to look for."""
        if self._typed is None or self._folded is None:
            return True
        plain = fold(text)
        if self._folded.search(plain) is None:
            return False
        if self._typed.search(_exact(text)) or (self._bare is not None and self._bare.search(plain)):
            return True
        return not _is_marked(text)


def _pattern(words: list[str]) -> re.Pattern[str] | None:
    parts = [r"\s{1,3}".join(re.escape(part) for part in word.split()) for word in words]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)") if parts else None


def _exact(text: str) -> str:
    """In lower case, every character in one form and every tone mark in one place."""
    low = unicodedata.normalize("NFC", text).lower()
    return low if low.isascii() else _OLD_TONE.sub(lambda found: _OLD_TONES[found[0]], low)


def _is_marked(text: str) -> bool:
    """Whether a text is written with tone marks."""
    if text.isascii():
        return False
    words = _WORD.findall(unicodedata.normalize("NFC", text).lower())
    marked = sum(int(fold(word) != word) for word in words)
    return marked > len(words) * _FEW_MARKED
