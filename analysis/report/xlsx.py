"""The report as a workbook: a sheet a table, with filters, notes and native charts.

Whatever came from the web is written as text, never as a formula; numbers, shares and dates are what they are, so that the reader's
own Excel shows them in its own way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from itertools import groupby, zip_longest
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from analysis.report import moving, sentences
from analysis.report.blocks import Section
from analysis.report.evidence import safe_url
from analysis.report.model import Report
from analysis.report.sheets import (
    COUNT,
    LONG,
    LONGEST_NAME,
    MONEY,
    MONTH,
    NUMBER,
    POINTS,
    SHARE,
    TEXT,
    AtLeast,
    Column,
    Few,
    Key,
    Link,
    Sheet,
    Value,
    cut,
    of_blocks,
    of_model,
)
from analysis.report.speech import Speech
from analysis.report.xlsx_charts import dashboard
from analysis.report.xlsx_tables import LINE, add_filtered, clean, height, shown
from data.words import entry

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

#: What Excel takes in an address, and of links on one sheet.
_LONGEST_URL, _MOST_LINKS = 2_079, 60_000
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
#: The row of the header of a sheet's first table, from 0; below it each table has a line of space and its title.
_FIRST = 3
_WIDTHS = {TEXT: 30, LONG: 56}
_NUMBERS = {COUNT: "#,##0", POINTS: "+0;−0;0", NUMBER: "0.00", MONEY: "#,##0.##"}
_INK, _SOFT, _ACCENT, _RULE = "#1b1f24", "#5b6570", "#0d6e6e", "#d5dbe1"


def render(report: Report, lang: str, sections: Sequence[Section] = ()) -> bytes:
    """The workbook's bytes in one language; ``sections`` are in it already."""
    import xlsxwriter

    say = Speech(lang, report.timezone)
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": clean(sentences.title(report, say)), "comments": clean(say.tell("made_with"))})
        _Book(
            book,
            report,
            say,
            [*of_model.sheets(report, say), *of_blocks.sheets(list(moving.marked(report, sections, say)), say)],
        ).write()
    return out.getvalue()


def sheet_name(wanted: str, taken: set[str]) -> str:
    """A name that Excel takes and that no other sheet has: at most 31 characters, without ``[]:*?/\\``."""
    text = " ".join(_NOT_IN_NAMES.sub(" ", clean(wanted)).split()).strip("'") or "–"
    name, number = cut(text, LONGEST_NAME), 1
    while name.casefold() in taken or name.casefold() == "history":
        number += 1
        name = f"{cut(text, LONGEST_NAME - len(str(number)) - 1)} {number}"
    taken.add(name.casefold())
    return name


