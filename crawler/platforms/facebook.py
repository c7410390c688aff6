"""Facebook Pages by the Graph API: posts, comments and replies, reactions by type. facebook.com itself is never read.

Documented at developers.facebook.com: Page feed, object comments and reactions, error codes, rate limits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final
from urllib.parse import parse_qs, unquote, urlsplit

from crawler.engines.text import listed
from crawler.platforms.base import Answer, Call, Place, Platform, Reading, by_status
from crawler.platforms.facebook_limits import slowed, usage_of
from crawler.platforms.values import (
    count,
    ended,
    get,
    line,
    moment,
    needed_items,
    text,
    title_of,
    web_address,
    with_query,
    word,
)
from crawler.reasons import Reason, Refused
from data.errors import UnreadablePageError
from data.records import Post, Thread

REACTIONS: Final = ("LIKE", "LOVE", "CARE", "HAHA", "WOW", "SAD", "ANGRY")
_POST_FIELDS: Final = (
    "id",
    "message",
    "story",
    "created_time",
    "updated_time",
    "permalink_url",
    "from",
    "comments.filter(stream).limit(0).summary(true)",
    *(f"reactions.type({one}).limit(0).summary(true).as({one.lower()})" for one in REACTIONS),
)
_COMMENT_FIELDS: Final = ("id", "message", "created_time", "from", "parent{id}", "like_count", "permalink_url")
_POSTS, _COMMENTS, _FEWEST = 50, 100, 5
_HOST: Final = re.compile(r"(?:[a-z0-9-]{1,20}\.){0,3}(?:facebook\.com|fb\.com)")
_VERSION: Final = re.compile(r"v\d{1,3}\.\d")
_NAME: Final = re.compile(r"[\w.\-]{2,100}")
#: What stands first in an address of Facebook that is no Page's.
_NO_PAGE: Final = listed(
    "ads business events groups hashtag help login marketplace people photo photo.php photos plugins policies reel reels "
    "search share sharer stories story.php permalink.php tr video videos watch"
)
_FIELD: Final = re.compile(
    r"nonexisting field \((\w{1,60})\)|(?:^|\s)(\w{1,60}) field is deprecated|field[s]?\s\(?'?(\w{1,60})'?\)? (?:is|are) (?:deprecated|not)"
)
_TOO_MUCH: Final = re.compile(r"reduce the amount of data", re.I)
_TOKEN_CODES, _RATE_CODES = frozenset({102, 190}), frozenset({4, 17, 32, 341, 613})
_EXPIRED, _GONE = frozenset({463}), frozenset({33})


class Facebook(Platform):
    """Facebook Pages."""

    name: ClassVar[str] = "facebook"
    api: ClassVar[str] = "https://graph.facebook.com"
    needs_token: ClassVar[bool] = True
    instead_of_pages: ClassVar[bool] = True
    looks_back: ClassVar[timedelta] = timedelta(days=30)

    def knows(self, url: str) -> bool:
        return bool(_HOST.fullmatch((urlsplit(url).hostname or "").casefold()))

    def start(self, place: Place) -> Sequence[Call]:
        return [Call(self._feed_url(place, page_named(place.url), _POSTS))]

    def _feed_url(self, place: Place, page: str, limit: int) -> str:
        return with_query(f"{place.api}/{page}/feed", fields=_fields(_POST_FIELDS, place), limit=limit)

    def read(self, call: Call, answer: Answer, place: Place) -> Reading:
        data = answer.json
        if get(data, "error") is not None:
            return self.read_error(call, answer, place)
        found = needed_items(data, "data", url=place.url)
        onward = _next(call, data)
        reading = self._posts(found, onward, place) if call.what == "list" else _comments(call, found, onward)
        return slowed(reading, usage_of(answer.headers), place)

    def _posts(self, found: list[Mapping[str, Any]], onward: list[Call], place: Place) -> Reading:
        threads: list[Thread] = []
        calls: list[Call] = []
        moved: dict[str, datetime] = {}
        for one in found:
            key, at = word(one, "id"), moment(one, "created_time")
            if not key or at is None:
                continue
            words, url = text(one, "message"), _permalink(one) or f"https://www.facebook.com/{key}"
            who, whose = line(one, "from", "name") or None, word(one, "from", "id") or None
            post = Post(key, words, who, at, url=url, reactions=_reactions(one), author_id=whose)
            replies = count(one, "comments", "summary", "total_count")
            title = title_of(words, text(one, "story"))
            threads.append(Thread(key, url, self.name, title, (post,) if words else (), replies=replies))
            moved[key] = max(at, moment(one, "updated_time") or at)
            calls.append(self._comment_call(key, place))
        return Reading(tuple(threads), calls=(*calls, *onward), moved=moved)

    def _comment_call(self, key: str, place: Place) -> Call:
        """All comments with their replies, oldest first; of a post that was read whole the newest first, until they are known."""
        state = place.known.get(key)
        known = state.last_post_at if state is not None and state.complete and state.replies else None
        url = with_query(
            f"{place.api}/{key}/comments",
            filter="stream",
            order="reverse_chronological" if known else "chronological",
            fields=_fields(_COMMENT_FIELDS, place),
            limit=_COMMENTS,
        )
        return Call(url, "comments", key, {"until": known})

    def read_error(self, call: Call, answer: Answer, place: Place) -> Reading:
        try:
            error = get(answer.json, "error")
        except UnreadablePageError:
            error = None
        if not isinstance(error, Mapping):
            return by_status(call, answer, place)
        code, sub = count(error, "code") or 0, count(error, "error_subcode") or 0
        said, url = ended(line(error, "message")), place.url
        values: dict[str, object] = {"url": url, "code": code, "said": said}
        if code in _TOKEN_CODES:
            key = "expired" if sub in _EXPIRED else "bad_token"
            return Reading(stop=Reason(f"platforms.facebook.{key}", values))
        if code in _RATE_CODES or 80_000 <= code < 80_100:
            usage = usage_of(answer.headers)
            until = datetime.now(UTC) + timedelta(minutes=usage.minutes or 60)
            return Reading(stop=Reason("platforms.facebook.limit", {"url": url, "until": place.clock(until)}))
        if code == 368:
            return Reading(stop=Reason("platforms.facebook.blocked", values))
        if code == 10 or 200 <= code < 300:
            return Reading(stop=Reason("platforms.facebook.permission", values))
        if code in (1, 2):
            return _again(call, said, values)
        if code == 803 or (code == 100 and sub in _GONE):
            gone = Reason("platforms.facebook.no_such_page", values)
            return (
                Reading(skip=Reason("gone", {"url": url, "status": 404})) if call.what == "comments" else _failed(gone)
            )
        if code in (12, 100) and (dropped := _without_field(call, said, place)) is not None:
            return dropped
        return _failed(Reason("platforms.facebook.other", values))


def page_named(url: str) -> str:
    """The name or number of the Page in an address. Raises ``Refused`` where it is something else's."""
    parts = urlsplit(url)
    steps = [unquote(step) for step in parts.path.split("/") if step]
    if steps and (_VERSION.fullmatch(steps[0]) or steps[0] == "pg"):
        steps = steps[1:]
    number = parse_qs(parts.query).get("id", [""])[0]
    if steps and steps[0] == "profile.php" and number.isdigit():
        return number
    if len(steps) > 2 and steps[0] in ("pages", "people", "p") and steps[-1].isdigit():
        return steps[-1]
    if steps and steps[0] == "p" and len(steps) > 1 and (found := re.search(r"-(\d{6,20})$", steps[1])):
        return found[1]
    if steps and steps[0] == "groups":
        raise Refused("platforms.facebook.group", url=url)
    if not steps or steps[0] in _NO_PAGE or not _NAME.fullmatch(steps[0]):
        raise Refused("platforms.facebook.no_page", url=url)
    return steps[0]


