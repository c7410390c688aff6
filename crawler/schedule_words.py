"""Moments and lengths of time as people say them: “03:00 hôm nay”, “tomorrow 03:00”, “12 minutes”."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from crawler.told import duration
from data.words import entry, tell


def when(moment: datetime, zone: str, now: datetime) -> str:
    """A moment in the time zone ``zone``, the day named as seen from ``now``."""
    local, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    days = (local.date() - today).days
    time = f"{local:%H:%M}"
    if -1 <= days <= 1:
        return tell(f"schedule.days.{('yesterday', 'today', 'tomorrow')[days + 1]}", time=time)
    return on_its_day(moment, zone)


def on_its_day(moment: datetime, zone: str) -> str:
    """A moment with its weekday and date, in the time zone ``zone``."""
    local = moment.astimezone(ZoneInfo(zone))
    weekday = entry("schedule.weekdays")[local.weekday()]
    month = entry("schedule.months")[local.month - 1]
    date = tell("schedule.date", day=local.day, month=month, year=local.year)
    return tell("schedule.days.other", time=f"{local:%H:%M}", weekday=weekday, date=date)


def took(begin: datetime, end: datetime | None) -> str:
    """How long something took."""
    return duration(max(0.0, (end - begin).total_seconds())) if end is not None else "–"
