"""Trouble that is only named because someone offers to end it: a repair service, a course, a function that warns of it."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.text.clauses import Clause
from analysis.text.pains_found import Evidence, Found
from analysis.text.phrases import Hit

#: The code of ``pains_praise`` that an offer begins with.
_OFFER = "offer"
#: Behind these an offer is judged: "nhận sửa mà vẫn chảy nước".
_TURNS = frozenset(("mà", "vẫn", "nhưng", "toàn", "but", "that", "which", "still", "yet"))
#: A list of what is offered goes on in clauses of so many words at most, and without these words.
_SHORT = 6
_OWN_WORDS = frozenset(
    (
        *("i", "we", "it", "they", "my", "our", "is", "was", "are", "too", "so"),
        *("mình", "em", "tôi", "nó", "bị", "quá", "lắm"),
        *_TURNS,
    )
)


def offers(found: Found) -> list[Hit]:
    """The hits that an offer begins with."""
    return [hit for hit in found.praise if hit.entry.code == _OFFER]


def not_offered(clause: Clause, found: Found, evidence: list[Evidence], norms: Sequence[str]) -> list[Evidence]:
    """The evidence without what is offered to be ended: "bên mình nhận sửa máy lạnh không lạnh"."""
    begun = offers(found)
    if not begun:
        return evidence
    until = next((at for at in range(begun[0].end, clause.end) if norms[at] in _TURNS), clause.end)
    return [item for item in evidence if not begun[0].start <= item.start < until]


def goes_on(clause: Clause, before: Clause, norms: Sequence[str]) -> bool:
    """Whether the clause goes on with a list of what is offered: "we offer pest control, leak repair and mold removal"."""
    if before.sentence != clause.sentence or clause.link not in ("", "add") or clause.end - clause.start > _SHORT:
        return False
    return _OWN_WORDS.isdisjoint(norms[clause.start : clause.end])
