"""The main text of a page that is no thread: an article, a service, a product.

The page's blocks are judged one by one by a linear model over what can be seen of them (hints of tags and class names,
length, links, punctuation, place, repetition, the words of page furniture), then once more with what was thought of
their neighbours; the idea of judging blocks in two readings is that of Web2Text (Vogels, Ganea, Eickhoff 2018). The
weights in ``maintext.tsv`` come from ``tests/fit_maintext.py`` and pages of WCXB (Foley 2026, CC BY 4.0).
"""

from __future__ import annotations

import math
import re
from functools import cache
from html import unescape
from operator import mul
from pathlib import Path
from typing import Any, Final
from weakref import WeakKeyDictionary

from lxml import etree, html

from crawler.blocks import Block, page_blocks
from crawler.engines.document import Document
from crawler.textfeatures import CONTEXT, Reader, context, is_product

Weights = tuple[dict[str, float], dict[str, float]]

#: Judged by word F1, a block pays for itself from a chance well under one half.
THRESHOLD: Final = 0.33
#: On a page that sells one product more furniture stands in its midst: reviews, questions, what else there is to buy.
OF_PRODUCTS: Final = 0.37
#: Fewer words than this, and the page's own description is asked.
_TOO_SHORT: Final = 25
#: A product's description of at least so many different words, of which less than this share stands in the page, is drawn by script.
_TOLD: Final = 12
_SHOWN: Final = 0.4
_WORD = re.compile(r"\w+")


_texts: WeakKeyDictionary[Document, str] = WeakKeyDictionary()


def main_text(doc: Document) -> str:
    """The main text of ``doc``, a block a line, in the page's order, nothing twice; empty for an empty page.

    A page that draws its text by script is read from the description in its structured data.
    """
    if doc not in _texts:
        _texts[doc] = "" if doc.is_json else _main_text(doc, page_blocks(doc))
    return _texts[doc]


def _main_text(doc: Document, found: list[Block]) -> str:
    enough = least(doc)
    kept = dict.fromkeys(
        block.text for block, chance in zip(found, chances(doc, found), strict=True) if chance >= enough
    )
    text = "\n".join(kept)
    if len(text.split()) < _TOO_SHORT:
        return _described(doc, text)
    drawn = _drawn_by_script(doc, found)
    return f"{text}\n{drawn}" if drawn else text


def least(doc: Document) -> float:
    """The chance from which on a block of ``doc`` is kept."""
    return OF_PRODUCTS if is_product(doc) else THRESHOLD


@cache
def _weights() -> Weights:
    first: dict[str, float] = {}
    second: dict[str, float] = {}
    for line in (Path(__file__).parent / "maintext.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        reading, name, weight = line.split("\t")
        (first if reading == "1" else second)[name] = float(weight)
    return first, second


def _weighing(weights: dict[str, float]) -> Reader[float]:
    get = weights.get
    return Reader(lambda names: sum([get(name, 0.0) for name in names]))


@cache
def _reader() -> tuple[Reader[float], dict[str, float]]:
    first, second = _weights()
    return _weighing(first), second


def chances(doc: Document, found: list[Block], weights: Weights | None = None) -> list[float]:
    """For each block the chance, from 0 to 1, that it belongs to the main text."""
    reader, second = _reader() if weights is None else (_weighing(weights[0]), weights[1])
    scores = [sum(row) for row in reader.rows(doc, found)]
    factors = [second.get(name, 0.0) for name in CONTEXT]
    again = [sum(map(mul, factors, row)) for row in context(found, scores)]
    return [1 / (1 + math.exp(-max(-30.0, min(30.0, score)))) for score in again]


def _described(doc: Document, text: str) -> str:
    """``text`` with the longest description in the page's structured data. A ``<meta>`` description is an advert of the
    page, not its text, and stands for itself.
    """
    said = [_plain(item.get("articleBody") or item.get("description")) for item in doc.json_ld[:20]]
    for line in sorted(said, key=len, reverse=True):
        if len(line.split()) >= 5 and line not in text:
            return f"{text}\n{line}".strip()
    return text


def _drawn_by_script(doc: Document, found: list[Block]) -> str:
    """The description of the one product that a page sells, where next to none of its words stand anywhere in the page."""
    said = [_plain(item.get("description")) for item in doc.json_ld[:20] if "Product" in str(item.get("@type"))]
    longest = max(said, key=len, default="")
    words = set(_WORD.findall(longest.lower()))
    if len(words) < _TOLD:
        return ""
    missing = set(words)
    for block in found:
        missing.difference_update(_WORD.findall(block.text.lower()))
        if len(missing) < len(words) * (1 - _SHOWN):
            return ""
    return longest


def _plain(value: Any) -> str:
    """A description as text: entities and tags taken out; empty for anything but a string."""
    if not isinstance(value, str):
        return ""
    value = unescape(value[:50_000])
    if "<" in value and ">" in value:
        try:
            value = str(html.fragment_fromstring(value, create_parent="div").text_content())
        except (etree.ParserError, ValueError):
            return ""
    return " ".join(value.split())
