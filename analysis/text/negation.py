"""Is a phrase negated? "không bị nóng", "chưa thấy lỗi gì", "no problems so far" say that there is no trouble.

A negator rules the words after it up to the end of its clause or to a word that ends its reach ("mà", "nên", "but").
"không những … mà còn", "không thể không", "not only" deny nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from analysis.text.phrases import Hit, longest

AREA = "negation"
#: How many words a negator reaches over before the phrase it denies.
REACH = 5


class Span(NamedTuple):
    """A negator at token ``start`` that rules tokens ``first`` to ``end``.

    ``hard`` ones ("không", "not") deny what follows; the others ("giảm", "avoids") take trouble away but deny no good.
    """

    start: int
    first: int
    end: int
    hard: bool


@dataclass(frozen=True, slots=True)
class Scope:
    """The negated stretches of a clause."""

    spans: tuple[Span, ...] = ()

    def covers(self, start: int, reach: int = REACH) -> bool:
        """Whether trouble told at token ``start`` is denied or taken away by a word before it."""
        return self._ruling(start, reach, hard=False) is not None

    def denial(self, start: int, reach: int = REACH) -> int | None:
        """Where the hard negator of the phrase at ``start`` stands; two negators undo each other."""
        return self._ruling(start, reach, hard=True)

    def _ruling(self, start: int, reach: int, *, hard: bool) -> int | None:
        over = [s for s in self.spans if s.start < start < s.end and start - s.first <= reach and (s.hard or not hard)]
        return over[-1].start if len(over) % 2 else None


NOTHING = Scope()


def scopes(hits: Sequence[Hit], end: int) -> Scope:
    """The scope of negation in a clause that ends before token ``end``, from its hits of :data:`AREA` by position."""
    open_: list[tuple[int, int, bool]] = []
    spans: list[Span] = []
    for start, first, entry in longest(hits):
        if entry.code == "stop":
            if open_:
                spans += [Span(begin, after, start, hard) for begin, after, hard in open_]
                open_ = []
        else:
            open_.append((start, first, entry.code == "negator"))
    spans += [Span(begin, after, end, hard) for begin, after, hard in open_]
    return Scope(tuple(spans)) if spans else NOTHING
