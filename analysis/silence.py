"""Sources that used to give posts and no longer do, though they were read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from data.store import Store

#: How often a source gives posts is learnt from so many days up to its newest post.
_LEARNT = 90
#: It has given posts on so many of these days at least.
_FEWEST_DAYS = 5
#: Silence this long is chance at most once in a hundred sources.
_CHANCE = 0.01
_SHORTEST = 3
_DAYS = """
select s.source_id, s.url, substr(p.posted_at, 1, 10) as day
from posts p join sources s using (source_id)
where s.active and s.url not like 'file:%' and p.posted_at >= :since and p.posted_at <= :until group by 1, 2, 3
"""
_READ = """
select source_id, max(substr(ended_at, 1, 10)) as day from crawls
where ended_at is not null and state in ('done', 'partial') and ended_at <= :until group by 1
"""


@dataclass(frozen=True, slots=True)
class Silent:
    """A source, its newest post's day, the day on which it was last read, and on how many days of ninety it gave posts."""

    url: str
    newest: str
    read: str
    days: int


def silent(store: Store, until: str) -> Iterator[Silent]:
    """Sources that were silent at ``until`` (ISO 8601), files that were imported aside: too long for chance, by how often they
    gave posts before.

    With posts on d of 90 days, a silence of t days has the chance (1 - d/90)^t. Days count and not posts, which come in bursts.
    """
    since = (date.fromisoformat(until[:10]) - timedelta(days=3 * _LEARNT)).isoformat()
    read = {row["source_id"]: row["day"] for row in store.query(_READ, {"until": until})}
    days: dict[tuple[int, str], list[date]] = defaultdict(list)
    for row in store.query(_DAYS, {"since": since, "until": until}):
        days[row["source_id"], row["url"]].append(date.fromisoformat(row["day"]))
    for (source, url), seen in sorted(days.items()):
        newest = max(seen)
        learnt = sum(day > newest - timedelta(days=_LEARNT) for day in seen)
        quiet = (date.fromisoformat(read[source]) - newest).days - 1 if source in read else 0
        if learnt >= _FEWEST_DAYS and quiet >= _SHORTEST and (1 - min(learnt / _LEARNT, 0.99)) ** quiet < _CHANCE:
            yield Silent(url, newest.isoformat(), read[source], learnt)
