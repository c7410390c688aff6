"""What the elements of a page's repeated blocks say, and which of it is the board's: words that stand in many blocks alike."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import Any

from crawler.engines.document import Document
from crawler.engines.sorted_page import sort_page

#: What each element of a block says itself, piece by piece.
Said = dict[Any, list[str]]

_COUNT = re.compile(r"\d[\d.,]*")
#: A word or two beside a count: «Thích (3)», "12 likes".
_COUNTED = re.compile(r"[^\d.!?]{2,20}\d[\d.,]{0,8}\)?|\(?\+?\d[\d.,]{0,8}\)?\s?[^\d.!?]{2,20}")


def said_in(doc: Document, contents: list[list[Any]]) -> list[Said]:
    page = sort_page(doc.tree)
    place, (_, texts, tails, _) = page.place, page.said
    blocks: list[Said] = []
    for elements in contents:
        block: Said = {}
        for element in elements:
            text = texts[place[element]]
            strings = block[element] = [" ".join(text.split())] if text and not text.isspace() else []
            if len(element):
                after = [tails[place[child]] for child in element]
                strings += [" ".join(tail.split()) for tail in after if tail and not tail.isspace()]
        blocks.append(block)
    return blocks


def boilerplate_of(said: list[Said]) -> set[str]:
    """Words that stand in many blocks alike, but for the counts in them: labels and buttons, nobody's words."""
    if len(said) < 3:
        return set()
    seen: Counter[str] = Counter()
    told: dict[str, str] = {}
    for block in said:
        strings: set[str] = set()
        for element, texts in block.items():
            if not texts:
                continue
            short = [text for text in texts if len(text) < 60]
            strings.update(short)
            # A paragraph with a number in it is somebody's words: “(câu 65)”, "it took 3 days".
            told.update((text, text if element.tag == "p" else _uncounted(text)) for text in short)
        seen.update({told[text] for text in strings})
    enough = max(3, len(said) * 0.5)
    return {text for text, alike in told.items() if seen[alike] >= enough}


@lru_cache(maxsize=10_000)
def _uncounted(text: str) -> str:
    """«Thích (3)» as «Thích (#)»; a number alone is left, for it may be somebody's answer."""
    return _COUNT.sub("#", text) if len(text) < 30 and _COUNTED.fullmatch(text) else text


def idle_elements(said: Said, boilerplate: set[str]) -> set[Any]:
    """The elements of a block that hold words, and only such as stand in many blocks."""
    idle: set[Any] = set()
    #: For each element that holds such as hold words: whether all of those are idle.
    below: dict[Any, bool] = {}
    for element, texts in reversed(said.items()):
        if texts or element in below:
            alone = below.get(element, True) and boilerplate.issuperset(texts)
            if alone:
                idle.add(element)
            above = element.getparent()
            below[above] = below.get(above, True) and alone
    return idle
