"""One page in the browser: what its scripts may fetch, when it has come to rest, and what it then shows.

The browser has no way to the network. Whatever a page asks for is refused here, or fetched by the crawler as any page is: by
the guard, by robots.txt, at the source's pace, with the crawl's user agent, without cookies; and handed in.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.job import Job
from crawler.reasons import PAUSES, SITEWIDE, Reason, Refused, reason_of, reason_of_status

#: Hosts that keep libraries for everybody's pages; scripts may come from there, and nothing else.
SCRIPT_HOSTS: Final = frozenset(
    (
        "ajax.aspnetcdn.com",
        "ajax.googleapis.com",
        "cdn.jsdelivr.net",
        "cdn.skypack.dev",
        "cdnjs.cloudflare.com",
        "code.jquery.com",
        "esm.sh",
        "unpkg.com",
    )
)
#: So many requests may a page's scripts make, and so many bytes may come of them.
MOST_REQUESTS = 80
MOST_BYTES = 30_000_000
_MOST_SENT = 64_000
_MOST_NODES = 400_000
#: Seconds without a request after which a page has come to rest.
_REST = 0.7
_STEP = 0.1
_DATA: Final = frozenset(("xhr", "fetch"))
_KEPT_TO_OURSELVES: Final = frozenset(
    ["cookie", "user-agent", "host", "connection", "accept-encoding", "accept-language", "content-length", "referer"]
)
_NOT_HANDED_ON: Final = frozenset(
    [
        "set-cookie",
        "content-encoding",
        "content-length",
        "transfer-encoding",
        "connection",
        "alt-svc",
        "link",
        "refresh",
        "clear-site-data",
    ]
)
#: What does not pass by itself, and would leave a page half drawn.
_TEMPORARY: Final = SITEWIDE | PAUSES | {"server_error", "timeout", "network", "cut_short", "refused", "no_such_host"}

Fetch = Callable[[Request], Awaitable[Response]]


@dataclass(slots=True)
class Scripts:
    """The scripts that a crawl has fetched already, each once."""

    kept: dict[str, Response] = field(default_factory=dict)
    size: int = 0

    def keep(self, response: Response, url: str) -> None:
        if response.status == 200 and self.size + len(response.body) <= MOST_BYTES:
            self.size += len(response.body)
            self.kept[url] = response


class Visit:
    """A page being opened. ``fetch`` is the crawler's downloader, of the event loop ``loop``."""

    def __init__(self, response: Response, job: Job, fetch: Fetch, scripts: Scripts, *, pace: float) -> None:
        self.response, self.job, self._fetch, self._scripts = response, job, fetch, scripts
        self._loop = asyncio.get_running_loop()
        self._opened = self._loaded = self.crashed = False
        self._pending = self._requests = self._bytes = 0
        self._last = time.monotonic()
        self._end = self._last + 4 * job.options.timeout + 10 * pace
        #: Why something that the page's scripts asked for did not come; the second may come another time.
        self.lacking: Reason | None = None
        self.failed: Reason | None = None

    @property
    def longest(self) -> float:
        """Seconds after which the page must have been read."""
        return self._end - time.monotonic()

    async def begin(self, page: Any, request: Request) -> None:
        """Stand between a new page and everything that it asks for."""
        await page.route("**/*", self._answer)
        page.on("load", self._on_load)
        page.on("crash", self._on_crash)
        page.on("popup", _close)

    def _on_load(self, _: Any) -> None:
        self._loaded, self._last = True, time.monotonic()

    def _on_crash(self, _: Any) -> None:
        self.crashed = True

    # -- what it asks for

    async def _answer(self, route: Any, request: Any) -> None:
        if request.is_navigation_request():
            # The page itself, once: wherever its scripts would go, and whatever it frames, stays closed.
            if self._opened:
                await route.abort()
                return
            self._opened = True
            kept = ("content-type", "content-security-policy", "content-language")
            headers = {name: value for name, value in _headers(self.response).items() if name in kept}
            await route.fulfill(status=200, headers=headers, body=self.response.body)
            return
        if not self._may_ask(request):
            await route.abort()
            return
        self._pending, self._requests = self._pending + 1, self._requests + 1
        try:
            response = await self._get(request)
        finally:
            self._pending, self._last = self._pending - 1, time.monotonic()
        if response is None:
            await route.abort()
        else:
            headers = {k: v for k, v in _headers(response).items() if k not in _NOT_HANDED_ON}
            await route.fulfill(status=response.status, headers=headers, body=response.body)

    def _may_ask(self, request: Any) -> bool:
        url, kind = request.url, request.resource_type
        if self._requests >= MOST_REQUESTS or self._bytes >= MOST_BYTES or not self.job.guard.allows_url(url):
            return False
        if request.method not in ("GET", "POST") or len(request.post_data_buffer or b"") > _MOST_SENT:
            return False
        if self.job.is_ours(url):
            return kind == "script" or kind in _DATA
        return kind == "script" and request.method == "GET" and urlsplit(url).hostname in SCRIPT_HOSTS

    async def _get(self, request: Any) -> Response | None:
        """What a script asked for; nothing where it may not be had."""
        url = request.url
        if request.resource_type == "script" and url in self._scripts.kept:
            return self._scripts.kept[url]
        headers = {name: value for name, value in (await request.all_headers()).items() if _goes_out(name)}
        asked = Request(
            url,
            method=request.method,
            headers=headers,
            body=request.post_data_buffer or b"",
            meta={"script_part": True, "may_leave": not self.job.is_ours(url)},
            callback=NO_CALLBACK,
            priority=100,
            dont_filter=True,
        )
        try:
            response = await self._in_crawler(asked)
        except Exception as error:
            self._note(reason_of(error, url, self.job.guard), request)
            return None
        if not self.job.is_ours(response.url) and urlsplit(response.url).hostname not in SCRIPT_HOSTS:
            return None
        self._bytes += len(response.body)
        if response.status >= 400:
            self._note(reason_of_status(response.status, url), request)
        elif request.resource_type == "script":
            self._scripts.keep(response, url)
        return response

    async def _in_crawler(self, request: Request) -> Response:
        if asyncio.get_running_loop() is self._loop:
            return await self._fetch(request)
        # On Windows the browser is spoken to on a thread of its own.
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(_awaited(self._fetch(request)), self._loop))

    def _note(self, reason: Reason, request: Any) -> None:
        self.lacking = self.lacking or reason
        if reason.key in _TEMPORARY and self.job.is_ours(request.url):
            self.failed = self.failed or reason

    # -- when it is done

    async def settle(self, page: Any) -> None:
        """Wait until the page has come to rest, then stop it there. Raises :class:`Refused` where it does not, or is too big."""
        session = await self._soon(page.context.new_cdp_session(page))
        await self._rest(session)
        # From here on nothing that the page does can change what is read.
        await self._soon(session.send("Emulation.setScriptExecutionDisabled", {"value": True}))
        await self._soon(session.send("Page.stopLoading"))
        frame = (await self._soon(session.send("Page.getFrameTree")))["frameTree"]["frame"]["id"]
        world = await self._soon(session.send("Page.createIsolatedWorld", {"frameId": frame}))
        asked = {"expression": "document.documentElement.outerHTML.length", "contextId": world["executionContextId"]}
        size = (await self._soon(session.send("Runtime.evaluate", asked)))["result"].get("value", 0)
        if size > self.job.options.largest_page:
            raise Refused("too_big", url=self.response.url)
        await self._soon(session.detach())

    async def _rest(self, session: Any) -> None:
        idle = 0.0
        while True:
            await asyncio.sleep(_STEP)
            if self.crashed:
                raise Refused("script.crashed", url=self.response.url)
            if self.failed is not None:
                raise Refused(self.failed.key, **self.failed.values)
            idle = 0.0 if self._pending else idle + _STEP
            if self.longest <= 0 or idle > self.job.options.timeout:
                raise Refused("script.no_rest", url=self.response.url)
            if self._loaded and not self._pending and time.monotonic() - self._last >= _REST:
                asked = self._requests
                counts = await self._soon(session.send("Memory.getDOMCounters"))
                if counts["nodes"] > _MOST_NODES:
                    raise Refused("too_big", url=self.response.url)
                if asked == self._requests:
                    return

    async def _soon(self, work: Awaitable[Any]) -> Any:
        """What the browser answers; it does not, while a page keeps it busy."""
        waiting = max(1.0, min(self.longest, self.job.options.timeout))
        try:
            return await asyncio.wait_for(work, waiting)
        except TimeoutError:
            raise Refused("script.no_rest", url=self.response.url) from None


async def _awaited(work: Awaitable[Response]) -> Response:
    return await work


async def _close(popup: Any) -> None:
    await popup.close()


def _headers(response: Response) -> Mapping[str, str]:
    return {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
        if values
    }


def _goes_out(name: str) -> bool:
    name = name.lower()
    return name not in _KEPT_TO_OURSELVES and not name.startswith((":", "sec-", "proxy-", "upgrade-"))
