"""The landing spider: what a brand's site says of itself, within a budget of pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin

from scrapy import Request
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler.engines.document import Document
from crawler.gathered import Gathered, Unchanged
from crawler.identify import Identity
from crawler.reasons import Reason, why
from crawler.robots import origin
from crawler.shops import reviews_shown
from crawler.spiders.base import Output, SourceSpider, asked_for, document_of, page_of, without_fragment
from crawler.walls import wall
from data.errors import UnreadablePageError

#: So many pages are asked for ahead: a host answers one at a time, and the next may know of a better one.
_AHEAD = 2
#: So many sitemaps are read at most; they count against no budget.
_MOST_MAPS = 5
#: A site that had no sitemap is asked for one again after so long.
_MAPS_AGAIN = timedelta(days=30)
_SPEAKS_OF_REVIEWS = re.compile(r"review|danh-?gia|đánh giá", re.I)


class LandingSpider(SourceSpider):
    """Reads a site's start page and the pages that say most of what it sells: prices, offers, about, questions, promises.

    Pages are known from links and sitemaps, and the best of all known ones is asked for next, within a budget that counts
    what is asked for. On a later crawl the pages of the last time are worth more and go with their validators, so that a
    change is seen and an unchanged page costs the site nothing.
    """

    name = "landing"
    kinds = frozenset({"site"})

    def __init__(self, job: Any, **kwargs: Any) -> None:
        from crawler.landing.frontier import Frontier

        super().__init__(job, **kwargs)
        self._budget = int(job.source.pages)
        self._frontier = Frontier()
        self._maps_left = _MOST_MAPS
        self._maps_waiting = 0
        self._waiting = 0

    def read_start(self, doc: Document, response: Response, identity: Identity) -> Iterator[Output]:
        self._budget -= 1
        self._frontier.begin(doc)
        self._frontier.known([*self.job.known.pages, *self.job.known.failed])
        yield from self.parse_page(response, doc)
        yield from self._ask_maps(self._named_maps())
        yield from self._go_on()

    def parse_page(self, response: Response, doc: Document | None = None) -> Iterator[Output]:
        """A page's snapshot, and the next best page while the budget lasts."""
        yield from self._read_page(response, doc)
        if doc is None:
            self._waiting -= 1
            yield from self._go_on()

    def _read_page(self, response: Response, doc: Document | None) -> Iterator[Output]:
        # The readers of landing pages load on use: a crawl of forums needs none of them.
        from crawler.landing import read

        if response.status == 304:
            yield from self.not_modified(response)
            return
        if doc is None:
            self.answered()
            doc = document_of(response, self.job)
        if not is_page(response):
            yield from super().gave_nothing(asked_for(response), Reason("not_a_page", {"url": response.url}))
            return
        problem = wall(doc, asked_for(response).meta["asked"])
        if problem is not None:
            yield from super().gave_nothing(asked_for(response), problem)
            return
        try:
            landing = read(doc)
        except UnreadablePageError as error:
            reason = Reason("unreadable", {"url": response.url, "why": why(error)})
            yield from super().gave_nothing(asked_for(response), reason)
            return
        self.job.counts.snapshots += 1
        self.job.social.update(dict.fromkeys(landing.social_links))
        self._frontier.read(doc)
        self._tell_reviews(doc)
        yield Gathered(self.fetched(response, doc.page, "landing"), landing=landing)

    def _tell_reviews(self, doc: Document) -> None:
        """Say once that products of the site show their customers' reviews, which a site's crawl does not read."""
        said = any(note.key == "has_reviews" for note in self.job.notes)
        asked = any(one.kind == "reviews" and self.job.is_ours(one.url) for one in self.job.study.sources)
        if not said and not asked and _SPEAKS_OF_REVIEWS.search(doc.text) and reviews_shown(doc):
            self.job.note(Reason("has_reviews", {"url": doc.url}))

    def _go_on(self) -> Iterator[Output]:
        """Ask for the best pages that are known, once the sitemaps have told theirs."""
        while self._waiting < _AHEAD and self._budget > 0 and not self._maps_waiting:
            url = self._frontier.next()
            if url is None:
                return
            url = without_fragment(url)
            if self.wanted(url):
                self._budget -= 1
                self._waiting += 1
                yield self.ask(url, self.parse_page, kind="landing", priority=self._budget, validate=True)

    def gave_nothing(self, request: Request, reason: Reason) -> Iterator[Output]:
        yield from super().gave_nothing(request, reason)
        if request.meta["kind"] == "landing":
            self._waiting -= 1
            yield from self._go_on()

    # -- sitemaps

    def _named_maps(self) -> list[str]:
        """The sitemaps that robots.txt names, else the place where they usually are."""
        here = origin(self.job.first.url)
        robots = self.job.robots.get(here)
        named = list(robots.rules.sitemaps)[:50] if robots is not None and robots.rules is not None else []
        return [urljoin(here, url) for url in named] or [f"{here}/sitemap.xml"]

    def _ask_maps(self, maps: Iterable[str]) -> Iterator[Output]:
        from crawler.landing.sitemaps import ranked

        for url in ranked([without_fragment(url) for url in maps]):
            gone = self.job.known.left_out.get(url)
            if gone is not None and datetime.now(UTC) - gone < _MAPS_AGAIN:
                continue
            if self._maps_left > 0 and self.wanted(url):
                self._maps_left -= 1
                self._maps_waiting += 1
                asked = self.ask(url, self.parse_map, kind="sitemap", priority=10_000, validate=True)
                yield asked.replace(errback=self.no_map)

    def parse_map(self, response: Response) -> Iterator[Output]:
        """A sitemap's pages go into the pool; of an index the best sitemaps are read next."""
        from crawler.landing.sitemaps import read_sitemap

        self._maps_waiting -= 1
        if response.status == 304:
            yield Unchanged(asked_for(response).meta["asked"], datetime.now(UTC))
            yield from self._go_on()
            return
        found = read_sitemap(response.url, response.body)
        self._frontier.mapped(found.pages, found.kind)
        page = replace(page_of(response), body=b"")
        yield Gathered(self.fetched(response, page, "sitemap"))
        yield from self._ask_maps(found.maps)
        yield from self._go_on()

    def no_map(self, failure: Failure) -> Iterator[Output]:
        """A site without a sitemap lacks nothing that counts; it is not asked for one soon again."""
        self._maps_waiting -= 1
        request: Request = failure.request  # type: ignore[attr-defined]
        self.logger.info("no sitemap: %s", request.url)
        if isinstance(failure.value, HttpError):
            yield self.nothing(request.meta["asked"], "left_out", "gone")
        yield from self._go_on()


def is_page(response: Response) -> bool:
    """Whether an answer is a web page rather than a picture, a film or a file."""
    kind = (response.headers.get("Content-Type") or b"text/html").decode("latin-1").split(";")[0].strip().lower()
    return kind in ("", "text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml")
