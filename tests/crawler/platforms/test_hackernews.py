"""Hacker News by its search API, answering as hn.algolia.com/api is documented. Stories, people and words are invented."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from crawler.platforms.hackernews import HackerNews
from tests.conftest import StudyFolder
from tests.servers.little_api import LittleApi, Query, told
from tests.servers.site import Answer

START = 1_780_000_000
Comment = dict[str, Any]


def comment(
    number: int, text: str | None, author: str | None = "mai", children: list[Comment] | None = None
) -> Comment:
    """A comment as ``/items`` gives it; of a deleted one author and text are null."""
    kept = {"id": number, "type": "comment", "author": author, "text": text, "created_at_i": START + number}
    return kept | {"points": None, "children": children or []}


class LittleNews(LittleApi):
    """Three stories, one of them with a tree of comments."""

    def __init__(self) -> None:
        super().__init__()
        self.stories: dict[int, dict[str, Any]] = {
            100: {
                "title": "Ask HN: Which diapers at night?",
                "author": "lan",
                "text": "They leak.<p>&gt; dry all night<p>No.",
            },
            200: {"title": "Bỉm vải tự giặt", "author": "ha", "url": "https://shop.example/bim-vai"},
            300: {"title": "Ghi chú", "author": "lan", "text": "Không ai trả lời"},
        }
        deleted = comment(103, None, None, [comment(104, "Còn câu trả lời của em")])
        self.comments: dict[int, list[Comment]] = {
            100: [comment(101, "Giá <i>cao</i> quá", "mai", [comment(102, "Đúng vậy &amp; hay rách")]), deleted],
            200: [comment(201, "Tốn nước")],
        }

    def _count(self, children: list[Comment]) -> int:
        return sum(bool(one["text"]) + self._count(one["children"]) for one in children)

    def answer(self, path: str, query: Query) -> Any:
        if path.startswith("/items/"):
            return self._item(int(path.removeprefix("/items/")))
        if path != "/search_by_date":
            return None
        if "comment" in query["tags"] and "author_mai" in query["tags"]:
            return {"hits": [self._said(101, 100), self._said(201, 200)], "nbHits": 2, "page": 0, "nbPages": 1}
        numbers = sorted(self.stories, reverse=True)
        for bound in query.get("numericFilters", "").split(","):
            if bound.startswith("created_at_i<"):
                numbers = [one for one in numbers if START + one < int(bound.partition("<")[2])]
        return {"hits": [self._hit(one) for one in numbers[: int(query["hitsPerPage"])]], "page": 0, "nbPages": 1}

    def _hit(self, number: int) -> dict[str, Any]:
        story = self.stories[number]
        return {
            "objectID": str(number),
            "title": story["title"],
            "url": story.get("url"),
            "author": story["author"],
            "points": 7,
            "story_text": story.get("text"),
            "num_comments": self._count(self.comments.get(number, [])),
            "created_at_i": START + number,
            "_tags": ["story", f"author_{story['author']}", f"story_{number}"],
        }

    def _said(self, number: int, story: int) -> dict[str, Any]:
        one = next(one for one in self.comments[story] if one["id"] == number)
        return {
            "objectID": str(number),
            "author": one["author"],
            "comment_text": one["text"],
            "story_id": story,
            "story_title": self.stories[story]["title"],
            "parent_id": story,
            "created_at_i": START + number,
        }

    def _item(self, number: int) -> Any:
        if number == 102:
            return {**self.comments[100][0]["children"][0], "story_id": 100, "parent_id": 101}
        if number not in self.stories:
            return told({"status": 404, "error": "Not Found"}, 404)
        story = self.stories[number]
        children = [{**one, "parent_id": number} for one in self.comments.get(number, [])]
        for one in children:
            one["children"] = [{**child, "parent_id": one["id"]} for child in one["children"]]
        item = {
            "id": number,
            "type": "story",
            "title": story["title"],
            "author": story["author"],
            "text": story.get("text"),
        }
        return item | {"url": story.get("url"), "points": 7, "created_at_i": START + number, "children": children}


@pytest.fixture
def news() -> Iterator[LittleNews]:
    with LittleNews() as api:
        yield api


def source(api: LittleApi, path: str = "newest", **fields: object) -> dict[str, object]:
    return {"url": f"https://news.ycombinator.com/{path}", "api": api.url, **fields}


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("https://news.ycombinator.com/item?id=100", True),
        ("https://news.ycombinator.com/", True),
        ("https://news.ycombinator.com/ask", True),
        ("https://news.ycombinator.com/user?id=lan", True),
        ("https://news.ycombinator.com/threads?id=lan", True),
        ("https://news.ycombinator.com/from?site=shop.example", True),
        ("https://hn.algolia.com/?q=diapers", True),
        ("https://news.ycombinator.com/login?goto=news", False),
        ("https://news.ycombinator.com.example/newest", False),
        ("https://hn.algolia.com/about", False),
    ],
)
def test_its_addresses_are_known_without_asking(url: str, known: bool) -> None:
    assert HackerNews().knows(url) is known


def test_a_list_brings_every_story_with_its_tree(study: StudyFolder, news: LittleNews) -> None:
    [result] = study.write([source(news)]).crawl()
    assert (result["kind"], result["engine"], result["threads"], result["posts_new"]) == ("forum", "hackernews", 3, 7)
    assert news.calls() == ["/search_by_date", "/items/200", "/items/100"], "no request where nobody has answered"
    rows = dict(study.rows("select replace(post_id, rtrim(post_id, '0123456789'), ''), text from posts"))
    assert rows["100"] == "They leak.\n\nNo."
    assert rows["200"] == "Bỉm vải tự giặt", "a link has no words but its title"
    assert "103" not in rows
    assert rows["104"] == "Còn câu trả lời của em"
    [(quoted, likes)] = study.rows("select quoted, likes from posts where url like '%id=100'")
    assert (quoted, likes) == ("dry all night", 7)
    [(reply,)] = study.rows("select reply_to from posts where url like '%id=102'")
    assert reply.endswith("101")


def test_later_only_discussions_that_moved_are_asked_for(study: StudyFolder, news: LittleNews) -> None:
    study.write([source(news)]).crawl()
    news.comments[200].append(comment(202, "Em thì thấy đỡ tốn"))
    news.asked.clear()
    [result] = study.crawl()
    assert (result["posts_new"], news.calls()) == (1, ["/search_by_date", "/items/200"])


def test_the_address_of_a_comment_brings_its_whole_discussion(study: StudyFolder, news: LittleNews) -> None:
    [result] = study.write([source(news, "item?id=102")]).crawl()
    assert (result["threads"], result["posts_new"]) == (1, 4)
    assert news.calls() == ["/items/102", "/items/100"]
    news.comments[100].append(comment(105, "Mới"))
    [result] = study.crawl()
    assert result["posts_new"] == 1


def test_a_persons_comments_bring_the_discussions_they_stand_in(study: StudyFolder, news: LittleNews) -> None:
    [result] = study.write([source(news, "threads?id=mai")]).crawl()
    assert (result["threads"], result["posts_new"]) == (2, 6)
    news.asked.clear()
    study.crawl()
    assert news.calls() == ["/search_by_date"]


def test_a_long_list_is_walked_by_time(study: StudyFolder, news: LittleNews) -> None:
    for number in range(1_000, 1_150):
        news.stories[number] = {"title": f"Tin {number}", "author": "ha"}
    [result] = study.write([source(news, since="2026-05")]).crawl()
    assert result["threads"] == 153
    assert news.calls().count("/search_by_date") == 2


def test_of_one_site_only_its_own_stories_are_taken(study: StudyFolder, news: LittleNews) -> None:
    news.stories[400] = {"title": "Chỗ khác", "author": "ha", "url": "https://shop-example.net/"}
    [result] = study.write([source(news, "from?site=shop.example")]).crawl()
    assert result["threads"] == 1


def test_a_discussion_that_is_gone_is_told(study: StudyFolder, news: LittleNews) -> None:
    [result] = study.write([source(news, "item?id=999")]).crawl(code=1)
    assert result["reason"]["key"] == "gone"


def test_being_asked_to_wait_is_obeyed(study: StudyFolder, news: LittleNews) -> None:
    news.failing["/items/200"] = [Answer("slow down", 429, {"Retry-After": "1"})]
    [result] = study.write([source(news)]).crawl()
    assert result["posts_new"] == 7
    assert news.calls().count("/items/200") == 2
