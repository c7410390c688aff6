"""Who says what in a note: the customer, or whoever wrote it down. Words: ``data/languages/*/importers/speakers.tsv``."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import data
from data.folding import fold, words
from data.store.selling import marks
from data.words import LANGUAGES

Who = Literal["customer", "agent"]
_FOLDER = Path(data.__file__).parent / "languages"
_LONGEST = 60_000
_CLOCK = r"(?:\[?\d{1,2}[:h]\d{2}(?::\d{2})?(?:\s?[ap]m)?\]?\s{0,2}[-–]?\s{0,2})?"
_BETWEEN = re.compile(r"(?<=[.!?;])\s|\n")
_MARKS = " \t\r\n-–—•*+>:,.;"


@dataclass(frozen=True, slots=True)
class Said:
    """A note taken apart. ``how`` is ``report`` where the customer's words are an agent's report of them."""

    customer: str
    agent: str
    how: Literal["customer", "report"] = "customer"


@cache
def _known() -> dict[str, tuple[str, ...]]:
    """What → its words, folded, the longest first."""
    found: dict[str, set[str]] = {}
    for lang in LANGUAGES:
        with (_FOLDER / lang / "importers" / "speakers.tsv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                found.setdefault(row["what"], set()).add(" ".join(words(row["words"])))
    return {what: tuple(sorted(names, key=lambda name: (-len(name), name))) for what, names in found.items()}


def meaning(what: str, said: str) -> bool:
    """Whether a cell is one of the words of a list (``role_agent``, ``topic_sales``, …)."""
    return " ".join(words(said[:100])) in _known()[what]


def role_of(said: str) -> Who | None:
    """Whose message a cell such as “inbound”, “Nhân viên” or “bot” calls it."""
    return "customer" if meaning("role_customer", said) else "agent" if meaning("role_agent", said) else None


@cache
def _labels() -> re.Pattern[str]:
    known = _known()
    either = "|".join(
        f"(?P<{who}>{'|'.join(name.replace(' ', chr(92) + 's') for name in known[who])})"
        for who in ("customer", "agent")
    )
    return re.compile(rf"(?:^|[\n.!?;|>\])\-]\s{{0,3}}){_CLOCK}(?:{either})\b[^:\n]{{0,30}}:(?!//)\s?", re.I)


def taken_apart(text: str, names: dict[str, Who]) -> Said | None:
    """A conversation in one cell (“KH: … NV: …”), by its speakers; ``None`` where nobody is marked as speaking.

    ``names`` are people of this row, who may stand in a speaker's place. What stands before the first mark is nobody's.
    """
    text = text[:_LONGEST]
    plain = _folded(text)
    found: list[tuple[int, int, Who]] = [
        (match.start(), match.end(), "customer" if match["customer"] else "agent")
        for match in _labels().finditer(plain)
    ]
    for name, who in names.items():
        label = rf"(?:^|\n)\s{{0,3}}{_CLOCK}{re.escape(_folded(name))}\s{{0,2}}:(?!//)\s?"
        found += [(match.start(), match.end(), who) for match in re.finditer(label, plain, re.I)]
    found.sort()
    if not found:
        return None
    said: dict[str, list[str]] = {"customer": [], "agent": []}
    for place, (_, end, who) in enumerate(found):
        # A mark takes the end of the sentence before it along.
        stop = found[place + 1][0] + 1 if place + 1 < len(found) else len(text)
        said[who].append(text[end : max(stop, end)].strip(" \t\r\n-–|>"))
    customer, agent = ("\n".join(filter(None, said[who])) for who in ("customer", "agent"))
    return Said(customer, agent)


def _folded(text: str) -> str:
    """Folded letter by letter, so that places in it are places in the text."""
    plain = fold(text)
    return plain if len(plain) == len(text) else text.lower().ljust(len(text))[: len(text)]


def _sentences(text: str) -> list[str]:
    return [stripped for piece in _BETWEEN.split(text[:_LONGEST]) if (stripped := piece.strip())]


@cache
def _openings() -> re.Pattern[str]:
    known = _known()

    def any_of(what: str) -> str:
        return "|".join(name.replace(" ", r"\s") for name in known[what])

    return re.compile(
        rf"[\s\-–•*+>,]{{0,6}}(?:{any_of('customer')})\b(?:\s(?:{any_of('skip')})\b){{0,2}}"
        rf"(?:\s(?:{any_of('says')})\b)?[\s:,]{{0,3}}"
    )


@cache
def _named_openings() -> re.Pattern[str]:
    known = _known()

    def any_of(what: str) -> str:
        return "|".join(name.replace(" ", r"\s") for name in known[what])

    return re.compile(
        rf"[\s\-–•*+>,]{{0,6}}(?:{any_of('kin')})\b\.?\s(?P<name>\w{{1,20}}(?:\s\w{{1,20}}){{0,4}}?)"
        rf"(?:\s?[,(][^!?\n]{{0,60}}[,)])?\s?(?:\s?(?:{any_of('skip')})\b){{0,2}}\s?\b(?:{any_of('says')})\b[\s:,]{{0,3}}"
    )


def _by_name(sentence: str, agents: Collection[str]) -> re.Match[str] | None:
    """How a sentence begins that reports a person by name (“Chị Hà than …”), who is none of ``agents``."""
    found = _named_openings().match(_folded(sentence))
    if found is None:
        return None
    name = sentence[found.start("name") : found.end("name")].split()
    answers = {one[-1] for agent in agents if (one := words(agent))}
    if not all(word[:1].isupper() for word in name) or words(name[-1])[-1:] == [] or words(name[-1])[-1] in answers:
        return None
    return found


def reported(text: str, agents: Collection[str] = ()) -> Said:
    """An agent's note, by sentences: those that report the customer (“KH báo máy nóng”, “Chị Hà than giao chậm”) without their
    opening, and all others. ``agents`` are names that are no customer's."""
    mine: list[str] = []
    theirs: list[str] = []
    for sentence in _sentences(text):
        opening = _openings().match(_folded(sentence)) or _by_name(sentence, agents)
        if opening is not None and sentence[opening.end() :].strip(_MARKS + "!?"):
            mine.append(sentence[opening.end() :].strip())
            continue
        if sentence.strip(_MARKS):
            theirs.append(sentence)
    return Said(" ".join(mine), " ".join(theirs), "report")


def looks_reported(texts: Collection[str]) -> bool:
    """Whether texts are mostly what agents wrote down: three in ten begin a sentence with “the customer …”."""
    return sum(bool(reported(text).customer) for text in texts) >= 0.3 * max(len(texts), 1)


def without_greetings(text: str) -> str:
    """An agent's words without the sentences that begin as greetings and thanks do."""
    greetings = _known()["greeting"]
    kept = [
        sentence
        for sentence in _sentences(text)
        if not " ".join(words(sentence[:200])).startswith(greetings) and sentence.strip(_MARKS)
    ]
    return " ".join(kept)


def speaks_as_shop(text: str) -> bool:
    """Whether a text is what shops send to many (“Cảm ơn quý khách đã …”, “Dear customer …”)."""
    plain = f" {' '.join(words(text[:2_000]))} "
    return any(f" {sent} " in plain for sent in _known()["sent"]) or any(
        mark in ("selling", "staff") for mark in marks(text)
    )
