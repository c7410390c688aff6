"""Pictures of lines over time and of points on two scales, as inline SVG; colours come from ``style.css``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from markupsafe import Markup, escape

from analysis.report.blocks import Line, Lines, Moment, Point, Points
from analysis.report.speech import Speech

_WIDE, _HIGH = 240.0, 86.0
#: Room for what 0 is read as, and above the top for what the top is read as.
_LEFT, _ABOVE = 20.0, 14.0
_SQUARE = 320.0
_SPARK_WIDE, _SPARK_HIGH = 84.0, 20.0


def line_chart(line: Line, lines: Lines) -> Markup:
    """One series with its interval as a band; forecasts are dashed and changes upright lines.

    Time runs to scale over all series of ``lines``, so that pictures side by side can be compared.
    """
    days = [_day(m.when) for one in lines.lines for m in one.moments]
    first, last = min(days, default=0), max(days, default=0)

    def x(when: str) -> float:
        return _LEFT + (_WIDE - _LEFT - 4) * ((_day(when) - first) / (last - first) if last > first else 0.5)

    def y(value: float) -> float:
        return _ABOVE + (_HIGH - _ABOVE - 4) * (1 - min(max(value / lines.top if lines.top else 0, 0), 1))

    moments = [m for m in line.moments if not m.partial]
    known, guessed = [m for m in moments if not m.guessed], [m for m in moments if m.guessed]
    top_told = line.top_told or lines.top_told
    shapes = [
        f'<line class="base" x1="{_LEFT:g}" x2="{_WIDE:g}" y1="{y(at):.1f}" y2="{y(at):.1f}"/>'
        for at in ([0, lines.top] if top_told else [0])
    ]
    if top_told:
        shapes.append(f'<text class="tick" x="0" y="{_ABOVE - 4:g}">{escape(top_told)}</text>')
    if lines.zero_told:
        shapes.append(f'<text class="tick" x="0" y="{y(0) + 3:.1f}">{escape(lines.zero_told)}</text>')
    shapes += [
        f'<line class="mark-line" x1="{x(w):.1f}" x2="{x(w):.1f}" y1="{_ABOVE:g}" y2="{_HIGH:g}"/>' for w in line.marks
    ]
    for part in _parts(moments):
        band = [(x(m.when), y(m.high)) for m in part] + [(x(m.when), y(m.low)) for m in reversed(part)]
        shapes.append(f'<polygon class="band" points="{_points(band)}"/>')
    shapes += [
        f'<polyline class="gap" points="{_points([(x(m.when), y(m.value)) for m in ends])}"/>' for ends in _gaps(known)
    ]
    for part in _parts(known):
        shapes.append(f'<polyline class="stroke" points="{_points([(x(m.when), y(m.value)) for m in part])}"/>')
    if guessed:
        ahead = [(x(m.when), y(m.value)) for m in ([] if guessed[0].apart else known[-1:]) + guessed]
        shapes.append(f'<polyline class="stroke ahead" points="{_points(ahead)}"/>')
    shapes += [f'<circle class="spot" cx="{x(m.when):.1f}" cy="{y(m.value):.1f}" r="2"/>' for m in known]
    scale = f" ({lines.zero_told or 0}–{top_told})" if top_told else ""
    told = f"{line.name}{scale}: {', '.join(f'{m.when[:10]} {m.told}' for m in moments)}"
    return _svg("series", _WIDE, _HIGH, told, shapes)


def spark(line: Line, alternative: str) -> Markup:
    """A series as a line of a word's size on a scale of its own, with its last point as a dot; ``rises`` and ``falls`` stand out."""
    moments = [m for m in line.moments if not m.partial and not m.guessed]
    days = [_day(m.when) for m in moments]
    first, last = min(days, default=0), max(days, default=0)
    top = max((m.value for m in moments), default=0.0) or 1.0

    def at(m: Moment) -> tuple[float, float]:
        along = (_day(m.when) - first) / (last - first) if last > first else 0.5
        return 2 + (_SPARK_WIDE - 5) * along, 2 + (_SPARK_HIGH - 4) * (1 - m.value / top)

    shapes = [f'<polyline class="gap" points="{_points([at(m) for m in ends])}"/>' for ends in _gaps(moments)]
    shapes += [f'<polyline class="stroke" points="{_points([at(m) for m in part])}"/>' for part in _parts(moments)]
    if moments:
        x, y = at(moments[-1])
        shapes.append(f'<circle class="spot" cx="{x:.1f}" cy="{y:.1f}" r="2.2"/>')
    return _svg("spark moved" if line.note else "spark", _SPARK_WIDE, _SPARK_HIGH, alternative, shapes)


