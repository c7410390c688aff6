"""What a section of the report is made of, whatever the rendering: sentences, bars, tables, lines, points, cards and quotes.

A section says what it has found in one language; numbers stay numbers, and each rendering writes them as its readers do.
Nothing here is markup: every text is escaped where it is rendered.

A ``key`` is a place in the report, mostly an evidence's. Where a section cannot know it, ``about`` says whose evidence would
stand there (brand, attribute or ``pain``, value, and the side where it has one); what is not found there has no link.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from analysis.report.model import Quote


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence or a paragraph. ``soft`` is a remark beside the point; ``look`` is ``heading``, ``lead`` or ``call`` where it stands out.

    ``url`` is http(s): a page that says so.
    """

    text: str
    soft: bool = False
    key: str | None = None
    look: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Items:
    """Sentences as a list. ``title`` may be empty."""

    title: str
    texts: Sequence[Text]


@dataclass(frozen=True, slots=True)
class Marks:
    """Verdicts in a row: the verdict's code, what it is of, and the place that tells more."""

    items: Sequence[tuple[str, str, str | None]]


@dataclass(frozen=True, slots=True)
class Bar:
    """A number between its 95 % bounds. ``told`` is the number as read, ``n`` what it stands on, ``key`` an evidence's.

    ``moved`` says how it was in an earlier report, where it has moved beyond chance since.
    """

    label: str
    value: float | None
    low: float
    high: float
    told: str
    n: str
    key: str | None = None
    tone: str = ""
    beside: Bar | None = None
    line: Line | None = None
    mark: str | None = None
    more: Sequence[tuple[str, str | None]] = ()
    moved: str | None = None
    about: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars on one scale: shares from 0 to 1, or differences around 0 where ``signed``. ``title`` may be empty.

    On the page, bars beyond the first ``shown`` are folded. ``name`` is what their picture's file is called by, where the title
    tells numbers; ``alone`` is the title of that picture, where the block's own says too little without what stands around it.
    """

    title: str
    rows: Sequence[Bar]
    signed: bool = False
    limits: Sequence[float] = ()
    note: str | None = None
    shown: int = 12
    anchor: str | None = None
    name: str = ""
    alone: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of a table. ``number`` is what it says as a number, where it does; ``key`` an evidence's; ``url`` http(s).

    ``mark`` is a verdict's code, which stands before the text; ``line`` how the number went, as a picture beside it; ``more``
    are further words with their places. ``moved`` says how it was in an earlier report, where it has moved beyond chance since.
    """

    text: str
    number: float | None = None
    key: str | None = None
    note: str | None = None
    moved: str | None = None
    mark: str | None = None
    line: Line | None = None
    url: str | None = None
    about: tuple[str, ...] | None = None
    more: Sequence[tuple[str, str | None]] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose first column names its rows. On the page, rows beyond the first ``shown`` are folded.

    ``look`` is ``heat`` (shares from 0 to 1 as shades), ``matrix`` (a verdict a field) or ``facts`` (a name and a number a row).
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell | str]]
    note: str | None = None
    shown: int = 8
    look: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """One point of a line: ``when`` is a date (ISO 8601), ``told`` the number as read, ``n`` what it stands on.

    ``guessed`` is a forecast's; ``partial`` a period that is not whole, which is told in numbers but not drawn; ``apart``: of
    the time between this point and the one before nothing may be told.
    """

    when: str
    value: float
    low: float
    high: float
    told: str
    n: str
    guessed: bool = False
    apart: bool = False
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One series; ``marks`` are dates at which it changed beyond chance, ``now`` is the point that stands beside its name.

    ``top_told`` is what the top of its own scale is read as, where the series of a block have no scale in common.
    """

    name: str
    moments: Sequence[Moment]
    marks: Sequence[str] = ()
    note: str | None = None
    now: Moment | None = None
    top_told: str = ""

    @property
    def latest(self) -> Moment | None:
        """What is told beside the name: ``now``, else the last point that is drawn as known."""
        known = [m for m in self.moments if not m.guessed]
        return self.now or next((m for m in reversed(known) if not m.partial), known[-1] if known else None)


@dataclass(frozen=True, slots=True)
class Lines:
    """Series side by side as small pictures on one scale from 0 to ``top``, which are read as ``zero_told`` and ``top_told``.

    On the page, series beyond the first ``shown`` are folded. ``alone`` is the title of a picture that stands alone.
    """

    title: str
    lines: Sequence[Line]
    top: float = 1.0
    note: str | None = None
    top_told: str = ""
    zero_told: str = ""
    shown: int = 4
    alone: str = ""


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
    """A square cut into four: what each quarter means stands in ``quarters`` (low-low, high-low, low-high, high-high; x first).

    ``ticks`` are what 0, the middle and 1 are read as on both axes. ``alone`` is the title of a picture that stands alone.
    """

    title: str
    x_title: str
    y_title: str
    points: Sequence[Point]
    quarters: tuple[str, str, str, str]
    note: str | None = None
    ticks: tuple[str, str, str] | None = None
    alone: str = ""


@dataclass(frozen=True, slots=True)
class Quotes:
    """Masked passages as evidence. On the page, those beyond the first ``shown`` are folded."""

    title: str
    quotes: Sequence[Quote]
    shown: int = 2


@dataclass(frozen=True, slots=True)
class Fold:
    """What most readers need not see at first: closed under its title. On paper it is open."""

    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Columns:
    """Blocks side by side where there is room, else one part after the other. ``aside``: the first is the narrower."""

    parts: Sequence[Sequence[Block]]
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A part that stands alone: a competitor, a persona, an assumption. ``tag`` is one word on it; ``anchor`` a place to lead to.

    ``tone`` is the verdict's code of the tag; ``key`` the place that tells more; ``about`` the brand or the assumption of which
    it tells, for those who put parts together.
    """

    title: str
    blocks: Sequence[Block]
    tag: str | None = None
    anchor: str | None = None
    tone: str = ""
    key: str | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Cards:
    """Cards one below the other, or side by side where ``narrow``; behind the words ``folded`` where they are evidence.

    Those that are ``cut`` may be cut out of the paper, so that none breaks over two pages; of ``small`` ones three stand side by
    side. Those that are ``closed`` show no more than their titles at first; on paper they are open.
    """

    cards: Sequence[Card]
    narrow: bool = False
    folded: str | None = None
    cut: bool = False
    small: bool = False
    closed: bool = False


Block = Text | Items | Marks | Bars | Table | Lines | Points | Quotes | Fold | Columns | Cards


@dataclass(frozen=True, slots=True)
class Section:
    """One section: ``key`` is its place in the page, ``title`` its name in the contents, ``lead`` what one is looking at.

    ``within`` is the part of the briefing in which it stands, where it is no part of its own; ``front`` is what of it belongs on
    the front page.
    """

    key: str
    title: str
    lead: str
    blocks: Sequence[Block]
    within: str | None = None
    front: Sequence[Card] = ()


def every(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks and those inside them, in their order."""
    for block in blocks:
        yield block
        if isinstance(block, Cards):
            yield from (inner for card in block.cards for inner in every(card.blocks))
        elif isinstance(block, Columns):
            yield from (inner for part in block.parts for inner in every(part))
        elif isinstance(block, Fold):
            yield from every(block.blocks)
