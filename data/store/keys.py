"""How the store writes moments, and by what it knows a site, a post and its copies."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from urllib.parse import urlsplit

from data.folding import words
from data.store.near_copies import SHORTEST

_PLAIN_ID = 48


def moment_text(value: datetime | None) -> str | None:
    """An aware time as ISO 8601 in UTC, to the second: ``2026-11-21T02:05:00Z``."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if value else None


def moment(value: str | None) -> datetime | None:
    """The time that :func:`moment_text` wrote."""
    return datetime.fromisoformat(value) if value else None


def site_of(url: str) -> str:
    """The host, with its port where one is named: what ids and author keys are unique within."""
    return urlsplit(url).netloc.casefold().removeprefix("www.")


def global_id(site: str, native: str) -> str:
    """A post's id across sites: ``forum.example/post-12``; a long or odd native id is replaced by its digest."""
    plain = len(native) <= _PLAIN_ID and all(c.isalnum() or c in "-_.:" for c in native)
    return f"{site}/{native if plain else digest_of(native)}"


def digest_of(*parts: str | None) -> str:
    return hashlib.blake2b(
        "\0".join(part or "" for part in parts).encode("utf-8", "replace"), digest_size=10
    ).hexdigest()


def copy_key_of(text: str) -> str | None:
    """The same for texts that differ in case, tone marks, digits and punctuation alone; ``None`` for short ones."""
    plain = [word for word in words(text) if not word.isdigit()]
    return digest_of(*plain) if len(plain) >= SHORTEST else None
