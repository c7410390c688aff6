"""The report as one HTML file: no script, no request, light and dark, from a phone to A4."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analysis.report import charts, drawing, sentences
from analysis.report.blocks import Bars, Section
from analysis.report.context import context
from analysis.report.evidence import safe_url
from analysis.report.model import Report
from analysis.report.speech import Speech

_TEMPLATES = Path(__file__).parent / "templates"


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
        safe=safe_url,
        share_bar=charts.share_bar,
        difference_bar=charts.difference_bar,
        month_bars=charts.month_bars,
        line_chart=drawing.line_chart,
        span_of=drawing.span_of,
        quadrant=drawing.quadrant,
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
    values: dict[str, Any] = {**context(report, say), "style": style, "parts": sections}
    return _environment().get_template("report.html.j2").render(values)
