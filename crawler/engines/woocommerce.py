"""WooCommerce."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, ClassVar

from crawler.engines.base import Kind, Marks
from crawler.engines.document import Document
from crawler.engines.reading import every, first, number_in
from crawler.engines.shop import ReviewMarks, Shop
from crawler.engines.text import one_line
from data.records import Thread

_PAGE = re.compile(r"/comment-page-(\d{1,5})(?=/|$)")
_BODY = "body.woocommerce, body.woocommerce-page, body.single-product"
_NEVER = re.compile(
    r"/(?:cart|checkout|my-account|gio-hang|thanh-toan|tai-khoan)(?:/|$)|[?&](?:add-to-cart|orderby|filter_\w+)=", re.I
)


class WooCommerce(Shop):
    """WooCommerce's product reviews, which are WordPress comments, in its classic templates and its blocks."""

    name = "woocommerce"
    post_id: ClassVar[re.Pattern[str]] = re.compile(r"comment-(\d+)$")
    marks = Marks(
        post="#reviews .commentlist li.review, .woocommerce-Reviews li.review",
        body=".comment-text .description, .description, .comment-text > p:not(.meta)",
        author=".woocommerce-review__author, [itemprop~=author]",
        date="time.woocommerce-review__published-date, time",
        drop=".star-rating, .meta",
        title="h1.product_title, .product_title, h1",
        next_page="a.next.page-numbers",
        thread="li.product, .wc-block-grid__product, .wc-block-product",
        thread_link="a.woocommerce-LoopProduct-link, a.woocommerce-loop-product__link, .wc-block-grid__product-link, h2 a, h3 a, a[href]",
        board="li.product-category a, .product-categories a, .wc-block-product-categories-list a, a[href*='/product-category/'], "
        "a[href*='/danh-muc-san-pham/']",
    )
    review = ReviewMarks(
        stars=".star-rating, [itemprop~=reviewRating]",
        verified=".woocommerce-review__verified",
        pictures=".ivole-comment-a, .cr-comment-images img, .comment-images img, .review-images img, .wcpr-comment-image",
        product="body.single-product, div.product.type-product, .woocommerce-Reviews",
        count=".woocommerce-Reviews-title, .woocommerce-review-link .count, .reviews_tab a",
    )

    def detect(self, doc: Document) -> bool:
        if doc.is_json or "woocommerce" not in doc.names.lower():
            return False
        return bool(every(doc.tree, _BODY)) or bool(
            every(doc.tree, ".woocommerce-Reviews, #reviews li.review .comment_container")
        )

    def kind(self, doc: Document) -> Kind:
        if self._post_nodes(doc) or (not doc.is_json and first(doc.tree, self.review.product) is not None):
            return "thread"
        return super().kind(doc)

    def identify_thread(self, url: str) -> str:
        """The address without the page of reviews, which may or may not end in a stroke."""
        found = super().identify_thread(_PAGE.sub("", url))
        return found if "?" in found else f"{found.rstrip('/')}/"

    def read_thread(self, doc: Document) -> Thread:
        thread = super().read_thread(doc)
        return replace(thread, page=_page(doc.url))

    def read_count(self, doc: Document) -> int | None:
        """The number in the heading, which some languages write after the word."""
        for css in self.review.count.split(", "):
            found = first(doc.tree, css)
            if found is not None and (count := number_in(one_line(found))) is not None:
                return count
        return None

    def read_pictures(self, node: Any) -> int | None:
        return len(every(node, self.review.pictures)) or None

    def next_url(self, doc: Document) -> str | None:
        """The next page. A product's own address may show the last page of its reviews: then they begin at page 1."""
        numbers = {}
        for link in every(doc.tree, "#reviews a.page-numbers, .woocommerce-pagination a.page-numbers"):
            found = _PAGE.search(link.get("href") or "")
            if found and (url := doc.link(link.get("href"))):
                numbers[int(found[1])] = url.split("#")[0]
        if not numbers:
            return super().next_url(doc)
        here = _PAGE.search(doc.url)
        if here is not None:
            return numbers.get(int(here[1]) + 1)
        shown = number_in(one_line(first(doc.tree, "#reviews .page-numbers.current")))
        if shown is None:
            # A pager that does not say where we are: the last page has no link onward.
            onward = _PAGE.search(doc.link((first(doc.tree, "#reviews a.next.page-numbers") or {}).get("href")) or "")
            shown = int(onward[1]) - 1 if onward else max(numbers)
        return numbers.get(shown + 1) if shown == 1 else numbers.get(1)

    def read_line(self, doc: Document, line: Any, clock: Any) -> Any:
        link = super().read_line(doc, line, clock)
        if link is None or _NEVER.search(link.url) or "product-category" in (line.get("class") or "").split():
            return None
        title = first(line, ".woocommerce-loop-product__title, .wc-block-grid__product-title, h2, h3")
        return replace(link, title=one_line(title)) if title is not None else link


def _page(url: str) -> int:
    found = _PAGE.search(url)
    return max(1, int(found[1])) if found else 1
