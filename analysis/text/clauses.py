"""Clauses in chatter without punctuation, and what kind of statement each makes.

A clause ends at a sign, an emoji run or a joining word that the lexicon marks ("nhưng", "mỗi tội", "được cái", "but").
Its flags say whether it is asked, imagined, wished, told of someone else's words; ``link`` is the joining word's code.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress

from spacy.language import Language

from analysis.text.components import Component
from analysis.text.negation import AREA as NEGATION
from analysis.text.negation import NOTHING, Scope, scopes
from analysis.text.phrases import Hit
from analysis.text.tokens import Source

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
    """Tokens ``start`` to ``end`` (exclusive) of sentence number ``sentence``. ``text_hits`` are the whole text's phrases."""

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
    negation: Scope = NOTHING
    text_hits: Sequence[Hit] = ()

    @property
    def hits(self) -> list[Hit]:
        """The phrases that lie in the clause, by position."""
        first = bisect_left(self.text_hits, self.start, key=_start)
        last = bisect_left(self.text_hits, self.end, first, key=_start)
        return [hit for hit in self.text_hits[first:last] if hit[1] <= self.end]

    def has(self, area: str, code: str | None = None) -> bool:
        """Whether the clause holds a phrase of ``area`` (with ``code``)."""
        return any(hit.entry.area == area and code in (None, hit.entry.code) for hit in self.hits)


def _start(hit: Hit) -> int:
    return hit[0]


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


def split_clauses(norms: Sequence[str], hits: Sequence[Hit], joining: Sequence[Hit]) -> list[Clause]:
    """The clauses of a text, in order; every token that is no sign lies in exactly one. ``joining`` are the hits of :data:`AREA`."""
    opens = {start: entry.code for start, _, entry in reversed(joining) if entry.code in BREAKS}
    if opens:
        _keep_whole(opens, hits)
    all_kinds = list(map(_SIGNS.__getitem__, norms))
    kinds = {i: all_kinds[i] for i in compress(range(len(norms)), all_kinds)}
    marks = [i for i, kind in kinds.items() if kind == "quote"] if "quote" in all_kinds else ()
    quotes = _quotes(norms, marks) if len(marks) > 1 else {}
    found: list[Clause] = []
    sentence = start = asked_from = 0
    link, inside = "", False
    for i in _cuts(sorted({*kinds, *opens}) if opens else kinds, len(norms)):
        kind = kinds.get(i, "")
        is_sign = kind != "" and (kind != "quote" or i in quotes)
        if kind == "quote" and not is_sign and i not in opens:
            continue
        if i > start:
            sign = norms[i] if is_sign else ""
            found.append(Clause(start, i, sentence, link, quoted=inside, sign=sign, text_hits=hits))
            link = ""
        start = i + is_sign
        if opens:
            link = opens.get(i, link)
        if quotes:
            inside = quotes.get(i, inside)
        if kind == "end":
            if norms[i] == "?":
                for clause in found[asked_from:]:
                    clause.question = True
            asked_from = len(found)
            sentence += 1
            link = ""
    if len(norms) > start:
        found.append(Clause(start, len(norms), sentence, link, quoted=inside, text_hits=hits))
    return found


def _keep_whole(opens: dict[int, str], hits: Sequence[Hit]) -> None:
    """A joining word inside a longer phrase is none: "app nên có thêm", "gained so much weight"."""
    for start, end, entry in hits:
        if entry.area == "brands" and opens.get(end) == "result":
            del opens[end]
        if end - start > 1 and entry.area != AREA:
            for i in range(start + (entry.code != "suggestion"), end):
                opens.pop(i, None)


def _cuts(places: Collection[int], size: int) -> Collection[int]:
    """``places``, and one more wherever they lie too far apart."""
    if size <= LONGEST:
        return places
    cuts: list[int] = []
    last = 0
    for place in (*places, size):
        cuts += range(last + LONGEST, place, LONGEST)
        cuts.append(place)
        last = place
    cuts.pop()
    return cuts


def _quotes(norms: Sequence[str], marks: Sequence[int]) -> dict[int, bool]:
    """Where quoted speech begins (``True``) and ends. A word or two in quotes, or a whole text, is no quoted speech."""
    quotes: dict[int, bool] = {}
    for first, last in zip(marks[::2], marks[1::2], strict=False):
        whole = first == 0 and last >= len(norms) - 2
        if _QUOTED_AT_LEAST < last - first <= LONGEST and not whole:
            quotes[first], quotes[last] = True, False
    return quotes


def places_of(clauses: Sequence[Clause], size: int) -> list[int]:
    """For each of ``size`` tokens the number of the clause that holds it, or that ends before it."""
    places: list[int] = []
    last = 0
    for number, clause in enumerate(clauses):
        if clause.start > len(places):
            places += [last] * (clause.start - len(places))
        places += [number] * (clause.end - len(places))
        last = number
    return places + [last] * (size - len(places))


def placed(hits: Iterable[Hit], clauses: Sequence[Clause], places: Sequence[int]) -> Iterator[tuple[int, Hit]]:
    """Those of ``hits`` that lie in one clause, with its number. A text of signs alone, which a study may name, has none."""
    for hit in hits if clauses else ():
        first, last, _ = hit
        number = places[first]
        clause = clauses[number]
        if clause.start <= first and last <= clause.end:
            yield number, hit


def _mark(clauses: Sequence[Clause], joining: Iterable[tuple[int, Hit]], negating: Iterable[tuple[int, Hit]]) -> None:
    """Give each clause its flags and its scope of negation."""
    for number, hit in joining:
        flag = _FLAGS.get(hit[2].code)
        if flag:
            setattr(clauses[number], flag, True)
    denied: defaultdict[int, list[Hit]] = defaultdict(list)
    for number, hit in negating:
        denied[number].append(hit)
    for number, hits in denied.items():
        clauses[number].negation = scopes(hits, clauses[number].end)


class Clauses(Component):
    """Sets ``doc._.clauses``."""

    needs = ("norms", "phrases")

    def annotate(self, source: Source) -> None:
        areas = source.areas
        joining, negating = areas.get(AREA, ()), areas.get(NEGATION, ())
        clauses = split_clauses(source.norms, source.phrases, joining)
        places = places_of(clauses, len(source.norms))
        if clauses:
            _mark(clauses, placed(joining, clauses, places), placed(negating, clauses, places))
        source.clauses, source.clause_at = clauses, places


@Language.factory("chandung_clauses", requires=["doc._.norms", "doc._.phrases"], assigns=["doc._.clauses"])
def make_clauses(nlp: Language, name: str) -> Clauses:
    return Clauses()
