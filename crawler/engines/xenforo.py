"""XenForo 2, and XenForo 1 whose markup differs throughout."""

from __future__ import annotations

import re
from typing import Any, ClassVar, cast

from lxml import etree

from crawler.engines.base import Engine, Marks
from crawler.engines.document import Document
from crawler.engines.reading import first, number_in
from crawler.engines.text import one_line

_IN_LINK = re.compile(r"post-(\d+)")
_OTHERS = re.compile(r"\d[\d.,]*")
_BESIDE_NAMES = etree.XPath(".//text()[not(ancestor::bdi)]")


class XenForo(Engine):
    """XenForo 2.x."""

    name = "xenforo"
    post_id_attributes = ("data-content", "id")
    thread_id: ClassVar[re.Pattern[str]] = re.compile(r"/threads?/(?:[^/]*\.)?(\d+)(?:/|$)")
    marks = Marks(
        post=".message[data-content^='post-'], article[data-content^='post-'], article.message--post",
        body=".message-body .bbWrapper, .bbWrapper, .message-body, .message-userContent",
        author=".message-name, .message-userDetails .username, .MessageCard__user-info__name, .username",
        date=".message-attribution-main time, .message-attribution time, .message-date time, .message-header time, "
        "meta[itemprop=datePublished], time",
        edited=".message-lastEdit time",
        permalink=".message-attribution a[href*='post-'], .message-date a[href*='post-'], a[href*='/post-']",
        signature=".message-signature",
        deleted=".message-content .messageNotice--deleted, .message-deletedNotice",
        drop=".message-lastEdit, .js-selectToQuoteEnd, .bbCodeBlock-expandLink, .bbCodeBlock-shrinkLink, .message-attachments",
        reactions=".reactionsBar-link, .likesBar",
        title=".p-title-value, h1",
        next_page="a.pageNav-jump--next, link[rel~=next]",
        thread=".structItem--thread",
        thread_link=".structItem-title a[data-tp-primary], .structItem-title a[href*='/threads/']:not(.labelLink), .structItem-title a",
        thread_replies=".structItem-cell--meta dl:not(.structItem-minor) dd",
        thread_views=".structItem-cell--meta dl.structItem-minor dd",
        thread_date=".structItem-cell--latest time",
        thread_sticky=".structItem-status--sticky",
        board=".node--forum .node-title a, .node--category .node-title a",
    )

    def detect(self, doc: Document) -> bool:
        return not doc.is_json and doc.tree.get("id") == "XF"

    def is_deleted(self, node: Any) -> bool:
        return "message--deleted" in (node.get("class") or "") or super().is_deleted(node)

    def read_post_id(self, node: Any) -> str | None:
        link = first(node, self.marks.permalink)
        return super().read_post_id(node) or (
            found[1] if link is not None and (found := _IN_LINK.search(link.get("href"))) else None
        )

    def read_author(self, node: Any) -> str | None:
        return super().read_author(node) or (node.get("data-author") or "").strip() or None

    def read_title(self, doc: Document) -> str:
        title = first(doc.tree, self.marks.title)
        if title is None:
            return doc.title
        prefix = " ".join(one_line(label) for label in title.iter("span") if "label" in (label.get("class") or ""))
        whole = one_line(title)
        return whole.removeprefix(prefix).strip() if prefix else whole

    def read_reactions(self, node: Any) -> dict[str, int] | None:
        """XenForo names up to three people and counts the others: "Mai, Lan and 12 others"."""
        found = first(node, self.marks.reactions)
        named = sum(1 for _ in found.iter("bdi")) if found is not None else 0
        if not named:
            return None
        # Names may hold digits ("loan97"): the count stands between and after them.
        others = _OTHERS.search(" ".join(cast("list[str]", _BESIDE_NAMES(found))))
        return {"like": named + (number_in(others[0]) or 0 if others else 0)}


class XenForo1(Engine):
    """XenForo 1.x."""

    name = "xenforo1"
    thread_id = XenForo.thread_id
    marks = Marks(
        post="li.message[id^='post-']",
        body=".messageText",
        author=".messageUserBlock h3 .username, .userText .username, .username:not(.avatar), .username",
        date=".messageMeta .DateTime, .datePermalink .DateTime",
        edited=".editDate .DateTime",
        permalink=".messageMeta a.datePermalink, .messageMeta a.hashPermalink, .messageMeta a.postNumber, a.datePermalink, a.hashPermalink",
        signature=".signature",
        deleted=".messageNotices .deletionNotice",
        drop=".editDate, .messageTextEndMarker, .quoteExpand, .attachedFiles",
        title=".titleBar h1, h1",
        next_page="link[rel~=next], .PageNav nav a.text:last-child",
        thread="li.discussionListItem",
        thread_link=".title a.PreviewTooltip, .title a[href*='threads/'], .title a:last-child",
        thread_replies=".stats .major dd",
        thread_views=".stats .minor dd",
        thread_date=".lastPostInfo .DateTime",
        thread_sticky=".iconKey .sticky",
        board=".nodeTitle a",
    )

    def detect(self, doc: Document) -> bool:
        return not doc.is_json and doc.tree.get("id") == "XenForo"

    def is_deleted(self, node: Any) -> bool:
        names = (node.get("class") or "").split()
        return "deleted" in names or "placeholder" in names

    def read_author(self, node: Any) -> str | None:
        return (node.get("data-author") or "").strip() or super().read_author(node)
