"""Assumptions against data: the rule is the same for every assumption, and fixed before looking."""

from __future__ import annotations

import json

import numpy as np
import pytest

from analysis import findings, frames, hypotheses
from analysis.hypotheses import CONTRADICTED, NOT_ENOUGH, SUPPORTED, UNDECIDED, VERDICTS, check, decide, judge
from analysis.statistics import Interval, share
from data.store import Store
from data.study import Assumption
from data.study_assumption import LEAST_TO_DECIDE
from tests.analysis.world import BE, MINI, OWN, STUDY, Person, World


@pytest.mark.parametrize(
    ("low", "high", "at_least", "at_most", "verdict"),
    [
        (0.71, 0.9, 0.7, None, SUPPORTED),
        (0.7, 0.9, 0.7, None, SUPPORTED),
        (0.65, 0.9, 0.7, None, UNDECIDED),
        (0.5, 0.69, 0.7, None, CONTRADICTED),
        (0.1, 0.2, None, 0.3, SUPPORTED),
        (0.1, 0.4, None, 0.3, UNDECIDED),
        (0.4, 0.6, None, 0.3, CONTRADICTED),
        (0.25, 0.35, 0.2, 0.4, SUPPORTED),
        (0.1, 0.35, 0.2, 0.4, UNDECIDED),
        (0.5, 0.6, 0.2, 0.4, CONTRADICTED),
    ],
)
def test_the_whole_interval_decides(
    low: float, high: float, at_least: float | None, at_most: float | None, verdict: str
) -> None:
    assert judge(Interval((low + high) / 2, low, high), at_least, at_most) == verdict


def _verdicts(store: Store) -> dict[tuple[str, int], str]:
    return {(r["brand"], r["position"]): r["verdict"] for r in store.query("select * from verdicts")}


def test_planted_audiences_get_the_verdicts_they_were_planted_for(analysed_store: Store) -> None:
    verdicts = _verdicts(analysed_store)
    assert {verdicts[OWN, position] for position in range(5)} == {SUPPORTED}
    assert {verdicts[MINI, position] for position in range(5)} == {SUPPORTED}
    assert {verdicts[BE, position] for position in range(5)} == {CONTRADICTED}


def test_each_verdict_shows_its_numbers_and_both_sides(analysed_store: Store) -> None:
    row = next(analysed_store.query("select * from verdicts where brand = ? and position = 0", (MINI,)))
    assert row["low"] < row["share"] < row["high"]
    assert row["statement"] == "gender: female >= 0.7"
    shown = json.loads(row["evidence"])
    assert shown["met"]
    assert shown["unmet"]


def _women(of: int, all_: int) -> list[Person]:
    people = [Person(f"nữ {_letters(i)}", MINI, [("gender", "female", None)]) for i in range(of)]
    return people + [Person(f"nam {_letters(i)}", MINI, [("gender", "male", None)]) for i in range(all_ - of)]


def _letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


def _check(world: World, people: list[Person], assumption: Assumption) -> hypotheses.Verdict:
    with world.open() as store:
        world.fill(store, people)
        return check(frames.load(store, world.study), MINI, assumption, 5)


def test_too_few_people_decide_nothing_and_are_not_shown(world: World) -> None:
    found = _check(world, _women(4, 4), Assumption(attribute="gender", expect="female", at_least=0.1))
    assert (found.verdict, found.estimate, found.n, found.needed) == (NOT_ENOUGH, None, 4, 5)


def test_a_narrow_interval_of_few_people_decides_nothing_either(world: World) -> None:
    found = _check(world, _women(20, 20), Assumption(attribute="gender", expect="female", at_least=0.5))
    assert found.verdict == NOT_ENOUGH
    assert found.estimate is not None
    assert found.needed == LEAST_TO_DECIDE


def test_an_open_assumption_says_how_many_people_would_settle_it(world: World) -> None:
    found = _check(world, _women(36, 60), Assumption(attribute="gender", expect="female", at_least=0.5))
    assert found.verdict == UNDECIDED
    assert found.needed == 97


@pytest.mark.parametrize(
    ("women", "everybody", "minimum_n", "verdict"),
    [
        (29, 29, 30, NOT_ENOUGH),  # one person short, though nobody says otherwise
        (30, 30, 30, SUPPORTED),
        (18, 30, 30, UNDECIDED),  # enough people, and the interval holds the threshold
        (20, 20, 12, SUPPORTED),  # the study asks for fewer
        (60, 60, 61, NOT_ENOUGH),  # or for more
    ],
)
def test_too_few_people_and_an_open_interval_are_two_verdicts(
    world: World, women: int, everybody: int, minimum_n: int, verdict: str
) -> None:
    claim = Assumption(attribute="gender", expect="female", at_least=0.5, minimum_n=minimum_n)
    assert _check(world, _women(women, everybody), claim).verdict == verdict


