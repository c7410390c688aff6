"""The Stack Exchange API 2.3, answering as its documentation says. Questions, people and words are invented."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from crawler.platforms import platform_of
from crawler.platforms.base import Answer as Answered
from crawler.platforms.base import Call, Place
from crawler.platforms.stackexchange import StackExchange
from data.study import Source
from tests.conftest import StudyFolder
from tests.servers.little_api import TOKEN, LittleApi, Query, told
from tests.servers.site import Answer

START = 1_780_000_000
Item = dict[str, Any]


def owned(name: str, number: int, body: str, **fields: Any) -> Item:
    owner = {"display_name": name, "user_type": "registered", "user_id": number}
    return {"owner": owner, "creation_date": START + number, "score": 2, "body": body, **fields}


class LittleExchange(LittleApi):
    """Three questions; a page holds two. Without the filter that it makes, no bodies are given."""

    def __init__(self) -> None:
        super().__init__()
        self.extra: Item = {"quota_max": 300, "quota_remaining": 290}
        comment = owned(
            "Ông &amp; Bà", 31, "Giặt mấy độ?", comment_id=71, post_id=41, link="https://x.example/#comment71"
        )
        answer = owned(
            "Mai",
            30,
            "<p>Giặt ngay.</p><blockquote><p>rash</p></blockquote>",
            answer_id=41,
            comments=[comment],
            score=-1,
        )
        self.questions = [
            owned(
                "Lan",
                10,
                "<p>Cloth diapers give a rash &amp; smell.</p>",
                question_id=1,
                title="Diapers &amp; rash",
                answers=[answer],
            ),
            owned("Hà", 11, "<p>Bỉm đêm?</p>", question_id=2, title="Đêm", comments=[]),
            owned("An", 12, "<p>Ai biết?</p>", question_id=3, title="Khác"),
        ]
        for one in self.questions:
            number = one["question_id"]
            one |= {
                "link": f"https://parenting.stackexchange.com/questions/{number}/x",
                "tags": ["diapers"],
                "view_count": 9,
            }
            one["last_activity_date"] = START + 100 + number

    def answer(self, path: str, query: Query) -> Any:
        if path == "/filters/create":
            return {"items": [{"filter": "!abc123", "filter_type": "safe", "included_fields": []}], **self.extra}
        if query.get("site") != "parenting.stackexchange.com" or query.get("filter") != "!abc123":
            return told(
                {"error_id": 400, "error_name": "bad_parameter", "error_message": "No site found for name `x`"}, 400
            )
        found = self.questions
        if path.removeprefix("/questions/").isdigit():
            found = [one for one in found if str(one["question_id"]) == path.removeprefix("/questions/")]
        page = int(query["page"])
        found = sorted(found, key=lambda one: -int(one["last_activity_date"]))
        return {"items": found[page * 2 - 2 : page * 2], "has_more": page * 2 < len(found), **self.extra}


@pytest.fixture
def exchange() -> Iterator[LittleExchange]:
    with LittleExchange() as api:
        yield api


def source(api: LittleApi, path: str = "questions/tagged/diapers", **fields: object) -> dict[str, object]:
    return {"url": f"https://parenting.stackexchange.com/{path}", "api": api.url, **fields}


def test_questions_come_with_answers_and_comments(study: StudyFolder, exchange: LittleExchange) -> None:
    [result] = study.write([source(exchange)]).crawl()
    assert (result["kind"], result["engine"], result["threads"], result["posts_new"]) == (
        "forum",
        "stackexchange",
        3,
        5,
    )
    assert exchange.calls() == ["/filters/create", "/questions", "/questions"]
    rows = {row[0]: row[1:] for row in study.rows("select text, quoted, likes, reply_to from posts")}
    assert rows["Giặt ngay."][0:2] == ("rash", -1)
    assert rows["Giặt mấy độ?"][2].endswith("41")
    assert ("Diapers & rash",) in study.rows("select title from threads")


def test_later_the_newest_activity_is_enough(study: StudyFolder, exchange: LittleExchange) -> None:
    study.write([source(exchange)]).crawl()
    exchange.asked.clear()
    exchange.questions[0]["answers"].append(owned("Tú", 40, "<p>Bỏ xả vải.</p>", answer_id=42))
    exchange.questions[0]["last_activity_date"] += 500
    [result] = study.crawl()
    assert result["posts_new"] == 1


def test_one_question_is_read_by_its_address(study: StudyFolder, exchange: LittleExchange) -> None:
    [result] = study.write([source(exchange, "questions/1/diapers-rash")]).crawl()
    assert result["posts_new"] == 3


def test_its_pages_are_read_unless_the_study_names_the_api() -> None:
    url = "https://parenting.stackexchange.com/questions/tagged/diapers"
    assert platform_of(Source.model_validate({"url": url})) is None
    for chosen in ({"api": "https://api.stackexchange.com/2.3"}, {"token": "${SE_KEY}"}):
        platform = platform_of(Source.model_validate({"url": url, **chosen}))
        assert platform is not None
        assert platform.name == "stackexchange"


def test_the_key_travels_with_every_call_and_is_kept_nowhere(study: StudyFolder, exchange: LittleExchange) -> None:
    study.environment["SE_KEY"] = TOKEN
    study.write([source(exchange, token="${SE_KEY}")]).crawl()
    assert all("key=" in path for path in exchange.paths())
    assert TOKEN.encode() not in study.database.read_bytes()


def test_a_backoff_is_waited_for(study: StudyFolder, exchange: LittleExchange) -> None:
    exchange.extra["backoff"] = 1
    study.write([source(exchange)]).crawl()
    times = [one.at for one in exchange.asked if one.path.startswith("/questions")]
    assert all(later - sooner >= 1 for sooner, later in itertools.pairwise(times))


def test_used_up_calls_stop_the_crawl_with_what_was_read_kept(study: StudyFolder, exchange: LittleExchange) -> None:
    exchange.extra["quota_remaining"] = 0
    [result] = study.write([source(exchange)]).crawl(code=1)
    assert (result["state"], result["reason"]["key"], result["posts_new"]) == (
        "partial",
        "platforms.stackexchange.quota",
        2,
    )


def error(number: int, name: str, message: str, status: int = 400) -> Answer:
    return told({"error_id": number, "error_name": name, "error_message": message}, status)


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        (error(400, "bad_parameter", "No site found for name `x`"), "platforms.stackexchange.error"),
        (error(400, "bad_parameter", "`key` doesn't match a known application"), "platforms.stackexchange.key"),
        (
            error(403, "access_denied", "page above 25 requires access token or app key", 403),
            "platforms.stackexchange.key",
        ),
        (error(404, "no_method", "no method found with this name", 404), "platforms.stackexchange.error"),
        (Answer("<html>down</html>", 503), "server_error"),
    ],
)
def test_every_refusal_has_its_sentence(answer: Answer, key: str) -> None:
    call = Call("https://api.stackexchange.com/2.3/questions")
    place = Place("https://stackoverflow.com/", "https://api.stackexchange.com/2.3", has_token=True)
    assert isinstance(answer.body, str)
    problem = (
        StackExchange().read_error(call, Answered(answer.status, call.url, {}, answer.body.encode()), place).problem
    )
    assert problem is not None
    assert problem.key == key
    assert problem.sentence()


def test_a_throttled_address_waits_as_long_as_it_is_told() -> None:
    call, place = Call("https://api.example/questions"), Place("https://stackoverflow.com/", "https://api.example")
    body = error(
        502, "throttle_violation", "too many requests from this IP, more requests available in 80421 seconds"
    ).body
    assert isinstance(body, str)
    reading = StackExchange().read_error(call, Answered(400, call.url, {}, body.encode()), place)
    assert (reading.wait, reading.instead) == (80422, call)


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("https://stackoverflow.com/questions/tagged/python+pandas", True),
        ("https://pt.stackoverflow.com/questions", True),
        ("https://superuser.com/questions/123/title", True),
        ("https://meta.stackexchange.com/", True),
        ("https://parenting.stackexchange.com/users/5/lan", True),
        ("https://stackoverflow.com/help/licensing", False),
        ("https://stackexchange.com.example/questions", False),
    ],
)
def test_its_addresses_are_known_without_asking(url: str, known: bool) -> None:
    assert StackExchange().knows(url) is known
