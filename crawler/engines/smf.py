"""Simple Machines Forum 1.1 to 2.1. Its scripts need ``subject_N`` and ``msg_N``, whatever the skin makes of the rest."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, ClassVar, Final

from crawler.dates import Clock
from crawler.engines.base import Marks
from crawler.engines.classic import Classic, widest_around
from crawler.engines.document import Document
from crawler.engines.reading import every, first, number_in
from crawler.engines.text import Body, one_line
from data.records import Post, ThreadLink

_SUBJECT = re.compile(r"subject_(\d+)")
_MESSAGE = re.compile(r"[.?&;,#=/]msg=?(\d+)")
_READ = re.compile(r"\((?:Read|Đã xem|Đã đọc|Đọc|Gelesen)\s(\d[\d.,]{0,11})\s", re.I)
_CURRENT: Final = ".pagelinks strong, .pagelinks .current_page, .middletext b, .pagesection strong, .pagesection b"
_LABEL = re.compile(r"^(?:Topic|Chủ đề|Thema):\s*", re.I)
_PAGE = re.compile(r"\s[-–]\s(?:Page|Trang|Seite)\s\d{1,5}$", re.I)


class SMF(Classic):
    """Simple Machines Forum."""

    name = "smf"
    thread_id: ClassVar[re.Pattern[str]] = re.compile(r"[?&;/]topic[=,](\d+)")
    marks = Marks(
        post="[id^='subject_']",
        body=".post .inner, .inner, .post",
        author=".poster h4 a[href*='profile'], .poster h4, a[href*='action=profile'], a[href*='profile;u='], td[rowspan='2'] > b",
        date=".postinfo a.smalltext, [id^='subject_'] + .smalltext, .keyinfo .smalltext, .postinfo, .keyinfo, .post_header",
        edited="[id^='modified_']",
        permalink="[id^='subject_'] a[href], .postinfo a[href]",
        signature=".signature",
        drop=".quoteheader, .quotefooter, .codeheader, .meaction",
        reactions=".like_count, .likes",
        title=".navigate_section li.last a span, .navigate_section li.last a, .navigate_section li:last-child a span, "
        "#linktree li.last, #top_subject",
        next_page="a:has(> .next_page)",
        thread="#topic_container > div, tr:has(span[id^='msg_'] a), tr:has(td.subject)",
        thread_link="span[id^='msg_'] a, td.subject a[href*='topic'], .message_index_title a",
        thread_date=".lastpost, td:last-child",
        thread_sticky=".sticky, .stickybg, .stickybg2, img[src*='sticky'], [id^='stickyicon']",
        board="a.subject[id^='b'], a.subject[name^='b'], a[name^='b'][href*='board'], .children a[href*='board']",
    )

    def bears_marks(self, doc: Document) -> bool:
        if "smf_" in doc.text and ("smf_scripturl" in doc.text or "smf_theme_url" in doc.text):
            return True
        return "msg_" in doc.names and any(
            first(node, ".post .inner[id^='msg_']") is not None for node in self.post_nodes(doc)
        )

    def post_nodes(self, doc: Document) -> list[Any]:
        return widest_around([node for node in every(doc.tree, self.marks.post) if _SUBJECT.fullmatch(node.get("id"))])

    def body_node(self, node: Any) -> Any:
        number = self.read_post_id(node)
        for found in every(node, f"[id='msg_{number}']"):
            return found
        return super().body_node(node)

    def read_post_id(self, node: Any) -> str | None:
        for subject in every(node, self.marks.post):
            if found := _SUBJECT.fullmatch(subject.get("id")):
                return found[1]
        return None

    def read_reply_to(self, node: Any, body: Body, before: list[Post]) -> str | None:
        for link in every(
            self.body_node(node), ".quoteheader a[href], blockquote cite a[href], .bbc_standard_quote a[href]"
        ):
            if found := _MESSAGE.search(link.get("href")):
                return found[1]
            break
        return super().read_reply_to(node, body, before)

    def read_title(self, doc: Document) -> str:
        found = first(doc.tree, self.marks.title)
        title = one_line(found) if found is not None else doc.title
        title = _LABEL.sub("", _PAGE.sub("", title))
        return title[: said.start()].strip() if (said := _READ.search(title)) else title

    def read_views(self, doc: Document) -> int | None:
        for node in every(doc.tree, ".catbg, #top_subject, #display_head"):
            if found := _READ.search(one_line(node)):
                return number_in(found[1])
        return None

    def next_url(self, doc: Document) -> str | None:
        """``rel=next`` is the next topic in 2.0: what counts is the link that bears the next page's number."""
        return super().next_url(doc) or self.page_after(doc, _CURRENT)

    def read_line(self, doc: Document, line: Any, clock: Clock) -> ThreadLink | None:
        link = super().read_line(doc, line, clock)
        replies, views = (*_numbers(line), None, None)[:2]
        return replace(link, replies=replies, views=views) if link else None


def _numbers(line: Any) -> list[int]:
    """Replies and views: in one cell, each on its line, or until 1.1 in two cells."""
    stated = first(line, ".board_stats, td.stats")
    texts = (
        [one_line(cell) for cell in every(line, "td") if len(cell) == 0] if stated is None else list(stated.itertext())
    )
    return [number for text in texts if (number := number_in(text)) is not None]
