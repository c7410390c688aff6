"""Clauses in chatter without punctuation, and what kind of statement each makes.

A clause ends at a sign, an emoji run or a joining word that the lexicon marks ("nhưng", "mỗi tội", "được cái", "but").
Its flags say whether it is asked, imagined, wished, told of someone else's words; ``link`` is the joining word's code.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from spacy.language import Language
from spacy.tokens import Doc

from analysis.text.components import Component
from analysis.text.negation import AREA as NEGATION
from analysis.text.negation import NOTHING, Scope, scopes
from analysis.text.phrases import Hit
from analysis.text.tokens import source_of

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
#: How many words the table of signs remembers.
_MOST_SIGNS = 100_000
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


class _Signs(dict[str, str]):
    """Normal form → which kind of sign it is; empty for a word. Remembers what it has seen."""

    def __missing__(self, norm: str) -> str:
        if norm in _SENTENCE_END:
            kind = "end"
        elif norm in _OPENING or norm in _CLOSING:
            kind = "quote"
        else:
            kind = "sign" if norm in _CLAUSE_END or is_emoji(norm) else ""
        if len(self) < _MOST_SIGNS:
            self[norm] = kind
        return kind


_SIGNS = _Signs()


def split_clauses(norms: Sequence[str], hits: Sequence[Hit]) -> list[Clause]:
    """The clauses of a text, in order; every token that is no sign lies in exactly one."""
    opens = {start: entry.code for start, _, entry in reversed(hits) if entry.area == AREA and entry.code in BREAKS}
    if opens:
        _keep_whole(opens, hits)
    signs = _SIGNS
    kinds = {i: kind for i, norm in enumerate(norms) if (kind := signs[norm])}
    quotes = _quotes(norms, [i for i, kind in kinds.items() if kind == "quote"])
    found: list[Clause] = []
    sentence = start = asked_from = 0
    link, inside = "", False
    for i in _cuts(sorted({*kinds, *opens}), len(norms)):
        kind = kinds.get(i, "")
        is_sign = kind != "" and (kind != "quote" or i in quotes)
        if kind == "quote" and not is_sign and i not in opens:
            continue
        if i > start:
            found.append(Clause(start, i, sentence, link=link, quoted=inside, sign=norms[i] if is_sign else ""))
            link = ""
        start = i + is_sign
        link = opens.get(i, link)
        inside = quotes.get(i, inside)
        if kind == "end":
            if norms[i] == "?":
                for clause in found[asked_from:]:
                    clause.question = True
            asked_from = len(found)
            sentence += 1
            link = ""
    if len(norms) > start:
        found.append(Clause(start, len(norms), sentence, link=link, quoted=inside))
    return found


def _keep_whole(opens: dict[int, str], hits: Sequence[Hit]) -> None:
    """A joining word inside a longer phrase is none: "app nên có thêm", "gained so much weight"."""
    for start, end, entry in hits:
        if entry.area == "brands" and opens.get(end) == "result":
            del opens[end]
        if end - start > 1 and entry.area != AREA:
            for i in range(start + (entry.code != "suggestion"), end):
                opens.pop(i, None)


def _cuts(places: Sequence[int], size: int) -> Iterator[int]:
    """``places``, and one more wherever they lie too far apart."""
    last = 0
    for place in (*places, size):
        yield from range(last + LONGEST, place, LONGEST)
        if place < size:
            yield place
        last = place


def _quotes(norms: Sequence[str], marks: Sequence[int]) -> dict[int, bool]:
    """Where quoted speech begins (``True``) and ends. A word or two in quotes, or a whole text, is no quoted speech."""
    quotes: dict[int, bool] = {}
    for first, last in zip(marks[::2], marks[1::2], strict=False):
        whole = first == 0 and last >= len(norms) - 2
        if _QUOTED_AT_LEAST < last - first <= LONGEST and not whole:
            quotes[first], quotes[last] = True, False
    return quotes


def fill(clauses: Sequence[Clause], hits: Sequence[Hit]) -> None:
    """Give each clause its hits, its flags and its scope of negation."""
    at, size = 0, len(hits)
    for clause in clauses:
        end = clause.end
        denied = False
        while at < size and hits[at][0] < end:
            hit = hits[at]
            at += 1
            if hit[1] > end or hit[0] < clause.start:
                continue
            clause.hits.append(hit)
            entry = hit[2]
            if entry.area == AREA:
                flag = _FLAGS.get(entry.code)
                if flag:
                    setattr(clause, flag, True)
            elif entry.area == NEGATION:
                denied = True
        if denied:
            clause.negation = scopes(clause.hits, end)


class Clauses(Component):
    """Sets ``doc._.clauses``."""

    version = "1"

    def __call__(self, doc: Doc) -> Doc:
        source = source_of(doc)
        hits = source.phrases
        clauses = split_clauses(source.norms, hits)
        fill(clauses, hits)
        source.clauses = clauses
        return doc


@Language.factory("chandung_clauses", requires=["doc._.norms", "doc._.phrases"], assigns=["doc._.clauses"])
def make_clauses(nlp: Language, name: str) -> Clauses:
    return Clauses()
