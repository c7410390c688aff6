"""RSS, Atom and JSON Feed as threads: an entry is a thread's first post, its comments are the posts that follow."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import struct_time
from typing import Any
from urllib.parse import parse_qsl, urldefrag, urlencode, urlsplit, urlunsplit

import feedparser
from lxml import html

from crawler.engines.document import Document
from crawler.engines.reading import digest
from crawler.engines.text import Body, one_line, read_body, tidy
from crawler.feeds_json import as_entries, is_json_feed
from crawler.feeds_wordpress import as_entries as wordpress_entries
from crawler.feeds_wordpress import is_wordpress_rest
from data.errors import UnreadablePageError
from data.records import Post, Thread

_MOST_ENTRIES = 2_000
_LONGEST = 2_000_000
_WORDPRESS = re.compile(r"wordpress", re.I)
_COMMENT = re.compile(r"#comment-\d{1,12}$")
#: What WordPress writes before a comment that answers another: a link to that one among a few words, in the blog's language.
_ANSWERING = re.compile(
    r"\s*(?:<p>)?[^<>]{1,40}<a [^<>]{0,40}href=[\"'][^\"'<>]{1,2000}#comment-(\d{1,12})[\"'][^<>]{0,200}>[^<>]{1,300}</a>"
    r"[^<>\w]{0,5}(?:</p>|<br ?/?>|\n)"
)
#: How WordPress shows another blog's page that links here: cut out of its midst.
_PINGBACK = re.compile(r"\[(?:…|\.\.\.)\].*\[(?:…|\.\.\.)\]", re.S)
_COMMENT_ON = re.compile(
    r"(?:Comments? on|Bình luận (?:về|cho|trên|của)) (?P<what>.{1,300}) (?:by|bởi) (?P<who>.{1,200})"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its thread with the first post alone, and where its comments stand.

    ``comments`` is how many there are, ``None`` where the feed does not say; ``replies_url`` is their own feed.
    ``comment_on`` is the id of the thread that the entry is a comment of, where its own id says so.
    """

    thread: Thread
    comments: int | None
    replies_url: str | None
    comment_on: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A page of a feed. ``next_url`` leads to its older entries (RFC 5005); ``guessed`` where the feed itself names none: a
    blog of WordPress keeps them at ``?paged=2`` and on, until an answer says that there is no such page."""

    title: str
    entries: tuple[Entry, ...]
    next_url: str | None
    guessed: bool = False


def read_feed(doc: Document) -> Feed:
    """Read a feed. Raises ``UnreadablePageError`` where the page is none, or is broken before its first entry."""
    if is_json_feed(doc):
        return _feed(doc, *as_entries(doc.json))
    if is_wordpress_rest(doc):
        return replace(_feed(doc, *wordpress_entries(doc)), guessed=True)
    # A file object: given bytes or text, the library would also try them as a file's name or an address.
    headers = {"content-type": doc.page.content_type or "application/xml", "content-location": doc.url}
    parsed = feedparser.parse(io.BytesIO(doc.page.body), response_headers=headers, sanitize_html=False)
    if not parsed.version and not parsed.entries:
        raise UnreadablePageError("no_feed", url=doc.url)
    if parsed.bozo and not parsed.entries and not parsed.feed:
        raise UnreadablePageError("no_feed", url=doc.url)
    return _feed(doc, parsed.feed, parsed.entries)


def _feed(doc: Document, head: Any, items: Sequence[Any]) -> Feed:
    entries = tuple(entry for one in items[:_MOST_ENTRIES] if (entry := _entry(doc, one)) is not None)
    following = _next(doc, head)
    guessed = following is None and entries and all(entry.comment_on is None for entry in entries)
    older = _older_in_wordpress(doc, head) if guessed else None
    return Feed(_plain(head.get("title")), entries, following or older, older is not None)


def discussions(feed: Feed) -> Feed:
    """The same feed, or of a feed of all comments of a blog the threads that they belong to: one entry each."""
    if not feed.entries or any(entry.comment_on is None for entry in feed.entries):
        return feed
    by_thread: dict[str, list[Entry]] = {}
    for entry in feed.entries:
        by_thread.setdefault(entry.comment_on or "", []).append(entry)
    return replace(feed, entries=tuple(_discussion(key, entries) for key, entries in by_thread.items()))


def _discussion(key: str, entries: list[Entry]) -> Entry:
    thread = entries[0].thread
    named = _COMMENT_ON.fullmatch(thread.title)
    posts = _in_order(entry.thread.posts[0] for entry in entries)
    title = named["what"] if named else thread.title
    return Entry(replace(thread, thread_id=key, url=urldefrag(thread.url)[0], title=title, posts=posts), None, None)


def _in_order(posts: Iterable[Post]) -> tuple[Post, ...]:
    return tuple(sorted(posts, key=lambda post: post.posted_at or datetime.min.replace(tzinfo=UTC)))


def comments_of(doc: Document, thread: Thread) -> tuple[Thread, str | None]:
    """The comments of an entry from their own feed, as the thread's further posts, and the feed's next page."""
    feed = read_feed(doc)
    in_order = _in_order(entry.thread.posts[0] for entry in feed.entries)
    # Where a blog's feed of comments has older ones at ``?paged=2``, that is its articles' and says nothing of these.
    following = feed.next_url if not feed.guessed or is_wordpress_rest(doc) else None
    return replace(thread, posts=in_order, page=2, next_url=None), following


def _entry(doc: Document, entry: Any) -> Entry | None:
    url = doc.link(entry.get("link"))
    key = str(entry.get("id") or url or "")
    source = _source(entry)
    is_comment = _COMMENT.search(key) is not None
    answering = _ANSWERING.match(source) if is_comment else None
    body = _body(source[answering.end() :] if answering else source)
    title = _plain(entry.get("title"))
    if not key or not (body.text or title) or (is_comment and _PINGBACK.fullmatch(body.text)):
        return None
    author = _plain(entry.get("author"))[:200] or None
    posted, edited = _at(entry, "published_parsed"), _at(entry, "updated_parsed")
    post = Post(
        post_id=digest(None, None, key),
        text=body.text or title,
        author=author,
        posted_at=posted or edited,
        quoted=body.quoted,
        shown=body.shown,
        reply_to=digest(None, None, _COMMENT.sub(f"#comment-{answering[1]}", key)) if answering else _answers(entry),
        url=url,
        edited_at=edited if posted and edited and edited > posted else None,
    )
    comments = _count(entry.get("slash_comments") or entry.get("thr_total") or _counted(entry))
    thread = Thread(
        thread_id=post.post_id,
        url=url or doc.url,
        engine="feed",
        title=title or body.text[:80],
        posts=(post,),
        views=_count((entry.get("media_statistics") or {}).get("views")),
        replies=comments,
        tags=tuple(_plain(tag.get("term")) for tag in entry.get("tags") or () if tag.get("term"))[:30],
    )
    about = digest(None, None, _COMMENT.sub("", key)) if is_comment else None
    return Entry(thread, comments, _replies(doc, entry), about)


def _count(said: object) -> int | None:
    return int(str(said)) if said is not None and str(said).isdecimal() and len(str(said)) < 12 else None


def _counted(entry: Any) -> object:
    """How many answers the link to them says that there are (RFC 4685)."""
    return next((link.get("thr:count") for link in _links(entry) if link.get("rel") == "replies"), None)


def _source(entry: Any) -> str:
    contents = [str(one.get("value") or "") for one in entry.get("content") or ()] or [str(entry.get("summary") or "")]
    return max(contents, key=len)[:_LONGEST]


def _body(source: str) -> Body:
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


def _older_in_wordpress(doc: Document, feed: Any) -> str | None:
    if not _WORDPRESS.search(str(feed.get("generator") or "")[:200]):
        return None
    parts = urlsplit(doc.url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    page = next((int(value) for name, value in query if name == "paged" and value.isdecimal() and len(value) < 6), 1)
    rest = [(name, value) for name, value in query if name != "paged"]
    return urlunsplit(parts._replace(query=urlencode([*rest, ("paged", page + 1)]), fragment=""))


def _at(entry: Any, name: str) -> datetime | None:
    """A moment of an entry. One that is missing is not asked for: the library would give another in its place, and warn."""
    return _moment(entry[name]) if name in entry else None


def _moment(value: struct_time | None) -> datetime | None:
    if value is None:
        return None
    try:
        return datetime(*value[:6], tzinfo=UTC)
    except (ValueError, TypeError):
        return None
