"""What a crawl would find, before there is one: each source's kind, engine, robots.txt, and one post as a preview."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from scrapy.http import Response

from crawler.check_script import look_again, may_need_script
from crawler.checked import Checked, Preview
from crawler.engines.base import Engine
from crawler.engines.document import Document
from crawler.engines.general import General
from crawler.feeds import read_feed
from crawler.guard import Guard
from crawler.identify import Identity, feed_link, read_list, read_thread, reader_for
from crawler.job import Job, Options
from crawler.offered import offered
from crawler.platforms import platform_of
from crawler.platforms.base import Answer, Call, Platform, Reading
from crawler.reasons import Reason, reason_of, span_of, why
from crawler.robots import RobotsBook, origin
from crawler.run import Process, by_host
from crawler.shops import reader_for_shop, reviews_shown
from crawler.spiders.base import Output, SourceSpider, asked_for, document_of
from crawler.spiders.platform import PlatformSpider
from crawler.spiders.unsaid import ENTRIES_ENOUGH, ENTRIES_OF_A_LIST, NO_POSTS, counted_thread
from data.errors import InputError, UnreadablePageError
from data.privacy import mask
from data.records import Post, ThreadLink
from data.study import Source, Study
from data.words import tell

#: From a forum's front page to a thread there are at most so many boards.
_DEEPEST = 3
_SHOWN = 240
#: So many products are asked for a review to show.
_PRODUCTS = 5
#: A pause of so many seconds leaves one wondering.
_LONG = 5.0
#: Told to whoever waits.
Say = Callable[[str], object]


class CheckSpider(SourceSpider):
    """Reads a source's start page, and from a list one thread; yields nothing to store."""

    name = "check"
    kinds = frozenset({"forum", "reviews", "feed", "fanpage", "site"})

    def __init__(self, job: Job, checked: Checked, say: Say | None = None, **kwargs: Any) -> None:
        super().__init__(job, **kwargs)
        self.checked, self._say = checked, say
        self._reader: Engine | None = None
        self._start: Document | None = None
        self._tried = 0

    def slower(self, delay: float) -> None:
        """The site asks for a pause; a long one is told while it lasts."""
        if self._say is not None and delay >= _LONG:
            self._say(tell("check.waits", url=self.job.source.url, wait=span_of(delay).sentence()))

    def read_start(self, doc: Document, response: Response, identity: Identity) -> Iterator[Output]:
        self.checked.kind, self.checked.engine = identity.kind, identity.engine
        self._start = doc
        if identity.kind == "feed":
            yield from self._start_feed(doc, response, identity)
        elif identity.kind == "site":
            self._preview_page(doc)
        elif identity.kind == "reviews":
            yield from self._start_shop(doc, identity)
        elif identity.page == "thread":
            self._preview_thread(doc, reader_for(doc, self.job.options.engine))
        else:
            self._reader = reader_for(doc, self.job.options.engine)
            address = self.allowed(self._reader.board_address(response.url))
            if address and address != response.url:
                yield self.ask(address, self.parse_list, kind="start", for_people=response.url, depth=1)
            else:
                yield from self._list(doc, 1)

    def _start_shop(self, doc: Document, identity: Identity) -> Iterator[Output]:
        self._reader = reader_for_shop(doc, self.job.options.engine)
        if identity.page == "thread":
            address = self.allowed(self._reader.thread_address(doc.url))
            if address and self.wanted(address):
                yield self.ask(address, self.parse_thread, kind="start")
            else:
                self._preview_thread(doc, self._reader)
        else:
            yield from self._products(doc, 1)

    def _products(self, doc: Document, depth: int) -> Iterator[Output]:
        """One product after the other, until one shows a review; from a page without products to the lists that it leads to."""
        assert self._reader is not None
        listing = read_list(doc, self._reader)
        if listing.threads:
            self.checked.threads = len(listing.threads)
            lines = [line for line in listing.threads if line.replies != 0] or list(listing.threads)
            yield from self._ask_product(
                [self.allowed(self._reader.thread_address(line.url)) or line.url for line in lines[:_PRODUCTS]]
            )
            return
        for board in listing.boards if depth < _DEEPEST else ():
            if self.wanted(board):
                yield self.ask(board, self.parse_products, kind="start", depth=depth + 1)
                return
        self.checked.warnings.append(Reason("by_sitemap", {"url": self.job.source.url}))

    def parse_products(self, response: Response, depth: int) -> Iterator[Output]:
        yield from self._products(document_of(response, self.job), depth)

    def _ask_product(self, urls: list[str]) -> Iterator[Output]:
        for place, url in enumerate(urls):
            if self.wanted(url):
                yield self.ask(url, self.parse_product, kind="start", others=urls[place + 1 :])
                return

    def parse_product(self, response: Response, others: list[str]) -> Iterator[Output]:
        assert self._reader is not None
        self._preview_thread(document_of(response, self.job), self._reader)
        if self.checked.preview is None and self.checked.problem is None:
            yield from self._ask_product(others)

    def parse_list(self, response: Response, depth: int) -> Iterator[Output]:
        yield from self._list(document_of(response, self.job), depth)

    def _list(self, doc: Document, depth: int) -> Iterator[Output]:
        assert self._reader is not None
        try:
            listing = read_list(doc, self._reader, self.job.source.kind)
        except UnreadablePageError as error:
            self.checked.problem = reason_of(error, doc.url)
            return
        if listing.threads:
            self.checked.threads = len(listing.threads)
            yield from self._ask_thread(sorted(listing.threads, key=lambda line: line.sticky))
            return
        for board in listing.boards if depth < _DEEPEST else ():
            url = self.allowed(self._reader.board_address(board)) or board
            if self.wanted(url):
                yield self.ask(url, self.parse_list, kind="start", for_people=board, depth=depth + 1)
                return
        self.checked.problem = Reason("no_threads", {"url": doc.url})

    def _ask_thread(self, lines: Sequence[ThreadLink]) -> Iterator[Output]:
        """The first of a list's threads that may be asked for. That of a forum which nobody called one may be no thread; then
        the next ones are asked for too, and a list that leads to no post at all is no forum's."""
        assert self._reader is not None
        for place, line in enumerate(lines):
            if self.wanted(line.url):
                url = self.allowed(self._reader.thread_address(line.url)) or line.url
                values: dict[str, Any] = {"line": line, "others": lines[place + 1 :]}
                yield self.ask(url, self.parse_thread, kind="start", for_people=line.url, **values)
                return
        if self._tried >= ENTRIES_OF_A_LIST and self._start is not None:
            self.checked.kind = "site"
            self.checked.engine = self.checked.threads = self.checked.problem = None
            self.checked.warnings.append(Reason("no_forum", {"url": self.job.source.url, "count": self._tried}))
            self._preview_page(self._start)

    def parse_thread(self, response: Response, line: ThreadLink, others: Sequence[ThreadLink]) -> Iterator[Output]:
        assert self._reader is not None
        self._preview_thread(document_of(response, self.job), self._reader, line)
        if self.checked.problem is not None and self.checked.problem.key == NO_POSTS:
            self._tried += 1
            yield from self._ask_thread(others if self._tried < ENTRIES_ENOUGH else ())

    def _preview_thread(self, doc: Document, reader: Engine, line: ThreadLink | None = None) -> None:
        insist, said = bool(self.job.options.engine), self.job.source.kind
        self.checked.problem = None
        try:
            thread = read_thread(doc, reader, insist=insist, kind=self.checked.kind, expected=said == "forum")
        except UnreadablePageError as error:
            unsaid = line is not None and not insist and said is None and isinstance(reader, General)
            counted = counted_thread(doc, reader, line) if unsaid and error.key == "no_posts_seen" else None
            if counted is None:
                key = error.key if unsaid else ""
                unseen = Reason(NO_POSTS, {"url": doc.url})
                self.checked.problem = unseen if key == "no_posts_seen" else reason_of(error, doc.url)
                return
            thread = counted
        self.checked.posts = len(thread.posts)
        if reader.name != thread.engine and reader.name != "general" and self.checked.kind != "reviews":
            values: dict[str, object] = {"url": doc.url, "engine": reader.name, "other": thread.engine}
            self.checked.warnings.append(Reason("other_reader", values))
        self.checked.engine = thread.engine if reader.name == "general" else reader.name
        self._preview_post(thread.title, thread.posts)

    def _preview_post(self, title: str, posts: Sequence[Post]) -> None:
        if posts:
            self.checked.preview = Preview(cut(title), cut(posts[0].text), posts[0].posted_at)

    def _start_feed(self, doc: Document, response: Response, identity: Identity) -> Iterator[Output]:
        if identity.page == "feed":
            self._feed(doc)
            return
        url = feed_link(doc)
        if url is not None and self.wanted(url):
            yield self.ask(url, self.parse_feed, kind="start", may_leave=True)

    def parse_feed(self, response: Response) -> Iterator[Output]:
        self._feed(document_of(response, self.job))
        yield from ()

    def _feed(self, doc: Document) -> None:
        try:
            feed = read_feed(doc)
        except UnreadablePageError as error:
            self.checked.problem = reason_of(error, doc.url)
            return
        self.checked.engine, self.checked.threads = "feed", len(feed.entries)
        if not feed.entries:
            self.checked.problem = Reason("platforms.empty_feed", {"url": self.job.source.url})
        else:
            thread = feed.entries[0].thread
            self._preview_post(thread.title, thread.posts)

    def _preview_page(self, doc: Document) -> None:
        from crawler.landing import read

        try:
            page = read(doc)
        except UnreadablePageError as error:
            self.checked.problem = reason_of(error, doc.url)
            return
        if reviews_shown(doc):
            self.checked.warnings.append(Reason("has_reviews", {"url": doc.url}))
        words = page.description or " · ".join(page.headings[:3]) or page.text
        self.checked.preview = Preview(cut(page.title or ""), cut(words))
        self.checked.offered = offered(page.social_links, self.job.study, self.job.source.about)

    def gave_nothing(self, request: Any, reason: Reason) -> Iterator[Output]:
        self.checked.problem = reason
        yield from ()

    def not_modified(self, response: Response) -> Iterator[Output]:
        self.checked.problem = Reason("odd_status", {"url": asked_for(response).url, "status": response.status})
        yield from ()


