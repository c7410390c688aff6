"""The landing spider: what a brand's site says of itself, within a budget of pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scrapy.http import Response

from crawler.engines.document import Document
from crawler.gathered import Gathered
from crawler.identify import Identity
from crawler.reasons import Reason
from crawler.spiders.base import Output, SourceSpider, asked_for, document_of, without_fragment
from crawler.walls import wall
from data.errors import UnreadablePageError


class LandingSpider(SourceSpider):
    """Reads a site's start page and the pages that say most of what it sells: prices, products, about, help.

    A page counts against the budget when it is asked for. On a later crawl the pages of the last time come first, with their
    validators, so that a change is seen and an unchanged page costs the site nothing.
    """

    name = "landing"
    kinds = frozenset({"site"})

    def __init__(self, job: Any, **kwargs: Any) -> None:
        super().__init__(job, **kwargs)
        self._budget = int(job.source.pages)

    def read_start(self, doc: Document, response: Response, identity: Identity) -> Iterator[Output]:
        self._budget -= 1
        yield from self.parse_page(response, doc)
        for url in [*self.job.known.pages, *self.job.known.failed]:
            yield from self._ask_page(url, 0)

    def parse_page(self, response: Response, doc: Document | None = None) -> Iterator[Output]:
        """A page's snapshot, and the pages that it leads to while the budget lasts."""
        # The readers of landing pages load on use: a crawl of forums needs none of them.
        from crawler.landing import read
        from crawler.landing.links import landing_links

        if response.status == 304:
            yield from self.not_modified(response)
            return
        if doc is None:
            self.answered()
            doc = document_of(response, self.job)
        if not is_page(response):
            yield from self.gave_nothing(asked_for(response), Reason("not_a_page", {"url": response.url}))
            return
        problem = wall(doc, asked_for(response).meta["asked"])
        if problem is not None:
            yield from self.gave_nothing(asked_for(response), problem)
            return
        try:
            landing = read(doc)
        except UnreadablePageError as error:
            yield from self.gave_nothing(
                asked_for(response), Reason("unreadable", {"url": response.url, "why": str(error)})
            )
            return
        self.job.counts.snapshots += 1
        yield Gathered(self.fetched(response, doc.page, "landing"), landing=landing)
        for place, url in enumerate(landing_links(doc, limit=max(self._budget, 0) + 20)):
            yield from self._ask_page(url, -1 - min(place, 50))

    def _ask_page(self, url: str, priority: int) -> Iterator[Output]:
        url = without_fragment(url)
        if self._budget > 0 and self.wanted(url):
            self._budget -= 1
            yield self.ask(url, self.parse_page, kind="landing", priority=priority, validate=True)


def is_page(response: Response) -> bool:
    """Whether an answer is a web page rather than a picture, a film or a file."""
    kind = (response.headers.get("Content-Type") or b"text/html").decode("latin-1").split(";")[0].strip().lower()
    return kind in ("", "text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml")
