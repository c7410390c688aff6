"""Tables of labels, one answer a row, as spreadsheets write and read them: CSV, and Excel workbooks."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from data.errors import InputError
from data.gold import CodedPost
from data.labelled import COLUMNS, rows_of
from data.rows import harmless
from data.words import tell

_NUMBERS = ("severity", "nth")
#: What a spreadsheet calls the encodings that Excel writes.
_ENCODINGS = ("utf-8-sig", "utf-16", "cp1258")
#: Excel cuts what is longer.
_LONGEST_CELL = 32_767
_WIDTHS = {
    "id": 24,
    "text": 70,
    "quote": 40,
    "attribute": 16,
    "value": 16,
    "category": 16,
    "coder": 14,
    "labelled_at": 22,
}
#: What files of earlier versions, and people, call a column.
_OTHER_NAMES = {"lang": "language", "labelled_by": "coder"}
_BROKEN = (zipfile.BadZipFile, EOFError, SyntaxError, LookupError, ValueError, TypeError, AttributeError)
Row = tuple[int, dict[str, str]]


def is_table(path: Path) -> bool:
    return path.suffix.lower() in (".csv", ".tsv", ".xlsx")


def write(path: Path, posts: Iterable[CodedPost], *, workbook: bool) -> None:
    """Write coded posts as rows with the columns of :data:`COLUMNS`, as CSV or as an Excel ``workbook``. Raises ``OSError``."""
    if workbook:
        _write_workbook(path, posts)
        return
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        writer.writerows([harmless(value) for value in row.values()] for row in rows_of(posts))


def _write_workbook(path: Path, posts: Iterable[CodedPost]) -> None:
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet: Any = book.active
    sheet.title = "labels"
    sheet.append(COLUMNS)
    for place, name in enumerate(COLUMNS, start=1):
        sheet.cell(1, place).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS.get(name, 12)
    sheet.freeze_panes = "B2"
    for number, row in enumerate(rows_of(posts), start=2):
        for place, (name, value) in enumerate(row.items(), start=1):
            if value in (None, ""):
                continue
            cell = sheet.cell(number, place)
            if name in _NUMBERS:
                cell.value = int(value)
                continue
            text = ILLEGAL_CHARACTERS_RE.sub("", str(value))
            if name == "text" and len(text) > _LONGEST_CELL:
                continue  # the post is known by its id
            cell.value = text[:_LONGEST_CELL]
            cell.data_type = "s"  # "=((" is an emoticon and no formula
            cell.quotePrefix = text[:1] in ("=", "+", "-", "@")
    sheet.auto_filter.ref = sheet.dimensions
    book.save(path)


def posts_of(path: Path, *, with_text: bool) -> Iterator[tuple[int, Any, str]]:
    """A table's rows gathered post by post: one coder's rows of one id are one post's answers, wherever they stand.

    Each post with the number of its row, and with what is wrong. Raises :class:`InputError` where columns lack.
    """
    names, rows = _workbook(path) if path.suffix.lower() == ".xlsx" else _text_table(path)
    needed = ("id", "text", "quote") if with_text else ("id", "quote")
    if missing := [name for name in needed if name not in names]:
        raise InputError("label_columns", path=path, missing=", ".join(missing), known=", ".join(COLUMNS))
    gathered = _Gathered()
    for number, cells in rows:
        if cells and "id" not in cells:
            yield number, None, tell("eval.line.missing", name="id")
        elif cells:
            gathered.take(number, cells)
    yield from gathered.posts()


def _named(header: Iterable[object]) -> list[str]:
    names = [str(name or "").strip().lower() for name in header]
    return [_OTHER_NAMES[name] if _OTHER_NAMES.get(name, name) not in names else name for name in names]


def _text_table(path: Path) -> tuple[list[str], Iterator[Row]]:
    with opened(path, _encoding(path), newline="") as source:
        first = source.readline()
        source.seek(0)
        reader = csv.reader(source, delimiter=max(",;\t", key=first.count))
        names = _named(next(reader, ()))
        # Row by row with the number of the line on which each ends, as a text editor shows it.
        rows = [(reader.line_num, _cells(names, values)) for values in reader]
    return names, iter(rows)


def _workbook(path: Path) -> tuple[list[str], Iterator[Row]]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()
        lines = [[_plain(value) for value in values] for values in sheet.iter_rows(values_only=True)]
        book.close()
    except OSError as error:
        raise InputError("unreadable_file", path=path, why=error.strerror or error) from None
    except _BROKEN:
        raise InputError("label_workbook", path=path) from None
    names = _named(lines[0] if lines else ())
    return names, iter([(number, _cells(names, values)) for number, values in enumerate(lines[1:], start=2)])


def _plain(value: object) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _cells(names: Sequence[str], values: Sequence[str]) -> dict[str, str]:
    return {name: _cell(value) for name, value in zip(names, values, strict=False) if name and value.strip()}


class _Gathered:
    """The rows of a table, post by post and coder by coder, each post with the number of its first row."""

    def __init__(self) -> None:
        self._posts: dict[tuple[str, str], tuple[int, dict[str, Any]]] = {}
        self._coders: dict[str, str] = {}
        #: Why a post cannot be used, and which row says so.
        self._wrong: dict[tuple[str, str], tuple[int, str]] = {}
        self._empty: dict[tuple[str, str], int] = {}

    def take(self, number: int, cells: Mapping[str, str]) -> None:
        # A row that names no coder goes on where the row before it left off.
        coder = self._coders[cells["id"]] = cells.get("coder") or self._coders.get(cells["id"], "")
        key = (cells["id"], coder)
        _, line = self._posts.setdefault(key, (number, {"cues": [], "pains": [], "rows": {"cues": [], "pains": []}}))
        for name in ("id", "language", "posted_at", "text", "coder", "labelled_at"):
            line[name] = line.get(name) or cells.get(name)
        entry = _entry(cells)
        if not entry:
            self._empty.setdefault(key, number)
        elif _is_cue(entry) and ("kind" in entry or "category" in entry):
            self._wrong.setdefault(key, (number, tell("label.import.both")))
        else:
            area = "cues" if _is_cue(entry) else "pains"
            line[area].append(entry)
            line["rows"][area].append(number)
        if key in self._empty and (line["cues"] or line["pains"]):
            self._wrong.setdefault(key, (self._empty[key], tell("label.import.empty", id=cells["id"])))

    def posts(self) -> Iterator[tuple[int, Any, str]]:
        for key, (number, line) in self._posts.items():
            row, why = self._wrong.get(key, (number, ""))
            yield row, line, why


def _cell(value: str) -> str:
    value = value.replace("\r\n", "\n").strip()
    # The apostrophe by which a spreadsheet takes a text for no formula.
    return value[1:] if value[:1] == "'" and harmless(value[1:]) != value[1:] else value


def _entry(cells: Mapping[str, str]) -> dict[str, Any]:
    entry: dict[str, Any] = {name: value for name, value in cells.items() if name in COLUMNS[4:14]}
    for name in _NUMBERS:
        if entry.get(name, "").removesuffix(".0").isdigit():
            entry[name] = int(entry[name].removesuffix(".0"))
    return entry


def _is_cue(entry: Mapping[str, Any]) -> bool:
    return "attribute" in entry or "value" in entry


def opened(path: Path, encoding: str, newline: str | None = None) -> TextIO:
    try:
        return path.open(encoding=encoding, errors="replace", newline=newline)
    except OSError as error:
        raise InputError("unreadable_file", path=path, why=error.strerror or error) from None


def _encoding(path: Path) -> str:
    try:
        head = path.read_bytes()
    except OSError as error:
        raise InputError("unreadable_file", path=path, why=error.strerror or error) from None
    for encoding in _ENCODINGS:
        if encoding == "utf-16" and head[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            continue
        try:
            head.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "utf-8-sig"
