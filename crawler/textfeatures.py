"""What is seen of a page's blocks when its main text is looked for: named, yes-or-no features; see ``maintext.py``."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from functools import lru_cache

from crawler.blocks import Block, hint, hint_names
from crawler.engines.document import Document
from crawler.lexicons import finder, tokens

_WORD = re.compile(r"\w+")
_ENDS = (".", "!", "?", "…", ":", ";", ".”", '."', ".)")
_PRICE = re.compile(r"[$€£₫]\s?\d|\d\s?(?:₫|đ|vnd|usd|€)", re.I)
_NUMBER = re.compile(r"\d")
#: Kinds of page furniture (``furniture.tsv``) whose heading tells what the blocks below it are.
_SECTIONS = frozenset(("related", "reviews", "detail", "shipping", "faq", "signup", "cart", "contact", "share"))
_FAR = 99


_SIZES = (2, 3, 5, 9, 16, 31, 61)
_LINKED = (0.01, 0.34, 0.67, 1)
_PLACES = (0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95)
_DEPTHS = (6, 10, 14, 18, 24)
_AFTER = (3, 10, 30, 80, 200)
_MAKES = (2, 4, 8, 16, 40)
_STEPS = (-3, -2, -1, 1, 2, 3)
_NEXT_LINK = {step: [f"{step} link {value}" for value in range(5)] for step in _STEPS}
_NEXT_SIZE = {step: [f"{step} size {value}" for value in range(8)] for step in _STEPS if abs(step) < 3}
#: The second reading's features, in the order in which :func:`context` gives them.
CONTEXT: tuple[str, ...] = (
    *("bias", "own", "page", "best", "make", "around 0", "around 1", "around 2"),
    *(f"score {step}" for step in (-4, -3, -2, -1, 1, 2, 3, 4)),
)


class _Whole:
    """What the features of one block need to know of the whole page."""

    def __init__(self, doc: Document, found: list[Block]) -> None:
        self.kind = "p" if is_product(doc) else "s"
        self.described = described_words(doc)
        self.title = set(_WORD.findall(doc.title.lower()))
        self.total = sum([block.words for block in found]) or 1
        self.makes = Counter([block.make for block in found])
        self.main, self.article = hint("main"), hint("articletag")
        self.has_main = any(block.hints & self.main for block in found)
        self.has_article = any(block.hints & self.article for block in found)
        self.first = next((i for i, block in enumerate(found) if block.tag == "h1"), -1)
        self.size = bisect_right((300, 800, 1600, 3200), self.total)


def described_words(doc: Document) -> set[str]:
    """The words with which the page describes itself: its meta description and those of its structured data."""
    said = [doc.meta.get("description", ""), doc.meta.get("og:description", "")]
    said += [str(item.get("description") or "") for item in doc.json_ld[:20]]
    return set(_WORD.findall(" ".join(said)[:20_000].lower()))


def is_product(doc: Document) -> bool:
    """Whether the page says by its data that it sells one thing."""
    if any("Product" in str(item.get("@type")) for item in doc.json_ld[:50]):
        return True
    return (
        doc.meta.get("og:type", "").startswith(("product", "og:product")) or "schema.org/Product" in doc.text[:500_000]
    )


@lru_cache(maxsize=50_000)
def _around(hints: int, near: int, size: int, kind: str) -> tuple[str, ...]:
    found = []
    for number, name in enumerate(hint_names()):
        if hints >> number & 1:
            found += [f"in {name}", f"in {name} {size}"]
            if kind == "p":
                found.append(f"p in {name}")
        if near >> number & 1:
            found.append(f"near {name}")
    return tuple(found)


@lru_cache(maxsize=50_000)
def _shape(size: int, link: int, tag: str, kind: str, page: int, where: int, depth: int) -> tuple[str, ...]:
    return (
        "bias", kind, f"size {size}", f"{kind} size {size}", f"link {link}", f"size {size} link {link}", f"tag {tag}",
        f"tag {tag} {min(size, 4)}", f"{kind} page {page}", f"page {page} {size}", f"at {where}", f"{kind} at {where}",
        f"depth {depth}",
    )  # fmt: skip


def _place(whole: _Whole, block: Block, i: int) -> list[str]:
    row = []
    if whole.has_main:
        row.append("main here" if block.hints & whole.main else "main elsewhere")
    if whole.has_article:
        row.append("article here" if block.hints & whole.article else "article elsewhere")
    if whole.first >= 0:
        after = i - whole.first
        row.append("before h1" if after < 0 else "h1" if after == 0 else f"after h1 {bisect_right(_AFTER, after)}")
    return row


def _writing(text: str, size: int) -> list[str]:
    row = [f"commas {min(text.count(','), 3)}"]
    if text.endswith(_ENDS):
        row += ["ends", f"ends {size}"]
    if _PRICE.search(text[:200]):
        row += ["price", f"price {size}"]
    elif _NUMBER.search(text[:100]):
        row.append(f"number {size}")
    if text.isupper():
        row.append("upper")
    if text[0].islower():
        row.append("lower")
    return row


def _likeness(whole: _Whole, words: set[str], size: int) -> list[str]:
    if not words:
        return []
    row = []
    if whole.described and size >= 2:
        share = bisect_right((0.2, 0.5, 0.8), len(words & whole.described) / len(words))
        row.append(f"described {share} {'long' if size >= 4 else 'short'}")
    if len(words & whole.title) >= 0.7 * len(words):
        row.append(f"title {size}")
    return row


def _neighbours(sizes: list[int], links: list[int], i: int) -> list[str]:
    reach = [(step, i + step) for step in _STEPS if 0 <= i + step < len(sizes)]
    row = [_NEXT_LINK[step][links[j]] for step, j in reach]
    row += [_NEXT_SIZE[step][sizes[j]] for step, j in reach if -3 < step < 3]
    return row


def features(doc: Document, found: list[Block]) -> list[list[str]]:
    """The names of the features that hold for each block of ``doc``, in the blocks' order."""
    whole = _Whole(doc, found)
    furniture = finder("furniture")
    level = hint("heading", "subheading", "title")
    sizes = [bisect_right(_SIZES, block.words) for block in found]
    links = [bisect_right(_LINKED, block.linked / block.words) for block in found]
    seen: set[str] = set()
    rows: list[list[str]] = []
    past, under, since = 0, "", _FAR
    for i, block in enumerate(found):
        size, brief = sizes[i], block.words <= 40
        words = tokens(block.text[: None if brief else 200].lower())
        said = set(furniture.codes(words)) if brief else set()
        where = bisect_right(_PLACES, past / whole.total)
        depth = bisect_right(_DEPTHS, block.depth)
        row = list(_shape(size, links[i], block.tag, whole.kind, whole.size, where, depth))
        row += _around(block.hints, block.near, 0 if size < 3 else 1 if size < 5 else 2, whole.kind)
        row += _place(whole, block, i)
        row += _writing(block.text, size)
        row += _likeness(whole, set(words), size)
        row += _neighbours(sizes, links, i)
        row += [f"says {code} {'short' if block.words <= 5 else 'long'}" for code in said]
        row.append(f"make {bisect_right(_MAKES, whole.makes[block.make])} {min(size, 4)}")
        if (block.tag[0] == "h" and block.tag[1:].isdigit()) or (block.near & level and block.words <= 8):
            row.append(f"heading {size}")
            under, since = "+".join(sorted(said & _SECTIONS)), 0
        else:
            since += 1
            if under and since <= 60:
                row += [f"under {part} {bisect_right((6, 20), since)}" for part in under.split("+")]
        if block.text in seen:
            row += ["again", f"again {size}"]
        seen.add(block.text)
        rows.append(row)
        past += block.words
    return rows


