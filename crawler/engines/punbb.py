"""PunBB 1.3 and 1.4, whose markup was made anew."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from crawler.engines.base import Marks
from crawler.engines.classic import Classic
from crawler.engines.document import Document
from crawler.engines.reading import every, first

_POST = re.compile(r"p(\d+)")


class PunBB(Classic):
    """PunBB 1.3 and 1.4."""

    name = "punbb"
    thread_id: ClassVar[re.Pattern[str]] = re.compile(
        r"viewtopic\.php\?(?:[^#]{0,200}&)?id=(\d+)|/topic[/-]?(\d+)(?:[/.-]|$)"
    )
    marks = Marks(
        post=".post",
        body=".entry-content",
        author=".author-ident .username, .post-byline a, .post-byline strong",
        date=".post-link .permalink, .post-link",
        edited=".lastedit",
        permalink=".post-link a[href]",
        signature=".sig-content",
        # Smilies are named after their files.
        drop=".lastedit, .sig-content, img[src*='/smilies/']",
        title=".main-title .permalink, .main-title, h1",
        next_page="link[rel~=next], .paging a[rel~=next]",
        thread=".main-forum .main-item",
        thread_link=".item-subject h3 a",
        thread_replies=".info-replies strong",
        thread_views=".info-views strong",
        thread_date=".info-lastpost strong, .info-lastpost",
        thread_sticky=".sticky",
        board=".main-category .item-subject h3 a",
    )

    def bears_marks(self, doc: Document) -> bool:
        return "brd-" in doc.names and bool(every(doc.tree, ".brd-page[id^='brd-'], #brd-wrap.brd, .brd[id^='brd-']"))

    def post_nodes(self, doc: Document) -> list[Any]:
        return [node for node in every(doc.tree, self.marks.post) if self.read_post_id(node)]

    def read_post_id(self, node: Any) -> str | None:
        head = first(node, ".posthead")
        found = _POST.fullmatch(head.get("id") or "") if head is not None else None
        return found[1] if found else None

    def next_url(self, doc: Document) -> str | None:
        return super().next_url(doc) or self.page_after(doc, ".paging strong")
