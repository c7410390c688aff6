"""NodeBB: its JSON under ``/api``, and its pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import unescape
from typing import Any, ClassVar, Final
from urllib.parse import parse_qsl, urldefrag, urlsplit

from crawler.dates import Clock
from crawler.engines.addresses import at
from crawler.engines.base import Engine, Kind, Marks
from crawler.engines.document import Document
from crawler.engines.fragments import count, element, table, tables
from crawler.engines.reading import clock_for, every, first, number_in, page_number
from crawler.engines.text import Body, one_line, read_body
from data.errors import UnreadablePageError
from data.records import Post, Thread, ThreadLink, ThreadList

#: A topic from another server has a UUID for a number.
_ID: Final = r"\d+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_TOPIC = re.compile(rf"^(.*?)/topic/({_ID})(?:/|$)")
_LIST = re.compile(r"^(.*?)/(category/(?:\d+)|recent|popular|top|tags/[^/]+)(?:/|$)")
_NO_LIST = re.compile(r"/(?:api|user|users|groups?|login|register|search|post|uid|flags|unread|notifications)(?:/|$)")
_POST_LINK = re.compile(r"/post/(\d+)$")
#: «@Lan said in Some topic:», in whatever language the forum speaks.
_SAID_BY = re.compile(r"@([^\s@:]{1,100})[\s:]")
_LONGEST_HEADER: Final = 300
#: So far below each other are categories looked for.
_DEEPEST: Final = 5


class NodeBB(Engine):
    """NodeBB. An author is known by the user name, which stands in the JSON and on the pages alike."""

    name = "nodebb"
    thread_id: ClassVar[re.Pattern[str]] = re.compile(rf"/topic/({_ID})(?:/|\?|$)")
    post_id: ClassVar[re.Pattern[str]] = re.compile(r"^(.+)$")
    post_id_attributes: ClassVar[tuple[str, ...]] = ("data-pid",)
    marks = Marks(
        post="[component='post'][data-pid]",
        body="[component='post/content']",
        date="meta[itemprop='datePublished'], .timeago",
        signature="[component='post/signature']",
        title="[component='topic/title'], [component='category/title'], h1",
        next_page="link[rel~=next], .pagination .next:not(.disabled) a, a[rel~=next]",
        thread="[component='category/topic'][data-tid]",
        thread_link="[component='topic/header'] a[href*='/topic/'], .title a[href*='/topic/']",
        thread_date="[component='topic/teaser'] .timeago",
        thread_sticky="[component='topic/pinned']:not(.hidden):not(.hide)",
        board="[component='categories/category'] a[href*='/category/']",
    )

    def detect(self, doc: Document) -> bool:
        if doc.is_json:
            return self.kind(doc) != "other"
        if not any(part in doc.names for part in ("post/content", "category/topic", "categories/category")):
            return False
        return any(
            every(doc.tree, css)
            for css in (
                "[component='topic'] [component='post'][data-pid]",
                self.marks.thread,
                "[component='categories/category'][data-cid]",
            )
        )

    def kind(self, doc: Document) -> Kind:
        return _json_kind(doc.json) if doc.is_json else super().kind(doc)

    # -- addresses

    def thread_address(self, url: str) -> str | None:
        parts = urlsplit(urldefrag(url)[0])
        found = _TOPIC.match(parts.path)
        if not found or found[1].endswith("/api"):
            return None
        query = [(name, value) for name, value in parse_qsl(parts.query) if name == "page"]
        # Oldest first whatever the forum's own order is: new posts then stand on the last page.
        return at(url, f"{found[1]}/api/topic/{found[2]}", [("sort", "oldest_to_newest"), *query])

    def board_address(self, url: str) -> str | None:
        parts = urlsplit(urldefrag(url)[0])
        path = parts.path.rstrip("/")
        if _NO_LIST.search(path) or "/topic/" in path:
            return None
        found = _LIST.match(path)
        # The list of what is recent ends after some hundred topics; the categories hold them all.
        target = f"{found[1]}/api/{found[2]}" if found else f"{path.removesuffix('/categories')}/api/categories"
        return at(url, target, parse_qsl(parts.query))

    # -- a thread

    def post_nodes(self, doc: Document) -> list[Any]:
        return every(doc.tree, self.marks.post) if every(doc.tree, "[component='topic']") else []

    def is_deleted(self, node: Any) -> bool:
        return "deleted" in (node.get("class") or "").split()

    def read_thread(self, doc: Document) -> Thread:
        return self._read_topic(doc) if doc.is_json else super().read_thread(doc)

    def read_post(self, doc: Document, node: Any, clock: Clock, before: list[Post], number: int) -> Post:
        post = super().read_post(doc, node, clock, before, number)
        body_node = self.body_node(node)
        body = _read(body_node)
        edited = first(node, "meta[itemprop='dateModified']")
        parent = first(node, "[component='post/parent']")
        reply = (parent.get("data-parent-pid") or parent.get("data-topid")) if parent is not None else None
        modified = clock.read(edited.get("content") or "") if edited is not None else None
        return replace(
            post,
            text=body.text,
            quoted=body.quoted,
            shown=body.shown,
            reply_to=reply or body.quoted_ref,
            url=post_url(doc.url, post.post_id),
            edited_at=modified if modified != post.posted_at else None,
        )

    def read_author(self, node: Any) -> str | None:
        return _author(node.get("data-uid"), node.get("data-username") or "", node.get("data-userslug"))

    def read_reactions(self, node: Any) -> dict[str, int] | None:
        up, shown = first(node, "meta[itemprop='upvoteCount']"), first(node, "[component='post/vote-count']")
        votes = (up.get("content") if up is not None else shown.get("data-votes") if shown is not None else None) or ""
        return {"like": int(votes)} if votes.isdigit() and len(votes) < 9 else None

    def read_views(self, doc: Document) -> int | None:
        for shown in every(
            doc.tree, ".topic-info .stats, .topic-main-buttons .stats, [component='topic/stats'] .stats"
        ):
            if (
                first(shown, ".fa-eye") is not None
                and (found := first(shown, ".fw-bold, .human-readable-number")) is not None
            ):
                return number_in(found.get("title") or one_line(found))
        return None

    def _read_topic(self, doc: Document) -> Thread:
        topic = doc.json
        clock = clock_for(doc, ())
        number, posts = str(topic["tid"]), count(topic.get("postcount"))
        return Thread(
            thread_id=number,
            url=_human(doc.url, f"/topic/{topic.get('slug') or number}"),
            engine=self.name,
            title=_title(topic),
            posts=tuple(self._json_post(doc, one, clock) for one in _shown(doc, topic["posts"])),
            page=page_number(doc.url),
            next_url=_next(doc, topic),
            views=count(topic.get("viewcount")),
            replies=max(0, posts - 1) if posts is not None else None,
            tags=tuple(unescape(str(tag.get("value"))) for tag in tables(topic.get("tags"))),
        )

    def _json_post(self, doc: Document, post: dict[str, Any], clock: Clock) -> Post:
        body = _read(element(post["content"])) if post["content"].strip() else Body("")
        user = table(post.get("user"))
        signature = str(user.get("signature") or "")
        reply, likes = post.get("toPid") or body.quoted_ref, count(post.get("upvotes"))
        return Post(
            post_id=str(post["pid"]),
            text=body.text,
            author=_author(user.get("uid"), unescape(str(user.get("username") or "")), user.get("userslug")),
            posted_at=_time(clock, post, "timestamp"),
            quoted=body.quoted,
            shown=body.shown,
            signature=(read_body(element(signature)).text or None) if signature.strip() else None,
            reply_to=str(reply) if reply else None,
            url=post_url(doc.url, str(post["pid"])),
            reactions={"like": likes} if likes is not None else None,
            edited_at=_time(clock, post, "edited"),
        )

    # -- a list

    def read_list(self, doc: Document) -> ThreadList:
        if not doc.is_json:
            return super().read_list(doc)
        listing = doc.json
        clock = clock_for(doc, ())
        lines = (self._json_line(doc, one, clock) for one in tables(listing.get("topics")))
        below = tables(listing.get("children" if "cid" in listing else "categories"))
        # The list of recent topics names the categories as a filter.
        boards = dict(_boards(doc.url, below)) if "cid" in listing or "topics" not in listing else {}
        return ThreadList(
            doc.url,
            self.name,
            unescape(str(listing.get("name") or listing.get("title") or "")),
            tuple(line for line in lines if line is not None),
            tuple(boards),
            _next(doc, listing),
            {url: said for url, said in boards.items() if said is not None},
        )

    def _json_line(self, doc: Document, topic: dict[str, Any], clock: Clock) -> ThreadLink | None:
        # A topic that visitors may not read has no link; a deleted one has a notice for a title.
        if not topic.get("tid") or topic.get("deleted") or topic.get("scheduled") or topic.get("noAnchor"):
            return None
        posts = count(topic.get("postcount"))
        return ThreadLink(
            url=_human(doc.url, f"/topic/{topic.get('slug') or topic['tid']}"),
            title=_title(topic),
            thread_id=str(topic["tid"]),
            replies=max(0, posts - 1) if posts is not None else None,
            views=count(topic.get("viewcount")),
            last_post_at=_time(clock, topic, "lastposttime"),
            sticky=bool(topic.get("pinned")),
        )

    def read_line(self, doc: Document, line: Any, clock: Clock) -> ThreadLink | None:
        link = super().read_line(doc, line, clock)
        if link is None or "deleted" in (line.get("class") or "").split():
            return None
        found = re.match(rf"(.*/topic/(?:{_ID})(?:/[^/]*)?)(?:/\d+)?$", urlsplit(link.url).path)
        # Counted in the order votes, posts, views; the first is missing where nobody votes.
        shown = [
            number_in(node.get("title") or one_line(node)) for node in every(line, ".stats .human-readable-number")
        ]
        posts, views = shown[-2:] if len(shown) > 1 else (None, None)
        return replace(
            link,
            url=at(link.url, found[1]) if found else link.url,
            thread_id=line.get("data-tid") or link.thread_id,
            replies=max(0, posts - 1) if posts is not None else None,
            views=views,
        )


def post_url(url: str, pid: str) -> str:
    """A post's own address; one from another server is known by its address there."""
    return pid if pid.startswith(("https://", "http://")) else _human(url, f"/post/{pid}")


