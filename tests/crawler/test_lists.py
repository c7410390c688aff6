"""Thread lists of unknown forums: which links lead to threads, which to boards, and which elsewhere."""

from __future__ import annotations

import pytest

from crawler.engines import engine
from crawler.engines.document import Document
from crawler.identify import identify
from crawler.lists import is_thread_address, read_unknown_list
from data.records import Page, ThreadList


def _read(*links: str, url: str = "https://forum.example/f/1/") -> ThreadList:
    rows = "".join(f"<li><a href='{link}'>Chủ đề số {number} nói về gì</a></li>" for number, link in enumerate(links))
    doc = Document(Page(url, f"<html><body><ul>{rows}</ul></body></html>".encode()))
    return read_unknown_list(doc, engine("general").identify_thread, None)


@pytest.mark.parametrize(
    "title",
    ["undo-for-bulk-delete", "how-to-reply", "login-khong-duoc", "search-engine", "edit", "report-a-bug", "8-help"],
)
def test_the_words_of_a_title_are_no_part_of_its_address(title: str) -> None:
    listing = _read("/topic/1/xin-chao/", f"/topic/2/{title}-x/", "/topic/3/tam-biet/")
    assert [line.url.split("/")[4] for line in listing.threads] == ["1", "2", "3"]


def test_boards_and_doors_are_told_from_threads() -> None:
    listing = _read(
        "/threads/a.1/", "/threads/b.2/", "/forums/me-va-be.3/", "/login/", "/members/an.1/", "/threads/b.2/page-2"
    )
    assert [line.url for line in listing.threads] == [
        "https://forum.example/threads/a.1/",
        "https://forum.example/threads/b.2/",
    ]
    assert listing.boards == ("https://forum.example/forums/me-va-be.3/",)


@pytest.mark.parametrize(
    ("url", "thread"),
    [
        ("https://x.example/viewtopic.php?f=1&t=2", True),
        ("https://x.example/showthread.php?12-Title", True),
        ("https://x.example/t/some-title/12", True),
        ("https://x.example/topic-12-title.html", True),
        ("https://x.example/forums/t-shirts.3/", False),
        ("https://x.example/viewforum.php?f=1", False),
        ("https://x.example/san-pham/ta-dan", False),
    ],
)
def test_addresses_that_speak_of_threads(url: str, thread: bool) -> None:
    assert is_thread_address(url) is thread


@pytest.mark.parametrize("word", ["hello", "123go", "chao", "Xin%20ch%C3%A0o"])
def test_a_title_of_one_word_is_a_thread_like_the_others(word: str) -> None:
    behind_a_number = _read("/topic/10/bim-nao-tot", f"/topic/11/{word}", "/topic/12/ta-dan-cho-be", "/topic/new")
    assert [line.url.split("/")[4] for line in behind_a_number.threads] == ["10", "11", "12"]
    before_a_number = _read("/t/bim-nao-tot/10", f"/t/{word}/11", "/t/ta-dan-cho-be/12")
    assert [line.url.split("/")[5] for line in before_a_number.threads] == ["10", "11", "12"]


def test_one_address_written_with_signs_or_without_is_one_thread() -> None:
    identify = engine("general").identify_thread
    ways = ["/topic/bỉm-tốt", "/topic/b%E1%BB%89m-t%E1%BB%91t", "/topic/b%e1%bb%89m%2Dt%e1%bb%91t"]
    assert len({identify(f"https://forum.example{way}") for way in ways}) == 1


@pytest.mark.parametrize(
    ("told", "replies", "views"),
    [
        ("<span>12 trả lời</span> <span>1,2K lượt xem</span>", 12, 1_200),
        ("<i>Trả lời: 3 · Đã xem: 310</i>", 3, 310),
        ("<b class='replies'>7</b><b class='views'>90</b>", 7, 90),
        ("<span>0 replies</span>", 0, None),
        ("<span>12</span><span>310</span>", None, None),
        ("<span>5 sao</span>", None, None),
    ],
)
def test_replies_are_counted_where_a_word_says_which_number_they_are(
    told: str, replies: int | None, views: int | None
) -> None:
    rows = "".join(
        f"<li><a href='/chu-de/bim-{number}'>Có 3 trả lời cho bé {number}</a>{told}</li>" for number in (1, 2, 3)
    )
    doc = Document(Page("https://forum.example/f/1/", f"<html><body><ul>{rows}</ul></body></html>".encode()))
    listing = read_unknown_list(doc, engine("general").identify_thread, None)
    assert [(line.replies, line.views) for line in listing.threads] == [(replies, views)] * 3


