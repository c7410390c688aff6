"""Pictures for slides: each stands alone, says what it shows, of how many, and from where, in letters that every font has."""

from __future__ import annotations

import json
import re
import struct
import xml.etree.ElementTree as Tree
from pathlib import Path

import pytest

from analysis.report import figures
from analysis.report.blocks import Bar, Bars, Card, Cards, Cell, Line, Lines, Moment, Point, Points, Section, Table
from analysis.report.figure_canvas import WIDE, width, wrapped
from analysis.report.model import Report
from analysis.report.speech import Speech
from data.errors import InputError

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '<script>alert(1)</script>"\x00'
MONTHS = [
    Moment("2026-01", 0.2, 0.1, 0.3, "20%", "n = 40"),
    Moment("2026-02", 0.4, 0.3, 0.5, "40%", "n = 44"),
    Moment("2026-03", 0.5, 0.2, 0.8, "50%", "dự đoán", guessed=True),
]
SECTION = Section(
    "ve-hinh", "Vẽ hình", "", [
        Bars("Điều khiến khách khổ", [Bar(f"nỗi đau {n}", 0.6, 0.5, 0.7, "60%", "n = 90") for n in range(14)], limits=(0.5,)),
        Bars("Khác nhau", [Bar("Hà Nội", -0.2, -0.3, -0.1, "−20", "n = 90/80"), Bar("Huế", 0.2, 0.1, 0.3, "+20", "n = 90/80")],
             signed=True),
        Bars("Họ là ai", [Bar("nữ", 0.6, 0.5, 0.7, "60%", "n = 90", beside=Bar("An Nhiên", 0.2, 0.1, 0.3, "20%", "10–30% · n = 70")),
                          Bar("nam", 0.4, 0.3, 0.5, "40%", "n = 90")]),
        Lines("Theo thời gian", [Line("giá", MONTHS, marks=["2026-02"])], top=0.8, top_told="80%", zero_told="0%"),
        Points("Ai cần", "cần", "mua được", [Point("Mẹ bỉm", 0.7, 0.6, 0.8, 0.4, 0.3, 0.5, "cần nhiều")], ("a", "b", "c", "d"),
               ticks=("−1", "0", "+1")),
        Table("Bản đồ", ["Nỗi đau", "MiniCare (n = 90)"], [["giá", Cell("30%", 0.3, note="27/90")], [HOSTILE, "dưới 5"]], look="heat"),
        Table("Không phải hình", ["a"], [["b"]]),
        Bars("", []),
        Bars("Một mình", [Bar("chỉ một", 0.6, 0.5, 0.7, "60%", "n = 90")]),
        Cards([Card(HOSTILE, [Bars("", [Bar(HOSTILE, None, 0, 0, "–", "")])])]),
    ],
)  # fmt: skip


def drawn(report: Report, lang: str = "vi") -> list[figures.Figure]:
    return [f for f in figures.figures(report, lang, [SECTION]) if f.name.startswith("ve-hinh")]


def text_of(svg: str) -> str:
    return " ".join(t.text or "" for t in Tree.fromstring(svg).iter(f"{SVG}text"))


def test_each_is_drawn_in_as_many_pictures_as_slides_need(report: Report) -> None:
    assert [f.name for f in drawn(report)] == [
        "ve-hinh-dieu-khien-khach-kho", "ve-hinh-dieu-khien-khach-kho-2", "ve-hinh-khac-nhau", "ve-hinh-ho-la-ai",
        "ve-hinh-theo-thoi-gian",
        "ve-hinh-ai-can", "ve-hinh-ban-do",
    ]  # fmt: skip


def test_every_picture_of_the_report_stands_alone(report: Report) -> None:
    every = list(figures.figures(report, "vi", [SECTION]))
    assert len(every) > len(drawn(report)), "the report's own are drawn too"
    assert len({f.name for f in every}) == len(every)
    for figure in every:
        root = Tree.fromstring(figure.svg)
        assert root.get("width") == f"{WIDE:g}"
        assert root.find(f"{SVG}rect").get("fill") == "#ffffff"  # type: ignore[union-attr]
        assert not re.search(r"(href|url\(|class=|<style|<script)", figure.svg), "nothing from elsewhere"
        said = text_of(figure.svg)
        assert "Nguồn: " in said
        assert report.study in said
        assert root.find(f"{SVG}desc").text, "a text alternative"  # type: ignore[union-attr]
        for shape in root.iter(f"{SVG}text"):
            assert 0 <= float(shape.get("x", "0")) <= WIDE
        assert re.fullmatch(r"[a-z0-9-]+", figure.name)


