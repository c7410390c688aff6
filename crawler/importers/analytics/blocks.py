"""An analytics export as blocks: each one table of a report, with a header of known columns and the period above it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawler.importers.amounts import count_in, share_in
from crawler.importers.analytics.meanings import DIMENSIONS, METRICS, column
from crawler.importers.lines import Row
from crawler.importers.raw import Sheet, json_of, sheets_of
from data.errors import InputError
from data.folding import fold

_DAY = r"(\d{4})-?(\d\d)-?(\d\d)"
_START = re.compile(rf"(?:start date|ngay bat dau)\W{{0,5}}{_DAY}")
_END = re.compile(rf"(?:end date|ngay ket thuc)\W{{0,5}}{_DAY}")
_BOTH = re.compile(rf"{_DAY}\s?[-–]\s?{_DAY}")
_TITLED = (*DIMENSIONS, "age_gender")


@dataclass(slots=True)
class Block:
    """One table: what each column means (``None`` where nothing known), the lines under it, ``title`` the dimension it is of."""

    line: int
    header: list[str]
    meanings: list[str | None]
    rows: list[Row] = field(default_factory=list)
    title: str | None = None
    period: tuple[str | None, str | None] = (None, None)

    @property
    def dimensions(self) -> list[str]:
        """The dimensions that its columns hold."""
        return [one for one in self.meanings if one in DIMENSIONS]


@dataclass(frozen=True, slots=True)
class Export:
    """A file's blocks and what made it: ``ga4``, ``matomo``, ``facebook``, ``tiktok``, or ``table`` for any other."""

    path: Path
    made_by: str
    blocks: list[Block]
    seen: list[str]
    encoding: str | None = None


def read(path: Path, *, encoding: str | None = None, sheet: str | None = None) -> Export:
    """Read an export of any kind. Raises ``InputError`` for what is no table, and for one that holds only a part of its rows."""
    held = json_of(path, encoding)
    if held is not None:
        return _of_json(path, held)
    found = sheets_of(path, encoding=encoding, sheet=sheet)
    blocks = [block for one in found for block in _blocks(one)]
    seen = next((row.cells for one in found for row in one.rows if len(row.cells) > 1), found[0].rows[0].cells)
    return Export(path, _maker(path, blocks, found), blocks, [cell for cell in seen if cell][:20], found[0].encoding)


def _maker(path: Path, blocks: Sequence[Block], found: Sequence[Sheet]) -> str:
    columns = {fold(name) for block in blocks for name in block.header}
    head = [fold(" ".join(row.cells)) for one in found for row in one.rows[:12]]
    if any(name.startswith("nb_") for name in columns):
        return "matomo"
    if any(line.startswith("#") for line in head):
        return "ga4"
    name = fold(path.stem)
    for maker in ("tiktok", "facebook", "instagram", "matomo", "ga4"):
        if maker in name or any(maker in line for line in head):
            return maker
    if any(
        meaning == "share" or (meaning or "").startswith(("gender=", "cell=")) for b in blocks for meaning in b.meanings
    ):
        return "tiktok" if any(name == "distribution" for name in columns) else "facebook"
    return "table"


def _numeric(cell: str) -> bool:
    return count_in(cell) is not None or share_in(cell) is not None


def _blocks(sheet: Sheet) -> Iterator[Block]:
    """The tables of a sheet. A line of one cell is a title or a remark; one of names without figures is a header."""
    period: tuple[str | None, str | None] = (None, None)
    title: str | None = None
    block: Block | None = None
    names: Row | None = None
    for row in sheet.rows:
        told = [cell for cell in row.cells if cell]
        if told[0].startswith("#"):
            period = _period(fold(" ".join(told)), period)
            continue
        if len(told) == 1 and (not _numeric(told[0])) and (found := column(told[0])) in _TITLED and row.cells[0]:
            if block is not None:
                yield block
            title, block, names = found, None, None
            continue
        if _is_header(row.cells):
            meanings = [column(cell) for cell in row.cells]
            if block is not None and not block.rows:
                block = _merged(block, row, meanings)
                continue
            if block is not None:
                yield block
            block, names = Block(row.line, list(row.cells), meanings, title=title, period=period), None
        elif block is not None:
            block.rows.append(row)
        elif title is not None and len(told) > 1:
            if all(map(_numeric, told)) and names is not None and len(row.cells) == len(names.cells):
                turned = [
                    Row(row.line, [name, value]) for name, value in zip(names.cells, row.cells, strict=True) if name
                ]
                yield Block(names.line, [title, "share"], [title, "share"], turned, title, period)
                names = None
            elif len(told) == 2 and _numeric(told[1]):
                what = "share" if "%" in told[1] else "users"
                block = Block(row.line, [title, what], [title, what], [row], title, period)
            else:
                names = row
    if block is not None:
        yield block