def line_told(line: Line, say: Speech) -> str:
    """A small line in words: from when to when, and each period's share."""
    moments = line.moments
    told = ", ".join(f"{say.date(m.when)} {m.told}" for m in moments)
    first, last = (say.date(moments[place].when) for place in (0, -1))
    return say.tell("trend.said", name=line.name, first=first, last=last, told=told)


def _parts(moments: Sequence[Moment]) -> list[list[Moment]]:
    """The stretches of a series between which nothing may be told."""
    parts: list[list[Moment]] = [[]] if moments else []
    for moment in moments:
        if moment.apart and parts[-1]:
            parts.append([])
        parts[-1].append(moment)
    return parts


def _gaps(moments: Sequence[Moment]) -> list[tuple[Moment, Moment]]:
    """Both ends of each stretch of which nothing may be told: dotted, so that a line's pieces are seen to be one line."""
    return [(before[-1], after[0]) for before, after in pairwise(_parts(moments))]


def span_of(lines: Lines) -> tuple[str, str]:
    """The first and the last date of all series, which each picture runs between; empty where there is no date."""
    moments = sorted(moment.when for line in lines.lines for moment in line.moments)
    return (moments[0], moments[-1]) if moments else ("", "")


def quadrant(block: Points, alternative: str) -> Markup:
    """Points with their bounds on two scales from 0 to 1, numbered in their order, with ticks at the ends and in the middle."""
    points: Sequence[Point] = block.points

    def at(value: float) -> float:
        return 10 + (_SQUARE - 20) * min(max(value, 0.0), 1.0)

    middle = _SQUARE / 2
    shapes = [
        f'<rect class="plane" x="10" y="10" width="{_SQUARE - 20:g}" height="{_SQUARE - 20:g}"/>',
        f'<line class="axis" x1="{middle:g}" x2="{middle:g}" y1="10" y2="{_SQUARE - 10:g}"/>',
        f'<line class="axis" x1="10" x2="{_SQUARE - 10:g}" y1="{middle:g}" y2="{middle:g}"/>',
    ]
    low_low, high_low, low_high, high_high = (str(escape(words)) for words in block.quarters)
    for words, left, top in (
        (low_high, True, True), (high_high, False, True), (low_low, True, False), (high_low, False, False),
    ):  # fmt: skip
        x, anchor = (16, "start") if left else (_SQUARE - 16, "end")
        shapes.append(
            f'<text class="quarter" x="{x:g}" y="{24 if top else _SQUARE - 16:g}" text-anchor="{anchor}">{words}</text>'
        )
    for number, point in enumerate(points, 1):
        x, y = at(point.x), _SQUARE - at(point.y)
        shapes += [
            f'<line class="whisker" x1="{at(point.x_low):.1f}" x2="{at(point.x_high):.1f}" y1="{y:.1f}" y2="{y:.1f}"/>',
            f'<line class="whisker" x1="{x:.1f}" x2="{x:.1f}" y1="{_SQUARE - at(point.y_low):.1f}" '
            f'y2="{_SQUARE - at(point.y_high):.1f}"/>',
            f'<circle class="spot" cx="{x:.1f}" cy="{y:.1f}" r="9"/>',
            f'<text class="spot-name" x="{x:.1f}" y="{y + 3.5:.1f}" text-anchor="middle">{number}</text>',
        ]
    if block.ticks is None:
        return _svg("quadrant", _SQUARE, _SQUARE, alternative, shapes)
    low, zero, high = (str(escape(tick)) for tick in block.ticks)
    foot = _SQUARE + 6
    shapes += [
        f'<text class="tick" x="10" y="{foot:g}">{low}</text>',
        f'<text class="tick" x="{middle:g}" y="{foot:g}" text-anchor="middle">{zero}</text>',
        f'<text class="tick" x="{_SQUARE - 10:g}" y="{foot:g}" text-anchor="end">{high}</text>',
        f'<text class="tick" x="6" y="{_SQUARE - 12:g}" text-anchor="end">{low}</text>',
        f'<text class="tick" x="6" y="{middle + 4:g}" text-anchor="end">{zero}</text>',
        f'<text class="tick" x="6" y="20" text-anchor="end">{high}</text>',
    ]
    return _svg("quadrant", _SQUARE + 40, _SQUARE + 12, alternative, shapes, left=-40)


def _svg(kind: str, width: float, height: float, alternative: str, shapes: Sequence[str], left: float = 0) -> Markup:
    return Markup(  # noqa: S704 - shapes are numbers of ours, the sentence is escaped
        f'<svg class="chart {kind}" viewBox="{left:g} 0 {width:g} {height:g}" role="img" '
        f'aria-label="{escape(alternative)}">{"".join(shapes)}</svg>'
    )


def _points(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)


def _day(when: str) -> int:
    return date.fromisoformat(when[:10] if len(when) >= 10 else f"{when}-01").toordinal()
