"""When a job of the study's schedule is to run: its cron words in the study's time zone, put off by jitter and by quiet hours."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from data import cron
from data.quiet_hours import QuietHours

if TYPE_CHECKING:
    from data.study import Job, Study

_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_TICK = timedelta(microseconds=1)


class Times:
    """A job's times. All moments given and returned are aware; those returned are in UTC."""

    def __init__(self, study: Study, job: Job) -> None:
        self.job = job
        self._every, self._zone = job.every, study.timezone
        sites = study.crawling.quiet_hours if job.what == "crawl" else []
        self.quiet = QuietHours([*job.quiet_hours, *sites], study.timezone)

    def after(self, moment: datetime) -> Iterator[datetime]:
        """The planned times later than ``moment``, in order, before jitter and quiet hours; none where no calendar has such a day."""
        trigger, hour = _trigger(self._every, self._zone), self._every.split()[1]
        while True:
            found = trigger.get_next_fire_time(None, moment.astimezone(UTC) + _TICK)
            if found is None:
                return
            moment = found.astimezone(UTC)
            # An hour that comes twice when the clocks go back is one hour to a job of that hour.
            if not found.fold or hour.startswith("*"):
                yield moment

    def ready(self, planned: datetime) -> datetime:
        """When the run of a planned time may start: by its jitter, which is the same whenever it is asked for, and out of quiet hours."""
        seed = hashlib.sha256(f"{self.job.key} {planned:%Y-%m-%dT%H:%MZ}".encode()).digest()
        later = planned + timedelta(seconds=int.from_bytes(seed[:6]) % (self.job.jitter * 60 + 1))
        return (self.quiet.until(later) or later).astimezone(UTC)


@lru_cache(maxsize=200)
def _trigger(every: str, zone: str) -> Any:
    """APScheduler's trigger for cron words. It counts weekdays from Monday, and wants both a day of the month and a weekday where
    cron takes either; so it is given the numbers written out, weekdays by name, and two triggers where cron means two."""
    from apscheduler.triggers.combining import OrTrigger
    from apscheduler.triggers.cron import CronTrigger

    minute, hour, day, month, weekday = cron.numbers(every)
    words = every.split()
    fixed = {"minute": _list(minute), "hour": _list(hour), "month": _list(month), "timezone": zone}
    days, weekdays = _list(day), ",".join(_WEEKDAYS[number] for number in weekday)
    if words[2].startswith("*") or words[4].startswith("*"):
        return CronTrigger(**fixed, day=days, day_of_week=weekdays)
    return OrTrigger([CronTrigger(**fixed, day=days), CronTrigger(**fixed, day_of_week=weekdays)])


def _list(numbers: list[int]) -> str:
    return ",".join(map(str, numbers))
