"""Facebook Pages by the Graph API, as it is documented: posts, comments, limits and errors. The Page is invented."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from crawler.platforms.base import Call, Place, What
from crawler.platforms.facebook import Facebook, page_named
from crawler.reasons import Refused
from data.words import LANGUAGES
from tests.conftest import StudyFolder
from tests.servers.little_api import HOSTILE, TOKEN, LittleApi, Query, answered, read_or_refuse, told
from tests.servers.site import Answer

PAGE = "https://www.facebook.com/minicare.hucau"


@dataclass
class Comment:
    message: str
    at: str
    who: str | None = "Mẹ Bông Hư Cấu"
    parent: str | None = None
    number: str = ""

    @property
    def person(self) -> str:
        """The id of who wrote it: the Page's own, else one for each name unless another is given."""
        return self.number or ("10" if self.who == "MiniCare" else str(700_000_000 + len(self.who or "")))


@dataclass
class FacebookPost:
    number: int
    message: str | None
    at: str
    comments: list[Comment] = field(default_factory=list)


class LittleGraph(LittleApi):
    """A Page's feed with comments, two a page, newest post first."""

    def __init__(self) -> None:
        super().__init__()
        self.posts = [
            FacebookPost(1, "Khai trương cửa hàng", "2026-05-01T02:00:00+0000"),
            FacebookPost(2, "Tã mới về, mẹ nào dùng rồi?", "2026-05-02T02:00:00+0000"),
            FacebookPost(3, None, "2026-05-03T02:00:00+0000"),
        ]
        self.posts[1].comments = [
            Comment("Bé nhà em bị hăm tã", "2026-05-02T03:00:00+0000"),
            Comment("Gọi em 0912345678 nhé", "2026-05-02T04:00:00+0000", "MiniCare", "10_2_0"),
            Comment("Giá cao quá", "2026-05-02T05:00:00+0000", None),
        ]
        self.posts[2].comments = [Comment("Ảnh đẹp quá", "2026-05-03T05:00:00+0000", "Lan Hư Cấu")]
        self.unknown_field = ""

    def answer(self, path: str, query: Query) -> Any:
        if self.asked[-1].headers.get("Authorization") != f"Bearer {TOKEN}":
            return error(190, "Invalid OAuth access token.", 401)
        if self.unknown_field and self.unknown_field in query["fields"]:
            return error(100, f"(#100) Tried accessing nonexisting field ({self.unknown_field}) on node type (Post)")
        if path == "/minicare.hucau/feed":
            return self._paged([self._post(one) for one in reversed(self.posts)], path, query)
        post = next((one for one in self.posts if path == f"/10_{one.number}/comments"), None)
        if post is None:
            return error(803, "(#803) Some of the aliases you requested do not exist: khong-co", 404)
        comments = [self._comment(post, place) for place in range(len(post.comments))]
        if query.get("order") == "reverse_chronological":
            comments.reverse()
        return self._paged(comments, path, query)

    def _paged(self, found: list[dict[str, Any]], path: str, query: Query) -> dict[str, Any]:
        start = int(query.get("after", "0"))
        paging: dict[str, Any] = {"cursors": {"before": str(start), "after": str(start + 2)}}
        if len(found) > start + 2:
            rest = f"access_token={quote(TOKEN, safe='')}&limit=2&after={start + 2}"
            paging["next"] = f"https://graph.facebook.com{path}?{rest}"
        return {"data": found[start : start + 2], "paging": paging}

    def _post(self, post: FacebookPost) -> dict[str, Any]:
        shown = {
            "id": f"10_{post.number}",
            "created_time": post.at,
            "updated_time": max([post.at, *(one.at for one in post.comments)]),
            "permalink_url": f"https://www.facebook.com/10/posts/{post.number}",
            "from": {"name": "MiniCare", "id": "10"},
            "comments": {"data": [], "summary": {"order": "chronological", "total_count": len(post.comments)}},
            "like": {"data": [], "summary": {"total_count": 5}},
            "haha": {"data": [], "summary": {"total_count": 0}},
            "angry": {"data": [], "summary": {"total_count": 2}},
        }
        return {**shown, "message": post.message} if post.message else {**shown, "story": "MiniCare added a new photo."}

    @staticmethod
    def _comment(post: FacebookPost, place: int) -> dict[str, Any]:
        one = post.comments[place]
        shown: dict[str, Any] = {
            "id": f"10_{post.number}_{place}",
            "message": one.message,
            "created_time": one.at,
            "like_count": place,
        }
        if one.who:
            shown["from"] = {"name": one.who, "id": one.person}
        if one.parent:
            shown["parent"] = {"id": one.parent}
        return shown