class PlatformCheck(PlatformSpider):
    """Asks a platform until it has shown one thread; yields nothing to store."""

    def __init__(self, job: Job, platform: Platform, checked: Checked, **kwargs: Any) -> None:
        super().__init__(job, platform, **kwargs)
        self.checked = checked
        checked.kind, checked.engine = platform.kind, platform.name

    def _take(self, call: Call, answer: Answer, reading: Reading) -> Iterator[Output]:
        is_over = reading.problem is not None or reading.stop is not None
        if not reading.threads and (is_over or reading.instead is not None or call.what != "list"):
            yield from super()._take(call, answer, reading)
            return
        several = call.what == "list"
        self.checked.threads = len(reading.threads) if several else None
        self.checked.posts = None if several else sum(len(thread.posts) for thread in reading.threads)
        thread = next((one for one in reading.threads if one.posts), None)
        if thread is not None:
            post = thread.posts[0]
            self.checked.preview = Preview(cut(thread.title), cut(post.text), post.posted_at)
        elif not reading.calls:
            self.checked.problem = Reason("no_threads", {"url": self.place.url})
        self._is_over = thread is not None or not reading.calls
        if not self._is_over:
            yield from super()._take(call, answer, reading)


def _lacks_secret(source: Source) -> bool:
    try:
        source.secret()
    except InputError:
        return True
    return False


