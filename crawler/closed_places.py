"""Sources that can be told by their address alone to be read by nobody here: a sentence, and no request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from crawler.platforms import platform_of
from crawler.reasons import Reason
from data.words import tell

if TYPE_CHECKING:
    from data.study import Source

#: Networks that give posts to no program without a contract or a log-in; an export of them can be imported.
_CLOSED: Final = {
    "x.com": "x",
    "twitter.com": "x",
    "tiktok.com": "tiktok",
    "instagram.com": "instagram",
    "threads.net": "threads",
    "threads.com": "threads",
    "zalo.me": "zalo",
    "linkedin.com": "linkedin",
}
#: What a study calls a source to have a page read as it is.
_PAGES: Final = frozenset(("site", "feed"))


def closed(source: Source) -> Reason | None:
    """Why a source that no platform takes cannot be read as the study has it; ``None`` where its pages are to be asked for."""
    if platform_of(source) is not None:
        return None
    if source.api is not None:
        return Reason("api_unused", {"url": source.url, "api": source.api})
    host = (urlsplit(source.url).hostname or "").lower()
    network = next((name for place, name in _CLOSED.items() if host == place or host.endswith(f".{place}")), None)
    if network is None or source.kind in _PAGES:
        return None
    return Reason("closed_place", {"url": source.url, "network": tell(f"offered.networks.{network}")})
