"""What people do for a living. The value is the words themselves in lower case; the group comes from the lexicon.

What somebody wishes to become is a goal, what somebody was ("used to be", "former") is none, and a profession merely met
("bác sĩ khuyên") is nobody's.
"""

from __future__ import annotations

from analysis.text.cues.reading import Reading
from analysis.text.cues.who import NOBODY, subject
from analysis.text.phrases import Hit


def add(reading: Reading, hit: Hit, start: int, end: int, person: str, confidence: float) -> None:
    """Note the words ``start`` to ``end`` as the occupation of ``person``, in the group of ``hit``."""
    if person in NOBODY:
        return
    person = {"expert": "other", "organisation": "self"}.get(person, person)
    value = " ".join(reading.norms[start:end]).replace(" - ", "-").replace(" ' ", "'")
    reading.add("occupation", value, start, end, person, confidence * hit.entry.weight, hit.code)


def doer(reading: Reading, token: int) -> str:
    """Who works: the subject, or the author where that is a company or a thing."""
    person = subject(reading, token)
    return "self" if person in ("organisation", "thing") else person
