"""``chandung_spans``: pains and cues as spaCy's own spans, which displaCy draws and other components and tools read.

No other component of ours needs them, so they are made only in a pipeline that asks for this one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from analysis.text.components import Component
from analysis.text.tokens import source_of

NAME = "chandung_spans"
PAINS = "chandung_pains"
CUES = "chandung_cues"


class Spans(Component):
    """Sets ``doc.spans``: a pain's label is its category and its ``id_`` the kind, a cue's are attribute and value.

    ``attrs["scores"]`` of a group are the confidences, as with spaCy's own ``spancat``. A span is made of whole tokens: where the
    tokenizer joined more than the answer, it is wider than ``doc._.pains`` says.
    """

    def __init__(self, pains_key: str, cues_key: str) -> None:
        self._pains_key, self._cues_key = pains_key, cues_key

    def __call__(self, doc: Doc) -> Doc:
        source = source_of(doc)
        if self._pains_key:
            _put(doc, self._pains_key, source.pains, "category", "kind")
        if self._cues_key:
            _put(doc, self._cues_key, source.cues, "attribute", "value")
        return doc


def _put(doc: Doc, key: str, answers: Iterable[Any], label: str, told: str) -> None:
    """Leave the spans of ``answers`` under ``key``."""
    spans: list[Span] = []
    scores: list[float] = []
    for answer in answers:
        span = doc.char_span(
            answer.start,
            answer.end,
            label=getattr(answer, label),
            span_id=str(getattr(answer, told)),
            alignment_mode="expand",
        )
        if span is not None:
            spans.append(span)
            scores.append(float(answer.confidence))
    doc.spans[key] = SpanGroup(doc, name=key, spans=spans, attrs={"scores": scores})


@Language.factory(
    NAME,
    default_config={"pains_key": PAINS, "cues_key": CUES},
    requires=["doc._.pains", "doc._.cues"],
    assigns=["doc.spans"],
)
def make_spans(nlp: Language, name: str, pains_key: str, cues_key: str) -> Spans:
    return Spans(pains_key, cues_key)
