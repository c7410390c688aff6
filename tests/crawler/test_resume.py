"""Killed in the middle and run again: nothing is lost, nothing is doubled, and what was read is not read again."""

from __future__ import annotations

import itertools
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.conftest import StudyFolder
from tests.servers.little_forum import LittleForum
from tests.servers.site import Answer


def _posts_so_far(study: StudyFolder) -> int:
    try:
        return study.count("posts")
    except sqlite3.OperationalError:
        return 0


def _wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 600
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


@contextmanager
def _held(forum: LittleForum, path: str, *, answers: int) -> Iterator[None]:
    """The forum answers so many requests for what begins with ``path``; those beyond wait until the block is left."""
    page, over, count = forum.page, threading.Event(), itertools.count(1)

    def hold(asked: str) -> Answer | str | None:
        if asked.startswith(path) and next(count) > answers:
            over.wait(600)
        return page(asked)

    forum.page = hold  # type: ignore[method-assign]
    try:
        yield
    finally:
        forum.page = page  # type: ignore[method-assign]
        over.set()


def test_a_killed_crawl_goes_on_where_it_was(study: StudyFolder) -> None:
    with LittleForum(per_page=3, per_list=10) as forum:
        for number in range(40):
            forum.thread(f"Chủ đề {number}", *(f"<p>Bài {number}.{reply}</p>" for reply in range(7)))
        study.write([{"url": forum.url}])
        with _held(forum, "/topic/", answers=75):
            process = study.start("crawl", "--quiet")
            _wait_for(lambda: _posts_so_far(study) >= 150)
            process.kill()
            process.communicate()
        before = _posts_so_far(study)
        assert 150 <= before < len(forum.posts), "it was killed in the middle"
        whole = study.rows("select count(*) from threads where complete = 1")[0][0]
        read = {path for path in forum.paths() if path.startswith("/topic/")}

        forum.asked.clear()
        [result] = study.crawl("--revisit", "0")
        again = {path for path in forum.paths() if path.startswith("/topic/")} & read
    assert result["state"] == "done"
    assert result["posts_new"] == len(forum.posts) - before
    assert study.count("posts") == len(forum.posts)
    assert study.rows("select count(*) from threads where complete = 1") == [(40,)]
    assert whole > 0
    assert len(again) < len(read) / 2, "only what had not reached the disk is asked for again"
    assert study.rows("select state from runs order by run_id") == [("interrupted",), ("done",)]
    ended = study.rows("select state from crawls where ended_at is not null order by crawl_id")
    assert ended == [("interrupted",), ("done",)], "what was killed is told by the next"


def test_a_first_crawl_that_was_cut_does_not_let_the_second_stop_early(study: StudyFolder) -> None:
    with LittleForum(per_list=2) as forum:
        for number in range(8):
            forum.thread(f"Chủ đề {number}", f"<p>Bài {number}</p>")
        study.write([{"url": forum.url, "max_threads": 2}]).crawl()
        study.write([{"url": forum.url}])
        [result] = study.crawl("--revisit", "0")
    assert result["posts_new"] == 6, "what stood beyond the first limit is read once the limit is gone"


def test_a_thread_that_is_a_source_goes_on_where_it_was_left(study: StudyFolder) -> None:
    with LittleForum(per_page=2) as forum:
        forum.thread("Chuyện dài", *(f"<p>Bài {number} của chuyện dài</p>" for number in range(24)))
        thread = {"url": f"{forum.url}/topic/1/chu-de/"}
        [result] = study.write([thread], crawling={"pages_per_day": 6}).crawl(code=1)
        assert (result["state"], study.rows("select complete from threads")) == ("partial", [(0,)])
        read = forum.paths()
        forum.asked.clear()
        [result] = study.write([thread]).crawl("--revisit", "0")
        assert (result["state"], study.count("posts")) == ("done", 24)
        # The source's own page is looked at each time.
        assert set(forum.paths()) & set(read) == {"/topic/1/chu-de/"}
        assert len(forum.paths()) == 1 + 12 - len(read)
    assert study.rows("select complete, last_page from threads") == [(1, 12)]


@pytest.mark.skipif(sys.platform == "win32", reason="a test cannot press Ctrl-C for one process alone on Windows")
def test_ctrl_c_keeps_what_was_read_and_says_so(study: StudyFolder) -> None:
    with LittleForum() as forum:
        for number in range(60):
            forum.thread(f"Chủ đề {number}", f"<p>Bài {number}</p>")
        study.write([{"url": forum.url, "delay": 0.2}])
        process = study.start("crawl")
        _wait_for(lambda: _posts_so_far(study) >= 3)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=600)
    assert process.returncode == 130
    assert "interrupted" in out
    assert "Run the same command again" in err
    assert study.rows("select state from runs") == study.rows("select state from crawls") == [("interrupted",)]
    assert 3 <= study.count("posts") < 60


