"""A file as rows of cells, whatever it is: CSV in any encoding and dialect, a workbook, an HTML table. Nothing is taken for a header."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.importers import lines, pages, sheets
from crawler.importers.encodings import composed, encoding_of, mended
from crawler.importers.lines import Row
from data.errors import InputError

_DELIMITERS = ("\t", ";", ",", "|")
_CHAT = re.compile(r"\[\d{1,4}[:/.\-h]\d{1,2}[^\]\n\"{}]{0,40}\]\s?[^\n:]{1,80}:")
_TOLD = re.compile(r"sep=(.)\s*", re.I)
_LARGEST, _LARGEST_JSON = 2 << 30, 200 << 20
_LOOKED_AT = 400


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a file, or of one sheet of a workbook. ``encoding`` and ``delimiter`` are a text file's."""

    path: Path
    rows: list[Row]
    name: str | None = None
    encoding: str | None = None
    delimiter: str | None = None


def opened(path: Path, largest: int = _LARGEST) -> bytes:
    """How a file begins.

    Raises ``InputError`` for a folder, a missing, an empty and an enormous file (over ``largest`` bytes), and for what is no table.
    """
    if path.is_dir():
        raise InputError("import_folder", path=path)
    if not path.is_file():
        raise InputError("import_no_file", path=path)
    size = path.stat().st_size
    if size == 0:
        raise InputError("import_empty", path=path.name)
    if size > largest:
        raise InputError("import_too_large", path=path.name, limit=largest >> 30)
    with path.open("rb") as file:
        start = file.read(512)
    if start.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b", b"SQLite format 3")):
        raise InputError("import_not_a_table", path=path.name)
    return start


def sheets_of(path: Path, *, encoding: str | None = None, sheet: str | None = None) -> list[Sheet]:
    """Every sheet that has rows; of a text file its only one. Raises ``InputError`` for what is no table."""
    start = opened(path)
    if start.startswith(b"PK\x03\x04"):
        book = sheets.Book(path)
        if sheet is not None and sheet not in book.sheets:
            raise InputError("import_no_sheet", path=path.name, name=sheet, known=", ".join(book.sheets))
        named = [sheet] if sheet is not None else book.sheets[:20]
        found = [Sheet(path, list(map(_composed, book.rows(name))), name) for name in named]
    else:
        encoding = encoding or encoding_of(path)
        found = [_of_text(path, encoding, start)]
    found = [one for one in found if one.rows]
    if not found:
        raise InputError("import_empty", path=path.name)
    return found


def _of_text(path: Path, encoding: str, start: bytes) -> Sheet:
    try:
        first = start.decode(encoding, "ignore").lstrip("\ufeff \t\r\n")
    except LookupError:
        raise InputError("import_no_encoding", name=encoding) from None
    if first[:1] == "<":
        return Sheet(path, list(map(_composed, pages.rows(path, encoding, start))), encoding=encoding)
    sign = _delimiter(path, encoding)
    rows = []
    for row in lines.rows(path, encoding, sign):
        if row.wrong is not None:
            raise InputError(
                "import_line_unreadable",
                path=path.name,
                line=row.line,
                begins=" ".join(" ".join(row.cells).split())[:60],
            )
        rows.append(_composed(row))
    if rows and len(rows[0].cells) <= 2 and _TOLD.fullmatch(sign.join(rows[0].cells)):
        del rows[0]
    return Sheet(path, rows, encoding=encoding, delimiter=sign)


def _composed(row: Row) -> Row:
    return Row(row.line, [" ".join(composed(mended(cell)).split()) for cell in row.cells])


def _delimiter(path: Path, encoding: str) -> str:
    """The sign that a ``sep=`` line names, else the one that cuts the most lines into as many cells as others."""
    with path.open("r", encoding=encoding, errors="replace", newline="") as file:
        start = file.read(65_536)
    if told := _TOLD.match(start.lstrip("\ufeff")):
        return told[1]
    text = "\n".join(line for line in start.splitlines()[:_LOOKED_AT] if not line.startswith("#"))
    best, sign = (0, 0), ","
    for one in _DELIMITERS:
        widths = Counter(len(row.cells) for row in lines.rows_of(text, one) if row.wrong is None and len(row.cells) > 1)
        several, often = (widths.most_common(1) or [(0, 0)])[0]
        if (often, several) > best:
            best, sign = (often, several), one
    return sign


def refuse_chat(path: Path, start: str) -> None:
    """Raise ``InputError`` where a file is a conversation copied as text (``[10:21, 01/10/2026] Mai: …``) and no JSON."""
    if _CHAT.match(start.lstrip("\ufeff \t\r\n")):
        raise InputError("import_chat_text", path=path.name)


def json_of(path: Path, encoding: str | None = None) -> Any:
    """What a JSON file holds, ``None`` for any other file. Raises ``InputError`` where it breaks off or is far too large."""
    start = opened(path)
    if start.startswith(b"PK\x03\x04"):
        return None
    encoding = encoding or encoding_of(path)
    if start.decode(encoding, "ignore").lstrip("\ufeff \t\r\n")[:1] not in ("{", "["):
        return None
    if path.stat().st_size > _LARGEST_JSON:
        raise InputError("import_too_large", path=path.name, limit=1)
    try:
        return json.loads(path.read_text(encoding=encoding, errors="replace").lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        refuse_chat(path, start.decode(encoding, "ignore"))
        raise InputError("import_not_json", path=path.name, why=str(error)[:120]) from None
