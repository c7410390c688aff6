"""Pipelines that answer in place of a component of ours: any installed spaCy pipeline, one in a folder, or a spaCy config.

A study names them (``text: {take_over: …}``). Each runs behind our own components on the same text, so that offsets stay true,
and replaces what they found: pains altogether, cues of those attributes that it can tell. ``spacy-llm`` needs nothing more: its
config is a spaCy config whose factories it registers by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span

from analysis.text.clauses import Clause
from analysis.text.components import Component
from analysis.text.tokens import Source, source_of
from data.codebook import SENSITIVE
from data.errors import InputError
from data.records import Cue, Pain
from data.study_text import meaning, package_of

#: What entities are given, which come without a score.
_UNSCORED = 0.8
_SIGNS = frozenset((".", ",", "!", "?", ";", ":", "…"))


def load(place: str) -> Language:
    """The pipeline at ``place``: ``package:NAME``, a ``.cfg`` file or a folder. Raises ``InputError`` where it cannot be used."""
    name = package_of(place)
    try:
        if name is not None:
            return spacy.util.load_model_from_package(name)
        path = Path(place)
        if path.suffix.lower() == ".cfg":
            return spacy.util.load_model_from_config(spacy.util.load_config(path, interpolate=True), auto_fill=True)
        return spacy.util.load_model_from_path(path)
    except Exception as error:  # whatever the package or file does when it is loaded
        why = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise InputError("takeover_unusable", place=place, why=why[:300]) from error


def digest(place: str) -> str:
    """What changes when the pipeline at ``place`` does: a package's version, a config's text, a folder's settings and sizes."""
    name, found = package_of(place), hashlib.blake2b(digest_size=6)
    if name is not None:
        found.update(f"{name} {spacy.util.get_package_version(name)}".encode())
        return found.hexdigest()
    path = Path(place)
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if file.is_file():
            found.update(f"{file.relative_to(path).as_posix()} {file.stat().st_size}".encode())
            if file.suffix in (".json", ".cfg"):
                found.update(file.read_bytes())
    return found.hexdigest()


