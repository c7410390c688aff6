"""How elements look, for finding those that repeat."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from crawler.engines.sorted_page import classes_of

Key = tuple[str, str]

_DIGITS = re.compile(r"\d+")
_DEEPEST_TREE: Final = 30


def keys(element: Any, depth: int) -> list[Key]:
    """How an element looks: its tag with each of its classes, or with its depth where it has none."""
    found = list(_keys_of_class(element.tag, classes_of(element)))
    if component := element.get("component") or element.get("itemtype"):
        found.append((element.tag, f"={component[:60]}"))
    mark = element.get("id")
    if mark and (stem := _DIGITS.sub("", mark)) != mark and stem:
        found.append((element.tag, f"#{stem[:40]}"))
    return found or [(element.tag, f"@{depth if element.tag != 'li' else _depth_of_tree(element, depth)}")]


def _depth_of_tree(element: Any, depth: int) -> int:
    """How deep the outermost of nested lists' items is: the answers in a tree look like what they answer."""
    for _ in range(_DEEPEST_TREE):
        above = element.getparent()
        above = above.getparent() if above is not None and above.tag in ("ul", "ol") else None
        if above is None or above.tag != "li" or classes_of(above):
            break
        element, depth = above, depth - 2
    return depth


@lru_cache(maxsize=10_000)
def without_numbers(names: str) -> str:
    return _DIGITS.sub("", names)


@lru_cache(maxsize=10_000)
def _keys_of_class(tag: str, names: str) -> tuple[Key, ...]:
    found = [(tag, _DIGITS.sub("", name)) for name in names.split()[:6] if len(name) > 1]
    return (*found, (tag, " ".join(name for _, name in found))) if len(found) > 1 else tuple(found)
