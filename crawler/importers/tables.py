"""A file as a table: its columns, and its rows as often as they are wanted, one at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path

from crawler.importers import lines, objects, pages, sheets
from crawler.importers.columns import known_headers
from crawler.importers.encodings import composed, encoding_of, mended
from crawler.importers.lines import Row
from crawler.importers.raw import opened
from data.errors import InputError

#: The first rows, by which columns are recognised.
SAMPLE = 500
_HEADER_WITHIN = 25
_DELIMITERS = (",", ";", "\t", "|")
_LARGEST = 8 << 30
_MOST_SHEETS = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One row by its columns' names. ``wrong`` says why it cannot be read; ``cells[""]`` then is how it begins."""

    number: int
    cells: dict[str, str]
    wrong: str | None = None


@dataclass(slots=True)
class Table:
    """A file that is a list of rows. ``how`` is ``csv``, ``xlsx``, ``html``, ``json`` or ``jsonl``; ``head`` what it says of itself."""

    path: Path
    how: str
    columns: list[str]
    rows: Callable[[], Iterator[Line]]
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    other_sheets: list[str] = field(default_factory=list)
    head: dict[str, str] = field(default_factory=dict)
    #: One of the cells whose UTF-8 had been taken for Latin-1, as it stands in the file; known once the rows were read.
    broken: list[str] = field(default_factory=list)

    _sample: list[Line] | None = None

    def sample(self) -> list[Line]:
        """The first rows that can be read."""
        if self._sample is None:
            self._sample = list(islice((row for row in self.rows() if row.wrong is None), SAMPLE))
        return self._sample


def open_table(
    path: Path, *, encoding: str | None = None, delimiter: str | None = None, sheet: str | None = None
) -> Table:
    """Open a file by what it holds, whatever its name says. Raises ``InputError`` for what is no table."""
    start = opened(path, _LARGEST)
    if start.startswith(b"PK\x03\x04"):
        return _workbook(path, sheet)
    encoding = encoding or encoding_of(path)
    try:
        first = start.decode(encoding, "ignore").lstrip("\ufeff \t\r\n")[:1]
    except LookupError:
        raise InputError("import_no_encoding", name=encoding) from None
    if first in ("{", "["):
        return _json(path, encoding)
    if first == "<":
        return _pages_table(path, encoding, start)
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        raise InputError("import_not_xlsx", path=path.name)
    if path.suffix.lower() in (".yaml", ".yml", ".py", ".toml", ".md"):
        raise InputError("import_not_a_table", path=path.name)
    return _csv(path, encoding, delimiter)


def _pages_table(path: Path, encoding: str, start: bytes) -> Table:
    """The largest table of an HTML page, which is what many shops' “Excel” files are."""
    found = pages.rows(path, encoding, start)
    if len(found) < 2:
        raise InputError("import_not_a_table", path=path.name)
    table = _with_header(path, "html", lambda: iter(found))
    table.encoding = encoding
    return table


def _workbook(path: Path, sheet: str | None) -> Table:
    book = sheets.Book(path)
    if sheet is not None and sheet not in book.sheets:
        raise InputError("import_no_sheet", path=path.name, name=sheet, known=", ".join(book.sheets))
    sheet = sheet or _likeliest(book)
    table = _with_header(path, "xlsx", lambda: book.rows(sheet))
    table.sheet, table.other_sheets = sheet, [name for name in book.sheets if name != sheet]
    return table


def _likeliest(book: sheets.Book) -> str:
    """The sheet whose first rows have the most known names of columns; the first of those alike."""

    def known(name: str) -> int:
        return max((known_headers(row.cells) for row in islice(book.rows(name), _HEADER_WITHIN)), default=0)

    if len(book.sheets) == 1:
        return book.sheets[0]
    found = {name: known(name) for name in book.sheets[:_MOST_SHEETS]}
    return max(found, key=lambda name: found[name])


def _csv(path: Path, encoding: str, delimiter: str | None) -> Table:
    sign = delimiter or _delimiter(path, encoding)
    broken: list[str] = []
    table = _with_header(path, "csv", lambda: map(partial(_mended, broken), lines.rows(path, encoding, sign)))
    table.encoding, table.delimiter, table.broken = encoding, sign, broken
    return table


def _mended(broken: list[str], row: Row) -> Row:
    """A row whose words were saved in a wrong encoding put right; the first such cell is noted in ``broken``."""
    if all(map(str.isascii, row.cells)):
        return row
    cells = [mended(cell) for cell in row.cells]
    if cells == row.cells:
        return row
    if not broken:
        broken.append(next(old for old, new in zip(row.cells, cells, strict=True) if old != new)[:40])
    return replace(row, cells=cells)


