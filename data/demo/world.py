"""The little world of the demonstration: a fictional diaper market, made from a seed, whose truth is known."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from data.demo import fragments, grow, plan, truth
from data.demo.pages import Resource, render
from data.demo.people import Names, Person, draw_people, draw_person
from data.demo.records import DemoPost, DemoThread, FanPost
from data.demo.writing import Writer

#: The sites of the world, each served under its own address.
SITES = ("forum", "own_site", "minicare_site", "sumobi_site", "minicare_fanpage", "sumobi_fanpage")


@dataclass(slots=True)
class World:
    """The whole world in one state; ``generation`` counts how often it has grown."""

    seed: int
    today: date
    people: list[Person]
    threads: list[DemoThread]
    fanposts: list[FanPost]
    prices: dict[str, list[list[Any]]]
    generation: int = 0
    writer: Writer = field(default_factory=lambda: Writer(random.Random(0)), repr=False)  # noqa: S311
    _pages: dict[str, dict[str, Resource]] = field(default_factory=dict, repr=False)

    def posts(self) -> Iterator[DemoPost]:
        """The posts of the forum, thread by thread."""
        for thread in self.threads:
            yield from thread.posts

    def comments(self) -> Iterator[DemoPost]:
        """The comments of the fanpages."""
        for item in self.fanposts:
            yield from item.comments

    def pages(self) -> dict[str, dict[str, Resource]]:
        """Every page: site → path → resource. Addresses of sites stand in the bytes as ``@@site@@``."""
        if not self._pages:
            self._pages = render(self)
        return self._pages

    def truth(self) -> dict[str, Any]:
        """What was planted; see :mod:`data.demo.truth`."""
        return truth.describe(self)

    def grow(self) -> World:
        """A later state: about 1 % new posts, a few edits, one competitor's price changed. This one stays as it is."""
        return grow.grow(self)

    def save(self, folder: Path) -> Path:
        """Write ``world.json`` (what to make it from) and ``truth.json`` into ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        recipe = {"seed": self.seed, "generation": self.generation, "fiction": truth.FICTION}
        (folder / "world.json").write_text(json.dumps(recipe, ensure_ascii=False, indent=1), encoding="utf-8")
        text = json.dumps(self.truth(), ensure_ascii=False, indent=1)
        (folder / "truth.json").write_text(text + "\n", encoding="utf-8")
        return folder


def load(folder: Path) -> World:
    """The world that :meth:`World.save` wrote, made again from its recipe."""
    recipe = json.loads((folder / "world.json").read_text(encoding="utf-8"))
    world = make(int(recipe["seed"]))
    for _ in range(int(recipe["generation"])):
        world = world.grow()
    return world


def make(seed: int | None = None) -> World:
    """The world of ``seed`` (the market file's by default): the same seed makes the same world, byte for byte."""
    market = fragments.toml("market")
    seed = int(market["seed"]) if seed is None else seed
    rng = random.Random(seed)  # noqa: S311 - a repeatable draw, no secret
    names = Names(rng)
    people = draw_people(rng, names)
    accounts = plan.sellers(rng, names)
    threads = plan.plan_forum(rng, people, accounts)
    writer = Writer(rng)
    number(threads, first_thread=11, first_post=101)
    for thread in threads:
        writer.thread(thread)
    _adorn(rng, threads, people)
    fanposts, fans = _fanpages(rng, names, writer)
    everybody = people + accounts + fans
    for user_id, person in enumerate(everybody, start=3):
        person.user_id = user_id
    prices = {key: [list(p) for p in shop["products"]] for key, shop in fragments.toml("shops").items()}
    return World(seed, market["today"], everybody, threads, fanposts, prices, writer=writer)


def number(threads: list[DemoThread], first_thread: int, first_post: int) -> None:
    """Give threads and posts their numbers in the order of time."""
    threads.sort(key=lambda t: t.posts[0].at)
    for thread_id, thread in enumerate(threads, start=first_thread):
        thread.thread_id = thread_id
    posts = sorted((p for t in threads for p in t.posts), key=lambda p: p.at)
    for post_id, post in enumerate(posts, start=first_post):
        post.post_id = post_id


def _adorn(rng: random.Random, threads: list[DemoThread], people: list[Person]) -> None:
    """Views, edits, who likes a post, and a sticky thread on two boards."""
    for thread in threads:
        thread.views = int(len(thread.posts) * rng.uniform(9, 90)) + rng.randint(3, 40)
        for post in thread.posts:
            post.likers = [p.name for p in rng.sample(people, min(3, post.likes))]
            if rng.random() < 0.03:
                post.edited_at = post.at + timedelta(minutes=rng.randint(2, 300))
    for board in ("ta", "expat"):
        oldest = min((t for t in threads if t.board == board), key=lambda t: t.posts[0].at)
        oldest.sticky = True


def _fanpages(rng: random.Random, names: Names, writer: Writer) -> tuple[list[FanPost], list[Person]]:
    market, fanposts, everybody = fragments.toml("market"), list[FanPost](), list[Person]()
    for brand, facts in market["brands"].items():
        page = fragments.toml("fanpage").get(facts["key"])
        if page is None:
            continue
        site = f"{facts['key']}_fanpage"
        fans = [draw_person(rng, names, "vi", brand, site) for _ in range(market["sizes"]["fans"])]
        step = timedelta(days=290 / len(page["posts"]))
        for place, (title, text) in enumerate(page["posts"]):
            at = plan.start_of(market["start"], 9) + step * place + timedelta(minutes=rng.randint(0, 500))
            item = FanPost(1000 + place, brand, at, title, text)
            for number_, fan in enumerate(rng.sample(fans, rng.randint(5, 16))):
                item.comments.append(_comment(rng, writer, fan, item, number_))
            fanposts.append(item)
        unheard = [f for f in fans if not any(c.author is f for i in fanposts for c in i.comments)]
        for fan in unheard:
            item = rng.choice([i for i in fanposts if i.brand == brand])
            item.comments.append(_comment(rng, writer, fan, item, len(item.comments)))
        everybody += fans
    return fanposts, everybody


def _comment(rng: random.Random, writer: Writer, fan: Person, item: FanPost, place: int) -> DemoPost:
    at: datetime = item.at + timedelta(minutes=3 + place * rng.randint(5, 300), seconds=rng.randint(0, 59))
    comment = DemoPost(fan, at, post_id=item.item_id * 100 + place + 1)
    writer.comment(comment, item.brand)
    return comment
