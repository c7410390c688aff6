"""The reviews spider: a product with its reviews, or a shop, whose products it finds by its lists or its sitemap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from scrapy.http import Response

from crawler.engines.document import Document
from crawler.engines.products import is_product_address
from crawler.engines.reading import is_paging
from crawler.engines.reviews import Reviews
from crawler.identify import Identity
from crawler.reasons import Reason
from crawler.robots import origin
from crawler.shops import reader_for_shop, shop_on
from crawler.spiders.base import Output, document_of, is_file, without_fragment
from crawler.spiders.forum import ForumSpider
from crawler.spiders.walking import Reading, Walk
from data.records import Thread, ThreadLink, ThreadList
from data.store.base import ThreadState

_THREAD, _LIST = 10, 0
_MOST_SITEMAPS = 50
_MOST_PRODUCTS = 20_000
#: What names a list where its address has no words.
_LIST_NAMES = frozenset(
    ("id", "cat", "cate", "category", "category_id", "cid", "c", "path", "route", "danhmuc", "collection")
)


class ReviewsSpider(ForumSpider):
    """Reads a product's reviews, or those of all products of a shop or one of its lists.

    Shops show the newest reviews first, or in an order of their own, and their lists seldom say how many there are. So a product that is
    known is looked at on its first page, and read on where its number of reviews or its newest one tells of others.
    """

    name = "reviews"
    kinds = frozenset({"reviews"})

    def __init__(self, job: Any, **kwargs: Any) -> None:
        super().__init__(job, **kwargs)
        self._again: dict[str, bool] = {}
        self._sitemaps: set[str] = set()
        self._read_in_all: dict[str, int] = {}
        self._said_in_all: dict[str, int] = {}
        self._lists = 0

    def read_start(self, doc: Document, response: Response, identity: Identity) -> Iterator[Output]:
        self.reader = reader_for_shop(doc, self.job.options.engine)
        if identity.page == "thread":
            self.job.listed += 1
            address = self.allowed(self.reader.thread_address(response.url))
            if address:
                yield self.ask_thread(address, Reading(), priority=_THREAD)
            else:
                yield from self.parse_thread(response, Reading(), doc)
            yield from self.unfinished()
            return
        yield from self.unfinished()
        if identity.page != "other":
            yield from self.parse_list(response, doc)
        if not self._listed and _is_front(response.url):
            yield from self.ask_sitemap(response)
        yield from self.second_looks()

    # -- lists of products

    def parse_list(self, response: Response, doc: Document | None = None, walk: Walk | None = None) -> Iterator[Output]:
        self._lists += 1
        yield from super().parse_list(response, doc, walk)

    def ask_boards(self, listing: ThreadList) -> Iterator[Output]:
        budget = self.job.source.pages if "pages" in self.job.source.model_fields_set else _MOST_PRODUCTS
        boards = [board for board in listing.boards if _names_a_list(board)]
        left = max(0, budget - self._lists - len(self._boards))
        self.job.lists_cut = self.job.lists_cut or len(boards) > left
        yield from super().ask_boards(replace(listing, boards=tuple(boards[:left])))

    def ask_line(self, line: ThreadLink) -> Iterator[Output]:
        """The first page of a product, unless its list says that nothing came."""
        known = self.job.known
        key = line.thread_id if line.thread_id in known.threads else known.addresses.get(line.url)
        state = known.threads.get(key) if key else None
        if state is None:
            if line.replies == 0:
                self.job.skip(Reason("no_reviews"))
            else:
                yield from super().ask_line(line)
        elif not state.complete:
            yield from self.ask_known(state.next_url or line.url, state, line)
        elif line.replies is None or line.replies != state.replies:
            assert self.reader is not None
            url = self.allowed(self.reader.thread_address(line.url)) or line.url
            if self.wanted(url):
                yield self.ask_thread(url, Reading(line), priority=_THREAD, validate=True)

    # -- sitemaps

    def ask_sitemap(self, response: Response) -> Iterator[Output]:
        """A shop that shows no product on its front page may list them for search engines."""
        robots = self.job.robots.get(origin(response.url))
        named = [url for url in robots.sitemaps if self.job.is_ours(url)] if robots is not None else []
        for url in named or [f"{origin(response.url)}/sitemap.xml"]:
            yield from self._ask_sitemap(url)

    def _ask_sitemap(self, url: str) -> Iterator[Output]:
        if len(self._sitemaps) < _MOST_SITEMAPS and self.wanted(url):
            self._sitemaps.add(url)
            yield self.ask(url, self.parse_sitemap, kind="list", priority=_LIST)

    def parse_sitemap(self, response: Response) -> Iterator[Output]:
        """The products that a sitemap names, and the sitemaps below it."""
        from crawler.landing.sitemaps import kind_of, read_sitemap

        assert self.reader is not None
        self.answered()
        found = read_sitemap(response.url, response.body)
        for url in [one for one in found.maps if kind_of(one) == "product"] or found.maps:
            yield from self._ask_sitemap(url)
        named = [
            url for url in found.pages if is_product_address(url) or (found.kind == "product" and _is_below_root(url))
        ]
        lines = [ThreadLink(url, "", self.reader.identify_thread(url)) for url in map(without_fragment, named)]
        yield from self.take(lines, Walk())

    # -- reviews

    def parse_thread(self, response: Response, reading: Reading, doc: Document | None = None) -> Iterator[Output]:
        """A page of a product's reviews; where a sitemap led to a shop's own page of the product, the one with all of them."""
        if doc is None and response.status == 200 and not is_file(response):
            doc = document_of(response, self.job)
            shop = shop_on(doc)
            if shop is not None:
                self.reader = shop if isinstance(self.reader, Reviews) else self.reader
                address = self.allowed(shop.thread_address(response.url))
                if address is not None and self.wanted(address):
                    self.answered()
                    yield self.ask_thread(address, reading, priority=_THREAD)
                    return
            self.answered()
        yield from super().parse_thread(response, reading, doc)

    def placed(self, thread: Thread, reading: Reading, url: str) -> Thread:
        """The page with its place among the product's pages; of a product that is known, the last one as soon as nothing new
        can follow."""
        state = self.job.known.threads.get(thread.thread_id)
        self._read_in_all[thread.thread_id] = self._read_in_all.get(thread.thread_id, 0) + len(thread.posts)
        page = max(thread.page, reading.page)
        if state is None or not state.complete or self.job.options.whole:
            self._tell_missing(thread, state)
            if state is not None and not state.complete:
                # Newer reviews have moved what was not read yet: every page is walked until nothing new can follow.
                page = max(page, self.job.known.depth.get(thread.thread_id, 1))
            return replace(thread, page=page, url=url)
        first = thread.thread_id not in self._again
        moved = self._again.setdefault(thread.thread_id, _is_other(thread, state))
        if not moved or (not first and _only_older(thread, state)):
            # A page that is looked at again says nothing of how far the product was read.
            thread = replace(thread, next_url=None)
        if moved:
            page = max(page, self.job.known.depth.get(thread.thread_id, 1))
        return replace(thread, page=page, url=url)

    def _read_by(self, thread: Thread, url: str) -> None:
        """Note who read a product: a shop's own markup, a widget, or the data that its pages state."""
        assert self.reader is not None
        self._engines[thread.engine] = None
        self.job.engine = ", ".join(dict.fromkeys((self.reader.name, *self._engines)))

    def bounded(self, thread: Thread, reading: Reading) -> Thread:
        """Many shops show their last page again behind it: that is the end."""
        here = thread.posts
        if thread.next_url is not None and here and all(map(reading.seen.knows, here)):
            return replace(thread, next_url=None)
        return super().bounded(thread, reading)

    def _tell_missing(self, thread: Thread, state: ThreadState | None) -> None:
        """Say that a product's pages speak of more reviews than they showed in the end."""
        key, read = thread.thread_id, self._read_in_all[thread.thread_id]
        count = self._said_in_all[key] = max(self._said_in_all.get(key, 0), thread.replies or 0)
        if state is None and thread.next_url is None and count > read * 1.1 + 1:
            self.job.note(Reason("fewer_reviews", {"url": thread.url, "count": count, "read": read}))


