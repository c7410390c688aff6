"""Which of a site's pages to read next: a pool that fills from links and sitemaps, and gives the best one first.

Kinds take turns: each further page of a kind counts for less, so that prices, about and questions are read before the
twentieth product. Traps are never named: calendars, facets and orders of lists, sessions, copies in other languages.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from crawler.engines.document import Document
from crawler.landing.links import AGAIN, host_of, judge, linked, normal

#: The pool never holds more than this.
MOST: Final = 20_000
#: A page that was read before is worth going on with, unless something much better has come up.
_READ_BEFORE: Final = 3.0
_OF_SITEMAP: Final = {"product": ("product", 6.3), "collection": ("product", 6.0), "blog": ("blog", 0.3)}
_LANGUAGE = re.compile(
    r"(?:ar|bg|bn|cn|cs|cz|da|de|el|en|es|et|fa|fi|fil|fr|he|hi|hr|hu|id|in|it|ja|jp|ko|kr|km|lo|lt|lv|ms|my|nl|no|pl|pt|ro|ru|sk|sl|sr|sv|th"
    r"|tl|tr|tw|ua|uk|vi|vn|zh)(?:[-_](?:[a-z]{2}|hans|hant))?"
)
_SAME: Final = {"vn": "vi", "jp": "ja", "kr": "ko", "cn": "zh", "tw": "zh", "ua": "uk", "cz": "cs"}


class Frontier:
    """The pages of one site that are still to be read."""

    def __init__(self) -> None:
        self._pool: dict[str, tuple[float, str]] = {}
        self._given: set[str] = set()
        self._taken: Counter[str] = Counter()
        self._host: str | None = None
        self._language: str | None = None
        self._prefixed = False
        self._copies: set[str] = set()

    def begin(self, home: Document) -> None:
        """Take the site and its language from its start page."""
        self._host = host_of(home.url)
        prefix = _prefix(home.url)
        self._prefixed = prefix is not None
        self._language = prefix or home.lang
        self._given.add(normal(home.url) or home.url)

    def read(self, doc: Document) -> None:
        """Add what a page links to."""
        for element in doc.tree.iterfind(".//link[@hreflang]"):
            said, link = (element.get("hreflang") or "").lower(), doc.link(element.get("href"))
            if link and self._language and said != "x-default" and _plain(said) != self._language:
                self._copies.add(normal(link) or link)
        for address, text in linked(doc):
            self._add(address, judge(address, text))

    def known(self, pages: Iterable[str]) -> None:
        """Add pages that were read before."""
        for url in pages:
            judged = judge(url, "") if normal(url) is not None and "sitemap" not in url else None
            if judged is not None:
                self._add(url, (judged[0] + _READ_BEFORE, judged[1]))

    def mapped(self, pages: Iterable[str], kind: str) -> None:
        """Add the pages that a sitemap names; ``kind`` is what the sitemap's own name says of them."""
        for url in pages:
            address = normal(url)
            judged = judge(address, "") if address is not None else None
            if address is None or judged is None:
                continue
            if judged[0] <= 2 and kind in _OF_SITEMAP:
                judged = (_OF_SITEMAP[kind][1], _OF_SITEMAP[kind][0])
            self._add(address, judged)

    def _add(self, address: str, judged: tuple[float, str] | None) -> None:
        if judged is None or address in self._given or host_of(address) != self._host:
            return
        if len(self._pool) >= MOST or address in self._copies or self._foreign(address):
            return
        if address not in self._pool or self._pool[address][0] < judged[0]:
            self._pool[address] = judged

    def _foreign(self, address: str) -> bool:
        """Whether an address names another language than the start page has."""
        prefix = _prefix(address)
        said = dict(parse_qsl(urlsplit(address).query, max_num_fields=30))
        asked = next((said[name] for name in ("lang", "language", "hl", "locale") if name in said), None)
        if asked is not None:
            return self._language is None or _plain(asked.lower()) != self._language
        if prefix is None or self._language is None:
            return False
        return prefix != self._language

    def next(self) -> str | None:
        """The best page that is left, or ``None``."""
        if not self._pool:
            return None
        best = max(
            self._pool,
            key=lambda url: (self._pool[url][0] - AGAIN * self._taken[self._pool[url][1]], -len(url), url),
        )
        _, kind = self._pool.pop(best)
        self._given.add(best)
        self._taken[kind] += 1
        return best


def _prefix(url: str) -> str | None:
    """The language with which a path begins: ``/en/pricing`` → ``en``."""
    step = urlsplit(url).path.strip("/").partition("/")[0].lower()
    return _plain(step) if _LANGUAGE.fullmatch(step) else None


def _plain(code: str) -> str:
    code = re.split(r"[-_]", code)[0]
    return _SAME.get(code, code)
