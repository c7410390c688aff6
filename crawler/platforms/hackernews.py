"""Hacker News, by the search API that Algolia keeps for it (documented at hn.algolia.com/api).

Of its two public APIs this one costs the fewest requests: it lists up to a thousand stories at once, each with its number of
comments, so that only discussions which moved are asked for, and it gives a whole discussion in one answer. The other one
(Firebase) lists bare ids, tells no numbers with them, and asks one request a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from crawler.platforms import values
from crawler.platforms.base import Answer, Call, Place, Platform, Reading
from crawler.platforms.markup import words_as_in_mail
from data.errors import UnreadablePageError
from data.records import Post, Thread

_SITE: Final = "https://news.ycombinator.com"
#: As many as the site itself shows of a list without an end, where the study sets no bound.
_MOST_OF_A_LIST: Final = 500
_MOST_A_PAGE: Final = 1_000
_DEEPEST: Final = 500
_LISTS: Final = {
    "": "front_page",
    "news": "front_page",
    "front": "front_page",
    "newest": "story",
    "ask": "ask_hn",
    "show": "show_hn",
}
_PEOPLE: Final = {"user": "story", "submitted": "story", "threads": "comment"}
_NAME = re.compile(r"[\w-]{1,40}", re.ASCII)
_NUMBER = re.compile(r"\d{1,12}", re.ASCII)


class HackerNews(Platform):
    """Stories with their comments: a list of the site, one person's, those of one web site, one discussion, or a search."""

    name = "hackernews"
    kind = "forum"
    api = "https://hn.algolia.com/api/v1"

    def knows(self, url: str) -> bool:
        host = urlsplit(url).hostname
        return host in ("news.ycombinator.com", "hn.algolia.com") and (_item(url) or _wanted(url)) is not None

    def start(self, place: Place) -> Sequence[Call]:
        if item := _item(place.url):
            return [Call(f"{place.api}/items/{item}", "lookup")]
        wanted = _wanted(place.url)
        if wanted is None:
            raise UnreadablePageError("not_the_api", url=place.url)
        is_bounded = place.since is not None or place.max_threads is not None
        size = _MOST_A_PAGE if "author" in wanted["tags"] else min(max(place.max_threads or 0, 100), 500)
        most = None if is_bounded or "query" in wanted or "author" in wanted["tags"] else _MOST_OF_A_LIST
        since = f"created_at_i>={int(place.since.timestamp())}" if place.since else None
        url = values.with_query(f"{place.api}/search_by_date", **wanted, hitsPerPage=size, numericFilters=since)
        return [Call(url, context={"size": size, "left": most, "since": since})]

    def read(self, call: Call, answer: Answer, place: Place) -> Reading:
        data = answer.json
        if call.what == "comments":
            story = _story(_as_hit(data)) if call.context.get("whole") else None
            return Reading(posts=(*(story.posts if story else ()), *_comments(data, call.thread_id or "")))
        if not isinstance(values.get(data, "hits"), list):
            return self._read_item(data, answer, place)
        hits = [hit for hit in values.items(data, "hits") if _is_of_site(hit, call)]
        stories = [story for hit in hits if (story := _story(hit)) is not None]
        calls = [_discussion(place, story.thread_id) for story in stories]
        said = _said(hits, {story.thread_id for story in stories})
        calls += [_discussion(place, story.thread_id, whole=True) for story in said]
        return Reading((*stories, *said), calls=(*calls, *_older(call, values.items(data, "hits"))))

    def _read_item(self, data: Any, answer: Answer, place: Place) -> Reading:
        """One discussion; of a comment's address the whole one that it belongs to."""
        story = values.word(data, "story_id")
        if values.get(data, "type") == "comment" and _NUMBER.fullmatch(story) and story != values.word(data, "id"):
            return Reading(calls=(Call(f"{place.api}/items/{story}"),))
        thread = _story(_as_hit(data))
        if thread is None:
            raise UnreadablePageError("not_the_api", url=answer.url)
        comments = tuple(_comments(data, thread.thread_id))
        return Reading((replace(thread, posts=(*thread.posts, *comments), replies=len(comments)),))


def _discussion(place: Place, story: str, *, whole: bool = False) -> Call:
    return Call(f"{place.api}/items/{story}", "comments", thread_id=story, context={"whole": whole})


def _older(call: Call, hits: Sequence[Mapping[str, Any]]) -> Iterator[Call]:
    """What was written before these: the API counts no further than a thousand, so it is asked for by its time."""
    left, since = call.context.get("left"), call.context.get("since")
    left = None if left is None else left - len(hits)
    times = [said for hit in hits if (said := values.count(hit, "created_at_i")) is not None]
    if len(hits) < call.context.get("size", 0) or not times or (left is not None and left <= 0):
        return
    filters = [f"created_at_i<{min(times)}", *([since] if since else [])]
    url = values.with_query(call.url, numericFilters=",".join(filters))
    yield Call(url, context={**call.context, "left": left})


