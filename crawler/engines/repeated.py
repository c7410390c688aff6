"""The repeated block of an unknown page: which elements hold one post each.

A post carries a date and words; the posts of a page look alike. So every date on the page votes for each of the elements
around it, elements are grouped by how they look (tag and class, or tag and depth where there is no class), and the group
wins whose members hold the most words, each with few dates. One pass over the page, linear in its size. The idea of
records as repeated siblings follows Liu, Grossman and Zhai, "Mining data records in Web pages" (KDD 2003).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from crawler.dates import Clock, looks_like_date
from crawler.engines.bare import are_days, is_bare
from crawler.engines.looks import Key, keys, without_numbers
from crawler.engines.sorted_page import classes_of, sort_page
from crawler.engines.text import SILENT, asks_for_words

_LAST_OF_DAY: Final = frozenset("0123456789)")
_ENOUGH_DATES: Final = 100_000
_HIGHEST: Final = 30
_LONG: Final = 6_000
_LONG_TEXT: Final = 400
_POST_WORDS = re.compile(r"post|comment|message|reply|answer|beitrag|msg|respon|entry|review|thread", re.I)
_SIDE_WORDS = re.compile(
    r"side-?bar|widget|footer|related|recent|latest|similar|suggest|recommend|menu|quote|breadcrumb|signature", re.I
)
_JOINED = re.compile(
    r"join|registr|member since|registered|tham gia|gia nhập|ngày gia nhập|dabei seit|mitglied seit|"
    r"last (?:seen|visit|active|login)|edited|"
    r"sửa lần cuối|chỉnh sửa|bearbeitet|geändert|inscrit|last post|updated|location|birthday",
    re.I,
)
#: Elements whose ``title`` may be a date, and so may that of any element that a site has invented («neo-time»).
_TITLED: Final = frozenset(
    ("abbr", "span", "li", "a", "div", "b", "i", "em", "small", "font", "p", "td", "label", "strong")
)
#: Headings that begin a post whose date follows them.
_NAMED_ABOVE: Final = frozenset(("h3", "h4", "h5", "h6"))
#: What may stand before a date and tell who wrote, and what a page's foot is made of.
_SHORT: Final = frozenset(("b", "strong", "a", "span", "i", "em", "cite", "font", "hr", "img", "small", "dt"))
_FOOT: Final = frozenset(("div", "footer", "nav", "aside", "section", "form", "table", "center", "header"))
_CERTAIN = re.compile(r"\d{4}|\d:\d\d")
_NOT_TEXT: Final = SILENT - {"nav", "button"}


@dataclass(slots=True)
class Anchor:
    """A date on the page: the element that bears it, and the words of it (``None``: an attribute tells)."""

    element: Any
    words: str | None


@dataclass(slots=True)
class Item:
    """One repeated block: its elements, without the blocks nested in it."""

    nodes: list[Any]
    exclude: set[Any] = field(default_factory=set)
    anchors: list[Anchor] = field(default_factory=list)
    _elements: list[Any] = field(default_factory=list, init=False, repr=False, compare=False)
    _short_words: list[str] | None = field(default=None, init=False, repr=False, compare=False)

    def elements(self) -> list[Any]:
        """Every element of the block in the page's order, silent and nested ones left out; gathered once."""
        if not self._elements:
            self._elements = list(self._gathered())
        return self._elements

    def short_words(self) -> list[str]:
        """The words of the block's elements that stand alone in them and are few; gathered once."""
        if self._short_words is None:
            self._short_words = []
            for element in self.elements():
                text = element.text
                if (
                    text
                    and len(text) < 60
                    and not len(element)
                    and (plain := " ".join(text.split()))
                    and len(plain) < 40
                ):
                    self._short_words.append(plain)
        return self._short_words

    def _gathered(self) -> Iterator[Any]:
        for node in self.nodes:
            page = sort_page(node.getroottree().getroot())
            here, end = page.place[node], page.end(node)
            while here < end:
                element = page.elements[here]
                if element.tag in _NOT_TEXT or element in self.exclude:
                    here = page.end(element)
                else:
                    yield element
                    here += 1


