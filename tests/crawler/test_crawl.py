"""A forum crawled again and again: what is new is found, what is known costs little, nothing is stored twice."""

from __future__ import annotations

import itertools
import sqlite3
import statistics
import warnings
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from crawler import settings as our_settings
from tests.conftest import StudyFolder
from tests.servers.little_forum import LittleForum, LittleThread
from tests.servers.site import Answer

#: As though a day had passed since the last crawl.
LATER = ("--revisit-after", "0")
ALL = ("--revisit", "100", *LATER)


@pytest.fixture
def forum() -> Iterator[LittleForum]:
    with LittleForum() as site:
        for number in range(10):
            site.thread(f"Chủ đề {number}", *(f"<p>Bài {number}.{reply}</p>" for reply in range(1 + number)))
        yield site


def test_every_post_is_stored_once_with_its_thread_author_and_time(study: StudyFolder, forum: LittleForum) -> None:
    quoted = forum.reply(forum.threads[3], "<blockquote>Bài 3.0</blockquote><p>Đúng rồi ạ</p>", author="Mẹ Bắp")
    [result] = study.write([{"url": forum.url}]).crawl()

    assert (result["state"], result["kind"], result["engine"]) == ("done", "forum", "spirit")
    assert (result["threads"], result["posts_new"]) == (10, len(forum.posts))
    stored = {
        int(row[0].rpartition("/")[2]): row[1:] for row in study.rows("select post_id, text, posted_at from posts")
    }
    assert stored.keys() == {post.number for post in forum.posts}
    assert stored[quoted.number] == ("Đúng rồi ạ", f"{quoted.at:%Y-%m-%dT%H:%M:%SZ}")
    assert study.rows("select quoted from posts where quoted is not null") == [("Bài 3.0",)]
    assert study.count("authors") == len({post.author for post in forum.posts})
    assert study.rows("select count(*) from threads where complete = 0") == [(0,)]


def test_a_second_crawl_adds_nothing_and_asks_little(study: StudyFolder, forum: LittleForum) -> None:
    study.write([{"url": forum.url}]).crawl()
    forum.asked.clear()
    [result] = study.crawl("--revisit", "0")
    assert (result["posts_new"], result["posts_changed"]) == (0, 0)
    assert forum.paths() == ["/"], "one look at the newest threads is enough when none has moved"


def test_a_grown_thread_is_read_on_from_its_last_page(study: StudyFolder, forum: LittleForum) -> None:
    study.write([{"url": forum.url}]).crawl()
    forum.asked.clear()
    for number in range(6):
        forum.reply(forum.threads[8], f"<p>Thêm {number}</p>")
    [result] = study.crawl("--revisit", "0")
    assert result["posts_new"] == 6
    assert sorted(forum.paths()) == ["/", "/?page=2", "/topic/9/chu-de/?page=2", "/topic/9/chu-de/?page=3"]


def test_an_edit_that_moves_nothing_is_found_by_a_second_look(study: StudyFolder, forum: LittleForum) -> None:
    study.write([{"url": forum.url}]).crawl()
    forum.threads[5].posts[0].html = "<p>Bài đã sửa</p>"
    [result] = study.crawl(*ALL)
    assert (result["posts_new"], result["posts_changed"]) == (0, 1)
    assert study.rows("select p.text, v.text from posts p join post_versions v on v.post = p.id") == [
        ("Bài đã sửa", "Bài 5.0")
    ]
    [result] = study.crawl(*ALL)
    assert result["posts_changed"] == 0


def test_what_was_just_looked_at_is_left_alone_where_that_is_asked(study: StudyFolder, forum: LittleForum) -> None:
    fresh = forum.thread("Vừa viết", "<p>Mới đây</p>", at=datetime.now(UTC) - timedelta(hours=3))
    study.write([{"url": forum.url}]).crawl()
    forum.asked.clear()
    study.crawl("--revisit-after", "20")
    assert forum.paths() == ["/"], "a small forum that nobody wrote in costs one page"
    forum.reply(fresh, "<p>Thêm một bài</p>")
    [result] = study.crawl()
    assert result["posts_new"] == 1, "what moved is read all the same"


def test_second_looks_take_turns_within_their_budget(study: StudyFolder, forum: LittleForum) -> None:
    study.write([{"url": forum.url}]).crawl()
    looked: list[set[str]] = []
    for _ in range(3):
        forum.asked.clear()
        study.crawl("--revisit", "4", *LATER)
        looked.append({path for path in forum.paths() if path.startswith("/topic/")})
    assert [len(paths) for paths in looked] == [4, 4, 4]
    assert not looked[0] & looked[1], "those not looked at for longest come first"


