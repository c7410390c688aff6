"""YouTube by its Data API (version 3): a channel's videos, a playlist or one video, with comments, replies and likes.

Documented at developers.google.com/youtube/v3: channels, playlistItems, videos, commentThreads, comments, errors.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

from crawler.platforms.base import Answer, Call, Place, Platform, Reading, by_status
from crawler.platforms.values import (
    count,
    ended,
    get,
    items,
    line,
    moment,
    needed_items,
    text,
    title_of,
    with_query,
    word,
)
from crawler.reasons import Reason, Refused
from data.errors import UnreadablePageError
from data.records import Post, Thread

_HOSTS: Final = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com", "youtu.be", "music.youtube.com"})
_VIDEO: Final = re.compile(r"[\w-]{11}")
_ID: Final = re.compile(r"[\w-]{10,80}")
_HANDLE: Final = re.compile(r"@[\w.\-·]{3,60}")
_PER_PAGE, _COMMENTS = 50, 100
_Query = dict[str, str | int | None]
#: A day's quota begins anew at midnight there.
_QUOTA_ZONE: Final = "America/Los_Angeles"
_KEY: Final = frozenset({"keyInvalid", "keyExpired", "API_KEY_INVALID", "accessNotConfigured", "ipRefererBlocked"})
_QUOTA: Final = frozenset({"quotaExceeded", "dailyLimitExceeded"})
_TOO_FAST: Final = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "backendError", "internalError"})
_GONE: Final = frozenset({"videoNotFound", "commentNotFound", "playlistNotFound", "channelNotFound", "notFound"})


class YouTube(Platform):
    """Videos of YouTube: each is a thread, its description the first post."""

    name: ClassVar[str] = "youtube"
    api: ClassVar[str] = "https://www.googleapis.com/youtube/v3"
    needs_token: ClassVar[bool] = True

    def knows(self, url: str) -> bool:
        parts = urlsplit(url)
        # A channel's feed is for everybody; it holds the newest fifteen films and no comments.
        return (parts.hostname or "").casefold() in _HOSTS and not parts.path.startswith("/feeds/")

    def signed(self, token: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
        return {"X-Goog-Api-Key": token}, {}

    def start(self, place: Place) -> Sequence[Call]:
        what, value = meant(place.url)
        if what == "video":
            return [self._videos(place, [value])]
        if what == "playlist":
            return [self._playlist(place, value)]
        url = with_query(f"{place.api}/channels", part="contentDetails", **{what: value})
        return [Call(url, "lookup")]

    def _playlist(self, place: Place, playlist: str) -> Call:
        query: _Query = {"part": "contentDetails", "playlistId": playlist, "maxResults": _PER_PAGE}
        return Call(with_query(f"{place.api}/playlistItems", **query), "lookup")

    def _videos(self, place: Place, ids: Sequence[str], onward: Call | None = None) -> Call:
        query: _Query = {"part": "snippet,statistics", "id": ",".join(ids), "maxResults": _PER_PAGE}
        return Call(with_query(f"{place.api}/videos", **query), "list", context={"onward": onward})

    def read(self, call: Call, answer: Answer, place: Place) -> Reading:
        data, what = answer.json, urlsplit(call.url).path.rsplit("/", 1)[-1]
        if what == "channels":
            uploads = word(data, "items", 0, "contentDetails", "relatedPlaylists", "uploads")
            if not uploads:
                raise Refused("platforms.youtube.no_channel", url=place.url)
            return Reading(calls=(self._playlist(place, uploads),))
        found = needed_items(data, "items", url=place.url)
        onward = _next(call, data)
        if what == "playlistItems":
            ids = [key for one in found if _VIDEO.fullmatch(key := word(one, "contentDetails", "videoId"))]
            # The next page of the playlist is asked for when its videos have turned out to be news.
            return Reading(calls=(self._videos(place, ids, onward),) if ids else (onward,) if onward else ())
        if what == "videos":
            return self._threads(call, found, place)
        calls = [] if onward is None else [onward]
        if what == "comments":
            return Reading(
                posts=tuple(_post(one, call.context["parent"]) for one in found if _has_words(one)), calls=tuple(calls)
            )
        return self._comments(call, found, calls, place)

    def _threads(self, call: Call, found: list[Mapping[str, Any]], place: Place) -> Reading:
        threads: list[Thread] = []
        calls: list[Call] = []
        for one in found:
            key, at = word(one, "id"), moment(one, "snippet", "publishedAt")
            if not _VIDEO.fullmatch(key):
                continue
            url, title = f"https://www.youtube.com/watch?v={key}", line(one, "snippet", "title")
            words, likes = text(one, "snippet", "description"), count(one, "statistics", "likeCount")
            post = Post(
                f"v.{key}",
                "\n\n".join(part for part in (title, words) if part),
                line(one, "snippet", "channelTitle") or None,
                at,
                author_id=word(one, "snippet", "channelId") or None,
                url=url,
                reactions=None if likes is None else {"like": likes},
            )
            views, replies = count(one, "statistics", "viewCount"), count(one, "statistics", "commentCount")
            # A video whose comments are turned off tells no number of them.
            replies = 0 if replies is None and get(one, "statistics") is not None else replies
            posts = (post,) if post.text else ()
            threads.append(Thread(key, url, self.name, title or title_of(words), posts, views=views, replies=replies))
            query: _Query = {
                "part": "snippet,replies",
                "videoId": key,
                "maxResults": _COMMENTS,
                "textFormat": "plainText",
            }
            comments = with_query(f"{place.api}/commentThreads", order="time", **query)
            calls.append(Call(comments, "comments", key))
        onward = call.context.get("onward")
        return Reading(tuple(threads), calls=(*calls, *([onward] if onward is not None else [])))

    def _comments(self, call: Call, found: list[Mapping[str, Any]], calls: list[Call], place: Place) -> Reading:
        posts: list[Post] = []
        aside: list[Call] = []
        for one in found:
            comment = get(one, "snippet", "topLevelComment")
            if not isinstance(comment, Mapping) or not _has_words(comment):
                continue
            # With a comment come at most five of its replies; where there are more, all are asked for apart.
            first = _post(comment, f"v.{call.thread_id}")
            posts.append(first)
            replies = items(one, "replies", "comments")
            if (count(one, "snippet", "totalReplyCount") or 0) > len(replies):
                query: _Query = {
                    "part": "snippet",
                    "parentId": first.post_id,
                    "maxResults": _COMMENTS,
                    "textFormat": "plainText",
                }
                url = with_query(f"{place.api}/comments", **query)
                aside.append(Call(url, "replies", call.thread_id, {"parent": first.post_id}))
            else:
                posts += [_post(reply, first.post_id) for reply in replies if _has_words(reply)]
        return Reading(posts=tuple(posts), calls=(*aside, *calls))

    def read_error(self, call: Call, answer: Answer, place: Place) -> Reading:
        try:
            error = get(answer.json, "error")
        except UnreadablePageError:
            error = None
        if not isinstance(error, Mapping):
            return by_status(call, answer, place)
        reasons = {word(one, "reason") for one in [*items(error, "errors"), *items(error, "details")]}
        values: dict[str, object] = {"url": place.url, "said": ended(line(error, "message")[:200])}
        if reasons & _QUOTA:
            until = place.clock(quota_resets(answer.at))
            return Reading(stop=Reason("platforms.youtube.quota", {**values, "until": until}))
        if reasons & _TOO_FAST or answer.status == 429:
            return Reading(wait=answer.retry_after or 2.0, instead=call)
        if "commentsDisabled" in reasons:
            return Reading(skip=Reason("comments_off"))
        if reasons & _GONE or answer.status == 404:
            if call.what in ("comments", "replies"):
                return Reading(skip=Reason("gone", {"url": place.url, "status": answer.status}))
            return Reading(problem=Reason("platforms.youtube.not_found", values))
        if reasons & _KEY or "API key" in str(values["said"]):
            return Reading(stop=Reason("platforms.youtube.bad_key", values))
        return Reading(problem=Reason("platforms.youtube.other", {**values, "status": answer.status}))


def meant(url: str) -> tuple[str, str]:
    """What an address names, as the API's parameter calls it, and its value: ``forHandle``, ``forUsername``, ``id``,
    ``video`` or ``playlist``. Raises ``Refused`` where it is none of them."""
    parts = urlsplit(url)
    steps = [unquote(step) for step in parts.path.split("/") if step]
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    first, second = [*steps, "", ""][:2]
    video = (
        first
        if parts.hostname == "youtu.be"
        else second
        if first in ("shorts", "live", "embed")
        else query.get("v", "")
    )
    if (first == "watch" or parts.hostname == "youtu.be" or first in ("shorts", "live", "embed")) and _VIDEO.fullmatch(
        video
    ):
        return "video", video
    if first == "playlist" and _ID.fullmatch(query.get("list", "")):
        return "playlist", query["list"]
    if first == "channel" and _ID.fullmatch(second):
        return "id", second
    if first == "user" and second:
        return "forUsername", second
    handle = first if first.startswith("@") else f"@{second}" if first == "c" and second else ""
    if _HANDLE.fullmatch(handle):
        return "forHandle", handle
    raise Refused("platforms.youtube.no_place", url=url)


def quota_resets(now: datetime) -> datetime:
    """The next midnight in California, when a day's quota begins anew."""
    there = now.astimezone(ZoneInfo(_QUOTA_ZONE)) + timedelta(days=1)
    return there.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def _next(call: Call, data: Any) -> Call | None:
    token = word(data, "nextPageToken")
    return replace(call, url=with_query(call.url, pageToken=token)) if token else None


def _has_words(comment: Mapping[str, Any]) -> bool:
    return bool(
        word(comment, "id") and (text(comment, "snippet", "textOriginal") or text(comment, "snippet", "textDisplay"))
    )


def _post(comment: Mapping[str, Any], parent: str) -> Post:
    key, likes = word(comment, "id"), count(comment, "snippet", "likeCount")
    posted, changed = moment(comment, "snippet", "publishedAt"), moment(comment, "snippet", "updatedAt")
    video = word(comment, "snippet", "videoId")
    return Post(
        key,
        text(comment, "snippet", "textOriginal") or text(comment, "snippet", "textDisplay"),
        line(comment, "snippet", "authorDisplayName") or None,
        posted,
        author_id=word(comment, "snippet", "authorChannelId", "value") or None,
        reply_to=parent,
        url=f"https://www.youtube.com/watch?v={video}&lc={key}" if _VIDEO.fullmatch(video) else None,
        reactions=None if likes is None else {"like": likes},
        edited_at=changed if changed != posted else None,
    )