def error(code: int, message: str, status: int = 400, **more: object) -> Answer:
    """An error as the Graph API words it."""
    return told(
        {"error": {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "x", **more}}, status
    )


@pytest.fixture
def graph() -> Iterator[LittleGraph]:
    with LittleGraph() as api:
        yield api


@pytest.fixture
def page(study: StudyFolder, graph: LittleGraph) -> StudyFolder:
    """A study of the Page."""
    study.environment["FB_TOKEN"] = TOKEN
    return study.write([source(graph)])


def source(graph: LittleGraph, **fields: object) -> dict[str, object]:
    return {"url": PAGE, "api": graph.url, "token": "${FB_TOKEN}", "about": "An Nhiên", "terms": "read", **fields}


def test_posts_comments_and_replies_become_threads(page: StudyFolder, graph: LittleGraph) -> None:
    [result] = page.crawl()
    assert (result["kind"], result["engine"], result["threads"], result["posts_new"]) == ("fanpage", "facebook", 3, 6)
    rows = page.rows(
        "select title, text, posted_at, likes, reply_to from posts join threads using (thread_id) order by posted_at"
    )
    assert rows[1] == ("Tã mới về, mẹ nào dùng rồi?", "Tã mới về, mẹ nào dùng rồi?", "2026-05-02T02:00:00Z", 7, None)
    assert rows[3][1:] == ("Gọi em [phone] nhé", "2026-05-02T04:00:00Z", 1, "facebook.com/10_2_0")
    assert rows[5][:2] == ("MiniCare added a new photo.", "Ảnh đẹp quá")
    assert page.rows("select reactions from posts where text like 'Tã mới%'") == [('{"like": 5, "angry": 2}',)]
    assert page.rows("select replies, complete from threads order by native_id") == [(0, 1), (3, 1), (1, 1)]
    assert "/10_1/comments" not in graph.calls(), "no comments, no request"
    assert "/robots.txt" not in [one.path for one in graph.asked], "a documented API is not crawled by robots.txt"


def test_people_of_one_name_are_told_apart_and_their_ids_are_in_no_page(page: StudyFolder, graph: LittleGraph) -> None:
    said = enumerate(("700000123", "700000124", "700000123"))
    graph.posts[2].comments += [
        Comment(f"Nhà em cũng vậy {hour}", f"2026-05-03T0{6 + hour}:00:00+0000", "Nguyễn Thị Lan", number=number)
        for hour, number in said
    ]
    page.crawl()
    lan = "from posts join authors using (author_id) where text like 'Nhà em cũng%'"
    assert page.rows(f"select count(*), count(distinct author_key), count(distinct name_key) {lan}") == [(3, 2, 1)]
    bodies = [zlib.decompress(body) for (body,) in page.rows("select body from pages where body is not null")]
    assert bodies
    assert not any(b"70000012" in body or "Nguyễn Thị Lan".encode() in body for body in bodies)


def test_later_crawls_ask_for_the_first_page_and_for_comments_that_are_new(
    page: StudyFolder, graph: LittleGraph
) -> None:
    page.crawl()
    graph.asked.clear()
    [second] = page.crawl()
    assert (second["state"], second["posts_new"]) == ("done", 0)
    assert graph.calls() == ["/minicare.hucau/feed"]
    graph.posts[1].comments.append(Comment("Em mua rồi, ưng lắm", "2026-05-09T03:00:00+0000"))
    graph.posts.append(FacebookPost(4, "Mới tinh", "2026-05-10T02:00:00+0000"))
    graph.asked.clear()
    [third] = page.crawl()
    assert third["posts_new"] == 2
    assert graph.calls() == ["/minicare.hucau/feed"] * 2 + ["/10_2/comments"] * 2
    assert "reverse_chronological" in graph.paths()[-1]
    graph.asked.clear()
    page.crawl()
    assert graph.calls() == ["/minicare.hucau/feed"]


