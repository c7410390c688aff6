"""Bluesky, by the public API of its network (docs.bsky.app, ``app.bsky.feed``): accounts, hashtags, searches and single posts.

Searching needs a token, everything else none. Who asks the network to be shown to logged-in people only
(``!no-unauthenticated``) is left out, with a token too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from crawler.platforms import values
from crawler.platforms.base import Answer, Call, Place, Platform, Reading, by_status
from crawler.reasons import Reason
from data.errors import UnreadablePageError
from data.records import Post, Thread

_HANDLE: Final = r"[\w.:%-]{3,253}"
_PROFILE: Final = re.compile(rf"/profile/(?P<actor>{_HANDLE})(?:/post/(?P<post>[\w.:~-]{{1,512}}))?/?")
_TAG: Final = re.compile(r"/hashtag/(?P<tag>[^/]{1,200})/?")
_URI: Final = re.compile(r"at://(?P<did>did:[a-z]+:[\w.:%-]{1,250})/app\.bsky\.feed\.post/(?P<key>[\w.:~-]{1,512})")
_HIDDEN: Final = "!no-unauthenticated"
_DEEPEST: Final = 1_000
_ASKED_APART: Final = 20
_PUBLIC: Final = "https://public.api.bsky.app"
_ENTRANCE: Final = "https://bsky.social"


class Bluesky(Platform):
    """A post that answers nobody is a thread; reposts are others' posts and are left out."""

    name = "bluesky"
    kind = "fanpage"
    api = _PUBLIC

    def knows(self, url: str) -> bool:
        parts = urlsplit(url)
        return parts.hostname in ("bsky.app", "www.bsky.app") and (
            bool(_PROFILE.fullmatch(parts.path)) or _searched(url) is not None
        )

    def base(self, url: str) -> str:
        return _ENTRANCE if _searched(url) is not None else _PUBLIC

    def start(self, place: Place) -> Sequence[Call]:
        if (query := _searched(place.url)) is not None:
            since = f"{place.since:%Y-%m-%dT%H:%M:%SZ}" if place.since else None
            url = values.with_query(_method(place, "searchPosts"), q=query, sort="latest", limit=100, since=since)
            return [Call(url)]
        found = _PROFILE.fullmatch(urlsplit(place.url).path)
        if found is None:
            raise UnreadablePageError("not_the_api", url=place.url)
        actor = unquote(found["actor"])
        if found["post"]:
            return [replace(_conversation(place, f"at://{actor}/app.bsky.feed.post/{found['post']}"), what="lookup")]
        url = _method(place, "getAuthorFeed")
        return [Call(values.with_query(url, actor=actor, limit=100, filter="posts_no_replies"))]

    def read(self, call: Call, answer: Answer, place: Place) -> Reading:
        data = answer.json
        if "getPostThread" in call.url:
            return self._read_thread(data, call, answer, place)
        if "searchPosts" in call.url:
            found = values.needed_items(data, "posts", url=answer.url)
        else:
            entries = values.needed_items(data, "feed", url=answer.url)
            found = [
                one["post"]
                for one in entries
                if isinstance(one.get("post"), Mapping)
                and not values.text(one, "reason", "$type").endswith("#reasonRepost")
            ]
        threads = [thread for one in found if (thread := _thread(one)) is not None]
        calls = [_conversation(place, _uri(thread.thread_id), thread.thread_id) for thread in threads]
        wait = _until_reset(answer) if answer.headers.get("ratelimit-remaining") == "0" else 0.0
        return Reading(tuple(threads), calls=(*calls, *_older(call, data)), wait=wait)

    def _read_thread(self, data: Any, call: Call, answer: Answer, place: Place) -> Reading:
        """A post with all the answers below it; those that lie too deep for one answer are asked for apart."""
        top = values.get(data, "thread")
        if not isinstance(values.get(top, "post"), Mapping):
            if values.get(top, "notFound") is True or values.get(top, "blocked") is True:
                return _gone(call, place)
            raise UnreadablePageError("not_the_api", url=answer.url)
        root = _URI.fullmatch(values.word(top, "post", "record", "reply", "root", "uri"))
        if call.what == "lookup" and root is not None:
            return Reading(calls=(replace(_conversation(place, root[0]), what="lookup"),))
        posts, deeper = _below(top)
        key = call.thread_id
        thread = _thread(top["post"]) if key is None else None
        if thread is not None:
            key = thread.thread_id
        apart = [] if call.what == "replies" else deeper[:_ASKED_APART]
        what: Any = "replies" if call.what == "comments" else "comments"
        calls = tuple(replace(_conversation(place, uri, key), what=what) for uri in apart) if key else ()
        if call.thread_id is not None:
            return Reading(posts=posts, calls=calls)
        if thread is None:
            return Reading(problem=Reason("platforms.bluesky.hidden", {"url": place.url}))
        return Reading((replace(thread, posts=(*thread.posts, *posts), replies=len(posts)),), calls=calls)

    def read_error(self, call: Call, answer: Answer, place: Place) -> Reading:
        if answer.status == 429:
            return Reading(wait=_until_reset(answer), instead=call)
        told = {"url": place.url, "status": answer.status, "said": _error(answer)}
        if answer.status in (401, 403) or told["said"] in ("ExpiredToken", "InvalidToken", "AuthMissing"):
            key = "expired" if place.has_token else "search_needs_token"
            return Reading(problem=Reason(f"platforms.bluesky.{key}", told))
        if answer.status in (400, 404) and told["said"]:
            return _gone(call, place)
        return by_status(call, answer, place)


