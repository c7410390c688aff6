"""A source has stopped giving posts: silent for so long that chance would hardly do it, by its own past.

Rule and false alarms: ``docs/explanation/alerts.md``. Days with posts are counted, not posts, which come in bursts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from analysis.alerts.event import NORMAL, SOURCE, Event, moment_of, text_of
from analysis.alerts.ledger import Ledger
from data.store import Store
from data.study import Study

#: A source's rhythm is learnt from so many days up to its newest post; from fewer than the least nothing is learnt.
LEARNT, LEAST_LEARNT = 84, 28
FEWEST_DAYS = 5
SHORTEST = 3
#: The chance of any false alarm in a week, all sources together.
WEEKLY = 0.025
_POSTS = """
select s.source_id, s.url, b.name as brand, p.at from (
    select distinct source_id, substr(posted_at, 1, 15) || '0:00Z' as at from posts where posted_at > :since and posted_at <= :until
) p join sources s using (source_id) left join brands b on b.brand_id = s.brand_id
where s.active and coalesce(s.kind, '') not in ('site', 'notes') and s.url not like 'file:%'
"""
_READ = """
select source_id, max(ended_at) as read from crawls
where ended_at is not null and state in ('done', 'partial') and ended_at <= :until group by 1
"""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a source gives posts: on ``active`` of ``days`` days, how much weeks differ beyond chance (``spread``, 1: not at all), and
    the longest time without a post."""

    days: int
    active: int
    spread: float
    longest: int

    def silence(self, days: int) -> float:
        """The chance of so many days without a post after one with: beta-binomial, so that both a short past and weeks that differ
        make it greater. Weeks whose variance is ``spread`` times that of chance have the correlation (spread - 1) / 6 between days."""
        alike = (self.spread - 1) / 6
        weight = min(self.days + 1.0, max(1 / alike - 1, 1.0) if alike > 0 else self.days + 1.0)
        share = (self.active + 0.5) / (self.days + 1)
        a, b = weight * share, weight * (1 - share)
        chance = 1.0
        for day in range(days):
            chance *= (b + day) / (a + b + day)
        return chance

    def false_alarms(self, days: int) -> float:
        """How many silences of so many days chance brings in a week: one may begin after every day with posts."""
        return 7 * self.active / self.days * self.silence(days)


def rhythm(seen: Sequence[date]) -> Rhythm | None:
    """What the days with posts tell; ``None`` where they are too few. ``seen`` is sorted."""
    if not seen:
        return None
    newest = seen[-1]
    days = [day for day in seen if day > newest - timedelta(days=LEARNT)]
    length = (newest - days[0]).days + 1
    if length < LEAST_LEARNT or len(days) < FEWEST_DAYS:
        return None
    longest = max(((late - early).days - 1 for early, late in pairwise(days)), default=0)
    return Rhythm(length, len(days), _spread(days, newest, length), longest)


def _spread(days: Sequence[date], newest: date, length: int) -> float:
    """The variance of days with posts per week over what chance alone would give."""
    weeks = length // 7
    count = Counter((newest - day).days // 7 for day in days)
    per_week = [count[week] for week in range(weeks)]
    share = min(max(sum(per_week) / (7 * weeks), 0.02), 0.98)
    mean = sum(per_week) / weeks
    variance = sum((one - mean) ** 2 for one in per_week) / (weeks - 1)
    return max(variance / (7 * share * (1 - share)), 1.0)


def silent(one: Rhythm, quiet: int, judged: int) -> bool:
    """Whether ``quiet`` days without a post are too many for chance, among ``judged`` sources."""
    return quiet >= SHORTEST and quiet > one.longest and one.false_alarms(quiet) * judged <= WEEKLY


def find(store: Store, study: Study, ledger: Ledger, now: datetime) -> Iterator[Event]:
    """One event a silence: it has the key of the newest post's day."""
    zone = ZoneInfo(study.timezone)
    limits = {"since": text_of(now - timedelta(days=2 * LEARNT)), "until": text_of(now)}
    read = {row["source_id"]: moment_of(row["read"]).astimezone(zone).date() for row in store.query(_READ, limits)}
    days: dict[tuple[int, str, str | None], set[date]] = defaultdict(set)
    for number, url, brand, posted_at in store.tuples(_POSTS, limits):
        days[number, url, brand].add(moment_of(posted_at).astimezone(zone).date())
    known = {key: (found, sorted(seen)) for key, seen in days.items() if (found := rhythm(sorted(seen))) is not None}
    for (number, url, brand), (found, seen) in sorted(known.items(), key=lambda item: item[0][1]):
        last = read.get(number)
        if last is None:
            continue
        # The day of the last reading is not over yet.
        quiet = (last - seen[-1]).days - 1
        if silent(found, quiet, len(known)):
            values = {"url": url, "newest": seen[-1].isoformat(), "read": last.isoformat(), "quiet": quiet,
                      "active": found.active, "days": found.days}  # fmt: skip
            key = f"{SOURCE}|{url}|{seen[-1].isoformat()}"
            yield Event(SOURCE, key, f"{SOURCE}|{url}", NORMAL, limits["until"], brand, values)
