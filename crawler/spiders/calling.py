"""One call after another to a documented API: its secrets, its pace, and what a call may ask for."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import json
import traceback
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from scrapy import Request
from scrapy.http.request import NO_CALLBACK

from crawler.gathered import Unchanged
from crawler.platforms.base import Answer, Call, Place, Platform, Reading
from crawler.reasons import Reason, Refused, reason_of, why
from crawler.robots import origin
from crawler.secret import META, Secret
from crawler.spiders.base import Output, SourceSpider
from data.errors import UnreadablePageError
from data.records import Page
from data.store.base import FetchedPage

#: What is begun is finished first.
_ORDER = {"replies": 0, "comments": 1, "lookup": 2, "list": 3, "stream": 3}
_MOST_TRIES = 4
#: Lists that are read again further back than this are asked for anew each time.
_LONG = timedelta(days=7)
#: Seconds between looks at whether everything is stored.
_GLANCE = 0.05
_KIND = {"lookup": "list", "stream": "thread", "replies": "comments"}


class CallingSpider(SourceSpider):
    """Makes a platform's calls in their turn. Subclasses say what the answers come to."""

    name = "calling"

    def __init__(self, job: Any, platform: Platform, **kwargs: Any) -> None:
        super().__init__(job, **kwargs)
        source, token = job.source, job.source.secret() if job.source.token else None
        self._is_no_token = token is not None and not _may_be_token(token)
        # What can be no token is sent nowhere and shown to nobody.
        token = None if self._is_no_token else token
        self.platform = platform
        self.place = Place(
            url=source.url,
            api=(source.api or platform.base(source.url)).rstrip("/"),
            has_token=token is not None,
            since=job.since,
            max_threads=source.max_threads,
            known=job.known.threads,
            zone=ZoneInfo(job.study.timezone),
        )
        self._origin = origin(self.place.api)
        headers, parameters = platform.signed(token) if token else ({}, {})
        self.secret = Secret(self._origin, token or "", headers, parameters)
        self._calls: list[tuple[int, int, Call]] = []
        self._turns = itertools.count()
        self._tries: dict[str, int] = {}
        self._is_over = False

    # -- the loop

    async def start(self) -> AsyncIterator[Output]:
        """Every call in its turn; what it brings is passed on before the next is made."""
        job, platform = self.job, self.platform
        job.kind, job.engine = platform.kind, platform.name
        if self._is_no_token:
            self._stop(Reason("platforms.no_such_token", {"url": job.source.url}))
            return
        try:
            self._push(platform.start(self.place))
        except UnreadablePageError as error:
            self._stop(Reason("unreadable", {"url": job.source.url, "why": why(error)}))
        except Refused as error:
            self._stop(error.reason)
        if platform.needs_token and not self.place.has_token:
            self._stop(Reason(f"platforms.{platform.name}.no_token", {"url": job.source.url}))
        while self._calls and not self._is_over:
            outputs, wait = await self._make(heapq.heappop(self._calls)[2])
            for output in outputs:
                yield output
            if self._calls and not self._is_over and wait:
                await asyncio.sleep(wait)
        for output in self._at_the_end():
            yield output
        # What is stored after a spider's start has ended is only noticed by Scrapy's heartbeat, seconds later.
        scraper = self.crawler.engine.scraper
        while scraper.slot is not None and not scraper.slot.is_idle():
            await asyncio.sleep(_GLANCE)

    def _push(self, calls: Sequence[Call]) -> None:
        for call in calls:
            heapq.heappush(self._calls, (_ORDER[call.what], next(self._turns), call))

    async def _make(self, call: Call) -> tuple[list[Output], float]:
        """Make a call and take what it brings; the seconds to wait before the next one."""
        job = self.job
        rest = 0.0 if job.source.api else max(0.0, self.platform.pause - job.delay)
        answer = await self._fetch(call)
        if isinstance(answer, Reason):
            return list(self._without(call, answer)), rest
        job.started = True
        job.counts.pages += 1
        if answer.status == 304:
            job.counts.not_modified += 1
            return [Unchanged(call.url, datetime.now(UTC))], rest
        reading = self._read(call, answer)
        outputs = list(self._take(call, answer, reading))
        if reading.wait > job.options.longest_wait and reading.stop is None:
            until = self.place.clock(datetime.now(UTC) + timedelta(seconds=min(reading.wait, 10**8)))
            self._stop(Reason("platforms.wait_until", {"url": self.place.url, "until": until}))
        return outputs, max(rest, reading.wait)

    async def _fetch(self, call: Call) -> Answer | Reason:
        meta = {
            "kind": call.what,
            "asked": call.url,
            META: self.secret,
            "is_api": not self.platform.asks_robots,
            "waits_itself": True,
            "dont_redirect": True,
        }
        request = Request(
            call.url,
            headers={**call.headers, **self._validators(call)},
            meta=meta,
            callback=NO_CALLBACK,
            dont_filter=True,
        )
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:  # told as what it is, as in any spider's errback
            return self.secret.clean(reason_of(error, call.url, self.job.guard))
        headers = {
            name.decode("latin-1").lower(): self.secret.hide(b", ".join(values).decode("latin-1")[:2_000])
            for name, values in response.headers.items()
        }
        return Answer(response.status, call.url, headers, self.secret.hide_bytes(in_plain_letters(response.body)))

    def _validators(self, call: Call) -> dict[str, str]:
        """An unchanged list need not be sent again, where nothing but news is wanted."""
        if call.what not in ("list", "stream") or not self._may_stop_early():
            return {}
        if call.what == "list" and self.platform.looks_back > _LONG:
            # An unchanged page would hide what has moved below it.
            return {}
        etag, modified = self.job.known.validators.get(call.url, (None, None))
        found = (("If-None-Match", etag), ("If-Modified-Since", modified))
        return {name: value for name, value in found if value}

    def _read(self, call: Call, answer: Answer) -> Reading:
        try:
            if answer.status == 200:
                return self.platform.read(call, answer, self.place)
            return self.platform.read_error(call, answer, self.place)
        except UnreadablePageError as error:
            if error.key == "not_the_api":
                values: dict[str, object] = {"url": self.place.url, "platform": named(self.platform.name)}
                return Reading(problem=Reason("platforms.not_the_api", values))
            return Reading(problem=Reason("unreadable", {"url": self.place.url, "why": why(error)}))
        except Refused as error:
            return Reading(stop=error.reason)
        except Exception as error:  # a fault of ours, or an answer beyond belief: told, and the others go on
            where = traceback.extract_tb(error.__traceback__)[-1]
            self.logger.error("%s: %s at %s:%s", call.url, type(error).__name__, where.filename, where.lineno)
            return Reading(problem=Reason("reader_broke", {"url": call.url, "why": type(error).__name__}))

    def _may_stop_early(self) -> bool:
        """Whether nothing but news is wanted."""
        return self.job.known.walked

    def _take(self, call: Call, answer: Answer, reading: Reading) -> Iterator[Output]:
        """What an answer comes to."""
        raise NotImplementedError

    def _without(self, call: Call, reason: Reason) -> Iterator[Output]:
        """What a call comes to that gave nothing."""
        raise NotImplementedError

    def _at_the_end(self) -> Iterator[Output]:
        """What is still to be written when no call is left."""
        yield from ()

    def _allowed(self, call: Call, calls: Sequence[Call]) -> list[Call]:
        """The calls that may be made: at the API's own place, without a token in their address, none of them for ever."""
        found = []
        for one in calls:
            url = self.secret.clean_url(one.url)
            if self._is_the_apis(url):
                tries = self._tries[url] = self._tries.get(url, 0) + 1
                if tries == 1:
                    found.append(replace(one, url=url, page=call.page + 1 if one.what == call.what else one.page))
        return found

    def _instead(self, call: Call, other: Call) -> list[Call]:
        """The call that takes another's place, unless that has been tried too often."""
        url = self.secret.clean_url(other.url)
        if not self._is_the_apis(url):
            return []
        tries = self._tries[url] = self._tries.get(url, 0) + 1
        if tries > _MOST_TRIES:
            self._stop(Reason("platforms.still_waiting", {"url": self.place.url}))
            return []
        return [replace(other, url=url, page=call.page)]

    def _is_the_apis(self, url: str) -> bool:
        try:
            where = origin(url)
        except ValueError:  # an answer's next page may be no address at all
            where = url[:100]
        if where == self._origin:
            return True
        self.refuse(url, Reason("offsite", {"url": self.place.url, "to": url}))
        self.job.lose(Reason("platforms.elsewhere", {"url": self.place.url, "to": where}))
        self.job.lists_cut = True
        return False

    def _stop(self, reason: Reason) -> None:
        self.job.stopped = self.job.stopped or self.secret.clean(reason)
        self.job.lists_failed = self._is_over = True

    def stop_now(self) -> None:
        self._is_over = True
        super().stop_now()

    def _fetched(self, call: Call, answer: Answer) -> FetchedPage:
        """The answer as a page that may be kept."""
        kind = answer.headers.get("content-type", "")
        page = Page(call.url, answer.body, answer.status, kind, fetched_at=answer.at)
        etag, modified = answer.headers.get("etag"), answer.headers.get("last-modified")
        return FetchedPage(page, self.job.source_id, _KIND.get(call.what, call.what), etag, modified)


def named(platform: str) -> Reason | str:
    """A platform as people call it."""
    return "Stack Exchange" if platform == "stackexchange" else Reason(f"crawl.places.{platform}", {})


def _may_be_token(token: str) -> bool:
    """Whether a token could go into a header: letters, digits and signs of ASCII, without blanks and line breaks."""
    return token.isascii() and token.isprintable() and " " not in token


def in_plain_letters(body: bytes) -> bytes:
    """JSON without escapes, so that every mask finds what it looks for; what is no JSON as it came."""
    if body.lstrip()[:1] not in (b"{", b"["):
        return body
    try:
        return json.dumps(json.loads(body), ensure_ascii=False).encode("utf-8", "replace")
    except (ValueError, RecursionError):
        return body
