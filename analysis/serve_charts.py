"""Pictures of the questions' answers: bars with their bounds, as inline SVG between words. No script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from data.numbers import number_in, points_in
from data.words import entry


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its length, and the bounds of it where they are known; ``note`` stands small behind the number."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    note: str = ""


def bars(drawn: Sequence[Bar], lang: str, caption: str = "", *, share: bool, points: bool = False) -> Markup:
    """A list of bars, all on one scale that begins at 0 (or below, where something is below it); ``caption`` says of what."""
    most = max((bar.high if bar.high is not None else bar.value) for bar in drawn)
    least = min(0.0, *((bar.low if bar.low is not None else bar.value) for bar in drawn))
    span = (most - least) or 1.0

    def x(value: float) -> float:
        return 100 * (value - least) / span

    rows = []
    for bar in drawn:
        told = _told(bar.value, lang, share=share, points=points)
        between = ""
        if bar.low is not None and bar.high is not None:
            ends = {
                "low": _told(bar.low, lang, share=share, points=points),
                "high": _told(bar.high, lang, share=share, points=points),
            }
            between = entry("explore.questions.between", lang).format(**ends)
        begin, end = sorted((x(0.0), x(bar.value)))
        shapes = '<rect class="track" x="0" y="4" width="100" height="8"/>'
        shapes += f'<rect class="bar" x="{begin:.2f}" y="4" width="{end - begin:.2f}" height="8"/>'
        if bar.low is not None and bar.high is not None:
            low, high = x(bar.low), x(bar.high)
            shapes += f'<line class="whisker" x1="{low:.2f}" x2="{high:.2f}" y1="8" y2="8"/>'
            shapes += "".join(
                f'<line class="whisker" x1="{end:.2f}" x2="{end:.2f}" y1="5" y2="11"/>' for end in (low, high)
            )
        small = " · ".join(part for part in (between, bar.note) if part)
        rows.append(
            f'<li><span class="name">{escape(bar.name)}</span>'
            f'<svg class="chart" viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden="true">{shapes}</svg>'
            f'<span class="figure"><b>{escape(told)}</b> <small>{escape(small)}</small></span></li>'
        )
    head = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return Markup(f'{head}<ol class="bars">{"".join(rows)}</ol>')  # noqa: S704 - numbers of ours, everything else is escaped


def _told(value: float, lang: str, *, share: bool, points: bool) -> str:
    if points:
        return str(entry("answers.points", lang)).format(n=points_in(lang, value))
    if share:
        return f"{number_in(lang, 100 * value)}%"
    return number_in(lang, value, 0 if float(value).is_integer() else 2 if abs(value) < 1 else 1)
