"""The planted truth of the little world, as one JSON-able value.

``brands[name]``
    ``role``; ``planted``: ``users`` (authors who use it), ``tells`` (chance that an attribute is told at all),
    ``attributes`` (share of users by value: the population), ``pains`` (chance that a user states a pain of a category);
    ``realised``: what really stands in the texts, once for the authors who use the brand (``by_relation``) and once for
    all customers who speak of it (``by_mention``): who name it in their own words, comment on its fanpage, or blame it.
    Each with ``authors``, ``attributes`` (attribute → ``told`` and ``values``, in distinct authors; ages also as
    ``age_25_34``, places also as ``location_big_two``), and ``pains`` (category → distinct authors who blame this brand
    for it).
``authors``
    ``name``, ``site``, ``lang``, ``role`` (customer or seller), ``brand`` (used; null: undecided), ``speaks_of`` (brands),
    ``profile`` (all that was drawn, told or not), ``said`` (attribute → value → ids of the posts that tell it; only their
    own, and their child's age), ``pains`` (brand → category → post ids), ``posts`` (ids).
``posts``
    ``id``, ``site``, ``thread``, ``page``, ``path``, ``author``, ``at`` (ISO 8601 UTC), ``edited_at``, ``lang``, ``kind``,
    ``text`` (own words), ``quoted``, ``reply_to``, ``signature``, ``likes``, ``mentions`` (brands in the own words),
    ``copy_of``, ``cues`` and ``pains`` (each with the sentence that carries it as ``quote``), ``fair`` (categories of pain
    that the codebook leaves open: whoever reads one there is right, and whoever does not is right too).
``threads``
    ``id``, ``title``, ``url``, ``board``, ``kind``, ``lang``, ``brand``, ``sticky``, ``views``, ``replies``, ``posts``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from data.demo import fragments
from data.demo.feeds import comment_id
from data.demo.pages import page_of, thread_url
from data.demo.people import Person
from data.demo.records import DemoPost

if TYPE_CHECKING:
    from data.demo.world import World

FICTION = "Thế giới hư cấu để trình diễn Chandung / A fictional world made for Chandung's demonstration"
_BIG_TWO = ("Hà Nội", "Hồ Chí Minh")
#: Shares of the market file that stand for an attribute of the codebook.
_POPULATION = {"gender": "gender", "price": "price_sensitivity", "marital": "marital_status", "children": "children"}


def describe(world: World) -> dict[str, Any]:
    """All that was planted into ``world``."""
    posts = [*_forum_posts(world), *_comments(world)]
    by_author = _by_author(world, posts)
    market = fragments.toml("market")
    brands = {name: _brand(name, facts, market, by_author) for name, facts in market["brands"].items()}
    return {
        "fiction": FICTION,
        "seed": world.seed,
        "generation": world.generation,
        "today": world.today.isoformat(),
        "counts": _counts(world, posts),
        "brands": brands,
        "authors": by_author,
        "threads": _threads(world),
        "posts": [row for _, row in posts],
    }


def _when(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None


def _row(post: DemoPost, post_id: str, site: str, path: str, **more: Any) -> dict[str, Any]:
    return {
        "id": post_id,
        "site": site,
        "path": path,
        **more,
        "author": post.author.name,
        "at": _when(post.at),
        "edited_at": _when(post.edited_at),
        "lang": post.lang,
        "kind": post.kind,
        "text": post.text,
        "quoted": post.quoted,
        "reply_to": str(post.quotes.post_id) if post.quotes else None,
        "signature": post.author.signature if site == "forum" else None,
        "likes": post.likes,
        "mentions": post.mentions,
        "copy_of": str(post.copy_of.post_id) if post.copy_of else None,
        "cues": [asdict(c) for c in post.cues],
        "pains": [asdict(p) for p in post.pains],
        "fair": post.fair,
    }


def _forum_posts(world: World) -> Iterator[tuple[DemoPost, dict[str, Any]]]:
    for thread in world.threads:
        url = thread_url(thread)
        for place, post in enumerate(thread.posts):
            page = page_of(place)
            path = url if page == 1 else f"{url}page-{page}"
            yield post, _row(post, str(post.post_id), "forum", path, thread=thread.thread_id, page=page)


def _comments(world: World) -> Iterator[tuple[DemoPost, dict[str, Any]]]:
    keys = {name: facts["key"] for name, facts in fragments.toml("market")["brands"].items()}
    for item in world.fanposts:
        key = keys[item.brand]
        for comment in item.comments:
            path = f"/bai/{item.item_id}/binh-luan.xml"
            yield comment, _row(comment, comment_id(key, comment), f"{key}_fanpage", path, thread=item.item_id, page=1)


def _by_author(world: World, posts: Iterable[tuple[DemoPost, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Each person who wrote, with what they said."""
    rows: dict[int, dict[str, Any]] = {}
    for post, row in posts:
        author = rows.setdefault(id(post.author), _author(post.author))
        author["posts"].append(row["id"])
        author["speaks_of"] = sorted({*author["speaks_of"], *_spoken_of(post, row)})
        for cue in post.cues:
            if cue.who == "self" or cue.attribute == "child_age":
                author["said"].setdefault(cue.attribute, {}).setdefault(cue.value, []).append(row["id"])
        for pain in post.pains:
            author["pains"].setdefault(pain.target or "", {}).setdefault(pain.category, []).append(row["id"])
    return [rows[id(p)] for p in world.people if id(p) in rows]


