"""Lexicon files as people keep them: tab-separated, CSV with comma or semicolon, Excel's Unicode text, Excel workbooks.

A spreadsheet changes what it saves: it puts a byte order mark in front, quotes cells, writes 0,5 for 0.5. All of that is
read. What cannot be read for certain (a code page, an old .xls) is refused in one sentence.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from analysis.text.lexicon import COLUMNS, OPTIONAL, LexiconError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LARGEST = 50_000_000
_LARGEST_UNPACKED = 400_000_000
_MOST_LINES = 300_000
_DELIMITERS = "\t;,"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_SEPARATOR = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
#: An apostrophe before these keeps a spreadsheet from taking the cell for a formula; it is no part of the word.
_GUARDED = re.compile(r"'(?=[=+\-@])")
_BROKEN = (zipfile.BadZipFile, EOFError, SyntaxError, LookupError, ValueError, TypeError, AttributeError, OSError)


class Line(NamedTuple):
    """One line of a table: its number as the user's program shows it, from 1, and its cells."""

    number: int
    cells: list[str]


class Table(NamedTuple):
    """A file, or one sheet of a workbook, under the name by which an error tells it. The first line is the header."""

    name: str
    lines: list[Line]


def tables(path: Path) -> list[Table]:
    """The tables of a lexicon file that hold lexicon lines. Raises :class:`LexiconError` for what cannot be read."""
    try:
        if path.stat().st_size > _LARGEST:
            raise LexiconError("lexicon_too_large", file=path.name)
        body = path.read_bytes()
    except OSError as error:
        raise LexiconError("lexicon_no_file", path=path, why=error.strerror or error) from None
    if body.startswith(b"PK"):
        found = list(_sheets(path, body))
        held = [table for table in found if table.lines and holds_lines(table.lines[0].cells)] or found[:1]
        return held if len(held) > 1 else [table._replace(name=path.name) for table in held]
    if body.startswith(_OLD_EXCEL):
        raise LexiconError("lexicon_old_excel", file=path.name)
    return [Table(path.name, list(_text_lines(path, body)))]


def delimiter_of(path: Path) -> tuple[str, str, str]:
    """A text file's delimiter, the encoding in which more may be written behind it, and its text."""
    body = path.read_bytes()
    encoding = _encoding(body)
    text = body.decode(encoding)
    head, _, rest = text.partition("\n")
    told = _SEPARATOR.fullmatch(head.strip())
    behind = {"utf-8-sig": "utf-8", "utf-16": "utf-16-be" if body.startswith(codecs.BOM_UTF16_BE) else "utf-16-le"}
    return (told[1] if told else _delimiter(head)), behind.get(encoding, encoding), rest if told else text


def holds_lines(header: Sequence[str]) -> bool:
    """Whether a sheet with this header holds lexicon lines."""
    return _known(header) > 1


def _known(cells: Sequence[str]) -> int:
    return sum(cell.strip().casefold() in COLUMNS + OPTIONAL for cell in cells)


def _text_lines(path: Path, body: bytes) -> Iterator[Line]:
    encoding = _encoding(body)
    try:
        text = body.decode(encoding)
    except (UnicodeDecodeError, UnicodeError):
        raise LexiconError("lexicon_encoding", file=path.name) from None
    text = unicodedata.normalize("NFC", text.replace("\0", ""))
    head, _, rest = text.partition("\n")
    delimiter = ""
    if told := _SEPARATOR.fullmatch(head.strip()):
        text, delimiter = rest, told[1]  # a spreadsheet hides this line and does not count it
    delimiter = delimiter or _delimiter(text.partition("\n")[0])
    if delimiter == "\t":
        for number, line in enumerate(text.splitlines(), start=1):
            # Excel's "Unicode text" quotes like a CSV file; in a plain tab-separated file a quote is a sign like any other.
            yield Line(number, [_cell(cell, quoted=encoding == "utf-16") for cell in line.split("\t")])
        return
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 1
    try:
        for cells in reader:
            yield Line(number, [_cell(cell) for cell in cells])
            number = reader.line_num + 1
    except csv.Error:
        raise LexiconError("lexicon_quotes", file=path.name, line=number) from None


def _encoding(body: bytes) -> str:
    for mark, name in _MARKS:
        if body.startswith(mark):
            return name
    start = body[:4096]
    if start[1::2].count(0) > len(start) * 0.2 and start[0::2].count(0) == 0:
        return "utf-16-le"
    return "utf-8"


def _delimiter(header: str) -> str:
    def fits(sign: str) -> tuple[int, int]:
        return _known([cell.strip().strip('"') for cell in header.split(sign)]), header.count(sign)

    return max(_DELIMITERS, key=fits)


def _cell(text: str, *, quoted: bool = False) -> str:
    text = text.strip()
    if quoted and len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1].replace('""', '"').strip()
    return _GUARDED.sub("", text, count=1) if text.startswith("'") else text


def _sheets(path: Path, body: bytes) -> Iterator[Table]:
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            if sum(part.file_size for part in parts.infolist()) > _LARGEST_UNPACKED:
                raise LexiconError("lexicon_too_large", file=path.name)
        book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=False, keep_links=False)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what a file says of its own size is not to be relied on
            lines = []
            for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                if number > _MOST_LINES:
                    raise LexiconError("lexicon_too_large", file=path.name)
                lines.append(Line(number, [_value(cell) for cell in cells]))
            yield Table(f"{path.name} [{sheet.title}]", lines)
    except _BROKEN:
        raise LexiconError("lexicon_not_xlsx", file=path.name) from None


def _value(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return _cell(unicodedata.normalize("NFC", str(cell)))
