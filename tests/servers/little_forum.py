"""A little forum of invented people whose threads a test can write, grow and mend while it stands.

Its markup is Spirit's, in the few classes that the engine reads.
"""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from urllib.parse import parse_qs, urlsplit

from tests.servers.site import Answer, Site

_PIN = "<i class='fa-thumb-tack'></i>"
BEGIN = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


@dataclass
class LittlePost:
    number: int
    author: str
    at: datetime
    html: str


@dataclass
class LittleThread:
    number: int
    title: str
    posts: list[LittlePost] = field(default_factory=list)
    sticky: bool = False

    @property
    def moved(self) -> datetime:
        return self.posts[-1].at


class LittleForum(Site):
    """``per_page`` posts a page, ``per_list`` threads a list. ``broken`` maps a path to what it answers instead;
    ``validators``: pages have an ETag."""

    def __init__(self, *, per_page: int = 5, per_list: int = 4, validators: bool = False, **named: object) -> None:
        super().__init__(**named)  # type: ignore[arg-type]
        self.threads: list[LittleThread] = []
        self.per_page, self.per_list, self.validators = per_page, per_list, validators
        self.broken: dict[str, Answer] = {}
        self._numbers = itertools.count(1)
        self._clock = BEGIN

    def thread(self, title: str, *texts: str, at: datetime | None = None, sticky: bool = False) -> LittleThread:
        """Begin a thread; each text is a post's HTML."""
        thread = LittleThread(len(self.threads) + 1, title, sticky=sticky)
        self.threads.append(thread)
        for place, text in enumerate(texts):
            self.reply(thread, text, at=at + timedelta(minutes=place) if at else None)
        return thread

    def reply(
        self, thread: LittleThread, text: str, *, author: str | None = None, at: datetime | None = None
    ) -> LittlePost:
        """Add a post; without a time it is the newest of the forum."""
        self._clock += timedelta(hours=1)
        number = next(self._numbers)
        post = LittlePost(number, author or f"người {number % 7}", at or self._clock, text)
        thread.posts.append(post)
        return post

    @property
    def posts(self) -> list[LittlePost]:
        return [post for thread in self.threads for post in thread.posts]

    def page(self, path: str) -> Answer | str | None:
        if path in self.broken:
            return self.broken[path]
        parts = urlsplit(path)
        number = int(parse_qs(parts.query).get("page", ["1"])[0])
        steps = [step for step in parts.path.split("/") if step]
        if not steps:
            return self._whole(self._list(number))
        if steps[0] == "topic" and steps[1].isdigit() and int(steps[1]) <= len(self.threads):
            return self._validated(self._whole(self._thread(self.threads[int(steps[1]) - 1], number)))
        return None

    def _validated(self, page: str) -> Answer:
        tag = f'"{hashlib.sha256(page.encode()).hexdigest()[:16]}"'
        if not self.validators:
            return Answer(page)
        if self.asked[-1].headers.get("If-None-Match") == tag:
            return Answer(b"", 304, {"ETag": tag})
        return Answer(page, headers={"ETag": tag})

    @staticmethod
    def _whole(inner: str) -> str:
        return (
            "<!doctype html><html lang='vi'><head><title>Làng nhỏ (hư cấu) - Spirit</title></head><body>"
            f"<div class='spirit'><div class='layout__header'><a class='header__logo'>spirit</a></div>{inner}</div></body></html>"
        )

    def _list(self, page: int) -> str:
        ordered = sorted(self.threads, key=lambda thread: (thread.sticky, thread.moved), reverse=True)
        start = (page - 1) * self.per_list
        lines = "".join(
            f"<div class='layout__topics__topic'>{_PIN if thread.sticky else ''}"
            f"<a class='topic__link' href='/topic/{thread.number}/chu-de/'>{escape(thread.title)}</a>"
            f"<span class='topic__comments'>{len(thread.posts)}</span>"
            f"<span class='topic__date' title='{thread.moved.isoformat()}'>hôm nọ</span></div>"
            for thread in ordered[start : start + self.per_list]
        )
        return lines + self._next("/", page, len(ordered) > start + self.per_list)

    def _thread(self, thread: LittleThread, page: int) -> str:
        start = (page - 1) * self.per_page
        posts = "".join(
            f"<div class='comments_list__comment' data-pk='{post.number}' id='c{place}'>"
            f"<a class='comment__info__username__link'>{escape(post.author)}</a>"
            f"<ul class='comment__info__date'><li title='{post.at.isoformat()}'>hôm nọ</li></ul>"
            f"<div class='comment__text'>{post.html}</div></div>"
            for place, post in list(enumerate(thread.posts, 1))[start : start + self.per_page]
        )
        heading = f"<h1 class='headline'>{escape(thread.title)}</h1>"
        return (
            heading
            + posts
            + self._next(f"/topic/{thread.number}/chu-de/", page, len(thread.posts) > start + self.per_page)
        )

    @staticmethod
    def _next(path: str, page: int, more: bool) -> str:
        arrow = f"<a href='{path}?page={page + 1}'><i class='fa fa-chevron-right'></i></a>" if more else ""
        return f"<div class='paginator'>{arrow}</div>"
