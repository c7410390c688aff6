"""vBulletin 3, 4 and 5: three families of markup under one name."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from crawler.dates import Clock
from crawler.engines.base import Engine, Marks
from crawler.engines.document import Document
from crawler.engines.reading import clock_for, every, first, moment
from crawler.engines.text import one_line

_POST_ID = re.compile(r"(?:post_message_|post_|post|edit)(\d+)$")


class VBulletin(Engine):
    """vBulletin 3.x to 5.x."""

    name = "vbulletin"
    thread_id: ClassVar[re.Pattern[str]] = re.compile(
        r"showthread\.php\?(?:[^#]*&)?t=(\d+)|showthread\.php[?/](\d+)|/(\d+)-[^/]*(?:\.html)?$"
    )
    marks = Marks(
        body=".postcontent, div[id^='post_message_'], .js-post__content-text, .b-post__content",
        author=".bigusername, .username_container .username, a.username, .username, .author .name, .b-userinfo__details strong a, "
        "[itemprop=author] [itemprop=name], a[href*='member.php'], a[href*='/members/']",
        date=".postdate .date, .postdate, .b-post__timestamp time, .b-post__timestamp, time[itemprop=dateCreated], "
        "td.thead, .thead, .tcell",
        edited=".lastedited",
        permalink="a.postcounter, a[id^='postcount'], a.b-post__count, a[href*='showpost.php'], a[href*='#post']",
        signature=".signature, .b-post__signature",
        drop=".lastedited, .attachments, .bbcode_quote_container, .b-post__edit-info",
        title=".threadtitle, h1.b-post__title, h1, .navbar strong",
        next_page="a[rel~=next], link[rel~=next], .pagination a.js-pagenav-next-button",
        thread="li.threadbit, tr.topic-item, tr:has(> td[id^='td_threadtitle_']), tr:has(td[id^='td_threadtitle_'])",
        thread_link="a.title[id^='thread_title_'], a[id^='thread_title_'], a.topic-title, a.title",
        thread_replies=".threadstats li:first-child, .posts-count, a[href*='whoposted']",
        thread_views=".threadstats li:nth-child(2), .views-count",
        thread_date=".threadlastpost dd:last-child, .threadlastpost, .lastpost .post-date, td.alt2 .smallfont",
        thread_sticky=".sticky",
        board=".forumtitle a, a[href*='forumdisplay.php'] > strong",
    )

    def detect(self, doc: Document) -> bool:
        if doc.is_json:
            return False
        if doc.meta.get("generator", "").lower().startswith("vbulletin") or doc.tree.get("id") == "vbulletin_html":
            return True
        marks = ("post_message_", "td_threadtitle_", "forumdisplay.php")
        return any(mark in doc.text for mark in marks) and "vbulletin" in doc.text[-60_000:].lower()

    def post_nodes(self, doc: Document) -> list[Any]:
        found = every(
            doc.tree, "li.postcontainer, li.postbitlegacy, li.postbit, li.b-post--isfirst, li.js-post, li.b-post"
        )
        if found:
            return [node for node in found if self.body_node(node) is not None]
        return [self._around(body) for body in every(doc.tree, "[id^='post_message_']")]

    @staticmethod
    def _around(body: Any) -> Any:
        """The widest element around a message that holds no other message."""
        node = body
        for above in body.iterancestors():
            if above.tag in ("body", "html") or len(above.xpath(".//*[starts-with(@id, 'post_message_')]")) > 1:
                break
            node = above
            if (above.tag in ("table", "article", "div", "li")) and re.fullmatch(
                r"(?:post|edit)_?\d+", above.get("id") or ""
            ):
                break
        return node

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
        own += [inner.get("id") or "" for inner in every(node, "[id^='post_message_']")]
        for text in own:
            if found := _POST_ID.search(text) or re.fullmatch(r"(\d+)", text):
                return found[1]
        return None

    def read_title(self, doc: Document) -> str:
        found = first(doc.tree, ".threadtitle, h1.b-post__title, h1, td.navbar strong")
        return one_line(found) if found is not None and one_line(found) else doc.title
