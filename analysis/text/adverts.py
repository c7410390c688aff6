"""Whether a text sells or recruits: what it says is nobody's life and nobody's trouble."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analysis.text.phrases import Hit

AREA = "cues_advert"
#: An offer at the head of a text begins within so many words.
_OPENING = 3
#: With these somebody who begins like a seller tells how it went: "cho thuê mười mấy năm mà …".
_TELLS = frozenset({"mà", "mười", "nên", "bị", "tôi", "tui", "hỏi"})


def is_advert(areas: Mapping[str, Sequence[Hit]], norms: Sequence[str]) -> bool:
    """Whether there are two different phrases of adverts, whatever they are, or an offer at the head ("thanh lý", "tuyển CTV") by
    nobody who tells of himself."""
    hits = areas.get(AREA, ())
    for hit in hits:
        if hit.start <= _OPENING and norms[hit.start] == "tuyển":
            return True
        if hit.start <= _OPENING and hit.entry.notes == "head" and _TELLS.isdisjoint(norms[hit.end :]):
            return True
    return len({hit.entry.notes or hit.entry.code + str(hit.start // 2) for hit in hits}) >= 2
