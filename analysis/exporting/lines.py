"""Tables as CSV and JSON Lines, row by row."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from math import isfinite
from pathlib import Path

from analysis.exporting.columns import Kind, parsed
from analysis.exporting.reading import Table
from data.rows import harmless


def write_csv(table: Table, path: Path, *, bom: bool) -> None:
    """UTF-8, commas, one line of names. Truth is 1 or 0, nothing is empty; what a spreadsheet would run gets an apostrophe."""
    kinds = [column.kind for column in table.columns]
    texts = [place for place, kind in enumerate(kinds) if kind in ("text", "json", "time")]
    numbers = [place for place, kind in enumerate(kinds) if kind == "number"]
    with path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([column.name for column in table.columns])
        for chunk in table.rows():
            for row in chunk:
                cells = list(row)
                for place in texts:
                    cells[place] = harmless(_clean(cells[place]))
                for place in numbers:
                    cells[place] = _finite(cells[place])
                writer.writerow(cells)


def write_jsonl(table: Table, path: Path) -> None:
    """UTF-8, one object a line; JSON inside a cell is part of the object, truth is true or false, and nothing is null."""
    names = [column.name for column in table.columns]
    change = {place: _JSON[column.kind] for place, column in enumerate(table.columns) if column.kind in _JSON}
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for chunk in table.rows():
            for row in chunk:
                cells = list(row)
                for place, of_kind in change.items():
                    cells[place] = of_kind(cells[place])
                out.write(json.dumps(dict(zip(names, cells, strict=True)), ensure_ascii=False, default=str) + "\n")


def _clean(value: object) -> object:
    """Without the NUL that no reader of CSV takes."""
    return value.replace("\0", "") if isinstance(value, str) and "\0" in value else value


def _finite(value: object) -> object:
    return None if isinstance(value, float) and not isfinite(value) else value


_JSON: dict[Kind, Callable[[object], object]] = {
    "boolean": lambda value: None if value is None else bool(value),
    "number": _finite,
    "json": parsed,
}