class Layout:
    """One pass over a page: for each element its words, those of them that are links, and where it ends."""

    def __init__(self, root: Any, clock: Clock) -> None:
        self.elements: list[Any] = []
        self.parent: list[int] = []
        self.depth: list[int] = []
        self.words: list[int] = []
        self.end: list[int] = []
        self.anchors: list[tuple[int, Anchor]] = []
        self.index: dict[Any, int] = {}
        self._clock = clock
        self._bare: list[tuple[int, Anchor]] = []
        self._walk(root)
        if len(self.anchors) * 2 < len(self._bare) and are_days([anchor.words or "" for _, anchor in self._bare]):
            self.anchors = sorted([*self.anchors, *self._bare], key=lambda pair: pair[0])

    def _walk(self, root: Any) -> None:
        index, elements, parent, words, depth = self.index, self.elements, self.parent, self.words, self.depth
        linked: list[bool] = []
        text_at = self._text
        page = sort_page(root.getroottree().getroot())
        tags, texts, tails, around = page.said
        titled = frozenset(page.with_attribute("title"))
        first = page.place[root]
        last = page.end(root)
        # For each element of the page its number here, -1 for those left out.
        numbers = [-1] * (last - first)
        said = zip(
            page.elements[first:last],
            tags[first:last],
            texts[first:last],
            tails[first:last],
            around[first:last],
            strict=True,
        )
        for place, (element, tag, text, tail, outer) in enumerate(said, first):
            above = -1
            if place > first:
                above = numbers[outer - first]
                if above < 0:
                    continue
                if tail and (not tail.isspace() or len(tail) >= _LONG_TEXT):
                    text_at(above, tail, linked[above])
            if tag in _NOT_TEXT or (tag == "form" and asks_for_words(element)):
                continue
            here = numbers[place - first] = index[element] = len(elements)
            elements.append(element)
            parent.append(above)
            depth.append(depth[above] + 1 if above >= 0 else 0)
            words.append(0)
            linked.append(tag == "a" or (above >= 0 and linked[above]))
            if tag == "time" or (place in titled and (tag in _TITLED or "-" in tag) and _dated_title(element)):
                self._anchor(here, None)
            if text and (not text.isspace() or len(text) >= _LONG_TEXT):
                text_at(here, text, linked[here])
        self.end = list(range(1, len(elements) + 1))
        end = self.end
        for here in range(len(elements) - 1, 0, -1):
            above = parent[here]
            words[above] += words[here]
            if end[here] > end[above]:
                end[above] = end[here]
        self.anchors.sort(key=lambda pair: pair[0])

    def _text(self, here: int, text: str, linked: bool) -> None:
        size = len(text)
        if size < _LONG_TEXT:
            if size < 3:
                return
            plain = text.strip()
            size = len(plain)
            if (
                size <= 80
                and looks_like_date(plain)
                and not (size > 45 and plain[-1] in ".!?…")
                and self._is_date(plain)
            ):
                if not self.anchors or self.anchors[-1][0] != here:
                    self._anchor(here, plain)
                return
            if size < 8 and plain[-1] in _LAST_OF_DAY and is_bare(plain) and len(self._bare) < _ENOUGH_DATES:
                self._bare.append((here, Anchor(self.elements[here], plain)))
        if not linked:
            self.words[here] += size

    def _is_date(self, plain: str) -> bool:
        return self._clock.read(plain) is not None

    def _anchor(self, here: int, words: str | None) -> None:
        if len(self.anchors) < _ENOUGH_DATES and not self._of_the_author(here, words):
            self.anchors.append((here, Anchor(self.elements[here], words)))

    def _of_the_author(self, here: int, words: str | None) -> bool:
        """Whether a date tells when somebody joined, or a post was changed, and not when it was written."""
        element = self.elements[here]
        near = [words or "", element.get("class") or ""]
        if words and len(element) < 4:
            near += [child.tail or "" for child in element]
        before = element.getprevious()
        above = self.parent[here]
        if before is not None and isinstance(before.tag, str):
            near.append((before.tail or "").strip() or ("".join(before.itertext())[-40:] if len(before) < 3 else ""))
        elif above >= 0:
            near.append(self.elements[above].text or "")
            outer = self.elements[above].getprevious()
            if outer is not None and isinstance(outer.tag, str) and len(outer) < 3:
                near.append("".join(outer.itertext())[-40:])
        if above >= 0:
            near.append(self.elements[above].get("class") or "")
        return any(_JOINED.search(text[-60:]) for text in near if text)


def _dated_title(element: Any) -> bool:
    title = element.get("title")
    return (
        0 < len(title) <= 60
        and any(c.isdigit() for c in title)
        and looks_like_date(title)
        and bool(_CERTAIN.search(title))
    )


def find_items(layout: Layout) -> list[Item]:
    """The page's repeated blocks with words and dates, in order; empty where nothing repeats."""
    owners: dict[Key, dict[int, list[Anchor]]] = defaultdict(dict)
    rows: dict[int, dict[int, list[Anchor]]] = defaultdict(dict)
    looks: dict[int, list[Key]] = {}
    for here, anchor in layout.anchors:
        seen: set[Key] = set()
        for _ in range(_HIGHEST):
            above = layout.parent[here]
            if above < 0:
                break
            if here not in looks:
                looks[here] = keys(layout.elements[here], layout.depth[here])
            for key in looks[here]:
                if key not in seen:
                    seen.add(key)
                    owners[key].setdefault(here, []).append(anchor)
            rows[above].setdefault(here, []).append(anchor)
            here = above
    best, found = 0.0, None
    for key, members in owners.items():
        score = _score(layout, key, members) if len(members) > 1 else 0.0
        # Of two that hold the same words the outer one is the post: its author may stand beside the words, as a link.
        if score and score >= best:
            best, found = score, members
    split = _split_rows(layout, rows, best)
    if split:
        return split
    return _items(layout, found) if found else []


def _own_words(layout: Layout, members: list[int]) -> dict[int, int]:
    """The words of each member without those of the members nested in it."""
    own: dict[int, int] = {}
    stack: list[int] = []
    for here in sorted(members):
        while stack and layout.end[stack[-1]] <= here:
            stack.pop()
        own[here] = layout.words[here]
        if stack:
            own[stack[-1]] -= layout.words[here]
        stack.append(here)
    return own


