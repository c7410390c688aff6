"""Selecting by class within the pieces of a page, in one pass for all pieces and all selectors that are asked of it.

A post is asked a dozen selectors, and XPath walks the post's elements anew for each of them. Here the page is walked once and
sorted by class and tag; a selector is answered once for the whole page, and of a post with the stretch of the answer that lies
in it. Selectors with more than tags, classes, ids, attributes and the space between them are left to XPath.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, cast

from lxml.cssselect import CSSSelector

from crawler.engines.sorted_page import Found, SortedPage, last_page, names_in, sort_page

Select = Callable[[Any], list[Any]]

_PART = re.compile(
    r"(?P<tag>^[a-zA-Z][\w-]*|^\*)"
    r"|\.(?P<name>[\w-]+)"
    r"|#(?P<id>[\w-]+)"
    r"|\[(?P<attribute>[\w-]+)(?:(?P<how>[~^$*]?=)(?:'(?P<one>[^'\\]*)'|\"(?P<two>[^\"\\]*)\"|(?P<bare>[\w-]+)))?\]"
)
_TESTS: dict[str, Callable[[str, str], bool]] = {
    "=": lambda value, said: value == said,
    "~=": lambda value, said: said in value.split(),
    "^=": lambda value, said: value.startswith(said),
    "$=": lambda value, said: value.endswith(said),
    "*=": lambda value, said: said in value,
}


@dataclass(frozen=True, slots=True)
class _Step:
    """One element of a selector: its tag, its classes, and what its attributes must say."""

    tag: str | None
    classes: tuple[str, ...]
    classes_set: frozenset[str]
    attributes: tuple[tuple[str, Callable[[str, str], bool] | None, str], ...]

    def fits(self, element: Any, class_of: dict[Any, str]) -> bool:
        if self.tag is not None and element.tag != self.tag:
            return False
        if self.classes and not self.classes_set <= names_in(class_of.get(element, "")):
            return False
        for attribute, test, said in self.attributes:
            value = element.get(attribute)
            if value is None or (test is not None and not test(value, said)):
                return False
        return True


_NOWHERE: Final[Found] = ([], None)


def _page_of(node: Any) -> SortedPage | None:
    """The page in which ``node`` stands; ``None`` for a whole page not sorted, of which XPath in C is asked instead."""
    page = last_page()
    if page is None or node not in page.place:
        if node.getparent() is None:
            return None
        page = sort_page(node.getroottree().getroot())
    return page


class Selector:
    """What a selector finds in and below an element, in the page's order: as :class:`lxml.cssselect.CSSSelector` does."""

    __slots__ = ("_css", "_made", "_ways")

    def __init__(self, css: str) -> None:
        self._css = css
        self._made: Select | None = None
        ways = [_Way.of(part.strip()) for part in css.split(",")]
        self._ways: list[_Way] | None = [way for way in ways if way is not None]
        if len(self._ways) < len(ways):
            self._ways = None

    def __call__(self, node: Any) -> list[Any]:
        page = None if self._ways is None else _page_of(node)
        if page is None:
            return self._xpath(node)
        places, reach = page.found.get(self._css) or self._find(page)
        if not places:
            return []
        elements, begin = page.elements, page.place[node]
        low = bisect_left(places, begin)
        high = bisect_left(places, page.end(node), low)
        if reach is None:
            return [elements[place] for place in places[low:high]]
        return [elements[places[at]] for at in range(low, high) if reach[at] >= begin]

    def first(self, node: Any) -> Any:
        """The first of the elements found, or ``None``."""
        page = None if self._ways is None else _page_of(node)
        if page is None:
            return next(iter(self._xpath(node)), None)
        places, reach = page.found.get(self._css) or self._find(page)
        if not places or places[-1] < (begin := page.place[node]):
            return None
        low = bisect_left(places, begin)
        if reach is None:
            return page.elements[places[low]] if places[low] < page.end(node) else None
        end = page.end(node)
        for at in range(low, len(places)):
            if places[at] >= end:
                break
            if reach[at] >= begin:
                return page.elements[places[at]]
        return None

    def _xpath(self, node: Any) -> list[Any]:
        if self._made is None:
            self._made = cast("Select", CSSSelector(self._css, translator="html"))
        return self._made(node)

    def _find(self, page: SortedPage) -> Found:
        ways = self._ways or []
        if len(ways) == 1:
            found = ways[0].find(page)
        else:
            furthest: dict[int, int] = {}
            for places, reach in [way.find(page) for way in ways]:
                for place, up in zip(places, places if reach is None else reach, strict=True):
                    furthest[place] = max(up, furthest.get(place, -1))
            order = sorted(furthest)
            found = order, [furthest[place] for place in order]
        page.found[self._css] = found
        return found