def test_an_unchanged_page_is_not_sent_again_where_the_site_has_etags(study: StudyFolder) -> None:
    with LittleForum(validators=True) as forum:
        for number in range(3):
            forum.thread(f"Chủ đề {number}", "<p>Chào cả nhà</p>")
        study.write([{"url": forum.url}]).crawl()
        forum.threads[0].posts[0].html = "<p>Chào mọi người</p>"
        [result] = study.crawl(*ALL)
    assert (result["not_modified"], result["posts_changed"], result["posts_known"]) == (2, 1, 0)


def test_keywords_are_found_in_title_or_posts_without_tone_marks(study: StudyFolder) -> None:
    with LittleForum() as forum:
        forum.thread("Bỉm nào tốt", "<p>Mọi người chỉ em</p>")
        forum.thread("Linh tinh", "<p>Một</p>", *["<p>Hai</p>"] * 5, "<p>mua BIM o dau</p>")
        forum.thread("Bimbim cho bé", "<p>Ăn vặt</p>")
        [result] = study.write([{"url": forum.url, "keywords": ["bỉm"]}]).crawl()
        assert {row[0] for row in study.rows("select title from threads")} == {"Bỉm nào tốt", "Linh tinh"}
        assert (result["posts_new"], result["threads"], result["skipped"]) == (8, 2, {"no_keyword": 1})
        assert study.rows("select length(body) from pages where kind = 'left_out'") == [(8,)], (
            "an empty body, compressed"
        )
        forum.asked.clear()
        study.crawl("--revisit", "0")
        assert forum.paths() == ["/"], "what held no keyword is not read again"
        [result] = study.write([{"url": forum.url, "keywords": ["bỉm", "bimbim"]}]).crawl("--revisit", "0")
        assert result["posts_new"] == 1, "unless other keywords are asked for"


def test_since_and_max_threads_bound_a_crawl(study: StudyFolder, forum: LittleForum) -> None:
    forum.thread("Xưa lắm rồi", "<p>Năm ngoái</p>", at=datetime(2025, 5, 1, tzinfo=UTC))
    [result] = study.write([{"url": forum.url, "since": "2026"}]).crawl()
    assert (result["threads"], result["skipped"]) == (10, {"older": 1})

    other = StudyFolder(study.folder / "few")
    other.folder.mkdir()
    [result] = other.write([{"url": forum.url, "max_threads": 3}]).crawl()
    assert result["threads"] == 3
    newest = {thread.title for thread in sorted(forum.threads, key=lambda thread: thread.moved)[-3:]}
    assert {row[0] for row in other.rows("select title from threads")} == newest


def test_a_page_that_fails_is_told_and_tried_again(study: StudyFolder, forum: LittleForum) -> None:
    forum.broken["/topic/10/chu-de/?page=2"] = Answer("oops", 500)
    [result] = study.write([{"url": forum.url}]).crawl(code=1)
    assert (result["state"], result["failed"]) == ("partial", 1)
    assert result["reason"]["key"] == "some_failed"
    assert "status 500" in result["reason"]["sentence"]
    assert study.rows("select complete from threads where title = 'Chủ đề 9'") == [(0,)], "half read, and known to be"

    forum.broken.clear()
    [result] = study.crawl("--revisit", "0")
    assert (result["state"], result["posts_new"]) == ("done", 5)
    assert study.rows("select complete from threads where title = 'Chủ đề 9'") == [(1,)]


def test_personal_numbers_and_names_are_never_written(study: StudyFolder) -> None:
    with LittleForum() as forum:
        thread = forum.thread("Gọi 0912 345 678 nhé")
        forum.reply(thread, "<p>Liên hệ 0987654321 hoặc me.bap@example.com</p>", author="Nguyễn Thị Bắp")
        study.write([{"url": forum.url}]).crawl()
    assert study.rows("select text from posts") == [("Liên hệ [phone] hoặc [email]",)]
    assert study.rows("select title from threads") == [("Gọi [phone] nhé",)]
    pages = [zlib.decompress(row[0]).decode() for row in study.rows("select body from pages where length(body) > 20")]
    assert pages
    for text in [*pages, study.database.read_bytes().decode("latin-1")]:
        assert "0987654321" not in text
        assert "0912 345 678" not in text
        assert "me.bap@example.com" not in text
    assert study.rows("select author_key from authors where author_key like '%Bắp%'") == []


