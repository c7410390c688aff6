"""A tokenizer for chatter: one pass of one pattern, and a real spaCy ``Doc`` comes out.

Syllables, not words, are the tokens of Vietnamese (a lexicon joins them). An amount ("1tr5", "8.5tr"), an emoticon, an
emoji with its modifiers, a run of one sign ("!!!") and a link are one token each. ``doc.text`` is the text in NFC.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, chain
from operator import add, itemgetter
from pathlib import Path
from typing import Any, cast

from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

from analysis.text.normalise import nfc, storable

_EMOJI = "\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u231a-\u23ff"
_LINK = r"(?:https?://|www\.)[^\s<>\"]{1,2000}|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}|"
_PLAIN = (
    r"[^\W\d_]+\d*(?:[^\W_]+|[\u0300-\u036f]+|['’‘`´][^\W_]+)*"
    r"|\d+(?:[.,]\d+)*(?:[^\W_]+|[\u0300-\u036f]+)*"
    r"|[:;=][-'’^]?[)(DdPpvV3*|]{1,30}(?!\w)|[)(]{1,8}[:;=](?!\w)|<3|-[_.]{1,3}-|\^[_.o]{0,3}\^|>[_.]<"
    r"|\.+|,+|!+|\?+|…+|~+|\*+|=+|\#+|-+|_+"
    r"|[" + _EMOJI + r"](?:[\ufe0f\U0001f3fb-\U0001f3ff]|\u200d[" + _EMOJI + r"])*"
    r"|\r?\n|."
)
_TOKEN = re.compile(f"({_PLAIN})( ?)", re.DOTALL)
_TOKEN_OR_LINK = re.compile(f"({_LINK}{_PLAIN})( ?)", re.DOTALL)


#: How many distinct pieces between two spaces are remembered, and how long a piece may be.
_MOST_PIECES, _LONGEST_PIECE = 50_000, 40


class _Pieces(dict[str, tuple[tuple[str, ...], tuple[int, ...]]]):
    """What stands between two spaces → its tokens, and from where each begins how far it is to the next.

    Remembers what it has seen: people use the same words again and again.
    """

    def __missing__(self, piece: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
        tokens = tuple([word for word, _ in _pattern(piece).findall(piece)])
        steps = (*map(len, tokens[:-1]), len(tokens[-1]) + 1) if tokens else ()
        if len(piece) <= _LONGEST_PIECE and len(self) < _MOST_PIECES:
            self[piece] = tokens, steps
        return tokens, steps


_PIECES = _Pieces()
_TOKENS, _STEPS = itemgetter(0), itemgetter(1)


def _pattern(text: str) -> re.Pattern[str]:
    return _TOKEN_OR_LINK if "://" in text or "www." in text or "@" in text else _TOKEN


class Source:
    """A document as plain lists, which Python reads faster than the ``Doc`` itself, and what the components leave of it.

    ``words`` are the tokens, ``starts`` their character offsets, ``spaces`` whether one space follows each. The rest is what
    ``doc._`` shows under the same names; an attribute of the component that has not run yet is as it stands here.
    """

    __slots__ = (
        *("_areas", "_phrases", "_pieces", "_spaces", "_starts"),
        *("clause_at", "clauses", "cues", "norms", "pains", "posted_at", "restored", "ruled", "text", "words"),
    )

    def __init__(
        self,
        text: str,
        words: list[str],
        spaces: list[bool] | None = None,
        pieces: Sequence[tuple[tuple[str, ...], tuple[int, ...]]] = (),
    ) -> None:
        self.text = text
        self.words = words
        self._spaces = spaces
        self._pieces = pieces
        self._starts: list[int] | None = None
        self.norms: Any = None
        #: The normal forms that words have not by themselves, by token.
        self.restored: dict[int, str] = {}
        self._phrases: Any = ()
        self._areas: defaultdict[str, list[Any]] | None = None
        self.clauses: Any = ()
        #: The number of each token's clause, or of the one before it.
        self.clause_at: Sequence[int] = ()
        self.pains: Any = ()
        self.cues: Any = ()
        self.posted_at: Any = None
        #: The rules' pains and cues, where a model has settled them.
        self.ruled: Any = None

    def read(self, text: str) -> None:
        """Set what the text consists of; what was found in it stays."""
        own = _source(text)
        self.text, self.words, self._spaces, self._starts, self._pieces = (
            text,
            own.words,
            own._spaces,
            None,
            own._pieces,
        )

    @property
    def spaces(self) -> list[bool]:
        if self._spaces is None:
            self._spaces = _spaces(list(map(_TOKENS, self._pieces)), self.text)
        return self._spaces

    @property
    def starts(self) -> list[int]:
        # Asked of those texts only in which something is found.
        if self._starts is None:
            steps: Iterable[int] = chain.from_iterable(map(_STEPS, self._pieces))
            if not self._pieces:
                steps = map(add, map(len, self.words), self.spaces)
            self._starts = list(accumulate(steps, initial=0))[:-1]
        return self._starts

    @property
    def phrases(self) -> Any:
        return self._phrases

    @phrases.setter
    def phrases(self, hits: Any) -> None:
        self._phrases = hits
        self._areas = None

    @property
    def areas(self) -> dict[str, list[Any]]:
        """The phrases by the area of the lexicon that they are of; an area of which none was found is missing."""
        areas = self._areas
        if areas is None:
            areas = self._areas = defaultdict(list)
            for hit in self._phrases:
                areas[hit[2].area].append(hit)
        return areas

    def end(self, token: int) -> int:
        """Where token number ``token`` ends, in characters."""
        return self.starts[token] + len(self.words[token])


def read_text(text: str) -> Source:
    """The tokens of ``text``, which is put into NFC."""
    return _source(storable(nfc(text)))


def split(text: str) -> tuple[list[str], list[bool]]:
    """The tokens of ``text`` and whether a single space follows each: joined again they give ``text``."""
    source = _source(text)
    return source.words, source.spaces


def tokens_of(text: str) -> list[str]:
    """The tokens of ``text`` alone."""
    if "  " in text or text[:1] == " ":
        return _source(text).words
    return list(chain.from_iterable([_PIECES[piece][0] for piece in text.split(" ")]))


def _source(text: str) -> Source:
    if "  " in text or text[:1] == " ":
        found = _pattern(text).findall(text)
        return Source(text, [word for word, _ in found], spaces=[space != "" for _, space in found])
    # No token reaches over a space.
    if len(_PIECES) >= _MOST_PIECES:
        _PIECES.clear()
    pieces = list(map(_PIECES.__getitem__, text.split(" ")))
    return Source(text, list(chain.from_iterable(map(_TOKENS, pieces))), pieces=pieces)


def _spaces(pieces: Sequence[tuple[str, ...]], text: str) -> list[bool]:
    """Whether a space follows each token of ``pieces``: behind the last one of each, but for the text's end."""
    spaces = [True] * sum(map(len, pieces))
    at = 0
    for piece in pieces:
        if len(piece) > 1:
            spaces[at : at + len(piece) - 1] = [False] * (len(piece) - 1)
        at += len(piece)
    if spaces:
        spaces[-1] = text[-1] == " "
    return spaces


