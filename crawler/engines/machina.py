"""django-machina."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, ClassVar

from crawler.dates import Clock
from crawler.engines.base import Engine, Marks
from crawler.engines.document import Document
from crawler.engines.reading import every, first, number_in
from crawler.engines.text import one_line
from data.records import Post

_ON = re.compile(r"\b(?:on|le|am|el|vào|lúc|op)\b\s")


class Machina(Engine):
    """django-machina 1.x in its own templates."""

    name = "machina"
    thread_id: ClassVar[re.Pattern[str]] = re.compile(r"/topic/[^/?]*?-?(\d+)/")
    marks = Marks(
        post=".card.post",
        body=".post-content",
        author=".post-sidebar .username, .post-content-wrapper small a[href*='/member/']",
        permalink="h4.subject a[href*='post='], .subject a",
        signature=".post-signature",
        title="h1",
        next_page=".pagination .page-item:not(.disabled) a[rel~=next]",
        thread=".topiclist .card-body > .row",
        thread_link="a.topic-name-link",
        thread_replies=".topic-count",
        thread_date=".topic-last-post small",
        thread_sticky=".fa-thumbtack",
        board=".forumlist a.forum-name-link, .forum-name a[href*='/forum/']",
    )

    def detect(self, doc: Document) -> bool:
        return (
            not doc.is_json
            and "machina." in doc.text
            and bool(every(doc.tree, "link[href*='machina.board_theme'], script[src*='machina.']"))
        )

    def read_date(self, node: Any, clock: Clock) -> Any:
        words = one_line(first(node, ".post-content-wrapper small.text-muted, small"))
        parts = _ON.split(words)
        return next((read for part in reversed(parts) if (read := clock.read(part)) is not None), None)

    def read_post(self, doc: Document, node: Any, clock: Clock, before: list[Post], number: int) -> Post:
        """When it was last edited stands in a sentence: "Last edited by: Lan on Nov. 3, 2026, 8 a.m., edited 1 time"."""
        post = super().read_post(doc, node, clock, before, number)
        said = first(node, ".edit-info small")
        if said is None:
            return post
        dates = (clock.read(part.rpartition(",")[0]) for part in reversed(_ON.split(one_line(said))))
        return replace(post, edited_at=next((date for date in dates if date is not None), None))

    def read_line(self, doc: Document, line: Any, clock: Clock) -> Any:
        link = super().read_line(doc, line, clock)
        counts = every(line, ".topic-count")
        if link is None or len(counts) < 2:
            return link
        return replace(link, replies=number_in(one_line(counts[0])), views=number_in(one_line(counts[1])))

    def next_url(self, doc: Document) -> str | None:
        """The arrow at the end of the page numbers; the last page has none."""
        for item in reversed(every(doc.tree, ".pagination .page-item")):
            link = first(item, "a.page-link")
            if one_line(item) in ("»", "›", "→", ">>") and "disabled" not in (item.get("class") or ""):
                return doc.link(link.get("href")) if link is not None else None
        return None
