"""Plans that cost nothing: “Gói Cơ bản: Miễn phí”, “Free” where other plans have their prices. They are offers of price 0.

A word alone proves little: shipping is free too, and so is a feature in a plan's list. It counts where the page sets prices:
in an element called a price, made like one that holds a price, or in a table's column of prices.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from functools import cache
from typing import Any, Final

from crawler.blocks import Block, hint
from crawler.landing.price_tables import above, column_of
from crawler.lexicons import either, finder, tokens
from crawler.prices import Price, prices, unit_at

_LONGEST: Final = 120
_FEW: Final = 12
_ROWS: Final = 100
_TITLES: Final = ("h1", "h2", "h3", "h4", "h5", "h6")


@cache
def _free() -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?P<name>[^:\n]{{2,80}}?)\s{{0,3}}[:–—-]\s{{1,3}})?(?P<said>{either('free', 'free')})(?P<rest>\s?(?:/|per ).{{2,20}})?[.!*]?",
        re.I,
    )


def is_free(text: str) -> bool:
    """Whether words say no more than that something costs nothing."""
    found = _free().fullmatch(text.strip()) if len(text) <= _LONGEST else None
    return found is not None and not found["name"]


def free_prices(
    found: list[Block], priced: Collection[tuple[int, str]], vietnamese: bool
) -> Iterator[tuple[int, Price]]:
    """The blocks that name a price of nothing; ``priced`` are those with prices, with their currencies."""
    makes = {found[at].make for at, _ in priced}
    currencies = Counter(currency for _, currency in priced)
    currency = "VND" if vietnamese else next((code for code, _ in currencies.most_common(1)), "")
    never = hint("nav", "header", "footer", "cookie", "cart", "legal", "option", "search", "formish", "button")
    for at, block in enumerate(found):
        if block.words > _FEW or block.linked or block.hints & never or len(block.text) > _LONGEST:
            continue
        said = _free().fullmatch(block.text.strip())
        if said is None or "not" in finder("free").codes(tokens((said["name"] or "").lower())):
            continue
        if block.tag == "td" or above(block.element, "td") is not None:
            sure = _among_prices(above(block.element, "td"), vietnamese)
        elif block.tag in _TITLES and any(
            is_free(other.text) or next(prices(other.text), None) for other in found[at + 1 : at + 3]
        ):
            # A plan called “Free”, with its price below.
            continue
        else:
            sure = bool(block.near & hint("price")) or block.make in makes
        if sure:
            start = block.text.index(said["said"], said.start("said"))
            end = start + len(said["said"])
            unit, stop = unit_at(block.text, end)
            yield at, Price(0.0, currency, unit, start, stop, None)


def _among_prices(cell: Any, vietnamese: bool) -> bool:
    """Whether a cell stands in a row of prices, or most cells of its column are prices or free. Where plans stand side by side,
    a column holds what a plan has: of such a table only the row of prices counts.
    """
    row, table = above(cell, "tr"), above(cell, "table")
    if row is None or table is None:
        return False
    if _bought(row, vietnamese):
        return True
    if any(_bought(other, vietnamese) > 1 for other in [*table.iter("tr")][:_ROWS]):
        return False
    at = column_of(cell)
    texts = [_text(other) for other in table.iter("td") if column_of(other) == at][:_ROWS]
    priced = sum(next(prices(text, vietnamese), None) is not None for text in texts)
    return priced > 0 and (priced + sum(map(is_free, texts))) * 2 > len(texts)


def _bought(row: Any, vietnamese: bool) -> int:
    """How many cells of a row hold a price."""
    return sum(next(prices(_text(cell), vietnamese), None) is not None for cell in row.iter("td"))


def _text(cell: Any) -> str:
    return " ".join(cell.text_content().split())[:_LONGEST]
