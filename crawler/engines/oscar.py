"""django-oscar."""

from __future__ import annotations

import re
from typing import Any, ClassVar
from urllib.parse import urlsplit, urlunsplit

from crawler.dates import Clock
from crawler.engines.base import Marks
from crawler.engines.document import Document
from crawler.engines.reading import every, first
from crawler.engines.shop import ReviewMarks, Shop
from crawler.engines.text import Body, one_line, read_body
from data.records import ThreadLink

_PRODUCT = re.compile(r"/catalogue/(?!category/)[^/?#]*_(\d+)/(?=$|\?|#|reviews/(?:$|\?|#))")
_ON = re.compile(r"^\s*(?:on|am|le|el|il|op|vào|lúc|ngày|ngày:)\s+", re.I)
_GIVEN = frozenset(("One", "Two", "Three", "Four", "Five"))


class Oscar(Shop):
    """django-oscar 2 to 4 in its own templates. A product's reviews stand on pages of their own, asked for newest first."""

    name = "oscar"
    thread_id: ClassVar[re.Pattern[str]] = re.compile(r"/catalogue/(?!category/)[^/?#]*_(\d+)/")
    marks = Marks(
        post="article.review",
        author="small strong",
        permalink="small a[href*='/reviews/']",
        title=".page_inner h2 a[href*='/catalogue/'], .product_main h1, h1",
        thread="article.product_pod",
        thread_link="h3 a[href*='/catalogue/']",
        board=".side_categories a[href*='/category/'], .dropdown-menu a.dropdown-item[href*='/catalogue/']",
    )
    review = ReviewMarks(
        heading="h3.star-rating a",
        stars="h3.star-rating",
        product="article.product_page, p.star-rating a[href*='/reviews/']",
        count="p.star-rating a[href*='/reviews/']",
    )

    def detect(self, doc: Document) -> bool:
        if doc.is_json or (
            not any(name in doc.names for name in ("product_pod", "product_page", "side_categories", "content_inner"))
        ):
            return False
        own = "script[src*='/oscar/js/oscar/'], link[href*='/oscar/css/styles.css']"
        return bool(every(doc.tree, own)) and bool(
            every(
                doc.tree, "article.product_pod, article.product_page, article.review, .side_categories, #content_inner"
            )
        )

    def thread_address(self, url: str) -> str | None:
        parts = urlsplit(url)
        if not _PRODUCT.search(url) or "sort_by=" in parts.query or "page=" in parts.query:
            return None
        path = parts.path if parts.path.endswith("/reviews/") else f"{parts.path}reviews/"
        # By its stars, as the shop sorts them, a new review may stand on any page.
        return urlunsplit((parts.scheme, parts.netloc, path, "sort_by=recency", ""))

    def read_words(self, node: Any) -> Body | None:
        words = first(node, "p")
        return read_body(words) if words is not None and first(words, "small") is None else None

    def read_date(self, node: Any, clock: Clock) -> Any:
        name = first(node, "small strong")
        tail = ((name.tail if name is not None else "") or "").split("|")[0]
        return clock.read(_ON.sub("", " ".join(tail.split())))

    def read_post_id(self, node: Any) -> str | None:
        link = first(node, self.marks.permalink)
        found = re.search(r"/reviews/(\d+)/", link.get("href") or "") if link is not None else None
        return found[1] if found else None

    def read_helpful(self, node: Any) -> int | None:
        for words in every(node, "small"):
            count = first(words, "strong")
            text = one_line(words)
            if count is not None and text.startswith(one_line(count)) and one_line(count).isdigit():
                return int(one_line(count))
        return None

    def next_url(self, doc: Document) -> str | None:
        shown = re.search(r"\?(?:[^#]*&)?page=(\d+)", doc.url)
        here = int(shown[1]) if shown else 1
        for link in every(doc.tree, ".pagination a.page-link"):
            found = re.search(r"[?&]page=(\d+)", link.get("href") or "")
            if found and int(found[1]) == here + 1:
                return doc.link(link.get("href"))
        return None

    def read_line(self, doc: Document, line: Any, clock: Clock) -> ThreadLink | None:
        link = super().read_line(doc, line, clock)
        if link is None:
            return None
        title = first(line, self.marks.thread_link)
        stars = first(line, "p.star-rating")
        rated = stars is None or bool(_GIVEN & set((stars.get("class") or "").split()))
        # A product without a single star has no review to ask for.
        return ThreadLink(link.url, title.get("title") or link.title, link.thread_id, replies=None if rated else 0)
