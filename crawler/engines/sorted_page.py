"""A page's elements in order: sorted by class, tag and attribute, with what each of them says, gathered once for all that ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import cache, lru_cache
from itertools import chain
from typing import Any, cast

from lxml import etree

#: Where the elements are that a selector finds on a page; and for each how far up the elements reach that must stand around it,
#: ``None`` where none must.
Found = tuple[list[int], list[int] | None]


@lru_cache(maxsize=10_000)
def names_in(classes: str) -> frozenset[str]:
    """The names in a class attribute; few differ on the pages of one forum."""
    return frozenset(classes.split())


@cache
def _bearing(attribute: str) -> Callable[[Any], list[Any]]:
    # Many times quicker than a condition on each element. A torn page may have elements beside its root, which nobody sorts.
    return cast("Callable[[Any], list[Any]]", etree.XPath(f"descendant-or-self::*/@{attribute}/.."))


class SortedPage:
    """The elements of a page by class and by tag, each as places in the page's order; those below an element are a stretch of it.

    They are sorted by what their class attributes say, of which there are few; by tag and attribute when one is asked.
    """

    __slots__ = (
        "_by_attribute",
        "_by_class",
        "_by_tag",
        "_ends",
        "_said",
        "class_of",
        "classes",
        "elements",
        "found",
        "place",
        "root",
    )

    def __init__(self, root: Any) -> None:
        self.root = root
        # Held, so that lxml need not make the Python objects of the same elements again and again.
        self.elements: list[Any] = list(root.iter("*"))
        self.place: dict[Any, int] = dict(zip(self.elements, range(len(self.elements)), strict=True))
        #: What selectors were found to select here.
        self.found: dict[str, Found] = {}
        self._ends: dict[Any, int] = {}
        #: What class attributes say, and where each of them stands.
        self.classes: defaultdict[str, list[int]] = defaultdict(list)
        self.class_of: dict[Any, str] = {}
        for place, element in enumerate(self.elements):
            if classes := element.get("class"):
                self.classes[classes].append(place)
                self.class_of[element] = classes
        self._by_class: defaultdict[str, list[list[int]]] = defaultdict(list)
        for classes, places in self.classes.items():
            for name in names_in(classes):
                self._by_class[name].append(places)
        self._by_tag: dict[str, list[int]] = {}
        self._by_attribute: dict[str, list[int]] = {}
        self._said: Said | None = None

    def of_class(self, name: str) -> list[int]:
        """Where elements of a class stand."""
        kinds = self._by_class.get(name)
        if kinds is None:
            return []
        if len(kinds) > 1:
            kinds[:] = [sorted(chain.from_iterable(kinds))]
        return kinds[0]

    def of_tag(self, tag: str) -> list[int]:
        """Where elements of a tag stand."""
        found = self._by_tag.get(tag)
        if found is None:
            found = self._by_tag[tag] = [self.place[element] for element in self.root.iter(tag)]
        return found

    def with_attribute(self, name: str) -> list[int]:
        """Where elements stand that bear an attribute."""
        found = self._by_attribute.get(name)
        if found is None:
            found = sorted([self.place[element] for element in _bearing(name)(self.root)])
            self._by_attribute[name] = found
        return found

    def end(self, node: Any) -> int:
        """Where the elements below ``node`` end."""
        found = self._ends.get(node)
        if found is None:
            found = self._ends[node] = self._end(node)
        return found

    def _end(self, node: Any) -> int:
        place = self.place
        while node is not self.root:
            after = node.getnext()
            while after is not None:
                if (found := place.get(after)) is not None:
                    return found
                after = after.getnext()
            node = node.getparent()
        return len(self.elements)

    @property
    def said(self) -> Said:
        """For each element its tag, the text that begins it, the text after it, and the place of the one around it (-1: none)."""
        if self._said is None:
            elements, place = self.elements, self.place
            self._said = (
                [element.tag for element in elements],
                [element.text for element in elements],
                [element.tail for element in elements],
                [place.get(element.getparent(), -1) for element in elements],
            )
        return self._said


Said = tuple[list[str], list[str | None], list[str | None], list[int]]


#: The page asked last.
_last: SortedPage | None = None


def sort_page(root: Any) -> SortedPage:
    """Sort the elements of a page of which much will be asked; otherwise it is done when a piece of it is first asked."""
    global _last  # noqa: PLW0603
    page = _last
    if page is None or page.root is not root:
        page = _last = SortedPage(root)
    return page


def last_page() -> SortedPage | None:
    """The page sorted last."""
    return _last


def classes_of(element: Any) -> str:
    """What an element's class attribute says, nothing where it has none."""
    page = _last
    if page is not None:
        if (found := page.class_of.get(element)) is not None:
            return found
        if element in page.place:
            return ""
    return element.get("class") or ""
