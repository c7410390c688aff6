"""Walking a forum's lists: their threads that moved, the boards below, and the next page unless nothing new is to come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from scrapy.http import Response

from crawler.engines.base import Engine
from crawler.engines.document import Document
from crawler.gathered import Gathered
from crawler.identify import left_behind, read_list
from crawler.newest import in_turn
from crawler.reasons import Reason, why
from crawler.spiders.base import Output, SourceSpider, asked_for, is_file, without_fragment
from crawler.spiders.walking import Walk
from crawler.walls import wall
from data.errors import UnreadablePageError
from data.records import ThreadLink, ThreadList

#: Lists are walked when the threads they named are on their way.
LIST_PRIORITY: Final = 0
#: So many pages of a thread, and of a list, are walked in one crawl.
MOST_PAGES: Final = 2_000
_MOST_BOARDS: Final = 500


class ListSpider(SourceSpider):
    """What reads lists; which of a list's threads are asked for says the spider that reads them."""

    name = "list"

    def __init__(self, job: Any, **kwargs: Any) -> None:
        super().__init__(job, **kwargs)
        self.reader: Engine | None = None
        self._boards: set[str] = set()
        self._listed: set[str] = set()

    def ask_line(self, line: ThreadLink) -> Iterator[Output]:
        """The request that a line of a list calls for."""
        raise NotImplementedError

    def parse_list(self, response: Response, doc: Document | None = None, walk: Walk | None = None) -> Iterator[Output]:
        """A page of a thread list: its threads that moved, the boards below, and the next page unless nothing new is to come."""
        walk = walk or Walk()
        if is_file(response):
            yield from self.gave_nothing(asked_for(response), Reason("not_a_page", {"url": response.url}))
            return
        doc = doc or self.opened(response)
        assert self.reader is not None
        self.job.seen.lists += 1
        try:
            listing = read_list(doc, self.reader, self.job.source.kind)
        except UnreadablePageError as error:
            self.job.fail(Reason("unreadable", {"url": response.url, "why": why(error)}))
            self.job.lists_failed = True
            return
        if not listing.threads and not listing.boards and (problem := wall(doc, response.url)) is not None:
            self.job.fail(problem)
            self.job.lists_failed = True
            return
        self.job.seen.showing += bool(listing.threads or listing.boards)
        yield Gathered(replace(self.fetched(response, doc.page, "list"), standing=self._standing(listing, walk)))
        turn = self._in_turn(listing, walk)
        walk.asked, walk.moved, walk.all_old = len(self._listed), False, bool(turn)
        yield from self.take(turn, walk)
        yield from self.ask_boards(listing)
        if self._goes_on(listing, moved=walk.moved, all_old=walk.all_old, fresh=len(self._listed) > walk.asked):
            assert listing.next_url is not None
            if walk.pages < MOST_PAGES:
                onward = replace(walk, pages=walk.pages + 1)
                yield self.ask(listing.next_url, self.parse_list, kind="list", priority=LIST_PRIORITY, walk=onward)
                return
            self.job.skip(Reason("list_too_long", {"url": response.url}))
            self.job.lists_cut = True
        else:
            self._tell_left(left_behind(doc, self.reader, of_list=True), response.url)
        # The list was not followed to where these would have come.
        yield from self.take([walk.held.pop(0) for _ in list(walk.held)], walk)

    def _in_turn(self, listing: ThreadList, walk: Walk) -> Sequence[ThreadLink]:
        """A page's lines; the newest first where only so many are wanted."""
        if self.job.source.max_threads is None:
            return listing.threads
        return in_turn(listing.threads, walk.held, last=listing.next_url is None)

    def take(self, lines: Iterable[ThreadLink], walk: Walk) -> Iterator[Output]:
        """The requests that lines of a list call for."""
        for line in lines:
            if self._is_full():
                break
            if (key := line.thread_id or line.url) in self._listed:
                walk.all_old = walk.all_old and (line.sticky or self._is_old(line))
                continue
            self._listed.add(key)
            self.job.listed += 1
            if self._is_old(line):
                self.job.skip(Reason("older"))
                continue
            walk.all_old = walk.all_old and line.sticky
            requests = list(self.ask_line(line))
            walk.moved = walk.moved or bool(requests)
            yield from requests

    def _tell_left(self, url: str | None, here: str) -> None:
        """Say that what looks like a next page was not followed, unless it is another thread."""
        if url is None or url in self._asked or self._is_full():
            return
        assert self.reader is not None
        if self.reader.identify_thread(url) not in self._listed:
            self.job.lose(Reason("next_left", {"url": here, "next": url}))
            self.job.lists_cut = True

    def _goes_on(self, listing: ThreadList, *, moved: bool, all_old: bool, fresh: bool) -> bool:
        url = listing.next_url
        if self._is_full():
            # Nothing beyond the limit was read, and the study may lift it.
            self.job.lists_cut = True
            return False
        if all_old or url is None or url in self._asked or (not fresh and listing.threads):
            return False
        if self.job.known.walked and not self.job.known.past.cut and not moved and listing.threads:
            return False
        return self.wanted(url)

    def _is_full(self) -> bool:
        limit = self.job.source.max_threads
        return limit is not None and len(self._listed) - self.job.counts.skipped.get("older", 0) >= limit

    def _is_old(self, line: ThreadLink) -> bool:
        return bool(self.job.since and line.last_post_at and line.last_post_at < self.job.since)

    def ask_boards(self, listing: ThreadList) -> Iterator[Output]:
        assert self.reader is not None
        for board in listing.boards:
            url = self.allowed(self.reader.board_address(board)) or without_fragment(board)
            if url in self._boards:
                continue
            standing = listing.standing.get(board)
            if self._stands_as_before(url, standing) or (listing.of_all_boards and self._was_walked(url)):
                self._boards.add(url)
            elif len(self._boards) < _MOST_BOARDS and not self._is_full() and self.wanted(url):
                self._boards.add(url)
                yield self.ask(
                    url,
                    self.parse_list,
                    kind="list",
                    priority=LIST_PRIORITY,
                    for_people=board,
                    walk=Walk(standing=standing),
                )

    def _stands_as_before(self, url: str, standing: str | None) -> bool:
        return self.job.known.walked and standing is not None and self.job.known.standing.get(url) == standing

    def _was_walked(self, url: str) -> bool:
        return self.job.known.walked and url in self.job.known.validators

    def _standing(self, listing: ThreadList, walk: Walk) -> str | None:
        """What to keep with a board's first page so that a later crawl may leave the board alone: nothing, where more than its
        own threads is to be found through it."""
        assert self.reader is not None
        below = {self.allowed(self.reader.board_address(board)) or without_fragment(board) for board in listing.boards}
        return walk.standing if walk.pages == 1 and below <= self._boards | self._asked else None
