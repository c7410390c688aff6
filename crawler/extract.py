"""What a saved page holds, as a pure function of its bytes: a thread's posts, a shop's page, an article's text.

Threads are read in three ways, in order: an engine's own markup, structured data, the general reader.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields
from datetime import datetime, tzinfo
from typing import Any, Literal

from crawler import structured
from crawler.engines import detect
from crawler.engines.document import Document
from crawler.engines.general import General
from crawler.engines.reading import types_of
from crawler.engines.shop import Shop
from crawler.engines.text import SILENT, one_line
from crawler.engines.walls import login_wall
from crawler.shops import reviews_of, sells_here
from data.errors import UnreadablePageError
from data.records import Page, Post, Thread

PageKind = Literal["thread", "forum", "landing", "product", "article", "other"]
_ARTICLES = frozenset(
    ("NewsArticle", "BlogPosting", "Article", "TechArticle", "Report", "AdvertiserContentArticle", "Recipe")
)
_PRODUCTS = frozenset(("Product", "ProductGroup", "IndividualProduct", "SomeProducts"))
_CART = re.compile(r"add[-_ ]?to[-_ ]?(?:cart|basket|bag)|cart/add|product-form__submit|themvaogio", re.I)
_CART_WORDS = ("cart", "Cart", "CART", "basket", "Basket", "product-form", "themvaogio")
_CART_FORMS = tuple({word.lower().encode() for word in _CART_WORDS})
_FORUM = re.compile(r"forum|board|communit|categor|discuss|topic|dien-dan|hoi-dap|/c/|/f/|talk", re.I)
_FEW_WORDS = 15
_GENERAL = General()


@dataclass(frozen=True, slots=True)
class Reading:
    """What sort of page it is and, for a thread, its posts. ``engine`` is the way of reading that answered.

    A page that says it is a thread, but of which only the beginning could be read, is a thread without posts.
    """

    kind: PageKind
    engine: str | None = None
    thread: Thread | None = None
    posts: tuple[Post, ...] = ()


def read(doc: Document) -> Reading:
    """Sort a page and read its posts. Raises ``UnreadablePageError`` for a thread that cannot be read whole."""
    found = detect(doc)
    shop = found if isinstance(found, Shop) else None
    found = None if shop else found
    if found is not None:
        kind = found.kind(doc)
        if kind == "thread":
            thread = found.read_thread(doc)
            if found.of_article:
                return Reading("article", found.name, None, thread.posts)
            return Reading("thread", found.name, thread, thread.posts)
        if kind in ("list", "index"):
            return Reading("forum", found.name)
        if not doc.is_json and structured.read_thread(doc) is not None and (unknown := unknown_thread(doc)) is not None:
            # A skin that shows posts in a markup of its own, and states them.
            return Reading("thread", unknown.engine, unknown, unknown.posts)
    if doc.is_json:
        return Reading("other", found.name if found else None)
    if found is None:
        types = frozenset(name for node in doc.json_ld for name in types_of(node))
        if _is_product(doc, types) or (shop is not None and shop.kind(doc) == "thread") or sells_here(doc):
            return Reading("product", shop.name if shop else None, None, reviews_of(doc, shop))
        if (unknown := unknown_thread(doc)) is not None:
            return Reading("thread", unknown.engine, unknown, unknown.posts)
        if types & structured.THREADS:
            return Reading("thread")
        if types & _ARTICLES or doc.meta.get("og:type", "").lower() == "article":
            return Reading("article", None, None, structured.read_posts(doc))
        if _FORUM.search(doc.url) and _GENERAL.kind(doc) == "list":
            return Reading("forum", "general")
    if login_wall(doc) or not _has_words(doc):
        return Reading("other", found.name if found else None)
    return Reading("landing")


def _has_words(doc: Document) -> bool:
    count = 0
    for element in doc.tree.iter():
        if isinstance(element.tag, str) and element.tag not in SILENT:
            count += len((element.text or "").split())
        count += len((element.tail or "").split())
        if count >= _FEW_WORDS:
            return True
    return False


def unknown_thread(doc: Document, *, expected: bool = False) -> Thread | None:
    """A thread of no known engine: as its structured data states it, or as the general reader sees it; the fuller one.

    ``expected``: it is certain for other reasons that the page is a thread.
    """
    stated = structured.read_thread(doc)
    if stated is not None and structured.is_whole(doc, stated) and _says_as_much(stated, doc):
        return stated
    return _GENERAL.read_thread(doc, expected=expected) if _GENERAL.is_thread(doc, expected=expected) else None


def _says_as_much(stated: Thread, doc: Document) -> bool:
    """Structured data often holds the opening post and a few answers of many."""
    seen = _GENERAL.posts(doc)
    return len(stated.posts) >= len(seen) and _size(stated.posts) >= 0.8 * _size(seen)


def _size(posts: tuple[Post, ...]) -> int:
    return sum(len(post.text) for post in posts)


def _is_product(doc: Document, types: frozenset[str]) -> bool:
    if types & structured.THREADS:
        return False
    if types & _PRODUCTS or doc.meta.get("og:type", "").lower() in ("product", "og:product", "product.item"):
        return True
    if not doc.may_say(_CART_FORMS) or not any(word in doc.text for word in _CART_WORDS):
        return False
    for node in doc.tree.iter("form", "button", "input", "a"):
        if node.tag == "form" and "cart" in (node.get("class") or "").split():
            return True
        marks = " ".join(node.values())
        if (
            "art" in marks or "ask" in marks or "ART" in marks or "product-form" in marks or "vaogio" in marks
        ) and _CART.search(marks[:1000]):
            return _names_one_product(doc)
    return False


def _names_one_product(doc: Document) -> bool:
    """Shops put cart buttons on lists too: one product's page has a price of its own, or few such buttons."""
    priced = ('itemprop="price"', "product:price", "og:price")
    return any(mark in doc.text for mark in priced) or doc.text.count("add-to-cart") < 12


