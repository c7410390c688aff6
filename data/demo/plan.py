"""Who writes in which thread, and when: threads with empty posts, before a word is written."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

from data.demo import fragments, voice
from data.demo.people import Names, Person
from data.demo.records import DemoPost, DemoThread

#: The forum's clock.
VIETNAM = timezone(timedelta(hours=7))

#: Of 100 threads in Vietnamese about the market.
_MARKET_MIX = {"review": 26, "trouble": 30, "compare": 12, "advice": 22, "life": 18}
_LONGEST = 124


def start_of(day: date, hour: int = 0) -> datetime:
    return datetime.combine(day, time(hour), VIETNAM).astimezone(UTC)


class Cast:
    """Draws authors: those who have not written yet first, then the busy ones more often (a heavy tail)."""

    def __init__(self, rng: random.Random, crowd: list[Person]) -> None:
        self._rng = rng
        self._pools: dict[tuple[str, str | None], list[Person]] = {}
        self._waiting: dict[tuple[str, str | None], list[Person]] = {}
        for person in crowd:
            for key in ((person.lang, person.brand), (person.lang, "all")):
                self._pools.setdefault(key, []).append(person)
        self._waiting = {key: list(pool) for key, pool in self._pools.items()}
        self._seen: set[int] = set()

    def draw(self, lang: str, brand: str | None, fresh: float) -> Person:
        """An author who uses ``brand`` (``all``: anybody); ``fresh`` is the chance that a newcomer is taken."""
        key = (lang, brand)
        waiting = self._waiting.get(key, [])
        while waiting and id(waiting[-1]) in self._seen:
            waiting.pop()
        if waiting and self._rng.random() < fresh:
            person = waiting.pop()
        else:
            pool = self._pools[key]
            person = max(self._rng.choices(pool, k=4), key=lambda p: p.weight * self._rng.random())
        self._seen.add(id(person))
        return person

    def with_pain(self, lang: str, brand: str, category: str) -> Person | None:
        """Somebody who waits to complain of this."""
        pool = self._pools.get((lang, brand), [])
        able = [p for p in pool if category in p.pains and id(p) not in self._seen]
        able = able or [p for p in pool if category in p.pains]
        if not able:
            return None
        person = self._rng.choice(able)
        self._seen.add(id(person))
        return person

    def never_drawn(self) -> Iterator[Person]:
        for (_, brand), pool in self._pools.items():
            if brand == "all":
                yield from (p for p in pool if id(p) not in self._seen)


def _sizes(rng: random.Random, how_many: int) -> list[int]:
    sizes = [max(1, min(90, int(rng.lognormvariate(1.98, 0.85)))) for _ in range(how_many)]
    return [_LONGEST, 61, 44, *sizes[3:]] if how_many > 60 else [38, *sizes[1:]]


def _times(rng: random.Random, size: int) -> list[datetime]:
    market = fragments.toml("market")
    first: date = market["start"]
    last = start_of(market["today"], 20)
    day = first + timedelta(days=rng.randint(0, (market["today"] - first).days - 1))
    at = start_of(day) + timedelta(minutes=rng.randint(6 * 60, 22 * 60), seconds=rng.randint(0, 59))
    patience = rng.choice([0.3, 2, 9, 30]) * 60
    times = []
    for _ in range(size):
        times.append(min(at, last - timedelta(seconds=rng.randint(0, 3000))))
        at += timedelta(minutes=1 + rng.expovariate(1 / patience), seconds=rng.randint(0, 59))
    return sorted(times)


def _kinds(lang: str) -> dict[str, dict[str, Any]]:
    return {k["name"]: k for k in fragments.toml("threads")["kind"] if k["lang"] == lang}


def _market_thread(rng: random.Random, cast: Cast, lang: str, size: int) -> DemoThread:
    brands: dict[str, Any] = fragments.toml("market")["brands"]
    kinds = _kinds(lang)
    mix = rng.choices(list(_MARKET_MIX), weights=list(_MARKET_MIX.values()))[0]
    brand = rng.choices(list(brands), weights=[b[f"share_{lang}"] for b in brands.values()])[0]
    other = rng.choice([name for name in brands if name != brand])
    opener: Person | None = None
    if mix == "trouble":
        possible = {c: share for c, share in brands[brand]["pains"].items() if f"trouble:{c}" in kinds}
        category = rng.choices(list(possible), weights=list(possible.values()))[0]
        opener = cast.with_pain(lang, brand, category)
        mix = f"trouble:{category}" if opener else "review"
    kind = kinds[mix]
    board = "expat" if lang == "en" else "tamsu" if mix == "life" else "ta"
    title = fragments.resolve_choices(rng.choice(kind["titles"]), rng)
    thread = DemoThread(board, mix, lang, title, brand=brand if kind["brand"] else None, other=other)
    crowd: list[Person] = []
    for place in range(size):
        near = bool(kind["brand"]) and rng.random() < 0.88
        wanted = brand if near else "all"
        if place == 0 and (opener or not kind["brand"]):
            crowd.append(opener or cast.draw(lang, "all", 0.6))
        else:
            crowd.append(cast.draw(lang, wanted, 0.6))
    thread.posts = [DemoPost(p, at, lang=lang) for p, at in zip(crowd, _times(rng, size), strict=True)]
    return thread


def _chatter_thread(rng: random.Random, cast: Cast, lang: str, size: int) -> DemoThread:
    topics = fragments.toml("chatter")["topic"]
    number = rng.choice([i for i, topic in enumerate(topics) if topic["lang"] == lang])
    topic = topics[number]
    thread = DemoThread(topic["board"], "chatter", lang, rng.choice(topic["titles"]), topic=number)
    times = _times(rng, size)
    thread.posts = [DemoPost(cast.draw(lang, "all", 0.0), at, lang=lang, kind="chatter") for at in times]
    return thread


def sellers(rng: random.Random, names: Names) -> list[Person]:
    """Accounts that only advertise."""
    style = voice.Style("em")
    today: date = fragments.toml("market")["today"]
    return [
        Person(names.draw("vi", "female"), "vi", "forum", None, {"gender": "female"}, style, 1.0, role="seller",
               joined=today - timedelta(days=rng.randint(10, 300)))
        for _ in range(22)
    ]  # fmt: skip


def _advert_threads(rng: random.Random, accounts: list[Person], how_many: int) -> list[DemoThread]:
    threads = []
    for _ in range(how_many):
        thread = DemoThread("cho", "market", "vi", rng.choice(fragments.toml("adverts")["titles"]))
        times = _times(rng, rng.randint(1, 4))
        thread.posts = [DemoPost(rng.choice(accounts), at, kind="advert") for at in times]
        threads.append(thread)
    return threads


def _seed(rng: random.Random, accounts: list[Person], threads: list[DemoThread]) -> None:
    """Drop copied praise and adverts into threads about the market."""
    able = [t for t in threads if t.lang == "vi" and t.board == "ta" and len(t.posts) > 3]
    for kind, how_many in (("seeding", 36), ("advert", 14)):
        for _ in range(how_many):
            thread = rng.choice(able)
            at = rng.choice(thread.posts[1:]).at + timedelta(seconds=rng.randint(20, 50))
            thread.posts.append(DemoPost(rng.choice(accounts), at, kind=kind))
            thread.posts.sort(key=lambda p: p.at)


def plan_forum(rng: random.Random, crowd: list[Person], accounts: list[Person]) -> list[DemoThread]:
    """All threads with their authors and times; texts are still empty, ids not given."""
    cast, total = Cast(rng, crowd), fragments.toml("market")["sizes"]["threads"]
    english, adverts, chatter = round(total * 0.12), 18, round(total * 0.27)
    threads = [_market_thread(rng, cast, "vi", size) for size in _sizes(rng, total - english - adverts - chatter)]
    threads += [_chatter_thread(rng, cast, "vi", min(size + 3, 61)) for size in _sizes(rng, chatter)]
    for number, size in enumerate(_sizes(rng, english)):
        make = _chatter_thread if number % 5 == 4 else _market_thread
        threads.append(make(rng, cast, "en", size))
    for person in list(cast.never_drawn()):
        able = [t for t in threads if t.lang == person.lang and t.kind != "chatter" and t.brand in (None, person.brand)]
        thread = rng.choice(able)
        thread.posts.append(
            DemoPost(person, thread.posts[-1].at + timedelta(seconds=rng.randint(40, 4000)), lang=person.lang)
        )
    threads.extend(_advert_threads(rng, accounts, adverts))
    _seed(rng, accounts, threads)
    latest = start_of(fragments.toml("market")["today"], 21)
    for thread in threads:
        for post in thread.posts:
            post.at = min(post.at, latest).replace(microsecond=0)
    return threads
