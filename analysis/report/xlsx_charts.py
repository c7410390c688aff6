"""Native charts of a workbook on one sheet, two side by side: bars with their intervals, lines over time, points on two scales."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from analysis.report.sheets import Chart, Series, Sheet

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

#: The report's own two, then others that stay apart for the colour-blind (Okabe and Ito).
COLOURS = ("#0d6e6e", "#b4530a", "#0072b2", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#8a6d00")
_WIDE, _COLUMNS, _ROW = 620, 8, 20
#: In percent: both charts of a row fit on a page's width, in fonts that are a tenth wider as well; so many rows on its height.
_SCALE = 58
_PAGE = 58
#: A line through fewer dates shows no course.
_LEAST_OF_LINE = 4
_MOST = 40
#: Lines are points that are joined: series need not have the same dates.
_KINDS = {
    "bars": {"type": "bar"},
    "columns": {"type": "column"},
    "lines": {"type": "scatter", "subtype": "straight_with_markers"},
    "points": {"type": "scatter"},
}


def dashboard(book: Workbook, page: Worksheet, sheets: Sequence[tuple[str, int, Sheet]], top: int) -> None:
    """Draw every chart of the sheets, in their order, below row ``top``; on paper none breaks over two pages."""
    page.set_column(0, 2 * _COLUMNS, 11)
    drawn = [(name, head, sheet, chart) for name, head, sheet in sheets for chart in sheet.charts if _tells(chart)][
        :_MOST
    ]
    row, begun, breaks = top, 0, []
    for pair in zip_longest(drawn[::2], drawn[1::2]):
        made = [_make(book, *one) for one in pair if one is not None]
        high = max(height for _, height, _ in made) // _ROW + 2
        if row + high - begun > _PAGE:
            breaks.append(row)
            begun = row
        for place, (chart, _, title) in enumerate(made):
            about = {"x_offset": 4, "y_offset": 4, "object_position": 3, "description": title}
            page.insert_chart(row, place * _COLUMNS, chart, about)
        row += high
    page.set_h_pagebreaks(breaks)
    page.set_landscape()
    page.set_paper(9)
    # No “fit to one page wide”: with it Excel passes over the page breaks.
    page.set_print_scale(_SCALE)
    page.print_area(0, 0, row, 2 * _COLUMNS - 1)
    page.repeat_rows(0)
    page.set_margins(0.4, 0.4, 0.5, 0.5)


def _tells(chart: Chart) -> bool:
    return chart.kind != "lines" or any(one.last - one.first + 1 >= _LEAST_OF_LINE for one in chart.series)


def _make(book: Workbook, name: str, head: int, sheet: Sheet, chart: Chart) -> tuple[Any, int, str]:
    made = book.add_chart(_KINDS[chart.kind])
    rows = max(one.last - one.first + 1 for one in chart.series)
    height = 110 + 26 * rows if chart.kind == "bars" else 340
    made.set_size({"width": _WIDE, "height": height})
    font = {"size": 12, "bold": True, "color": "#1b1f24"}
    made.set_title({"name": chart.title[:200], "name_font": font, "overlay": False})
    made.set_chartarea({"border": {"color": "#d5dbe1"}})
    for place, one in enumerate(chart.series):
        made.add_series(_series(name, head, chart, one, COLOURS[place % len(COLOURS)]))
    _axes(made, chart, _top(sheet, chart))
    if len(chart.series) < 2:
        made.set_legend({"none": True})
    else:
        made.set_legend({"position": "bottom", "font": {"size": 9}})
    return made, height, chart.title


def _top(sheet: Sheet, chart: Chart) -> float | None:
    """The end of a scale of shares, beyond every bound; ``None`` where values are no shares or lie below nothing too."""
    highest = 0.0
    for one in chart.series:
        for row in sheet.rows[one.first : one.last + 1]:
            value, room = (row[n] if n is not None else None for n in (chart.value, chart.to_high))
            if isinstance(value, int | float):
                if value < 0:
                    return None
                highest = max(highest, value + (room if isinstance(room, int | float) else 0.0))
    return next((top for top in (0.1, 0.2, 0.4, 0.6, 0.8, 1.0) if highest <= top + 1e-9), None)


def _series(name: str, head: int, chart: Chart, one: Series, colour: str) -> dict[str, Any]:
    def column(number: int) -> list[Any]:
        return [name, head + 1 + one.first, number, head + 1 + one.last, number]

    about: dict[str, Any] = {
        "name": one.name, "categories": column(chart.label), "values": column(chart.value), "fill": {"color": colour},
        "border": {"none": True}, "gap": 60,
    }  # fmt: skip
    if chart.kind in ("lines", "points"):
        about["marker"] = {
            "type": "circle",
            "size": 9 if chart.kind == "points" else 5,
            "fill": {"color": colour},
            "border": {"color": colour},
        }
        about["line"] = {"none": True} if chart.kind == "points" else {"color": colour, "width": 2}
        del about["fill"], about["border"], about["gap"]
    if chart.to_low is not None and chart.to_high is not None:
        low, high = (_range(name, head, one, number) for number in (chart.to_low, chart.to_high))
        about["x_error_bars" if chart.kind == "bars" else "y_error_bars"] = {
            "type": "custom", "plus_values": high, "minus_values": low, "line": {"color": "#1b1f24", "width": 1.25},
        }  # fmt: skip
    return about


def _range(name: str, head: int, one: Series, number: int) -> str:
    from xlsxwriter.utility import xl_range_abs

    quoted = "'" + name.replace("'", "''") + "'"
    return f"={quoted}!{xl_range_abs(head + 1 + one.first, number, head + 1 + one.last, number)}"


def _axes(made: Any, chart: Chart, top: float | None) -> None:
    font = {"size": 9, "color": "#5b6570"}
    grid = {"visible": True, "line": {"color": "#e6eaee", "width": 0.75}}
    value: dict[str, Any] = {"num_font": font, "major_gridlines": grid, "line": {"none": True}}
    if chart.percent:
        value["num_format"] = "0%"
    if chart.kind == "bars":
        made.set_y_axis(
            {"reverse": True, "num_font": {"size": 10}, "line": {"color": "#5b6570"}, "major_tick_mark": "none"}
        )
        made.set_x_axis({**value, "min": 0, "max": top} if top is not None else value)
    elif chart.kind == "points":
        x, y = chart.titles or ("", "")
        both = {"min": 0, "max": 1, "num_font": font, "major_gridlines": grid, "crossing": 0, "major_unit": 0.5}
        made.set_x_axis({**both, "name": x, "name_font": {"size": 10}, "num_format": "0.0"})
        made.set_y_axis({**both, "name": y, "name_font": {"size": 10}, "num_format": "0.0"})
    else:
        dates = {"num_format": "mm/yyyy", "num_font": font, "major_gridlines": {"visible": False}}
        made.set_x_axis(dates | ({"date_axis": True} if chart.kind == "columns" else {"major_unit": 61}))
        made.set_y_axis({**value, "min": 0})
