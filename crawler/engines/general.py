"""The general reader: threads of forums that nobody wrote an engine for.

It finds the repeated block of a page (:mod:`crawler.engines.repeated`), then author, date and words in it
(:mod:`crawler.engines.fields`), and says "no thread" for articles, shops and lists.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import islice
from typing import Any, ClassVar
from urllib.parse import urldefrag, urlsplit

from crawler.dates import Clock
from crawler.engines.base import Engine, Kind, Marks
from crawler.engines.document import Document
from crawler.engines.fields import PROFILE, Fields, read_fields
from crawler.engines.general_lists import convincing, find_lines, read_line
from crawler.engines.reading import clock_for, digest, next_page, page_number, quoted_post, types_of
from crawler.engines.repeated import Item, Layout, find_items
from crawler.engines.text import one_line
from data.errors import UnreadablePageError
from data.records import Post, Thread, ThreadList

_FORUM_ADDRESS = re.compile(
    r"thread|topic|viewtopic|forum|discussion|discuss|board|community|question|comment|/t/|post|threads|chu-de|thao-luan|hoi-dap|read\.php|"
    r"posts/|msg|beitrag|thema|reply|talk",
    re.I,
)
_POST_CLASS = re.compile(r"post|comment|message|reply|answer|response|beitrag|msg|thread|topic", re.I)
_ARTICLE_TYPES = frozenset(("NewsArticle", "BlogPosting", "Article", "Product", "Recipe", "TechArticle", "Report"))
#: Whether words are a date does not depend on when the page was fetched; what they mean does.
_ANY_TIME = datetime(2020, 6, 15, tzinfo=UTC)
_NEXT_WORDS = re.compile(
    r"(?:next(?: page)?|older(?: posts| comments)?|tiếp(?: theo)?|trang (?:sau|kế|tiếp)|sau|weiter|"
    r"nächste(?: seite)?|suivante?|siguiente|»|›|>|>>|→|next\s*[»›>→]+)\s*[»›>→]*",
    re.I,
)
_FRAME = re.compile(r"(?<![\w-])(?:side(?:-?bar)?|footer|nav|menu|related|recent|widget|aside)(?![a-z])", re.I)
_ID = re.compile(r"(\d{2,})\D*$|(\d+)\D*$")
_LONG_ARTICLE = 2500


class General(Engine):
    """Any thread. Never detected: it is asked when no engine and no structured data answers."""

    name = "general"
    marks = Marks(next_page="a[rel~=next], link[rel~=next]")
    _memory: ClassVar[str] = "_general_reading"

    def detect(self, doc: Document) -> bool:
        return False

    def kind(self, doc: Document) -> Kind:
        if self.is_thread(doc):
            return "thread"
        return "list" if not doc.is_json and convincing(find_lines(doc)[0]) else "other"

    def is_thread(self, doc: Document) -> bool:
        """Whether the page is a thread; asks less of it than :meth:`kind`."""
        return bool(self._posts(doc))

    def read_thread(self, doc: Document) -> Thread:
        posts = self._posts(doc)
        if not posts:
            raise UnreadablePageError("no_posts_seen", url=doc.url)
        return Thread(
            thread_id=self.identify_thread(doc.url),
            url=doc.url,
            engine=self.name,
            title=self.read_title(doc),
            posts=posts,
            page=page_number(doc.url),
            next_url=self.next_url(doc),
        )

    def read_list(self, doc: Document) -> ThreadList:
        lines, boards = find_lines(doc)
        clock = clock_for(doc, (one_line(line.row)[-80:] for line in lines))
        threads = tuple(read_line(doc, line, clock, self.identify_thread(line.url)) for line in lines)
        return ThreadList(doc.url, self.name, self.read_title(doc), threads, tuple(boards), self.next_url(doc))

    def next_url(self, doc: Document) -> str | None:
        return next_page(doc, self.marks.next_page) or next_by_words(doc)

    def _posts(self, doc: Document) -> tuple[Post, ...]:
        found = doc.__dict__.get(self._memory)
        if found is None:
            found = doc.__dict__[self._memory] = read_posts(doc)
        return tuple(found)


def read_posts(doc: Document) -> tuple[Post, ...]:
    """The posts of a thread, or none where the page is no thread."""
    if doc.is_json:
        return ()
    body = doc.tree.find("body")
    if body is None:
        return ()
    stated, article, forum = _signs(doc)
    if article and not stated and not forum:
        return ()
    layout = Layout(body, Clock(zone=doc.zone, now=doc.fetched_at or _ANY_TIME, lang=doc.lang, patience=0))
    if not layout.anchors:
        return ()
    clock = clock_for(doc, (anchor.words for _, anchor in layout.anchors if anchor.words))
    items = find_items(layout)
    found = _with_opening(layout, items)
    opened, items = len(found) > len(items) > 0, found
    if len(items) < 2 and not (items and _holds_post(items[0]) and _FORUM_ADDRESS.search(doc.url)):
        return ()
    if not stated and not forum and not any(_holds_post(item) for item in items):
        return ()
    fields = read_fields(doc, items, clock, _heading(doc))
    kept = [(item, read) for item, read in zip(items, fields, strict=True) if read.body.text or read.body.quoted]
    if opened and kept and kept[0][0] is items[0] and not _opens(*kept[0], kept[1:]):
        kept.pop(0)
    if not _is_thread(doc, kept, layout):
        return ()
    posts: list[Post] = []
    for item, read in kept:
        post_id, url = _identity(doc, item)
        posts.append(
            Post(
                post_id=post_id or digest(read.author, read.posted_at, read.body.text),
                text=read.body.text,
                author=read.author,
                posted_at=read.posted_at,
                quoted=read.body.quoted,
                signature=read.body.signature,
                reply_to=quoted_post(read.body, posts),
                url=url,
            )
        )
    return _with_own_ids(posts)


def _heading(doc: Document) -> str:
    found = next(doc.tree.iter("h1"), None)
    return one_line(found) if found is not None else ""


def _looks_like_post(item: Item) -> bool:
    node = item.nodes[0]
    return bool(_POST_CLASS.search(f"{node.get('class') or ''} {node.get('id') or ''}"))


def _holds_post(item: Item) -> bool:
    return _looks_like_post(item) or any(
        _POST_CLASS.search(element.get("class") or "") for element in islice(item.elements(), 40)
    )


def _with_opening(layout: Layout, items: list[Item]) -> list[Item]:
    """The items, and before them the opening post where it looks unlike the replies (or the one post of a short thread)."""
    first = layout.index[items[0].nodes[0]] if items else len(layout.elements)
    last = layout.end[layout.index[items[-1].nodes[-1]]] if items else 0
    taken = {id(anchor) for item in items for anchor in item.anchors}
    best: tuple[int, int] | None = None
    for here, anchor in layout.anchors:
        if id(anchor) in taken or (items and here > first):
            continue
        node = here
        while layout.parent[node] > 0:
            above = layout.parent[node]
            if items and layout.end[above] > first and above < last:
                break
            if not items and (
                layout.elements[above].tag in ("body", "main") or layout.words[above] > layout.words[0] * 0.9
            ):
                break
            node = above
        words = layout.words[node]
        if words >= 20 and (best is None or words > best[1]):
            best = (node, words)
    if best is None:
        return items
    node = best[0]
    anchors = [anchor for here, anchor in layout.anchors if node <= here < layout.end[node]]
    return [Item(_up_to(layout, node, first), set(), anchors), *items]


def _up_to(layout: Layout, node: int, first: int) -> list[Any]:
    """An element and its siblings up to the one that holds the first reply: the words may stand below the heading."""
    found = [layout.elements[node]]
    for sibling in layout.elements[node].itersiblings():
        here = layout.index.get(sibling)
        if here is not None:
            if layout.end[here] > first or first >= len(layout.elements):
                break
            found.append(sibling)
    return found


def _opens(item: Item, read: Fields, others: list[tuple[Item, Fields]]) -> bool:
    """Whether the block above the replies is the opening post: by somebody, and not the frame of the page."""
    marks = " ".join(f"{node.tag} {node.get('class') or ''} {node.get('id') or ''}" for node in item.nodes)
    if _FRAME.search(marks) or any(other.body.text and other.body.text[:200] in read.body.text for _, other in others):
        return False
    return read.author is not None or bool(_POST_CLASS.search(marks))


def _is_thread(doc: Document, kept: list[tuple[Item, Fields]], layout: Layout) -> bool:
    """Whether the blocks are posts: by people, dated, with words, and no teasers that lead elsewhere."""
    if not kept:
        return False
    size = len(kept)
    named = sum(read.author is not None for _, read in kept)
    words = sum(len(read.body.text) for _, read in kept)
    stated, article, forum = _signs(doc)
    posts = sum(_looks_like_post(item) or (size == 1 and _holds_post(item)) for item, _ in kept)
    if words / size < 15 or words < layout.words[0] * 0.03:
        return False
    linked = sum(_own(layout, item) < 0.5 * len(read.body.text) for item, read in kept)
    if linked > size * 0.5:
        return False
    teasers = sum(_is_teaser(doc, item) for item, _ in kept)
    if teasers > size * 0.5:
        return False
    evidence = 2 * stated + (named >= size * 0.6) + (posts >= size * 0.5) + forum
    if article and not stated:
        return evidence == 3
    return evidence >= 2


def _signs(doc: Document) -> tuple[bool, bool, bool]:
    """Whether the page's data say that it is a thread, or an article or product, and whether its address speaks of a forum."""
    types = {name for one in doc.json_ld for name in types_of(one)}
    stated = bool(types & {"DiscussionForumPosting", "QAPage"}) or "schema.org/DiscussionForumPosting" in doc.text
    parts = urlsplit(doc.url)
    forum = _FORUM_ADDRESS.search(f"{parts.path}?{parts.query}") or _FORUM_ADDRESS.search(parts.netloc)
    return stated, bool(types & _ARTICLE_TYPES), forum is not None


