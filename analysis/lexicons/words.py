"""The words and phrases of a post that a lexicon does not know yet, on normal forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.text.annotate import Annotator
from analysis.text.clauses import is_emoji
from analysis.text.cues.grammar import GRAMMARS
from analysis.text.lexicon import load
from analysis.text.tokens import Source, source_of

LONGEST = 3
#: A word from these says by itself what it means to us; it is not proposed, nor a phrase that holds it.
_KNOWN = frozenset(
    {
        *("pains_terms", "pains_asks", "pains_praise", "pains_elsewhere", "severity", "brands", "places", "channels"),
        "clauses",
        *("cues_advert", "cues_education", "cues_effort", "cues_family", "cues_price", "cues_roles", "occupations"),
    }
)
#: Of these only the very phrase is known: "pin" is, "pin tụt" is not.
_KNOWN_ALONE = frozenset({"pains_aspects", "pains_good", "pains_dims", "interests", "values", "kinship", "cues_people"})
#: Words that carry no meaning by themselves may stand inside a phrase, not at its ends; these begin one all the same.
_BEGINNERS = frozenset(("không", "bị", "chưa", "hay", "not", "no", "never", "won't", "doesn't", "can't", "don't"))


@dataclass(frozen=True, slots=True)
class Words:
    """What one text uses: words and phrases that may be proposed, each with its number of tokens, and all that it has by it."""

    terms: set[tuple[str, int]]
    phrases: list[set[str]]


class Reader:
    """Reads the words of texts in both languages, with the study's brands and lexicon."""

    def __init__(self, *, brands: Mapping[str, Sequence[str]], files: Sequence[Path], default_language: str) -> None:
        self._annotator = Annotator(brands=brands, lexicons=files, default_language=default_language)
        self._steps: dict[str, list[Callable[[Any], Any]]] = {}
        self._dull: dict[str, frozenset[str]] = {}
        self._known: dict[str, frozenset[str]] = {}
        self._files = tuple(files)

    def __call__(self, text: str, lang: str) -> Words:
        """The words of ``text``; ``lang`` is ``vi`` or ``en``."""
        if lang not in self._steps:
            nlp = self._annotator.pipeline(lang)
            self._steps[lang] = [nlp.get_pipe(name) for name in ("chandung_normalise", "chandung_phrases")]
            self._dull[lang] = self._dull_words(lang)
            lexicon = load(lang, self._files)
            self._known[lang] = frozenset(form for entry in lexicon.entries for form in entry.forms)
        doc = self._annotator.pipeline(lang).make_doc(text)
        for step in self._steps[lang]:
            step(doc)
        return _words(source_of(doc), self._dull[lang], self._known[lang])

    def _dull_words(self, lang: str) -> frozenset[str]:
        lexicon = load(lang, self._files)
        grammar = GRAMMARS[lang]
        dull = {*lexicon.codes("function_words"), *grammar.stops, *grammar.fillers, *grammar.selves}
        for area in ("negation", "clauses", "pains_frames", "severity", "kinship"):
            dull |= {form for entry in lexicon.area(area) for form in entry.forms if " " not in form}
        return frozenset(dull)


def _words(source: Source, dull: frozenset[str], known: frozenset[str]) -> Words:
    """``known`` are the spellings that any line has, of whatever area: none of them is news."""
    norms: Sequence[str] = source.norms
    barred = [False] * len(norms)
    alone: set[tuple[int, int]] = set()
    for start, end, entry in source.phrases:
        if entry.area in _KNOWN and (end - start > 1 or norms[start] not in dull):
            barred[start:end] = [True] * (end - start)
        elif entry.area in _KNOWN_ALONE:
            alone.add((start, end))
    terms: set[tuple[str, int]] = set()
    counted: list[set[str]] = [set() for _ in range(LONGEST)]
    for start, end in _runs(norms):
        for first in range(start, end):
            for size in range(1, min(LONGEST, end - first) + 1):
                last = first + size
                phrase = " ".join(norms[first:last])
                counted[size - 1].add(phrase)
                if any(barred[first:last]) or (first, last) in alone or phrase in known:
                    continue
                if _tells(norms, first, last, dull):
                    terms.add((phrase, size))
    return Words(terms, counted)


def _tells(norms: Sequence[str], first: int, last: int, dull: frozenset[str]) -> bool:
    """Whether a phrase has a word of its own at both ends; a negator or "bị" may begin it."""
    head, tail = norms[first], norms[last - 1]
    if tail in dull or len(tail) < 2:
        return False
    return head not in dull or (last - first > 1 and head in _BEGINNERS)


def _runs(norms: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The stretches of words between signs, numbers and masks."""
    start = 0
    for at, norm in enumerate((*norms, "\n")):
        if not _is_word(norm):
            if at > start:
                yield start, at
            start = at + 1


def _is_word(norm: str) -> bool:
    return norm[0].isalpha() and not is_emoji(norm) and len(norm) <= 30 and not norm.startswith(("http", "www."))
