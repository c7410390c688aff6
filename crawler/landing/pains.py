"""The pains that a page names: “Bạn đang đau đầu vì …”, “Con biếng ăn?”, and the list below “Sound familiar?”.

The words are ``pains_named.tsv``: ``trigger`` names a pain wherever it stands; ``word.<category>`` does in a question that asks
nothing; ``heading`` opens a list of pains, unless it speaks of what solves them (``solved``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from crawler.blocks import Block, hint
from crawler.landing.claims import words_of
from crawler.landing.quoting import clean
from crawler.lexicons import finder, tokens, words
from data.records import Claim

#: What a page says it takes away is no pain that it names: “Giúp bạn không lo …”.
_ANSWERED = re.compile(
    r"(?:giúp|không (?:còn |phải )?(?:lo|sợ)|hết (?:lo|sợ)|no more|never (?:worry|again))(?!\w)", re.I
)
_LONGEST: Final = 18
#: So many blocks below a heading are its list.
_LISTED: Final = 8


class Pains:
    """Reads a page's blocks in their order."""

    def __init__(self) -> None:
        self._left = 0

    def enter(self, block: Block) -> None:
        """Take the next block: whether a list of pains begins, goes on or ends there."""
        if block.tag in ("h1", "h2", "h3", "h4", "h5", "h6") or block.near & hint("heading"):
            codes = finder("pains_named").codes(tokens(block.text.lower())) if block.words <= _LONGEST else []
            self._left = _LISTED if "heading" in codes and "solved" not in codes and "trigger" not in codes else 0
        elif self._left:
            self._left = 0 if block.words > 3 * _LONGEST or block.hints & hint("tabs", "button") else self._left - 1
            if self._left == 0:
                return

    def read(self, block: Block, clause: str) -> Iterator[Claim]:
        """The pain in one of the block's clauses, with the category that its words tell."""
        said = words_of(clause)
        if len(said) < 3 or _ANSWERED.match(clause):
            return
        codes = finder("pains_named").codes(said)
        troubled = [code.partition(".")[2] for code in codes if code.startswith("word.")]
        headed = block.tag in ("h1", "h2", "h3", "h4", "h5", "h6")
        listed = self._left > 0 and not headed and not block.linked and len(said) <= _LONGEST
        asked = clause.endswith("?")
        if asked and _asks(said, block):
            troubled, listed = [], False
        if "trigger" in codes or listed or (asked and troubled and len(said) <= _LONGEST):
            category = next(iter(finder("promises").codes(said)), "") or next(iter(troubled), "")
            yield Claim("pain", category, clean(clause))


def _asks(said: list[str], block: Block) -> bool:
    """Whether a question wants an answer: one of a list of questions, or one with a word that asks."""
    if block.hints & hint("tabs"):
        return True
    first, last = _asking()
    return any(tuple(said[: len(word)]) == word for word in first) or any(
        tuple(said[-len(word) :]) == word for word in last
    )


@cache
def _asking() -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    return (
        [tuple(tokens(word)) for word in words("pains_named", "ask_first")],
        [tuple(tokens(word)) for word in words("pains_named", "ask_last")],
    )
