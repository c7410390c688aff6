"""What a section of the report is made of, whatever the rendering: sentences, bars, tables, lines, points, cards and quotes.

A section says what it has found in one language; numbers stay numbers, and each rendering writes them as its readers do.
Nothing here is markup: every text is escaped where it is rendered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.report.model import Quote


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence or a paragraph. ``soft`` is a remark beside the point."""

    text: str
    soft: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A number between its 95 % bounds. ``told`` is the number as read, ``n`` what it stands on, ``key`` an evidence's."""

    label: str
    value: float
    low: float
    high: float
    told: str
    n: str
    key: str | None = None
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars on one scale: shares from 0 to 1, or differences around 0 where ``signed``."""

    title: str
    rows: Sequence[Bar]
    signed: bool = False
    limits: Sequence[float] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of a table. ``number`` is what it says as a number, where it does; ``key`` an evidence's."""

    text: str
    number: float | None = None
    key: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose first column names its rows."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell | str]]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """One point of a line: ``when`` is a date (ISO 8601), ``told`` the number as read, ``n`` what it stands on.

    ``guessed`` is a forecast's; ``apart``: of the time between this point and the one before nothing may be told.
    """

    when: str
    value: float
    low: float
    high: float
    told: str
    n: str
    guessed: bool = False
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One series; ``marks`` are dates at which it changed beyond chance, ``now`` is the point that stands beside its name."""

    name: str
    moments: Sequence[Moment]
    marks: Sequence[str] = ()
    note: str | None = None
    now: Moment | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """Series side by side as small pictures on one scale from 0 to ``top``."""

    title: str
    lines: Sequence[Line]
    top: float = 1.0
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """A point with its bounds on both axes, each from 0 to 1. ``told`` says it in words."""

    label: str
    x: float
    x_low: float
    x_high: float
    y: float
    y_low: float
    y_high: float
    told: str


@dataclass(frozen=True, slots=True)
class Points:
    """A square cut into four: what each quarter means stands in ``quarters`` (low-low, high-low, low-high, high-high; x first)."""

    title: str
    x_title: str
    y_title: str
    points: Sequence[Point]
    quarters: tuple[str, str, str, str]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Quotes:
    """Masked passages as evidence."""

    title: str
    quotes: Sequence[Quote]


@dataclass(frozen=True, slots=True)
class Card:
    """A part that stands alone: a competitor, a persona, an assumption. ``tag`` is one word on it; ``anchor`` a place to lead to."""

    title: str
    blocks: Sequence[Block]
    tag: str | None = None
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Cards:
    """Cards one below the other, or side by side where ``narrow``; behind the words ``folded`` where they are evidence."""

    cards: Sequence[Card]
    narrow: bool = False
    folded: str | None = None


Block = Text | Bars | Table | Lines | Points | Quotes | Cards


@dataclass(frozen=True, slots=True)
class Section:
    """One section: ``key`` is its place in the page, ``title`` its name in the contents, ``lead`` what one is looking at."""

    key: str
    title: str
    lead: str
    blocks: Sequence[Block]