def _own(layout: Layout, item: Item) -> int:
    """The words of a block that are no links."""
    return sum(layout.words[layout.index[node]] for node in item.nodes if node in layout.index)


def _is_teaser(doc: Document, item: Item) -> bool:
    """A block whose heading links to another page: a line of a list, not a post."""
    here = urlsplit(urldefrag(doc.url)[0])
    for node in item.nodes:
        for heading in node.iter("h1", "h2", "h3", "h4", "h5"):
            for link in heading.iter("a"):
                target = urlsplit(urldefrag(doc.link(link.get("href")) or "")[0])
                if target.path and target.path != here.path and len(one_line(link)) > 15:
                    return True
    return False


def _identity(doc: Document, item: Item) -> tuple[str | None, str | None]:
    """A block's own id and address: by its id, an anchor, or the link that names it."""
    marks = []
    for element in list(item.elements())[:40]:
        marks += [element.get("id") or "", element.get("name") or "" if element.tag == "a" else ""]
    before = item.nodes[0].getprevious()
    if before is not None and before.tag == "a":
        marks.insert(0, before.get("name") or before.get("id") or "")
    number = None
    for mark in marks:
        found = re.search(r"(?:^|\D)(\d{1,12})$", mark)
        if found and not re.search(r"user|avatar|member|menu|profile|author", mark, re.I):
            number = found[1]
            break
    for element in item.elements():
        if element.tag != "a":
            continue
        href = element.get("href") or ""
        if (
            number
            and re.search(rf"(?<!\d){number}(?!\d)", href)
            and not re.search(r"report|reply|quote|vote|user|login", href, re.I)
        ) or re.search(
            r"#(?:p|post|msg|comment|c|reply|answer|entry)[-_]?\d+$|[?&/](?:post|comment|p|pid)[=/]\d+$", href
        ):
            url = doc.link(href)
            if not url or urlsplit(url).netloc != urlsplit(doc.url).netloc or PROFILE.search(href):
                continue
            found = re.search(r"(\d+)\D*$", href)
            return number or (found[1] if found else None), url
    return number, f"{urldefrag(doc.url)[0]}#{_mark(item, number)}" if number and _mark(item, number) else None


