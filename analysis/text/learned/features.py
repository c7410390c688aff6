"""What the model sees of a clause: its words, its neighbours, the lexicon's phrases in it and the rules' answers.

A feature is a word or a pair or triple of words (a tuple), or a named fact (a string); each has a family, and each
family one weight. Names are stable: a fitted model is a table of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, pairwise
from typing import Any, NamedTuple

from analysis.text.clauses import Clause
from analysis.text.negation import AREA as NEGATION
from analysis.text.negation import NOTHING
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
_HEADING = frozenset(("update", "edit", "eta", "rant", "review", "warning", "psa", "heads-up", "up", "upd"))
PAIN = "pain"
#: The pain of a clause belongs to the one told in the clause before.
JOINED = "joined"


def shared(one: tuple[int, int], other: tuple[int, int]) -> int:
    """How many characters two spans share."""
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def unlabelled(norms: Sequence[str], clauses: Sequence[Clause]) -> Sequence[str]:
    """Normal forms without the words that only head a post: “Update: the box came late” speaks of no update."""
    heading = [c.start for c in clauses if norms[c.start] in _HEADING and norms[c.start + 1 : c.start + 2] == [":"]]
    return ["" if i in heading else norm for i, norm in enumerate(norms)] if heading else norms


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
    """A document as the model reads it: clauses as token and character spans, the facts of each, and all normal forms."""

    clauses: Sequence[Clause]
    spans: list[tuple[int, int]]
    facts: list[list[str]]
    norms: Sequence[str]

    @property
    def words(self) -> frozenset[str]:
        """Every normal form of the text."""
        return frozenset(self.norms)

    @property
    def features(self) -> list[Told]:
        """Each clause with all its features."""
        inside = [self.norms[clause.start : clause.end] for clause in self.clauses]
        beside = [(), *inside, ()]
        return [
            Told(own, facts, before, after)
            for own, facts, before, after in zip(inside, self.facts, beside, beside[2:], strict=False)
        ]

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
    facts: list[list[str]] = []
    told_on: list[tuple[str, ...]] = []
    for clause in clauses:
        head = _HEADS[
            clause.link, clause.sign, clause.question, clause.hypothetical, clause.wish, clause.quoted, clause.advert,
            clause.worry,
        ]  # fmt: skip
        facts.append([*head])
        told_on.append(head[:2])
    _code(source, facts, told_on)
    seen = Seen(clauses, spans, facts, unlabelled(norms, clauses))
    if source.pains or source.cues:
        _answer(seen, source, told_on)
    many = _MANY[min(2, len(source.pains))]
    last = len(clauses) - 1
    for i, clause in enumerate(clauses):
        found = facts[i]
        first, end = clause.start, clause.end
        place = "place=first" if i == 0 else "place=last" if i == last else "place=middle"
        found += (_FIRST[norms[first]], _LAST[norms[end - 1]], _LENGTH[min(8, (end - first) // 2)], many, place)
        if lang == "en":
            for norm in norms[first:end]:
                if len(norm) > 5:
                    found += _PARTS[norm]
        if i == 0:
            found.append("before.none")
        else:
            found += _NEAR["before", clauses[i - 1].sentence == clause.sentence, told_on[i - 1]]
        if i == last:
            found.append("after.none")
        else:
            found += _NEAR["after", clauses[i + 1].sentence == clause.sentence, told_on[i + 1]]
    return seen


def _code(source: Source, facts: list[list[str]], told_on: list[tuple[str, ...]]) -> None:
    """Tell each clause the phrases in it."""
    clauses, places = source.clauses, source.clause_at
    areas: dict[int, set[str]] = {}
    told = [hits for area, hits in source.areas.items() if _TOLD_AREAS[area]]
    for start, end, entry in chain.from_iterable(told):
        number = places[start]
        clause = clauses[number]
        if start < clause.start or end > clause.end:
            continue
        scope = clause.negation
        fact, name = _CODES[entry.area, entry.code, scope is not NOTHING and scope.covers(start)]
        facts[number].append(fact)
        if number in areas:
            areas[number].add(name)
        else:
            areas[number] = {name}
    for number, met in areas.items():
        together, passed_on = _together(frozenset(met))
        facts[number] += together
        if passed_on:
            told_on[number] += passed_on


@cache
def _together(areas: frozenset[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The areas met in one clause, and which met which; those that the neighbours are told."""
    pairs = [f"{one}&{other}" for one in areas for other in areas if one < other] if len(areas) < _MOST_AREAS else []
    return (*areas, *pairs), tuple(sorted(areas & _TOLD_ON))


