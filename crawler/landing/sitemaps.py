"""What a site's sitemaps name (sitemaps.org): pages and further sitemaps, read with bounds and without expanding anything."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from html import unescape
from typing import Final

#: The protocol's own bounds are 50 MB and 50,000 addresses; a budget of a few dozen pages needs no more than this.
LARGEST: Final = 10_000_000
MOST: Final = 20_000
_LOC = re.compile(r"<(?:\w{1,20}:)?loc>\s{0,50}(?:<!\[CDATA\[)?\s{0,50}([^<\]\s]{1,1500})", re.I)
_INDEX = re.compile(r"<(?:\w{1,20}:)?sitemapindex[\s>]", re.I)
_SET = re.compile(r"<(?:\w{1,20}:)?urlset[\s>]", re.I)
#: What a sitemap's name says of its pages.
_KINDS: Final = (
    ("collection", re.compile(r"categor|collection|danh-?muc|nhom", re.I)),
    ("product", re.compile(r"product|san-?pham|item|shop", re.I)),
    ("blog", re.compile(r"post|blog|news|tin-|article|bai-?viet", re.I)),
    ("page", re.compile(r"page|trang|main|static|core|landing", re.I)),
)
#: Sitemaps in the order in which they are read.
_ORDER: Final = ("page", "", "collection", "product", "blog")
_NEVER = re.compile(r"image|video|author|user|tag[s_.-]|forum|location|attachment", re.I)


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What one sitemap names. ``kind`` is what its pages are by its name: ``page``, ``product``, ``blog``, … or empty."""

    pages: tuple[str, ...] = ()
    maps: tuple[str, ...] = ()
    kind: str = ""


def read_sitemap(url: str, body: bytes) -> Sitemap:
    """Read a sitemap or an index of sitemaps, packed or not; anything else is an empty one."""
    text = _unpacked(body).decode("utf-8-sig", "replace")
    head = text[:5_000]
    found = []
    if _INDEX.search(head) or _SET.search(head):
        for match in _LOC.finditer(text):
            found.append(unescape(match[1]))
            if len(found) == MOST:
                break
    elif "<" not in head:
        # A plain list of addresses, one a line.
        found = [line.strip() for line in text.splitlines()[:MOST] if re.match(r"\s*https?://\S{1,1500}\s*$", line)]
    if _INDEX.search(head):
        return Sitemap(maps=tuple(ranked(found)))
    return Sitemap(tuple(dict.fromkeys(found)), kind=kind_of(url))


def ranked(maps: list[str]) -> list[str]:
    """Sitemaps by what their names promise, best first; those of pictures, people and tags left out."""
    wanted = [url for url in dict.fromkeys(maps) if not _NEVER.search(_name(url))]
    return sorted(wanted, key=lambda url: _ORDER.index(kind_of(url)))


def kind_of(url: str) -> str:
    """What the pages of a sitemap are, by its name."""
    name = _name(url)
    return next(
        (kind for kind, pattern in _KINDS[2:] if pattern.search(name)), "page" if _KINDS[0][1].search(name) else ""
    )


def _name(url: str) -> str:
    return url.partition("?")[0].rsplit("/", 1)[-1][-200:]


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body[:LARGEST]
    try:
        return zlib.decompressobj(wbits=31).decompress(body, LARGEST)
    except zlib.error:
        return b""
