"""What a blog's REST API answers with, as entries; the real thing is crawled in test_real_site.py."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawler.engines.document import Document
from crawler.feeds import comments_of, discussions, read_feed
from crawler.feeds_wordpress import is_wordpress_rest, whole
from crawler.identify import identify
from data.records import Page

BLOG = "https://blog.example"


def _comment(number: int, parent: int = 0, **more: Any) -> dict[str, Any]:
    article = {"id": 12, "link": f"{BLOG}/ta-vai/", "title": {"rendered": "Tã vải &amp; tã giấy"}}
    return {
        "id": number,
        "post": 12,
        "parent": parent,
        "author_name": f"Khách {number}",
        "date": "2026-03-01T15:00:00",
        "date_gmt": f"2026-03-01T08:{number:02}:00",
        "link": f"{BLOG}/ta-vai/#comment-{number}",
        "content": {"rendered": f"<p>Bình luận số {number}</p>"},
        "_embedded": {"up": [article]},
    } | more


def _doc(listed: object, query: str = "", what: str = "comments") -> Document:
    url = f"{BLOG}/wp-json/wp/v2/{what}{query}"
    return Document(Page(url, json.dumps(listed).encode(), 200, "application/json; charset=UTF-8"))


def test_comments_stand_below_their_article() -> None:
    [entry] = discussions(read_feed(_doc([_comment(2, parent=1), _comment(1)]))).entries
    assert (entry.thread.title, entry.thread.url) == ("Tã vải & tã giấy", f"{BLOG}/ta-vai/")
    first, second = entry.thread.posts
    assert (first.text, first.author, first.reply_to) == ("Bình luận số 1", "Khách 1", None)
    assert second.reply_to == first.post_id
    assert str(second.posted_at) == "2026-03-01 08:02:00+00:00"


def test_a_full_page_has_another_behind_it() -> None:
    listed = [_comment(number) for number in range(1, 11)]
    assert read_feed(_doc(listed)).next_url == f"{BLOG}/wp-json/wp/v2/comments?page=2"
    assert (
        read_feed(_doc(listed, "?per_page=10&page=4")).next_url == f"{BLOG}/wp-json/wp/v2/comments?per_page=10&page=5"
    )
    assert read_feed(_doc(listed[:9])).next_url is None
    assert whole(f"{BLOG}/wp-json/wp/v2/comments") == f"{BLOG}/wp-json/wp/v2/comments?per_page=100&_embed=up,author"
    assert whole(f"{BLOG}/feed/") == f"{BLOG}/feed/"


def test_an_article_names_where_its_comments_are() -> None:
    article = {
        "id": 12,
        "link": f"{BLOG}/ta-vai/",
        "title": {"rendered": "Tã vải"},
        "content": {"rendered": "<p>Dùng ba tháng rồi.</p>"},
        "date_gmt": "2026-03-01T08:00:00",
        "modified_gmt": "2026-03-02T08:00:00",
        "_embedded": {"author": [{"name": "Mẹ Na"}]},
    }
    [entry] = read_feed(_doc([article], "?per_page=100&page=3", "posts")).entries
    [post] = entry.thread.posts
    assert (post.text, post.author, str(post.edited_at)) == ("Dùng ba tháng rồi.", "Mẹ Na", "2026-03-02 08:00:00+00:00")
    assert entry.replies_url == f"{BLOG}/wp-json/wp/v2/comments?post=12&order=asc&page=1&per_page=100"
    thread, following = comments_of(_doc([_comment(1)]), entry.thread)
    assert (len(thread.posts), following) == (1, None)


def test_it_is_told_from_other_json() -> None:
    assert identify(_doc([_comment(1)])).kind == "feed"
    assert is_wordpress_rest(_doc([]))
    assert not is_wordpress_rest(_doc({"code": "rest_forbidden"}))
    assert not is_wordpress_rest(_doc([{"id": 1}]))
    assert not is_wordpress_rest(_doc([_comment(1)], what="pages"))


@pytest.mark.parametrize(
    "odd",
    [
        {"link": None},
        {"link": "javascript:alert(1)"},
        {"content": None},
        {"author_name": 5},
        {"date_gmt": "gestern"},
        {"parent": "x"},
        {"_embedded": {"up": [{"code": "rest_post_invalid_id"}]}},
        {"_embedded": []},
    ],
)
def test_odd_answers_cost_nothing_but_themselves(odd: dict[str, Any]) -> None:
    posts = [
        post
        for entry in discussions(read_feed(_doc([_comment(1, **odd), _comment(2)]))).entries
        for post in entry.thread.posts
    ]
    assert "Bình luận số 2" in {post.text for post in posts}
    assert all(post.url is None or post.url.startswith("https://") for post in posts)
