"""Figures of reading as rows for programs, and as tables and sentences for people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TextIO

from analysis.text.evaluate import BY, MACRO, MEASURES, PLAIN, Figure
from data.gold import agreement
from data.numbers import number
from data.words import entry, tell

#: Of the measures, those that stand beside each other where there is a row a domain or a difficulty.
ACROSS = ("cues", "pain_posts", "pains", "category", "silent")
#: Whose names stand in ``codes.toml``.
_NAMES = {"attribute": "attributes", "category": "categories", "kind": "kinds"}
_SENTENCES = ("cues", "pains")


def rows(language: str, figures: Iterable[Figure]) -> Iterator[dict[str, Any]]:
    """Each figure as a row. Shares are rounded to four digits; ``enough`` says whether a figure may be told."""
    for figure in figures:
        inside = figure.estimate
        numbers: dict[str, float | None] = {
            "value": inside.value if inside else None,
            "low": inside.low if inside else None,
            "high": inside.high if inside else None,
            "precision": figure.precision,
            "recall": figure.recall,
        }
        yield {
            "language": language,
            "measure": figure.measure,
            "group": figure.group,
            **{name: None if value is None else round(float(value), 4) for name, value in numbers.items()},
            "coded": figure.coded,
            "read": figure.read,
            "right": figure.right,
            "posts": figure.posts,
            "enough": figure.enough,
        }


def show(figures: Sequence[Figure], by: str | None, out: TextIO) -> None:
    """A table, as wide as the screen lets it be."""
    from rich.console import Console

    wide = by in ("domain", "hard")
    heads, cells = _across(figures) if wide else _down(figures, by)
    console = Console(file=out, highlight=False)
    console.print(_grid(heads, cells, console.width))
    if wide:
        console.print(tell("eval.dash"))


def _grid(heads: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> Any:
    """Columns as narrow as their words; what is left of the screen's ``width`` goes to the names in the first."""
    from rich import box
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    words = [[head, *column] for head, column in zip(heads, zip(*cells, strict=True), strict=True)]
    widths = [max(map(cell_len, re.split(r"[ \n]", " ".join(column)))) for column in words]
    left = width - sum(widths[1:]) - 2 * len(heads)
    widths[0] = max(widths[0], min(left, max(map(cell_len, words[0]))))
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for place, (head, wide) in enumerate(zip(heads, widths, strict=True)):
        table.add_column(Text(head), justify="right" if place else "left", width=wide)
    for row in cells:
        table.add_row(*map(Text, row))
    return table


def _down(figures: Sequence[Figure], by: str | None) -> tuple[list[str], list[list[str]]]:
    heads = ["by_" + by if by in BY else "measure", "figure", "interval", "precision", "recall", "coded", "read"]
    cells = []
    for figure in figures:
        name = tell(f"eval.measures.{figure.measure}") if by is None else group_name(by, figure.group)
        cells.append([name, *_figures(figure), *_parts(figure), number(figure.coded), number(figure.read)])
    return [tell(f"eval.columns.{head}") for head in heads], cells


def _parts(figure: Figure) -> list[str]:
    return [short(part) if figure.enough and part is not None else "" for part in (figure.precision, figure.recall)]


def _figures(figure: Figure) -> tuple[str, str]:
    if not figure.enough or figure.estimate is None:
        return tell("eval.not_enough").replace(" ", "\u00a0"), ""
    return short(figure.estimate.value), span(figure)


def _across(figures: Sequence[Figure]) -> tuple[list[str], list[list[str]]]:
    heads = [tell("eval.columns.group"), tell("eval.columns.posts"), *(tell(f"eval.columns.{name}") for name in ACROSS)]
    groups: dict[str, dict[str, Figure]] = {}
    for figure in figures:
        groups.setdefault(figure.group, {})[figure.measure] = figure
    cells = []
    for group, found in groups.items():
        posts = next(iter(found.values())).posts
        cells.append([group_name(None, group), number(posts), *(_cell(found.get(name)) for name in ACROSS)])
    return heads, cells


def _cell(figure: Figure | None) -> str:
    if figure is None or not figure.enough or figure.estimate is None:
        return "–"
    return f"{short(figure.estimate.value)}\n{span(figure)}"


def group_name(by: str | None, group: str) -> str:
    """``monthly income (income)``; a domain as its file is called; the mean of domains and plain posts in words."""
    if by in _NAMES:
        name = str(entry(f"codes.{_NAMES[by]}")[group])
        return name if name == group else f"{name} ({group})"
    return tell(f"eval.groups.{group}") if group in (MACRO, PLAIN) else group


def sentences(figures: Sequence[Figure]) -> Iterator[str]:
    """What the figures mean, in plain words."""
    for figure in figures:
        if (
            figure.measure in _SENTENCES
            and figure.enough
            and figure.precision is not None
            and figure.recall is not None
        ):
            right, found = number(100 * figure.precision), number(100 * figure.recall)
            yield tell(f"eval.plain.{figure.measure}", right=right, found=found)


def of_the_coders(language: str) -> str:
    """What the same figures would be if one coder of the gold posts were measured by the other."""
    told = agreement(language)
    names = (name for name in MEASURES if name in told)
    figures = (f"{tell(f'eval.measures.{name}')} {short(told[name])}" for name in names)
    return tell("eval.coders", figures=", ".join(figures))


def short(share: float) -> str:
    """``0.68``."""
    return number(share, 2)


def span(figure: Figure) -> str:
    """``0.65–0.71``."""
    return f"{short(figure.estimate.low)}–{short(figure.estimate.high)}" if figure.estimate else ""
