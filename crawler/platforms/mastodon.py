"""Mastodon, by the API of each instance (docs.joinmastodon.org): accounts, hashtags and single posts with their answers.

Without a token an instance shows at most 60 answers of a post at once; what lies below those is asked for apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

from crawler.platforms import values
from crawler.platforms.base import Answer, Call, Place, Platform, Reading, by_status
from crawler.platforms.markup import words
from crawler.reasons import Reason
from data.errors import UnreadablePageError
from data.records import Post, Thread

if TYPE_CHECKING:
    from data.study import Source

#: Others whose addresses have the same shape.
_NOT_MASTODON: Final = re.compile(
    r"(?:^|\.)(?:youtube\.com|medium\.com|tiktok\.com|threads\.(?:net|com)|substack\.com|flipboard\.com|dailymotion\.com|rumble\.com|"
    r"odysee\.com|steemit\.com|hive\.blog|npmjs\.com|dev\.to|zing\.vn|facebook\.com|instagram\.com|t\.me|misskey\.io)$"
)
#: An address with ``/tags/`` alone may be any blog's.
_INSTANCE: Final = re.compile(
    r"(?:^|\.)(?:mastodon|mstdn|masto|toot|fosstodon|hachyderm)(?:\.[a-z]{2,12}){1,2}$|^(?:mas\.to|infosec\.exchange|techhub\.social)$"
)
_PATH: Final = re.compile(
    r"/(?:web/|deck/)?@(?P<name>[\w.-]{1,60}(?:@[\w.-]{3,120})?)(?:/(?P<id>\d{5,25})|/tagged/(?P<tagged>\w{1,100})|/with_replies|/media)?/?",
)
_TAG: Final = re.compile(r"/(?:web/|deck/)?(?:tags|timelines/tag)/(?P<tag>\w{1,100})/?")
_NUMBER: Final = re.compile(r"\w{1,40}", re.ASCII)
_NEXT: Final = re.compile(r"<([^<>]{1,1000})>\s{0,3};\s{0,3}rel=\"?next")
_MOST_SHOWN: Final = 60
_ASKED_APART: Final = 20


class Mastodon(Platform):
    """A post that answers nobody is a thread; boosts are others' posts and are left out."""

    name = "mastodon"
    kind = "fanpage"

    def knows(self, url: str) -> bool:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if _PATH.fullmatch(parts.path):
            return not _NOT_MASTODON.search(host)
        return bool(_TAG.fullmatch(parts.path) and _INSTANCE.search(host))

    def takes(self, source: Source) -> bool:
        """Where the study names the API, a hashtag's address is one on any host; what it calls a forum is read as one."""
        if source.kind not in (None, self.kind):
            return False
        return self.knows(source.url) or (source.api is not None and bool(_TAG.fullmatch(urlsplit(source.url).path)))

    def base(self, url: str) -> str:
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}"

    def start(self, place: Place) -> Sequence[Call]:
        path = urlsplit(place.url).path
        if tag := _TAG.fullmatch(path):
            return [Call(f"{place.api}/api/v1/timelines/tag/{quote(tag['tag'])}?limit=40")]
        found = _PATH.fullmatch(path)
        if found is None:
            raise UnreadablePageError("not_the_api", url=place.url)
        if found["id"]:
            return [Call(f"{place.api}/api/v1/statuses/{found['id']}", "lookup")]
        url = values.with_query(f"{place.api}/api/v1/accounts/lookup", acct=found["name"])
        return [Call(url, "lookup", context={"tagged": found["tagged"]})]

    def read(self, call: Call, answer: Answer, place: Place) -> Reading:
        data = answer.json
        if call.what == "lookup":
            return self._read_one(data, place) if "/statuses/" in call.url else self._read_account(data, call, place)
        if call.what in ("comments", "replies") or "status" in call.context:
            return self._read_context(data, call, answer, place)
        found = values.needed_items(data, url=answer.url)
        threads = [_thread(one, place) for one in _kept(found, place, is_tag="/timelines/tag/" in call.url)]
        calls = [_context(place, thread.thread_id) for thread in threads]
        wait = _until_reset(answer) if answer.headers.get("x-ratelimit-remaining") == "0" else 0.0
        return Reading(tuple(threads), calls=(*calls, *_next(call, answer)), wait=wait)

    def _read_account(self, data: Any, call: Call, place: Place) -> Reading:
        account = values.word(data, "id")
        if not _NUMBER.fullmatch(account):
            raise UnreadablePageError("not_the_api", url=call.url)
        url = f"{place.api}/api/v1/accounts/{account}/statuses"
        tagged = call.context.get("tagged")
        return Reading(
            calls=(
                Call(values.with_query(url, limit=40, exclude_reblogs="true", exclude_replies="true", tagged=tagged)),
            )
        )

    def _read_one(self, data: Any, place: Place) -> Reading:
        """A single post: it is read with all of its conversation, whenever it is looked at."""
        status = data if isinstance(data, Mapping) else {}
        if _post(status, place) is None:
            raise UnreadablePageError("not_the_api", url=place.url)
        url = _context(place, values.word(status, "id")).url
        return Reading(calls=(Call(url, context={"status": status}),))

    def _read_context(self, data: Any, call: Call, answer: Answer, place: Place) -> Reading:
        """What stands above a post and below it. Of a long conversation further parts are asked for, with the replies in turn."""
        above = values.needed_items(data, "ancestors", url=answer.url) if call.what != "replies" else []
        below = values.needed_items(data, "descendants", url=answer.url)
        posts = tuple(post for one in (*above, *below) if (post := _post(one, place)) is not None)
        thread = _thread(call.context["status"], place) if "status" in call.context else None
        key = thread.thread_id if thread else call.thread_id
        is_cut = len(below) >= _MOST_SHOWN and not place.has_token
        apart = _hidden(below) if is_cut and call.what != "replies" else []
        calls = tuple(_context(place, one, key, "comments" if thread else "replies") for one in apart)
        notes = (Reason("platforms.mastodon.cut", {"url": place.url, "count": _MOST_SHOWN}),) if is_cut else ()
        if thread is None:
            return Reading(posts=posts, calls=calls, notes=notes)
        whole = replace(thread, posts=(*thread.posts, *posts), replies=len(posts))
        return Reading((whole,), calls=calls, notes=notes)

    def read_error(self, call: Call, answer: Answer, place: Place) -> Reading:
        told = {"url": place.url, "host": urlsplit(place.api).hostname or "", "status": answer.status}
        if answer.status == 429:
            return Reading(wait=_until_reset(answer), instead=call)
        if call.what in ("lookup", "list") and _is_no_api(answer):
            return Reading(problem=Reason("platforms.mastodon.not_mastodon", told))
        if answer.status in (401, 403, 422):
            return Reading(problem=Reason("platforms.mastodon.closed", told))
        if answer.status in (404, 410) and call.what in ("lookup", "list"):
            return Reading(problem=Reason("platforms.mastodon.gone", told))
        return by_status(call, answer, place)


