"""What is reached on the gold posts that nobody looks at: not below the floors, and as ``accuracy.toml`` tells every report."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from analysis.text.annotate import Annotator
from analysis.text.evaluate import evaluate
from data import gold
from data.accuracy import accuracy
from data.words import speak
from tests import figures
from tests.figures import Read

FLOORS: dict[str, Any] = tomllib.loads((Path(__file__).parents[2] / "floors.toml").read_text(encoding="utf-8"))["text"]
AGAIN = "python -m tests.figures --write"
#: The file has three digits.
ROUNDING = 0.0011


@pytest.fixture(scope="module")
def found() -> dict[str, Read]:
    annotator = Annotator(sensitive=True)
    return {lang: figures.read(lang, annotator) for lang in gold.LANGUAGES}


@pytest.mark.parametrize("lang", gold.LANGUAGES)
def test_nothing_falls_below_its_floor(lang: str, found: dict[str, Read]) -> None:
    reached, asked = figures.reached(found[lang]), FLOORS[f"gold_{lang}"]
    most = {name for name in asked if name.endswith("_most")}
    below = {
        name: (round(reached[name], 3), floor)
        for name, floor in asked.items()
        if (reached[name] > floor if name in most else reached[name] < floor)
    }
    assert below == {}, "reached, floor"


@pytest.mark.parametrize("lang", gold.LANGUAGES)
def test_reports_tell_the_figures_of_this_version(lang: str, found: dict[str, Read]) -> None:
    told = accuracy(lang)
    assert told is not None, AGAIN
    assert (told.posts, told.unseen_posts) == (len(found[lang].test), len(found[lang].unseen)), AGAIN
    for measures, posts in ((told.measures, found[lang].test), (told.unseen, found[lang].unseen)):
        present = {one.measure: one.estimate.value for one in evaluate(posts, rounds=2) if one.estimate and one.enough}
        assert {name: one.value for name, one in measures.items()} == pytest.approx(present, abs=ROUNDING), AGAIN


def test_the_tables_of_the_page_have_all_languages_and_the_unseen_domain(found: dict[str, Read]) -> None:
    few = {lang: Read(one.version, one.test[:40], one.unseen[:40]) for lang, one in found.items()}
    for lang in gold.LANGUAGES:
        speak(lang)
        page = figures.markdown(few)
        speak(None)
        assert page.count("\n| --- |") == 6
        assert page.count(f"`{gold.UNSEEN_DOMAIN}`") == 2
    assert "[test]" in figures.accuracy_file(few["en"])


def test_floors_are_cut_to_what_is_safely_reached(found: dict[str, Read]) -> None:
    reached, floors = figures.reached(found["vi"]), figures.floors(found["vi"])
    assert floors.keys() == reached.keys()
    assert all(floors[name] <= value for name, value in reached.items() if name != "silent_most")
    assert floors["silent_most"] >= reached["silent_most"]
