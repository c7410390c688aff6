"""WoltLab Suite Forum 3 to 6 (Burning Board 4), and Burning Board 3 before it."""

from __future__ import annotations

import json
import re
from typing import Any, ClassVar, Final

from crawler.engines.base import Marks
from crawler.engines.classic import Classic
from crawler.engines.document import Document
from crawler.engines.reading import every, first, number_in
from crawler.engines.text import one_line

_OLD_BODY = re.compile(r"tpl(?:Thread|Board|BoardList|Index)")
_ROW = re.compile(r"(?:postRow|post)(\d+)")
#: What a new installation calls its reactions, by their numbers.
_REACTIONS: Final = {"1": "like", "2": "thanks", "3": "haha", "4": "confused", "5": "sad"}


class WoltLab(Classic):
    """WoltLab's forum."""

    name = "woltlab"
    thread_id: ClassVar[re.Pattern[str]] = re.compile(r"(?i:[/?]thread/)(\d+)(?:-|/|&|$)|[?&]threadID=(\d+)")
    marks = Marks(
        post="article[data-post-id], div.message[id^='postRow']",
        body=".messageText, [id^='postText']",
        author=".messageSidebar .username, .messageSidebar .userName, .messageAuthor .username, .messageAuthor .userName, "
        ".messageAuthor a",
        date=".messagePublicationTime, .messageHeader .permalink, .messageHeader time, meta[itemprop=datePublished], "
        ".messageHeader .smallFont, .messageHeader",
        edited=".wbbPostEditNote, .messageFooterNote",
        permalink="a.messagePublicationTime, .messageHeader .permalink, .messageHeader a[href*='#post']",
        signature=".messageSignature, .signature",
        drop=".quoteBoxIcon, .toggleButton, .attachmentThumbnailList, .pollContainer, .embeddedContent",
        title=".contentTitle, .boxHeadline h1, h1, .mainHeadline h2, h2",
        next_page="link[rel~=next], .pagination a[rel~=next], .pageNavigation a[rel~=next]",
        thread="ol.wbbThread, tr.wbbThread, .wbbThread[data-thread-id].tabularListColumns",
        thread_link=".columnSubject a.messageGroupLink, a.wbbTopicLink, .columnSubject h3 a",
        thread_replies=".columnStats .statsDataList dd, .columnReplies",
        thread_views=".columnStats .statsDataList + .statsDataList dd, .columnViews",
        thread_date=".columnLastPost, .messageGroupTime",
        thread_sticky=".jsIconSticky, .wbbSticky",
        board=".wbbBoard .columnSubject h3 a, .wbbBoardTitle a, .wbbBoard h3 a, .wbbSubBoards a",
    )

    def bears_marks(self, doc: Document) -> bool:
        body = doc.tree.find("body")
        name = (body.get("id") or "") if body is not None else ""
        if name.startswith("tpl_wbb_") or (body is not None and body.get("data-application") == "wbb"):
            return True
        if _OLD_BODY.fullmatch(name) and "WCF" in doc.text:
            return True
        return "wbb" in doc.names and bool(
            every(doc.tree, "article.wbbPost[data-post-id], ol.wbbThread[data-thread-id]")
        )

    def is_deleted(self, node: Any) -> bool:
        """Moderators see what was deleted; so does whoever deleted it."""
        return node.get("data-is-deleted") == "1" or (
            "messageCollapsed" in (node.get("class") or "").split() and self.body_node(node) is None
        )

    def read_post_id(self, node: Any) -> str | None:
        found = _ROW.fullmatch(node.get("id") or "")
        return node.get("data-post-id") or (found[1] if found else None)

    def read_reactions(self, node: Any) -> dict[str, int] | None:
        summary = first(node, "woltlab-core-reaction-summary[data]")
        if summary is not None:
            return _summary(summary.get("data")) or None
        counts = {
            _name(button): count
            for button in every(node, ".reactionSummaryList .reactCountButton")
            if (count := number_in(one_line(first(button, ".reactionCount")) or "1")) is not None
        }
        if counts:
            return counts
        likes = first(node, ".wcfLikeCounter, .likeCounter")
        count = number_in(one_line(likes)) if likes is not None else None
        return {"like": count} if count else None

    def next_url(self, doc: Document) -> str | None:
        if (found := super().next_url(doc)) is not None:
            return found
        # Since 6.0 a script draws the links to other pages.
        for pages in every(doc.tree, "woltlab-core-pagination[url]"):
            page, count, url = pages.get("page") or "", pages.get("count") or "", doc.link(pages.get("url"))
            if url and page.isdecimal() and count.isdecimal() and int(page) < int(count):
                after = str(int(page) + 1)
                return url.replace("%d", after) if "%d" in url else f"{url}{'&' if '?' in url else '?'}pageNo={after}"
        return None


def _summary(data: str) -> dict[str, int]:
    """``[[1, 3], [4, 1]]``: the number of each reaction and how many chose it."""
    try:
        pairs = json.loads(data[:2_000])
        return {
            _REACTIONS.get(str(kind), f"reaction {int(kind)}"): int(count) for kind, count in pairs if int(count) > 0
        }
    except (ValueError, TypeError):
        return {}


def _name(button: Any) -> str:
    """What a reaction is called; the like by that name in every language."""
    kind = button.get("data-reaction-type-id") or ""
    if kind in _REACTIONS:
        return _REACTIONS[kind]
    image = first(button, "img")
    said = " ".join((image.get("title") or image.get("alt") or "").split()).lower() if image is not None else ""
    return said[:40] or f"reaction {kind}"
