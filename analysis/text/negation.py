"""Is a phrase negated? "không bị nóng", "chưa thấy lỗi gì", "no problems so far" say that there is no trouble.

A negator rules the words after it up to the end of its clause or to a word that ends its reach ("mà", "nên", "but").
"không những … mà còn", "không thể không", "not only" deny nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.text.phrases import Hit, longest

AREA = "negation"
#: How many words a negator reaches over before the phrase it denies.
REACH = 5


@dataclass(frozen=True, slots=True)
class Scope:
    """The negated stretches of a clause, as token positions: ``spans`` are (negator start, first word ruled, end)."""

    spans: tuple[tuple[int, int, int], ...] = ()

    def covers(self, start: int, reach: int = REACH) -> bool:
        """Whether the phrase that begins at token ``start`` is denied by a negator before it."""
        return self.negator(start, reach) is not None

    def negator(self, start: int, reach: int = REACH) -> int | None:
        """Where the negator of the phrase at ``start`` stands; two negators undo each other."""
        over = [span for span in self.spans if span[1] <= start < span[2] and start - span[1] <= reach]
        return over[-1][0] if len(over) % 2 else None


NOTHING = Scope()


def scopes(hits: Iterable[Hit], end: int) -> Scope:
    """The scope of negation in a clause that ends before token ``end``, from its hits by position."""
    spans: list[list[int]] = []
    for hit in longest(hit for hit in hits if hit.entry.area == AREA):
        code = hit.entry.code
        if code == "negator":
            spans.append([hit.start, hit.end, end])
        elif code == "stop" and spans:
            for span in spans:
                span[2] = min(span[2], hit.start)
    return Scope(tuple((a, b, c) for a, b, c in spans)) if spans else NOTHING


def negators(hits: Sequence[Hit]) -> list[Hit]:
    """The negators among ``hits``."""
    return [hit for hit in hits if hit.entry.area == AREA and hit.entry.code == "negator"]
