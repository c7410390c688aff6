"""Bluesky by the public API of its network, answering as its lexicons (app.bsky.feed) say. People and words are invented."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from crawler.platforms.base import Answer as Answered
from crawler.platforms.base import Call, Place
from crawler.platforms.bluesky import Bluesky
from tests.conftest import StudyFolder
from tests.servers.little_api import TOKEN, LittleApi, Query, told
from tests.servers.site import Answer

PEOPLE = {"did:plc:lan": "lan.example.com", "did:plc:mai": "mai.example.com", "did:plc:an": "an.example.com"}
View = dict[str, Any]


def uri(did: str, key: str) -> str:
    return f"at://{did}/app.bsky.feed.post/{key}"


class LittleSky(LittleApi):
    """Posts by key, with who answered what."""

    def __init__(self) -> None:
        super().__init__()
        self.views: dict[str, View] = {}
        self.write("3ka", "Bỉm loại nào không hăm?", likes=4)
        self.write(
            "3kb", "Xem bài này", embed={"$type": "app.bsky.embed.record#view", "record": self.quote("Bỉm tràn cả đêm")}
        )
        self.write("3kc", "Dùng hàng Nhật đi chị", did="did:plc:mai", to="3ka")
        self.write("3kd", "Đắt lắm", to="3kc")
        self.write("3ke", "Không muốn ai thấy", did="did:plc:an", to="3ka")
        self.views["3ke"]["author"]["labels"] = [{"val": "!no-unauthenticated"}]

    @staticmethod
    def quote(text: str) -> View:
        author = {"did": "did:plc:mai", "handle": "mai.example.com", "labels": []}
        return {
            "$type": "app.bsky.embed.record#viewRecord",
            "uri": uri("did:plc:mai", "3kz"),
            "author": author,
            "value": {"text": text},
        }

    def write(self, key: str, text: str, did: str = "did:plc:lan", to: str | None = None, **fields: Any) -> None:
        moment = f"2026-06-{len(self.views) + 1:02}T02:00:00.000Z"
        record: View = {"$type": "app.bsky.feed.post", "text": text, "createdAt": moment, "langs": ["vi"]}
        if to:
            root = to
            while "reply" in self.views[root]["record"]:
                root = self.views[root]["record"]["reply"]["parent"]["uri"].rsplit("/", 1)[1]
            record["reply"] = {
                name: {"uri": self.views[key]["uri"], "cid": "x"} for name, key in (("root", root), ("parent", to))
            }
            self.views[to]["replyCount"] += 1
        self.views[key] = {
            "uri": uri(did, key),
            "cid": "bafy",
            "author": {"did": did, "handle": PEOPLE[did], "displayName": "X", "labels": []},
            "record": record,
            "replyCount": 0,
            "repostCount": 1,
            "likeCount": fields.get("likes", 0),
            "indexedAt": moment,
            "labels": [],
        } | ({"embed": fields["embed"]} if "embed" in fields else {})

    def answer(self, path: str, query: Query) -> Any:
        method = path.removeprefix("/xrpc/app.bsky.feed.")
        if method == "getAuthorFeed":
            if query["actor"] not in ("lan.example.com", "did:plc:lan"):
                return told({"error": "InvalidRequest", "message": "Profile not found"}, 400)
            roots = [one for one in self.views.values() if "reply" not in one["record"]][::-1]
            at = int(query.get("cursor", "0"))
            boost = {"post": self.views["3kc"], "reason": {"$type": "app.bsky.feed.defs#reasonRepost"}}
            page: View = {"feed": [{"post": one} for one in roots[at : at + 1]] + ([boost] if at == 0 else [])}
            return page | ({"cursor": str(at + 1)} if at + 1 < len(roots) else {})
        if method == "searchPosts":
            return {"posts": [self.views["3ka"]]} if self.asked[-1].headers.get("Authorization") else None
        key = query.get("uri", "").rsplit("/", 1)[-1]
        if method != "getPostThread" or key not in self.views:
            return told({"error": "NotFound", "message": f"Post not found: {query.get('uri')}"}, 400)
        return {"thread": self.tree(key)}

    def tree(self, key: str) -> View:
        below = [
            self.tree(other)
            for other, view in self.views.items()
            if view["record"].get("reply", {}).get("parent", {}).get("uri") == self.views[key]["uri"]
        ]
        if key == "3ka":
            below.append({"$type": "app.bsky.feed.defs#notFoundPost", "uri": "at://x", "notFound": True})
        return {"$type": "app.bsky.feed.defs#threadViewPost", "post": self.views[key], "replies": below}


@pytest.fixture
def sky() -> Iterator[LittleSky]:
    with LittleSky() as api:
        yield api


def source(api: LittleApi, path: str = "profile/lan.example.com", **fields: object) -> dict[str, object]:
    return {"url": f"https://bsky.app/{path}", "api": api.url, **fields}


def test_an_account_is_read_with_its_conversations(study: StudyFolder, sky: LittleSky) -> None:
    [result] = study.write([source(sky)]).crawl()
    assert (result["kind"], result["engine"], result["threads"], result["posts_new"]) == ("fanpage", "bluesky", 2, 4)
    rows = {
        row[0].rsplit("/", 1)[1]: row
        for row in study.rows("select url, text, likes, quoted, reply_to, post_id from posts")
    }
    assert set(rows) == {"3ka", "3kb", "3kc", "3kd"}, "neither reposts nor what asks to be seen by members only"
    assert rows["3ka"][2] == 4 + 1
    assert rows["3kb"][3] == "Bỉm tràn cả đêm"
    assert rows["3kd"][4] == rows["3kc"][5]
    assert rows["3kc"][0] == "https://bsky.app/profile/mai.example.com/post/3kc"


def test_later_only_conversations_that_moved_are_asked_for(study: StudyFolder, sky: LittleSky) -> None:
    study.write([source(sky)]).crawl()
    sky.write("3kf", "Em cũng muốn biết", did="did:plc:mai", to="3kb")
    sky.asked.clear()
    [result] = study.crawl()
    assert result["posts_new"] == 1
    assert sum("getPostThread" in call for call in sky.calls()) == 1


def test_the_address_of_an_answer_brings_the_whole_conversation(study: StudyFolder, sky: LittleSky) -> None:
    [result] = study.write([source(sky, "profile/lan.example.com/post/3kd")]).crawl()
    assert (result["threads"], result["posts_new"]) == (1, 3)


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("profile/nobody.example.com", "platforms.bluesky.gone"),
        ("profile/lan.example.com/post/3kzzz", "platforms.bluesky.gone"),
        ("profile/an.example.com/post/3ke", None),
    ],
)
def test_what_is_not_there_is_told(study: StudyFolder, sky: LittleSky, path: str, key: str | None) -> None:
    [result] = study.write([source(sky, path)]).crawl(code=1 if key else 0)
    assert (result["reason"] or {}).get("key") == key


def test_searching_wants_a_token(study: StudyFolder, sky: LittleSky) -> None:
    sky.failing["/xrpc/app.bsky.feed.searchPosts"] = [
        told({"error": "AuthMissing", "message": "Authentication Required"}, 401)
    ]
    [result] = study.write([source(sky, "search?q=bỉm")]).crawl(code=1)
    assert result["reason"]["key"] == "platforms.bluesky.search_needs_token"
    study.environment["BSKY"] = TOKEN
    [result] = study.write([source(sky, "search?q=bỉm", token="${BSKY}")]).crawl()
    assert result["posts_new"] == 3
    sky.failing["/xrpc/"] = [told({"error": "ExpiredToken", "message": "Token has expired"}, 400)]
    [result] = study.crawl(code=1)
    assert result["reason"]["key"] == "platforms.bluesky.expired"
    assert TOKEN.encode() not in study.database.read_bytes()


def test_being_asked_to_wait_is_obeyed(study: StudyFolder, sky: LittleSky) -> None:
    limit = {"ratelimit-limit": "3000", "ratelimit-remaining": "0", "ratelimit-reset": "1"}
    body = told({"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}, 429, limit)
    sky.failing["/xrpc/app.bsky.feed.getAuthorFeed"] = [body]
    [result] = study.write([source(sky)]).crawl()
    assert result["posts_new"] == 4


def test_answers_that_lie_too_deep_are_asked_for_apart(sky: LittleSky) -> None:
    tree = sky.tree("3ka")
    del tree["replies"][0]["replies"]
    body = told({"thread": tree}).body
    assert isinstance(body, str)
    place = Place("https://bsky.app/profile/lan.example.com", "https://public.example")
    call = Call(
        "https://public.example/xrpc/app.bsky.feed.getPostThread?uri=x", "comments", thread_id="did:plc:lan/3ka"
    )
    reading = Bluesky().read(call, Answered(200, call.url, {}, body.encode()), place)
    assert [post.text for post in reading.posts] == ["Dùng hàng Nhật đi chị"]
    [further] = reading.calls
    assert (further.what, further.thread_id) == ("replies", "did:plc:lan/3ka")
    assert "3kc" in further.url


def test_a_clock_ahead_of_the_networks_is_not_believed(sky: LittleSky) -> None:
    sky.views["3ka"]["record"]["createdAt"] = "2099-01-01T00:00:00Z"
    answer: Answer = told({"feed": [{"post": sky.views["3ka"]}]})
    assert isinstance(answer.body, str)
    place = Place("https://bsky.app/profile/lan.example.com", "https://public.example")
    call = Bluesky().start(place)[0]
    [thread] = Bluesky().read(call, Answered(200, call.url, {}, answer.body.encode()), place).threads
    assert str(thread.posts[0].posted_at) == "2026-06-01 02:00:00+00:00"
