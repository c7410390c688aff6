"""Posts that a page states in structured data: JSON-LD and microdata by the vocabulary of schema.org.

``DiscussionForumPosting``, ``QAPage`` with its ``Question`` and answers, ``Comment`` and ``Review``. What the page states
is taken as it stands; questions of a ``FAQPage`` are the shop's own and no posts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any, Final

from lxml import html

from crawler.dates import Clock
from crawler.engines.document import Document
from crawler.engines.reading import clock_for, digest, every, moment, number_in, page_number, types_of
from crawler.engines.text import Body, one_line, read_body, tidy
from data.records import Post, Thread

THREADS: Final = frozenset(("DiscussionForumPosting", "SocialMediaPosting", "Question", "QAPage"))
_POSTS: Final = frozenset(
    (
        "DiscussionForumPosting",
        "SocialMediaPosting",
        "Question",
        "Answer",
        "Comment",
        "UserComments",
        "Review",
        "UserReview",
    )
)
_CHILDREN: Final = (
    "acceptedAnswer",
    "suggestedAnswer",
    "comment",
    "comments",
    "review",
    "reviews",
    "mainEntity",
    "hasPart",
    "itemListElement",
    "item",
)
_TEXTS: Final = ("text", "articleBody", "reviewBody", "commentText", "description", "headline")
_DATES: Final = ("datePublished", "dateCreated", "uploadDate", "commentTime")
_MOST: Final = 5_000
_DEEPEST: Final = 30


def read_reviews(doc: Document) -> tuple[Post, ...]:
    """The reviews that a page states, of whatever it sells."""
    return tuple(post for kind, post in _stated(doc) if kind in ("Review", "UserReview"))


def read_posts(doc: Document) -> tuple[Post, ...]:
    """The posts, answers and comments that a page states, in its order; reviews too."""
    return tuple(post for _, post in _stated(doc))


def read_thread(doc: Document) -> Thread | None:
    """The thread that a page states, or ``None``: a discussion or a question with what was said to it."""
    stated = _stated(doc)
    if not stated or not any(kind in THREADS for kind, _ in stated):
        return None
    posts = tuple(post for kind, post in stated if kind not in ("Review", "UserReview"))
    head = next((node for node in doc.json_ld if types_of(node) & THREADS), {})
    main = head.get("mainEntity") if isinstance(head.get("mainEntity"), dict) else head
    title = str(main.get("headline") or main.get("name") or "") if isinstance(main, dict) else ""
    heading = next(iter(every(doc.tree, "h1")), None)
    return Thread(
        thread_id=doc.url.split("#")[0],
        url=doc.url,
        engine="structured",
        title=tidy(unescape(title)) or (one_line(heading) if heading is not None else doc.title),
        posts=posts,
        page=page_number(doc.url),
        views=_counted(main, "View") if isinstance(main, dict) else None,
    )


def is_whole(doc: Document, thread: Thread) -> bool:
    """Whether structured data states the thread and not its opening post alone: many pages state no more than that."""
    if len(thread.posts) > 1:
        return True
    counts = [node.get(name) for node in doc.json_ld for name in ("commentCount", "answerCount") if name in node]
    return bool(thread.posts) and bool(counts) and all(str(count) == "0" for count in counts)


def _stated(doc: Document) -> list[tuple[str, Post]]:
    if doc.is_json:
        return []
    clock = clock_for(doc, ())
    linked: list[tuple[str, Post]] = []
    for node in doc.json_ld:
        if "FAQPage" not in types_of(node):
            linked.extend(_from_json(doc, node, clock, None, 0))
    marked = list(_from_microdata(doc, clock)) if "schema.org/" in doc.text and "itemtype" in doc.text else []
    best = linked if len(linked) >= len(marked) else marked
    unique: dict[str, tuple[str, Post]] = {}
    for kind, post in best[:_MOST]:
        unique.setdefault(post.post_id, (kind, post))
    return list(unique.values())


# -- JSON-LD


def _from_json(doc: Document, node: Any, clock: Clock, parent: str | None, depth: int) -> Iterator[tuple[str, Post]]:
    if isinstance(node, list):
        for one in node[:_MOST]:
            yield from _from_json(doc, one, clock, parent, depth + 1)
        return
    if not isinstance(node, dict) or depth > _DEEPEST:
        return
    kinds = types_of(node)
    kind = next(iter(sorted(kinds & _POSTS)), None)
    if kind is not None and (post := _json_post(doc, node, clock, parent)) is not None:
        parent = post.post_id
        yield kind, post
    for name in _CHILDREN:
        if name in node:
            yield from _from_json(doc, node[name], clock, parent, depth + 1)


def _json_post(doc: Document, node: dict[str, Any], clock: Clock, parent: str | None) -> Post | None:
    body = next((_words(value) for name in _TEXTS if isinstance(value := node.get(name), str) and value.strip()), None)
    author = _name(node.get("author") or node.get("creator"))
    posted_at = next((clock.read(str(node[name])) for name in _DATES if node.get(name)), None)
    if body is None or not (body.text or body.quoted) or not (author or posted_at):
        return None
    address = node.get("url") if isinstance(node.get("url"), str) else node.get("@id")
    url = doc.link(address) if isinstance(address, str) and address.startswith(("http", "/", "#")) else None
    found = re.search(r"(\d{2,})\D*$", url.split("#", 1)[1] if url and "#" in url else url or "")
    own = url and ("#" in url or url.split("#")[0] != doc.url.split("#")[0])
    identifier = (
        node.get("identifier") if isinstance(node.get("identifier"), str | int) else found[1] if found and own else None
    )
    return Post(
        post_id=str(identifier or digest(author, posted_at, body.text)),
        text=body.text,
        author=author,
        posted_at=posted_at,
        quoted=body.quoted,
        shown=body.shown,
        reply_to=parent,
        url=url,
        reactions=_votes(node),
        rating=_stars(node.get("reviewRating")),
        edited_at=clock.read(str(node["dateModified"])) if node.get("dateModified") else None,
    )


def _words(value: str) -> Body:
    value = unescape(value) if "&" in value and "<" not in value else value
    if re.search(r"<(?:p|br|div|a|blockquote|strong|b|i|ul|li|span|img|code|pre|em)\b", value, re.I):
        parser = html.HTMLParser(huge_tree=True, remove_comments=True)
        return read_body(html.fromstring(f"<div>{value[:1_000_000]}</div>", parser=parser))
    return Body(tidy(value))


def _name(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name") or value.get("alternateName")
    return (tidy(unescape(value))[:200] or None) if isinstance(value, str) else None


def _votes(node: dict[str, Any]) -> dict[str, int] | None:
    votes = node.get("upvoteCount")
    if isinstance(votes, int | str) and (count := number_in(str(votes))) is not None:
        return {"like": count}
    count = _counted(node, "Like")
    return None if count is None else {"like": count}


def _counted(node: dict[str, Any], kind: str) -> int | None:
    """How often something was done: ``Like``, ``View``."""
    statistics = node.get("interactionStatistic")
    for one in statistics if isinstance(statistics, list) else [statistics]:
        if isinstance(one, dict) and kind in str(one.get("interactionType")):
            return number_in(str(one.get("userInteractionCount") or 0))
    return None


def _stars(value: Any) -> float | None:
    """A rating on five stars, whatever scale the page uses."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        given, best = _decimal(value.get("ratingValue")), _decimal(value.get("bestRating")) or 5.0
    else:
        given, best = _decimal(value), 5.0
    return round(min(given, best) / best * 5, 2) if given is not None and best > 0 and given >= 0 else None