def _mark(item: Item, number: str) -> str | None:
    return next(
        (
            mark
            for element in item.elements()
            if (mark := element.get("id") or element.get("name")) and mark.endswith(number)
        ),
        None,
    )


def _with_own_ids(posts: list[Post]) -> tuple[Post, ...]:
    """Ids that are not each post's own (the thread's, say) are replaced by digests."""
    from collections import Counter
    from dataclasses import replace

    seen = Counter(post.post_id for post in posts)
    return tuple(
        replace(post, post_id=digest(post.author, post.posted_at, post.text)) if seen[post.post_id] > 1 else post
        for post in posts
    )


def next_by_words(doc: Document) -> str | None:
    """The link to the next page by its words ("next", "trang sau", "»"), or by the number after the present one."""
    here, number = urldefrag(doc.url)[0], page_number(doc.url)
    numbered: str | None = None
    for link in doc.tree.iter("a"):
        href = link.get("href")
        if not href or href.startswith("#") or len(link) > 3:
            continue
        words = one_line(link) or link.get("title") or link.get("aria-label") or ""
        if len(words) > 16:
            continue
        if words == str(number + 1) or not words or _NEXT_WORDS.fullmatch(words):
            url = doc.link(href)
            if (
                not url
                or urldefrag(url)[0] == here
                or urlsplit(url).netloc != urlsplit(here).netloc
                or not _pages_along(url, here)
            ):
                continue
            if words == str(number + 1) or not words:
                if not words and page_number(url) != number + 1:
                    continue
                numbered = numbered or urldefrag(url)[0]
            else:
                return urldefrag(url)[0]
    return numbered


def _pages_along(url: str, here: str) -> bool:
    """Whether an address is this one with another page: what differs is short and has a number."""
    one, two = urlsplit(url), urlsplit(here)
    stem = re.sub(r"[\W\d_]+|page|trang|seite", "", one.path.lower())
    return stem.startswith(re.sub(r"[\W\d_]+|page|trang|seite|html?$|php$", "", two.path.lower())[:40]) and bool(
        re.search(r"\d", one.path.replace(two.path, "") + one.query)
    )
