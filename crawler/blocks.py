"""A page as its blocks of running text, in the page's order: what the main text and the landing reader both work on.

One pass over the tree. A block ends wherever a browser would break the line. Each block knows which *hints* the elements
around it give (the tag ``nav``, a class called "related-products", …) as bits of an integer. The hints are a table,
``hints.tsv``: name, tags, and words of class names with ``*`` for "anything"; a new theme or language needs no code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from crawler.engines.document import Document

MAX_BLOCKS = 20_000
MAX_BLOCK_CHARS = 20_000
#: A page that shows fewer words than this draws itself by script.
FEW_WORDS = 20

_SKIPPED_TAGS = """
script style noscript template svg iframe select datalist audio video canvas math head textarea noframes progress meter
"""
_INLINE_TAGS = """
a abbr acronym b bdi bdo big cite code data del dfn em font i img input ins kbd label mark nobr picture q rp rt ruby s
samp small source span strike strong sub sup time tt u var wbr
"""
_SKIPPED = frozenset(_SKIPPED_TAGS.split())
_INLINE = frozenset(_INLINE_TAGS.split())
#: Inline elements that themes often set as blocks or with gaps: "Starter<span>For small teams</span>" is two texts.
_LOOSE_TAGS = "span a label time small button input img del ins s"
#: Emphasis is glued as it stands ("<b>H</b>oa"), save where an amount of money begins or ends at its edge.
_TIGHT_TAGS = "b strong em i mark bdi font big u sup"
_SEAM, _FINE_SEAM = "\x01", "\x02"
_SEAMS = dict.fromkeys(_LOOSE_TAGS.split(), _SEAM) | dict.fromkeys(_TIGHT_TAGS.split(), _FINE_SEAM)
#: Where a seam is a gap: before a new sentence or title, and wherever an amount of money ends or begins
#: (“1.299.000 VNĐ|Mua ngay”, “Chọn mua|299k”, “350.000|299.000đ”); “299.000|đ” and “$19|.99” stay one,
#: while “$145|19”, cents set small, must not become 14 519.
_S = "[\x01\x02]"
#: So many seams, a loose one among them; the pattern has read the first.
_LOOSE = rf"(?:(?<=\x01)|\x02*\x01){_S}*"
# A pattern that begins with a lookbehind is tried at every character; this one begins with the seam itself.
_GAP = re.compile(
    rf"{_S}(?:(?<=[^\W\dA-ZĐ_]{_S}){_LOOSE}(?=[A-ZÀ-ÝĐ])|(?<=[!?%)₫đ]{_S}){_LOOSE}(?=[^\W_])"
    rf"|(?<=\.{_S}){_LOOSE}(?=[^\W\d_])|(?<=[^\W\d_]\.{_S}){_LOOSE}(?=\d)"
    rf"|(?<=(?:VNĐ|VND|USD|EUR|GBP|SGD|AUD|JPY|KRW|THB|vnđ|vnd|usd|eur){_S}){_S}*(?=[\w$€£¥₫])"
    rf"|(?:(?<=\d[kKđ₫]{_S})|(?<=\d(?:tr|Tr|TR){_S})|(?<=(?:nghìn|triệu){_S})|(?<=(?:đồng|ngàn){_S})|(?<=\d[€£$¥₩฿]{_S})"
    rf"|(?<=\d [€£$¥₩฿]{_S})){_S}*(?=[^\W_])"
    rf"|(?<=\d{_S}){_S}*(?=[A-ZÀ-ÝĐ][^\W\d_]|[^\W\d_]{{3}}|[$€£¥₩฿]\s?\d|\d\d(?![\d.,%]))"
    rf"|(?<=[^\W\d_]{{2}}{_S}){_S}*(?=\d\d|\d(?:[.,]\d|tr|k)|[$€£¥₫]\s?\d)"
    rf"|(?<=[^\W\d_]{_S}){_S}*(?=\d{{1,3}}(?:[.,]\d{{3}})+\s?[đ₫vV]|\d{{2,3}}[kK](?!\w))"
    rf"|(?<=[.,]\d{{3}}{_S}){_S}*(?=\d{{1,3}}[.,]\d{{3}}))"
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_WORD = re.compile(r"[a-z]+")
_LONGEST_STEM = 20


@dataclass(frozen=True, slots=True)
class _Table:
    """``hints.tsv``: bits by tag, by whole word or pair of words, and by the start, end or inside of a word."""

    names: tuple[str, ...]
    tags: dict[str, int]
    whole: dict[str, int]
    starts: dict[str, int]
    ends: dict[str, int]
    inside: tuple[tuple[str, int], ...]


@cache
def _table() -> _Table:
    names: list[str] = []
    tags: dict[str, int] = {}
    whole: dict[str, int] = {}
    partial: dict[tuple[bool, bool], list[tuple[str, int]]] = {}
    for line in (Path(__file__).parent / "hints.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        name, tag_names, words = line.split("\t")
        bit = 1 << len(names)
        names.append(name)
        for tag in tag_names.split():
            tags[tag] = tags.get(tag, 0) | bit
        for word in words.split():
            stem = word.strip("*")
            if stem == word:
                whole[stem] = whole.get(stem, 0) | bit
            else:
                partial.setdefault((word[0] == "*", word[-1] == "*"), []).append((stem, bit))
    return _Table(
        tuple(names),
        tags,
        whole,
        _joined(partial.get((False, True), ())),
        _joined(partial.get((True, False), ())),
        tuple(partial.get((True, True), ())),
    )


def _joined(stems: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for stem, bit in stems:
        found[stem] = found.get(stem, 0) | bit
    return found


def hint_names() -> tuple[str, ...]:
    """The names of the hints; the name at index ``n`` is bit ``1 << n``."""
    return _table().names


@cache
def hint(*names: str) -> int:
    """The bits of the hints called ``names``."""
    known = hint_names()
    return sum(1 << known.index(name) for name in names)


@lru_cache(maxsize=50_000)
def _word_hints(word: str) -> int:
    table = _table()
    bits = table.whole.get(word, 0)
    starts, ends = table.starts, table.ends
    for size in range(1, min(len(word), _LONGEST_STEM) + 1):
        bits |= starts.get(word[:size], 0) | ends.get(word[-size:], 0)
    for stem, bit in table.inside:
        if stem in word:
            bits |= bit
    return bits


@lru_cache(maxsize=50_000)
def _name_hints(name: str) -> tuple[int, str, str]:
    """The hints in one class name, its first word and its last."""
    words = _WORD.findall(name if name.islower() else _CAMEL.sub("-", name).lower())
    whole = _table().whole
    bits = 0
    before = ""
    for word in words:
        bits |= _word_hints(word) | whole.get(f"{before}-{word}", 0)
        before = word
    return bits, words[0] if words else "", before


@lru_cache(maxsize=20_000)
def class_hints(marks: str) -> int:
    """The hints in an element's class, id and role, written as one string."""
    bits = 0
    before = ""
    for name in marks[:300].split():
        own, first, last = _name_hints(name)
        bits |= own
        if first:
            if before:
                bits |= _table().whole.get(f"{before}-{first}", 0)
            before = last
    return bits


