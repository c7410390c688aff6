"""phpBB 3 in its standard style and the many that derive from it, Tapatalk's groups among them."""

from __future__ import annotations

import re
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from crawler.dates import Clock
from crawler.engines.base import Kind, Marks
from crawler.engines.classic import Classic, told
from crawler.engines.document import Document
from crawler.engines.reading import every, first, moment
from crawler.engines.text import one_line

_BY = re.compile(r"»|&raquo;|\bon\b|\bam\b|—|–")


class PhpBB(Classic):
    """phpBB 3.x."""

    name = "phpbb"
    thread_id: ClassVar[re.Pattern[str]] = re.compile(r"[?&]t=(\d+)|[-/]t(\d+)(?:-s?\d+)?(?:\.html)?/?$")
    marks = Marks(
        post="div[id^='p'], article[id^='p'], li[id^='p'], section[id^='p']",
        body=".content, .postbody .message, .post-content, div[id^='post_content']",
        author=".author .username, .author .username-coloured, .username, .username-coloured, .postauthor, .author strong",
        date=".author time, p.author, .author, time, .postdate, .timepost",
        permalink=".author a[href*='#p'], a[href*='viewtopic'][href*='#p'], h3 a[href^='#p']",
        edited=".notice",
        signature=".signature",
        deleted=".post_deleted_msg, .post-hidden",
        drop=".codebox > p, .codebox dt, .notice, .attachbox, .inline-attachment, .quotetitle",
        title="h2.topic-title, h1.topic-title, .topic-title, h2, h1",
        next_page=".pagination .next a, .pagination a.next, a[rel~=next], link[rel~=next], .pagination li.arrow.next a",
        thread="ul.topics > li.row, li.row[class*='topic']",
        thread_link="a.topictitle",
        thread_replies="dd.posts",
        thread_views="dd.views",
        thread_date="dd.lastpost time, dd.lastpost",
        thread_sticky=".sticky",
        board="a.forumtitle",
    )

    def bears_marks(self, doc: Document) -> bool:
        body = doc.tree.find("body")
        if body is not None and body.get("id") == "phpbb":
            return True
        if "topictitle" not in doc.names and "forumtitle" not in doc.names and "postprofile" not in doc.names:
            return False
        if "phpbb" in (doc.tree.get("id") or "").lower():
            return True
        # In tables it is phpBB 2, or looks like it.
        return bool(every(doc.tree, "a.forumtitle, a.topictitle, #page-body .postprofile")) and not every(
            doc.tree, "td a.topictitle, td a.forumtitle, td a.forumlink"
        )

    def kind(self, doc: Document) -> Kind:
        if self.post_nodes(doc):
            return "thread"
        if every(doc.tree, "a.topictitle"):
            return "list"
        return "index" if every(doc.tree, self.marks.board) else "other"

    def post_nodes(self, doc: Document) -> list[Any]:
        return [
            node
            for node in every(doc.tree, self.marks.post)
            if re.fullmatch(r"p_?\d+", node.get("id"))
            and (first(node, self.marks.body) is not None or self.is_deleted(node))
        ]

    def read_date(self, node: Any, clock: Clock) -> Any:
        for found in every(node, ".posttime"):
            if (read := told(found, clock)) is not None:
                return read
        for name in ("time[datetime]", ".author", ".postdate", ".timepost", "p.author"):
            for found in every(node, name):
                if (read := moment(found, clock)) is not None:
                    return read
                for part in reversed(_BY.split(one_line(found))):
                    if (read := clock.read(part.strip())) is not None:
                        return read
        for link in every(node, "a[href*='viewtopic']"):
            if (read := moment(link, clock)) is not None:
                return read
        return None

    def identify_thread(self, url: str) -> str:
        topic = parse_qs(urlsplit(url).query).get("t", [""])[0]
        return topic if topic.isdigit() else super().identify_thread(url)

    def next_url(self, doc: Document) -> str | None:
        return super().next_url(doc) or self.page_after(doc, ".pagination strong")

    def read_title(self, doc: Document) -> str:
        found = first(doc.tree, ".topic-title, h2 a[href*='viewtopic'], h3 a[href*='viewtopic'], h2, h1")
        return one_line(found) if found is not None and one_line(found) else doc.title
