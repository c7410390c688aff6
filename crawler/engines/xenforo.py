"""XenForo 2, and XenForo 1 whose markup differs throughout."""

from __future__ import annotations

import re
from typing import Any, ClassVar, cast
from urllib.parse import urlsplit

from lxml import etree

from crawler.dates import Clock
from crawler.engines.base import Engine, Marks
from crawler.engines.document import Document
from crawler.engines.reading import every, first, number_in
from crawler.engines.text import one_line
from data.records import ThreadLink

_IN_LINK = re.compile(r"post-(\d+)")
_OTHERS = re.compile(r"\d[\d.,]*")
_BESIDE_NAMES = etree.XPath(".//text()[not(ancestor::bdi)]")
_BESIDE_USERS = etree.XPath(".//text()[not(ancestor::*[contains(@class, 'username')])]")
#: Boards may call their threads otherwise (``/t/``, ``/chu-de/``); the number after the title's dot stays.
_THREAD_ID = re.compile(r"(?:[/?]threads?/(?:[^/]{0,300}\.)?(\d+)|[/?][^/?.&#]{1,40}/[^/?]{1,300}\.(\d+))(?:/|$)")


class XenForo(Engine):
    """XenForo 2.x."""

    name = "xenforo"
    known_at_once = True
    post_id_attributes = ("data-content", "id")
    thread_id: ClassVar[re.Pattern[str]] = _THREAD_ID
    marks = Marks(
        post=".message[data-content^='post-'], article[data-content^='post-'], article.message--post, .MessageCard.js-post, "
        "article.california-nested-message",
        body=".message-body .bbWrapper, .bbWrapper, .message-body, .message-userContent",
        author=".message-name, .message-articleUserName, .message-userDetails .username, .MessageCard__user-info__name, .username",
        date=".MessageCard__date-created time, .message-attribution-main time, .message-attribution time, .message-date time, "
        ".message-header time, "
        "meta[itemprop=datePublished], time",
        edited=".message-lastEdit time",
        permalink="a.MessageCard__date-created, .message-attribution a[href*='post-'], .message-date a[href*='post-'], a[href*='/post-']",
        signature=".message-signature",
        deleted=".message-content .messageNotice--deleted, .message-deletedNotice",
        drop=".message-lastEdit, .js-selectToQuoteEnd, .bbCodeBlock-expandLink, .bbCodeBlock-shrinkLink, .message-attachments, "
        ".bbCodeBlock--code .bbCodeBlock-title",
        reactions=".reactionsBar-link, .likesBar",
        title=".p-title-value, h1",
        next_page="a.pageNav-jump--next, link[rel~=next], a.pageNavSimple-el--next",
        thread=".structItem--thread, .message--articlePreview",
        thread_link=".structItem-title a[data-tp-primary], .structItem-title a[href*='/threads/']:not(.labelLink), .structItem-title a, "
        ".articlePreview-title a:not(.labelLink)",
        thread_replies=".structItem-cell--meta dl:not(.structItem-minor) dd, .articlePreview-replies",
        thread_views=".structItem-cell--meta dl.structItem-minor dd",
        thread_date=".structItem-cell--latest time",
        thread_sticky=".structItem-status--sticky",
        board=".node--forum .node-title a, .node--category .node-title a",
    )

    def detect(self, doc: Document) -> bool:
        if doc.is_json:
            return False
        page = doc.tree
        return page.get("id") == "XF" or (page.get("data-app") == "public" and page.get("data-template") is not None)

    def post_nodes(self, doc: Document) -> list[Any]:
        """Each post once: a question's answer is shown above the thread too. Adverts between posts have no id and no words."""
        found: dict[str, Any] = {}
        for place, node in enumerate(super().post_nodes(doc)):
            number = self.read_post_id(node)
            if number is not None or self.body_node(node) is not None:
                key = number or f"at {place}"
                found.pop(key, None)
                found[key] = node
        return list(found.values())

    def is_deleted(self, node: Any) -> bool:
        return "message--deleted" in (node.get("class") or "") or super().is_deleted(node)

    def read_post_id(self, node: Any) -> str | None:
        if number := super().read_post_id(node):
            return number
        link = first(node, self.marks.permalink)
        return found[1] if link is not None and (found := _IN_LINK.search(link.get("href"))) else None

    def read_author(self, node: Any) -> str | None:
        return super().read_author(node) or (node.get("data-author") or "").strip() or None

    def read_title(self, doc: Document) -> str:
        title = first(doc.tree, self.marks.title)
        if title is None:
            return doc.title
        return _unlabelled(title, "label")

    def read_line(self, doc: Document, line: Any, clock: Clock) -> ThreadLink | None:
        """Neither adverts, which lead elsewhere, nor threads that were moved away."""
        if first(line, ".structItem-status--redirect") is not None:
            return None
        return _of_this_forum(self, doc, super().read_line(doc, line, clock))

    def read_reactions(self, node: Any) -> dict[str, int] | None:
        """XenForo names up to three people and counts the others: "Mai, Lan and 12 others"."""
        found = first(node, self.marks.reactions)
        named = sum(1 for _ in found.iter("bdi")) if found is not None else 0
        # Names may hold digits ("loan97"): the count stands between and after them.
        return _likes(named, _BESIDE_NAMES(found)) if named else None


