"""The forum spider: lists newest first, threads page by page, and on later crawls only what has moved or may have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from scrapy.http import Response

from crawler.engines.document import Document
from crawler.engines.general import General
from crawler.engines.own_ids import without_places
from crawler.gathered import Gathered
from crawler.identify import Identity, left_behind, read_thread, reader_for
from crawler.keywords import Keywords
from crawler.reasons import Reason, why
from crawler.spiders.base import Output, asked_for, is_file, without_fragment
from crawler.spiders.listing import LIST_PRIORITY, MOST_PAGES, ListSpider
from crawler.spiders.unsaid import NO_POSTS, Held, Unsaid, forgive
from crawler.spiders.walking import Reading, has_moved
from crawler.walls import wall
from data.errors import UnreadablePageError
from data.records import Thread, ThreadLink
from data.store.base import FetchedPage, ThreadState

#: What is begun is finished first; then come threads, lists (:data:`LIST_PRIORITY`), and second looks.
_NEXT_PAGE, _THREAD, _SECOND_LOOK = 20, 10, -10
#: A thread in which no wanted word came up on so many pages is given up.
_PAGES_HELD = 30
#: After so many pages without a post a thread is taken to go round in a circle.
_EMPTY_PAGES = 5


class ForumSpider(ListSpider):
    """Reads a forum, one of its boards, or one thread."""

    name = "forum"
    kinds = frozenset({"forum"})

    def __init__(self, job: Any, **kwargs: Any) -> None:
        super().__init__(job, **kwargs)
        self.keywords = Keywords(job.source.keywords)
        self._read: set[str] = set()
        self._engines: dict[str, None] = {}
        self._unsaid: Unsaid | None = None

    # -- the start page, and what earlier crawls left undone

    def read_start(self, doc: Document, response: Response, identity: Identity) -> Iterator[Output]:
        self.reader = reader_for(doc, self.job.options.engine)
        if isinstance(self.reader, General):
            self.reader.recall(self._known_pages())
        if identity.page == "thread":
            self.job.listed += 1
            onward = [
                request
                for state in self.job.known.own_threads()
                for request in self.ask_known(
                    (state.last_url if state.complete else state.next_url) or response.url, state
                )
            ]
            address = self.allowed(self.reader.thread_address(response.url))
            if address:
                yield self.ask_thread(response.url, Reading(), priority=_THREAD)
            else:
                yield from self.parse_thread(response, Reading(), doc)
            yield from onward
            return
        if isinstance(self.reader, General) and not (self.job.options.engine or self.job.source.kind):
            self._unsaid = Unsaid.of(self.job.known)
        yield from self.unfinished()
        address = self.allowed(self.reader.board_address(response.url))
        if address and address != response.url:
            yield self.ask(address, self.parse_list, kind="list", priority=LIST_PRIORITY, for_people=response.url)
        else:
            yield from self.parse_list(response, doc)
        yield from self.second_looks()

    def _known_pages(self) -> Iterator[tuple[str, str, str]]:
        """Threads that the store knows: id, first address, the address of a later page."""
        first = {identity: url for url, identity in self.job.known.addresses.items()}
        for state in self.job.known.own_threads():
            for later in (state.last_url, state.next_url):
                if later and state.thread_id in first:
                    yield state.thread_id, first[state.thread_id], later

    def unfinished(self) -> Iterator[Output]:
        """Threads that an earlier crawl began and did not finish, and pages that it could not get."""
        for state in self.job.known.own_threads():
            if not state.complete and (url := state.next_url or state.last_url):
                yield from self.ask_known(url, state)
        for url in self.job.known.failed:
            if not self._rests(url) and self.wanted(url):
                yield self.ask_thread(url, self._reading(None), priority=_THREAD)

    def ask_known(self, url: str, state: ThreadState, line: ThreadLink | None = None) -> Iterator[Output]:
        """A page of a thread that the store knows; its new posts begin there."""
        if self.wanted(url):
            begins = self.job.known.addresses.get(url) == state.thread_id
            page = 1 if begins else self.job.known.depth.get(state.thread_id, 1) + (url == state.next_url)
            yield self.ask_thread(url, Reading(line, page), priority=_NEXT_PAGE, validate=state.complete)

    def second_looks(self) -> Iterator[Output]:
        """What finds an edit that moves no thread up: fresh threads at their end, and the pages not seen for longest."""
        for url in self.job.known.again:
            if url not in self._asked and self.wanted(url):
                yield self.ask(
                    url, self.parse_thread, kind="thread", priority=_SECOND_LOOK, validate=True, reading=Reading()
                )

    # -- threads

    def ask_line(self, line: ThreadLink) -> Iterator[Output]:
        """The request that a line of a list calls for: none where the thread is as it was when last read."""
        assert self.reader is not None
        known = self.job.known
        key = line.thread_id if line.thread_id in known.threads else known.addresses.get(line.url)
        state = known.threads.get(key) if key else None
        if state is not None:
            if state.complete and not has_moved(line, state):
                return
            yield from self.ask_known((state.last_url if state.complete else state.next_url) or line.url, state, line)
            return
        left_out = known.left_out.get(self.allowed(self.reader.thread_address(line.url)) or line.url)
        if left_out is not None and (line.last_post_at is None or line.last_post_at <= left_out):
            return
        if self._rests(line.url, line):
            self.job.skip(Reason("resting", {"url": line.url}))
        elif self._unsaid is not None and line.url in known.site_pages:
            self._unsaid.empty += 1
        elif self.wanted(line.url):
            yield self.ask_thread(line.url, self._reading(line), priority=_THREAD)

    def _rests(self, url: str, line: ThreadLink | None = None) -> bool:
        """Whether a page gave nothing lately for a reason that has hardly changed since."""
        rest = self.job.known.resting.get(url)
        # Lists may tell the day of the last post alone.
        moved = line.last_post_at if line is not None else None
        if rest is None or (moved is not None and moved > rest.at - timedelta(days=1)):
            return False
        if rest.error == NO_POSTS:
            if self._unsaid is None:
                return False  # The study says by now what the source is.
            self._unsaid.empty += line is not None
        return True

    def _reading(self, line: ThreadLink | None) -> Reading:
        """A thread that the store does not know yet: it must first show what the study asks for."""
        since, last = self.job.since, line.last_post_at if line else None
        return Reading(
            line,
            wanted=not self.keywords or self.keywords.found_in(line.title if line else ""),
            recent=since is None or (last is not None and last >= since),
        )

    def ask_thread(self, url: str, reading: Reading, *, priority: int, validate: bool = False) -> Any:
        assert self.reader is not None
        self._asked.add(url)
        address = self.allowed(self.reader.thread_address(url)) or url
        how: dict[str, Any] = {"priority": priority, "validate": validate, "for_people": url}
        return self.ask(address, self.parse_thread, kind="thread", reading=reading, **how)

    def parse_thread(self, response: Response, reading: Reading, doc: Document | None = None) -> Iterator[Output]:
        """One page of a thread: its posts, and the request for the next page."""
        if response.status == 304:
            yield from self.not_modified(response)
            return
        if is_file(response):
            yield from self.gave_nothing(asked_for(response), Reason("not_a_page", {"url": response.url}))
            return
        doc = doc or self.opened(response)
        assert self.reader is not None
        try:
            thread = self._thread_of(doc, reading)
        except UnreadablePageError as error:
            problem = wall(doc, asked_for(response).meta["asked"])
            reason = problem or Reason("unreadable", {"url": response.url, "why": why(error)})
            if problem is None and self._unsaid is not None and error.key == "no_posts_seen":
                reason = Reason(NO_POSTS, {"url": response.url})
                self._unsaid.hold(Held(response, reading, doc, reason))
            yield from self.gave_nothing(asked_for(response), reason)
            if self._unsaid is not None and self._unsaid.is_no_forum(at_end=False):
                self._fall()
            return
        if self._lacks_posts(thread, reading, asked_for(response).meta["asked"]):
            reason = Reason("posts_gone", {"url": response.url, "engine": thread.engine})
            yield from self.gave_nothing(asked_for(response), reason)
            return
        self._read_by(thread, response.url)
        for _ in range(thread.left_out):
            self.job.skip(Reason("wordless"))
        if thread.next_url is None:
            self._tell_left(left_behind(doc, self.reader, of_list=False), response.url)
        thread = self.bounded(self.placed(thread, reading, response.url), reading)
        if thread.thread_id not in self._read:
            self._read.add(thread.thread_id)
            self.job.counts.threads += 1
            for one in self._unsaid.learn(response.url) if self._unsaid is not None else ():
                forgive(self.job, one.reason)
                yield from self.parse_thread(one.response, one.reading, one.doc)
        fetched = self.fetched(response, doc.page, "thread")
        if reading.repeats:
            fetched = self.nothing(asked_for(response).meta["asked"], "left_out", "same_posts").page
        yield from self.pass_on(fetched, thread, reading)
        yield from self.ask_next(thread, reading)

    def _thread_of(self, doc: Document, reading: Reading) -> Thread:
        """The posts of a page. Raises ``UnreadablePageError``."""
        assert self.reader is not None
        insist, kind = bool(self.job.options.engine), self.job.kind
        expected = self.job.source.kind == "forum" or reading.page > 1
        try:
            return read_thread(doc, self.reader, insist=insist, kind=kind, expected=expected)
        except UnreadablePageError:
            if self._unsaid is None or expected:
                raise
            thread = read_thread(doc, self.reader, expected=True)
            if not self._unsaid.is_thread(thread, reading.line):
                raise
            return thread

    def _fall(self) -> None:
        """Leave a source that is no forum after all to the spider for sites."""
        assert self._unsaid is not None
        found, self._unsaid = self._unsaid, None
        self.stop_now()
        found.fall(self.job)

    def closed(self, reason: str) -> None:
        """At the end of a short list it shows whether it was a forum's."""
        if reason == "finished" and self._unsaid is not None and self._unsaid.is_no_forum(at_end=True):
            self._unsaid.fall(self.job)

    def _lacks_posts(self, thread: Thread, reading: Reading, asked: str) -> bool:
        """Whether a page shows no post although it must have some: it had when it was read before, or its list counts replies.
        What it shows of a short thread is compared with what is stored of it."""
        known, state = self.job.known, self.job.known.threads.get(thread.thread_id)
        had = state is not None and state.posts > 0 and asked in known.validators
        if thread.posts or thread.left_out:
            self.job.seen.read += had
            if had and state is not None and state.complete and known.depth.get(thread.thread_id) == 1:
                self.job.seen.posts_before += state.posts
                self.job.seen.posts_now += min(len(thread.posts), state.posts)
            return False
        return had or (reading.page == 1 and reading.line is not None and bool(reading.line.replies))

    def placed(self, thread: Thread, reading: Reading, url: str) -> Thread:
        """The page with its place in the thread, and with what the list said of the thread when we came by it."""
        page = max(thread.page, reading.page)
        line = reading.line
        replies = line.replies if line is not None else None
        views = line.views if line is not None and thread.views is None else thread.views
        # The address of a later page must be its own, or a thread that has grown would be read from its beginning.
        address = url if page > 1 else thread.url
        replies = thread.replies if replies is None else replies
        posts = without_places(thread.posts) if page > 1 and thread.engine == General.name else thread.posts
        return replace(thread, page=page, url=address, replies=replies, views=views, posts=posts)

    def _read_by(self, thread: Thread, url: str) -> None:
        """Note who read a thread: lists and threads of one site need not look like the same engine's."""
        assert self.reader is not None
        if thread.engine in self._engines:
            return
        self._engines[thread.engine] = None
        own = self.reader.name
        if own == General.name:
            self.job.engine = ", ".join(self._engines)
        elif thread.engine != own:
            self.job.engine = ", ".join(dict.fromkeys((own, *self._engines)))
            self.job.note(Reason("other_reader", {"url": url, "engine": own, "other": thread.engine}))

    def bounded(self, thread: Thread, reading: Reading) -> Thread:
        """The page as the thread's last where the next would only say the same again, or where there are too many. One that is
        known not to be whole is begun anew next time."""
        here, reading.first = thread.posts, thread.url if thread.page == 1 else reading.first
        reading.repeats = isinstance(self.reader, General) and reading.shows_again(thread)
        if thread.next_url is None and not reading.repeats:
            return thread
        reading.pages, reading.empty = reading.pages + 1, 0 if here else reading.empty + 1
        circle = all(map(reading.seen.knows, here)) if here else reading.empty >= _EMPTY_PAGES
        reading.seen.add(here)
        if reading.repeats and reading.before is not None:
            # Its posts would be stored again under this page's address, and the next crawl would look for new ones here.
            thread = replace(thread, posts=(), page=reading.before.page, url=reading.before.url)
        reading.before = thread
        if not circle and reading.pages < MOST_PAGES:
            return thread
        self.job.skip(Reason("same_posts" if circle else "thread_too_long", {"url": thread.url}))
        reading.is_over = True
        lacking = reading.lacking(thread, self.job.known.threads.get(thread.thread_id)) if circle else None
        if lacking is None or reading.first is None:
            return replace(thread, next_url=None if circle else thread.next_url)
        self.job.lose(Reason("thread_incomplete", {"url": reading.first, "count": lacking[0], "read": lacking[1]}))
        return replace(thread, next_url=reading.first)

    def pass_on(self, fetched: FetchedPage, thread: Thread, reading: Reading) -> Iterator[Output]:
        """Give a page to the store, or hold it until the thread has shown what the study asks for."""
        since = self.job.since
        reading.wanted = reading.wanted or any(self.keywords.found_in(post.text) for post in thread.posts)
        reading.recent = reading.recent or any(
            since and post.posted_at and post.posted_at >= since for post in thread.posts
        )
        if reading.wanted and reading.recent:
            for page, part in reading.held:
                yield Gathered(page, (part,))
            reading.held.clear()
            yield Gathered(fetched, (thread,))
            return
        reading.held.append((fetched, thread))
        if thread.next_url is None or reading.is_over or len(reading.held) >= _PAGES_HELD:
            self.job.skip(Reason("older" if reading.wanted else "no_keyword"))
            self.job.counts.threads -= 1
            asked_for = None if reading.wanted else self.keywords.mark
            yield self.nothing(reading.held[0][0].page.url, "left_out", asked_for)
            reading.held.clear()

    def ask_next(self, thread: Thread, reading: Reading) -> Iterator[Output]:
        """The next page: always of a thread being read, of one read before only at its end, or where it was left."""
        known = self.job.known
        state = known.threads.get(thread.thread_id)
        if thread.next_url is None or reading.is_over or len(reading.held) >= _PAGES_HELD:
            return
        if state is not None and thread.page < known.depth.get(thread.thread_id, 1):
            begins_anew = known.addresses.get(state.next_url or "") == state.thread_id
            if state.complete or (state.next_url in self._asked and not begins_anew):
                return
        url = without_fragment(thread.next_url)
        if url not in self._asked and self.wanted(url):
            onward = replace(reading, page=thread.page + 1)
            yield self.ask(url, self.parse_thread, kind="thread", priority=_NEXT_PAGE, reading=onward)
