"""Invision Community (IPS 4 and 5)."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from crawler.dates import Clock
from crawler.engines.base import Engine, Marks
from crawler.engines.document import Document
from crawler.engines.reading import every, number_in
from crawler.engines.text import one_line
from data.records import ThreadLink


class Invision(Engine):
    """Invision Community 4.x and 5.x."""

    name = "invision"
    known_at_once = True
    thread_id: ClassVar[re.Pattern[str]] = re.compile(r"/topic/(\d+)(?:-|/|$)")
    marks = Marks(
        post="article[id^='elComment_'], article.ipsComment, article.ipsEntry[data-commentid], article[id^='elPostFeed_comment']",
        body="[data-role=commentContent], .ipsComment_content .ipsType_richText, .ipsRichText, .ipsType_richText",
        author=".cAuthorPane_author strong, .cAuthorPane_author, .ipsEntry__username, .ipsComment_author h3, h3 strong a, h3 strong",
        date=".ipsComment_meta time, .ipsEntry__date time, .ipsEntry__header time, time",
        edited=".ipsEdited time, .ipsType_light.ipsEdited time",
        permalink=".ipsComment_meta a[href*='findComment'], .ipsComment_meta a[href*='comment'], "
        "a[href*='findComment'], a[href*='#comment']",
        signature="[data-role=memberSignature]",
        deleted=".ipsComment_deleted",
        drop=".ipsEdited, .ipsQuote_citation, .ipsAttachLink_block, [data-role=memberSignature]",
        title="h1 .ipsType_break, h1.ipsType_pageTitle, h1.ipsPageHeader__title, h1",
        next_page="link[rel~=next], .ipsPagination_next:not(.ipsPagination_inactive) a, "
        "li:not(.ipsPagination_inactive) > a[rel~=next]",
        thread="[data-rowid].ipsDataItem, li.ipsDataItem, li.ipsData__item",
        thread_link=".ipsDataItem_title a[href*='/topic/'], .ipsData__title a, a[href*='/topic/']",
        thread_replies="[data-stattype=forums_comments] .ipsDataItem_stats_number, .ipsDataItem_stats_number",
        thread_views="[data-stattype=num_views] .ipsDataItem_stats_number",
        thread_date=".ipsDataItem_lastPoster time, .ipsData__last time",
        thread_sticky=".ipsBadge_icon .fa-thumb-tack, .ipsBadge .fa-thumbtack",
        board=".cForumRow .ipsDataItem_title a, .cForumGrid__title a, [data-forumid] h4 a",
    )

    def detect(self, doc: Document) -> bool:
        if doc.is_json:
            return False
        body = doc.tree.find("body")
        names = (body.get("class") or "").split() if body is not None else []
        return (
            "ipsApp" in names or "ipsApp_front" in names or (body is not None and body.get("data-pageapp") == "forums")
        )

    def post_nodes(self, doc: Document) -> list[Any]:
        """Each post once: recommended ones are shown above the topic too. Hidden ones have no words."""
        found: dict[str, Any] = {}
        for place, node in enumerate(super().post_nodes(doc)):
            if self.body_node(node) is not None:
                key = self.read_post_id(node) or f"at {place}"
                found.pop(key, None)
                found[key] = node
        return list(found.values())

    def read_line(self, doc: Document, line: Any, clock: Clock) -> ThreadLink | None:
        """A board's line names its last topic, which is none of the list's own."""
        return None if "cForumRow" in (line.get("class") or "").split() else super().read_line(doc, line, clock)

    def read_post_id(self, node: Any) -> str | None:
        for inner in (node, *every(node, "[data-commentid]")):
            if value := inner.get("data-commentid"):
                return str(value)
        return super().read_post_id(node)

    def read_reactions(self, node: Any) -> dict[str, int] | None:
        found: dict[str, int] = {}
        for item in every(node, ".ipsReact_reactCount"):
            named = item.xpath(".//img/@alt") or item.xpath(".//*[@title]/@title")
            count = number_in(one_line(item).replace(named[0] if named else "", ""))
            if named and count is not None:
                found[str(named[0]).lower()] = count
        return found or None