def _likes(named: int, beside: Any) -> dict[str, int]:
    """So many people named, and the others counted in the words beside their names."""
    others = _OTHERS.search(" ".join(cast("list[str]", beside)))
    return {"like": named + (number_in(others[0]) or 0 if others else 0)}


def _unlabelled(title: Any, name: str) -> str:
    """A title without the label that boards put before it ("Hỏi", "Review")."""
    prefix = " ".join(one_line(label) for label in title.iter("span") if name in (label.get("class") or ""))
    whole = one_line(title)
    return whole.removeprefix(prefix).strip() if prefix else whole


def _of_this_forum(reader: Engine, doc: Document, link: ThreadLink | None) -> ThreadLink | None:
    if link is None or urlsplit(link.url).netloc != urlsplit(doc.url).netloc or not reader.thread_id.search(link.url):
        return None
    return link


class XenForo1(Engine):
    """XenForo 1.x."""

    name = "xenforo1"
    known_at_once = True
    thread_id: ClassVar[re.Pattern[str]] = _THREAD_ID
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
        reactions=".likesSummary .LikeText, .likesSummary",
        title=".titleBar h1, h1",
        next_page="link[rel~=next], .PageNav nav a.text:last-child",
        thread="li.discussionListItem",
        thread_link=".title a.PreviewTooltip, .title a[href*='threads/'], .title a:last-child",
        thread_replies=".stats .major dd",
        thread_views=".stats .minor dd",
        thread_date=".lastPostInfo .DateTime",
        thread_sticky=".iconKey .sticky, li.discussionListItem.sticky",
        board=".nodeTitle a",
    )

    def detect(self, doc: Document) -> bool:
        return not doc.is_json and doc.tree.get("id") == "XenForo"

    def is_deleted(self, node: Any) -> bool:
        names = (node.get("class") or "").split()
        return "deleted" in names or "placeholder" in names

    def read_author(self, node: Any) -> str | None:
        return (node.get("data-author") or "").strip() or super().read_author(node)

    def read_title(self, doc: Document) -> str:
        title = first(doc.tree, self.marks.title)
        return doc.title if title is None else _unlabelled(title, "prefix")

    def read_line(self, doc: Document, line: Any, clock: Clock) -> ThreadLink | None:
        """Neither adverts nor threads that were moved away."""
        if "redirect" in (line.get("class") or "").split():
            return None
        return _of_this_forum(self, doc, super().read_line(doc, line, clock))

    def read_reactions(self, node: Any) -> dict[str, int] | None:
        """Named people and a count of the others, as in XenForo 2."""
        found = first(node, self.marks.reactions)
        named = len(every(found, "a.username")) if found is not None else 0
        return _likes(named, _BESIDE_USERS(found)) if named else None
