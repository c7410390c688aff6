"""MyBB 1.4 to 1.8: posts in blocks or, until 1.6, in tables; the ids are the same, for its scripts need them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, ClassVar

from crawler.dates import Clock
from crawler.engines.base import Marks
from crawler.engines.classic import Classic, following_cell
from crawler.engines.document import Document
from crawler.engines.reading import clock_for, every, first, number_in
from crawler.engines.text import one_line
from data.records import ThreadLink

_PID = re.compile(r"pid_(\d+)")
_POST = re.compile(r"post_(\d+)")


class MyBB(Classic):
    """MyBB 1.x."""

    name = "mybb"
    thread_id: ClassVar[re.Pattern[str]] = re.compile(
        r"showthread\.php\?(?:[^#]{0,200}&)?tid=(\d+)|/thread-(\d+)(?:-[a-z]{1,12}(?:-\d+)?)?(?:\.html|/|$)"
    )
    marks = Marks(
        post="[id^='post_']",
        body="[id^='pid_']",
        author=".author_information .largetext, .post_author .largetext, .author_information strong, .post_author strong, "
        ".largetext, .post_author a[href*='action=profile'], .post_author a[href*='user-'], a[href*='action=profile'], "
        "a[href*='user-']",
        date=".post_date, .post_head, td.tcat, .tcat",
        edited=".edited_post, .post_edit",
        permalink="a[href*='#pid']",
        signature=".signature",
        # Its smilies are named in words, which the author did not write.
        drop="img.smilie, img[src*='/smilies/']",
        title=".navigation .active, .navigation .breadcrumb-item.active, #posts_container .thead strong, .thead strong, h1",
        next_page=".pagination a.pagination_next, a.pagination_next, a[rel~=next], link[rel~=next]",
        thread="tr.inline_row, tr:has(td.forumdisplay_regular), tr:has(td.forumdisplay_sticky), .inline_row",
        thread_link="span[id^='tid_'] a, a[id^='tid_'], [id^='tid_'] a",
        thread_replies="a[href*='whoposted'], a[onclick*='whoPosted'], a[href*='whoPosted']",
        thread_date=".lastpost, span.smalltext:has(a[href*='lastpost'])",
        thread_sticky=".forumdisplay_sticky",
        board="td strong > a[href*='forumdisplay.php?fid='], td strong > a[href*='forum-'], .forum_status ~ a[href*='forum']",
    )

    def bears_marks(self, doc: Document) -> bool:
        if "pid_" not in doc.names and "my_post_key" not in doc.names and "my_post_key" not in doc.text:
            return False
        if "my_post_key" in doc.text and ("MyBB" in doc.text or "jscripts/" in doc.text):
            return True
        return any(
            "post_body" in (body.get("class") or "") for node in self.post_nodes(doc) for body in self._bodies(node)
        )

    def post_nodes(self, doc: Document) -> list[Any]:
        return [
            node
            for node in super().post_nodes(doc)
            if _POST.fullmatch(node.get("id")) and (self._bodies(node) or self.is_deleted(node))
        ]

    def is_deleted(self, node: Any) -> bool:
        return "deleted_post_hidden" in (node.get("class") or "").split()

    def body_node(self, node: Any) -> Any:
        return next(iter(self._bodies(node)), None)

    @staticmethod
    def _bodies(node: Any) -> list[Any]:
        """A post and its words bear the same number."""
        own = _POST.fullmatch(node.get("id"))
        return [
            body
            for body in every(node, "[id^='pid_']")
            if own and (found := _PID.fullmatch(body.get("id"))) and found[1] == own[1]
        ]

    def read_permalink(self, doc: Document, node: Any) -> str | None:
        """Quotes and replies link to other posts."""
        own = f"#pid{self.read_post_id(node)}"
        links = (link.get("href") for link in every(node, self.marks.permalink))
        return next((doc.link(href) for href in links if href.endswith(own)), None)

    def clock(self, doc: Document, nodes: Any) -> Clock:
        """Quotes and notes of edits show dates of the same form, and few pages have a day above 12 in their posts alone."""
        shown = [
            one_line(found)[:90]
            for node in nodes
            for found in every(node, ".post_date, .tcat, cite span, .edited_post")
        ]
        return clock_for(doc, shown)

    def read_line(self, doc: Document, line: Any, clock: Clock) -> ThreadLink | None:
        """The views have no mark of their own: they stand in the cell after the replies."""
        link = super().read_line(doc, line, clock)
        views = one_line(following_cell(first(line, self.marks.thread_replies)))
        return replace(link, views=number_in(views)) if link else None
