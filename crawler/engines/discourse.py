"""Discourse: its JSON, its pages for search engines, and its rendered pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar, Final
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit, urlunsplit

from lxml import html

from crawler.dates import Clock
from crawler.engines.base import Engine, Kind, Marks
from crawler.engines.document import Document
from crawler.engines.reading import clock_for, every, first, page_number
from crawler.engines.text import Body, one_line, read_body
from data.errors import UnreadablePageError
from data.records import Post, Thread, ThreadLink, ThreadList

_TOPIC = re.compile(r"^(.*?)/t/(?:([^/]*[^/\d][^/]*)/)?(\d+)(?:/\d+)?(?:/|\.json)?$")
_REGULAR_POST: Final = 1
_LIKE: Final = 2
#: Posts of which others see a notice alone: deleted, or hidden after complaints.
_WITHOUT_WORDS: Final = frozenset(("deleted", "post-hidden"))
_TAKEN_BACK = re.compile(
    r"\((?:(?:post|topic) (?:deleted|withdrawn) by author|(?=[^()]{0,120}(?:xóa|xoá|rút))(?=[^()]{0,120}tác giả)(?:bài|chủ đề))"
    r"[^()]{0,120}\)",
    re.I,
)


class Discourse(Engine):
    """Discourse. A post's id is ``topic/number`` and its author the user name: both stand in the JSON and on the pages alike."""

    name = "discourse"
    known_at_once = True
    thread_id: ClassVar[re.Pattern[str]] = re.compile(r"/t/(?:[^/]*[^/\d][^/]*/)?(\d+)(?:/|\.json|\?|$)")
    marks = Marks(
        post="article[data-post-id], .crawler-post",
        body=".cooked, .post[itemprop=text], .post[itemprop=articleBody], .post",
        author=".names .username a, .names a, .creator [itemprop=name], .creator",
        date="[itemprop=datePublished], .post-date .relative-date, .post-date, .crawler-post-infos time, time.post-time, time",
        permalink="a.post-date, a[itemprop=url][href*='/t/']",
        drop=".cooked-selection-barrier, .lightbox-wrapper .meta, aside.onebox, .post-menu-area",
        reactions=".post-controls .like-count, .post-likes",
        title="#topic-title h1, h1",
        next_page="[itemprop=name] a[rel~=next], div[role=navigation] a[rel~=next], a[rel~=next], link[rel~=next]",
        thread="tr.topic-list-item, .topic-list tr[itemprop=itemListElement], .topic-list tbody tr",
        thread_link="a.title, .link-top-line a, a[href*='/t/']",
        thread_replies=".posts-map .number, td.replies .posts, .posts, .replies",
        thread_views="td.views .number, td.views, .views",
        thread_date=".activity .relative-date, .activity a, td.activity, td:last-child",
        thread_sticky=".topic-statuses .pinned",
        board=".category-list a[href*='/c/'], .category-title-link, td.category a[href*='/c/'], .category-name-link",
    )

    def detect(self, doc: Document) -> bool:
        if doc.is_json:
            return _is_topic(doc.json) or _is_list(doc.json)
        return doc.meta.get("generator", "").startswith("Discourse ")

    def kind(self, doc: Document) -> Kind:
        if doc.is_json:
            if _is_topic(doc.json):
                return "thread"
            return "list" if "topic_list" in doc.json else "index"
        return super().kind(doc)

    # -- addresses

    def thread_address(self, url: str) -> str | None:
        parts = urlsplit(urldefrag(url)[0])
        found = _TOPIC.match(parts.path)
        if not found or parts.path.endswith(".json"):
            return None
        return urlunsplit((parts.scheme, parts.netloc, f"{found[1]}/t/{found[3]}.json", parts.query, ""))

    def board_address(self, url: str) -> str | None:
        parts = urlsplit(urldefrag(url)[0])
        path = parts.path.rstrip("/")
        if path.endswith(".json") or "/t/" in path:
            return None
        if not re.search(r"/(?:c|tag|tags|top|new|latest|categories)(?:/|$)", path):
            path += "/latest"
        return urlunsplit((parts.scheme, parts.netloc, f"{path}.json", parts.query, ""))

    # -- a thread

    def post_nodes(self, doc: Document) -> list[Any]:
        """The rendered posts, or those for search engines; a page may hold both, the latter inside ``<noscript>``."""
        rendered = [
            node
            for node in every(doc.tree, "article[data-post-id]")
            if first(node, ".cooked") is not None and "small-action" not in _standing_of(node)
        ]
        return rendered or [node for node in every(doc.tree, ".crawler-post") if first(node, ".post") is not None]

    def is_deleted(self, node: Any) -> bool:
        if _WITHOUT_WORDS & _standing_of(node):
            return True
        body = first(node, ".cooked, .post")
        return body is not None and len(body) < 2 and bool(_TAKEN_BACK.fullmatch(one_line(body)))

    def read_thread(self, doc: Document) -> Thread:
        return self._read_topic(doc) if doc.is_json else super().read_thread(doc)

    def read_post(self, doc: Document, node: Any, clock: Clock, before: list[Post], number: int) -> Post:
        post = super().read_post(doc, node, clock, before, number)
        position = self._position(node) or number
        topic = self.identify_thread(doc.url)
        address = _TOPIC.match(urlsplit(doc.url).path)
        url = post.url or (doc.link(f"{address[1]}/t/{address[2] or '-'}/{address[3]}/{position}") if address else None)
        reply = post.reply_to
        return replace(post, post_id=f"{topic}/{position}", url=url, reply_to=reply)

    def read_reply_to(self, node: Any, body: Body, before: list[Post]) -> str | None:
        quote = first(node, "aside.quote[data-post][data-topic]")
        if quote is not None:
            return f"{quote.get('data-topic')}/{quote.get('data-post')}"
        return None

    @staticmethod
    def _position(node: Any) -> int | None:
        said = one_line(first(node, "[itemprop=position]")).lstrip("#") or re.sub(r"\D", "", node.get("id") or "")
        return int(said) if said.isdigit() and len(said) < 9 else None

    def _read_topic(self, doc: Document) -> Thread:
        topic, stream = doc.json, doc.json["post_stream"]
        clock = clock_for(doc, ())
        posts = tuple(self._json_post(doc, topic, one, clock) for one in _shown(doc, stream["posts"]))
        number = str(topic.get("id") or self.identify_thread(doc.url))
        return Thread(
            thread_id=number,
            url=urljoin(doc.url, f"/t/{topic.get('slug') or '-'}/{number}"),
            engine=self.name,
            title=str(topic.get("title") or ""),
            posts=posts,
            page=page_number(doc.url),
            next_url=_next_topic_page(doc.url, stream),
            views=_count(topic.get("views")),
            replies=max(0, topic["posts_count"] - 1) if _count(topic.get("posts_count")) is not None else None,
            tags=tuple(str(tag.get("name") if isinstance(tag, dict) else tag) for tag in topic.get("tags") or ()),
        )

    def _json_post(self, doc: Document, topic: dict[str, Any], post: dict[str, Any], clock: Clock) -> Post:
        number = str(topic.get("id") or post.get("topic_id") or self.identify_thread(doc.url))
        body = _cooked(str(post["cooked"]))
        reply = post.get("reply_to_post_number")
        created, edited = clock.read(str(post.get("created_at"))), clock.read(str(post.get("updated_at")))
        return Post(
            post_id=f"{number}/{post['post_number']}",
            text=body.text,
            author=str(post.get("username") or post.get("name") or "") or None,
            posted_at=created,
            quoted=body.quoted,
            shown=body.shown,
            signature=body.signature,
            reply_to=f"{number}/{reply}" if reply else body.quoted_ref,
            url=urljoin(
                doc.url, f"/t/{topic.get('slug') or post.get('topic_slug') or '-'}/{number}/{post['post_number']}"
            ),
            reactions=_reactions(post),
            edited_at=edited if _was_edited(created, edited) and _count(post.get("version")) not in (None, 1) else None,
        )

    # -- a list

    def read_list(self, doc: Document) -> ThreadList:
        if not doc.is_json:
            return super().read_list(doc)
        listing = doc.json.get("topic_list") or {}
        clock = clock_for(doc, ())
        threads = tuple(
            self._json_line(doc, one, clock)
            for one in listing.get("topics") or ()
            if isinstance(one, dict) and one.get("id")
        )
        boards = [
            urljoin(doc.url, f"/c/{one.get('slug') or '-'}/{one['id']}")
            for one in (doc.json.get("category_list") or {}).get("categories") or ()
            if isinstance(one, dict) and one.get("id")
        ]
        return ThreadList(
            doc.url, self.name, "", threads, tuple(boards), _next_list_page(doc.url, listing.get("more_topics_url"))
        )

    def _json_line(self, doc: Document, topic: dict[str, Any], clock: Clock) -> ThreadLink:
        posts = _count(topic.get("posts_count"))
        return ThreadLink(
            url=urljoin(doc.url, f"/t/{topic.get('slug') or '-'}/{topic['id']}"),
            title=str(topic.get("title") or ""),
            thread_id=str(topic["id"]),
            replies=None if posts is None else max(0, posts - 1),
            views=_count(topic.get("views")),
            last_post_at=clock.read(str(topic.get("last_posted_at") or topic.get("bumped_at") or "")),
            sticky=bool(topic.get("pinned") or topic.get("pinned_globally")),
        )


