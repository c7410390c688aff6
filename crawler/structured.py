"""Posts that a page states in structured data: JSON-LD and microdata by the vocabulary of schema.org.

``DiscussionForumPosting``, ``QAPage`` with its ``Question`` and answers, ``Comment`` and ``Review``. What the page states
is taken as it stands; questions of a ``FAQPage`` are the shop's own and no posts.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from html import unescape
from typing import Any, Final

from lxml import html

from crawler.dates import Clock
from crawler.engines.document import Document
from crawler.engines.reading import clock_for, digest, every, moment, number_in, page_number, types_of
from crawler.engines.shop import with_heading
from crawler.engines.sorted_page import sort_page
from crawler.engines.stars import rating_of
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
REVIEWS: Final = frozenset(("Review", "UserReview"))
_TEXTS: Final = ("text", "articleBody", "reviewBody", "commentText", "description", "headline")
_DATES: Final = ("datePublished", "dateCreated", "uploadDate", "commentTime")
_MOST: Final = 5_000
_DEEPEST: Final = 30


def read_reviews(doc: Document) -> tuple[Post, ...]:
    """The reviews that a page states, of whatever it sells."""
    return tuple(post for kind, post in _stated(doc) if kind in REVIEWS)


def read_posts(doc: Document) -> tuple[Post, ...]:
    """The posts, answers and comments that a page states, in its order; reviews too."""
    return tuple(post for _, post in _stated(doc))


def read_thread(doc: Document) -> Thread | None:
    """The thread that a page states, or ``None``: a discussion or a question with what was said to it."""
    stated = _stated(doc)
    if not stated or not any(kind in THREADS for kind, _ in stated):
        return None
    posts = tuple(post for kind, post in stated if kind not in REVIEWS)
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
            linked.extend(_told_apart(_from_json(doc, node, clock, None, 0)))
    marked = (
        list(_told_apart(_from_microdata(doc, clock))) if "schema.org/" in doc.text and "itemtype" in doc.text else []
    )
    best = linked if len(linked) >= len(marked) else marked
    unique: dict[str, tuple[str, Post]] = {}
    for kind, post in best[:_MOST]:
        unique.setdefault(post.post_id, (kind, post))
    return list(unique.values())


def _told_apart(found: Iterator[tuple[str, Post]]) -> Iterator[tuple[str, Post]]:
    """The posts, those that are known by their words alone numbered where several say the same."""
    times: Counter[str] = Counter()
    for kind, post in found:
        if post.author or post.posted_at or post.post_id != _known_by(None, None, post.text, post.rating):
            yield kind, post
            continue
        times[post.post_id] += 1
        yield kind, post if times[post.post_id] == 1 else replace(post, post_id=f"{post.post_id}-{times[post.post_id]}")


def _known_by(author: str | None, posted_at: datetime | None, text: str, rating: float | None) -> str:
    return digest(author, posted_at, text or str(rating))


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
    if kind is not None and (post := _json_post(doc, node, clock, parent, review=kind in REVIEWS)) is not None:
        parent = post.post_id
        yield kind, post
    for name in _CHILDREN:
        if name in node:
            yield from _from_json(doc, node[name], clock, parent, depth + 1)


def _json_post(doc: Document, node: dict[str, Any], clock: Clock, parent: str | None, *, review: bool) -> Post | None:
    body = next((_words(value) for name in _TEXTS if isinstance(value := node.get(name), str) and value.strip()), None)
    author = _name(node.get("author") or node.get("creator"))
    posted_at = next((clock.read(str(node[name])) for name in _DATES if node.get(name)), None)
    rating = rating_of(node.get("reviewRating"))
    if review:
        body = _review_body(node, body, rating)
    if body is None or not (body.text or body.quoted or (review and rating is not None)):
        return None
    if not (author or posted_at) and not (review and body.text):
        return None  # stars of nobody may be a mean
    address = node.get("url") if isinstance(node.get("url"), str) else node.get("@id")
    url = doc.link(address) if isinstance(address, str) and address.startswith(("http", "/", "#")) else None
    found = re.search(r"(\d{2,})\D*$", url.split("#", 1)[1] if url and "#" in url else url or "")
    own = url and ("#" in url or url.split("#")[0] != doc.url.split("#")[0])
    identifier = (
        node.get("identifier") if isinstance(node.get("identifier"), str | int) else found[1] if found and own else None
    )
    return Post(
        post_id=str(identifier or _known_by(author, posted_at, body.text, rating)),
        text=body.text,
        author=author,
        posted_at=posted_at,
        quoted=body.quoted,
        shown=body.shown,
        reply_to=parent,
        url=url,
        reactions=_votes(node, "helpful" if review else "like"),
        rating=rating,
        edited_at=clock.read(str(node["dateModified"])) if node.get("dateModified") else None,
        variant=_variant(node.get("itemReviewed")) if review else None,
        pictures=_pictures(node) if review else None,
    )


def _review_body(node: dict[str, Any], body: Body | None, rating: float | None) -> Body | None:
    """A review's words: its title, what it says, and what its author lists for and against. Of an aggregated rating: none."""
    rated = node.get("reviewRating")
    if body is None and isinstance(rated, dict) and "AggregateRating" in types_of(rated):
        return None
    text = body.text if body is not None else ""
    title, thing = _name(node.get("name") or node.get("headline")) or "", node.get("itemReviewed")
    if title and title != _name(thing) and len(title) <= 200:
        text = with_heading(title, text)
    for name, sign in (("positiveNotes", "+"), ("negativeNotes", "-")):
        text = "\n".join([text, *(f"{sign} {note}" for note in _notes(node.get(name)))]).strip()
    if body is None:
        return Body(text) if text or rating is not None else None
    return replace(body, text=text)


