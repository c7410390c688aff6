"""robots.txt as RFC 9309 has it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from crawler.robots import read_robots
from tests.conftest import StudyFolder
from tests.servers.little_forum import LittleForum
from tests.servers.site import Answer

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
