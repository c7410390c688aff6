"""What a source is: a forum and by which engine it is read, a feed, a site, or a wall in front of one of them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from urllib.parse import urldefrag

from crawler import engines, structured
from crawler.engines.base import Engine
from crawler.engines.document import Document
from crawler.engines.reading import page_number
from crawler.extract import unknown_thread
from crawler.lists import is_thread_address, read_unknown_list
from crawler.reasons import Reason
from crawler.walls import wall
from data.errors import UnreadablePageError
from data.records import Post, Thread, ThreadList

_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]", re.I)
_FEED_TYPES = re.compile(r"(?:rss|atom|feed|rdf)\+?(?:xml|json)", re.I)
#: So many lines make a list of threads out of an unknown page.
_ENOUGH_LINES = 3


@dataclass(frozen=True, slots=True)
class Identity:
    """``kind`` as in a study (``forum``, ``feed``, ``site``); ``page`` what the start page shows (``thread``, ``list``,
    ``index``, ``feed``, ``page``); ``problem`` why it cannot be read at all."""

    kind: str
    engine: str | None = None
    page: str = "page"
    problem: Reason | None = None


def identify(doc: Document, said: str | None = None, *, engine: str | None = None) -> Identity:
    """Find out what a start page belongs to. ``said``: what the study calls it; ``engine``: a way of reading to insist on."""
    if is_feed(doc):
        return Identity("feed", "feed", "feed")
    if said in ("feed", "fanpage"):
        if feed_link(doc):
            return Identity("feed", "feed", "page")
        missing = Reason("no_feed" if said == "feed" else "no_public_feed", {"url": doc.url})
        return Identity("feed", None, "page", wall(doc) or missing)
    if said == "site":
        return Identity("site", None, "page", wall(doc))
    if said == "reviews" and structured.read_reviews(doc):
        return Identity("reviews", "structured", "thread")
    reader = reader_for(doc, engine)
    page = page_kind(doc, reader)
    if page in ("thread", "list", "index"):
        return Identity("reviews" if said == "reviews" else "forum", reader.name, page)
    if not doc.is_json and said in (None, "forum"):
        # An engine that shows its pages by script alone is asked for what the script would ask for.
        if reader.thread_address(doc.url):
            return Identity("forum", reader.name, "thread")
        if reader.board_address(doc.url):
            return Identity("forum", reader.name, "list")
    if said in ("forum", "reviews"):
        return Identity("forum", reader.name, page, wall(doc) or Reason("no_threads", {"url": doc.url}))
    problem = wall(doc)
    if problem is not None:
        return Identity("site", None, "page", problem)
    return Identity("site", None, "page")


def is_feed(doc: Document) -> bool:
    """Whether a page is an RSS or Atom feed."""
    return bool(_FEED.search(doc.page.body[:2_000])) and not re.search(rb"<html[\s>]", doc.page.body[:2_000], re.I)


def feed_link(doc: Document) -> str | None:
    """The feed that a page announces."""
    if doc.is_json:
        return None
    for node in doc.tree.iter("link"):
        if "alternate" in (node.get("rel") or "").lower() and _FEED_TYPES.search(node.get("type") or ""):
            return doc.link(node.get("href"))
    return None


def reader_for(doc: Document, wanted: str | None = None) -> Engine:
    """The engine that reads a page: the one insisted on, the one whose marks it bears, structured data, the general reader."""
    if wanted:
        return engines.engine(wanted)
    return engines.detect(doc) or engines.engine("general")


def read_thread(doc: Document, reader: Engine, *, insist: bool = False, kind: str | None = None) -> Thread:
    """A page of a thread. Where no engine's marks are on it, structured data and the general reader are asked; ``insist``
    leaves it to ``reader`` alone. Of ``reviews`` those that the page states come first. Raises ``UnreadablePageError``."""
    if kind == "reviews" and not insist and (reviews := structured.read_reviews(doc)):
        return _stated(doc, reviews)
    if reader.name != "general":
        return reader.read_thread(doc)
    engine = None if insist else engines.detect(doc)
    if engine is not None:
        return engine.read_thread(doc)
    thread = unknown_thread(doc) if not insist and page_kind(doc, reader) == "thread" else None
    if thread is None and insist:
        thread = reader.read_thread(doc)
    if thread is None:
        raise UnreadablePageError("no_posts_seen", url=doc.url)
    key = reader.identify_thread(doc.url)
    return _with_ids(replace(thread, thread_id=key, next_url=next_of_same(doc, reader)))


def next_of_same(doc: Document, reader: Engine) -> str | None:
    """The next page of the same list or thread on an unknown page: a list's lines may have page numbers of their own."""
    here = reader.identify_thread(doc.url)
    url = reader.next_url(doc)
    if url is not None and reader.identify_thread(url) == here:
        return url
    wanted = page_number(doc.url) + 1
    for link in doc.tree.iter("a"):
        url = doc.link(link.get("href"))
        if url is not None and page_number(url) == wanted and reader.identify_thread(url) == here:
            return urldefrag(url)[0]
    return None


def _with_ids(thread: Thread) -> Thread:
    """The same with ids that say which thread they are of: some forums count the posts of each thread from 1."""
    key = hashlib.blake2b(thread.thread_id.encode("utf-8", "replace"), digest_size=5).hexdigest()
    posts = [
        replace(post, post_id=f"{key}.{post.post_id}", reply_to=f"{key}.{post.reply_to}" if post.reply_to else None)
        for post in thread.posts
    ]
    return replace(thread, posts=tuple(posts))


def _stated(doc: Document, posts: tuple[Post, ...]) -> Thread:
    reader = engines.engine("general")
    key = reader.identify_thread(doc.url)
    return _with_ids(
        Thread(key, doc.url, "structured", doc.title, posts, page_number(doc.url), next_of_same(doc, reader))
    )


def page_kind(doc: Document, reader: Engine) -> str:
    """What a page shows, as :meth:`Engine.kind` says, or as its links do where the engine knows no lists."""
    kind = reader.kind(doc)
    if reader.name != "general" or doc.is_json:
        return str(kind)
    if kind == "other" and structured.read_thread(doc) is not None:
        return "thread"
    if kind == "other" or not is_thread_address(doc.url):
        # A list whose lines carry dates and names looks like a thread to a reader that knows neither.
        listing = read_list(doc, reader)
        if sum(is_thread_address(line.url) for line in listing.threads) >= _ENOUGH_LINES:
            return "list"
        if kind == "other" and len(listing.threads) >= _ENOUGH_LINES:
            return "list"
        if kind == "other" and listing.boards and (len(listing.boards) >= _ENOUGH_LINES or listing.threads):
            return "index"
    return str(kind)


def read_list(doc: Document, reader: Engine) -> ThreadList:
    """A page of a thread list, by the engine or by the shape of its links."""
    if reader.name == "general":
        return read_unknown_list(doc, reader.identify_thread, next_of_same(doc, reader))
    return reader.read_list(doc)