def _json_kind(value: Any) -> Kind:
    if not isinstance(value, dict):
        return "other"
    posts, topics, boards = value.get("posts"), value.get("topics"), value.get("categories")
    if "tid" in value and isinstance(posts, list) and all(isinstance(one, dict) and "pid" in one for one in posts):
        return "thread" if "postcount" in value else "other"
    if isinstance(topics, list) and ("cid" in value or "nextStart" in value):
        return "list" if all(isinstance(one, dict) and "tid" in one for one in topics) else "other"
    if isinstance(boards, list) and boards and all(isinstance(one, dict) and "cid" in one for one in boards):
        return "index"
    return "other"


def _shown(doc: Document, posts: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """The posts with words: of a deleted one a notice is left."""
    for number, post in enumerate(posts, 1):
        if not isinstance(post.get("content"), str):
            raise UnreadablePageError("post_without_body", url=doc.url, engine="nodebb", number=number)
        if not post.get("deleted"):
            yield post


def _read(node: Any) -> Body:
    """A post's words, without the line that NodeBB writes above a quote: «@Lan said in Some topic:», with links to the post."""
    drop, reference = set(), None
    for quote in every(node, "blockquote"):
        header = quote.getprevious()
        if header is None or header.tag != "p" or (header.tail or "").strip():
            continue
        line = one_line(header)
        links = [_POST_LINK.search(urlsplit(link.get("href") or "").path) for link in header.iter("a")]
        if len(line) < _LONGEST_HEADER and line.endswith(":") and (found := next(filter(None, links), None)):
            drop.add(header)
            if whom := _SAID_BY.match(line):
                quote.set("data-quote", whom[1])
            reference = reference or found[1]
    body = read_body(node, drop=drop.__contains__ if drop else None)
    return replace(body, quoted_ref=reference or body.quoted_ref)


def _author(uid: Any, name: str, slug: Any) -> str | None:
    """The user name; with the server for somebody from another one. Guests and people who left share the number 0, and a word
    of the forum's for a name."""
    if str(uid) in ("", "0", "None"):
        return None
    return (str(slug or "") if str(uid).startswith("http") else name).strip()[:200] or name.strip()[:200] or None


def _time(clock: Clock, item: dict[str, Any], name: str) -> Any:
    """A time as text or as milliseconds; 0 and an empty text stand for never."""
    said = item.get(f"{name}ISO") or item.get(name)
    return clock.read(str(said)) if said else None


def _title(topic: dict[str, Any]) -> str:
    raw = topic.get("titleRaw")
    return raw if isinstance(raw, str) and raw else unescape(str(topic.get("title") or ""))


def _boards(url: str, categories: Iterable[dict[str, Any]], depth: int = 0) -> Iterator[tuple[str, str | None]]:
    """The categories and all below them, but those that are links elsewhere, and how each stands: its counts, its last post."""
    for one in categories:
        if not one.get("cid"):
            continue
        if not one.get("link") and not one.get("isSection"):
            last = [count(post.get("timestamp")) or 0 for post in tables(one.get("posts"))]
            said = [one.get("topic_count"), one.get("post_count"), max(last, default=0)]
            known = all(count(part) is not None for part in said) and (said[2] or not said[1])
            yield (
                _human(url, f"/category/{one.get('slug') or one['cid']}"),
                ".".join(map(str, said)) if known else None,
            )
        if depth < _DEEPEST:
            yield from _boards(url, tables(one.get("children")), depth + 1)


def _next(doc: Document, answer: dict[str, Any]) -> str | None:
    paging = answer.get("pagination")
    if not isinstance(paging, dict):
        return None
    here, pages = count(paging.get("currentPage")), count(paging.get("pageCount"))
    if here is None or pages is None or here >= pages:
        return None
    parts = urlsplit(urldefrag(doc.url)[0])
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != "page"]
    return at(doc.url, parts.path, [*query, ("page", str(here + 1))])


def _human(url: str, path: str) -> str:
    """The address that people see, on the forum's own path."""
    known = re.match(r"(.*?)(?:/api)?/(?:topic|category|categories|recent|popular|top|tags)(?:/|$)", urlsplit(url).path)
    return at(url, f"{known[1] if known else ''}{path}")
