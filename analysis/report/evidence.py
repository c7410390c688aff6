"""From the posts behind a number to quotes that may be shown: shortened, masked, with date and permalink."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from analysis.report.model import Estimate, Evidence, Quote, Seen
from analysis.values import grouped, meets
from data.privacy import mask
from data.store import Store

LONGEST = 200
_CODES = 4
_CHUNK = 500
_UNSEEN = re.compile("[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
#: Whether a coded passage (attribute or "pain", value or category, group) is what a number counts.
Wanted = Callable[[str, str, str | None], bool]


def safe_url(url: object) -> str | None:
    """The address if it is http or https and whole, else ``None``: what comes from the web may say ``javascript:``."""
    text = str(url or "").strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.netloc and len(text) <= 2000 else None


def plain(text: str) -> str:
    """One masked line without characters that turn, hide or control what stands around them."""
    return " ".join(_UNSEEN.sub("", mask(text)).split())


def excerpt(text: str, quote: str, longest: int = LONGEST) -> tuple[str, str, str]:
    """``text`` masked and cut to ``longest`` characters around ``quote``: what stands before, the quote, what follows."""
    whole, hit = plain(text), plain(quote)[:longest]
    place = whole.find(hit) if hit else 0
    if place < 0:
        place, hit = 0, ""
    room = max(longest - len(hit), 0)
    start = max(0, min(place - room // 2, len(whole) - longest))
    end = min(len(whole), max(start + longest, place + len(hit)))
    before, after = whole[start:place], whole[place + len(hit) : end]
    if start:
        before = "…" + (before.split(" ", 1)[-1] if " " in before else before)
    if end < len(whole):
        after = (after.rsplit(" ", 1)[0] if " " in after else after) + "…"
    return before, hit, after


def wants_value(attribute: str, value: str) -> Wanted:
    """Passages that tell this value of an attribute."""
    return lambda a, v, group: a == attribute and any(code == value for code, _ in grouped(a, v, group))


def wants_pain(category: str) -> Wanted:
    """Passages that state a pain of this category."""
    return lambda a, v, _group: a == "pain" and v == category


def wants_met(attribute: str, expected: Sequence[str], met: bool) -> Wanted:
    """Passages that meet an expectation, or that do not."""

    def wanted(a: str, v: str, group: str | None) -> bool:
        weight = meets(a, expected, v, group) if a == attribute else None
        return weight is not None and (weight >= 0.5) is met

    return wanted


@dataclass
class _Post:
    text: str
    url: str | None
    posted_at: str | None
    source: str
    passages: list[tuple[str, str, str | None, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Asked:
    block: Evidence
    posts: tuple[int, ...]
    wanted: Wanted


@dataclass
class Book:
    """Collects what is to be shown as evidence; ``read`` fetches all posts at once."""

    _asked: list[_Asked] = field(default_factory=list)

    def add(
        self,
        brand: str,
        subject: tuple[str, str],
        people: Estimate | None,
        posts: Iterable[int],
        wanted: Wanted,
        query: tuple[str, Mapping[str, str]],
        *,
        side: str | None = None,
        seen: Seen | None = None,
    ) -> str | None:
        """Note a number's posts; returns the key under which they will be found, ``None`` where there is nothing to show.

        What may not be told (``people`` is ``None``) has no evidence either; where only a bound may be told, the numbers of
        posts and sources are left out, which would be one too.
        """
        ids = tuple(posts)
        if not ids or people is None or not people.count:
            return None
        key = f"e{len(self._asked) + 1}"
        asked = (query[0], tuple((name, value) for name, value in query[1].items() if value))
        about = None if people.at_least else seen
        self._asked.append(_Asked(Evidence(key, brand, subject, people, (), asked, side, about), ids, wanted))
        return key

    def read(self, store: Store) -> tuple[Evidence, ...]:
        """The quotes of everything noted. Posts whose text the study's retention has removed are left out."""
        posts = _posts(store, sorted({post for asked in self._asked for post in asked.posts}))
        return tuple(
            replace(asked.block, quotes=tuple(_quotes(posts, asked.posts, asked.wanted))) for asked in self._asked
        )


def quotes_of(store: Store, ids: Iterable[int], wanted: Wanted = lambda *_: True) -> list[Quote]:
    """Masked quotes of posts by their numbers in the store, in order; what is ``wanted`` of them is marked."""
    kept = list(ids)
    return list(_quotes(_posts(store, sorted(set(kept))), kept, wanted))


def _quotes(posts: Mapping[int, _Post], ids: Iterable[int], wanted: Wanted) -> Iterable[Quote]:
    for post in (posts[i] for i in ids if i in posts):
        hits = [p for p in post.passages if wanted(p[0], p[1], p[2])]
        others = [p for p in post.passages if p not in hits]
        codes = dict.fromkeys((p[0], p[2] if p[0] == "occupation" and p[2] else p[1]) for p in [*hits, *others])
        before, hit, after = excerpt(post.text, hits[0][3] if hits else "")
        yield Quote(before, hit, after, post.source, post.posted_at, safe_url(post.url), tuple(codes)[:_CODES])


def _posts(store: Store, ids: Sequence[int]) -> dict[int, _Post]:
    found: dict[int, _Post] = {}
    for row in _rows(
        store,
        "select p.id, p.text, coalesce(p.url, t.url) as url, p.posted_at, s.url as source from posts p "
        "join threads t using (thread_id) join sources s on s.source_id = p.source_id where p.text <> '' and p.id in",
        ids,
    ):
        host = urlsplit(row["source"]).netloc or row["source"]
        found[row["id"]] = _Post(row["text"], row["url"], row["posted_at"], host)
    passages: dict[int, list[tuple[str, str, str | None, str]]] = defaultdict(list)
    for row in _rows(store, "select post, category, quote from pains where post in", ids):
        passages[row["post"]].append(("pain", row["category"], None, row["quote"]))
    for row in _rows(
        store,
        "select post, attribute, value, \"group\", quote from cues where who in ('self', 'family', 'child') and post in",
        ids,
    ):
        passages[row["post"]].append((row["attribute"], row["value"], row["group"], row["quote"]))
    for key, post in found.items():
        post.passages = passages[key]
    return found


def _rows(store: Store, select: str, ids: Sequence[int]) -> Iterable[dict[str, Any]]:
    for start in range(0, len(ids), _CHUNK):
        part = ids[start : start + _CHUNK]
        yield from store.query(f"{select} ({','.join('?' * len(part))})", part)
