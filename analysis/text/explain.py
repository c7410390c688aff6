"""Why a text was read as it was: of each answer the rule and the lexicon lines that gave it, and what kept others away.

The text is read once more with recorders in place; reading without them costs nothing more. A component that learned its
answers may offer ``explain(doc, answer) -> list[tuple[str, float]]``, the words that counted for an answer (a
:class:`~data.records.Pain` or :class:`~data.records.Cue`) with their weights; those are shown beside the rules.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from spacy.language import Language

from analysis.text.annotate import Annotator, moment
from analysis.text.blocked import Blocked, blocked
from analysis.text.clauses import Clause
from analysis.text.cues.reading import Found, Reading
from analysis.text.pains_together import Statement
from analysis.text.phrases import Hit
from analysis.text.tokens import Source, source_of
from data.records import Cue, Pain

PAINS, CUES = "chandung_pains", "chandung_cues"
#: The marks of a clause, in the order in which they are shown.
MARKS = ("question", "hypothetical", "wish", "worry", "quoted", "advert")
#: What leads to a cue may stand so many words before its quote: "lương" before "8 củ".
_LED_BY = 4
#: Attribute → how the names of the areas begin that it is read from. Where none of them has a line, all lines are shown.
_FAMILY, _WORK, _PAY = (
    ("cues_family", "kinship"),
    ("occupations", "cues_work", "cues_orgs"),
    ("cues_money", "cues_price"),
)
_FROM: dict[str, tuple[str, ...]] = {
    "gender": _FAMILY, "marital_status": _FAMILY, "children": _FAMILY, "child_age": _FAMILY,
    "occupation": _WORK, "education": ("cues_education", *_WORK), "customer_type": ("cues_roles", "cues_orgs"),
    "purchase_role": ("cues_roles", "kinship"), "income": _PAY, "budget": _PAY, "price_sensitivity": _PAY,
    "location": ("places", "cues_places"), "channel": ("channels", "cues_seen", "cues_sources"),
    "interest": ("interests", "cues_triggers"), "goal": ("cues_goals", "cues_triggers"), "value": ("values", "cues_want"),
    "behaviour": ("behaviour",), "effort": ("cues_effort",),
}  # fmt: skip
_RULES = "analysis.text.cues."
_PAIN_WORDS = (
    "pains_terms",
    "pains_good",
    "pains_dims",
    "pains_aspects",
    "pains_asks",
    "pains_frames",
    "pains_wishes",
    "severity",
)


@dataclass(frozen=True, slots=True)
class Line:
    """A lexicon line that had a say: the words found, at ``start`` to ``end`` of the text, and where the line stands."""

    words: str
    start: int
    end: int
    term: str
    area: str
    code: str
    weight: float
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, the component and rules that gave it, their lexicon lines, and the words that counted for a model."""

    found: Pain | Cue
    rules: tuple[str, ...]
    lines: tuple[Line, ...]
    words: tuple[tuple[str, float], ...] = ()

    @property
    def label(self) -> str:
        """The answer in a few codes: ``complaint · durability · 2``, ``location = Hà Nội``."""
        one = self.found
        if isinstance(one, Pain):
            return f"{one.kind} · {one.category} · {one.severity}"
        return f"{one.attribute} = {one.value}" + ("" if one.who == "self" else f" ({one.who})")


