"""Flarum: its JSON:API, and its pages, which show nothing without script but carry the same JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, ClassVar, Final
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from crawler.dates import Clock
from crawler.engines.addresses import at
from crawler.engines.base import Engine, Kind, Marks
from crawler.engines.document import Document
from crawler.engines.fragments import count, element, table, tables
from crawler.engines.reading import clock_for, every, first, page_number
from crawler.engines.text import Body, one_line, read_body
from data.errors import UnreadablePageError
from data.records import Post, Thread, ThreadLink, ThreadList

#: So many posts and discussions are on a page.
_PAGE: Final = 20
_DISCUSSION = re.compile(r"^(.*?)/d/([^/]+)(?:/|$)")
_NO_LIST = re.compile(r"/(?:api|u|d|p|settings|notifications|login|logout|admin|flags|reset|confirm)(?:/|$)")
_TAG = re.compile(r"^(.*?)/t/([^/]+)$")
_MARKS: Final = frozenset(("flarum-json-payload", "flarum-content", "flarum-loading"))
_NEWEST: Final = ("sort", "-lastPostedAt")
_OFFSET: Final = "page[offset]"
_MENTION: Final = ".PostMention[data-id]"

Resource = dict[str, Any]


class Flarum(Engine):
    """Flarum. An author is known by the user name; a post by the number that the whole forum counts."""

    name = "flarum"
    thread_id: ClassVar[re.Pattern[str]] = re.compile(
        r"/d/(\d+)|/api/discussions/(\d+)|filter\[discussion\]=(\d+)|/d/([^/?#]+)|/api/discussions/([^/?#]+)"
    )
    #: What is left for search engines where the JSON is missing.
    marks = Marks(
        post="#flarum-content article",
        body=".Post-body",
        author=".PostUser-name",
        title="#flarum-content h1",
        thread="#flarum-content li",
        thread_link="a[href*='/d/']",
    )

    def detect(self, doc: Document) -> bool:
        if doc.is_json:
            return _kind_of(doc.json) != "other"
        return "flarum-" in doc.names and any(
            node.get("id") in _MARKS for node in doc.tree.iter("div", "noscript", "script")
        )

    def kind(self, doc: Document) -> Kind:
        answer = _answer(doc)
        if answer is not None:
            return _kind_of(answer)
        return super().kind(doc)

    # -- addresses

    def thread_address(self, url: str) -> str | None:
        parts = urlsplit(urldefrag(url)[0])
        found = _DISCUSSION.match(parts.path)
        if not found or found[1].endswith("/api"):
            return None
        number = re.match(r"\d+", found[2])
        page = page_number(url)
        query = [(_OFFSET, str((page - 1) * _PAGE))] if page > 1 else []
        # A forum may name its discussions without their number.
        query += [] if number else [("bySlug", "1")]
        return at(url, f"{found[1]}/api/discussions/{number[0] if number else found[2]}", query)

    def board_address(self, url: str) -> str | None:
        parts = urlsplit(urldefrag(url)[0])
        path = parts.path.rstrip("/")
        if _NO_LIST.search(path):
            return None
        tag = _TAG.match(path)
        # Asked for in an order of their own, the pinned ones stand where they were last written in.
        query = [("filter[tag]", tag[2]), _NEWEST] if tag else [_NEWEST]
        return at(url, f"{tag[1] if tag else re.sub(r'/(?:all|tags)$', '', path)}/api/discussions", query)

    # -- a thread

    def read_thread(self, doc: Document) -> Thread:
        answer = _answer(doc)
        if answer is None or _kind_of(answer) != "thread":
            return super().read_thread(doc)
        included = _included(answer)
        if isinstance(answer["data"], dict):
            discussion, posts = answer["data"], list(_run(doc, answer, included))
            next_url = _next_posts(doc, answer, posts)
        else:
            posts = tables(answer["data"])
            of = _related(posts[0], "discussion") if posts else None
            discussion = included.get(of or ("", ""), {"id": of[1] if of else self.identify_thread(doc.url)})
            next_url = _onward(doc, answer)
        attributes = table(discussion.get("attributes"))
        number, slug = str(discussion.get("id")), str(attributes.get("slug") or discussion.get("id"))
        path, comments = _human(doc.url, f"/d/{slug}"), count(attributes.get("commentCount"))
        clock = clock_for(doc, ())
        shown = (self._json_post(doc, post, path, included, clock, place) for place, post in enumerate(posts, 1))
        tags = (table(included.get(tag, {}).get("attributes")).get("name") for tag in _links(discussion, "tags"))
        return Thread(
            thread_id=number,
            url=path,
            engine=self.name,
            title=str(attributes.get("title") or ""),
            posts=tuple(post for post in shown if post is not None),
            page=_page(doc),
            next_url=next_url,
            views=next((n for name in ("viewCount", "views") if (n := count(attributes.get(name))) is not None), None),
            replies=max(0, comments - 1) if comments is not None else None,
            tags=tuple(str(tag) for tag in tags if tag),
        )

    def _json_post(
        self,
        doc: Document,
        post: Resource,
        thread: str,
        included: dict[tuple[str, str], Resource],
        clock: Clock,
        place: int,
    ) -> Post | None:
        """A post; ``None`` for notices of renaming, closing and the like, and for posts that are hidden."""
        said = table(post.get("attributes"))
        if said.get("contentType") != "comment" or said.get("isHidden"):
            return None
        if not isinstance(said.get("contentHtml"), str):
            raise UnreadablePageError("post_without_body", url=doc.url, engine=self.name, number=place)
        body = _read(element(said["contentHtml"])) if said["contentHtml"].strip() else Body("")
        user = table(included.get(_related(post, "user") or ("", ""), {}).get("attributes"))
        likes = count(said.get("likesCount"))
        if likes is None and isinstance(table(post.get("relationships")).get("likes"), dict):
            likes = len(list(_links(post, "likes")))
        return Post(
            post_id=str(post.get("id")),
            text=body.text,
            author=str(user.get("username") or user.get("displayName") or "")[:200] or None,
            posted_at=clock.read(str(said.get("createdAt") or "")),
            quoted=body.quoted,
            shown=body.shown,
            signature=body.signature,
            reply_to=body.quoted_ref,
            url=f"{thread}/{said['number']}" if count(said.get("number")) else None,
            reactions=None if likes is None else {"like": likes},
            edited_at=clock.read(str(said.get("editedAt") or "")),
        )

    # -- what is left for search engines

    def read_author(self, node: Any) -> str | None:
        name = super().read_author(node)
        # Of people who left a word in brackets stands there.
        return None if name and name.startswith("[") and name.endswith("]") else name

    def next_url(self, doc: Document) -> str | None:
        for link in every(doc.tree, "#flarum-content a[href*='page=']"):
            url = doc.link(link.get("href"))
            if url and page_number(url) == page_number(doc.url) + 1:
                return urldefrag(url)[0]
        return None

    # -- a list

    def read_list(self, doc: Document) -> ThreadList:
        answer = _answer(doc)
        if answer is None:
            return super().read_list(doc)
        clock = clock_for(doc, ())
        lines = (_line(doc, one, clock) for one in tables(answer["data"]))
        title = "" if doc.is_json else doc.title
        return ThreadList(
            doc.url, self.name, title, tuple(line for line in lines if line), (), next_url=_onward(doc, answer)
        )


def _line(doc: Document, discussion: Resource, clock: Clock) -> ThreadLink | None:
    said = table(discussion.get("attributes"))
    if not discussion.get("id") or said.get("isHidden"):
        return None
    comments = count(said.get("commentCount"))
    return ThreadLink(
        url=_human(doc.url, f"/d/{said.get('slug') or discussion['id']}"),
        title=str(said.get("title") or ""),
        thread_id=str(discussion["id"]),
        replies=max(0, comments - 1) if comments is not None else None,
        views=next((n for name in ("viewCount", "views") if (n := count(said.get(name))) is not None), None),
        last_post_at=clock.read(str(said.get("lastPostedAt") or "")),
        sticky=bool(said.get("isSticky")),
    )


def _answer(doc: Document) -> Any:
    """The JSON:API document: the answer itself, or the one that a page carries for its script."""
    if doc.is_json:
        return doc.json
    if "_flarum" not in doc.__dict__:
        payload = None
        script = next((node for node in doc.tree.iter("script") if node.get("id") == "flarum-json-payload"), None)
        if script is not None:
            try:
                payload = json.loads(script.text or "", strict=False)
            except (ValueError, RecursionError):
                payload = None
        found = table(payload).get("apiDocument")
        doc.__dict__["_flarum"] = found if _kind_of(found) != "other" else None
    return doc.__dict__["_flarum"]


def _kind_of(value: Any) -> Kind:
    data = value.get("data") if isinstance(value, dict) else None
    if isinstance(data, dict):
        known = data.get("type") == "discussions" and isinstance(data.get("attributes"), dict)
        return "thread" if known and "commentCount" in data["attributes"] else "other"
    if not isinstance(data, list):
        return "other"
    kinds = {str(one.get("type")) for one in tables(data) if isinstance(one.get("attributes"), dict)}
    where = str(table(value.get("links")).get("first") or "")
    if kinds == {"discussions"} or (not data and "/api/discussions" in where):
        return "list"
    posts = kinds == {"posts"} and all("contentType" in table(one.get("attributes")) for one in tables(data))
    return "thread" if posts or (not data and "/api/posts" in where) else "other"


def _included(answer: Resource) -> dict[tuple[str, str], Resource]:
    return {
        (str(one.get("type")), str(one.get("id"))): one
        for one in tables(answer.get("included"))
        if isinstance(one.get("attributes"), dict)
    }


def _links(resource: Resource, name: str) -> Iterator[tuple[str, str]]:
    """What a resource names as related."""
    data = table(table(resource.get("relationships")).get(name)).get("data")
    for one in tables(data if isinstance(data, list) else [data]):
        yield str(one.get("type")), str(one.get("id"))


def _related(resource: Resource, name: str) -> tuple[str, str] | None:
    return next(_links(resource, name), None)


def _run(doc: Document, answer: Resource, included: dict[tuple[str, str], Resource]) -> Iterator[Resource]:
    """The posts of this page: a discussion names all of its posts, and holds one stretch of them. Others may be there for
    other reasons, such as a best answer."""
    every_id = list(_links(answer["data"], "posts"))
    loaded = [link in included and "contentType" in included[link]["attributes"] for link in every_id]
    start = (_page(doc) - 1) * _PAGE if not doc.is_json else _offset(doc.url)
    if start >= len(loaded) or not loaded[start]:
        start = next((place for place, there in enumerate(loaded) if there), len(loaded))
    if start == len(loaded) and every_id and _offset(doc.url) < len(loaded):
        raise UnreadablePageError("no_posts", url=doc.url, engine="flarum")
    for place in range(start, len(loaded)):
        if not loaded[place]:
            return
        yield included[every_id[place]]


def _next_posts(doc: Document, answer: Resource, posts: list[Resource]) -> str | None:
    """The address of the posts after these."""
    every_id = [number for _, number in _links(answer["data"], "posts")]
    if not posts or str(posts[-1].get("id")) not in every_id:
        return None
    following = every_id.index(str(posts[-1]["id"])) + 1
    return _with_offset(doc, following) if following < len(every_id) else None


def _onward(doc: Document, answer: Resource) -> str | None:
    """The next page of a list, on the host it was asked of."""
    said = table(answer.get("links")).get("next")
    if not isinstance(said, str) or not said:
        return None
    following = _offset(urljoin(doc.url, said))
    return _with_offset(doc, following) if following > _offset(doc.url) else None


def _with_offset(doc: Document, offset: int) -> str:
    parts = urlsplit(urldefrag(doc.url)[0])
    if doc.is_json:
        query = [pair for pair in parse_qsl(parts.query) if pair[0] != _OFFSET]
        return at(doc.url, parts.path, [*query, (_OFFSET, str(offset))])
    query = [pair for pair in parse_qsl(parts.query) if pair[0] not in ("page", "near")]
    return at(doc.url, parts.path, [*query, ("page", str(page_number(doc.url) + 1))])


def _offset(url: str) -> int:
    said = dict(parse_qsl(urlsplit(url).query)).get(_OFFSET, "")
    return int(said) if said.isdigit() and len(said) < 9 else 0


def _page(doc: Document) -> int:
    return _offset(doc.url) // _PAGE + 1 if doc.is_json else page_number(doc.url)


def _read(node: Any) -> Body:
    """A post's words. The name of whom it answers, set before them by the forum, is no word of it; ``quoted_ref`` is that post."""
    mentions = every(node, _MENTION)
    leading = {one for one in mentions if one.getprevious() is None and not (one.getparent().text or "").strip()}
    body = read_body(node, drop=leading.__contains__ if leading else None)
    quoted = first(node, f"blockquote {_MENTION}")
    answered = quoted if quoted is not None else mentions[0] if mentions else None
    whom = one_line(answered) if quoted is not None else None
    return Body(
        body.text,
        body.quoted,
        body.signature,
        body.quoted_author or whom,
        answered.get("data-id") if answered is not None else None,
        body.shown,
    )


def _human(url: str, path: str) -> str:
    """The address that people see, on the forum's own path."""
    known = re.match(r"(.*?)/(?:api/(?:discussions|posts)|d/|t/|all$|tags$)", urlsplit(url).path)
    return at(url, f"{known[1] if known else urlsplit(url).path.rstrip('/')}{path}")
