"""A shop's pages as threads: a product with its reviews, and the lists that lead to products.

Reviews are read by the shop's own markup, by a widget's, by structured data, or as the repeated block with stars; where two ways read the
same page, the one that finds more counts, and what only the other one tells is added.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from crawler import engines, structured
from crawler.engines.base import Engine
from crawler.engines.document import Document
from crawler.engines.products import (
    count_above,
    count_in_words,
    count_shown,
    has_buy_button,
    is_product,
    shows_one_product,
    widget_place,
)
from crawler.engines.review_blocks import review_blocks
from crawler.engines.reviews import Reviews
from crawler.engines.shop import Shop
from crawler.engines.widgets import widget_on
from data.errors import UnreadablePageError
from data.records import Post, Thread, ThreadList


def shop_on(doc: Document) -> Shop | None:
    """The shop engine whose marks a page bears."""
    found = engines.detect(doc)
    return found if isinstance(found, Shop) else None


def reader_for_shop(doc: Document, wanted: str | None = None) -> Engine:
    """The engine that reads a shop: the one insisted on, the one whose marks it bears, or the general one."""
    return engines.engine(wanted) if wanted else shop_on(doc) or Reviews()


def page_of_shop(doc: Document, reader: Engine) -> str:
    """``thread`` for a product, ``list``, ``index``, or ``other``."""
    kind = (shop_on(doc) or reader).kind(doc)
    return "thread" if kind != "thread" and structured.read_reviews(doc) and is_product(doc) else str(kind)


def reviews_shown(doc: Document) -> tuple[Post, ...]:
    """The reviews on a product's page, whatever it is called; none on other pages, and none where they cannot be read."""
    shop = shop_on(doc)
    shown = shop.kind(doc) == "thread" if shop is not None else not doc.is_json and is_product(doc)
    return reviews_of(doc, shop) if shown else ()


def sells_here(doc: Document) -> bool:
    """Whether a page that does not say so is one product's: with a button to buy and with reviews that bear stars."""
    if doc.is_json or not has_buy_button(doc) or not shows_one_product(doc):
        return False
    return any(post.rating is not None for post in reviews_of(doc, None))


def reviews_of(doc: Document, shop: Shop | None) -> tuple[Post, ...]:
    """The reviews on a page that is known to be a product's; none where they cannot be read."""
    try:
        return read_product(doc, shop or Reviews()).posts
    except UnreadablePageError:
        return structured.read_reviews(doc)


def read_product(doc: Document, reader: Engine) -> Thread:
    """A page of a product's reviews; one that has none is a thread without posts. Raises ``UnreadablePageError``, also where a
    page says that it has reviews and shows none."""
    shop: Engine = shop_on(doc) or (Reviews() if not isinstance(reader, Shop) else reader)
    if shop.kind(doc) != "thread" and not isinstance(shop, Reviews):
        shop = Reviews()
    stated = structured.read_reviews(doc)
    thread = _seen(doc, shop, certain=bool(stated))
    if not thread.posts and (widget := widget_on(doc)) is not None:
        posts = Reviews().posts(doc)
        thread = replace(thread, posts=posts, replies=widget.read_count(doc))
    if len(stated) > len(thread.posts):
        onward = thread.next_url or shop.next_url(doc)
        thread = replace(thread, next_url=onward, posts=_completed(stated, thread.posts), engine="structured")
    elif isinstance(shop, Reviews) and len(stated) == len(thread.posts):
        thread = replace(thread, posts=_completed(stated, thread.posts))
    if thread.engine in (Reviews.name, "structured"):
        thread = _with_ids(thread)
    count = count_shown(doc) if thread.replies is None else thread.replies
    if not thread.posts and thread.page == 1:
        count = count_in_words(doc) if count is None else count
        _missing(doc, thread, count)
    elif count is None:
        count = count_above(doc, lambda: _review_nodes(doc))
    return replace(thread, replies=count)


def _review_nodes(doc: Document) -> list[Any]:
    body = doc.tree.find("body")
    return [] if body is None else [block.node for block in review_blocks(body)]


def _missing(doc: Document, thread: Thread, count: int | None) -> None:
    """Raise where a page without a review that could be read tells of some: by a number, or by the place that a script fills."""
    if count and thread.next_url is None:
        raise UnreadablePageError("reviews_by_script", url=doc.url, count=count)
    if count is None and widget_place(doc):
        raise UnreadablePageError("reviews_by_widget", url=doc.url)


def _seen(doc: Document, shop: Engine, *, certain: bool) -> Thread:
    try:
        return shop.read_thread(doc)
    except UnreadablePageError:
        if not certain:
            raise
        return Thread(shop.identify_thread(doc.url), doc.url, Reviews.name, shop.read_title(doc), ())


def _completed(posts: tuple[Post, ...], others: tuple[Post, ...]) -> tuple[Post, ...]:
    """The posts with what only another reading of the same page tells of them."""
    by_words = {_plain(post.text): post for post in others if post.text}
    found = []
    for post in posts:
        other = by_words.get(_plain(post.text))
        if other is None:
            other = next(
                (one for words, one in by_words.items() if post.text and words.endswith(_plain(post.text))), None
            )
        found.append(post if other is None else _filled(post, other))
    return tuple(found)


def _filled(post: Post, other: Post) -> Post:
    return replace(
        post,
        author=post.author or other.author,
        posted_at=post.posted_at or other.posted_at,
        rating=other.rating if post.rating is None else post.rating,
        reactions=post.reactions or other.reactions,
        verified=other.verified if post.verified is None else post.verified,
        variant=post.variant or other.variant,
        pictures=other.pictures if post.pictures is None else post.pictures,
    )


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def _with_ids(thread: Thread) -> Thread:
    """The same with ids that say which product they are of: some shops count the reviews of each from 1."""
    key = hashlib.blake2b(thread.thread_id.encode("utf-8", "replace"), digest_size=5).hexdigest()
    posts = tuple([replace(post, post_id=f"{key}.{post.post_id}", reply_to=None) for post in thread.posts])
    return replace(thread, posts=posts)


def read_catalogue(doc: Document, reader: Engine) -> ThreadList:
    """The products and lists of products that a page leads to."""
    shop = shop_on(doc) or reader
    listing = shop.read_list(doc)
    if listing.threads or listing.boards or isinstance(shop, Reviews):
        return listing
    return Reviews().read_list(doc)
