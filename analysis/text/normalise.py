"""Normal forms of words as people really type them: old tone placement, stretched letters, teencode, case.

The text is never changed: a word's normal form lies beside it in ``token.norm_``. A normal form depends on the word
alone and is kept by spaCy's vocabulary, so each distinct word is worked out once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping


def _fold_table() -> dict[int, str]:
    table = {ord("đ"): "d", ord("Đ"): "D"}
    for code in (*range(0xC0, 0x250), *range(0x1EA0, 0x1EFA)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii():
            table[code] = base
    return table


def _toneless_table() -> dict[int, str]:
    table = {}
    for code in (*range(0xC0, 0x250), *range(0x1EA0, 0x1EFA)):
        parts = unicodedata.normalize("NFD", chr(code))
        table[code] = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONE_MARKS))
    return table


_TONE_MARKS = "\u0300\u0301\u0303\u0309\u0323"
_FOLD = _fold_table()
_TONELESS = _toneless_table()
#: No syllable has these right behind themselves with a hat or a horn.
_HATLESS = frozenset("aeo")
_RUN = re.compile(r"([^\W\d_])\1{2,}")
_LETTERS = re.compile(r"[^\W\d_]")
#: New tone placement → old: "hoà" → "hòa". Only a syllable that ends in the vowel pair has two spellings.
_TONES = {
    new: old
    for pair in (
        "oà òa,oá óa,oả ỏa,oã õa,oạ ọa",
        "oè òe,oé óe,oẻ ỏe,oẽ õe,oẹ ọe",
        "uỳ ùy,uý úy,uỷ ủy,uỹ ũy,uỵ ụy",
    )
    for new, old in (item.split() for item in pair.split(","))
}
_QU = {f"q{old}": f"q{new}" for new, old in _TONES.items() if new.startswith("u")}
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'"})
_SURROGATES = re.compile("[\ud800-\udfff]")
#: No sum, year or telephone number has so many figures, and Python refuses to count with far more.
_MOST_FIGURES = 24
_ENDLESS = re.compile(rf"\d(?:[.,]?\d){{{_MOST_FIGURES},}}")
#: How many distinct words a normaliser remembers.
_MOST_SEEN = 200_000
_MODIFIERS = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")


def nfc(text: str) -> str:
    """``text`` in Unicode NFC, the form that every offset refers to."""
    return text if text.isascii() or unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def storable(text: str) -> str:
    """``text`` with half characters (lone surrogates, from broken JSON) replaced one by one, so that it can be written."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATES.sub("\ufffd", text)
    return text


def fold(text: str) -> str:
    """``text`` without diacritics, character for character: ``fold("Điện") == "Dien"``."""
    return text if text.isascii() else text.translate(_FOLD)


def place_tone(word: str) -> str:
    """One spelling for both tone placements: "hoà" and "hòa" give "hòa"; "quý" stays."""
    tail = word[-2:]
    if tail in _TONES and not word.startswith("q"):
        return word[:-2] + _TONES[tail]
    return _QU.get(word, word)


def squeeze(word: str, known: frozenset[str] = frozenset()) -> str:
    """``word`` with stretched letters let go: "quáaaa" → "quá", "soooo" → "so", "goood" → "good" if that is known."""
    plain = fold(word)
    if plain != word:
        return _squeeze_marked(word)
    if not _RUN.search(word):
        return word
    twice = _RUN.sub(r"\1\1", word)
    return twice if twice in known else _RUN.sub(r"\1", word)


def _squeeze_marked(word: str) -> str:
    """A Vietnamese syllable doubles no letter: a run of one letter, whatever its tones, is that letter with its mark; so is one
    that goes on without its hat ("tệeee"). Only "u" may follow "ư"."""
    kept: list[str] = []
    base = ""
    for char in word:
        letter = char.translate(_TONELESS)
        if char in _HATLESS and base != char and fold(base) == char:
            continue
        if letter == base and letter.isalpha():
            if char != letter and kept[-1] == letter:
                kept[-1] = char
            continue
        kept.append(char)
        base = letter
    return "".join(kept)


class _Seen(dict[str, str]):
    """Word → its normal form, worked out when it is first met."""

    def __init__(self, normal: Callable[[str], str]) -> None:
        self._normal = normal

    def __missing__(self, word: str) -> str:
        norm = self[word] = self._normal(word)
        return norm


class Normaliser:
    """Word → normal form, for one language.

    ``spellings`` maps a spelling in lower case to its normal form (teencode, abbreviations); ``known`` are words whose
    doubled letters are right. Calling it twice changes nothing: the normal form of a normal form is itself.
    """

    def __init__(self, spellings: Mapping[str, str], known: frozenset[str] = frozenset()) -> None:
        self.spellings = dict(spellings)
        self.known = known
        self._seen = _Seen(self._normal)

    def all(self, words: Iterable[str]) -> list[str]:
        """The normal forms of ``words``, each distinct word worked out once."""
        if len(self._seen) > _MOST_SEEN:
            self._seen.clear()
        return list(map(self._seen.__getitem__, words))

    def __call__(self, word: str) -> str:
        return self._seen.get(word) or self._normal(word)

    def _normal(self, word: str) -> str:
        lower = word.lower()
        if len(lower) > _MOST_FIGURES:
            lower = _ENDLESS.sub("#", lower)
        found = self.spellings.get(lower)
        if found is not None:
            return found
        if not _LETTERS.search(lower):
            return self._sign(lower)
        if len(lower) > 100:
            return lower
        lower = nfc(lower.translate(_APOSTROPHES))
        shorter = place_tone(squeeze(lower, self.known))
        return self.spellings.get(shorter, shorter)

    @staticmethod
    def _sign(sign: str) -> str:
        if sign.isspace():
            return "\n" if "\n" in sign else " "
        if sign.strip(".…") == "":
            return "." if sign == "." else "…"
        if len(set(sign)) == 1 and not sign[0].isdigit():
            return sign[0]
        return _MODIFIERS.sub("", sign) or sign
