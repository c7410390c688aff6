"""Sections made of blocks: the same content as a page and as Markdown, and nothing of it is markup."""

from __future__ import annotations

from html import unescape

import pytest

from analysis.report import html, markdown
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
    Quotes,
    Section,
    Table,
    Text,
)
from analysis.report.model import Quote, Report

HOSTILE = '<script>alert("x")</script>'
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
