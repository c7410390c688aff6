"""A list of links that looks like a forum's and that nobody called one: whether its entries are threads shows when they are read.

News, shops and articles with related lines list dated titles as forums do; a page with one post or two looks like any other page.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from scrapy.http import Response

from crawler.engines.base import Engine
from crawler.engines.document import Document
from crawler.history import Seen
from crawler.identify import read_thread
from crawler.lists import is_thread_address, shape_of
from crawler.reasons import Reason
from crawler.spiders.walking import Reading
from data.errors import UnreadablePageError
from data.records import Thread, ThreadLink

if TYPE_CHECKING:
    from crawler.job import Job, Known

#: What is said of an entry without a post that anyone could tell from other words.
NO_POSTS: Final = "no_posts_unsaid"
#: After so many entries without a post, and none with any, it is no forum; of a shorter list all entries.
ENTRIES_ENOUGH: Final = 8
ENTRIES_OF_A_LIST: Final = 3
#: So many threads with posts show what the others' addresses look like.
_ALIKE: Final = 2
_MOST_HELD: Final = 30


class Held(NamedTuple):
    """An entry in which no posts were seen, to be read again if the others turn out to be threads."""

    response: Response
    reading: Reading
    doc: Document
    reason: Reason


@dataclass(slots=True)
class Unsaid:
    """``read``: how many entries had posts, by the shape of their address; ``empty``: how many had none."""

    read: Counter[str] = field(default_factory=Counter)
    empty: int = 0
    held: list[Held] = field(default_factory=list)

    @classmethod
    def of(cls, known: Known) -> Unsaid:
        """What earlier crawls found out."""
        brought = {state.thread_id for state in known.own_threads() if state.posts}
        return cls(Counter(shape_of(url) for url, thread in known.addresses.items() if thread in brought))

    def is_thread(self, thread: Thread, line: ThreadLink | None) -> bool:
        """Whether what could be posts are some: other threads have such addresses, or the list counts as many as are seen."""
        return self.read[shape_of(thread.url)] >= _ALIKE or _is_counted(thread, line)

    def hold(self, held: Held) -> None:
        """Note an entry without posts."""
        self.empty += 1
        if len(self.held) < _MOST_HELD:
            self.held.append(held)

    def learn(self, url: str) -> list[Held]:
        """Note a thread with posts. Gives the entries to be read again, now that more is known of what posts look like here."""
        shape = shape_of(url)
        self.read[shape] += 1
        again = [one for one in self.held if shape_of(one.response.url) == shape]
        self.held = [one for one in self.held if one not in again]
        self.empty -= len(again)
        return again

    def is_no_forum(self, *, at_end: bool) -> bool:
        """Whether so many entries without a post are enough."""
        return not self.read and self.empty >= (ENTRIES_OF_A_LIST if at_end else ENTRIES_ENOUGH)

    def fall(self, job: Job) -> None:
        """Leave the source to the reader of sites; that its pages held no posts is no failure then."""
        for one in self.held:
            forgive(job, one.reason)
        job.kind, job.engine, job.lists_failed, job.seen = "site", None, False, Seen()
        job.note(Reason("no_forum", {"url": job.source.url, "count": self.empty}))


def _is_counted(thread: Thread, line: ThreadLink | None) -> bool:
    counted = line is not None and line.replies is not None and line.replies + 1 == len(thread.posts)
    return counted and thread.next_url is None and is_thread_address(thread.url)


def counted_thread(doc: Document, reader: Engine, line: ThreadLink | None) -> Thread | None:
    """The few posts that could be some, where the list counts as many."""
    try:
        thread = read_thread(doc, reader, expected=True)
    except UnreadablePageError:
        return None
    return thread if _is_counted(thread, line) else None


def forgive(job: Job, reason: Reason) -> None:
    """Take back a failure."""
    job.counts.failed -= 1
    job.problems[:] = [other for other in job.problems if other is not reason]
