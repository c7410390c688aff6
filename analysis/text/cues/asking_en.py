"""What English posts do by their form: weigh two ("Petrol or battery strimmer?"), seek ("After a sofa that…"), and tell what
they have tried ("Tried bleach, clove oil, leaving the window open", "rang six breakers").
"""

from __future__ import annotations

from analysis.text.cues.doings_en import asks_a_fact
from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Reading
from analysis.text.cues.who import subject, subject_mention

_NO_CHOICE = words(
    "not so what something anything else more less two somewhere whatever later never am was were is it maybe sth"
)
_ASKS_ONE = words(
    "do does did can could has have had any anyone anybody would will if how why who when where are am was were me"
)
_LONGEST = 26
_SEEK = {"after": words("a an something some two"), "need": words("a an something one some two three six"), "want": words("a an something"),
         "looking": words("for"), "seeking": words("a an"), "wanted": words(": a an")}  # fmt: skip
_TRIED = words("tried")
_MENDED = words(
    "reset reinstalled restarted rebooted replaced cleaned descaled recalibrated updated  rewired"
    " unplugged reseated bled"
    " re-registered resoldered tightened adjusted  blocked disputed"
)
_CONTACTED = words(
    "rang called phoned emailed messaged wrote written complained chased contacted reported tweeted"
    " queried visited  applied"
    " searched googled been went posted sent  logged checked   read  joined  hired "
)
_MANY = words(
    "twice thrice two three four five six seven eight nine ten eleven twelve fourteen twenty every"
    " everywhere countless several dozens"
    " multiple times both round all loads repeatedly again endless"
)
_JOINS = words(
    "and but so because then which who that though although still yet with before after until while nothing no"
)
_ME = words("i i've i'm ive we we've we're my our have had already been so and")
_MOST = 14


def read(reading: Reading) -> None:
    """Note choices weighed, things sought and efforts made."""
    if "or" in reading.norms:
        _weighed(reading)
    _sought(reading)
    _efforts(reading)


def _weighed(reading: Reading) -> None:
    norms = reading.norms
    for i, word in enumerate(norms):
        if word != "or" or not 0 < i < reading.size - 1:
            continue
        index = reading.clause_index(i)
        clause = reading.clauses[index]
        sentence = [c for c in reading.clauses[max(0, index - 4) : index + 5] if c.sentence == clause.sentence]
        if not any(c.question for c in sentence):
            continue
        start, end = sentence[0].start, sentence[-1].end
        if end - start > _LONGEST or norms[i + 1] in _NO_CHOICE or i == start or i + 1 >= end:
            continue
        if norms[start] in _ASKS_ONE and norms[start : start + 2] not in (["do", "i"], ["are", "we"]):
            continue
        if asks_a_fact(reading, start, end):
            continue
        reading.add("behaviour", "comparing", max(start, i - 4), min(end, i + 5), "self", 0.7)
        return


def _sought(reading: Reading) -> None:
    """A sentence that begins with what is looked for: "After something with three seats", "Need a van"."""
    for clause in reading.clauses:
        at = clause.start
        first = reading.norms[at]
        if first in ("just", "also", "hi", "hello", "so", "ok", "right"):
            at += 1
            first = reading.word(at)
        wanted = _SEEK.get(first)
        begins = reading.word(at - 1) in ("", ".", "!", "?", "\n", "…", "just", "hi", "so") or at == 0
        if wanted and begins and reading.word(at + 1) in wanted and not clause.quoted and clause.end - at >= 3:
            if first == "after" and reading.word(at + 2) in _TIMES:
                continue
            reading.add("behaviour", "researching", at, min(clause.end, at + 6), "self", 0.65)
            return


_TIMES = words(
    "few week month year day long while couple lot bit certain decade fortnight hours days weeks months years certain"
)


def _efforts(reading: Reading) -> None:
    """What was done to mend or to reach it, one effort a stretch of neighbouring clauses."""
    norms = reading.norms
    last = -1
    for i, word in enumerate(norms):
        if i < last or not (word in _TRIED or word in _MENDED or word in _CONTACTED):
            continue
        clause = reading.clause(i)
        if clause.hypothetical or clause.quoted or clause.question or reading.negated(i):
            continue
        lead = norms[max(clause.start, i - 4) : i]
        if not _mine(reading, i, lead):
            continue
        rest = norms[i + 1 : clause.end]
        if word in _TRIED:
            if not rest or (len(rest) < 4 and rest[0] in ("to", "it", "them", "this")):
                continue
        elif (
            (word == "been" and rest[:1] not in (["to"], ["through"], ["round"]))
            or (word in _CONTACTED and _MANY.isdisjoint(rest[:6]))
            or (word in _MENDED and not rest)
        ):
            continue
        end = _end(reading, i, clause.end)
        start = i - (reading.word(i - 1) in ("have", "i've", "we've", "already"))
        if any(f.attribute == "effort" and f.start < end and start < f.end for f in reading.found):
            continue
        reading.add("effort", " ".join(norms[i:end]), start, end, "self", 0.6)
        last = end + 12 if word in _TRIED else end + 4


def _mine(reading: Reading, i: int, lead: list[str]) -> bool:
    """Whether the author did it, said or plainly unsaid."""
    if not _ME.isdisjoint(lead[-2:]):
        return True
    if lead:
        return False
    before = reading.word(i - 1)
    mention = subject_mention(reading, i)
    own = mention is None or mention.code in ("self", "thing", "organisation") or subject(reading, i) == "self"
    return own and before in ("", ".", "!", "?", ",", "\n", ";", "…", "and", ":", "(")


def _end(reading: Reading, i: int, clause_end: int) -> int:
    end = i + 1
    while end < min(clause_end, i + _MOST) and reading.norms[end] not in _JOINS:
        end += 1
    return end
