"""Posts that are missing where they stood: noted only where the page leaves no doubt.

A page of a thread in time's order is read again. Two of its posts follow each other on it now; when they were last read, another
one was read together with them that was written after the first and before the second. It is no longer there: deleted, moved,
or hidden from guests. Nothing is said of what stood at a page's edge, for pages shift.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from data.records import Thread

#: Fewer posts stand in order by chance.
_FEWEST = 3
_STORED = """
select p.post_id, p.posted_at, p.last_seen from posts p join threads t using (thread_id)
where t.site = ? and t.native_id = ? and t.engine = ? and p.posted_at between ? and ? and p.gone_at is null
"""


def mark_gone(connection: Any, thread: Thread, site: str, shown: Sequence[tuple[str, str | None]], now: str) -> None:
    """Note since when posts are missing on a page of ``thread``; ``shown`` are its posts' ids and times in the page's order.
    To be asked before the page is written, for what was read together is told by ``last_seen``.
    """
    times = [at for _, at in shown if at]
    if len(times) < max(len(shown), _FEWEST) or thread.left_out or times != sorted(times):
        return
    stored = {
        row[0]: (row[1], row[2])
        for row in connection.execute(_STORED, (site, thread.thread_id, thread.engine, times[0], times[-1]))
    }
    missing = stored.keys() - {post_id for post_id, _ in shown}
    if not missing:
        return
    # A thread's first post may stand on each of its pages.
    inner = shown if thread.page == 1 else shown[1:]
    for (before, _), (behind, _) in pairwise(inner):
        if before in stored and behind in stored and stored[before][1] == stored[behind][1]:
            (begins, seen), (ends, _) = stored[before], stored[behind]
            gone = [one for one in missing if stored[one][1] == seen and begins < stored[one][0] < ends]
            connection.executemany("update posts set gone_at = ? where post_id = ?", [(now, one) for one in gone])
