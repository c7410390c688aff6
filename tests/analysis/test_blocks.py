"""Sections made of blocks: the same content as a page and as Markdown, and nothing of it is markup."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO

import pytest
from openpyxl import load_workbook

from analysis.report import as_json, figures, html, markdown, xlsx
from analysis.report.blocks import (
    Bar,
    Bars,
    Card,
    Cards,
    Cell,
    Fold,
    Line,
    Lines,
    Moment,
    Point,
    Points,
    Quotes,
    Section,
    Table,
    Text,
)
from analysis.report.model import Quote, Report

HOSTILE = '<script>alert("x")</script>'
TURNED = "giá \u202eđảo\u2066 ngược"
QUARTERS = ("low low", "high low", "low high", "high high")
MONTHS = [
    Moment("2026-01-01", 0.2, 0.1, 0.3, "20%", "n = 40"),
    Moment("2026-02-01", 0.4, 0.3, 0.5, "40%", "n = 44"),
    Moment("2026-03-01", 0.5, 0.2, 0.8, "50%", "forecast", guessed=True),
]
SECTION = Section(
    "everything", "One of each", "What there is.",
    [
        Text(f"A sentence with {HOSTILE}."),
        Bars("Shares", [Bar("Female", 0.6, 0.5, 0.7, "60%", "n = 90")], limits=(0.7,), note="Of those who tell."),
        Bars("Differences", [Bar("Hà Nội", -0.2, -0.3, -0.1, "−20", "n = 90/80")], signed=True),
        Table("Prices", ["Brand", "Price"], [["MiniCare", Cell("259.000 đ", 259000, note="a pack")]]),
        Lines("Over time", [Line("price", MONTHS, marks=["2026-02-01"], note="Rose.")]),
        Points("Need and means", "need", "means", [Point("Mothers", 0.7, 0.6, 0.8, 0.4, 0.3, 0.5, "high need")], QUARTERS),
        Quotes("Words", [Quote("so ", "it leaks", " again", "forum.example", "2026-02-03", "https://forum.example/1")]),
        Cards([Card("A card", [Text("Inside.")], tag="sketch", anchor="card-1")], narrow=True),
    ],
)  # fmt: skip


@pytest.mark.parametrize("render", [html.render, markdown.render])
def test_both_renderings_hold_every_block(report: Report, render: object) -> None:
    told = unescape(render(report, "en", [SECTION]))  # type: ignore[operator]
    for wanted in ("One of each", "What there is.", "Female", "60%", "−20", "259.000 đ", "a pack", "Rose.", "high need",
                   "it leaks", "forum.example", "A card", "sketch", "Inside."):  # fmt: skip
        assert wanted in told, wanted


def test_what_a_block_says_is_never_markup(report: Report) -> None:
    assert HOSTILE not in html.render(report, "en", [SECTION])
    assert HOSTILE not in markdown.render(report, "en", [SECTION])


def test_a_section_stands_in_the_contents(report: Report) -> None:
    page = html.render(report, "en", [SECTION])
    assert '<a href="#everything">One of each</a>' in page
    assert 'id="everything"' in page
    assert 'id="card-1"' in page


def test_a_forecast_is_drawn_apart_from_what_is_known(report: Report) -> None:
    assert 'class="stroke ahead"' in html.render(report, "en", [SECTION])


def _page(report: Report, *blocks: object) -> str:
    page = html.render(report, "en", [Section("one", "One", "Lead.", blocks)])  # type: ignore[arg-type]
    return unescape(page).split('id="one"')[1].partition("</section>")[0]


def test_nothing_turns_a_line_round(report: Report) -> None:
    bars = Bars(TURNED, [Bar(TURNED, 0.5, 0.4, 0.6, "50%", "n = 9"), Bar("b", 0.5, 0.4, 0.6, "50%", "n = 9")])
    blocks = [Section("one", TURNED, TURNED, [Text(TURNED), bars])]
    pictures = " ".join(figure.svg for figure in figures.figures(report, "vi", blocks))
    book = load_workbook(BytesIO(xlsx.render(report, "vi", blocks)))
    cells = " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    said = [render(report, "vi", blocks) for render in (html.render, markdown.render, as_json.render)]
    for text in (*said, pictures, cells):
        assert "giá đảo ngược" in text
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", text)


def test_markdown_has_no_doubled_brackets_headings_or_signs(report: Report) -> None:
    rows = [Bar("rẻ", 0.5, 0.4, 0.6, "50%", "(45/90)"), Bar("đắt", 0.5, 0.4, 0.6, ">= 50%", "n = 90")]
    table = Table("Bảng", ["a", "b"], [["c", Cell("6%", 0.06, note="(17/299)")]])
    blocks = [Text("Nhan", look="heading"), Fold("Bảng", [table]), Bars("", rows)]
    told = markdown.render(report, "vi", [Section("one", "One", "Lead.", blocks)])
    assert "((" not in told
    assert "**50%** (45/90)" in told
    assert "&gt;" not in told
    assert "(n = 90)" in told
    levels = re.findall(r"^(#+) .*\n+(#+) ", told, re.MULTILINE)
    assert levels
    assert all(above != below for above, below in levels)
    assert told.count("# Bảng") == 1


def test_a_long_table_is_folded_on_the_page_and_whole_in_markdown(report: Report) -> None:
    table = Table("Long", ["What", "How many"], [[f"row {n}", str(n)] for n in range(20)], shown=5)
    page = _page(report, table)
    first, _, folded = page.partition('<details class="more rest">')
    assert "row 4" in first
    assert "row 5" not in first
    assert "15 more rows" in folded
    assert "row 19" in folded
    told = markdown.render(report, "en", [Section("one", "One", "Lead.", [table])])
    assert "row 19" in told
    assert "more rows" not in told


def test_one_or_two_rows_are_not_worth_folding(report: Report) -> None:
    table = Table("Short", ["What"], [[f"row {n}"] for n in range(7)], shown=5)
    assert '<details class="more">' not in _page(report, table)


def test_what_is_folded_is_in_both_renderings_and_no_markup(report: Report) -> None:
    section = Section("one", "One", "Lead.", [Cards([Card("A", [Fold("Closed", [Text(HOSTILE)])])])])
    for render in (html.render, markdown.render):
        page = render(report, "en", [section])
        assert "Closed" in page
        assert HOSTILE not in page


def test_a_picture_has_an_axis_and_its_name_tells_its_last_dot(report: Report) -> None:
    months = [
        Moment("2026-01", 0.2, 0.1, 0.3, "20%", "n = 40"),
        Moment("2026-02", 0.4, 0.3, 0.5, "40%", "n = 44"),
        Moment("2026-03", 0.9, 0.3, 0.99, "90%", "n = 9, not whole", apart=True, partial=True),
    ]
    line = Line("price", months)
    assert line.latest is months[1]
    page = _page(report, Lines("Over time", [line], top_told="60%", zero_told="0%"))
    picture = page.split('class="chart series"')[1].partition("</svg>")[0]
    assert picture.count('class="spot"') == 2
    assert ">60%</text>" in picture
    assert ">0%</text>" in picture
    assert "price (0%–60%)" in picture
    assert "90%" in page, "the numbers hold it all the same"
    assert "Jan 2026" in page
    assert "1 Jan 2026" not in page


def test_a_square_says_what_its_ends_are(report: Report) -> None:
    point = Point("Mothers", 0.7, 0.6, 0.8, 0.4, 0.3, 0.5, "high need")
    page = _page(report, Points("Need", "need", "means", [point], QUARTERS, ticks=("−0.1", "0", "+0.1")))
    assert page.count(">+0.1</text>") == 2
