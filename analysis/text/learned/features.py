"""What the model sees of a clause: its words, its neighbours, the lexicon's phrases in it and the rules' answers.

A feature is a word or a pair or triple of words (a tuple), or a named fact (a string); each has a family, and each
family one weight. Names are stable: a fitted model is a table of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from analysis.text.clauses import Clause
from analysis.text.tokens import Source

#: Family → how much a feature of it weighs in the sum: what says the same in longer words counts less.
FAMILIES = {"word": 1.0, "pair": 1.0, "triple": 0.5, "gap": 0.5, "before": 0.4, "after": 0.4, "fact": 1.0, "text": 0.25}
#: Areas of the lexicon whose codes are facts of a clause. Of the others only the rules' answers are told.
_AREAS = frozenset({"severity", "emoji", "brands", "clauses", "channels", "cues_effort", "cues_want", "cues_seen"})
_UNCODED = frozenset({"brands", "interests", "places"})
_FLAGS = ("question", "hypothetical", "wish", "quoted", "advert", "worry")
#: With more areas in one clause their pairs tell nothing.
_MOST_AREAS = 6
#: Attributes whose value is one of a few codes; of the others the model is told only that the rules found one.
CODED = frozenset(
    {
        "gender",
        "education",
        "price_sensitivity",
        "marital_status",
        "value",
        "channel",
        "behaviour",
        "customer_type",
        "purchase_role",
    }
)
PAIN = "pain"
#: The pain of a clause belongs to the one told in the clause before.
JOINED = "joined"


def shared(one: tuple[int, int], other: tuple[int, int]) -> int:
    """How many characters two spans share."""
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


class Told(NamedTuple):
    """One clause: its normal forms, the facts of it, and the normal forms of the clauses before and after."""

    norms: Sequence[str]
    facts: list[str]
    before: Sequence[str]
    after: Sequence[str]

    def by_family(self) -> tuple[tuple[str, Iterable[Any]], ...]:
        """The features of each family, repeated where they are."""
        norms = self.norms
        return (
            ("word", norms),
            ("pair", pairwise(norms)),
            ("triple", zip(norms, norms[1:], norms[2:], strict=False)),
            ("gap", zip(norms, norms[2:], strict=False)),
            ("before", self.before),
            ("after", self.after),
            ("fact", self.facts),
        )

    def named(self) -> Iterator[tuple[str, Any]]:
        """Every feature with its family."""
        for family, keys in self.by_family():
            for key in keys:
                yield family, key


class Seen(NamedTuple):
    """A document as the model reads it: clauses as token and character spans, the features of each, and of all of them."""

    clauses: Sequence[Clause]
    spans: list[tuple[int, int]]
    features: list[Told]
    words: frozenset[str]

    def places(self, start: int, end: int) -> range:
        """The clauses that characters ``start`` to ``end`` touch."""
        last = bisect_right(self.spans, (end, -1))
        first = max(0, bisect_right(self.spans, (start, 1 << 60)) - 1)
        return range(first, max(last, first + 1))

    def nearest(self, start: int, end: int) -> int:
        """The clause that shares most with characters ``start`` to ``end``."""
        places = self.places(start, end)
        if len(places) == 1:
            return places[0]
        return max(places, key=lambda i: shared(self.spans[i], (start, end)))


def of(source: Source, lang: str) -> Seen:
    """The features of every clause of a document that the rules have read."""
    clauses, norms = source.clauses, source.norms
    starts, words = source.starts, source.words
    spans = [(starts[clause.start], starts[last := clause.end - 1] + len(words[last])) for clause in clauses]
    seen = Seen(clauses, spans, [], frozenset(norms))
    inside = [norms[clause.start : clause.end] for clause in clauses]
    facts = [_facts(clause) for clause in clauses]
    if source.pains or source.cues:
        _answer(seen, source, facts)
    told_on = [[fact for fact in found if fact in _TOLD_ON or fact.startswith(_TOLD_ON_STARTS)] for found in facts]
    many = f"rules.pains={min(2, len(source.pains))}"
    last = len(clauses) - 1
    for i, clause in enumerate(clauses):
        found = facts[i]
        own = inside[i]
        found += ("first=" + own[0], "last=" + own[-1], f"length={min(8, len(own) // 2)}", many)
        found.append("place=first" if i == 0 else "place=last" if i == last else "place=middle")
        if lang == "en":
            for norm in own:
                if len(norm) > 5:
                    found += ("stem=" + norm[:5], "ending=" + norm[-3:])
        for family, j in (("before", i - 1), ("after", i + 1)):
            if 0 <= j <= last:
                same = clauses[j].sentence == clause.sentence
                found.append(f"{family}.same={same}")
                found += [family + "." + fact for fact in told_on[j]]
            else:
                found.append(family + ".none")
        seen.features.append(Told(own, found, inside[i - 1] if i else (), inside[i + 1] if i < last else ()))
    return seen


def _facts(clause: Clause) -> list[str]:
    found = ["link=" + clause.link, "sign=" + clause.sign.strip()]
    found += ["is." + flag for flag in _FLAGS if getattr(clause, flag)]
    areas: set[str] = set()
    covers = clause.negation.covers
    for start, _, entry in clause.hits:
        area = entry.area
        if area in _AREAS or area.startswith("pains_"):
            denied = "denied." if covers(start) else ""
            areas.add(denied + area)
            found.append(f"{denied}{area}={'' if area in _UNCODED else entry.code}")
        elif area == "negation":
            found.append("negation=" + entry.code)
            areas.add(area)
    if areas:
        found += _together(frozenset(areas))
    return found


@cache
def _together(areas: frozenset[str]) -> tuple[str, ...]:
    """The areas met in one clause, and which met which."""
    pairs = [f"{one}&{other}" for one in areas for other in areas if one < other] if len(areas) < _MOST_AREAS else []
    return (*areas, *pairs)


def name_of(attribute: str, value: str) -> str:
    """The model's label for a cue: the attribute, with the value where that is one of a few codes."""
    return f"{attribute}={value}" if attribute in CODED else attribute


def _answer(seen: Seen, source: Source, facts: list[list[str]]) -> None:
    """Tell each clause what the rules answered in it."""
    said: tuple[str, ...]
    for pain in source.pains:
        said = (
            "rule.pain",
            "rule.kind=" + pain.kind,
            "rule.category=" + pain.category,
            f"rule.severity={pain.severity}",
        )
        _tell(seen, (pain.start, pain.end), said, facts)
    for cue in source.cues:
        said = ("rule." + name_of(cue.attribute, cue.value), f"rule.{cue.attribute}.{cue.who}")
        _tell(seen, (cue.start, cue.end), said, facts)


def _tell(seen: Seen, answer: tuple[int, int], said: tuple[str, ...], facts: list[list[str]]) -> None:
    for i in seen.places(*answer):
        span = seen.spans[i]
        common = shared(answer, span)
        if common > 0:
            whole = 2 * common >= min(answer[1] - answer[0], span[1] - span[0])
            facts[i] += said if whole else [said[0] + ".part"]


_TOLD_ON = frozenset(
    {
        *("pains_terms", "pains_good", "pains_dims", "pains_aspects", "pains_asks", "pains_praise", "pains_frames"),
        "denied.pains_terms",
    }
)
_TOLD_ON_STARTS = ("link=", "sign=", "rule.pain")