def test_new_comments_on_older_posts_are_found_though_the_first_page_stands_still(
    page: StudyFolder, graph: LittleGraph
) -> None:
    days = [datetime.now(UTC) - timedelta(days=ago) for ago in (80, 70, 60, 50, 25, 20, 4, 3)]
    graph.posts = [FacebookPost(n, f"Bài số {n}", f"{at:%Y-%m-%dT%H:%M:%S+0000}") for n, at in enumerate(days, 1)]
    page.crawl()
    late = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S+0000}"
    graph.posts[4].comments.append(Comment("Giờ em mới thấy bị hăm", late))
    graph.posts[0].comments.append(Comment("Bài cũ quá rồi", late))
    graph.asked.clear()
    [second] = page.crawl()
    assert (second["state"], second["posts_new"]) == ("done", 1), "of the last thirty days"
    assert sorted(graph.calls()) == ["/10_5/comments", *["/minicare.hucau/feed"] * 3]
    [whole] = page.crawl("--whole")
    assert whole["posts_new"] == 1, "and of all that is older when asked to"


def test_the_token_stands_nowhere(page: StudyFolder, graph: LittleGraph) -> None:
    graph.failing["/10_3"] = [error(100, f"Malformed access token {TOKEN}")]
    done = page.run("crawl", "--json")
    assert graph.calls().count("/10_2/comments") == 2
    kept = b"".join(path.read_bytes() for path in page.folder.rglob("*") if path.is_file())
    bodies = "".join(_unpacked(body) for (body,) in page.rows("select body from pages"))
    everything = done.stdout + done.stderr + bodies + kept.decode("latin-1")
    for form in (TOKEN, quote(TOKEN), quote(TOKEN, safe=""), json.dumps(TOKEN)[1:-1].replace("/", "\\/")):
        assert form not in everything
    assert "[token]" in done.stdout
    assert "Mẹ Bông Hư Cấu" not in bodies, "and neither do names"
    assert not any(TOKEN in path or quote(TOKEN, safe="") in path for path in graph.paths())


@pytest.mark.parametrize("token", ["mã-thông-báo-tiếng-Việt", "GOOD\nX-Evil: 1", "EAAB bi mat"])
def test_what_can_be_no_token_is_sent_nowhere_and_not_repeated(
    page: StudyFolder, graph: LittleGraph, token: str
) -> None:
    page.environment["FB_TOKEN"] = token
    done = page.run("crawl", "--json")
    [result] = json.loads(done.stdout)["sources"]
    assert result["reason"]["key"] == "platforms.no_such_token"
    assert graph.asked == []
    assert not any(part in done.stdout + done.stderr for part in ("mã-thông", "X-Evil", "EAAB"))


def test_a_page_for_people_instead_of_an_answer_names_the_platform_and_the_source(
    page: StudyFolder, graph: LittleGraph
) -> None:
    graph.failing["/minicare.hucau"] = [HOSTILE["a page for people"]()]
    [result] = page.crawl(code=1)
    said = result["reason"]["sentence"]
    assert said.startswith(f"The API for {PAGE} (Facebook Page) does not answer")
    assert "%" not in said


def test_what_facebook_says_ends_before_our_own_sentence_begins(page: StudyFolder, graph: LittleGraph) -> None:
    graph.failing["/minicare.hucau"] = [error(190, "Malformed access token")]
    [result] = page.crawl(code=1)
    assert "Malformed access token. Get a new one" in result["reason"]["sentence"]


def _unpacked(body: bytes) -> str:
    import zlib

    return zlib.decompress(body).decode("utf-8")


def test_the_token_is_sent_to_no_other_host(page: StudyFolder, graph: LittleGraph) -> None:
    with LittleGraph() as other:
        data = {"data": [], "paging": {"next": f"{other.url}/minicare.hucau/feed?access_token={TOKEN}"}}
        graph.failing["/minicare.hucau"] = [told(data)]
        [result] = page.crawl(code=1)
    assert result["reason"]["key"] == "platforms.elsewhere"
    assert other.asked == []


def test_without_a_token_it_is_said_what_to_do(study: StudyFolder) -> None:
    [result] = study.write([{"url": PAGE}]).crawl(code=1)
    assert result["reason"]["key"] == "platforms.facebook.no_token"
    assert "FB_TOKEN" in result["reason"]["sentence"]
    done = study.write(competitors=[{"name": "MiniCare", "sites": [PAGE]}]).run("crawl", "--json")
    assert "platforms.facebook.no_token" in done.stdout, "a brand's site on Facebook is not scraped either"


