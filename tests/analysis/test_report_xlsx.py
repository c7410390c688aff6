"""The workbook tells what the report's model tells, number by number, and nothing in it runs."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from io import BytesIO
from itertools import pairwise, takewhile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from analysis.report import xlsx
from analysis.report.blocks import (
    Bar,
    Bars,
    Card,
    Cards,
    Cell,
    Line,
    Lines,
    Moment,
    Point,
    Points,
    Section,
    Table,
    Text,
)
from analysis.report.model import OfferLine, Portrait, Report
from analysis.report.sections import sections
from analysis.report.sheets import LONGEST_NAME
from analysis.report.speech import Speech
from data.store import Store
from data.words import entry
from tests.analysis.world import MINI, World

HEADER = 4


def opened(content: bytes) -> Workbook:
    return load_workbook(BytesIO(content))


def name(key: str, lang: str = "vi") -> str:
    return str(entry(f"report_files.sheets.{key}", lang))


def rows(sheet: Worksheet, table: str | None = None) -> list[dict[str, Any]]:
    """The rows of a sheet's first table, or of that below a title, by the titles of their columns."""
    header = HEADER if table is None else 1 + [cell.value for cell in sheet["A"]].index(table) + 1
    titles = [cell.value for cell in sheet[header] if cell.value]
    found = takewhile(any, sheet.iter_rows(min_row=header + 1, max_col=len(titles), values_only=True))
    return [dict(zip(titles, row, strict=True)) for row in found]


@pytest.fixture(scope="module")
def book(analysed: World, report: Report) -> Workbook:
    with analysed.open() as store:
        parts = sections(store, analysed.study, Speech("vi", analysed.study.timezone))
    return opened(xlsx.render(report, "vi", parts))


def test_every_pain_has_the_number_of_the_model(book: Workbook, report: Report) -> None:
    say = Speech("vi")
    told = {(row["Thương hiệu"], row["Nỗi đau"]): row for row in rows(book[name("pains")])}
    for portrait in report.portraits:
        for h in portrait.hurts:
            brand, pain = (
                text[:1].upper() + text[1:] for text in (say.brand(portrait.brand), say.category(h.category))
            )
            row, e = told[brand, pain], h.estimate
            found = [row[column] for column in ("Số người nói", "n", "Tỷ lệ", "Cận dưới", "Cận trên")]
            assert found == pytest.approx([e.count, e.n, e.share, e.low, e.high])
            assert row["Hạng"] == h.rank


def test_every_trait_assumption_and_difference_is_there(book: Workbook, report: Report) -> None:
    cells = [c for p in report.portraits for t in p.traits for c in t.cells]
    found = rows(book[name("traits")])
    assert len(found) == len(cells)
    assert sorted(row["Tỷ lệ"] for row in found) == pytest.approx(sorted(c.estimate.share for c in cells))
    assert sorted(row["n"] for row in found) == sorted(c.estimate.n for c in cells)
    checks = [c for s in report.segments for c in s.checks]
    assert len(rows(book[name("checks")])) == len(checks)
    differences = [d for c in report.competitors for d in c.differences]
    points = [row["Chênh (điểm %)"] for row in rows(book[name("differences")])]
    assert [p for p in points if p is not None] == pytest.approx(
        [d.estimate * 100 for d in differences if d.estimate is not None]
    )
    offers = [o for pages in (report.our_pages, *(c.pages for c in report.competitors)) for o in pages.offers]
    assert [row["Giá"] for row in rows(book[name("theirs")], name("offers"))] == [o.price for o in offers]


def test_evidence_is_masked_and_every_link_to_it_leads_there(book: Workbook, report: Report) -> None:
    sheet = book[name("evidence")]
    found = rows(sheet)
    assert sum(1 for row in found if row["Lời trích"]) >= sum(len(e.quotes) for e in report.evidence)
    assert "0912" not in " ".join(str(row["Lời trích"]) for row in found)
    pains = book[name("pains")]
    links = [cell for row in pains.iter_rows(min_row=HEADER + 1) for cell in row if cell.hyperlink]
    assert links
    for cell in links:
        target = re.fullmatch(r"'(.+)'!A(\d+)", str(cell.hyperlink.location))
        assert target is not None
        assert book[target[1]].cell(int(target[2]), 1).value == cell.value


