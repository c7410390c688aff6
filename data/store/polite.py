"""What the store keeps of a crawl's manners: robots.txt as read, requests a day, and what was refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class RobotsFile:
    """A site's robots.txt as it was fetched. ``origin`` is scheme, host and port; ``body`` is bounded by who fetched it."""

    origin: str
    fetched_at: datetime
    status: int
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Asked:
    """Requests made to a host on a day (``2026-11-22``, in the study's time zone)."""

    host: str
    day: str
    requests: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that was not asked for or not given, with its sentence in both languages. A line without ``url`` stands for
    ``times`` further ones of its reason."""

    reason: str
    url: str | None
    at: datetime
    said_vi: str
    said_en: str
    times: int = 1


def count_asked(connection: Any, asked: Sequence[Asked]) -> None:
    """Add requests to a host's day."""
    connection.executemany(
        "insert into host_days (host, day, requests) values (?, ?, ?) "
        "on conflict (host, day) do update set requests = requests + excluded.requests",
        [(one.host, one.day, one.requests) for one in asked],
    )