def test_names_tell_no_numbers_of_people_and_titles_say_what_is_shown_of_whom(report: Report) -> None:
    every = list(figures.figures(report, "vi", [SECTION]))
    theirs = [f for f in every if f.section == "Từng đối thủ"]
    names = {f.name for f in every}
    assert "competitors-minicare-ho-la-ai" in names, "not how many speak of them this time"
    assert {"portraits-an-nhien-who", "portraits-an-nhien-family"} <= names, "a theme, not the place in a row"
    assert all(any(c.name in f.title for c in report.competitors) for f in theirs if "minicare" in f.name)
    title = next(f.title for f in every if f.name == "portraits-an-nhien-who")
    assert title.startswith("An Nhiên: "), title


def test_numbers_are_told_with_what_they_stand_on(report: Report) -> None:
    said = text_of(drawn(report)[0].svg)
    assert "60%" in said
    assert "n = 90" in said
    assert "Khoảng tin cậy" in said or "khoảng tin cậy" in said
    assert "–20" in text_of(drawn(report)[2].svg), "a minus that fonts have"


def test_pixels_are_1600_wide_and_letters_are_drawn(report: Report) -> None:
    content = figures.png(drawn(report)[0].svg)
    assert content.startswith(b"\x89PNG")
    assert struct.unpack(">I", content[16:20])[0] == WIDE
    empty = figures.png(re.sub(r"<text.*?</text>", "", drawn(report)[0].svg))
    assert len(content) > len(empty) * 1.5


def test_the_folder_has_an_index_and_loses_what_is_no_more(report: Report, tmp_path: Path) -> None:
    folder = tmp_path / "hinh"
    written = list(figures.write(report, "vi", [SECTION], folder))
    assert written[0].name == figures.INDEX
    assert {path.name for path in folder.iterdir()} == {path.name for path in written}
    index = json.loads((folder / figures.LIST).read_text(encoding="utf-8"))
    names = [name for figure in index["figures"] for name in figure["files"]]
    assert all((folder / name).exists() for name in names)
    assert "ve-hinh-ban-do.png" in names
    page = (folder / figures.INDEX).read_text(encoding="utf-8")
    assert "<script>" not in page
    assert 'src="ve-hinh-ban-do.png"' in page
    (folder / "cua-toi.png").write_bytes(b"mine")
    list(figures.write(report, "vi", [], folder))
    assert not (folder / "ve-hinh-ban-do.png").exists()
    assert (folder / "cua-toi.png").read_bytes() == b"mine", "what is the user's own stays"


def test_an_index_that_somebody_changed_takes_nothing_else_away(report: Report, tmp_path: Path) -> None:
    outside = tmp_path / "quan-trong.png"
    outside.write_bytes(b"mine")
    folder = tmp_path / "hinh"
    folder.mkdir()
    (folder / figures.LIST).write_text(
        '{"figures": [{"files": ["../quan-trong.png", "/etc/hosts", 3]}]}', encoding="utf-8"
    )
    list(figures.write(report, "en", [], folder))
    assert outside.exists()


def test_what_stands_beside_tells_of_how_many_too(report: Report) -> None:
    [svg] = [figure.svg for figure in drawn(report) if figure.name == "ve-hinh-ho-la-ai"]
    assert "An Nhiên 20% (10–30% · n = 70)" in text_of(svg)


def test_text_is_wrapped_before_it_touches_what_stands_beside() -> None:
    lines = wrapped("Những điều khiến người nói về thương hiệu này khổ nhất trong cả năm", 40, 600, 2, bold=True)
    assert len(lines) == 2
    assert all(width(line, 40, bold=True) <= 600 for line in lines)
    assert lines[1].endswith("…")
    assert wrapped("", 20, 100, 2) == []
    assert wrapped("ướ" * 200, 20, 100, 1)[0].endswith("…")


def test_a_file_that_cannot_be_written_says_so(report: Report, tmp_path: Path) -> None:
    (tmp_path / "hinh").write_text("a file, no folder", encoding="utf-8")
    with pytest.raises(InputError, match="hinh"):
        list(figures.write(report, "vi", [SECTION], tmp_path / "hinh"))


def test_both_languages(report: Report) -> None:
    assert "Source: " in text_of(drawn(report, "en")[0].svg)
    assert Speech("en").date("2026-11-21") in text_of(next(iter(figures.figures(report, "en", []))).svg)
