"""YouTube by its Data API, as it is documented. The channel and its videos are invented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.platforms.base import Call, Place
from crawler.platforms.youtube import YouTube, meant, quota_resets
from crawler.reasons import Refused
from data.words import LANGUAGES
from tests.conftest import StudyFolder
from tests.servers.little_api import HOSTILE, TOKEN, LittleApi, Query, answered, read_or_refuse, told
from tests.servers.site import Answer

CHANNEL = "https://www.youtube.com/@MiniCareHuCau"


class LittleTube(LittleApi):
    """A channel: video → its comments, each with its replies; two videos and two comments a page."""

    def __init__(self) -> None:
        super().__init__()
        self.videos: dict[str, dict[str, int] | None] = {
            "video-00001": {"Tã này dùng thích": 0},
            "video-00002": {"Bé nhà em hăm": 7, "Giá bao nhiêu ạ": 2, "Gọi 0912345678": 0},
            "video-00003": None,
        }

    def answer(self, path: str, query: Query) -> Any:
        if self.asked[-1].headers.get("X-Goog-Api-Key") != TOKEN:
            return error(400, "badRequest", "API key not valid.", details=[{"reason": "API_KEY_INVALID"}])
        what = path.removeprefix("/youtube/v3/")
        if what == "channels":
            known = query.get("forHandle") == "@MiniCareHuCau"
            return {"items": [{"contentDetails": {"relatedPlaylists": {"uploads": "UUhucau00001"}}}]} if known else {}
        if what == "playlistItems":
            return _paged([{"contentDetails": {"videoId": one}} for one in reversed(self.videos)], query)
        if what == "videos":
            return {"items": [self._video(one) for one in query["id"].split(",") if one in self.videos]}
        if what == "comments":
            video, place = query["parentId"].split(".")
            replies = list((self.videos[video] or {}).values())[int(place)]
            return {"items": [_comment(video, f"{place}.{one}", f"trả lời {one}") for one in range(replies)]}
        comments = self.videos[query["videoId"]]
        if comments is None:
            return error(
                403, "commentsDisabled", "The video identified by the videoId parameter has disabled comments."
            )
        return _paged([self._thread(query["videoId"], place) for place in range(len(comments))], query)

    def _video(self, key: str) -> dict[str, Any]:
        comments, day = self.videos[key], int(key[-2:])
        statistics = {"viewCount": "1200", "likeCount": "31"}
        if comments is not None:
            statistics["commentCount"] = str(len(comments) + sum(comments.values()))
        snippet = {
            "publishedAt": f"2026-05-{day:02}T02:00:00Z",
            "title": f"Chọn tã cho bé, phần {day}",
            "description": "Mẹ nào dùng rồi?",
            "channelTitle": "MiniCare Hư Cấu",
        }
        return {"id": key, "snippet": snippet, "statistics": statistics}

    def _thread(self, video: str, place: int) -> dict[str, Any]:
        words, replies = list((self.videos[video] or {}).items())[place]
        shown = {
            "snippet": {"topLevelComment": _comment(video, str(place), words), "totalReplyCount": replies},
        }
        if replies:
            given = [_comment(video, f"{place}.{one}", f"trả lời {one}") for one in range(min(replies, 5))]
            return {**shown, "replies": {"comments": given}}
        return shown


def _comment(video: str, key: str, words: str) -> dict[str, Any]:
    at = "2026-05-08T03:00:00Z"
    snippet = {
        "videoId": video,
        "textDisplay": f"<b>{words}</b>",
        "textOriginal": words,
        "authorDisplayName": f"@me-hu-cau-{len(words) % 3}",
        "likeCount": 4,
        "publishedAt": at,
        "updatedAt": at,
    }
    return {"id": f"{video}.{key}", "snippet": snippet}


def _paged(found: list[dict[str, Any]], query: Query) -> dict[str, Any]:
    start = int(query.get("pageToken", "0"))
    page: dict[str, Any] = {"items": found[start : start + 2]}
    return {**page, "nextPageToken": str(start + 2)} if len(found) > start + 2 else page


def error(status: int, reason: str, message: str, **more: object) -> Answer:
    errors = [{"message": message, "domain": "youtube", "reason": reason}]
    return told({"error": {"code": status, "message": message, "errors": errors, **more}}, status)


@pytest.fixture
def tube() -> Iterator[LittleTube]:
    with LittleTube() as api:
        yield api


@pytest.fixture
def channel(study: StudyFolder, tube: LittleTube) -> StudyFolder:
    study.environment["YOUTUBE_KEY"] = TOKEN
    return study.write([{"url": CHANNEL, "api": f"{tube.url}/youtube/v3", "token": "${YOUTUBE_KEY}"}])


def test_a_channel_is_read_three_times_and_only_what_is_new_is_asked(channel: StudyFolder, tube: LittleTube) -> None:
    [result] = channel.crawl()
    assert (result["kind"], result["engine"], result["threads"]) == ("fanpage", "youtube", 3)
    assert result["posts_new"] == 3 + 1 + (3 + 7 + 2)
    assert ("Gọi [phone]", 4) in channel.rows("select text, likes from posts")
    assert channel.rows("select replies, views, complete from threads order by native_id") == [
        (1, 1200, 1),
        (12, 1200, 1),
        (0, 1200, 1),
    ]
    replies = "select count(*) from posts where reply_to like '%video-00002.0'"
    assert channel.rows(replies) == [(7,)], "more than the five that come along"
    assert all(TOKEN not in path for path in tube.paths())
    tube.asked.clear()
    [second] = channel.crawl()
    first_page = ["/youtube/v3/channels", "/youtube/v3/playlistItems", "/youtube/v3/videos"]
    assert (second["state"], tube.calls()) == ("done", first_page)
    comments = tube.videos["video-00002"]
    assert comments is not None
    comments["Em mua rồi"] = 0
    tube.asked.clear()
    [third] = channel.crawl()
    assert third["posts_new"] == 1
    assert tube.calls().count("/youtube/v3/commentThreads") == 2


def test_a_quota_used_up_halfway_is_told_with_its_end_and_the_next_crawl_goes_on(
    channel: StudyFolder, tube: LittleTube
) -> None:
    full = error(403, "quotaExceeded", "The request cannot be completed because you have exceeded your quota.")
    tube.failing["/youtube/v3/comments"] = [full]
    [result] = channel.crawl(code=1)
    assert (result["state"], result["reason"]["key"]) == ("partial", "platforms.youtube.quota")
    [again] = channel.crawl()
    assert (again["state"], again["posts_new"] + result["posts_new"]) == ("done", 16)


def test_a_days_quota_begins_anew_at_midnight_in_california() -> None:
    assert quota_resets(datetime(2026, 7, 1, 20, tzinfo=UTC)) == datetime(2026, 7, 2, 7, tzinfo=UTC)
    assert quota_resets(datetime(2026, 12, 1, 7, 59, tzinfo=UTC)) == datetime(2026, 12, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        (error(403, "quotaExceeded", "Exceeded."), "platforms.youtube.quota"),
        (
            error(400, "badRequest", "API key not valid.", details=[{"reason": "API_KEY_INVALID"}]),
            "platforms.youtube.bad_key",
        ),
        (error(400, "keyInvalid", "Bad Request"), "platforms.youtube.bad_key"),
        (error(403, "accessNotConfigured", "The API is not enabled."), "platforms.youtube.bad_key"),
        (error(404, "playlistNotFound", "Not found."), "platforms.youtube.not_found"),
        (error(400, "invalidPageToken", "The request is invalid."), "platforms.youtube.other"),
        (Answer("<h1>502</h1>", 502), "server_error"),
    ],
)
def test_every_error_is_a_sentence(answer: Answer, key: str) -> None:
    place = Place(CHANNEL, YouTube.api)
    [call] = YouTube().start(place)
    reading = YouTube().read_error(call, answered(answer), place)
    reason = reading.stop or reading.problem
    assert reason is not None
    assert reason.key == key
    for language in LANGUAGES:
        assert CHANNEL in reason.sentence(language)


def test_comments_turned_off_are_no_failure() -> None:
    place, call = (
        Place(CHANNEL, YouTube.api),
        Call("https://www.googleapis.com/youtube/v3/commentThreads", "comments", "v"),
    )
    reading = YouTube().read_error(call, answered(error(403, "commentsDisabled", "Off.")), place)
    assert reading.skip is not None
    assert reading.skip.key == "comments_off"
    assert reading.problem is reading.stop is None


def test_a_channel_that_is_not_there_is_told(channel: StudyFolder, tube: LittleTube) -> None:
    tube.failing["/youtube/v3/channels"] = [told({"kind": "youtube#channelListResponse"})]
    [result] = channel.crawl(code=1)
    assert result["reason"]["key"] == "platforms.youtube.no_channel"


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("path", ["channels", "playlistItems", "videos", "commentThreads", "comments"])
def test_a_hostile_answer_is_read_as_nothing_or_refused(what: str, path: str) -> None:
    call = Call(f"{YouTube.api}/{path}", "list", "video-00001", {"parent": "x"})
    reading = read_or_refuse(YouTube(), CHANNEL, call, HOSTILE[what]())
    assert reading is None or not (reading.threads or reading.posts)


@pytest.mark.parametrize(
    ("url", "what"),
    [
        (CHANNEL, ("forHandle", "@MiniCareHuCau")),
        (f"{CHANNEL}/videos", ("forHandle", "@MiniCareHuCau")),
        ("https://youtube.com/channel/UChucau0000000000000000x", ("id", "UChucau0000000000000000x")),
        ("https://www.youtube.com/user/minicare", ("forUsername", "minicare")),
        ("https://www.youtube.com/c/minicare", ("forHandle", "@minicare")),
        ("https://www.youtube.com/watch?v=video-00001&t=3s", ("video", "video-00001")),
        ("https://youtu.be/video-00001?si=x", ("video", "video-00001")),
        ("https://www.youtube.com/shorts/video-00001", ("video", "video-00001")),
        ("https://www.youtube.com/playlist?list=PLhucau00001", ("playlist", "PLhucau00001")),
    ],
)
def test_an_address_says_what_is_meant(url: str, what: tuple[str, str]) -> None:
    assert YouTube().knows(url)
    assert meant(url) == what


@pytest.mark.parametrize("url", ["https://www.youtube.com/", "https://www.youtube.com/results?search_query=bim"])
def test_what_names_no_place_is_told_so(url: str) -> None:
    with pytest.raises(Refused):
        meant(url)


def test_a_channels_feed_is_a_feed() -> None:
    assert not YouTube().knows("https://www.youtube.com/feeds/videos.xml?channel_id=UChucau0000000000000000x")
