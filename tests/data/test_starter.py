"""The starter study file loads again with exactly what was answered, whatever that was."""

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.starter import Answers, short_name, starter
from data.study_file import load

PRINTED = st.characters(exclude_categories=("C", "Z"), exclude_characters="\u2028\u2029")
NAME = st.text(PRINTED | st.just(" "), min_size=1, max_size=40).map(str.strip).filter(bool)


def loaded(answers: Answers):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "study.yaml"
        path.write_text(starter(answers, date(2026, 11, 21)), encoding="utf-8")
        return load(path)


@settings(max_examples=60, deadline=None)
@given(names=st.lists(NAME, min_size=2, max_size=3, unique_by=str.casefold))
def test_names_come_back_as_they_were(names: list[str]) -> None:
    own, *others = names
    study = loaded(Answers("thu", own, "me@example.com", "vi", competitors=[(name, "") for name in others]))
    assert study.own.name == own
    assert [brand.name for brand in study.competitors] == others


@pytest.mark.parametrize(
    "name",
    [
        "yes",
        "null",
        "~",
        "12",
        "1e5",
        "2026-11-01",
        "- a",
        "a: b",
        "# a",
        "[a]",
        "'a",
        '"a"',
        "&a",
        "!a",
        "%a",
        "a #b",
        "🍼",
    ],
)
def test_what_yaml_would_take_for_something_else(name: str) -> None:
    assert loaded(Answers("thu", name, "me@example.com")).own.name == name


def test_what_cannot_be_seen_is_left_out() -> None:
    assert loaded(Answers("thu", "An\x7f\x00 Nhiên\u2028", "me@example.com")).own.name == "An Nhiên"


@pytest.mark.parametrize(
    ("text", "name"),
    [("Tã bỉm 2026", "ta-bim-2026"), ("  Đồ chơi & Bé ", "do-choi-be"), ("🍼", ""), ("A" * 200, "a" * 80)],
)
def test_short_names(text: str, name: str) -> None:
    assert short_name(text) == name
