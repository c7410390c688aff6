"""Reading many texts: language, cues and pains of each, streamed in the order they came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from spacy.language import Language

from analysis.text import pipeline
from analysis.text.language import detect
from data.records import Annotation

#: A pipeline that has met so many distinct words is built anew, so that memory stays level however long the stream.
_MOST_WORDS = 300_000


class Annotator:
    """Annotates texts with the pipelines of both languages, built on first use.

    ``brands`` maps each brand of the study to its aliases; ``sensitive`` asks for the body attributes; ``lexicons`` are
    a study's own lexicon files. ``default_language`` is taken for short texts in Latin letters that tell no language.
    """

    def __init__(
        self,
        *,
        brands: Mapping[str, Sequence[str]] | None = None,
        sensitive: bool = False,
        lexicons: Sequence[Path] = (),
        default_language: str | None = None,
    ) -> None:
        self._settings: dict[str, Any] = {"brands": brands, "sensitive": sensitive, "lexicon_files": tuple(lexicons)}
        self._pipelines: dict[str, Language] = {}
        self._default = default_language

    def pipeline(self, lang: str) -> Language:
        """The spaCy pipeline for ``vi`` or ``en``."""
        if lang not in self._pipelines:
            self._pipelines[lang] = pipeline.build(lang, **self._settings)
        return self._pipelines[lang]

    @property
    def version(self) -> str:
        """Changes whenever an answer may: the components' versions and a digest of the lexicons, both languages."""
        return " ".join(pipeline.version(self.pipeline(lang)) for lang in pipeline.LANGUAGES)

    def annotate(self, items: Iterable[Mapping[str, Any]], *, batch_size: int = 256) -> Iterator[Annotation]:
        """One :class:`Annotation` for each item ``{"id", "text", "lang"?, "posted_at"?}``, in order.

        Texts in other languages, and those without words, are marked and not coded.
        """
        stream = iter(items)
        while batch := list(islice(stream, batch_size)):
            yield from [self.annotate_one(item) for item in batch]
            self.forget()

    def forget(self) -> None:
        """Drop a pipeline whose vocabulary has grown too large; the next text builds a fresh one."""
        for lang, nlp in list(self._pipelines.items()):
            if len(nlp.vocab.strings) > _MOST_WORDS:
                del self._pipelines[lang]

    def annotate_one(self, item: Mapping[str, Any]) -> Annotation:
        """The annotation of a single item."""
        text = str(item.get("text") or "")
        lang = self.language(text, item.get("lang"))
        if lang not in pipeline.LANGUAGES:
            return Annotation(id=str(item["id"]), lang=lang)
        nlp = self.pipeline(lang)
        doc = nlp.make_doc(text)
        if item.get("posted_at"):
            doc._.posted_at = _moment(item["posted_at"])
        for _, component in nlp.pipeline:
            doc = component(doc)
        return Annotation(id=str(item["id"]), lang=lang, cues=tuple(doc._.cues), pains=tuple(doc._.pains))

    def language(self, text: str, told: object = None) -> str:
        """The language that the input tells, else the one the text shows."""
        if isinstance(told, str) and told and told != "und":
            return told.lower().split("-")[0]
        found = detect(text)
        return self._default if found == "und" and self._default and any(map(str.isalpha, text)) else found


def _moment(value: object) -> datetime | None:
    if isinstance(value, str) and value:
        try:
            return datetime.fromisoformat(value.replace("Z", "+00:00"))
        except ValueError:
            return None
    return value if isinstance(value, datetime) else None


def annotate_texts(items: Iterable[Mapping[str, Any]], *, batch_size: int = 256) -> Iterator[Annotation]:
    """Annotate ``items`` with the pipelines as they come, no study known. See :meth:`Annotator.annotate`."""
    return Annotator().annotate(items, batch_size=batch_size)
