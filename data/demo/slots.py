"""What stands in a sentence's slots: how this person writes it, and how the codebook writes it."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import Any

from data.demo import fragments
from data.demo.records import DemoPost

_CHILD_VI = ("bé nhà {i}", "con {i}", "{name} nhà {i}", "nhóc nhà {i}", "bạn nhỏ nhà {i}")
_CHILD_EN = ("our baby", "my son", "my daughter", "our little one")
_COUNTS = {"vi": ("", "một", "hai", "ba"), "en": ("", "one", "two", "three")}


@dataclass(slots=True)
class Scene:
    """What a sentence is said about: the brand in question and another one."""

    brand: str
    other: str


class Slots(dict[str, tuple[str, str]]):
    """Slot → how it is written, and its value in the codebook's words. A slot is filled when it is first asked for.

    Raises ``KeyError`` for a slot that the material made up.
    """

    def __init__(self, rng: random.Random, post: DemoPost, scene: Scene) -> None:
        super().__init__()
        self._rng, self._post, self._person, self._scene = rng, post, post.author, scene

    def __missing__(self, slot: str) -> tuple[str, str]:
        filled = self[slot] = self._fill(slot)
        return filled

    def _fill(self, slot: str) -> tuple[str, str]:
        person, rng = self._person, self._rng
        brand: dict[str, Any] = fragments.toml("market")["brands"][self._scene.brand]
        match slot:
            case "i":
                return person.style.pronoun, ""
            case "b" | "to":
                return self._form(self._scene.brand), self._scene.brand
            case "o":
                return self._form(self._scene.other), self._scene.other
            case "from":
                return self._form(brand["switching_from"]), brand["switching_from"]
            case "price" | "price0":
                return rng.choice(brand["prices" if slot == "price" else "prices0"]), ""
            case "pp":
                return f"{rng.randint(5, 8)}k", ""
            case "size":
                return rng.choice(["S", "M", "L", "XL"]), ""
            case "be" | "cname" | "cage" | "cagex":
                return self._child(slot)
        return self._self(slot)

    def _form(self, brand: str) -> str:
        """The brand as somebody may write it."""
        forms = fragments.toml("market")["brands"][brand]["forms"]
        able = [f for f in forms if self._person.lang == "vi" or not f.startswith(("bỉm", "tã"))]
        return str(self._rng.choice(able))

    def _child(self, slot: str) -> tuple[str, str]:
        person = self._person
        if slot == "cname":
            return person.child_name, ""
        if slot == "be":
            called = self._rng.choice(_CHILD_VI if person.lang == "vi" else _CHILD_EN)
            return called.format(i=person.style.pronoun, name=person.child_name), ""
        written, age = person.child_age(self._post.at.date())
        if slot == "cagex":
            written = written.replace("-month-old", " months old").replace("-year-old", " years old")
        return written, age

    def _self(self, slot: str) -> tuple[str, str]:
        person, rng, market = self._person, self._rng, fragments.toml("market")
        profile = person.profile
        area = profile.get("area", "urban")
        match slot:
            case "age":
                return profile["age"], profile["age"]
            case "yy":
                year = 2026 - int(profile["age"])
                return (f"{year % 100:02d}" if year < 2000 else f"2k{year - 2000}"), profile["age"]
            case "city":
                places: dict[str, list[str]] = market["places"][area if person.lang == "vi" else f"{area}_en"]
                return rng.choice(places[profile["location"]]), profile["location"]
            case "job":
                return profile["occupation"], profile["occupation"]
            case "n":
                return _COUNTS[person.lang][int(profile["children"])], profile["children"]
            case "pay":
                pay = rng.choice(market["jobs"]["pay_urban" if area == "urban" else "pay_rural"])
                return pay, _amount(pay)
        raise KeyError(slot)


def _amount(pay: str) -> str:
    """``5tr5`` or ``12 triệu`` as the codebook writes it."""
    number = re.match(r"(\d+)(?:tr(\d))?", pay)
    assert number is not None
    return f"{int(number[1]) * 1_000_000 + int(number[2] or 0) * 100_000} VND"
