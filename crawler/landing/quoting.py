"""Quoting a page: its words as they stand, on one line, bounded, each once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

#: The longest text quoted as one claim, in characters.
CLAIM = 240
_CLAUSES = re.compile(r"(?<=[.!?…;•✓✔✅|])\s+|\s+[–—•|✓✔✅►▶]\s*|\n")
_EDGES = " \t\n\r-–—•·*✓✔✅►▶➤→>|:;,"


def clean(text: object, limit: int = CLAIM) -> str:
    """``text`` in NFC on one line, cut at a word's end after ``limit`` characters; empty for anything but a string."""
    if not isinstance(text, str):
        return ""
    line = " ".join(text[: limit * 8].split())
    if not line.isascii():
        line = unicodedata.normalize("NFC", line)
    if len(line) <= limit:
        return line
    return line[: limit + 1].rsplit(" ", 1)[0][:limit].rstrip() + "…"


def distinct(texts: Iterable[str], most: int) -> tuple[str, ...]:
    """The first ``most`` texts that are not empty, each once; case and outer marks make no difference."""
    kept: dict[str, str] = {}
    for text in texts:
        key = text.strip(_EDGES + ".!?…").casefold()
        if key and key not in kept:
            kept[key] = text
            if len(kept) == most:
                break
    return tuple(kept.values())


@lru_cache(maxsize=2_000)
def clauses(text: str) -> tuple[str, ...]:
    """The sentences and listed items of ``text``, without bullets and dashes around them."""
    return tuple(part for raw in _CLAUSES.split(text) if (part := raw.strip(_EDGES)))
