"""Which pieces of an unknown shop's page are reviews: by what their class says, and by repetition whatever it says.

A review bears stars, or a verdict in words beside a date; the reviews of a page stand side by side and look alike. Of all groups
of elements that look alike the one wins whose members most often bear stars and dates, with the most words. A box around several
of them is no review.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from statistics import median
from typing import Any, Final

from crawler.dates import looks_like_date
from crawler.engines.looks import Key
from crawler.engines.names import look
from crawler.engines.stars import all_alike, stars_here, stars_in, stars_of, worded
from crawler.engines.text import one_line
from crawler.lexicons import either
from crawler.prices import speaks_of_price

REVIEW = re.compile(
    r"review|comment|feedback|danh-?gia|nhan-?xet|binh-?luan|phan-?hoi|rating|testimonial|opinion|(?:^|[\s_-])(?:cmt|dg)(?:$|[\s_-])",
    re.I,
)
_FRAME = re.compile(
    r"summary|average|total|overview|filter|form|write|header|histogram|breakdown|distribution|widget-title|carousel|related",
    re.I,
)
_NAMED: Final = ("article", "li", "div", "section", "tr", "dl", "blockquote", "amp-list")
_ALIKE: Final = frozenset((*_NAMED, "p", "tbody", "figure"))
_MOST: Final = 3_000
_MOST_ELEMENTS: Final = 50_000
#: Fewer words beside the stars are a label: "Chất lượng ★★★★★".
_WORDS: Final = 4
_MOST_DATES: Final = 3


@dataclass(slots=True)
class Block:
    """One review's element, its stars, and how long its words are."""

    node: Any
    rating: float | None
    words: int


@cache
def spoken() -> re.Pattern[str]:
    """What a heading above reviews speaks of."""
    return re.compile(either("shop", "spoken", "pages"), re.I)


def review_blocks(body: Any) -> list[Block]:
    """The reviews under ``body`` in the page's order, or none."""
    best: tuple[float, list[Block]] = (0.0, [])
    repeated = []
    for nodes in _repeated(body):
        score, blocks = _judge_repeated(nodes)
        if score:
            repeated.append([block.node for block in blocks])
        if score > best[0]:
            best = (score, blocks)
    boxes = _boxes(repeated)
    for nodes in _called_reviews(body).values():
        outer = _outermost(nodes[:_MOST])
        if boxes.intersection(outer):
            continue
        score, blocks = _judge(outer)
        if score > best[0]:
            best = (score, blocks)
    blocks = best[1]
    if len(blocks) == 1:
        return [_narrowed(blocks[0])]
    for block in blocks:
        if block.rating is None and all_alike(block.node):
            block.rating = 5.0
    return blocks


# -- by what they are called


def _called_reviews(body: Any) -> dict[Key, list[Any]]:
    groups: dict[Key, list[Any]] = defaultdict(list)
    for count, node in enumerate(body.iter(*_NAMED)):
        if count > _MOST_ELEMENTS:
            break
        names = _names(node)
        if names.strip() and REVIEW.search(names) and not _is_frame(node):
            groups[look(node)].append(node)
    return groups


def _names(node: Any) -> str:
    return f"{node.get('class') or ''} {node.get('id') or ''} {node.get('itemtype') or ''}"


def _is_frame(node: Any) -> bool:
    if _FRAME.search(f"{node.get('class') or ''} {node.get('id') or ''}"):
        return True
    return any(above.tag in ("nav", "footer", "form") for above in node.iterancestors())


def _outermost(nodes: list[Any]) -> list[Any]:
    known = set(nodes)
    return [node for node in nodes if not any(above in known for above in node.iterancestors())]


def _boxes(groups: Iterable[list[Any]]) -> set[Any]:
    """The elements that hold several members of one group."""
    found: set[Any] = set()
    for nodes in groups:
        within: Counter[Any] = Counter()
        for node in nodes:
            within.update(node.iterancestors())
        found.update(node for node, count in within.items() if count > 1)
    return found


def _judge(nodes: list[Any]) -> tuple[float, list[Block]]:
    blocks = [Block(node, stars_of(node), len(one_line(node))) for node in nodes]
    blocks = [block for block in blocks if 10 <= block.words <= 20_000]
    rated = [block for block in blocks if block.rating is not None]
    if len(rated) < max(1, len(blocks) * 0.6):
        return 0.0, []
    # One block is a review, or the box around many of them: then stars come again and again.
    alone = [block for block in rated if _star_sets(block.node) <= 2]
    if len(alone) < max(1, len(rated) * 0.8):
        return 0.0, []
    if len(blocks) == 1 and _dates(blocks[0].node) > _MOST_DATES:
        return 0.0, []
    return _score(blocks, sum(is_dated(block.node) for block in blocks)), blocks


def _score(blocks: list[Block], dated: int) -> float:
    words = sum(min(block.words, 2_000) for block in blocks)
    return float((sum(block.rating is not None for block in blocks) + dated) * words**0.5)


def _star_sets(node: Any) -> int:
    """How many separate pieces of a block speak of stars: a review has one."""
    found = 0
    for element in node.iter():
        if not isinstance(element.tag, str):
            continue
        label = (
            element.get("aria-label")
            or element.get("title")
            or element.get("data-rating")
            or element.get("data-score")
            or ""
        )
        text = element.text or ""
        if (label and stars_in(f"{label} stars" if label.strip().isdigit() else label) is not None) or (
            len(text) < 40 and stars_in(text) is not None
        ):
            found += 1
    return found


