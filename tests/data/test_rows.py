"""Rows as a table, CSV, JSON: nothing in them can run in a spreadsheet or repaint a terminal, and nothing is lost."""

import csv
import io
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.rows import SHOWN, harmless, write_rows

VALUES = (
    st.none()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=40)
)
STARTERS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def written(rows: list[dict[str, object]], how: str) -> str:
    out = io.StringIO()
    assert write_rows(rows, how, out, width=100) == len(rows)
    return out.getvalue()


@given(st.text(st.sampled_from("=+-@\t\r \n＝－a1.,'"), max_size=12))
def test_no_cell_begins_like_a_formula(text: str) -> None:
    cell = harmless(text)
    assert isinstance(cell, str)
    numeric = cell.lstrip("+-").replace(".", "", 1).replace(",", "", 1).isdigit()
    assert numeric or not cell.lstrip(" \n").startswith(STARTERS)
    assert cell.removeprefix("'") == text.removeprefix("'")


@given(st.lists(st.dictionaries(st.sampled_from(["a", "b"]), VALUES, min_size=2), min_size=1, max_size=4))
def test_json_keeps_every_value_and_hides_every_control_character(rows: list[dict[str, object]]) -> None:
    assert json.loads(written(rows, "json")) == rows
    lines = written(rows, "jsonl")
    assert [json.loads(line) for line in lines.split("\n") if line] == rows
    assert not any((ord(sign) < 32 and sign != "\n") or 127 <= ord(sign) < 160 for sign in lines)


def test_csv_reads_back_as_rows() -> None:
    rows = [{"text": 'một "hai"\nba, bốn', "n": 1}, {"text": "", "n": None}]
    assert list(csv.reader(io.StringIO(written(rows, "csv")))) == [["text", "n"], ['một "hai"\nba, bốn', "1"], ["", ""]]


def test_bytes_are_named_not_shown() -> None:
    for how in ("csv", "json", "jsonl", "table"):
        assert "\\x" not in written([{"body": b"\x00\xff" * 50}], how)
        assert "100" in written([{"body": b"\x00\xff" * 50}], how)


def test_a_table_ends_where_nobody_reads_on() -> None:
    out = io.StringIO()
    assert write_rows(({"n": n} for n in range(10 * SHOWN)), "table", out, width=80) == SHOWN
    assert len(out.getvalue().splitlines()) < SHOWN + 10


def test_markup_of_the_terminal_is_text() -> None:
    assert "[red]đỏ[/red]" in written([{"text": "[red]đỏ[/red]"}], "table")


def test_no_rows_are_said_or_stay_empty() -> None:
    assert written([], "json") == "[]\n"
    assert written([], "jsonl") == written([], "csv") == ""
    assert written([], "table").strip()


def test_infinity_is_null_in_json() -> None:
    """JSON knows no infinity: ``select 9e999`` would make a file that no other program reads."""
    rows: list[dict[str, object]] = [{"a": math.inf, "b": -math.inf, "c": math.nan, "d": 1.5}]
    for how in ("json", "jsonl"):
        assert json.loads(written(rows, how).strip("[]\n ")) == {"a": None, "b": None, "c": None, "d": 1.5}


TOP_PAINS: dict[str, object] = {
    "category": "safety_health", "authors": 196, "audience": 1215, "share": 0.1613, "posts": 205, "mean_severity": 2.04,
    "last_post": "2026-11-21T12:58:48Z",
}  # fmt: skip


@pytest.mark.parametrize("width", [70, 80, 120])
def test_no_word_is_broken_on_a_narrow_screen(width: int) -> None:
    out = io.StringIO()
    write_rows([TOP_PAINS], "table", out, width=width)
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    assert [word for word in ("safety_health", "2026-11-21", "12:58:48Z", "1215") if word not in out.getvalue()] == []
    assert ("mean_severity" in out.getvalue()) == (width >= 80), "a column's name may be broken at its underscore"


def test_rows_to_be_compared_stay_a_table_on_a_narrow_screen() -> None:
    row = {
        "category": "safety_health",
        **{f"measure {n}": 1000 + n for n in range(8)},
        "last_post": "2026-11-21T12:58:48Z",
    }
    out = io.StringIO()
    write_rows([row] * 11, "table", out, width=80)
    lines = out.getvalue().splitlines()
    assert sum(line.startswith("safety_health") for line in lines) == 11
    assert len(lines) < 20
    assert max(map(len, lines)) <= 80
    assert "last_post" in lines[-2] + lines[-1]


def test_a_row_too_wide_for_the_screen_is_written_one_field_a_line() -> None:
    row: dict[str, object] = {f"column_{n}": f"{'x' * 20}{n}" for n in range(12)}
    out = io.StringIO()
    assert write_rows([row, row], "table", out, width=80) == 2
    lines = [line.split() for line in out.getvalue().splitlines()]
    assert [words for words in lines if words[0] == "column_3"] == [["column_3", "x" * 20 + "3"]] * 2


def test_a_column_without_a_name_is_shown() -> None:
    assert "7" in written([{"": 7}], "table")


def test_a_number_of_science_stays_a_number() -> None:
    assert [harmless(text) for text in ("-1.5e-07", "+3", "-2,5", "-e5")] == ["-1.5e-07", "+3", "-2,5", "'-e5"]


def test_sentences_in_narrow_columns_are_written_one_field_a_line() -> None:
    said = "Ít nhất 50% khách là người từ 25 đến 34 tuổi sống ở Hà Nội hoặc Thành phố Hồ Chí Minh và mua trên Shopee"
    row = {"mã": "gia-dinh-tre.pain-service", "giả định": said, **{f"cột {n}": said[: 40 + n] for n in range(5)}}
    out = io.StringIO()
    write_rows([row], "table", out, width=80)
    assert "gia-dinh-tre.pain-service" in out.getvalue()
    assert len(out.getvalue().splitlines()) <= 12
    wide = io.StringIO()
    write_rows([{"mã": "a", "giả định": said}], "table", wide, width=80)
    assert "─" * 20 in wide.getvalue()
    assert "─ 1" not in wide.getvalue()
