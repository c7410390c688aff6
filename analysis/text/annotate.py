"""Reading many texts: language, cues and pains of each, streamed in the order they came."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from analysis.text import pipeline
from analysis.text.language import detect
from analysis.text.tokens import source_of
from data.records import Annotation

#: A pipeline that has met so many distinct words is built anew, so that memory stays level however long the stream.
_MOST_WORDS = 300_000


class Annotator:
    """Annotates texts with the pipelines of both languages, built on first use.

    ``brands`` maps each brand of the study to its aliases; ``sensitive`` asks for the body attributes; ``lexicons`` are
    a study's own lexicon files. ``default_language`` is taken for short texts in Latin letters that tell no language.
    ``takeovers`` answer in place of our components.
    """

    def __init__(
        self,
        *,
        brands: Mapping[str, Sequence[str]] | None = None,
        sensitive: bool = False,
        lexicons: Sequence[Path] = (),
        default_language: str | None = None,
        takeovers: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        self._settings: dict[str, Any] = {
            "brands": brands,
            "sensitive": sensitive,
            "lexicon_files": tuple(lexicons),
            "takeovers": tuple(takeovers),
        }
        self._pipelines: dict[str, Language] = {}
        self._components: dict[str, list[Callable[[Doc], Doc]]] = {}
        self._default = default_language

    def pipeline(self, lang: str) -> Language:
        """The spaCy pipeline for ``vi`` or ``en``."""
        if lang not in self._pipelines:
            self._pipelines[lang] = pipeline.build(lang, **self._settings)
            # ``Language.pipeline`` makes a new list each time that it is read.
            self._components[lang] = [component for _, component in self._pipelines[lang].pipeline]
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
        doc = self.pipeline(lang).make_doc(text)
        own = source_of(doc)
        if item.get("posted_at"):
            own.posted_at = moment(item["posted_at"])
        for component in self._components[lang]:
            component(doc)
        return Annotation(id=str(item["id"]), lang=lang, cues=tuple(own.cues), pains=tuple(own.pains))

    def language(self, text: str, told: object = None) -> str:
        """The language that the input tells, else the one the text shows."""
        if isinstance(told, str) and told and told != "und":
            return told.lower().split("-")[0]
        found = detect(text)
        return self._default if found == "und" and self._default and any(map(str.isalpha, text)) else found


def moment(value: object) -> datetime | None:
    if isinstance(value, str) and value:
        try:
            return datetime.fromisoformat(value.replace("Z", "+00:00"))
        except ValueError:
            return None
    return value if isinstance(value, datetime) else None


def annotate_texts(items: Iterable[Mapping[str, Any]], *, batch_size: int = 256) -> Iterator[Annotation]:
    """Annotate ``items`` with the pipelines as they come, no study known. See :meth:`Annotator.annotate`."""
    return Annotator().annotate(items, batch_size=batch_size)
