"""What a clause does with its evidence: complains, tells a problem, asks, wishes, refuses to buy — or nothing.

Trouble that is imagined, feared, asked about or said by someone else is none, unless it is the reason not to buy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from analysis.text.clauses import Clause
from analysis.text.pains_evidence import Evidence, Found
from analysis.text.phrases import Hit

_Read = tuple[Clause, Found, list[Evidence]]
#: Without a word of what is blamed or of how it fails, a complaint is about quality.
_DEFAULT = "quality"


@dataclass(slots=True)
class Statement:
    """A pain before it is cut out of the text: tokens ``start`` to ``end`` of one clause."""

    kind: str
    category: str
    start: int
    end: int
    confidence: float
    evidence: Sequence[Evidence] = ()
    target: Hit | None = None
    degrees: Sequence[Hit] = ()
    mild: bool = False


@dataclass(slots=True)
class _Context:
    """What earlier clauses leave for later ones."""

    aspect: Hit | None = None
    brand: Hit | None = None
    used: bool = False
    asked_sentence: int = -1
    open: list[Statement] = field(default_factory=list)


def statements(read: Sequence[_Read], norms: Sequence[str], lang: str) -> list[Statement]:
    """The statements of a text, in order."""
    made: list[Statement] = []
    context = _Context()
    objecting = _sentences_with(read, "objection")
    done: set[int] = set()
    for clause, found, evidence in read:
        now = list(_clause(clause, found, evidence, context, norms, lang, clause.sentence in objecting, done))
        made += now
        context.used = bool(found.frame("use_time"))
        if found.aspects:
            context.aspect = found.aspects[-1]
        if found.brands:
            context.brand = found.brands[-1]
    return _objections(made, objecting, read)


def _sentences_with(read: Sequence[_Read], code: str) -> set[int]:
    return {clause.sentence for clause, found, _ in read if any(hit.entry.code == code for hit in found.asks)}


def _clause(
    clause: Clause,
    found: Found,
    evidence: list[Evidence],
    context: _Context,
    norms: Sequence[str],
    lang: str,
    objecting: bool,
    done: set[int],
) -> Iterator[Statement]:
    if clause.quoted or clause.advert:
        return
    ask = _ask(clause, found, norms, lang)
    if ask in ("suggestion", "unmet_need"):
        if ask == "suggestion" and clause.sentence in done:
            return
        done.add(clause.sentence)
        yield _whole(ask, clause, found, evidence, context)
        return
    if ask == "objection" and not evidence:
        yield _whole("objection", clause, found, evidence, context)
        return
    if not evidence:
        return
    helped = any(hit.entry.code == "help" for hit in found.asks)
    asked = clause.sign == "?" or any(
        hit.entry.code == "question" for hit in clause.hits if hit.entry.area == "clauses"
    )
    if objecting:
        kind = "objection"
    elif clause.hypothetical or clause.worry:
        return
    elif helped and (asked or clause.question):
        kind = "question"
    elif asked:
        return
    else:
        kind = ""
    yield from _parts(kind, clause, found, evidence, context)


def _ask(clause: Clause, found: Found, norms: Sequence[str], lang: str) -> str:
    """Which request the clause makes: ``suggestion``, ``unmet_need``, ``objection`` or none."""
    covered = [(hit.start, hit.end) for hit in found.praise]
    codes = set()
    for hit in found.asks:
        code = hit.entry.code
        if any(start <= hit.start and hit.end <= end for start, end in covered):
            continue
        if code == "imperative":
            if _leads(clause, hit, norms):
                codes.add("suggestion")
        elif hit.entry.weight >= 1:
            codes.add(code)
    for code in ("unmet_need", "objection", "suggestion"):
        if code in codes:
            return code
    return ""


def _leads(clause: Clause, hit: Hit, norms: Sequence[str]) -> bool:
    """Whether a verb stands where an order begins: first in its sentence, or behind "please" and the like."""
    at = hit.start
    while at > clause.start and norms[at - 1] in (
        "please",
        "just",
        "also",
        "so",
        "and",
        "or",
        "then",
        "kindly",
        "at",
        "least",
        '"',
        "-",
        "*",
    ):
        at -= 1
    return at == clause.start and (at == 0 or norms[at - 1] in ".!?…\n:-*" or norms[at] == "please")


def _whole(kind: str, clause: Clause, found: Found, evidence: list[Evidence], context: _Context) -> Statement:
    target = _target(found, clause.end, context)
    category = _category(evidence[0] if evidence else None, found.aspects[0] if found.aspects else None, found, context)
    if not evidence and not found.aspects:
        category = "availability" if kind == "unmet_need" else "other"
    return Statement(kind, category, clause.start, clause.end, 0.75, (), target, found.severity)


def _parts(kind: str, clause: Clause, found: Found, evidence: list[Evidence], context: _Context) -> Iterator[Statement]:
    """One statement for each thing blamed: "pin yếu camera mờ" states two."""
    groups: list[list[Evidence]] = []
    for item in evidence:
        between = groups and any(groups[-1][-1].end <= a.start < item.start for a in found.aspects)
        if groups and not between:
            groups[-1].append(item)
        else:
            groups.append([item])
    begin = clause.start
    for number, group in enumerate(groups):
        after = groups[number + 1][0].start if number + 1 < len(groups) else clause.end
        cuts = [a.start for a in found.aspects if group[-1].end <= a.start < after]
        end = cuts[0] if cuts and number + 1 < len(groups) else clause.end
        best = max(group, key=lambda item: item.weight)
        blamed = _blamed(found, begin, end, best)
        target = _target_of(found, blamed, context)
        chosen = kind or _kind(best, target)
        if chosen:
            category = _category(best, blamed, found, context)
            degrees = [hit for hit in found.severity if begin <= hit.start < end]
            mild = best.mild or clause.link == "praise_but"
            yield Statement(chosen, category, begin, end, 0.5 + 0.4 * best.weight, group, target, degrees, mild)
        begin = end


def _kind(best: Evidence, target: Hit | None) -> str:
    if best.kind == "suffered":
        return "complaint" if target is not None else "problem"
    if best.kind == "problem":
        return "problem"
    return "complaint"


def _blamed(found: Found, begin: int, end: int, item: Evidence) -> Hit | None:
    """The aspect nearest to the evidence, before it if there is one."""
    inside = [a for a in found.aspects if begin <= a.start < end]
    before = [a for a in inside if a.start <= item.start]
    return before[-1] if before else inside[0] if inside else None


def _target(found: Found, end: int, context: _Context) -> Hit | None:
    return _target_of(found, found.aspects[0] if found.aspects else None, context)


def _target_of(found: Found, blamed: Hit | None, context: _Context) -> Hit | None:
    if found.brands:
        return found.brands[-1]
    if found.frame("back_reference") and context.brand is not None:
        return context.brand
    return blamed


def _category(best: Evidence | None, blamed: Hit | None, found: Found, context: _Context) -> str:
    own = best.category if best else ""
    aspect = blamed.entry.code if blamed else ""
    category = own or aspect or _DEFAULT
    if best is not None and own == _DEFAULT and aspect:
        category = aspect if aspect != "safety_health" else own
    if (
        category in ("quality", "performance")
        and best is not None
        and best.rule == "term"
        and (context.used or found.frame("use_time"))
    ):
        return "durability"
    if category == "durability" and found.frame("arrival"):
        return "quality"
    return category


def _objections(made: list[Statement], objecting: set[int], read: Sequence[_Read]) -> list[Statement]:
    """One objection a sentence is enough: the reason, else the refusal."""
    if not objecting:
        return made
    sentence_of = {clause.start: clause.sentence for clause, _, _ in read}
    reasons = {sentence_of.get(s.start) for s in made if s.kind == "objection" and s.evidence}
    return [s for s in made if s.kind != "objection" or s.evidence or sentence_of.get(s.start) not in reasons]
