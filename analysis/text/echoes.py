"""Pains that tell nothing by themselves: “Ai bị giống mình không?”, “Chán.”, the words a post opens with.

They stand beside what hurts and look like it. What ``echoes.toml`` of the language calls ``nothing`` is never a pain; what it calls
``echo`` (a sigh, a call for better) only where the text tells no other.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

import data
from data.codebook import COUNTED
from data.records import Pain

FOLDER: Final = Path(data.__file__).parent / "languages"
LANGUAGES: Final = ("vi", "en")
#: Such words are few.
_LONGEST: Final = 120
_EDGES: Final = re.compile(r"^\W+|\W+$")
_BLANKS: Final = re.compile(r"\s+")


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What is nothing, and what is an echo, of both languages: texts mix them."""
    told: dict[str, list[str]] = {"nothing": [], "echo": []}
    for lang in LANGUAGES:
        table = tomllib.loads((FOLDER / lang / "echoes.toml").read_text(encoding="utf-8"))
        for name, found in told.items():
            found += [one.format_map(table["parts"]) for one in table[name]]
    nothing, echo = (re.compile("|".join(f"(?:{one})" for one in found)) for found in told.values())
    return nothing, echo


def without_echoes(pains: Iterable[Pain]) -> tuple[Pain, ...]:
    """``pains`` of one text without those that tell nothing."""
    nothing, echo = _patterns()
    kept, echoing = list[Pain](), set[int]()
    for pain in pains:
        said = _plain(pain.quote) if len(pain.quote) <= _LONGEST else None
        if said is not None and nothing.fullmatch(said):
            continue
        if said is not None and echo.fullmatch(said):
            echoing.add(id(pain))
        kept.append(pain)
    if 0 < len(echoing) < len(kept):
        kept = _borne_out([pain for pain in kept if id(pain) not in echoing])
    return tuple(kept)


def _borne_out(pains: list[Pain]) -> list[Pain]:
    """``pains`` beside which somebody sighs: where none is sure enough to be counted, the surest is."""
    surest = max(pains, key=lambda pain: pain.confidence)
    if surest.confidence >= COUNTED:
        return pains
    return [replace(pain, confidence=COUNTED) if pain is surest else pain for pain in pains]


def _plain(quote: str) -> str:
    return _BLANKS.sub(" ", _EDGES.sub("", unicodedata.normalize("NFC", quote).lower()))