def _decimal(value: Any) -> float | None:
    found = re.search(r"\d{1,6}(?:[.,]\d{1,4})?", str(value)) if isinstance(value, str | int | float) else None
    return float(found[0].replace(",", ".")) if found else None


# -- microdata


def _from_microdata(doc: Document, clock: Clock) -> Iterator[tuple[str, Post]]:
    for node in every(doc.tree, "[itemscope][itemtype]")[:_MOST]:
        kind = (
            (node.get("itemtype") or "").split()[0].rsplit("/", 1)[-1] if (node.get("itemtype") or "").strip() else ""
        )
        if kind not in _POSTS or _in_faq(node):
            continue
        if (post := _marked_post(doc, node, clock)) is not None:
            yield kind, post


def _in_faq(node: Any) -> bool:
    return any("FAQPage" in (above.get("itemtype") or "") for above in node.iterancestors())


def _properties(node: Any) -> dict[str, Any]:
    """The elements of an item's own properties by name; those of items within it belong to them."""
    found: dict[str, Any] = {}
    stack = list(reversed(node))
    while stack:
        element = stack.pop()
        if not isinstance(element.tag, str):
            continue
        for name in (element.get("itemprop") or "").split():
            found.setdefault(name, element)
        if element.get("itemscope") is None:
            stack.extend(reversed(element))
    return found


def _marked_post(doc: Document, node: Any, clock: Clock) -> Post | None:
    own = _properties(node)
    words = next((own[name] for name in _TEXTS if name in own), None)
    if words is None:
        return None
    body = Body(tidy(words.get("content") or "")) if words.tag == "meta" else read_body(words)
    author = _marked_name(own.get("author", own.get("creator")))
    posted_at = next((moment(own[name], clock) for name in _DATES if name in own), None)
    if not (body.text or body.quoted) or not (author or posted_at):
        return None
    link = own.get("url")
    url = doc.link(link.get("href") or link.get("content")) if link is not None else None
    found = re.search(r"(\d+)\D*$", node.get("id") or "")
    votes = own.get("upvoteCount")
    count = number_in(votes.get("content") or one_line(votes)) if votes is not None else None
    rating = own.get("reviewRating", own.get("ratingValue"))
    return Post(
        post_id=found[1] if found else digest(author, posted_at, body.text),
        text=body.text,
        author=author,
        posted_at=posted_at,
        quoted=body.quoted,
        shown=body.shown,
        signature=body.signature,
        url=url,
        reactions=None if count is None else {"like": count},
        rating=_marked_stars(rating) if rating is not None else None,
    )


def _marked_name(element: Any) -> str | None:
    if element is None:
        return None
    named = next(iter(every(element, "[itemprop~=name]")), element)
    return (named.get("content") or one_line(named))[:200].strip() or None


def _marked_stars(element: Any) -> float | None:
    own = _properties(element)
    value = own.get("ratingValue", element)
    best = own.get("bestRating")
    return _stars(
        {
            "ratingValue": value.get("content") or one_line(value),
            "bestRating": best.get("content") or one_line(best) if best is not None else 5,
        }
    )
