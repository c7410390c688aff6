"""Tables of a report for spreadsheets: typed values, column by column, whatever the spreadsheet.

``of_model`` makes them of the report's model, ``of_blocks`` of its sections. A value says what it is, never how it looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

#: What a column holds: words, sentences, whole numbers, shares from 0 to 1, differences of shares, other numbers,
#: money, days and months.
TEXT, LONG, COUNT, SHARE, POINTS, NUMBER = "text", "long", "count", "share", "points", "number"
MONEY, DATE, MONTH = "money", "date", "month"
#: What Excel takes as a sheet's name.
LONGEST_NAME = 31


def cut(text: str, longest: int) -> str:
    """At most ``longest`` characters, cut between words where that leaves enough."""
    if len(text) <= longest:
        return text
    words = text[: longest - 1]
    return (words.rsplit(" ", 1)[0] if " " in words[longest // 2 :] else words).rstrip(" ,.;–-") + "…"


@dataclass(frozen=True, slots=True)
class Few:
    """In place of a number that must not be told: the words that are read there."""

    text: str


@dataclass(frozen=True, slots=True)
class AtLeast:
    """A number that is only a lower bound."""

    value: float


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to an address (http or https)."""

    text: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Key:
    """Leads to the first line of an evidence."""

    key: str


Value = None | str | int | float | date | Few | AtLeast | Link | Key


@dataclass(frozen=True, slots=True)
class Column:
    """``term`` explains the title, in a note beside it."""

    title: str
    kind: str = TEXT
    term: str | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """Rows ``first`` to ``last`` of a sheet (from 0) as one picture, or as one line of it."""

    name: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A native chart. ``kind`` is ``bars``, ``columns``, ``lines`` or ``points``; columns are numbers of the sheet's columns.

    Of ``lines`` all series share one picture; ``to_low`` and ``to_high`` hold how far the bounds are from the value.
    """

    kind: str
    title: str
    series: Sequence[Series]
    label: int
    value: int
    to_low: int | None = None
    to_high: int | None = None
    percent: bool = True
    titles: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table, on a sheet of its own or below others of its ``group``, whose name that sheet has.

    ``anchors`` are keys of evidence with the row they begin at; ``heat`` columns are shaded.
    """

    name: str
    title: str
    about: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    charts: Sequence[Chart] = ()
    anchors: dict[str, int] = field(default_factory=dict)
    heat: tuple[int, int] | None = None
    group: str = ""
