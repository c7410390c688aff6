"""Where an unknown page goes on: its links to further pages, known by what they are and not by a name.

A page and its next differ by one number: in a parameter whatever its name (``?page=2``, ``?trang=2``, ``?from=40``) or at the
end of the path (``/trang-2/``, ``/p2``, ``-2.html``). A number that is added to the address is a page of the same thing; one
that is merely changed may as well name another thread, and needs a pager beside it, whose links say 1, 2, 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final
from urllib.parse import urldefrag, urlsplit

from crawler.engines.document import Document, host_of
from crawler.engines.reading import every, is_paging, page_number
from crawler.engines.text import one_line

_NEXT_WORDS = re.compile(
    r"(?:next(?: page)?|older(?: posts| comments| threads)?|more|(?:trang )?(?:tiếp(?: theo)?|sau|kế(?: tiếp)?)|xem tiếp|weiter|"
    r"nächste(?: seite)?|suivante?|siguiente|»|›|>|>>|→|next\s*[»›>→]+)\s*[»›>→]*",
    re.I,
)
#: What a page's number looks like at the end of a path: ``/2``, ``/trang-2/``, ``p2``, ``-2.html``, ``/page/2``.
_SUFFIX = re.compile(r"[-_/.,;]?(?:[^\W\d]{1,12}[-_/.=]?)?(\d{1,7})/?(?:\.\w{2,5})?")
_ENDING = re.compile(r"(?:/|\.\w{2,5})?$")
_NUMBER = re.compile(r"\d+")
_NO_LETTERS = re.compile(r"[\W\d_]+|page|trang|seite")
_NO_STEM = re.compile(r"[\W\d_]+|page|trang|seite|html?$|php$")
_LONGEST_WORDS: Final = 16
_PRESENT: Final = frozenset(("active", "current", "is-active", "is-current", "selected", "hien-tai"))


@dataclass(frozen=True, slots=True)
class Slot:
    """Where an address has its page's number; ``added``: the page that it was found on has no number there."""

    url: str
    start: int
    end: int
    added: bool

    @property
    def pattern(self) -> str:
        """The address with its page left open, the same for every page."""
        return f"{self.url[: self.start]}#{self.url[self.end :]}"

    @property
    def number(self) -> int:
        return int(self.url[self.start : self.end])


def slot(here: str, url: str) -> Slot | None:
    """Where ``url`` differs from ``here`` if by one number alone, else ``None``."""
    one, two = urlsplit(here), urlsplit(url)
    if (one.scheme, one.netloc) != (two.scheme, two.netloc) or here == url:
        return None
    if (one.path or "/") == (two.path or "/"):
        return _in_query(one.query, url, two.query)
    mine = {part for part in one.query.split("&") if part and not is_paging(part)}
    theirs = {part for part in two.query.split("&") if part and not is_paging(part)}
    return _in_path(one.path, url, two.path) if mine == theirs else None


def _in_query(mine: str, url: str, theirs: str) -> Slot | None:
    have = dict(part.partition("=")[::2] for part in mine.split("&") if part)
    want = dict(part.partition("=")[::2] for part in theirs.split("&") if part)
    changed = [name for name, value in want.items() if have.get(name) != value]
    # Where more is added (an order, a filter) the number is the one that says so.
    named = [name for name in changed if is_paging(name)] if len(changed) > 1 else changed
    if len(named) != 1 or any(name in have for name in changed if name != named[0]):
        return None
    if any(name not in want and not is_paging(name) for name in have):
        return None
    name = named[0]
    value, added = want[name], name not in have
    if not re.fullmatch(r"\d{1,7}", value) or not (added or have[name].isdigit()):
        return None
    for found in _ASKED.finditer(url):
        if found[1] == name and found[2] == value:
            return Slot(url, found.start(2), found.end(2), added)
    return None


def _in_path(mine: str, url: str, theirs: str) -> Slot | None:
    begin = url.index(theirs, url.index("//") + 2)
    for stem in (mine.rstrip("/"), _ENDING.sub("", mine, count=1)):
        if theirs.startswith(stem) and (found := _SUFFIX.fullmatch(theirs, len(stem))):
            return Slot(url, begin + found.start(1), begin + found.end(1), True)
    for found in _NUMBER.finditer(theirs):
        head, tail = theirs[: found.start()], theirs[found.end() :]
        middle = mine[len(head) : len(mine) - len(tail)]
        if mine.startswith(head) and mine.endswith(tail) and middle.isdigit():
            return Slot(url, begin + found.start(), begin + found.end(), False)
    return None


_ASKED = re.compile(r"(?<=[?&])([^&=#]*)=(\d{1,7})(?=&|#|$)")
_BACK = re.compile(
    r"\d{1,4}|[«‹<←]+|(?:[«‹<←]+\s*)?(?:prev(?:ious)?(?: page)?|newer|trang trước|trước|trang đầu|đầu|first)", re.I
)


def is_later(doc: Document) -> bool:
    """Whether a page is not the first of its thread: by its address, or by a pager that leads back to earlier ones."""
    here = urldefrag(doc.url)[0]
    if page_number(here) > 1:
        return True
    for link in islice(doc.tree.iter("a"), 5_000):
        words = one_line(link)
        if len(words) > _LONGEST_WORDS or not _BACK.fullmatch(words):
            continue
        url = urldefrag(doc.link(link.get("href")) or "")[0]
        found = slot(url, here) if url else None
        if found is not None and (found.added or _number_there(url, found) < found.number):
            return True
    return False


def _number_there(url: str, found: Slot) -> int:
    """The number that another address has in a slot's place."""
    number = _NUMBER.match(url, found.start)
    return int(number[0]) if number else found.number


