"""The general reader of product reviews: the repeated block with stars in a shop's page that nobody wrote an engine for.

A review bears stars, or a date and a vouched purchase; the reviews of a page look alike. Elements whose class or id speaks of reviews
are grouped by how they look, and the group wins whose members most often bear stars of their own and the most words.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cache
from typing import Any, ClassVar, Final
from urllib.parse import urldefrag, urlsplit

from crawler.dates import Clock, looks_like_date
from crawler.engines.base import Kind
from crawler.engines.document import Document
from crawler.engines.fields import Fields, read_fields
from crawler.engines.names import look
from crawler.engines.own_ids import identity_of
from crawler.engines.paging import Paging, confirmed, next_links, slot
from crawler.engines.products import category_links, count_shown, is_product, product_links, shows_one_product
from crawler.engines.reading import clock_for, digest, page_number
from crawler.engines.repeated import Anchor, Item, Layout
from crawler.engines.review_blocks import REVIEW, Block, review_blocks, spoken
from crawler.engines.review_names import with_names
from crawler.engines.shop import Shop, with_heading
from crawler.engines.stars import helpful_in, is_verdict, pictures_in, stars_in, variant_in, verified_in
from crawler.engines.text import one_line, tidy
from crawler.engines.widgets import widget_on
from crawler.lexicons import either
from data.errors import UnreadablePageError
from data.records import Post, Thread, ThreadLink, ThreadList

_ANSWER = re.compile(
    r"repl(?:y|ies)|response|answer|seller|shop-?(?:reply|answer)|phan-?hoi|tra-?loi|merchant|vendor", re.I
)
_REVIEWER = re.compile(
    r"author(?![\w-]*(?:location|info|badge|avatar|image))|(?:user|nick|customer|buyer|reviewer?|profile|display)[\w-]{0,4}name|"
    r"ten-?(?:khach|nguoi)|nguoi-?(?:danh-?gia|mua|dung)|(?:^|[\s_-])(?:ten|ho-?ten|name)(?:$|[\s_-])",
    re.I,
)
_PERSON = re.compile(r"(?=.*[^\W\d_])[^:]{2,60}")
_TITLE = re.compile(r"(?:^|[\s_-])(?:title|heading|headline|subject|tieu-?de)(?:$|[\s_-])", re.I)
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_ANY_CLOCK: Final = "_general_reviews"
_NODES: Final = "_review_nodes"


class Reviews(Shop):
    """Any product's reviews. Never detected: it is asked where no engine and no structured data says more."""

    name = "reviews"
    #: Only numbers at an address's end that name a page are left out of a product's identity.
    thread_id: ClassVar[re.Pattern[str]] = re.compile(r"$^")

    def __init__(self) -> None:
        self.paging = Paging()

    def detect(self, doc: Document) -> bool:
        return False

    def kind(self, doc: Document) -> Kind:
        if doc.is_json:
            return "other"
        if urlsplit(doc.url).path.strip("/") and (self.posts(doc) or shows_one_product(doc)):
            return "thread"
        if is_product(doc):
            return "thread"
        if product_links(doc):
            return "list"
        return "index" if category_links(doc) else "other"

    def identify_thread(self, url: str) -> str:
        known = self.paging.identity(urldefrag(url)[0])
        return known or re.sub(r"/reviews?/?$", "/", super().identify_thread(url).removesuffix("/comments"))

    def read_thread(self, doc: Document) -> Thread:
        """The reviews on a page; a product without any is a thread without posts. Raises ``UnreadablePageError`` elsewhere."""
        posts = self.posts(doc)
        if not posts and not shows_one_product(doc):
            raise UnreadablePageError("no_reviews_seen", url=doc.url)
        return Thread(
            thread_id=self.identify_thread(doc.url),
            url=doc.url,
            engine=self.name,
            title=self.read_title(doc),
            posts=posts,
            page=page_number(doc.url),
            next_url=self.next_url(doc) if posts else None,
            replies=count_shown(doc),
        )

    def next_url(self, doc: Document) -> str | None:
        """The next page: one whose address is this one with another number, as its markup, its words or its pager say."""
        here = urldefrag(doc.url)[0]
        for url in next_links(doc):
            found = slot(here, url)
            if found is not None and (self.identify_thread(url) == self.identify_thread(here) or confirmed(doc, found)):
                self.paging.learn(found, self.identify_thread(here))
                return url
        return None

    def read_list(self, doc: Document) -> ThreadList:
        lines = (ThreadLink(url, title, self.identify_thread(url)) for url, title in product_links(doc).items())
        threads = {line.thread_id or line.url: line for line in lines}
        here = self.identify_thread(doc.url)
        boards = tuple(url for url in category_links(doc) if self.identify_thread(url) != here)
        return ThreadList(doc.url, self.name, self.read_title(doc), tuple(threads.values()), boards, self.next_url(doc))

    def posts(self, doc: Document) -> tuple[Post, ...]:
        """The reviews that a page shows; none where it shows none."""
        if _ANY_CLOCK not in doc.__dict__:
            widget = widget_on(doc)
            doc.__dict__[_ANY_CLOCK] = _by_widget(doc, widget) if widget else read_reviews(doc)
        found: tuple[Post, ...] = doc.__dict__[_ANY_CLOCK]
        return found


