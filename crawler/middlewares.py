"""What every request passes on its way out and back: the guard, robots.txt, and waiting when a site asks for it."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http.request import NO_CALLBACK
from scrapy.logformatter import LogFormatter, LogFormatterResult

from crawler.reasons import PAUSES, Refused, reason_of, span_of
from crawler.robots import LARGEST, UNREACHABLE, Robots, origin
from crawler.waits import seconds_asked
from data.errors import UnreadablePageError

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.job import Job

#: What a robots.txt may come to when it is unpacked; of one that is longer than 500 KiB as sent the rest is not fetched.
_ROBOTS_BYTES = 2_000_000
_REDIRECTED = 302
#: Seconds to wait after "too many requests" that does not say how long.
_UNSAID_WAIT = 10.0
#: Seconds between requests that come to no delay.
_HARDLY_ANY = 1e-6


def _job(crawler: Crawler) -> Job:
    spider: Any = crawler.spider
    job: Job = spider.job
    return job


def _slow_down(crawler: Crawler, request: Request, delay: float) -> None:
    """Let requests to this one's host be at least ``delay`` seconds apart, from the next one on."""
    downloader = crawler.engine.downloader
    key = downloader.get_slot_key(request)
    concurrency = 1 if delay > 0 else downloader.domain_concurrency
    downloader.per_slot_settings[key] = {"delay": delay, "concurrency": concurrency}
    if (slot := downloader.slots.get(key)) is not None:
        slot.delay, slot.concurrency = delay, concurrency


def withdraw(crawler: Crawler) -> None:
    """Let no further request of a crawl leave: those that wait for their turn come back at once, as refused."""
    spider: Any = crawler.spider
    if spider is None or crawler.engine is None:
        return
    spider.job.interrupted = True
    for slot in crawler.engine.downloader.slots.values():
        slot.close()
        while slot.queue:
            request, answer = slot.queue.popleft()
            answer.errback(Refused("interrupted", url=request.url))


def _go_on(job: Job, request: Request) -> None:
    if job.interrupted:
        raise Refused("interrupted", url=request.url)


class GuardMiddleware:
    """Refuses private addresses that the study does not name, and redirects that leave the source's site."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        job = _job(self._crawler)
        _go_on(job, request)
        if not job.guard.allows_url(request.url):
            address = job.guard.refusal(request.url)
            if address is None:
                raise Refused("not_web", url=request.url)
            raise Refused("private_address", url=request.url, address=address)
        moved = "redirect_urls" in request.meta and not request.meta.get("may_leave")
        if moved and not job.is_ours(request.url):
            raise Refused("offsite", url=request.meta["redirect_urls"][0], to=request.url)


class RobotsMiddleware:
    """Reads each site's robots.txt once a day, keeps to it, and keeps the pace it asks for."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._paced: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler)
        crawler.signals.connect(middleware.enough, signal=signals.bytes_received)
        return middleware

    def enough(self, data: bytes, request: Request) -> None:
        """Stop fetching a robots.txt behind what has to be read of it (RFC 9309, 2.5)."""
        if request.meta.get("is_robots"):
            # The whole of it is no reason to refuse it; from here on the bound is on what it unpacks to.
            request.meta["download_maxsize"] = _ROBOTS_BYTES
            request.meta["robots_bytes"] = request.meta.get("robots_bytes", 0) + len(data)
            if request.meta["robots_bytes"] >= LARGEST:
                raise StopDownload(fail=False)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("is_robots") or request.meta.get("is_api"):
            return
        job, site = _job(self._crawler), origin(request.url)
        robots = job.robots.fresh(site)
        if robots is None:
            async with self._locks[site]:
                robots = job.robots.fresh(site) or await self._read(site)
                job.robots[site] = robots
            _go_on(job, request)
        if site not in self._paced:
            self._paced.add(site)
            if robots.delay is not None and robots.delay > job.delay:
                _slow_down(self._crawler, request, robots.delay)
                if (told := getattr(self._crawler.spider, "slower", None)) is not None:
                    told(robots.delay)
        if robots.found == "unreachable":
            raise Refused("robots_unreachable", url=request.url)
        if not robots.allows(request.url):
            raise Refused("robots", url=request.url)

    async def _read(self, site: str) -> Robots:
        meta = {"is_robots": True, "may_leave": True, "download_maxsize": 0}
        meta["handle_httpstatus_all"] = False
        robots = _job(self._crawler).robots
        request = Request(f"{site}/robots.txt", meta=meta, priority=1000, callback=NO_CALLBACK)
        try:
            response = await self._crawler.engine.download_async(request)
        except Refused as error:
            if error.reason.key in PAUSES:
                raise
            return replace(UNREACHABLE, read_at=datetime.now(UTC))
        except IgnoreRequest as error:
            # Redirected again and again: RFC 9309 lets us take it as absent. Too large when unpacked: it says nothing to us.
            if "max redirections" in str(error):
                return robots.note(site, _REDIRECTED, b"")
            return replace(UNREACHABLE, read_at=datetime.now(UTC))
        return robots.note(site, response.status, response.body)


