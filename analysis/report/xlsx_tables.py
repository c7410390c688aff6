"""Tables of the workbook: each with a filter of its own where several share a sheet, and how high and wide their cells are."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from itertools import chain, count
from typing import TYPE_CHECKING

from analysis.report.sheets import AtLeast, Column, Few, Key, Link, Sheet, Value
from analysis.report.straight import straight

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

#: What Excel takes in one cell.
_LONGEST_CELL = 32_767
_NO_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
#: Points of a line of text, and of the highest row.
LINE, _HIGHEST = 15, 400


def clean(text: object) -> str:
    """Text as a cell can hold it: no control characters, not longer than Excel takes."""
    plain = straight(_NO_CONTROL.sub("", str(text)))
    return plain if len(plain) <= _LONGEST_CELL else plain[: _LONGEST_CELL - 1] + "…"


def add_filtered(page: Worksheet, sheet: Sheet, top: int, number: int, headed: Callable[[Column], Format]) -> None:
    """Make a sheet's cells a table of Excel's own, with headers: a worksheet has one filter, but each table in it another."""
    taken: set[str] = set()
    columns = []
    for column in sheet.columns:  # Excel takes no two of one name in a table, nor one without
        wanted = clean(column.title).strip() or "–"
        name = next(n for n in chain([wanted], (f"{wanted} {i}" for i in count(2))) if n.casefold() not in taken)
        taken.add(name.casefold())
        columns.append({"header": name, "header_format": headed(column)})
    options = {"name": f"Table_{number}", "style": None, "columns": columns}
    page.add_table(top, 0, top + len(sheet.rows), len(columns) - 1, options)


def height(row: Sequence[Value], spread: Sequence[float]) -> float:
    """How high a row is whose text is wrapped: not every program finds that out by itself."""
    wrapped = ((value, wide) for value, wide in zip(row, spread, strict=False) if isinstance(value, str))
    lines = max((-(-len(value) // max(round(wide) - 2, 1)) for value, wide in wrapped), default=1)
    return float(min(LINE * max(lines, 1), _HIGHEST))


def shown(value: Value) -> str:
    """What a cell shows, to measure it by."""
    if value is None:
        return ""
    if isinstance(value, Few | Link):
        return value.text
    if isinstance(value, Key):
        return value.key
    if isinstance(value, date):
        return "dd/mm/yyyy"
    if isinstance(value, str):
        return value
    number = value.value if isinstance(value, AtLeast) else value
    return ("ít nhất " if isinstance(value, AtLeast) else "") + f"{number:,.0f}"
