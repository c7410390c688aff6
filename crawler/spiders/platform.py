"""The spider of platforms: of an API's threads only what is new or has moved, and of that only what the study asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.gathered import Gathered
from crawler.keywords import Keywords
from crawler.platforms.base import Answer, Call, Platform, Reading
from crawler.reasons import PAUSES, SITEWIDE, Reason
from crawler.robots import origin
from crawler.spiders.base import Output
from crawler.spiders.calling import CallingSpider
from crawler.spiders.platform_thread import MOST_PAGES, PAGES_HELD, OpenThread
from data.records import Post, Thread
from data.store.base import ThreadState

_MOST_FAILURES = 10
_EMPTY_PAGES = 5
_MOST_AHEAD = 100
#: So far two clocks may lie apart, and a post's time from its publication.
_CLOCKS = timedelta(hours=1)


class PlatformSpider(CallingSpider):
    """Reads one source by its platform."""

    name = "platform"

    def __init__(self, job: Any, platform: Platform, **kwargs: Any) -> None:
        super().__init__(job, platform, **kwargs)
        self.keywords = Keywords(job.source.keywords)
        self._open: dict[str, OpenThread] = {}
        self._listed: set[str] = set()
        self._unwanted: list[Gathered] = []
        self._unfinished = {one.thread_id for one in job.known.own_threads() if not one.complete}
        # Of a channel known already what is new is written when it has met what is known: no gap can be left between them.
        self._ahead: list[Gathered] = []
        self._in_the_past = False
        self._seen: set[str] = set()
        self._empty = self._taken = 0

    def _at_the_end(self) -> Iterator[Output]:
        # A channel that was never read whole would take a gap before its newest posts for read.
        if not self._unfinished:
            yield from self._ahead

    # -- what an answer comes to

    def _take(self, call: Call, answer: Answer, reading: Reading) -> Iterator[Output]:
        for note in reading.notes:
            self.job.note(self.secret.clean(note))
        if reading.stop is not None:
            self._stop(reading.stop)
        if reading.problem is not None:
            yield from self._without(call, self.secret.clean(reading.problem))
            return
        self._failed_in_a_row = 0
        for _ in range(reading.wordless):
            self.job.skip(Reason("wordless"))
        if reading.skip is not None:
            self.job.skip(self.secret.clean(reading.skip))
        if reading.instead is not None:
            self._push(self._instead(call, reading.instead))
            return
        calls = self._allowed(call, reading.calls)
        if self._is_over and reading.stop is None:
            return
        elif call.what == "lookup" or call.what == "list":
            yield from self._list(call, answer, reading, calls)
        elif call.what == "stream":
            yield from self._stream(call, answer, reading, calls)
        elif reading.stop is None:
            yield from self._comments(call, answer, reading, calls)

    def _without(self, call: Call, reason: Reason) -> Iterator[Output]:
        """A call that gave nothing. Without its first answers a source cannot be read at all."""
        self.logger.info("%s: %s", reason.key, call.url)
        if reason.key in PAUSES:
            self._stop(reason)
            return
        thread = self._open.get(call.thread_id or "")
        if thread is not None and thread.first is not None and call.url != thread.first.url and call.what == "comments":
            resumed, thread.first = thread.first, None
            if call.page == thread.depth + 1 and thread.page == 1:
                # The place to go on from is no longer known there: the thread is read from its beginning.
                self._push([resumed])
                return
        if not self._taken and call.what in ("lookup", "list", "stream"):
            self._stop(reason)
            return
        self.job.fail(reason)
        self.job.lists_failed = self.job.lists_failed or call.what not in ("comments", "replies")
        if thread is not None:
            thread.has_failed = True
            thread.waiting -= 1
        self._failed_in_a_row += 1
        if reason.key in SITEWIDE or self._failed_in_a_row >= _MOST_FAILURES:
            self._stop(Reason("stopped_answering", {"url": self.place.url, "why": reason}))
        yield from ()

    # -- lists of threads

    def _list(self, call: Call, answer: Answer, reading: Reading, calls: list[Call]) -> Iterator[Output]:
        kept: list[Thread] = []
        asked: list[Call] = []
        news, all_old, full, before = False, bool(reading.threads), False, len(self._listed)
        for thread in reading.threads:
            if full := self._is_full():
                break
            if self._is_old(thread, reading.moved):
                self.job.skip(Reason("older"))
                continue
            all_old = False
            if thread.thread_id in self._listed:
                continue
            self._listed.add(thread.thread_id)
            self._unfinished.discard(thread.thread_id)
            own = [one for one in calls if one.thread_id == thread.thread_id]
            state = self.job.known.threads.get(thread.thread_id)
            moved = _has_moved(thread, state) and self._note_of(thread) not in self.job.known.left_out
            news = news or moved
            entry = self._entry(thread, state, own if moved and thread.replies != 0 else [], asked)
            kept += [entry] if entry is not None else []
        self._taken += call.what == "list" or bool(kept)
        yield Gathered(self._fetched(call, answer), tuple(kept))
        yield from self._unwanted
        self._unwanted.clear()
        self._push(asked)
        self._empty = 0 if len(self._listed) > before else self._empty + 1
        onward = [one for one in calls if one.thread_id is None]
        if call.what == "lookup":
            self._push(onward if self._empty < _EMPTY_PAGES else [])
        elif full or self._is_full():
            # Nothing beyond the limit was read, and the study may lift it.
            self.job.lists_cut = self.job.lists_cut or bool(onward)
        elif (
            news or _is_young(reading, self.platform.looks_back) or not self._is_known_from_here(reading.threads)
        ) and not all_old:
            self._push_bounded(onward if self._empty < _EMPTY_PAGES else [])

    def _entry(self, thread: Thread, state: ThreadState | None, calls: list[Call], asked: list[Call]) -> Thread | None:
        """A list's thread as it is written now, with the calls for its comments put into ``asked``; ``None`` for: not yet."""
        wanted = state is not None or self.keywords.found_in(
            "\n".join((thread.title, *(one.text for one in thread.posts)))
        )
        if not wanted and (not calls or self._note_of(thread) in self.job.known.left_out):
            self._leave_out(thread)
            return None
        self.job.listed += 1
        self.job.counts.threads += 1
        if not calls:
            return replace(thread, next_url=None)
        depth = self.job.known.depth.get(thread.thread_id, 1)
        opened = self._open[thread.thread_id] = OpenThread(thread, state, depth, wanted)
        entry = opened.begun(calls)
        resume = state.next_url if state is not None and not state.complete else None
        if resume and resume != calls[0].url and origin(resume) == self._origin:
            entry = replace(entry, next_url=resume)
            calls = [replace(calls[0], url=resume, page=depth + 1), *calls[1:]]
        asked += calls
        if not wanted:
            opened.held.append((None, entry))
            return None
        return entry

    def _leave_out(self, thread: Thread) -> None:
        self.job.skip(Reason("no_keyword"))
        if self._note_of(thread) not in self.job.known.left_out:
            self._unwanted.append(self.nothing(self._note_of(thread), "left_out", self.keywords.mark))

    def _note_of(self, thread: Thread) -> str:
        """Under which address it is noted that a thread holds no keyword; with more replies it is looked at again."""
        return f"{thread.url}#{'' if thread.replies is None else thread.replies}"

    def _push_bounded(self, calls: list[Call]) -> None:
        """Further pages of a list or stream, unless there are too many."""
        if calls and self._taken >= MOST_PAGES:
            self.job.skip(Reason("list_too_long", {"url": self.place.url}))
            self.job.lists_cut = True
        else:
            self._push(calls)

    def _may_stop_early(self) -> bool:
        return self.job.known.walked and not self._unfinished

    def _is_known_from_here(self, threads: Sequence[Thread]) -> bool:
        """Whether what follows a page without news was read before: the last crawl came to its end, or one since the page's
        posts were written."""
        if not self._may_stop_early():
            return False
        return not self.job.known.gap or all(self._is_read(post) for thread in threads for post in thread.posts)

    def _is_read(self, post: Post) -> bool:
        whole = self.job.known.whole_since
        return whole is not None and post.posted_at is not None and post.posted_at < whole - _CLOCKS

    def _is_full(self) -> bool:
        return self.place.max_threads is not None and len(self._listed) >= self.place.max_threads

    def _is_old(self, thread: Thread, moved: Any) -> bool:
        last = moved.get(thread.thread_id) or max(
            (one.posted_at for one in thread.posts if one.posted_at), default=None
        )
        return bool(self.place.since and last and last < self.place.since)

    # -- one long thread

    def _stream(self, call: Call, answer: Answer, reading: Reading, calls: list[Call]) -> Iterator[Output]:
        """A page of a channel: its posts are chosen one by one."""
        self._taken += 1
        parts, news, all_old = [], False, True
        state: ThreadState | None = None
        for thread in reading.threads:
            state = self.job.known.threads.get(thread.thread_id)
            posts = [post for post in thread.posts if not self._is_too_old(post)]
            all_old = all_old and not posts
            news = news or any(not self._is_known_post(post, state) for post in posts)
            chosen = tuple(post for post in posts if self.keywords.found_in(post.text))
            for reason, number in (("older", len(thread.posts) - len(posts)), ("no_keyword", len(posts) - len(chosen))):
                for _ in range(number):
                    self.job.skip(Reason(reason))
            if thread.thread_id not in self._listed:
                self._listed.add(thread.thread_id)
                self.job.listed += 1
                self.job.counts.threads += 1
            parts.append(replace(thread, posts=chosen, page=call.page))
        onward = [] if all_old and reading.threads else calls
        if not news and parts and not self._in_the_past and self._ends_at_known(state):
            if state is not None and not state.complete and state.next_url and state.next_url != call.url:
                onward = [replace(one, url=state.next_url, page=self._depth(state) + 1) for one in calls[:1]]
                self._in_the_past = bool(onward)
            else:
                onward = []
        fresh = {post.post_id for thread in reading.threads for post in thread.posts} - self._seen
        self._seen |= fresh
        self._empty = 0 if fresh else self._empty + 1
        onward = onward if self._empty < _EMPTY_PAGES else []
        following = onward[0].url if onward else None
        self._ahead.append(
            Gathered(self._fetched(call, answer), tuple(replace(part, next_url=following) for part in parts))
        )
        if state is None or self._in_the_past or not news or not onward or len(self._ahead) > _MOST_AHEAD:
            yield from self._ahead
            self._ahead.clear()
        self._push_bounded(onward)

    def _depth(self, state: ThreadState) -> int:
        return self.job.known.depth.get(state.thread_id, 1)

    def _ends_at_known(self, state: ThreadState | None) -> bool:
        return state is not None and (self.job.known.walked or not state.complete) and not self.job.options.whole

    def _is_known_post(self, post: Post, state: ThreadState | None) -> bool:
        if state is None or post.posted_at is None:
            return state is not None
        last = None if self.job.known.gap and state.complete else state.last_post_at
        return self._is_read(post) or (last is not None and post.posted_at.replace(microsecond=0) <= last)

    def _is_too_old(self, post: Post) -> bool:
        return bool(self.place.since and post.posted_at and post.posted_at < self.place.since)

    # -- a thread's comments

    def _comments(self, call: Call, answer: Answer, reading: Reading, calls: list[Call]) -> Iterator[Output]:
        thread = self._open.get(call.thread_id or "")
        if thread is None:
            return
        thread.empty = 0 if thread.has_more(reading.posts) else thread.empty + 1
        if thread.empty >= _EMPTY_PAGES:
            self.job.skip(Reason("same_posts", {"url": thread.entry.url}))
            calls = []
        elif thread.page >= MOST_PAGES:
            self.job.skip(Reason("thread_too_long", {"url": thread.entry.url}))
            calls, thread.has_failed = [], True
        part = thread.takes(call, reading.posts, calls)
        thread.is_wanted = thread.is_wanted or any(self.keywords.found_in(post.text) for post in reading.posts)
        yield from thread.passed(self._fetched(call, answer), part)
        if thread.held and (thread.waiting == 0 or len(thread.held) > PAGES_HELD):
            thread.held.clear()
            self._leave_out(thread.entry)
            self.job.counts.threads -= 1
            yield from self._unwanted
            self._unwanted.clear()
            calls = []
        self._push(calls)


def _is_young(reading: Reading, looks_back: timedelta) -> bool:
    """Whether a page of a list has posts young enough to be answered still: below them others may have been, although nothing
    on this page was."""
    recently = datetime.now(UTC) - looks_back
    first = (thread.posts[0].posted_at for thread in reading.threads if thread.posts)
    return any(moment is not None and moment > recently for moment in first)


def _has_moved(thread: Thread, state: ThreadState | None) -> bool:
    """Whether a list says anything new of a thread: the number of its replies decides where both are known."""
    if state is None or not state.complete:
        return True
    if thread.replies is None and state.replies is None:
        last = max((post.posted_at for post in thread.posts if post.posted_at), default=None)
        return last is None or state.last_post_at is None or last.replace(microsecond=0) > state.last_post_at
    return thread.replies is not None and thread.replies != state.replies