@dataclass(slots=True)
class Block:
    """A run of text between two line breaks.

    ``hints`` come from all elements around it, ``near`` from the closest three. ``words`` counts blank-separated words,
    ``linked`` those inside links and buttons. ``make`` is equal for blocks whose closest elements are of the same make
    (tag, class); ``element`` is the block element that holds it; ``tag`` is that element's. ``around`` numbers three
    wider and wider elements around it, so that blocks of one section can be told.
    """

    text: str
    tag: str
    words: int
    linked: int
    hints: int
    near: int
    depth: int
    make: int
    element: Any
    around: tuple[int, int, int]


#: An element that the walk is inside of: the element, its children to come, the hints around it and its own, its tag,
#: whether it is a block, whether it stands in a link, the number of its make and its own number.
_Open = tuple[Any, Iterator[Any], int, int, str, bool, bool, int, int]


@lru_cache(maxsize=50_000)
def _marked(tag: str, classes: str) -> tuple[int, int]:
    """The hints of a tag with these classes, and a number for its make."""
    return _table().tags.get(tag, 0) | class_hints(classes), hash((tag, classes))


def _own_hints(attributes: dict[str, str], tag: str, hidden: int) -> tuple[int, int]:
    """The own hints of an element with these attributes, and a number for its make."""
    get = attributes.get
    bits, make = _marked(tag, get("class", ""))
    for name in ("id", "role", "itemprop"):
        if name in attributes:
            bits |= class_hints(attributes[name])
    style = get("style", "")
    if (
        "hidden" in attributes
        or get("aria-hidden") == "true"
        or ("none" in style and _HIDDEN_STYLE.search(style[:500]) is not None)
    ):
        bits |= hidden
    return bits, make


