"""What any platform makes of answers that no documentation publishes: a sentence, or nothing, and never a fault of ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.platforms import platforms
from crawler.platforms.base import Answer, Call, Place, Platform, Reading
from data.errors import UnreadablePageError
from data.words import tell
from tests.servers.little_api import HOSTILE, told

ADDRESSES = {
    "appstore": ["https://apps.apple.com/vn/app/me-bim/id123456789"],
    "bluesky": [
        "https://bsky.app/profile/lan.example.com",
        "https://bsky.app/profile/lan.example.com/post/3kabc",
        "https://bsky.app/search?q=bim",
    ],
    "hackernews": ["https://news.ycombinator.com/item?id=1", "https://news.ycombinator.com/ask"],
    "mastodon": ["https://social.example/@lan", "https://social.example/@lan/1234567"],
    "reddit": ["https://www.reddit.com/r/bim/", "https://www.reddit.com/r/bim/comments/abc1/bim/"],
    "stackexchange": ["https://parenting.stackexchange.com/questions/tagged/diapers"],
}
#: Further calls that lie behind the first ones.
BEHIND = {
    "appstore": [Call("https://api.example/vn/rss/customerreviews/page=1/id=1/sortby=mostrecent/json", "stream")],
    "bluesky": [
        Call("https://api.example/xrpc/app.bsky.feed.getPostThread?uri=x", "comments", thread_id="did:plc:a/b")
    ],
    "hackernews": [Call("https://api.example/items/1", "comments", thread_id="1")],
    "mastodon": [
        Call("https://api.example/api/v1/accounts/1/statuses"),
        Call("https://api.example/api/v1/statuses/1/context", "comments", thread_id="1"),
    ],
    "reddit": [
        Call("https://api.example/comments/1", "comments", thread_id="1"),
        Call("https://api.example/api/morechildren?x=1", "replies", thread_id="1"),
    ],
    "stackexchange": [Call("https://api.example/questions?page=1")],
}
ODD = {
    **HOSTILE,
    "right names, wrong types": lambda: told(
        {
            "feed": {"entry": [{"id": {"label": 3}, "im:rating": {"label": "9"}}, None], "link": 5},
            "results": [None, {"trackName": {}}],
            "hits": [{"objectID": [], "title": 3}, {"objectID": "1", "title": "x", "created_at_i": "never"}],
            "thread": {"post": {"uri": 5, "record": [], "author": "x"}, "replies": {"0": 1}},
            "posts": [{"uri": "at://did:plc:a/app.bsky.feed.post/b", "record": None}],
            "id": {"a": 1},
            "ancestors": [None, 3],
            "descendants": [{"id": "x y", "account": [], "content": 7}],
            "items": [{"question_id": 5, "title": "x", "answers": 3, "comments": "y", "tags": {"a": 1}, "score": "z"}],
            "has_more": True,
            "backoff": "long",
            "json": {"data": {"things": [{"kind": "more", "data": {"children": 4}}, {"kind": "t1", "data": []}]}},
            "data": {
                "children": [{"kind": "t3", "data": {"id": "/../", "title": "x"}}, {"kind": "t1", "data": {}}],
                "after": 5,
            },
            "cursor": {"x": 1},
        }
    ),
    "two listings of nothing": lambda: told([{"data": {"children": [None]}}, {"data": {"children": [{"kind": "t1"}]}}]),
    "a tree without an end": lambda: told({"id": 1, "children": [{"id": 2, "text": "a", "children": [{}] * 3}] * 3}),
}


def cases() -> Iterator[tuple[Platform, Place, Call]]:
    for platform in platforms():
        for url in ADDRESSES.get(platform.name, ()):
            place = Place(url, "https://api.example")
            for call in (*platform.start(place), *BEHIND[platform.name]):
                yield platform, place, call


def answer(call: Call, kind: str, status: int) -> Answer:
    made = ODD[kind]()
    body = made.body.encode() if isinstance(made.body, str) else made.body
    return Answer(
        status,
        call.url,
        {"x-ratelimit-reset": "soon", "link": "<>; rel=next"},
        body,
        at=datetime(2026, 6, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize("kind", ODD)
def test_an_odd_answer_ends_in_a_sentence_or_in_nothing(kind: str) -> None:
    for platform, place, call in cases():
        for status in (200, 400, 401, 403, 404, 410, 422, 429, 500, 503):
            try:
                reading = (platform.read if status == 200 else platform.read_error)(
                    call, answer(call, kind, status), place
                )
            except UnreadablePageError:
                continue
            assert all(post.post_id for thread in reading.threads for post in thread.posts)
            said = [
                reason.sentence() for reason in (reading.problem, reading.stop, reading.skip, *reading.notes) if reason
            ]
            assert all(said), (platform.name, status)
            assert status == 200 or said or reading.instead or platform.name == "appstore", (
                platform.name,
                status,
                reading,
            )


def test_every_platform_here_has_its_addresses_known_and_nobody_elses() -> None:
    for platform in platforms():
        for name, addresses in ADDRESSES.items():
            for url in addresses:
                assert platform.knows(url) == (platform.name == name), (platform.name, url)
        assert not platform.knows("https://forum.example/t/bim/12")
        assert not platform.knows("https://www.youtube.com/@lan") or platform.name == "youtube"


def test_a_platform_that_wants_a_token_says_where_to_get_one() -> None:
    for platform in platforms():
        if platform.needs_token:
            assert "token:" in tell(f"platforms.{platform.name}.no_token", url="https://x.example")


def test_a_wait_is_never_negative_nor_forgotten() -> None:
    for platform, place, call in cases():
        reading: Reading = platform.read_error(call, answer(call, "an empty object", 429), place)
        if platform.name != "stackexchange":  # which says its throttling in the body
            assert reading.wait > 0, platform.name
            assert reading.instead == replace(call), platform.name