@pytest.mark.skipif(sys.platform == "win32", reason="a test cannot press Ctrl-C for one process alone on Windows")
def test_ctrl_c_twice_waits_for_no_answer_and_keeps_what_was_read(study: StudyFolder) -> None:
    with LittleForum() as forum:
        for number in range(9):
            forum.thread(f"Chủ đề {number}", f"<p>Bài {number}</p>")
        study.write([{"url": forum.url}])
        with _held(forum, "/topic/", answers=3):
            process = study.start("crawl", "--timeout", "300")
            _wait_for(lambda: _posts_so_far(study) >= 3)
            process.send_signal(signal.SIGINT)
            time.sleep(0.5)
            assert process.poll() is None
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted" in out
    assert "Traceback" not in err
    assert study.rows("select state from runs") == study.rows("select state from crawls") == [("interrupted",)]
    assert study.count("posts") == 3


_CALMLY = "User-agent: *\nCrawl-delay: 60\n"


@pytest.mark.skipif(sys.platform == "win32", reason="a test cannot press Ctrl-C for one process alone on Windows")
@pytest.mark.parametrize(
    ("stop", "robots", "delays", "answer", "asked"),
    [
        (signal.SIGINT, _CALMLY, [0], None, 1),
        (signal.SIGTERM, _CALMLY, [0], None, 1),
        (signal.SIGINT, None, [0], Answer("", 429, {"Retry-After": "60"}), 2),
        (signal.SIGINT, None, [60], None, 1),
        (signal.SIGINT, None, [0, 60], Answer("", 404), 2),
    ],
    ids=["Crawl-delay", "Crawl-delay, SIGTERM", "Retry-After", "delay", "between two sources"],
)
def test_a_crawl_that_waits_ends_at_once_and_asks_for_nothing_more(
    study: StudyFolder, stop: signal.Signals, robots: str | None, delays: list[float], answer: Answer | None, asked: int
) -> None:
    with LittleForum(robots=robots) as forum:
        forum.thread("Chủ đề", "<p>Bài</p>")
        if answer is not None:
            forum.broken["/"] = answer
        places = [{"url": f"{forum.url}/{'?' * place}", "delay": delay} for place, delay in enumerate(delays)]
        process = study.write(places).start("crawl")
        _wait_for(lambda: len(forum.asked) == asked)
        time.sleep(1)
        process.send_signal(stop)
        out, _ = process.communicate(timeout=30)
    assert (process.returncode, len(forum.asked)) == (130, asked), out
    assert "interrupted" in out


@pytest.mark.skipif(sys.platform == "win32", reason="a test cannot press Ctrl-C for one process alone on Windows")
def test_a_check_says_that_it_waits_and_when_stopped_what_it_did_not_look_at(study: StudyFolder) -> None:
    with LittleForum(robots=_CALMLY) as forum, LittleForum() as other:
        other.thread("Chủ đề", "<p>Bài</p>")
        # Both are of one host, and looked at one after the other.
        process = study.write([{"url": other.url}, {"url": forum.url}]).start("check")
        _wait_for(lambda: len(forum.asked) == 1)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert f"{forum.url} asks for 60 seconds between requests" in err
    first, second = out.split(other.url)[1].split(forum.url)
    assert "not looked at" not in first
    assert "not looked at: the check was stopped first" in second
    assert "Stopped: 1 of 2 sources were not looked at." in second
    assert "cannot be read" not in out


def test_two_crawls_of_one_study_do_not_run_at_once(study: StudyFolder) -> None:
    with LittleForum() as forum:
        for number in range(30):
            forum.thread(f"Chủ đề {number}", f"<p>Bài {number}</p>")
        study.write([{"url": forum.url, "delay": 0.1}])
        with _held(forum, "/topic/", answers=10):
            process = study.start("crawl", "--quiet")
            _wait_for(lambda: _posts_so_far(study) >= 2)
            second = study.run("crawl")
            process.kill()
            process.communicate()
        assert second.returncode == 3
        assert "Another crawl" in second.stderr
        study.write([{"url": forum.url, "delay": 0, "max_threads": 5}])
        assert study.run("crawl").returncode == 0, "what was killed holds nothing any more"
