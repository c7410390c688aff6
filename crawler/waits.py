"""How long a site asks us to wait."""

from __future__ import annotations

import email.utils
from datetime import UTC, datetime


def seconds_asked(said: str) -> float | None:
    """Seconds that a ``Retry-After`` asks for (RFC 9110, 10.2.3), or ``None`` where it does not say."""
    said = said.strip()
    if said.isascii() and said.isdigit() and len(said) < 9:
        return float(said)
    try:
        until = email.utils.parsedate_to_datetime(said)
    except (ValueError, TypeError, IndexError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())