def cut(text: str) -> str:
    """The beginning of a text on one line, masked."""
    words = " ".join(mask(text).split())
    return words if len(words) <= _SHOWN else words[:_SHOWN].rsplit(" ", 1)[0] + " …"


def check(
    study: Study, *, options: Options | None = None, only: Sequence[Source] | None = None, say: Say | None = None
) -> list[Checked]:
    """Look at each source of a study once; nothing is stored. One call per process, for its reactor cannot start again.
    ``say`` is told of long pauses."""
    guard, options = Guard.of(study), options or Options()
    robots = RobotsBook()
    sources = list(study.all_sources()) if only is None else list(only)
    found = {source.url: Checked(source.url, source.about, stopped=True) for source in sources}
    process = Process(guard)

    async def one(source: Source) -> None:
        job = Job(source, study, guard, robots, options)
        platform = platform_of(source)
        if platform is None:
            await process.spider(CheckSpider, job, checked=found[source.url], say=say)
        elif _lacks_secret(source):
            found[source.url].kind, found[source.url].engine = platform.kind, platform.name
        else:
            await process.spider(PlatformCheck, job, platform=platform, checked=found[source.url])
        _conclude(found[source.url], job)
        if platform is None and not job.interrupted and may_need_script(job, found[source.url]):
            found[source.url] = await look_again(job, found[source.url], in_browser)

    async def in_browser(job: Job) -> Checked:
        checked = Checked(job.source.url, job.source.about)
        await process.spider(CheckSpider, job, checked=checked)
        _conclude(checked, job)
        return checked

    if sources:
        process.run(by_host(process, sources, one, lambda source: Job(source, study, guard, robots, options).delay))
    return [found[source.url] for source in sources]


def _conclude(checked: Checked, job: Job) -> None:
    checked.stopped = job.interrupted
    if checked.stopped:
        return
    source, site = job.source, job.robots.get(origin(job.source.url))
    checked.problem = checked.problem or job.stopped
    checked.warnings += [note for note in job.notes if note.key == "api_shut"]
    if checked.problem is None and checked.preview is None:
        checked.problem = next(iter([*job.problems, *job.left_out]), None)
    if site is not None:
        allowed = "allowed" if site.allows(source.url) else "forbidden"
        checked.robots = allowed if site.found == "rules" else "withheld" if site.withheld else site.found
        checked.robots_delay = site.delay
    try:
        source.secret()
    except InputError as error:
        missing = Reason("no_secret", {"url": source.url, "why": why(error)})
        if checked.problem is None:
            checked.problem = missing
        else:
            checked.warnings.append(missing)
    if source in job.study.sources and source.terms is None:
        checked.warnings.append(Reason("no_terms", {"url": source.url}))
    if checked.robots_delay and checked.robots_delay > source.delay:
        checked.warnings.append(Reason("slower", {"url": source.url, "wait": span_of(checked.robots_delay)}))
    if source.delay == 0 and not _is_named_locally(job):
        checked.warnings.append(Reason("no_delay", {"url": source.url}))


def _is_named_locally(job: Job) -> bool:
    from crawler.guard import place_of

    return place_of(job.source.url) in job.guard.named


def exit_code(found: Sequence[Checked]) -> int:
    """0 where every source could be read, 1 where one could not, 130 where the check was stopped."""
    if any(one.stopped for one in found):
        return 130
    return int(any(one.problem for one in found))