def _names_a_list(url: str) -> bool:
    """Whether an address is a list's own: one narrowed by colour, price and stars leads to no other products, without end."""
    names = {part.split("=")[0].lower() for part in urlsplit(url).query.split("&") if part and not is_paging(part)}
    return names <= _LIST_NAMES


def _is_front(url: str) -> bool:
    """Whether an address may be a shop's front page or list. Whoever names a product's address wants that product's reviews
    and not its neighbours'."""
    return not is_product_address(url) and urlsplit(url).path.strip("/").count("/") == 0


def _is_below_root(url: str) -> bool:
    return urlsplit(url).path.strip("/") != ""


def _is_other(thread: Thread, state: ThreadState) -> bool:
    """Whether a product's first page tells of reviews that are not stored: by their number, else by the newest of them."""
    if thread.replies is not None and state.replies is not None:
        return thread.replies != state.replies
    newest = max((post.posted_at for post in thread.posts if post.posted_at), default=None)
    if newest is None or state.last_post_at is None:
        return len(thread.posts) > state.posts or (newest is None and thread.next_url is not None)
    return newest > state.last_post_at


def _only_older(thread: Thread, state: ThreadState) -> bool:
    """Whether a page of reviews, newest first, lies wholly behind what was read last time."""
    days: Sequence[Any] = [post.posted_at for post in thread.posts]
    if state.last_post_at is None or len(days) < 2 or any(day is None for day in days):
        return False
    falling = all(one >= two for one, two in pairwise(days)) and days[0] > days[-1]
    return falling and days[0] < state.last_post_at