def test_check_shows_a_post_and_stores_nothing(page: StudyFolder, graph: LittleGraph) -> None:
    done = page.run("check", "--json")
    [found] = json.loads(done.stdout)["sources"]
    assert (found["kind"], found["engine"], found["threads"], found["problem"]) == ("fanpage", "facebook", 2, None)
    assert found["preview"]["text"] == "Tã mới về, mẹ nào dùng rồi?"
    assert not page.database.exists()
    assert graph.calls() == ["/minicare.hucau/feed"]
    graph.unknown_field = "updated_time"
    [found] = json.loads(page.run("check", "--json").stdout)["sources"]
    assert (found["threads"], found["problem"]) == (2, None)
    graph.failing["/"] = [error(190, "Session has expired", 401, error_subcode=463)]
    [found] = json.loads(page.run("check", "--json").stdout)["sources"]
    assert found["problem"]["key"] == "platforms.facebook.expired"


@pytest.mark.parametrize(
    ("code", "more", "key"),
    [
        (190, {"error_subcode": 463}, "expired"),
        (190, {"error_subcode": 467}, "bad_token"),
        (102, {}, "bad_token"),
        (10, {}, "permission"),
        (200, {}, "permission"),
        (299, {}, "permission"),
        (4, {}, "limit"),
        (17, {"error_subcode": 2446079}, "limit"),
        (32, {}, "limit"),
        (613, {}, "limit"),
        (80001, {}, "limit"),
        (368, {}, "blocked"),
        (803, {}, "no_such_page"),
        (100, {"error_subcode": 33}, "no_such_page"),
        (100, {}, "other"),
        (99999, {}, "other"),
    ],
)
def test_every_error_is_a_sentence(code: int, more: dict[str, object], key: str) -> None:
    place = Place(PAGE, Facebook.api)
    [call] = Facebook().start(place)
    answer = answered(error(code, "Documented words.", 403 if code == 10 else 400, **more))
    reading = Facebook().read_error(call, answer, place)
    reason = reading.stop or reading.problem
    assert reason is not None
    assert reason.key == f"platforms.facebook.{key}"
    for language in LANGUAGES:
        assert PAGE in reason.sentence(language)


def test_an_error_ends_the_crawl_with_its_sentence(page: StudyFolder, graph: LittleGraph) -> None:
    graph.failing["/"] = [error(190, "Error validating access token: Session has expired", 401, error_subcode=463)]
    [result] = page.crawl(code=1)
    assert (result["state"], result["reason"]["key"]) == ("failed", "platforms.facebook.expired")


def test_a_limit_reached_halfway_keeps_what_was_read_and_the_next_crawl_goes_on(
    page: StudyFolder, graph: LittleGraph
) -> None:
    regain = {"10": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 19}]}
    limit = error(80001, "There have been too many calls to this Page account.")
    limit.headers["X-Business-Use-Case-Usage"] = json.dumps(regain)
    graph.failing["/10_2/"] = [limit]
    [result] = page.crawl(code=1)
    assert (result["state"], result["reason"]["key"]) == ("partial", "platforms.facebook.limit")
    assert "Asia/Ho_Chi_Minh" in result["reason"]["sentence"]
    [again] = page.crawl()
    assert (again["state"], again["posts_new"] + result["posts_new"]) == ("done", 6)


def test_a_limit_used_up_is_seen_before_it_is_an_error(page: StudyFolder, graph: LittleGraph) -> None:
    graph.headers = {"X-App-Usage": '{"call_count": 100, "total_time": 2, "total_cputime": 1}'}
    [result] = page.crawl(code=1)
    assert (result["reason"]["key"], result["posts_new"]) == ("platforms.facebook.limit", 1)
    assert graph.calls() == ["/minicare.hucau/feed"]


def test_near_a_limit_calls_are_made_more_slowly(page: StudyFolder, graph: LittleGraph) -> None:
    graph.headers = {"X-Page-Usage": '{"call_count": 81, "total_time": 25, "total_cputime": 25}'}
    graph.posts = graph.posts[:2]
    graph.posts[1].comments = graph.posts[1].comments[:1]
    page.crawl()
    first, second = graph.asked
    assert second.at - first.at > 1.4


def test_a_field_that_is_gone_is_left_out_once(page: StudyFolder, graph: LittleGraph) -> None:
    graph.unknown_field = "updated_time"
    [result] = page.crawl()
    assert result["posts_new"] == 6
    assert [note["key"] for note in result["notes"]] == ["platforms.facebook.field_dropped"]
    assert graph.calls()[:2] == ["/minicare.hucau/feed"] * 2


def test_what_is_too_much_at_once_is_asked_in_smaller_parts(page: StudyFolder, graph: LittleGraph) -> None:
    graph.failing["/minicare.hucau"] = [
        error(1, "Please reduce the amount of data you're asking for, then retry your request", 400)
    ]
    [result] = page.crawl()
    assert result["posts_new"] == 6
    assert "limit=16" in graph.paths()[1]


