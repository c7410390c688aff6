"""What the cue rules read: a text's words, phrases, clauses and people, and the place where they put what they find."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import compress

from analysis.text.clauses import Clause
from analysis.text.cues.grammar import GRAMMARS, Grammar
from analysis.text.phrases import Hit
from analysis.text.tokens import Source

#: A negator reaches over so many words before the phrase that it denies.
_REACH = 4
#: How many words are remembered of what a rule looks at.
_MOST_SEEN = 100_000
_EMPTY = Clause(0, 0, 0)


@dataclass(slots=True)
class Found:
    """A cue as tokens: ``start`` to ``end`` (exclusive). ``rank`` settles which of several contrary ones stays."""

    attribute: str
    value: str
    who: str
    start: int
    end: int
    confidence: float
    group: str | None = None
    rank: int = 1


@dataclass(slots=True)
class Mention:
    """A person, animal or thing that is spoken of, tokens ``start`` to ``end``; ``code`` says who (kinship.tsv)."""

    start: int
    end: int
    code: str
    hit: Hit


def _start(item: Hit | Mention) -> int:
    return item.start


class Known(dict[str, bool]):
    """Normal form → whether a rule looks at it. Remembers what it has seen, so that a text is gone through fast."""

    def __init__(self, looked_at: Callable[[str], bool]) -> None:
        self._looked_at = looked_at

    def __missing__(self, norm: str) -> bool:
        if len(self) > _MOST_SEEN:
            self.clear()
        self[norm] = found = self._looked_at(norm)
        return found

    def places(self, norms: Sequence[str]) -> Iterator[int]:
        """The tokens that the rule looks at."""
        return compress(range(len(norms)), map(self.__getitem__, norms))


NUMBERS = Known(lambda norm: "0" <= norm[0] <= "9")


class Word:
    """A token as it was typed, and where it begins."""

    __slots__ = ("_source", "_token")

    def __init__(self, source: Source, token: int) -> None:
        self._source = source
        self._token = token

    @property
    def text(self) -> str:
        return self._source.words[self._token]

    @property
    def idx(self) -> int:
        return self._source.starts[self._token]


class Words:
    """A text's tokens as they were typed, looked at one by one as in a ``Doc``."""

    __slots__ = ("_source",)

    def __init__(self, source: Source) -> None:
        self._source = source

    def __len__(self) -> int:
        return len(self._source.words)

    def __getitem__(self, token: int) -> Word:
        return Word(self._source, token)


class Reading:
    """One text being read. ``doc`` are its tokens, ``norms`` their normal forms, ``written`` the day it was written."""

    __slots__ = (
        *(
            "_clause_at",
            "_mention_ends",
            "by_area",
            "clauses",
            "doc",
            "found",
            "grammar",
            "hits",
            "lang",
            "mentions",
            "norms",
            "numbers",
        ),
        *("pets", "said", "size", "written"),
    )

    def __init__(self, source: Source, lang: str, written: date | None) -> None:
        self.lang = lang
        self.grammar: Grammar = GRAMMARS[lang]
        self.doc = Words(source)
        self.norms: list[str] = source.norms
        #: The same as a set: whether a word occurs at all is asked often.
        self.said = frozenset(self.norms)
        self.size = len(self.norms)
        self.numbers = list(NUMBERS.places(self.norms))
        self.hits: list[Hit] = source.phrases
        self.clauses: list[Clause] = source.clauses
        self.written = written
        self.found: list[Found] = []
        self.mentions: list[Mention] = []
        self.pets = False
        self.by_area: defaultdict[str, list[Hit]] = defaultdict(list, source.areas)
        self._clause_at = source.clause_at
        self._mention_ends: frozenset[int] | None = None

    def ends_mention(self, token: int) -> bool:
        """Whether a mention ends before ``token``; to be asked when all mentions are known."""
        if self._mention_ends is None:
            self._mention_ends = frozenset(mention.end for mention in self.mentions)
        return token in self._mention_ends

    def clause_index(self, token: int) -> int:
        """The number of the clause that holds ``token``, or that ends before it."""
        return self._clause_at[token]

    def clause(self, token: int) -> Clause:
        """The clause that holds ``token``."""
        return self.clauses[self._clause_at[token]] if self.clauses else _EMPTY

    def word(self, token: int) -> str:
        """The normal form at ``token``; empty outside the text."""
        return self.norms[token] if 0 <= token < self.size else ""

    def phrase(self, hit: Hit) -> str:
        """The normal form in which a phrase was found."""
        return " ".join(self.norms[hit.start : hit.end])

    def add(
        self,
        attribute: str,
        value: str,
        start: int,
        end: int,
        who: str = "self",
        confidence: float = 0.8,
        group: str | None = None,
        rank: int = 1,
    ) -> None:
        """Note a cue."""
        self.found.append(Found(attribute, value, who, start, end, confidence, group, rank))

    def negated(self, token: int) -> bool:
        """Whether a negator stands shortly before ``token`` in its clause."""
        norms, negators = self.norms, self.grammar.negators
        first = max(self.clause(token).start, token - _REACH)
        for i in range(token - 1, first - 1, -1):
            word = norms[i]
            if word in negators:
                return True
            if word in ("mà", "nhưng", "thì", "but", ",", "nên"):
                return False
        return False

    def unreal(self, token: int) -> bool:
        """Whether the words at ``token`` are imagined, quoted from somebody or an advert's."""
        clause = self.clause(token)
        return clause.hypothetical or clause.quoted or (clause.link == "condition")

    def near(self, area: str, token: int, back: int, code: str | None = None) -> Hit | None:
        """The last phrase of ``area`` that ends at most ``back`` words before ``token``, in the same sentence."""
        hits = self.by_area.get(area)
        if not hits:
            return None
        sentence = self.clause(token).sentence
        for i in range(bisect_left(hits, token, key=_start) - 1, -1, -1):
            hit = hits[i]
            if token - hit.end > back + 6:
                return None
            if hit.end <= token and code in (None, hit.entry.code):
                near = token - hit.end <= back and self.clause(hit.start).sentence == sentence
                while near and i and hits[i - 1].start == hit.start and hits[i - 1].end <= token:
                    i -= 1
                    hit = hits[i] if code in (None, hits[i].entry.code) else hit
                if near:
                    return hit
        return None

    def near_after(self, area: str, token: int, code: str | None, ahead: int) -> Hit | None:
        """The first phrase of ``area`` that begins at most ``ahead`` words after ``token``, in the same sentence."""
        hits = self.by_area.get(area, [])
        for i in range(bisect_left(hits, token, key=_start), len(hits)):
            hit = hits[i]
            if hit.start - token > ahead or self.clause(hit.start).sentence != self.clause(max(0, token - 1)).sentence:
                return None
            if code in (None, hit.entry.code):
                return hit
        return None

    def mentions_in(self, first: int, last: int) -> list[Mention]:
        """The mentions that begin from token ``first`` to before ``last``."""
        mentions = self.mentions
        return mentions[bisect_left(mentions, first, key=_start) : bisect_left(mentions, last, key=_start)]
