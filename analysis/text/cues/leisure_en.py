"""What looks like a pastime in English and is none: half of another word ("horror stories"), what is being done just now
("fishing bits out of the teat"), a day out ("we went to the beach"), "in writing".
"""

from __future__ import annotations

from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Reading

_HEADS = words(
    "timer stories story machine interpreter evening fan mode button feature tracker stand cover case bag lesson lessons park"
    " reality show shows review reviews list report reports page pages bike bikes shoes boots kit boxes box"
)
_DETERMINED = words("the a an this that my your our his her their smart")
_NOW = words("i'm we're am are been he's she's they're")
_WENT = words("went going gone been came drove flew walked took")
_OFTEN = words("every often always usually weekly weekends weekend sometimes regularly lot most")
#: What everybody does: behind "I" a pastime only where no object, measure or purpose follows.
_DAILY = words("sleep eat drive fly shop write travel cook read")
_PURPOSE = words("that this these two three about at every each for him her them odd it my on meat between to")
_OBJECT = words("bits names on out up it them him her the my our for")
_LIKED = words("love loves like likes enjoy enjoys adore mad into passionate fun hobby hobbies favourite favorite")


def is_pastime(reading: Reading, start: int, end: int) -> bool:
    """Whether the words from ``start`` to ``end`` can be what somebody does for pleasure."""
    before, after = reading.word(start - 1), reading.word(end)
    first = reading.norms[start]
    clause = reading.clause(start)
    lead = reading.norms[max(clause.start, start - 6) : start]
    if after in _HEADS and before in _DETERMINED:
        return False
    if first in ("writing", "reading") and (before == "in" or before.endswith(("'s", "’s"))):
        return False
    if first.endswith("ing") and before in _NOW and after in _OBJECT and _LIKED.isdisjoint(lead):
        return not _OFTEN.isdisjoint(reading.norms[end : clause.end])
    if first == "the" and before in ("to", "at", "on") and not _WENT.isdisjoint(lead):
        return not _OFTEN.isdisjoint(reading.norms[clause.start : clause.end])
    daily = first in _DAILY and end - start == 1 and before in ("i", "we")
    return not (daily and after in _PURPOSE and _LIKED.isdisjoint(lead))
