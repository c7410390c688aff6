"""English cues in the many ways of telling them: short sentences written before the rules were looked at, one attribute each."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pytest
from cue_cases import WRITTEN, Case, Score, cases, compare

from analysis.text.annotate import Annotator
from data.records import Cue

FLOORS = tomllib.loads((Path(__file__).parents[2] / "floors.toml").read_text(encoding="utf-8"))["cues_told_en"]
FILES = ("cues_where", "cues_work", "cues_life", "cues_means", "cues_likes")


@cache
def annotator() -> Annotator:
    return Annotator(learned=False)


def read(text: str) -> tuple[Cue, ...]:
    return annotator().annotate_one({"id": "1", "text": text, "lang": "en", "posted_at": WRITTEN}).cues


def said(text: str) -> set[tuple[str, str, str]]:
    return {(cue.attribute, cue.value, cue.who) for cue in read(text)}


@cache
def told() -> dict[str, list[Case]]:
    """The sentences by the attribute that their heading names."""
    table: dict[str, list[Case]] = {}
    for name in FILES:
        for case in cases("en", name):
            table.setdefault(case.domain, []).append(case)
    return table


@pytest.mark.parametrize("attribute", sorted(FLOORS))
def test_each_attribute_is_read_in_many_wordings(attribute: str) -> None:
    score, failed = Score(), []
    for case in told()[attribute]:
        met, wrong, missed = compare(case, [cue for cue in read(case.text) if cue.attribute == attribute])
        score.right += len(met)
        score.wrong += len(wrong)
        score.missed += len(missed)
        failed += [case.text] if wrong or missed else []
    assert score.f1 >= FLOORS[attribute], f"{score}: {failed}"
    assert score.precision >= 0.8, failed


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("My nan (81, Cardiff) got a call from the bank", "family"),
        ("Dad gave up driving, he's in Galway now", "parent"),
        ("Our factory in Ohio needs 300 gauges, please send a quote", "organisation"),
        ("I'm 45, a GP receptionist from Swansea", "self"),
    ],
)
def test_whose_place_it_is(text: str, who: str) -> None:
    assert [cue.who for cue in read(text) if cue.attribute == "location"] == [who]


@pytest.mark.parametrize(
    "text",
    [
        "Reading is the only hobby I can afford",
        "The bank was founded in 1990 in Boston",
        "see gov.uk for the form",
        "Boston cream pie and Yorkshire pudding for tea",
        "We flew to Prague and the hotel was dreadful",
    ],
)
def test_names_that_are_no_home(text: str) -> None:
    assert not [cue for cue in read(text) if cue.attribute == "location"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("anything decent under 300? we're in Leeds", "0-300 GBP"),
        ("Need a pram, budget is $400, we live in Toronto", "400 CAD"),
        ("looking for a phone below RM800", "0-800 MYR"),
        ("nothing over a tenner please, which one?", "0-10 GBP"),
    ],
)
def test_sums_take_the_currency_of_the_place(text: str, value: str) -> None:
    assert ("budget", value, "self") in said(text)


@pytest.mark.parametrize(
    "text", ["they charged me £40", "rent is 1500 a month", "£5.99 for wet bread!", "went up to £62"]
)
def test_prices_are_nobodys_means(text: str) -> None:
    assert not [cue for cue in read(text) if cue.attribute in ("income", "budget")]


def test_self_employment_and_trade_are_one_occupation() -> None:
    assert ("occupation", "self-employed plasterer", "self") in said("Self-employed plasterer, 44, two teenagers")


def test_what_things_do_is_no_work() -> None:
    assert not [cue for cue in read("My pans don't work on it") if cue.attribute == "occupation"]


@pytest.mark.parametrize("thing", ["5 year old phone", "5 year old laptop", "5-year-old car", "5 yo gaming laptop"])
def test_the_age_of_a_thing_is_no_childs(thing: str) -> None:
    assert not [cue for cue in read(f"My {thing} is slow") if cue.attribute in ("children", "child_age")]


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("We have a 6yo and a 2yo", {"6y", "2y"}),
        ("We have a 6 y/o and a 2 y/o", {"6y", "2y"}),
        ("our 4 y/o loves it", {"4y"}),
        ("our 4yo loves it", {"4y"}),
        ("My 5 year old hates car rides", {"5y"}),
    ],
)
def test_short_ages_of_children(text: str, ages: set[str]) -> None:
    found = said(text)
    assert {value for attribute, value, _ in found if attribute == "child_age"} == ages
    assert ("children", "yes", "self") in found


@pytest.mark.parametrize(
    ("text", "value", "who"),
    [
        ("My 30-year-old brother lives in Berlin and makes $5k a month", "5000 USD", "family"),
        ("My wife is a nurse and makes 60k a year", "5000 USD", "partner"),
        ("My boss is rude and I make 60k a year", "5000 USD", "self"),
    ],
)
def test_who_earns_what_the_next_clause_tells(text: str, value: str, who: str) -> None:
    assert ("income", value, who) in said(text)


@pytest.mark.parametrize(
    ("text", "attribute", "value"),
    [
        ("I'm a nurse on nights and cook badly", "occupation", "nurse"),
        ("Mid-fifties, kids have left home", "age", "54-56"),
        ("I can't really spend more than £40 a week on food", "budget", "0-40 GBP"),
        ("Happy to pay a bit extra if it saves me the shop", "price_sensitivity", "low"),
        ("I only buy when there's a code", "price_sensitivity", "high"),
        ("We are a family of five with a toddler", "children", "3"),
    ],
)
def test_ways_of_telling(text: str, attribute: str, value: str) -> None:
    assert (attribute, value, "self") in said(text)


@pytest.mark.parametrize(
    "text", ["Took me an hour and ten with a toddler hanging off my leg", "Table for ten with a baby in tow"]
)
def test_no_number_beside_a_child_is_a_number_of_children(text: str) -> None:
    assert not {value for attribute, value, _ in said(text) if attribute == "children" and value != "yes"}
