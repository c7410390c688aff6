"""Quotes told by the line above them, «Lan đã viết:» or "Lan wrote:", on pages whose markup says nothing of quotes.

They are found before anything else of a page is: neither a quoted person nor quoted words may tell where a post's own author
and words stand, and on a page of many quotes they are the most alike of all.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from lxml import etree

from crawler.engines.labels import Said
from crawler.engines.looks import Key
from crawler.engines.names import look
from crawler.engines.quoting import QUOTE_TAGS, is_quote
from crawler.engines.repeated import Item
from crawler.engines.text import is_longer, one_line

_VERB: Final = r"(?:đã viết|từng viết|đã nói|viết|wrote|said|posted|schrieb|hat geschrieben)"
_WHEN: Final = r"(?:\s?\([^()\n]{1,40}\)|,?\s(?:lúc|vào|ngày|on|at|am)\s[^\n]{1,40})?"
_LINE = re.compile(
    rf"(?:(?:on|vào|lúc|ngày|am)\s[^\n]{{4,40}},\s)?@?(?P<who>[^\s:.!?,;][^:!?,;\n]{{0,39}}?)\s(?<!bài\s){_VERB}{_WHEN}\s?:|"
    r"@?(?P<bare>[^\s:.!?,;][^:!?,;\n]{0,39}?)\s(?:đã viết|wrote)|"
    r"(?:originally posted by|quoted? from|quoting|trích dẫn từ|trích lời|trích bài của|nguyên văn bởi)\s?:?\s"
    r"(?P<whom>[^:!?\n]{1,40}?)\s?:?",
    re.I,
)
#: The end of such a line, whose name is a link before it.
_UNSAID = re.compile(rf"{_VERB}{_WHEN}\s?:?", re.I)
_ENDS: Final = (":", "wrote", "viết")
_BEGINS: Final = ("originally ", "quote", "quoting ", "trích ", "nguyên văn ")
_FIRST: Final = frozenset("oOqQtTnN")
_LONGEST: Final = 110
_LONGEST_QUOTE: Final = 5_000
#: The share of a page's blocks that begin alike.
_MOST: Final = 0.8
#: Quotes in a block, and elements beside one; pages with more of them mean harm.
_ENOUGH: Final = 100
_MAY_QUOTE = etree.XPath("descendant::*[self::blockquote or contains(@class, 'uote')]")
_LETTERS = re.compile(r"[^\W\d_]{2}")


@dataclass(slots=True)
class Cited:
    """The quotes of one block: their elements with whom each is from, and the lines that say so."""

    quotes: dict[Any, str] = field(default_factory=dict)
    lines: set[str] = field(default_factory=set)
    #: The elements of the lines.
    heads: set[Any] = field(default_factory=set)
    #: Quotes by their markup.
    marked: list[Any] = field(default_factory=list)

    def without(self, said: Said) -> Said:
        """What a block says without its quotes and the lines above them."""
        if not self.quotes and not self.heads and not self.marked:
            return said
        inside = {one for above in (*self.quotes, *self.heads, *self.marked) for one in above.iter()}
        return {element: texts for element, texts in said.items() if element not in inside}


@dataclass(slots=True)
class _Line:
    at: int
    text: str
    who: str
    #: The element that is the line and nothing else; ``None`` where it stands among others' words.
    head: Any
    around: Any
    #: What stands below: an element, or nothing where it is bare words.
    below: Any
    first: bool
    #: The element that names the quoted, or the one around.
    naming: Any = None
    #: Whether nothing else is said above it in the block.
    leads: bool = False


def cited_blocks(items: list[Item], said: list[Said], *, marked: bool = True) -> list[Cited]:
    """The quotes of every block that a line above them tells; ``marked``: there may be quotes by markup, too."""
    found = [Cited(marked=_marked(item, block) if marked else []) for item, block in zip(items, said, strict=True)]
    lines = [line for at, item in enumerate(items) for line in _lines(at, item, said[at])]
    heads = sum(line.leads for line in lines)
    if len(items) > 1 and heads >= len(items) * _MOST:
        # They say who wrote the posts themselves.
        lines = [line for line in lines if not line.leads]
    if not lines:
        return found
    told = Counter(look(line.around) for line in lines if line.first)
    looks = {look(line.around) for line in lines}
    total: Counter[Key] = Counter(key for block in said for element in block if (key := look(element)) in looks)
    for line in lines:
        item, cited = items[line.at], found[line.at]
        if any(line.around in quote.iterancestors() or quote is line.around for quote in cited.quotes):
            continue
        if any(quote in line.around.iterancestors() for quote in cited.quotes):
            continue
        alike = told[look(line.around)] == total[look(line.around)]
        quote = _quote(line, item, alike=alike)
        if line.naming is not line.around:
            cited.heads.add(line.naming)
        if quote is None or is_longer(quote, _LONGEST_QUOTE):
            continue
        cited.quotes[quote] = line.who
        cited.lines.add(line.text)
    return found


def _lines(at: int, item: Item, said: Said) -> list[_Line]:
    found: list[_Line] = []
    spoken = False
    dated = {anchor.element for anchor in item.anchors[:1]}
    for element, texts in said.items():
        if len(found) >= _ENOUGH:
            break
        for text in texts:
            if len(text) <= _LONGEST and (
                text.endswith(_ENDS) or (text[0] in _FIRST and text[:12].lower().startswith(_BEGINS))
            ):
                line = _line(at, element, text)
                # Beside a post's date it says who wrote the post itself.
                if line is not None and not _is_dated(line, dated):
                    line.leads = not spoken
                    found.append(line)
            spoken = spoken or (element not in dated and _LETTERS.search(text) is not None)
    return found


def _marked(item: Item, said: Said) -> list[Any]:
    may_quote: Any = _MAY_QUOTE
    return [
        element
        for node in item.nodes
        for element in may_quote(node)[:_ENOUGH]
        if element in said and is_quote(element) and _more_around(element, item)
    ]


def _is_dated(line: _Line, dated: set[Any]) -> bool:
    if line.head is None:
        return line.around in dated
    return any(one in dated for one in line.head.iter())


def _line(at: int, element: Any, text: str) -> _Line | None:
    """The line that a piece of text is, or is the end of: «<b>Lan</b> đã viết:»."""
    whole = "" if is_longer(element, _LONGEST) else one_line(element)
    if _LINE.fullmatch(whole) is not None:
        text = whole
    head = element if whole == text else None
    where = element
    if head is None and (before := _child_before(element, text)) is not None:
        named = f"{one_line(before)} {text}" if _UNSAID.fullmatch(text) or _LINE.fullmatch(text) is None else text
        text, where = named, before
        head = element if one_line(element) == text else None
    found = _LINE.fullmatch(text)
    if found is None:
        return None
    who = str(found["who"] or found["bare"] or found["whom"]).strip(' "“”„«»')
    if len(who.split()) > 5 or not who:
        return None
    if head is not None:
        while (above := head.getparent()) is not None and not is_longer(above, len(text)) and above.tag != "body":
            head = above
        around, below, blank = head.getparent(), head.getnext(), not (head.tail or "").strip()
        first = head.getprevious() is None and not (around is None or (around.text or "").strip())
    elif where is element:
        around, below, blank = element, next(iter(element), None), True
        first = True
    else:
        around, below, blank = element, where.getnext(), True
        first = where.getprevious() is None and not (element.text or "").strip()
    if around is None:
        return None
    while blank and below is not None and below.tag == "br":
        blank, below = not (below.tail or "").strip(), below.getnext()
    return _Line(at, text, who, head, around, below if blank else None, first, naming=where if head is None else head)


def _child_before(element: Any, text: str) -> Any:
    """The child after which a piece of text stands; ``None`` where it stands first."""
    return next(
        (child for child in element.iterchildren("*") if child.tail and " ".join(child.tail.split()) == text),
        None,
    )


def _quote(line: _Line, item: Item, *, alike: bool) -> Any:
    """The element that holds what the line says somebody wrote."""
    around, below = line.around, line.below
    whole = around in item.nodes
    if not whole and is_quote(around) and _more_around(around, item):
        return around
    within = line.first and not whole and around.tag in QUOTE_TAGS
    if below is not None and isinstance(below.tag, str) and below.tag in QUOTE_TAGS:
        if within and alike and not (below.tail or "").strip() and _goes_on_alike(below) and _more_around(around, item):
            return _outermost(around, item)
        return below
    return _outermost(around, item) if within and alike and _more_around(around, item) else None


def _goes_on_alike(below: Any) -> bool:
    after = below.getnext()
    return after is not None and isinstance(after.tag, str) and look(after) == look(below)


def _more_around(element: Any, item: Item) -> bool:
    """Whether words that are no links stand beside an element: the answer to the quote that it holds."""
    while element not in item.nodes:
        above = element.getparent()
        if above is None:
            return False
        if _LETTERS.search(element.tail or ""):
            return True
        for after in islice(element.itersiblings(), _ENOUGH):
            if isinstance(after.tag, str) and after.tag not in ("a", "ul", "button"):
                if _LETTERS.search(one_line(after)) and next(after.iter("a"), None) is None:
                    return True
                if _LETTERS.search(after.tail or ""):
                    return True
        if is_longer(above, len(one_line(element)) + 1):
            return False
        element = above
    return False


def _outermost(element: Any, item: Item) -> Any:
    """An element, or those around it that hold nothing else."""
    size = len(one_line(element))
    while (above := element.getparent()) is not None and above not in item.nodes and above.tag in QUOTE_TAGS:
        if is_longer(above, size):
            break
        element = above
    return element
