"""Rows of a CSV file, read so that one broken line costs that line and no other."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

#: A line, and a row of several lines, may have so many characters.
LONGEST_ROW = 1_000_000
#: A row of more lines than this is a quotation mark that was never closed; in a file that has had many such, than this.
_MOST_LINES, _FEWER_LINES = 2_000, 20
_MANY = 20
_MOST_COLUMNS = 1_000

csv.field_size_limit(max(csv.field_size_limit(), 2 * LONGEST_ROW))


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it stands: the line it begins on (from 1) and its cells; ``wrong`` says why there are none."""

    line: int
    cells: list[str]
    wrong: str | None = None


class _TooLongError(Exception):
    pass


@dataclass(slots=True)
class _Lines:
    """The lines of a file for :mod:`csv`, remembering those of the row under way so that they can be read again."""

    file: IO[str]
    number: int = 0
    row: list[str] = field(default_factory=list)
    size: int = 0
    again: list[str] = field(default_factory=list)
    given_back: int = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.again.pop() if self.again else self.file.readline(LONGEST_ROW)
        if not line:
            raise StopIteration
        self.number += 1
        self.row.append(line)
        self.size += len(line)
        if self.size >= LONGEST_ROW or len(self.row) > (_MOST_LINES if self.given_back < _MANY else _FEWER_LINES):
            raise _TooLongError
        # A zero byte ends a C string somewhere; no text has one.
        return line.replace("\0", "") if "\0" in line else line

    def begin_row(self) -> int:
        self.row, self.size = [], 0
        return self.number + 1

    def give_back(self) -> str:
        """Take back all lines of the row but the first, which is returned."""
        first = self.row[0]
        self.again.extend(reversed(self.row[1:]))
        self.number -= len(self.row) - 1
        self.given_back += 1
        if not first.endswith(("\n", "\r")):
            while (rest := self.file.readline(LONGEST_ROW)) and not rest.endswith(("\n", "\r")):
                pass
        return first


def rows(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    """The file's rows in order. A row that cannot be read is told with ``wrong``, and reading goes on with the next line.

    ``wrong`` is ``quote_open`` (a quotation mark is opened and never closed), ``too_long`` or ``not_csv``.
    """
    with path.open("r", encoding=encoding, errors="replace", newline="") as file:
        yield from _rows(file, delimiter)


def rows_of(text: str, delimiter: str) -> list[Row]:
    """The rows of a piece of text."""
    return list(_rows(io.StringIO(text, newline=""), delimiter))


def _rows(file: IO[str], delimiter: str) -> Iterator[Row]:
    lines = _Lines(file)
    # Strict, so that a quotation which swallows the lines after it is noticed.
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        start = lines.begin_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (_TooLongError, csv.Error) as error:
            several = len(lines.row) > 1
            first = lines.give_back()
            if several or isinstance(error, _TooLongError):
                yield Row(start, [first[:500]], "quote_open" if several else "too_long")
            else:
                yield _alone(start, first, delimiter)
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            continue
        if len(cells) > _MOST_COLUMNS:
            yield Row(start, cells[:1], "too_long")
        elif any(cells):
            yield Row(start, cells)


def _alone(start: int, line: str, delimiter: str) -> Row:
    """A line whose quotation marks are not where they should be, read as well as it can be."""
    if line.count('"') % 2:
        return Row(start, [line[:500]], "quote_open")
    try:
        return Row(start, next(csv.reader([line], delimiter=delimiter)))
    except (csv.Error, StopIteration):
        return Row(start, [line[:500]], "not_csv")
