"""What the place is like where somebody lives, in English: a city, the countryside, the coast (cues_places.tsv).

It is noted where no place is named; else the quote of the place takes it in ("in Texas on a ranch").
"""

from __future__ import annotations

from collections.abc import Sequence

from analysis.text.cues.reading import Reading
from analysis.text.cues.who import subject_mention
from analysis.text.phrases import Hit, longest

CODES = frozenset({"city", "countryside", "suburbs", "small town", "coast", "mountains"})
_LIVES = frozenset({"live", "lives", "living", "lived", "reside", "moved", "apartment", "appartment", "rent"})
_NO_HOME = frozenset({"used", "want", "wants", "would", "could", "visit", "you", "hate", "wish"})


def note(reading: Reading, told: Sequence[Hit]) -> None:
    """Where no place is named, what it is like: "I live in the suburbs", "the farm I live on"."""
    for hit in longest(hit for hit in told if hit.code in CODES):
        clause = reading.clause(hit.start)
        near = reading.norms[max(clause.start, hit.start - 8) : min(clause.end, hit.end + 4)]
        if reading.unreal(hit.start) or reading.negated(hit.start) or not _NO_HOME.isdisjoint(near):
            continue
        mention = subject_mention(reading, hit.start)
        if mention is not None and mention.code != "self" and not {"i", "we"}.intersection(near):
            continue
        inside = reading.norms[hit.start] in ("in", "on", "near", "by") or reading.word(hit.start - 1) in ("in", "on")
        at = hit.start - (reading.word(hit.start - 1) in ("in", "on"))
        if not _LIVES.isdisjoint(near) or (inside and reading.word(at - 1) in ("am", "i'm", "we're", "are")):
            reading.add("location", hit.code, hit.start, hit.end, "self", 0.5, rank=0)


def widened(reading: Reading, start: int, end: int, first: int) -> tuple[int, int]:
    """The quote with what the place is like: "in Texas | on a ranch", "the suburbs of | Denver"."""
    at = start
    for hit in reading.by_area.get("cues_places", ()):
        if hit.code in CODES:
            if end <= hit.start <= end + 3 and reading.clause_index(hit.start) - reading.clause_index(at) <= 1:
                end = hit.end
            elif first - 2 <= hit.end <= first:
                start = hit.start
    return start, end