class _Made(dict[Any, Any]):
    """What ``make`` gives for a key. Remembers what it has made."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        self._make = make

    def __missing__(self, key: Any) -> Any:
        if len(self) > _MOST_MADE:
            self.clear()
        self[key] = made = self._make(key)
        return made


def _head(told: tuple[Any, ...]) -> tuple[str, ...]:
    link, sign, *flags = told
    flagged = ["is." + name for name, flag in zip(_FLAGS, flags, strict=True) if flag]
    return ("link=" + link, "sign=" + sign.strip(), *flagged)


def _coded(told: tuple[str, str, bool]) -> tuple[str, str]:
    """The fact of a phrase's area and code, and the area as the clause is told it."""
    area, code, denied = told
    if area == NEGATION:
        return "negation=" + code, area
    name = ("denied." if denied else "") + area
    return f"{name}={'' if area in _UNCODED else code}", name


def _near(told: tuple[str, bool, tuple[str, ...]]) -> tuple[str, ...]:
    """What a clause is told of the one beside it."""
    family, same, facts = told
    return (f"{family}.same={same}", *(family + "." + fact for fact in facts))


#: Facts made before, by what they are made of: strings cost more to make than all else here.
_MOST_MADE = 100_000
_HEADS, _CODES, _NEAR = _Made(_head), _Made(_coded), _Made(_near)
_TOLD_AREAS = _Made(lambda area: area in _AREAS or area == NEGATION or area.startswith("pains_"))
_FIRST, _LAST = _Made("first={}".format), _Made("last={}".format)
_PARTS = _Made(lambda norm: ("stem=" + norm[:5], "ending=" + norm[-3:]))
_LENGTH = [f"length={length}" for length in range(9)]
_MANY = [f"rules.pains={count}" for count in range(3)]


def name_of(attribute: str, value: str) -> str:
    """The model's label for a cue: the attribute, with the value where that is one of a few codes."""
    return f"{attribute}={value}" if attribute in CODED else attribute


def _answer(seen: Seen, source: Source, told_on: list[tuple[str, ...]]) -> None:
    """Tell each clause what the rules answered in it."""
    for pain in source.pains:
        said = (
            "rule.pain",
            "rule.kind=" + pain.kind,
            "rule.category=" + pain.category,
            f"rule.severity={pain.severity}",
        )
        for i, fact in _tell(seen, (pain.start, pain.end), said):
            told_on[i] += (fact,)
    for cue in source.cues:
        _tell(seen, (cue.start, cue.end), _CUES[cue.attribute, cue.value if cue.attribute in CODED else "", cue.who])


_CUES = _Made(lambda told: ("rule." + name_of(told[0], told[1]), f"rule.{told[0]}.{told[2]}"))


def _tell(seen: Seen, answer: tuple[int, int], said: tuple[str, ...]) -> list[tuple[int, str]]:
    """The clauses that were told, each with the fact that names the answer."""
    told: list[tuple[int, str]] = []
    for i in seen.places(*answer):
        span = seen.spans[i]
        common = shared(answer, span)
        if common > 0:
            whole = 2 * common >= min(answer[1] - answer[0], span[1] - span[0])
            seen.facts[i] += said if whole else (said[0] + ".part",)
            told.append((i, said[0] if whole else said[0] + ".part"))
    return told


_TOLD_ON = frozenset(
    {
        *("pains_terms", "pains_good", "pains_dims", "pains_aspects", "pains_asks", "pains_praise", "pains_frames"),
        "denied.pains_terms",
    }
)
