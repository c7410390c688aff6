"""A short thread whose posts are built unlike each other: an opening post and its first answers, one of each kind."""

from __future__ import annotations

from typing import Final

from crawler.engines.looks import Key
from crawler.engines.names import look
from crawler.engines.repeated import Anchor, Item, Layout

#: One answer or two; more of them repeat.
_MOST: Final = 3
_FEWEST_WORDS: Final = 20


def unlike_posts(layout: Layout) -> list[Item]:
    """The posts of a thread in which no block repeats: siblings with a date each, and with words in elements that look alike."""
    if not 2 <= len(layout.anchors) <= 2 * _MOST:
        return []
    above = _around_all(layout)
    dated: dict[int, list[Anchor]] = {}
    for here, anchor in layout.anchors:
        while here >= 0 and layout.parent[here] != above:
            here = layout.parent[here]
        if here < 0:
            return []
        dated.setdefault(here, []).append(anchor)
    if not 2 <= len(dated) <= _MOST or any(len(found) > 1 for found in dated.values()):
        return []
    alike = [_worded(layout, here) for here in dated]
    if not set.intersection(*alike):
        return []
    return [Item([layout.elements[here]], set(), found) for here, found in dated.items()]


def _around_all(layout: Layout) -> int:
    """The innermost element around all dates."""
    first, last = layout.anchors[0][0], layout.anchors[-1][0]
    while not first <= last < layout.end[first] or first == layout.anchors[0][0]:
        if layout.parent[first] < 0:
            break
        first = layout.parent[first]
    return first


def _worded(layout: Layout, here: int) -> set[Key]:
    """The looks of the elements under one that bear a class and hold most of its words."""
    least = max(_FEWEST_WORDS, layout.words[here] * 0.4)
    return {
        look(layout.elements[one])
        for one in range(here + 1, layout.end[here])
        if layout.words[one] >= least and layout.elements[one].get("class")
    }
