"""Pains: what hurts, what is missing, what is asked for (CODEBOOK, sections 2 and 4), one for each clause that states it.

Evidence in a clause (:mod:`analysis.text.pains_evidence`) and what the clause does with it — states, asks, imagines,
wishes, quotes — give the kind (:mod:`analysis.text.pains_kinds`); the words blamed give the target.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from spacy.language import Language

from analysis.text.adverts import is_advert
from analysis.text.clauses import Clause, placed
from analysis.text.components import Component, load_lexicon
from analysis.text.echoes import without_echoes
from analysis.text.edges import trimmed
from analysis.text.negation import Scope, Span
from analysis.text.pains_evidence import collect
from analysis.text.pains_found import Evidence, Found, find
from analysis.text.pains_kinds import statements
from analysis.text.pains_offers import goes_on, not_offered, offers
from analysis.text.pains_together import Statement
from analysis.text.pains_unmeant_en import goes_on_denied, meant
from analysis.text.pains_unmeant_vi import without_unmeant
from analysis.text.tokens import Source
from data.records import Pain

SOURCE = "chandung_pains"
#: A pain is cut to the words around its evidence where the clause is longer than this.
_LONG_CLAUSE = 16
#: A list of troubles goes on in clauses of so many words at most, behind these signs.
_SHORT = 6
#: Of cooking, sport, films, traffic and weather these tell nothing of the market unless a product is named.
_PRODUCT = frozenset(("", "quality", "durability", "performance", "emotional"))
_LISTING = frozenset((",", "/", "+", "-"))


class Pains(Component):
    """Sets ``doc._.pains``. ``strong`` and ``mild`` words come from the ``severity`` lexicon."""

    def __init__(self, lang: str, angry: frozenset[str] = frozenset()) -> None:
        self._lang = lang
        self._angry = angry
        #: Told of every pain and the statement it was made of, where somebody asks why.
        self.record: Callable[[Statement, Pain], None] | None = None

    def annotate(self, source: Source) -> None:
        source.pains = self.read(source)

    def read(self, source: Source) -> tuple[Pain, ...]:
        """The pains of one document, by position."""
        clauses: Sequence[Clause] = source.clauses
        found_in = find(source)
        if not found_in or ("clauses" in source.areas and sum(clause.advert for clause in clauses) > 1):
            return ()
        norms = source.norms
        if self._lang == "vi" and is_advert(source.areas, norms):
            return ()
        seen: list[tuple[Clause, Found, list[Evidence]]] = []
        elsewhere = {
            clauses[number].sentence
            for number, _ in placed(source.areas.get("pains_elsewhere", ()), clauses, source.clause_at)
        }
        offering = -2
        for number, found in found_in.items():
            clause, before = clauses[number], clauses[number - 1] if number else None
            if offers(found) or (offering == number - 1 and goes_on(clause, clauses[offering], norms)):
                offering = number
                if not offers(found):
                    continue
            evidence = [] if _listed(clause, before, found) else collect(clause, found, norms, source.words, self._lang)
            evidence = not_offered(clause, found, evidence, norms)
            if self._lang == "en":
                evidence = [] if goes_on_denied(clause, before, norms) else meant(clause, found, evidence, norms)
            if clause.sentence in elsewhere and not found.brands:
                evidence = [e for e in evidence if e.category not in _PRODUCT or _named(clause, found, e)]
            seen.append((clause, found, evidence))
        if self._lang == "vi":
            seen = without_unmeant(seen, clauses, norms, source.words)
        if not any(evidence or found.asks or found.brands for _, found, evidence in seen):
            return ()
        made = statements(seen, norms, self._lang)
        for statement in made:
            statement.angry = norms[statement.end] in self._angry if statement.end < len(norms) else False
        pains = [_pain(source, norms, statement) for statement in made]
        if self.record is not None:
            for statement, pain in zip(made, pains, strict=True):
                if pain is not None:
                    self.record(statement, pain)
        return without_echoes(_once(pains))


def _named(clause: Clause, found: Found, item: Evidence) -> bool:
    """Whether beside a pain something is named that can be blamed: no word of the evidence, nor of the kitchen or the match."""
    taken = [(item.start, item.end), *((h.start, h.end) for h in clause.hits if h.entry.area == "pains_elsewhere")]
    return any(not any(start <= aspect.start < end for start, end in taken) for aspect in found.aspects)


def _listed(clause: Clause, before: Clause | None, found: Found) -> bool:
    """Whether the clause goes on with a list of what there is none of: "không nóng, lag, giật gì"."""
    if before is None or before.sign not in _LISTING or clause.end - clause.start > _SHORT or clause.link:
        return False
    if clause.negation.spans or found.aspects or not (found.terms and found.terms[0].start == clause.start):
        return False
    denied = [hit for hit in before.hits if hit.entry.area == "pains_terms" and before.negation.covers(hit.start)]
    if denied:
        clause.negation = Scope((Span(clause.start - 1, clause.start, clause.end, True),))
    return bool(denied)


def _once(pains: Sequence[Pain | None]) -> tuple[Pain, ...]:
    """The pains by position; what is said again in the very same words is no other pain."""
    kept: dict[str, Pain] = {}
    for pain in pains:
        if pain is not None:
            kept.setdefault(pain.quote, pain)
    return tuple(sorted(kept.values(), key=lambda pain: (pain.start, pain.end)))


def _pain(source: Source, norms: Sequence[str], statement: Statement) -> Pain | None:
    first, last = _extent(norms, statement)
    if first >= last:
        return None
    start, end = source.starts[first], source.end(last - 1)
    return Pain(
        kind=statement.kind,
        category=statement.category,
        target="" if statement.kind == "problem" else _target(source, statement),
        severity=_severity(statement, first, last),
        start=start,
        end=end,
        quote=source.text[start:end],
        confidence=round(statement.confidence, 2),
        source_component=SOURCE,
    )


def _extent(norms: Sequence[str], statement: Statement) -> tuple[int, int]:
    """The tokens of the pain: its part of the clause, without joining words, cut to the evidence where that is long."""
    first, last = statement.start, statement.end
    if last - first > _LONG_CLAUSE and statement.evidence:
        target = statement.target
        begin = statement.evidence[0].start
        if target is not None and target.start < begin and begin - target.start <= _LONG_CLAUSE:
            begin = target.start
        first, last = max(first, min(begin, begin)), min(last, statement.evidence[-1].end + 3)
    return trimmed(norms, first, last)


def _target(source: Source, statement: Statement) -> str:
    hit = statement.target
    if hit is None:
        return ""
    if hit.entry.area == "brands":
        return hit.entry.code
    return source.text[source.starts[hit.start] : source.end(hit.end - 1)].lower()


def _severity(statement: Statement, first: int, last: int) -> int:
    mild = strong = False
    for hit in statement.degrees:
        if hit.start >= first - 1 and hit.end <= last + 1:
            mild |= hit.entry.code == "mild"
            strong |= hit.entry.code == "strong"
    if any(hit.entry.code == "strong" for hit in statement.reactions):
        return 3
    if statement.mild or (mild and not strong):
        return 1
    return 3 if (strong or statement.angry) and not mild else 2


@Language.factory(
    "chandung_pains",
    default_config={"lexicon_files": []},
    requires=["doc._.norms", "doc._.phrases", "doc._.clauses"],
    assigns=["doc._.pains"],
)
def make_pains(nlp: Language, name: str, lexicon_files: list[str]) -> Pains:
    return Pains(nlp.lang or "", load_lexicon(nlp, lexicon_files).forms("emoji", "angry"))