class TakeOver(Component):
    """Replaces ``doc._.pains`` or ``doc._.cues`` by what another pipeline answers."""

    def __init__(
        self,
        pipeline: str,
        *,
        component: str,
        read: str,
        spans_key: str,
        labels: Mapping[str, str],
        least: float,
        sensitive: bool,
    ) -> None:
        self._model = load(pipeline)
        self._component, self._read, self._spans_key, self._least = component, read, spans_key, least
        self._labels = dict(labels)
        self._silent = frozenset() if sensitive else frozenset(SENSITIVE)
        meta = self._model.meta
        self._source = f"{meta.get('lang')}_{meta.get('name') or 'pipeline'} {meta.get('version', '')}".strip()
        self.version = f"{Path(pipeline).name}-{digest(pipeline)}"

    def __call__(self, doc: Doc) -> Doc:
        source = source_of(doc)
        if not source.text.strip():
            return doc
        if self._component == "pains":
            source.pains = tuple(self._pains(source))
        else:
            found = [cue for cue in self._cues(source) if cue.attribute not in self._silent]
            told = {attribute for attribute, _ in self._meanings()}
            kept = [cue for cue in source.cues if cue.attribute not in told]
            source.cues = tuple(sorted((*kept, *found), key=lambda cue: (cue.start, cue.end)))
        return doc

    def _meanings(self) -> Iterator[tuple[str, str]]:
        own = [label for pipe in self._model.pipe_labels.values() for label in pipe]
        for label in {*own, *self._labels}:
            found = self._meaning(label)
            if found is not None:
                yield found

    def _meaning(self, label: str) -> tuple[str, str] | None:
        return meaning(self._component, self._labels.get(label, label))

    def _pains(self, source: Source) -> Iterator[Pain]:
        if self._read != "cats":
            for start, end, (kind, category), score in self._spans(source):
                yield self._pain(source, start, end, kind, category, score)
            return
        spans = [(start, end) for _, start, end in clause_spans(source)]
        docs = self._model.pipe(source.text[start:end] for start, end in spans)
        for (start, end), doc in zip(spans, docs, strict=True):
            best = self._best(doc)
            if best is not None:
                (kind, category), score = best
                yield self._pain(source, start, end, kind, category, score)

    def _best(self, doc: Doc) -> tuple[tuple[str, str], float] | None:
        """The category that the model is surest of, if it is sure enough; a label that means nothing to us counts as “none”."""
        if not doc.cats:
            return None
        label, score = max(doc.cats.items(), key=lambda item: item[1])
        found = self._meaning(label)
        return (found, score) if found is not None and score >= self._least else None

    def _pain(self, source: Source, start: int, end: int, kind: str, category: str, score: float) -> Pain:
        ours = own_pain(source.pains, start, end)
        return Pain(
            kind=kind or (ours.kind if ours else "complaint"),
            category=category,
            target=ours.target if ours else "",
            severity=ours.severity if ours else 2,
            start=ours.start if ours and self._read == "cats" else start,
            end=ours.end if ours and self._read == "cats" else end,
            quote=ours.quote if ours and self._read == "cats" else source.text[start:end],
            confidence=round(float(score), 3),
            source_component=self._source,
        )

    def _cues(self, source: Source) -> Iterator[Cue]:
        for start, end, (attribute, value), score in self._spans(source):
            quote = source.text[start:end]
            said = value or (quote if attribute == "location" else " ".join(quote.lower().split()))
            yield Cue(attribute, said, "self", start, end, quote, round(score, 3), self._source)

    def _spans(self, source: Source) -> Iterator[tuple[int, int, tuple[str, str], float]]:
        doc = self._model(source.text)
        for span, score in self._scored(doc):
            found = self._meaning(span.label_)
            if found is not None and score >= self._least:
                yield span.start_char, span.end_char, found, score

    def _scored(self, doc: Doc) -> Iterable[tuple[Span, float]]:
        if self._read == "ents":
            return [(span, _UNSCORED) for span in doc.ents]
        group = doc.spans.get(self._spans_key, ())
        scores: Sequence[float] = getattr(group, "attrs", {}).get("scores", ())
        return [(span, float(scores[n]) if n < len(scores) else _UNSCORED) for n, span in enumerate(group)]


def clause_spans(source: Source) -> Iterator[tuple[Clause, int, int]]:
    """Each clause and where it stands, in characters, without the signs at its end."""
    for clause in source.clauses:
        start, end = clause.start, clause.end
        while start < end and source.words[end - 1] in _SIGNS:
            end -= 1
        if start < end:
            first, last = source.starts[start], source.end(end - 1)
            if source.text[first:last].strip():
                yield clause, first, last


def own_pain(pains: Iterable[Pain], start: int, end: int) -> Pain | None:
    """The pain of our own that shares most of these characters."""
    shared = [(min(pain.end, end) - max(pain.start, start), pain) for pain in pains]
    best = max(shared, key=lambda one: one[0], default=None)
    return best[1] if best is not None and best[0] > 0 else None


@Language.factory(
    "chandung_takeover",
    default_config={
        "component": "pains",
        "read": "cats",
        "spans_key": "sc",
        "labels": {},
        "least": 0.5,
        "sensitive": False,
    },
)
def make_takeover(
    nlp: Language,
    name: str,
    pipeline: str,
    component: str,
    read: str,
    spans_key: str,
    labels: dict[str, str],
    least: float,
    sensitive: bool,
) -> TakeOver:
    return TakeOver(
        pipeline,
        component=component,
        read=read,
        spans_key=spans_key,
        labels=labels,
        least=least,
        sensitive=sensitive,
    )


def add(nlp: Language, parts: Sequence[Mapping[str, Any]]) -> None:
    """Put behind our components what the study lets answer in their place; each part is a factory's name and its settings."""
    from analysis.text import pains_model  # noqa: F401 - registers its factory

    for number, part in enumerate(parts):
        settings = dict(part)
        factory, language = settings.pop("factory"), settings.pop("language", None)
        if language in (None, nlp.lang):
            nlp.add_pipe(factory, name=f"{factory}_{number}" if number else factory, config=settings)
