"""A post's own id on an unknown page: the number that names its block, where that is no mere place on the page."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from urllib.parse import urldefrag, urlsplit

from crawler.engines.document import Document
from crawler.engines.names import PROFILE
from crawler.engines.reading import digest
from crawler.engines.repeated import Item
from data.records import Post


def identity_of(doc: Document, item: Item) -> tuple[str | None, str | None]:
    """A block's own id and address: by its id, an anchor, or the link that names it."""
    marks = []
    for element in list(item.elements())[:40]:
        marks += [element.get("id") or "", element.get("name") or "" if element.tag == "a" else ""]
    before = item.nodes[0].getprevious()
    if before is not None and before.tag == "a":
        marks.insert(0, before.get("name") or before.get("id") or "")
    number = None
    for mark in marks:
        found = re.search(r"(?:^|\D)(\d{1,12})$", mark)
        if found and not re.search(r"user|avatar|member|menu|profile|author", mark, re.I):
            number = found[1]
            break
    for element in item.elements():
        if element.tag != "a":
            continue
        href = element.get("href") or ""
        if (
            number
            and re.search(rf"(?<!\d){number}(?!\d)", href)
            and not re.search(r"report|reply|quote|vote|user|login", href, re.I)
        ) or re.search(
            r"#(?:p|post|msg|comment|c|reply|answer|entry)[-_]?\d+$|[?&/](?:post|comment|p|pid)[=/]\d+/?$", href
        ):
            url = doc.link(href)
            if not url or urlsplit(url).netloc != urlsplit(doc.url).netloc or PROFILE.search(href):
                continue
            found = re.search(r"(\d+)\D*$", href)
            return number or (found[1] if found else None), url
    return number, f"{urldefrag(doc.url)[0]}#{_mark(item, number)}" if number and _mark(item, number) else None


def _mark(item: Item, number: str) -> str | None:
    return next(
        (
            mark
            for element in item.elements()
            if (mark := element.get("id") or element.get("name")) and mark.endswith(number)
        ),
        None,
    )


def without_places(posts: tuple[Post, ...]) -> tuple[Post, ...]:
    """The posts of a later page of a thread, known by digests where their numbers only tell their places on it: a page
    that counts on from the one before names posts, one that begins anew names none."""
    numbers = [post.post_id if post.post_id.isdecimal() else None for post in posts]
    if not _are_places(numbers):
        return posts
    own = {post.post_id: digest(post.author, post.posted_at, post.text) for post in posts}
    return tuple(
        [
            replace(post, post_id=own[post.post_id], reply_to=own.get(post.reply_to or "", post.reply_to))
            for post in posts
        ]
    )


def _are_places(numbers: list[str | None]) -> bool:
    """Whether numbers rise from the beginning, one or two at a time."""
    told = [int(number) for number in numbers if number]
    rising = all(one < two for one, two in pairwise(told))
    return bool(told) and rising and told[0] <= 3 and told[-1] <= 2 * len(numbers) + 1


def with_own_ids(posts: list[Post]) -> tuple[Post, ...]:
    """Ids that are not each post's own (the thread's, say) are replaced by digests."""
    seen = Counter(post.post_id for post in posts)
    return tuple(
        replace(post, post_id=digest(post.author, post.posted_at, post.text)) if seen[post.post_id] > 1 else post
        for post in posts
    )
