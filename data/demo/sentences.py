"""From a sentence of the material to a sentence in a post: who may say it, its slots, its sound, and what it plants."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Any

from data.demo import fragments, voice
from data.demo.fragments import Fragment, Picker
from data.demo.people import Person
from data.demo.records import DemoPost, PlantedCue, PlantedPain
from data.demo.slots import Scene, Slots

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


class Speaker:
    """Turns sentences of the material into sentences of a post, and notes what they plant."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.picker = Picker(rng)
        self._brands: dict[str, Any] = fragments.toml("market")["brands"]

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
        values = Slots(rng, post, scene)
        words = f"{lead} {fragment.text}" if lead else fragment.text
        if told and not style.capitals:
            words = words[:1].lower() + words[1:]
        text = voice.roughen(fragments.resolve_choices(words, rng), style, person.lang, rng)
        filled = _SLOT.sub(lambda m: values[m[1]][0], text).replace("làm làm", "làm")
        if style.bare:
            filled = voice.without_marks(filled)
        if not told and style.capitals and style.joint in (". ", "\n"):
            filled = filled[:1].upper() + filled[1:]
        quote = filled.rstrip(" .,")
        for hint in fragment.hints:
            self._plant_cue(post, hint, values, quote)
        post.fair.extend(fragment.fair)
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

    def _plant_cue(self, post: DemoPost, hint: fragments.Hint, values: Slots, filled: str) -> None:
        slot = _SLOT.fullmatch(hint.value)
        value = values[slot[1]][1] if slot else hint.value
        closed = hint.attribute in ("behaviour", "channel", "customer_type", "purchase_role", "education")
        if not slot and not closed:
            value = value.replace("_VND", " VND").replace("_USD", " USD").replace("_", " ")
        group = post.author.profile.get("occupation_group") if hint.attribute == "occupation" else None
        if hint.who != "self":
            group = None
        post.cues.append(PlantedCue(hint.attribute, value, hint.who, filled, group))