def _is_header(cells: Sequence[str]) -> bool:
    told = [cell for cell in cells if cell]
    known = sum(column(cell) is not None for cell in told)
    return known > 0 and len(told) > 1 and known * 3 >= len(told) and not any(map(_numeric, told))


def _merged(block: Block, row: Row, meanings: list[str | None]) -> Block:
    """Two lines of names over one table: the lower says what a column is, the upper what it is a part of."""
    width = max(len(block.header), len(row.cells))
    upper, lower = [*block.header, *[""] * width][:width], [*row.cells, *[""] * width][:width]
    above, below = [*block.meanings, *[None] * width][:width], [*meanings, *[None] * width][:width]
    return Block(
        row.line, [low or up for up, low in zip(upper, lower, strict=True)],
        [low or up for up, low in zip(above, below, strict=True)], title=block.title, period=block.period,
    )  # fmt: skip


def _period(line: str, known: tuple[str | None, str | None]) -> tuple[str | None, str | None]:
    if match := _BOTH.search(line):
        return f"{match[1]}-{match[2]}-{match[3]}", f"{match[4]}-{match[5]}-{match[6]}"
    first, last = _START.search(line), _END.search(line)
    return (
        f"{first[1]}-{first[2]}-{first[3]}" if first else known[0],
        f"{last[1]}-{last[2]}-{last[3]}" if last else known[1],
    )


def _of_json(path: Path, held: Any) -> Export:
    """``runReport`` of GA4's Data API (or several, as ``batchRunReports``), or a list of Matomo's rows."""
    reports = held.get("reports", [held]) if isinstance(held, dict) else []
    if reports and all(isinstance(one, dict) and "metricHeaders" in one for one in reports):
        return Export(path, "ga4", [_of_report(path, one) for one in reports], [])
    rows = held if isinstance(held, list) else next((one for one in held.values() if isinstance(one, list)), [])
    rows = [one for one in rows if isinstance(one, dict)]
    columns = list(
        dict.fromkeys(name for one in rows for name, value in one.items() if isinstance(value, str | int | float))
    )
    meanings = [column(name) for name in columns]
    lines = [Row(place, [str(one.get(name, "")) for name in columns]) for place, one in enumerate(rows, start=1)]
    made_by = "matomo" if any(name.startswith("nb_") for name in columns) else "table"
    return Export(path, made_by, [Block(0, columns, meanings, lines)] if lines else [], columns[:20])


def _of_report(path: Path, report: dict[str, Any]) -> Block:
    try:
        names = [one["name"] for one in (*report.get("dimensionHeaders", ()), *report["metricHeaders"])]
        rows = [
            Row(place, [str(one["value"]) for one in (*row.get("dimensionValues", ()), *row["metricValues"])])
            for place, row in enumerate(report.get("rows", ()), start=1)
        ]
        whole = int(report.get("rowCount", len(rows)))
    except (KeyError, TypeError, ValueError):
        raise InputError("import_report_broken", path=path.name) from None
    if whole > len(rows):
        raise InputError("import_report_part", path=path.name, rows=len(rows), whole=whole)
    return Block(0, names, [column(name) for name in names], rows)


def has_figures(block: Block) -> bool:
    """Whether a block has a known dimension and something counted by it."""
    counted = any(one in METRICS or (one or "").startswith(("gender=", "cell=")) for one in block.meanings)
    return counted and bool(block.rows) and bool(block.dimensions or block.title or "label" in block.meanings
                                                 or any((one or "").startswith("cell=") for one in block.meanings))  # fmt: skip
