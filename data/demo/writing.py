"""Writes the posts: every thread's posts get their words, and each person tells what they have to tell."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Any

from data.demo import fragments, voice
from data.demo.fragments import Fragment
from data.demo.people import Person
from data.demo.records import DemoPost, DemoThread
from data.demo.sentences import Speaker, true_of
from data.demo.slots import Scene

_LIFE = ("emotional", "money_worry", "time_effort", "safety_health")
_GOOD = ("praise", "negated")
#: Nobody writes "?." when sentences are joined.
_AFTER_MARK = re.compile(r"([?!…])[.,] ")
_ODD_POSTS, _PEACE_POSTS = 14, 8
#: A story told more often than this would look copied.
_TIMES_TOLD = 3


class Writer:
    """Writes posts and keeps count of what was said; one for a world."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.speaker = Speaker(rng)
        self._brands: dict[str, Any] = fragments.toml("market")["brands"]
        self._seen: set[str] = set()
        self._odd, self._peace = _ODD_POSTS, _PEACE_POSTS
        self._threads = {(k["name"], k["lang"]): k for k in fragments.toml("threads")["kind"]}
        self._first_seed: dict[str, DemoPost] = {}

    # ---- threads ----

    def thread(self, thread: DemoThread) -> None:
        """Write the title and all posts of ``thread``."""
        if "{" in thread.title:
            brand, other = thread.brand or self._any_brand(), thread.other or self._any_brand()
            thread.title = thread.title.replace("{b}", brand).replace("{o}", other)
        for place, post in enumerate(thread.posts):
            if post.kind in ("advert", "seeding"):
                self._advert(post, thread)
            elif thread.kind == "chatter":
                self._chatter(post, thread, place)
            else:
                self.post(post, thread, place)

    def _any_brand(self) -> str:
        return self.rng.choice(list(self._brands))

    def _scene(self, person: Person, thread: DemoThread) -> Scene:
        brand = person.brand or thread.brand or self._any_brand()
        others = [name for name in self._brands if name != brand]
        return Scene(brand, thread.other if thread.other in others and thread.other else self.rng.choice(others))

    # ---- one post about the market ----

    def post(self, post: DemoPost, thread: DemoThread, place: int) -> None:
        """Write a post about the market: what its author still has to tell, else praise, advice or a short word."""
        person, scene, rng = post.author, self._scene(post.author, thread), self.rng
        story = self._story(post, thread, scene)
        hurts = [] if story else self._pains_for(person, thread)
        told = self._cues_for(person, room=rng.choice([2, 3, 3, 4]) - (2 if story else len(hurts)))
        parts: list[str] = []
        if place == 0:
            opener = self._parsed(self._threads[thread.kind, thread.lang]["openers"])
            parts += self._one(opener, post, scene)
        elif rng.random() < 0.21:
            self._quote(post, thread, place)
        elif rng.random() < 0.22:
            parts += self._one(fragments.talk(person.lang)["greet"], post, scene)
        if post.quotes is not None and rng.random() < 0.7:
            hurt = bool(post.quotes.pains)
            parts += self._one(fragments.talk(person.lang)["agree" if hurts or not hurt else "disagree"], post, scene)
        body = [
            self.speaker.say(f, post, scene, lead=self._lead(person) if n or parts else "") for n, f in enumerate(told)
        ]
        pains = [self.speaker.say(f, post, scene) for f in hurts]
        body = pains + body if rng.random() < 0.45 else body + pains
        body = story + body
        if not hurts and not story:
            body += self._without_pain(post, thread, scene, told=bool(told), place=place)
        unnamed = bool(hurts) and person.brand is not None and scene.brand not in post.mentions
        if unnamed and (thread.brand != scene.brand or rng.random() < 0.6):
            body = self._one(fragments.talk(person.lang)["usage"], post, scene) + body
        if post.kind == "talk" and rng.random() < 0.3:
            body += self._one(fragments.talk(person.lang)["close"], post, scene)
        self._finish(post, parts + body, scene)

    def _story(self, post: DemoPost, thread: DemoThread, scene: Scene) -> list[str]:
        """Now and then a whole post as people tell it, with a pain that waits to be told; else nothing."""
        person = post.author
        if person.brand is None or not person.parent or thread.kind == "life" or self.rng.random() > 0.3:
            return []
        key = next((c for c in person.pains if c in fragments.stories(person.lang)), "none" if not person.pains else "")
        able = [s for s in fragments.stories(person.lang).get(key, ()) if all(true_of(person, part) for part in s)]
        chosen = self.speaker.picker.story(able, _TIMES_TOLD)
        if chosen is None:
            return []
        if key in person.pains:
            person.pains.remove(key)
        told = {hint.attribute for part in chosen for hint in part.hints}
        person.tells = [t for t in person.tells if t not in told]
        parts = [self.speaker.say(part, post, scene, told=True) for part in chosen]
        return [" ".join(parts).rstrip(".,")]

    def _pains_for(self, person: Person, thread: DemoThread) -> list[Fragment]:
        """The pains this person states here; taken off what they have to say."""
        found: list[Fragment] = []
        wanted = thread.kind.partition(":")[2]
        room = 2 if self.rng.random() < 0.3 else 1
        fitting = [c for c in person.pains if c == wanted and thread.brand == person.brand]
        for category in (fitting or person.pains)[:room]:
            person.pains.remove(category)
            found += self._pain(person, category)
        if thread.kind == "life" and self.rng.random() < 0.4 and person.parent:
            found += self._pain(person, self.rng.choice(_LIFE), brandless=True)
        elif thread.kind == "advice" and self.rng.random() < 0.07 and person.parent:
            found += self._pain(person, "safety_health", brandless=True)
        if person.brand is None and not found and self.rng.random() < 0.2:
            kinds = fragments.pains(person.lang)
            offered = [
                *kinds.get(("objection", "price", False), ()),
                *kinds.get(("objection", "safety_health", False), ()),
            ]
            offered += kinds.get(("unmet_need", "availability", False), ())
            chosen = self.speaker.choose(offered, person)
            found += [chosen] if chosen else []
        return found

    def _pain(self, person: Person, category: str, brandless: bool = False) -> list[Fragment]:
        """A sentence for a pain; mostly a complaint, now and then a question or a suggestion."""
        kinds = fragments.pains(person.lang)
        common = "problem" if brandless else "complaint"
        rare = [k for k in ("suggestion", "question") if (k, category, brandless) in kinds]
        kind = self.rng.choice(rare) if rare and not brandless and self.rng.random() < 0.08 else common
        chosen = self.speaker.choose(kinds.get((kind, category, brandless), ()), person)
        return [chosen] if chosen else []

    def _cues_for(self, person: Person, room: int) -> list[Fragment]:
        """The sentences by which this person tells something of themselves here."""
        found: list[Fragment] = []
        while person.tells and len(found) < room:
            attribute = person.tells.pop(0)
            key = self._key(person, attribute)
            chosen = self.speaker.choose(fragments.cues(person.lang).get(key, ()), person)
            if chosen and (chosen.text not in {f.text for f in found}):
                found.append(chosen)
        return found

    def _key(self, person: Person, attribute: str) -> str:
        value = person.profile.get(attribute, "")
        if attribute in ("gender", "value", "channel", "behaviour"):
            return f"{attribute}_{value}"
        if attribute == "price_sensitivity":
            return f"price_{value}"
        if attribute == "children" and value == "expecting":
            return "expecting"
        if attribute == "occupation" and person.profile.get("occupation_group") == "homemaker":
            return "homemaker"
        return attribute

    def _without_pain(self, post: DemoPost, thread: DemoThread, scene: Scene, told: bool, place: int) -> list[str]:
        """Praise, a negated pain, another person's story, advice, or only a short word."""
        person, rng = post.author, self.rng
        talk = fragments.talk(person.lang)
        content = float(self._brands[person.brand]["praise"]) if person.brand else 0.0
        if self._odd and place and rng.random() < 0.02:
            self._odd -= 1
            post.kind = "odd"
            return self._one(talk["odd"], post, scene)
        if self._peace and rng.random() < 0.01:
            self._peace -= 1
            return self._one(talk["peace"], post, scene)
        at = rng.random()
        if at < content and thread.kind != "life" and not any(c.value == "discourages" for c in post.cues):
            kinds = (
                ["usage", rng.choice(_GOOD)]
                if rng.random() < 0.5 or person.brand != thread.brand
                else [rng.choice(_GOOD)]
            )
            return [s for kind in kinds for s in self._one(talk[kind], post, scene, good=True)]
        if at < content + 0.07:
            return self._one(talk["third"], post, scene)
        if at < content + 0.36 or (place == 0 and not told):
            kind = "comfort" if thread.kind == "life" and place else "advice" if place else "ask"
            return self._one(talk[kind], post, scene)
        if told:
            return []
        post.kind = "short"
        return self._one(talk["short"], post, scene)

    # ---- parts ----

    def _one(self, offered: Sequence[Fragment], post: DemoPost, scene: Scene, good: bool = False) -> list[str]:
        chosen = self.speaker.choose(offered, post.author)
        return [self.speaker.say(chosen, post, scene, good)] if chosen else []

    def _lead(self, person: Person) -> str:
        """Now and then a word that ties a sentence to the one before."""
        return self.rng.choice(fragments.talk(person.lang)["link"]).text if self.rng.random() < 0.25 else ""

    def _parsed(self, lines: Sequence[str]) -> tuple[Fragment, ...]:
        return tuple(fragments.parse(line) for line in lines)

    def _quote(self, post: DemoPost, thread: DemoThread, place: int) -> None:
        able = [p for p in thread.posts[:place] if p.text and p.author is not post.author]
        if able:
            near = able[-8:]
            post.quotes = next(
                (p for p in reversed(near) if p.pains and self.rng.random() < 0.6), self.rng.choice(near)
            )
            post.quoted = post.quotes.text

    def _finish(self, post: DemoPost, parts: list[str], scene: Scene) -> None:
        """Join the sentences; nobody but a copier writes what another wrote."""
        talk = fragments.talk(post.author.lang)
        while True:
            text = _AFTER_MARK.sub(r"\1 ", post.author.style.joint.join(parts))
            if post.kind in ("short", "odd") or text.casefold() not in self._seen:
                break
            parts += self._one(talk["advice" if self.rng.random() < 0.5 else "close"], post, scene)
        self._seen.add(text.casefold())
        post.text = text
        post.likes = max(0, int(self.rng.expovariate(0.5) - 1)) if post.kind != "short" else 0

    def _chatter(self, post: DemoPost, thread: DemoThread, place: int) -> None:
        topic = fragments.toml("chatter")["topic"][thread.topic]
        scene = self._scene(post.author, thread)
        if place == 0:
            parts = self._one(self._parsed(topic["openers"]), post, scene)
        else:
            if self.rng.random() < 0.2:
                self._quote(post, thread, place)
            lines = self._parsed(self.rng.sample(topic["replies"], self.rng.choice([1, 1, 2, 3])))
            parts = [self.speaker.say(line, post, scene, good=True) for line in lines]
        post.text = post.author.style.joint.join(parts)
        post.likes = max(0, int(self.rng.expovariate(0.4) - 1))

    def _advert(self, post: DemoPost, thread: DemoThread) -> None:
        """A copied advert: the same words again, with another number, face or greeting."""
        material, rng = fragments.toml("adverts"), self.rng
        name = "adverts" if post.kind == "advert" else "seeding"
        template = rng.choice(material[name])
        brand = rng.choice(["MiniCare", "Sumobi"])
        values = {
            "b": brand,
            "o": self._any_brand(),
            "phone": f"0900 000 {rng.randint(100, 999)}",
            "mail": f"shop{rng.randint(1, 40)}@example.com",
            "code": f"KM{rng.randint(100, 999)}",
            "hello": rng.choice(material["hello"]),
            "emoji": " ".join(rng.choices(material["emoji"], k=rng.randint(1, 3))),
        }
        post.text = template.format(**values)
        post.mentions = [b for b in self._brands if b in post.text]
        key = f"{template}|{brand}"
        first = self._first_seed.setdefault(key, post)
        post.copy_of = first if first is not post else None

    def comment(self, post: DemoPost, brand: str) -> None:
        """Write a fan's comment below a post of ``brand``'s fanpage."""
        thread = DemoThread("ta", "review", post.author.lang, "", brand=brand)
        thread.posts = [post, post]
        self.post(post, thread, 1)

    def later(self, post: DemoPost, thread: DemoThread, place: int) -> None:
        """Write a post that came after the world was made."""
        if thread.kind == "chatter":
            self._chatter(post, thread, place)
        elif thread.kind != "market":
            self.post(post, thread, place)
        else:
            post.kind = "short"
            post.text = voice.roughen("còn hàng không ạ", post.author.style, "vi", self.rng)
