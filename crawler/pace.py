"""How much may be asked of a host, and when: its requests of the day, the study's budget and its quiet hours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crawler.reasons import Reason
from data.quiet_hours import QuietHours
from data.store.keys import site_of
from data.store.polite import Asked

if TYPE_CHECKING:
    from data.study import Source, Study


class Pace:
    """One run's tally. ``asked`` is what earlier crawls asked of each host today. A request counts as it leaves: pages, robots.txt,
    sitemaps, calls to an API, every try of each."""

    def __init__(self, study: Study, asked: Iterable[Asked] = ()) -> None:
        self._zone = ZoneInfo(study.timezone)
        self._most = study.crawling.pages_per_day
        self._quiet = QuietHours(study.crawling.quiet_hours, study.timezone)
        self._today: dict[str, int] = defaultdict(int, {one.host: one.requests for one in asked})
        self._unwritten: dict[tuple[str, str], int] = defaultdict(int)
        self.day = ""
        self._midnight = self._quiet_from = datetime.min.replace(tzinfo=UTC)
        self._turn(datetime.now(UTC))

    def budget(self, source: Source) -> int | None:
        """Requests a day that a source's host may get."""
        return source.pages_per_day or self._most

    def asked_today(self, url: str) -> int:
        """How much the host of an address was asked today."""
        return self._today[site_of(url)]

    def refusal(self, source: Source, url: str) -> Reason | None:
        """Why a request must not leave now, with when it may; ``None`` where it may."""
        now = datetime.now(UTC)
        if now >= self._midnight:
            self._today.clear()
            self._turn(now)
        if now >= self._quiet_from:
            until = self._quiet.until(now)
            if until is not None:
                return Reason("quiet_hours", {"url": source.url, "until": self._clock(until)})
            self._quiet_from = self._quiet.begins(now) or self._midnight
        most = self.budget(source)
        if most is not None and self._today[site_of(url)] >= most:
            values: dict[str, object] = {"url": source.url, "host": site_of(url), "count": most}
            return Reason("budget", values | {"until": self._clock(self._midnight)})
        return None

    def count(self, url: str) -> None:
        """A request has left."""
        host = site_of(url)
        self._today[host] += 1
        self._unwritten[host, self.day] += 1

    def unwritten(self) -> tuple[Asked, ...]:
        """What was asked since this was called last, to be written down."""
        found = tuple(Asked(host, day, requests) for (host, day), requests in self._unwritten.items())
        self._unwritten.clear()
        return found

    def _turn(self, now: datetime) -> None:
        local = now.astimezone(self._zone)
        self.day = f"{local:%Y-%m-%d}"
        self._midnight = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)

    def _clock(self, when: datetime) -> str:
        return f"{when.astimezone(self._zone):%Y-%m-%d %H:%M}"
