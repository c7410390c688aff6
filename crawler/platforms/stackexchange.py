"""Stack Overflow and the other sites of Stack Exchange, by their API 2.3 (api.stackexchange.com/docs).

A filter, made by the first call of a crawl, has every question come with its answers and all comments: a hundred questions a
call. The sites' pages can be read too, and are, unless the study says ``api:`` or ``token:`` (an application's key, which
lifts the limit from 300 calls a day to 10,000; without one no list goes beyond its 25th page).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from crawler.platforms import values
from crawler.platforms.base import Answer, Call, Place, Platform, Reading, by_status
from crawler.platforms.markup import words
from crawler.reasons import Reason
from data.errors import UnreadablePageError
from data.records import Post, Thread

if TYPE_CHECKING:
    from data.study import Source

_HOST: Final = re.compile(
    r"(?:www\.)?(?P<site>(?:(?:[a-z]{2}|meta)\.)?stackoverflow\.com|(?:meta\.)?(?:serverfault|superuser|askubuntu)\.com|"
    r"stackapps\.com|(?:meta\.)?mathoverflow\.net|[a-z0-9-]{2,40}(?:\.meta)?\.stackexchange\.com)"
)
_QUESTION: Final = re.compile(r"/(?:questions|q)/(?P<id>\d{1,12})(?:/.{0,300})?")
_TAGGED: Final = re.compile(r"/questions/tagged/(?P<tags>[^/]{1,300})/?")
_PERSON: Final = re.compile(r"/users/(?P<id>-?\d{1,12})(?:/[^/]{0,100})?/?")
_LISTS: Final = ("", "/", "/questions", "/questions/")
_FIELDS: Final = (
    "question.body question.answers question.comments answer.body answer.comments answer.link answer.last_edit_date "
    "question.last_edit_date comment.body comment.link"
)
_LAST_PAGE_WITHOUT_KEY: Final = 25
_SECONDS: Final = re.compile(r"(\d{1,7}) seconds")


class StackExchange(Platform):
    """A question with its answers, and with the comments on either, is a thread."""

    name = "stackexchange"
    kind = "forum"
    api = "https://api.stackexchange.com/2.3"
    looks_back = timedelta(0)

    def knows(self, url: str) -> bool:
        return _site(url) is not None and _address(url) is not None

    def takes(self, source: Source) -> bool:
        return self.knows(source.url) and (source.api is not None or source.token is not None)

    def signed(self, token: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
        return {}, {"key": token}

    def start(self, place: Place) -> Sequence[Call]:
        if not self.knows(place.url):
            raise UnreadablePageError("not_the_api", url=place.url)
        fields = ";".join(_FIELDS.split())
        return [
            Call(
                values.with_query(f"{place.api}/filters/create", base="default", include=fields, unsafe="false"),
                "lookup",
            )
        ]

    def read(self, call: Call, answer: Answer, place: Place) -> Reading:
        data = answer.json
        found = values.needed_items(data, "items", url=answer.url)
        if call.what == "lookup":
            return Reading(calls=(self._first(found, answer, place),), wait=_backoff(data))
        threads = [thread for one in found if (thread := _thread(one)) is not None]
        moved = {
            values.word(one, "question_id"): last
            for one in found
            if (last := values.moment(one, "last_activity_date")) is not None
        }
        calls, notes, stop = tuple(_older(call, data)), [], None
        if calls and values.count(data, "quota_remaining") == 0:
            stop = Reason("platforms.stackexchange.quota", {"url": place.url, "count": values.count(data, "quota_max")})
        if calls and call.page >= _LAST_PAGE_WITHOUT_KEY and not place.has_token:
            calls, notes = (), [Reason("platforms.stackexchange.without_key", {"url": place.url})]
        return Reading(tuple(threads), calls=calls, moved=moved, notes=tuple(notes), stop=stop, wait=_backoff(data))

    def _first(self, filters: Sequence[Mapping[str, Any]], answer: Answer, place: Place) -> Call:
        made = values.word(filters[0], "filter") if filters else ""
        found = _address(place.url)
        if not made or found is None:
            raise UnreadablePageError("not_the_api", url=answer.url)
        method, query = found
        since = int(place.since.timestamp()) if place.since and "order" in query and "/search" not in method else None
        url = values.with_query(
            f"{place.api}{method}", **query, site=_site(place.url), pagesize=100, page=1, min=since, filter=made
        )
        return Call(url)

    def read_error(self, call: Call, answer: Answer, place: Place) -> Reading:
        try:
            data = answer.json
        except UnreadablePageError:
            return by_status(call, answer, place)
        name, why = values.line(data, "error_name"), values.line(data, "error_message")
        if name == "throttle_violation":
            seconds = _SECONDS.search(why)
            return Reading(wait=float(seconds[1]) + 1 if seconds else 60.0, instead=call)
        if not name:
            return by_status(call, answer, place)
        told = {"url": place.url, "status": answer.status, "name": name, "why": why}
        key = "key" if place.has_token and re.search(r"\bkey\b", f"{name} {why}") else "error"
        return Reading(problem=Reason(f"platforms.stackexchange.{key}", told), wait=_backoff(data))


def _site(url: str) -> str | None:
    """The site as the API names it: by its domain."""
    found = _HOST.fullmatch((urlsplit(url).hostname or "").lower())
    return found["site"] if found else None


def _address(url: str) -> tuple[str, dict[str, Any]] | None:
    """The method and the query that bring what an address of a site shows."""
    parts = urlsplit(url)
    path, newest = parts.path, {"order": "desc", "sort": "activity"}
    if found := _QUESTION.fullmatch(path):
        return f"/questions/{found['id']}", {}
    if found := _TAGGED.fullmatch(path):
        return "/questions", {**newest, "tagged": ";".join(re.split(r"[ +;]+", unquote(found["tags"]).strip())[:5])}
    if found := _PERSON.fullmatch(path):
        return f"/users/{found['id']}/questions", newest
    words_wanted = parse_qs(parts.query).get("q", [""])[0][:200]
    if path.rstrip("/") == "/search" and words_wanted:
        return "/search/advanced", {**newest, "q": words_wanted}
    return ("/questions", newest) if path in _LISTS else None


def _backoff(data: Any) -> float:
    """Seconds that the API wants to be left alone; who asks before is shut out."""
    return float(values.count(data, "backoff") or 0)


def _older(call: Call, data: Any) -> Iterator[Call]:
    if values.get(data, "has_more") is True:
        page = int(parse_qs(urlsplit(call.url).query).get("page", ["1"])[0])
        yield call.to(values.with_query(call.url, page=page + 1))


def _thread(question: Mapping[str, Any]) -> Thread | None:
    # A safe filter encodes every text for HTML, titles and names too.
    number, title = values.word(question, "question_id"), unescape(values.line(question, "title"))
    if not number or not title:
        return None
    first = _post(question, number, title)
    posts = [first, *_comments(question, number)]
    for answer in values.items(question, "answers"):
        if key := values.word(answer, "answer_id"):
            posts += [_post(answer, key, reply_to=number), *_comments(answer, key)]
    return Thread(
        thread_id=number,
        url=values.web_address(question, "link") or "",
        engine=StackExchange.name,
        title=title,
        posts=tuple(post for post in posts if post.text or post.quoted),
        views=values.count(question, "view_count"),
        replies=len(posts) - 1,
        tags=tuple(values.strings(question, "tags"))[:30],
    )


def _comments(owner: Mapping[str, Any], number: str) -> Iterator[Post]:
    for comment in values.items(owner, "comments"):
        if key := values.word(comment, "comment_id"):
            yield _post(comment, f"c{key}", reply_to=number)


def _post(data: Mapping[str, Any], number: str, otherwise: str = "", reply_to: str | None = None) -> Post:
    body = words(values.text(data, "body"))
    score = data.get("score")
    return Post(
        post_id=number,
        text=body.text or otherwise,
        author=unescape(values.line(data, "owner", "display_name")) or None,
        author_id=values.word(data, "owner", "user_id") or None,
        posted_at=values.moment(data, "creation_date"),
        quoted=body.quoted,
        shown=body.shown,
        reply_to=reply_to,
        url=values.web_address(data, "link"),
        reactions={"score": score} if isinstance(score, int) and not isinstance(score, bool) else None,
        edited_at=values.moment(data, "last_edit_date"),
    )
