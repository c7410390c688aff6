"""What the spiders share: asking for a page once, politely and with its validators, and telling what failed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from typing import Any, ClassVar, Self
from urllib.parse import urldefrag

import scrapy
from scrapy import Request, signals
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler.closed_places import closed
from crawler.engines.document import Document
from crawler.engines.walls import login_wall
from crawler.gathered import Gathered, Unchanged
from crawler.identify import Identity, identify
from crawler.job import Job
from crawler.reasons import LASTING, PAUSES, RESTING, SITEWIDE, Reason, lost_key, reason_of
from data.errors import UnreadablePageError
from data.records import Page
from data.store.base import FetchedPage

Output = Request | Gathered | Unchanged
Parse = Callable[..., Iterable[Output]]

#: After so many failures in a row a site is taken to have stopped answering.
_GIVE_UP_AFTER = 10
_NOT_MODIFIED = 304
#: What an API that is shut answers with; the pages for people may be open all the same.
_API_SHUT = frozenset({"login", "forbidden", "gone", "server_error"})
#: A page came, and no posts could be read out of it.
_NO_POSTS = frozenset({"unreadable", "posts_gone", "no_posts_unsaid"})


def page_of(response: Response) -> Page:
    """The fetched page as our own record."""
    content_type = response.headers.get("Content-Type", b"") or b""
    return Page(
        url=response.url,
        body=response.body,
        status=response.status,
        content_type=content_type.decode("latin-1"),
        fetched_at=datetime.now(UTC),
    )


_MEDIA = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip")


def is_file(response: Response) -> bool:
    """Whether an answer is a picture, a film or a document rather than anything to read posts from."""
    return (_header(response, "Content-Type") or "").strip().lower().startswith(_MEDIA)


_DECLARES_LANGUAGE = re.compile(rb"<html[^>]{0,500}?\slang\s*=|http-equiv=.content-language|og:locale", re.I)


def document_of(response: Response, job: Job) -> Document:
    """The fetched page, with the clock of its times: the study's word for it, else what the page itself shows.

    A page that names no language is by its answer's ``Content-Language`` in that of the forum's own words; its visitors may
    write another, and their alphabet says nothing about the server's clock.
    """
    if response.request is not None and (shut := response.request.meta.get("api_shut")) is not None:
        job.note(shut)
    said = (_header(response, "Content-Language") or "").strip().lower()
    zone: tzinfo | None = job.zone
    if zone is None and said and not said.startswith("vi") and not _DECLARES_LANGUAGE.search(response.body[:4_000]):
        zone = UTC
    return Document(page_of(response), zone=zone)


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1")[:300] if value else None


class SourceSpider(scrapy.Spider):
    """Crawls one source. Subclasses read pages; what a page turns out to be may hand the source to another spider."""

    name = "source"
    kinds: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, job: Job, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.job = job
        self._asked: set[str] = set()
        self._failed_in_a_row = 0
        #: Whether the engine's API refused us, and what kinds of it answered.
        self._api_shut = False
        self._api_read: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.broke, signal=signals.spider_error)
        return spider

    def broke(self, failure: Failure, response: Response) -> None:
        """A page on which our own reading broke: a fault of ours, told as one and never as an empty page."""
        reason = Reason(
            "reader_broke", {"url": response.url, "why": f"{type(failure.value).__name__}: {failure.value}"[:200]}
        )
        self.job.fail(reason)
        if self.job.kind is None:
            self.job.stopped = reason

    # -- asking

    async def start(self) -> AsyncIterator[Output]:
        """The start page, unless another spider fetched it already."""
        if (reason := closed(self.job.source)) is not None:
            self.job.stopped = reason
        elif self.job.first is not None:
            for output in self.parse_start(self.job.first):
                yield output
        else:
            yield self.ask(self.start_address(), self.parse_start, kind="start", may_leave=True)

    def start_address(self) -> str:
        return self.job.source.url

    def ask(
        self,
        url: str,
        parse: Parse,
        *,
        kind: str,
        priority: int = 0,
        may_leave: bool = False,
        validate: bool = False,
        for_people: str | None = None,
        **values: Any,
    ) -> Request:
        """A request for a page. ``validate``: with what the store knows of it, so that an unchanged page costs nothing.
        ``for_people``: where ``url`` is an engine's API, the page for people that is read where the API is shut."""
        headers = {}
        if validate:
            etag, modified = self.job.known.validators.get(url, (None, None))
            headers = {
                name: value for name, value in (("If-None-Match", etag), ("If-Modified-Since", modified)) if value
            }
        self._asked.add(url)
        meta = {"kind": kind, "may_leave": may_leave, "handle_httpstatus_list": [_NOT_MODIFIED], "asked": url}
        if for_people is not None and without_fragment(for_people) != url:
            meta["page"] = without_fragment(for_people)
        return Request(
            url,
            callback=parse,
            errback=self.failed,
            cb_kwargs=values,
            headers=headers,
            meta=meta,
            priority=priority,
            dont_filter=True,
        )

    def wanted(self, url: str) -> bool:
        """Whether a page is the source's own, allowed, and not yet asked for in this crawl."""
        if url in self._asked:
            return False
        if not self.job.guard.allows_url(url):
            self.refuse(url, Reason("private_address", {"url": url, "address": self.job.guard.refusal(url) or url}))
            return False
        if not self.job.is_ours(url):
            self.refuse(url, Reason("offsite", {"url": url, "to": url}))
            return False
        if self.job.forbidden(url):
            self.refuse(url, Reason("robots", {"url": url}))
            return False
        return True

    def allowed(self, address: str | None) -> str | None:
        """The address at which an engine asks for JSON; none where robots.txt forbids it or it is shut: the page itself is read."""
        return None if address is None or self._api_shut or self.job.forbidden(address) else address

    def refuse(self, url: str, reason: Reason) -> None:
        """Leave a page out, counted once."""
        if url not in self._asked:
            self._asked.add(url)
            self.job.skip(reason)

    # -- the start page

    def parse_start(self, response: Response) -> Iterator[Output]:
        """Find out what the source is, then read it, or leave it to the spider that can."""
        job = self.job
        if response.status == _NOT_MODIFIED:
            yield from self.not_modified(response)
            return
        if is_file(response):
            yield from self.gave_nothing(asked_for(response), Reason("not_a_page", {"url": response.url}))
            return
        first_time = job.first is None
        job.first = response
        job.started = True
        if first_time:
            self.answered()
        try:
            doc = document_of(response, job)
            identity = identify(doc, job.source.kind if job.kind is None else job.kind, engine=job.options.engine)
        except UnreadablePageError as error:
            yield from self.gave_nothing(asked_for(response), reason_of(error, response.url))
            return
        if (problem := self._no_longer(identity) or identity.problem) is not None:
            job.stopped = problem
            return
        job.kind = identity.kind
        if identity.kind in self.kinds:
            job.engine = identity.engine
            yield from self.read_start(doc, response, identity)

    def _no_longer(self, identity: Identity) -> Reason | None:
        """Why a source whose posts were read before is none now, as far as its page shows."""
        past, turned = self.job.known.past, identity.kind == "site" and self.job.source.kind is None
        unread = identity.problem is not None and identity.problem.key in ("no_threads", "hardly_anything")
        if not self.job.known.own or past.engine is None or not (unread or (turned and identity.problem is None)):
            return None
        return Reason(lost_key(past.engine), {"url": self.job.source.url, "engine": past.engine, "first": ""})

    def read_start(self, doc: Document, response: Response, identity: Identity) -> Iterator[Output]:
        raise NotImplementedError

    # -- what came back

    def answered(self, response: Response | None = None) -> None:
        """Count a page that came. An engine's API that answers says of a single page what is true of that page alone."""
        self.job.counts.pages += 1
        self._failed_in_a_row = 0
        if response is not None and "page" in asked_for(response).meta:
            self._api_read.add(asked_for(response).meta["kind"])

    def opened(self, response: Response) -> Document:
        """The page that came, counted."""
        self.answered(response)
        return document_of(response, self.job)

    def not_modified(self, response: Response) -> Iterator[Output]:
        """A page that is as it was."""
        self.answered()
        self.job.started = True
        self.job.counts.not_modified += 1
        yield Unchanged(asked_for(response).meta["asked"], datetime.now(UTC))

    def fetched(self, response: Response, page: Page, kind: str, *, error: str | None = None) -> FetchedPage:
        """A page as the store keeps it."""
        return FetchedPage(
            page, self.job.source_id, kind, _header(response, "ETag"), _header(response, "Last-Modified"), error
        )

    def failed(self, failure: Failure) -> Iterator[Output]:
        """A request that gave nothing: counted, told, and noted in the store where it is worth another try next time."""
        request: Request = failure.request  # type: ignore[attr-defined]
        error = failure.value if failure.value is not None else RuntimeError(str(failure))
        reason = reason_of(error, request.url, self.job.guard)
        if isinstance(error, HttpError) and reason.key == "forbidden" and self._asks_to_log_in(error.response):
            reason = Reason("login", {"url": request.url})
        if (instead := self._page_instead(request, reason)) is not None:
            yield instead
            return
        before = self.job.counts.failed
        yield from self.gave_nothing(request, reason)
        self.job.seen.unanswered += self.job.counts.failed - before

    def _page_instead(self, request: Request, reason: Reason) -> Request | None:
        """The request for the page that people see, where the engine's API never answered and says now that it is not for us."""
        page, kind = request.meta.get("page"), request.meta["kind"]
        if page is None or reason.key not in _API_SHUT or kind in self._api_read or self.job.forbidden(page):
            return None
        self._api_shut = True
        told = Reason("api_shut", {"url": request.url, "status": reason.values.get("status", 401)})
        meta = {"kind": kind, "handle_httpstatus_list": [_NOT_MODIFIED], "asked": page, "api_shut": told}
        self._asked.add(page)
        return Request(
            page,
            callback=request.callback,
            errback=request.errback,
            cb_kwargs=request.cb_kwargs,
            meta=meta,
            priority=request.priority,
            dont_filter=True,
        )

    def _asks_to_log_in(self, response: Response) -> bool:
        """Whether a refusal comes with a log-in form: the forum shows the page to its members."""
        try:
            return login_wall(document_of(response, self.job))
        except UnreadablePageError:
            return False

    def gave_nothing(self, request: Request, reason: Reason) -> Iterator[Output]:
        job, kind, asked = self.job, request.meta["kind"], request.meta["asked"]
        self.logger.info("%s: %s", reason.key, request.url)
        if kind == "start":
            job.stopped = reason
            return
        if reason.key in PAUSES:
            job.stopped = job.stopped or reason
            self.stop_now()
            return
        if reason.key in LASTING:
            job.skip(reason)
            if reason.key in ("gone", "forbidden", "login", "not_a_page") and asked not in job.known.validators:
                yield self.nothing(asked, "left_out", reason.key)
            elif reason.key in RESTING and kind == "thread" and asked not in job.known.validators:
                yield self.nothing(asked, kind, reason.key)
        else:
            job.fail(reason)
            if kind == "thread" and reason.key in _NO_POSTS and asked in job.known.validators:
                job.seen.unread += 1
                # The first is told as an example, and that a page never had posts is none of a site that has changed.
                job.problems[:] = [reason, *(other for other in job.problems if other is not reason)]
            job.lists_failed = job.lists_failed or kind == "list"
            if kind != "list" and asked not in job.known.validators:
                yield self.nothing(asked, kind, reason.key)
            self._failed_in_a_row += 1
        if reason.key in SITEWIDE:
            job.stopped = reason
            self.stop_now()
        elif self._failed_in_a_row >= _GIVE_UP_AFTER:
            job.stopped = Reason("stopped_answering", {"url": job.source.url, "why": reason})
            self.stop_now()

    def nothing(self, url: str, kind: str, error: str | None) -> Gathered:
        """A note for the next crawl that this page gave nothing."""
        page = Page(url, b"", status=0, content_type="", fetched_at=datetime.now(UTC))
        return Gathered(FetchedPage(page, self.job.source_id, kind, error=error))

    def stop_now(self) -> None:
        """Close the spider; what was gathered is still written, what was waiting is left for the next crawl."""
        self.job.lists_failed = True
        engine = self.crawler.engine
        if engine.spider is not None:
            self._closing = asyncio.ensure_future(engine.close_spider_async(reason="stopped"))


def without_fragment(url: str) -> str:
    """An address as it is asked for: without its ``#fragment``."""
    return urldefrag(url)[0]


def asked_for(response: Response) -> Request:
    """The request that a page answers; every page that a spider is given has one."""
    assert response.request is not None
    return response.request
