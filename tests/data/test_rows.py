"""Rows as a table, CSV, JSON: nothing in them can run in a spreadsheet or repaint a terminal, and nothing is lost."""

import csv
import io
import json

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
