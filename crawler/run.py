"""A study's crawl from beginning to end: every source by its spider, several hosts at once, one store."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
import warnings
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings
from scrapy.utils.defer import deferred_from_coro

from crawler import browser
from crawler import settings as our_settings
from crawler.alone import alone
from crawler.guard import Guard
from crawler.job import Job, Known, Options
from crawler.keywords import Keywords
from crawler.middlewares import withdraw
from crawler.pace import Pace
from crawler.pipelines import Writer
from crawler.platforms import platform_of
from crawler.reasons import PAUSES, Reason, why
from crawler.results import CrawlResult, SourceResult, judge
from crawler.robots import FRESH, Robots, RobotsBook, origin
from crawler.scribe import Scribe
from crawler.spiders import spider_for
from crawler.spiders.base import SourceSpider
from crawler.spiders.platform import PlatformSpider
from crawler.told import told
from data.author_keys import KEY_VERSION, fingerprint, key_of
from data.errors import InputError
from data.logins import without_logins
from data.store import Store, open_store
from data.store.base import Screened
from data.store.polite import RobotsFile
from data.study import Source, Study

#: So many hosts are crawled at the same time.
HOSTS_AT_ONCE = 8
#: A source may turn out to be of another kind once; a second time it would be chasing its own tail.
_MOST_SPIDERS = 2

Watch = Callable[[Job], None]
_log = logging.getLogger("chandung.crawl")


class Process(AsyncCrawlerProcess):
    """Scrapy's process with our guard at its resolver. A process can run once, for its reactor cannot start again."""

    def __init__(self, guard: Guard) -> None:
        self.guard = guard
        self.stopping = False
        self._leaving = False
        self._work: asyncio.Task[Any] | None = None
        self._stop: asyncio.Event | None = None
        settings = Settings()
        settings.setmodule(our_settings, priority="project")
        super().__init__(settings)
        _keep_off_the_screen()

    def _signal_shutdown(self, signum: int, frame: Any) -> None:
        self.stopping = True
        super()._signal_shutdown(signum, frame)

    def _signal_kill(self, signum: int, frame: Any) -> None:
        self._leaving = True
        super()._signal_kill(signum, frame)

    async def pause(self, seconds: float) -> None:
        """Wait, unless the run is stopped meanwhile."""
        if not self.stopping:
            self._stop = self._stop or asyncio.Event()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), seconds)

    def _stop_dfd(self) -> Any:
        if self._leaving:  # a server that does not answer would be waited for as long as after the first Ctrl-C
            return None
        # Scrapy would leave when the spiders have closed; what they came to is noted after that.
        return deferred_from_coro(self._stop_and_note())

    async def _stop_and_note(self) -> None:
        if self._stop is not None:
            self._stop.set()
        for crawler in self.crawlers:
            withdraw(crawler)
        await self.stop()
        if self._work is not None and not self._work.done():
            await asyncio.wait([self._work])

    def run(self, work: Any) -> None:
        """Run a coroutine to its end, with Scrapy's handling of Ctrl-C around it. Raises what it raised."""
        from twisted.internet import reactor as installed

        reactor: Any = installed

        task = self._work = asyncio.get_event_loop().create_task(work)
        task.add_done_callback(lambda _: reactor.callLater(0, self._stop_reactor))
        self.start(stop_after_crawl=False)
        if task.done() and not task.cancelled():
            task.result()

    async def spider(self, spider: type[SourceSpider], job: Job, **values: Any) -> None:
        """Run one spider over a job."""
        if self.stopping:
            job.interrupted = True
            return
        settings = self.settings.copy()
        settings.setdict(
            our_settings.for_source(
                contact=job.study.contact,
                delay=job.delay,
                timeout=job.options.timeout,
                largest_page=job.options.largest_page,
            ),
            priority="cmdline",
        )
        if job.source.script:
            if (lacking := browser.missing(job.source.url)) is not None:
                job.stopped = lacking
                return
            settings.setdict(browser.settings_for(settings, timeout=job.options.timeout), priority="cmdline")
        await self.crawl(Crawler(spider, settings), job=job, **values)
        job.interrupted = job.interrupted or self.stopping


def _keep_off_the_screen() -> None:
    """Until somebody says where Twisted's log goes, it writes every failure to the standard error, tracebacks and all. Scrapy passes it
    on to Python's log."""
    from twisted.logger import globalLogBeginner

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it was said before in this process
        globalLogBeginner.beginLoggingTo([], discardBuffer=True, redirectStandardIO=False)


