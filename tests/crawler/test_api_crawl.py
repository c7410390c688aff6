"""Forums that are read by their own JSON: read whole, then asked only for what moved, and by their pages where JSON is shut."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import unquote

import pytest

from tests.conftest import StudyFolder
from tests.servers.api_forums import LittleApiForum, LittleFlarum, LittleLemmy, LittleNodeBB
from tests.servers.site import Answer

MAKERS = {"nodebb": LittleNodeBB, "flarum": LittleFlarum}
#: What a second crawl asks a forum in which nothing moved: where it was told to begin, and its newest threads.
LOOKS = {
    "nodebb": ["/", "/api/categories"],
    "flarum": ["/", "/api/discussions?sort=-lastPostedAt"],
}
LAST_PAGE = {
    "nodebb": "/api/topic/9?sort=oldest_to_newest&page=2",
    "flarum": "/api/discussions/9?page[offset]=5",
}


@pytest.fixture(params=sorted(MAKERS))
def forum(request: pytest.FixtureRequest) -> Iterator[LittleApiForum]:
    with MAKERS[request.param]() as site:
        _fill(site)
        yield site


def _fill(site: LittleApiForum) -> None:
    for number in range(10):
        site.thread(f"Chủ đề {number}", *(f"<p>Bài {number}.{reply}</p>" for reply in range(1 + number)))


def kind(forum: LittleApiForum) -> str:
    return next(name for name, maker in MAKERS.items() if isinstance(forum, maker))


def test_every_post_is_read_once_and_in_order(study: StudyFolder, forum: LittleApiForum) -> None:
    [result] = study.write([{"url": forum.url}]).crawl()
    assert (result["state"], result["kind"], result["engine"]) == ("done", "forum", kind(forum))
    assert (result["threads"], result["posts_new"]) == (10, len(forum.posts))
    for thread in forum.threads:
        rows = study.rows(
            "select p.post_id, p.text, p.posted_at from posts p join threads t using (thread_id) where t.title = ? "
            "order by p.posted_at",
            thread.title,
        )
        assert [row[0].rpartition("/")[2] for row in rows] == [str(post.number) for post in thread.posts]
        assert [row[2] for row in rows] == [f"{post.at:%Y-%m-%dT%H:%M:%SZ}" for post in thread.posts]
    assert study.count("authors") == len({post.author for post in forum.posts})
    assert study.rows("select count(*) from threads where complete = 0") == [(0,)]


def test_where_nothing_moved_no_thread_is_asked_for(study: StudyFolder, forum: LittleApiForum) -> None:
    study.write([{"url": forum.url}]).crawl()
    forum.asked.clear()
    [result] = study.crawl("--revisit", "0")
    assert (result["posts_new"], result["posts_changed"]) == (0, 0)
    asked = [path for path in forum.paths() if "/topic/" not in path and "/discussions/" not in path]
    assert asked == forum.paths(), "no thread was asked for"
    assert asked[: len(LOOKS[kind(forum)])] == LOOKS[kind(forum)]
    assert len(asked) <= 3


def test_a_new_post_is_found_where_its_thread_ended(study: StudyFolder, forum: LittleApiForum) -> None:
    study.write([{"url": forum.url}]).crawl()
    post = forum.reply(forum.threads[8], "<p>Bài mới nhất</p>")
    forum.asked.clear()
    [result] = study.crawl("--revisit", "0")
    assert (result["posts_new"], result["posts_changed"]) == (1, 0)
    assert study.rows("select text from posts where posted_at = ?", f"{post.at:%Y-%m-%dT%H:%M:%SZ}") == [
        ("Bài mới nhất",)
    ]
    threads = [unquote(path) for path in forum.paths() if "/topic/" in path or "/discussions/" in path]
    assert threads == [LAST_PAGE[kind(forum)]]


def test_a_thread_may_be_pasted_as_people_see_it(study: StudyFolder, forum: LittleApiForum) -> None:
    path = {"nodebb": "/topic/10/chu-de", "flarum": "/d/10-chu-de"}[kind(forum)]
    [result] = study.write([{"url": forum.url + path}]).crawl()
    assert (result["threads"], result["posts_new"]) == (1, 10)
    forum.reply(forum.threads[9], "<p>Mới</p>")
    [result] = study.crawl()
    assert result["posts_new"] == 1


def test_a_post_of_lemmy_and_its_comments_are_one_thread(study: StudyFolder) -> None:
    with LittleLemmy() as forum:
        long = forum.thread("Ghế ăn dặm gấp", *(f"Lời {number}, **chắc** chắn" for number in range(61)))
        forum.thread("Ai cũng im lặng", "Có ai không?")
        [result] = study.write([{"url": forum.url}]).crawl()
        assert (result["state"], result["engine"]) == ("done", "lemmy")
        assert (result["threads"], result["posts_new"]) == (2, 62)
        rows = study.rows(
            "select text from posts join threads using (thread_id) where title = ? order by posted_at", long.title
        )
        assert [row[0] for row in rows] == [f"Lời {number}, chắc chắn" for number in range(61)]

        forum.asked.clear()
        [result] = study.crawl("--revisit", "0")
        assert result["posts_new"] == 0
        assert forum.paths() == ["/", "/api/v3/post/list?type_=Local&sort=NewComments&limit=50"]

        forum.reply(long, "Mới đây")
        forum.reply(forum.threads[1], "Có mình")
        forum.asked.clear()
        [result] = study.crawl("--revisit", "0")
        assert result["posts_new"] == 2
        of = "/api/v3/comment/list?post_id={}&type_=All&sort=Old&limit=50&page={}"
        assert sorted(forum.paths()[2:]) == sorted([of.format(1, 2), "/api/v3/post?id=2", of.format(2, 1)])


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_where_the_json_is_forbidden_the_pages_are_read(study: StudyFolder, name: str) -> None:
    with MAKERS[name](shut=True) as forum:
        _fill(forum)
        [result] = study.write([{"url": forum.url}]).crawl()
        assert (result["state"], result["threads"], result["posts_new"]) == ("done", 10, len(forum.posts))
        assert not any(path.startswith("/api/") for path in forum.paths())
        forum.reply(forum.threads[8], "<p>Bài mới nhất</p>")
        forum.asked.clear()
        [result] = study.crawl("--revisit", "0")
        assert (result["posts_new"], result["posts_changed"]) == (1, 0)
        assert not any(path.startswith("/api/") for path in forum.paths())


@pytest.mark.parametrize("status", [401, 403, 404, 500])
@pytest.mark.parametrize("name", sorted(MAKERS))
def test_where_the_json_is_refused_the_pages_are_read_and_that_is_told(
    study: StudyFolder, name: str, status: int
) -> None:
    with MAKERS[name](refusing=status) as forum:
        _fill(forum)
        checked = json.loads(study.write([{"url": forum.url}]).run("check", "--json").stdout)
        assert (checked["sources"][0]["problem"], checked["sources"][0]["threads"]) == (None, forum.per_list)
        assert "api_shut" in [warning["key"] for warning in checked["sources"][0]["warnings"]]
        [result] = study.crawl()
        assert (result["state"], result["threads"], result["posts_new"]) == ("done", 10, len(forum.posts))
        assert [note["key"] for note in result["notes"]] == ["api_shut"]
        assert result["failed"] == 0
        forum.reply(forum.threads[8], "<p>Bài mới nhất</p>")
        [result] = study.crawl("--revisit", "0")
        assert (result["posts_new"], result["posts_changed"]) == (1, 0)


def test_a_single_thread_that_the_json_no_longer_has_is_not_asked_for_again(study: StudyFolder) -> None:
    with LittleNodeBB() as forum:
        _fill(forum)
        forum.broken["/api/topic/4?sort=oldest_to_newest"] = Answer("gone", 404)
        [result] = study.write([{"url": forum.url}]).crawl()
        assert (result["state"], result["threads"], result["notes"]) == ("done", 9, [])
        assert sum(path.startswith("/topic/") for path in forum.paths()) <= 1
