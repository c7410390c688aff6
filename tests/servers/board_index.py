"""A XenForo forum of invented people with several boards below an index that says how each of them stands.

A test can write in it while it stands, and may be told of every request: ``heard`` is called with their number so far.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.servers.site import Answer, Site

BEGIN = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


@dataclass
class Topic:
    """A thread; its posts are (number, time, the number quoted)."""

    number: int
    board: int
    posts: list[tuple[int, datetime, int | None]] = field(default_factory=list)


class BoardIndex(Site):
    """``boards`` boards, lists of ``per_list`` threads and pages of ``per_page`` posts."""

    def __init__(self, *, boards: int = 3, per_list: int = 4, per_page: int = 4) -> None:
        super().__init__()
        self.boards, self.per_list, self.per_page = boards, per_list, per_page
        self.topics: list[Topic] = []
        self.heard: Callable[[int], None] = lambda _: None
        self._clock, self._numbers = BEGIN, itertools.count(1)

    def topic(self, board: int, posts: int) -> Topic:
        """Begin a thread in a board (from 1 on) with so many posts."""
        made = Topic(len(self.topics) + 1, board)
        self.topics.append(made)
        for _ in range(posts):
            self.reply(made)
        return made

    def reply(self, topic: Topic) -> None:
        """Add the forum's newest post; every third of a thread quotes the one before."""
        self._clock += timedelta(minutes=7)
        quoted = topic.posts[-1][0] if len(topic.posts) % 3 == 2 else None
        topic.posts.append((next(self._numbers), self._clock, quoted))

    @property
    def posts(self) -> int:
        return sum(len(topic.posts) for topic in self.topics)

    def page(self, path: str) -> Answer | str | None:
        self.heard(len(self.asked))
        steps = [step for step in path.split("/") if step]
        if not steps:
            return self._whole("".join(map(self._node, range(1, self.boards + 1))))
        number = int(steps[2].removeprefix("page-")) if steps[2:] else 1
        which = int(steps[1].rpartition(".")[2])
        if steps[0] == "forums" and which <= self.boards:
            return self._whole(self._list(which, number))
        if steps[0] == "threads" and which <= len(self.topics):
            return self._whole(self._thread(self.topics[which - 1], number))
        return None

    @staticmethod
    def _whole(inner: str) -> str:
        return f"<!doctype html><html id='XF' lang='vi-VN' data-app='public'><head><title>Xóm</title></head><body>{inner}</body></html>"

    @staticmethod
    def _time(at: datetime) -> str:
        return f"<time class='u-dt' datetime='{at:%Y-%m-%dT%H:%M:%S}+0000'>{at:%d/%m/%Y}</time>"

    def _of(self, board: int) -> list[Topic]:
        return sorted(
            (one for one in self.topics if one.board == board), key=lambda one: one.posts[-1][1], reverse=True
        )

    def _node(self, board: int) -> str:
        topics = self._of(board)
        return (
            f"<div class='node node--id{board} node--forum'><div class='node-body'><div class='node-main'><h3 class='node-title'>"
            f"<a href='/forums/ban.{board}/'>Bàn {board}</a></h3></div><div class='node-stats'><dl><dt>Bài viết</dt>"
            f"<dd>{sum(len(one.posts) for one in topics)}</dd></dl></div><div class='node-extra'>{self._time(topics[0].posts[-1][1])}"
            "</div></div></div>"
        )

    def _list(self, board: int, page: int) -> str:
        topics = self._of(board)
        lines = "".join(
            "<div class='structItem structItem--thread'><div class='structItem-title'>"
            f"<a data-tp-primary='on' href='/threads/chuyen.{one.number}/'>Chuyện {one.number}</a></div>"
            f"<div class='structItem-cell--meta'><dl><dd>{len(one.posts) - 1}</dd></dl></div>"
            f"<div class='structItem-cell--latest'>{self._time(one.posts[-1][1])}</div></div>"
            for one in topics[(page - 1) * self.per_list : page * self.per_list]
        )
        return lines + self._next(f"/forums/ban.{board}/", page, len(topics) > page * self.per_list)

    def _thread(self, topic: Topic, page: int) -> str:
        address = f"/threads/chuyen.{topic.number}/"
        posts = "".join(
            f"<article class='message message--post' data-content='post-{number}' id='js-post-{number}'>"
            f"<h4 class='message-name'><a class='username' href='/members/x.{number % 7}/'>người {number % 7}</a></h4>"
            f"<div class='message-attribution'><a href='{address}post-{number}'>{self._time(at)}</a></div>"
            f"<div class='message-body'><div class='bbWrapper'>{self._quote(quoted)}{self._said(number)}</div></div></article>"
            for number, at, quoted in topic.posts[(page - 1) * self.per_page : page * self.per_page]
        )
        onward = self._next(address, page, len(topic.posts) > page * self.per_page)
        return f"<h1 class='p-title-value'>Chuyện {topic.number}</h1>{posts}{onward}"

    @staticmethod
    def _said(number: int) -> str:
        return f"Nhà mình kể chuyện số {number} ở đây."

    @staticmethod
    def _quote(number: int | None) -> str:
        if number is None:
            return ""
        return (
            f"<blockquote class='bbCodeBlock bbCodeBlock--quote' data-source='post: {number}'><div class='bbCodeBlock-title'>"
            f"<a class='bbCodeBlock-sourceJump' href='/goto/post?id={number}'>người {number % 7} đã viết:</a></div>"
            f"<div class='bbCodeBlock-expandContent'>{BoardIndex._said(number)}</div></blockquote>"
        )

    @staticmethod
    def _next(address: str, page: int, more: bool) -> str:
        return f"<a class='pageNav-jump pageNav-jump--next' href='{address}page-{page + 1}'>Tiếp</a>" if more else ""
