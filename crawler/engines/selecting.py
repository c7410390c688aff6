"""Selecting by class within a small piece of a page, in one pass for all selectors that are asked of it.

A post is asked a dozen selectors. XPath walks the post's elements anew for each of them; here they are walked once and
sorted by class and tag, and a selector looks only at the elements that bear its last class. Selectors with more than tags,
classes, attributes and the space between them are left to XPath.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
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
    """The elements of one piece of a page by class and by tag, each list in the page's order."""

    __slots__ = ("by_class", "by_tag", "elements")

    def __init__(self, node: Any) -> None:
        self.elements: list[Any] = list(node.iter("*"))
        by_class: defaultdict[str, list[Any]] = defaultdict(list)
        by_tag: defaultdict[str, list[Any]] = defaultdict(list)
        for element in self.elements:
            by_tag[element.tag].append(element)
            classes = element.get("class")
            if classes:
                for name in _names(classes):
                    by_class[name].append(element)
        self.by_class, self.by_tag = by_class, by_tag

    def candidates(self, step: _Step) -> list[Any]:
        if step.classes:
            return self.by_class.get(step.classes[0], [])
        return self.by_tag.get(step.tag, []) if step.tag is not None else self.elements


#: The pieces asked lately, of one page as a rule: dates are looked at before posts are read, and each post is asked much.
_lately: dict[Any, _Sorted] = {}
_MOST = 100


def _sorted(node: Any) -> _Sorted:
    found = _lately.get(node)
    if found is None:
        if len(_lately) >= _MOST:
            _lately.clear()
        found = _lately[node] = _Sorted(node)
    return found


@cache
def selector(css: str) -> Select:
    """What ``css`` selects in and below an element, in the page's order: as :class:`lxml.cssselect.CSSSelector` does."""
    by_xpath = cast("Select", CSSSelector(css, translator="html"))
    steps = _steps(css)
    if steps is None:
        return by_xpath
    last, above = steps[-1], steps[:-1][::-1]
    plain = len(last.classes) == 1 and last.tag is None and not last.attributes

    def select(node: Any) -> list[Any]:
        # A whole page is asked few selectors each; walking all of it in Python would cost more than it saves.
        if node.getparent() is None:
            return by_xpath(node)
        piece = _sorted(node)
        found = piece.candidates(last)
        if not found or any(step.classes and step.classes[0] not in piece.by_class for step in above):
            return []
        if not plain:
            found = [element for element in found if last.fits(element)]
        return [element for element in found if _stands_below(element, above, node)] if above else list(found)

    return select


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
