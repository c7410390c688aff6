"""The report's page as WeasyPrint can lay it out: blocks and tables for grids, colours and widths that a browser would work out.

WeasyPrint knows neither ``subgrid`` nor ``color-mix``, does not colour pictures within a page by the page's style sheet, and stops at
grids that break over pages. What is lost against a browser is told in ``docs/how-to/report.md``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

_STYLE = Path(__file__).parent / "templates" / "weasyprint.css"
_PICTURE = re.compile(r'<svg class="(chart[^"]*)"(.*?)</svg>', re.DOTALL)
_IN_ROW = ("share", "difference")
_SHAPE = re.compile(r'<(rect|line|circle|polygon|polyline|text) class="([^"]+)"')
_HEAT = re.compile(r'style="--h:(\d(?:\.\d+)?)"')
#: What no paper shows. The page is ours and its texts are escaped, so that an element ends where its end stands.
_UNSEEN = re.compile(
    r'<summary class="tiny">.*?</summary>|<nav class="toc".*?</nav>|<p class="hint[^"]*">.*?</p>|<a class="skip".*?</a>',
    re.DOTALL,
)
_UNSEEN_IN_EVIDENCE = re.compile(
    r'<span class="chips">(?:<span class="chip[^>]*>[^<]*</span>)*</span>|<p class="tiny soft all">.*?</p>|<a class="back".*?</a>',
    re.DOTALL,
)
#: The colours that ``style.css`` has on paper, and the share of the accent in the hottest field.
_ACCENT, _WARN, _SOFT, _MUTED, _TRACK, _INK, _RULE = (
    "#0d6e6e",
    "#b4530a",
    "#555555",
    "#8a959d",
    "#eeeeee",
    "#111111",
    "#dddddd",
)
_HOTTEST = 0.52
#: Shapes of bars, whose drawing is stretched to the width of their column, and with it every upright line.
_BARS: Mapping[str, str] = {
    "track": f'fill="{_TRACK}"',
    "bar": f'fill="{_ACCENT}"',
    "bar muted": f'fill="{_MUTED}"',
    "bar warn": f'fill="{_WARN}"',
    "whisker": f'stroke="{_INK}" stroke-width="0.7"',
    "limit": f'stroke="{_INK}" stroke-width="0.8" stroke-dasharray="3 2"',
    "track-line": f'stroke="{_TRACK}" stroke-width="1.4"',
    "zero": f'stroke="{_SOFT}" stroke-width="0.4"',
    "span": f'stroke="{_MUTED}" stroke-width="1.4"',
    "span strong": f'stroke="{_ACCENT}" stroke-width="1.4"',
    "dot": f'fill="{_MUTED}"',
    "dot strong": f'fill="{_ACCENT}"',
}
_OTHERS: Mapping[str, str] = {
    "base": f'stroke="{_RULE}" stroke-width="1"',
    "band": f'fill="{_ACCENT}" fill-opacity="0.18"',
    "stroke": f'fill="none" stroke="{_ACCENT}" stroke-width="2" stroke-linejoin="round"',
    "stroke ahead": f'fill="none" stroke="{_ACCENT}" stroke-width="2" stroke-dasharray="4 4"',
    "gap": f'fill="none" stroke="{_SOFT}" stroke-width="1" stroke-dasharray="1 3"',
    "mark-line": f'stroke="{_WARN}" stroke-width="1.5" stroke-dasharray="2 2"',
    "spot": f'fill="{_ACCENT}"',
    "plane": f'fill="{_TRACK}"',
    "axis": f'stroke="{_SOFT}" stroke-dasharray="3 3"',
    "whisker": f'stroke="{_SOFT}" stroke-width="1.5"',
    "spot-name": 'fill="#ffffff" font-size="10" font-weight="700"',
    "quarter": f'fill="{_SOFT}" font-size="9.5"',
    "tick": f'fill="{_SOFT}" font-size="10"',
}


def _line(colour: str, width: float) -> Mapping[str, str]:
    """The shapes of a line of a word's size, which is grey, or stands out."""
    return {
        "stroke": f'fill="none" stroke="{colour}" stroke-width="{width}"',
        "gap": f'fill="none" stroke="{colour}" stroke-width="1" stroke-dasharray="1 3"',
        "spot": f'fill="{colour}"',
    }


_SPARK, _SPARK_MOVED = _line(_SOFT, 1.6), _line(_WARN, 2.2)


def for_weasyprint(page: str) -> str:
    """The page with every picture coloured by itself, the heat map shaded, and a style sheet that needs no grid.

    What paper does not show is taken out before, for laying out takes most of the time by the elements there are.
    """
    page = _UNSEEN.sub("", page)
    before, evidence, after = page.partition('<section class="part" id="evidence">')
    inside, end, rest = after.partition("</section>")
    page = before + evidence + _UNSEEN_IN_EVIDENCE.sub("", inside) + end + rest
    page = _PICTURE.sub(_coloured, page)
    page = _HEAT.sub(lambda found: f'style="background:{shade(float(found[1]))}"', page)
    return page.replace("</head>", f"<style>{_STYLE.read_text(encoding='utf-8')}</style></head>", 1)


def shade(heat: float) -> str:
    """The colour of a field of the heat map, 0 to 1, as ``color-mix`` would make it."""
    part = min(max(heat, 0.0), 1.0) * _HOTTEST
    pairs = zip(_channels(_ACCENT), _channels(_TRACK), strict=True)
    return "#" + "".join(f"{round(a * part + b * (1 - part)):02x}" for a, b in pairs)


def _channels(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def _coloured(found: re.Match[str]) -> str:
    kinds = found[1].split()
    in_row = any(kind in kinds for kind in _IN_ROW)
    looks: Mapping[str, str] = _BARS if in_row else _OTHERS
    if "spark" in kinds:
        looks = _SPARK_MOVED if "moved" in kinds else _SPARK
    drawn = _SHAPE.sub(lambda shape: f"<{shape[1]} {looks.get(shape[2], '')}", found[0])
    return f'<span class="chart-box">{drawn}</span>' if in_row else drawn
