"""How much of Facebook's limits is used up, as its answers say in their headers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from crawler.platforms.base import Place, Reading
from crawler.platforms.values import count
from crawler.reasons import Reason

_HEADERS: Final = ("x-app-usage", "x-page-usage", "x-business-use-case-usage")
_SHARES: Final = ("call_count", "total_time", "total_cputime")
#: From this share on calls are made more slowly; just below the limit so many seconds apart.
_SLOW, _SLOWEST = 80, 30.0
#: The limits are counted over a sliding hour.
_WINDOW = 60


@dataclass(frozen=True, slots=True)
class Usage:
    """The largest share used, in percent, and the minutes until calls are let in again (0 where it is not said)."""

    percent: int = 0
    minutes: int = 0


def usage_of(headers: Mapping[str, str]) -> Usage:
    """What the usage headers of an answer say; headers that are no JSON say nothing."""
    shares, minutes = [0], [0]
    for name in _HEADERS:
        try:
            said = json.loads(headers.get(name, "null"))
        except (ValueError, RecursionError):
            continue
        for one in _objects(said):
            shares += [round(number) for share in _SHARES if (number := _number(one.get(share))) is not None]
            minutes.append(count(one, "estimated_time_to_regain_access") or 0)
    return Usage(min(max(shares), 1_000), min(max(minutes), 100_000))


def _number(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number and 0 <= value < 10**6 else None


def _objects(said: Any) -> Iterator[Mapping[str, Any]]:
    """The objects with shares: the header's own, or those of each business's list."""
    if isinstance(said, Mapping):
        yield said
        for inner in list(said.values())[:50]:
            if isinstance(inner, list):
                yield from (one for one in inner[:50] if isinstance(one, Mapping))


def slowed(reading: Reading, usage: Usage, place: Place) -> Reading:
    """The reading with the pause that is fitting, or with the end of this crawl where nothing is left."""
    if usage.percent >= 100:
        until = datetime.now(UTC) + timedelta(minutes=usage.minutes or _WINDOW)
        return replace(
            reading, stop=Reason("platforms.facebook.limit", {"url": place.url, "until": place.clock(until)})
        )
    if usage.percent > _SLOW:
        return replace(reading, wait=max(reading.wait, (usage.percent - _SLOW) / (100 - _SLOW) * _SLOWEST))
    return reading
