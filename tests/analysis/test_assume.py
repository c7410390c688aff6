"""``chandung assume``: listing, adding with and without questions, retiring."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analysis import findings
from analysis.assuming import share, threshold
from chandung import command_line
from data.errors import InputError
from data.store import open_store
from data.study_file import load
from data.words import speak
from tests.analysis.test_hypotheses import _women as women
from tests.analysis.world import OWN, World

STUDY = """\
study: thu            # tên ngắn
contact: research@mydomain.com
own:
  name: An Nhiên
  target:
    - segment: Mẹ bỉm
      assumptions:
        # khách trẻ
        - {attribute: age, expect: 25-34, at_least: 0.5, stated: 2026-01}
        - {pain: price, expect: top 3}
sources:
  - url: https://forum.example/f/1/
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "study.yaml"
    path.write_text(STUDY, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def in_english():
    speak("en")
    yield
    speak(None)


def run(path: Path, *words: str, answers: str = "") -> Result:
    return CliRunner().invoke(command_line(), ["assume", words[0], "-s", str(path), *words[1:]], input=answers)


def refused(result: Result) -> str:
    assert isinstance(result.exception, InputError), result.output
    return str(result.exception)


GENDER = ("add", "--attribute", "gender", "--expect", "female")


def test_an_assumption_given_whole_is_shown_and_written_with_todays_date(path: Path) -> None:
    result = run(path, *GENDER, "--at-least", "70%", "--note", "khách kể")
    assert result.exit_code == 0, result.output
    assert "At least 70% are women\n       gender: female >= 0.7" in result.output
    assert "if fewer than 30 people tell it" in result.output
    added = load(path).own.target[0].assumptions[2]
    assert (added.at_least, added.note, len(str(added.since))) == (0.7, "khách kể", 10)
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if "gender" not in line]
    assert kept == STUDY.splitlines()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*GENDER, "--at-least", "1.2"), "--at-least: “1.2” is no share from 0 to 1"),
        ((*GENDER, "--at-least", "70"), "70 % is written 0.7"),
        ((*GENDER, "--at-least", "nhiều"), "--at-least: “nhiều” is no share. Write 0.7 or 70%."),
        ((*GENDER, "--at-least", "0"), "--at-least: this holds whatever the data say"),
        ((*GENDER, "--at-least", "0.6", "--at-most", "0.2"), "is above at_most"),
        ((*GENDER, "--at-least", "0.6", "--minimum-n", "1"), "--minimum-n: expected ≥ 2"),
        (("add", "--attribute", "gender", "--expect", "femal", "--at-least", "0.6"), "--expect: “femal” is not one of"),
        (("add", "--attribute", "gendre", "--expect", "x", "--at-least", "0.6"), "Did you mean “gender”?"),
        (("add", "--attribute", "age", "--expect", "200", "--at-least", "0.6"), "nobody's age is “200”"),
        (("add", "--pain", "prise", "--top", "3"), "Did you mean “price”?"),
        (("add", "--pain", "price", "--top", "0"), "--top: “top 0” says nothing"),
        ((*GENDER, "--pain", "price", "--at-least", "0.6"), "either an attribute or a pain"),
        (("add", "--pain", "price", "--top", "3"), "stands in study.yaml already, as me-bim.pain-price"),
        (
            ("add", "--pain", "price", "--top", "2"),
            "retire the old claim first (chandung assume retire me-bim.pain-price)",
        ),
        (("retire", "gender"), "There is no assumption “gender”. There are: me-bim.age, me-bim.pain-price."),
        (("retire", "me-bim.agee"), "Did you mean “me-bim.age”?"),
    ],
)
def test_what_cannot_be_is_told_in_one_sentence_and_nothing_is_written(
    path: Path, words: tuple[str, ...], said: str
) -> None:
    assert said in refused(run(path, *words))
    assert path.read_text(encoding="utf-8") == STUDY


def test_what_is_not_given_is_asked_until_it_fits(path: Path) -> None:
    answers = "giới tính\ngender\nnữ\nfemale\nnhiều\ntop 3\n≥ 70%\nkhách kể\ny\n"
    result = run(path, "add", answers=answers)
    assert result.exit_code == 0, result.output
    assert "“nữ” is not one of: female, male, other" in result.output
    assert result.output.count("is no threshold") == 2
    added = load(path).own.target[0].assumptions[2]
    assert (added.attribute, added.expect, added.at_least, added.note) == ("gender", "female", 0.7, "khách kể")


