"""A post that is missing on its thread's page is noted where nothing else can be meant, and no sooner."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crawler import gathered
from crawler.engines import engines
from tests.conftest import StudyFolder
from tests.servers.little_forum import LittleForum, LittleThread

ALL = ("--revisit", "1000", "--revisit-after", "0")


@pytest.fixture
def forum() -> Iterator[LittleForum]:
    with LittleForum(per_page=5) as site:
        site.thread("Bỉm nào mềm", *(f"<p>Bài số {number}</p>" for number in range(13)))
        yield site


def gone(study: StudyFolder) -> list[str]:
    return [text for (text,) in study.rows("select text from posts where gone_at is not null order by id")]


def crawled(study: StudyFolder, forum: LittleForum) -> LittleThread:
    study.write([{"url": forum.url}]).crawl()
    assert gone(study) == []
    return forum.threads[0]


def test_a_post_missing_between_its_neighbours_is_gone_and_comes_back(study: StudyFolder, forum: LittleForum) -> None:
    thread = crawled(study, forum)
    deleted = thread.posts.pop(2)
    study.crawl(*ALL)
    assert gone(study) == ["Bài số 2"]
    [(text, counted)] = study.rows("select text, counted from posts_flat where text = 'Bài số 2'")
    assert (text, counted) == ("Bài số 2", 1), "what was said stays, and is counted"
    thread.posts.insert(2, deleted)
    study.crawl(*ALL)
    assert gone(study) == []


def test_nothing_is_said_of_the_first_and_the_last_of_what_is_seen(study: StudyFolder, forum: LittleForum) -> None:
    thread = crawled(study, forum)
    for number in (12, 0):
        del thread.posts[number]
    study.crawl(*ALL)
    assert gone(study) == []


def test_posts_that_moved_to_the_page_before_are_not_gone(study: StudyFolder, forum: LittleForum) -> None:
    thread = crawled(study, forum)
    del thread.posts[1:3]
    study.crawl(*ALL)
    assert gone(study) == ["Bài số 1", "Bài số 2"]


def test_a_page_in_another_order_tells_nothing(study: StudyFolder, forum: LittleForum) -> None:
    thread = crawled(study, forum)
    thread.posts[1:4] = [thread.posts[3], thread.posts[1]]
    study.crawl(*ALL)
    assert gone(study) == []


def test_the_engines_in_times_order_are_engines_of_forums() -> None:
    names = {one.name for one in engines()}
    assert names >= gathered._IN_ORDER
    assert not gathered._IN_ORDER & {"general", "reviews", "wordpress", "discourse", "lemmy", "stackexchange", "q2a"}
