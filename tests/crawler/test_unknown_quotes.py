"""On boards that nobody knows: whose words are quoted, what a post answers, and what is nobody's words. Everything is fiction."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html

from crawler.engines.members import details, is_gone
from crawler.engines.quoting import who_heads
from tests.crawler.test_unknown_pages import cases, read


def posts_of(name: str) -> list[dict[str, Any]]:
    posts: list[dict[str, Any]] = read("threads", name, cases("threads")[name]["url"])["posts"]
    return posts


#: For each post of a page, whom it quotes, and which of the page's posts it answers.
QUOTED: dict[str, list[tuple[str | None, int | None]]] = {
    "quoting-most": [(None, None), ("Cô Út", 0), ("bep_nho", 1), ("Thịnh 79", 2), ("Cô Út", 3)],
    "quoting-all-last-page": [("Greta", None), ("marlow", 0), ("Greta", 1)],
    "opening-quoted-by-answer": [(None, None), (None, None), ("Ned Fisk", 0), (None, None)],
    "one-answer-quoting": [("Hai Bugi", None)],
    "quoted-person-linked": [(None, None), ("Năm Cần Câu", 0), ("Bảy Mồi", 1), ("Năm Cần Câu", 2)],
    "cite-and-one-answer": [("shuttle_bob", None)],
    "wrote-on-heads-posts": [(None, None), (None, None), ("gnome44", 1), (None, None)],
    "told-what-was-said": [(None, None), (None, None), ("Ba Khoai", 1), (None, None)],
}


@pytest.mark.parametrize("name", QUOTED)
def test_a_line_above_a_block_says_whom_a_post_quotes(name: str) -> None:
    posts = posts_of(name)
    for post, (whom, answered) in zip(posts, QUOTED[name], strict=True):
        assert (post["quoted"] is None) == (whom is None), post
        assert whom is None or post["text"].startswith(f"> {whom}:\n> "), post
        assert post["author"] != whom
        assert post["reply_to"] == (None if answered is None else posts[answered]["post_id"])


def test_a_board_that_shows_its_members_beside_their_posts_quotes_nobody() -> None:
    assert [post["quoted"] for post in posts_of("member-column-details")] == [None] * 3


def test_the_answers_in_a_tree_answer_the_post_around_them() -> None:
    posts = posts_of("comment-tree-ul")
    place = {post["post_id"]: at for at, post in enumerate(posts)}
    assert [place.get(post["reply_to"]) for post in posts] == [None, 0, 0, None, 3]


@pytest.mark.parametrize(
    "words",
    [
        "[Bình luận đã bị xóa]",
        "[đã xoá]",
        "Bài viết này đã bị xóa bởi điều hành viên",
        "[deleted]",
        "(removed)",
        "This post was deleted by a moderator.",
    ],
)
def test_what_stands_for_a_deleted_post_is_no_post(words: str) -> None:
    assert is_gone(words)


@pytest.mark.parametrize("words", ["đã xóa", "deleted", "Mình đã xóa bài viết cũ rồi nhé", "I removed the seal."])
def test_words_of_somebody_who_deleted_something_are_a_post(words: str) -> None:
    assert not is_gone(words)


def test_details_of_members_are_those_that_most_blocks_give() -> None:
    blocks: list[dict[Any, list[str]]] = [
        {1: ["Lan", "Thành viên mới"], 2: ["Tham gia: 10/02/2019"], 3: ["Bài viết:"], 4: ["56"], 5: ["Giá: 50k"]},
        {1: ["Hoa"], 2: ["Tham gia: 11/03/2020"], 3: ["Bài viết:"], 4: ["7"], 5: ["Đến từ: chợ huyện"]},
    ]
    found = details(blocks)
    assert found == {"Thành viên mới", "Tham gia: 10/02/2019", "Tham gia: 11/03/2020", "Bài viết:", "56", "7"}


@pytest.mark.parametrize(("markup", "name"), [("<cite>vân_anh</cite>", "vân_anh"), ("<div>vân_anh</div>", None)])
def test_a_cite_alone_names_the_quoted(markup: str, name: str | None) -> None:
    assert who_heads(html.fromstring(markup)) == name
