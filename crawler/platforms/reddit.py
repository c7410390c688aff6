"""Reddit, by its API for registered applications (www.reddit.com/dev/api): communities, people, searches and single posts.

Reddit answers an application with a token only; its pages are not read instead, for its terms and robots.txt forbid that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from html import unescape
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from crawler.engines.fragments import read_markdown
from crawler.platforms import values
from crawler.platforms.base import Answer, Call, Place, Platform, Reading, by_status
from crawler.platforms.markup import words
from crawler.reasons import Reason
from data.errors import UnreadablePageError
from data.records import Post, Thread

_SITE: Final = "https://www.reddit.com"
_HOST: Final = re.compile(r"(?:(?:www|old|new|np|m|i|[a-z]{2})\.)?reddit\.com|redd\.it")
_POST: Final = re.compile(r"(?:/(?:r|user|u)/[\w-]{1,40})?/comments/(?P<id>[a-z0-9]{1,12})(?:/.{0,300})?", re.I)
_SHORT: Final = re.compile(r"/(?P<id>[a-z0-9]{4,12})/?", re.I)
_BOARD: Final = re.compile(r"/r/(?P<name>[\w+-]{2,100})(?:/(?:new|hot|top|best|rising|controversial))?/?", re.I)
_SEARCH: Final = re.compile(r"(?:/r/(?P<name>[\w+-]{2,100}))?/search/?", re.I)
_PERSON: Final = re.compile(r"/u(?:ser)?/(?P<name>[\w-]{2,40})(?:/(?P<what>submitted|comments|overview))?/?", re.I)
_ID: Final = re.compile(r"[a-z0-9]{1,13}", re.I)
_GONE: Final = ("[deleted]", "[removed]", "[ Removed by Reddit ]")
_MORE_AT_ONCE: Final = 100
_MOST_APART: Final = 60
_DEEPEST: Final = 20
_PAGE: Final = {"limit": 100, "raw_json": 1}


class Reddit(Platform):
    """A post with its tree of comments is a thread. What was deleted or removed has no words left and is left out."""

    name = "reddit"
    kind = "forum"
    api = "https://oauth.reddit.com"
    needs_token = True
    instead_of_pages = True

    def knows(self, url: str) -> bool:
        parts = urlsplit(url)
        return bool(_HOST.fullmatch(parts.hostname or "")) and _address(url) is not None

    def start(self, place: Place) -> Sequence[Call]:
        found = _address(place.url)
        if found is None:
            raise UnreadablePageError("not_the_api", url=place.url)
        path, query, what = found
        return [Call(values.with_query(f"{place.api}{path}", **query), what)]

    def read(self, call: Call, answer: Answer, place: Place) -> Reading:
        data = answer.json
        reading = self._read(data, call, answer, place)
        return replace(reading, wait=_pause(answer))

    def _read(self, data: Any, call: Call, answer: Answer, place: Place) -> Reading:
        if "/api/morechildren" in call.url:
            return _tree(values.needed_items(data, "json", "data", "things", url=answer.url), call, place)
        if isinstance(data, list):
            below = values.needed_items(data, 1, "data", "children", url=answer.url)
            thread = _thread(values.get(data, 0, "data", "children", 0))
            if call.thread_id is not None:
                reading = _tree(below, call, place)
                first = thread.posts if thread and call.context.get("whole") else ()
                return replace(reading, posts=(*first, *reading.posts))
            if thread is None:
                return Reading(problem=Reason("platforms.reddit.gone", {"url": place.url}))
            reading = _tree(below, replace(call, thread_id=thread.thread_id), place, "comments")
            return replace(reading, threads=(replace(thread, posts=(*thread.posts, *reading.posts)),), posts=())
        things = values.needed_items(data, "data", "children", url=answer.url)
        threads = [thread for one in things if (thread := _thread(one)) is not None]
        said = _said(things, {thread.thread_id for thread in threads})
        calls = [_discussion(place, thread.thread_id) for thread in threads]
        calls += [_discussion(place, thread.thread_id, whole=True) for thread in said]
        return Reading((*threads, *said), calls=(*calls, *_older(call, data)))

    def read_error(self, call: Call, answer: Answer, place: Place) -> Reading:
        if answer.status == 429:
            return Reading(wait=answer.retry_after or max(_reset(answer), 1.0), instead=call)
        told = {"url": place.url, "status": answer.status, "why": _said_why(answer)}
        key = {401: "token", 302: "gone", 404: "gone", 403: "refused"}.get(answer.status)
        if told["why"] in ("private", "quarantined", "gated", "banned"):
            key = str(told["why"])
        if key is None:
            return by_status(call, answer, place)
        reason = Reason(f"platforms.reddit.{key}", told)
        if call.what in ("comments", "replies") and key not in ("token", "refused"):
            return Reading(skip=Reason("gone", {"url": call.url, "status": answer.status}))
        return Reading(stop=reason) if key == "token" else Reading(problem=reason)


def _address(url: str) -> tuple[str, dict[str, Any], Any] | None:
    """What the API is asked for to have what an address shows: its path, its query, and what that is."""
    parts = urlsplit(url)
    path, query = parts.path, parse_qs(parts.query)
    post = _SHORT.fullmatch(path) if parts.hostname == "redd.it" else _POST.fullmatch(path)
    if post is not None:
        return f"/comments/{post['id'].lower()}", {"limit": 500, "raw_json": 1, "sort": "old"}, "lookup"
    if (found := _SEARCH.fullmatch(path)) and query.get("q"):
        here = {"restrict_sr": 1} if found["name"] else {}
        path = f"/r/{found['name']}/search" if found["name"] else "/search"
        return path, {**_PAGE, "q": query["q"][0][:500], "sort": "new", **here}, "list"
    if found := _BOARD.fullmatch(path):
        return f"/r/{found['name']}/new", _PAGE, "list"
    if found := _PERSON.fullmatch(path):
        return f"/user/{found['name']}/{(found['what'] or 'submitted').lower()}", {**_PAGE, "sort": "new"}, "list"
    return None


def _pause(answer: Answer) -> float:
    """Seconds to wait where this answer used up what may be asked in a period (``X-Ratelimit-*``)."""
    left = answer.headers.get("x-ratelimit-remaining", "")
    return _reset(answer) if re.fullmatch(r"0(?:\.\d{1,5})?", left) else 0.0


def _reset(answer: Answer) -> float:
    said = answer.headers.get("x-ratelimit-reset", "")
    return float(said) + 1 if re.fullmatch(r"\d{1,6}(?:\.\d{1,5})?", said) else 60.0


def _said_why(answer: Answer) -> str:
    try:
        return values.line(answer.json, "reason") or values.line(answer.json, "message")
    except UnreadablePageError:
        return ""


def _older(call: Call, data: Any) -> Iterator[Call]:
    if after := values.word(data, "data", "after"):
        yield call.to(values.with_query(call.url, after=after))


def _discussion(place: Place, post: str, *, whole: bool = False) -> Call:
    url = values.with_query(f"{place.api}/comments/{post}", limit=500, raw_json=1, sort="old")
    return Call(url, "comments", thread_id=post, context={"whole": whole})


def _thread(thing: Any) -> Thread | None:
    """A post as a thread. A link, or a post whose words were removed, is its title."""
    data = values.get(thing, "data")
    number, title = values.word(data, "id"), values.line(data, "title")
    if values.get(thing, "kind") != "t3" or not _ID.fullmatch(number) or not title:
        return None
    post = _post(data, f"t3_{number}", "selftext", title)
    labels = (values.line(data, "link_flair_text"), values.line(data, "subreddit"))
    return Thread(
        thread_id=number,
        url=post.url or f"{_SITE}/comments/{number}/",
        engine=Reddit.name,
        title=title,
        posts=(post,),
        replies=values.count(data, "num_comments"),
        tags=tuple(label for label in labels if label),
    )


def _post(data: Mapping[str, Any], number: str, field: str, otherwise: str = "") -> Post:
    markup = values.text(data, f"{field}_html")
    # Without its HTML a post comes as it was typed.
    body = words(markup) if markup else read_markdown(unescape(values.text(data, field)))
    origin = values.items(data, "crosspost_parent_list")
    shared = words(values.text(origin[0], "selftext_html")).text if origin else ""
    author, path = values.line(data, "author"), values.word(data, "permalink")
    score = None if data.get("score_hidden") is True else data.get("score")
    return Post(
        post_id=number,
        text=otherwise if body.text in ("", *_GONE) else body.text,
        author=None if author in ("", *_GONE) else author,
        posted_at=values.moment(data, "created_utc"),
        quoted=body.quoted or shared or None,
        shown=body.shown,
        reply_to=values.word(data, "parent_id") or None,
        url=f"{_SITE}{path}" if re.fullmatch(r"/(?:r|user|u)/[^\s]{1,400}", path) else None,
        reactions={"score": score} if isinstance(score, int) and not isinstance(score, bool) else None,
        edited_at=values.moment(data, "edited"),
    )


def _comment(data: Any) -> Post | None:
    number = values.word(data, "id")
    post = _post(data, f"t1_{number}", "body") if isinstance(data, Mapping) and _ID.fullmatch(number) else None
    return post if post and (post.text or post.quoted) else None


def _said(things: Sequence[Mapping[str, Any]], known: set[str]) -> list[Thread]:
    """The discussions in which comments of a list stand, each with those comments."""
    threads: dict[str, Thread] = {}
    for thing in things:
        data = values.get(thing, "data")
        link = values.word(data, "link_id").removeprefix("t3_")
        post = _comment(data) if values.get(thing, "kind") == "t1" else None
        if post is None or not _ID.fullmatch(link) or link in known:
            continue
        title = values.line(data, "link_title") or values.title_of(post.text)
        before = threads.get(link) or Thread(link, f"{_SITE}/comments/{link}/", Reddit.name, title, ())
        threads[link] = replace(before, posts=(*before.posts, post))
    return list(threads.values())


def _tree(things: Sequence[Any], call: Call, place: Place, what: Any = "replies") -> Reading:
    """All comments below, in the order of the page, and calls for those that the answer holds back."""
    posts: list[Post] = []
    more: list[str] = []
    deeper: list[str] = []
    waiting = list(reversed(things))
    while waiting:
        thing = waiting.pop()
        data = values.get(thing, "data")
        if values.get(thing, "kind") == "more":
            children = [one for one in values.strings(data, "children") if _ID.fullmatch(one)]
            more += children
            parent = values.word(data, "parent_id").removeprefix("t1_")
            deeper += [parent] if not children and _ID.fullmatch(parent) else []
        elif values.get(thing, "kind") == "t1":
            if post := _comment(data):
                posts.append(post)
            waiting += reversed(values.items(data, "replies", "data", "children"))
    link, base = call.thread_id or "", place.api
    urls = [
        values.with_query(
            f"{base}/api/morechildren", api_type="json", link_id=f"t3_{link}", children=",".join(part), raw_json=1
        )
        for part in (more[at : at + _MORE_AT_ONCE] for at in range(0, len(more), _MORE_AT_ONCE))
    ]
    urls += [
        values.with_query(f"{base}/comments/{link}", comment=parent, limit=500, raw_json=1, sort="old")
        for parent in dict.fromkeys(deeper)
    ]
    depth = int(call.context.get("depth", 0)) + 1
    allowed = urls[:_MOST_APART] if depth <= _DEEPEST else []
    calls = tuple(Call(url, what, thread_id=link, context={"depth": depth}) for url in allowed)
    notes = (Reason("platforms.reddit.cut", {"url": place.url}),) if len(allowed) < len(urls) else ()
    return Reading(posts=tuple(posts), calls=calls, notes=notes)
