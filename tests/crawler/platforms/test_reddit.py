"""Reddit by its API, answering as www.reddit.com/dev/api is documented. Communities, people and words are invented."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from crawler.platforms.base import Answer as Answered
from crawler.platforms.base import Call, Place
from crawler.platforms.reddit import Reddit
from tests.conftest import StudyFolder
from tests.servers.little_api import TOKEN, LittleApi, Query, told

Thing = dict[str, Any]
START = 1_780_000_000.0


def listing(children: list[Thing], after: str | None = None) -> Thing:
    return {"kind": "Listing", "data": {"after": after, "before": None, "children": children, "dist": len(children)}}


def more(children: list[str], parent: str) -> Thing:
    return {
        "kind": "more",
        "data": {"count": len(children), "id": (children or ["_"])[0], "parent_id": parent, "children": children},
    }


def comment(
    key: str, words: str, parent: str, author: str = "mai_9", replies: list[Thing] | None = None, **fields: Any
) -> Thing:
    gone = words in ("[deleted]", "[removed]")
    data = {
        "id": key,
        "name": f"t1_{key}",
        "parent_id": parent,
        "link_id": "t3_aa1",
        "author": author,
        "body": words,
        "body_html": words if gone else f'<div class="md"><p>{words}</p>\n</div>',
        "created_utc": START + int(key[-1], 36),
        "edited": False,
        "score": 3,
        "score_hidden": False,
        "permalink": f"/r/bimta/comments/aa1/x/{key}/",
        "replies": listing(replies) if replies else "",
    }
    return {"kind": "t1", "data": data | fields}


class LittleBoard(LittleApi):
    """A community of three posts, the first with a tree that holds something back."""

    def __init__(self) -> None:
        super().__init__()
        self.headers = {"X-Ratelimit-Used": "1", "X-Ratelimit-Remaining": "98.0", "X-Ratelimit-Reset": "400"}
        self.posts = [
            self.post("aa1", "Bỉm nào cho đêm?", "Tràn hoài.", num_comments=6),
            self.post("aa2", "Giảm giá 30%", "", num_comments=0, score=-2),
            self.post("aa3", "Hỏi chút", "[removed]", num_comments=1, author="[deleted]"),
        ]
        quoted = '<div class="md"><blockquote>\n<p>Tràn hoài.</p>\n</blockquote>\n\n<p>Thử loại quần đi</p>\n</div>'
        deep = comment("c2", "Cảm ơn chị", "t1_c1", author="lan_1", replies=[more([], "t1_c2")], edited=START + 99)
        self.tree = [
            comment("c1", "x", "t3_aa1", body_html=quoted, replies=[deep]),
            comment("c3", "[deleted]", "t3_aa1", author="[deleted]", replies=[comment("c4", "Sao xóa vậy?", "t1_c3")]),
            more(["c5", "c6"], "t3_aa1"),
        ]

    @staticmethod
    def post(key: str, title: str, words: str, **fields: Any) -> Thing:
        html = (
            words
            if words in ("", "[removed]")
            else f'<!-- SC_OFF --><div class="md"><p>{words}</p>\n</div><!-- SC_ON -->'
        )
        data = {
            "id": key,
            "name": f"t3_{key}",
            "title": title,
            "selftext": words,
            "selftext_html": html or None,
            "author": "lan_1",
            "subreddit": "bimta",
            "created_utc": START + int(key[-1]),
            "edited": False,
            "score": 12,
            "over_18": False,
            "permalink": f"/r/bimta/comments/{key}/x/",
            "link_flair_text": "Hỏi đáp",
        }
        return {"kind": "t3", "data": data | fields}

    def answer(self, path: str, query: Query) -> Any:
        if self.asked[-1].headers.get("Authorization") != f"Bearer {TOKEN}":
            return told({"message": "Unauthorized", "error": 401}, 401)
        if path in ("/r/bimta/new", "/user/lan_1/submitted"):
            at = (
                0
                if "after" not in query
                else [f"t3_{one['data']['id']}" for one in self.posts].index(query["after"]) + 1
            )
            page = self.posts[at : at + 2]
            return listing(page, page[-1]["data"]["name"] if at + 2 < len(self.posts) else None)
        if path == "/user/mai_9/comments":
            return listing([{**self.tree[0], "data": {**self.tree[0]["data"], "link_title": "Bỉm nào cho đêm?"}}])
        if path == "/api/morechildren":
            things = [comment(key, f"Ý {key}", "t3_aa1") for key in query["children"].split(",")]
            return {"json": {"errors": [], "data": {"things": things}}}
        post = next((one for one in self.posts if path == f"/comments/{one['data']['id']}"), None)
        if post is None:
            return told({"message": "Not Found", "error": 404}, 404)
        if "comment" in query:
            return [
                listing([post]),
                listing([comment("c2", "Cảm ơn chị", "t1_c1", replies=[comment("c9", "Sâu quá", "t1_c2")])]),
            ]
        return [listing([post]), listing(self.tree if path.endswith("aa1") else [])]


@pytest.fixture
def board() -> Iterator[LittleBoard]:
    with LittleBoard() as api:
        yield api


def source(api: LittleApi, path: str = "r/bimta/", token: str = "${REDDIT}", **fields: object) -> dict[str, object]:
    return {"url": f"https://www.reddit.com/{path}", "api": api.url, "token": token, **fields}


@pytest.fixture
def member(study: StudyFolder) -> StudyFolder:
    """A study with a token in its environment."""
    study.environment["REDDIT"] = TOKEN
    return study


def test_a_community_is_read_with_its_trees(member: StudyFolder, board: LittleBoard) -> None:
    [result] = member.write([source(board)]).crawl()
    assert (result["kind"], result["engine"], result["threads"]) == ("forum", "reddit", 3)
    rows = {row[0]: row[1:] for row in member.rows("select url, text, quoted, likes, author_id, edited_at from posts")}
    texts = {row[0] for row in rows.values()}
    assert {"Tràn hoài.", "Thử loại quần đi", "Cảm ơn chị", "Sao xóa vậy?", "Ý c5", "Ý c6", "Sâu quá"} <= texts
    assert "[deleted]" not in texts
    assert texts >= {"Giảm giá 30%", "Hỏi chút"}, "a post without words, or whose words were removed, is its title"
    [first] = [row for row in rows.values() if row[0] == "Thử loại quần đi"]
    assert first[1] == "Tràn hoài."
    assert next(row for row in rows.values() if row[0] == "Giảm giá 30%")[2] == -2
    assert next(row for row in rows.values() if row[0] == "Hỏi chút")[3] is None
    [(reply,)] = member.rows("select reply_to from posts where text = 'Sâu quá'")
    assert reply.endswith("t1_c2")
    assert TOKEN.encode() not in member.database.read_bytes()


def test_later_only_discussions_that_moved_are_asked_for(member: StudyFolder, board: LittleBoard) -> None:
    member.write([source(board)]).crawl()
    board.asked.clear()
    member.crawl()
    assert board.calls() == ["/r/bimta/new"]
    board.posts.insert(0, board.post("aa4", "Mới", "Vừa mua", num_comments=0))
    board.posts[1]["data"]["num_comments"] = 7
    board.tree.append(comment("c7", "Em vừa thử", "t3_aa1"))
    [result] = member.crawl()
    assert result["posts_new"] == 2


@pytest.mark.parametrize(
    ("path", "posts"),
    [("r/bimta/comments/aa1/x/", 7), ("user/lan_1", 9), ("user/mai_9/comments/", 7), ("comments/aa2", 1)],
)
def test_single_posts_and_people_are_read_too(member: StudyFolder, board: LittleBoard, path: str, posts: int) -> None:
    [result] = member.write([source(board, path)]).crawl()
    assert result["posts_new"] == posts


def test_without_a_token_it_is_told_where_to_get_one(study: StudyFolder, board: LittleBoard) -> None:
    [result] = study.write([{"url": "https://www.reddit.com/r/bimta/", "api": board.url}]).crawl(code=1)
    assert result["reason"]["key"] == "platforms.reddit.no_token"
    assert board.asked == []


@pytest.mark.parametrize(
    ("status", "body", "key"),
    [
        (401, {"message": "Unauthorized", "error": 401}, "platforms.reddit.token"),
        (403, {"reason": "private", "message": "Forbidden", "error": 403}, "platforms.reddit.private"),
        (403, {"reason": "quarantined", "quarantine_message": "…", "error": 403}, "platforms.reddit.quarantined"),
        (403, {"message": "Forbidden", "error": 403}, "platforms.reddit.refused"),
        (404, {"reason": "banned", "message": "Not Found", "error": 404}, "platforms.reddit.banned"),
        (302, {}, "platforms.reddit.gone"),
        (503, {"message": "Service Unavailable", "error": 503}, "server_error"),
    ],
)
def test_every_refusal_has_its_sentence(status: int, body: Thing, key: str) -> None:
    call, place = (
        Call("https://oauth.reddit.com/r/bimta/new"),
        Place("https://www.reddit.com/r/bimta/", "https://oauth.reddit.com"),
    )
    answer = told(body, status)
    assert isinstance(answer.body, str)
    reading = Reddit().read_error(call, Answered(status, call.url, {}, answer.body.encode()), place)
    reason = reading.problem or reading.stop
    assert reason is not None
    assert reason.key == key
    assert reason.sentence()


def test_a_used_up_period_is_waited_for() -> None:
    call, place = (
        Call("https://oauth.reddit.com/r/x/new"),
        Place("https://www.reddit.com/r/x/", "https://oauth.reddit.com"),
    )
    headers = {"x-ratelimit-remaining": "0.0", "x-ratelimit-reset": "77"}
    body = told(listing([])).body
    assert isinstance(body, str)
    assert Reddit().read(call, Answered(200, call.url, headers, body.encode()), place).wait == 78
    reading = Reddit().read_error(call, Answered(429, call.url, headers, b'{"message": "Too Many Requests"}'), place)
    assert (reading.wait, reading.instead) == (78, call)


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("https://www.reddit.com/r/bimta/", True),
        ("https://old.reddit.com/r/bimta/top/?t=year", True),
        ("https://www.reddit.com/r/bimta/search/?q=tràn", True),
        ("https://redd.it/aa1b2c", True),
        ("https://www.reddit.com/u/lan_1/", True),
        ("https://www.reddit.com/policies/privacy-policy", False),
        ("https://reddit.com.example/r/bimta/", False),
    ],
)
def test_its_addresses_are_known_without_asking(url: str, known: bool) -> None:
    assert Reddit().knows(url) is known
