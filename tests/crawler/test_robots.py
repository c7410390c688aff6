"""robots.txt as RFC 9309 has it."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

import pytest

from crawler.robots import read_robots
from tests.conftest import StudyFolder
from tests.servers.little_forum import LittleForum
from tests.servers.site import Answer, Site

RULES = b"""\xef\xbb\xbfUser-agent: *
Disallow: /
User-agent: chandung
Disallow: /noi-bo/
Allow: /noi-bo/cong-khai
Disallow: /*.pdf$
Crawl-delay: 2
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/f/1/", True), ("/noi-bo/x", False), ("/noi-bo/cong-khai", True), ("/a.pdf", False), ("/a.pdf?x", True)],
)
def test_our_own_group_of_rules_counts(path: str, allowed: bool) -> None:
    robots = read_robots(200, RULES)
    assert robots.allows(f"https://forum.example.com{path}") is allowed
    assert robots.delay == 2


@pytest.mark.parametrize(
    ("robots", "path", "allowed"),
    [
        ("User-agent: chan\nDisallow: /", "/a", True),
        ("User-agent: Chandung/1.0 (bot)\nDisallow: /", "/a", False),
        (
            "User-agent: CHANDUNG\nDisallow: /a\nUser-agent: b\nDisallow: /\nUser-agent: chandung\nDisallow: /b",
            "/b",
            False,
        ),
        (
            "User-agent: CHANDUNG\nDisallow: /a\nUser-agent: b\nDisallow: /\nUser-agent: chandung\nDisallow: /b",
            "/c",
            True,
        ),
        ("User-agent: x\n\nUser-agent: chandung\n\nDisallow: /a", "/a", False),
        ("User-agent: *\nDisallow: /\nUser-agent: chandung\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /a\nSitemap: https://x.example/s.xml\nDisallow: /b", "/b", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        ("User-agent: *\nAllow: /a\nDisallow: /a/b", "/a/b/c", False),
        ("User-agent: *\nAllow: /page\nDisallow: /*.html", "/page.html", False),
        ("User-agent: *\nAllow: /$\nDisallow: /", "/", True),
        ("User-agent: *\nAllow: /$\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow: /bỉm", "/b%E1%BB%89m", False),
        ("User-agent: *\nDisallow: /foo/%62ar", "/foo/bar", False),
        ("User-agent: *\rDisallow: /a # bí mật\r", "/a", False),
        ("User-agent: *\nDisallow: /A", "/a", True),
        ("Disallow: /", "/a", True),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
    ],
)
def test_groups_and_paths_are_matched_as_the_standard_says(robots: str, path: str, allowed: bool) -> None:
    assert read_robots(200, robots.encode()).allows(f"https://forum.example.com{path}") is allowed


def test_five_redirects_are_followed_and_the_rules_hold_for_the_first_site(study: StudyFolder) -> None:
    def elsewhere(path: str) -> Answer:
        step = int(path.removeprefix("/r"))
        if step < 5:
            return Answer(status=302, headers={"Location": f"/r{step + 1}"})
        return Answer("User-agent: *\nDisallow: /topic/2/", kind="text/plain")

    with (
        Site(elsewhere) as other,
        LittleForum(robots=Answer(status=301, headers={"Location": f"{other.url}/r2"})) as forum,
    ):
        for number in range(3):
            forum.thread(f"Chủ đề {number}", "<p>Bài</p>")
        sources = [{"url": forum.url}, {"url": f"{other.url}/r5", "kind": "feed"}]
        result, _ = study.write(sources).crawl(code=1)
    assert (result["threads"], result["skipped"]) == (2, {"robots": 1})


def test_a_site_s_own_delay_is_kept_to_however_fast_it_answers(study: StudyFolder) -> None:
    with LittleForum(robots="User-agent: *\nCrawl-delay: 0.6") as forum:
        for number in range(4):
            forum.thread(f"Chủ đề {number}", "<p>Bài</p>")
        study.write([{"url": forum.url, "delay": 0.1}]).crawl()
        first, *pages = [one.at for one in forum.asked]
    # Counted from robots.txt: on its way to the server a request may be held up, and the next one then seem to follow sooner.
    assert all(at - first >= 0.6 * place for place, at in enumerate(pages))


def test_a_slow_site_is_asked_more_slowly(study: StudyFolder) -> None:
    with LittleForum() as forum:
        for number in range(5):
            forum.thread(f"Chủ đề {number}", "<p>Bài</p>")
        page, answered = forum.page, []

        def slow_at_first(path: str) -> object:
            if not answered:
                time.sleep(0.6)
                answered.append(time.monotonic())
            return page(path)

        forum.page = slow_at_first  # type: ignore[method-assign, assignment]
        study.write([{"url": forum.url, "delay": 0.05}]).crawl()
        times = [one.at - answered[0] for one in forum.asked if one.at > answered[0]]
    # A second request may leave at once; how slow the site was is forgotten by halves, if the others are answered at once.
    assert times[1] >= 0.3
    assert times[2] >= 0.3 + 0.15


@pytest.mark.parametrize(
    ("status", "allowed"), [(404, True), (403, True), (401, True), (429, False), (500, False), (503, False)]
)
def test_no_answer_forbids_and_no_file_allows(status: int, allowed: bool) -> None:
    assert read_robots(status, b"").allows("https://forum.example.com/") is allowed


@pytest.mark.parametrize(
    "body",
    [b"", b"\x00\xff\xfe garbage", b"<!DOCTYPE html><html>Disallow: /", b"User-agent: *\nDisallow:\nCrawl-delay: -5"],
)
def test_what_holds_no_rule_forbids_nothing(body: bytes) -> None:
    robots = read_robots(200, body)
    assert robots.allows("https://forum.example.com/x")
    assert robots.delay is None


def test_what_it_forbids_is_not_asked_for_and_its_delay_is_kept(study: StudyFolder) -> None:
    with LittleForum(robots="User-agent: *\nDisallow: /topic/2/\nCrawl-delay: 0.5") as forum:
        for number in range(4):
            forum.thread(f"Chủ đề {number}", "<p>Bài</p>")
        [result] = study.write([{"url": forum.url}]).crawl()
        assert (result["state"], result["threads"], result["skipped"]) == ("done", 3, {"robots": 1})
        assert not any(path.startswith("/topic/2/") for path in forum.paths())
        times = [one.at for one in forum.asked][1:]
        assert min(later - earlier for earlier, later in itertools.pairwise(times)) > 0.45
        forum.asked.clear()
        study.crawl("--revisit", "0")
        assert forum.paths() == ["/"], "a forbidden thread does not look like a new one for ever"
    assert study.rows("select robots from sources") == [("rules, crawl-delay 0.5",)]


def test_of_a_huge_robots_txt_the_first_part_counts(study: StudyFolder) -> None:
    def endless() -> Iterator[bytes]:
        yield b"User-agent: *\nDisallow: /topic/2/\n"
        for _ in range(600):
            yield b"# " + b"x" * 100_000 + b"\n"

    with LittleForum(robots=Answer(stream=endless, kind="text/plain")) as forum:
        for number in range(3):
            forum.thread(f"Chủ đề {number}", "<p>Bài</p>")
        [result] = study.write([{"url": forum.url}]).crawl()
    assert (result["state"], result["threads"], result["skipped"]) == ("done", 2, {"robots": 1})
