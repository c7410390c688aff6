"""A tokenizer for chatter: one pass of one pattern, and a real spaCy ``Doc`` comes out.

Syllables, not words, are the tokens of Vietnamese (a lexicon joins them). An amount ("1tr5", "8.5tr"), an emoticon, an
emoji with its modifiers, a run of one sign ("!!!") and a link are one token each. ``doc.text`` is the text in NFC.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

from analysis.text.normalise import nfc

_EMOJI = "\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u231a-\u23ff"
_LETTER = r"[^\W\d_]|[\u0300-\u036f]"
_TOKEN = re.compile(
    r"(?:https?://|www\.)[^\s<>\"]{1,2000}"
    r"|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}"
    r"|[:;=][-'’^]?[)(DdPpvV3*|]+(?!\w)|[)(]+[:;=](?!\w)|<3|T[_.]+T|-[_.]+-|\^[_.o]*\^|>[_.]<"
    r"|\d+(?:[.,]\d+)*(?:" + _LETTER + r")*\d*(?:" + _LETTER + r")*"
    r"|(?:[^\W_]|[\u0300-\u036f])+(?:['’‘`´](?:[^\W_]|[\u0300-\u036f])+)*"
    r"|[" + _EMOJI + r"](?:[\ufe0f\U0001f3fb-\U0001f3ff]|\u200d[" + _EMOJI + r"])*"
    r"|\r?\n|\s|([.!?,…~*=_#-])\1*|.",
    re.DOTALL,
)


def split(text: str) -> tuple[list[str], list[bool]]:
    """The tokens of ``text`` and whether a single space follows each: joined again they give ``text``."""
    words: list[str] = []
    spaces: list[bool] = []
    for match in _TOKEN.finditer(text):
        word = match.group()
        if word == " " and spaces and not spaces[-1]:
            spaces[-1] = True
        else:
            words.append(word)
            spaces.append(False)
    return words, spaces


class Tokenizer:
    """spaCy's tokenizer interface around :func:`split`. Nothing is trained, so nothing is saved with it."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        words, spaces = split(nfc(text))
        return Doc(self.vocab, words=words, spaces=spaces)

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
