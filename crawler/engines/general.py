"""The general reader: threads of forums that nobody wrote an engine for.

It finds the repeated block of a page (:mod:`crawler.engines.repeated`), then author, date and words in it
(:mod:`crawler.engines.fields`), and says "no thread" for articles, shops and lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, ClassVar
from urllib.parse import urldefrag, urlsplit

from crawler.dates import Clock
from crawler.engines.base import Engine, Kind, Marks
from crawler.engines.company import Company, Known, joined, own_of
from crawler.engines.document import Document
from crawler.engines.fields import Fields, read_fields
from crawler.engines.general_lists import is_list
from crawler.engines.members import is_gone
from crawler.engines.no_posts import are_alike, are_titled, is_section, leads_on
from crawler.engines.own_ids import digests_of, identity_of, with_own_ids, without_places
from crawler.engines.paging import Paging, along, confirmed, is_later, next_links, slot
from crawler.engines.plain import remember
from crawler.engines.reading import clock_for, page_number, quoted_post, types_of, views_shown
from crawler.engines.repeated import Item, Layout, find_items
from crawler.engines.text import one_line
from crawler.engines.unlike import unlike_posts
from crawler.lists import read_unknown_list
from data.errors import UnreadablePageError
from data.records import Post, Thread, ThreadList

_FORUM_ADDRESS = re.compile(
    r"thread|topic|viewtopic|forum|discussion|discuss|board|community|question|comment|/t/|post|threads|chu-de|thao-luan|hoi-dap|read\.php|"
    r"posts/|msg|beitrag|thema|reply|talk|dien-?dan",
    re.I,
)
_POST_CLASS = re.compile(
    r"post|comment|message|reply|answer|response|beitrag|msg|thread|topic|(?:^|[\s_-])cmt|"
    r"(?:bai|binh|tra|phan|cau)[-_]?(?:viet|luan|loi|hoi)(?:$|[\s_\d-])",
    re.I,
)
_ARTICLE_TYPES = frozenset(("NewsArticle", "BlogPosting", "Article", "Product", "Recipe", "TechArticle", "Report"))
#: Whether words are a date does not depend on when the page was fetched; what they mean does.
_ANY_TIME = datetime(2020, 6, 15, tzinfo=UTC)
_FRAME = re.compile(r"(?<![\w-])(?:side(?:-?bar)?|footer|nav|menu|related|recent|widget|aside)(?![a-z])", re.I)
_ID = re.compile(r"(\d{2,})\D*$|(\d+)\D*$")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_MOST_OF_PAGE = 0.6
#: More links than these are a page's frame and no person's box.
_FEW_LINKS = 4
#: So many letters a person's box adds at most to those of a short post: «Thành viên mới».
_FEW_LETTERS = 30
_LONG_QUESTION = 2_000
#: Characters, fewer than which are no post that stands alone.
_FEW_WORDS = 20


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
        return "list" if not doc.is_json and is_list(doc) else "other"

    def is_thread(self, doc: Document, *, expected: bool = False) -> bool:
        """Whether the page is a thread; asks less of it where that is ``expected`` for other reasons."""
        return bool(self.posts(doc, expected=expected))

    def read_thread(self, doc: Document, *, expected: bool = False) -> Thread:
        posts = self.posts(doc, expected=expected)
        if not posts:
            raise UnreadablePageError("no_posts_seen", url=doc.url)
        return self._thread(doc, posts)

    def among_known(self, doc: Document, thread: Thread | None) -> Thread | None:
        """The same page read among posts of this forum, where it shows one post or none, and how posts are built is known."""
        if doc.is_json or (thread is not None and (thread.engine != self.name or len(thread.posts) > 1)):
            self._known.meet(doc, *doc.__dict__.get(_READ, ([], False)))
            return thread
        for company in self._known.on(doc):
            posts = _read_among(doc, company)
            if posts and (thread is None or (len(posts) == 1 and posts[0].text in thread.posts[0].text)):
                return self._thread(doc, posts)
        return thread

    def _thread(self, doc: Document, posts: tuple[Post, ...]) -> Thread:
        return Thread(
            thread_id=self.identify_thread(doc.url),
            url=doc.url,
            engine=self.name,
            title=self.read_title(doc),
            posts=posts,
            page=page_number(doc.url),
            next_url=self.next_url(doc),
            views=self.read_views(doc),
            left_out=doc.__dict__.get(_WORDLESS, 0),
        )

    def read_views(self, doc: Document) -> int | None:
        return views_shown(doc)

    def read_list(self, doc: Document) -> ThreadList:
        return read_unknown_list(doc, self.identify_thread, self.next_url(doc), title=self.read_title(doc))

    def __init__(self) -> None:
        self.paging = Paging()
        self._known = Known()

    def identify_thread(self, url: str) -> str:
        return self.paging.identity(urldefrag(url)[0]) or super().identify_thread(url)

    def recall(self, threads: Iterable[tuple[str, str, str]]) -> None:
        """Learn from threads read before: for each its id, its first address, and that of a later page."""
        for identity, first, later in threads:
            found = slot(first, later) if super().identify_thread(later) != identity else None
            if found is not None:
                self.paging.learn(found, identity)

    def next_url(self, doc: Document) -> str | None:
        return next(next_links(doc), None)

    def following(self, doc: Document) -> str | None:
        """The next page of the same thread or list, told from links to other ones."""
        return self._onward(doc)[0]

    def left_behind(self, doc: Document, *, of_list: bool) -> str | None:
        """A link that may well be the next page, and cannot be told from one to something else.

        From a thread, a link with another number in the same place is one to the next thread.
        """
        url, left = self._onward(doc)
        here = urldefrag(doc.url)[0]
        return None if url else next((one for one in left if of_list or slot(here, one) is None), None)

    def _onward(self, doc: Document) -> tuple[str | None, list[str]]:
        here = urldefrag(doc.url)[0]
        identity, left = self.identify_thread(here), list[str]()
        for url in next_links(doc):
            if self.identify_thread(url) == identity:
                return url, []
            if (found := slot(here, url)) is not None and confirmed(doc, found):
                self.paging.learn(found, identity)
                return url, []
            if along(here, url):
                left.append(url)
        return None, left

    def posts(self, doc: Document, *, expected: bool = False) -> tuple[Post, ...]:
        """The posts of a thread, read once; none where the page is no thread."""
        found: dict[bool, tuple[Post, ...]] = doc.__dict__.setdefault(self._memory, {})
        if not found.get(False) and expected not in found:
            found[expected] = read_posts(doc, expected=expected)
        return found.get(False) or found.get(expected, ())


_WORDLESS = "_posts_without_words"
#: What was read of a page's blocks, and whether the first was found apart from the others.
_READ = "_blocks_read"


def read_posts(doc: Document, *, expected: bool = False) -> tuple[Post, ...]:
    """The posts of a thread, or none where the page is no thread; ``expected``: it very likely is one."""
    if doc.is_json:
        return ()
    body = doc.tree.find("body")
    if body is None:
        return ()
    stated, article, forum = _signs(doc)
    if article and not stated and not forum:
        return ()
    remember(body)
    layout = Layout(body, Clock(zone=doc.zone, now=doc.fetched_at or _ANY_TIME, lang=doc.lang, patience=0))
    if not layout.anchors:
        return ()
    clock = clock_for(doc, (anchor.words for _, anchor in layout.anchors if anchor.words))
    items = find_items(layout) or unlike_posts(layout)
    found = _with_opening(layout, items)
    opened, items = len(found) > len(items) > 0, found
    if len(items) < 2 and not (
        items and (expected or ((_holds_post(items[0]) or is_later(doc)) and _FORUM_ADDRESS.search(doc.url)))
    ):
        return ()
    if not (stated or forum or expected or any(_holds_post(item) for item in items) or _fill(layout, items)):
        return ()
    fields = read_fields(doc, items, clock, _heading(doc))
    kept = [(item, read) for item, read in zip(items, fields, strict=True) if _says(read)]
    asked = stated or forum or expected
    if opened and kept and kept[0][0] is items[0] and not _opens(*kept[0], kept[1:], asked=asked):
        kept.pop(0)
    if not _is_thread(doc, kept, layout, expected=expected):
        return ()
    doc.__dict__[_WORDLESS] = sum(
        read.dated and read.author is not None and not (read.body.text or read.body.quoted) for read in fields
    )
    doc.__dict__[_READ] = kept, opened
    return _as_posts(doc, kept)


def _as_posts(doc: Document, kept: list[tuple[Item, Fields]]) -> tuple[Post, ...]:
    posts: list[Post] = []
    digests = digests_of(kept)
    for (item, read), own in zip(kept, digests, strict=True):
        post_id, url = identity_of(doc, item, read.author)
        posts.append(
            Post(
                post_id=post_id or own,
                text=read.body.text,
                author=read.author,
                posted_at=read.posted_at,
                quoted=read.body.quoted,
                shown=read.body.shown,
                signature=read.body.signature,
                reply_to=quoted_post(read.body, posts),
                url=url,
                reactions=None if read.likes is None else {"like": read.likes},
            )
        )
    found_posts = with_own_ids(posts, digests)
    found_posts = without_places(found_posts) if is_later(doc) else found_posts
    return _answering(found_posts, [item for item, _ in kept])


def _read_among(doc: Document, company: Company) -> tuple[Post, ...]:
    """The posts of a page that are built like the company's, read together with those."""
    found = joined(doc, company)
    if found is None:
        return ()
    together, count = found
    read_posts(together, expected=True)
    own = own_of(together.__dict__.get(_READ, ([], False))[0], company, count)
    return _as_posts(together, own) if own else ()


