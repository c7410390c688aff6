"""The text material of the demonstration's world: sentences, what they give away and what hurts in them.

The material lies in ``texts/*.toml``. A sentence may hold ``{slots}`` and ``[one|of]`` choices; after ``;;`` stand the
audience cues that it gives away (``who:attribute=value``) and, after ``|``, another person's pain (``kind category severity``).
"""

from __future__ import annotations

import random
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "texts"
#: Other categories that a fair reader may choose.
_ACCEPT = {"performance": ("quality",), "quality": ("performance", "design"), "usability": ("design",)}
_CHOICE = re.compile(r"\[([^\[\]|]{0,60}(?:\|[^\[\]|]{0,60}){1,9})\]")


@dataclass(frozen=True, slots=True)
class Hint:
    """A cue that a sentence gives away; ``value`` may be a ``{slot}``."""

    attribute: str
    value: str
    who: str = "self"


@dataclass(frozen=True, slots=True)
class Hurt:
    """A pain that a sentence states; ``accept`` names other categories that a fair reader may choose."""

    kind: str
    category: str
    severity: int
    accept: tuple[str, ...] = ()
    irony: bool = False
    whose: str = "self"


@dataclass(frozen=True, slots=True)
class Fragment:
    """A sentence, its hints, its pain, and what must be true of its speaker besides (``needs``).

    ``fair``: categories of pain that the codebook leaves open here.
    """

    text: str
    hints: tuple[Hint, ...] = ()
    needs: tuple[tuple[str, str], ...] = ()
    pain: Hurt | None = None
    fair: tuple[str, ...] = ()

    @property
    def names_brand(self) -> bool:
        return "{b}" in self.text or "{to}" in self.text


@cache
def toml(name: str) -> dict[str, Any]:
    """The material file ``name`` (without its ending)."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def parse(line: str, pain: Hurt | None = None, whose: str = "other") -> Fragment:
    """Read one line of material; ``whose`` is the one whom a pain after ``|`` befell."""
    text, _, rest = line.partition(" ;;")
    marks, _, stated = rest.partition("|")
    hints, needs = [], []
    for mark in marks.split():
        name, _, value = mark.partition("=")
        who, _, attribute = name.rpartition(":")
        if attribute in ("born", "area", "many"):
            needs.append((attribute, value))
        else:
            hints.append(Hint(attribute, value, who or "self"))
    fair: tuple[str, ...] = ()
    if stated.strip().startswith("?"):
        fair = tuple(stated.split()[1:])
    elif stated.strip():
        kind, category, severity = stated.split()
        pain = Hurt(kind, category, int(severity), accept=_ACCEPT.get(category, ()), whose=whose)
    if "{be}" in text and not any(h.attribute == "children" for h in hints):
        hints.append(Hint("children", "yes"))
    return Fragment(text.strip(), tuple(hints), tuple(needs), pain, fair)


@cache
def cues(lang: str) -> dict[str, tuple[Fragment, ...]]:
    """Cue sentences by what they tell (``age``, ``gender_female``, ``channel_shopee``…)."""
    return {key: tuple(parse(line) for line in lines) for key, lines in toml("cues")[lang].items()}


@cache
def talk(lang: str) -> dict[str, tuple[Fragment, ...]]:
    """Praise, negated pains, greetings, advice and other talk, by kind."""
    return {key: tuple(parse(line) for line in lines) for key, lines in toml("praise")[lang].items()}


@cache
def pains(lang: str) -> dict[tuple[str, str, bool], tuple[Fragment, ...]]:
    """Pain sentences by kind, category and whether they blame no brand."""
    found: dict[tuple[str, str, bool], list[Fragment]] = {}
    for group in toml("pains")["group"]:
        if group["lang"] != lang:
            continue
        key = (group["kind"], group["category"], bool(group.get("brandless")))
        accept = tuple(group.get("accept", ()))
        for severity, name in ((1, "mild"), (2, "plain"), (3, "strong"), (2, "irony")):
            hurt = Hurt(group["kind"], group["category"], severity, accept, name == "irony")
            found.setdefault(key, []).extend(parse(line, hurt) for line in group.get(name, ()))
    return {key: tuple(lines) for key, lines in found.items()}


@cache
def stories(lang: str) -> dict[str, tuple[tuple[Fragment, ...], ...]]:
    """Whole posts by the category of the pain they tell of (``none``: content), each as its parts."""
    return {
        key: tuple(tuple(parse(part, whose="self") for part in line.split(" / ")) for line in lines)
        for key, lines in toml("stories")[lang].items()
    }


class Picker:
    """Draws sentences so that all get their turn: the least used of those offered, with chance among equals."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self._used: Counter[str] = Counter()

    def pick(self, offered: Sequence[Fragment]) -> Fragment:
        """One of ``offered`` (not empty)."""
        chosen = min(offered, key=lambda f: self._used[f.text] + self.rng.random() * 1.5)
        self._used[chosen.text] += 1
        return chosen

    def story(self, offered: Sequence[tuple[Fragment, ...]], at_most: int) -> tuple[Fragment, ...] | None:
        """One of the stories ``offered`` that was told fewer than ``at_most`` times, in turn like :meth:`pick`."""
        offered = [s for s in offered if self._used[s[0].text] < at_most]
        if not offered:
            return None
        chosen = min(offered, key=lambda s: self._used[s[0].text] + self.rng.random() * 1.5)
        self._used[chosen[0].text] += 1
        return chosen


def resolve_choices(text: str, rng: random.Random) -> str:
    """``[a|b]`` becomes ``a`` or ``b``."""
    return _CHOICE.sub(lambda m: rng.choice(m[1].split("|")), text)


def count(fragments: Mapping[Any, Iterable[Fragment]]) -> int:
    """How many sentences a part of the material holds."""
    return sum(1 for lines in fragments.values() for _ in lines)
