"""Clauses in chatter without punctuation, and what kind of statement each makes.

A clause ends at a sign, an emoji run or a joining word that the lexicon marks ("nhưng", "mỗi tội", "được cái", "but").
Its flags say whether it is asked, imagined, wished, told of someone else's words; ``link`` is the joining word's code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from spacy.language import Language
from spacy.tokens import Doc

from analysis.text.components import Component
from analysis.text.negation import NOTHING, Scope, scopes
from analysis.text.phrases import Hit

AREA = "clauses"
_SENTENCE_END = frozenset(".!?…\n")
_CLAUSE_END = frozenset({",", ";", ")", "(", "]", "[", "•", "|", "=>", ">", "~", "+", "–", "—"})
_OPENING = frozenset('"“«')
_CLOSING = frozenset('"”»')
#: Codes of joining words that begin a new clause, and of those that only set a flag of the clause they stand in.
BREAKS = frozenset({"contrast", "concession", "except", "praise_but", "cause", "result", "condition", "time", "add"})
_FLAGS = {
    "condition": "hypothetical",
    "hypothetical": "hypothetical",
    "wish": "wish",
    "question": "question",
    "speech": "quoted",
    "advert": "advert",
    "worry": "worry",
}
_QUOTED_AT_LEAST = 3
#: A clause longer than this is cut, so that a text without any sign still costs linear time.
LONGEST = 60


@dataclass(slots=True)
class Clause:
    """Tokens ``start`` to ``end`` (exclusive) of sentence number ``sentence``, with the hits inside."""

    start: int
    end: int
    sentence: int
    link: str = ""
    question: bool = False
    hypothetical: bool = False
    wish: bool = False
    quoted: bool = False
    advert: bool = False
    worry: bool = False
    sign: str = ""
    hits: list[Hit] = field(default_factory=list)
    negation: Scope = NOTHING

    def has(self, area: str, code: str | None = None) -> bool:
        """Whether the clause holds a phrase of ``area`` (with ``code``)."""
        return any(hit.entry.area == area and code in (None, hit.entry.code) for hit in self.hits)


def is_emoji(norm: str) -> bool:
    """Whether a normal form is an emoji or another pictogram."""
    return len(norm) <= 12 and (
        norm[0] >= "\U0001f000" or "\u2600" <= norm[0] <= "\u27bf" or "\u2b00" <= norm[0] <= "\u2bff"
    )


def split_clauses(norms: Sequence[str], hits: Sequence[Hit]) -> list[Clause]:
    """The clauses of a text, in order; every token that is no sign lies in exactly one."""
    opens = {hit.start: hit.entry.code for hit in reversed(hits) if hit.entry.area == AREA and hit.entry.code in BREAKS}
    for hit in hits:
        if hit.entry.code == "suggestion" and hit.end - hit.start > 1:
            for i in range(hit.start, hit.end):
                opens.pop(i, None)
    quotes = _quotes(norms)
    found: list[Clause] = []
    sentence = start = asked_from = 0
    link, inside = "", False
    for i, norm in enumerate(norms):
        code = opens.get(i)
        ends_sentence = norm in _SENTENCE_END
        is_sign = ends_sentence or norm in _CLAUSE_END or i in quotes or is_emoji(norm)
        if not (code or is_sign or i - start >= LONGEST):
            continue
        if i > start:
            found.append(Clause(start, i, sentence, link=link, quoted=inside, sign=norm if is_sign else ""))
            link = ""
        start = i + is_sign
        link = code or link
        inside = quotes.get(i, inside)
        if ends_sentence:
            if norm == "?":
                for clause in found[asked_from:]:
                    clause.question = True
            asked_from = len(found)
            sentence += 1
            link = ""
    if len(norms) > start:
        found.append(Clause(start, len(norms), sentence, link=link, quoted=inside))
    return found


def _quotes(norms: Sequence[str]) -> dict[int, bool]:
    """Where quoted speech begins (``True``) and ends. A word or two in quotes, or a whole text, is no quoted speech."""
    marks = [i for i, norm in enumerate(norms) if norm in _OPENING or norm in _CLOSING]
    quotes: dict[int, bool] = {}
    for first, last in zip(marks[::2], marks[1::2], strict=False):
        whole = first == 0 and last >= len(norms) - 2
        if _QUOTED_AT_LEAST < last - first <= LONGEST and not whole:
            quotes[first], quotes[last] = True, False
    return quotes


def fill(clauses: Sequence[Clause], hits: Sequence[Hit]) -> None:
    """Give each clause its hits, its flags and its scope of negation."""
    at = 0
    for clause in clauses:
        while at < len(hits) and hits[at].start < clause.start:
            at += 1
        while at < len(hits) and hits[at].start < clause.end:
            if hits[at].end <= clause.end:
                clause.hits.append(hits[at])
            at += 1
        for hit in clause.hits:
            if hit.entry.area == AREA and hit.entry.code in _FLAGS:
                setattr(clause, _FLAGS[hit.entry.code], True)
        clause.negation = scopes(clause.hits, clause.end)


class Clauses(Component):
    """Sets ``doc._.clauses``."""

    version = "1"

    def __call__(self, doc: Doc) -> Doc:
        hits = doc._.phrases
        clauses = split_clauses(doc._.norms, hits)
        fill(clauses, hits)
        doc._.clauses = clauses
        return doc


@Language.factory("chandung_clauses", requires=["doc._.norms", "doc._.phrases"], assigns=["doc._.clauses"])
def make_clauses(nlp: Language, name: str) -> Clauses:
    return Clauses()