def test_numbers_in_a_table_are_what_its_headings_call_them() -> None:
    rows = "".join(
        f"<tr><td><a href='/chu-de/bim-{number}'>Chuyện bỉm thứ {number}</a></td><td>{number}</td><td>{number}00</td></tr>"
        for number in (1, 2, 3)
    )
    table = f"<table><tr><th>Chủ đề</th><th>Trả lời</th><th>Xem</th></tr>{rows}</table>"
    doc = Document(Page("https://forum.example/f/1/", f"<html><body>{table}</body></html>".encode()))
    listing = read_unknown_list(doc, engine("general").identify_thread, None)
    assert [(line.replies, line.views) for line in listing.threads] == [(1, 100), (2, 200), (3, 300)]


def test_a_link_beside_the_way_to_log_in_is_no_thread() -> None:
    rows = "".join(f"<li><a href='/ta-bim-tot-{number}'>Chuyện bỉm thứ {number} nhà em</a></li>" for number in range(6))
    door = "<div><a href='/tro-giup-nguoi-moi'>Trợ giúp cho người mới đến</a> <a href='/dang-nhap'>Đăng nhập</a></div>"
    doc = Document(Page("https://forum.example/", f"<html><body>{door}<ul>{rows}</ul></body></html>".encode()))
    listing = read_unknown_list(doc, engine("general").identify_thread, None)
    assert [line.url for line in listing.threads] == [f"https://forum.example/ta-bim-tot-{n}" for n in range(6)]


@pytest.mark.parametrize(
    ("form", "head"),
    [
        ("<li><a href='/muc/{name}'>{name}</a><p>Nói chuyện {name}</p><i>{n}2 chủ đề, {n}40 bài viết</i></li>", ""),
        ("<div><a href='/phong/{n}'>{name}</a> <b>Topics: {n}5</b> <u>12/03/2025 08:0{n}</u></div>", ""),
        (
            "<tr><td><a href='/{name}-m{n}'>{name}</a></td><td>{n}7</td><td>{n}90</td></tr>",
            "<tr><th>Mục</th><th>Chủ đề</th><th>Bài viết</th></tr>",
        ),
    ],
)
def test_lines_that_count_the_threads_in_there_are_boards_whatever_their_addresses(form: str, head: str) -> None:
    rows = "".join(
        form.format(n=at + 1, name=name) for at, name in enumerate(("ta-bim", "an-dam", "giac-ngu", "do-cu"))
    )
    body = f"<table>{head}{rows}</table>" if head else f"<div>{rows}</div>"
    doc = Document(Page("https://forum.example/", f"<html><body><h1>Xóm</h1>{body}</body></html>".encode()))
    listing = read_unknown_list(doc, engine("general").identify_thread, None)
    assert (len(listing.boards), listing.threads) == (4, ())
    assert identify(doc).page == "index"


def test_the_date_of_the_last_post_is_no_title_and_a_pinned_line_is_known() -> None:
    lines = "".join(
        f"<li class='{kind}'><a href='/topic/{number}/'>{title}</a> <a href='/topic/{number}/'>3 tháng 2, 2026 lúc 10:30</a></li>"
        for number, (kind, title) in enumerate((("line pinned", "Nội quy"), ("line", "Tã nào?"), ("line", "Bỉm bí")), 1)
    )
    doc = Document(Page("https://forum.example/f/1/", f"<html><body><ul>{lines}</ul></body></html>".encode()))
    listing = read_unknown_list(doc, engine("general").identify_thread, None)
    assert [(line.title, line.sticky) for line in listing.threads] == [
        ("Nội quy", True),
        ("Tã nào?", False),
        ("Bỉm bí", False),
    ]
    assert all(line.last_post_at is not None for line in listing.threads)
