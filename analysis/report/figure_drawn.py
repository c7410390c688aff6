"""The blocks of a report that are pictures, drawn for slides: bars, shares over time, points on two scales, and shaded tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from analysis.report.blocks import Bar, Bars, Cell, Line, Lines, Moment, Points, Table
from analysis.report.figure_canvas import ACCENT, FAINT, INK, MARGIN, SOFT, TRACK, WIDE, Canvas, width, wrapped
from analysis.report.speech import Speech

_ROW, _LABEL, _BAR, _HEADING = 58.0, 430.0, 700.0, 46.0
_RIGHT = WIDE - MARGIN
#: A bar, and what it stands beside: told apart by those, too, who do not see red or green.
BAR, BESIDE = "#1f7d83", "#a3adb5"


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every picture: its title, what it belongs to, and where its numbers come from."""

    title: str
    over: str
    foot: Sequence[str]


def _begin(canvas: Canvas, frame: Frame) -> float:
    y = 78.0
    if frame.over:
        canvas.text(MARGIN, 62, frame.over, 22, colour=ACCENT, bold=True)
        y = 112.0
    lines = wrapped(frame.title, 40, WIDE - 2 * MARGIN, 2, bold=True)
    return canvas.lines(MARGIN, y, lines, 40, bold=True) + 2


def _end(canvas: Canvas, frame: Frame, y: float, told: str) -> str:
    y += 26
    canvas.line(MARGIN, y, _RIGHT, y, FAINT, thick=1.5)
    y += 34
    for text in frame.foot:
        y = canvas.lines(MARGIN, y, wrapped(text, 20, WIDE - 2 * MARGIN, 3), 20, colour=SOFT)
    return canvas.svg(max(y + 8, 500), frame.title, told)


@dataclass(frozen=True, slots=True)
class Grouped:
    """Bars of one card that are small enough to share a picture: ``titled``, each block stands under its own title."""

    groups: Sequence[Bars]
    titled: bool = False


def bars(block: Grouped, frame: Frame, say: Speech) -> str:
    """Bars on one scale, each with its interval, its number and what that stands on."""
    canvas = Canvas()
    y = _begin(canvas, frame) + 40
    first = block.groups[0]
    rows = [row for group in block.groups for row in group.rows]
    top = _top(rows, first.limits)

    def x(value: float) -> float:
        share = (value + top) / (2 * top) if first.signed else value / top
        return MARGIN + _LABEL + _BAR * min(max(share, 0.0), 1.0)

    titled = block.titled
    foot = y + _ROW * len(rows) + (_HEADING * len(block.groups) if titled else 0)
    for tick in (-top, 0.0, top) if first.signed else (0.0, top / 2, top):
        canvas.line(x(tick), y - 12, x(tick), foot, INK if tick == 0 else FAINT, thick=1.5)
        told = say.points(tick) if first.signed else say.percent(tick)
        canvas.text(x(tick), y - 22, told, 18, colour=SOFT, anchor="middle")
    for limit in first.limits:
        canvas.line(x(limit), y - 12, x(limit), foot, "#b3261e", dashed=True)
    for group in block.groups:
        if titled:
            canvas.rect(MARGIN, y, _RIGHT - MARGIN, _HEADING, "#ffffff")
            canvas.text(MARGIN, y + 29, _capital(group.title), 24, bold=True)
            if group.note:
                start = MARGIN + width(group.title, 24, bold=True) + 24
                canvas.text(start, y + 29, wrapped(group.note, 18, _RIGHT - start, 1)[0], 18, colour=SOFT)
            y += _HEADING
        for row in group.rows:
            _bar(canvas, row, y, x, signed=first.signed)
            y += _ROW
    told = "; ".join(f"{row.label}: {row.told} ({row.n})" for row in rows)
    return _end(canvas, frame, y, told)