def test_what_people_wrote_stays_text_whatever_it_looks_like(study: StudyFolder) -> None:
    hostile = '=HYPERLINK("http://evil.example") <script>alert(1)</script> <b>đậm</b> \'; drop table posts; --'
    with LittleForum() as forum:
        escaped = hostile.replace("&", "&amp;").replace("<", "&lt;")
        forum.thread(hostile, f"<p>{escaped}</p><script>steal()</script>")
        study.write([{"url": forum.url}]).crawl()
    assert study.rows("select title, text from posts join threads using (thread_id)") == [(hostile, hostile)]


def test_the_crawl_names_its_contact_and_keeps_its_pace(study: StudyFolder, forum: LittleForum) -> None:
    study.write([{"url": forum.url, "delay": 0.4, "max_threads": 2}]).crawl()
    agents = {one.headers["User-Agent"] for one in forum.asked}
    assert len(agents) == 1
    assert agents.pop().endswith("(+nghien-cuu@example.com)")
    times = [one.at for one in forum.asked]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    # The server notes when it got round to a request, which on a busy computer may be late for one of them.
    assert statistics.median(gaps) > 0.35
    assert times[-1] - times[0] > 0.4 * len(gaps) - 0.3
    assert not any("Cookie" in one.headers for one in forum.asked)


def test_a_thread_can_be_a_source_of_its_own(study: StudyFolder, forum: LittleForum) -> None:
    [result] = study.write([{"url": f"{forum.url}/topic/10/chu-de/"}]).crawl()
    assert (result["threads"], result["posts_new"]) == (1, 10)
    forum.reply(forum.threads[9], "<p>Mới</p>")
    [result] = study.crawl()
    assert result["posts_new"] == 1


def test_only_the_sources_named_are_crawled(study: StudyFolder, forum: LittleForum) -> None:
    with LittleForum() as other:
        other.thread("Nơi khác", "<p>Bài</p>")
        study.write([{"url": forum.url}, {"url": other.url}])
        [result] = study.crawl("--source", other.url)
        assert result["url"] == other.url
        assert forum.asked == []
        done = study.run("crawl", "--source", "https://nowhere.example/")
        assert done.returncode == 2
        assert other.url in done.stderr


def test_a_source_taken_out_of_the_study_is_not_among_those_that_are_read(
    study: StudyFolder, forum: LittleForum
) -> None:
    forum.thread("Bỉm nào tốt", "<p>Loại nào mềm</p>")
    with LittleForum() as other:
        other.thread("Tã quần", "<p>Tã nào rẻ</p>")
        study.write([{"url": forum.url}, {"url": other.url}]).crawl()
        study.write([{"url": forum.url}]).crawl()
    told = study.run("query", "@sources_state", "--csv").stdout
    assert forum.url in told
    assert other.url not in told
    [(active, kept)] = study.rows("select active, posts_kept from source_health where source = ?", other.url)
    assert (active, kept) == (0, 1), "what it brought stays"


def test_the_summary_speaks_the_users_language(study: StudyFolder, forum: LittleForum) -> None:
    study.environment["CHANDUNG_LANG"] = "vi"
    done = study.write([{"url": forum.url}]).run("crawl")
    assert done.returncode == 0
    assert "diễn đàn" in done.stdout
    assert "xong" in done.stdout
    assert done.stderr == "", "nothing moves on a screen that is none"
    assert (study.folder / "chandung.log").stat().st_size < 100_000


def test_threads_still_young_are_looked_at_first(study: StudyFolder) -> None:
    with LittleForum() as forum:
        for number in range(6):
            forum.thread(f"Cũ {number}", "<p>Cũ</p>")
        young = forum.thread("Mới", "<p>Mới viết</p>", at=datetime.now(UTC) - timedelta(hours=5))
        study.write([{"url": forum.url}]).crawl()
        young.posts[0].html = "<p>Mới viết, vừa sửa</p>"
        forum.asked.clear()
        [result] = study.crawl("--revisit", "1", *LATER)
        assert result["posts_changed"] == 1
        assert forum.paths() == ["/", f"/topic/{young.number}/chu-de/"]


