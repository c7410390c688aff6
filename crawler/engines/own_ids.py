"""A post's own id on an unknown page: the number that names its block, where that is no mere place on the page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from urllib.parse import urldefrag, urlsplit

from crawler.engines.document import Document
from crawler.engines.fields import Fields
from crawler.engines.names import PROFILE
from crawler.engines.plain import one_line
from crawler.engines.reading import digest
from crawler.engines.repeated import Item
from data.records import Post

_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\d+")
_OWN_NUMBER = re.compile(r"(?:^|\D)(\d{1,12})$")
_NO_POST = re.compile(r"user|avatar|member|menu|profile|author", re.I)
_BUTTON_LINK = re.compile(r"report|reply|quote|vote|user|login", re.I)
_POST_LINK = re.compile(r"#(?:p|post|msg|comment|c|reply|answer|entry)[-_]?\d+$|[?&/](?:post|comment|p|pid)[=/]\d+/?$")
_PLACE = re.compile(r"(?:#|no\.|№|post #?|bài (?:số |thứ )?#?)\s?(\d{1,7})", re.I)


def identity_of(doc: Document, item: Item, author: str | None = None) -> tuple[str | None, str | None]:
    """A block's own id and address: by its id, an anchor, or the link that names it. The ``author``'s link leads to a person."""
    marks = []
    for element in list(item.elements())[:40]:
        marks += [element.get("id") or "", element.get("name") or "" if element.tag == "a" else ""]
    before = item.nodes[0].getprevious()
    if before is not None and before.tag == "a":
        marks.insert(0, before.get("name") or before.get("id") or "")
    number = None
    for mark in marks:
        found = _OWN_NUMBER.search(mark) if mark else None
        if found and not _NO_POST.search(mark):
            number = found[1]
            break
    for element in item.elements():
        if element.tag != "a":
            continue
        href = element.get("href") or ""
        if (
            number and number in href and number in _NUMBER.findall(href) and not _BUTTON_LINK.search(href)
        ) or _POST_LINK.search(href):
            url = doc.link(href)
            if not url or urlsplit(url).netloc != urlsplit(doc.url).netloc or PROFILE.search(href):
                continue
            if author and one_line(element).strip("@ :,") == author:
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


def with_own_ids(posts: list[Post], digests: Sequence[str]) -> tuple[Post, ...]:
    """Ids that are not each post's own (the thread's, say) are replaced by ``digests``."""
    seen = Counter(post.post_id for post in posts)
    return tuple(
        replace(post, post_id=own) if seen[post.post_id] > 1 else post for post, own in zip(posts, digests, strict=True)
    )


def digests_of(kept: Sequence[tuple[Item, Fields]]) -> list[str]:
    """An id for each block that has none: of its author, its time, and the number that the page shows for it, which an edit
    leaves as they are; of its words where the page shows no number. A time that is told by how long ago it was is left out."""
    places = _places([item for item, _ in kept])
    seen: Counter[str] = Counter()
    found = []
    for (_, read), place in zip(kept, places, strict=True):
        own = digest(read.author, read.posted_at if read.lasting else None, place or read.body.text)
        seen[own] += 1
        found.append(own if seen[own] == 1 else digest(own, seen[own], ""))
    return found


def _places(items: Sequence[Item]) -> list[str | None]:
    """The numbers that the page shows for its posts («#3», «Bài số 3»), where it counts them all."""
    shown: list[str | None] = []
    for item in items:
        found = None
        for element in item.elements():
            text = element.text
            if text and not len(element) and 1 < len(one := " ".join(text.split())) < 16 and _DIGIT.search(one):
                found = _PLACE.fullmatch(one)
                if found:
                    break
        shown.append(found[1] if found else None)
    told = [int(number) for number in shown if number]
    if len(told) < len(items) or len(set(told)) < len(told) or told not in (sorted(told), sorted(told, reverse=True)):
        return [None] * len(items)
    return [f"#{number}" for number in told]
