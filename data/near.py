"""“Did you mean …?”, said only of what is really near: a far-fetched guess sends people the wrong way."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from data.words import tell

#: How alike two words must be, by :meth:`difflib.SequenceMatcher.ratio`; tried on what people mistype.
_ALIKE = 0.66


def near(got: str, known: Iterable[str]) -> str | None:
    """The one of ``known`` that ``got`` was probably meant to be. The dashes before an option make nothing alike."""
    typed = got.lstrip("-").casefold()
    alike = [(SequenceMatcher(None, one.lstrip("-").casefold(), typed).ratio(), one) for one in dict.fromkeys(known)]
    best = max(alike, key=lambda found: found[0], default=(0.0, ""))
    return best[1] if best[0] >= _ALIKE else None


def did_you_mean(got: str, known: Iterable[str]) -> str:
    """A sentence that names the nearest of ``known``, with a space before it; empty where none is near."""
    meant = near(got, known)
    return tell("study.nearest", word=meant) if meant is not None else ""
