"""Places of an English text where shops, sights and strangers are, not the author: "a tailor in Hanoi", "the museum in Vienna"."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Reading

_DETERMINERS = words("a an the this that another")
_BEFORE_THEIRS = words("about from to by")
#: With these the author is there, comes from there or looks for something there.
_THERE = words(
    "work job live rent own teach study looking after want any find decent good best here our my i'm we're am come comes"
    " originally town village city"
)
_OURS = words("my our i we i'm we're mine ours wife husband")


def somebody_elses(reading: Reading, start: int, first: int, near: Sequence[str]) -> bool:
    """Whether the place at ``start`` belongs to something told about: "about a tailor in Hanoi", "the museum in Vienna".

    ``first`` is where the words that belong to the place begin, ``near`` are the words before them in the clause.
    """
    for back in (3, 4):
        at = first - back
        if reading.word(at) in _DETERMINERS and reading.clause(start).start <= at:
            theirs = at == reading.clause(at).start or reading.word(at - 1) in _BEFORE_THEIRS
            return theirs and _THERE.isdisjoint(near)
    return False


def stranger_lives(reading: Reading, first: int, person: str) -> bool:
    """Whether someone who is no relative "lives" there: "the actor is 45 and lives in Los Angeles"."""
    if person != "self" or "lives" not in reading.norms[max(0, first - 4) : first]:
        return False
    sentence = reading.clause(first).sentence
    begins = next(clause.start for clause in reading.clauses if clause.sentence == sentence)
    return reading.norms[begins] in ("the", "a", "an", "that") and _OURS.isdisjoint(reading.norms[begins:first])