def _json(path: Path, encoding: str) -> Table:
    place = None
    if path.suffix.lower() not in (".jsonl", ".ndjson") and not _is_lines(path, encoding):
        place = objects.place_of_list(path, encoding)
        if place is None:
            raise InputError("import_no_list", path=path.name)
    if place is None:
        things: Callable[[], Iterator[objects.Thing]] = partial(objects.of_lines, path, encoding)
        how, head = "jsonl", dict[str, str]()
    else:
        things, how = partial(objects.of_list, path, encoding, place), "json"
        head = {} if place == "item" else objects.head(path, encoding)
    columns: dict[str, None] = {}
    for thing in islice(things(), SAMPLE):
        columns |= dict.fromkeys(name for name in thing.cells if name and not name.startswith("@"))
        if len(columns) > 1_000:
            break

    def rows() -> Iterator[Line]:
        for one in things():
            yield Line(one.number, {name: composed(text) for name, text in one.cells.items()}, one.wrong)

    return Table(path, how, list(columns), rows, encoding=encoding, head=head)


def _is_lines(path: Path, encoding: str) -> bool:
    """Whether the first line is an object by itself and the next begins another one."""
    import json

    with path.open("r", encoding=encoding, errors="replace") as file:
        first, second = file.readline(1 << 20), file.readline(10)
    try:
        return isinstance(json.loads(first), dict) and second.lstrip()[:1] == "{"
    except (ValueError, RecursionError):
        return False


def _delimiter(path: Path, encoding: str) -> str:
    """The sign that gives the most lines the same number of cells; a line of known column names decides."""
    with path.open("r", encoding=encoding, errors="replace", newline="") as file:
        start = file.read(65_536)
    if len(start) == 65_536:
        start = start[: start.rfind("\n") + 1] or start
    best, sign = (0.0, 0.0), ","
    for one in _DELIMITERS:
        found = [row.cells for row in islice(lines.rows_of(start, one), 200) if row.wrong is None]
        known = max((known_headers(cells) for cells in found[:_HEADER_WITHIN]), default=0)
        widths = [len(cells) for cells in found if len(cells) > 1]
        usual = max(set(widths), key=widths.count) if widths else 1
        agree = widths.count(usual) / len(found) if found and usual > 1 else 0.0
        if (known, agree) > best:
            best, sign = (known, agree), one
    return sign


def _with_header(path: Path, how: str, read: Callable[[], Iterator[Row]]) -> Table:
    first = list(islice((row for row in read() if row.wrong is None), _HEADER_WITHIN))
    if not first:
        raise InputError("import_empty", path=path.name)
    place = max(range(len(first)), key=lambda index: (known_headers(first[index].cells), -index))
    if known_headers(first[place].cells) < 2 and not _is_header(first[0].cells):
        place = -1 if known_headers(first[0].cells) == 0 else 0
    elif known_headers(first[place].cells) < 2:
        place = 0
    after = first[place].line if place >= 0 else 0
    width = max(len(row.cells) for row in first)
    columns = _names(first[place].cells if place >= 0 else [], width)

    def rows() -> Iterator[Line]:
        for row in read():
            if row.line > after:
                yield _line(row, columns)

    head = {f"row {row.line}": " ".join(filter(None, row.cells))[:300] for row in first[: max(place, 0)]}
    return Table(path, how, columns, rows, head=head)


def _line(row: Row, columns: Sequence[str]) -> Line:
    if row.wrong is not None:
        return Line(row.line, {"": composed(" ".join(row.cells))[:500]}, row.wrong)
    cells = {name: composed(text) for name, text in zip(columns, row.cells, strict=False)}
    if len(row.cells) > len(columns) and (more := [text for text in row.cells[len(columns) :] if text]):
        cells["…"] = composed(" | ".join(more))
    return Line(row.line, cells)


_DATA = re.compile(r"\d{4}-\d\d|\d{1,2}[/.]\d{1,2}[/.]\d|https?://|\d{1,30}$")


def _is_header(cells: Sequence[str]) -> bool:
    """Whether cells look like names of columns: all short, all different, none a date, a number or an address."""
    named = [cell.strip() for cell in cells if cell.strip()]
    short = all(len(cell) <= 60 and not _DATA.match(cell) for cell in named)
    return short and len(set(named)) == len(named) >= max(1, len(cells) - 2)


def _names(header: Sequence[str], width: int) -> list[str]:
    names: list[str] = []
    for place in range(max(width, len(header))):
        name = " ".join(composed(header[place]).split())[:200] if place < len(header) else ""
        name = name or f"column {place + 1}"
        twice = sum(other == name or other.startswith(f"{name} (") for other in names)
        names.append(f"{name} ({twice + 1})" if name in names else name)
    return names