class _Book:
    def __init__(self, book: Workbook, report: Report, say: Speech, sheets: Sequence[Sheet]) -> None:
        self.book, self.report, self.say, self.sheets = book, report, say, sheets
        self.words = entry("report_files", say.lang)
        self.formats: dict[tuple[Any, ...], Format] = {}
        self.tables = 0
        taken: set[str] = set()
        self.contents = sheet_name(self.words["sheets"]["contents"], taken)
        self.charts = sheet_name(self.words["sheets"]["charts"], taken)
        #: Each worksheet's name, its title and its tables with the row of their header.
        self.pages: list[tuple[str, str, list[tuple[int, Sheet]]]] = []
        for group, of in _grouped(sheets):
            alone = len(of) == 1
            name = sheet_name(of[0].name if alone else group, taken)
            top, placed = _FIRST, []
            for sheet in of:
                placed.append((top, sheet))
                top += len(sheet.rows) + 4
            self.pages.append((name, of[0].title if alone else group, placed))
        self.places = {
            key: f"internal:{quoted(name)}!A{top + 2 + row}"
            for name, _, placed in self.pages
            for top, sheet in placed
            for key, row in sheet.anchors.items()
        }

    def write(self) -> None:
        first = self.book.add_worksheet(self.contents)
        drawn = self.book.add_worksheet(self.charts) if any(sheet.charts for sheet in self.sheets) else None
        for name, title, placed in self.pages:
            self._page(self.book.add_worksheet(name), title, placed)
        if drawn is not None:
            self._top(drawn, self.words["sheets"]["charts"], self.words["about"]["charts"], 12)
            dashboard(self.book, drawn, [(name, top, s) for name, _, placed in self.pages for top, s in placed], _FIRST)
        self._contents(first, drawn is not None)

    def format(self, **wanted: Any) -> Format:
        """A format, made once."""
        key = tuple(sorted(wanted.items()))
        if key not in self.formats:
            about = {"font_name": "Calibri", "font_size": 11, "font_color": _INK, "valign": "top", **wanted}
            self.formats[key] = self.book.add_format(about)
        return self.formats[key]

    # The first sheet

    def _contents(self, page: Worksheet, drawn: bool) -> None:
        say, report, columns = self.say, self.report, self.words["columns"]
        page.hide_gridlines(2)
        page.set_column(0, 0, 36)
        page.set_column(1, 1, 84, self.format(text_wrap=True))
        page.set_column(2, 2, 12)
        page.write_string(0, 0, clean(sentences.title(report, say)), self.format(bold=True, font_size=18))
        page.write_string(
            1,
            0,
            clean(say.tell("subtitle", study=report.study, date=say.date(report.made_at))),
            self.format(font_color=_SOFT),
        )
        row = 2
        page.set_row(0, 30)
        for text in filter(None, (report.note, sentences.start(report, say), self.words["about"]["contents"])):
            page.merge_range(row, 0, row, 2, clean(text), self.format(text_wrap=True, bold=text == report.note))
            page.set_row(row, 16 * (1 + len(text) // 125))
            row += 1
        row += 1
        for place, name in enumerate(("sheet", "about", "rows")):
            page.write_string(row, place, columns[name], self._header(right=name == "rows"))
        page.freeze_panes(row + 1, 0)
        about = self.words["about"]["charts"]
        listed: list[tuple[str, str, int | None]] = [(self.charts, about, None)] if drawn else []
        for name, _, placed in self.pages:
            told = [sheet.about or sheet.title for _, sheet in placed]
            if len(placed) > 1:
                told = [" · ".join(dict.fromkeys(_titled(sheet) for _, sheet in placed))]
            listed.append((name, told[0], sum(len(sheet.rows) for _, sheet in placed)))
        link = self.format(font_color=_ACCENT, underline=1, bottom=1, bottom_color=_RULE)
        for name, said, rows in listed:
            row += 1
            page.write_url(row, 0, f"internal:{quoted(name)}!A1", link, name)
            page.set_row(row, LINE * (1 + len(said) // 80))
            page.write_string(row, 1, clean(said), self.format(text_wrap=True, bottom=1, bottom_color=_RULE))
            if rows is None:
                page.write_blank(row, 2, None, self.format(bottom=1, bottom_color=_RULE))
            else:
                page.write_number(row, 2, rows, self.format(num_format="#,##0", bottom=1, bottom_color=_RULE))
        self._printed(page, landscape=False)

    def _header(self, *, right: bool = False) -> Format:
        align = "right" if right else "left"
        return self.format(
            bold=True, font_color="#ffffff", bg_color=_ACCENT, text_wrap=True, align=align, valign="vcenter", border=1,
            border_color=_ACCENT, indent=0 if right else 1,
        )  # fmt: skip

    def _printed(self, page: Worksheet, *, landscape: bool = True) -> None:
        if landscape:
            page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.set_margins(0.5, 0.5, 0.6, 0.6)
        page.set_footer(f"&L{clean(self.report.study).replace('&', '&&')[:80]} · &A&R&P / &N")

    # One table

    def _top(self, page: Worksheet, title: str, about: str, width: int) -> None:
        page.hide_gridlines(2)
        page.write_string(0, 0, clean(title), self.format(bold=True, font_size=15))
        page.set_row(0, 24)
        page.write_url(
            1,
            0,
            f"internal:{quoted(self.contents)}!A1",
            self.format(font_color=_ACCENT, underline=1),
            f"← {self.contents}",
        )
        if about and width > 1:
            page.merge_range(1, 1, 1, min(width, 8) - 1 if width > 2 else 1, "", self.format()) if width > 2 else None
            page.write_string(1, 1, clean(about), self.format(font_color=_SOFT, text_wrap=True))

    def _page(self, page: Worksheet, title: str, placed: Sequence[tuple[int, Sheet]]) -> None:
        """One worksheet: a table that can be filtered, or the small tables of one theme below each other."""
        alone = len(placed) == 1
        self._top(page, title, "", max(len(sheet.columns) for _, sheet in placed))
        spreads = [self._spread(sheet) for _, sheet in placed]
        widths = [max(wide) for wide in zip_longest(*spreads, fillvalue=0.0)]
        for place, wide in enumerate(widths):
            page.set_column(place, place, wide)
        for top, sheet in placed:
            self._table(page, sheet, top, widths, titled=not alone)
        if alone:
            sheet = placed[0][1]
            page.autofilter(_FIRST, 0, _FIRST + len(sheet.rows), len(sheet.columns) - 1)
            page.repeat_rows(_FIRST)
        page.freeze_panes(_FIRST + 1 if alone else _FIRST - 1, 1)
        self._printed(page)

    def _table(self, page: Worksheet, sheet: Sheet, top: int, widths: Sequence[float], *, titled: bool) -> None:
        if titled:
            page.write_string(top - 1, 0, clean(_titled(sheet)), self.format(bold=True, font_size=12))
            page.set_row(top - 1, 20)
        elif sheet.about:
            page.write_string(top - 1, 0, clean(sheet.about), self.format(font_color=_SOFT))
        if titled and len(sheet.rows) > 1:
            self.tables += 1
            add_filtered(page, sheet, top, self.tables, self._headed)
        for place, column in enumerate(sheet.columns):
            if not titled or len(sheet.rows) < 2:
                page.write_string(top, place, clean(column.title), self._headed(column))
            if column.term:
                self._note(page, top, place, column.term)
        lines = max(
            len(wrap(column.title, max(round(wide) - 3, 4)))
            for column, wide in zip(sheet.columns, widths, strict=False)
        )
        page.set_row(top, max(32, 8 + 17 * lines))
        for number, row in enumerate(sheet.rows):
            page.set_row(top + 1 + number, height(row, widths))
            for place, value in enumerate(row):
                self._cell(page, top + 1 + number, place, value, sheet.columns[place])
        if sheet.heat:
            self._heat(page, sheet, top)

    def _headed(self, column: Column) -> Format:
        return self._header(right=column.kind not in (TEXT, LONG))

    def _heat(self, page: Worksheet, sheet: Sheet, top: int) -> None:
        assert sheet.heat is not None
        scale = {
            "type": "2_color_scale",
            "min_type": "num",
            "min_value": 0,
            "min_color": "#ffffff",
            "max_color": "#79abab",
        }
        page.conditional_format(top + 1, sheet.heat[0], top + len(sheet.rows), sheet.heat[1], scale)

    def _spread(self, sheet: Sheet) -> list[float]:
        """Column widths that show what is in them, up to a limit beyond which text is wrapped."""
        widths = []
        for place, column in enumerate(sheet.columns):
            least = max(9, min(max(map(len, column.title.split()), default=0) + 4, 14))
            texts = [len(shown(row[place])) for row in sheet.rows if place < len(row)]
            widths.append(float(min(max([least, *(n + 2 for n in texts)]), _WIDTHS.get(column.kind, 14))))
        return widths

    def _note(self, page: Worksheet, row: int, column: int, text: str) -> None:
        size = {"width": 260, "height": 24 + 18 * (1 + len(text) // 38)}
        page.write_comment(row, column, clean(text), {**size, "author": "Chandung", "font_size": 9})

    def _cell(self, page: Worksheet, row: int, place: int, value: Value, column: Column) -> None:
        rule = {"bottom": 1, "bottom_color": _RULE}
        wrap = self.format(text_wrap=True, indent=1, **rule)
        if value is None or value == "":
            page.write_blank(row, place, None, wrap)
        elif isinstance(value, str):
            page.write_string(row, place, clean(value), wrap)
        elif isinstance(value, Few):
            numeric = column.kind not in (TEXT, LONG)
            page.write_string(
                row,
                place,
                clean(value.text),
                self.format(italic=True, font_color=_SOFT, align="right" if numeric else "left", **rule),
            )
            if value.text == self.say.tell("fewer_than", n=self.report.minimum):
                self._note(page, row, place, self.words["terms"]["few"].format(n=self.report.minimum))
        elif isinstance(value, AtLeast):
            words = self.say.tell("at_least", n="\0").split("\0")
            shown = (
                "".join(f'"{part}"' if part else "" for part in (words[0],)) + self._number(column.kind).split(";")[-1]
            )
            page.write_number(row, place, value.value, self.format(num_format=shown, **rule))
            self._note(page, row, place, self.words["terms"]["at_least"])
        elif isinstance(value, Link):
            self._link(page, row, place, value)
        elif isinstance(value, Key):
            target = self.places.get(value.key)
            if target:
                page.write_url(row, place, target, self.format(font_color=_ACCENT, underline=1, **rule), value.key)
            else:
                page.write_string(row, place, clean(value.key), wrap)
        elif isinstance(value, date):
            shown = self.words["formats"]["month" if column.kind == MONTH else "date"]
            page.write_datetime(row, place, value, self.format(num_format=shown, align="right", **rule))
        else:
            page.write_number(
                row, place, self._scaled(value, column.kind), self.format(num_format=self._number(column.kind), **rule)
            )

    def _scaled(self, value: float, kind: str) -> float:
        """Differences are read in points: 0.25 is +25."""
        return value * 100 if kind == POINTS else value

    def _number(self, kind: str) -> str:
        if kind == SHARE:
            return f'[=0]0%;[<0.005]"{self.say.tell("below_one_percent")}";0%'
        return _NUMBERS.get(kind, "General")

    def _link(self, page: Worksheet, row: int, place: int, value: Link) -> None:
        url = safe_url(value.url)
        rule = {"bottom": 1, "bottom_color": _RULE}
        if url and len(url) <= _LONGEST_URL and self.links_left(page):
            shown = self.format(font_color=_ACCENT, underline=1, **rule)
            page.write_url(row, place, url, shown, clean(value.text)[:255])
        else:
            page.write_string(row, place, clean(value.text), self.format(text_wrap=True, **rule))

    def links_left(self, page: Worksheet) -> bool:
        return len(page.hyperlinks) < _MOST_LINKS


def _grouped(sheets: Sequence[Sheet]) -> list[tuple[str, list[Sheet]]]:
    """Neighbours of one group together; those of none alone."""
    numbered = enumerate(sheets)
    return [
        (group[1], [sheet for _, sheet in of])
        for group, of in groupby(numbered, key=lambda one: (-1 if one[1].group else one[0], one[1].group))
    ]


def _titled(sheet: Sheet) -> str:
    """A table's title below that of its group, which it need not repeat."""
    for between in (": ", " – "):
        if sheet.title.startswith(sheet.group + between):
            rest = sheet.title.removeprefix(sheet.group + between)
            return rest[:1].upper() + rest[1:]
    return sheet.title


def quoted(name: str) -> str:
    """A sheet's name as formulas and links name it."""
    return "'" + name.replace("'", "''") + "'"