def _item(url: str) -> str | None:
    """The id in ``/item?id=``."""
    parts = urlsplit(url)
    found = parse_qs(parts.query).get("id", [""])[0]
    return found if parts.path == "/item" and _NUMBER.fullmatch(found) else None


def _wanted(url: str) -> dict[str, str] | None:
    """What the API is asked for to have what an address of the site, or of its search, lists."""
    parts = urlsplit(url)
    said = {name: given[0] for name, given in parse_qs(parts.query).items()}
    page = parts.path.strip("/")
    if parts.hostname == "hn.algolia.com":
        return {"query": said["q"][:200], "tags": "(story,comment)"} if said.get("q") else None
    if page == "from":
        site = said.get("site", "")[:200]
        return {"query": site, "restrictSearchableAttributes": "url", "tags": "story"} if site else None
    if page in _PEOPLE:
        person = said.get("id", "")
        return {"tags": f"{_PEOPLE[page]},author_{person}"} if _NAME.fullmatch(person) else None
    return {"tags": _LISTS[page]} if page in _LISTS else None


def _story(hit: Mapping[str, Any]) -> Thread | None:
    """A story as a thread with its first post; a link without words of its own is its title."""
    number, title = values.word(hit, "objectID"), values.line(hit, "title")
    if not _NUMBER.fullmatch(number) or not title or values.text(hit, "comment_text"):
        return None
    body = words_as_in_mail(values.text(hit, "story_text"))
    points = values.count(hit, "points")
    post = Post(
        post_id=number,
        text=body.text or title,
        author=values.line(hit, "author") or None,
        posted_at=values.moment(hit, "created_at_i") or values.moment(hit, "created_at"),
        quoted=body.quoted,
        shown=body.shown,
        url=f"{_SITE}/item?id={number}",
        reactions=None if points is None else {"points": points},
    )
    return Thread(
        number, f"{_SITE}/item?id={number}", HackerNews.name, title, (post,), replies=values.count(hit, "num_comments")
    )


def _is_of_site(hit: Mapping[str, Any], call: Call) -> bool:
    """Whether a story leads to the site asked for: the search also finds addresses that are merely alike."""
    said = parse_qs(urlsplit(call.url).query)
    if "restrictSearchableAttributes" not in said:
        return True
    try:
        host = urlsplit(values.web_address(hit, "url") or "").hostname or ""
    except ValueError:
        return False
    wanted = said["query"][0].partition("/")[0].lower().removeprefix("www.")
    return host == wanted or host.endswith(f".{wanted}")


def _as_hit(item: Any) -> Mapping[str, Any]:
    """A story as ``/items`` gives it, with the names that it has among search results."""
    if not isinstance(item, Mapping) or item.get("type") == "comment":
        return {}
    return {**item, "objectID": values.word(item, "id"), "story_text": item.get("text")}


def _said(hits: Sequence[Mapping[str, Any]], known: set[str]) -> list[Thread]:
    """The discussions in which comments that were found stand, each with those comments."""
    threads: dict[str, Thread] = {}
    for hit in hits:
        story = values.word(hit, "story_id")
        post = _comment({**hit, "id": values.word(hit, "objectID"), "text": hit.get("comment_text")}, story)
        if post is None or not _NUMBER.fullmatch(story) or story in known:
            continue
        title = values.line(hit, "story_title") or values.title_of(post.text)
        before = threads.get(story) or Thread(story, f"{_SITE}/item?id={story}", HackerNews.name, title, ())
        threads[story] = replace(before, posts=(*before.posts, post))
    return list(threads.values())


def _comments(item: Any, story: str) -> Iterator[Post]:
    """All comments below an item, in the order of the page. A deleted one has neither author nor words; its answers stay."""
    if values.word(item, "id") != story:
        raise UnreadablePageError("not_the_api", url=f"{_SITE}/item?id={story}")
    waiting = [(one, 1) for one in reversed(values.items(item, "children"))]
    while waiting:
        one, depth = waiting.pop()
        if depth < _DEEPEST:
            waiting += [(child, depth + 1) for child in reversed(values.items(one, "children"))]
        if (post := _comment(one, story)) is not None:
            yield post


def _comment(one: Mapping[str, Any], story: str) -> Post | None:
    number, body = values.word(one, "id"), words_as_in_mail(values.text(one, "text"))
    if not _NUMBER.fullmatch(number) or not (body.text or body.quoted):
        return None
    return Post(
        post_id=number,
        text=body.text,
        author=values.line(one, "author") or None,
        posted_at=values.moment(one, "created_at_i") or values.moment(one, "created_at"),
        quoted=body.quoted,
        shown=body.shown,
        reply_to=values.word(one, "parent_id") or story,
        url=f"{_SITE}/item?id={number}",
    )
