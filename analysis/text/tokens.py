"""A tokenizer for chatter: one pass of one pattern, and a real spaCy ``Doc`` comes out.

Syllables, not words, are the tokens of Vietnamese (a lexicon joins them). An amount ("1tr5", "8.5tr"), an emoticon, an
emoji with its modifiers, a run of one sign ("!!!") and a link are one token each. ``doc.text`` is the text in NFC.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from operator import add
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


@dataclass(slots=True)
class Source:
    """A document as plain lists, which Python reads faster than the ``Doc`` itself, and what the components leave of it.

    ``starts`` are the tokens' character offsets. The rest is what ``doc._`` shows under the same names; an attribute of the
    component that has not run yet is as it stands here.
    """

    text: str
    words: list[str]
    starts: list[int]
    norms: Any = None
    phrases: Any = ()
    clauses: Any = ()
    pains: Any = ()
    cues: Any = ()
    posted_at: Any = None

    def end(self, token: int) -> int:
        """Where token number ``token`` ends, in characters."""
        return self.starts[token] + len(self.words[token])


def split(text: str) -> tuple[list[str], list[bool]]:
    """The tokens of ``text`` and whether a single space follows each: joined again they give ``text``."""
    pattern = _TOKEN_OR_LINK if "://" in text or "www." in text or "@" in text else _TOKEN
    found = pattern.findall(text)
    return [word for word, _ in found], [space != "" for _, space in found]


def source_of(doc: Doc) -> Source:
    """The text and tokens of ``doc``: what our tokenizer left, else read from the ``Doc``."""
    kept = doc.user_data.get(_SOURCE)
    if kept is None:
        kept = Source(doc.text, [token.text for token in doc], [token.idx for token in doc])
        doc.user_data[_SOURCE] = kept
    return cast(Source, kept)


_SOURCE = "chandung_source"


class Tokenizer:
    """spaCy's tokenizer interface around :func:`split`. Nothing is trained, so nothing is saved with it."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        text = storable(nfc(text))
        words, spaces = split(text)
        doc = Doc(self.vocab, words=words, spaces=spaces)
        ends = accumulate(map(add, map(len, words), spaces), initial=0)
        doc.user_data[_SOURCE] = Source(text, words, list(ends)[:-1])
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
