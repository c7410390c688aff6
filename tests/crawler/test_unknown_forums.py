"""Forums that nobody wrote an engine for, crawled: every page of theirs is found, or it is said that one was not."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from tests.conftest import StudyFolder
from tests.servers.plain_forum import SAYINGS, Address, PlainForum, PlainThread, by_name, by_path
from tests.servers.site import Answer, Site

WAYS = {
    "trang": by_name("trang"),
    "pn": by_name("pn"),
    "pageNo": by_name("pageNo"),
    "paged": by_name("paged"),
    "start": by_name("start", offset=8),
    "a name that nobody knows": by_name("khuc"),
    "/trang-2/": by_path("/trang-{}/"),
    "/p2": by_path("/p{}"),
    "/2": by_path("/{}"),
    "-2.html": by_path("-{}.html"),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_lists_and_threads_are_read_to_their_end_however_pages_are_counted(study: StudyFolder, way: Address) -> None:
    with PlainForum(way, board="/dien-dan.html") as forum:
        for number in range(24):
            forum.thread(f"Chủ đề số {number} nói chuyện gì đó", posts=10 if number % 9 == 0 else 2)
        [result] = study.write([{"url": f"{forum.url}/dien-dan.html"}]).crawl()
        posts = sum(len(thread.posts) for thread in forum.threads)
        assert (result["state"], result["threads"], result["posts_new"]) == ("done", 24, posts)
        assert (result["engine"], study.count("threads")) == ("general", 24)
        forum.threads[9].posts.append(("Lan", datetime(2025, 6, 1, 8, 0), "Em quay lại báo tin là đã hết hăm rồi."))
        [again] = study.crawl("--revisit-after", "0")
        assert (again["posts_new"], study.count("threads")) == (1, 24)


def test_pages_that_are_only_numbered_are_followed_too(study: StudyFolder) -> None:
    class Numbered(PlainForum):
        def _pager(self, base: str, page: int, more: bool) -> str:
            last = -(-len(self.threads) // self.per_list) if base == self.board else page + more
            return "".join(
                f"<b>{n}</b> " if n == page else f"<a href='{self.address(base, n)}'>{n}</a> "
                for n in range(1, last + 1)
            )

    with Numbered(by_name("khuc")) as forum:
        for number in range(30):
            forum.thread(f"Chủ đề số {number} nói chuyện gì đó", posts=6 if number == 3 else 2)
        [result] = study.write([{"url": forum.url}]).crawl()
    assert (result["state"], result["threads"], result["posts_new"]) == ("done", 30, 64)


def test_a_next_page_that_cannot_be_told_from_another_thing_is_said_to_be_left(study: StudyFolder) -> None:
    with PlainForum(lambda base, page: f"{base}?muc={page}" if base == "/" else base) as forum:
        for number in range(12):
            forum.thread(f"Chủ đề số {number} nói chuyện gì đó")
        [result] = study.write([{"url": f"{forum.url}/?muc=1"}]).crawl(code=1)
    assert (result["state"], result["threads"]) == ("partial", 8)
    assert result["reason"]["key"] == "next_left"
    assert "?muc=2" in result["reason"]["sentence"]


def test_a_link_to_the_next_thread_is_no_next_page(study: StudyFolder) -> None:
    class Chained(PlainForum):
        def _thread(self, thread: PlainThread, page: int) -> str:
            other = f"<a href='/bai/{thread.number + 1}-chuyen-be.html'>Tiếp »</a></body>"
            return super()._thread(thread, page).replace("</body>", other)

    with Chained() as forum:
        for number in range(6):
            forum.thread(f"Chủ đề số {number} nói chuyện gì đó")
        [result] = study.write([{"url": f"{forum.url}/bai/2-chuyen-be.html"}]).crawl()
    assert (result["state"], result["threads"], result["posts_new"]) == ("done", 1, 2)


@pytest.mark.parametrize("kind", [None, "forum"])
def test_a_board_of_two_threads_is_a_board(study: StudyFolder, kind: str | None) -> None:
    with PlainForum() as forum:
        forum.thread("Bỉm nào tốt cho bé")
        forum.thread("Tã dán hay tã quần", posts=1)
        source = {"url": forum.url} | ({"kind": kind} if kind else {})
        [result] = study.write([source]).crawl(code=0 if kind else 1)
    # The thread of one post is a thread for certain only where the study says that all this is a forum.
    assert (result["kind"], result["posts_new"]) == ("forum", 3 if kind else 2)


def test_threads_without_an_answer_are_read_where_the_board_s_others_are_threads(study: StudyFolder) -> None:
    with PlainForum() as forum:
        for number in range(9):
            forum.thread(f"Chủ đề số {number} nói chuyện gì đó", posts=1 if number > 3 else 3)
        study.write([{"url": forum.url}])
        [result] = study.crawl()
        assert (result["state"], result["failed"], result["posts_new"]) == ("done", 0, 4 * 3 + 5)
        forum.thread("Chủ đề mới tinh chưa ai trả lời", posts=1)
        [result] = study.crawl("--revisit", "0")
        assert (result["state"], result["posts_new"]) == ("done", 1)


def test_threads_without_an_answer_are_read_where_the_list_says_that_they_have_none(study: StudyFolder) -> None:
    class Counting(PlainForum):
        def _list(self, page: int) -> str:
            return (
                super()._list(page).replace("<span class='luc'>", "<span class='tl'>0 trả lời</span><span class='luc'>")
            )

    with Counting() as forum:
        for number in range(3):
            forum.thread(f"Chủ đề số {number} nói chuyện gì đó", posts=1)
        study.write([{"url": forum.url}])
        checked = json.loads(study.run("check", "--json").stdout)["sources"][0]
        [result] = study.crawl()
    assert (checked["kind"], checked["posts"], checked["problem"]) == ("forum", 1, None)
    assert (result["kind"], result["state"], result["posts_new"]) == ("forum", "done", 3)


def test_a_page_without_posts_is_left_alone_until_it_moves_or_the_study_says_what_it_is(study: StudyFolder) -> None:
    with PlainForum() as forum:
        forum.thread("Bỉm nào tốt cho bé")
        short = forum.thread("Tã dán hay tã quần", posts=1)
        forum.thread("Sữa nào mát cho bé", posts=1)
        [result] = study.write([{"url": forum.url}]).crawl(code=1)
        assert result["reason"]["key"] == "some_failed"
        assert "kind: forum" in result["reason"]["sentence"]
        forum.asked.clear()
        [result] = study.crawl("--revisit", "0")
        assert (forum.paths(), result["state"], result["skipped"]) == (["/"], "done", {"resting": 2})
        short.posts.append(("Lan", datetime.now(), "Mình dùng tã dán cho bé, thấy gọn và ít hăm hơn."))
        [result] = study.crawl("--revisit", "0")
        assert (result["posts_new"], result["skipped"]) == (2, {"resting": 1})
        [result] = study.write([{"url": forum.url, "kind": "forum"}]).crawl("--revisit", "0")
        assert (result["state"], study.count("posts")) == ("done", 5)


def test_the_newest_threads_are_wanted_and_not_the_pinned_ones(study: StudyFolder) -> None:
    with PlainForum(per_list=4) as forum:
        for number in range(10):
            forum.thread(f"Chủ đề số {number} nói chuyện gì đó")
        forum.thread("Nội quy diễn đàn, mời đọc trước", at=datetime(2015, 1, 1), pinned=True)
        study.write([{"url": forum.url, "max_threads": 5}]).crawl()
    titles = {row[0] for row in study.rows("select title from threads")}
    assert titles == {f"Chủ đề số {number} nói chuyện gì đó" for number in range(5, 10)}


@pytest.mark.parametrize("for_ever", [True, False])
def test_posts_that_come_again_on_the_next_page_are_stored_once(study: StudyFolder, for_ever: bool) -> None:
    class Trap(PlainForum):
        def _thread(self, thread: PlainThread, page: int) -> str:
            inner = super()._thread(thread, 1).partition("<div class='chan'>")[0]
            return inner + self._pager(f"/bai/{thread.number}-chuyen-be.html", page, for_ever or page == 1)

    with Trap() as forum:
        forum.thread("Vòng tròn", posts=4)
        [result] = study.write([{"url": f"{forum.url}/bai/1-chuyen-be.html"}]).crawl()
        assert (result["posts_new"], result["skipped"]) == (4, {"same_posts": 1})
        assert study.rows("select complete, last_page from threads") == [(1, 1)]
        for more in ((), ("--revisit-after", "0")):
            forum.asked.clear()
            [result] = study.crawl(*more)
            assert (result["state"], result["posts_new"], study.count("posts")) == ("done", 0, 4)
            assert len(forum.paths()) <= 2


def test_an_unknown_forum_with_a_new_look_is_told_by_a_page_that_had_posts(study: StudyFolder) -> None:
    with PlainForum() as forum:
        for number in range(4):
            forum.thread(f"Chủ đề số {number} nói chuyện gì đó", posts=3)
        study.write([{"url": forum.url}]).crawl()
        stored = study.rows("select post_id, text from posts order by 1")
        forum.thread("Chủ đề mới không có gì để đọc", posts=1)
        old = forum._thread
        forum._thread = lambda thread, page: f"<p>{len(old(thread, page))} chữ</p>"  # type: ignore[method-assign]
        [result] = study.crawl("--revisit", "10", "--revisit-after", "0", code=1)
    assert (result["state"], result["reason"]["key"]) == ("failed", "changed_look")
    told = result["reason"]["sentence"]
    assert "general" not in told
    assert "/bai/5-" not in told
    assert "/bai/" in told
    assert study.rows("select post_id, text from posts order by 1") == stored


@pytest.mark.parametrize(
    ("kind", "counts"), [(None, True), ("forum", True), ("forum", False)], ids=["counted", "said", "said alone"]
)
def test_a_front_page_of_two_boards_leads_to_their_threads(study: StudyFolder, kind: str | None, counts: bool) -> None:
    class Boards(PlainForum):
        def page(self, path: str) -> Answer | str | None:
            lines = "".join(
                f"<tr><td><a href='{address}'>{name}</a></td><td>{len(self.threads) if counts else '…'} chủ đề</td></tr>"
                for address, name in ((self.board, "Mẹ và bé"), ("/dien-dan/2", "Sữa và ăn dặm"))
            )
            if path in ("/", "/dien-dan/2"):
                return self._whole("Làng nhỏ (hư cấu)", f"<table>{lines}</table>" if path == "/" else "<p>Trống</p>")
            return super().page(path)

    with Boards(board="/dien-dan/1") as forum:
        for number in range(5):
            forum.thread(f"Chủ đề số {number} nói chuyện gì đó")
        study.write([{"url": forum.url} | ({"kind": kind} if kind else {})])
        checked = json.loads(study.run("check", "--json").stdout)["sources"][0]
        [result] = study.crawl()
    assert (checked["kind"], checked["threads"], checked["posts"]) == ("forum", 5, 2)
    assert (result["kind"], result["state"], result["posts_new"]) == ("forum", "done", 10)


class MixedForum(Site):
    """A list that bears phpBB's classes, and threads in a markup of nobody's. Invented."""

    def page(self, path: str) -> str | None:
        if path == "/viewforum.php?f=1":
            lines = "".join(
                f"<li class='row'><a class='topictitle' href='/viewtopic.php?t={number}'>Chuyện thứ {number} trong nhà</a>"
                f"<dd class='posts'>1</dd><dd class='views'>{number}00</dd><dd class='lastpost'>{number:02}/03/2025 09:10</dd></li>"
                for number in range(1, 5)
            )
            return f"<html lang='vi'><body><h2>Mục</h2><ul class='topiclist topics'>{lines}</ul></body></html>"
        if path.startswith("/viewtopic.php?t="):
            day = int(path[-1])
            rows = "".join(
                f"<div class='o'><div class='ten'>{who}</div>"
                f"<div class='luc'>{day:02}/03/2025 09:{minute}</div><div class='loi'>{text}</div></div>"
                for who, minute, text in (("Lan", "05", SAYINGS[0]), ("Mẹ Bắp", "10", SAYINGS[1]))
            )
            return f"<html lang='vi'><body><h1>Chuyện thứ {day} trong nhà</h1>{rows}</body></html>"
        return None


def test_threads_that_do_not_look_like_their_list_are_read_as_unknown_and_that_is_said(study: StudyFolder) -> None:
    with MixedForum() as forum:
        study.write([{"url": f"{forum.url}/viewforum.php?f=1"}])
        checked = json.loads(study.run("check", "--json").stdout)["sources"][0]
        [result] = study.crawl()
    assert (checked["engine"], checked["posts"], checked["problem"]) == ("phpbb", 2, None)
    assert "other_reader" in {warning["key"] for warning in checked["warnings"]}
    assert (result["state"], result["posts_new"], result["engine"]) == ("done", 8, "phpbb, general")
    assert [note["key"] for note in result["notes"]] == ["other_reader"]


def test_views_of_the_list_are_stored_with_the_thread(study: StudyFolder) -> None:
    with MixedForum() as forum:
        study.write([{"url": f"{forum.url}/viewforum.php?f=1"}]).crawl()
    assert study.rows("select views, replies from threads order by views") == [(n * 100, 1) for n in range(1, 5)]


def test_a_source_of_stated_posts_is_called_by_what_reads_it(study: StudyFolder) -> None:
    comment = (
        '{"@type": "Comment", "text": "%s", "datePublished": "2025-03-0%dT09:00:00+07:00", "author": {"name": "%s"}}'
    )
    replies = ",".join(
        comment % (text, day, who) for day, text, who in ((2, SAYINGS[1], "Lan"), (3, SAYINGS[2], "Tú Anh"))
    )
    data = (
        '{"@context": "https://schema.org", "@type": "DiscussionForumPosting", "headline": "Hỏi", "text": "'
        + SAYINGS[0]
        + f'", "datePublished": "2025-03-01T09:00:00+07:00", "author": {{"name": "Mẹ Bắp"}}, "comment": [{replies}]}}'
    )
    page = f"<html lang='vi'><head><script type='application/ld+json'>{data}</script></head><body><h1>Hỏi</h1></body></html>"
    with Site(lambda _: page) as site:
        study.write([{"url": f"{site.url}/chuyen"}])
        checked = json.loads(study.run("check", "--json").stdout)["sources"][0]
        [result] = study.crawl()
    assert (checked["engine"], result["engine"], result["posts_new"]) == ("structured", "structured", 3)


@pytest.mark.parametrize("first", [0, 1])
def test_ids_that_begin_anew_on_every_page_name_no_posts(study: StudyFolder, first: int) -> None:
    def page(path: str) -> str:
        at = int(path.partition("?trang=")[2] or 1)
        lines = "".join(
            f"<li id='bl{first + place}'><span class='nguoi'>{who}</span> <span class='luc'>{at}/{place + 1}/2026 08:0{place}</span>"
            f"<p>Bài {place} trang {at}: {text}</p></li>"
            for place, (who, text) in enumerate(zip(("Lan", "Mẹ Bắp", "Tú Anh", "Bác Hai"), SAYINGS, strict=False))
        )
        pager = " ".join(f"<b>{n}</b>" if n == at else f"<a href='/hoi?trang={n}'>{n}</a>" for n in (1, 2, 3))
        return f"<html lang='vi'><body><h1>Hỏi bỉm</h1><ol>{lines}</ol><div>{pager}</div></body></html>"

    with Site(page) as site:
        [result] = study.write([{"url": f"{site.url}/hoi", "kind": "forum"}]).crawl()
    assert (result["state"], result["posts_new"], result["posts_changed"]) == ("done", 12, 0)


def test_a_few_words_alone_on_a_page_are_read_like_the_posts_of_fuller_pages(study: StudyFolder) -> None:
    class Buttons(PlainForum):
        def _thread(self, thread: PlainThread, page: int) -> str:
            shown = super()._thread(thread, page)
            foot = "<div class='duoi'><a href='/bao?id=1'>Báo xấu</a> <a href='/tl?id=1'>Trả lời</a></div>"
            return shown.replace("</div></div>", f"</div>{foot}</div>")

    with Buttons() as forum:
        for number in range(9):
            forum.thread(f"Chủ đề số {number} nói chuyện gì đó", posts=4)
        for number, words in enumerate(("hóng", "ok", "chấm ạ")):
            forum.threads[number].posts.append(("Mẹ Bắp", datetime(2025, 5, 1 + number, 8, 0), words))
        study.write([{"url": forum.url}])
        [result] = study.crawl()
        assert (result["state"], result["failed"], result["posts_new"], study.count("posts")) == ("done", 0, 39, 39)
        forum.threads[1].posts.append(("Lan", datetime(2025, 6, 1, 8, 0), "Em quay lại báo tin là đã hết hăm rồi."))
        [again] = study.crawl("--revisit-after", "0")
        assert (again["posts_new"], study.count("posts"), study.count("authors")) == (1, 40, 5)
