"""Pages as their scripts draw them: what was fetched is opened in a browser, and what it then shows takes the page's place."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from scrapy.http import HtmlResponse, Response

from crawler.reasons import Refused
from crawler.visit import Scripts, Visit
from data.browsers import find_browser

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

    from crawler.job import Job

#: With fewer words a page shows nothing, and what its scripts were refused is the reason.
_FEW_WORDS = 30
#: Seconds that the browser has to close a page that was read.
_TO_CLOSE = 30.0
_KEPT = (b"Content-Language",)
_log = logging.getLogger("chandung.browser")


class RenderMiddleware:
    """Opens every page of a source with ``script: true``, one at a time; robots.txt, files, feeds and JSON stay as they came."""

    def __init__(self, crawler: Crawler) -> None:
        from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

        self._crawler = crawler
        # Built before the crawl starts, for it begins with it. It does not stand among the handlers: it would be there twice.
        self._browser = ScrapyPlaywrightDownloadHandler.from_crawler(crawler)
        self._turn, self._scripts = asyncio.Lock(), Scripts()
        crawler.signals.connect(self._close, signal=signals.engine_stopped)
        logging.getLogger("scrapy-playwright").setLevel(logging.ERROR)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def _close(self) -> None:
        try:
            await asyncio.wait_for(self._browser.close(), _TO_CLOSE)
        except Exception as error:
            _log.info("the browser did not close: %s", _first_line(error))

    async def process_response(self, request: Request, response: Response) -> Response:
        if not _is_page(request, response):
            return response
        spider: Any = self._crawler.spider
        async with self._turn:
            return await self._drawn(request, response, spider.job)

    async def _drawn(self, request: Request, response: Response, job: Job) -> Response:
        engine: Any = self._crawler.engine
        slot = engine.downloader.slots.get(engine.downloader.get_slot_key(request))
        pace = slot.delay if slot is not None else job.delay
        visit = Visit(response, job, engine.download_async, self._scripts, pace=pace)
        shown = await self._open(visit, response)
        if visit.failed is not None:
            raise Refused(visit.failed.key, **visit.failed.values)
        page = HtmlResponse(
            response.url,
            body=shown.body.decode(getattr(shown, "encoding", "utf-8"), "replace").encode(),
            headers={name: value for name in _KEPT if (value := response.headers.get(name))},
            encoding="utf-8",
            request=request,
        )
        page.headers["Content-Type"] = "text/html; charset=utf-8"
        if visit.lacking is not None and _words(page) < _FEW_WORDS:
            raise Refused("script.lacking", url=response.url, why=visit.lacking.sentence())
        return page

    async def _open(self, visit: Visit, response: Response) -> Response:
        from scrapy_playwright.page import PageMethod

        job = visit.job
        meta = {
            "playwright": True,
            "playwright_context": "page",
            "playwright_context_kwargs": {
                "user_agent": self._crawler.settings["USER_AGENT"],
                "service_workers": "block",
                "accept_downloads": False,
            },
            "playwright_page_init_callback": visit.begin,
            "playwright_page_methods": [PageMethod(visit.settle)],
            "playwright_page_goto_kwargs": {"wait_until": "commit", "timeout": job.options.timeout * 1000},
        }
        try:
            work = self._browser.download_request(Request(response.url, meta=meta))
            return await asyncio.wait_for(work, visit.longest + _TO_CLOSE)
        except Refused:
            raise
        except TimeoutError:
            raise Refused("script.no_rest", url=response.url) from None
        except Exception as error:
            _log.info("browser: %s", _first_line(error))
            raise Refused(
                _key(error, visit), url=response.url, browser=find_browser(), why=_first_line(error)
            ) from None


def _is_page(request: Request, response: Response) -> bool:
    """Whether an answer is a page of the source for people to look at."""
    if any(request.meta.get(name) for name in ("is_robots", "is_api", "script_part")) or request.method != "GET":
        return False
    kind = (response.headers.get("Content-Type") or b"text/html").decode("latin-1").split(";")[0].strip().lower()
    return response.status == 200 and kind in ("text/html", "application/xhtml+xml") and bool(response.body)


def _key(error: Exception, visit: Visit) -> str:
    if visit.crashed:
        return "script.crashed"
    return "script.no_start" if _first_line(error).startswith("BrowserType.launch") else "script.browser_failed"


def _words(page: HtmlResponse) -> int:
    return len(" ".join(page.xpath("//body//text()[not(ancestor::script or ancestor::style)]").getall()).split())


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
