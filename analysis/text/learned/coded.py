"""Coded posts as examples: which labels each clause of a post bears."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple, TypeVar

from spacy.language import Language

from analysis.text.annotate import moment
from analysis.text.learned import features
from analysis.text.learned.features import JOINED, PAIN, shared
from analysis.text.learned.whole import TEXT_CUE, TEXT_PAIN
from analysis.text.tokens import Source, source_of
from data.gold import CodedPost
from data.records import Cue, Pain

Code = TypeVar("Code", Pain, Cue)
_SENTENCE_ENDS = re.compile(r"(?<=[.!?…\n])\s+")
_FEWEST_WORDS = 4


def sentences(post: CodedPost) -> Iterator[CodedPost]:
    """The sentences of a post that has several, each as a post of its own with its codes: many people write no more than one, and a
    model that saw long posts alone leans on sentences that are not there. A sentence that cuts a code is left out."""
    ends = [0, *(found.end() for found in _SENTENCE_ENDS.finditer(post.text)), len(post.text)]
    for start, end in itertools.pairwise(ends):
        text = post.text[start:end].rstrip()
        if len(ends) < 3 or len(text.split()) < _FEWEST_WORDS:
            continue
        stop = start + len(text)
        codes: tuple[Pain | Cue, ...] = (*post.pains, *post.cues)
        if any(
            code.start < stop and start < code.end and not (start <= code.start and code.end <= stop) for code in codes
        ):
            continue
        yield replace(
            post,
            text=text,
            pains=tuple(_moved(pain, start) for pain in post.pains if start <= pain.start and pain.end <= stop),
            cues=tuple(_moved(cue, start) for cue in post.cues if start <= cue.start and cue.end <= stop),
        )


def _moved(code: Code, by: int) -> Code:
    return replace(code, start=code.start - by, end=code.end - by)


class Example(NamedTuple):
    """A post, what the rules left of it, its features and, for each clause, its labels."""

    post: CodedPost
    source: Source
    seen: features.Seen
    labels: list[frozenset[str]]


def examples(nlp: Language, posts: Iterable[CodedPost]) -> Iterator[Example]:
    """Each post read by ``nlp``, a pipeline of rules alone, and set beside its codes."""
    for post in posts:
        doc = nlp.make_doc(post.text)
        source = source_of(doc)
        source.posted_at = moment(post.posted_at)
        for _, component in nlp.pipeline:
            component(doc)
        seen = features.of(source, nlp.lang or "")
        yield Example(post, source, seen, _labels(post, source, seen))


def _labels(post: CodedPost, source: Source, seen: features.Seen) -> list[frozenset[str]]:
    told = {label for label, answers in ((TEXT_PAIN, post.pains), (TEXT_CUE, post.cues)) if answers}
    found: list[set[str]] = [set(told) for _ in seen.clauses]
    if not found:
        return []
    before: int | None = None
    for i, span in enumerate(seen.spans):
        holds = [(shared(span, (pain.start, pain.end)), -k) for k, pain in enumerate(post.pains)]
        most, k = max(holds, default=(0, 0))
        pain = post.pains[-k] if most else None
        if pain is not None and 2 * most >= min(span[1] - span[0], pain.end - pain.start):
            found[i] |= {PAIN, "kind=" + pain.kind, "category=" + pain.category, f"severity={pain.severity}"}
            if before == -k:
                found[i].add(JOINED)
            before = -k
        else:
            before = None
    for cue in post.cues:
        best = max(range(len(found)), key=lambda i: shared(seen.spans[i], (cue.start, cue.end)))
        found[best].add(features.name_of(cue.attribute, cue.value))
    return [frozenset(labels) for labels in found]