def test_the_contents_lead_to_every_sheet(book: Workbook) -> None:
    first = book.worksheets[0]
    assert first.title == name("contents")
    told = {cell.value for row in first.iter_rows() for cell in row if cell.hyperlink}
    assert told == set(book.sheetnames) - {first.title}


def stacked_tables(book: Workbook) -> int:
    """How many tables that share a sheet have a filter of their own; none may reach into another."""
    found = 0
    for sheet in book.worksheets:
        spans = sorted(range_boundaries(table.ref)[1::2] for table in sheet.tables.values())
        assert all(above[1] < below[0] for above, below in pairwise(spans)), sheet.title
        for table in sheet.tables.values():
            assert table.autoFilter is not None
            headers = [str(cell.value) for cell in sheet[table.ref][0]]
            assert headers == [column.name for column in table.tableColumns], "else Excel repairs the file"
            assert len({header.casefold() for header in headers}) == len(headers)
        found += len(sheet.tables)
    return found


def test_sheets_have_filters_frozen_headers_names_that_excel_takes_and_numbers_that_are_numbers(book: Workbook) -> None:
    assert len({title.casefold() for title in book.sheetnames}) == len(book.sheetnames)
    for sheet in book.worksheets:
        assert len(sheet.title) <= LONGEST_NAME
        assert not re.search(r"[\[\]:*?/\\]", sheet.title)
    assert len(book.sheetnames) <= 22, "small tables of one theme share a sheet"
    assert len({sheet["A1"].value for sheet in book.worksheets}) == len(book.sheetnames), "no table twice"
    for sheet in book.worksheets[2:]:
        alone = sheet.auto_filter.ref is not None
        assert sheet.freeze_panes == (f"B{HEADER + 1}" if alone else f"B{HEADER - 1}")
    assert book[name("pains")].auto_filter.ref
    assert not book[name("theirs")].auto_filter.ref
    assert stacked_tables(book) > 3
    heat = book[name("heat")]
    longest = max(len(str(cell.value).split(" (")[0]) for cell in heat[HEADER] if cell.value)
    assert heat.row_dimensions[HEADER].height >= 32 + (longest > 10) * 8
    pains = book[name("pains")]
    titles = [cell.value for cell in pains[HEADER]]
    share = pains.cell(HEADER + 1, titles.index("Tỷ lệ") + 1)
    assert "0%" in share.number_format
    first = pains.cell(HEADER + 1, titles.index("Lần đầu") + 1)
    assert first.is_date
    assert first.number_format == "dd/mm/yyyy"


def test_charts_are_native_and_bars_carry_their_intervals(analysed: World, report: Report) -> None:
    import zipfile

    content = xlsx.render(report, "vi")
    with zipfile.ZipFile(BytesIO(content)) as parts:
        printed = parts.read("xl/worksheets/sheet2.xml").decode()
        charts = [parts.read(n).decode() for n in parts.namelist() if n.startswith("xl/charts/chart")]
        notes = [parts.read(n).decode() for n in parts.namelist() if re.match(r"xl/comments\d", n)]
    assert any("<c:barChart>" in chart and "<c:errBars>" in chart for chart in charts)
    assert all("<c:title>" in chart.partition("<c:plotArea>")[0] for chart in charts)
    assert 'scale="58"' in printed, "fitted to a width, Excel would pass over the page breaks"
    assert "fitToPage" not in printed
    assert any(str(entry("report_files.terms.n", "vi")) in note for note in notes)


def test_few_people_are_told_in_words_with_a_note(report: Report) -> None:
    mini = report.competitors[0]
    portrait = replace(mini.portrait, hurts=mini.portrait.hurts[1:])
    book = opened(xlsx.render(replace(report, competitors=(replace(mini, portrait=portrait),)), "vi"))
    told = f"dưới {report.minimum}"
    few = [c for row in book[name("pains")].iter_rows(min_row=HEADER + 1) for c in row if c.value == told]
    assert few
    assert all(cell.comment and str(report.minimum) in cell.comment.text for cell in few)


def empty(report: Report) -> Report:
    """A report of nothing."""
    nobody = Portrait(report.own, 0, 0, 0, None, None, (), ())
    return replace(
        report, market=nobody, ours=nobody, competitors=(), segments=(), openings=(), weaknesses=(), evidence=()
    )