def source_of(doc: Doc) -> Source:
    """The text and tokens of ``doc``: what our tokenizer left. Text that another one split is split again our way, so that the
    answers are the same behind any tokenizer; the offsets are those of ``doc.text`` as it stands.
    """
    kept = doc.user_data.get(_SOURCE)
    if kept is None:
        kept = doc.user_data[_SOURCE] = Source("", [])
    if not kept.words and len(doc):
        # Another tokenizer's, or saved and read back.
        kept.read(doc.text)
    return cast(Source, kept)


_SOURCE = "chandung_source"


class _Orths(dict[str, Any]):
    """Word → its number in a vocabulary, by which spaCy finds it faster than by its letters."""

    def __init__(self, strings: Any) -> None:
        self._add = strings.add

    def __missing__(self, word: str) -> int:
        number: int = self._add(word)
        if len(self) < _MOST_PIECES:
            self[word] = number
        return number


class Tokenizer:
    """spaCy's tokenizer interface around :func:`split`. Nothing is trained, so nothing is saved with it."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab
        self._orths = _Orths(vocab.strings)

    def __call__(self, text: str) -> Doc:
        return self.doc_of(read_text(text))

    def doc_of(self, source: Source) -> Doc:
        """The ``Doc`` of a text that was read."""
        doc = Doc(self.vocab, words=list(map(self._orths.__getitem__, source.words)), spaces=source.spaces)
        doc.user_data[_SOURCE] = source
        return doc

    def to_bytes(self, **_: Any) -> bytes:
        return b""

    def from_bytes(self, _data: bytes, **_: Any) -> Tokenizer:
        return self

    def to_disk(self, _path: str | Path, **_: Any) -> None:
        return None

    def from_disk(self, _path: str | Path, **_: Any) -> Tokenizer:
        return self


@registry.tokenizers("chandung.Tokenizer.v1")  # type: ignore[untyped-decorator]
def make_tokenizer() -> Callable[[Any], Tokenizer]:
    return lambda nlp: Tokenizer(nlp.vocab)