def test_a_retired_assumption_is_not_checked(world: World) -> None:
    own = {**STUDY["own"], "target": [{**STUDY["own"]["target"][0]}]}  # type: ignore[index,dict-item]
    own["target"][0]["assumptions"] = [  # type: ignore[index]
        {"attribute": "gender", "expect": "female", "at_least": 0.7, "retired": "2026-10"},
        {"attribute": "age", "expect": "25-34", "at_least": 0.5},
    ]
    world = World(world.folder, {**STUDY, "own": own})
    with world.open() as store:
        world.fill(store, _women(20, 40))
        findings.find(store, world.study)
        assert {r["position"] for r in store.query("select position from verdicts")} == {1}
        assert not list(store.query("select 1 from counted_people where figure like 'assumption 1.1 %'"))


def test_nobody_tells_it(world: World) -> None:
    found = _check(world, _women(10, 20), Assumption(attribute="education", expect="bachelor", at_least=0.5))
    assert (found.verdict, found.n) == (NOT_ENOUGH, 0)


def _hurt(categories: list[str]) -> list[Person]:
    return [
        Person(f"{category} {_letters(i)}", MINI, (), [("complaint", category)])
        for i, category in enumerate(categories)
    ]


def test_a_pain_far_ahead_is_in_the_top_and_one_far_behind_is_not(world: World) -> None:
    people = _hurt(["price"] * 40 + ["service"] * 30 + ["delivery"] * 5)
    assert _check(world, people, Assumption(pain="price", expect="top 2")).verdict == SUPPORTED


def test_pains_that_lie_together_leave_the_rank_open(world: World) -> None:
    people = _hurt(["price"] * 12 + ["service"] * 11 + ["delivery"] * 10 + ["quality"] * 11)
    found = _check(world, people, Assumption(pain="delivery", expect="top 2"))
    assert found.verdict == UNDECIDED


def test_a_pain_that_nobody_has_is_not_among_the_first(world: World) -> None:
    people = _hurt(["price"] * 30 + ["service"] * 20)
    assert _check(world, people, Assumption(pain="safety_health", expect="top 2")).verdict == CONTRADICTED


def test_a_share_of_people_with_a_pain_is_of_everybody_who_speaks_of_the_brand(world: World) -> None:
    people = _hurt(["price"] * 30) + [Person(f"yên {_letters(i)}", MINI) for i in range(70)]
    found = _check(world, people, Assumption(pain="price", expect="price", at_most=0.5))
    assert (found.verdict, found.count, found.n) == (SUPPORTED, 30, 100)


def test_nothing_is_done_twice_until_something_changes(world: World) -> None:
    with world.open() as store:
        world.fill(store, _women(20, 40))
        assert findings.find(store, world.study).changed
        assert not findings.find(store, world.study).changed
        stricter = world.study.model_copy(
            update={"privacy": world.study.privacy.model_copy(update={"minimum_group": 9})}
        )
        assert findings.find(store, stricter).changed


@pytest.mark.parametrize(
    ("truth", "supported", "contradicted"),
    [(0.5, (0.0, 0.03), (0.0, 0.03)), (0.65, (0.8, 1.0), (0.0, 0.001)), (0.35, (0.0, 0.001), (0.8, 1.0))],
)
def test_the_rule_errs_no_more_often_than_it_says_and_finds_fifteen_points(
    truth: float, supported: tuple[float, float], contradicted: tuple[float, float]
) -> None:
    """Two hundred people, a threshold of one half: at the threshold itself either side is called by chance 1 time in 40."""
    drawn = np.random.default_rng(5).binomial(200, truth, 20_000)
    found = [decide(share(count, 200), 0.5, None, 200, LEAST_TO_DECIDE) for count in range(201)]
    often = {verdict: float(np.mean([found[count] == verdict for count in drawn])) for verdict in VERDICTS}
    assert supported[0] <= often[SUPPORTED] <= supported[1]
    assert contradicted[0] <= often[CONTRADICTED] <= contradicted[1]
    assert often[NOT_ENOUGH] == 0
