"""What rules of pains look at in a clause: the phrases found there by area, and what speaks of trouble."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from analysis.text.clauses import Clause, placed
from analysis.text.phrases import Hit, longest
from analysis.text.tokens import Source


class Evidence(NamedTuple):
    """Tokens ``start`` to ``end`` that speak of trouble. ``category`` may be empty: the aspect named then decides."""

    start: int
    end: int
    category: str
    kind: str
    weight: float
    rule: str
    entry: Hit | None = None

    @property
    def vague(self) -> bool:
        """Whether the evidence says that something is bad but hardly in what way, so that what is blamed decides."""
        return self.rule not in ("term", "too_long", "dearer") or self.weight < 1 or self.category in ("", "quality")

    @property
    def reaction(self) -> bool:
        """Whether it only tells the author's feeling or that there is a flaw, not what the flaw is."""
        return self.entry is not None and self.entry.entry.notes in ("reaction", "warning")

    @property
    def sign(self) -> bool:
        """Whether it is how a harm shows or comes about ("bí", "mùi hắc"), which beside that harm is no pain of its own."""
        return self.entry is not None and self.entry.entry.notes == "sign"

    @property
    def warning(self) -> bool:
        """Whether it only warns others off ("đừng mua"), which by itself tells no trouble."""
        return self.entry is not None and self.entry.entry.notes == "warning"


@dataclass(slots=True)
class Found:
    """The pain-related hits of one clause by area, the longest of each place."""

    terms: Sequence[Hit] = ()
    good: Sequence[Hit] = ()
    dims: Sequence[Hit] = ()
    aspects: Sequence[Hit] = ()
    asks: Sequence[Hit] = ()
    praise: Sequence[Hit] = ()
    frames: Sequence[Hit] = ()
    severity: Sequence[Hit] = ()
    brands: Sequence[Hit] = ()
    #: What the author can pay or not.
    means: Sequence[Hit] = ()
    codes: frozenset[str] = frozenset()

    def frame(self, *codes: str) -> list[Hit]:
        """The frames (degree words, "bị", "được" …) with one of ``codes``."""
        if self.codes.isdisjoint(codes):
            return []
        return [hit for hit in self.frames if hit.entry.code in codes]


_AREAS = {
    "pains_terms": "terms",
    "pains_good": "good",
    "pains_dims": "dims",
    "pains_aspects": "aspects",
    "pains_asks": "asks",
    "pains_praise": "praise",
    "pains_frames": "frames",
    "severity": "severity",
    "brands": "brands",
}
#: Of a text without any of these nothing is said: what is blamed, praised or measured hurts only beside them.
_TELLING = frozenset(("pains_terms", "pains_good", "pains_frames", "pains_asks", "brands"))
#: Alone in a clause these have nothing to do with pains.
_NEVER_ALONE = frozenset(("aspects", "severity"))
#: Areas whose hits may lie inside one another and all count.
_ALL_KEPT = frozenset(("frames", "severity", "asks"))


def find(source: Source) -> dict[int, Found]:
    """The pain-related hits of a text by the number of the clause; clauses that have nothing to do with pains are missing."""
    areas = source.areas
    if _TELLING.isdisjoint(areas):
        return {}
    by_clause: dict[int, dict[str, list[Hit]]] = {}
    for area, name in _AREAS.items():
        if area in areas:
            for number, hit in placed(areas[area], source.clauses, source.clause_at):
                named = by_clause.setdefault(number, {})
                if name in named:
                    named[name].append(hit)
                else:
                    named[name] = [hit]
    found = {
        number: _found(named)
        for number, named in sorted(by_clause.items())
        if len(named) > 1 or _NEVER_ALONE.isdisjoint(named)
    }
    for number, hit in placed(areas.get("cues_price", ()), source.clauses, source.clause_at):
        if number in found and hit.entry.code == "price_sensitivity=high":
            found[number].means = [*found[number].means, hit]
    return found


def sort_hits(clause: Clause) -> Found | None:
    """The same of one clause; ``None`` where it has nothing to do with pains."""
    named: dict[str, list[Hit]] = {}
    for hit in clause.hits:
        if hit.area in _AREAS:
            named.setdefault(_AREAS[hit.area], []).append(hit)
    return None if not named or (len(named) == 1 and not _NEVER_ALONE.isdisjoint(named)) else _found(named)


def _found(named: dict[str, list[Hit]]) -> Found:
    hits: dict[str, Any] = {
        name: hits if len(hits) < 2 or name in _ALL_KEPT else longest(hits) for name, hits in named.items()
    }
    found = Found(**hits)
    if "frames" in hits:
        found.codes = frozenset([hit[2].code for hit in found.frames])
    if "brands" in hits:
        _free_of_brands(found)
    if "aspects" in hits and ("asks" in hits or "praise" in hits):
        over = [hit for hit in (*found.asks, *found.praise) if hit.end - hit.start > 1 and hit.entry.notes == "idiom"]
        if over:
            found.aspects = [a for a in found.aspects if not any(h.start <= a.start and a.end <= h.end for h in over)]
    return found


def _free_of_brands(found: Found) -> None:
    """A word inside a brand's name says nothing: the "bi" of "Sumo bi"."""
    taken = [(brand.start, brand.end) for brand in found.brands]
    for name in ("terms", "dims", "good", "frames"):
        hits: list[Hit] = getattr(found, name)
        if hits:
            setattr(found, name, [h for h in hits if not any(s <= h.start and h.end <= e for s, e in taken)])
