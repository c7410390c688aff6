"""The starter study file loads again with exactly what was answered, whatever that was."""

import tempfile
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from data import codebook
from data.commands import init
from data.starter import Answers, competitor_of, short_name, starter
from data.study_file import load
from data.words import LANGUAGES, speak

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


def test_nothing_is_assumed_that_nobody_said() -> None:
    study = loaded(Answers("thu", "An Nhiên", "me@example.com", sources=["https://forum.example/"]))
    assert study.own.target == []
    assert "privacy" not in study.model_fields_set
    assert study.competitors == []


def test_what_stands_as_an_example_is_right_without_its_mark() -> None:
    text = starter(Answers("thu", "An Nhiên", "me@example.com", sources=["https://forum.example/"]), date(2026, 11, 21))
    start = text.index("  # target:")
    end = text.index("\n\n", start)
    example = "\n".join(line.replace("# ", "", 1) for line in text[start:end].splitlines())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "study.yaml"
        path.write_text(text[:start] + example + text[end:], encoding="utf-8")
        assert len(load(path).own.target[0].assumptions) == 3


@pytest.mark.parametrize(
    ("text", "competitor"),
    [
        ("MiniCare", ("MiniCare", "")),
        ("MiniCare=https://minicare.example/", ("MiniCare", "https://minicare.example/")),
        ("https://www.mini-care.example/vn?a=b", ("mini-care", "https://www.mini-care.example/vn?a=b")),
    ],
)
def test_a_competitor_is_called_by_a_name(text: str, competitor: tuple[str, str]) -> None:
    assert competitor_of(text) == competitor


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_file_points_to_nothing_that_an_installed_program_lacks(lang: str) -> None:
    speak(lang)
    try:
        text = starter(Answers("thu"), date(2026, 11, 21))
    finally:
        speak(None)
    assert "docs/" not in text
    assert all(category in text for category in codebook.PAIN_CATEGORIES)


def test_the_questions_are_asked_in_whole_sentences(tmp_path: Path) -> None:
    said = [
        "https://annhien.example/",
        "An Nhiên",
        "",
        "me@annhien.example",
        "en",
        "",
        "https://www.mini-care.example/",
        "MiniCare",
    ]
    done = CliRunner().invoke(
        init, [str(tmp_path / "moi")], input="\n".join([*said, "", "https://forum.example/", ""]) + "\n"
    )
    assert done.exit_code == 0, done.output
    assert "?:" not in done.output
    study = load(tmp_path / "moi")
    assert study.own.name == "An Nhiên"
    assert [(brand.name, brand.sites) for brand in study.competitors] == [
        ("MiniCare", ["https://www.mini-care.example/"])
    ]
