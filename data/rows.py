"""Rows of a query as a table for the eye, or as CSV, JSON or JSON Lines for programs."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any, TextIO

from data.store.base import Row
from data.words import tell

FORMATS = ("table", "csv", "json", "jsonl")
SHOWN = 200

# A spreadsheet takes a cell that begins so for a formula, whoever wrote it into a forum.
_FORMULA = re.compile(r"[\s\x00]*[=+\-@＝＋－＠\t\r]")
_NUMBER = re.compile(r"[+\-]?\d{1,30}([.,]\d{1,30})?([eE][+\-]?\d{1,3})?")
# Control characters and changes of writing direction can repaint a terminal.
_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def write_rows(rows: Iterable[Row], how: str, out: TextIO, *, width: int | None = None) -> int:
    """Write ``rows`` to ``out`` as ``how`` (one of :data:`FORMATS`) and return how many were written.

    All but the table are streamed. In CSV a text that a spreadsheet would run as a formula gets an apostrophe in front.
    """
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
    text = json.dumps(
        row, ensure_ascii=False, default=lambda value: _binary(value) if isinstance(value, bytes) else str(value)
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
    from rich.table import Table
    from rich.text import Text

    first = next(rows, None)
    console = Console(file=out, width=width, highlight=False)
    if first is None:
        console.print(tell("cli.query.no_rows"))
        return 0
    table = Table(show_lines=False)
    for name, value in first.items():
        table.add_column(
            Text(shown(name)), justify="right" if isinstance(value, int | float) else "left", overflow="fold"
        )
    for row in islice(chain([first], rows), SHOWN):
        table.add_row(*(Text(shown(_short(value))) for value in row.values()))
    console.print(table)
    if next(rows, None) is not None:
        console.print(tell("cli.query.more_rows", shown=SHOWN))
    return table.row_count


def _short(value: Any) -> Any:
    return f"{value[:399]}…" if isinstance(value, str) and len(value) > 400 else value


_WRITERS = {"table": _table, "csv": _csv, "json": _json, "jsonl": _jsonl}