def _spoken_of(post: DemoPost, row: dict[str, Any]) -> set[str]:
    """The brands that a post speaks of: named, blamed, or owner of the page it stands on. Adverts are nobody's opinion."""
    if post.kind in ("advert", "seeding"):
        return set()
    brands = fragments.toml("market")["brands"].items()
    hosts = {name for name, facts in brands if row["site"] == f"{facts['key']}_fanpage"}
    return hosts | set(post.mentions) | {pain.target for pain in post.pains if pain.target}


def _author(person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "site": person.site,
        "lang": person.lang,
        "role": person.role,
        "brand": person.brand,
        "speaks_of": [],
        "profile": {k: v for k, v in person.profile.items() if k != "area"},
        "said": {},
        "pains": {},
        "posts": [],
    }


def _brand(name: str, facts: dict[str, Any], market: dict[str, Any], authors: list[dict[str, Any]]) -> dict[str, Any]:
    audience = market["audience"][facts["key"]]
    users = [a for a in authors if a["brand"] == name]
    naming = [a for a in authors if name in a["speaks_of"] and a["role"] == "customer"]
    young = sum(share for ages, share in audience["age"].items() if ages in ("25-29", "30-34"))
    attributes = {attribute: audience[key] for key, attribute in _POPULATION.items()}
    attributes |= {"age_25_34": round(young, 4), "location_big_two": audience["urban"]}
    return {
        "role": facts["role"],
        "aliases": facts["aliases"],
        "planted": {"users": len(users), "tells": market["tells"], "attributes": attributes, "pains": facts["pains"]},
        "realised": {"by_relation": _realised(name, users), "by_mention": _realised(name, naming)},
    }


def _realised(brand: str, authors: list[dict[str, Any]]) -> dict[str, Any]:
    """What the texts of ``authors`` tell, in distinct authors."""
    attributes: dict[str, Any] = {}
    pains: dict[str, int] = {}
    for author in authors:
        for attribute, values in author["said"].items():
            found = attributes.setdefault(attribute, {"told": 0, "values": {}})
            found["told"] += 1
            for value in values:
                found["values"][value] = found["values"].get(value, 0) + 1
        for category in author["pains"].get(brand, {}):
            pains[category] = pains.get(category, 0) + 1
    told_age = [a for a in authors if "age" in a["said"]]
    told_place = [a for a in authors if "location" in a["said"]]
    attributes["age_25_34"] = {
        "told": len(told_age),
        "yes": sum(25 <= int(a["profile"]["age"]) <= 34 for a in told_age),
    }
    big = sum(a["profile"]["location"] in _BIG_TWO for a in told_place)
    attributes["location_big_two"] = {"told": len(told_place), "yes": big}
    return {
        "authors": len(authors),
        "attributes": attributes,
        "pains": dict(sorted(pains.items(), key=lambda x: -x[1])),
    }


def _threads(world: World) -> list[dict[str, Any]]:
    return [
        {
            "id": t.thread_id,
            "title": t.title,
            "url": thread_url(t),
            "board": t.board,
            "kind": t.kind,
            "lang": t.lang,
            "brand": t.brand,
            "sticky": t.sticky,
            "views": t.views,
            "replies": len(t.posts) - 1,
            "posts": [p.post_id for p in t.posts],
        }
        for t in world.threads
    ]


def _counts(world: World, posts: list[tuple[DemoPost, dict[str, Any]]]) -> dict[str, int]:
    forum = list(world.posts())
    return {
        "threads": len(world.threads),
        "forum_posts": len(forum),
        "english_posts": sum(p.lang == "en" for p in forum),
        "chatter_posts": sum(p.kind == "chatter" for p in forum),
        "quoting_posts": sum(p.quotes is not None for p in forum),
        "copied_posts": sum(p.copy_of is not None for p in forum),
        "forum_authors": len({id(p.author) for p in forum}),
        "comments": len(posts) - len(forum),
        "pains": sum(len(p.pains) for p, _ in posts),
        "cues": sum(len(p.cues) for p, _ in posts),
    }
