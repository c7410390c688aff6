"""Shopify's shops."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote, urlsplit

from crawler.dates import Clock
from crawler.engines.base import Kind, Marks
from crawler.engines.document import Document
from crawler.engines.reading import clock_for, every
from crawler.engines.shop import Shop
from crawler.engines.text import one_line
from crawler.engines.widgets import WIDGETS, widget_on
from data.records import Post, ThreadLink, ThreadList

_PRODUCT = re.compile(r"/products/([^/?#]+)")
_COLLECTION = re.compile(r"/collections/[^/?#]+/?$")
_MARKS = ("cdn.shopify.com", "Shopify.theme", "Shopify.shop", "/cdn/shop/")


class Shopify(Shop):
    """A Shopify shop, with whichever review widget. Its products are at ``/products/<handle>``, whatever collection or variant
    leads to them; a widget's further pages are loaded by script, so that those on the page are read."""

    name = "shopify"
    marks = Marks(
        title="h1.product__title, .product-single__title, .product__title h1, h1",
        next_page=".pagination a[rel~=next], .pagination .next a, a.pagination__item--prev, link[rel~=next], a[rel~=next]",
        thread="a[href*='/products/']",
        board="a[href*='/collections/']",
    )

    def detect(self, doc: Document) -> bool:
        return not doc.is_json and "hopify" in doc.text and any(mark in doc.text for mark in _MARKS)

    def kind(self, doc: Document) -> Kind:
        if doc.is_json:
            return "other"
        if _PRODUCT.search(urlsplit(doc.url).path):
            return "thread"
        listed = bool(every(doc.tree, self.marks.thread))
        if self._shows_reviews(doc, listed=listed):
            return "thread"
        if listed:
            return "list"
        return "index" if every(doc.tree, self.marks.board) else "other"

    def _shows_reviews(self, doc: Document, *, listed: bool) -> bool:
        """Whether a page with another address shows reviews: of the only product, or of all of them. A list or a front page with
        products beside its reviews leads to these products."""
        path = urlsplit(doc.url).path
        leads_on = listed and (not path.strip("/") or _COLLECTION.search(path) is not None)
        return not leads_on and bool(self.post_nodes(doc))

    def identify_thread(self, url: str) -> str:
        parts = urlsplit(url)
        found = _PRODUCT.search(unquote(parts.path))
        return f"{parts.netloc}/products/{found[1]}" if found else super().identify_thread(url)

    def thread_address(self, url: str) -> str | None:
        parts = urlsplit(url)
        found = _PRODUCT.search(parts.path)
        if found is None or ("/collections/" not in parts.path and "variant=" not in parts.query):
            return None
        return f"{parts.scheme}://{parts.netloc}/products/{found[1]}"

    # -- reviews: as the widget on the page shows them

    def post_nodes(self, doc: Document) -> list[Any]:
        widget = widget_on(doc)
        return widget.post_nodes(doc) if widget else []

    def clock(self, doc: Document, nodes: Iterable[Any]) -> Clock:
        widget = widget_on(doc)
        return widget.clock(doc, nodes) if widget else clock_for(doc, ())

    def read_post(self, doc: Document, node: Any, clock: Clock, before: list[Post], number: int) -> Post:
        widget = widget_on(doc)
        assert widget is not None
        return widget.read_post(doc, node, clock, before, number)

    def read_count(self, doc: Document) -> int | None:
        for widget in WIDGETS:
            if widget.word in doc.text and (count := widget.read_count(doc)) is not None:
                return count
        return None

    def next_url(self, doc: Document) -> str | None:
        return None if self.kind(doc) == "thread" else super().next_url(doc)

    # -- collections

    def read_list(self, doc: Document) -> ThreadList:
        named: dict[str, tuple[str, str]] = {}
        for link in every(doc.tree, self.marks.thread):
            url = doc.link(link.get("href"))
            if (
                url is None
                or urlsplit(url).netloc != urlsplit(doc.url).netloc
                or not _PRODUCT.search(urlsplit(url).path)
            ):
                continue
            address = self.thread_address(url) or url.split("#")[0].split("?")[0]
            before = named.get(self.identify_thread(url), ("", ""))[1]
            named[self.identify_thread(url)] = (address, max(before, one_line(link)[:300], key=len))
        threads = tuple(ThreadLink(url, title, key) for key, (url, title) in named.items())
        return ThreadList(doc.url, self.name, self.read_title(doc), threads, self._collections(doc), self.next_url(doc))

    def _collections(self, doc: Document) -> tuple[str, ...]:
        here, found = doc.url.split("#")[0].split("?")[0], dict[str, None]()
        for link in every(doc.tree, self.marks.board):
            url = doc.link(link.get("href"))
            if url and _COLLECTION.search(urlsplit(url).path) and urlsplit(url).netloc == urlsplit(doc.url).netloc:
                found.setdefault(url.split("#")[0].split("?")[0])
        found.pop(here, None)
        return tuple(found)
