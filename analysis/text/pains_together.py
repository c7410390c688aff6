"""What the pains of one text are to one another: a reaction to a fact, a sign of a harm, a reason not to buy.

A sentence often tells one trouble in several clauses; it is one complaint, and its gravest fact is what it is about.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.text.clauses import Clause
from analysis.text.pains_found import Evidence, Found
from analysis.text.phrases import Hit

#: "vì tã MiniCare của shop": longer clauses tell more than who is to blame.
_SHORT_CAUSE = 7
Read = tuple[Clause, Found, list[Evidence]]


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
    reactions: Sequence[Hit] = ()
    angry: bool = False


def together(made: list[Statement], read: Sequence[Read], objecting: set[int]) -> list[Statement]:
    """The statements that remain of a text's, in order. ``objecting`` are the sentences that refuse to buy."""
    _causes(made, read)
    made = _facts_first(_harms_first(made, read), read)
    _answer_wanted(made, read)
    return _objections(made, objecting, read)


def _causes(made: list[Statement], read: Sequence[Read]) -> None:
    """Trouble told before "vì MiniCare", "do dùng MiniCare", "because of MiniCare" is laid to that brand."""
    for clause, found, evidence in read:
        if clause.link == "cause" and found.brands and not evidence and clause.end - clause.start <= _SHORT_CAUSE:
            last = next((s for s in reversed(made) if s.evidence and s.end <= clause.start), None)
            if last is not None and clause.start - last.end <= 1 and last.kind in ("problem", "complaint"):
                last.kind = "complaint"
                last.target = last.target or found.brands[0]


def _answer_wanted(made: list[Statement], read: Sequence[Read]) -> None:
    """Trouble told in a sentence that then asks for a way out is a question: "bé bị hăm, bôi gì cho hết ạ?"."""
    wanted = {
        clause.sentence: clause.start
        for clause, found, evidence in read
        if clause.question and not evidence and any(hit.entry.code == "help" for hit in found.asks)
    }
    if not wanted:
        return
    sentence_of = {clause.start: clause.sentence for clause, _, _ in read}
    starts = sorted(sentence_of)
    last: dict[int, Statement] = {}
    for s in made:
        sentence = _sentence(s, starts, sentence_of)
        if s.kind in ("problem", "complaint") and s.start < wanted.get(sentence, -1):
            last[sentence] = s
    for s in last.values():
        s.kind = "question"


#: What these tell of is how it came about: "bí quá nên con bị hăm", "mùi nhựa nồng nặc, quét mã thì báo hàng giả".
_HARMS = frozenset(("safety_health", "trust_fraud"))


def _harms_first(made: list[Statement], read: Sequence[Read]) -> list[Statement]:
    """A mere sign of a harm told in the same sentence belongs to that harm, and what it blames is blamed for it."""
    signs = [
        s for s in made if s.evidence and s.category not in _HARMS and all(e.sign or e.reaction for e in s.evidence)
    ]
    signs = [s for s in signs if any(item.sign for item in s.evidence)]
    if not signs:
        return made
    sentence_of = {clause.start: clause.sentence for clause, _, _ in read}
    starts = sorted(sentence_of)
    harms = {_sentence(s, starts, sentence_of): s for s in made if s.evidence and s.category in _HARMS}
    dropped = set()
    for s in signs:
        harm = harms.get(_sentence(s, starts, sentence_of))
        if harm is not None:
            dropped.add(id(s))
            if s.target is not None and s.target.entry.area == "brands" and harm.target is None:
                harm.target = s.target
                harm.kind = "complaint" if harm.kind == "problem" else harm.kind
    return [s for s in made if id(s) not in dropped]


def _facts_first(made: list[Statement], read: Sequence[Read]) -> list[Statement]:
    """A mere reaction ("thất vọng", "điểm trừ là") beside a fact in its sentence only makes that fact heavier.

    Alone in its sentence it is about what the sentence beside it tells; a mere warning ("đừng mua") is no pain.
    """
    if not any(s.evidence and all(item.reaction for item in s.evidence) for s in made):
        return made
    sentence_of = {clause.start: clause.sentence for clause, _, _ in read}
    starts = sorted(sentence_of)
    facts: dict[int, Statement] = {}
    for s in made:
        if s.evidence and not all(item.reaction for item in s.evidence):
            facts.setdefault(_sentence(s, starts, sentence_of), s)
    kept = []
    for s in made:
        if not s.evidence or not all(item.reaction for item in s.evidence):
            kept.append(s)
            continue
        at = _sentence(s, starts, sentence_of)
        fact = facts.get(at)
        warning = all(item.warning for item in s.evidence)
        branded = s.target is not None and s.target.entry.area == "brands"
        if fact is not None and (warning or s.target is None or (branded and fact.target in (None, s.target))):
            fact.reactions = [*fact.reactions, *s.degrees]
            if branded and fact.kind == "complaint" and fact.target is None:
                fact.target = s.target
        elif not warning or s.kind == "objection":
            near = fact or facts.get(at - 1) or facts.get(at + 1)
            if near is not None and (s.target is None or s.target.entry.area == "brands"):
                s.category = near.category
            kept.append(s)
    return kept


def _sentence(s: Statement, starts: list[int], sentence_of: dict[int, int]) -> int:
    return sentence_of[starts[bisect_right(starts, s.start) - 1]]


def sentences_with(read: Sequence[Read], code: str) -> set[int]:
    """The sentences that make a request of this kind."""
    return {clause.sentence for clause, found, _ in read if any(hit.entry.code == code for hit in found.asks)}


def _objections(made: list[Statement], objecting: set[int], read: Sequence[Read]) -> list[Statement]:
    """One objection a sentence is enough: the reason, else the refusal, for which the last trouble told is the reason."""
    if not objecting:
        return made
    last = ""
    for s in made:
        if s.kind == "objection" and not s.evidence and s.category == "other" and last:
            s.category = last
        elif s.evidence and s.kind in ("complaint", "problem"):
            last = s.category
    sentence_of = {clause.start: clause.sentence for clause, _, _ in read}
    reasons = {sentence_of.get(s.start) for s in made if s.kind == "objection" and s.evidence}
    return [s for s in made if s.kind != "objection" or s.evidence or sentence_of.get(s.start) not in reasons]