class PoliteRetryMiddleware(RetryMiddleware):
    """Tries again what may pass, and waits as long as the site asks (Retry-After), within bounds."""

    crawler: Crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = super().from_crawler(crawler)
        crawler.signals.connect(middleware.hold_back, signal=signals.response_downloaded)
        return middleware

    def hold_back(self, response: Response, request: Request) -> None:
        """Let the wait that an answer asks for begin with that answer, and before the next request to its host can leave."""
        wait = _wait_asked(request, response)
        slot = self.crawler.engine.downloader.slots.get(str(request.meta.get("download_slot")))
        if wait is None or wait > _job(self.crawler).options.longest_wait or slot is None:
            return
        slot.delay = slot.delay or _HARDLY_ANY  # without a delay the downloader looks at no clock
        slot.lastseen = max(slot.lastseen, monotonic() + wait - slot.delay)

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        if response.status in (429, 503) and request.meta.get("waits_itself"):
            return response
        wait = _wait_asked(request, response)
        if wait is None:
            return super().process_response(request, response)
        if wait <= _job(self.crawler).options.longest_wait:
            again = self._retry(request, f"{response.status} Retry-After {wait:.0f}")
            if again is not None:
                return again
        raise Refused("asked_to_wait", url=request.url, status=response.status, wait=span_of(round(wait)))


def _wait_asked(request: Request, response: Response) -> float | None:
    """Seconds that nothing may be asked after this answer, or ``None`` where it asks for no wait that is kept here."""
    if response.status not in (429, 503) or request.meta.get("waits_itself"):
        return None
    wait = retry_after(response)
    return _UNSAID_WAIT if wait is None and response.status == 429 else wait


def retry_after(response: Response) -> float | None:
    """Seconds that an answer asks us to wait, or ``None`` where it does not say."""
    return seconds_asked((response.headers.get("Retry-After") or b"").decode("latin-1"))


class ForeseenMiddleware:
    """A page that cannot be read is one of many in a crawl, and no fault: it is told as what it is, and the crawl goes on."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_spider_exception(self, response: Response, exception: Exception) -> Iterable[Any] | None:
        if not isinstance(exception, UnreadablePageError):
            return None
        spider: Any = self._crawler.spider
        gave: Iterable[Any] = spider.gave_nothing(response.request, reason_of(exception, response.url))
        return gave


class QuietFormatter(LogFormatter):
    """Scrapy's log without what people wrote: items and whole pages never stand in it."""

    def scraped(self, item: Any, response: Any, spider: Any) -> Any:
        return None

    def crawled(self, request: Request, response: Response, spider: Any) -> Any:
        if response.status < 400:
            return None
        return {**super().crawled(request, response, spider), "level": logging.INFO}

    def item_error(self, item: Any, exception: Any, response: Any, spider: Any) -> LogFormatterResult:
        return {"level": logging.ERROR, "msg": "Error processing a page: %(error)s", "args": {"error": exception}}
