"""Crawls of a platform that are broken off: by a killed process, by Ctrl-C, by a place in a list that is no longer known."""

from __future__ import annotations

import signal
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import StudyFolder
from tests.servers.little_api import TOKEN, LittleApi, Query
from tests.servers.site import Answer

PAGE = "https://www.facebook.com/minicare.hucau"
_POSTS, _COMMENTS = 12, 5


class LongPage(LittleApi):
    """A Page with twelve posts of five comments, two comments an answer, each answer a little late. Invented."""

    def __init__(self) -> None:
        super().__init__()
        self.late = 0.0

    def answer(self, path: str, query: Query) -> Any:
        time.sleep(self.late)
        if path.endswith("/feed"):
            return {"data": [self._post(number) for number in range(_POSTS, 0, -1)]}
        start = int(query.get("after", "0"))
        found = [
            {
                "id": f"{path[1:-9]}_{place}",
                "message": f"Bình luận {place}",
                "created_time": f"2026-05-20T0{place}:00:00+0000",
            }
            for place in range(_COMMENTS)
        ]
        answer: dict[str, Any] = {"data": found[start : start + 2]}
        if start + 2 < _COMMENTS:
            answer["paging"] = {"cursors": {"after": str(start + 2)}, "next": "https://graph.facebook.com/next"}
        return answer

    @staticmethod
    def _post(number: int) -> dict[str, Any]:
        return {
            "id": f"10_{number}",
            "message": f"Bài {number}",
            "created_time": f"2026-05-{number:02}T00:00:00+0000",
            "comments": {"summary": {"total_count": _COMMENTS}},
        }


@pytest.fixture
def page(study: StudyFolder) -> Iterator[tuple[StudyFolder, LongPage]]:
    study.environment["FB_TOKEN"] = TOKEN
    with LongPage() as api:
        yield study.write([{"url": PAGE, "api": api.url, "token": "${FB_TOKEN}"}]), api


def _whole(study: StudyFolder) -> None:
    counts = "select count(*), count(distinct post_id) from posts"
    assert study.rows(counts) == [(_POSTS * (1 + _COMMENTS),) * 2]
    assert study.rows("select distinct replies, complete from threads") == [(_COMMENTS, 1)]


def _wait_for(api: LongPage, calls: int) -> None:
    end = time.monotonic() + 600
    while len(api.asked) < calls and time.monotonic() < end:
        time.sleep(0.05)
    assert len(api.asked) >= calls


def test_a_killed_crawl_goes_on_where_it_was(page: tuple[StudyFolder, LongPage]) -> None:
    study, api = page
    api.late = 0.25
    process = study.start("crawl", "--json")
    _wait_for(api, 14)
    while study.count("posts") <= _POSTS and process.poll() is None:
        time.sleep(0.05)
    process.kill()
    process.communicate()
    assert study.count("posts") > _POSTS
    api.late = 0
    api.asked.clear()
    study.crawl()
    _whole(study)
    assert len(api.asked) < 1 + 3 * _POSTS, "what was read whole is not asked for again"


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent to a whole console there")
def test_a_crawl_stopped_by_the_user_goes_on_where_it_was(page: tuple[StudyFolder, LongPage]) -> None:
    study, api = page
    api.late = 0.25
    process = study.start("crawl", "--json")
    _wait_for(api, 8)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=600)
    assert process.returncode == 130
    api.late = 0
    study.crawl()
    _whole(study)


def test_a_budget_spent_midway_ends_the_day_and_the_next_goes_on(page: tuple[StudyFolder, LongPage]) -> None:
    study, api = page
    source = {"url": PAGE, "api": api.url, "token": "${FB_TOKEN}"}
    study.write([{**source, "pages_per_day": 8}])
    [first] = study.crawl(code=1)
    assert (first["state"], first["reason"]["key"], len(api.asked)) == ("partial", "budget", 8)
    assert 0 < study.count("posts") < _POSTS * (1 + _COMMENTS)
    [same_day] = study.crawl(code=1)
    assert (same_day["reason"]["key"], len(api.asked)) == ("budget", 8)
    with closing(sqlite3.connect(study.database)) as database, database:
        database.execute("update host_days set day = '2026-01-01'")
    [later] = study.write([source]).crawl()
    assert later["state"] == "done"
    _whole(study)


def test_in_quiet_hours_an_api_is_left_alone_too(page: tuple[StudyFolder, LongPage]) -> None:
    study, api = page
    now = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh"))
    quiet = f"{now - timedelta(hours=1):%H:%M}-{now + timedelta(hours=2):%H:%M}"
    source = {"url": PAGE, "api": api.url, "token": "${FB_TOKEN}"}
    [result] = study.write([source], crawling={"quiet_hours": [quiet]}).crawl(code=1)
    assert (result["reason"]["key"], api.asked) == ("quiet_hours", [])


def test_a_place_that_is_no_longer_known_is_no_end(page: tuple[StudyFolder, LongPage]) -> None:
    study, api = page
    stop = Answer('{"error": {"code": 17, "message": "User request limit reached"}}', 400, kind="application/json")
    lost = Answer('{"error": {"code": 100, "message": "Invalid cursor"}}', 400, kind="application/json")
    answers = iter([None, None, stop])
    given = api.answer
    api.answer = lambda path, query: next(answers, None) or given(path, query)  # type: ignore[method-assign]
    [result] = study.crawl(code=1)
    assert result["reason"]["key"] == "platforms.facebook.limit"
    answers = iter([None, lost])
    api.asked.clear()
    [result] = study.crawl()
    assert result["state"] == "done"
    assert "after=2" in api.paths()[1]
    assert "after" not in api.paths()[2]
    _whole(study)


def test_an_api_that_leads_round_in_a_circle_is_left(page: tuple[StudyFolder, LongPage]) -> None:
    study, api = page
    given = api.answer

    def answer(path: str, query: Query) -> Any:
        found = given(path, {})
        numbered = {"after": str(len(api.asked))}
        return {**found, "paging": {"cursors": numbered, "next": "https://graph.facebook.com/next"}}

    api.answer = answer  # type: ignore[method-assign]
    [result] = study.crawl()
    assert result["threads"] == _POSTS
    assert len(api.asked) < 10 + 10 * _POSTS
    assert result["skipped"]["same_posts"] == _POSTS
    assert study.rows("select distinct complete from threads") == [(1,)]
