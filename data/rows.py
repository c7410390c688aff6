"""Rows of a query as a table for the eye, or as CSV, JSON or JSON Lines for programs."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from math import isfinite
from typing import TYPE_CHECKING, Any, TextIO

from data.store.base import Row
from data.words import tell

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

FORMATS = ("table", "csv", "json", "jsonl")
SHOWN = 200
_LONGEST_WORD = 24
_BETWEEN = 2
#: A sentence in a column of eight letters is read by nobody: rows that need more lines are written one field a line.
_TALLEST = 7
#: So many rows are read beside one another; a cell that may be left out of them is no longer than this.
_COMPARED, _SHORT = 4, 20
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\dZ)")

# A spreadsheet takes a cell that begins so for a formula, whoever wrote it into a forum.
_FORMULA = re.compile(r"[\s\x00]*[=+\-@＝＋－＠\t\r]")
_NUMBER = re.compile(r"[+\-]?\d{1,30}([.,]\d{1,30})?([eE][+\-]?\d{1,3})?")
# Control characters and changes of writing direction can repaint a terminal.
_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Columns(list[Row]):
    """No rows, of which the columns' names are known."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__()
        self.names = list(names)


def write_rows(rows: Iterable[Row], how: str, out: TextIO, *, width: int | None = None) -> int:
    """Write ``rows`` to ``out`` as ``how`` (one of :data:`FORMATS`) and return how many were written.

    All but the table are streamed. In CSV a text that a spreadsheet would run as a formula gets an apostrophe in front;
    in JSON, which knows no infinity, that is null. A table too wide for the screen, or so narrow in its columns that a row
    would be taller than it can be read, leaves out short columns at its end, or is written one field a line.
    """
    if how == "csv" and isinstance(rows, Columns):
        csv.writer(out, lineterminator="\n").writerow([harmless(name) for name in rows.names])
        return 0
    return _WRITERS[how](iter(rows), out, width)


def shown(value: object) -> str:
    """``value`` as one harmless piece of text for a terminal."""
    text = "" if value is None else _binary(value) if isinstance(value, bytes) else str(value)
    return _UNSHOWABLE.sub("\ufffd", text)


def harmless(value: object) -> object:
    """``value`` for a CSV cell: formulas become text, numbers stay numbers."""
    if isinstance(value, bytes):
        return _binary(value)
    if isinstance(value, str) and _FORMULA.match(value) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def _binary(value: bytes) -> str:
    return tell("cli.query.binary", size=len(value))


def _csv(rows: Iterator[Row], out: TextIO, _width: int | None) -> int:
    writer, count = csv.writer(out, lineterminator="\n"), 0
    for count, row in enumerate(rows, 1):
        if count == 1:
            writer.writerow([harmless(name) for name in row])
        writer.writerow([harmless(value) for value in row.values()])
    return count


def _as_json(row: Row) -> str:
    finite = {name: None if isinstance(value, float) and not isfinite(value) else value for name, value in row.items()}
    text = json.dumps(
        finite, ensure_ascii=False, default=lambda value: _binary(value) if isinstance(value, bytes) else str(value)
    )
    return _UNSHOWABLE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def _jsonl(rows: Iterator[Row], out: TextIO, _width: int | None) -> int:
    count = 0
    for row in rows:
        out.write(_as_json(row) + "\n")
        count += 1
    return count


def _json(rows: Iterator[Row], out: TextIO, _width: int | None) -> int:
    count = 0
    out.write("[")
    for count, row in enumerate(rows, 1):
        out.write(("\n  " if count == 1 else ",\n  ") + _as_json(row))
    out.write("\n]\n" if count else "]\n")
    return count


def _table(rows: Iterator[Row], out: TextIO, width: int | None) -> int:
    from rich.console import Console
    from rich.text import Text

    shown_rows = [{shown(name): value for name, value in row.items()} for row in islice(rows, SHOWN)]
    console = Console(file=out, width=width, highlight=False)
    if not shown_rows:
        console.print(tell("cli.query.no_rows"))
        return 0
    texts = [{name: Text(shown(_short(value))) for name, value in row.items()} for row in shown_rows]
    names = list(texts[0])
    for parts, shown_names in ((_whole, names), (_parts, names), (_parts, _first(names, texts, console.width))):
        least = _leasts(shown_names, texts, parts)
        if _fits(least, console.width):
            headers = {name: "\n".join(parts(name)) for name in least}
            widths = _widths(headers, texts, least, console.width)
            if _tallest(texts, widths) > _TALLEST:
                continue
            console.print(_grid(shown_rows, texts, headers, widths))
            if left_out := names[len(shown_names) :]:
                console.print(tell("cli.query.more_columns", names=", ".join(left_out)))
            break
    else:
        for place, row in enumerate(texts, 1):
            console.rule(f"{place}", align="left", characters="─")
            console.print(_fields(row))
    if next(rows, None) is not None:
        console.print(tell("cli.query.more_rows", shown=SHOWN))
    return len(texts)