# -- by repetition


def _repeated(body: Any) -> Iterator[list[Any]]:
    """Groups of elements side by side that look alike, of which several bear stars or a verdict."""
    marked = _marked(body)
    below: Counter[Any] = Counter()
    for node in marked:
        below.update((node, *node.iterancestors()))
    seen: set[tuple[Any, Any]] = set()
    for node in marked:
        child = node
        for above in node.iterancestors():
            if below[above] > below[child] and child.tag in _ALIKE and (above, look(child)) not in seen:
                kin = [other for other in above if isinstance(other.tag, str) and _alike(other, child)]
                seen.update((above, look(other)) for other in kin)
                if sum(below[other] > 0 for other in kin) > 1:
                    yield kin[:_MOST]
            if above is body:
                break
            child = above


def _marked(body: Any) -> list[Any]:
    """The innermost elements that show stars or a verdict."""
    found: list[Any] = []
    around: set[Any] = set()
    elements = [element for element, _ in zip(body.iter(), range(_MOST_ELEMENTS), strict=False)]
    for element in reversed(elements):
        if isinstance(element.tag, str) and element.tag not in ("script", "style", "option", "title"):
            if element in around or (stars_here(element) is None and worded(element) is None):
                continue
            found.append(element)
            around.update(element.iterancestors())
            if len(found) >= _MOST:
                break
    return found[::-1]


def _alike(one: Any, other: Any) -> bool:
    if one.tag != other.tag:
        return False
    mine, theirs = set((one.get("class") or "").split()), set((other.get("class") or "").split())
    return bool(mine & theirs) or not (mine or theirs) or look(one) == look(other)


def _judge_repeated(nodes: list[Any]) -> tuple[float, list[Block]]:
    if _is_frame(nodes[0]):
        return 0.0, []
    texts = [one_line(node) for node in nodes]
    kept = [(node, text) for node, text in zip(nodes, texts, strict=True) if 10 <= len(text) <= 20_000]
    if len(kept) < 2 or sum(speaks_of_price(text) for _, text in kept) * 2 > len(kept):
        return 0.0, []
    starred = [stars_of(node) for node, _ in kept]
    told = [stars if stars is not None else _verdict(node) for stars, (node, _) in zip(starred, kept, strict=True)]
    blocks = [Block(node, stars, len(text)) for stars, (node, text) in zip(told, kept, strict=True)]
    rated = sum(block.rating is not None for block in blocks)
    dated = sum(is_dated(block.node) for block in blocks)
    words = median([_spoken_words(text) for _, text in kept])
    if rated < len(blocks) * 0.6 or words < _WORDS or len({text for _, text in kept}) < 2:
        return 0.0, []
    drawn = sum(stars is not None for stars in starred) * 2 >= rated
    if not (dated * 2 >= len(blocks) and (drawn or _is_headed(nodes[0]))) and not (
        drawn and words > _WORDS and _is_headed(nodes[0])
    ):
        return 0.0, []
    return _score(blocks, dated), blocks


def _verdict(node: Any) -> float | None:
    found = (worded(element) for element in node.iter() if isinstance(element.tag, str))
    return next((stars for stars in found if stars is not None), None)


def _spoken_words(text: str) -> int:
    return sum(any(map(str.isalpha, word)) for word in text.split())


def _is_headed(node: Any) -> bool:
    """Whether what is around an element is called reviews, by its names or by the heading above."""
    for depth, above in enumerate(node.iterancestors()):
        if depth > 3 or above.tag == "body":
            return False
        if REVIEW.search(_names(above)):
            return True
        for heading in above.iter("h1", "h2", "h3", "h4", "h5", "h6", "legend", "caption"):
            if spoken().search(one_line(heading)[:200]):
                return True
    return False


# -- one review alone


def _narrowed(block: Block) -> Block:
    """The one review of a page without the heading of its box: the smallest element with its stars, its date and most of its words."""
    node, dated = block.node, is_dated(block.node)
    while True:
        inner = next(
            (
                child
                for child in node
                if isinstance(child.tag, str)
                and child.tag in _NAMED
                and len(one_line(child)) >= 0.6 * block.words
                and stars_of(child) == block.rating
                and (is_dated(child) or not dated)
            ),
            None,
        )
        if inner is None:
            return Block(node, block.rating, len(one_line(node)))
        node = inner


def _dates(node: Any) -> int:
    """How many pieces of a block are dates. A review has its own, and perhaps those of an answer and of an edit."""
    return sum(_date_words(element) is not None for element in node.iter() if isinstance(element.tag, str))


def is_dated(node: Any) -> bool:
    """Whether a piece of a page shows a date."""
    if next(node.iter("time"), None) is not None:
        return True
    return any(_date_words(element) for element in node.iter() if isinstance(element.tag, str))


def _date_words(element: Any) -> str | None:
    for text in (element.text, *(child.tail for child in element)):
        plain = " ".join((text or "").split()).strip(" |·•-–(),")
        if 4 <= len(plain) <= 60 and any(map(str.isdigit, plain)) and looks_like_date(plain):
            return plain
    return None