def _worth(words: int, dates: int) -> float:
    return float((max(0, min(words, _LONG)) / max(1, dates)) ** 0.75)


def _score(layout: Layout, key: Key, members: dict[int, list[Anchor]]) -> float:
    own = _own_words(layout, list(members))
    score = sum(_worth(words, len(members[here])) for here, words in own.items())
    if sum(words < 3 for words in own.values()) > len(own) * 0.6:
        score *= 0.3
    score *= _likeness(layout, list(members))
    if _SIDE_WORDS.search(key[1]):
        score *= 0.3
    elif _POST_WORDS.search(key[1]):
        score *= 1.15
    return score


def _likeness(layout: Layout, members: list[int]) -> float:
    """How much the members look alike: posts stand at one depth, or nested ones bear the same classes."""
    depths = Counter(layout.depth[here] for here in members)
    looks = Counter(without_numbers(classes_of(layout.elements[here])) for here in members)
    most = max(depths.most_common(1)[0][1], looks.most_common(1)[0][1])
    return most / len(members)


def _items(layout: Layout, members: dict[int, list[Anchor]]) -> list[Item]:
    order = sorted(members)
    items = {here: Item([layout.elements[here]], set(), members[here]) for here in order}
    stack: list[int] = []
    for here in order:
        while stack and layout.end[stack[-1]] <= here:
            stack.pop()
        if stack:
            items[stack[-1]].exclude.add(layout.elements[here])
        stack.append(here)
    return [items[here] for here in order]


def _split_rows(layout: Layout, rows: dict[int, dict[int, list[Anchor]]], best: float) -> list[Item] | None:
    """Posts that are runs of siblings (a row with name and date, a row with the words) under one element."""
    found: tuple[float, int, list[list[int]]] | None = None
    for above, dated in rows.items():
        if len(dated) < 2 or sum(layout.words[here] for here in dated) > layout.words[above] * 0.5:
            continue
        runs = _runs(layout, above, sorted(dated))
        if not runs or not _words_elsewhere(layout, runs, dated):
            continue
        score = sum(
            _worth(sum(layout.words[one] for one in run), sum(len(dated.get(one, ())) for one in run)) for run in runs
        )
        if score > best * 1.3 and (found is None or score > found[0]):
            found = (score, above, runs)
    if found is None:
        return None
    dated = rows[found[1]]
    return [
        Item([layout.elements[one] for one in run], set(), [anchor for one in run for anchor in dated.get(one, ())])
        for run in found[2]
    ]


def _words_elsewhere(layout: Layout, runs: list[list[int]], dated: dict[int, list[Anchor]]) -> bool:
    """Whether in most runs the words stand in other siblings than the date does."""
    shares = sorted(
        sum(layout.words[one] for one in run if one in dated) / max(1, sum(layout.words[one] for one in run))
        for run in runs
    )
    return shares[len(shares) // 2] < 0.35


def _runs(layout: Layout, above: int, dated: list[int]) -> list[list[int]]:
    children = [index for child in layout.elements[above] if (index := layout.index.get(child)) is not None]
    position = {here: at for at, here in enumerate(children)}
    starts = [position[here] for here in dated if here in position]
    if len(starts) < 2:
        return []
    back = _same_before(layout, children, starts)
    starts = [start - back for start in starts]
    lead = sum(layout.words[one] for one in children[: starts[0]])
    tail = sum(layout.words[one] for one in children[starts[-1] + 1 :])
    words_first = lead > tail and lead > 40 and tail < 40
    edges = [0, *(start + 1 for start in starts)] if words_first else [*starts, len(children)]
    runs = [children[one:two] for one, two in pairwise(edges) if two > one]
    return runs if words_first else _without_foot(layout, runs)


def _look(element: Any) -> Key:
    return (element.tag, without_numbers(classes_of(element)))


def _same_before(layout: Layout, children: list[int], starts: list[int]) -> int:
    """How many elements before a date belong to its post: a heading, or short ones that stand before each of the dates alike."""
    for back in range(1, 4):
        if starts[0] < back:
            return back - 1
        before = [layout.elements[children[start - back]] for start in starts]
        if any(_look(one) != _look(before[0]) for one in before):
            return back - 1
        short = sum(layout.words[children[start - back]] < 60 for start in starts)
        if before[0].tag not in _NAMED_ABOVE and (before[0].tag not in _SHORT or short < len(starts)):
            return back - 1
    return 3


def _without_foot(layout: Layout, runs: list[list[int]]) -> list[list[int]]:
    """The last post ends where the page's foot begins: a block like none in the posts before it."""
    if len(runs) < 2:
        return runs
    looks = {_look(layout.elements[one]) for run in runs[:-1] for one in run}
    last = runs[-1]
    foot = next(
        (
            at
            for at, one in enumerate(last)
            if layout.elements[one].tag in _FOOT and _look(layout.elements[one]) not in looks
        ),
        len(last),
    )
    return [*runs[:-1], last[:foot]] if foot else runs
