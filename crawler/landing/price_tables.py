"""Prices in tables whose header says the money: ``Giá (VNĐ)`` above, ``1.500.000`` below; the unit in a column of its own.

A price list of this shape is the commonest one on Vietnamese sites. Read is what stands in a column headed by a price;
a column of numbers under any other heading names none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from crawler.prices import Price, prices

_PRICED = re.compile(r"(?<!\w)(?:giá|phí|chi phí|tiền|price|prices|pricing|fee|fees|cost|rate)(?!\w)", re.I)
_ONLY_PRICE = re.compile(r"(?:(?:học|đơn|chi|cước|mức|biểu|tổng)\s)?(?:giá|phí|tiền)(?: trọn gói| bán| dịch vụ)?", re.I)
_NO_PRICE = re.compile(r"(?<!\w)(?:đánh giá|số tiền tiết kiệm|tiết kiệm|giảm giá|discount|saving)(?!\w)", re.I)
_OLD = re.compile(r"(?<!\w)(?:gốc|cũ|niêm yết|thị trường|old|was|original|list)(?!\w)", re.I)
_UNIT = re.compile(r"(?:đvt|đơn vị(?: tính)?|unit|units)\W{0,3}", re.I)
_CURRENCIES: Final = (
    (re.compile(r"(?<!\w)(?:vnđ|vnd|đồng|đ|₫)(?!\w)|₫", re.I), "đ"),
    (re.compile(r"(?<!\w)usd(?!\w)|\$", re.I), "USD"),
    (re.compile(r"(?<!\w)eur(?!\w)|€", re.I), "EUR"),
)
_MULTIPLES: Final = (
    (re.compile(r"(?<!\w)(?:triệu|tr)(?!\w)", re.I), "triệu"),
    (re.compile(r"(?<!\w)(?:nghìn|ngàn|k)(?!\w)|(?<![\d.,])(?:x\s?)?1[.,]000(?!\d)", re.I), "nghìn"),
)
_PER = re.compile(r"/\s?[^\W\d]{1,12}(?:\s[^\W\d]{1,12})?|(?<!\w)(?:mỗi|một|per)\s[^\W\d]{1,12}", re.I)
_AMOUNT: Final = r"\d{1,3}(?:[.,\u00a0 ]\d{3}){1,3}|\d{1,9}(?:[.,]\d{1,2})?"
_BARE = re.compile(
    rf"(?P<lead>(?:chỉ )?từ|from)?\s{{0,2}}(?P<first>{_AMOUNT})(?:\s{{0,2}}(?:[-–—~]|đến|to)\s{{0,2}}(?P<last>{_AMOUNT}))?"
    r"(?P<rest>\s{0,2}/\s?[^\W\d][^\n]{0,20})?",
    re.I,
)
_WIDEST: Final = 40
_LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class _Column:
    """What a heading says of the cells below: their money, their unit, whether they are prices of before."""

    money: str
    per: str
    old: bool


class PriceTables:
    """The tables of one page; each heading is read once."""

    def __init__(self, vietnamese: bool) -> None:
        self._vietnamese = vietnamese
        self._known: dict[Any, tuple[dict[int, _Column], int | None]] = {}

    def read(self, element: Any, text: str) -> Iterator[Price]:
        """The prices of a table's cell that holds bare amounts below a heading which makes them prices."""
        if len(text) > _LONGEST or (found := _BARE.fullmatch(text.strip())) is None:
            return
        cell = above(element, "td")
        row = None if cell is None else above(cell, "tr")
        if cell is None or row is None:
            return
        columns, unit = self._columns(row)
        column = columns.get(column_of(cell))
        if column is None:
            return
        per = column.per or _unit_of(row, unit)
        money = f"{column.money}{found['rest'] or per}"
        last = f" - {found['last']}" if found["last"] else ""
        written = f"{found['lead'] or ''} {found['first']}{last}{money}".strip()
        for price in prices(written, vietnamese=True):
            yield price._replace(start=0, end=len(text), lead="was" if column.old else price.lead)

    def unit(self, element: Any) -> str | None:
        """What a price in a table's cell pays for, where the row has a column of units."""
        cell = above(element, "td")
        row = None if cell is None else above(cell, "tr")
        if row is None:
            return None
        words = _unit_of(row, self._columns(row)[1])
        return next((price.per for price in prices(f"1.000đ{words}")), None) or words.lstrip("/") or None

    def _columns(self, row: Any) -> tuple[dict[int, _Column], int | None]:
        table = above(row, "table")
        if table is None:
            return {}, None
        if table not in self._known:
            self._known[table] = _headings(table, self._vietnamese)
        return self._known[table]


def says_price(text: str) -> bool:
    """Whether words say no more than that a price follows: “Học phí”, “Đơn giá”."""
    return _ONLY_PRICE.fullmatch(text.strip(" :")) is not None


def _headings(table: Any, vietnamese: bool) -> tuple[dict[int, _Column], int | None]:
    """The priced columns of a table by their place, and the place of its units."""
    unit = None
    for count, row in enumerate(table.iter("tr")):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        said = [" ".join(cell.text_content().split())[:_LONGEST] for cell in cells]
        columns: dict[int, _Column] = {}
        for cell, words in zip(cells, said, strict=True):
            if _UNIT.fullmatch(words):
                unit = column_of(cell)
            elif (column := _column(words, vietnamese)) is not None:
                columns[column_of(cell)] = column
        if columns and len(cells) > 1:
            return columns, unit
        if count > 3:
            break
    return {}, None


def _column(words: str, vietnamese: bool) -> _Column | None:
    if not _PRICED.search(words) or _NO_PRICE.search(words):
        return None
    currency = next((sign for pattern, sign in _CURRENCIES if pattern.search(words)), "đ" if vietnamese else "")
    if not currency:
        return None
    multiple = next((word for pattern, word in _MULTIPLES if pattern.search(words)), "")
    per = _PER.search(words)
    money = f" {multiple} đ" if multiple else f" {currency}"
    return _Column(money, per[0] if per else "", _OLD.search(words) is not None)


def _unit_of(row: Any, place: int | None) -> str:
    """``/m2`` where the row's column of units says so."""
    if place is None:
        return ""
    cell = next((cell for cell in row if cell.tag in ("td", "th") and column_of(cell) == place), None)
    words = " ".join(cell.text_content().split()) if cell is not None else ""
    return f"/{words.lower()}" if 0 < len(words) <= 12 else ""


def column_of(cell: Any) -> int:
    """Which column a cell stands in, cells that span several counted as such."""
    place = 0
    for other in cell.itersiblings(preceding=True):
        if other.tag in ("td", "th"):
            span = other.get("colspan") or "1"
            place += min(int(span), _WIDEST) if span.isdigit() else 1
    return place


def above(element: Any, tag: str) -> Any:
    """The element itself or the closest one around it with this tag, or ``None``."""
    return next((one for one in (element, *element.iterancestors()) if one.tag == tag), None)
