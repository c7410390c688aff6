"""Selecting by class within the pieces of a page, in one pass for all selectors that are asked of it.

A post is asked a dozen selectors. XPath walks the post's elements anew for each of them; here the page is walked once and
sorted by class and tag, and a selector looks only at the elements of its post that bear its last class. Selectors with more
than tags, classes, attributes and the space between them are left to XPath.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from typing import Any, cast

from lxml.cssselect import CSSSelector

Select = Callable[[Any], list[Any]]

_PART = re.compile(
    r"(?P<tag>^[a-zA-Z][\w-]*|^\*)"
    r"|\.(?P<name>[\w-]+)"
    r"|\[(?P<attribute>[\w-]+)(?:(?P<how>[~^$*]?=)(?:'(?P<one>[^'\\]*)'|\"(?P<two>[^\"\\]*)\"|(?P<bare>[\w-]+)))?\]"
)
_TESTS: dict[str, Callable[[str, str], bool]] = {
    "=": lambda value, said: value == said,
    "~=": lambda value, said: said in value.split(),
    "^=": lambda value, said: value.startswith(said),
    "$=": lambda value, said: value.endswith(said),
    "*=": lambda value, said: said in value,
}


@lru_cache(maxsize=10_000)
def _names(classes: str) -> frozenset[str]:
    """The names in a class attribute; few differ on the pages of one forum."""
    return frozenset(classes.split())


@dataclass(frozen=True, slots=True)
class _Step:
    """One element of a selector: its tag, its classes, and what its attributes must say."""

    tag: str | None
    classes: tuple[str, ...]
    classes_set: frozenset[str]
    attributes: tuple[tuple[str, Callable[[str, str], bool] | None, str], ...]

    def fits(self, element: Any) -> bool:
        if self.tag is not None and element.tag != self.tag:
            return False
        if self.classes and not self.classes_set <= _names(element.get("class") or ""):
            return False
        for attribute, test, said in self.attributes:
            value = element.get(attribute)
            if value is None or (test is not None and not test(value, said)):
                return False
        return True


class _Sorted:
    """The elements of a page by class and by tag, each as places in the page's order; those below an element are a stretch of it.

    They are sorted by what their class attributes say, of which there are few; by a single name or tag when it is asked.
    """

    __slots__ = ("by_class", "by_classes", "by_tag", "elements", "pieces", "place", "root")

    def __init__(self, root: Any) -> None:
        self.root = root
        # Held, so that lxml need not make the Python objects of the same elements again and again.
        self.elements: list[Any] = list(root.iter("*"))
        self.place: dict[Any, int] = {element: place for place, element in enumerate(self.elements)}
        self.pieces: dict[Any, tuple[int, int]] = {root: (0, len(self.elements))}
        self.by_classes: defaultdict[str, list[int]] = defaultdict(list)
        for place, element in enumerate(self.elements):
            if classes := element.get("class"):
                self.by_classes[classes].append(place)
        self.by_class: dict[str, list[int]] = {}
        self.by_tag: dict[str, list[int]] = {}

    def of_class(self, name: str) -> list[int]:
        """Where elements of a class stand."""
        found = self.by_class.get(name)
        if found is None:
            kinds = [places for classes, places in self.by_classes.items() if name in _names(classes)]
            found = kinds[0] if len(kinds) == 1 else sorted(chain.from_iterable(kinds))
            self.by_class[name] = found
        return found

    def of_tag(self, tag: str) -> list[int]:
        """Where elements of a tag stand."""
        found = self.by_tag.get(tag)
        if found is None:
            found = self.by_tag[tag] = [self.place[element] for element in self.root.iter(tag)]
        return found

    def piece(self, node: Any) -> tuple[int, int]:
        """Where the elements in and below ``node`` begin and end."""
        found = self.pieces.get(node)
        if found is None:
            last = node
            while (child := next(last.iterchildren("*", reversed=True), None)) is not None:
                last = child
            found = self.pieces[node] = (self.place[node], self.place[last] + 1)
        return found

    def candidates(self, step: _Step, begin: int, end: int) -> list[Any]:
        elements = self.elements
        if step.classes:
            places = self.of_class(step.classes[0])
        elif step.tag is not None:
            places = self.of_tag(step.tag)
        else:
            return elements[begin:end]
        if not places or places[-1] < begin:
            return []
        low = bisect_left(places, begin)
        return [elements[place] for place in places[low : bisect_left(places, end, low)]]


#: The page asked last.
_last: _Sorted | None = None


def sort_page(root: Any) -> _Sorted:
    """Sort the elements of a page of which much will be asked; otherwise it is done when a piece of it is first asked."""
    global _last  # noqa: PLW0603
    page = _last
    if page is None or page.root is not root:
        page = _last = _Sorted(root)
    return page


def _page_of(node: Any) -> _Sorted | None:
    """The page in which ``node`` stands; ``None`` for a whole page not sorted, of which XPath in C is asked instead."""
    page = _last
    if page is None or node not in page.place:
        if node.getparent() is None:
            return None
        page = sort_page(node.getroottree().getroot())
    return page


@cache
def selector(css: str) -> Select:
    """What ``css`` selects in and below an element, in the page's order: as :class:`lxml.cssselect.CSSSelector` does."""
    by_xpath = cast("Select", CSSSelector(css, translator="html"))
    ways = [_Way.of(part.strip()) for part in css.split(",")]
    known = [way for way in ways if way is not None]
    if len(known) < len(ways):
        return by_xpath
    only = known[0] if len(known) == 1 else None

    def select(node: Any) -> list[Any]:
        page = _page_of(node)
        if page is None:
            return by_xpath(node)
        begin, end = page.piece(node)
        if only is not None:
            return only.select(page, node, begin, end)
        found = {element for way in known for element in way.select(page, node, begin, end)}
        return sorted(found, key=page.place.__getitem__)

    return select


