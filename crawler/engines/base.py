"""What an engine is: a forum's markup, known by certain marks and read by a table of selectors.

An engine says where things stand (:class:`Marks`); paging, dates, quotes, signatures and identities are read here, once. An
engine never guesses: :meth:`Engine.detect` answers for certain marks only, and a page that is recognised but cannot be read
whole raises :class:`~data.errors.UnreadablePageError`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal
from urllib.parse import unquote, urldefrag, urlsplit

from crawler.dates import Clock
from crawler.engines.document import Document
from crawler.engines.reading import (
    alternatives,
    clock_for,
    digest,
    every,
    first,
    is_paging,
    moment,
    next_page,
    number_in,
    page_number,
    quoted_post,
    without_page,
)
from crawler.engines.selecting import selector
from crawler.engines.sorted_page import sort_page
from crawler.engines.standing import names_its_boards, standings
from crawler.engines.text import Body, one_line, read_body
from data.errors import UnreadablePageError
from data.records import Post, Thread, ThreadLink, ThreadList

Kind = Literal["thread", "list", "index", "other"]


@dataclass(frozen=True, slots=True)
class Marks:
    """Where an engine's pages show what, as CSS selectors; inside a post unless said otherwise. Empty: not shown.

    ``post`` and ``title`` are looked for in the page; so are ``next_page``, ``thread`` (a line of a thread list) and
    ``board`` (a link to a board). ``deleted`` are posts without words by intention. ``drop`` is the forum's own text in a body.
    """

    post: str = ""
    body: str = ""
    author: str = ""
    date: str = ""
    edited: str = ""
    permalink: str = ""
    signature: str = ""
    deleted: str = ""
    drop: str = ""
    reactions: str = ""
    title: str = "h1"
    next_page: str = "a[rel~=next], link[rel~=next]"
    thread: str = ""
    thread_link: str = ""
    thread_replies: str = ""
    thread_views: str = ""
    thread_date: str = ""
    thread_sticky: str = ""
    board: str = ""


class Engine:
    """A forum engine. Subclasses set ``name`` and ``marks`` and say how their pages are known."""

    name: ClassVar[str] = ""
    marks: ClassVar[Marks] = Marks()
    #: How an element's id tells the post's id.
    post_id: ClassVar[re.Pattern[str]] = re.compile(r"(\d+)\D*$")
    post_id_attributes: ClassVar[tuple[str, ...]] = ("id",)
    #: How an address tells the thread's id; the first group that matched.
    thread_id: ClassVar[re.Pattern[str]] = re.compile(r"$^")
    #: Whether its threads are articles with what readers say below them.
    of_article: ClassVar[bool] = False
    #: Whether the root, the body or the head of a page tell: such engines are asked first, for they answer at once.
    known_at_once: ClassVar[bool] = False

    def detect(self, doc: Document) -> bool:
        """Whether the page certainly comes from this engine."""
        raise NotImplementedError

    def kind(self, doc: Document) -> Kind:
        """What sort of page it is."""
        if doc.is_json:
            return "other"
        if self._post_nodes(doc):
            return "thread"
        if every(doc.tree, self.marks.thread):
            return "list"
        return "index" if every(doc.tree, self.marks.board) else "other"

    # -- addresses

    def thread_address(self, url: str) -> str | None:
        """The address to fetch for a thread, where it differs from the one that people see; else ``None``."""
        return None

    def board_address(self, url: str) -> str | None:
        """The address to fetch for a board, where it differs from the one that people see; else ``None``."""
        return None

    def identify_thread(self, url: str) -> str:
        """The same text for every page of a thread: the engine's id in the address, else the address without its page."""
        found = self.thread_id.search(unquote(urldefrag(url)[0]))
        if found:
            return next((group for group in found.groups() if group), found[0])
        parts = urlsplit(url)
        # One address may be written with %-signs or without.
        path = unquote(without_page(parts.path or "/"))
        query = "&".join(sorted(unquote(part) for part in parts.query.split("&") if part and not is_paging(part)))
        return f"{parts.netloc}{path}" + (f"?{query}" if query else "")

    # -- a thread

    def post_nodes(self, doc: Document) -> list[Any]:
        """The elements that hold one post each, in the page's order."""
        return every(doc.tree, self.marks.post)

    def _post_nodes(self, doc: Document) -> list[Any]:
        """:meth:`post_nodes`, looked for once."""
        key = f"_posts_of_{self.name}"
        if key not in doc.__dict__:
            sort_page(doc.tree)
            doc.__dict__[key] = self.post_nodes(doc)
        found: list[Any] = doc.__dict__[key]
        return found

    def read_thread(self, doc: Document) -> Thread:
        """One page of a thread. Raises ``UnreadablePageError`` when a post of it cannot be read."""
        nodes = [node for node in self._post_nodes(doc) if not self.is_deleted(node)]
        clock = self.clock(doc, nodes)
        posts: list[Post] = []
        for number, node in enumerate(nodes, 1):
            posts.append(self.read_post(doc, node, clock, posts, number))
        if not posts and not self._post_nodes(doc):
            raise UnreadablePageError("no_posts", url=doc.url, engine=self.name)
        return Thread(
            thread_id=self.identify_thread(doc.url),
            url=doc.url,
            engine=self.name,
            title=self.read_title(doc),
            posts=tuple(posts),
            page=page_number(doc.url),
            next_url=self.next_url(doc),
            views=self.read_views(doc),
            tags=self.read_tags(doc),
        )

    def is_deleted(self, node: Any) -> bool:
        """Whether a post is a placeholder without words by intention."""
        return bool(self.marks.deleted) and first(node, self.marks.deleted) is not None

    def clock(self, doc: Document, nodes: Iterable[Any]) -> Clock:
        """The clock for a page's dates; all of them together tell whether the day comes first."""
        shown = (one_line(first(node, self.marks.date)) for node in nodes) if self.marks.date else ()
        return clock_for(doc, shown)

    def body_node(self, node: Any) -> Any:
        """The element with a post's words, or ``None``."""
        return first(node, self.marks.body)

    def read_post(self, doc: Document, node: Any, clock: Clock, before: list[Post], number: int) -> Post:
        """One post; ``before`` are those above it on the page."""
        body_node = self.body_node(node)
        if body_node is None:
            raise UnreadablePageError("post_without_body", url=doc.url, engine=self.name, number=number)
        drop = set(every(body_node, self.marks.drop))
        body = read_body(body_node, drop=drop.__contains__ if drop else None)
        author = self.read_author(node)
        posted_at = self.read_date(node, clock)
        url = self.read_permalink(doc, node)
        signature = body.signature
        if self.marks.signature and (signed := first(node, self.marks.signature)) is not None:
            signature = read_body(signed).text or signature
        edited = first(node, self.marks.edited) if self.marks.edited else None
        return Post(
            post_id=self.read_post_id(node) or digest(author, posted_at, body.text),
            text=body.text,
            author=author,
            posted_at=posted_at,
            quoted=body.quoted,
            shown=body.shown,
            signature=signature,
            reply_to=self.read_reply_to(node, body, before),
            url=url,
            reactions=self.read_reactions(node),
            edited_at=moment(edited, clock) if edited is not None else None,
        )

    def read_author(self, node: Any) -> str | None:
        """The name shown for the author."""
        if not self.marks.author:
            return None
        return one_line(first(node, self.marks.author))[:200] or None

    def read_date(self, node: Any, clock: Clock) -> datetime | None:
        """When the post was written, in UTC."""
        for one in alternatives(self.marks.date):
            for found in selector(one)(node):
                if (read := moment(found, clock)) is not None:
                    return read
        return None

    def read_permalink(self, doc: Document, node: Any) -> str | None:
        """The post's own address."""
        found = first(node, self.marks.permalink) if self.marks.permalink else None
        return doc.link(found.get("href")) if found is not None else None

    def read_post_id(self, node: Any) -> str | None:
        """The page's own id of the post."""
        for name in self.post_id_attributes:
            if found := self.post_id.search(node.get(name) or ""):
                return found[1]
        return None

    def read_reply_to(self, node: Any, body: Body, before: list[Post]) -> str | None:
        """The post that this one answers: as the quote says, or the earlier post whose words it quotes."""
        if body.quoted_ref and (found := re.search(r"(\d+)\D*$", body.quoted_ref)):
            return found[1]
        return quoted_post(body, before)

    def read_reactions(self, node: Any) -> dict[str, int] | None:
        """Reactions by name, or ``None`` where the page shows none."""
        if not self.marks.reactions:
            return None
        found = first(node, self.marks.reactions)
        count = number_in(one_line(found)) if found is not None else None
        return None if count is None else {"like": count}

    # -- around the posts

    def read_title(self, doc: Document) -> str:
        """The thread's or board's title."""
        found = first(doc.tree, self.marks.title)
        return one_line(found) if found is not None and one_line(found) else doc.title

    def read_views(self, doc: Document) -> int | None:
        """How often the thread was viewed, where the page says so."""
        return None

    def read_tags(self, doc: Document) -> tuple[str, ...]:
        """The thread's tags."""
        return ()

    def next_url(self, doc: Document) -> str | None:
        """The next page's address, or ``None`` on the last page."""
        return next_page(doc, self.marks.next_page)

    # -- a list of threads

    def read_list(self, doc: Document) -> ThreadList:
        """One page of a board: its threads, the boards below it, the next page."""
        lines = every(doc.tree, self.marks.thread)
        clock = clock_for(
            doc, (one_line(first(line, self.marks.thread_date)) for line in lines if self.marks.thread_date)
        )
        threads: dict[str, ThreadLink] = {}
        rows: list[tuple[Any, datetime | None]] = []
        for line in lines:
            if (link := self.read_line(doc, line, clock)) is not None:
                threads.setdefault(link.thread_id or link.url, link)
                rows += [] if link.sticky else [(line, link.last_post_at)]
        boards: dict[str, list[Any]] = {}
        for node in every(doc.tree, self.marks.board):
            if url := doc.link(node.get("href")):
                boards.setdefault(url, []).append(node)
        boards.pop(urldefrag(doc.url)[0], None)
        return ThreadList(
            doc.url,
            self.name,
            self.read_title(doc),
            tuple(threads.values()),
            tuple(boards),
            self.next_url(doc),
            standings(doc, boards, clock),
            names_its_boards(
                [row for row, _ in rows], [one for nodes in boards.values() for one in nodes], [at for _, at in rows]
            ),
        )

    def read_line(self, doc: Document, line: Any, clock: Clock) -> ThreadLink | None:
        """One line of a thread list; ``None`` for a line that leads to no thread (an advert, a moved thread)."""
        found = first(line, self.marks.thread_link)
        url = doc.link(found.get("href")) if found is not None else None
        if found is None or url is None:
            return None
        return ThreadLink(
            url=urldefrag(url)[0],
            title=one_line(found),
            thread_id=self.identify_thread(url),
            replies=self._count(line, self.marks.thread_replies),
            views=self._count(line, self.marks.thread_views),
            last_post_at=self._last_post(line, clock),
            sticky=bool(self.marks.thread_sticky) and self._is_sticky(line),
        )

    def _count(self, line: Any, css: str) -> int | None:
        found = first(line, css) if css else None
        return number_in(one_line(found)) if found is not None else None

    def _last_post(self, line: Any, clock: Clock) -> datetime | None:
        dates = [read for node in every(line, self.marks.thread_date) if (read := moment(node, clock)) is not None]
        return max(dates, default=None)

    def _is_sticky(self, line: Any) -> bool:
        return first(line, self.marks.thread_sticky) is not None or line in selector(self.marks.thread_sticky)(
            line.getparent()
        )
