"""``nlp.pipe(texts, n_process=2)`` that is worth it: processes read, and send what they found instead of whole documents.

spaCy's own way sends each ``Doc`` as bytes, which costs ten times what our components take to read it.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from analysis.text.components import Component
from analysis.text.saved import CUE_VALUES, PAIN_VALUES
from analysis.text.tokens import Source, Tokenizer, read_text
from data.records import Cue, Pain

_BATCH = 500
_APART = "\x1f"
_reading: list[Component] = []
#: Normal forms, those restored, cues and pains of one text.
_Read = tuple[str, dict[int, str], list[tuple[Any, ...]], list[tuple[Any, ...]]]


class Several(Language):  # type: ignore[no-untyped-call]
    """A ``Language`` whose ``pipe`` spreads our components over processes; with others' among them it does as spaCy does."""

    def pipe(self, texts: Iterable[Any], *, as_tuples: bool = False, n_process: int = 1, **more: Any) -> Iterator[Any]:
        """As :meth:`spacy.language.Language.pipe`."""
        processes = multiprocessing.cpu_count() if n_process == -1 else n_process
        batch_size = more.pop("batch_size", None)
        parts: list[Any] = [part for _, part in self.pipeline]
        stream = iter(texts)
        first = list(islice(stream, 1))
        text = first[0][0] if as_tuples and first else first[0] if first else ""
        ours = isinstance(self.tokenizer, Tokenizer) and all(is_ours(part) for part in parts)
        if processes < 2 or more or not ours or not isinstance(text, str):
            stream = chain(first, stream)
            own: Any = super().pipe
            yield from own(stream, as_tuples=as_tuples, n_process=n_process, batch_size=batch_size, **more)
            return
        batches = _batches(chain(first, stream), batch_size or _BATCH)
        for batch, read in _spread(batches, parts, processes, as_tuples):
            for given, found in zip(batch, read, strict=True):
                doc = self._document(given[0] if as_tuples else given, found)
                yield (doc, given[1]) if as_tuples else doc

    def _document(self, text: str, read: _Read) -> Doc:
        source = read_text(text)
        norms, source.restored, cues, pains = read
        source.norms = norms.split(_APART) if norms else []
        source.cues = tuple([Cue(*values) for values in cues])
        source.pains = tuple([Pain(*values) for values in pains])
        tokenizer: Any = self.tokenizer
        doc: Doc = tokenizer.doc_of(source)
        for i, norm in source.restored.items():
            doc[i].norm_ = norm
        return doc


def blank(lang: str, config: Mapping[str, Any]) -> Language:
    """As ``spacy.blank``, with :class:`Several`'s ``pipe``."""
    base = spacy.util.get_lang_class(lang)
    several: Any = type(base.__name__, (Several, base), {})
    nlp: Language = several.from_config(dict(config))
    return nlp


def is_ours(part: object) -> bool:
    """Whether a component needs no ``Doc`` for what it does."""
    return isinstance(part, Component) and type(part).annotate is not Component.annotate


def _batches(items: Iterator[Any], size: int) -> Iterator[list[Any]]:
    while batch := list(islice(items, size)):
        yield batch


def _spread(
    batches: Iterator[list[Any]], parts: Sequence[Component], processes: int, as_tuples: bool
) -> Iterator[tuple[list[Any], list[_Read]]]:
    """The batches in order, each with what was read, few batches ahead."""
    with ProcessPoolExecutor(processes, initializer=_begin, initargs=(list(parts),)) as pool:
        waiting: deque[tuple[list[Any], Future[list[_Read]]]] = deque()
        for batch in batches:
            texts = [text for text, _ in batch] if as_tuples else batch
            waiting.append((batch, pool.submit(_read, texts)))
            if len(waiting) > 2 * processes:
                done, future = waiting.popleft()
                yield done, future.result()
        for done, future in waiting:
            yield done, future.result()


def _begin(parts: list[Component]) -> None:
    _reading[:] = parts


def _read(texts: Sequence[str]) -> list[_Read]:
    sources = [read_text(text) for text in texts]
    for part in _reading:
        part.annotate_all(sources)
    return [_found(source) for source in sources]


def _found(source: Source) -> _Read:
    cues, pains = list(map(CUE_VALUES, source.cues)), list(map(PAIN_VALUES, source.pains))
    return _APART.join(source.norms), source.restored, cues, pains
