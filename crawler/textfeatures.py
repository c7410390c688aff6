"""What is seen of a page's blocks when its main text is looked for: named, yes-or-no features; see ``maintext.py``."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Generic, TypeVar

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


_COUNTS = (2, 3, 5, 9, 16, 31, 61)
_LINKED = (0.01, 0.34, 0.67, 1)
_PLACES = (0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95)
_DEPTHS = (6, 10, 14, 18, 24)
_AFTER = (3, 10, 30, 80, 200)
_MAKES = (2, 4, 8, 16, 40)
_STEPS = (-3, -2, -1, 1, 2, 3)
#: The second reading's features, in the order in which :func:`context` gives them.
CONTEXT: tuple[str, ...] = (
    *("bias", "own", "page", "best", "make", "around 0", "around 1", "around 2"),
    *(f"score {step}" for step in (-4, -3, -2, -1, 1, 2, 3, 4)),
)


Worth = TypeVar("Worth")


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

    def place(self, hints: int, i: int) -> tuple[bool | None, bool | None, int | None]:
        """Whether a block stands in the page's main part and in an article, and how far below its title."""
        after = None
        if self.first >= 0:
            after = i - self.first
            after = 1 + bisect_right(_AFTER, after) if after > 0 else max(after, -1)
        return (
            bool(hints & self.main) if self.has_main else None,
            bool(hints & self.article) if self.has_article else None,
            after,
        )

    def likeness(self, words: frozenset[str], size: int) -> tuple[int | None, bool]:
        """How much of a block's words stand in the page's description, and whether they are its title."""
        if not words:
            return None, False
        share = None
        if self.described and size >= 2:
            share = bisect_right((0.2, 0.5, 0.8), len(words & self.described) / len(words))
        return share, len(words & self.title) >= 0.7 * len(words)


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


def _around(hints: int, near: int, size: int, kind: str) -> list[str]:
    found = []
    for number, name in enumerate(hint_names()):
        if hints >> number & 1:
            found += [f"in {name}", f"in {name} {size}"]
            if kind == "p":
                found.append(f"p in {name}")
        if near >> number & 1:
            found.append(f"near {name}")
    return found


def _shape(size: int, link: int, tag: str, kind: str, page: int, where: int, depth: int) -> tuple[str, ...]:
    return (
        "bias", kind, f"size {size}", f"{kind} size {size}", f"link {link}", f"size {size} link {link}", f"tag {tag}",
        f"tag {tag} {min(size, 4)}", f"{kind} page {page}", f"page {page} {size}", f"at {where}", f"{kind} at {where}",
        f"depth {depth}",
    )  # fmt: skip


def _place(main: bool | None, article: bool | None, after: int | None) -> list[str]:
    row = []
    if main is not None:
        row.append("main here" if main else "main elsewhere")
    if article is not None:
        row.append("article here" if article else "article elsewhere")
    if after is not None:
        row.append("before h1" if after < 0 else "h1" if after == 0 else f"after h1 {after - 1}")
    return row


def _writing(size: int, commas: int, ends: bool, figure: str, upper: bool, lower: bool) -> list[str]:
    row = [f"commas {commas}"]
    if ends:
        row += ["ends", f"ends {size}"]
    if figure == "price":
        row += ["price", f"price {size}"]
    elif figure:
        row.append(f"number {size}")
    if upper:
        row.append("upper")
    if lower:
        row.append("lower")
    return row


def _likeness(size: int, described: int | None, titled: bool) -> list[str]:
    row = [] if described is None else [f"described {described} {'long' if size >= 4 else 'short'}"]
    return [*row, f"title {size}"] if titled else row


def _links(*links: int) -> list[str]:
    """The shares of links in the blocks around one, three before and three after; ``-1`` where the page ends."""
    return [f"{step} link {link}" for step, link in zip(_STEPS, links, strict=True) if link >= 0]


def _sizes(*sizes: int) -> list[str]:
    """The sizes of the two blocks before one and the two after; ``-1`` where the page ends."""
    return [f"{step} size {size}" for step, size in zip(_STEPS[1:5], sizes, strict=True) if size >= 0]


