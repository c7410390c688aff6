"""Finding the lexicon's phrases in a text, on normal forms, with spaCy's ``PhraseMatcher``.

One matcher holds the phrases of every area, so the text is walked once. Where diacritics are missing a second matcher
runs over folded words and gives the words their marks back (:class:`Restorer`); what no lexicon line decides is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from spacy.attrs import NORM, ORTH
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from analysis.text.lexicon import Entry, Lexicon
from analysis.text.normalise import Normaliser, fold
from analysis.text.tokens import split

#: Areas that are looked up word by word and never matched as phrases.
WORD_AREAS = ("teencode", "teencode_bare", "function_words", "emoji")


class Hit(NamedTuple):
    """A phrase found: tokens ``start`` to ``end`` (exclusive) and the lexicon line that says what it means."""

    start: int
    end: int
    entry: Entry

    @property
    def area(self) -> str:
        return self.entry.area

    @property
    def code(self) -> str:
        return self.entry.code


def normal_tokens(form: str, normalise: Normaliser) -> list[str]:
    """A lexicon form as normal tokens, the way the text's own tokens are made."""
    return [normalise(word) for word in split(form)[0]]


class PhraseFinder:
    """Every phrase of ``lexicon`` in a ``Doc``, overlapping ones too, by token position."""

    def __init__(self, vocab: Vocab, lexicon: Lexicon, normalise: Normaliser, more: Iterable[Entry] = ()) -> None:
        self._vocab = vocab
        self._matcher = PhraseMatcher(vocab, attr=NORM)
        self._entries: dict[int, list[Entry]] = {}
        joined = sorted({norm for norm in normalise.spellings.values() if " " in norm}, key=len, reverse=True)
        for entry in (*lexicon.entries, *more):
            if entry.area in WORD_AREAS:
                continue
            for form in entry.forms:
                words = normal_tokens(form, normalise)
                self._add(words, entry)
                short = _join(words, joined)
                if short != words:
                    self._add(short, entry)

    def _add(self, words: list[str], entry: Entry) -> None:
        name = "\t".join(words)
        key = self._vocab.strings.add(name)
        if key not in self._entries:
            self._entries[key] = []
            self._matcher.add(name, [Doc(self._vocab, words=words, spaces=[False] * len(words))])
        if entry not in self._entries[key]:
            self._entries[key].append(entry)

    def __call__(self, doc: Doc) -> list[Hit]:
        entries, new = self._entries, tuple.__new__
        found = [new(Hit, (start, end, entry)) for key, start, end in self._matcher(doc) for entry in entries[key]]
        found.sort(key=_position)
        return found


def _join(words: list[str], joined: Sequence[str]) -> list[str]:
    """``words`` with those that teencode writes as one token ("nv" for "nhân viên") put into one."""
    text = "\t".join(words)
    for norm in joined:
        text = f"\t{text}\t".replace(f"\t{norm.replace(' ', chr(9))}\t", f"\t{norm}\t").strip("\t")
    return text.split("\t")


def _position(hit: Hit) -> int:
    return (hit[0] << 8) - (hit[1] - hit[0])


def longest(hits: Iterable[Hit]) -> Iterator[Hit]:
    """From hits by position, those that no longer one before them covers. Several lines of one phrase all stay."""
    at = start = end = -1
    for hit in hits:
        if hit.start >= at or (hit.start == start and hit.end == end):
            yield hit
            start, end = hit.start, hit.end
            at = max(at, end)


class Restorer:
    """Gives undiacritic Vietnamese its marks back where a phrase of the lexicon decides: "bi nong may" → "bị nóng máy".

    A phrase of several words may be found so unless its line says ``fold`` = ``no``; a single word only where it says ``yes``.
    """

    def __init__(self, vocab: Vocab, lexicon: Lexicon, normalise: Normaliser) -> None:
        self._vocab = vocab
        self._matcher = PhraseMatcher(vocab, attr=ORTH)
        self._norms: dict[int, tuple[float, list[str]]] = {}
        for entry in lexicon.entries:
            if entry.area not in ("teencode", "function_words", "emoji") and entry.fold is not False:
                for form in entry.forms:
                    self._add(normal_tokens(form, normalise), entry)

    def _add(self, norms: list[str], entry: Entry) -> None:
        if len(norms) == 1 and entry.fold is not True:
            return
        words = [fold(norm) for norm in norms]
        if words == norms:
            return
        name = "fold\t" + "\t".join(words)
        key = self._vocab.strings.add(name)
        if key not in self._norms:
            self._matcher.add(name, [Doc(self._vocab, words=words, spaces=[False] * len(words))])
        if key not in self._norms or self._norms[key][0] < entry.weight:
            self._norms[key] = (entry.weight, norms)

    def __call__(self, doc: Doc, norms: Sequence[str]) -> list[tuple[int, str]]:
        """Token positions and the normal forms to set there."""
        words = [fold(norm) for norm in norms]
        bare = Doc(self._vocab, words=words, spaces=[False] * len(words))
        found = sorted(self._matcher(bare), key=lambda match: (match[1] - match[2], match[1]))
        taken: set[int] = set()
        changes: list[tuple[int, str]] = []
        for key, start, end in found:
            wanted = self._norms[key][1]
            if any(i in taken for i in range(start, end)):
                continue
            if all(norms[i] in (words[i], want) for i, want in zip(range(start, end), wanted, strict=True)):
                taken.update(range(start, end))
                changes += [(i, want) for i, want in zip(range(start, end), wanted, strict=True) if norms[i] != want]
        return changes
