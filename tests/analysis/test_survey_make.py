"""Questionnaires out of a study: what is asked, in which form, and that answers come back without guessing."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from xml.etree import ElementTree

import pytest

from analysis.survey import limesurvey, writing
from analysis.survey.making import make, needed
from data.store import Store
from data.survey import bank, files
from data.survey.coded import cells
from data.survey.questionnaire import BOUGHT, MANY, NONE, ONE, PAIN, SILENT, fits
from tests.analysis.world import World
from tests.command_line import run

STUDY = """\
study: phieu-thu
contact: research@example.com
language: vi
own:
  name: An Nhiên
  target:
    - segment: Mẹ bỉm thành thị
      assumptions:
        - {attribute: gender, expect: female, at_least: 0.7}
        - {attribute: location, expect: [Nghệ An, Sài Gòn], at_least: 0.5}
        - {pain: safety_health, expect: top 3}
        - {attribute: price_sensitivity, expect: low, at_least: 0.4}
competitors: [{name: "Mini & <Care> {x}"}]
sources: [{url: "https://forum.example/f/1/"}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    return tmp_path


def test_assumptions_come_first_and_every_question_says_why(world: World) -> None:
    asked = make(world.study, None, "vi", product="bỉm, tã")
    attributes = [question.attribute for question in asked.questions]
    assert attributes[0] == BOUGHT
    assert attributes.index("gender") < attributes.index(PAIN) < attributes.index("channel")
    assert attributes.index("price_sensitivity") < attributes.index("channel")
    assert all(question.why for question in asked.questions)
    assert "bỉm, tã" in asked.questions[0].ask


def test_gaps_are_asked_for_once_something_is_known(world: World, analysed_store: Store) -> None:
    blind = {question.attribute for question in make(world.study, None, "vi", most=40).questions}
    asked = make(world.study, analysed_store, "vi", most=40)
    assert {"education", "marital_status"} <= {question.attribute for question in asked.questions} - blind
    places = next(question for question in asked.questions if question.attribute == "location")
    assert [choice.value for choice in places.answers[:2]] == ["Hà Nội", "Hồ Chí Minh"]
    assert "Đà Nẵng" in [choice.value for choice in places.answers]


@pytest.mark.parametrize(("lang", "place"), [("vi", "nơi bạn làm"), ("en", "your workplace")])
def test_where_customers_are_organisations_it_is_the_workplace_that_is_asked_about(
    lang: str, place: str, tmp_path: Path
) -> None:
    text = STUDY.replace(
        "{attribute: gender, expect: female, at_least: 0.7}",
        "{attribute: customer_type, expect: organisation, at_least: 0.8}",
    )
    (tmp_path / "study.yaml").write_text(text, encoding="utf-8")
    done = run(
        "survey",
        "make",
        tmp_path,
        "--product",
        "van",
        "--questions",
        "30",
        "--language",
        lang,
        "--name",
        "p",
        lang=lang,
    )
    assert done.returncode == 0, done.stderr
    asked = files.load(tmp_path / "p.map.yaml")
    asks = {question.attribute: question for question in asked.questions}
    assert not set(asks) & {"gender", "age", "income", "children", "marital_status"}
    for attribute in (BOUGHT, PAIN, "value", "budget", "location", "channel", "behaviour", "price_sensitivity"):
        assert place in asks[attribute].ask.lower(), attribute
    assert not {"family", "status"} & {choice.value for choice in asks["value"].answers}
    assert max(len(choice.value) for choice in asks["budget"].answers) > len("5000000- VND")
    greeting = (tmp_path / "p.md").read_text(encoding="utf-8").splitlines()[2]
    assert ("những nơi mua van" if lang == "vi" else "places that buy van") in greeting


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_question_of_organisations_is_on_the_codebook(lang: str) -> None:
    for attribute in bank.attributes(lang):
        asking = bank.asking(attribute, lang, organisations=True)
        assert asking is not None
        for choice in asking.answers:
            assert fits(attribute, choice.value), (attribute, choice)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_question_of_the_bank_is_on_the_codebook(lang: str) -> None:
    for attribute in bank.attributes(lang):
        asking = bank.asking(attribute, lang)
        assert asking is not None
        assert asking.type in (ONE, MANY, "text")
        for choice in asking.answers:
            assert fits(attribute, choice.value), (attribute, choice)
            assert choice.value in (NONE, SILENT) or attribute == PAIN or cells(attribute, choice.value)
    assert set(bank.attributes("vi")) == set(bank.attributes("en"))


def test_bands_are_those_of_the_findings() -> None:
    ages = bank.asking("age", "vi")
    assert ages is not None
    assert [cells("age", choice.value) for choice in ages.answers] == [
        ((choice.value, 1.0),) for choice in ages.answers
    ]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_files_are_written_and_never_over_others(folder: Path, lang: str) -> None:
    done = run("survey", "make", "--language", lang, "--product", "tã", cwd=folder, lang="vi")
    assert done.returncode == 0, done.stderr
    assert "vì:" in done.stdout
    stem = "khao-sat" if lang == "vi" else "survey"
    names = {path.name for path in folder.iterdir()} - {"study.yaml"}
    assert names == {f"{stem}.md", f"{stem}.lss", f"{stem}.google-forms.csv", f"{stem}.map.yaml"}
    form = files.load(folder / f"{stem}.map.yaml")
    assert form.language == lang
    again = run("survey", "make", "--language", lang, cwd=folder)
    assert (again.returncode, "is not written over" in again.stderr) == (2, True)
    assert run("survey", "make", "--language", lang, "--replace", cwd=folder).returncode == 0


def test_limesurvey_gets_rows_that_fit_together(world: World) -> None:
    asked = make(world.study, None, "vi", product="tã <b>{x}</b>")
    tree = ElementTree.fromstring(limesurvey.structure(asked, "vi", welcome="Chào & hỏi"))
    assert tree.findtext("LimeSurveyDocType") == "Survey"
    assert tree.find("surveys/rows/row") is not None
    questions = {row.findtext("qid"): row for row in tree.iterfind("questions/rows/row")}
    assert len(questions) == len(asked.questions)
    for table in ("groups", "questions", "subquestions", "answers"):
        fields = [field.text for field in tree.iterfind(f"{table}/fields/fieldname")]
        for row in tree.iterfind(f"{table}/rows/row"):
            assert [cell.tag for cell in row] == fields
            assert row.findtext("language") == "vi"
    for row in tree.iterfind("subquestions/rows/row"):
        assert questions[row.findtext("parent_qid")].findtext("type") == "M"
    for row in tree.iterfind("answers/rows/row"):
        assert questions[row.findtext("qid")].findtext("type") == "L"
        assert len(str(row.findtext("code"))) <= 5
    texts = " ".join(str(row.findtext("question")) for row in questions.values())
    assert "<b>" not in texts
    assert "{x}" not in texts


def test_google_forms_list_has_every_option(world: World) -> None:
    asked = make(world.study, None, "vi")
    rows = list(csv.DictReader(io.StringIO(writing.google_forms(asked))))
    assert [row["question"] for row in rows] == [question.ask for question in asked.questions]
    assert {row["type"] for row in rows} <= {"MULTIPLE_CHOICE", "CHECKBOX", "PARAGRAPH_TEXT"}
    options = [value for name, value in rows[1].items() if name.startswith("option") and value]
    assert options == [choice.say for choice in asked.questions[1].answers]


def test_everybody_may_keep_silent(world: World) -> None:
    for question in make(world.study, None, "vi", most=40).questions:
        if question.type == ONE:
            assert question.answers[-1].value == SILENT
            assert question.answers[-1].say == "Không muốn trả lời"


def test_answers_come_back_without_guessing(folder: Path) -> None:
    assert run("survey", "make", "--product", "tã", cwd=folder).returncode == 0
    form = files.load(folder / "khao-sat.map.yaml")
    rows = [["Timestamp", *(question.ask for question in form.questions)]]
    for number in range(40):
        answers = [
            question.answers[number % len(question.answers)].say if question.answers else ""
            for question in form.questions
        ]
        rows.append([f"2026/10/{1 + number % 28:02d} 9:00:{number:02d}", *answers])
    with (folder / "tra-loi.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    done = run("import", "survey", "tra-loi.csv", "--yes", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "Read by khao-sat.map.yaml" in done.stdout
    lost = run("query", "select count(*) as n from answers where value is null", cwd=folder)
    assert lost.stdout.split() == ["n", "0"]


def test_how_many_answers_are_needed() -> None:
    assert (needed(), needed(width=0.1)) == (385, 97)


def test_markup_stays_words(world: World) -> None:
    asked = make(world.study, None, "en", product="*x* [a](javascript:b) <img>")
    text = writing.markdown(asked, "en", welcome="Hello")
    assert "<img>" not in text
    assert r"\[a\](javascript" in text