def _answering(posts: tuple[Post, ...], items: list[Item]) -> tuple[Post, ...]:
    """The posts, those whose block stands within another's as answers to that one."""
    place = {item.nodes[0]: at for at, item in enumerate(items) if len(item.nodes) == 1}
    above = {place[node]: at for at, item in enumerate(items) for node in item.exclude if node in place}
    return tuple(
        replace(post, reply_to=posts[above[at]].post_id) if at in above and post.reply_to is None else post
        for at, post in enumerate(posts)
    )


def _says(read: Fields) -> bool:
    return bool(read.body.text or read.body.quoted) and not is_gone(read.body.text)


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
                layout.elements[above].tag in ("body", "main")
                or (layout.words[node] >= _FEW_WORDS and layout.words[above] > layout.words[0] * 0.9)
            ):
                break
            node = above
        words = layout.words[node]
        if words >= _FEW_WORDS and (best is None or words > best[1]):
            best = (node, words)
    if best is None:
        return items
    node = best[0] if items else _alone(layout, *best)
    anchors = [anchor for here, anchor in layout.anchors if node <= here < layout.end[node]]
    return [Item(_up_to(layout, node, first), set(), anchors), *items]


def _alone(layout: Layout, node: int, words: int) -> int:
    """The one post of a page, without the page around it: the innermost of the elements around its date that hold nearly all
    the words, and those around that one which add no more than a person's box does."""
    inner = node
    for here, _ in layout.anchors:
        one = here
        while one > node and layout.words[one] < words * 0.85:
            one = layout.parent[one]
        inner = max(inner, one)
    links = sum(1 for _ in layout.elements[inner].iter("a"))
    for _ in range(3):
        above = layout.parent[inner]
        outer = layout.elements[above]
        if above < node and (outer.tag in ("body", "main") or next(outer.iter("h1", "h2"), None) is not None):
            break
        more = sum(1 for _ in outer.iter("a")) - links
        said = layout.words[inner]
        if more >= _FEW_LINKS or layout.words[above] > max(said * 1.15, said + _FEW_LETTERS):
            break
        inner = above
    return inner


