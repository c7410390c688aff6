"""From a sentence of the material to a sentence in a post: who may say it, its slots, its sound, and what it plants."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from data.demo import fragments, voice
from data.demo.fragments import Fragment, Picker
from data.demo.people import Person
from data.demo.records import DemoPost, PlantedCue, PlantedPain

_SLOT = re.compile(r"\{(\w+)\}")
_RANGE = re.compile(r"(\d+)-(\d+)")
#: Cues that need nothing of the speaker but are simply said.
_OPEN = ("effort", "goal", "interest", "customer_type", "purchase_role", "budget", "income", "education", "channel")


def true_of(person: Person, fragment: Fragment) -> bool:
    """Whether this person may say the sentence: each cue about themselves is true of them."""
    profile = person.profile
    for name, value in fragment.needs:
        if name == "born" and 2026 - int(profile["age"]) >= 2000:
            return False
        if name == "many" and profile["children"] not in ("2", "3"):
            return False
        if name == "area" and profile["area"] != value:
            return False
    return all(_holds(profile, h.attribute, h.value) for h in fragment.hints if h.who == "self")


def _holds(profile: dict[str, str], attribute: str, value: str) -> bool:
    if attribute == "children":
        own = profile.get("children", "")
        return own not in ("", "expecting") if value in ("yes", "{n}") else own == value
    if "{" in value:
        return attribute != "occupation" or profile.get("occupation_group") != "homemaker"
    if attribute == "age":
        bounds = _RANGE.fullmatch(value)
        return bounds is not None and int(bounds[1]) <= int(profile["age"]) <= int(bounds[2])
    if attribute == "occupation":
        return profile.get("occupation_group") == "homemaker"
    if attribute in _OPEN or attribute in ("value", "behaviour"):
        return True
    return profile.get(attribute) == value


@dataclass(slots=True)
class Scene:
    """What a sentence is said about: the brand in question and another one."""

    brand: str
    other: str


class Speaker:
    """Turns sentences of the material into sentences of a post, and notes what they plant."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.picker = Picker(rng)
        self._brands: dict[str, Any] = fragments.toml("market")["brands"]

    def brand_form(self, brand: str, lang: str = "vi") -> str:
        """The brand as somebody may write it."""
        forms = self._brands[brand]["forms"]
        return str(self.rng.choice([f for f in forms if lang == "vi" or not f.startswith(("bỉm", "tã"))]))

    def choose(self, offered: Sequence[Fragment], person: Person) -> Fragment | None:
        """A sentence of ``offered`` that is true of ``person``."""
        able = [f for f in offered if true_of(person, f)]
        return self.picker.pick(able) if able else None

    def say(
        self, fragment: Fragment, post: DemoPost, scene: Scene, good: bool = False, lead: str = "", told: bool = False
    ) -> str:
        """The sentence as the post's author types it; its cues, pain and brands are planted into ``post``.

        ``good`` chooses a happy face; ``lead`` is a word that ties it to the sentence before;
        ``told`` says that it is part of a story, which has its own capitals and no faces.
        """
        person, rng = post.author, self.rng
        style = person.style
        values = self._values(person, post, scene)
        words = f"{lead} {fragment.text}" if lead else fragment.text
        if told and not style.capitals:
            words = words[:1].lower() + words[1:]
        text = voice.roughen(fragments.resolve_choices(words, rng), style, person.lang, rng)
        filled = _SLOT.sub(lambda m: values.get(m[1], (m[0], ""))[0], text).replace("làm làm", "làm")
        if style.bare:
            filled = voice.without_marks(filled)
        if not told and style.capitals and style.joint in (". ", "\n"):
            filled = filled[:1].upper() + filled[1:]
        quote = filled.rstrip(" .,")
        for hint in fragment.hints:
            self._plant_cue(post, hint, values, quote)
        if fragment.pain:
            hurt = fragment.pain
            target = scene.brand if hurt.kind not in ("problem", "unmet_need") else ""
            pain = PlantedPain(
                hurt.kind, hurt.category, hurt.severity, target, quote, hurt.accept, hurt.irony, hurt.whose
            )
            post.pains.append(pain)
        for slot, brand in self._named(fragment, person, scene):
            if f"{{{slot}}}" in fragment.text and brand not in post.mentions:
                post.mentions.append(brand)
        if told:
            return filled
        return filled + voice.face(style, person.lang, rng, good)

    def _named(self, fragment: Fragment, person: Person, scene: Scene) -> list[tuple[str, str]]:
        came_from = self._brands[scene.brand]["switching_from"]
        return [("b", scene.brand), ("to", scene.brand), ("o", scene.other), ("from", came_from)]

    def _plant_cue(self, post: DemoPost, hint: fragments.Hint, values: dict[str, tuple[str, str]], filled: str) -> None:
        slot = _SLOT.fullmatch(hint.value)
        value = values[slot[1]][1] if slot else hint.value
        closed = hint.attribute in ("behaviour", "channel", "customer_type", "purchase_role", "education")
        if not slot and not closed:
            value = value.replace("_VND", " VND").replace("_USD", " USD").replace("_", " ")
        group = post.author.profile.get("occupation_group") if hint.attribute == "occupation" else None
        if hint.who != "self":
            group = None
        post.cues.append(PlantedCue(hint.attribute, value, hint.who, filled, group))

    def _values(self, person: Person, post: DemoPost, scene: Scene) -> dict[str, tuple[str, str]]:
        """Slot → how it is written, and how the codebook writes it."""
        rng, profile, market = self.rng, person.profile, fragments.toml("market")
        brand = self._brands[scene.brand]
        vi = person.lang == "vi"
        year = 2026 - int(profile.get("age", "30"))
        short = f"{year % 100:02d}" if year < 2000 else f"2k{year - 2000}"
        location = profile.get("location", "Hà Nội")
        area = profile.get("area", "urban")
        places: dict[str, list[str]] = market["places"][area if vi else f"{area}_en"]
        price = str(rng.choice(brand["prices"]))
        pay = rng.choice(market["jobs"]["pay_urban" if area == "urban" else "pay_rural"])
        called = [f"bé nhà {person.style.pronoun}", f"con {person.style.pronoun}", f"{person.child_name} nhà {person.style.pronoun}",
                  f"nhóc nhà {person.style.pronoun}", f"bạn nhỏ nhà {person.style.pronoun}"]  # fmt: skip
        child = rng.choice(called) if vi else rng.choice(["our baby", "my son", "my daughter", "our little one"])
        came_from = brand["switching_from"]
        written, age = person.child_age(post.at.date())
        return {
            "i": (person.style.pronoun, ""),
            "be": (child, ""),
            "b": (self.brand_form(scene.brand, person.lang), scene.brand),
            "o": (self.brand_form(scene.other, person.lang), scene.other),
            "to": (self.brand_form(scene.brand, person.lang), scene.brand),
            "from": (self.brand_form(came_from, person.lang), came_from),
            "age": (profile.get("age", "30"), profile.get("age", "30")),
            "yy": (short, profile.get("age", "30")),
            "city": (rng.choice(places.get(location, [location])), location),
            "job": (profile.get("occupation", "bán hàng"), profile.get("occupation", "bán hàng")),
            "cage": (written, age),
            "cagex": (written.replace("-month-old", " months old").replace("-year-old", " years old"), age),
            "cname": (person.child_name, ""),
            "n": (_count(profile.get("children", "1"), vi), profile.get("children", "1")),
            "pay": (pay, _amount(pay)),
            "price": (price, price),
            "price0": (str(rng.choice(brand["prices0"])), ""),
            "pp": (f"{rng.choice(['5', '6', '7', '8'])}k", ""),
            "size": (rng.choice(["S", "M", "L", "XL"]), ""),
        }


def _count(children: str, vi: bool) -> str:
    if not children.isdigit():
        return children
    words = ("", "một", "hai", "ba") if vi else ("", "one", "two", "three")
    return words[int(children)]


def _amount(pay: str) -> str:
    """``5tr5`` or ``12 triệu`` as the codebook writes it."""
    number = re.match(r"(\d+)(?:tr(\d))?", pay)
    assert number is not None
    return f"{int(number[1]) * 1_000_000 + int(number[2] or 0) * 100_000} VND"
