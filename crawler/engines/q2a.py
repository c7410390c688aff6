"""Question2Answer: a question, its answers, and the comments on each of them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, ClassVar, Final
from urllib.parse import urldefrag, urlsplit

from crawler.dates import Clock
from crawler.engines.base import Engine, Marks
from crawler.engines.document import Document
from crawler.engines.reading import every, first, moment, number_in
from crawler.engines.text import Body, listed, one_line
from data.records import Post, ThreadLink, ThreadList

#: What a forum calls people without a name.
_NOBODY: Final = frozenset(("anonymous", "ẩn danh", "khách", "guest", "người ẩn danh"))
#: Lists of the whole forum; others are of one category or tag.
_WHOLE: Final = frozenset(("", "activity", "questions", "qa", "index.php"))
_KINDS: Final = ("q", "a", "c")
_HIDDEN: Final = listed("qa-q-view-hidden qa-a-list-item-hidden qa-c-item-hidden")


class Question2Answer(Engine):
    """Question2Answer. Questions, answers and comments are counted together."""

    name = "q2a"
    thread_id: ClassVar[re.Pattern[str]] = re.compile(r"[?&]qa=(\d+)(?:&|$)|/(\d+)(?:/[^/?#]*)?(?:\?|$)")
    post_id: ClassVar[re.Pattern[str]] = re.compile(r"^[qac](\d+)$")
    marks = Marks(
        post=".qa-q-view[id^='q'], .qa-a-list-item[id^='a'], .qa-c-list-item[id^='c']",
        body=".qa-q-view-content, .qa-a-item-content, .qa-c-item-content",
        date=".qa-q-view-when, .qa-a-item-when, .qa-c-item-when",
        title="h1 .entry-title, h1 [itemprop='name'], h1 a, h1",
        next_page="a.qa-page-next, link[rel~=next]",
        thread=".qa-q-list-item[id^='q']",
        thread_link=".qa-q-item-title a",
        thread_replies=".qa-a-count-data",
        thread_views=".qa-view-count-data",
        board=".qa-nav-main-questions a, .qa-nav-main-activity a, .qa-nav-main-link[href$='questions']",
    )

    def detect(self, doc: Document) -> bool:
        if doc.is_json:
            return False
        body = doc.tree.find("body")
        names = (body.get("class") or "").split() if body is not None else []
        if any(name.startswith("qa-template-") for name in names):
            return True
        return "qa-q-" in doc.names and bool(
            every(doc.tree, ".qa-q-view .qa-q-view-content") or every(doc.tree, ".qa-q-list .qa-q-list-item")
        )

    def post_nodes(self, doc: Document) -> list[Any]:
        # A comment may be a link to another question, or to the comments that are not shown.
        found = super().post_nodes(doc)
        return [node for node in found if node.get("id")[0] != "c" or first(node, ".qa-c-item-content") is not None]

    # -- a thread

    def is_deleted(self, node: Any) -> bool:
        return bool(_HIDDEN & frozenset((node.get("class") or "").split()))

    def read_author(self, node: Any) -> str | None:
        who = first(node, {"q": ".qa-q-view-who-data", "a": ".qa-a-item-who-data"}.get(node.get("id")[0], ""))
        if who is None:
            who = first(node, ".qa-c-item-who-data")
        if who is None:
            return None
        link = first(who, "a.qa-user-link, a[href*='user/']")
        name = one_line(link if link is not None else who)[:200]
        return None if link is None and name.lower() in _NOBODY else name or None

    def read_permalink(self, doc: Document, node: Any) -> str | None:
        link = _own(node, ".qa-q-view-what[href], .qa-a-item-what[href], .qa-c-item-what[href]")
        if link is None and node.get("id")[0] == "c" and (number := self.read_post_id(node)):
            return f"{urldefrag(doc.url)[0].partition('?')[0]}?show={number}#c{number}"
        return doc.link(link.get("href")) if link is not None else None

    def read_reply_to(self, node: Any, body: Body, before: list[Post]) -> str | None:
        kind = node.get("id")[0]
        if kind == "q":
            return None
        if kind == "c":
            above = next((one for one in node.iterancestors("div") if _is_post(one)), None)
            if above is not None:
                return self.read_post_id(above)
        question = next((post for post in before if post.reply_to is None), None)
        return question.post_id if question is not None else None

    def read_reactions(self, node: Any) -> dict[str, int] | None:
        shown = _own(node, ".qa-upvote-count-data, .qa-netvote-count-data")
        said = one_line(shown).lstrip("+") if shown is not None else ""
        votes = number_in(said) if said[:1].isdigit() else None
        return None if votes is None else {"like": votes}

    # -- around the posts

    def read_views(self, doc: Document) -> int | None:
        shown = first(doc.tree, ".qa-q-view .qa-view-count-data")
        return number_in(one_line(shown)) if shown is not None else None

    def read_tags(self, doc: Document) -> tuple[str, ...]:
        return tuple(one_line(tag) for tag in every(doc.tree, ".qa-q-view .qa-tag-link"))

    # -- a list

    def read_list(self, doc: Document) -> ThreadList:
        found = super().read_list(doc)
        last = urlsplit(doc.url).path.rstrip("/").rpartition("/")[2]
        # The links to lists stand in the menu, where nothing tells how these stand.
        return replace(found, boards=found.boards if last in _WHOLE else (), standing={})

    def read_line(self, doc: Document, line: Any, clock: Clock) -> ThreadLink | None:
        link = super().read_line(doc, line, clock)
        if link is None:
            return None
        what, when = first(line, ".qa-q-item-what"), first(line, ".qa-q-item-when")
        # What happened last is a link to it; a question that was merely asked is dated by the asking.
        moved = what is not None and "#" in (what.get("href") or "")
        last = moment(when, clock) if moved or not link.replies else None
        # Lists lead to what happened last; the question stands without it.
        return replace(link, url=re.sub(r"[?&]show=\d+$", "", link.url), last_post_at=last)


def _is_post(node: Any) -> bool:
    names = (node.get("class") or "").split()
    return (node.get("id") or " ")[0] in _KINDS and ("qa-q-view" in names or "qa-a-list-item" in names)


def _own(node: Any, css: str) -> Any:
    """The first of a post's own elements: a question holds its comments, too."""
    for found in every(node, css):
        comment = next((one for one in found.iterancestors("div") if one.get("id") and _is_any(one)), None)
        if comment is node:
            return found
    return None


def _is_any(node: Any) -> bool:
    return _is_post(node) or "qa-c-list-item" in (node.get("class") or "").split()
