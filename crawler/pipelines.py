"""From what the spiders gathered to the store: personal numbers masked, then written in batches, each of them whole."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from data.privacy import mask, mask_page
from data.records import LandingPage, Post, Thread
from data.store.base import CrawlCounts, FetchedPage, SavedPosts, Store, WriteBatch

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

    from crawler.spiders.base import SourceSpider

#: A batch is written when it holds so many pages, or so many bytes, or is so many seconds old.
PAGES, BYTES, SECONDS = 100, 8_000_000, 1.0

_Record = TypeVar("_Record")


@dataclass(slots=True)
class Gathered:
    """A fetched page and what was read out of it."""

    page: FetchedPage
    threads: tuple[Thread, ...] = ()
    landing: LandingPage | None = None


@dataclass(slots=True)
class Unchanged:
    """A page that is as it was when last read."""

    url: str
    at: datetime


def masked_post(post: Post) -> Post:
    """The post without personal numbers in what the author, those quoted and the signature say."""
    text, quoted, signature = mask(post.text), post.quoted, post.signature
    quoted = mask(quoted) if quoted else quoted
    signature = mask(signature) if signature else signature
    if text is post.text and quoted is post.quoted and signature is post.signature:
        return post
    return replace(post, text=text, quoted=quoted, signature=signature)


def masked_thread(thread: Thread) -> Thread:
    """The thread's page with its title and every post masked."""
    return replace(thread, title=mask(thread.title), posts=tuple([masked_post(post) for post in thread.posts]))


def masked(value: _Record) -> _Record:
    """Any record with every text in it masked; addresses stay as they are."""
    if isinstance(value, str):
        return mask(value) if not value.startswith(("http://", "https://")) else value  # type: ignore[return-value]
    if isinstance(value, tuple | list):
        return type(value)(masked(item) for item in value)
    if isinstance(value, Mapping):
        return {key: masked(item) for key, item in value.items()}  # type: ignore[return-value]
    if is_dataclass(value) and not isinstance(value, type):
        changes = {field.name: masked(getattr(value, field.name)) for field in fields(value)}
        return replace(value, **changes)
    return value


class Writer:
    """Writes one source's gathered pages in batches, on the thread that owns the store.

    While a batch is being written the next one fills; when that is full too, the spider waits. Nothing is written by halves:
    a batch is one transaction, and a page goes with everything read out of it.
    """

    def __init__(self, store: Store, thread: Executor, source_id: int, counts: CrawlCounts) -> None:
        self._store, self._thread, self._source_id, self._counts = store, thread, source_id, counts
        self._waiting: list[Gathered] = []
        self._unchanged: list[tuple[str, datetime]] = []
        self._bytes = 0
        self._timer: asyncio.TimerHandle | None = None
        self._writing: asyncio.Future[SavedPosts] | None = None
        self.error: BaseException | None = None

    async def add(self, item: Gathered | Unchanged) -> None:
        """Take one item; raises what went wrong with the store, from then on every time."""
        if self.error is not None:
            raise self.error
        if isinstance(item, Unchanged):
            self._unchanged.append((item.url, item.at))
        else:
            self._waiting.append(item)
            self._bytes += len(item.page.page.body)
        if len(self._waiting) >= PAGES or self._bytes >= BYTES:
            await self._write()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(SECONDS, self._on_time)

    def _on_time(self) -> None:
        self._timer = None
        if self._writing is None:
            self._start()
        else:
            self._timer = asyncio.get_running_loop().call_later(SECONDS / 4, self._on_time)

    async def _write(self) -> None:
        while self._writing is not None:
            await asyncio.wait([self._writing])
        self._start()

    def _start(self) -> None:
        if not self._waiting and not self._unchanged:
            return
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        gathered, unchanged = self._waiting, self._unchanged
        self._waiting, self._unchanged, self._bytes = [], [], 0
        loop = asyncio.get_running_loop()
        self._writing = loop.run_in_executor(self._thread, self._save, gathered, unchanged)
        self._writing.add_done_callback(self._written)

    def _save(self, gathered: list[Gathered], unchanged: list[tuple[str, datetime]]) -> SavedPosts:
        from crawler.landing.snapshot import content_hash

        batch = WriteBatch(unchanged=unchanged)
        for item in gathered:
            page = item.page.page
            batch.pages.append(replace(item.page, page=replace(page, body=mask_page(page.body) if page.body else b"")))
            batch.threads.extend((self._source_id, masked_thread(thread)) for thread in item.threads)
            if item.landing is not None:
                landing = masked(item.landing)
                batch.landings.append((self._source_id, landing, content_hash(landing)))
        return self._store.write(batch)

    def _written(self, writing: asyncio.Future[SavedPosts]) -> None:
        self._writing = None
        error = writing.exception()
        if error is None:
            saved = writing.result()
            self._counts.posts_new += saved.new
            self._counts.posts_changed += saved.changed
            self._counts.posts_known += saved.known
        else:
            self.error = error

    async def close(self) -> None:
        """Write what is left; raises what kept anything from being written."""
        while self._writing is not None or ((self._waiting or self._unchanged) and self.error is None):
            await self._write()
            if self._writing is not None:
                await asyncio.wait([self._writing])
        if self.error is not None:
            raise self.error


class StorePipeline:
    """Hands what a spider yields to its job's writer. A store that cannot be written to ends the crawl; the run tells why."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def _spider(self) -> SourceSpider:
        spider: Any = self._crawler.spider
        return spider  # type: ignore[no-any-return]

    async def process_item(self, item: Gathered | Unchanged) -> Gathered | Unchanged:
        writer = self._spider.job.writer
        if writer is not None:
            try:
                await writer.add(item)
            except Exception:
                # The writer keeps it, and the run raises it once every spider has closed.
                self._spider.stop_now()
        return item

    async def close_spider(self) -> None:
        writer = self._spider.job.writer
        if writer is not None:
            try:
                await writer.close()
            except Exception:
                self._spider.stop_now()
