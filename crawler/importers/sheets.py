"""Rows of an Excel workbook, one at a time. A formula is text like any other; nothing in the file is followed or run."""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from crawler.importers.lines import Row
from data.errors import InputError

#: Excel's own limits are beyond any list of posts; these are what one file may unpack to.
_LARGEST_PART, _LARGEST_WHOLE, _LARGEST_STRINGS = 400 << 20, 800 << 20, 200 << 20
_MOST_RATIO, _SMALL = 200, 20 << 20
_MOST_ROWS, _MOST_COLUMNS, _LONGEST_CELL = 1_048_576, 400, 40_000
#: What the libraries raise for a damaged workbook; ElementTree's ParseError is a SyntaxError.
_BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, EOFError, SyntaxError, LookupError, ValueError,
    TypeError, AttributeError, ArithmeticError, AssertionError, RuntimeError, OSError,
)  # fmt: skip
#: One column over several rows, as a workbook notes it below its rows.
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3})(\d{1,7}):\1(\d{1,7})"')
_MOST_MERGED = 50_000
_DECLARES = (b"<!DOCTYPE", b"<!ENTITY")


def check(path: Path) -> None:
    """Raise ``InputError`` for what is no workbook, or would unpack to more than any list of posts holds."""
    try:
        with zipfile.ZipFile(path) as book:
            parts = book.infolist()
            if sum(part.file_size for part in parts) > _LARGEST_WHOLE or any(map(_is_bomb, parts)):
                raise InputError("import_bomb", path=path.name)
            if not any(part.filename == "xl/workbook.xml" for part in parts):
                raise InputError("import_not_xlsx", path=path.name)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with book.open(part) as body:
                        start = body.read(65_536)
                    if any(word in start for word in _DECLARES):
                        raise InputError("import_bomb", path=path.name)
    except _BROKEN:
        raise InputError("import_not_xlsx", path=path.name) from None


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    limit = _LARGEST_STRINGS if part.filename.endswith("sharedStrings.xml") else _LARGEST_PART
    ratio = part.file_size / max(part.compress_size, 1)
    return part.file_size > limit or (part.file_size > _SMALL and ratio > _MOST_RATIO)


class Book:
    """An opened workbook: its texts, which all sheets share, are read once for every look at its rows."""

    def __init__(self, path: Path) -> None:
        check(path)
        self._path, self._book = path, _open(path)
        self.sheets = [str(sheet.title) for sheet in self._book.worksheets]

    def rows(self, sheet: str) -> Iterator[Row]:
        """The rows of a sheet that hold anything."""
        try:
            page = self._book[sheet]
            merged = self._merged(page)
            page.reset_dimensions()  # what a file says of its own size is not to be relied on
            hanging: dict[int, tuple[int, int, str]] = {}
            for number, cells in enumerate(page.iter_rows(values_only=True), start=1):
                if number > _MOST_ROWS:
                    return
                values = [_text(cell) for cell in cells[:_MOST_COLUMNS]]
                for column, first, last in merged.get(number, ()):
                    hanging[column] = (first, last, values[column] if column < len(values) else "")
                if any(values):  # a merged cell is its rows' own, but makes no row by itself
                    for column, (first, last, text) in hanging.items():
                        if first < number <= last and column < len(values) and not values[column]:
                            values[column] = text
                if any(values):
                    yield Row(number, values)
        except _BROKEN:
            raise InputError("import_not_xlsx", path=self._path.name) from None

    def _merged(self, page: Any) -> dict[int, list[tuple[int, int, int]]]:
        """Row → the cells that reach from it over the rows below: column (from 0), first and last row."""
        found: dict[int, list[tuple[int, int, int]]] = {}
        with zipfile.ZipFile(self._path) as book, book.open(page._worksheet_path) as body:
            before, told = b"", 0
            while (piece := body.read(1 << 20)) and told < _MOST_MERGED:
                window = before + piece
                end = 0
                for match in _MERGED.finditer(window):
                    column, first, last = match[1], int(match[2]), int(match[3])
                    end = match.end()
                    if first < last <= _MOST_ROWS:
                        found.setdefault(first, []).append((_column(column), first, last))
                        told += 1
                before = window[max(end, len(window) - 100) :]
        return found


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def _open(path: Path) -> Any:
    import openpyxl

    file = path.open("rb")  # the library would go by the end of the name; the book reads from it as long as it lives
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except _BROKEN:
        file.close()
        raise InputError("import_not_xlsx", path=path.name) from None
    if not book.worksheets:
        raise InputError("import_not_xlsx", path=path.name)
    return book


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)[:_LONGEST_CELL]
