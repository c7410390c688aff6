"""Stack Exchange: a question, its answers, and the comments on each of them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urldefrag, urlencode, urlsplit, urlunsplit

from crawler.dates import Clock
from crawler.engines.base import Engine, Marks
from crawler.engines.document import Document
from crawler.engines.reading import every, first, number_in
from crawler.engines.text import Body, one_line
from data.records import Post, ThreadLink

_LISTS = re.compile(r"^(?:/questions(?:/tagged/[^/]+)?)?/?$")
_ASKED = re.compile(r"/(?:questions|q)/(\d+)(?:/|$)")
_STATE = re.compile(r"\s\[(?:closed|duplicate|on hold|migrated|closed as [\w ]{1,30})\]$", re.I)
_CALLED = re.compile(r"@([^\s:,]{3,40})")
#: What a list says a date is of, where it is not of the asking.
_MOVED = frozenset(("modified", "answered", "commented", "active"))


class StackExchange(Engine):
    """A site of Stack Exchange. Questions and answers are counted together; comments apart, so their ids say what they are."""

    name = "stackexchange"
    thread_id: ClassVar[re.Pattern[str]] = re.compile(r"/(?:questions|q)/(\d+)(?:/|\?|#|$)")
    marks = Marks(
        post=".question[data-questionid], .answer[data-answerid], li.comment[data-comment-id]",
        body=".js-post-body, .post-text, .comment-copy",
        date=".relativetime, .relativetime-clean",
        edited=".user-action-time a[href*='/revisions'] .relativetime",
        drop=".js-post-notice, .snippet-ctas",
        title="#question-header h1, h1[itemprop='name'], h1",
        next_page=".s-pagination a[rel~=next], .pager-answers a[rel~=next], .pager a[rel~=next], link[rel~=next]",
        thread=".js-post-summary[data-post-id]",
        thread_link=".s-post-summary--content-title a, h3 a",
    )

    def detect(self, doc: Document) -> bool:
        if doc.is_json:
            return False
        if "js-post-summary" in doc.names and every(doc.tree, self.marks.thread):
            return True
        return "data-questionid" in doc.text and any(
            first(node, ".js-post-body, .post-text") is not None for node in every(doc.tree, "[data-questionid]")
        )

    def post_nodes(self, doc: Document) -> list[Any]:
        return super().post_nodes(doc) if every(doc.tree, ".question[data-questionid]") else []

    def board_address(self, url: str) -> str | None:
        parts = urlsplit(urldefrag(url)[0])
        query = dict(parse_qsl(parts.query))
        if "tab" in query or "sort" in query or not _LISTS.match(parts.path):
            return None
        # The newest questions come first otherwise, and an old one that is answered never comes up.
        path = parts.path.rstrip("/") or "/questions"
        return urlunsplit((parts.scheme, parts.netloc, path, urlencode({**query, "tab": "Active"}), ""))

    # -- a thread

    def is_deleted(self, node: Any) -> bool:
        return bool({"deleted-answer", "deleted-comment"} & set((node.get("class") or "").split()))

    def read_post(self, doc: Document, node: Any, clock: Clock, before: list[Post], number: int) -> Post:
        post = super().read_post(doc, node, clock, before, number)
        if self._is_comment(node):
            said = post.reply_to or ""
            above = self._commented(node) or (said if said.isdigit() else None)
            here = f"{urldefrag(doc.url)[0]}#comment{node.get('data-comment-id')}_{above}" if above else None
            return replace(post, url=here, edited_at=None)
        question = node.get("data-questionid")
        return replace(post, url=doc.link(f"/q/{question}" if question else f"/a/{node.get('data-answerid')}"))

    @staticmethod
    def _is_comment(node: Any) -> bool:
        return node.get("data-comment-id") is not None

    @staticmethod
    def _commented(node: Any) -> str | None:
        """The question or answer that a comment is on."""
        return next((one.get("data-post-id") for one in node.iterancestors("div") if one.get("data-post-id")), None)

    def read_post_id(self, node: Any) -> str | None:
        if self._is_comment(node):
            return f"comment-{node.get('data-comment-id')}"
        found: str | None = node.get("data-questionid") or node.get("data-answerid")
        return found

    def read_author(self, node: Any) -> str | None:
        if self._is_comment(node):
            return one_line(first(node, ".comment-user"))[:200] or None
        # Whoever edited signs above whoever wrote.
        signed = [one for one in every(node, ".post-signature .user-details, .s-user-card--info") if one_line(one)]
        if not signed or first(signed[-1], ".community-wiki") is not None:
            return None
        named = first(signed[-1], "a, [itemprop='name']")
        return one_line(signed[-1] if named is None else named)[:200] or None

    def read_date(self, node: Any, clock: Clock) -> datetime | None:
        css = ".comment-date [title]" if self._is_comment(node) else ".post-signature .user-action-time [title]"
        shown = [one.get("title") for one in every(node, css)]
        dates = [read for title in shown if (read := clock.read(title.split(",")[0])) is not None]
        return dates[-1] if dates else None

    def read_reply_to(self, node: Any, body: Body, before: list[Post]) -> str | None:
        if node.get("data-questionid"):
            return None
        question = node.get("data-parentid") or next((post.post_id for post in before if post.reply_to is None), None)
        if not self._is_comment(node):
            return str(question) if question else None
        post_id = self._commented(node) or question
        called = _CALLED.match(body.text)
        if called:
            # «@Lan …» is said to the last of that name who wrote there.
            name = called[1].lower()
            for post in reversed(before):
                here = post.post_id == post_id or post.reply_to == post_id or post.post_id.startswith("comment-")
                if here and "".join((post.author or "").split()).lower().startswith(name):
                    return post.post_id
                if post.post_id == post_id:
                    break
        return post_id

    def read_reactions(self, node: Any) -> dict[str, int] | None:
        said = node.get("data-comment-score") or node.get("data-score") or ""
        return {"like": int(said)} if said.isdigit() and len(said) < 9 else None

    # -- around the posts

    def read_title(self, doc: Document) -> str:
        return _STATE.sub("", super().read_title(doc))

    def read_views(self, doc: Document) -> int | None:
        found = first(doc.tree, "[title^='Viewed ']")
        return number_in(found.get("title")) if found is not None else None

    def read_tags(self, doc: Document) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one_line(tag) for tag in every(doc.tree, ".question a.post-tag")))

    # -- a list

    def read_line(self, doc: Document, line: Any, clock: Clock) -> ThreadLink | None:
        link = super().read_line(doc, line, clock)
        if link is None or not _ASKED.search(urlsplit(link.url).path):
            return None
        stats = every(line, ".s-post-summary--stats-item")
        counts = [number_in(one.get("title") or "") for one in stats]
        shown = [number_in(one_line(first(one, ".s-post-summary--stats-item-number"))) for one in stats]
        answers = shown[1] if len(stats) > 1 else None
        views = next(iter([*counts[2:3], *shown[2:3]]), None) if len(stats) > 2 else None
        return replace(
            link,
            title=_STATE.sub("", link.title),
            replies=answers,
            views=views,
            last_post_at=self._moved(doc, line, clock, answers),
        )

    @staticmethod
    def _moved(doc: Document, line: Any, clock: Clock, answers: int | None) -> datetime | None:
        """When a question last moved; where a list is of the newest, its dates are of the asking."""
        time = first(line, ".s-user-card--time, .user-action-time")
        if time is None:
            return None
        words = one_line(time).lower().split()
        by_activity = dict(parse_qsl(urlsplit(doc.url).query)).get("tab", "").lower() == "active"
        if answers and not by_activity and not (words and words[0] in _MOVED):
            return None
        shown = first(time, ".relativetime")
        return clock.read((shown.get("title") or "").split(",")[0]) if shown is not None else None