@dataclass(frozen=True, slots=True)
class Marked:
    """A clause with its marks, the word that joins it (``link``) and the words that deny within it."""

    start: int
    end: int
    text: str
    link: str
    marks: tuple[str, ...]
    negators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A text, what was read in it and why; offsets are characters of ``text``. ``taken_back`` are answers of the rules that
    a later component did not let stand.
    """

    text: str
    lang: str
    tokens: tuple[tuple[int, int], ...] = ()
    answers: tuple[Answer, ...] = ()
    clauses: tuple[Marked, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    taken_back: tuple[Answer, ...] = ()


def explain(reader: Annotator, item: Mapping[str, Any]) -> Explanation:
    """Explain the reading of ``{"id", "text", "lang"?, "posted_at"?}``. A text in another language has no answers."""
    told = reader.annotate_one(item)
    if told.lang not in ("vi", "en"):
        return Explanation(str(item["text"]), told.lang)
    nlp = reader.pipeline(told.lang)
    doc = nlp.make_doc(str(item["text"]))
    source = source_of(doc)
    source.posted_at = moment(item.get("posted_at"))
    noted = _run(nlp, doc, source)
    final: list[Pain | Cue] = [*told.pains, *told.cues]
    learned = [part for _, part in nlp.pipeline if hasattr(part, "explain")]
    answers = [_answer(one, noted, source, _words(learned, doc, one)) for one in final]
    taken_back = [
        _answer(one, noted, source, _words(learned, doc, one)) for one in noted.answers if not _stands(one, final)
    ]
    ends = [source.end(i) for i in range(len(source.words))]
    return Explanation(
        source.text,
        told.lang,
        tuple(zip(source.starts, ends, strict=True)),
        tuple(sorted(answers, key=lambda one: (one.found.start, one.found.end))),
        tuple(_marked(clause, source) for clause in source.clauses),
        tuple(blocked(source, [*told.pains, *(one for one in noted.answers if isinstance(one, Pain))])),
        tuple(taken_back),
    )


@dataclass(slots=True)
class _Noted:
    """What the recorders heard while the rules read."""

    answers: list[Pain | Cue] = field(default_factory=list)
    statements: list[tuple[Statement, Pain]] = field(default_factory=list)
    cues: list[tuple[Found, tuple[str, ...]]] = field(default_factory=list)


def _run(nlp: Language, doc: Any, source: Source) -> _Noted:
    """Let the rules read ``doc`` with recorders in place; what the components after them did is not asked here."""
    noted = _Noted()

    class Recorder(Reading):
        __slots__ = ()

        def add(self, *given: Any, **more: Any) -> None:
            super().add(*given, **more)
            noted.cues.append((self.found[-1], _asked_by(sys._getframe(1))))

    for name, part in nlp.pipeline:
        rules: Any = part
        if name == PAINS:
            rules.record = lambda statement, pain: noted.statements.append((statement, pain))
        elif name == CUES:
            rules.reading = Recorder
        try:
            rules(doc)
        finally:
            if name == PAINS:
                rules.record = None
            elif name == CUES:
                rules.reading = Reading
        if name == PAINS:
            noted.answers += source.pains
        elif name == CUES:
            noted.answers += source.cues
    return noted


def _asked_by(frame: FrameType | None) -> tuple[str, ...]:
    """The rules that were at work, the nearest first: ``age_vi._plain``, ``age_vi.read``."""
    found: list[str] = []
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        name = frame.f_code.co_name
        if not module.startswith(_RULES) or module.endswith(".component"):
            break
        if not name.startswith("<"):
            found.append(f"{module.removeprefix(_RULES)}.{name}")
        frame = frame.f_back
    return tuple(dict.fromkeys(found))


def _stands(one: Pain | Cue, final: Iterable[Pain | Cue]) -> bool:
    return any(_same(one, other) for other in final)


def _same(one: Pain | Cue, other: Pain | Cue) -> bool:
    """Whether two answers are about the same words; a model may have given a pain another category or extent."""
    if isinstance(one, Pain) and isinstance(other, Pain):
        return one.start < other.end and other.start < one.end
    if isinstance(one, Cue) and isinstance(other, Cue):
        return one.attribute == other.attribute and one.start < other.end and other.start < one.end
    return False


def _words(learned: Sequence[Any], doc: Any, one: Pain | Cue) -> tuple[tuple[str, float], ...]:
    return tuple((str(name), float(weight)) for part in learned for name, weight in part.explain(doc, one) or ())


def _answer(one: Pain | Cue, noted: _Noted, source: Source, words: tuple[tuple[str, float], ...]) -> Answer:
    rules, hits = _pain_origin(one, noted, source) if isinstance(one, Pain) else _cue_origin(one, noted, source)
    lines: dict[object, Line] = {}
    for line in (_line(hit, source) for hit in hits):
        lines.setdefault((line.file, line.line) if line.line else line, line)
    return Answer(one, rules, tuple(lines.values()), words)


def _pain_origin(pain: Pain, noted: _Noted, source: Source) -> tuple[tuple[str, ...], list[Hit]]:
    """The rules of a pain, and the hits that they went by: evidence first, then what is blamed, then degrees."""
    made = [statement for statement, other in noted.statements if (other.start, other.kind) == (pain.start, pain.kind)]
    made = made or [statement for statement, other in noted.statements if _same(other, pain)]
    if not made:
        return (), []
    statement = made[0]
    rules = tuple(dict.fromkeys(item.rule for item in statement.evidence))
    hits = [item.entry for item in statement.evidence if item.entry is not None]
    if not statement.evidence or statement.kind in ("suggestion", "unmet_need", "objection"):
        asks = [
            hit
            for hit in source.phrases
            if hit.area == "pains_asks"
            and statement.start <= hit.start < statement.end
            and _asks_for(hit, statement.kind)
        ]
        wishes = [hit for hit in source.phrases if hit.area == "pains_wishes" and _within(hit, statement)]
        rules, hits = (f"asks_{statement.kind}", *rules), [*asks, *hits, *wishes[:1]]
    if statement.target is not None:
        hits.append(statement.target)
    hits += [hit for hit in (*statement.degrees, *statement.reactions) if hit.start >= statement.start - 1]
    return rules, hits


def _within(hit: Hit, statement: Statement) -> bool:
    return statement.start <= hit.start and hit.end <= statement.end


def _asks_for(hit: Hit, kind: str) -> bool:
    return hit.code == kind or (kind == "suggestion" and hit.code == "imperative")


def _cue_origin(cue: Cue, noted: _Noted, source: Source) -> tuple[tuple[str, ...], list[Hit]]:
    """The rules of a cue, and the hits on its words or shortly before them in its clause."""
    rules: tuple[str, ...] = ()
    first = last = 0
    for found, asked_by in noted.cues:
        starts = source.starts[found.start] if found.start < len(source.starts) else -1
        if found.attribute == cue.attribute and starts == cue.start and (not rules or found.value == cue.value):
            rules, first, last = asked_by, found.start, found.end
    if not rules:
        return (), []
    begin = max((clause.start for clause in source.clauses if clause.start <= first), default=0)
    hits = [hit for hit in source.phrases if hit.start < last and first < hit.end and hit.area not in _PAIN_WORDS]
    led = [
        hit
        for hit in source.phrases
        if begin <= hit.start and first - _LED_BY <= hit.start and hit.end <= first and hit.area.startswith("cues_")
    ]
    hits = sorted((*hits, *led), key=lambda hit: (hit.start < first, hit.start - hit.end))
    return rules, [hit for hit in hits if _concerns(hit, cue)] or hits


def _concerns(hit: Hit, cue: Cue) -> bool:
    """Whether a line's area is one that such a cue is read from."""
    return hit.area.startswith(_FROM.get(cue.attribute, ()))


def _line(hit: Hit, source: Source) -> Line:
    start, end = source.starts[hit.start], source.end(hit.end - 1)
    entry = hit.entry
    return Line(
        source.text[start:end], start, end, entry.term, entry.area, entry.code, entry.weight, entry.source, entry.line
    )  # fmt: skip


def _marked(clause: Clause, source: Source) -> Marked:
    start, end = source.starts[clause.start], source.end(clause.end - 1)
    negators = tuple(
        source.text[source.starts[s.start] : source.end(s.first - 1)] for s in clause.negation.spans if s.start >= 0
    )
    marks = tuple(mark for mark in MARKS if getattr(clause, mark))
    return Marked(start, end, source.text[start:end], clause.link, marks, negators)