class Paging:
    """What a crawl has learned of addresses that are pages of one thread or list."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def learn(self, found: Slot, identity: str) -> None:
        """Every address of the slot's pattern is a page of what is called ``identity``."""
        self._known[found.pattern] = identity

    def identity(self, url: str) -> str | None:
        """What an address is a page of, where that was learned."""
        if not self._known:
            return None
        for found in _NUMBER.finditer(url):
            if (known := self._known.get(f"{url[: found.start()]}#{url[found.end() :]}")) is not None:
                return known
        return None


def next_links(doc: Document) -> Iterator[str]:
    """Addresses that the page offers as its next, the surest first: said so in its markup, in words, by the next number."""
    here = urldefrag(doc.url)[0]
    seen = {here}
    for url in (*_stated(doc), *_worded(doc), *_numbered(doc)):
        if url not in seen:
            seen.add(url)
            yield url


def _stated(doc: Document) -> Iterator[str]:
    for node in every(doc.tree, "a[rel~=next], link[rel~=next]"):
        if url := doc.link(node.get("href")):
            yield urldefrag(url)[0]


def _links(doc: Document) -> list[tuple[str, str, Any]]:
    """The page's links with few words: the words, the address, the element."""
    key = "_short_links"
    if key not in doc.__dict__:
        found: list[tuple[str, str, Any]] = []
        host = urlsplit(doc.url).netloc
        for link in doc.tree.iter("a"):
            href = link.get("href")
            if not href or href.startswith("#") or len(link) > 3:
                continue
            words = one_line(link) or link.get("title") or link.get("aria-label") or ""
            if len(words) > _LONGEST_WORDS:
                continue
            url = doc.link(href)
            if url and host_of(url) == host:
                found.append((words, urldefrag(url)[0], link))
        doc.__dict__[key] = found
    links: list[tuple[str, str, Any]] = doc.__dict__[key]
    return links


def _worded(doc: Document) -> Iterator[str]:
    for words, url, _ in _links(doc):
        if _NEXT_WORDS.fullmatch(words) and along(doc.url, url):
            yield url


def along(here: str, url: str) -> bool:
    """Whether an address is this one with another page: by one number, or by what is short and has one."""
    if slot(urldefrag(here)[0], url) is not None:
        return True
    one, two = urlsplit(url), urlsplit(here)
    stem = _NO_LETTERS.sub("", one.path.lower())
    return stem.startswith(_NO_STEM.sub("", two.path.lower())[:40]) and bool(
        _NUMBER.search(one.path.replace(two.path, "") + one.query)
    )


def _numbered(doc: Document) -> Iterator[str]:
    numbers = {int(words): url for words, url, _ in reversed(_pager(doc))}
    wanted = _shown_page(doc, numbers) + 1
    if wanted in numbers:
        yield numbers[wanted]
    for words, url, _ in _links(doc):
        if not words and page_number(url) == page_number(doc.url) + 1 and along(doc.url, url):
            yield url


def _pager(doc: Document) -> list[tuple[str, str, Any]]:
    here = urldefrag(doc.url)[0]
    return [
        (words, url, link)
        for words, url, link in _links(doc)
        if words.isdecimal() and len(words) < 6 and (url == here or along(here, url))
    ]


def _shown_page(doc: Document, numbers: dict[int, str]) -> int:
    """Which page this is: by its address, by the link that leads nowhere else or is marked as the present one, by the number in the
    pager that is no link. Where all are links that add their number to the address, the one without is the first."""
    here = urldefrag(doc.url)[0]
    if (number := page_number(here)) > 1:
        return number
    if (own := next((number for number, url in numbers.items() if url == here), None)) is not None:
        return own
    for _, _, link in _pager(doc):
        for near in _beside(link):
            words = "".join(near.itertext()).strip() if len(near) < 2 else ""
            if words.isdecimal() and len(words) < 6 and next(near.iter("a"), near).get("href") is None:
                return int(words)
    for words, _, link in _pager(doc):
        if _is_present(link):
            return int(words)
    if 1 in numbers and 2 in numbers:
        first, second = slot(here, numbers[1]), slot(here, numbers[2])
        if first and second and first.added and first.number < 2 and first.pattern == second.pattern:
            return 1
    return next(number for number in range(1, len(numbers) + 2) if number not in numbers)


def _is_present(link: Any) -> bool:
    """Whether a pager marks a link as the page that is shown."""
    above = link.getparent()
    cells = (link, above) if above is not None and above.tag in ("li", "span") else (link,)
    return any(
        one.get("aria-current") in ("page", "true") or not _PRESENT.isdisjoint((one.get("class") or "").lower().split())
        for one in cells
    )


def _beside(link: Any) -> Iterator[Any]:
    """The elements beside a link in the pager, and those beside its cell."""
    above = link.getparent()
    for one in (link, above) if above is not None and above.tag not in ("body", "html") else (link,):
        for near in (*islice(one.itersiblings(preceding=True), 12), *islice(one.itersiblings(), 12)):
            if isinstance(near.tag, str):
                yield near


def confirmed(doc: Document, found: Slot) -> bool:
    """Whether a pager stands beside a changed number: links that say 1, 2, 3 and lead to addresses of its pattern."""
    if found.added:
        return True
    here = urldefrag(doc.url)[0]
    counted = [
        (int(words), other.number)
        for words, url, _ in _pager(doc)
        if (other := slot(here, url)) is not None and other.pattern == found.pattern
    ]
    return bool(counted) and all(
        number in (said, said - 1) or (said > 1 and number % (said - 1) == 0) for said, number in counted
    )