def _is_no_api(answer: Answer) -> bool:
    """Whether an error does not come from Mastodon, which says each as ``{"error": …}``."""
    try:
        return answer.status < 500 and not values.text(answer.json, "error")
    except UnreadablePageError:
        return answer.status < 500


def _until_reset(answer: Answer) -> float:
    """Seconds until the count of requests begins anew (``X-RateLimit-Reset``, a time)."""
    if answer.retry_after is not None:
        return answer.retry_after
    reset = values.moment(answer.headers.get("x-ratelimit-reset"))
    return max(1.0, (reset - answer.at).total_seconds() + 1) if reset else 60.0


def _next(call: Call, answer: Answer) -> Iterator[Call]:
    """The older ones, by the ``Link`` header."""
    if found := _NEXT.search(answer.headers.get("link", "")):
        yield call.to(found[1])


def _context(place: Place, status: str, thread: str | None = None, what: Any = "comments") -> Call:
    return Call(f"{place.api}/api/v1/statuses/{status}/context", what, thread_id=thread or status)


def _hidden(below: Sequence[Mapping[str, Any]]) -> list[str]:
    """Posts that have more answers than are shown below them."""
    shown = Counter(values.word(one, "in_reply_to_id") for one in below)
    told = {values.word(one, "id"): values.count(one, "replies_count") or 0 for one in below}
    return [key for key, number in told.items() if _NUMBER.fullmatch(key) and number > shown[key]][:_ASKED_APART]


def _kept(statuses: Sequence[Mapping[str, Any]], place: Place, *, is_tag: bool) -> Iterator[Mapping[str, Any]]:
    """Of a list what is somebody's own and read here: no boosts, and of an account no answers to oneself, which are read with
    what they answer. Below a hashtag they may stand alone."""
    for one in statuses:
        to_oneself = values.word(one, "in_reply_to_account_id") == values.word(one, "account", "id")
        if not one.get("reblog") and (is_tag or not one.get("in_reply_to_id") or not to_oneself) and _post(one, place):
            yield one


def _thread(status: Mapping[str, Any], place: Place) -> Thread:
    post = _post(status, place)
    assert post is not None
    tags = tuple(name for one in values.items(status, "tags") if (name := values.line(one, "name")))
    return Thread(
        thread_id=post.post_id,
        url=post.url or place.url,
        engine=Mastodon.name,
        title=values.title_of(post.text, post.author or post.post_id),
        posts=(post,),
        replies=values.count(status, "replies_count"),
        tags=tags[:30],
    )


def _post(status: Mapping[str, Any], place: Place) -> Post | None:
    """A status. A content warning is its author's headline; of pictures without words their descriptions stand in."""
    number = values.word(status, "id")
    if not _NUMBER.fullmatch(number) or not isinstance(status.get("account"), Mapping) or "content" not in status:
        return None
    body = words(values.text(status, "content"), drop="quote-inline")
    described = [values.text(one, "description") for one in values.items(status, "media_attachments")]
    text = "\n\n".join(part for part in (values.text(status, "spoiler_text"), body.text) if part)
    account = values.line(status, "account", "acct")
    quoted = "\n\n".join(part for part in (body.quoted, _quoted(status)) if part) or None
    counts = (("favourite", "favourites_count"), ("reblog", "reblogs_count"))
    reactions = {name: told for name, field in counts if (told := values.count(status, field)) is not None}
    parts = urlsplit(place.url)
    return Post(
        post_id=number,
        text=text or "\n".join(one for one in described if one),
        author=account or None,
        posted_at=values.moment(status, "created_at"),
        quoted=quoted,
        shown=body.shown,
        reply_to=values.word(status, "in_reply_to_id") or None,
        url=f"{parts.scheme}://{parts.netloc}/@{quote(account, safe='@')}/{number}",
        reactions=reactions or None,
        edited_at=values.moment(status, "edited_at"),
    )


def _quoted(status: Mapping[str, Any]) -> str:
    """The words of the post that a status quotes, where its author allows it (since 4.4)."""
    return words(values.text(status, "quote", "quoted_status", "content")).text
