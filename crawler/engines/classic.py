"""What the older boards share: templates that skins change, dates in words, and addresses that carry a session.

Such an engine is known by what its core writes whatever the skin, and only on pages that it can read: a skin that moved
everything elsewhere is left to the general reader.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from urllib.parse import urldefrag

from crawler.dates import Clock
from crawler.engines.base import Engine
from crawler.engines.document import Document
from crawler.engines.reading import alternatives, candidates, every, first
from crawler.engines.selecting import selector
from crawler.engines.text import listed, one_line
from data.records import Post, ThreadLink

#: Session ids that boards put into addresses for visitors without cookies.
_SESSION = re.compile(r"(?<=[?&;])(?:PHPSESSID|sid|s)=[0-9A-Za-z]{16,64}(?:&amp;|[&;]|(?=#|$))")
_MENU = re.compile(r"\bpopup_menu\b|breadcrumb", re.I)
_LONGEST: Final = 120
#: Elements whose attributes tell a time.
_TIMES: Final = ("time", "woltlab-core-date-time", "meta", "span", "abbr")
_LONGEST_NUMBER: Final = 6
#: Elements that hold the posts of a page.
_POSTS: Final = listed(
    "posts posts_container forumposts quickModForm main_content_section content wrapper page-body main postlist"
)


class Classic(Engine):
    """An engine whose skins differ. Subclasses say what its core writes: :meth:`bears_marks`."""

    def bears_marks(self, doc: Document) -> bool:
        """Whether the page holds what only this engine's core writes."""
        raise NotImplementedError

    def detect(self, doc: Document) -> bool:
        return not doc.is_json and self.bears_marks(doc) and self.can_read(doc)

    def can_read(self, doc: Document) -> bool:
        """Whether posts or lines are where they are looked for; a page of neither need not have them."""
        if nodes := self._post_nodes(doc):
            return any(self.is_deleted(node) or self.body_node(node) is not None for node in nodes)
        if every(doc.tree, self.marks.thread) or every(doc.tree, self.marks.board):
            return True
        return self.thread_id.search(doc.url) is None

    def read_date(self, node: Any, clock: Clock) -> datetime | None:
        for one in alternatives(self.marks.date):
            for found in selector(one)(node):
                if (read := told(found, clock)) is not None:
                    return read
        return None

    def read_post(self, doc: Document, node: Any, clock: Clock, before: list[Post], number: int) -> Post:
        post = super().read_post(doc, node, clock, before, number)
        if post.edited_at is None or (edited := first(node, self.marks.edited)) is None:
            return post
        return replace(post, edited_at=told(edited, clock))

    def _last_post(self, line: Any, clock: Clock) -> datetime | None:
        dates = (told(node, clock) for node in every(line, self.marks.thread_date))
        return max((date for date in dates if date is not None), default=None)

    def next_url(self, doc: Document) -> str | None:
        """The next page, never of another thread nor of the board, through which menus above a thread page."""
        thread = self.identify_thread(doc.url) if self.thread_id.search(doc.url) else None
        here = urldefrag(doc.url)[0]
        for link in candidates(doc, self.marks.next_page):
            url = self.address(doc, link)
            if not url or url == here or any(_MENU.search(above.get("class") or "") for above in link.iterancestors()):
                continue
            if thread is None or not self.thread_id.search(url) or self.identify_thread(url) == thread:
                return url
        return None

    def read_permalink(self, doc: Document, node: Any) -> str | None:
        return without_session(super().read_permalink(doc, node))

    def read_line(self, doc: Document, line: Any, clock: Clock) -> ThreadLink | None:
        link = super().read_line(doc, line, clock)
        return replace(link, url=without_session(link.url) or link.url) if link else None

    def page_after(self, doc: Document, current: str) -> str | None:
        """Where the link leads whose words are the number after that of the page at hand, which ``current`` selects."""
        for shown in every(doc.tree, current):
            number, pages = one_line(shown).strip("[] "), shown.getparent()
            if not number.isdecimal() or len(number) > _LONGEST_NUMBER or pages is None:
                continue
            wanted = str(int(number) + 1)
            for link in every(pages, "a[href]"):
                if one_line(link) == wanted:
                    return self.address(doc, link)
        return None

    @staticmethod
    def address(doc: Document, link: Any) -> str | None:
        """Where a link leads, without session and fragment."""
        url = without_session(doc.link(link.get("href")))
        return urldefrag(url)[0] if url else None


def without_session(url: str | None) -> str | None:
    """An address without the session that a board gives to visitors without cookies."""
    if url is None:
        return None
    address, mark, fragment = _SESSION.sub("", url).partition("#")
    return address.rstrip("?&;") + mark + fragment


def told(node: Any, clock: Clock) -> datetime | None:
    """The time that an element tells in words, some of which stand in titles: ``<span title="11-21-2026">Today</span>, 10:20``."""
    for one in node.iter(*_TIMES):
        for name in ("datetime", "date", "data-timestamp", "data-time", "content"):
            if (value := one.get(name)) and (read := clock.read(value)) is not None:
                return read
    titled = "".join(_titled(node)).strip()
    for text in dict.fromkeys((titled, one_line(node))):
        if (read := clock.read(" ".join(text.split())[:_LONGEST])) is not None:
            return read
    return None


def _titled(node: Any) -> Iterator[str]:
    """The text of an element, that of spans and abbreviations replaced by titles that hold digits."""
    yield node.text or ""
    for child in node:
        if isinstance(child.tag, str):
            title = child.get("title") or ""
            if child.tag in ("span", "abbr") and re.search(r"\d", title):
                yield title
            else:
                yield from _titled(child)
                yield " " if child.tag in ("br", "div", "p", "a") else ""
        yield child.tail or ""


def widest_around(nodes: list[Any]) -> list[Any]:
    """For each of ``nodes`` the widest element around it that holds no other of them; a form or list is never one post."""
    held = Counter(above for node in nodes for above in node.iterancestors())
    found = []
    for node in nodes:
        for above in node.iterancestors():
            if above.tag in ("form", "body", "html") or (above.get("id") or "") in _POSTS or held[above] > 1:
                break
            node = above
        found.append(node)
    return found


def following_cell(found: Any) -> Any:
    """The table cell after the one in which an element stands, or ``None``."""
    while found is not None and found.tag not in ("td", "th"):
        found = found.getparent()
    if found is None:
        return None
    after = found.getnext()
    return after if after is not None and after.tag in ("td", "th") else None
