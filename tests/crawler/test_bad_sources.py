"""Everything that a source can do wrong, in one crawl: each gets its sentence, and the good one is none the worse."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import StudyFolder
from tests.servers.little_forum import LittleForum
from tests.servers.site import Answer, Site

PAGES = Path(__file__).parents[1] / "pages"
_LOGIN = """<html><body><h1>Đăng nhập</h1><p>Bạn phải đăng nhập để xem nội dung này.</p>
<form action="/login"><input name=user><input type=password name=password></form></body></html>"""
_BROKEN = "<html><body><div class='spirit'><p>" + "<b><i><table><div>" * 200 + "<h1 class=headline>không đóng gì cả"


_MEGABYTE = b"<p>" + b"x" * 1_000_000
_OVER = threading.Event()


def _endless() -> Iterator[bytes]:
    for _ in range(200):
        yield _MEGABYTE


@cache
def _bomb() -> Answer:
    return Answer(gzip.compress(b"<p>" + b"0" * 60_000_000, 1), headers={"Content-Encoding": "gzip"})


def _slow(_: str) -> Answer:
    _OVER.wait(60)
    return Answer("<p>zu spät</p>")


def _status(status: int, **headers: str) -> Site:
    return Site(
        lambda _: Answer(
            f"<h1>{status}</h1>", status, {name.replace("_", "-"): value for name, value in headers.items()}
        )
    )


#: Name → the site, the path of its source, and the reason expected.
SITES: dict[str, tuple[Site, str, str]] = {
    "slow": (Site(_slow), "/", "timeout"),
    "forbidden": (_status(403), "/", "forbidden"),
    "gone": (_status(404), "/", "gone"),
    "forbidden, with a log-in form": (
        Site(
            lambda _: Answer(
                (PAGES / "xenforo" / "login" / "page.html").read_text(encoding="utf-8").replace("Bạn phải", "Hãy")
                + "<p>menu " * 100,
                403,
            )
        ),
        "/",
        "login",
    ),
    "nested without end": (Site(lambda _: "<html><body><div><p>unclosed <b" * 3_000), "/", "unreadable"),
    "wants a name": (_status(401), "/", "login"),
    "busy for an hour": (_status(429, Retry_After="3600"), "/", "asked_to_wait"),
    "broken down": (_status(500), "/", "server_error"),
    "in circles": (
        Site(lambda path: Answer(status=302, headers={"Location": "/b" if path == "/a" else "/a"})),
        "/a",
        "endless_redirect",
    ),
    "200 MB": (Site(lambda _: Answer(stream=_endless)), "/", "too_big"),
    "200 MB, and says so": (Site(lambda _: Answer(headers={"X": "y"}, stream=_endless)), "/", "too_big"),
    "gzip bomb": (Site(lambda _: _bomb()), "/", "too_big"),
    "empty": (Site(lambda _: Answer(b"")), "/", "empty"),
    "blank": (Site(lambda _: Answer("<html><body>  </body></html>")), "/", "empty"),
    "broken markup": (Site(lambda _: Answer(_BROKEN)), "/", "no_threads"),
    "log-in": (Site(lambda _: Answer(_LOGIN)), "/", "login"),
    "sent to log-in": (
        Site(
            lambda path: (
                _LOGIN if path.startswith("/login") else Answer(status=302, headers={"Location": "/login?next=/"})
            )
        ),
        "/",
        "login",
    ),
    "robots forbids": (Site(lambda _: "<p>nein</p>", robots="User-agent: *\nDisallow: /"), "/", "robots"),
    "robots broken": (Site(lambda _: "<p>?</p>", robots=Answer(status=503)), "/", "robots_unreachable"),
    "inwards by redirect": (
        Site(lambda _: Answer(status=302, headers={"Location": "http://127.0.0.2:9/admin"})),
        "/",
        "private_address",
    ),
    "inwards by name": (
        Site(lambda _: Answer(status=302, headers={"Location": "http://localhost:9/admin"})),
        "/",
        "private_address",
    ),
    "cloud metadata": (
        Site(lambda _: Answer(status=301, headers={"Location": "http://169.254.169.254/latest/meta-data/"})),
        "/",
        "private_address",
    ),
    "not the web": (Site(lambda _: Answer(status=302, headers={"Location": "file:///etc/passwd"})), "/", "leaves_web"),
    "not gzip": (Site(lambda _: Answer("<p>Chào</p>", headers={"Content-Encoding": "gzip"})), "/", "undecodable"),
    "a robot test": (
        Site(lambda _: "<html><head><title>Just a moment...</title></head><body>Checking</body></html>"),
        "/",
        "challenge",
    ),
    "no forum": (
        Site(lambda _: "<html><body><p>Cửa hàng của chúng tôi bán đủ thứ.</p></body></html>"),
        "/",
        "no_threads",
    ),
}


@pytest.fixture(scope="module")
def crawled(module_study: StudyFolder) -> Iterator[tuple[dict[str, Any], StudyFolder, LittleForum]]:
    with ExitStack() as stack:
        sources = [
            {"url": f"{stack.enter_context(site).url}{path}", "kind": "forum"} for site, path, _ in SITES.values()
        ]
        good = stack.enter_context(LittleForum())
        good.thread("Vẫn ổn", "<p>Chào cả nhà</p>")
        sources += [{"url": "http://khong-co.invalid/"}, {"url": "http://127.0.0.1:1/"}, {"url": good.url}]
        module_study.write(sources)
        _bomb()
        results = {result["url"]: result for result in module_study.crawl("--timeout", "4", code=1)}
        _OVER.set()
        names = [*SITES, "no such host", "nobody there", "good"]
        yield {name: results[source["url"]] for name, source in zip(names, sources, strict=True)}, module_study, good


@pytest.mark.parametrize("name", SITES)
def test_each_bad_source_gets_its_own_sentence(
    name: str, crawled: tuple[dict[str, Any], StudyFolder, LittleForum]
) -> None:
    result = crawled[0][name]
    assert result["state"] == "failed"
    assert result["reason"]["key"] == SITES[name][2], result["reason"]
    assert "{" not in result["reason"]["sentence"]


def test_sentences_speak_of_hours_and_never_in_python(
    crawled: tuple[dict[str, Any], StudyFolder, LittleForum],
) -> None:
    said = {name: result["reason"]["sentence"] for name, result in crawled[0].items() if result["reason"]}
    assert "asks us to wait 1 hour (status 429)" in said["busy for an hour"]
    assert "redirects to file:///etc/passwd, which is no web address" in said["not the web"]
    assert "cannot be unpacked" in said["not gzip"]
    for name, sentence in said.items():
        for word in ("Error", "Exception", "BadGzip", "RFC", "b'", "<twisted"):
            assert word not in sentence, (name, sentence)


@pytest.mark.parametrize("again", [False, True])
def test_a_forum_without_a_thread_that_can_be_read_is_never_done(study: StudyFolder, *, again: bool) -> None:
    with LittleForum() as forum:  # its list names its engine, and lists nothing
        study.write([{"url": forum.url, "kind": "forum"}])
        for _ in range(1 + again):
            [result] = study.crawl(code=1)
    assert (result["state"], result["reason"]["key"], result["posts_new"]) == ("failed", "no_threads", 0)
    assert study.rows("select distinct state from crawls") == [("failed",)]


def test_a_forum_whose_threads_all_want_a_log_in_says_so(study: StudyFolder) -> None:
    with LittleForum() as forum:
        forum.thread("Chỉ thành viên", "<p>Chào</p>")
        page = forum.page
        forum.page = lambda path: Answer("log in", 401) if path.startswith("/topic") else page(path)  # type: ignore[method-assign]
        [result] = study.write([{"url": forum.url}]).crawl(code=1)
    assert (result["state"], result["reason"]["key"]) == ("failed", "login")


def test_hosts_that_are_not_there_are_told_apart(crawled: tuple[dict[str, Any], StudyFolder, LittleForum]) -> None:
    results, _, _ = crawled
    assert results["no such host"]["reason"]["key"] == "no_such_host"
    assert results["nobody there"]["reason"]["key"] == "refused"


def test_the_good_source_among_them_is_whole(crawled: tuple[dict[str, Any], StudyFolder, LittleForum]) -> None:
    results, study, _ = crawled
    assert (results["good"]["state"], results["good"]["posts_new"]) == ("done", 1)
    assert study.rows("select text from posts") == [("Chào cả nhà",)], "no wall, error or wreck was stored as a post"


def test_the_store_remembers_what_was_wrong(crawled: tuple[dict[str, Any], StudyFolder, LittleForum]) -> None:
    _, study, _ = crawled
    states = dict(study.rows("select state, count(*) from crawls group by 1"))
    assert states == {"failed": len(SITES) + 2, "done": 1}
    assert study.rows("select count(*) from crawls where state = 'failed' and coalesce(reason, '') = ''") == [(0,)]


@pytest.mark.parametrize("delay", [0, 0.01])
def test_a_wait_that_can_be_borne_is_waited_from_the_answer_on(study: StudyFolder, delay: float) -> None:
    answered = []
    with LittleForum() as forum:
        for number in range(3):
            forum.thread(f"Đông quá {number}", "<p>Chờ chút</p>")
        page = forum.page

        def busy_at_first(path: str) -> Answer | str | None:
            if answered:
                return page(path)
            time.sleep(0.6)  # a wait counted from the question would be over too early
            answered.append(time.monotonic())
            return Answer("busy", 429, {"Retry-After": "1"})

        forum.page = busy_at_first  # type: ignore[method-assign]
        [result] = study.write([{"url": forum.url, "delay": delay}]).crawl()
        assert (result["state"], result["posts_new"]) == ("done", 3)
        asked = [one for one in forum.asked if one.path != "/robots.txt"]
    assert asked[0].path == asked[1].path == "/"
    assert asked[1].at - answered[0] >= 1


def test_while_one_page_waits_no_other_of_its_site_is_asked_for(study: StudyFolder) -> None:
    answered = []
    with LittleForum() as forum:
        for number in range(6):
            forum.thread(f"Đông quá {number}", "<p>Chờ chút</p>")
        page = forum.page

        def busy_at_the_second_thread(path: str) -> Answer | str | None:
            if answered or sum(one.path.startswith("/topic") for one in forum.asked) < 2:
                return page(path)
            time.sleep(0.3)  # longer than the delay: the next request would leave at once
            answered.append(time.monotonic())
            return Answer("busy", 429, {"Retry-After": "1"})

        forum.page = busy_at_the_second_thread  # type: ignore[method-assign]
        [result] = study.write([{"url": forum.url, "delay": 0.01}]).crawl()
        assert (result["state"], result["posts_new"]) == ("done", 6)
        later = [one for one in forum.asked if one.at > answered[0]]
    assert sum(one.path.startswith("/topic") for one in later) == 5
    assert min(one.at for one in later) - answered[0] >= 1


def test_links_inwards_and_away_are_left_alone_and_counted(study: StudyFolder) -> None:
    with LittleForum() as forum, Site(lambda _: "<p>secret</p>") as inside:
        forum.thread("Một", "<p>Bài</p>")
        page = forum.page

        def with_links(path: str) -> Answer | str | None:
            found = page(path)
            if path == "/" and isinstance(found, str):
                line = "<div class='layout__topics__topic'><a class='topic__link' href='{}'>Bẫy</a></div>"
                traps = [f"{inside.url}/topic/7/x/", "http://10.0.0.8/topic/8/x/", "http://shop.example.com/topic/9/x/"]
                return found.replace(
                    "<div class='paginator'>", "".join(line.format(trap) for trap in traps) + "<div class='paginator'>"
                )
            return found

        forum.page = with_links  # type: ignore[method-assign]
        [result] = study.write([{"url": forum.url}]).crawl()
        assert inside.asked == []
    assert result["skipped"] == {"private_address": 2, "offsite": 1}
    assert result["state"] == "done"


def test_a_wrong_charset_is_read_as_what_it_is(study: StudyFolder) -> None:
    with LittleForum() as forum:
        forum.thread("Bảng mã", "<p>Tã giấy bị tràn</p>")
        page = forum.page
        forum.page = lambda path: (  # type: ignore[method-assign]
            Answer(found, kind="text/html; charset=iso-8859-1") if isinstance(found := page(path), str) else found
        )
        study.write([{"url": forum.url}]).crawl()
    assert study.rows("select text from posts") == [("Tã giấy bị tràn",)]


def test_a_thread_behind_a_log_in_is_no_post(study: StudyFolder) -> None:
    with LittleForum() as forum:
        forum.thread("Công khai", "<p>Ai cũng đọc được</p>")
        forum.thread("Kín", "<p>x</p>")
        forum.broken["/topic/2/chu-de/"] = Answer(_LOGIN)
        [result] = study.write([{"url": forum.url}]).crawl()
        assert (result["state"], result["skipped"]) == ("done", {"login": 1})
        forum.asked.clear()
        study.crawl("--revisit", "0")
        assert forum.paths() == ["/"], "a closed door is not knocked at in every crawl"
    assert study.rows("select text from posts") == [("Ai cũng đọc được",)]


def test_a_missing_secret_stops_its_source_alone(study: StudyFolder) -> None:
    with LittleForum() as forum:
        forum.thread("Một", "<p>Bài</p>")
        study.write([{"url": f"{forum.url}/x/", "token": "${KHONG_CO_TOKEN}"}, {"url": forum.url}])
        first, second = study.crawl(code=1)
    assert (first["state"], first["reason"]["key"]) == ("failed", "no_secret")
    assert "KHONG_CO_TOKEN" in first["reason"]["sentence"]
    assert second["state"] == "done"


def test_a_forum_that_lists_threads_and_shows_no_post_is_an_error(study: StudyFolder) -> None:
    with LittleForum() as forum:
        for number in range(3):
            forum.thread(f"Trống {number}", "<p>x</p>")
            forum.broken[f"/topic/{number + 1}/chu-de/"] = Answer(
                "<html><body><div class='spirit'></div><h1>Giao diện mới</h1></body></html>"
            )
        [result] = study.write([{"url": forum.url}]).crawl(code=1)
    assert (result["state"], result["reason"]["key"]) == ("failed", "no_post_read")
    assert "3 threads" in result["reason"]["sentence"]


@pytest.mark.parametrize("known", [True, False], ids=["a known engine", "an unknown forum"])
def test_a_page_that_is_nested_too_deeply_is_foreseen(study: StudyFolder, *, known: bool) -> None:
    lines = "".join(
        f"<div class='line'><a class='title' href='/topic/{number}/x'>Chủ đề số {number}</a> <span>4 trả lời</span>"
        f"<time datetime='2026-11-0{number}T10:00:00+07:00'>x</time></div>"
        for number in range(1, 5)
    )
    with LittleForum() as forum:
        for number in range(4):
            forum.thread(f"Chủ đề {number}", f"<p>Bài {number}</p>")
        forum.broken["/topic/1/chu-de/"] = forum.broken["/topic/1/x"] = Answer("<div>" * 200_000)
        if not known:
            forum.broken["/"] = Answer(f"<html><body><h1>Diễn đàn</h1>{lines}</body></html>")
        [result] = study.write([{"url": forum.url, "kind": "forum"}]).crawl(code=1)
        sentence = result["reason"]["sentence"]
        assert f"{forum.url}/topic/1/" in sentence
        assert sentence.count("nested too deeply") == sentence.count("nothing of it was kept") == 1
    log = (study.folder / "chandung.log").read_text(encoding="utf-8")
    for word in ("fault in Chandung", "UnreadablePageError", "Traceback"):
        assert word not in sentence + log
    assert "nested too deeply" in log
    assert result["posts_new"] == 3


def test_each_reason_for_which_pages_failed_is_told_once_and_kept(study: StudyFolder) -> None:
    with LittleForum(per_list=20) as forum:
        for number in range(9):
            forum.thread(f"Chủ đề {number}", f"<p>Bài {number}</p>")
        wrong = {
            1: Answer(b""),
            2: Answer("x", 500),
            3: Answer("x", 500),
            4: Answer("x", 500),
            5: Answer(stream=_endless),
            6: Answer("", 302, {"Location": "/topic/6/chu-de/"}),
            7: Answer("<div>" * 200_000),
        }
        forum.broken = {f"/topic/{number}/chu-de/": answer for number, answer in wrong.items()}
        done = study.write([{"url": forum.url, "delay": 0.01}]).run("crawl")
    lines = [line for line in done.stdout.splitlines() if line.startswith("•")]
    said = (
        "is an empty page",
        "an error of its own",
        "larger than a page",
        "redirects in circles",
        "nested too deeply",
    )
    for words in said:
        assert done.stdout.count(words) == 1, words
    assert done.stdout.count("The same goes for 2 other pages.") == 1
    assert "7 of 10 pages" in done.stdout or "7 of 9 pages" in done.stdout
    assert len(lines) == 1 + len(said), lines
    kept = dict(study.rows("select reason, sum(times) from refusals_flat group by 1"))
    assert kept == {"empty": 1, "server_error": 3, "too_big": 1, "endless_redirect": 1, "unreadable": 1}
    assert study.rows("select refused from crawls_flat") == [(0,)], "nothing was refused: these pages came to nothing"


def test_a_picture_behind_a_link_is_no_web_page(study: StudyFolder) -> None:
    with LittleForum() as forum:
        forum.thread("Ảnh", "<p>Một</p>")
        forum.thread("Chữ", "<p>Hai</p>")
        forum.broken["/topic/1/chu-de/"] = Answer(b"\x89PNG\r\n\x1a\n" + b"\0" * 500, kind="image/png")
        [result] = study.write([{"url": forum.url}]).crawl()
    assert (result["posts_new"], result["skipped"]) == (1, {"not_a_page": 1})


def test_an_engine_that_shows_its_pages_by_script_is_asked_for_its_data(study: StudyFolder) -> None:
    shell = "<html><head><meta name='generator' content='Discourse 3.4'></head><body></body></html>"
    posts = [
        {
            "id": 7,
            "post_number": 1,
            "username": "an",
            "cooked": "<p>Chào cả nhà</p>",
            "created_at": "2026-03-01T08:00:00Z",
        }
    ]
    topic = {"id": 12, "title": "Bỉm nào tốt", "posts_count": 1, "post_stream": {"posts": posts, "stream": [7]}}
    topics = [
        {"id": 12, "title": "Bỉm nào tốt", "slug": "bim", "posts_count": 1, "last_posted_at": "2026-03-01T08:00:00Z"}
    ]
    answers = {
        "/": Answer(shell),
        "/latest.json": Answer(json.dumps({"users": [], "topic_list": {"topics": topics}}), kind="application/json"),
        "/t/12.json": Answer(json.dumps(topic), kind="application/json"),
    }
    with Site(answers.get) as site:
        [result] = study.write([{"url": site.url}]).crawl()
    assert (result["engine"], result["posts_new"]) == ("discourse", 1)


def test_a_page_with_nothing_on_it_is_told_by_check_and_crawl_alike(study: StudyFolder) -> None:
    with Site(lambda _: "<html><body><div><p>unclosed <b") as site:
        study.write([{"url": site.url}])
        checked = study.run("check")
        [result] = study.crawl(code=1)
    assert checked.returncode == 1
    assert "holds hardly anything" in checked.stdout
    assert (result["state"], result["reason"]["key"], study.count("landing_snapshots")) == (
        "failed",
        "hardly_anything",
        0,
    )


def test_a_host_of_bare_numbers_is_no_way_in(study: StudyFolder) -> None:
    with LittleForum() as forum:
        forum.thread("Chuyện trong nhà", "<p>Chào cả nhà</p>")
        [result] = study.write([{"url": forum.url.replace("127.0.0.1", "2130706433")}]).crawl(code=1)
        assert forum.asked == []
    assert (result["state"], result["reason"]["key"]) == ("failed", "private_address")
    assert "127.0.0.1" in result["reason"]["sentence"]


def test_what_twisted_logs_of_a_bad_certificate_stays_off_the_screen(study: StudyFolder) -> None:
    study.write([{"url": "https://a.example/"}])
    program = (
        "from pathlib import Path; from crawler.crawl_log import logged_to;"
        "from crawler.guard import Guard; from crawler.run import Process; from data.study_file import load;"
        "from twisted.logger import Logger; from twisted.python.failure import Failure;"
        "log = logged_to(None); log.__enter__(); Process(Guard.of(load(Path())));"
        "Logger().failure('while verifying certificate', Failure(ValueError('no subjectAltName')))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=study.folder, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
