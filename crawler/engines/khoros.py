"""Khoros communities, formerly Lithium."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar, Final
from urllib.parse import urldefrag, urlsplit

from crawler.dates import Clock
from crawler.engines.base import Engine, Marks
from crawler.engines.document import Document
from crawler.engines.reading import (
    candidates,
    clock_for,
    every,
    first,
    number_in,
    page_number,
    quoted_post,
    views_shown,
    without_page,
)
from crawler.engines.text import Body, listed, one_line
from data.records import Post, Thread, ThreadLink, ThreadList

#: Kinds of messages in addresses: discussions, articles, blogs, ideas, questions, and single messages of them.
_MESSAGE = re.compile(r"/(?:td|ta|ba|idi|qaq|cns|idc|bc|tac|qaa|qac|m)-p/(\d+)(?:/|[?#]|$)")
_BOARD = re.compile(r"/(?:bd|bg|tkb|idb|qa|con|ct|gh|gp|og)-p/")
_UID = re.compile(r"(?:^|\s)(?:lia-js-data-messageUid-|message-uid-)(\d+)(?:\s|$)")
_NOBODY: Final = frozenset(("anonymous", "not applicable", "deleted user", "former member", "ẩn danh"))
#: Marks of writing direction stand before its dates.
_DIRECTIONS: Final = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c"))
_MENUS: Final = listed("lia-breadcrumb lia-breadcrumbs lia-menu-navigation lia-nav header footer")


class Khoros(Engine):
    """Khoros in its classic markup, whose classes begin with ``lia-``."""

    name = "khoros"
    known_at_once = True
    thread_id: ClassVar[re.Pattern[str]] = _MESSAGE
    marks = Marks(
        post=".lia-message-body-content",
        body=".lia-message-body-content",
        author="a.lia-user-name-link, .lia-user-name, .UserName",
        signature=".lia-message-signature, .UserSignature",
        drop=".lia-quilt-column-solution, .lia-message-body-accept-solution, .lia-inline-image-caption",
        title=".lia-thread-topic .message-subject, .PageTitle, .lia-message-subject, h1",
        next_page=".lia-paging-page-next a[href], a[rel~=next], link[rel~=next]",
        thread=".lia-list-row, .custom-message-list article, .message-list article",
        thread_link=".message-subject a[href*='-p/'], h2 a[href*='-p/'], h3 a[href*='-p/']",
        thread_replies=".repliesCountColumn, .cRepliesCountColumn, .custom-tile-replies",
        thread_views=".viewsCountColumn, .cViewsCountColumn, .custom-tile-views",
        thread_sticky=".lia-list-row-float",
        board="a[href*='/bd-p/']",
    )

    def detect(self, doc: Document) -> bool:
        body = None if doc.is_json else doc.tree.find("body")
        if body is None:
            return False
        return body.get("id") == "lia-body" or "lia-body" in (body.get("class") or "").split()

    # -- a thread

    def post_nodes(self, doc: Document) -> list[Any]:
        """The messages; of one that stands on the page twice, as the answer accepted and in its place, the latter."""
        if _BOARD.search(urlsplit(doc.url).path):
            return []
        found: dict[str, Any] = {}
        for body in every(doc.tree, self.marks.body):
            if first(body, ".lia-truncated-body-container") is not None:
                continue
            node = next((one for one in body.iterancestors("div", "article", "li") if _uid(one)), None)
            if node is not None:
                found.pop(str(_uid(node)), None)
                found[str(_uid(node))] = node
        return list(found.values())

    def read_thread(self, doc: Document) -> Thread:
        thread = super().read_thread(doc)
        # The address of a single message shows the thread that it is in.
        whole = first(doc.tree, "link[rel~=canonical]")
        said = doc.link(whole.get("href")) if whole is not None else None
        found = _MESSAGE.search(urlsplit(said).path) if said else None
        if not said or not found:
            return thread
        return replace(thread, thread_id=found[1], url=urldefrag(said)[0] if thread.page == 1 else thread.url)

    def clock(self, doc: Document, nodes: Iterable[Any]) -> Clock:
        return clock_for(doc, (_shown(one) for node in nodes for one in every(node, ".DateTime")[:1]))

    def read_post_id(self, node: Any) -> str | None:
        return _uid(node)

    def read_author(self, node: Any) -> str | None:
        name = super().read_author(node)
        return None if name and name.lower() in _NOBODY else name

    def read_date(self, node: Any, clock: Clock) -> datetime | None:
        found = first(node, ".lia-message-posted-on, .DateTime")
        return clock.read(_shown(found)) if found is not None else None

    def read_post(self, doc: Document, node: Any, clock: Clock, before: list[Post], number: int) -> Post:
        post = super().read_post(doc, node, clock, before, number)
        edited = first(node, ".lia-message-edited-on")
        address = without_page(urlsplit(doc.url).path)
        return replace(
            post,
            url=doc.link(f"{_MESSAGE.sub('', address)}/m-p/{post.post_id}#M{post.post_id}"),
            edited_at=clock.read(_shown(edited)) if edited is not None else None,
        )

    def read_reply_to(self, node: Any, body: Body, before: list[Post]) -> str | None:
        answered = first(node, "[class*='response-to'] a[href], a[class*='response-to']")
        found = _MESSAGE.search(answered.get("href") or "") if answered is not None else None
        return found[1] if found else quoted_post(body, before)

    def read_reactions(self, node: Any) -> dict[str, int] | None:
        shown = first(node, ".MessageKudosCount")
        count = number_in(one_line(shown)) if shown is not None else None
        return None if count is None else {"like": count}

    # -- around the posts

    def read_title(self, doc: Document) -> str:
        return re.sub(r"^(?:Re|Betreff|Aw):\s", "", super().read_title(doc))

    def read_views(self, doc: Document) -> int | None:
        return views_shown(doc)

    def read_tags(self, doc: Document) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one_line(tag) for tag in every(doc.tree, ".TagList a.lia-tag")))

    def next_url(self, doc: Document) -> str | None:
        """The next page: the same words name the next topic."""
        here = urldefrag(doc.url)[0]
        for node in candidates(doc, self.marks.next_page):
            url = urldefrag(doc.link(node.get("href")) or "")[0]
            if url and page_number(url) == page_number(here) + 1:
                return url
        return None

    # -- a list

    def read_list(self, doc: Document) -> ThreadList:
        found = super().read_list(doc)
        board = "/bd-p/" in urlsplit(doc.url).path
        # A board's page names others beside it; those below it stand in lists of their own.
        boards = () if board else self._boards(doc)
        return replace(found, boards=boards, standing={})

    def _boards(self, doc: Document) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for link in every(doc.tree, self.marks.board):
            above = {name for one in link.iterancestors() for name in (one.tag, *(one.get("class") or "").split())}
            url = doc.link(link.get("href"))
            if url and not above & _MENUS:
                found[without_page(urldefrag(url)[0]).rstrip("/")] = None
        return tuple(found)

    def read_line(self, doc: Document, line: Any, clock: Clock) -> ThreadLink | None:
        link = super().read_line(doc, line, clock)
        if link is None or not _MESSAGE.search(urlsplit(link.url).path):
            return None
        shown = [_shown(one) for one in every(line, ".DateTime")]
        read = clock_for(doc, shown)
        dates = [date for said in shown if (date := read.read(said)) is not None]
        return replace(link, last_post_at=max(dates, default=None))


def _uid(node: Any) -> str | None:
    """The number of the message that an element holds."""
    said: str | None = node.get("data-lia-message-uid")
    if said and said.isdigit():
        return said
    found = _UID.search(node.get("class") or "")
    return found[1] if found else None


def _shown(node: Any) -> str:
    """A date as it is written: the whole of it stands in a title where a person reads “Monday”."""
    friendly = first(node, ".local-friendly-date[title]")
    said = friendly.get("title") if friendly is not None else None
    parts = [one_line(one) for one in every(node, ".local-date, .local-time")]
    return " ".join((said or " ".join(parts) or one_line(node)).translate(_DIRECTIONS).split())
