"""An invented market that moves: posts of known dates, in which pains rise, jump, fall or stay as they were planted."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from data.records import Post, Thread
from data.store import Store, WriteBatch
from tests.analysis.world import Person, World, _reading, _told, letters

BOARD = "https://dien-dan.example/f/me-va-be/"


@dataclass(frozen=True)
class Said:
    """One post: who wrote it when, about which brand, and what it tells."""

    author: str
    at: datetime | None
    brand: str | None
    tells: Sequence[tuple[str, str, str | None]] = ()
    hurts: Sequence[tuple[str, str]] = ()


def write(world: World, store: Store, said: Iterable[Said], *, version: str = "planted", thread: str = "t") -> None:
    """Write posts and what they tell."""
    posts, readings = [], {}
    for number, one in enumerate(said):
        person = Person(
            one.author, one.brand, one.tells, one.hurts, words=f"Mình là {one.author}, kể {thread} {letters(number)}."
        )
        text, cues, pains = _told(person, 0)
        posts.append(Post(f"{thread}{number}", text, one.author, one.at))
        readings[text] = (cues, pains, one.brand)
    for start in range(0, len(posts), 500):
        url = f"https://dien-dan.example/t/{thread}{start}"
        page = Thread(f"{thread}{start}", url, "generic", "Hỏi các mẹ", tuple(posts[start : start + 500]))
        store.write(WriteBatch(threads=[(store.source_id(BOARD), page)]))
    run = store.begin_run("read", {"text": version})
    for batch in store.posts_to_read(version):
        store.save_annotations(
            run, version, [_reading(post, *readings.get(post.text, ((), (), None))) for post in batch]
        )
    store.end_run(run, "done")


Chance = Callable[[float], float]


def months(
    brand: str,
    count: int,
    people: int,
    pains: Mapping[str, Chance],
    *,
    last: datetime,
    seed: int = 1,
    tells: Mapping[str, Chance] | None = None,
) -> list[Said]:
    """``people`` new authors in each of ``count`` months up to the one of ``last``; the chance of a pain goes by time, 0 to 1.

    ``tells`` are chances of being female, told by everybody. Posts stand on every day of the first and the last month.
    """
    rng = random.Random(f"{brand} {seed}")
    found = []
    for month in range(count):
        back = count - 1 - month
        year, number = divmod(last.year * 12 + last.month - 1 - back, 12)
        first = datetime(year, number + 1, 1, 5, tzinfo=UTC)
        following = datetime(year + (number == 11), (number + 1) % 12 + 1, 1, 5, tzinfo=UTC)
        days = (following - first).days
        time = month / max(count - 1, 1)
        for person in range(people):
            hurts = [("complaint", category) for category, chance in pains.items() if rng.random() < chance(time)]
            told = [
                ("gender", "female" if rng.random() < chance(time) else "male", None)
                for chance in (tells or {}).values()
            ]
            at = first + timedelta(days=person % days, minutes=rng.randrange(600))
            found.append(Said(f"{brand} {letters(month)} x {letters(person)}", at, brand, told, hurts))
    return found
