"""Answers in words: percentages, days of the study's time zone, codes; and what stands in the files as it is."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from analysis.serve_answers import Answers
from analysis.serve_questions import answer, hidden, shown, together, unknown
from data.store.queries import named_query, query_names, views
from data.study_file import load
from data.words import entry


@pytest.mark.parametrize(
    ("column", "row", "forms", "vi", "en"),
    [
        ("share", {"share": 0.3190}, {}, "32%", "32%"),
        ("posted_at", {"posted_at": "2026-11-21T18:30:00Z"}, {}, "22/11/2026", "22 Nov 2026"),
        ("verdict", {"verdict": "not_enough"}, {}, "chưa đủ dữ liệu", "not enough data"),
        ("relation", {"relation": "considers"}, {}, "đang cân nhắc", "considers it"),
        ("value", {"attribute": "gender", "value": "female"}, {}, "nữ", "woman"),
        ("value", {"measure": "lift:female", "value": 1.5}, {"value": "measured"}, "1,50 lần", "1.50 times"),
        ("difference", {"difference": -0.1358}, {"difference": "points"}, "−14 điểm", "−14 points"),
        ("share", {"claim": "pain price: top 2", "share": 3.0}, {"share": "claimed"}, "hạng 3", "rank 3"),
        ("price", {"price": 345000.0, "currency": "VND"}, {}, "345.000\N{NO-BREAK SPACE}đ", None),
        ("rule", {"rule": "no JSON"}, {}, "no JSON", "no JSON"),
        ("low", {"low": None}, {}, "–", "–"),
    ],
)
def test_a_cell_in_words(column: str, row: dict[str, object], forms: dict[str, str], vi: str, en: str | None) -> None:
    assert Answers("vi", "Asia/Ho_Chi_Minh").cell(column, row, forms).words == vi
    if en is not None and column != "value":
        assert Answers("en", "Asia/Ho_Chi_Minh").cell(column, row, forms).words == en


def test_an_address_becomes_a_link_only_where_it_is_one() -> None:
    answers = Answers("en")
    assert answers.cell("url", {"url": "javascript:alert(1)"}).words == "javascript:alert(1)"
    link = str(answers.cell("url", {"url": 'https://a.example/"><script>'}).words)
    assert "<script>" not in link
    assert link.startswith('<a href="https://a.example/')


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_column_has_a_heading_and_every_code_words(demo_study: Path, lang: str) -> None:
    answers, headings = Answers(lang), entry("explore.columns", lang)
    free = {
        "text",
        "quote",
        "example",
        "promise",
        "claimed",
        "product",
        "variant",
        "offer",
        "post_id",
        "coder",
        "segment",
        "name",
        "value",
    }
    with sqlite3.connect(f"{load(demo_study).database.as_uri()}?mode=ro", uri=True) as db:
        for name in query_names():
            sql = named_query(name)
            found = db.execute(sql, dict.fromkeys(re.findall(r":(\w+)", sql), ""))
            columns = [one[0] for one in found.description]
            assert [c for c in columns if c not in headings and c not in hidden(name, lang)] == [], name
            rows = found.fetchmany(300)
            told = answer(name, columns, rows, answers)
            places = {column: place for place, (column, _, _) in enumerate(told["columns"])}
            for cells in told["rows"]:
                bare = [
                    c
                    for c, at in places.items()
                    if c not in free and re.fullmatch(r"[a-z]+_[a-z_]+", str(cells[at].words))
                ]
                assert bare == [], f"{name}: {bare}"


def test_what_is_shown_otherwise_is_a_question_of_ours() -> None:
    assert set(shown()) <= set(query_names())


@pytest.mark.parametrize("view", ["posts_flat", "cues_flat", "pains_flat", "reviews_flat"])
def test_a_flag_of_a_view_is_found_by_what_is_typed(demo_study: Path, view: str) -> None:
    """A filter of a page gives text, which an untyped column is never equal to."""
    assert "as integer) as counted" in views()[view]
    with sqlite3.connect(f"{load(demo_study).database.as_uri()}?mode=ro", uri=True) as db:
        number, text = (
            db.execute(f"select count(*) from {view} where counted = ?", (one,)).fetchone() for one in (1, "1")
        )
        assert number == text


def test_several_choices_at_once_are_named_and_not_called_unknown() -> None:
    field = {"name": "kinds", "title": "Loại", "options": [("complaint", "than phiền"), ("question", "câu hỏi")]}
    assert together(field, "complaint,question") == "than phiền, câu hỏi"
    assert unknown([field], {"kinds": "complaint,question"}, "vi") == []
    assert unknown([field], {"kinds": "complaint,nope"}, "vi") == ["Không có loại “complaint,nope” trong dữ liệu này."]
    assert together({**field, "name": "brand"}, "complaint,question") == ""