async def by_host(
    process: Process,
    sources: Sequence[Source],
    work: Callable[[Source], Awaitable[None]],
    pause: Callable[[Source], float],
) -> None:
    """Do ``work`` for every source: those of one host one after another with a pause between, several hosts at once.

    A source that raises does not keep the others from their turn; the first error is raised at the end.
    """
    hosts: dict[str, list[Source]] = {}
    for source in sources:
        hosts.setdefault(urlsplit(source.url).hostname or "", []).append(source)
    gate, errors = asyncio.Semaphore(HOSTS_AT_ONCE), list[BaseException]()

    async def one_host(group: list[Source]) -> None:
        async with gate:
            for place, source in enumerate(group):
                if place:
                    await process.pause(pause(source))
                try:
                    await work(source)
                except Exception as error:
                    errors.append(error)

    await asyncio.gather(*(one_host(group) for group in hosts.values()))
    if errors:
        raise errors[0]


class CrawlRun:
    """One run of a study's sources. ``watch`` is told of every job before it starts."""

    def __init__(self, study: Study, options: Options, watch: Watch | None = None) -> None:
        self.study, self.options, self._watch = study, options, watch
        self.guard = Guard.of(study)
        self.robots = RobotsBook(keep=self._keep_robots)
        self.pace = Pace(study)
        # The store is opened, used and closed on one thread; the reactor never waits for a disk.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self._store: Store | None = None
        self._scribe: Scribe | None = None
        self._error: BaseException | None = None

    def crawl(self, sources: Sequence[Source]) -> CrawlResult:
        """Crawl the sources. Raises :class:`data.errors.StoreError` where the store cannot be used."""
        began = time.monotonic()
        try:
            run_id = self._thread.submit(self._open).result()
            results: list[SourceResult] = []
            process = Process(self.guard)
            process.run(self._all(process, sources, run_id, results))
            told = {result.url for result in results}
            # A second Ctrl-C leaves at once; what was under way then never said how it ended.
            results += [self._broken_off(source) for source in sources if source.url not in told]
            order = {source.url: place for place, source in enumerate(sources)}
            results.sort(key=lambda result: order[result.url])
            outcome = CrawlResult(results, time.monotonic() - began)
            if self._error is not None:
                raise self._error
            self._thread.submit(self._end, run_id, outcome).result()
            return outcome
        finally:
            self._thread.submit(self._close).result()
            self._thread.shutdown()

    def _open(self) -> int:
        self._store = open_store(self.study.database, create=True)
        key = self._store.author_key_secret = key_of(self._store, self.study)
        if (os.cpu_count() or 1) > 1:
            self._scribe = Scribe(self.study.database, self._store.author_key_secret)
        self._store.sync_study(self.study)
        self.robots.remember(self._store.robots_files(datetime.now(UTC) - FRESH))
        self.pace = Pace(self.study, self._store.asked_on(self.pace.day))
        versions = {"chandung": our_settings.VERSION, "scrapy": version("scrapy"), KEY_VERSION: fingerprint(key)}
        return self._store.begin_run("crawl", versions)

    def _end(self, run_id: int, outcome: CrawlResult) -> None:
        assert self._store is not None
        counts = [result.counts for result in outcome.sources]
        totals = {
            "sources": len(counts),
            "pages": sum(one.pages for one in counts),
            "threads": sum(one.threads for one in counts),
            "posts_new": sum(one.posts_new for one in counts),
            "posts_changed": sum(one.posts_changed for one in counts),
            "failed": sum(one.failed for one in counts),
            "requests": sum(one.requests for one in counts),
            "bytes": sum(one.bytes for one in counts),
            "refused": sum(one.refused for one in counts),
        }
        now, privacy = datetime.now(UTC), self.study.privacy
        screened = self._scribe.finish() if self._scribe is not None else Screened()
        outcome.screened = screened + self._store.screen_posts()
        copies = self._store.count_near_copies(run_id)
        for source in outcome.sources:
            source.counts.near_copies = copies.get(source.url, 0)
        totals |= {"near_copies": outcome.screened.near_copies, "marked": outcome.screened.marked}
        self._store.purge(texts_before=now - privacy.keep_texts_for, pages_before=now - privacy.keep_pages_for)
        self._store.end_run(run_id, outcome.state, totals)

    def _close(self) -> None:
        if self._scribe is not None:
            self._scribe.close()
        if self._store is not None:
            self._store.close()

    def _keep_robots(self, file: RobotsFile) -> None:
        if self._store is not None:
            self._thread.submit(self._store.save_robots_file, file)

    async def _in_store(self, work: Callable[..., Any], *values: Any, **named: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: work(*values, **named))

    async def _all(self, process: Process, sources: Sequence[Source], run_id: int, results: list[SourceResult]) -> None:
        async def one(source: Source) -> None:
            results.append(await self._one(process, source, run_id))

        try:
            await by_host(process, sources, one, lambda source: self._job(source).delay)
        except BaseException as error:
            self._error = self._error or error

    def _broken_off(self, source: Source) -> SourceResult:
        job = self._job(source)
        job.interrupted = True
        return judge(job)

    def _job(self, source: Source) -> Job:
        return Job(source, self.study, self.guard, self.robots, self.options, pace=self.pace)

    async def _one(self, process: Process, source: Source, run_id: int) -> SourceResult:
        job = self._job(source)
        assert self._store is not None
        if self._watch is not None:
            self._watch(job)
        if process.stopping or self._error is not None:
            job.interrupted = True
            return judge(job)
        keywords = Keywords(source.keywords)
        job.source_id = await self._in_store(self._store.source_id, source.url)
        job.known = await self._in_store(Known.load, self._store, job.source_id, self.options, keywords)
        job.known.walked = job.known.walked and not self.options.whole
        crawl_id = await self._in_store(self._store.begin_crawl, run_id, job.source_id)
        # Where there are pauses there is time enough to write.
        scribe = self._scribe if job.delay == 0 else None
        job.writer = Writer(self._store, self._thread, job.source_id, job.counts, scribe, self.pace)
        began = time.monotonic()
        try:
            job.stopped = self._held_back(source)
            if job.stopped is None:
                source.secret()
                await self._spiders(process, job)
        except InputError as error:
            job.stopped = Reason("no_secret", {"url": source.url, "why": why(error)})
            if (platform := platform_of(source)) is not None:
                job.kind, job.engine = platform.kind, platform.name
        job.counts.seconds = round(time.monotonic() - began, 2)
        if job.writer.error is not None:
            self._error = self._error or job.writer.error
            process.stopping = True
        if job.stopped is not None and job.stopped.key not in job.refused.times:
            job.refused.add(job.stopped)
        for note in job.notes:
            if note.key in PAUSES and note.key not in job.refused.times:
                job.refused.add(note)
        job.counts.refused = job.refused.refused
        result = judge(job)
        _log.info("%s (%s)", told(result, everything=True), result.state)
        for reason in dict.fromkeys(reason.sentence() for reason in job.problems):
            _log.info("%s", reason)
        if job.writer.error is None:
            await self._in_store(self._note, crawl_id, job, result)
        return result

    def _held_back(self, source: Source) -> Reason | None:
        """Why a source is not to be asked for anything now."""
        if self.options.strict and source in self.study.sources and not source.terms:
            return Reason("terms", {"url": source.url})
        return self.pace.refusal(source, source.api or source.url)

    async def _spiders(self, process: Process, job: Job) -> None:
        if (platform := platform_of(job.source)) is not None:
            await process.spider(PlatformSpider, job, platform=platform)
            return
        kind: str | None = job.source.kind
        for _ in range(_MOST_SPIDERS):
            spider = spider_for(kind)
            await process.spider(spider, job)
            if job.stopped or job.interrupted or job.kind is None or job.kind in spider.kinds:
                return
            kind = job.kind

    def _note(self, crawl_id: int, job: Job, result: SourceResult) -> None:
        assert self._store is not None
        reason = result.reason.sentence(self.study.language) if result.reason else None
        whole = result.state in ("done", "partial") and job.stopped is None and not (job.lists_failed or job.lists_cut)
        stopped = job.stopped.key if job.stopped is not None else None
        self._store.end_crawl(
            crawl_id,
            result.state,
            result.counts,
            reason=reason,
            walked_whole=whole,
            stopped=stopped,
            reason_key=result.reason.key if result.reason else None,
        )
        self._store.save_refusals(crawl_id, job.refused.lines())
        self._store.note_asked(self.pace.unwritten())
        robots = self.robots.get(origin(job.source.url))
        self._store.set_source(job.source_id, engine=result.engine, robots=_told(robots))