@dataclass(frozen=True, slots=True)
class _Way:
    """A selector without commas: what it selects, and what must stand above, the nearest first."""

    last: _Step
    above: tuple[_Step, ...]
    plain: bool

    @classmethod
    def of(cls, css: str) -> _Way | None:
        """The selector taken apart, or ``None`` where it holds more than is known here."""
        steps = _steps(css)
        if steps is None:
            return None
        last = steps[-1]
        return cls(last, steps[:-1][::-1], len(last.classes) == 1 and last.tag is None and not last.attributes)

    def select(self, page: _Sorted, node: Any, begin: int, end: int) -> list[Any]:
        for step in self.above:
            if step.classes and not page.of_class(step.classes[0]):
                return []
        found = page.candidates(self.last, begin, end)
        if not self.plain:
            found = [element for element in found if self.last.fits(element)]
        return [element for element in found if _stands_below(element, self.above, node)] if self.above else found


def _stands_below(element: Any, above: tuple[_Step, ...], top: Any) -> bool:
    """Whether ancestors of ``element``, up to ``top``, fit the steps, the nearest first."""
    for step in above:
        while True:
            if element is top:
                return False
            element = element.getparent()
            if step.fits(element):
                break
    return True


def _steps(css: str) -> tuple[_Step, ...] | None:
    """The selector taken apart, or ``None`` where it holds more than is known here."""
    if re.search(r"\[[^\]]*\s[^\]]*\]", css):
        return None
    steps = []
    for compound in css.split():
        step = _step(compound)
        if step is None:
            return None
        steps.append(step)
    return tuple(steps) or None


def _step(compound: str) -> _Step | None:
    tag, classes, attributes, place = None, [], [], 0
    while place < len(compound):
        found = _PART.match(compound, place)
        if found is None:
            return None
        place = found.end()
        if found["tag"]:
            tag = None if found["tag"] == "*" else found["tag"].lower()
        elif found["name"]:
            classes.append(found["name"])
        else:
            said = next((found[name] for name in ("one", "two", "bare") if found[name] is not None), "")
            if found["how"] and not said:
                return None
            attributes.append((found["attribute"].lower(), _TESTS.get(found["how"] or ""), said))
    return _Step(tag, tuple(classes), frozenset(classes), tuple(attributes))
