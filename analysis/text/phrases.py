"""Finding the lexicon's phrases in a text, on normal forms, in one walk over the text for all areas.

The phrases lie in a trie of plain dictionaries. spaCy's ``PhraseMatcher`` is no faster once its matches are hits (49 µs
against 47 for 30 words) and needs a ``Doc`` and a lexeme for every form, which takes seconds at start.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, cached_property
from typing import Any, NamedTuple

from analysis.text.lexicon import Entry, Lexicon
from analysis.text.normalise import Normaliser, fold
from analysis.text.tokens import tokens_of

#: Areas that are looked up word by word and never matched as phrases.
WORD_AREAS = ("teencode", "teencode_bare", "function_words", "emoji", "pains_edges")
#: Of these, the areas whose words no text without diacritics gets back.
_NEVER_RESTORED = ("teencode", "function_words", "emoji", "pains_edges")
#: The key of a trie's node under which what ends there is kept; no normal form is empty.
_END = ""


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
    return normalise.all(tokens_of(form))


@contextmanager
def uncollected() -> Iterator[None]:
    """While lexicons are read and tries built nothing is garbage, and looking for some would take a third of the time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


class PhraseFinder:
    """Every phrase of a lexicon's trie, and of one laid over it, in a list of normal forms, overlapping ones too."""

    def __init__(self, phrases: Trie, more: Trie) -> None:
        self._root = _laid_over(phrases, more)[1]

    def __call__(self, norms: Sequence[str]) -> list[Hit]:
        """The hits by start, the longer before the shorter."""
        new = tuple.__new__
        found: list[Hit] = []
        put = found.append
        # No phrase goes on with the empty word behind the last.
        follow = [*norms[1:], _END, _END]
        for start, (node, after) in enumerate(zip(map(self._root.get, norms), follow, strict=False)):
            if node is None:
                continue
            entries, following = node
            node = following.get(after)
            if node is None:
                for entry in entries:
                    put(new(Hit, (start, start + 1, entry)))
                continue
            end = start + 1
            passed = [(end, entries)]
            while node is not None:
                entries, following = node
                node = following.get(follow[end])
                end += 1
                if entries:
                    passed.append((end, entries))
            for last, entries in reversed(passed):
                for entry in entries:
                    put(new(Hit, (start, last, entry)))
        return found


#: A trie's node: the entries that end there, and the nodes one word further.
Trie = tuple[tuple[Entry, ...], "dict[str, Trie]"]
_NOTHING: dict[str, Trie] = {}


def _put(node: dict[str, Any], words: Sequence[str], entry: Entry) -> None:
    for word in words:
        node = node.setdefault(word, {})
    ending = node.setdefault(_END, [])
    if entry not in ending:
        ending.append(entry)


def trie(entries: Iterable[Entry], normalise: Normaliser) -> Trie:
    """The phrases of ``entries``, by the normal forms of their words."""
    root: dict[str, Any] = {}
    joined = _joined(normalise)
    for entry in entries:
        if entry.area in WORD_AREAS:
            continue
        for form in entry.forms:
            words = normal_tokens(form, normalise)
            _put(root, words, entry)
            if not joined.keys().isdisjoint(words):
                short = _join(words, joined)
                if short != words:
                    _put(root, short, entry)
    return _packed(root)


def _laid_over(node: Trie, more: Trie) -> Trie:
    """A node with what another holds besides; neither is changed."""
    (entries, following), (others, ways) = node, more
    merged = {word: _laid_over(following[word], below) if word in following else below for word, below in ways.items()}
    return (*entries, *(entry for entry in others if entry not in entries)), {**following, **merged} or _NOTHING


def _packed(node: dict[str, Any]) -> Trie:
    """A node for walking, made of a node for building."""
    entries = tuple(node.pop(_END, ()))
    return entries, {word: _packed(below) for word, below in node.items()} or _NOTHING


def _joined(normalise: Normaliser) -> dict[str, list[list[str]]]:
    """Normal forms of several words that teencode writes as one ("nv"), by their first word."""
    found: dict[str, list[list[str]]] = {}
    for norm in sorted(set(normalise.spellings.values()), key=len, reverse=True):
        words = norm.split()
        if len(words) > 1:
            found.setdefault(words[0], []).append(words)
    return found


