"""One thing that may be worth telling, and the moments it is dated by."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

PAIN, PRICE, OFFER, VERDICT, SOURCE, CRAWL, JOB, CHANNEL, CLAIM = (
    "pain", "price", "offer", "verdict", "source", "crawl", "job", "channel", "claim",
)  # fmt: skip
#: What keeps the study from seeing or telling.
TROUBLES: Final = (SOURCE, CRAWL, JOB, CHANNEL)
DIGEST: Final = "digest"
LOW, NORMAL, HIGH = "low", "normal", "high"
#: Whether an event is told, or why not.
TOLD, KNOWN, SMALL, UNWANTED = "told", "known", "small", "unwanted"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. ``key`` makes it this one and no other; ``subject`` is what it is about, which is left alone for a
    while after it was told. ``values`` are what its words are made of: plain JSON without anybody's text. ``state`` is TOLD, or SMALL
    where it stays below the study's thresholds. ``also`` are keys that are settled together with it.
    """

    kind: str
    key: str
    subject: str
    level: str
    at: str
    brand: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    state: str = TOLD
    also: tuple[str, ...] = ()


def digest_of(*parts: object) -> str:
    """A short name for what would be too long for a key."""
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()[:20]


def text_of(moment: datetime) -> str:
    """A moment as the store writes it."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def moment_of(text: str) -> datetime:
    """A moment as the store has it; a day is its beginning."""
    found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return found if found.tzinfo else found.replace(tzinfo=UTC)
