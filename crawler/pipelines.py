"""From what the spiders gathered to the store: personal numbers masked, then written in batches, each of them whole."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crawler.gathered import Gathered, Unchanged, masked_batch, masked_item
from crawler.scribe import Scribe
from data.records import Change
from data.store.base import CrawlCounts, SavedPosts, Store
from data.store.polite import Asked

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

    from crawler.pace import Pace
    from crawler.spiders.base import SourceSpider

#: A batch is written when it holds so many pages, or so many bytes, or is so many seconds old.
PAGES, BYTES, SECONDS = 100, 8_000_000, 1.0
#: Beyond so many pages a crawl without pauses gets a process that writes for it.
_MANY = 40


class Writer:
    """Writes one source's gathered pages in batches, on the thread that owns the store.

    While a batch is being written the next one fills; when that is full too, the spider waits. Nothing is written by halves:
    a batch is one transaction, and a page goes with everything read out of it. A ``scribe`` takes the writing over where a
    crawl without pauses turns out to be a long one.
    """

    def __init__(
        self,
        store: Store,
        thread: Executor,
        source_id: int,
        counts: CrawlCounts,
        scribe: Scribe | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._store, self._thread, self._source_id, self._counts = store, thread, source_id, counts
        self._scribe, self._written_pages = scribe, 0
        self._pace = pace
        self._waiting: list[Gathered] = []
        self._unchanged: list[tuple[str, datetime]] = []
        self._bytes = 0
        self._timer: asyncio.TimerHandle | None = None
        self._writing: asyncio.Future[SavedPosts] | None = None
        self.page_changes: list[Change] = []
        self.error: BaseException | None = None

    async def add(self, item: Gathered | Unchanged) -> None:
        """Take one item; raises what went wrong with the store, from then on every time."""
        if self.error is not None:
            raise self.error
        if isinstance(item, Unchanged):
            self._unchanged.append((item.url, item.at))
        else:
            self._waiting.append(item)
            self._counts.read(item.page.kind, item.threads)
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
            if not await self._mask_one():
                await asyncio.wait([self._writing])
        self._start()

    async def _mask_one(self) -> bool:
        """Mask one page of the full batch while the other process is still at the last: it has the more to do of the two."""
        if self._scribe is None:
            return False
        for place, item in enumerate(self._waiting):
            if not item.is_masked:
                self._waiting[place] = masked_item(item, self._store.author_key_secret)
                await asyncio.sleep(0)
                return True
        return False

    def _start(self) -> None:
        if not self._waiting and not self._unchanged:
            return
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        gathered, unchanged = self._waiting, self._unchanged
        self._waiting, self._unchanged, self._bytes = [], [], 0
        loop = asyncio.get_running_loop()
        # How much was asked is written with what it brought: a killed crawl has spent what it has spent.
        asked = self._pace.unwritten() if self._pace is not None else ()
        self._writing = loop.run_in_executor(self._thread, self._save, gathered, unchanged, asked)
        self._writing.add_done_callback(self._written)

    def _save(
        self, gathered: list[Gathered], unchanged: list[tuple[str, datetime]], asked: tuple[Asked, ...]
    ) -> SavedPosts:
        if self._scribe is not None:
            self._written_pages += len(gathered)
            if self._written_pages > _MANY:
                try:
                    return self._scribe.write((self._source_id, gathered, unchanged, asked))
                except OSError:
                    # It was ended by somebody. To write a batch twice adds nothing, so we simply go on by ourselves.
                    self._scribe = None
        key = self._store.author_key_secret
        return self._store.write(masked_batch(self._source_id, gathered, unchanged, asked, key))

    def _written(self, writing: asyncio.Future[SavedPosts]) -> None:
        self._writing = None
        error = writing.exception()
        if error is None:
            saved = writing.result()
            self._counts.posts_new += saved.new
            self._counts.posts_changed += saved.changed
            self._counts.posts_known += saved.known
            self._counts.page_changes += len(saved.page_changes)
            self.page_changes += saved.page_changes
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
