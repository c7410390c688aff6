"""A picture for slides as SVG that stands alone: white, 1600 wide, with its own colours, title, number of people and source.

Widths of text are estimated, so that words wrap before they touch what stands beside them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import escape

from analysis.report.straight import straight

WIDE, MARGIN = 1600.0, 64.0
INK, SOFT, FAINT, ACCENT, TRACK = "#1b1f24", "#5b6570", "#c9d0d6", "#0b6e75", "#eef1f4"
#: Fonts that have every Vietnamese letter: of Windows, macOS and Linux.
_FONTS = "Segoe UI, Arial, Noto Sans, DejaVu Sans, sans-serif"
_NARROW, _BROAD = frozenset("iíìỉĩịjlIrtf.,:;'|!()[] "), frozenset("mwMWưƯƠ%@—")
_NO_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def _plain(text: str) -> str:
    return straight(_NO_CONTROL.sub("", text))


def width(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide a line is."""
    units = sum(0.33 if c in _NARROW else 0.88 if c in _BROAD else 0.68 if c.isupper() else 0.57 for c in text)
    return units * size * (1.08 if bold else 1.0)


def wrapped(text: str, size: float, room: float, most: int, *, bold: bool = False) -> list[str]:
    """A text in at most ``most`` lines that fit; what is left over is cut with ``…``."""
    lines: list[str] = []
    words = text.split()
    while words:
        line = words.pop(0)
        while words and width(f"{line} {words[0]}", size, bold=bold) <= room:
            line = f"{line} {words.pop(0)}"
        while width(line, size, bold=bold) > room and len(line) > 1:  # a word longer than the line
            line = line[:-2] + "…"
        lines.append(line)
        if len(lines) == most and words:
            while width(lines[-1] + "…", size, bold=bold) > room:
                lines[-1] = lines[-1][:-1]
            lines[-1] = lines[-1].rstrip(" ,.;") + "…"
            break
    return lines


@dataclass
class Canvas:
    """Shapes one after another; ``svg`` closes the picture at a height."""

    shapes: list[str] = field(default_factory=list)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        colour: str = INK,
        bold: bool = False,
        anchor: str = "start",
    ) -> None:
        # Few fonts have a minus of its own.
        said = escape(_plain(text).replace("−", "–"))
        weight = ' font-weight="700"' if bold else ""
        self.shapes.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{colour}" text-anchor="{anchor}"{weight}>{said}</text>'
        )

    def lines(
        self, x: float, y: float, lines: Sequence[str], size: float, *, colour: str = INK, bold: bool = False
    ) -> float:
        """Lines below one another; returns where the next would stand."""
        for line in lines:
            self.text(x, y, line, size, colour=colour, bold=bold)
            y += size * 1.25
        return y

    def rect(self, x: float, y: float, wide: float, high: float, colour: str, *, round_: float = 0) -> None:
        corner = f' rx="{round_:g}"' if round_ else ""
        self.shapes.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(wide, 0):.1f}" height="{max(high, 0):.1f}" fill="{colour}"{corner}/>'
        )

    def line(
        self, x1: float, y1: float, x2: float, y2: float, colour: str = INK, *, thick: float = 2, dashed: bool = False
    ) -> None:
        dash = ' stroke-dasharray="8 7"' if dashed else ""
        self.shapes.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{thick:g}"{dash}/>'
        )

    def path(
        self, points: Sequence[tuple[float, float]], colour: str, *, filled: bool = False, dashed: bool = False
    ) -> None:
        places = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        if filled:
            self.shapes.append(f'<polygon points="{places}" fill="{colour}" fill-opacity="0.16"/>')
            return
        dash = ' stroke-dasharray="9 8"' if dashed else ""
        self.shapes.append(
            f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="3.5" stroke-linejoin="round"{dash}/>'
        )

    def spot(self, x: float, y: float, radius: float, colour: str) -> None:
        self.shapes.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{colour}" stroke="#ffffff" stroke-width="1.5"/>'
        )

    def svg(self, high: float, title: str, told: str) -> str:
        """The picture, with its text alternative."""
        about = f"<title>{escape(_plain(title))}</title><desc>{escape(_plain(told))}</desc>"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDE:g}" height="{high:.0f}" viewBox="0 0 {WIDE:g} {high:.0f}" '
            f'role="img" font-family="{_FONTS}">{about}<rect width="{WIDE:g}" height="{high:.0f}" fill="#ffffff"/>'
            f"{''.join(self.shapes)}</svg>\n"
        )
