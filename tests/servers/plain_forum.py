"""A forum of nobody's make: plain Vietnamese markup, and whatever way of counting pages a test wants. Its people are invented."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape
from urllib.parse import parse_qsl, urlsplit

from tests.servers.site import Answer, Site

BEGIN = datetime(2025, 3, 1, 8, 0)
PEOPLE = ("Lan", "Mẹ Bắp", "hoa.nguyen", "Tú Anh", "Bác Hai")
SAYINGS = (
    "Bé nhà em dùng loại này hay bị hăm, các mẹ cho em hỏi loại nào thấm hút tốt hơn ạ?",
    "Mình dùng loại dán thấy ổn, thay bốn tiếng một lần là không hăm đâu.",
    "Giá bao nhiêu một gói vậy bạn, siêu thị gần nhà mình hết hàng rồi.",
    "Nhà mình mua trên mạng, một bịch lớn dùng được hai tuần, giao rất nhanh.",
    "Cảm ơn các mẹ, để em thử đổi loại xem sao rồi em báo lại.",
)


@dataclass
class PlainThread:
    number: int
    title: str
    posts: list[tuple[str, datetime, str]] = field(default_factory=list)
    pinned: bool = False
    views: int | None = None


Address = Callable[[str, int], str]


def by_name(name: str, *, offset: int = 0) -> Address:
    """Pages by a parameter: ``?trang=2``; with an ``offset``, ``?start=8``."""
    return lambda base, page: (
        base if page == 1 else f"{base}{'&' if '?' in base else '?'}{name}={(page - 1) * offset if offset else page}"
    )


def by_path(form: str) -> Address:
    """Pages in the path: ``/trang-{}/``, ``/p{}``, or before the ending as ``-{}.html``."""

    def address(base: str, page: int) -> str:
        if page == 1:
            return base
        stem = base.removesuffix(".html") if form.endswith(".html") else base.rstrip("/")
        return stem + form.format(page)

    return address


class PlainForum(Site):
    """``per_list`` threads a page of the list, ``per_page`` posts a page of a thread; ``address`` says how pages are counted."""

    def __init__(
        self,
        address: Address | None = None,
        *,
        per_list: int = 8,
        per_page: int = 4,
        words: str = "Sau »",
        board: str = "/",
    ) -> None:
        super().__init__()
        self.address, self.per_list, self.per_page, self.words, self.board = (
            address or by_name("trang"),
            per_list,
            per_page,
            words,
            board,
        )
        self.threads: list[PlainThread] = []

    def thread(self, title: str, posts: int = 2, *, at: datetime | None = None, pinned: bool = False) -> PlainThread:
        thread = PlainThread(len(self.threads) + 1, title, pinned=pinned)
        begin = at or BEGIN + timedelta(days=len(self.threads))
        for place in range(posts):
            who = PEOPLE[(thread.number + place) % len(PEOPLE)]
            text = f"{SAYINGS[place % len(SAYINGS)]} ({thread.number}.{place})"
            thread.posts.append((who, begin + timedelta(minutes=7 * place), escape(text)))
        self.threads.append(thread)
        return thread

    def page(self, path: str) -> Answer | str | None:
        for number in range(1, 60):
            if self._same(path, self.address(self.board, number)):
                return self._list(number)
            for thread in self.threads:
                if self._same(path, self.address(f"/bai/{thread.number}-chuyen-be.html", number)):
                    return self._thread(thread, number)
        return None

    @staticmethod
    def _same(one: str, two: str) -> bool:
        a, b = urlsplit(one), urlsplit(two)
        return a.path == b.path and sorted(parse_qsl(a.query)) == sorted(parse_qsl(b.query))

    def _list(self, page: int) -> str:
        ordered = sorted(self.threads, key=lambda thread: (thread.pinned, thread.posts[-1][1]), reverse=True)
        lines = "".join(
            f"<div class='dong'><a href='/bai/{thread.number}-chuyen-be.html'>{escape(thread.title)}</a>"
            f"<span class='luc'>{thread.posts[-1][1]:%d/%m/%Y %H:%M}</span></div>"
            for thread in ordered[(page - 1) * self.per_list : page * self.per_list]
        )
        return self._whole(
            "Diễn đàn nhỏ (hư cấu)", lines + self._pager(self.board, page, page * self.per_list < len(ordered))
        )

    def _thread(self, thread: PlainThread, page: int) -> str:
        posts = "".join(
            f"<div class='bai' id='b{thread.number * 1000 + place}'><div class='nguoi'><a href='/nguoi/{PEOPLE.index(who)}'>{who}</a></div>"
            f"<div class='luc'>{at:%d/%m/%Y %H:%M}</div><div class='noidung'>{text}</div></div>"
            for place, (who, at, text) in list(enumerate(thread.posts))[
                (page - 1) * self.per_page : page * self.per_page
            ]
        )
        base = f"/bai/{thread.number}-chuyen-be.html"
        return self._whole(thread.title, posts + self._pager(base, page, page * self.per_page < len(thread.posts)))

    def _pager(self, base: str, page: int, more: bool) -> str:
        back = f"<a href='{escape(self.address(base, page - 1))}'>« Trước</a> " if page > 1 else ""
        return f"<div class='chan'>{back}{self._onward(base, page) if more else ''}</div>"

    def _onward(self, base: str, page: int) -> str:
        return f"<a href='{escape(self.address(base, page + 1))}'>{self.words}</a>"

    @staticmethod
    def _whole(title: str, inner: str) -> str:
        return (
            f"<!doctype html><html lang='vi'><head><meta charset='utf-8'><title>{escape(title)}</title></head>"
            f"<body><div class='dau'><a href='/'>Trang chủ</a></div><h1>{escape(title)}</h1>{inner}</body></html>"
        )


def numbers(text: str) -> list[str]:
    """The «thread.place» that a post of this forum carries."""
    return re.findall(r"\((\d+\.\d+)\)", text)
