"""What a source is: a forum and by which engine it is read, a feed, a site, or a wall in front of one of them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from urllib.parse import urldefrag

from crawler import engines, structured
from crawler.engines.base import Engine
from crawler.engines.document import Document
from crawler.engines.general import General
from crawler.engines.shop import Shop
from crawler.engines.text import one_line
from crawler.extract import unknown_thread
from crawler.feeds_json import is_json_feed
from crawler.feeds_wordpress import is_wordpress_rest
from crawler.lists import counts_threads, is_thread_address, read_unknown_list
from crawler.reasons import Reason
from crawler.shops import page_of_shop, read_catalogue, read_product, reader_for_shop, reviews_shown
from crawler.walls import wall
from data.errors import UnreadablePageError
from data.records import Thread, ThreadList

_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]", re.I)
_FEED_TYPES = re.compile(r"(?:rss|atom|feed|rdf)\+?(?:xml|json)", re.I)
#: So many lines make a list of threads out of an unknown page.
_ENOUGH_LINES = 3
#: With fewer words a page that nobody called a site's shows nothing to read.
_FEW_WORDS = 8
_GENERAL = General()


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
    if said == "reviews":
        return _shop(doc, engine)
    if said is None and engine is None and _shows_reviews(doc):
        return _shop(doc, None)
    reader = reader_for(doc, engine)
    page = page_kind(doc, reader, said)
    if page in ("thread", "list", "index"):
        return Identity("forum", reader.name, page)
    if not doc.is_json and said in (None, "forum"):
        # An engine that shows its pages by script alone is asked for what the script would ask for.
        if reader.thread_address(doc.url):
            return Identity("forum", reader.name, "thread")
        if reader.board_address(doc.url):
            return Identity("forum", reader.name, "list")
    if said == "forum":
        return Identity("forum", reader.name, page, wall(doc) or Reason("no_threads", {"url": doc.url}))
    problem = wall(doc)
    if problem is not None:
        return Identity("site", None, "page", problem)
    if (found := words_shown(doc)) < _FEW_WORDS and not doc.is_json:
        return Identity("site", None, "page", Reason("hardly_anything", {"url": doc.url, "count": found}))
    return Identity("site", None, "page")


def _shop(doc: Document, engine: str | None) -> Identity:
    """A product or a shop. One that shows no product may still name some in its sitemap."""
    reader = reader_for_shop(doc, engine)
    page = page_of_shop(doc, reader)
    return Identity("reviews", reader.name, page, wall(doc) if page == "other" else None)


def _shows_reviews(doc: Document) -> bool:
    """Whether a page that nobody named is a product's with reviews."""
    found = engines.detect(doc)
    return not doc.is_json and (found is None or isinstance(found, Shop)) and bool(reviews_shown(doc))


def words_shown(doc: Document) -> int:
    """How many words a page shows, with its title and what it says of itself to search engines."""
    body = None if doc.is_json else doc.tree.find("body")
    words = len(one_line(body).split()) if body is not None else 0
    return words + len(f"{doc.title} {doc.meta.get('description', '')}".split())


def is_feed(doc: Document) -> bool:
    """Whether a page is an RSS, Atom or JSON feed, or what a blog's REST API answers with."""
    if is_json_feed(doc) or is_wordpress_rest(doc):
        return True
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
    if wanted and wanted != General.name:
        return engines.engine(wanted)
    # A general reader of one's own: it learns how a forum counts its pages.
    found = None if wanted else engines.detect(doc)
    return General() if found is None or isinstance(found, Shop) else found


