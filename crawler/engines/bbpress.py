"""bbPress, the forum within WordPress."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from crawler.dates import Clock
from crawler.engines.base import Engine, Marks
from crawler.engines.document import Document
from crawler.engines.reading import clock_for, every, first
from crawler.engines.text import Body, one_line
from data.records import Post, ThreadLink

_NUMBER = re.compile(r"(?:^|\s)post-(\d{1,12})(?:\s|$)")
_FRESHNESS = re.compile(r"\b(?:ago|trước|qua)\b", re.I)


class BbPress(Engine):
    """bbPress 2.x. Its permalinks name topics in words: the topic's address is its id."""

    name = "bbpress"
    marks = Marks(
        post="div.topic.hentry, div.reply.hentry, div.type-topic, div.type-reply",
        body=".bbp-reply-content, .bbp-topic-content",
        author=".bbp-author-name, .bbp-author-link .bbp-author-name, .bbp-reply-author a.bbp-author-link, .bbp-topic-author a, "
        ".bbp-reply-author, .bbp-topic-author",
        date=".bbp-reply-post-date, .bbp-topic-post-date",
        permalink="a.bbp-reply-permalink, a.bbp-topic-permalink",
        signature=".bbp-signature, .bbp-reply-signature",
        drop=".bbp-reply-revision-log, .bbp-topic-revision-log, .bbp-attachments, .bbp-signature, .bbp-reply-signature, "
        ".d4p-bbt-quote-title",
        title="h1.entry-title, .entry-title, h1",
        next_page=".bbp-pagination-links a.next, a.next.page-numbers, link[rel~=next]",
        thread="ul.topic.hentry, ul.type-topic, .bbp-body ul[id^='bbp-topic-']",
        thread_link="a.bbp-topic-permalink",
        thread_replies=".bbp-topic-reply-count",
        thread_date=".bbp-topic-freshness",
        thread_sticky="ul.sticky, ul.super-sticky",
        board="a.bbp-forum-title, .bbp-forums-list a.bbp-forum-link",
    )

    def detect(self, doc: Document) -> bool:
        return (
            not doc.is_json
            and "bbp" in doc.names
            and bool(every(doc.tree, "#bbpress-forums, .bbpress-wrapper, body.bbpress"))
        )

    def post_nodes(self, doc: Document) -> list[Any]:
        """A post's head, with its date and address, stands before it: it is taken in, so that each is one piece.

        An answer's own answers lie in a list beside it."""
        found: dict[str, Any] = {}
        for node in super().post_nodes(doc):
            number = _NUMBER.search(node.get("class") or "")
            key = number[1] if number else (node.get("id") or "").rpartition("-")[2]
            if not key or key in found or self.body_node(node) is None:
                continue
            found[key] = node
            node.set("data-number", key)
            head = node.getprevious()
            if head is not None and {"bbp-reply-header", "bbp-topic-header"} & set((head.get("class") or "").split()):
                node.set("data-head", "before")
        return list(found.values())

    def _first(self, node: Any, css: str) -> Any:
        """In the post, or in its head beside it."""
        inside = first(node, css)
        return first(node.getprevious(), css) if inside is None and node.get("data-head") else inside

    def read_post_id(self, node: Any) -> str | None:
        return str(node.get("data-number"))

    def read_date(self, node: Any, clock: Clock) -> Any:
        found = self._first(node, self.marks.date)
        return clock.read(one_line(found)) if found is not None else None

    def read_permalink(self, doc: Document, node: Any) -> str | None:
        found = self._first(node, self.marks.permalink)
        return doc.link(found.get("href")) if found is not None else None

    def clock(self, doc: Document, nodes: Any) -> Clock:
        return clock_for(
            doc, [one_line(found) for node in nodes if (found := self._first(node, self.marks.date)) is not None]
        )

    def read_reply_to(self, node: Any, body: Body, before: list[Post]) -> str | None:
        """The post in whose list of answers this one stands."""
        listed = node.getparent()
        while listed is not None and "bbp-threaded-replies" not in (listed.get("class") or ""):
            listed = listed.getparent()
        above = listed.getprevious() if listed is not None else None
        while above is not None and not above.get("data-number"):
            above = above.getprevious()
        return str(above.get("data-number")) if above is not None else super().read_reply_to(node, body, before)

    def read_line(self, doc: Document, line: Any, clock: Clock) -> ThreadLink | None:
        link = super().read_line(doc, line, clock)
        if link is None:
            return None
        # Unless told otherwise it counts every post of a topic, the opening one too.
        counted = first(doc.tree, ".bbp-header .bbp-topic-reply-count, li.bbp-topic-reply-count")
        posts = counted is not None and re.search(r"posts|bài", one_line(counted), re.I) is not None
        replies = max(0, link.replies - 1) if link.replies is not None and posts else link.replies
        age = one_line(first(line, ".bbp-topic-freshness a")) or one_line(first(line, ".bbp-topic-freshness"))
        # "3 weeks, 2 days ago" is too coarse to tell whether a topic has moved since.
        return replace(link, replies=replies, last_post_at=None if _FRESHNESS.search(age) else link.last_post_at)