def _top(rows: Sequence[Bar], limits: Sequence[float]) -> float:
    """The end of the scale: a round number from which the middle is one too."""
    edges = [max(abs(row.low), abs(row.high)) for row in rows if row.value is not None]
    highest = max([0.05, *edges, *limits])
    return next((top for top in (0.1, 0.2, 0.4, 0.6, 0.8, 1.0) if highest <= top + 1e-9), highest)


def _bar(canvas: Canvas, row: Bar, y: float, x: Callable[[float], float], *, signed: bool) -> None:
    middle, left = y + _ROW / 2, MARGIN
    lines = wrapped(_capital(row.label), 25, _LABEL - 24, 2)
    canvas.lines(left, middle + 9 - 14 * (len(lines) - 1), lines, 25)
    if row.value is not None:
        if signed:
            canvas.line(x(row.low), middle, x(row.high), middle, ACCENT, thick=6)
            canvas.spot(x(row.value), middle, 10, ACCENT)
        else:
            canvas.rect(x(0), middle - 13, x(row.value) - x(0), 26, BAR, round_=3)
            canvas.line(x(row.low), middle, x(row.high), middle, INK, thick=2.5)
            for bound in (row.low, row.high):
                canvas.line(x(bound), middle - 7, x(bound), middle + 7, INK, thick=2.5)
        if row.beside is not None and row.beside.value is not None:
            canvas.rect(x(0), middle + 16, x(row.beside.value) - x(0), 8, BESIDE, round_=2)
            canvas.line(x(row.beside.low), middle + 20, x(row.beside.high), middle + 20, INK, thick=1.5)
    at = MARGIN + _LABEL + _BAR + 28
    canvas.text(at, middle + 2, row.told, 27, bold=True)
    beside = at + width(row.told, 27, bold=True) + 14
    notes = [text for text in (row.n, row.moved) if text]
    if row.beside is not None:
        notes.append(f"{row.beside.label} {row.beside.told} ({row.beside.n})")
    if notes and width(notes[0], 19) <= _RIGHT - beside:
        canvas.text(beside, middle + 1, notes.pop(0), 19, colour=SOFT)
    if notes:
        canvas.text(at, middle + 24, wrapped(" · ".join(notes), 17, _RIGHT - at, 1)[0], 17, colour=SOFT)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def lines(block: Lines, frame: Frame, say: Speech) -> str:
    """Series as small pictures side by side, on one scale in time and height."""
    canvas = Canvas()
    y = _begin(canvas, frame) + 30
    days = sorted(m.when for line in block.lines for m in line.moments)
    span = (days[0], days[-1]) if days else ("2000-01", "2000-01")
    columns = 1 if len(block.lines) == 1 else 2 if len(block.lines) <= 4 else 3
    gap, high = 56.0, 290.0 if columns < 3 else 250.0
    wide = (WIDE - 2 * MARGIN - gap * (columns - 1)) / columns
    for place, line in enumerate(block.lines):
        left = MARGIN + (place % columns) * (wide + gap)
        _series(canvas, line, block, span, (left, y + (place // columns) * (high + 34), wide, high), say)
    y += -(-len(block.lines) // columns) * (high + 34) - 20
    alternative = ". ".join(
        f"{line.name}: {', '.join(f'{m.when} {m.told}' for m in line.moments)}" for line in block.lines
    )
    return _end(canvas, frame, y, alternative)


def _series(
    canvas: Canvas,
    line: Line,
    block: Lines,
    span: tuple[str, str],
    place: tuple[float, float, float, float],
    say: Speech,
) -> None:
    left, above, wide, high = place
    name = wrapped(_capital(line.name), 24, wide, 1, bold=True)[0]
    canvas.text(left, above + 20, name, 24, bold=True)
    if line.latest is not None:
        now = f"{line.latest.told}, {line.latest.n}"
        canvas.text(left, above + 48, wrapped(now, 19, wide, 1)[0], 19, colour=SOFT)
    inner, floor, ceiling = left + 62, above + high - 30, above + 74
    top = block.top or 1.0

    def x(when: str) -> float:
        first, last = map(_day, span)
        return inner + (left + wide - inner - 8) * ((_day(when) - first) / (last - first) if last > first else 0.5)

    def y(value: float) -> float:
        return floor - (floor - ceiling) * min(max(value / top, 0.0), 1.0)

    for at, told in ((0.0, block.zero_told), (top, line.top_told or block.top_told)):
        canvas.line(inner, y(at), left + wide, y(at), FAINT, thick=1.5)
        canvas.text(inner - 10, y(at) + 6, told, 17, colour=SOFT, anchor="end")
    moments = [m for m in line.moments if not m.partial]
    for part in _parts(moments):
        canvas.path(
            [(x(m.when), y(m.high)) for m in part] + [(x(m.when), y(m.low)) for m in reversed(part)],
            ACCENT,
            filled=True,
        )
    known = [m for m in moments if not m.guessed]
    for when in line.marks:
        canvas.line(x(when), ceiling, x(when), floor, "#b3261e", dashed=True)
    for part in _parts(known):
        if len(part) == 1:
            canvas.line(x(part[0].when), y(part[0].low), x(part[0].when), y(part[0].high), "#9cc9c9", thick=3)
        canvas.path([(x(m.when), y(m.value)) for m in part], ACCENT)
    guessed = [m for m in moments if m.guessed]
    if guessed:
        ahead = ([] if guessed[0].apart else known[-1:]) + guessed
        canvas.path([(x(m.when), y(m.value)) for m in ahead], ACCENT, dashed=True)
    for m in known:
        canvas.spot(x(m.when), y(m.value), 6, ACCENT)
    canvas.text(inner, floor + 26, say.date(span[0]), 17, colour=SOFT)
    canvas.text(left + wide, floor + 26, say.date(span[1]), 17, colour=SOFT, anchor="end")


def _parts(moments: Sequence[Moment]) -> list[list[Moment]]:
    parts: list[list[Moment]] = [[]] if moments else []
    for moment in moments:
        if moment.apart and parts[-1]:
            parts.append([])
        parts[-1].append(moment)
    return parts


def _day(when: str) -> int:
    return date.fromisoformat(when[:10] if len(when) >= 10 else f"{when}-01").toordinal()


def points(block: Points, frame: Frame, _say: Speech) -> str:
    """A square cut into four, its points numbered and told beside it."""
    canvas = Canvas()
    above = _begin(canvas, frame) + 24
    side, left = 660.0, MARGIN + 60

    def x(value: float) -> float:
        return left + side * min(max(value, 0.0), 1.0)

    def y(value: float) -> float:
        return above + side * (1 - min(max(value, 0.0), 1.0))

    canvas.rect(left, above, side, side, TRACK)
    canvas.line(x(0.5), above, x(0.5), above + side, FAINT)
    canvas.line(left, y(0.5), left + side, y(0.5), FAINT)
    for words, (across, up) in zip(block.quarters, ((0, 0.05), (0.5, 0.05), (0, 0.97), (0.5, 0.97)), strict=True):
        start = y(up) if up < 0.5 else y(up) + 10
        found = wrapped(words, 18, side / 2 - 24, 2)
        canvas.lines(x(across) + 12, start - (22 * (len(found) - 1) if up < 0.5 else 0), found, 18, colour=SOFT)
    for number, point in enumerate(block.points, 1):
        canvas.line(x(point.x_low), y(point.y), x(point.x_high), y(point.y), ACCENT, thick=2.5)
        canvas.line(x(point.x), y(point.y_low), x(point.x), y(point.y_high), ACCENT, thick=2.5)
        canvas.spot(x(point.x), y(point.y), 19, ACCENT)
        canvas.text(x(point.x), y(point.y) + 8, str(number), 22, colour="#ffffff", bold=True, anchor="middle")
    foot = above + side + 34
    for tick, at in zip(block.ticks or ("", "", ""), (0.0, 0.5, 1.0), strict=True):
        canvas.text(
            x(at), foot - 6, tick, 18, colour=SOFT, anchor="start" if at == 0 else "end" if at == 1 else "middle"
        )
        canvas.text(left - 10, y(at) + (0 if at == 0 else 6 if at < 1 else 14), tick, 18, colour=SOFT, anchor="end")
    canvas.text(left + side / 2, foot + 22, f"{block.x_title} →", 21, anchor="middle", bold=True)
    canvas.text(left, above - 10, f"↑ {block.y_title}", 21, bold=True)
    at, room, down = left + side + 70, _RIGHT - (left + side + 70), above + 24
    for number, point in enumerate(block.points, 1):
        canvas.spot(at + 16, down - 8, 17, ACCENT)
        canvas.text(at + 16, down, str(number), 20, colour="#ffffff", bold=True, anchor="middle")
        down = canvas.lines(at + 48, down, wrapped(point.label, 25, room - 48, 2, bold=True), 25, bold=True)
        down = canvas.lines(at + 48, down - 4, wrapped(point.told, 19, room - 48, 4), 19, colour=SOFT) + 22
    alternative = "; ".join(f"{p.label}: {p.told}" for p in block.points)
    return _end(canvas, frame, max(foot + 30, down), alternative)


def heat(block: Table, frame: Frame, _say: Speech) -> str:
    """A table whose shares are shaded."""
    canvas = Canvas()
    y = _begin(canvas, frame) + 20
    columns = len(block.columns) - 1
    label = 420.0
    wide, high = (WIDE - 2 * MARGIN - label) / max(columns, 1), 60.0
    for place, name in enumerate(block.columns[1:]):
        found = [
            part
            for words in name.replace(" (", "\n(").split("\n")
            for part in wrapped(words, 22, wide - 16, 1, bold=True)
        ]
        for number, line in enumerate(found):
            canvas.text(
                MARGIN + label + wide * (place + 0.5), y + 24 + 27 * number, line, 22, bold=True, anchor="middle"
            )
    y += 74
    numbers = [c.number for row in block.rows for c in row[1:] if isinstance(c, Cell) and c.number is not None]
    hottest = max(numbers, default=0.0) or 1.0
    for row in block.rows:
        first, *rest = [Cell(cell) if isinstance(cell, str) else cell for cell in row]
        lines = wrapped(_capital(first.text), 24, label - 20, 2)
        canvas.lines(MARGIN, y + high / 2 + 8 - 14 * (len(lines) - 1), lines, 24)
        for place, cell in enumerate(rest):
            left = MARGIN + label + wide * place
            depth = (cell.number or 0) / hottest if cell.number is not None else 0.0
            canvas.rect(
                left + 2, y + 2, wide - 4, high - 4, _shade(depth) if cell.number is not None else "#ffffff", round_=4
            )
            colour = "#ffffff" if depth > 0.62 else INK if cell.number is not None else SOFT
            middle = left + wide / 2
            if cell.note and cell.number is not None:
                canvas.text(middle, y + 29, cell.text, 24, colour=colour, bold=True, anchor="middle")
                canvas.text(middle, y + 50, wrapped(cell.note, 16, wide - 12, 1)[0], 16, colour=colour, anchor="middle")
            else:
                canvas.text(
                    middle, y + 38, cell.text, 24 if cell.number is not None else 19, colour=colour, anchor="middle"
                )
        y += high
    told = "; ".join(", ".join(c if isinstance(c, str) else c.text for c in row) for row in block.rows)
    return _end(canvas, frame, y, f"{' | '.join(block.columns)}: {told}")


def _shade(depth: float) -> str:
    """From nearly white to dark teal; lightness alone tells it."""
    light, dark = (238, 245, 245), (9, 84, 92)
    return "#" + "".join(
        f"{round(a + (b - a) * min(max(depth, 0.0), 1.0)):02x}" for a, b in zip(light, dark, strict=True)
    )
