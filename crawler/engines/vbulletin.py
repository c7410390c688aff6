"""vBulletin 3, 4 and 5: three families of markup under one name."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, ClassVar, Final

from crawler.dates import Clock
from crawler.engines.base import Marks
from crawler.engines.classic import Classic
from crawler.engines.document import Document
from crawler.engines.reading import clock_for, every, first, moment, number_in
from crawler.engines.text import one_line
from data.records import Post, ThreadLink

_COUNT = re.compile(r":\s*(\d[\d.,]*)")
_COUNTS: Final = 2
_POST_ID = re.compile(r"(?:post_message_|td_post_|post_|post|edit)(\d+)$")


class VBulletin(Classic):
    """vBulletin 3.x to 5.x."""

    name = "vbulletin"
    thread_id: ClassVar[re.Pattern[str]] = re.compile(
        r"showthread\.php\?(?:[^#]*&)?t=(\d+)|showthread\.php[?/](\d+)|/(\d+)-[^/?#]*(?:/page\d+)?(?:\?|$)"
    )
    marks = Marks(
        body=".postcontent, div[id^='post_message_'], .js-post__content-text, .b-post__content, td[id^='td_post_']",
        author=".bigusername, .username_container .username, a.username, .username, .author .name, .b-userinfo__details strong a, "
        ".b-userinfo__details .author strong, [itemprop=author] [itemprop=name], [id^='postmenu_'], a[href*='member.php'], "
        "a[href*='/members/']",
        date=".postdate .date, .postdate, .b-post__timestamp time, .b-post__timestamp, time[itemprop=dateCreated], "
        "td.thead, .thead, .tcell",
        edited=".lastedited, .b-post__edit-info, [id^='td_post_'] div.smallfont em",
        permalink="a.postcounter, a[id^='postcount'], a.b-post__count, a[href*='showpost.php'], a[href*='#post']",
        signature=".signature, .b-post__signature",
        drop=".lastedited, .attachments, .bbcode_quote_container, .b-post__edit-info",
        deleted=".b-post__deleted-notice",
        reactions=".js-vote-count, .js-post__vote-count, .votecount",
        next_page="a[rel~=next], link[rel~=next], .pagination a.js-pagenav-next-button",
        thread="li.threadbit, tr.topic-item, tr:has(> td[id^='td_threadtitle_']), tr:has(td[id^='td_threadtitle_'])",
        thread_link="a.title[id^='thread_title_'], a[id^='thread_title_'], a.topic-title, a.title",
        thread_replies=".threadstats li:first-child, .posts-count, a[href*='whoposted']",
        thread_views=".threadstats li:nth-child(2), .views-count",
        thread_date=".threadlastpost dd:last-child, .threadlastpost, .cell-lastpost .post-date, .lastpost .post-date, "
        "td[title] .smallfont, td.alt2 .smallfont",
        thread_sticky=".sticky, img[src*='sticky']",
        board=".forumtitle a, a.forum-title, a[href*='forumdisplay.php']:has(> strong)",
    )

    def bears_marks(self, doc: Document) -> bool:
        if doc.meta.get("generator", "").lower().startswith("vbulletin") or doc.tree.get("id") == "vbulletin_html":
            return True
        marks = ("post_message_", "td_post_", "td_threadtitle_")
        return (any(mark in doc.names for mark in marks) or "forumdisplay.php" in doc.text) and "vbulletin" in doc.text[
            -60_000:
        ].lower()

    def post_nodes(self, doc: Document) -> list[Any]:
        found = every(
            doc.tree, "li.postcontainer, li.postbitlegacy, li.postbit, li.b-post--isfirst, li.js-post, li.b-post"
        )
        if found:
            return [node for node in found if self.body_node(node) is not None or self.is_deleted(node)]
        return [self._around(body, "post_message_") for body in every(doc.tree, "[id^='post_message_']")] or [
            # Before 3.5 the cell around a message bears the number.
            self._around(body, "td_post_")
            for body in every(doc.tree, "td[id^='td_post_']")
        ]

    def is_deleted(self, node: Any) -> bool:
        return "b-post--deleted" in (node.get("class") or "").split() or super().is_deleted(node)

    @staticmethod
    def _around(body: Any, beginning: str) -> Any:
        """The widest element around a message that holds no other message."""
        node = body
        for above in body.iterancestors():
            if above.tag in ("body", "html") or len(above.xpath(f".//*[starts-with(@id, '{beginning}')]")) > 1:
                break
            node = above
            if (above.tag in ("table", "article", "div", "li")) and re.fullmatch(
                r"(?:post|edit)_?\d+", above.get("id") or ""
            ):
                break
        return node

    def read_post(self, doc: Document, node: Any, clock: Clock, before: list[Post], number: int) -> Post:
        """In the cell of 3.0 the title stands above the words, after the icon and before a line."""
        post = super().read_post(doc, node, clock, before, number)
        body = self.body_node(node)
        title = one_line(first(body, "div.smallfont")) if (body.get("id") or "").startswith("td_post_") else ""
        text = post.text.removeprefix(title).lstrip() if title else post.text
        return replace(post, text=text) if text != post.text else post

    def body_node(self, node: Any) -> Any:
        if (node.get("id") or "").startswith("post_message_"):
            return node
        return super().body_node(node)

    def clock(self, doc: Document, nodes: Any) -> Clock:
        return clock_for(
            doc,
            (
                one_line(found)[:60]
                for node in nodes
                for found in every(node, ".postdate, .thead, .b-post__timestamp")[:2]
            ),
        )

    def read_date(self, node: Any, clock: Clock) -> Any:
        for found in every(
            node, ".postdate, .b-post__timestamp time, time, .thead, .smallfont, .tcell, .date, .post-date"
        ):
            words = one_line(found)
            if re.match(r"join|last edited|posts?:|tham gia|registr", words, re.I):
                continue
            if (
                read := moment(found, clock)
                or clock.read(re.sub(r"^\W*(?:posted|old|#?\d+)\b\W*", "", words, flags=re.I))
            ) is not None:
                return read
        return None

    def read_post_id(self, node: Any) -> str | None:
        own = [node.get("data-node-id") or "", node.get("id") or ""]
        own += [inner.get("id") or "" for inner in every(node, "[id^='post_message_'], [id^='td_post_']")]
        for text in own:
            if found := _POST_ID.search(text) or re.fullmatch(r"(\d+)", text):
                return found[1]
        return None

    def read_title(self, doc: Document) -> str:
        found = first(
            doc.tree,
            "#pagetitle .threadtitle, #pagetitle .forumtitle, .threadtitle, h1.b-post__title, h1, td.navbar strong",
        )
        return one_line(found) if found is not None and one_line(found) else doc.title

    def read_line(self, doc: Document, line: Any, clock: Clock) -> ThreadLink | None:
        """In 3.x the cell with the last post says in its title how many answers and views there are, in this order."""
        link = super().read_line(doc, line, clock)
        if link is None or line.tag != "tr":
            return link
        for cell in every(line, "td[title]"):
            counts = [number_in(found) for found in _COUNT.findall(cell.get("title")[:100])]
            if len(counts) == _COUNTS and cell.get("id") is None:
                return replace(link, replies=counts[0], views=counts[1])
        return link