def _up_to(layout: Layout, node: int, first: int) -> list[Any]:
    """An element and its siblings up to the one that holds the first reply: the words may stand below the heading."""
    found = [layout.elements[node]]
    for sibling in layout.elements[node].itersiblings():
        here = layout.index.get(sibling)
        if here is not None:
            if layout.end[here] > first or first >= len(layout.elements):
                break
            found.append(sibling)
    while len(found) > 1 and found[-1].tag in _HEADINGS:  # «3 câu trả lời»
        found.pop()
    return found


def _opens(item: Item, read: Fields, others: list[tuple[Item, Fields]], *, asked: bool) -> bool:
    """Whether the block above the replies is the opening post: by somebody, and not the frame of the page; and, where nothing
    else says that something is ``asked`` here, no article with a few comments below."""
    marks = " ".join(f"{node.tag} {node.get('class') or ''} {node.get('id') or ''}" for node in item.nodes)
    if _FRAME.search(marks) or any(other.body.text and other.body.text[:200] in read.body.text for _, other in others):
        return False
    if _POST_CLASS.search(marks):
        return True
    said = sum(len(other.body.text) for _, other in others)
    return read.author is not None and (asked or len(read.body.text) < max(_LONG_QUESTION, 3 * said))


def _fill(layout: Layout, items: list[Item]) -> bool:
    """Whether the blocks hold most of what the page says: those under an article or beside an offer do not."""
    return sum(_own(layout, item) for item in items) >= _MOST_OF_PAGE * layout.words[0]


def _is_thread(doc: Document, kept: list[tuple[Item, Fields]], layout: Layout, *, expected: bool) -> bool:
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
    if not stated and leads_on(doc, kept):
        return False
    evidence = 2 * stated + (named >= size * 0.6) + (posts >= size * 0.5) + forum + expected
    if not article and evidence == 1 and named >= size * 0.6:
        evidence += are_alike(doc, kept, fill=_fill(layout, [item for item, _ in kept]))
    if not stated:
        evidence -= are_titled(kept, _heading(doc)) + is_section(doc, _heading(doc))
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