def test_nothing_runs_and_nothing_is_too_long(report: Report) -> None:
    hostile = ['=HYPERLINK("http://x.example","x")', "+1+1", "-2+3", "@SUM(A1)", "\x00\x07\x1b tab\t", "dài " * 20_000]
    offers = tuple(OfferLine(text, 1.0, "VND", None, None, text, "javascript:alert(1)") for text in hostile)
    mini = report.competitors[0]
    changed = replace(report, competitors=(replace(mini, pages=replace(mini.pages, offers=offers)),))
    table = Table("=1+1 [x]:*?/\\", ["=A1", "@b"], [[text, Cell(text)] for text in hostile])
    book = opened(xlsx.render(changed, "en", [Section("x", "=cmd|' /C calc'!A0", "lead", [table, table])]))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", cell.value
                assert len(str(cell.value or "")) <= 32_767
                assert not (cell.hyperlink and "javascript" in str(cell.hyperlink.target))
    assert hostile[0] in [cell.value for row in book[name("theirs", "en")].iter_rows() for cell in row]


def test_sections_of_cards_become_one_table(report: Report) -> None:
    def card(brand: str) -> Card:
        table = Table("Từ ngữ", ["Từ", brand], [["bỉm", Cell("39%", 0.39, note="n = 100")]])
        return Card(brand, [Text("Một câu."), table, Bars("Là ai", [Bar("Nữ", 0.9, 0.8, 0.95, "90%", "n = 90")])])

    lines = Lines("Theo tháng", [Line("giá", [Moment("2026-01", 0.1, 0.05, 0.2, "10%", "n = 9")])])
    points = Points("Ai cần", "cần", "mua được", [Point("A", 0.5, 0.4, 0.6, 0.3, 0.2, 0.4, "A đó")], ("", "", "", ""))
    section = Section("s", "So sánh", "Xem gì", [Cards([card("MiniCare"), card("Bé Yêu")]), lines, points])
    book = opened(xlsx.render(empty(report), "vi", [section]))
    words = rows(book["So sánh"], "Từ ngữ")
    assert [row["Thuộc về"] for row in words] == ["MiniCare", "Bé Yêu"]
    assert [row["Bên này"] for row in words] == [0.39, 0.39]
    bars = rows(book["So sánh"], "Tỷ lệ")
    assert [(row["Thuộc về"], row["Tên"], row["Tỷ lệ"], row["Cận dưới"]) for row in bars] == [
        ("MiniCare", "Nữ", 0.9, 0.8), ("Bé Yêu", "Nữ", 0.9, 0.8),
    ]  # fmt: skip
    assert rows(book["So sánh"], "Theo thời gian")[0]["Tỷ lệ"] == 0.1
    assert rows(book["So sánh"], "Hai chiều")[0]["cần"] == 0.5
    assert "Một câu." in [row["Nội dung"] for row in rows(book[name("texts")])]


def test_names_of_sheets_are_short_and_differ() -> None:
    taken: set[str] = set()
    long = "Các loại bằng chứng đặt cạnh nhau theo từng đặc điểm"
    names = [xlsx.sheet_name(text, taken) for text in (long, long, long.upper(), "History", "'a'", "[]", "")]
    assert all(0 < len(n) <= LONGEST_NAME for n in names)
    assert len({n.casefold() for n in names}) == len(names)
    assert "History" not in names


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_an_empty_report_is_a_workbook_too(report: Report, lang: str) -> None:
    book = opened(xlsx.render(empty(report), lang))
    assert name("method", lang) in book.sheetnames


def test_libreoffice_opens_it(analysed_store: Store, analysed: World, report: Report, tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed (apt-get install libreoffice-calc-nogui)")
    parts = sections(analysed_store, analysed.study, Speech("vi", analysed.study.timezone))
    source = tmp_path / "bao-cao.xlsx"
    source.write_bytes(xlsx.render(report, "vi", parts))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    written = "xlsx:Calc MS Excel 2007 XML"
    command = [office, profile, "--headless", "--convert-to", written, "--outdir", str(tmp_path / "again"), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    book = load_workbook(tmp_path / "again" / "bao-cao.xlsx")
    say = Speech("vi")
    mini = next(c.portrait for c in report.competitors if c.name == MINI)
    told = {(row["Thương hiệu"], row["Nỗi đau"]): row["Tỷ lệ"] for row in rows(book[name("pains")])}
    for h in mini.hurts:
        category = say.category(h.category)
        assert told[MINI, category[:1].upper() + category[1:]] == pytest.approx(h.estimate.share)