def read_thread(
    doc: Document, reader: Engine, *, insist: bool = False, kind: str | None = None, expected: bool = False
) -> Thread:
    """A page of a thread. Where the engine's marks are not on it, other engines, structured data and the general reader are
    asked; ``insist`` leaves it to ``reader`` alone. A page of ``reviews`` is a product's. ``expected``: it is
    certain for other reasons that the page is a thread. Raises ``UnreadablePageError``."""
    if kind == "reviews" and not insist:
        return read_product(doc, reader)
    general = reader if isinstance(reader, General) else _GENERAL
    if reader.name != general.name:
        try:
            return reader.read_thread(doc)
        except UnreadablePageError:
            # A list may look like an engine's and its threads like nobody's.
            if insist or doc.is_json or reader.detect(doc):
                raise
    engine = None if insist else engines.detect(doc)
    if engine is not None and not isinstance(engine, Shop):
        return engine.read_thread(doc)
    if insist:
        thread: Thread | None = general.read_thread(doc)
    elif expected or reader.name != general.name or page_kind(doc, general) == "thread":
        thread = unknown_thread(doc, expected=expected)
    else:
        thread = None
    if general is not _GENERAL:
        thread = general.among_known(doc, thread)
    if thread is None:
        raise UnreadablePageError("no_posts_seen", url=doc.url)
    key = identity(doc.url, reader, general)
    return _with_ids(replace(thread, thread_id=key, next_url=general.following(doc)))


def identity(url: str, reader: Engine, general: General) -> str:
    """What an address is a page of: as was learned from links between pages, else as the engine's addresses say."""
    return general.paging.identity(urldefrag(url)[0]) or reader.identify_thread(url)


def left_behind(doc: Document, reader: Engine, *, of_list: bool) -> str | None:
    """A link that may well be the next page of a thread or list, and cannot be told from a link to another one."""
    return reader.left_behind(doc, of_list=of_list) if isinstance(reader, General) and not doc.is_json else None


def _with_ids(thread: Thread) -> Thread:
    """The same with ids that say which thread they are of: some forums count the posts of each thread from 1."""
    key = hashlib.blake2b(thread.thread_id.encode("utf-8", "replace"), digest_size=5).hexdigest()
    posts = [
        replace(post, post_id=f"{key}.{post.post_id}", reply_to=f"{key}.{post.reply_to}" if post.reply_to else None)
        for post in thread.posts
    ]
    return replace(thread, posts=tuple(posts))


def page_kind(doc: Document, reader: Engine, said: str | None = None) -> str:
    """What a page shows, as :meth:`Engine.kind` says, or as its links do where the engine knows no lists.

    ``said``: what the study calls the source; of a page that is said to be a forum's, less is asked.
    """
    kind = reader.kind(doc)
    if reader.name != General.name or doc.is_json:
        return str(kind)
    if kind == "other" and structured.read_thread(doc) is not None:
        return "thread"
    if kind == "other" or not is_thread_address(doc.url):
        # A list whose lines carry dates and names looks like a thread to a reader that knows neither.
        listing = read_list(doc, reader, said)
        if _is_list(listing, certain=kind != "other", said=said):
            return "list"
        if kind == "other" and _is_index(doc, listing, said):
            return "index"
    if kind == "other" and said == "forum" and unknown_thread(doc, expected=True) is not None:
        return "thread"
    return str(kind)


def _is_index(doc: Document, listing: ThreadList, said: str | None) -> bool:
    """Whether a page leads to boards: to several, beside threads, with a count of the threads in each, or so the study says."""
    several = len(listing.boards) >= _ENOUGH_LINES or bool(listing.boards and listing.threads)
    return several or (bool(listing.boards) and (said == "forum" or counts_threads(doc)))


def _is_list(listing: ThreadList, *, certain: bool, said: str | None) -> bool:
    """Whether lines are enough of a list: a few whose addresses speak of threads, or two that tell of their last post too.

    ``certain``: the page looks like something else.
    """
    speaking = [line for line in listing.threads if is_thread_address(line.url)]
    if len(speaking) >= _ENOUGH_LINES:
        return True
    if len(speaking) > 1 and all(line.last_post_at is not None for line in speaking):
        return True
    return not certain and len(listing.threads) >= (1 if said == "forum" else _ENOUGH_LINES)


def read_list(doc: Document, reader: Engine, said: str | None = None) -> ThreadList:
    """A page of a thread list, by the engine or by the shape of its links; of a shop, its products."""
    if isinstance(reader, Shop):
        return read_catalogue(doc, reader)
    if isinstance(reader, General):
        next_url = reader.following(doc)
        return read_unknown_list(doc, reader.identify_thread, next_url, trusted=said == "forum")
    return reader.read_list(doc)
