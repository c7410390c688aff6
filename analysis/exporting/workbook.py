"""Tables as sheets of one XLSX file: numbers as numbers, moments as dates, and no cell a formula or a link."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from analysis.exporting.columns import Column, moment
from analysis.exporting.reading import Table

MOST_ROWS = 1_048_576
LONGEST_CELL = 32_767
_WIDTH = {"text": 20, "json": 20, "integer": 10, "number": 12, "boolean": 9, "time": 18}
_WIDE = {"text": 70, "quote": 45, "url": 30, "thread_title": 40, "statement": 40}
_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Workbook:
    """A workbook that is written sheet after sheet, each row once, so that memory does not grow with it."""

    def __init__(self, path: Path, *, most_rows: int = MOST_ROWS) -> None:
        import xlsxwriter

        self._most_rows = most_rows
        self._book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                "strings_to_numbers": False, "nan_inf_to_errors": False, "tmpdir": str(path.parent),
            },
        )  # fmt: skip
        self._book.use_zip64()
        self._head = self._book.add_format({"bold": True, "bottom": 1, "valign": "top"})
        self._time = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._wrapped = self._book.add_format({"text_wrap": True, "valign": "top"})
        self.cut = 0

    def close(self) -> None:
        """Write the file. Raises ``OSError`` where the disk is full."""
        from xlsxwriter.exceptions import FileCreateError

        try:
            self._book.close()
        except FileCreateError as error:
            cause = error.args[0] if error.args and isinstance(error.args[0], OSError) else None
            raise cause or OSError(str(error)) from error

    def abandon(self) -> None:
        """Let go of the temporary files of an export that failed."""
        for sheet in self._book.worksheets():
            if getattr(sheet, "row_data_fh", None) is not None and not sheet.row_data_fh.closed:
                sheet.row_data_fh.close()
            if name := getattr(sheet, "row_data_filename", None):
                Path(name).unlink(missing_ok=True)
        self._book.fileclosed = True  # nothing is to be written when it is thrown away

    def page(self, name: str, widths: Sequence[int], rows: Iterable[Sequence[str]]) -> None:
        """A sheet of words, its lines wrapped."""
        sheet = self._sheet(name)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        for line, row in enumerate(rows):
            for place, text in enumerate(row):
                sheet.write_string(line, place, self._text(text), self._wrapped)

    def first(self, name: str) -> None:
        """Open the workbook at this sheet."""
        sheet = self._book.get_worksheet_by_name(name)
        sheet.set_first_sheet()
        sheet.activate()

    def table(self, table: Table) -> list[str]:
        """A sheet of the table, or as many as its rows need. Returns their names."""
        sheet, names, line = self._begin(table, 1), [table.name], 1
        write = [self._cells(column) for column in table.columns]
        for chunk in table.rows():
            for row in chunk:
                if line == self._most_rows:
                    self._end(sheet, table, line)
                    names.append(f"{table.name} ({len(names) + 1})")
                    sheet, line = self._begin(table, len(names)), 1
                for place, value in enumerate(row):
                    if value is not None:
                        write[place](sheet, line, place, value)
                line += 1
        self._end(sheet, table, line)
        return names

    def _sheet(self, name: str) -> Any:
        return self._book.add_worksheet(name)

    def _begin(self, table: Table, number: int) -> Any:
        sheet = self._sheet(table.name if number == 1 else f"{table.name} ({number})")
        for place, column in enumerate(table.columns):
            sheet.set_column(place, place, _WIDE.get(column.name, _WIDTH[column.kind]))
        for place, column in enumerate(table.columns):
            sheet.write_string(0, place, column.name, self._head)
        sheet.freeze_panes(1, 0)
        return sheet

    def _end(self, sheet: Any, table: Table, line: int) -> None:
        sheet.autofilter(0, 0, max(line - 1, 1), len(table.columns) - 1)

    def _cells(self, column: Column) -> Callable[[Any, int, int, object], None]:
        def text(sheet: Any, line: int, place: int, value: object) -> None:
            if value != "":
                sheet.write_string(line, place, self._text(str(value)))

        def number(sheet: Any, line: int, place: int, value: object) -> None:
            if isinstance(value, int | float):
                sheet.write_number(line, place, value)
            else:
                text(sheet, line, place, value)

        def time(sheet: Any, line: int, place: int, value: object) -> None:
            at = moment(value)
            # Excel's days begin in 1900 and know no time zone; the column says that it is UTC
            if isinstance(at, datetime) and at.year >= 1900:
                sheet.write_datetime(line, place, at.replace(tzinfo=None), self._time)
            else:
                text(sheet, line, place, value)

        kinds = {"integer": number, "number": number, "boolean": number, "time": time}
        return kinds.get(column.kind, text)

    def _text(self, value: str) -> str:
        value = _UNSHOWABLE.sub("\ufffd", value)
        if len(value) > LONGEST_CELL:
            self.cut += 1
            value = value[: LONGEST_CELL - 1] + "…"
        return value
