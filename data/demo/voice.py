"""How a person types: teencode, missing diacritics, typos, stretched letters, emoji, loose punctuation."""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from data.demo import fragments

_WORD = re.compile(r"(\{\w+\})|([^\W\d_]+)")
_STRETCHED = ("quá", "lắm", "ghê", "luôn", "ơi", "trời", "thật", "chán", "sợ", "buồn", "so", "really", "please")


@dataclass(frozen=True, slots=True)
class Style:
    """The habits of one person; rates are chances a word or a sentence."""

    pronoun: str
    bare: bool = False
    teencode: float = 0.0
    typos: float = 0.0
    stretch: float = 0.0
    emoji: float = 0.0
    joint: str = ". "
    capitals: bool = True


def draw(rng: random.Random, lang: str, gender: str, rural: bool) -> Style:
    """A style drawn for a person; ``bare`` (no diacritics) holds for about one in seven Vietnamese writers."""
    young = rng.random()
    if lang == "en":
        joint = rng.choice([". ", ". ", ". ", ", ", "\n"])
        return Style("I", False, 0.0, 0.012 * young, 0.02, 0.15 * young, joint, rng.random() < 0.7)
    if gender == "female":
        pronoun = rng.choices(["mình", "em", "tớ", "tui", "tôi"], [5, 4, 1, 2 if rural else 0.4, 0.4])[0]
    else:
        pronoun = rng.choices(["mình", "em", "tôi", "tui"], [4, 3, 2, 1])[0]
    teencode = rng.choice([0, 0, 0.1, 0.25, 0.45, 0.7])
    return Style(
        pronoun,
        bare=rng.random() < 0.155,
        teencode=teencode,
        typos=rng.choice([0, 0, 0.006, 0.015]),
        stretch=rng.choice([0, 0.1, 0.4]),
        emoji=rng.choice([0, 0.1, 0.3, 0.6]),
        joint=rng.choices([". ", ", ", "\n", " "], [6, 3, 2, 0.8])[0],
        capitals=teencode < 0.2 and rng.random() < 0.7,
    )


def without_marks(text: str) -> str:
    """The text typed without Vietnamese diacritics."""
    split = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return unicodedata.normalize("NFC", "".join(c for c in split if not unicodedata.combining(c)))


@cache
def _teencode() -> tuple[re.Pattern[str], dict[str, list[str]]]:
    words: dict[str, list[str]] = fragments.toml("styles")["teencode"]
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(r"(?<![\w{])(" + "|".join(map(re.escape, longest_first)) + r")(?![\w}])"), words


def roughen(template: str, style: Style, lang: str, rng: random.Random) -> str:
    """The sentence as this person types it, its ``{slots}`` untouched."""
    text = template
    if style.teencode and lang == "vi":
        pattern, words = _teencode()
        text = pattern.sub(lambda m: rng.choice(words[m[1]]) if rng.random() < style.teencode else m[1], text)

    def word(match: re.Match[str]) -> str:
        letters = match[2]
        if not letters:
            return match[0]
        if letters in _STRETCHED and rng.random() < style.stretch:
            return letters + letters[-1] * rng.randint(1, 4)
        if len(letters) > 4 and letters.islower() and rng.random() < style.typos:
            at = rng.randrange(1, len(letters) - 2)
            return letters[:at] + letters[at + 1] + letters[at] + letters[at + 2 :]
        return letters

    return _WORD.sub(word, text)


def face(style: Style, lang: str, rng: random.Random, good: bool) -> str:
    """An emoji, an emoticon or nothing, with the space before it."""
    if rng.random() >= style.emoji:
        return ""
    key = "emoji_en" if lang == "en" else "emoji_good" if good else "emoji"
    return " " + str(rng.choice(fragments.toml("styles")[key]))