def _fields(fields: Sequence[str], place: Place) -> str:
    dropped = place.memory.get("dropped", ())
    return ",".join(one for one in fields if _bare(one) not in dropped)


def _bare(field: str) -> str:
    return re.split(r"[.{(]", field, maxsplit=1)[0]


def _without_field(call: Call, said: str, place: Place) -> Reading | None:
    """The call without the field that the API does not know; told once."""
    match = _FIELD.search(said)
    field = (match[1] or match[2] or match[3]) if match else ""
    fields = re.split(r",(?![^{(]*[})])", parse_qs(urlsplit(call.url).query).get("fields", [""])[0])
    left = [one for one in fields if _bare(one) != field]
    if not field or not left or len(left) == len(fields):
        return None
    place.memory.setdefault("dropped", set()).add(field)
    note = Reason("platforms.facebook.field_dropped", {"url": place.url, "field": field})
    return Reading(instead=call.to(with_query(call.url, fields=",".join(left))), notes=(note,))


def _again(call: Call, said: str, values: Mapping[str, object]) -> Reading:
    """A fault on the other side: once more, and with less at a time where the answer was too large for it."""
    limit = int(parse_qs(urlsplit(call.url).query).get("limit", ["0"])[0])
    if _TOO_MUCH.search(said) and limit > _FEWEST:
        return Reading(instead=call.to(with_query(call.url, limit=max(_FEWEST, limit // 3))))
    if _TOO_MUCH.search(said) or call.context.get("tried"):
        return _failed(Reason("platforms.facebook.try_again", dict(values)))
    return Reading(instead=replace(call, context={**call.context, "tried": True}), wait=2.0)


def _failed(reason: Reason) -> Reading:
    return Reading(problem=reason)


def _next(call: Call, data: Any) -> list[Call]:
    """The next page; the address given there holds the token and may name any host, so only its place is taken of it."""
    if not web_address(data, "paging", "next"):
        return []
    after = word(data, "paging", "cursors", "after")
    return [call.to(with_query(call.url, after=after) if after else str(web_address(data, "paging", "next")))]


def _reactions(one: Mapping[str, Any]) -> dict[str, int] | None:
    found = {name.lower(): count(one, name.lower(), "summary", "total_count") for name in REACTIONS}
    told = {name: number for name, number in found.items() if number}
    return told or ({} if any(number is not None for number in found.values()) else None)


def _permalink(one: Mapping[str, Any]) -> str | None:
    url = web_address(one, "permalink_url")
    return url if url and _HOST.fullmatch((urlsplit(url).hostname or "").casefold()) else None


def _comments(call: Call, found: list[Mapping[str, Any]], onward: list[Call]) -> Reading:
    posts: list[Post] = []
    wordless = 0
    until = call.context.get("until")
    for one in found:
        key, words = word(one, "id"), text(one, "message")
        if not key or not words:
            wordless += bool(key)
            continue
        likes = count(one, "like_count")
        posts.append(
            Post(
                key,
                words,
                line(one, "from", "name") or None,
                moment(one, "created_time"),
                author_id=word(one, "from", "id") or None,
                reply_to=word(one, "parent", "id") or call.thread_id,
                url=_permalink(one),
                reactions=None if likes is None else {"like": likes},
            )
        )
    is_known = until is not None and all(post.posted_at is not None and post.posted_at <= until for post in posts)
    return Reading(posts=tuple(posts), calls=() if is_known else tuple(onward), wordless=wordless)