class _Walk:
    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.parts: list[str] = []
        self.linked: list[str] = []
        self.stack: list[_Open] = []
        self.hidden = hint("hidden")
        self.opened = 0

    def open(self, element: Any, tag: str) -> None:
        attributes = element.items()
        own, make = _own_hints(dict(attributes), tag, self.hidden) if attributes else _marked(tag, "")
        hints, in_link, stack, parts = own, tag in ("a", "button"), self.stack, self.parts
        if stack:
            outer = stack[-1]
            hints |= outer[2]
            in_link = in_link or outer[6]
        if tag in ("body", "html"):
            own = hints = 0
        block = tag not in _INLINE
        if parts:
            if block:
                self.flush()
            elif tag in _SEAMS:
                parts.append(_SEAMS[tag])
        self.opened += 1
        stack.append((element, iter(element), hints, own, tag, block, in_link, make, self.opened))
        text = element.text
        if text:
            parts.append(text)
            if in_link:
                self.linked.append(text)

    def leaf(self, element: Any, tag: str) -> None:
        """An element within a line, or an empty one: no block ends inside of it, so its hints are nobody's."""
        parts = self.parts
        seam = _SEAMS.get(tag)
        self.opened += 1
        if tag not in _INLINE:
            if parts:
                self.flush()
        else:
            if parts and seam:
                parts.append(seam)
            text = element.text
            if text:
                parts.append(text)
                if tag in ("a", "button") or self.stack[-1][6]:
                    self.linked.append(text)
            if parts and seam:
                parts.append(seam)
        self.tail(element)

    def close(self) -> None:
        parts = self.parts
        if parts and self.stack[-1][5]:
            self.flush()
        element, _, _, _, tag, _, _, _, _ = self.stack.pop()
        if parts and tag in _SEAMS:
            parts.append(_SEAMS[tag])
        if self.stack:
            self.tail(element)

    def tail(self, element: Any) -> None:
        text = element.tail
        if text:
            self.parts.append(text)
            if self.stack[-1][6]:
                self.linked.append(text)

    def flush(self) -> None:
        parts = self.parts
        text = "".join(parts)
        all_linked = len(self.linked) == len(parts) - parts.count(_SEAM) - parts.count(_FINE_SEAM)
        parts.clear()
        if text.isspace():
            self.linked.clear()
            return
        text = text[:MAX_BLOCK_CHARS]
        if _SEAM in text or _FINE_SEAM in text:
            text = _GAP.sub(" ", text).replace(_SEAM, "").replace(_FINE_SEAM, "")
        words = text.split()
        if not words:
            self.linked.clear()
            return
        linked = 0
        if self.linked:
            linked = len(words) if all_linked else min(len(" ".join(self.linked).split()), len(words))
            self.linked.clear()
        stack = self.stack
        last = stack[-1]
        holder = last if last[5] else next((outer for outer in reversed(stack) if outer[5]), stack[0])
        near, make = 0, 0
        for outer in stack[-3:]:
            near |= outer[3]
            make = hash((make, outer[7]))
        high = len(stack) - 1
        around = (stack[max(high - 3, 0)][8], stack[max(high - 5, 0)][8], stack[max(high - 8, 0)][8])
        text = " ".join(words)
        self.blocks.append(Block(text, holder[4], len(words), linked, last[2], near, high, make, holder[0], around))


def blocks(tree: Any, scriptless: bool = False) -> list[Block]:
    """The blocks of ``tree`` (an lxml element), at most :data:`MAX_BLOCKS`. Not recursive: depth does not matter.

    ``scriptless`` reads the page as a browser without scripts shows it, ``<noscript>`` included.
    """
    skipped = _SKIPPED - {"noscript"} if scriptless else _SKIPPED
    walk = _Walk()
    stack = walk.stack
    walk.open(tree, tree.tag if isinstance(tree.tag, str) else "")
    while stack and len(walk.blocks) < MAX_BLOCKS:
        child = next(stack[-1][1], None)
        if child is None:
            walk.close()
            continue
        tag = child.tag
        if not isinstance(tag, str) or tag in skipped:
            walk.tail(child)
        elif tag in ("br", "hr"):
            walk.flush()
            walk.tail(child)
        elif len(child) == 0 and (tag in _INLINE or not child.text):
            walk.leaf(child, tag)
        else:
            walk.open(child, tag)
    return walk.blocks


_read: WeakKeyDictionary[Document, list[Block]] = WeakKeyDictionary()


def page_blocks(doc: Document) -> list[Block]:
    """The blocks of ``doc``, found once; where it shows next to nothing, as a browser without scripts shows it."""
    if doc not in _read:
        found = blocks(doc.tree)
        if sum(block.words for block in found) < FEW_WORDS:
            found = blocks(doc.tree, scriptless=True)
        _read[doc] = found
    return _read[doc]