def extract(page: Page, *, fetched_at: datetime | None = None, zone: tzinfo | None = None) -> dict[str, Any]:
    """What ``chandung extract`` writes of a page, without its ``id``; a page that cannot be read has ``error``.

    ``fetched_at`` (aware) is what relative dates are relative to; ``zone`` is the clock of times without one.
    """
    if fetched_at is not None:
        page = Page(page.url, page.body, page.status, page.content_type, page.encoding, fetched_at)
    line: dict[str, Any] = {
        "url": page.url,
        "kind": "other",
        "engine": None,
        "title": "",
        "text": "",
        "posts": [],
        "landing": None,
    }
    try:
        doc = Document(page, zone=zone)
        reading = read(doc)
    except UnreadablePageError as error:
        return line | {"error": str(error)}
    line |= {"kind": reading.kind, "engine": reading.engine, "posts": [post_line(post) for post in reading.posts]}
    if reading.thread is not None:
        return line | {"title": reading.thread.title, "text": thread_text(reading.thread)}
    landing = _landing(doc) if reading.kind in ("landing", "product") else None
    title = _headline(doc) if reading.kind == "article" else doc.title
    return line | {"title": title, "text": landing["text"] if landing else _main_text(doc), "landing": landing}


def _headline(doc: Document) -> str:
    """An article's title: its headline where the page marks it or has only one, else what the page calls itself."""
    if doc.is_json:
        return doc.title
    headlines = list(doc.tree.iter("h1"))
    marked = [one for one in headlines if "entry-title" in (one.get("class") or "").split()]
    chosen = marked or headlines
    return (one_line(chosen[0]) if len(chosen) == 1 else "") or doc.title


def post_line(post: Post) -> dict[str, Any]:
    """A post as ``chandung extract`` writes it: ``text`` as it is shown, quoted lines after ``> ``, ``own_text`` without them.
    Of a review also its stars and what else the page tells of it."""
    review = {name: getattr(post, name) for name in ("rating", "verified", "variant", "pictures")}
    return {
        "post_id": post.post_id,
        "author": post.author,
        "posted_at": post.posted_at.isoformat() if post.posted_at else None,
        "text": post.shown or post.text,
        "own_text": post.text,
        "quoted": post.quoted,
        "reply_to": post.reply_to,
        "url": post.url,
        "reactions": dict(post.reactions) if post.reactions is not None else None,
        **(review if any(value is not None for value in review.values()) else {}),
    }


def thread_text(thread: Thread) -> str:
    """The posts of a thread in order, an empty line between them."""
    return "\n\n".join(post.text for post in thread.posts if post.text)


def _main_text(doc: Document) -> str:
    from crawler.maintext import main_text

    return main_text(doc)


def _landing(doc: Document) -> dict[str, Any]:
    from crawler.landing import read as read_landing

    landing = read_landing(doc)
    # asdict() copies every dictionary of the page's structured data, too.
    found = {field.name: getattr(landing, field.name) for field in fields(landing)}
    plain = {name: [asdict(one) for one in getattr(landing, name)] for name in ("offers", "claims", "voices")}
    return found | plain