def _sayings(said: frozenset[str], brief: bool, makes: int, size: int, again: bool) -> list[str]:
    row = [f"says {code} {'short' if brief else 'long'}" for code in said]
    row.append(f"make {makes} {min(size, 4)}")
    return [*row, "again", f"again {size}"] if again else row


def _section(heading: bool, size: int, under: str, since: int) -> list[str]:
    if heading:
        return [f"heading {size}"]
    return [f"under {part} {since}" for part in under.split("+")] if under else []


@lru_cache(maxsize=50_000)
def _read(text: str, brief: bool) -> tuple[frozenset[str], frozenset[str]]:
    """The words of a block's text, and what page furniture it says."""
    words = tokens(text)
    return frozenset(words), frozenset(finder("furniture").codes(words)) if brief else frozenset()


def _figure(text: str) -> str:
    if not _NUMBER.search(text[:200]):
        return ""
    return "price" if _PRICE.search(text[:200]) else "number" if _NUMBER.search(text[:100]) else ""


class Reader(Generic[Worth]):
    """Reads blocks; ``worth`` says what features that hold together come to: their names, or the sum of their weights.

    A page has many blocks and few kinds of them: each group of features is asked its worth once for all blocks alike.
    """

    def __init__(self, worth: Callable[[Iterable[str]], Worth]) -> None:
        def cached(names: Callable[..., Iterable[str]]) -> Callable[..., Worth]:
            return lru_cache(maxsize=20_000)(lambda *key: worth(names(*key)))

        self._around, self._shape, self._place = cached(_around), cached(_shape), cached(_place)
        self._writing, self._likeness, self._links = cached(_writing), cached(_likeness), cached(_links)
        self._sizes, self._sayings, self._section = cached(_sizes), cached(_sayings), cached(_section)

    def rows(self, doc: Document, found: list[Block]) -> list[list[Worth]]:
        """For each block of ``doc`` what each group of its features comes to, in the blocks' order."""
        whole = _Whole(doc, found)
        level = hint("heading", "subheading", "title")
        sizes = [-1, -1, *[bisect_right(_COUNTS, block.words) for block in found], -1, -1]
        links = [-1, -1, -1, *[bisect_right(_LINKED, block.linked / block.words) for block in found], -1, -1, -1]
        seen: set[str] = set()
        rows: list[list[Worth]] = []
        past, under, since, total, kind = 0, "", _FAR, whole.total, whole.kind
        for i, block in enumerate(found):
            before2, before, size, after, after2 = sizes[i : i + 5]
            text, count, tag = block.text, block.words, block.tag
            words, said = _read(text.lower() if count <= 40 else text[:200].lower(), count <= 40)
            where, depth = bisect_right(_PLACES, past / total), bisect_right(_DEPTHS, block.depth)
            near = links[i : i + 7]
            link = near.pop(3)
            heading = (tag[0] == "h" and tag[1:].isdigit()) or bool(block.near & level and count <= 8)
            if heading:
                under, since = "+".join(sorted(said & _SECTIONS)), 0
            else:
                since += 1
            placed = whole.place(block.hints, i)
            figure, makes = _figure(text), bisect_right(_MAKES, whole.makes[block.make])
            commas = text.count(",")
            ends, upper, lower = text.endswith(_ENDS), text.isupper(), text[0].islower()
            rows.append(
                [
                    self._shape(size, link, tag, kind, whole.size, where, depth),
                    self._around(block.hints, block.near, 0 if size < 3 else 1 if size < 5 else 2, kind),
                    self._place(*placed),
                    self._writing(size, commas if commas < 3 else 3, ends, figure, upper, lower),
                    self._likeness(size, *whole.likeness(words, size)),
                    self._links(*near),
                    self._sizes(before2, before, after, after2),
                    self._sayings(said, count <= 5, makes, size, text in seen),
                    self._section(heading, size, under if since <= 60 else "", bisect_right((6, 20), since)),
                ]
            )
            seen.add(text)
            past += count
        return rows


def features(doc: Document, found: list[Block]) -> list[list[str]]:
    """The names of the features that hold for each block of ``doc``, in the blocks' order."""
    return [[name for group in row for name in group] for row in Reader(tuple).rows(doc, found)]


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
