"""Every page of the gallery says what its study really gives, and the studies are what they are said to be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from data.study_file import load
from tests import gallery


#: Each study is worked through once; what the two languages show of it is compared below.
@pytest.mark.parametrize(("name", "lang"), [("consumer", "en"), ("services", "vi"), ("industrial", "en")])
def test_a_page_shows_what_its_commands_answer(name: str, lang: str, tmp_path: Path) -> None:
    page = gallery.page(name, lang)
    text = gallery.worked(page, gallery.copied(name, tmp_path), lang)
    assert text == page.read_text(encoding="utf-8"), "run `python -m tests.gallery --write`, then read the page again"


@pytest.mark.parametrize("name", gallery.NAMES)
def test_both_languages_show_the_same_numbers(name: str) -> None:
    shown = []
    for lang in ("vi", "en"):
        text = gallery.page(name, lang).read_text(encoding="utf-8")
        rows = re.search(r"<!-- planted -->\n(.*?)<!-- /planted -->", text, re.DOTALL)
        assert rows
        shown.append(re.findall(r"\d+", re.sub(r"(?<=\d)[.,](?=\d)", "", rows[1])))
    assert shown[0] == shown[1]


@pytest.mark.parametrize("name", gallery.NAMES)
def test_a_study_says_that_it_is_fiction_and_names_nobody_real(name: str) -> None:
    folder = gallery.FOLDER / "studies" / name
    study = load(folder)
    assert study.note
    assert "Fiction:" in study.note
    assert "Hư cấu:" in study.note
    assert study.contact.endswith(".example")
    assert all(file.stat().st_size < 150_000 for file in folder.iterdir())


@pytest.mark.parametrize("name", gallery.NAMES)
def test_a_page_offers_every_file_of_its_study(name: str) -> None:
    for lang in ("vi", "en"):
        text = gallery.page(name, lang).read_text(encoding="utf-8")
        files = [file.name for file in (gallery.FOLDER / "studies" / name).iterdir()]
        assert [file for file in files if f"](studies/{name}/{file})" not in text] == []
