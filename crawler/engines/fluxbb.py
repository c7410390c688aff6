"""FluxBB 1.4 and 1.5, and PunBB 1.2 from which it came."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from crawler.engines.base import Marks
from crawler.engines.classic import Classic
from crawler.engines.document import Document
from crawler.engines.reading import every, first
from crawler.engines.text import one_line

_POST = re.compile(r"p\d+")


class FluxBB(Classic):
    """FluxBB 1.x and PunBB 1.2."""

    name = "fluxbb"
    thread_id: ClassVar[re.Pattern[str]] = re.compile(
        r"viewtopic\.php\?(?:[^#]{0,200}&)?id=(\d+)|/topic[/-]?(\d+)(?:[/.-]|$)"
    )
    marks = Marks(
        post=".blockpost",
        body=".postmsg",
        author=".postleft dt strong, .postleft dt",
        date="h2 a, h2",
        edited=".postedit",
        permalink="h2 a[href]",
        signature=".postsignature",
        # Smilies are named after their files.
        drop=".postedit, img[src*='/smilies/']",
        title=".crumbs strong, .linkst ul li:last-child",
        next_page="a[rel~=next], link[rel~=next]",
        thread="#vf tr:has(.tclcon a), #searchresults tr:has(.tclcon a)",
        thread_link=".tclcon a",
        thread_replies="td.tc2",
        thread_views="td.tc3",
        thread_date="td.tcr",
        thread_sticky=".isticky, .stickytext",
        board="[id^='idx'] .tclcon h3 a",
    )

    def bears_marks(self, doc: Document) -> bool:
        if "pun" not in doc.names and "blockpost" not in doc.names:
            return False
        if every(doc.tree, "div.pun[id^='pun']") and every(doc.tree, "#brdheader, #brdmain, #brdmenu, #brdwelcome"):
            return True
        return any(first(node, ".postleft dt") is not None for node in self.post_nodes(doc))

    def post_nodes(self, doc: Document) -> list[Any]:
        """A quick reply and a preview are drawn as posts, without a number."""
        return [node for node in every(doc.tree, self.marks.post) if _POST.fullmatch(node.get("id") or "")]

    def read_title(self, doc: Document) -> str:
        found = first(doc.tree, self.marks.title)
        return one_line(found).lstrip("»\xa0 ") or doc.title if found is not None else doc.title

    def next_url(self, doc: Document) -> str | None:
        return super().next_url(doc) or self.page_after(doc, ".pagelink strong")
