"""Whose attribute is it? The nearest person before the words that is no possessor, in the same sentence; else the author.

Mentions of people come from the lexicon (kinship.tsv, cues_people.tsv). "của mình", "cho em", "my" own or receive and are
no subject; "là bác sĩ", "a nurse" say what somebody is. "Nó", "he", "ông bà" mean the last person spoken of.
"""

from __future__ import annotations

from collections.abc import Iterator

from analysis.text.cues.reading import Mention, Reading
from analysis.text.phrases import Hit, longest

AREAS = ("kinship", "cues_people")
#: Codes whose attributes are never coded at all.
NOBODY = frozenset({"you", "thing", "pet", "celebrity"})
_THIRD = frozenset({"partner", "child", "parent", "family", "friend", "other", "expert", "customer"})
_MY = frozenset({"my", "our"})
_DET = _MY | {"the", "a", "an", "his", "her", "their", "this", "that", "your", "some", "these", "those", "any", "every"}
#: A subject further away than this is forgotten.
_FAR = 18


def find_mentions(reading: Reading) -> None:
    """Set ``reading.mentions`` and whether the text speaks of animals."""
    by_area = reading.by_area
    hits = [hit for area in AREAS for hit in by_area.get(area, ())]
    if not hits:
        return
    hits.sort(key=lambda hit: (hit.start, -hit.end))
    mentions = list(
        _english(reading, hits) if reading.lang == "en" else (Mention(h.start, h.end, h.code, h) for h in longest(hits))
    )
    reading.pets = any(m.code == "pet" for m in mentions)
    if reading.pets and reading.lang == "vi":
        for mention in mentions:
            if mention.code == "child" and reading.norms[mention.start] in ("bé", "em", "cu", "baby"):
                mention.code = "pet"
    reading.mentions = mentions


def _english(reading: Reading, hits: list[Hit]) -> Iterator[Mention]:
    """English nouns for people count after the right word before them; the mention begins with that word."""
    norms = reading.norms
    for hit in longest(hits):
        need = hit.entry.notes
        start = hit.start
        if need in ("my", "det"):
            wanted = _MY if need == "my" else _DET
            at = next((i for i in range(start - 1, max(-1, start - 4), -1) if norms[i] in wanted), None)
            if at is None and need == "my" and norms[start - 1 : start] == ["-"]:
                at = next((i for i in range(start - 1, max(-1, start - 6), -1) if norms[i] in wanted), None)
            if at is None:
                continue
            between = norms[at + 1 : start]
            if any(word in _DET or word in reading.grammar.stops for word in between):
                continue
            start = at
        elif (
            need == "name"
            and norms[start - 1 : start] in (["an"], ["a"])
            and norms[start - 2 : start - 1] in (["am"], ["i'm"])
        ):
            continue
        yield Mention(start, hit.end, hit.code, hit)


def subject(reading: Reading, token: int) -> str:
    """Whose attribute the words at ``token`` tell: a ``who`` of the codebook, or ``you``, ``thing``, ``pet``, ``celebrity``."""
    mention = subject_mention(reading, token)
    return who(mention.code) if mention else "self"


def who(code: str) -> str:
    """The codebook's word for a mention's code."""
    return "other" if code == "expert" else code


def subject_mention(reading: Reading, token: int) -> Mention | None:
    """The mention that is the subject of the words at ``token``; ``None`` where it is the author unsaid."""
    grammar = reading.grammar
    clause = reading.clause(token)
    clauses_between = False
    for mention in reversed(reading.mentions):
        if mention.end > token:
            continue
        if token - mention.end > _FAR:
            return None
        if mention.start < clause.start:
            if reading.clause(mention.start).sentence != clause.sentence:
                return None
            clauses_between = True
        before = reading.word(mention.start - 1)
        if mention.code == "self" and before in grammar.possessing:
            continue
        if mention.code in ("other", "expert", "celebrity") and before in grammar.being:
            continue
        if mention.code == "pronoun":
            return _antecedent(reading, mention)
        if clauses_between and mention.code == "you":
            continue
        return mention
    return None


def _antecedent(reading: Reading, pronoun: Mention) -> Mention:
    """The last person before a pronoun of the third person; the pronoun itself, as somebody, where there is none."""
    for mention in reversed(reading.mentions):
        if mention.start < pronoun.start and mention.code in (*_THIRD, "pet", "organisation", "celebrity"):
            return mention
    return Mention(pronoun.start, pronoun.end, "other", pronoun.hit)
