"""Quiet hours, a day's budget, terms, and a robots.txt that is asked for once a day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crawler.robots import RobotsBook, read_robots
from data.errors import InputError
from data.quiet_hours import QuietHours
from data.store.polite import RobotsFile
from data.study_file import load
from tests.conftest import StudyFolder
from tests.servers.little_forum import LittleForum
from tests.servers.site import Answer

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
def forum() -> Iterator[LittleForum]:
    with LittleForum(robots="User-agent: *\nDisallow: /topic/3/\n") as site:
        for number in range(12):
            site.thread(f"Chủ đề {number}", f"<p>Bài {number}, mua ở đâu</p>")
        yield site


def _robots_asked(forum: LittleForum) -> int:
    return sum(one.path == "/robots.txt" for one in forum.asked)


def _spent_before(study: StudyFolder, hours: int) -> None:
    """As though the database had been written so many hours earlier."""
    import sqlite3

    then = (datetime.now(UTC) - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
    with sqlite3.connect(study.database) as db:
        db.execute("update robots_files set fetched_at = ?", (then,))
        db.execute("update host_days set day = '2026-01-01'")
    db.close()


# -- quiet hours


@pytest.mark.parametrize(
    ("spans", "now", "until"),
    [
        (["22:00-06:00"], "23:30", "06:00"),
        (["22:00-06:00"], "05:59", "06:00"),
        (["22:00-06:00"], "06:00", None),
        (["07:30-09:00", "22:00-06:00"], "08:15", "09:00"),
        (["07:30-09:00", "22:00-06:00"], "12:00", None),
        (["22:00-06:00", "06:00-09:00"], "23:00", "09:00"),
        (["12:00-24:00"], "13:00", "00:00"),
        ([], "03:00", None),
    ],
)
def test_quiet_hours_run_over_midnight_and_into_each_other(spans: list[str], now: str, until: str | None) -> None:
    hour, minute = map(int, now.split(":"))
    moment = datetime(2026, 11, 20, hour, minute, 30, tzinfo=VIETNAM)
    end = QuietHours(spans, "Asia/Ho_Chi_Minh").until(moment)
    assert (f"{end:%H:%M}" if end else None) == until


@pytest.mark.parametrize("wrong", ["22h-6h", "25:00-06:00", "10:00-10:00", "10:00"])
def test_wrong_quiet_hours_are_told_with_their_line(study: StudyFolder, wrong: str) -> None:
    study.write([{"url": "https://forum.example/"}])
    text = (study.folder / "study.yaml").read_text(encoding="utf-8").rstrip()
    added = f', "crawling": {{\n "quiet_hours": ["{wrong}"]}}}}'
    (study.folder / "study.yaml").write_text(text.removesuffix("}").rstrip() + added, encoding="utf-8")
    lines = text.count("\n") + 1
    with pytest.raises(InputError) as error:
        load(study.folder / "study.yaml")
    assert wrong in str(error.value)
    assert f" {lines}," in str(error.value), "its line is named"
    assert "crawling.quiet_hours" in str(error.value)


def test_quiet_hours_that_leave_no_minute_are_refused(study: StudyFolder) -> None:
    study.write([{"url": "https://forum.example/"}], crawling={"quiet_hours": ["00:00-12:00", "12:00-24:00"]})
    with pytest.raises(InputError):
        load(study.folder / "study.yaml")


def test_in_quiet_hours_nothing_is_asked_and_the_sentence_says_when_it_may_be(
    study: StudyFolder, forum: LittleForum
) -> None:
    now = datetime.now(VIETNAM)
    begin, end = now - timedelta(hours=1), now + timedelta(hours=2)
    quiet = [f"{begin:%H:%M}-{end:%H:%M}"]
    [result] = study.write([{"url": forum.url}], crawling={"quiet_hours": quiet}).crawl(code=1)
    assert (result["state"], result["reason"]["key"]) == ("partial", "quiet_hours")
    assert f"{end:%Y-%m-%d %H:%M}" in result["reason"]["sentence"]
    assert forum.asked == [], "not even robots.txt"
    assert result["refusals"] == {"quiet_hours": 1}
    [(said,)] = study.rows("select said_vi from refusals_flat where is_latest")
    assert "giờ yên lặng" in said
    [result] = study.write([{"url": forum.url}]).crawl()
    assert result["posts_new"] == 11


# -- a day's budget


def test_a_spent_budget_stops_the_host_and_the_next_day_goes_on(study: StudyFolder, forum: LittleForum) -> None:
    study.write([{"url": forum.url, "pages_per_day": 6}], crawling={"pages_per_day": 1000})
    [first] = study.crawl(code=1)
    assert (first["state"], first["reason"]["key"], len(forum.asked)) == ("partial", "budget", 6)
    assert first["requests"] == 6
    assert study.rows("select sum(requests) from host_days") == [(6,)]
    tomorrow = datetime.now(VIETNAM) + timedelta(days=1)
    assert f"{tomorrow:%Y-%m-%d} 00:00" in first["reason"]["sentence"]
    kept = study.count("posts")
    assert kept == first["posts_new"] > 0

    [second] = study.crawl(code=1)
    assert (second["reason"]["key"], len(forum.asked)) == ("budget", 6), "the same day nothing more is asked"

    read = set(forum.paths())
    _spent_before(study, hours=5)
    forum.asked.clear()
    study.write([{"url": forum.url}])
    [third] = study.crawl("--revisit", "0")
    assert (third["state"], study.count("posts")) == ("done", 11)
    assert not {path for path in forum.paths() if path.startswith("/topic/")} & read, "what was read is not read again"


def test_a_budget_that_cuts_a_crawl_is_told_whatever_else_happened(study: StudyFolder, forum: LittleForum) -> None:
    test = "<html><head><title>Just a moment...</title></head><body>Checking</body></html>"
    for number in range(1, 13):
        forum.broken[f"/topic/{number}/chu-de/"] = Answer(test)
    [result] = study.write([{"url": forum.url, "pages_per_day": 5}]).crawl(code=1)
    assert len(forum.asked) == 5
    said = [result["reason"]["sentence"], *(note["sentence"] for note in result["notes"])]
    assert sum("5 requests" in sentence and "are spent" in sentence for sentence in said) == 1
    assert sum("test for robots" in sentence for sentence in said) == 1
    assert result["refusals"]["budget"] == 1
    assert "budget" in {reason for (reason,) in study.rows("select reason from refusals_flat")}


# -- robots.txt


def test_robots_txt_is_asked_for_once_a_day(study: StudyFolder, forum: LittleForum) -> None:
    study.write([{"url": forum.url}]).crawl()
    [result] = study.crawl("--whole", "--revisit", "0")
    assert (_robots_asked(forum), result["skipped"]) == (1, {"robots": 1}), "the next crawl goes by what was read"
    [(status, body)] = study.rows("select status, body from robots_files")
    assert (status, "Disallow: /topic/3/" in body) == (200, True)
    _spent_before(study, hours=25)
    study.crawl("--revisit", "0")
    assert _robots_asked(forum) == 2, "after a day it is asked for again"


def test_a_run_that_lasts_longer_than_a_day_asks_again_and_sooner_where_nothing_was_told() -> None:
    now = datetime.now(UTC)
    book = RobotsBook()
    for site, status, hours in (("https://a.example", 200, 23), ("https://b.example", 200, 25)):
        book.remember([RobotsFile(site, now - timedelta(hours=hours), status, b"User-agent: *\nDisallow: /x")])
    assert book.fresh("https://a.example") is not None
    assert book.fresh("https://b.example") is None
    book.remember([RobotsFile("https://c.example", now, 503, b"")])
    assert book.fresh("https://c.example") is None, "a failure of yesterday forbids nothing today"
    assert not read_robots(503, b"", now - timedelta(hours=2)).holds


# -- terms


def test_terms_that_nobody_noted_are_told_once_and_refused_when_strict(study: StudyFolder, forum: LittleForum) -> None:
    other = LittleForum()
    other.thread("Một chủ đề", "<p>Một bài</p>")
    with other:
        study.write([{"url": forum.url, "terms": None}, {"url": other.url, "terms": "read 2026-11-02"}])
        done = study.run("crawl", "--json", "--strict")
    left, read = json.loads(done.stdout)["sources"]
    assert done.returncode == 1
    assert (left["state"], left["reason"]["key"], read["state"]) == ("failed", "terms", "done")
    assert forum.asked == []
    assert done.stderr.count(forum.url) == 1
    assert other.url not in done.stderr


# -- what a crawl would do


def test_a_dry_run_asks_nothing_and_says_what_is_known(study: StudyFolder, forum: LittleForum) -> None:
    study.write([{"url": forum.url}], crawling={"pages_per_day": 500, "quiet_hours": ["03:00-03:01"]})
    done = study.run("crawl", "--dry-run")
    assert (done.returncode, forum.asked) == (0, [])
    assert "never crawled" in done.stdout
    assert not study.database.exists()
    study.crawl()
    asked = len(forum.asked)
    done = study.run("crawl", "--dry-run", "--json")
    [found] = json.loads(done.stdout)["sources"]
    assert len(forum.asked) == asked
    assert (found["engine"], found["threads"], found["robots"]) == ("spirit", 11, "rules")
    assert (found["asked_today"], found["pages_per_day"]) == (asked, 500)
    assert found["requests"] >= 2


def test_a_dry_run_promises_nothing_of_a_place_that_forbids_or_never_answered(study: StudyFolder) -> None:
    sites = (
        LittleForum(robots="User-agent: *\nDisallow: /\n"),
        LittleForum(robots=Answer("no", 403)),
        LittleForum(),
    )
    forbids, withheld, broken = sites
    withheld.thread("Một", "<p>Bài</p>")
    broken.broken["/"] = Answer("x", 500)
    with forbids, withheld, broken:
        done = study.write([{"url": site.url} for site in sites]).run("crawl")
        assert "Run the same command again" not in done.stderr, "nothing is left to go on with"
        told = study.run("crawl", "--dry-run").stdout.split("\n\n")[1:]
        found = json.loads(study.run("crawl", "--dry-run", "--json").stdout)["sources"]
    assert "forbids the start page" in told[0]
    assert "about" not in told[0]
    assert "once it has been read" not in told[0]
    assert "does not show it to us" in told[1]
    assert "about" in told[1]
    assert "nothing could be read of it so far" in told[2]
    assert "0 pages" not in told[0] + told[2]
    assert [one["robots"] for one in found] == ["forbids", "withheld", "none"]
    assert [one["requests"] is None for one in found] == [True, False, True]


# -- what a crawl says afterwards


def test_what_was_asked_fetched_and_refused_is_told_everywhere(study: StudyFolder, forum: LittleForum) -> None:
    forum.threads[0].posts[0].html = '<p>Xem <a href="https://khac.example/x">ở đây</a></p>'
    done = study.write([{"url": forum.url}]).run("crawl")
    asked = len(forum.asked)
    assert f"asked {asked} times" in done.stdout
    assert "11 new" in done.stdout
    log = (study.folder / "chandung.log").read_text(encoding="utf-8")
    assert f"asked {asked} times" in log
    assert "1 page that robots.txt forbids" in log
    [row] = study.rows("select requests, bytes, refused, posts_read, author_share, time_share from crawls_flat")
    assert row[0] == asked
    assert row[1] > 1_000
    assert row[2:] == (1, 11, 1.0, 1.0)
    assert study.rows("select reason, url, times from refusals_flat") == [("robots", f"{forum.url}/topic/3/chu-de/", 1)]
