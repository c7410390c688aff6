"""A text classifier over clauses that ``chandung train`` fitted on a study's labels: it weighs our answers against the words.

Of each clause it sees the normal forms of its words and what our components found in it, and says the category of the pain that
the clause tells, or that it tells none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, cast

from spacy.language import Language
from spacy.tokens import Doc

from analysis.text.components import Component
from analysis.text.takeover import clause_spans, digest, load, own_pain
from analysis.text.tokens import Source, source_of
from data.errors import InputError
from data.records import Pain

#: The label that says whether a clause tells a pain at all; the others are categories.
PAIN = "pain"
CLASSIFIER = "textcat_multilabel"
_MARGIN = 0.3
SOURCE = "chandung_pains_model"
_FLAGS = ("question", "hypothetical", "wish", "quoted", "advert", "worry")


class Seen(NamedTuple):
    """A clause as the model sees it: where it stands, our own pain in it, and its words with what we found as words of their own."""

    start: int
    end: int
    pain: Pain | None
    words: str


def seen_in(source: Source) -> Iterator[Seen]:
    """The clauses of a document that our components have read."""
    for clause, start, end in clause_spans(source):
        pain = own_pain(source.pains, start, end)
        told = ["ours_none"]
        if pain is not None:
            told = [f"ours_{pain.kind}", f"ours_{pain.category}", "ours_pain", f"ours_sure_{int(10 * pain.confidence)}"]
        flags = [f"is_{flag}" for flag in _FLAGS if getattr(clause, flag)]
        norms = [norm for norm in source.norms[clause.start : clause.end] if norm.strip()]
        yield Seen(start, end, pain, " ".join([*told, *flags, *norms]))


def category_of(cats: dict[str, float], ours: str | None = None) -> str:
    """The category that the model is surest of; our own where it is hardly surer of another."""
    best = max((label for label in cats if label != PAIN), key=lambda label: cats[label])
    return ours if ours is not None and cats[best] - cats.get(ours, 0.0) < _MARGIN else best


class PainsModel(Component):
    """Sets ``doc._.pains`` anew: keeps, drops, names otherwise or adds, as the model says."""

    def __init__(self, path: str) -> None:
        nlp = load(path)
        if CLASSIFIER not in nlp.pipe_names:
            raise InputError("takeover_unusable", place=path, why=f"no {CLASSIFIER}")
        self._vocab = nlp.vocab
        self._classifier = cast(Any, nlp.get_pipe(CLASSIFIER))
        self._labels: tuple[str, ...] = tuple(self._classifier.labels)
        self._least = float(nlp.meta.get("chandung", {}).get("least", 0.5))
        self.version = digest(path)

    def __call__(self, doc: Doc) -> Doc:
        source = source_of(doc)
        if source.clauses:
            source.pains = tuple(self._pains(source))
        return doc

    def _pains(self, source: Source) -> Iterator[Pain]:
        seen = list(seen_in(source))
        met: set[int] = set()
        docs = [Doc(self._vocab, words=one.words.split()) for one in seen]
        for clause, scores in zip(seen, self._classifier.predict(docs) if docs else (), strict=True):
            cats = dict(zip(self._labels, map(float, scores), strict=True))
            if cats[PAIN] < self._least or (clause.pain is not None and id(clause.pain) in met):
                continue
            ours = clause.pain.category if clause.pain is not None else None
            yield self._pain(source, clause, category_of(cats, ours), cats[PAIN])
            if clause.pain is not None:
                met.add(id(clause.pain))

    def _pain(self, source: Source, clause: Seen, category: str, sure: float) -> Pain:
        ours = clause.pain
        start, end = (ours.start, ours.end) if ours is not None else (clause.start, clause.end)
        return Pain(
            kind=ours.kind if ours is not None else "complaint",
            category=category,
            target=ours.target if ours is not None else "",
            severity=ours.severity if ours is not None else 2,
            start=start,
            end=end,
            quote=source.text[start:end],
            # Sure enough is half of all there is: below that nothing counts in the report.
            confidence=round(0.5 + 0.5 * (sure - self._least) / (1.0001 - self._least), 3),
            source_component=f"{SOURCE} {self.version}",
        )


@Language.factory("chandung_pains_model")
def make_pains_model(nlp: Language, name: str, path: str) -> PainsModel:
    return PainsModel(path)
