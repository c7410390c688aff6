"""What can be asked, in the words of each language: ``data/languages/*/questions.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import data
from data.groups import AGES, AMOUNTS, CHILD_AGES
from data.survey.questionnaire import BOUGHT, MANY, NONE, SILENT, Choice
from data.words import LANGUAGES, tell_in

_FOLDER = Path(data.__file__).parent / "languages"


@dataclass(frozen=True, slots=True)
class Asking:
    """How an attribute is asked for. ``known`` are words by which somebody else's question of the same is recognised."""

    ask: str
    type: str
    known: tuple[str, ...]
    answers: tuple[Choice, ...]
    also: tuple[tuple[str, str], ...]
    silent: bool
    other: bool


@cache
def _file(lang: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / lang / "questions.toml").read_text(encoding="utf-8"))


def form(lang: str) -> dict[str, str]:
    """The words around the questions: title, welcome, the answers that every question may have."""
    found: dict[str, str] = _file(lang)["form"]
    return found


def attributes(lang: str = "vi") -> tuple[str, ...]:
    """Everything that the bank can ask for."""
    return tuple(name for name in _file(lang) if name not in ("form", "bands"))


def asking(attribute: str, lang: str, *, organisations: bool = False) -> Asking | None:
    """How to ask for an attribute, ``None`` where it makes no question. ``organisations``: of people who buy for one."""
    held = _file(lang).get(attribute)
    if held is None:
        return None
    held = held | (held.get("organisation", {}) if organisations else {})
    answers = [Choice(say=say, value=value) for say, value in held.get("answers", ())]
    return Asking(
        held["ask"], held.get("type", "one"), tuple(held.get("known", ())), tuple(answers or _bands(attribute, lang)),
        tuple((say, value) for say, value in held.get("also", ())), held.get("silent", True), held.get("other", False),
    )  # fmt: skip


def closing(attribute: str, asking: Asking, answers: Sequence[Choice], lang: str) -> Iterator[Choice]:
    """The answers that every question ends with, so that nobody has to say what is not so."""
    words = form(lang)
    if attribute == BOUGHT:
        yield Choice(say=tell_in(lang, "survey.bought_none"), value=NONE, out=True)
    elif asking.type == MANY and not any(choice.value == NONE for choice in answers):
        yield Choice(say=words["none"], value=NONE)
    if asking.silent:
        yield Choice(say=words["silent"], value=SILENT)


def _bands(attribute: str, lang: str) -> list[Choice]:
    """The bands of an attribute as answers; none of one that has no bands."""
    words: dict[str, str] = _file(lang)["bands"]
    if attribute == "age":
        return [Choice(say=_ages(words, int(a), int(b)), value=f"{a:g}-{b:g}") for a, b in AGES]
    if attribute == "child_age":
        ages = [Choice(say=_months(words, int(a), int(b)), value=_child(a, b)) for a, b in CHILD_AGES]
        return [*ages, Choice(say=words["no_child"], value=NONE)]
    if attribute in ("income", "budget"):
        return _amounts(words, AMOUNTS[attribute, "VND"])
    return []


def _child(low: float, high: float) -> str:
    return f"{low / 12:g}y-99y" if high >= CHILD_AGES[-1][1] else f"{low:g}m-{high:g}m"


def _ages(words: dict[str, str], low: int, high: int) -> str:
    if low == 0:
        return words["age_below"].format(high=high + 1)
    return words["age_from"].format(low=low) if high == AGES[-1][1] else words["age"].format(low=low, high=high)


def _months(words: dict[str, str], low: int, high: int) -> str:
    if high >= CHILD_AGES[-1][1]:
        return words["child_from"].format(low=low // 12)
    if low >= 12:
        one = "child_year" if high - low == 11 else "child_years"
        return words[one].format(low=low // 12, high=high // 12)
    return words["child_below"].format(high=high + 1) if low == 0 else words["child_months"].format(low=low, high=high)


def _amounts(words: dict[str, str], steps: tuple[float, ...]) -> list[Choice]:
    found = []
    for low, high in zip(steps, (*steps[1:], None), strict=True):
        if high is None:
            found.append(Choice(say=words["amount_from"].format(low=_money(words, low)), value=f"{low:.0f}- VND"))
        elif low == 0:
            found.append(Choice(say=words["amount_below"].format(high=_money(words, high)), value=f"0-{high:.0f} VND"))
        else:
            say = words["amount"].format(low=_money(words, low), high=_money(words, high))
            found.append(Choice(say=say, value=f"{low:.0f}-{high:.0f} VND"))
    return found


def amount_from(low: float, lang: str) -> str:
    """The answer for a sum and everything above it."""
    words: dict[str, str] = _file(lang)["bands"]
    return words["amount_from"].format(low=_money(words, low))


def _money(words: dict[str, str], sum_: float) -> str:
    for step, name in ((1e9, "billion"), (1e6, "million"), (1e3, "thousand")):
        if sum_ >= step:
            return words[name].format(n=f"{sum_ / step:g}")
    return f"{sum_:g}"


@cache
def sayings(attribute: str) -> tuple[tuple[str, str], ...]:
    """Every way in which either language says an answer about an attribute, with its value."""
    found: list[tuple[str, str]] = []
    for lang in LANGUAGES:
        for organisations in (False, True):
            one = asking(attribute, lang, organisations=organisations)
            if one is not None:
                found += [(choice.say, choice.value) for choice in one.answers]
                found += one.also
    return tuple(dict.fromkeys(found))


@cache
def headers() -> tuple[tuple[str, str], ...]:
    """Words of a question → its attribute, of both languages."""
    found: list[tuple[str, str]] = []
    for lang in LANGUAGES:
        for attribute in attributes(lang):
            one = asking(attribute, lang)
            if one is not None:
                found += [(word, attribute) for word in one.known]
    return tuple(dict.fromkeys(found))


__all__ = ["BOUGHT", "Asking", "asking", "attributes", "form", "headers", "sayings"]