def _told(robots: Robots | None) -> str | None:
    if robots is None:
        return None
    delay = f", crawl-delay {robots.delay:g}" if robots.delay else ""
    return f"{robots.found}{delay}"


def crawl(
    study: Study, *, options: Options | None = None, only: Sequence[str] = (), watch: Watch | None = None
) -> CrawlResult:
    """Crawl a study's sources into its database, once per process.

    ``only`` names sources by their address. Raises :class:`InputError` for an address that the study does not name, and
    :class:`data.errors.StoreError` where the database cannot be used.
    """
    sources = chosen(study, only)
    with alone(study.database):
        _log.info("crawl of %d sources, Chandung %s", len(sources), our_settings.VERSION)
        return CrawlRun(study, options or Options(), watch).crawl(sources)


def chosen(study: Study, only: Sequence[str]) -> list[Source]:
    """The study's sources, or those of them that ``only`` names. Raises :class:`InputError` for an address it has not."""
    sources = list(study.all_sources())
    if not only:
        return sources
    known = {source.url.rstrip("/"): source for source in sources}
    missing = [url for url in only if url.rstrip("/") not in known]
    if missing:
        raise InputError(
            "no_such_source", url=without_logins(missing[0]), known="\n".join(source.url for source in sources)
        )
    return [known[url.rstrip("/")] for url in only]