def context(found: list[Block], scores: list[float]) -> list[list[float]]:
    """The second reading's features (:data:`CONTEXT`): a block's own score and those of the blocks around it."""
    capped = [max(-4.0, min(4.0, score)) for score in scores]
    weights = [math.log1p(block.words) for block in found]
    widths = [_means([block.around[width] for block in found], capped, weights) for width in range(3)]
    makes = _means([block.make for block in found], capped, [1.0] * len(found))
    total = sum([block.words for block in found]) or 1
    mean = sum([score * block.words for block, score in zip(found, capped, strict=True)]) / total
    best = max(capped, default=0.0)
    edge = [-3.0] * 4
    padded = edge + capped + edge
    near, middle, far = widths
    rows = []
    for i, block in enumerate(found):
        a, b, c = block.around
        row = [1.0, capped[i], mean, best, makes[block.make], near[a], middle[b], far[c]]
        row += padded[i : i + 4]
        row += padded[i + 5 : i + 9]
        rows.append(row)
    return rows


def _means(keys: list[int], values: list[float], weights: list[float]) -> dict[int, float]:
    sums: dict[int, float] = {}
    counts: dict[int, float] = {}
    for key, value, weight in zip(keys, values, weights, strict=True):
        sums[key] = sums.get(key, 0.0) + value * weight
        counts[key] = counts.get(key, 0.0) + weight
    return {key: sums[key] / counts[key] for key in sums}
