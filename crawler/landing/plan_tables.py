"""Tables that compare plans side by side: plans in the columns' heads, ``Giá mỗi tháng`` or ``Yearly`` at the head of a row.

Also what a head says of the prices beside or below it: what they pay for, and that they are prices of before.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import islice
from typing import Any, Final, NamedTuple

from crawler.engines.text import listed
from crawler.landing.price_tables import above, column_of
from crawler.landing.quoting import clean
from crawler.lexicons import terms
from crawler.prices import prices

#: Besides units these words stand in the head of a row or column of prices.
_PRICED: Final = listed(
    "giá phí chi cước học đơn mức thuê bao price prices pricing cost costs fee fees rate subscription"
)
_BESIDE: Final = listed(
    "bán gốc cũ niêm yết mỗi hàng theo một a an per each the for of if when billed billing paid pay payment thanh toán trả khi "
    "trọn gói dịch vụ list old original regular retail sale our from starting at chỉ từ vnđ vnd đ usd eur plan plans"
)
_OLD: Final = re.compile(r"(?<!\w)(?:gốc|cũ|niêm yết|thị trường|old|was|original|list|retail|rrp|msrp)(?!\w)", re.I)
_TIMES: Final = frozenset(("month", "year", "week", "day", "hour", "user", "person", "session", "course"))
_TIME_ADVERBS: Final = {
    "annual": "year",
    "yearly": "year",
    "annually": "year",
    "monthly": "month",
    "weekly": "week",
    "daily": "day",
}
_WORD = re.compile(r"[^\W_]+")
_LONGEST: Final = 60
_HEAD_ROWS: Final = 4
_ROWS: Final = 100
_WIDEST: Final = 40


class Told(NamedTuple):
    """What a table says of the price in one of its cells: whose it is, what it pays for, and whether it is one of before."""

    plan: str | None = None
    per: str | None = None
    old: bool = False


class _Head(NamedTuple):
    start: int
    end: int
    text: str
    name: str


class PlanTables:
    """The tables of one page; the heads of each are read once."""

    def __init__(self) -> None:
        self._heads: dict[Any, list[_Head]] = {}
        self._widths: dict[Any, int] = {}
        self._figures: dict[tuple[Any, int], int] = {}

    def told(self, element: Any) -> Told:
        """What the heads of its row and column say of the price in ``element``."""
        cell = above(element, "td")
        row, table = (None, None) if cell is None else (above(cell, "tr"), above(cell, "table"))
        if cell is None or row is None or table is None:
            return Told()
        if row not in self._widths:
            self._widths[row] = len(row)
        if self._widths[row] > _WIDEST:
            return Told()
        place, head = column_of(cell), _first(row)
        if place == 0 or head is None or head is cell:
            return Told()
        if table not in self._heads:
            self._heads[table] = _heads(table)
        heads = self._heads[table]
        column = next((one for one in heads if one.start <= place < one.end), None)
        said = _said(head)
        in_row, in_column = _of_price(said), column is not None and _of_price(column.text)
        words = [*([said] if in_row else []), *([column.text] if column is not None and in_column else [])]
        per = next((unit for text in words if (unit := period(text))), None)
        old = any(_OLD.search(text) for text in words) and self._has_another(row, table, place, by_row=not in_row)
        plan = None
        if column is not None and column.name and not in_column and (in_row or (not said and _priced(row) > 1)):
            many = re.search(r"(?<!\d)(?:[2-9]|[1-9]\d)(?!\d)", said)
            plan = f"{column.name} – {said}" if many else column.name
        return Told(plan, per, old)

    def _has_another(self, row: Any, table: Any, place: int, *, by_row: bool) -> bool:
        """Whether another figure stands beside one of before, in its row or in its column: alone it is the price."""
        if by_row:
            return sum(map(_has_figure, [cell for cell in row if cell.tag == "td" and cell is not _first(row)])) > 1
        if (table, place) not in self._figures:
            rows = islice(table.iter("tr"), _ROWS)
            cells = [cell for row in rows if len(row) <= _WIDEST for cell in row if cell.tag == "td"]
            self._figures[table, place] = sum(_has_figure(cell) for cell in cells if column_of(cell) == place)
        return self._figures[table, place] > 1


def period(head: str) -> str | None:
    """What the prices beside a head pay for: ``month`` for “Giá mỗi tháng” and “Monthly”; ``user month``; or ``None``."""
    if re.search(r"(?<!\d)(?:[2-9]|[1-9]\d)(?!\d)", head):
        return None
    low = head.lower()
    found = [(match.start(), _units()[match[0]]) for match in _unit_pattern().finditer(low)]
    return " ".join(dict.fromkeys(unit for _, unit in found[:2])) or None


def _of_price(head: str) -> bool:
    """Whether a head says no more than that prices stand beside it, and for what."""
    left, units = _unit_pattern().subn(" ", head.lower())
    words = [word for word in _WORD.findall(left) if not word.isdigit()]
    if not (units or _PRICED.intersection(words)):
        return False
    return all(word in _PRICED or word in _BESIDE for word in words)


@cache
def _units() -> dict[str, str]:
    return {one.term.lower(): one.code for one in reversed(terms("units")) if one.code in _TIMES} | _TIME_ADVERBS


@cache
def _unit_pattern() -> re.Pattern[str]:
    longest_first = sorted(_units(), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(one) for one in longest_first)})(?!\w)")


def _first(row: Any) -> Any:
    return next((cell for cell in row if cell.tag in ("td", "th")), None)


def _said(cell: Any) -> str:
    return " ".join(cell.text_content().split())[:_LONGEST]


def _heads(table: Any) -> list[_Head]:
    """The heads of a table's columns: the first of its rows that names at least two and holds no price."""
    for count, row in enumerate(table.iter("tr")):
        if count >= _HEAD_ROWS:
            break
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        heads = []
        for cell in cells:
            start, span = column_of(cell), cell.get("colspan") or "1"
            width = min(int(span), _WIDEST) if span.isdigit() else 1
            title = next(iter(cell.iter("h2", "h3", "h4", "h5", "h6")), cell)
            heads.append(_Head(start, start + width, _said(cell), clean(title.text_content(), 160)))
        named = [one for one in heads[1:] if any(map(str.isalpha, one.text))]
        if len(named) > 1 or (named and len(heads) == 2):
            return heads if not any(next(prices(one.text, vietnamese=True), None) for one in named) else []
    return []


def _priced(row: Any) -> int:
    return sum(next(prices(_said(cell), vietnamese=True), None) is not None for cell in row if cell.tag == "td")


def _has_figure(cell: Any) -> bool:
    return any(map(str.isdigit, _said(cell)))
