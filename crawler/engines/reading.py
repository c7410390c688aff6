"""What every way of reading a page shares: selecting, counting, dating, paging, and ids for posts that have none."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final
from urllib.parse import parse_qs, urldefrag, urlsplit

from crawler.dates import Clock, day_comes_first
from crawler.engines.document import Document
from crawler.engines.selecting import selector
from crawler.engines.text import Body, listed, one_line
from data.records import Post

_NUMBER = re.compile(r"(\d[\d.,\s\u202f]*)\s*([kmn]|nghìn|tr|triệu)?\b", re.I)
_SEEN = re.compile(
    r">\s{0,9}+(?=[\dlđsv])(?:(?:lượt xem|đã xem|số lượt xem|views?)\s{0,3}:?\s{0,3}(\d[\d.,]{0,12}\s?[km]?)|"
    r"(\d[\d.,]{0,12}\s?[km]?)\s{0,3}(?:lượt xem|views?))\s{0,9}<",
    re.I,
)
#: Posts above it on the page among which a quote's origin is looked for.
_FAR_BACK: Final = 200
#: Shorter quotes occur by chance.
_FEW: Final = 8
_DATE_ATTRIBUTES: Final = ("datetime", "data-timestamp", "data-time", "data-date", "data-utime", "content", "title")


def every(node: Any, css: str) -> list[Any]:
    """All elements under ``node`` that ``css`` selects, in the page's order; none for an empty selector."""
    return selector(css)(node) if css else []


def first(node: Any, css: str) -> Any:
    """The first element for the earliest of the comma-separated selectors that finds one, or ``None``.

    The order of the alternatives is a preference, unlike in a style sheet.
    """
    for find in _finders(css):
        if (found := find(node)) is not None:
            return found
    return None


@cache
def _finders(css: str) -> tuple[Callable[[Any], Any], ...]:
    return tuple(selector(one).first for one in alternatives(css))


@cache
def alternatives(css: str) -> tuple[str, ...]:
    """The comma-separated selectors of a list."""
    return tuple(part.strip() for part in css.split(", ") if part.strip())


def clock_for(doc: Document, shown: Iterable[str]) -> Clock:
    """A page's clock, its order of day and month decided by the dates ``shown`` on it."""
    return Clock(zone=doc.zone, now=doc.fetched_at, day_first=day_comes_first(shown, doc.locale), lang=doc.lang)


def moment(node: Any, clock: Clock) -> datetime | None:
    """The time that an element tells: by its attributes, those of a ``<time>`` in it, or its words."""
    if node is None:
        return None
    inner = node if node.tag == "time" else next(node.iter("time"), None)
    for one in (node,) if inner is None or inner is node else (inner, node):
        for name in _DATE_ATTRIBUTES:
            if (value := one.get(name)) and (read := clock.read(value)) is not None:
                return read
    for one in node.iter("abbr", "span", "a", "li"):
        for name in ("title", "data-timestamp", "data-time", "datetime"):
            if one is not node and (value := one.get(name)) and (read := clock.read(value)) is not None:
                return read
    return clock.read(one_line(node))


def number_in(text: str) -> int | None:
    """The first count in a text ("1,234", "1.2K", "1,2N", "3 replies"), or ``None``."""
    found = _NUMBER.search(text)
    if not found:
        return None
    digits, scale = re.sub(r"\s", "", found[1]).rstrip(".,"), (found[2] or "").lower()
    try:
        if scale:
            return round(float(digits.replace(",", ".")) * (1_000 if scale[0] in "kn" else 1_000_000))
        return int(re.sub(r"[.,]", "", digits))
    except ValueError:
        return None


def views_shown(doc: Document) -> int | None:
    """How often a page was viewed, where it says so once and in so many words («1.204 lượt xem», "Views: 310")."""
    found = {said[1] or said[2] for said in _SEEN.finditer(doc.text)}
    return number_in(found.pop()) if len(found) == 1 else None


def digest(author: str | None, posted_at: object, text: str) -> str:
    """An id for a post that has none: the same from crawl to crawl, whatever stands around it."""
    source = "\x1f".join((author or "", str(posted_at or ""), " ".join(text.split())))
    return hashlib.sha256(source.encode()).hexdigest()[:20]


def quoted_post(body: Body, before: Sequence[Post]) -> str | None:
    """The earlier post that a quote's words are from, if it stands on the same page."""
    if not body.quoted:
        return None
    cited = " ".join(body.quoted.split())[:200].lower()
    if len(cited) < _FEW and not body.quoted_author:
        return None
    # A quote may begin with what its author quoted: their own words stand last.
    own = " ".join(body.quoted.rsplit("\n\n", 1)[-1].split())[:200].lower() if body.quoted_author else cited
    found: str | None = None
    for post in before[-_FAR_BACK:]:
        if body.quoted_author and post.author and post.author.lower() != body.quoted_author.lower():
            continue
        text = " ".join(post.text.split()).lower()
        if cited in text or (len(own) >= _FEW and own in text):
            found = post.post_id
    return found


#: Parameters that count pages, and those that count the posts or threads before them.
_PAGES: Final = listed(
    "page p pg pn pageno pagenum pagenumber page_no page_num pageindex curpage currentpage cpage paged trang trangso seite pagina"
)
_BEFORE_IT: Final = frozenset(("start", "st", "offset", "s", "sid", "post"))
_PAGE_IN_PATH = re.compile(r"/(?:page[-/]?[0-9]+|(?:trang|seite)[-_/]?[0-9]{1,5}|p-?[0-9]{1,4})/?$", re.I)


def is_paging(part: str) -> bool:
    """Whether a part of a query says which page it is, or whose session."""
    name = part.split("=")[0].lower()
    return name in _PAGES or name in _BEFORE_IT


def without_page(path: str) -> str:
    """A path without the page at its end: ``/topic/5/page-2`` as ``/topic/5/``. A title may end in a number, so only steps count."""
    return _PAGE_IN_PATH.sub("/", path)


def page_number(url: str) -> int:
    """The page that an address names, 1 where it names none."""
    parts = urlsplit(url)
    for name, values in parse_qs(parts.query).items():
        if name.lower() in _PAGES and (value := values[0]).isdigit() and len(value) < 6:
            return max(1, int(value))
    for one in (parts.path, parts.query):  # "index.php?threads/ten.12/page-3" has its path in the query
        if found := re.search(r"/(?:page|p|trang|seite)[-/]?(\d{1,5})/?$", one):
            return max(1, int(found[1]))
    return 1


def next_page(doc: Document, css: str) -> str | None:
    """Where the link to the next page leads; never back to the same page."""
    here = urldefrag(doc.url)[0]
    for node in candidates(doc, css):
        url = doc.link(node.get("href"))
        if url and urldefrag(url)[0] != here:
            return urldefrag(url)[0]
    return None


def candidates(doc: Document, css: str) -> Iterator[Any]:
    """The elements of every alternative, the preferred ones first."""
    for one in alternatives(css):
        yield from selector(one)(doc.tree)


def types_of(node: dict[str, Any]) -> frozenset[str]:
    """The schema.org types of a JSON-LD object, without their address."""
    said = node.get("@type")
    names = said if isinstance(said, list) else [said]
    return frozenset(str(name).rsplit("/", 1)[-1] for name in names if name)
