"""The people of the little world: who they are, what they use, what they will tell and what hurts them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from data.demo import fragments, voice

#: Pains that somebody without a baby yet can have with a diaper.
_BEFORE_BIRTH = ("price", "availability", "delivery", "information", "service")


@dataclass(slots=True)
class Person:
    """One author. ``brand`` is the brand they use (``None``: undecided); ``tells`` and ``pains`` are still to be said."""

    name: str
    lang: str
    site: str
    brand: str | None
    profile: dict[str, str]
    style: voice.Style
    weight: float
    user_id: int = 0
    role: str = "customer"
    child_born: date | None = None
    child_name: str = ""
    joined: date = date(2025, 1, 1)
    signature: str | None = None
    tells: list[str] = field(default_factory=list)
    pains: list[str] = field(default_factory=list)

    @property
    def parent(self) -> bool:
        return self.profile.get("children", "expecting") != "expecting"

    def child_age(self, on: date) -> tuple[str, str]:
        """The child's age on a day: as people say it, and as the codebook writes it."""
        born = self.child_born or on
        months = max(1, (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day))
        years, vi = months // 12, self.lang == "vi"
        if months >= 24:
            return (f"{years} tuổi" if vi else f"{years}-year-old"), f"{years}y"
        return (f"{months} tháng" if vi else f"{months}-month-old"), f"{months}m"


class Names:
    """User names in the manner of parents' forums, each used once."""

    def __init__(self, rng: random.Random) -> None:
        self._rng, self._taken, self._parts = rng, set[str](), fragments.toml("styles")["names"]

    def draw(self, lang: str, gender: str) -> str:
        while True:
            name = self._vietnamese(gender) if lang == "vi" else self._english()
            if name.casefold() not in self._taken:
                self._taken.add(name.casefold())
                return name

    def _english(self) -> str:
        return str(self._rng.choice(self._parts["english"])) + str(self._rng.choice(self._parts["english_tail"]))

    def _vietnamese(self, gender: str) -> str:
        rng, parts = self._rng, self._parts
        kind = rng.random()
        if kind < 0.45:
            called = rng.choice(parts["mother" if gender == "female" else "father"])
            child = rng.choice(parts["child"])
            name = f"{called}{rng.choice([' ', '_', ''])}{child}"
            return name if rng.random() < 0.3 else f"{name}{rng.choice(['', ' ', '_'])}{rng.choice(parts['tail'])}"
        given = rng.choice(parts["given" if gender == "female" else "given_male"])
        if kind < 0.8:
            return f"{given}{rng.choice(['', '.', '_'])}{rng.choice(parts['tail'])}"
        return f"{given} {rng.choice(parts['given'])}{rng.choice(['', ' ', ''])}{rng.choice(parts['tail'])}"


def draw_profile(rng: random.Random, audience: dict[str, Any], lang: str) -> dict[str, str]:
    """A person drawn from the shares of an audience."""
    market = fragments.toml("market")

    def one(shares: dict[str, float]) -> str:
        return rng.choices(list(shares), weights=list(shares.values()))[0]

    low, high = map(int, one(audience["age"]).split("-"))
    urban = rng.random() < audience["urban"]
    area = "urban" if urban else "rural"
    places: dict[str, list[str]] = market["places"][area if lang == "vi" else f"{area}_en"]
    location = rng.choice(list(places))
    gender = one(audience["gender"])
    profile = {
        "age": str(rng.randint(low, high)),
        "gender": gender,
        "area": area,
        "location": location,
        "children": one(audience["children"]),
        "marital_status": one(audience["marital"]),
        "price_sensitivity": one(audience["price"]),
        "channel": one(audience["channel"]),
        "value": one(audience["value"]),
        "behaviour": one(audience["behaviour"]),
    }
    if gender == "female" and rng.random() < 0.16:
        profile["occupation"], profile["occupation_group"] = ("nội trợ", "homemaker")
    else:
        job, group = rng.choice(market["jobs"][area if lang == "vi" else "en"])
        profile["occupation"], profile["occupation_group"] = job, group
    if int(profile["age"]) < 22:
        profile["children"] = rng.choice(["1", profile["children"]])
    return profile


def _plan(rng: random.Random, person: Person) -> None:
    """Decide what this person will tell and what hurts them, by the market's shares."""
    market = fragments.toml("market")
    person.tells = [name for name, chance in market["tells"].items() if rng.random() < chance]
    if not person.parent:
        person.tells = [t for t in person.tells if t != "child_age"]
    if person.brand is None:
        return
    planted: dict[str, float] = market["brands"][person.brand]["pains"]
    drawn = [category for category, chance in planted.items() if rng.random() < chance]
    person.pains = [c for c in drawn if person.parent or c in _BEFORE_BIRTH]
    rng.shuffle(person.tells)


def draw_person(rng: random.Random, names: Names, lang: str, brand: str | None, site: str = "forum") -> Person:
    """One author of ``lang`` who uses ``brand``."""
    market = fragments.toml("market")
    key = market["brands"][brand]["key"] if brand else "nobody"
    profile = draw_profile(rng, market["audience"][key], lang)
    rural = profile["area"] == "rural"
    today: date = market["today"]
    person = Person(
        name=names.draw(lang, profile["gender"]),
        lang=lang,
        site=site,
        brand=brand,
        profile=profile,
        style=voice.draw(rng, lang, profile["gender"], rural),
        weight=rng.paretovariate(1.15),
        child_name=rng.choice(fragments.toml("styles")["names"]["child"]),
        joined=today - timedelta(days=rng.randint(310, 2600)),
    )
    if person.parent:
        months = rng.choice([rng.randint(5, 20), rng.randint(8, 30), rng.randint(12, 42)])
        person.child_born = today - timedelta(days=int(months * 30.4))
    if rng.random() < 0.22:
        person.signature = rng.choice(fragments.toml("adverts")["signatures" if lang == "vi" else "signatures_en"])
    _plan(rng, person)
    return person


def draw_people(rng: random.Random, names: Names) -> list[Person]:
    """Everybody who writes on the forum."""
    market = fragments.toml("market")
    people = []
    for lang in ("vi", "en"):
        shares = {name: brand[f"share_{lang}"] for name, brand in market["brands"].items()}
        for _ in range(market["sizes"][f"people_{lang}"]):
            at, brand = rng.random(), None
            for name, share in shares.items():
                at -= share
                if at < 0:
                    brand = name
                    break
            people.append(draw_person(rng, names, lang, brand))
    rng.shuffle(people)
    return people
