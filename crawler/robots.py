"""robots.txt as RFC 9309 has it: what a site asks of crawlers, and what its silence means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from protego import Protego

#: RFC 9309, 2.5: at least 500 KiB must be read; what lies beyond may be left.
LARGEST = 512_000
#: RFC 9309, 2.2.1: the product token that a group of rules may name.
TOKEN = "Chandung"  # noqa: S105 - a product's name

Found = Literal["rules", "none", "unreachable"]


@dataclass(frozen=True, slots=True)
class Robots:
    """One site's robots.txt. ``found`` says whether it has rules, has none (everything is allowed), or did not answer
    (nothing is allowed until it does)."""

    found: Found
    rules: Any = None

    def allows(self, url: str) -> bool:
        """Whether a page may be fetched."""
        if self.found == "rules":
            return bool(self.rules.can_fetch(url, TOKEN))
        return self.found == "none"

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The sitemaps that it names."""
        return tuple(self.rules.sitemaps) if self.found == "rules" else ()

    @property
    def delay(self) -> float | None:
        """Seconds that the site asks to wait between requests, at most an hour."""
        if self.found != "rules":
            return None
        said = self.rules.crawl_delay(TOKEN)
        rate = self.rules.request_rate(TOKEN)
        paced = rate.seconds / rate.requests if rate and rate.requests else None
        asked = [float(value) for value in (said, paced) if value is not None and value > 0]
        return min(max(asked), 3600.0) if asked else None


def read_robots(status: int, body: bytes) -> Robots:
    """What an answer to ``/robots.txt`` means (RFC 9309, 2.3.1).

    A client error means that there is none; a server error, or being told to slow down, that it cannot be known now.
    """
    if status == 429 or status >= 500:
        return Robots("unreachable")
    if status >= 300:
        return Robots("none")
    if body[:200].lstrip().lower().startswith((b"<!doctype", b"<html")):
        return Robots("none")
    text = body[:LARGEST].decode("utf-8-sig", "replace")
    return Robots("rules", Protego.parse(text))


UNREACHABLE = Robots("unreachable")


def origin(url: str) -> str:
    """What a robots.txt holds for: scheme, host and port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
