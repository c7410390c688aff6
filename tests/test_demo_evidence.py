"""The demonstration's files beside posts: of the same invented people, in both languages, saying that they are fiction."""

import random
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.commands_import import import_
from data.demo import evidence, world
from data.demo.example import write_study
from data.demo.memory import Memory
from data.demo.people import Names, draw_people
from data.store import open_store
from data.study_file import load
from data.survey import files

LANGUAGES = ("vi", "en")


@pytest.fixture
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    write_study(tmp_path, Memory(28820).bases, request.param)
    evidence.write(tmp_path, None, request.param)
    return tmp_path


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_seed_makes_the_same_files(language: str) -> None:
    assert evidence.make(7, language) == evidence.make(7, language)
    assert evidence.make(7, language) != evidence.make(8, language)


def test_the_world_is_drawn_as_before() -> None:
    """Files and posts are of the same people, and drawing the files changes none of them."""
    rng = random.Random(world.make(7).seed)
    drawn = draw_people(rng, Names(rng))
    evidence.make(7, "vi")
    assert [(p.name, p.profile) for p in drawn] == [(p.name, p.profile) for p in world.make(7).people[: len(drawn)]]


@pytest.mark.parametrize("folder", LANGUAGES, indirect=True)
def test_the_study_names_every_file_and_each_is_understood(folder: Path) -> None:
    study = load(folder)
    done = CliRunner().invoke(import_, ["--study", str(folder / "study.yaml"), "--yes", "--json"])
    assert done.exit_code == 0, done.output
    with open_store(study.database, read_only=True) as store:
        kinds = [row["kind"] for row in store.query("select kind from imports order by import_id")]
        (people,) = store.query("select count(*) as n from respondents")
        (buyers,) = store.query("select count(distinct customer_key) as n from orders")
        states = {row["state"] for row in store.query("select state from orders where refunded > 0")}
        (odd,) = store.query("select count(*) as n from orders where location is null")
        answered = {
            row["attribute"] for row in store.query("select distinct attribute from answers where value is not null")
        }
        asked = {
            row["attribute"]
            for row in store.query("select distinct attribute from observations where kind = 'analytics'")
        }
    assert kinds == ["survey", "orders", "analytics", "reference"] == [one.kind for one in study.imports]
    assert (people["n"], buyers["n"], odd["n"]) == (184, 156, 0)
    assert states == {"completed", "returned"}, "whole orders and parts of them were paid back"
    assert {"bought", "gender", "age", "location", "education", "pain"} <= answered
    assert asked == {"age", "gender", "location", "channel"}


@pytest.mark.parametrize("folder", LANGUAGES, indirect=True)
def test_the_files_say_that_they_are_fiction(folder: Path) -> None:
    place = next(one for one in folder.iterdir() if one.is_dir())
    assert place.name in ("hu-cau", "fiction")
    for path in place.iterdir():
        said = path.read_text(encoding="utf-8").casefold()
        if path.suffix in (".md", ".html", ".yaml") or path.name == "ga4.csv":
            assert "hư cấu" in said or "fiction" in said, path.name


@pytest.mark.parametrize("folder", LANGUAGES, indirect=True)
def test_a_file_that_is_there_stays(folder: Path) -> None:
    language = load(folder).language
    path = next(folder.glob("*/*.html"))
    path.write_text("mine", encoding="utf-8")
    assert evidence.write(folder, None, language) == []
    assert path.read_text(encoding="utf-8") == "mine"
    path.unlink()
    assert evidence.write(folder, None, language) == [path]


@pytest.mark.parametrize("folder", LANGUAGES, indirect=True)
def test_the_questionnaire_is_one_that_survey_import_reads(folder: Path) -> None:
    form = files.load(next(folder.glob(f"*/*{files.ENDING}")))
    assert form.language == load(folder).language
    assert [question.attribute for question in form.questions][:2] == ["bought", "gender"]
