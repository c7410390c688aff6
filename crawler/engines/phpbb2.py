"""phpBB 2, whose posts are rows of a table, and the style of phpBB 3 that kept its look (subsilver2)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from crawler.dates import Clock
from crawler.engines.base import Marks
from crawler.engines.classic import Classic, widest_around, without_session
from crawler.engines.document import Document
from crawler.engines.reading import clock_for, every, first, number_in
from crawler.engines.text import one_line
from data.records import ThreadLink

_ANCHOR = re.compile(r"p?(\d{1,10})")
_DIGIT = re.compile(r"\d")
_COUNT = re.compile(r"\d[\d.,]{0,11}")


class PhpBB2(Classic):
    """phpBB 2.x and subsilver2."""

    name = "phpbb2"
    thread_id: ClassVar[re.Pattern[str]] = re.compile(
        r"[?&]t=(\d+)|[-/]v?t(\d+)(?:-\d+)?(?:\.html)?/?$|/(?:f?topict?|about)(\d+)(?:-\d+)?\.html"
    )
    marks = Marks(
        post="a[name]",
        body=".postbody",
        author=".name b, .name, .postauthor",
        edited="span.gensmall",
        permalink="a[href*='#']",
        # Smilies are named in words, which the author did not write.
        drop="span.gensmall, img[src*='/smiles/']",
        title="a.maintitle, a.titles, .maintitle, h2",
        # ``rel=next`` is the next topic: the links between pages say their numbers.
        next_page="",
        thread="tr:has(a.topictitle)",
        thread_link="a.topictitle",
        thread_date=".postdetails, .topicdetails",
        thread_sticky="img[src*='sticky'], img[src*='announce'], img[src*='global']",
        board="a.forumlink",
    )

    def bears_marks(self, doc: Document) -> bool:
        if "postbody" in doc.names and ("postdetails" in doc.names or "postauthor" in doc.names):
            return bool(self._post_nodes(doc))
        if "topictitle" in doc.names or "forumlink" in doc.names:
            return bool(every(doc.tree, "td a.topictitle[href*='viewtopic'], td a.forumlink[href*='viewforum']"))
        return False

    def post_nodes(self, doc: Document) -> list[Any]:
        """A post begins with an anchor beside its author's name."""
        anchors = [
            node
            for node in every(doc.tree, ".name a[name], td a[name]")
            if _ANCHOR.fullmatch(node.get("name")) and node.get("href") is None
        ]
        return [
            node
            for node in widest_around(list(dict.fromkeys(anchors)))
            if first(node, ".postbody") is not None and first(node, self.marks.author) is not None
        ]

    def body_node(self, node: Any) -> Any:
        """A quote ends the span of a body, and another begins after it: then the cell around them is the body."""
        body = first(node, self.marks.body)
        return body.getparent() if body is not None and body.tag == "span" else body

    def read_post_id(self, node: Any) -> str | None:
        for anchor in every(node, self.marks.post):
            if found := _ANCHOR.fullmatch(anchor.get("name")):
                return found[1]
        return None

    def read_permalink(self, doc: Document, node: Any) -> str | None:
        number = self.read_post_id(node)
        for link in every(node, self.marks.permalink):
            href = link.get("href")
            if href.endswith((f"#{number}", f"#p{number}")) and not href.startswith("#"):
                return without_session(doc.link(href))
        return None

    def clock(self, doc: Document, nodes: Any) -> Clock:
        return clock_for(doc, (text for node in nodes for text in self._dates(node)))

    def read_date(self, node: Any, clock: Clock) -> datetime | None:
        return next((read for text in self._dates(node) if (read := clock.read(text)) is not None), None)

    @staticmethod
    def _dates(node: Any) -> list[str]:
        """What stands before the subject, which may tell a date too, and not what is told of the author."""
        texts = [shown.text or "" for shown in every(node, "table .postdetails")]
        beside = (shown for shown in every(node, "td.gensmall div") if first(shown, "a[href^='#p']") is None)
        alone = (shown for shown in every(node, "td.gensmall, .postdate") if not len(shown))
        texts += [one_line(shown) for shown in (*beside, *alone)]
        return [" ".join(text.split())[:120] for text in texts if _DIGIT.search(text)]

    def next_url(self, doc: Document) -> str | None:
        return self.page_after(
            doc, ".gensmall b, .nav b, .pagination b, .gensmall strong, .nav strong, .pagination strong"
        )

    def read_line(self, doc: Document, line: Any, clock: Clock) -> ThreadLink | None:
        """Replies and views are the cells that hold a number alone, in this order."""
        link = super().read_line(doc, line, clock)
        told_numbers = [
            text for cell in every(line, self.marks.thread_date) if _COUNT.fullmatch(text := one_line(cell))
        ]
        replies, views = (*(number_in(text) for text in told_numbers), None, None)[:2]
        return replace(link, replies=replies, views=views) if link else None
