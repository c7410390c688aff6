"""Lemmy: its JSON under ``/api/v3``, and its pages by the JSON that they carry for their script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, ClassVar, Final
from urllib.parse import parse_qsl, urldefrag, urlsplit

from crawler.dates import Clock
from crawler.engines.addresses import at
from crawler.engines.base import Engine, Kind
from crawler.engines.document import Document
from crawler.engines.fragments import count, read_markdown, table
from crawler.engines.reading import clock_for, page_number
from data.errors import UnreadablePageError
from data.records import Post, Thread, ThreadLink, ThreadList

#: As many as Lemmy gives at once.
_LIMIT: Final = 50
_LARGEST: Final = 20_000_000
_POST = re.compile(r"^(.*?)/post/(\d+)(?:/|$)")
_BOARD = re.compile(r"^(.*?)/c/([\w.-]+(?:@[\w.:-]+)?)$")
#: Text, or the one word of the pages' script that JSON does not know.
_UNDEFINED = re.compile(r'"(?:[^"\\]|\\.)*"|undefined')

#: Lemmy's own signs around what is folded away.
_FOLDED = re.compile(r"^:::[ \t]{0,9}(?:spoiler\b[ \t]{0,9})?", re.M)

View = dict[str, Any]


class Lemmy(Engine):
    """Lemmy. A thread's first page is its post, the others are its comments, oldest first. Posts and comments are counted apart,
    so an id says which it is; people of other servers are known with their server."""

    name = "lemmy"
    thread_id: ClassVar[re.Pattern[str]] = re.compile(
        r"/post/(\d+)|/api/v3/post\?(?:[^#]*&)?id=(\d+)|[?&]post_id=(\d+)"
    )

    def detect(self, doc: Document) -> bool:
        return self.kind(doc) != "other" or (not doc.is_json and _script(doc) is not None)

    def kind(self, doc: Document) -> Kind:
        answers = list(_answers(doc))
        if any("post_view" in one or "comments" in one for one in answers):
            return "thread"
        return "list" if answers else "other"

    # -- addresses

    def thread_address(self, url: str) -> str | None:
        parts = urlsplit(urldefrag(url)[0])
        found = _POST.match(parts.path)
        return at(url, f"{found[1]}/api/v3/post", [("id", found[2])]) if found else None

    def board_address(self, url: str) -> str | None:
        parts = urlsplit(urldefrag(url)[0])
        path, asked = parts.path.rstrip("/"), dict(parse_qsl(parts.query))
        of = [("sort", "NewComments"), ("limit", str(_LIMIT))]
        if found := _BOARD.match(path):
            return at(url, f"{found[1]}/api/v3/post/list", [("community_name", found[2]), ("type_", "All"), *of])
        if path and not path.endswith("/home"):
            return None
        # Others' posts are at home on their own servers.
        scope = "All" if asked.get("listingType") == "All" else "Local"
        return at(url, f"{path.removesuffix('/home')}/api/v3/post/list", [("type_", scope), *of])

    # -- a thread

    def read_thread(self, doc: Document) -> Thread:
        views = [one["post_view"] for one in _answers(doc) if "post_view" in one]
        comments = [comment for one in _answers(doc) for comment in one.get("comments", ())]
        if not views and self.kind(doc) != "thread":
            raise UnreadablePageError("no_posts", url=doc.url, engine=self.name)
        clock = clock_for(doc, ())
        post = table((views or comments or [{}])[0].get("post"))
        number = str(post.get("id") or self.identify_thread(doc.url))
        replies = count(table(views[0].get("counts")).get("comments")) if views else None
        posts = [_opening(doc, view, clock) for view in views[:1]]
        posts += [_comment(doc, view, place, clock) for place, view in enumerate(comments, 1)]
        return Thread(
            thread_id=number,
            url=_human(doc.url, f"/post/{number}"),
            engine=self.name,
            title=str(post.get("name") or ""),
            posts=tuple(post for post in posts if post is not None),
            page=_page(doc.url) + 1 if doc.is_json and not views else 1,
            next_url=_next_comments(doc, number, replies, len(comments)),
            replies=replies,
        )

    # -- a list

    def read_list(self, doc: Document) -> ThreadList:
        clock = clock_for(doc, ())
        views = [view for one in _answers(doc) for view in one.get("posts", ())]
        lines = (_line(doc, view, clock) for view in views)
        limit = dict(parse_qsl(urlsplit(doc.url).query)).get("limit", "10")
        more = doc.is_json and limit.isdigit() and len(views) >= max(1, int(limit[:4]))
        return ThreadList(
            doc.url,
            self.name,
            doc.title,
            tuple(line for line in lines if line is not None),
            (),
            _with_page(doc.url, _page(doc.url) + 1) if more else None,
        )


def _opening(doc: Document, view: View, clock: Clock) -> Post | None:
    """The post that a thread hangs on; of one that was taken back nothing is left."""
    post = view["post"]
    if post.get("deleted") or post.get("removed"):
        return None
    return _said(
        view,
        post,
        clock,
        post_id=f"post-{post.get('id')}",
        words=str(post.get("body") or ""),
        url=_human(doc.url, f"/post/{post.get('id')}"),
    )


def _comment(doc: Document, view: View, place: int, clock: Clock) -> Post | None:
    """A comment; its path names all that stand above it, from the post down."""
    comment = view["comment"]
    if comment.get("deleted") or comment.get("removed"):
        return None
    if not isinstance(comment.get("content"), str) or not comment.get("id"):
        raise UnreadablePageError("post_without_body", url=doc.url, engine="lemmy", number=place)
    above = str(comment.get("path") or "").split(".")[1:-1]
    return _said(
        view,
        comment,
        clock,
        post_id=f"comment-{comment['id']}",
        words=comment["content"],
        url=_human(doc.url, f"/comment/{comment['id']}"),
        reply_to=f"comment-{above[-1]}" if above else f"post-{comment.get('post_id')}",
    )


def _said(
    view: View, item: View, clock: Clock, *, post_id: str, words: str, url: str, reply_to: str | None = None
) -> Post:
    body = read_markdown(_FOLDED.sub("", words))
    likes = count(table(view.get("counts")).get("upvotes"))
    return Post(
        post_id=post_id,
        text=body.text,
        author=_author(view.get("creator")),
        posted_at=_time(clock, item.get("published")),
        quoted=body.quoted,
        shown=body.shown,
        reply_to=reply_to,
        url=url,
        reactions=None if likes is None else {"like": likes},
        edited_at=_time(clock, item.get("updated")),
    )


def _line(doc: Document, view: View, clock: Clock) -> ThreadLink | None:
    post, counts = view["post"], table(view.get("counts"))
    if not post.get("id") or post.get("deleted") or post.get("removed"):
        return None
    return ThreadLink(
        url=_human(doc.url, f"/post/{post['id']}"),
        title=str(post.get("name") or ""),
        thread_id=str(post["id"]),
        replies=count(counts.get("comments")),
        last_post_at=_time(clock, counts.get("newest_comment_time") or post.get("published")),
        sticky=bool(post.get("featured_community") or post.get("featured_local")),
    )


def _author(creator: Any) -> str | None:
    if not isinstance(creator, dict) or not creator.get("name"):
        return None
    host = urlsplit(str(creator.get("actor_id") or "")).netloc
    name = str(creator["name"])
    return (f"{name}@{host}" if host and creator.get("local") is False else name)[:200]


def _time(clock: Clock, said: Any) -> Any:
    """A time in UTC, which older versions do not say."""
    if not isinstance(said, str) or not said:
        return None
    return clock.read(said if re.search(r"(?:Z|[+-]\d\d:?\d\d)$", said) else f"{said}Z")


def _answers(doc: Document) -> Iterator[dict[str, Any]]:
    """What the API answered: the whole body, or the pieces that a page carries."""
    if doc.is_json:
        pieces = [doc.json]
    elif (script := _script(doc)) is not None:
        if "_lemmy" not in doc.__dict__:
            doc.__dict__["_lemmy"] = _carried(script)
        pieces = doc.__dict__["_lemmy"]
    else:
        return
    for piece in pieces:
        if isinstance(piece, dict) and _is_answer(doc, piece):
            yield piece


def _is_answer(doc: Document, piece: dict[str, Any]) -> bool:
    view = piece.get("post_view")
    if isinstance(view, dict):
        return isinstance(view.get("post"), dict) and "ap_id" in view["post"]
    for name, of, where in (("comments", "comment", "/api/v3/comment/list"), ("posts", "post", "/api/v3/post/list")):
        found = piece.get(name)
        if isinstance(found, list):
            known = all(isinstance(one, dict) and isinstance(one.get(of), dict) and "ap_id" in one[of] for one in found)
            return known if found else urlsplit(doc.url).path.endswith(where)
    return False


def _script(doc: Document) -> str | None:
    if "root" not in doc.names or "window.isoData" not in doc.text:
        return None
    for node in doc.tree.iter("script"):
        text = (node.text or "").lstrip()
        if text.startswith("window.isoData") and '"site_res"' in text and len(text) < _LARGEST:
            return text
    return None


def _carried(script: str) -> list[Any]:
    source = _UNDEFINED.sub(lambda found: found[0] if found[0][0] == '"' else "null", script.partition("=")[2].lstrip())
    try:
        # More of the script may follow.
        data, _ = json.JSONDecoder(strict=False).raw_decode(source)
    except (ValueError, RecursionError):
        return []
    routes = data.get("routeData") if isinstance(data, dict) else None
    pieces = list(routes.values()) if isinstance(routes, dict) else routes if isinstance(routes, list) else []
    return [one["data"] if isinstance(one, dict) and isinstance(one.get("data"), dict) else one for one in pieces]


def _next_comments(doc: Document, number: str, replies: int | None, found: int) -> str | None:
    """The address of the comments after these. What a page carries cannot be continued."""
    if not doc.is_json:
        return None
    if replies is None:
        limit = dict(parse_qsl(urlsplit(doc.url).query)).get("limit", str(_LIMIT))
        full = limit.isdigit() and found >= max(1, int(limit[:4]))
        return _with_page(doc.url, _page(doc.url) + 1) if full else None
    if replies == 0:
        return None
    asked = {"post_id": number, "type_": "All", "sort": "Old", "limit": str(_LIMIT), "page": "1"}
    return at(doc.url, f"{urlsplit(doc.url).path.removesuffix('/post')}/comment/list", asked.items())


def _page(url: str) -> int:
    return page_number(f"?{urlsplit(url).query}")


def _with_page(url: str, page: int) -> str:
    parts = urlsplit(urldefrag(url)[0])
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != "page"]
    return at(url, parts.path, [*query, ("page", str(page))])


def _human(url: str, path: str) -> str:
    known = re.match(r"(.*?)/(?:api/v3|post|c)/", urlsplit(url).path)
    return at(url, f"{known[1] if known else ''}{path}")
