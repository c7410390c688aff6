"""RSS and Atom as threads: an entry is a thread's first post, its comments are the posts that follow."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import struct_time
from typing import Any

import feedparser
from lxml import html

from crawler.engines.document import Document
from crawler.engines.reading import digest
from crawler.engines.text import Body, one_line, read_body, tidy
from data.errors import UnreadablePageError
from data.records import Post, Thread

_MOST_ENTRIES = 2_000
_LONGEST = 2_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its thread with the first post alone, and where its comments stand.

    ``comments`` is how many there are, ``None`` where the feed does not say; ``replies_url`` is their own feed.
    """

    thread: Thread
    comments: int | None
    replies_url: str | None


@dataclass(frozen=True, slots=True)
class Feed:
    """A page of a feed. ``next_url`` leads to its older entries (RFC 5005)."""

    title: str
    entries: tuple[Entry, ...]
    next_url: str | None


def read_feed(doc: Document) -> Feed:
    """Read a feed. Raises ``UnreadablePageError`` where the page is none, or is broken before its first entry."""
    # A file object: given bytes or text, the library would also try them as a file's name or an address.
    headers = {"content-type": doc.page.content_type or "application/xml", "content-location": doc.url}
    parsed = feedparser.parse(io.BytesIO(doc.page.body), response_headers=headers, sanitize_html=False)
    if not parsed.version and not parsed.entries:
        raise UnreadablePageError("no_feed", url=doc.url)
    if parsed.bozo and not parsed.entries and not parsed.feed:
        raise UnreadablePageError("no_feed", url=doc.url)
    entries = tuple(entry for one in parsed.entries[:_MOST_ENTRIES] if (entry := _entry(doc, one)) is not None)
    return Feed(_plain(parsed.feed.get("title")), entries, _next(doc, parsed.feed))


def comments_of(doc: Document, thread: Thread) -> tuple[Thread, str | None]:
    """The comments of an entry from their own feed, as the thread's further posts, and the feed's next page."""
    feed = read_feed(doc)
    posts = tuple(entry.thread.posts[0] for entry in feed.entries)
    in_order = tuple(sorted(posts, key=lambda post: post.posted_at or datetime.min.replace(tzinfo=UTC)))
    return replace(thread, posts=in_order, page=2, next_url=None), feed.next_url


def _entry(doc: Document, entry: Any) -> Entry | None:
    url = doc.link(entry.get("link"))
    key = str(entry.get("id") or url or "")
    body = _body(entry)
    title = _plain(entry.get("title"))
    if not key or not (body.text or title):
        return None
    author = _plain(entry.get("author"))[:200] or None
    posted, edited = _moment(entry.get("published_parsed")), _moment(entry.get("updated_parsed"))
    post = Post(
        post_id=digest(None, None, key),
        text=body.text or title,
        author=author,
        posted_at=posted or edited,
        quoted=body.quoted,
        reply_to=_answers(entry),
        url=url,
        edited_at=edited if posted and edited and edited > posted else None,
    )
    said = entry.get("slash_comments") or entry.get("thr_total")
    comments = int(said) if said and str(said).isdigit() and len(str(said)) < 9 else None
    thread = Thread(
        thread_id=post.post_id,
        url=url or doc.url,
        engine="feed",
        title=title or body.text[:80],
        posts=(post,),
        replies=comments,
        tags=tuple(_plain(tag.get("term")) for tag in entry.get("tags") or () if tag.get("term"))[:30],
    )
    return Entry(thread, comments, _replies(doc, entry))


def _body(entry: Any) -> Body:
    contents = [one.get("value") or "" for one in entry.get("content") or ()] or [entry.get("summary") or ""]
    source = max(contents, key=len)[:_LONGEST]
    if "<" not in source and "&" not in source:
        return Body(tidy(source))
    try:
        return read_body(html.fromstring(f"<div>{source}</div>"))
    except (ValueError, html.etree.ParserError):
        return Body(tidy(source))


def _plain(value: object) -> str:
    source = str(value or "")[:2_000]
    if "<" not in source and "&" not in source:
        return " ".join(source.split())
    try:
        return one_line(html.fromstring(f"<div>{source}</div>"))
    except (ValueError, html.etree.ParserError):
        return " ".join(source.split())


def _answers(entry: Any) -> str | None:
    reference = entry.get("thr_in-reply-to") or entry.get("in-reply-to")
    said = reference.get("ref") if isinstance(reference, dict) else None
    return digest(None, None, str(said)) if said else None


def _links(entry: Any) -> Iterator[Any]:
    yield from (link for link in entry.get("links") or () if isinstance(link, dict))


def _replies(doc: Document, entry: Any) -> str | None:
    for name in ("wfw_commentrss", "wfw_commentRss"):
        if entry.get(name):
            return doc.link(str(entry[name]))
    for link in _links(entry):
        if link.get("rel") == "replies" and "xml" in (link.get("type") or ""):
            return doc.link(link.get("href"))
    return None


def _next(doc: Document, feed: Any) -> str | None:
    return next((doc.link(link.get("href")) for link in _links(feed) if link.get("rel") == "next"), None)


def _moment(value: struct_time | None) -> datetime | None:
    if value is None:
        return None
    try:
        return datetime(*value[:6], tzinfo=UTC)
    except (ValueError, TypeError):
        return None
