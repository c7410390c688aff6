"""What somebody has to do with a brand, by the words around its name: uses it, bought it, left it, took it up, weighs it, praises it.

"đang dùng A", "vừa mua A", "đổi từ A sang B", "bỏ A rồi", "I switched from A to B". The words lie in ``brand_words.tsv`` of each language.
What is asked, supposed, denied or told of other people says nothing of the author.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import data
from data.folding import fold
from data.words import LANGUAGES

LEFT, TAKEN = "left", "taken"
#: What a brand may be to an author by the words around its name.
TOLD = ("owns", "bought", LEFT, TAKEN, "considers", "praises")
#: start, end, brand
Place = tuple[int, int, str]

_FOLDER = Path(data.__file__).parent / "languages"
#: Without IGNORECASE, by which an s would be found in the ſ among them.
_MARKED = re.compile(r"[à-ỹÀ-Ỹđ]")
_SENTENCE = re.compile(r"[^.!?\n…]+[.!?…]*")
_CLAUSE = re.compile(r"[^,;:()]+")
#: Words between the telling word and the name, and between a name and what is said of it.
_FILLED = {"vi": r"(?:\s+[\w%/-]+){0,4}?\W*$", "en": r"(?:\s+[\w'-]+){0,3}?\W*$"}
_ASKS = re.compile(
    r"\b(?:không|ko|hông|hok|chưa|nhỉ|hả|khong|chua|nhi)(?:\s+(?:ạ|a|vậy|vay|nhỉ|mn|mọi người|các mẹ|cả nhà|mng))*\W*$",
    re.IGNORECASE,
)
_ASKING = re.compile(r"\b(?:có|co|đã|da|nào|nao|ai|bao giờ)\b", re.IGNORECASE)


class _Words(NamedTuple):
    """The patterns of both languages for one way of writing, with or without marks."""

    before: tuple[tuple[str, re.Pattern[str]], ...]
    after: tuple[tuple[str, re.Pattern[str]], ...]
    nobody: re.Pattern[str]
    not_good: re.Pattern[str]
    change: re.Pattern[str]


@cache
def _words(marked: bool) -> _Words:
    before: list[tuple[str, re.Pattern[str]]] = []
    after: list[tuple[str, re.Pattern[str]]] = []
    said: dict[str, list[str]] = {"nobody": [], "not_good": [], "change": []}
    for lang in LANGUAGES:
        with (_FOLDER / lang / "brand_words.tsv").open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                words = row["words"] if marked or lang != "vi" else _plain(row["words"])
                kind = "nobody" if row["relation"] == "others" else row["relation"]
                if kind in said:
                    said[kind].append(words)
                elif row["place"] == "before":
                    before.append((kind, re.compile(rf"(?<!\w)(?:{words})(?!\w)(?={_FILLED[lang]})", re.IGNORECASE)))
                else:
                    after.append((kind, re.compile(rf"^\W*(?:{words})(?!\w)", re.IGNORECASE)))
    whole = [re.compile(rf"(?<!\w)(?:{'|'.join(one)})(?!\w)", re.IGNORECASE) for one in said.values()]
    return _Words(tuple(before), tuple(after), *whole)


def _plain(words: str) -> str:
    r"""The words without Vietnamese marks; what stands behind a backslash (``\w``) stays as it is."""
    return "".join(part if part.startswith("\\") else fold(part) for part in re.split(r"(\\\w)", words))


def told(text: str, places: Sequence[Place]) -> list[tuple[str, str]]:
    """What the author has to do with the brands at ``places`` (in order): distinct (brand, one of :data:`TOLD`), in order."""
    found: dict[tuple[str, str], None] = {}
    for sentence in _SENTENCE.finditer(text) if places else ():
        begin, end = sentence.span()
        within = [(a - begin, b - begin, brand) for a, b, brand in places if begin <= a < end]
        if within:
            found |= dict.fromkeys(_of_sentence(sentence.group(), within))
    return list(found)


def _of_sentence(text: str, places: Sequence[Place]) -> Iterator[tuple[str, str]]:
    left, taken, _ = split(text, places, of_author=True)
    yield from ((brand, LEFT) for brand in left)
    yield from ((brand, TAKEN) for brand in taken)
    words = _words(_MARKED.search(text) is not None)
    for place, (start, stop, brand) in enumerate(places):
        if brand in left or brand in taken:
            continue
        edge = places[place - 1][1] if place else 0
        following = places[place + 1][0] if place + 1 < len(places) else len(text)
        relations = [
            *((kind, match.start() + edge) for kind, match in _before(words, text[edge:start])),
            *((kind, start) for kind, pattern in words.after if _holds(words, pattern, text[stop:following], kind)),
        ]
        for kind, at in relations:
            if kind in TOLD and kind not in (LEFT, TAKEN) and _of_author(words, text, at, kind):
                yield brand, kind


def _before(words: _Words, text: str) -> list[tuple[str, re.Match[str]]]:
    """What stands before a name, the nearest telling word; one that is part of a longer one gives way to it."""
    found = [(kind, match) for kind, pattern in words.before for match in pattern.finditer(text)]
    nearest = max((match.end() for _, match in found), default=0)
    found = [(kind, match) for kind, match in found if match.end() == nearest]
    longest = min((match.start() for _, match in found), default=0)
    return [(kind, match) for kind, match in found if match.start() == longest]


def _holds(words: _Words, pattern: re.Pattern[str], behind: str, kind: str) -> bool:
    match = pattern.match(behind)
    return match is not None and not (kind == "praises" and words.not_good.search(match.group()))


def _of_author(words: _Words, text: str, at: int, kind: str) -> bool:
    """Whether what stands at ``at`` is told by the author of themselves, and neither asked nor supposed nor denied."""
    clause = next((c for c in _CLAUSE.finditer(text) if c.start() <= at < c.end()), None)
    begin, end = clause.span() if clause else (0, len(text))
    if words.nobody.search(text[begin : at + 1] if kind == "praises" else text[begin:at]):
        return False
    if kind == "considers":
        return True
    last = not _CLAUSE.search(text, end)
    asked = (text.rstrip().endswith("?") and last) or (
        _ASKS.search(text[begin:end]) is not None and _ASKING.search(text[begin:end]) is not None
    )
    return not asked


def split(text: str, places: Sequence[Place], *, of_author: bool = False) -> tuple[list[str], list[str], list[str]]:
    """The brands left, those taken, and those that nothing says it of, of one sentence; ``places`` are in order.

    ``of_author``: only what the author tells of themselves; otherwise a cue has said already that they do.
    """
    words = _words(_MARKED.search(text) is not None)
    changes = words.change.search(text) is not None
    roles: list[str | None] = []
    edge = 0
    for start, stop, _ in places:
        role = None
        for kind, match in _before(words, text[edge:start]):
            at = match.start() + edge
            if kind == "instead" and roles and roles[-1] in (LEFT, "changed"):
                kind = TAKEN
            if kind in (LEFT, TAKEN, "away", "changed") and (
                not of_author or (changes and _of_author(words, text, at, kind))
            ):
                role = kind
        if role is None and any(k == LEFT and _holds(words, p, text[stop:], k) for k, p in words.after):
            role = LEFT if not of_author or _of_author(words, text, start, LEFT) else None
        roles.append(role)
        edge = stop
    named = [brand for _, _, brand in places]
    taken = [brand for brand, role in zip(named, roles, strict=True) if role == TAKEN]
    away = [
        brand
        for brand, role in zip(named, roles, strict=True)
        if role == LEFT or (role == "away" and changes) or (role == "changed" and set(taken) - {brand})
    ]
    return away, taken, [brand for brand in named if brand not in taken and brand not in away]
