"""``chandung_learned``: weighs the answers of the rules by a model fitted on coded posts, and adds what they missed.

It works behind ``chandung_pains`` and ``chandung_cues`` on many documents at once. Without a model for the pipeline's
language the rules' answers stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from analysis.text.components import Component
from analysis.text.learned import features, model
from analysis.text.learned.deciding import NAME, Decider
from analysis.text.lexicon import FOLDER
from analysis.text.tokens import Source, source_of
from data.codebook import SENSITIVE

MODEL = Path("model") / "clauses.npz"


def default_model(lang: str) -> Path:
    """Where the model that comes with Chandung lies; no file where a language has none."""
    return FOLDER / lang / MODEL


@lru_cache(maxsize=4)
def _load(path: str) -> model.Model:
    return model.load(Path(path))


class Learned(Component):
    """Rewrites ``doc._.pains`` and ``doc._.cues``. ``version`` is the fitted model's digest."""

    def __init__(self, lang: str, path: Path | None, *, sensitive: bool = False) -> None:
        self.lang = lang
        self.sensitive = sensitive
        self.model = _load(str(path)) if path is not None and path.is_file() else None
        self._decider = Decider(self.model) if self.model is not None else None

    @property
    def version(self) -> str:  # type: ignore[override]
        return self.model.version if self.model is not None else "none"

    def annotate(self, source: Source) -> None:
        self.annotate_all([source])

    def pipe(self, stream: Iterable[Doc], batch_size: int = 256) -> Iterator[Doc]:
        """The documents of ``stream``, weighed ``batch_size`` at a time."""
        documents = iter(stream)
        while batch := list(islice(documents, batch_size)):
            self.annotate_all([source_of(doc) for doc in batch])
            yield from batch

    def annotate_all(self, sources: Sequence[Source]) -> None:
        """Settle the answers of documents that the rules have read, all in one multiplication."""
        if self.model is None or self._decider is None:
            return
        told = [source for source in sources if source.clauses]
        if not told:
            return
        seen = [features.of(source, self.lang) for source in told]
        scores = self.model.score(seen)
        for source, (pains, cues) in zip(told, self._decider.decide_all(told, seen, scores), strict=True):
            source.ruled = source.pains, source.cues
            source.pains = pains
            source.cues = cues if self.sensitive else tuple([cue for cue in cues if cue.attribute not in SENSITIVE])

    def explain(self, doc: Doc, answer: Any, most: int = 8) -> list[tuple[str, float]]:
        """The words and rule answers that weighed most for ``answer`` (a pain or cue of ``doc``), in log-odds."""
        if self.model is None:
            return []
        source = source_of(doc)
        label = features.name_of(answer.attribute, answer.value) if hasattr(answer, "attribute") else "pain"
        if label not in self.model.labels or not source.clauses:
            return []
        settled = source.pains, source.cues
        source.pains, source.cues = source.ruled or settled
        seen = features.of(source, self.lang)
        source.pains, source.cues = settled
        spans = seen.spans
        best = max(range(len(spans)), key=lambda i: min(answer.end, spans[i][1]) - max(answer.start, spans[i][0]))
        return self.model.explain([*seen.features[best].named(), *(("text", word) for word in seen.words)], label, most)


@Language.factory(
    NAME,
    default_config={"model": None, "sensitive": False},
    requires=["doc._.norms", "doc._.phrases", "doc._.clauses", "doc._.pains", "doc._.cues"],
    assigns=["doc._.pains", "doc._.cues"],
)
def make_learned(nlp: Language, name: str, model: str | None, sensitive: bool) -> Learned:
    lang = nlp.lang or ""
    return Learned(lang, Path(model) if model else default_model(lang), sensitive=sensitive)