def test_a_fault_of_theirs_is_tried_again_and_then_told(page: StudyFolder, graph: LittleGraph) -> None:
    graph.failing["/10_2/"] = [error(2, "Service temporarily unavailable", 400)] * 2
    [result] = page.crawl(code=1)
    assert (result["state"], result["failed"]) == ("partial", 1)
    assert "code 2" in result["reason"]["sentence"]
    [again] = page.crawl()
    assert (again["state"], again["posts_new"]) == ("done", 3)


def test_keywords_since_and_the_number_of_threads_hold(study: StudyFolder, graph: LittleGraph) -> None:
    study.environment["FB_TOKEN"] = TOKEN
    [result] = study.write([source(graph, keywords=["hăm"])]).crawl()
    assert (result["posts_new"], result["skipped"]) == (4, {"no_keyword": 2})
    graph.asked.clear()
    study.crawl()
    assert graph.calls() == ["/minicare.hucau/feed"], "what holds no keyword is remembered"
    study.database.unlink()
    [result] = study.write([source(graph, since="2026-05-02")]).crawl()
    assert (result["threads"], result["skipped"]) == (2, {"older": 1})
    study.database.unlink()
    [result] = study.write([source(graph, max_threads=1)]).crawl()
    assert study.rows("select title from threads") == [("MiniCare added a new photo.",)]


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("asked", ["list", "comments"])
def test_a_hostile_answer_is_read_as_nothing_or_refused(what: str, asked: What) -> None:
    reading = read_or_refuse(Facebook(), PAGE, Call("https://graph.facebook.com/x", asked, "1"), HOSTILE[what]())
    assert reading is None or not (reading.threads or reading.posts)


def test_what_is_too_large_or_no_json_is_told_and_the_next_crawl_reads(page: StudyFolder, graph: LittleGraph) -> None:
    graph.failing["/minicare.hucau"] = [HOSTILE["11 MB"]()]
    graph.failing["/10_2/"] = [HOSTILE["a page for people"]()]
    [result] = page.crawl(code=1)
    assert (result["state"], result["reason"]["key"]) == ("failed", "too_big")
    [result] = page.crawl(code=1)
    assert (result["state"], result["failed"], result["posts_new"]) == ("partial", 1, 3)
    [result] = page.crawl()
    assert (result["state"], result["posts_new"]) == ("done", 3)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.facebook.com/minicare.hucau", "minicare.hucau"),
        ("https://m.facebook.com/minicare.hucau/posts/?ref=page", "minicare.hucau"),
        ("https://vi-vn.facebook.com/pages/MiniCare/1234567890", "1234567890"),
        ("https://www.facebook.com/p/MiniCare-61550000000001/", "61550000000001"),
        ("https://www.facebook.com/profile.php?id=61550000000001", "61550000000001"),
        ("https://graph.facebook.com/minicare", "minicare"),
        ("https://graph.facebook.com/v24.0/10/feed", "10"),
        ("https://fb.com/minicare", "minicare"),
    ],
)
def test_a_page_is_known_by_its_address(url: str, name: str) -> None:
    assert Facebook().knows(url)
    assert page_named(url) == name


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.facebook.com/groups/mebim", "platforms.facebook.group"),
        ("https://www.facebook.com/", "platforms.facebook.no_page"),
        ("https://www.facebook.com/watch/?v=1", "platforms.facebook.no_page"),
        ("https://www.facebook.com/a%2Fb", "platforms.facebook.no_page"),
    ],
)
def test_what_is_no_page_is_told_so(url: str, key: str) -> None:
    with pytest.raises(Refused) as refused:
        page_named(url)
    assert refused.value.reason.key == key


@pytest.mark.parametrize(
    "url", ["https://notfacebook.com/x", "https://facebook.com.example/x", "https://example.com/facebook.com"]
)
def test_other_hosts_are_not_facebook(url: str) -> None:
    assert not Facebook().knows(url)


def test_a_comment_that_is_only_a_sticker_is_counted(page: StudyFolder, graph: LittleGraph) -> None:
    graph.posts[0].comments = [Comment("", "2026-05-01T03:00:00+0000"), Comment("Mừng quá", "2026-05-01T04:00:00+0000")]
    [result] = page.crawl()
    assert result["skipped"] == {"wordless": 1}
    assert page.rows("select text from posts where text like 'M_ng%'") == [("Mừng quá",)]
