"""Reading many texts: language, cues and pains of each, streamed in the order they came."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from analysis.text import pipeline, versions
from analysis.text.components import Component
from analysis.text.language import detect_beside, name_pattern
from analysis.text.normalise import storable
from analysis.text.parallel import is_ours
from analysis.text.tokens import Source, Tokenizer, read_text, source_of
from data.records import Annotation
from data.store.versions import OTHER

#: A pipeline that has met so many distinct words is built anew, so that memory stays level however long the stream.
_MOST_WORDS = 300_000
#: A language's code, a region or script behind it. “Vietnamese” is none, and is not taken for another language.
_CODE = re.compile(r"\s*([A-Za-z]{2,3})(?:[-_]\w*)*\s*")


class Annotator:
    """Annotates texts with the pipelines of both languages, built on first use.

    ``brands`` maps each brand of the study to its aliases; ``sensitive`` asks for the body attributes; ``lexicons`` are
    a study's own lexicon files. ``default_language`` is taken for short texts in Latin letters that tell no language.
    ``takeovers`` answer in place of our components; without ``learned`` the rules alone do.
    """

    def __init__(
        self,
        *,
        brands: Mapping[str, Sequence[str]] | None = None,
        sensitive: bool = False,
        lexicons: Sequence[Path] = (),
        default_language: str | None = None,
        takeovers: Sequence[Mapping[str, Any]] = (),
        learned: bool = True,
    ) -> None:
        self._settings: dict[str, Any] = {
            "brands": brands,
            "sensitive": sensitive,
            "lexicon_files": tuple(lexicons),
            "takeovers": tuple(takeovers),
            "learned": learned,
        }
        self._pipelines: dict[str, Language] = {}
        self._components: dict[str, list[Callable[[Doc], Doc]]] = {}
        self._default = default_language
        self._names = name_pattern(name for brand in (brands or {}).items() for name in (brand[0], *brand[1]))

    def pipeline(self, lang: str) -> Language:
        """The spaCy pipeline for ``vi`` or ``en``."""
        if lang not in self._pipelines:
            self._pipelines[lang] = pipeline.build(lang, **self._settings)
            # ``Language.pipeline`` makes a new list each time that it is read.
            self._components[lang] = [component for _, component in self._pipelines[lang].pipeline]
        return self._pipelines[lang]

    @property
    def version(self) -> str:
        """Changes whenever an answer in any language may."""
        return " ".join(self.versions.values())

    @property
    def versions(self) -> dict[str, str]:
        """For each language that is read, what changes whenever an answer in it may; under "other" for texts in all others."""
        read = {lang: pipeline.version(self.pipeline(lang)) for lang in pipeline.LANGUAGES}
        return {**read, OTHER: f"language={versions.detection()}"}

    def annotate(self, items: Iterable[Mapping[str, Any]], *, batch_size: int = 256) -> Iterator[Annotation]:
        """One :class:`Annotation` for each item ``{"id", "text", "lang"?, "posted_at"?}``, in order.

        Texts in other languages, and those without words, are marked and not coded.
        """
        stream = iter(items)
        while batch := list(islice(stream, batch_size)):
            yield from self._annotate(batch)
            self.forget()

    def forget(self) -> None:
        """Drop a pipeline whose vocabulary has grown too large; the next text builds a fresh one."""
        for lang, nlp in list(self._pipelines.items()):
            if len(nlp.vocab.strings) > _MOST_WORDS:
                del self._pipelines[lang]

    def annotate_one(self, item: Mapping[str, Any]) -> Annotation:
        """The annotation of a single item."""
        return self._annotate([item])[0]

    def _annotate(self, items: Sequence[Mapping[str, Any]]) -> list[Annotation]:
        """The annotations of ``items``, read together: a component that works on many documents is called once."""
        texts = [str(item.get("text") or "") for item in items]
        langs = [self.language(text, item.get("lang")) for text, item in zip(texts, items, strict=True)]
        sources: dict[int, Source] = {}
        for lang in pipeline.LANGUAGES:
            numbers = [number for number, found in enumerate(langs) if found == lang]
            if numbers:
                read = self._read(lang, [(texts[number], items[number].get("posted_at")) for number in numbers])
                sources.update(zip(numbers, read, strict=True))
        found: list[Annotation] = []
        for number, (item, lang) in enumerate(zip(items, langs, strict=True)):
            own = sources.get(number)
            answers = {"cues": tuple(own.cues), "pains": tuple(own.pains)} if own else {}
            found.append(Annotation(id=storable(str(item["id"])), lang=lang, **answers))
        return found

    def _read(self, lang: str, texts: Sequence[tuple[str, Any]]) -> list[Source]:
        """Texts with their moments, read by one pipeline; a ``Doc`` is made only for components that need one."""
        nlp = self.pipeline(lang)
        components = self._components[lang]
        plain = isinstance(nlp.tokenizer, Tokenizer) and all(map(is_ours, components))
        docs = [] if plain else [nlp.make_doc(text) for text, _ in texts]
        sources = [read_text(text) for text, _ in texts] if plain else [source_of(doc) for doc in docs]
        for source, (_, posted_at) in zip(sources, texts, strict=True):
            if posted_at:
                source.posted_at = moment(posted_at)
        for component in components:
            if isinstance(component, Component) and is_ours(component):
                component.annotate_all(sources)
            else:
                for doc in docs:
                    component(doc)
        return sources

    def language(self, text: str, told: object = None) -> str:
        """The language that the input tells (``vi``, ``en-GB``, ``vi_VN``), else the one the text shows."""
        code = _CODE.fullmatch(told) if isinstance(told, str) else None
        if code and code[1].lower() != "und":
            return code[1].lower()
        found = detect_beside(text, self._names)
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
