"""robots.txt as RFC 9309 has it: what a site asks of crawlers, what its silence means, and for how long either holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

from protego import Protego

from data.store.polite import RobotsFile

#: RFC 9309, 2.5: at least 500 KiB must be read; what lies beyond may be left.
LARGEST = 512_000
#: RFC 9309, 2.2.1: the product token that a group of rules may name.
TOKEN = "Chandung"  # noqa: S105 - a product's name
#: RFC 9309, 2.4: what was read may be used so long; a site that did not answer is asked again sooner.
FRESH, UNKNOWN_FOR = timedelta(hours=24), timedelta(hours=1)
_LINE = re.compile(r"\s*([A-Za-z-]{1,40})\s*:?[ \t]*(.*)")
_PRODUCT = re.compile(r"\*|[A-Za-z_-]+")
_OF_A_GROUP = frozenset(("allow", "disallow", "crawl-delay", "request-rate"))

Found = Literal["rules", "none", "unreachable"]


@dataclass(frozen=True, slots=True)
class Robots:
    """One site's robots.txt. ``found`` says whether it has rules, has none (everything is allowed), or did not answer
    (nothing is allowed until it does); ``read_at`` is when it was asked for; ``withheld``: there is one, and it is not shown to us,
    which RFC 9309 (2.3.1.3) counts as none."""

    found: Found
    rules: Any = None
    read_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    withheld: bool = False

    def allows(self, url: str) -> bool:
        """Whether a page may be fetched."""
        if self.found == "rules":
            return bool(self.rules.can_fetch(url, TOKEN))
        return self.found == "none"

    @property
    def holds(self) -> bool:
        """Whether it is young enough to go by."""
        return datetime.now(UTC) - self.read_at < (UNKNOWN_FOR if self.found == "unreachable" else FRESH)

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


def read_robots(status: int, body: bytes, read_at: datetime | None = None) -> Robots:
    """What an answer to ``/robots.txt`` means (RFC 9309, 2.3.1).

    A client error means that there is none; a server error, or being told to slow down, that it cannot be known now.
    """
    read_at = read_at or datetime.now(UTC)
    if status == 429 or status >= 500:
        return Robots("unreachable", None, read_at)
    if status >= 300 or body[:200].lstrip().lower().startswith((b"<!doctype", b"<html")):
        return Robots("none", None, read_at, withheld=status in (401, 403))
    text = body[:LARGEST].decode("utf-8-sig", "replace")
    return Robots("rules", Protego.parse(_ours(text)), read_at)


def _ours(text: str) -> str:
    """A robots.txt with nothing but the rules that hold for us, and its sitemaps.

    RFC 9309, 2.2.1: all groups that name our product token, in any case and with anything behind it (``Chandung/1.0``),
    are one; where there is none, all groups for ``*`` are. A token that is only a part of ours is somebody else's.
    """
    named: dict[str, list[str]] = {"*": []}
    others: list[str] = []
    agents: list[str] = []
    in_rules = False
    for line in re.split(r"\r\n|\r|\n", text):
        match = _LINE.match(line.partition("#")[0])
        if match is None:
            continue
        field_name, value = match[1].lower(), match[2].strip()
        if field_name == "user-agent":
            token = _PRODUCT.match(value)
            agents = [] if in_rules else agents
            in_rules = False
            agents.append(token[0].lower() if token else "")
            named.setdefault(agents[-1], [])
        elif field_name in _OF_A_GROUP:
            in_rules = True
            for agent in dict.fromkeys(agents):
                named[agent].append(f"{field_name}: {value}")
        elif field_name == "sitemap":
            others.append(f"Sitemap: {value}")
    rules = named.get(TOKEN.lower(), named["*"])
    return "\n".join(["User-agent: *", *rules, *others])


UNREACHABLE = Robots("unreachable")


class RobotsBook(dict[str, Robots]):
    """Origin → its robots.txt. Every one that is read is handed to ``keep``, for crawls to come."""

    def __init__(self, files: Iterable[RobotsFile] = (), *, keep: Callable[[RobotsFile], object] | None = None) -> None:
        super().__init__()
        self._keep = keep
        self.remember(files)

    def remember(self, files: Iterable[RobotsFile]) -> None:
        """Go by files that were read before, as far as they told anything."""
        for file in files:
            known = read_robots(file.status, file.body, file.fetched_at)
            if known.found != "unreachable":
                self[file.origin] = known

    def fresh(self, origin: str) -> Robots | None:
        """What holds for a site now; ``None`` where it has to be asked."""
        robots = self.get(origin)
        return robots if robots is not None and robots.holds else None

    def note(self, origin: str, status: int, body: bytes) -> Robots:
        """Take an answer."""
        file = RobotsFile(origin, datetime.now(UTC), status, body[:LARGEST])
        if self._keep is not None:
            self._keep(file)
        robots = self[origin] = read_robots(status, body, file.fetched_at)
        return robots


def origin(url: str) -> str:
    """What a robots.txt holds for: scheme, host and port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
