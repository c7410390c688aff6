"""Folding: one plain form for words that people write with and without tone marks."""

from __future__ import annotations

import re
import unicodedata


def _plain_letters() -> dict[int, str | None]:
    """Code point → its letter without marks, for the Latin blocks; combining marks vanish."""
    table: dict[int, str | None] = dict.fromkeys(range(0x300, 0x370))
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        table[code] = "".join(c for c in unicodedata.normalize("NFD", chr(code)) if not unicodedata.combining(c))
    return table | {ord("đ"): "d", ord("Đ"): "D"}


_LETTERS = _plain_letters()
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """``text`` in lower case without diacritics, đ as d: ``Điện thoại`` → ``dien thoai``."""
    return (text if text.isascii() else text.translate(_LETTERS)).lower()


def words(text: str) -> list[str]:
    """The folded words of ``text``: runs of letters and digits."""
    return _WORD.findall(fold(text))
