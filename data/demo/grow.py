"""A later state of the world: new posts, edited posts, a changed price. For a crawl that comes again."""

from __future__ import annotations

import copy
import random
from datetime import timedelta
from typing import TYPE_CHECKING

from data.demo.plan import start_of
from data.demo.records import DemoPost, DemoThread

if TYPE_CHECKING:
    from data.demo.world import World

NEW_SHARE = 0.01
EDITS = 6


def grow(world: World) -> World:
    """The next state of ``world``, which itself stays untouched: deterministic for a seed and a generation."""
    rng = random.Random(f"{world.seed}:{world.generation + 1}")  # noqa: S311 - a repeatable draw, no secret
    world.pages()  # rendered once, before the copy, so that both share what did not change
    later = copy.deepcopy(world)
    later._pages = {}
    later.generation += 1
    later.today = world.today + timedelta(days=1)
    later.writer.rng = later.writer.speaker.rng = later.writer.speaker.picker.rng = rng
    posts = list(later.posts())
    next_id = max(p.post_id for p in posts) + 1
    crowd = [p for p in later.people if p.site == "forum" and p.role == "customer"]
    at, moved = start_of(world.today, 22), list[DemoThread]()
    for _ in range(round(len(posts) * NEW_SHARE)):
        at += timedelta(minutes=rng.randint(4, 25), seconds=rng.randint(0, 59))
        thread = rng.choice([t for t in later.threads if t.kind != "market"])
        moved.append(thread)
        author = rng.choice([p for p in crowd if p.lang == thread.lang])
        post = DemoPost(
            author, at, post_id=next_id, lang=thread.lang, kind="chatter" if thread.kind == "chatter" else "talk"
        )
        next_id += 1
        later.writer.later(post, thread, len(thread.posts))
        post.likes = 0
        thread.posts.append(post)
        thread.views += rng.randint(1, 30)
    _edit(rng, later, posts, moved)
    _new_thread(rng, later, next_id)
    dearer = later.prices["minicare"][0]
    dearer[1] = int(dearer[1]) + 20_000
    return later


def _edit(rng: random.Random, later: World, posts: list[DemoPost], moved: list[DemoThread]) -> None:
    """A few authors add a line to what they wrote: most where the talk went on, two where nothing else changed."""
    able = [
        p for p in posts if p.kind == "talk" and p.edited_at is None and p.lang == "vi" and p.author.role == "customer"
    ]
    went_on = {p.post_id for t in moved for p in t.posts}
    near = [p for p in able if p.post_id in went_on]
    still = [p for p in able if p.post_id not in went_on]
    for post in rng.sample(near, EDITS - 2) + rng.sample(still, 2):
        post.edited_at = start_of(later.today, 0) + timedelta(minutes=rng.randint(1, 500))
        line = "Cập nhật: cảm ơn mọi người góp ý ạ"
        post.text += f"\n{line}"


def _new_thread(rng: random.Random, later: World, post_id: int) -> None:
    old = [t for t in later.threads if t.kind == "advice" and t.lang == "vi"]
    author = rng.choice([p for p in later.people if p.lang == "vi" and p.site == "forum" and p.role == "customer"])
    at = start_of(later.today, 21)
    thread = DemoThread(
        "ta", "advice", "vi", rng.choice(old).title, thread_id=max(t.thread_id for t in later.threads) + 1
    )
    post = DemoPost(author, at, post_id=post_id)
    thread.posts.append(post)
    later.writer.later(post, thread, 0)
    post.likes = 0
    thread.views = 1
    later.threads.append(thread)