def _join(words: Sequence[str], joined: dict[str, list[list[str]]]) -> list[str]:
    """``words`` with those that teencode writes as one token put into one."""
    kept: list[str] = []
    at = 0
    while at < len(words):
        long = next((w for w in joined.get(words[at], ()) if list(words[at : at + len(w)]) == w), None)
        kept.append(" ".join(long) if long else words[at])
        at += len(long) if long else 1
    return kept


def longest(hits: Iterable[Hit]) -> Sequence[Hit]:
    """From hits by position, those that no longer one before them covers. Several lines of one phrase all stay."""
    if isinstance(hits, list | tuple) and len(hits) < 2:
        return hits
    kept: list[Hit] = []
    at = start = end = -1
    for hit in hits:
        first, last, _ = hit
        if first >= at or (first == start and last == end):
            kept.append(hit)
            start, end = first, last
            at = max(at, last)
    return kept


#: Words without marks that only one word can be behind or before a figure.
_BEHIND_FIGURE = {
    "thang": "tháng", "tuoi": "tuổi", "trieu": "triệu", "cu": "củ", "nghin": "nghìn", "ngan": "ngàn", "tuan": "tuần",
    "ngay": "ngày", "dem": "đêm", "tieng": "tiếng", "gio": "giờ", "phut": "phút", "be": "bé", "dua": "đứa",
}  # fmt: skip
_BEFORE_FIGURE = {
    "be": "bé", "duoi": "dưới", "tam": "tầm", "khoang": "khoảng", "gia": "giá", "luong": "lương", "hon": "hơn", "gan": "gần",
    "ngoai": "ngoài", "tren": "trên",
}  # fmt: skip


def _beside_figures(norms: Sequence[str]) -> Iterator[tuple[int, int, list[str]]]:
    """ "be 15 thang": as (minus length, start, words) like the phrases that are given their marks back."""
    for i, norm in enumerate(norms):
        if not "0" <= norm[0] <= "9":
            continue
        if i + 1 < len(norms) and norms[i + 1] in _BEHIND_FIGURE:
            yield -1, i + 1, [_BEHIND_FIGURE[norms[i + 1]]]
        if i and norms[i - 1] in _BEFORE_FIGURE:
            yield -1, i - 1, [_BEFORE_FIGURE[norms[i - 1]]]


def _keep(node: dict[str, Any], words: list[str], norms: list[str], weight: float) -> None:
    """Put under the bare ``words`` what they are with their marks, if no weightier line says otherwise."""
    for word in words:
        node = node.setdefault(word, {})
    kept = node.get(_END)
    if kept is None or kept[0] < weight:
        node[_END] = (weight, norms)


class Restorer:
    """Gives undiacritic Vietnamese its marks back where a phrase of the lexicon decides: "bi nong may" → "bị nóng máy".

    A phrase of several words may be found so unless its line says ``fold`` = ``no``; a single word only where it says
    ``yes``. What no line decides is left alone.
    """

    def __init__(self, lexicon: Lexicon, normalise: Normaliser) -> None:
        self._entries = [e for e in lexicon.entries if e.area not in _NEVER_RESTORED and e.fold is not False]
        self._normalise = normalise

    @cached_property
    def _root(self) -> dict[str, Any]:
        # Made when the first text without diacritics comes: most are written with them.
        root: dict[str, Any] = {}
        folded = cache(fold)
        with uncollected():
            for entry in self._entries:
                for form in entry.forms:
                    norms = normal_tokens(form, self._normalise)
                    words = list(map(folded, norms))
                    if (len(norms) > 1 or entry.fold) and words != norms:
                        _keep(root, words, norms, entry.weight)
        return root

    def __call__(self, norms: Sequence[str]) -> list[tuple[int, str]]:
        """Token positions and the normal forms to set there, longer phrases first."""
        words = [fold(norm) for norm in norms]
        found: list[tuple[int, int, list[str]]] = []
        for start, word in enumerate(words):
            node = self._root.get(word)
            end = start + 1
            while node is not None:
                kept = node.get(_END)
                if kept is not None and all(
                    norms[start + k] in (words[start + k], want) for k, want in enumerate(kept[1])
                ):
                    found.append((start - end, start, kept[1]))
                node = node.get(words[end]) if end < len(words) else None
                end += 1
        found += _beside_figures(norms)
        found.sort(key=lambda item: item[:2])
        taken: set[int] = set()
        changes: list[tuple[int, str]] = []
        for _, start, wanted in found:
            places = range(start, start + len(wanted))
            if taken.isdisjoint(places):
                taken.update(places)
                changes += [(i, want) for i, want in zip(places, wanted, strict=True) if norms[i] != want]
        return changes
