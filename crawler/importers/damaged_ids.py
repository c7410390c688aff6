"""Ids that a spreadsheet has damaged: it keeps fifteen digits of a number, and shows a long one as ``1.01579E+16``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

#: What ids stand in, by fields of a mapping; a format may also put them together itself, under the same names behind an ``@``.
ID_FIELDS: Final = ("id", "thread", "reply_to", "author_id")
MADE: Final = {"id": "@id", "thread": "@thread", "reply_to": "@reply_to", "author_id": "@author"}
_SHORTENED = re.compile(r"\d(?:[.,]\d{1,14})?e\+\d{2}", re.I)
_ROUNDED = re.compile(r"[1-9]\d{14}(0{1,10})")
_LONG = re.compile(r"\d{16,25}")
#: That all long ids of a column end in zeros by chance has to be less likely than this, as a power of ten.
_ODDS: Final = 4
_REMEMBERED: Final = 50_000


def is_damaged(value: str) -> bool:
    """Whether an id looks as a spreadsheet leaves it. Of those in zeros, one in some tens is an id as it should be."""
    if len(value) < 4 or not value[0].isdigit():
        return False
    return _SHORTENED.fullmatch(value) is not None or _ROUNDED.fullmatch(value) is not None


@dataclass(slots=True)
class _Column:
    shortened: bool = False
    intact: bool = False
    rounded: dict[str, int] = field(default_factory=dict)
    odds: int = 0
    #: One id below which there are different words.
    shared: bool = False
    example: str = ""


@dataclass(slots=True)
class Ids:
    """What all ids of a file look like, field by field."""

    _columns: dict[str, _Column] = field(default_factory=dict)

    def add(self, name: str, value: str, words: str) -> None:
        """Count the id of one row, and the words that stand beside it."""
        if len(value) < 4 or not value[0].isdigit():
            return
        column = self._columns.setdefault(name, _Column())
        if zeros := _ROUNDED.fullmatch(value):
            column.example = column.example or value
            said = hash(words)
            if value in column.rounded:
                column.shared = column.shared or column.rounded[value] != said
            elif len(column.rounded) < _REMEMBERED:
                column.rounded[value] = said
                column.odds += len(zeros[1])
        elif _SHORTENED.fullmatch(value):
            column.shortened, column.example = True, value
        elif _LONG.fullmatch(value):
            column.intact = True

    def damaged(self) -> dict[str, str]:
        """The fields whose ids are not to be relied on where they look damaged, each with one of them."""
        sure = {name for name, column in self._columns.items() if self._is_sure(name, column)}
        return {
            name: column.example
            for name, column in self._columns.items()
            if name in sure or (sure and column.rounded and not column.intact)
        }

    @staticmethod
    def _is_sure(name: str, column: _Column) -> bool:
        by_chance = column.intact or column.odds < _ODDS
        return column.shortened or (bool(column.rounded) and not by_chance) or (name == "id" and column.shared)
