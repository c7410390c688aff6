"""Small pictures as inline SVG: no script, no font, no colour of its own (``style.css`` colours them, light and dark).

Drawn by hand rather than by Altair: a bar with its interval is four shapes, weighs 300 bytes, follows the page's theme
and width, and carries its text alternative. Everything put in here is a number or an escaped sentence.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from analysis.report.blocks import Bar

_WIDE = 100.0


def _svg(kind: str, height: float, alternative: str, shapes: str) -> Markup:
    return Markup(  # noqa: S704 - shapes are numbers of ours, the sentence is escaped
        f'<svg class="chart {kind}" viewBox="0 0 100 {height:g}" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(alternative)}">{shapes}</svg>'
    )


def _rect(css: str, x: float, y: float, width: float, height: float) -> str:
    return f'<rect class="{css}" x="{x:.2f}" y="{y:g}" width="{max(width, 0):.2f}" height="{height:g}"/>'


def _line(css: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{css}" x1="{x1:.2f}" y1="{y1:g}" x2="{x2:.2f}" y2="{y2:g}"/>'


def share_bar(
    share: float,
    low: float,
    high: float,
    alternative: str,
    *,
    limits: Sequence[float] = (),
    tone: str = "",
    beside: Bar | None = None,
) -> Markup:
    """A share from 0 to 1 as a bar, its interval as a whisker, thresholds as upright lines; ``beside`` is a line beneath."""
    shapes = [
        _rect("track", 0, 3, _WIDE, 6),
        _rect(f"bar {tone}".strip(), 0, 3, share * _WIDE, 6),
        _line("whisker", low * _WIDE, 6, high * _WIDE, 6),
        _line("whisker", low * _WIDE, 3.6, low * _WIDE, 8.4),
        _line("whisker", high * _WIDE, 3.6, high * _WIDE, 8.4),
        *(_line("limit", limit * _WIDE, 0, limit * _WIDE, 12) for limit in limits),
    ]
    if beside is not None and beside.value is not None:
        shapes += [
            _line("span", beside.low * _WIDE, 14, beside.high * _WIDE, 14),
            _rect("dot", beside.value * _WIDE - 0.7, 11.5, 1.4, 5),
        ]
        return _svg("share beside", 18, alternative, "".join(shapes))
    return _svg("share", 12, alternative, "".join(shapes))


def difference_bar(value: float, low: float, high: float, alternative: str, *, widest: float, tone: str = "") -> Markup:
    """A difference between -``widest`` and ``widest`` as a dot on its interval, around a line at nothing."""

    def x(share: float) -> float:
        return 50 + max(-1.0, min(1.0, share / widest)) * 48

    shapes = [
        _line("track-line", 2, 6, 98, 6),
        _line("zero", 50, 0, 50, 12),
        _line(f"span {tone}".strip(), x(low), 6, x(high), 6),
        _rect(f"dot {tone}".strip(), x(value) - 1, 3, 2, 6),
    ]
    return _svg("difference", 12, alternative, "".join(shapes))