def _gone(call: Call, place: Place) -> Reading:
    if call.what in ("comments", "replies"):
        return Reading(skip=Reason("gone", {"url": place.url, "status": 404}))
    return Reading(problem=Reason("platforms.bluesky.gone", {"url": place.url}))


def _until_reset(answer: Answer) -> float:
    """Seconds until the count of calls begins anew (``ratelimit-reset``, seconds since 1970)."""
    if answer.retry_after is not None:
        return max(1.0, answer.retry_after)
    reset = values.moment(values.count(answer.headers.get("ratelimit-reset")))
    return max(1.0, (reset - answer.at).total_seconds() + 1) if reset else 60.0


def _error(answer: Answer) -> str:
    """The name of an error, as the API says it beside its status."""
    try:
        return values.line(answer.json, "error")
    except UnreadablePageError:
        return ""


def _searched(url: str) -> str | None:
    """What an address of the site searches for."""
    parts = urlsplit(url)
    if tag := _TAG.fullmatch(parts.path):
        return f"#{unquote(tag['tag'])}"
    words = parse_qs(parts.query).get("q", [""])[0][:200].strip()
    return words if parts.path.rstrip("/") == "/search" and words else None


def _method(place: Place, name: str) -> str:
    base = place.api if place.api.endswith("/xrpc") else f"{place.api}/xrpc"
    return f"{base}/app.bsky.feed.{name}"


def _conversation(place: Place, uri: str, thread: str | None = None) -> Call:
    url = values.with_query(_method(place, "getPostThread"), uri=uri, depth=_DEEPEST, parentHeight=0)
    return Call(url, "comments" if thread else "list", thread_id=thread)


def _older(call: Call, data: Any) -> Iterator[Call]:
    if cursor := values.word(data, "cursor"):
        yield call.to(values.with_query(call.url, cursor=cursor))


def _uri(key: str) -> str:
    return "at://{}/app.bsky.feed.post/{}".format(*key.split("/", 1))


def _key(uri: str) -> str:
    """A post's id: whose it is, and its key among theirs."""
    found = _URI.fullmatch(uri)
    return f"{found['did']}/{found['key']}" if found else ""


def _below(top: Mapping[str, Any]) -> tuple[tuple[Post, ...], list[str]]:
    """All answers below a post in the order of the tree, and the posts below which more is to be had."""
    posts: list[Post] = []
    deeper: list[str] = []
    waiting = list(reversed(values.items(top, "replies")))
    while waiting:
        one = waiting.pop()
        view = values.get(one, "post")
        if not isinstance(view, Mapping):  # deleted, blocked, or of somebody who blocked the author
            continue
        if post := _post(view):
            posts.append(post)
        if "replies" not in one and (values.count(view, "replyCount") or 0) > 0 and _key(values.word(view, "uri")):
            deeper.append(values.word(view, "uri"))
        waiting += reversed(values.items(one, "replies"))
    return tuple(posts), deeper


def _thread(view: Mapping[str, Any]) -> Thread | None:
    post = _post(view)
    if post is None:
        return None
    return Thread(
        thread_id=post.post_id,
        url=post.url or "",
        engine=Bluesky.name,
        title=values.title_of(post.text, post.author or post.post_id),
        posts=(post,),
        replies=values.count(view, "replyCount"),
        tags=_tags(view),
    )


def _tags(view: Mapping[str, Any]) -> tuple[str, ...]:
    found = [
        values.line(feature, "tag")
        for facet in values.items(view, "record", "facets")
        for feature in values.items(facet, "features")
        if values.text(feature, "$type").endswith("facet#tag")
    ]
    return tuple(dict.fromkeys(tag for tag in found if tag))[:30]


def _post(view: Mapping[str, Any]) -> Post | None:
    """A post. Its own clock may be anybody's: one that is later than the network's own is not believed."""
    key = _key(values.word(view, "uri"))
    labels = {values.word(one, "val") for one in values.items(view, "author", "labels")}
    if not key or _HIDDEN in labels or not isinstance(view.get("record"), Mapping):
        return None
    written, seen = values.moment(view, "record", "createdAt"), values.moment(view, "indexedAt")
    handle = values.line(view, "author", "handle")
    did, _, name = key.partition("/")
    parent = _key(values.word(view, "record", "reply", "parent", "uri"))
    counts = (("like", "likeCount"), ("repost", "repostCount"))
    reactions = {one: told for one, field in counts if (told := values.count(view, field)) is not None}
    alternative = [values.text(one, "alt") for one in values.items(view, "embed", "images")]
    return Post(
        post_id=key,
        text=values.text(view, "record", "text") or "\n".join(one for one in alternative if one),
        author=handle or did,
        posted_at=min(written, seen) if written and seen else written or seen,
        quoted=_quoted(view.get("embed")) or None,
        reply_to=parent or None,
        url=f"https://bsky.app/profile/{did if handle in ('', 'handle.invalid') else handle}/post/{name}",
        reactions=reactions or None,
    )


def _quoted(embed: Any) -> str:
    """The words of a post that is quoted, alone or beside pictures."""
    record = values.get(embed, "record")
    if isinstance(values.get(record, "record"), Mapping):
        record = values.get(record, "record")
    if not values.text(record, "$type").endswith("#viewRecord"):
        return ""
    labels = {values.word(one, "val") for one in values.items(record, "author", "labels")}
    return "" if _HIDDEN in labels else values.text(record, "value", "text")