def test_no_means_that_nothing_is_written(path: Path) -> None:
    run(path, "add", answers="gender\nfemale\n≥70%\n\nn\n")
    assert path.read_text(encoding="utf-8") == STUDY


def test_a_second_segment_must_be_named(path: Path) -> None:
    run(path, *GENDER, "--at-least", "0.2", "--segment", "Bố bỉm")
    answers = "bố bỉm\n≤90%\n\ny\n"
    result = run(path, *GENDER, answers=answers)
    assert result.exit_code == 0, result.output
    assert [len(s.assumptions) for s in load(path).own.target] == [2, 2]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("≥70%", {"at_least": 0.7}), (">= 0,7", {"at_least": 0.7}), ("<20 %", {"at_most": 0.2}), ("=< 0.2", {"at_most": 0.2}),
        ("40-60%", {"at_least": 0.4, "at_most": 0.6}), ("0.4 – 0.6", {"at_least": 0.4, "at_most": 0.6}),
        ("40%-60%", {"at_least": 0.4, "at_most": 0.6}), ("Top 3", {"expect": "top 3"}), ("70%", None), ("", None), (">= x", None),
    ],
)  # fmt: skip
def test_thresholds_as_people_write_them(text: str, found: dict[str, object] | None) -> None:
    assert threshold(text) == found


@pytest.mark.parametrize(("text", "found"), [("0.7", 0.7), ("0,7", 0.7), ("70%", 0.7), ("12,5 %", 0.125), ("x", None)])
def test_shares_as_people_write_them(text: str, found: float | None) -> None:
    assert share(text) == found


def test_a_retired_assumption_stays_with_its_date_and_reason_and_may_be_made_anew(path: Path) -> None:
    assert run(path, "retire", "age", "--why", "khách: đã lớn tuổi hơn").exit_code == 0
    old = load(path).own.target[0].assumptions[0]
    assert (len(str(old.retired)), old.retired_why) == (10, "khách: đã lớn tuổi hơn")
    assert "is retired already" in refused(run(path, "retire", "age"))
    assert run(path, "add", "--attribute", "age", "--expect", "25-34", "--at-least", "0.3").exit_code == 0
    listed = json.loads(run(path, "list", "--json").output)
    assert [(row["id"], row["state"]) for row in listed] == [
        ("me-bim.age", "retired"),
        ("me-bim.pain-price", "new"),
        ("me-bim.age-2", "new"),
    ]


def test_the_list_has_dates_versions_and_what_each_kind_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    world = World(tmp_path)
    path = tmp_path / "study.yaml"
    path.write_text(json.dumps(dict(world.settings), ensure_ascii=False), encoding="utf-8")
    with world.open() as store:
        people = women(36, 40)
        for person in people:
            person.brand = OWN
        world.fill(store, people)
        findings.find(store, load(path))
    first = json.loads(run(path, "list", "--json").output)[0]
    assert (first["id"], first["version"], first["state"]) == ("me-bim-thanh-thi.gender", 1, "standing")
    posts = first["verdicts"]["posts"]
    assert posts["verdict"] == "supported"
    assert "share" in posts, "four men are too few to be told; a bound is"
    assert posts["share"] < 0.9
    assert "posts: at least 87%" in " ".join(run(path, "list").output.split())
    monkeypatch.setenv("COLUMNS", "40")
    assert run(path, "list").output.splitlines()[0] == "me-bim-thanh-thi.gender", "what is to be copied stands whole"
    result = run(path, "add", "--attribute", "education", "--expect", "bachelor", "--at-least", "0.5")
    assert "assumed after the data had been seen" in result.output
    with open_store(load(path).database) as store:
        findings.find(store, load(path))
        [late] = store.query("select after_data from assumptions where attribute = 'education'")
    assert late["after_data"] == 1


def test_no_assumptions_yet(path: Path) -> None:
    path.write_text(
        "study: thu\ncontact: a@b.vn\nown: {name: A}\nsources: [{url: 'https://a.vn/'}]\n", encoding="utf-8"
    )
    assert "no assumptions yet" in run(path, "list").output
    result = run(path, "add", "--attribute", "gender", "--expect", "female", "--at-least", "0.7", answers="Mẹ\n\n\n")
    assert result.exit_code == 0, result.output
    assert load(path).own.target[0].segment == "Mẹ"