def review_nodes(doc: Document) -> list[Any]:
    """The elements of the reviews that a page shows, whatever the page is; none where it shows none."""
    return list(doc.__dict__.get(_NODES, ())) if Reviews().posts(doc) else []


def _by_widget(doc: Document, widget: Shop) -> tuple[Post, ...]:
    nodes = widget.post_nodes(doc)
    doc.__dict__[_NODES] = nodes
    clock, posts = widget.clock(doc, nodes), list[Post]()
    for number, node in enumerate(nodes, 1):
        posts.append(widget.read_post(doc, node, clock, posts, number))
    return tuple(posts)


def read_reviews(doc: Document) -> tuple[Post, ...]:
    """The reviews of an unknown page, or none."""
    body = None if doc.is_json else doc.tree.find("body")
    if body is None or not (REVIEW.search(doc.text) or spoken().search(doc.text)):
        return ()
    blocks = review_blocks(body)
    if not blocks:
        return ()
    doc.__dict__[_NODES] = [block.node for block in blocks]
    items = _items(doc, body, blocks)
    clock = clock_for(doc, (anchor.words for item in items for anchor in item.anchors if anchor.words))
    fields = read_fields(doc, items, clock)
    posts = [_post(doc, *each) for each in zip(blocks, items, fields, strict=True)]
    told = with_names([post for post in posts if post is not None])
    # A wall of quotes without stars, dates and names is an advertisement.
    sure = sum(post.rating is not None and (post.author is not None or post.posted_at is not None) for post in told)
    unique: dict[str, Post] = {}
    for post in told:
        unique.setdefault(post.post_id, post)
    return tuple(unique.values()) if sure * 2 >= len(told) and sure else ()


def _items(doc: Document, body: Any, blocks: list[Block]) -> list[Item]:
    """The blocks as the general reader of threads knows them, without what the shop answered."""
    layout = Layout(body, Clock(zone=doc.zone, now=doc.fetched_at, lang=doc.lang, patience=0))
    anchors: dict[Any, list[Anchor]] = defaultdict(list)
    owner = {block.node: block.node for block in blocks}
    for here, anchor in layout.anchors:
        for above in (layout.elements[here], *layout.elements[here].iterancestors()):
            if above in owner:
                anchors[above].append(anchor)
                break
    # Reviews speak of days too ("5 ngày"): the review's own date is the kind that most of them have.
    shared = Counter(kind for found in anchors.values() for kind in {look(one.element) for one in found})
    own = max(shared, key=lambda kind: shared[kind], default=None)
    dated = {node: [one for one in found if look(one.element) == own] for node, found in anchors.items()}
    return [Item([block.node], _answers(block.node), dated.get(block.node, [])) for block in blocks]


