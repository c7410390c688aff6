"""An analytics export as blocks: each one table of a report, with a header of known columns and the period above it."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
    #: Titles of sections that the codebook has no place for.
    left: list[str] = field(default_factory=list)


def read(path: Path, *, encoding: str | None = None, sheet: str | None = None) -> Export:
    """Read an export of any kind. Raises ``InputError`` for what is no table, and for one that holds only a part of its rows."""
    held = json_of(path, encoding)
    if held is not None:
        return _of_json(path, held)
    found = sheets_of(path, encoding=encoding, sheet=sheet)
    sections = [_Blocks().read(one) for one in found]
    blocks = [block for one in sections for block in one.found]
    seen = next((row.cells for one in found for row in one.rows if len(row.cells) > 1), found[0].rows[0].cells)
    return Export(path, _maker(path, blocks, found), blocks, [cell for cell in seen if cell][:20], found[0].encoding,
                  [title for one in sections for title in one.left])  # fmt: skip


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


class _Blocks:
    """Finds the tables of a sheet, line by line. A line of one cell is a title or a remark, one of names without figures a header."""

    def __init__(self) -> None:
        self.found: list[Block] = []
        self.left: list[str] = []
        self._period: tuple[str | None, str | None] = (None, None)
        self._title: tuple[str, str] | None = None
        self._unknown: str | None = None
        self._block: Block | None = None
        self._names: Row | None = None

    def read(self, sheet: Sheet) -> _Blocks:
        """Read all lines."""
        for row in sheet.rows:
            told = [cell for cell in row.cells if cell]
            if told[0].startswith("#"):
                self._period = _period(fold(" ".join(told)), self._period)
            elif len(told) == 1 and row.cells[0] and not _numeric(told[0]):
                self._begin(told[0])
            elif _is_header(row.cells):
                self._header(row)
            elif self._block is not None:
                self._block.rows.append(row)
            elif self._title is not None:
                self._without_header(row, told)
            elif self._unknown is not None:
                self.left.append(self._unknown)
                self._unknown = None
        return self

    def _begin(self, name: str) -> None:
        """A title: of one of the dimensions, or of something that the codebook has no place for."""
        found = column(name)
        self._block, self._names = None, None
        self._title = (found, name) if found in _TITLED else None
        self._unknown = None if self._title or not self.found else name

    def _header(self, row: Row) -> None:
        meanings = [column(cell) for cell in row.cells]
        if self._block is not None and not self._block.rows:
            self._block = self.found[-1] = _merged(self._block, row, meanings)
        else:
            title = self._title[0] if self._title else None
            self._add(Block(row.line, list(row.cells), meanings, title=title, period=self._period))
        self._names = None

    def _add(self, block: Block) -> None:
        self._block = block
        self.found.append(block)

    def _without_header(self, row: Row, told: list[str]) -> None:
        """Names and shares side by side, or a line of names over a line of shares, as Facebook writes its towns."""
        title, name = self._title or ("", "")
        if all(map(_numeric, told)) and self._names is not None and len(row.cells) == len(self._names.cells):
            turned = [
                Row(row.line, [one, value]) for one, value in zip(self._names.cells, row.cells, strict=True) if one
            ]
            self._add(Block(self._names.line, [name, "share"], [title, "share"], turned, title, self._period))
            self._block = self._names = None
        elif len(told) == 2 and _numeric(told[1]):
            what = "share" if "%" in told[1] else "users"
            self._add(Block(row.line, [name, what], [title, what], [row], title, self._period))
        else:
            self._names = row


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
    if (
        isinstance(reports, list)
        and reports
        and all(isinstance(one, dict) and "metricHeaders" in one for one in reports)
    ):
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
        names = [str(one["name"]) for one in (*report.get("dimensionHeaders", ()), *report["metricHeaders"])]
        rows = [
            Row(place, [str(one["value"]) for one in (*row.get("dimensionValues", ()), *row["metricValues"])])
            for place, row in enumerate(report.get("rows", ()), start=1)
        ]
        whole = int(report.get("rowCount", len(rows)))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InputError("import_report_broken", path=path.name) from None
    if whole > len(rows):
        raise InputError("import_report_part", path=path.name, rows=len(rows), whole=whole)
    return Block(0, names, [column(name) for name in names], rows)


def has_figures(block: Block) -> bool:
    """Whether a block has a known dimension and something counted by it."""
    counted = any(one in METRICS or (one or "").startswith(("gender=", "cell=")) for one in block.meanings)
    return counted and bool(block.rows) and bool(block.dimensions or block.title or "label" in block.meanings
                                                 or any((one or "").startswith("cell=") for one in block.meanings))  # fmt: skip