@cache
def selector(css: str) -> Selector:
    """The selector of that text, made once."""
    return Selector(css)


@dataclass(frozen=True, slots=True)
class _Way:
    """A selector without commas: what it selects, and what must stand above, the nearest first."""

    last: _Step
    above: tuple[_Step, ...]

    @classmethod
    def of(cls, css: str) -> _Way | None:
        """The selector taken apart, or ``None`` where it holds more than is known here."""
        steps = _steps(css)
        return None if steps is None else cls(steps[-1], steps[:-1][::-1])

    def find(self, page: SortedPage) -> Found:
        """Where it finds something on a page."""
        for step in self.above:
            if step.classes and not page.of_class(step.classes[0]):
                return _NOWHERE
        places = self._candidates(page)
        if not self.above or not places:
            return places, None
        kept: list[int] = []
        reach: list[int] = []
        for place in places:
            up = _reach(page, page.elements[place], self.above)
            if up >= 0:
                kept.append(place)
                reach.append(up)
        return kept, reach

    def _candidates(self, page: SortedPage) -> list[int]:
        last, elements = self.last, page.elements
        certain = len(last.classes) + len(last.attributes) + (last.tag is not None) == 1
        if last.classes:
            places = page.of_class(last.classes[0])
        elif last.tag is not None:
            places = page.of_tag(last.tag)
        elif last.attributes:
            places, certain = page.with_attribute(last.attributes[0][0]), certain and last.attributes[0][1] is None
        else:
            return list(range(len(elements)))
        if self.above and self.above[0].classes:
            places = _within(page, places, page.of_class(self.above[0].classes[0]))
        return places if certain else [place for place in places if last.fits(elements[place], page.class_of)]


def _within(page: SortedPage, places: list[int], outer: list[int]) -> list[int]:
    """Those of the places that lie in one of the outer elements."""
    found: list[int] = []
    end = low = 0
    for place in outer:
        if place >= end:
            end = page.end(page.elements[place])
            low = bisect_left(places, place, low)
            high = bisect_left(places, end, low)
            found += places[low:high]
            low = high
    return found


def _reach(page: SortedPage, element: Any, above: tuple[_Step, ...]) -> int:
    """Where the outermost of the ancestors stands that fit the steps, the nearest first; -1 where none do."""
    for step in above:
        while True:
            if element is page.root:
                return -1
            element = element.getparent()
            if step.fits(element, page.class_of):
                break
    return page.place[element]


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
    tag, place = None, 0
    classes: list[str] = []
    attributes: list[tuple[str, Callable[[str, str], bool] | None, str]] = []
    while place < len(compound):
        found = _PART.match(compound, place)
        if found is None:
            return None
        place = found.end()
        if found["tag"]:
            tag = None if found["tag"] == "*" else found["tag"].lower()
        elif found["name"]:
            classes.append(found["name"])
        elif found["id"]:
            attributes.append(("id", _TESTS["="], found["id"]))
        else:
            said = next((found[name] for name in ("one", "two", "bare") if found[name] is not None), "")
            if found["how"] and not said:
                return None
            attributes.append((found["attribute"].lower(), _TESTS.get(found["how"] or ""), said))
    return _Step(tag, tuple(classes), frozenset(classes), tuple(attributes))
