"""``chandung train``: it learns what people say, is kept only where it is better, and then reads."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import chandung
from analysis.labels.training import is_held, parted, unlike
from analysis.read import annotator, read
from data.gold import CodedPost
from data.labels import Label
from data.records import Pain
from data.store import Store, open_store
from data.study_file import load
from data.words import speak
from tests.filling import NOW, post, save, thread

TROUBLE = "the label on it reads zorbo"
#: What nobody would think of who does not know this market.
CATEGORY = "trust_fraud"
STUDY = {
    "study": "thu",
    "language": "en",
    "contact": "a@example.com",
    "own": {"name": "An Nhiên"},
    "sources": [{"url": "https://forum.example/f/me-va-be/"}],
}


@pytest.fixture(autouse=True)
def in_english() -> Any:
    speak("en")
    yield
    speak(None)


def text_of(number: int) -> str:
    """Every other post tells of what only people of this market know to be a trouble."""
    where = ("on the shelf", "in the car", "by the door")[number % 3]
    return f"I keep mine {where}, {TROUBLE if number % 2 else 'it has been a month'}, and that is box number {number}"


def label_all(store: Store, posts: int, *, right: bool) -> None:
    labels = []
    for key, text in enumerate(map(text_of, range(posts)), 1):
        start = text.find(TROUBLE)
        if start >= 0 and (right or key % 4 == 0):
            pain = Pain("complaint", CATEGORY, "", 2, start, start + len(TROUBLE), TROUBLE, 1.0, "")
            labels.append(Label(key, "lan", "added", NOW, pain))
        labels.append(Label(key, "lan", "done", NOW + timedelta(seconds=1)))
    store.save_labels(labels)


def make(folder: Path, posts: int, **text: Any) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "study.yaml").write_text(json.dumps({**STUDY, "text": text}), encoding="utf-8")
    with open_store(folder / "thu.db", create=True) as store:
        study = load(folder)
        store.author_key_secret = b"k" * 32
        store.sync_study(study)
        save(store, thread(*(post(number, text_of(number)) for number in range(posts))))
        read(store, study)
    return folder


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(chandung.command_line(), ["train", str(folder), *words])


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """A study with 200 labelled posts, and what the training said of it."""
    folder = make(tmp_path_factory.mktemp("learned"), 200)
    with open_store(folder / "thu.db") as store:
        label_all(store, 200, right=True)
    speak("en")
    return folder, run(folder)


def test_it_says_the_figures_and_keeps_what_is_better(learned: tuple[Path, Result]) -> None:
    folder, done = learned
    assert done.exit_code == 0, done.output
    assert "200 posts are done" in done.output
    assert "As it is now, pains with the right category:  F1 0.00" in done.output
    assert "Better, by more than chance. The model is kept in models/pains." in done.output
    assert "pains_model: models/pains" in done.output
    meta = json.loads((folder / "models" / "pains" / "meta.json").read_text(encoding="utf-8"))
    assert meta["chandung"]["gain"]["low"] > 0
    config = (folder / "models" / "pains" / "config.cfg").read_text(encoding="utf-8")
    assert "spacy.TextCatBOW" in config
    assert sorted(path.name for path in (folder / "models").iterdir()) == ["pains"], "nothing is left lying about"


def test_a_kept_model_reads_once_the_study_turns_it_on(learned: tuple[Path, Result], tmp_path: Path) -> None:
    folder = make(tmp_path, 4)
    shutil.copytree(learned[0] / "models", folder / "models")
    with open_store(folder / "thu.db") as store:
        assert list(store.query("select 1 from pains where category = ?", (CATEGORY,))) == []
        (folder / "study.yaml").write_text(
            json.dumps({**STUDY, "text": {"pains_model": "models/pains"}}), encoding="utf-8"
        )
        assert read(store, load(folder)) == 4, "another reader reads again"
        found = list(store.query("select post, category, quote, confidence, source_component from pains order by post"))
        assert read(store, load(folder)) == 0
    assert [(row["post"], row["category"]) for row in found] == [(2, CATEGORY), (4, CATEGORY)]
    assert all(TROUBLE in row["quote"] and row["confidence"] >= 0.5 for row in found)
    assert all(row["source_component"].startswith("chandung_pains_model") for row in found)


def test_one_that_is_no_better_than_what_is_there_is_not_kept(learned: tuple[Path, Result], tmp_path: Path) -> None:
    folder = tmp_path / "again"
    shutil.copytree(learned[0], folder)
    (folder / "study.yaml").write_text(json.dumps({**STUDY, "text": {"pains_model": "models/pains"}}), encoding="utf-8")
    before = (folder / "models" / "pains" / "meta.json").read_bytes()
    done = json.loads(run(folder, "--json").output)
    assert (done["kept"], done["model"]) == (False, None)
    assert (done["posts"], done["before"]["value"] > 0.9, done["gain"]["low"] > 0) == (200, True, False)
    assert (folder / "models" / "pains" / "meta.json").read_bytes() == before


def test_too_few_labels_are_an_answer(tmp_path: Path) -> None:
    folder = make(tmp_path, 6)
    with open_store(folder / "thu.db") as store:
        label_all(store, 3, right=True)
        store.save_labels(
            [Label(6, "lan", "rejected", NOW, Pain("complaint", "quality", "", 2, 0, 6, "I keep", 1.0, ""))]
        )
    done = run(folder)
    assert done.exit_code == 0
    assert "Not enough labels: 3 posts are done, at least 100 are needed." in done.output
    assert "One more post has labels, but nobody said that the post is done" in done.output
    assert json.loads(run(folder, "--json").output)["kept"] is False


def test_a_quarter_is_held_back_and_nothing_like_it_is_learned_from() -> None:
    posts = [CodedPost(f"forum.example/{n}", "en", text_of(n), (), ()) for n in range(400)]
    learn, held = parted(posts)
    assert 70 < len(held) < 130
    assert all(is_held(one.id) for one in held)
    copies = [replace(one, id=f"other/{one.id}", text=one.text.upper() + "!") for one in held]
    assert unlike([*learn, *copies], held) == learn


def test_the_study_s_reader_is_the_one_without_a_model_by_default(tmp_path: Path) -> None:
    study = load(make(tmp_path, 1))
    assert "pains_model" not in annotator(study).version