def _answers(node: Any) -> set[Any]:
    return {
        element
        for element in node.iter("div", "li", "ul", "section", "blockquote", "article", "p")
        if element is not node and _ANSWER.search(f"{element.get('class') or ''} {element.get('id') or ''}")
    }


def _post(doc: Document, block: Block, item: Item, read: Fields) -> Post | None:
    named, titled = _marked(block.node, item, _REVIEWER), _marked(block.node, item, _TITLE)
    named = named if named and _PERSON.fullmatch(named) else None
    seen = read.author if read.author and read.author != titled and _PERSON.fullmatch(read.author) else None
    author = named or seen
    text = with_heading(titled or "", _own_words(read.body.text, author, titled))
    if not text and block.rating is None:
        return None
    post_id, url = identity_of(doc, item)
    own = block.node.get("data-review-id") or block.node.get("data-id") or ""
    known = own if re.fullmatch(r"[\w-]{2,40}", own) else post_id
    helpful = helpful_in(block.node)
    return Post(
        post_id=known or digest(author, read.posted_at, text or str(block.rating)),
        text=text,
        author=author,
        posted_at=read.posted_at,
        quoted=read.body.quoted,
        url=url,
        rating=block.rating,
        reactions=None if helpful is None else {"helpful": helpful},
        verified=verified_in(block.node),
        variant=variant_in(block.node),
        pictures=pictures_in(block.node),
    )


def _marked(node: Any, item: Item, marks: re.Pattern[str]) -> str | None:
    """The short words of the first element of a review whose class or property says what it is."""
    for element in item.elements():
        names = " ".join(element.get(mark) or "" for mark in ("class", "itemprop", "data-hook", "data-ui"))
        if element is node or not marks.search(names) or len(element) > 3:
            continue
        words = one_line(element)
        if (
            marks is _REVIEWER
            and len(element)
            and (own := " ".join((element.text or "").split()))
            and _PERSON.fullmatch(own)
        ):
            # A name with the shop's badge inside its element.
            words = own
        dated = marks is _REVIEWER and looks_like_date(words)
        if 1 < len(words) <= 120 and stars_in(words) is None and not dated:
            return words
    return None


@cache
def _label() -> re.Pattern[str]:
    """A line that is the shop's label: “Đã mua tại cửa hàng”, “Was this helpful? Yes No”, “12 người thấy hữu ích”."""
    said = {code: either("shop", code, "pages") for code in ("label", "vouched", "found", "useful", "word")}
    return re.compile(
        rf"(?:(?:{said['label']}).{{0,40}}|.{{0,12}}(?:{said['vouched']}).{{0,30}}|{said['word']}"
        rf"|.{{0,60}}(?:{said['found']}).{{0,20}}(?:{said['useful']}).{{0,20}})[\s().:?\d]{{0,9}}",
        re.I,
    )


@cache
def _bought() -> re.Pattern[str]:
    """What was bought: “Phân loại hàng: …”."""
    return re.compile(rf"(?:{either('shop', 'variant', 'pages')})\s{{0,3}}:", re.I)


@cache
def _said() -> re.Pattern[str]:
    """The shop's label before what was said: “Nhận xét: …”."""
    return re.compile(rf"^\s{{0,9}}(?:{either('shop', 'said', 'pages')})\s{{0,3}}:\s{{0,3}}", re.I)


def _own_words(text: str, author: str | None, title: str | None) -> str:
    """A review's words without the lines that are the shop's: names, labels, stars, what was bought, votes."""
    kept = []
    for line in text.split("\n"):
        plain = line.strip()
        rest = plain.removeprefix(author or "").strip(" -–|·•,()")
        starry = len(plain) <= 40 and stars_in(plain) is not None and len(_LETTERS.findall(plain)) < 4
        bought = len(plain) <= 100 and _bought().match(plain)
        if plain and (starry or bought or not rest or plain == title or _label().fullmatch(rest)):
            continue
        kept.append(_said().sub("", line))
    found = [line for line in kept if line.strip()]
    if len(found) > 1 and is_verdict(found[0]):
        kept = found[1:]
    return tidy("\n".join(kept))
