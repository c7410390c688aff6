"""IP.Board 3, the forum before Invision Community 4."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from crawler.engines.base import Marks
from crawler.engines.classic import Classic
from crawler.engines.document import Document
from crawler.engines.reading import every

_POST = re.compile(r"post_id_(\d+)")


class IPBoard(Classic):
    """IP.Board 3.x."""

    name = "ipboard"
    thread_id: ClassVar[re.Pattern[str]] = re.compile(r"[/?]topic/(\d+)(?:-|/|$)|[?&]showtopic=(\d+)")
    marks = Marks(
        post=".post_block",
        body=".entry-content, .post",
        author=".author.vcard .fn, .author.vcard, h3.guest [itemprop=name], h3.guest strong, h3.guest, .user_details [itemprop=name]",
        date=".posted_info abbr.published, .posted_info",
        edited="p.edit",
        permalink=".post_id a[href]",
        signature=".signature",
        deleted=".post_deleted, .post_ignore",
        drop="p.edit, .attach_wrap, #attach_wrap, .citation",
        reactions=".reputation.positive",
        title="h1.ipsType_pagetitle, .ipsType_pagetitle, .maintitle",
        next_page="link[rel~=next], .pagination .next a, a[rel~=next]",
        thread="tr.__topic",
        thread_link="a.topic_title",
        thread_replies=".col_f_views li",
        thread_views=".col_f_views li.views",
        thread_date=".col_f_post .last_post",
        thread_sticky=".pinned, .ipsBadge_green",
        board=".col_c_forum h4 a",
    )

    def bears_marks(self, doc: Document) -> bool:
        if "ipboard_body" not in doc.names and "post_block" not in doc.names:
            return False
        body = doc.tree.find("body")
        return (body is not None and body.get("id") == "ipboard_body") or bool(
            every(doc.tree, ".post_block.hentry .post_wrap .entry-content")
        )

    def post_nodes(self, doc: Document) -> list[Any]:
        return [node for node in every(doc.tree, self.marks.post) if _POST.fullmatch(node.get("id") or "")]

    def is_deleted(self, node: Any) -> bool:
        """A post that was hidden has a block without words; what the reader chose to ignore has both."""
        return self.body_node(node) is None and super().is_deleted(node)
