"""A platform's thread while its comments are being read: what is written of it, and what the next crawl goes on with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from crawler.gathered import Gathered
from data.records import Post, Thread

if TYPE_CHECKING:
    from crawler.platforms.base import Call
    from data.store.base import FetchedPage, ThreadState

#: A thread in which no wanted word came up on so many pages is given up; so many pages of one are read in a crawl.
PAGES_HELD, MOST_PAGES = 30, 2_000


@dataclass(slots=True)
class OpenThread:
    """A thread with calls under way.

    Until the last of them is answered the store keeps the number of replies that it had, so that a crawl that is broken off
    leaves a thread that the next one sees to have moved. ``held`` are pages that wait for a wanted word to turn up.
    """

    entry: Thread
    state: ThreadState | None
    depth: int
    is_wanted: bool
    waiting: int = 0
    page: int = 1
    empty: int = 0
    has_failed: bool = False
    resumes: str | None = None
    onward: str | None = None
    first: Call | None = None
    held: list[tuple[FetchedPage | None, Thread]] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    def begun(self, calls: Sequence[Call]) -> Thread:
        """The first post, as the thread's first page, with where its comments begin."""
        self.waiting = len(calls)
        self.onward = self.resumes = calls[0].url
        self.first = calls[0]
        return replace(self.entry, page=1, next_url=self.resumes, replies=self.state.replies if self.state else None)

    def has_more(self, posts: Sequence[Post]) -> bool:
        """Whether any of the posts was not there before; an API may lead round in a circle."""
        known = len(self._seen)
        self._seen.update(post.post_id for post in posts)
        return len(self._seen) > known

    def takes(self, call: Call, posts: Sequence[Post], onward: Sequence[Call]) -> Thread:
        """The page that a call brought: complete where nothing more is to come."""
        self.waiting += len(onward) - 1
        if call.what == "comments":
            self.page = max(self.page + 1, call.page)
            following = next((one.url for one in onward if one.what == "comments"), None)
            aside = any(one.what == "replies" for one in onward)
            # Broken off among the replies, this page is read again with all of them.
            self.resumes, self.onward = (call.url if aside else following), following
        elif self.waiting <= (self.onward is not None):
            self.resumes = self.onward
        is_whole = self.waiting == 0 and not self.has_failed
        return replace(
            self.entry,
            posts=tuple(posts),
            page=max(self.page, self.depth) if is_whole else self.page,
            next_url=None if is_whole else self.resumes or call.url,
            replies=self.entry.replies if is_whole else self._known_replies(),
        )

    def _known_replies(self) -> int | None:
        return self.state.replies if self.state else None

    def passed(self, fetched: FetchedPage | None, part: Thread) -> Iterator[Gathered]:
        """What may be written now: everything as soon as the thread is wanted, nothing before."""
        self.held.append((fetched, part))
        if self.is_wanted:
            for page, thread in self.held:
                if page is not None:
                    early = tuple(other for before, other in self.held if before is None)
                    yield Gathered(page, (*early, thread))
                    self.held = [(page, thread) for page, thread in self.held if page is not None]
            self.held.clear()
