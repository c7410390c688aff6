"""The feed spider: entries of RSS, Atom and JSON Feed with their comments, for fanpage-like sources and blogs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler.engines.document import Document
from crawler.feeds import Entry, Feed, comments_of, discussions, read_feed
from crawler.feeds_wordpress import whole
from crawler.gathered import Gathered
from crawler.identify import Identity, feed_link
from crawler.keywords import Keywords
from crawler.reasons import Reason, why
from crawler.spiders.base import Output, SourceSpider, asked_for, document_of, without_fragment
from data.errors import UnreadablePageError
from data.records import Thread

_COMMENTS, _OLDER, _SECOND_LOOK = 10, 0, -10
_MOST_COMMENT_PAGES = 50
_MOST_PAGES = 2_000
_BAD_REQUEST = 400
_NO_DATE = datetime.min.replace(tzinfo=UTC)


class FeedSpider(SourceSpider):
    """Reads a feed, or the feed that a page announces."""

    name = "feed"
    kinds = frozenset({"feed", "fanpage"})

    def __init__(self, job: Any, **kwargs: Any) -> None:
        super().__init__(job, **kwargs)
        self.keywords = Keywords(job.source.keywords)
        self._entries = 0
        self._pages = 0
        self._met: set[str] = set()

    def read_start(self, doc: Document, response: Response, identity: Identity) -> Iterator[Output]:
        if identity.page != "feed":
            url = feed_link(doc)
            if url is not None and self.wanted(url):
                yield self.ask(url, self.parse_feed, kind="list", may_leave=True)
            return
        if (url := whole(response.url)) != response.url and self.wanted(url):
            yield self.ask(url, self.parse_feed, kind="list")
            return
        yield from self.parse_feed(response, doc)

    def parse_feed(self, response: Response, doc: Document | None = None) -> Iterator[Output]:
        """A page of the feed: all its entries at once, and requests for the comments that are new."""
        if doc is None:
            self.answered()
            doc = document_of(response, self.job)
        try:
            feed = discussions(read_feed(doc))
        except UnreadablePageError as error:
            self.job.fail(Reason("unreadable", {"url": response.url, "why": why(error)}))
            self.job.lists_failed = True
            return
        if not feed.entries and not self._pages:
            self.job.left_out.append(Reason("platforms.empty_feed", {"url": self.job.source.url}))
        requests: list[Output] = []
        kept: list[Thread] = []
        news = False
        for entry in self._in_turn(feed.entries):
            if self._is_full():
                break
            if not self._is_wanted(entry):
                continue
            self._entries += 1
            self.job.listed += 1
            self.job.counts.threads += 1
            asked = list(self._ask_comments(entry))
            news = news or bool(asked) or entry.thread.thread_id not in self.job.known.threads
            kept.append(self._as_known(entry, bool(asked)))
            requests += asked
        yield Gathered(self.fetched(response, doc.page, "feed"), tuple(kept))
        yield from requests
        older = feed.next_url if self._goes_on(feed) and (news or not self.job.known.walked) else None
        if older and self.wanted(older):
            request = self.ask(older, self.parse_feed, kind="list", priority=_OLDER)
            request.meta["guessed"] = feed.guessed
            yield request

    def _goes_on(self, feed: Feed) -> bool:
        """Whether older entries may still be wanted: this page had some not met before, and not all of them are too old."""
        threads = {entry.thread.thread_id for entry in feed.entries}
        brought, self._met, self._pages = not threads <= self._met, self._met | threads, self._pages + 1
        if (feed.guessed and not brought) or self._is_full() or self._pages >= _MOST_PAGES:
            return False
        since, moments = self.job.since, [entry.thread.posts[-1].posted_at or _NO_DATE for entry in feed.entries]
        newest_first = _NO_DATE not in moments and moments == sorted(moments, reverse=True)
        return not (since and moments and newest_first and moments[0] < since)

    def gave_nothing(self, request: Request, reason: Reason) -> Iterator[Output]:
        """A guessed page that is not there is only the end of the feed; WordPress's API calls it a bad request."""
        if request.meta.get("guessed") and (reason.key == "gone" or reason.values.get("status") == _BAD_REQUEST):
            self.logger.info("the feed ends before %s", request.url)
            return
        yield from super().gave_nothing(request, reason)

    def _in_turn(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """The entries as they stand, or the newest first where only so many are wanted: some feeds are written oldest first."""
        moments = [entry.thread.posts[0].posted_at for entry in entries]
        if self.job.source.max_threads is None or None in moments:
            return entries
        return sorted(entries, key=lambda entry: entry.thread.posts[0].posted_at or _NO_DATE, reverse=True)

    def _is_full(self) -> bool:
        return self.job.source.max_threads is not None and self._entries >= self.job.source.max_threads

    def _is_wanted(self, entry: Entry) -> bool:
        posts, since = entry.thread.posts, self.job.since
        last = posts[-1].posted_at
        if since and last and last < since:
            self.job.skip(Reason("older"))
            return False
        if not self.keywords.found_in("\n".join((entry.thread.title, *(post.text for post in posts)))):
            self.job.skip(Reason("no_keyword"))
            return False
        return True

    def _as_known(self, entry: Entry, reading_comments: bool) -> Thread:
        """The entry as a thread that is read when its comments are; until they are, it keeps the count it had."""
        if not reading_comments:
            return entry.thread
        state = self.job.known.threads.get(entry.thread.thread_id)
        return replace(entry.thread, next_url=entry.replies_url, replies=state.replies if state else None)

    def _ask_comments(self, entry: Entry) -> Iterator[Output]:
        """Comments are asked for when there are some, and more or fewer than at the last time."""
        url = without_fragment(entry.replies_url) if entry.replies_url else None
        state = self.job.known.threads.get(entry.thread.thread_id)
        unchanged = (
            state is not None and state.complete and entry.comments is not None and state.replies == entry.comments
        )
        if url is None or entry.comments == 0 or unchanged or not self.wanted(url):
            return
        yield self._ask_page(url, entry.thread, 2)

    def _ask_page(self, url: str, thread: Thread, page: int) -> Any:
        request = self.ask(
            url, self.parse_comments, kind="comments", priority=_COMMENTS, validate=page == 2, thread=thread, page=page
        )
        request.meta["guessed"] = page > 2
        return request

    def parse_comments(self, response: Response, thread: Thread, page: int) -> Iterator[Output]:
        """A page of an entry's comments, as the thread's further posts."""
        if response.status == 304:
            yield from self.not_modified(response)
            return
        self.answered()
        doc = document_of(response, self.job)
        try:
            comments, following = comments_of(doc, thread)
        except UnreadablePageError as error:
            yield from self.gave_nothing(
                asked_for(response), Reason("unreadable", {"url": response.url, "why": why(error)})
            )
            return
        goes_on = following is not None and page <= _MOST_COMMENT_PAGES and self.wanted(following)
        comments = replace(comments, page=page, next_url=following if goes_on else None)
        if page == 2 and not goes_on and self._are_cut(comments):
            self.job.note(
                Reason("comments_cut", {"url": thread.url, "shown": len(comments.posts), "count": thread.replies})
            )
        yield Gathered(self.fetched(response, doc.page, "comments"), (comments,))
        if goes_on and following is not None:
            yield self._ask_page(following, thread, page + 1)

    def _are_cut(self, comments: Thread) -> bool:
        """Whether a feed of comments shows the newest alone, and there are others that were never read: blogs show ten."""
        state = self.job.known.threads.get(comments.thread_id)
        if comments.replies is None or len(comments.posts) >= comments.replies:
            return False
        if state is None or state.posts <= 1 or state.last_post_at is None or not comments.posts:
            return True
        oldest = comments.posts[0].posted_at
        return oldest is not None and oldest > state.last_post_at
