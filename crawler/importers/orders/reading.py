"""A list of orders, line by line, as orders: one order may have several lines, and lines that take money back."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from crawler.importers.amounts import count_in, decimals_of, doubtful, money_of
from crawler.importers.analytics.meanings import DIMENSIONS, METRICS, channel, column, is_total
from crawler.importers.asking import rather
from crawler.importers.lines import Row
from crawler.importers.localities import place_of
from crawler.importers.moments import How, Moments, Tally
from crawler.importers.orders.mapping import Told
from crawler.importers.orders.meanings import fields_of, known, state
from crawler.importers.raw import Sheet
from data.errors import InputError
from data.folding import fold, words
from data.words import tell

_HEADER_WITHIN = 25
_MONEY = ("order_total", "line_total", "unit_price", "refund")
_PLATFORMS = {
    "shopee": ("trang thai tra hang/hoan tien", "return / refund status", "ma kien hang", "username (buyer)"),
    "tiktok_shop": (
        "order substatus",
        "cancelation/return type",
        "sku subtotal after discount",
        "sku platform discount",
    ),
}
#: Where a platform sells.
_CHANNELS = {"shopee": "shopee", "tiktok_shop": "tiktok_shop"}
_PHRASE = 4


@dataclass(slots=True)
class Order:
    """An order. ``buyer`` says by what it is known whose it is (``id``, ``phone``, ``email``, ``name``) and that itself; it is hashed
    before anything is written. ``amount`` is before anything is paid back."""

    number: str
    line: int
    buyer: tuple[str, str] | None = None
    ordered_at: datetime | None = None
    state: str = "completed"
    amount: float | None = None
    refunded: float = 0.0
    currency: str = "VND"
    items: int | None = None
    location: str | None = None
    #: Whether the file says where it went, known to our lists or not.
    sent_somewhere: bool = False
    channel: str | None = None


@dataclass(slots=True)
class Orders:
    """What a file holds. ``unknown`` are states that no list has, ``unknown_returns`` likewise of what was given back, ``odd``
    provinces; ``masked`` counts orders whose buyer the platform has hidden; ``dates`` says how it was
    decided which of day and month comes first."""

    path: Path
    platform: str
    orders: list[Order]
    rows: int
    fields: dict[str, str]
    unknown: Counter[str] = field(default_factory=Counter)
    unknown_returns: Counter[str] = field(default_factory=Counter)
    odd: Counter[str] = field(default_factory=Counter)
    masked: int = 0
    refunds_alone: int = 0
    #: Orders for which more was paid back than they cost; sums that may be thousands or decimals, as they stand.
    over_refunded: Counter[str] = field(default_factory=Counter)
    doubtful: Counter[str] = field(default_factory=Counter)
    dates: How = "plain"
    encoding: str | None = None


class Reader:
    """Reads the lines of one sheet."""

    def __init__(self, sheet: Sheet, zone: str, told: Told | None = None) -> None:
        self.path, self.sheet, self.told = sheet.path, sheet, told or Told()
        place, self.header = _told_header(sheet, self.told) if told and told.columns else _header(sheet)
        self.places = fields_of(self.header) | {name: self.header.index(one) for name, one in self.told.columns.items()}
        self.lines = [row for row in sheet.rows[place:] if not self._is_remark(row)]
        tally = Tally()
        for row in self.lines:
            tally.add(self.cell(row, "ordered_at"))
        order, self.how = tally.order("month" if self.told.dates == "month" else "day" if self.told.dates else None)
        self.moments = Moments(ZoneInfo(zone), order)
        self.signs = {name: decimals_of([self.cell(row, name) for row in self.lines]) for name in _MONEY}
        self.platform = _platform(self.path, self.header)

    @property
    def named(self) -> dict[str, str]:
        """Field → the name of its column."""
        return {name: self.header[at] for name, at in self.places.items()}

    def cell(self, row: Row, name: str) -> str:
        """The cell of a field, empty where the file has none."""
        place = self.places.get(name)
        return row.cells[place] if place is not None and place < len(row.cells) else ""

    def _is_remark(self, row: Row) -> bool:
        """Whether a line only explains the columns, or sums them up."""
        number = self.cell(row, "order_id")
        first = next(cell for cell in row.cells if cell)
        return (
            (len(number.split()) >= _PHRASE and not any(map(str.isdigit, number)))
            or is_total(first)
            or is_total(number)
        )

    def read(self) -> Orders:
        """All orders. Raises ``InputError`` with the line for a sum or a date that cannot be read."""
        found = Orders(self.path, self.platform, [], len(self.lines), self.named)
        found.dates, found.encoding = self.how, self.sheet.encoding
        lines: dict[str, list[Row]] = {}
        number = ""
        for row in self.lines:
            number = self.cell(row, "order_id") or number  # further lines of an order may leave its number out
            if not number:
                raise InputError(
                    "import_order_without_number",
                    path=self.path.name,
                    line=row.line,
                    column=self.header[self.places["order_id"]],
                )
            lines.setdefault(number, []).append(row)
        if not lines:
            raise InputError("import_no_rows", path=self.path.name)
        for name in _MONEY:
            found.doubtful.update(doubtful([self.cell(row, name) for row in self.lines]))
        for number, rows in lines.items():
            found.orders.append(self._order(number, rows, found))
        return found

    def _order(self, number: str, rows: Sequence[Row], found: Orders) -> Order:
        order = Order(number, rows[0].line, channel=_CHANNELS.get(self.platform))
        order.ordered_at = next(self._moments(rows), None)
        self._money(order, rows)
        self._state(order, rows, found)
        order.buyer = self._buyer(rows, found)
        order.location = self._place(rows, found)
        order.sent_somewhere = order.location is not None or bool(self._first(rows, "province"))
        if told := self._first(rows, "channel"):
            order.channel = channel(told) or order.channel
        pieces = [count for row in rows if (count := count_in(self.cell(row, "quantity"))) is not None]
        order.items = round(sum(pieces)) if pieces else None
        return order

    def _first(self, rows: Sequence[Row], name: str) -> str:
        return next((cell for row in rows if (cell := self.cell(row, name))), "")

    def _moments(self, rows: Sequence[Row]) -> Iterator[datetime]:
        for row in rows:
            if text := self.cell(row, "ordered_at"):
                moment = self.moments.read(text)
                if moment is None:
                    raise self._bad(row, "ordered_at", text, "31/10/2026 14:05")
                yield moment

    def _bad(self, row: Row, name: str, got: str, expected: str) -> InputError:
        column = self.header[self.places[name]]
        return InputError(
            "import_bad_figure", path=self.path.name, line=row.line, column=column, got=got[:40], expected=expected
        )

    def _sums(self, order: Order, rows: Sequence[Row], name: str) -> list[float]:
        found = []
        for row in rows:
            text = self.cell(row, name)
            if not text or text in "-–—":
                continue
            told = money_of(text, decimals=self.signs[name])
            if told is None:
                raise self._bad(row, name, text, "1.234.567 đ")
            order.currency = told[1] or order.currency
            found.append(told[0])
        return found

    def _money(self, order: Order, rows: Sequence[Row]) -> None:
        """``order_total`` may stand in every line of an order, in its first, or be each line's own; the others are each line's own."""
        whole = self._sums(order, rows, "order_total")
        lines = self._sums(order, rows, "line_total")
        if not whole and not lines:
            lines = [price * (count_in(self.cell(row, "quantity")) or 1)
                     for row in rows for price in self._sums(order, [row], "unit_price")]  # fmt: skip
        positive = [value for value in whole if value >= 0]
        repeated = len(set(positive)) == 1
        kept = (positive[:1] if repeated else positive) if whole else [value for value in lines if value >= 0]
        order.amount = sum(kept) if kept else None
        back = self._sums(order, rows, "refund")
        paid_back = abs(back[0]) if len(set(back)) == 1 else sum(map(abs, back))
        order.refunded = paid_back + sum(-value for value in (whole or lines) if value < 0)
        if told := self._first(rows, "currency"):
            order.currency = told.strip().upper()[:3].replace("VNĐ", "VND").replace("Đ", "VND")

    def _state(self, order: Order, rows: Sequence[Row], found: Orders) -> None:
        states = []
        for row in rows:
            said = self.cell(row, "status")
            one = self._meaning(said)
            if said and one is None:
                found.unknown[said[:60]] += 1
            states.append(one if one not in (None, "none") else ("completed" if not said else "open"))
        back = [self._given_back(said, found) for row in rows if (said := self.cell(row, "return_status"))]
        given_back = "returned" in back
        if all(one == "cancelled" for one in states) or (
            back and all(one == "cancelled" for one in back) and not order.refunded
        ):
            order.state = "cancelled"
        elif "returned" in states or given_back:
            self._returned(order, rows, states)
        else:
            order.state = "open" if "open" in states else "completed"
        if order.amount is None and order.refunded:
            order.state = "returned"
            found.refunds_alone += 1
        elif order.amount and order.refunded >= order.amount and order.state != "cancelled":
            found.over_refunded[order.number] += order.refunded > order.amount * 1.001
            order.state, order.refunded = "returned", order.amount

    def _meaning(self, said: str) -> str | None:
        return self.told.states.get(" ".join(words(said))) or state(said)

    def _given_back(self, said: str, found: Orders) -> str | None:
        one = self._meaning(said)
        if one is None and words(said):
            found.unknown_returns[said[:60]] += 1
        return one

    def _returned(self, order: Order, rows: Sequence[Row], states: Sequence[str | None]) -> None:
        """Part of an order may be given back: what is left of it was bought."""
        pieces = sum(count_in(self.cell(row, "quantity")) or 0 for row in rows)
        back = sum(count_in(self.cell(row, "returned_quantity")) or 0 for row in rows)
        part = 0 < back < pieces or (not back and any(one != "returned" for one in states) and "returned" in states)
        if not part:
            order.state, order.refunded = "returned", order.refunded or order.amount or 0.0
            return
        order.state = "completed"
        if not order.refunded and order.amount:
            lines = [(sum(self._sums(order, [row], "line_total")), one) for row, one in zip(rows, states, strict=True)]
            by_line = sum(value for value, one in lines if one == "returned")
            order.refunded = by_line or (order.amount * back / pieces if pieces else 0.0)

    def _buyer(self, rows: Sequence[Row], found: Orders) -> tuple[str, str] | None:
        hidden = False
        for kind, name in (("id", "buyer_id"), ("phone", "phone"), ("email", "email"), ("name", "buyer_name")):
            text = self._first(rows, name)
            if not text:
                continue
            if "*" in text:
                hidden = True
                continue
            if kind == "phone":
                text = "".join(filter(str.isdigit, text))
                text = (
                    f"0{text[2:]}"
                    if text.startswith("84") and len(text) > 9
                    else text
                    if text.startswith("0")
                    else f"0{text}"
                )
                if len(text) < 9:
                    continue
            if not (kind == "name" and hidden):  # half a name beside a hidden account tells nobody apart
                return kind, text
        found.masked += hidden
        return None

    def _place(self, rows: Sequence[Row], found: Orders) -> str | None:
        told = [text for name in ("province", "district", "address", "country") if (text := self._first(rows, name))]
        for text in told:
            if place := place_of(text):
                return place
        if province := self._first(rows, "province"):
            found.odd[province[:60]] += 1
        return None


def _header(sheet: Sheet) -> tuple[int, list[str]]:
    """The place of the first line behind the names, and the names; two lines of names (merged cells above) are laid together."""
    best, place = 0, -1
    for index, row in enumerate(sheet.rows[:_HEADER_WITHIN]):
        fields = known(row.cells)
        if len(fields) > best:
            best, place = len(fields), index
    if place < 0:
        raise _no_orders(sheet)
    header = list(sheet.rows[place].cells)
    above = sheet.rows[place - 1].cells if place else []
    below = sheet.rows[place + 1].cells if place + 1 < len(sheet.rows) else []
    end = place + 1
    if "order_id" not in known(header) or _is_names(below):
        if _is_names(below):
            header, end = _laid(header, below), place + 2
        elif "order_id" in known(above):
            header = _laid(above, header)
    fields = known(header)
    if "order_id" not in fields or len(fields) < 3:
        raise _no_orders(sheet)
    return end, header


def likely_header(sheet: Sheet) -> list[str]:
    """The line that most looks like the names of columns, whether or not they are known."""
    rows = sheet.rows[:_HEADER_WITHIN]
    best = max(rows, key=lambda row: (len(known(row.cells)), sum(map(bool, row.cells))), default=None)
    return [" ".join(cell.split()) for cell in best.cells] if best else []


def _platform(path: Path, header: Sequence[str]) -> str:
    names = {fold(name) for name in header}
    found = (name for name, marks in _PLATFORMS.items() if names & set(marks) or fold(path.stem).startswith(name[:6]))
    return next(found, "table")


def _told_header(sheet: Sheet, told: Told) -> tuple[int, list[str]]:
    """The first line that has every column which a mapping names. Raises ``InputError`` for one that no line has."""
    best: list[str] = []
    for place, row in enumerate(sheet.rows[:_HEADER_WITHIN]):
        if set(told.columns.values()) <= set(row.cells):
            if "order_id" not in {*told.columns, *known(row.cells)}:
                raise _no_orders(sheet)
            return place + 1, list(row.cells)
        best = max(best, row.cells, key=lambda cells: len(set(told.columns.values()) & set(cells)))
    missing = next(one for one in told.columns.values() if one not in best)
    nearest = difflib.get_close_matches(missing, [cell for cell in best if cell], n=1, cutoff=0.5)
    hint = tell("study.nearest", word=nearest[0]) if nearest else ""
    seen = ", ".join([cell for cell in best if cell][:60])
    raise InputError("import_no_column", path=sheet.path.name, name=missing, nearest=hint, known=seen)


def _is_names(cells: Sequence[str]) -> bool:
    told = [cell for cell in cells if cell]
    return (
        bool(told) and not any(any(map(str.isdigit, cell)) for cell in told) and 2 * len(known(told)) >= len(set(told))
    )


def _laid(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    width = max(len(upper), len(lower))
    above, below = [*upper, *[""] * width][:width], [*lower, *[""] * width][:width]
    return [low if low and (known([low]) or not known([up])) else up for up, low in zip(above, below, strict=True)]


def _no_orders(sheet: Sheet) -> InputError:
    seen = ", ".join([cell for cell in max((row.cells for row in sheet.rows[:5]), key=len, default=[]) if cell][:20])
    told = {found for row in sheet.rows[:_HEADER_WITHIN] for cell in row.cells if (found := column(cell))}
    hint = rather("analytics", sheet.path) if told & set(DIMENSIONS) and told & set(METRICS) else ""
    return InputError("import_no_orders", path=sheet.path.name, columns=seen or "–", hint=hint)
