"""What a source was like in earlier crawls and is in this one, for the monitors to compare."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from data.store.base import Store

#: So many crawls are looked back upon.
CRAWLS = 5
_LAST = """
select c.requests, c.seconds, c.pages, c.posts_read, c.with_author, c.with_time, c.full_pages, c.full_posts from crawls c
where c.source_id = ? and c.ended_at is not null and c.pages > 0 order by c.crawl_id desc limit ?
"""
_CUT = """
select 1 from crawls c join sources s using (source_id)
where c.source_id = ? and c.ended_at > coalesce(s.walked_at, '') and coalesce(c.pages, 2) > 1 and (c.state = 'interrupted'
    or c.stopped in ('budget', 'quiet_hours', 'asked_to_wait', 'stopped_answering', 'challenge', 'robots_unreachable')) limit 1
"""


@dataclass(slots=True)
class Past:
    """A source's earlier crawls. ``cut``: one of them was broken off after the last that came to its end; ``last`` are the counts
    of the last few, the newest first; ``engine`` is what read it."""

    engine: str | None = None
    cut: bool = False
    last: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def load(cls, store: Store, source_id: int) -> Past:
        engines = [row["engine"] for row in store.query("select engine from sources where source_id = ?", (source_id,))]
        cut = any(store.query(_CUT, (source_id,)))
        return cls(engines[0] if engines else None, cut, list(store.query(_LAST, (source_id, CRAWLS))))

    def sum(self, name: str) -> int:
        """A count summed over the last crawls; one that was not taken yet adds nothing."""
        return sum(row[name] or 0 for row in self.last)


@dataclass(slots=True)
class Seen:
    """How this crawl's pages compare with what is known of them. ``showing`` of the ``lists`` named a thread or a board; of pages
    that gave posts before, ``read`` give some and ``unread`` none; short threads that had ``posts_before`` posts have ``posts_now``.
    ``unanswered`` are failures for which no page came."""

    lists: int = 0
    showing: int = 0
    read: int = 0
    unread: int = 0
    posts_before: int = 0
    posts_now: int = 0
    unanswered: int = 0
