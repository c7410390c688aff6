"""Lexicon lines into files that a spreadsheet opens, and a line more into a study's own file."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from analysis.lexicons.lines import COLUMNS, Row
from analysis.text.lexicon_own import areas
from analysis.text.lexicon_tables import delimiter_of, holds_lines, tables
from data.errors import InputError
from data.rows import harmless
from data.words import entry, language, tell

#: Excel cuts what is longer than 32,767 characters.
_LONGEST_CELL = 30_000
KINDS = (".xlsx", ".csv", ".tsv")
_WIDTHS = {"term": 34, "variants": 44, "code": 20, "weight": 8, "origin": 14, "example": 40, "notes": 14, "area": 18}


def write(path: Path, rows: Iterable[Row]) -> int:
    """Write ``rows`` into a new file of one of :data:`KINDS`, and return how many they were.

    Raises ``InputError`` where the file is there already: somebody may have worked in it.
    """
    if path.suffix.lower() not in KINDS:
        raise InputError("lexicon_kind", path=path.name, known=", ".join(KINDS))
    if path.exists():
        raise InputError("lexicon_exists", path=path)
    lines = [[row.get(column, "") for column in COLUMNS] for whole in rows for row in _fitting(whole)]
    try:
        _write(path, COLUMNS, lines)
    except OSError as error:
        raise InputError("cannot_write", path=path, why=error.strerror or error) from None
    return len(lines)


def _fitting(row: Row) -> Iterator[Row]:
    """A line as one or several whose cells a spreadsheet holds; the further ones begin with a variant."""
    variants = row.get("variants", "")
    while len(variants) > _LONGEST_CELL:
        cut = variants.rindex("|", 0, _LONGEST_CELL)
        yield row | {"variants": variants[:cut]}
        term, _, variants = variants[cut + 1 :].partition("|")
        row = row | {"term": term}
    yield row | {"variants": variants}


def append(path: Path, row: Row) -> None:
    """Add one line to a study's own file, in the file's own columns; a missing file is begun.

    A column that the file lacks and the line needs is added. Raises ``InputError`` where it cannot be written.
    """
    try:
        if not path.exists():
            _write(path, COLUMNS, [[row.get(column, "") for column in COLUMNS]])
        elif path.suffix.lower() == ".xlsx":
            _append_xlsx(path, row)
        else:
            _append_text(path, row)
    except OSError as error:
        raise InputError("lexicon_in_use", path=path, why=error.strerror or error) from None


def _write(path: Path, header: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    if path.suffix.lower() == ".xlsx":
        _write_xlsx(path, header, lines)
    elif path.suffix.lower() == ".csv":
        # Excel takes the sign from the country's settings; in Vietnam it is the semicolon.
        sign = ";" if language() == "vi" else ","
        with path.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.writer(out, delimiter=sign, lineterminator="\r\n")
            writer.writerow(header)
            writer.writerows([[harmless(cell) for cell in line] for line in lines])
    else:
        text = "".join("\t".join(_flat(cell) for cell in line) + "\n" for line in (header, *lines))
        path.write_text(text, encoding="utf-8", newline="\n")


def _flat(cell: str) -> str:
    return " ".join(cell.split())


def _write_xlsx(path: Path, header: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet: Any = book.active
    sheet.title = "lexicon"
    for number, line in enumerate((header, *lines), start=1):
        _put(sheet, number, line, header)
    for place, column in enumerate(header, start=1):
        sheet.cell(1, place).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS.get(column, 10)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    about: Any = book.create_sheet(tell("lexicon.about.sheet"))
    about.append([tell("lexicon.about.name"), tell("lexicon.about.meaning")])
    for column, meaning in entry("lexicon.columns").items():
        about.append([column, meaning])
    for area in areas():
        about.append([f"area = {area}", entry("lexicon.areas").get(area, "")])
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 28, 110
    book.save(path)


def _put(sheet: Any, number: int, line: Sequence[str], header: Sequence[str]) -> None:
    for place, (column, text) in enumerate(zip(header, line, strict=False), start=1):
        if text == "":
            continue
        cell = sheet.cell(number, place)
        if column == "weight" and number > 1:
            cell.value = float(text.replace(",", "."))
        else:
            cell.value = text
            cell.data_type = "s"  # "=((" is an emoticon and no formula
            cell.quotePrefix = text[:1] in ("=", "+", "-", "@")


def _append_xlsx(path: Path, row: Row) -> None:
    from openpyxl import load_workbook

    book = load_workbook(path)
    headers = {sheet: [str(cell.value or "").strip().casefold() for cell in sheet[1]] for sheet in book.worksheets}
    sheet: Any = next((one for one, header in headers.items() if holds_lines(header)), book.worksheets[0])
    header = headers[sheet]
    for column in _missing(header, row):
        header.append(column)
        sheet.cell(1, len(header)).value = column
    last = max((cell.row for cells in sheet.iter_rows() for cell in cells if cell.value not in (None, "")), default=1)
    _put(sheet, last + 1, [row.get(column, "") for column in header], header)
    book.save(path)


def _append_text(path: Path, row: Row) -> None:
    sign, encoding, text = delimiter_of(path)
    lines = tables(path)[0].lines
    header = [cell.strip().casefold() for cell in lines[0].cells] if lines else []
    missing = _missing(header, row) if header else []
    if not header or missing:
        # A column more means every line anew: the file is written as it was read, with that column behind.
        header, body = header or list(COLUMNS), [line.cells for line in lines[1:]]
        header += [column for column in missing if column not in header]
        _write(path, header, [*body, [row.get(column, "") for column in header]])
        return
    cells = [row.get(column, "") for column in header]
    with path.open("a", encoding=encoding, newline="") as out:
        if text and not text.endswith("\n"):
            out.write("\r\n" if "\r\n" in text else "\n")
        if sign == "\t":
            out.write("\t".join(_flat(cell) for cell in cells) + ("\r\n" if "\r\n" in text else "\n"))
        else:
            end = "\r\n" if "\r\n" in text else "\n"
            csv.writer(out, delimiter=sign, lineterminator=end).writerow([harmless(cell) for cell in cells])


def _missing(header: Sequence[str], row: Row) -> list[str]:
    return [column for column in COLUMNS if row.get(column) and column not in header]