def _standing_of(node: Any) -> frozenset[str]:
    """The classes that say what has become of a post: its own and those of the element around it."""
    around = node.getparent()
    names = f"{node.get('class') or ''} {(around.get('class') or '') if around is not None else ''}"
    return frozenset(names.split())


def _is_topic(value: Any) -> bool:
    stream = value.get("post_stream") if isinstance(value, dict) else None
    return isinstance(stream, dict) and isinstance(stream.get("posts"), list)


def _is_list(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    topics, boards = value.get("topic_list"), value.get("category_list")
    return (isinstance(topics, dict) and isinstance(topics.get("topics"), list)) or (
        isinstance(boards, dict) and isinstance(boards.get("categories"), list)
    )


def _shown(doc: Document, posts: Iterable[Any]) -> Iterable[dict[str, Any]]:
    """The posts with words; the notices of closing, moving and the like are none, nor are deleted ones."""
    for number, post in enumerate(posts, 1):
        if not isinstance(post, dict) or not isinstance(post.get("cooked"), str) or not post.get("post_number"):
            raise UnreadablePageError("post_without_body", url=doc.url, engine="discourse", number=number)
        if (
            post.get("post_type", _REGULAR_POST) == _REGULAR_POST
            and not post.get("deleted_at")
            and not post.get("user_deleted")
            and not post.get("cooked_hidden")
        ):
            yield post


def _cooked(markup: str) -> Body:
    """The words of a post's HTML; ``quoted_ref`` is the ``topic/number`` of the post it quotes."""
    if not markup.strip():
        return Body("")
    node = html.fromstring(f"<div>{markup}</div>", parser=html.HTMLParser(huge_tree=True, remove_comments=True))
    body = read_body(node, drop=set(every(node, Discourse.marks.drop)).__contains__)
    quote = first(node, "aside.quote[data-post][data-topic]")
    reference = f"{quote.get('data-topic')}/{quote.get('data-post')}" if quote is not None else None
    return replace(body, quoted_ref=reference)


def _reactions(post: dict[str, Any]) -> dict[str, int] | None:
    listed = post.get("reactions")
    if isinstance(listed, list) and listed:
        found = {
            str(one["id"]): one["count"]
            for one in listed
            if isinstance(one, dict) and _count(one.get("count")) and one.get("id")
        }
        if found:
            return found
    for action in post.get("actions_summary") or ():
        if isinstance(action, dict) and action.get("id") == _LIKE and _count(action.get("count")) is not None:
            return {"like": action["count"]}
    return {"like": 0} if isinstance(post.get("actions_summary"), list) else None


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _was_edited(created: datetime | None, edited: datetime | None) -> bool:
    return created is not None and edited is not None and (edited - created).total_seconds() > 1


def _next_topic_page(url: str, stream: dict[str, Any]) -> str | None:
    """The topic's next page: its list of post ids goes on after the last one shown."""
    ids = [post.get("id") for post in stream["posts"] if isinstance(post, dict)]
    every_id = stream.get("stream")
    if not ids or not isinstance(every_id, list) or ids[-1] not in every_id or every_id[-1] == ids[-1]:
        return None
    return _with_page(url, page_number(url) + 1)


def _next_list_page(url: str, more: Any) -> str | None:
    if not isinstance(more, str) or not more:
        return None
    parts = urlsplit(urljoin(url, more))
    path = parts.path if parts.path.endswith(".json") else f"{parts.path.rstrip('/')}.json"
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))


def _with_page(url: str, page: int) -> str:
    parts = urlsplit(urldefrag(url)[0])
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != "page"]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode([*query, ("page", str(page))]), ""))