def _leasts(names: list[str], texts: list[dict[str, Text]], parts: Callable[[str], list[str]]) -> dict[str, int]:
    return {name: _least(parts(name), [row[name].plain for row in texts]) for name in names}


def _fits(least: dict[str, int], width: int) -> bool:
    return sum(least.values()) + _BETWEEN * (len(least) - 1) <= width


def _first(names: list[str], texts: list[dict[str, Text]], width: int) -> list[str]:
    """The columns that fit into ``width`` where some short ones at the end are left out, or all of them.

    Rows to be compared are no table any more once each is written one field a line.
    """
    least = _leasts(names, texts, _parts)
    shown_names = list(names)
    while not _fits({name: least[name] for name in shown_names}, width):
        longest = max(_cells(row[shown_names[-1]].plain) for row in texts)
        if len(texts) < _COMPARED or 2 * (len(shown_names) - 1) < len(names) or longest > _SHORT:
            return names
        shown_names.pop()
    return shown_names


def _least(name: list[str], texts: list[str]) -> int:
    """The width at which no word of a column is broken, however long an address in it may be."""
    return min(max(map(_cells, [*name, *(word for text in texts for word in text.split())]), default=1), _LONGEST_WORD)


def _widths(headers: dict[str, str], texts: list[dict[str, Text]], least: dict[str, int], width: int) -> dict[str, int]:
    """How wide each column is, of ``width`` in all: the room left beside the least goes to those who have more to say.

    Left to itself the library makes columns wider than the screen, which then cuts them.
    """
    most = {name: max(_cells(line) for row in texts for line in (*headers[name].split("\n"), *row[name].plain.split("\n")))
            for name in least}  # fmt: skip
    room = width - sum(least.values()) - _BETWEEN * (len(least) - 1)
    wanted = {name: max(most[name] - least[name], 0) for name in least}
    part = min(room / sum(wanted.values()), 1.0) if sum(wanted.values()) else 0.0
    return {name: least[name] + int(wanted[name] * part) for name in least}


def _tallest(texts: list[dict[str, Text]], widths: dict[str, int]) -> int:
    """How many lines the longest cell takes at least."""
    return max(
        (sum(max(-(-_cells(line) // max(widths[name], 1)), 1) for line in text.plain.split("\n"))
         for row in texts for name, text in row.items() if name in widths), default=0,
    )  # fmt: skip


def _whole(name: str) -> list[str]:
    return [name]


def _parts(name: str) -> list[str]:
    """A column's name in the lines that it may be broken into: ``mean_severity`` behind the ``_``."""
    return re.findall(r"[^_]*_+|[^_]+", name)


def _cells(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)


def _grid(rows: list[Row], texts: list[dict[str, Text]], headers: dict[str, str], widths: dict[str, int]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, _BETWEEN - 1, 0, 0))
    for name, width in widths.items():
        numeric = all(isinstance(row[name], int | float | None) for row in rows)
        table.add_column(Text(headers[name]), justify="right" if numeric else "left", overflow="fold", width=width)
    for row in texts:
        table.add_row(*(row[name] for name in widths))
    return table


def _fields(row: dict[str, Text]) -> Table:
    """One row, a field a line."""
    from rich.table import Table
    from rich.text import Text

    fields = Table(box=None, show_header=False, pad_edge=False)
    fields.add_column(style="bold", no_wrap=True)
    fields.add_column(overflow="fold")
    for name, text in row.items():
        fields.add_row(Text(name), text)
    return fields


def _short(value: Any) -> Any:
    """``value`` for the eye: a long text cut, a time with a place to break the line."""
    if not isinstance(value, str):
        return value
    moment = _MOMENT.fullmatch(value)
    return f"{moment[1]} {moment[2]}" if moment else f"{value[:399]}…" if len(value) > 400 else value


_WRITERS = {"table": _table, "csv": _csv, "json": _json, "jsonl": _jsonl}