def _notes(value: Any) -> list[str]:
    """The points of a list for or against: texts, or an ``ItemList`` of them."""
    if isinstance(value, dict):
        value = value.get("itemListElement")
    found = (_name(one) for one in (value if isinstance(value, list) else [value])[:20])
    return [note for note in found if note]


def _variant(thing: Any) -> str | None:
    """Which size or colour of a product is reviewed."""
    if not isinstance(thing, dict):
        return None
    told = [_name(thing.get(name)) for name in ("color", "size")]
    return ", ".join(one for one in told if one)[:80] or None


def _pictures(node: dict[str, Any]) -> int | None:
    shown = node.get("image") or node.get("associatedMedia")
    return (len(shown) if isinstance(shown, list) else 1) if shown else None


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


def _votes(node: dict[str, Any], name: str) -> dict[str, int] | None:
    votes = node.get("upvoteCount")
    if isinstance(votes, int | str) and (count := number_in(str(votes))) is not None:
        return {name: count}
    count = _counted(node, "Like")
    return None if count is None else {name: count}


def _counted(node: dict[str, Any], kind: str) -> int | None:
    """How often something was done: ``Like``, ``View``."""
    statistics = node.get("interactionStatistic")
    for one in statistics if isinstance(statistics, list) else [statistics]:
        if isinstance(one, dict) and kind in str(one.get("interactionType")):
            return number_in(str(one.get("userInteractionCount") or 0))
    return None


# -- microdata


def _from_microdata(doc: Document, clock: Clock) -> Iterator[tuple[str, Post]]:
    for node in every(doc.tree, "[itemscope][itemtype]")[:_MOST]:
        kind = (
            (node.get("itemtype") or "").split()[0].rsplit("/", 1)[-1] if (node.get("itemtype") or "").strip() else ""
        )
        if kind not in _POSTS or _in_faq(node):
            continue
        if (post := _marked_post(doc, node, clock, review=kind in REVIEWS)) is not None:
            yield kind, post


def _in_faq(node: Any) -> bool:
    return any("FAQPage" in (above.get("itemtype") or "") for above in node.iterancestors())


def _properties(node: Any) -> dict[str, Any]:
    """The elements of an item's own properties by name; those of items within it belong to them."""
    found: dict[str, Any] = {}
    page = sort_page(node.getroottree().getroot())
    begin, end = page.place[node] + 1, page.end(node)
    inner = begin
    for place in sorted(
        {
            *_between(page.with_attribute("itemprop"), begin, end),
            *_between(page.with_attribute("itemscope"), begin, end),
        }
    ):
        if place < inner:
            continue
        element = page.elements[place]
        for name in (element.get("itemprop") or "").split():
            found.setdefault(name, element)
        if element.get("itemscope") is not None:
            inner = page.end(element)
    return found


def _between(places: list[int], begin: int, end: int) -> list[int]:
    return places[bisect_left(places, begin) : bisect_left(places, end)]


def _marked_post(doc: Document, node: Any, clock: Clock, *, review: bool) -> Post | None:
    own = _properties(node)
    words = next((own[name] for name in _TEXTS if name in own), None)
    rated = own.get("reviewRating", own.get("ratingValue"))
    rating = _marked_stars(rated) if rated is not None else None
    if words is None:
        if not review or rating is None:
            return None
        body = Body("")
    else:
        body = Body(tidy(words.get("content") or "")) if words.tag == "meta" else read_body(words)
    author = _marked_name(own.get("author", own.get("creator")))
    posted_at = next((moment(own[name], clock) for name in _DATES if name in own), None)
    if review and (titled := own.get("name")) is not None and titled.get("itemscope") is None and titled is not words:
        body = replace(body, text=with_heading((titled.get("content") or one_line(titled))[:200].strip(), body.text))
    if not (body.text or body.quoted or (review and rating is not None)):
        return None
    if not (author or posted_at) and not (review and body.text and rating is not None):
        return None
    link = own.get("url")
    url = doc.link(link.get("href") or link.get("content")) if link is not None else None
    found = re.search(r"(\d+)\D*$", node.get("id") or "")
    votes = own.get("upvoteCount")
    count = number_in(votes.get("content") or one_line(votes)) if votes is not None else None
    return Post(
        post_id=found[1] if found else digest(author, posted_at, body.text or str(rating)),
        text=body.text,
        author=author,
        posted_at=posted_at,
        quoted=body.quoted,
        shown=body.shown,
        signature=body.signature,
        url=url,
        reactions=None if count is None else {"helpful" if review else "like": count},
        rating=rating,
        pictures=(len(every(node, "[itemprop~=image]")) or None) if review else None,
    )


def _marked_name(element: Any) -> str | None:
    if element is None:
        return None
    named = next(iter(every(element, "[itemprop~=name]")), element)
    return (named.get("content") or one_line(named))[:200].strip() or None


def _marked_stars(element: Any) -> float | None:
    own = _properties(element)

    def told(name: str) -> str | None:
        found = own.get(name)
        return None if found is None else found.get("content") or one_line(found)

    given = told("ratingValue") or element.get("content") or one_line(element)
    return rating_of({"ratingValue": given, "bestRating": told("bestRating"), "worstRating": told("worstRating")})
