"""What the forum spider keeps in mind of a list and of a thread while it reads them, and when a thread has moved."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from crawler.said import Said
from data.records import Thread, ThreadLink
from data.store.base import FetchedPage, ThreadState

#: Lists show when a thread last moved to the minute, or coarser.
_CLOCK_GRAIN = timedelta(seconds=60)


@dataclass(slots=True)
class Reading:
    """A thread being read in this crawl. ``held`` are pages that wait for a wanted word or a recent post to turn up; ``first`` is
    the address of its first page, ``before`` the page read before this; ``is_over``: it is left where it is, whatever page comes
    next; ``repeats``: this page shows the posts of the one before."""

    line: ThreadLink | None = None
    page: int = 1
    pages: int = 0
    empty: int = 0
    first: str | None = None
    before: Thread | None = None
    is_over: bool = False
    repeats: bool = False
    wanted: bool = True
    recent: bool = True
    held: list[tuple[FetchedPage, Thread]] = field(default_factory=list)
    seen: Said = field(default_factory=Said)

    def shows_again(self, thread: Thread) -> bool:
        """Whether a page shows as many posts as the one before it, and all of them were there before."""
        same = self.before is not None and len(self.before.posts) == len(thread.posts) > 0
        return same and all(map(self.seen.knows, thread.posts))

    def lacking(self, thread: Thread, state: ThreadState | None) -> tuple[int, int] | None:
        """How many posts of a thread there are and how many were seen, where that is fewer than the site itself counts."""
        seen, replies = len(self.seen), thread.replies
        if state is not None:
            seen, replies = max(seen, state.posts), state.replies if replies is None else replies
        return (replies + 1, seen) if replies is not None and seen < replies else None


@dataclass(slots=True)
class Walk:
    """A list being walked. ``held`` are pinned lines that wait until the list has come to their date; ``asked``, ``moved`` and
    ``all_old`` tell of its present page; ``standing`` is how the board stood by the index that led here."""

    pages: int = 1
    asked: int = 0
    moved: bool = False
    all_old: bool = False
    held: list[ThreadLink] = field(default_factory=list)
    standing: str | None = None


def has_moved(line: ThreadLink, state: ThreadState) -> bool:
    """Whether a thread's line in a list says anything new of it.

    The number of replies decides where both are known, for it was noted from the same list; a later last post does where it
    is later by more than lists round. A line that says neither leaves us to look.
    """
    later = (
        line.last_post_at is not None
        and state.last_post_at is not None
        and line.last_post_at > state.last_post_at + _CLOCK_GRAIN
    )
    if line.replies is not None and state.replies is not None:
        grown = line.replies != state.replies
        return grown or (
            later and line.last_post_at is not None and line.last_post_at > datetime.now(UTC) - timedelta(days=2)
        )
    return later or line.last_post_at is None or state.last_post_at is None