@pytest.mark.parametrize("shown", ["the first page", "the last page"])
def test_a_thread_that_shows_the_same_posts_for_ever_is_left(study: StudyFolder, shown: str) -> None:
    class Trap(LittleForum):
        def _thread(self, thread: LittleThread, page: int) -> str:
            last = -(-len(thread.posts) // self.per_page)
            inner = super()._thread(thread, 1 if shown == "the first page" else min(page, last))
            return inner.partition("<div class='paginator'>")[0] + self._next(
                f"/topic/{thread.number}/chu-de/", page, True
            )

    with Trap() as forum:
        forum.thread("Vòng tròn", *(f"<p>Bài {number}</p>" for number in range(7)))
        lacks = shown == "the first page"
        [result] = study.write([{"url": forum.url}]).crawl(code=int(lacks))
        assert result["posts_new"] == (5 if lacks else 7)
        assert result["skipped"] == {"same_posts": 1}
        assert len(forum.paths()) <= 4
        # The list counts seven posts: where two never came, the thread is not whole, and tried again tomorrow.
        assert study.rows("select complete from threads") == [(int(not lacks),)]
        assert result["state"] == ("partial" if lacks else "done")
        assert (result["reason"] or {}).get("key") == ("thread_incomplete" if lacks else None)
        forum.asked.clear()
        [result] = study.crawl(*LATER, code=int(lacks))
        assert (result["state"], result["posts_new"]) == ("partial" if lacks else "done", 0)
        assert len(forum.paths()) <= 5


def test_circles_and_links_to_private_places_are_not_followed_anew_by_each_crawl(study: StudyFolder) -> None:
    with LittleForum() as forum:
        for title in ("Vòng tròn", "Vào trong", "Bình thường"):
            forum.thread(title, "<p>Bài đầu</p>")
        forum.broken["/topic/1/chu-de/"] = Answer("", 302, {"Location": "/topic/1/chu-de/"})
        forum.broken["/topic/2/chu-de/"] = Answer("", 302, {"Location": "http://169.254.1.1/"})
        study.write([{"url": forum.url}]).crawl(code=1)
        forum.asked.clear()
        [result] = study.crawl("--revisit", "0")
        assert (forum.paths(), result["skipped"], result["state"]) == (["/"], {"resting": 2}, "done")
        # After a week, or when somebody writes there, they are asked for again.
        forum.broken.clear()
        forum.reply(forum.threads[0], "<p>Sửa rồi</p>", at=datetime.now(UTC) + timedelta(days=1))
        [result] = study.crawl("--revisit", "0")
        assert (result["posts_new"], result["skipped"]) == (2, {"resting": 1})
        connection = sqlite3.connect(study.database)
        with connection:
            connection.execute("update pages set fetched_at = '2026-01-01T00:00:00+00:00' where error is not null")
        connection.close()
        [result] = study.crawl("--revisit", "0")
        assert (result["posts_new"], result["skipped"], result["state"]) == (1, {}, "done")


def test_two_sources_that_list_the_same_threads_share_what_is_known(study: StudyFolder, forum: LittleForum) -> None:
    study.write([{"url": forum.url}, {"url": f"{forum.url}/?page=1"}])
    first, second = study.crawl()
    assert (first["posts_new"], second["posts_new"]) == (len(forum.posts), 0)
    forum.asked.clear()
    study.crawl("--revisit-after", "20")
    assert forum.paths() == ["/", "/?page=1"]
    forum.reply(forum.threads[2], "<p>Thêm</p>")
    first, second = study.crawl()
    assert (first["posts_new"], second["posts_new"]) == (1, 0)


def test_nothing_of_a_person_hides_in_a_raw_page_or_in_the_log(study: StudyFolder) -> None:
    with LittleForum() as forum:
        thread = forum.thread("Hỏi bỉm")
        forum.reply(
            thread, "<p>Chào</p><!-- an.nhien@example.com --><i data-x='0912345670'>a</i>", author="NguyenBiMat"
        )
        forum.reply(thread, "<p>@NguyenBiMat ơi, 09<b>12</b>345670 nhé</p>", author="Mẹ Bắp")
        forum.broken["/topic/9/0912345670/"] = Answer("x", 500)
        study.write([{"url": forum.url}, {"url": f"{forum.url}/topic/9/0912345670/"}]).crawl(code=1)
    pages = "".join(
        zlib.decompress(row[0]).decode() for row in study.rows("select body from pages where body is not null")
    )
    texts = "".join(row[0] for row in study.rows("select text from posts"))
    log = (study.folder / "chandung.log").read_text(encoding="utf-8")
    for secret in ("NguyenBiMat", "Mẹ Bắp", "an.nhien@", "0912345670"):
        assert secret not in pages
        assert secret not in log
    assert "@[name] ơi" in texts
    assert study.rows("select author_key from authors")[0][0] in pages, "the same hash stands for the name everywhere"
    assert "DEBUG" not in log
    assert "Overridden settings" not in log
    assert "Deprecat" not in log


def test_every_spider_has_a_name_of_its_own() -> None:
    from scrapy.settings import Settings
    from scrapy.spiderloader import SpiderLoader

    settings = Settings()
    settings.setmodule(our_settings)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert {"forum", "feed", "landing", "platform"} <= set(SpiderLoader.from_settings(settings).list())
