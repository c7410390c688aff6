"""The report as one HTML file: no script, no request, light and dark, from a phone to A4."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analysis.report import charts, drawing, sentences
from analysis.report.blocks import Bars, Block, Cards, Section, Table, Text
from analysis.report.context import context
from analysis.report.model import Report
from analysis.report.speech import Speech
from analysis.report.straight import straight

_TEMPLATES = Path(__file__).parent / "templates"
#: What stands before a verdict, so that it is not told by colour alone: a circle that the style sheet fills (fonts draw half a circle
#: in many sizes), or a letter.
_SIGNS = {"close": "", "partly": "", "far": "", "not_enough": "?"}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,  # everything from the web is text
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals.update(
        words=sentences,
        share_bar=charts.share_bar,
        difference_bar=charts.difference_bar,
        line_chart=drawing.line_chart,
        span_of=drawing.span_of,
        quadrant=drawing.quadrant,
        spark=drawing.spark,
        line_told=drawing.line_told,
        hottest_of=_hottest,
        grouped=_grouped,
        signs=_SIGNS,
        kind_of=kind_of,
        widest_of=_widest,
        shown_of=_shown,
    )
    return environment


def kind_of(block: object) -> str:
    """The name of a block's type, for templates."""
    return type(block).__name__


def _widest(bars: Bars) -> float:
    return max([0.2, *(abs(edge) for row in bars.rows for edge in (row.low, row.high))])


def _hottest(table: Table) -> float:
    """The largest share of a heat map, which has its full shade."""
    shares = [cell.number for row in table.rows for cell in row[1:] if not isinstance(cell, str)]
    return max((share for share in shares if share), default=1.0)


def _grouped(blocks: Sequence[Block]) -> list[tuple[bool, list[Block]]]:
    """Blocks that stand in one card together, and those that stand apart."""
    found: list[tuple[bool, list[Block]]] = []
    for block in blocks:
        apart = isinstance(block, Cards) or (isinstance(block, Text) and block.look == "heading")
        if apart or not found or found[-1][0]:
            found.append((apart, [block]))
        else:
            found[-1][1].append(block)
    return found


def _shown(items: Sequence[object], most: int) -> int:
    """How many stand before the fold: one or two more than ``most`` are not worth folding."""
    return len(items) if len(items) <= most + 2 else most


def _every_page(report: Report) -> str:
    """The study's note at the foot of every printed page, written so that it can be nothing but text."""
    note = "".join(c if c.isalnum() or c in " .,:;·-()" else f"\\{ord(c):x} " for c in report.note or "")
    return f'@page {{ @bottom-center {{ content: "{note}"; font-size: 7pt; color: #555; }} }}\n' if note else ""


def render(report: Report, lang: str, sections: Sequence[Section] = ()) -> str:
    """The whole page in one language; ``sections`` are in it already."""
    say = Speech(lang, report.timezone)
    style = Markup((_TEMPLATES / "style.css").read_text(encoding="utf-8") + _every_page(report))  # noqa: S704 - our own file
    values: dict[str, Any] = {**context(report, sections, say), "style": style}
    return straight(_environment().get_template("report.html.j2").render(values))
