"""Mastodon by an instance's API, answering as docs.joinmastodon.org says. Accounts and words are invented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawler.platforms import platform_of
from crawler.platforms.base import Answer as Answered
from crawler.platforms.base import Call, Place
from crawler.platforms.mastodon import Mastodon
from data.study import Source
from tests.conftest import StudyFolder
from tests.servers.little_api import TOKEN, LittleApi, Query, told
from tests.servers.site import Answer

Status = dict[str, Any]


class LittleInstance(LittleApi):
    """One account with posts, a boost, an answer to herself, and people who answer."""

    def __init__(self) -> None:
        super().__init__()
        self.statuses: dict[str, Status] = {}
        self.closed = False
        self.write(
            "11001",
            "<p>Tã dán hay tã quần?</p><p>Mẹ nào dùng rồi chỉ em với <a>#<span>bỉm</span></a></p>",
            tags=["bỉm"],
        )
        self.write("11002", "<p>Hôm nay trời đẹp</p>", favourites=0)
        self.write("11003", "<p>boost</p>", reblog={"id": "9", "content": "của người khác"})
        self.write("11004", "<p>Bé bị hăm đỏ cả mông</p>", spoiler="Ảnh hăm da", edited="2026-06-05T01:00:00.000Z")
        self.write("11005", "<p>Em dùng tã quần, &amp; ưng lắm</p>", by="mai@other.example", to="11001")
        self.write("11006", "<p>Giá sao chị?</p>", to="11005")

    def write(self, number: str, content: str, by: str = "lan", to: str | None = None, **fields: Any) -> None:
        people = {"lan": "501", "mai@other.example": "502"}
        author = next((one["account"]["id"] for key, one in self.statuses.items() if key == to), None)
        day = len(self.statuses) + 1
        self.statuses[number] = {
            "id": number,
            "created_at": f"2026-06-{day:02}T02:00:00.000Z",
            "edited_at": fields.get("edited"),
            "in_reply_to_id": to,
            "in_reply_to_account_id": author,
            "sensitive": False,
            "spoiler_text": fields.get("spoiler", ""),
            "visibility": "public",
            "url": f"https://{by.partition('@')[2] or 'here.example'}/@x/{number}",
            "replies_count": 0,
            "reblogs_count": 2,
            "favourites_count": fields.get("favourites", 5),
            "content": content,
            "reblog": fields.get("reblog"),
            "account": {"id": people.get(by, "599"), "username": by.partition("@")[0], "acct": by},
            "media_attachments": [],
            "tags": [{"name": name, "url": "https://here.example/tags/x"} for name in fields.get("tags", ())],
            "quote": fields.get("quote"),
        }
        if to in self.statuses:
            self.statuses[to]["replies_count"] += 1

    def answer(self, path: str, query: Query) -> Any:
        if path == "/api/v1/accounts/lookup":
            return (
                {"id": "501", "acct": "lan"} if query.get("acct") == "lan" else told({"error": "Record not found"}, 404)
            )
        if path in ("/api/v1/accounts/501/statuses", "/api/v1/timelines/tag/b%E1%BB%89m"):
            return self._timeline(path, query)
        number = path.removeprefix("/api/v1/statuses/").removesuffix("/context")
        if number not in self.statuses:
            return told({"error": "Record not found"}, 404)
        if not path.endswith("/context"):
            return self.statuses[number]
        return {"ancestors": self._above(number), "descendants": self._below(number)}

    def _timeline(self, path: str, query: Query) -> Answer:
        """Two a page, whatever is asked for, with the next page in the ``Link`` header."""
        if self.closed:
            return told({"error": "This method requires an authenticated user"}, 422)
        own = [one for one in self.statuses.values() if one["account"]["acct"] == "lan"]
        if "tag" in path:
            own = [one for one in self.statuses.values() if one["tags"]]
        if query.get("exclude_replies") == "true":
            own = [one for one in own if one["in_reply_to_account_id"] in (None, one["account"]["id"])]
        own = [one for one in own if not query.get("max_id") or one["id"] < query["max_id"]]
        own.sort(key=lambda one: one["id"], reverse=True)
        page, headers = own[:2], {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "299"}
        if len(own) > 2:
            headers["Link"] = (
                f'<{self.url}{path}?limit=40&max_id={page[-1]["id"]}>; rel="next", <{self.url}{path}?min_id=1>; rel="prev"'
            )
        return told(page, headers=headers)

    def _above(self, number: str) -> list[Status]:
        parent = self.statuses[number]["in_reply_to_id"]
        return [*self._above(parent), self.statuses[parent]] if parent else []

    def _below(self, number: str) -> list[Status]:
        found = []
        for key, one in self.statuses.items():
            if one["in_reply_to_id"] == number:
                found += [one, *self._below(key)]
        return found


@pytest.fixture
def instance() -> Iterator[LittleInstance]:
    with LittleInstance() as api:
        yield api


def test_an_account_is_read_with_its_conversations(study: StudyFolder, instance: LittleInstance) -> None:
    [result] = study.write([{"url": f"{instance.url}/@lan", "about": "An Nhiên"}]).crawl()
    assert (result["kind"], result["engine"], result["threads"], result["posts_new"]) == ("fanpage", "mastodon", 3, 5)
    rows = {
        row[0].rsplit("/", 1)[1]: row for row in study.rows("select url, text, likes, edited_at, reply_to from posts")
    }
    assert rows["11001"][1] == "Tã dán hay tã quần?\n\nMẹ nào dùng rồi chỉ em với #bỉm"
    assert rows["11004"][1] == "Ảnh hăm da\n\nBé bị hăm đỏ cả mông", "a content warning is the author's headline"
    assert rows["11004"][3] == "2026-06-05T01:00:00Z"
    assert rows["11001"][2] == 5 + 2
    assert rows["11006"][4].endswith("11005")
    assert "11003" not in rows, "a boost is somebody else's post"
    assert study.rows("select count(distinct author_id) from posts") == [(2,)]


def test_later_only_conversations_that_moved_are_asked_for(study: StudyFolder, instance: LittleInstance) -> None:
    study.write([{"url": f"{instance.url}/@lan"}]).crawl()
    instance.write("11007", "<p>Em cũng bị ạ</p>", by="mai@other.example", to="11004")
    instance.asked.clear()
    [result] = study.crawl()
    assert result["posts_new"] == 1
    assert [call.rsplit("/", 2)[1] for call in instance.calls() if call.endswith("/context")] == ["11004"]


def test_answers_to_young_posts_are_found_below_a_page_without_news(
    study: StudyFolder, instance: LittleInstance
) -> None:
    for number, one in enumerate(sorted(instance.statuses, reverse=True)):
        one_moment = datetime.now(UTC) - timedelta(hours=number + 1)
        instance.statuses[one]["created_at"] = one_moment.isoformat().replace("+00:00", "Z")
    study.write([{"url": f"{instance.url}/@lan"}]).crawl()
    instance.write("11007", "<p>Em mới dùng</p>", by="mai@other.example", to="11001")
    [result] = study.crawl()
    assert result["posts_new"] == 1


def test_one_post_is_read_with_what_stands_above_and_below_it(study: StudyFolder, instance: LittleInstance) -> None:
    [result] = study.write([{"url": f"{instance.url}/@mai@other.example/11005"}]).crawl()
    assert (result["threads"], result["posts_new"]) == (1, 3)
    instance.write("11008", "<p>Ba trăm một bịch</p>", by="mai@other.example", to="11006")
    [result] = study.crawl()
    assert result["posts_new"] == 1


def test_a_hashtag_is_read_where_the_study_names_the_api(study: StudyFolder, instance: LittleInstance) -> None:
    [result] = study.write([{"url": "https://here.example/tags/bỉm", "api": instance.url}]).crawl()
    assert (result["threads"], result["posts_new"]) == (1, 3)


def test_an_account_that_is_gone_is_told(study: StudyFolder, instance: LittleInstance) -> None:
    [result] = study.write([{"url": f"{instance.url}/@nobody"}]).crawl(code=1)
    assert result["reason"]["key"] == "platforms.mastodon.gone"


def test_a_closed_instance_is_told_with_what_may_help(study: StudyFolder, instance: LittleInstance) -> None:
    instance.closed = True
    [result] = study.write([{"url": f"{instance.url}/@lan"}]).crawl(code=1)
    assert result["reason"]["key"] == "platforms.mastodon.closed"
    assert "token" in result["reason"]["sentence"]


def test_another_software_is_told_and_nothing_is_guessed(study: StudyFolder) -> None:
    class Other(LittleApi):
        def answer(self, path: str, query: Query) -> Any:
            return None

    with Other() as server:
        [result] = study.write([{"url": f"{server.url}/@lan"}]).crawl(code=1)
    assert result["reason"]["key"] == "platforms.mastodon.not_mastodon"
    assert "kind: feed" in result["reason"]["sentence"]


def test_the_study_may_have_the_page_itself_read() -> None:
    url = "https://social.example/@lan"
    assert platform_of(Source.model_validate({"url": url})) is not None
    assert platform_of(Source.model_validate({"url": url, "kind": "forum"})) is None
    assert platform_of(Source.model_validate({"url": url, "kind": "feed"})) is None


def test_a_next_page_on_another_host_is_not_followed(study: StudyFolder, instance: LittleInstance) -> None:
    class Elsewhere(LittleInstance):
        def _timeline(self, path: str, query: Query) -> Answer:
            answer = super()._timeline(path, query)
            return (
                told([self.statuses["11002"]], headers={"Link": '<https://evil.example/api?max_id=1>; rel="next"'})
                if answer
                else answer
            )

    with Elsewhere() as server:
        server_result = study.write([{"url": f"{server.url}/@lan", "token": "${MASTODON}"}])
        server_result.environment["MASTODON"] = TOKEN
        [result] = server_result.crawl(code=1)
        assert all(one.headers.get("Authorization") == f"Bearer {TOKEN}" for one in server.asked if "/api/" in one.path)
    assert "evil.example" in str(result)
    assert TOKEN not in str(result)
    assert TOKEN.encode() not in study.database.read_bytes()


def test_a_next_page_that_is_no_address_loses_nothing_of_this_one(study: StudyFolder) -> None:
    class Broken(LittleInstance):
        def _timeline(self, path: str, query: Query) -> Answer:
            return told([self.statuses["11002"]], headers={"Link": '<http://[::bad?max_id=1>; rel="next"'})

    with Broken() as server:
        [result] = study.write([{"url": f"{server.url}/@lan"}]).crawl(code=1)
    assert (result["state"], result["posts_new"], result["reason"]["key"]) == ("partial", 1, "platforms.elsewhere")


def test_it_waits_until_its_limit_begins_anew() -> None:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    reset = (at + timedelta(seconds=90)).isoformat().replace("+00:00", "Z")
    call, place = (
        Call("https://here.example/api/v1/timelines/tag/x"),
        Place("https://here.example/@lan", "https://here.example"),
    )
    body = b'{"error": "Throttled"}'
    reading = Mastodon().read_error(call, Answered(429, call.url, {"x-ratelimit-reset": reset}, body, at), place)
    assert (reading.wait, reading.instead) == (91.0, call)


def test_what_lies_below_the_first_sixty_answers_is_asked_for_apart() -> None:
    place = Place("https://here.example/@lan", "https://here.example")
    with LittleInstance() as api:
        for number in range(60):
            api.write(f"20{number:03}", "<p>Ủng hộ</p>", by="mai@other.example", to="11002")
        api.statuses["20007"]["replies_count"] = 3
        body = told({"ancestors": [], "descendants": api._below("11002")}).body
    call = Call("https://here.example/api/v1/statuses/11002/context", "comments", thread_id="11002")
    assert isinstance(body, str)
    reading = Mastodon().read(call, Answered(200, call.url, {}, body.encode()), place)
    assert len(reading.posts) == 60
    assert [(one.url.split("/")[-2], one.what, one.thread_id) for one in reading.calls] == [
        ("20007", "replies", "11002")
    ]
    assert [note.key for note in reading.notes] == ["platforms.mastodon.cut"]


def test_quoted_posts_and_pictures_speak_too() -> None:
    place = Place("https://here.example/@lan", "https://here.example")
    with LittleInstance() as api:
        quote = {"state": "accepted", "quoted_status": {"id": "1", "content": "<p>Bỉm này tràn</p>"}}
        api.write("30001", '<p class="quote-inline">RE: <a>https://x.example</a></p><p>Chuẩn luôn</p>', quote=quote)
        api.write("30002", "")
        api.statuses["30002"]["media_attachments"] = [{"id": "5", "type": "image", "description": "Bịch bỉm rách"}]
        body = told([api.statuses["30001"], api.statuses["30002"]]).body
    call = Call("https://here.example/api/v1/accounts/501/statuses")
    assert isinstance(body, str)
    first, second = Mastodon().read(call, Answered(200, call.url, {}, body.encode()), place).threads
    assert (first.posts[0].text, first.posts[0].quoted) == ("Chuẩn luôn", "Bỉm này tràn")
    assert second.posts[0].text == "Bịch bỉm rách"


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("https://social.example/@lan", True),
        ("https://social.example/@lan@other.example", True),
        ("https://social.example/@lan/112233445566", True),
        ("https://social.example/@lan/with_replies", True),
        ("https://mastodon.social/tags/bim", True),
        ("https://blog.example/tags/bim", False),
        ("https://medium.com/@lan", False),
        ("https://www.tiktok.com/@lan", False),
        ("https://www.youtube.com/@lan", False),
        ("https://social.example/about", False),
    ],
)
def test_its_addresses_are_known_only_where_they_are_certain(url: str, known: bool) -> None:
    assert Mastodon().knows(url) is known
