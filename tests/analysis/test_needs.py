"""Need and ability to pay: what the scores are made of, how sure they are, and what is never told."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from analysis import findings, needs
from analysis.needs import ABILITY, BY_CHOICE, LESS, MORE, NEED, NOT_ENOUGH, SAME, UNCLEAR, WEIGHTS
from analysis.report import html, markdown
from analysis.report.blocks import Table, every
from analysis.report.model import Report
from analysis.report.sections import need_ability
from analysis.report.speech import Speech
from analysis.resampling import Drawn, resample
from data.records import Offer
from data.store import Store
from data.study import MARKET
from tests.analysis.world import BE, LIKE_OURS, MINI, OWN, Kind, Person, World, crowd

Row = Mapping[str, Any]
PEOPLE = 400


def _rows(store: Store, name: str) -> dict[tuple[str, str], Row]:
    rows = store.query("select * from need_ability where name = ?", (name,))
    return {(row["axis"], row["component"]): row for row in rows}


def _find(world: World, people: list[Person], *, price: float | None = None) -> Store:
    store = world.open()
    world.fill(store, people)
    if price is not None:
        world.page(store, "https://minicare.example/", offers=(Offer("M", price, "VND", str(price)),))
    findings.find(store, world.study)
    return store


# The statistics


def _draw(rng: np.random.Generator, n: int, share: float, talk: np.ndarray, slope: float) -> np.ndarray:
    """Yes or no, likelier for who talks more; a third of everybody answers the second question."""
    one = (rng.random(n) < share + slope * talk).astype(float)
    two = np.where(rng.random(n) < 0.33, rng.random(n) < 0.6, np.nan)
    return np.stack([one, two], axis=1)


def _resampled(seed: int, group_of: Callable[[np.ndarray, np.random.Generator], np.ndarray], slope: float) -> Drawn:
    rng = np.random.default_rng(seed)
    talk = rng.integers(0, 3, PEOPLE)
    values = _draw(rng, PEOPLE, 0.25, talk, slope)
    return next(resample(values, talk, [np.flatnonzero(group_of(talk, rng))], np.arange(PEOPLE), rounds=299))


def test_intervals_of_scores_cover_the_truth() -> None:
    covered, rounds, weights = 0, 200, np.array([0.6, 0.4])
    for seed in range(rounds):
        score = _resampled(seed, lambda talk, rng: rng.random(len(talk)) < 0.25, 0.0).score([0, 1], weights)
        covered += score.low <= 0.6 * 0.25 + 0.4 * 0.6 <= score.high
    assert 0.93 <= covered / rounds <= 0.985


@pytest.mark.parametrize("slope", [0.0, 0.2])
def test_who_only_talks_more_is_not_called_needier(slope: float) -> None:
    """The group is of those who talk most, and talk brings yes: beside people who talk as much there is no difference."""
    called, naive, rounds = 0, 0, 120
    for seed in range(rounds):
        drawn = _resampled(1000 + seed, lambda talk, rng: (talk == 2) & (rng.random(len(talk)) < 0.5), slope)
        beside = drawn.difference([0], np.ones(1))
        called += needs._verdict(beside.low, beside.high) in (MORE, LESS)
        naive += drawn.count[0] / drawn.n[0] - (0.25 + slope) > 0.1
    assert called / rounds <= 0.05
    assert (naive / rounds > 0.9) == (slope > 0)


def test_a_true_difference_is_found() -> None:
    """15 points at 200 people, beside a market of 400."""
    found, rounds = 0, 60
    for seed in range(rounds):
        rng = np.random.default_rng(seed)
        values = _draw(rng, PEOPLE, 0.3, np.zeros(PEOPLE), 0.0)
        values[:200, 0] = rng.random(200) < 0.45
        drawn = next(
            resample(values, np.zeros(PEOPLE, dtype=np.int64), [np.arange(200)], np.arange(PEOPLE), rounds=299)
        )
        found += drawn.difference([0], np.ones(1)).low > 0
    assert found / rounds >= 0.8


def test_nobody_is_sure_where_all_say_the_same() -> None:
    values, talk = np.ones((12, 1)), np.zeros(12, dtype=np.int64)
    drawn = next(resample(values, talk, [np.arange(12)], np.arange(12)))
    score = drawn.score([0], np.ones(1))
    assert score.value == 1
    assert score.low < 0.95


def test_weights_of_each_score_sum_to_one() -> None:
    assert [round(sum(parts.values()), 9) for parts in WEIGHTS.values()] == [1, 1]


# In a store


def test_a_budget_is_set_beside_the_price_that_pages_ask(world: World) -> None:
    rich = [Person(f"đủ {c}", MINI, [("budget", "0-500000 VND", None)]) for c in "abcdefghijkl"]
    poor = [Person(f"thiếu {c}", MINI, [("budget", "100000 VND", None)]) for c in "abcdef"]
    dollars = [Person(f"đô {c}", MINI, [("budget", "50 USD", None)]) for c in "abcdef"]
    with _find(world, rich + poor + dollars, price=300_000.0) as store:
        row = _rows(store, MARKET)[ABILITY, "budget"]
        assert (row["authors"], row["n"]) == (12, 18)
        assert json.loads(row["detail"])["prices"] == {"VND": 300_000.0}


def test_what_too_few_answer_is_missing_and_not_zero(world: World) -> None:
    kind = Kind(
        {"price_sensitivity": {"low": 0.5, "high": 0.5}, "income": {"9000000 VND": 1.0}}, {"price": 0.7}, silent=0.3
    )
    with _find(world, crowd(MINI, kind, 60, 3)) as store:
        rows = _rows(store, MARKET)
        assert rows[ABILITY, "budget"]["share"] is None
        assert rows[ABILITY, "budget"]["verdict"] == NOT_ENOUGH
        score = rows[ABILITY, "score"]
        assert json.loads(score["detail"])["rests_on"] == ["sensitivity", "income", "price"]
        parts = [(rows[ABILITY, name]["share"], WEIGHTS[ABILITY][name]) for name in ("sensitivity", "income", "price")]
        assert score["share"] == pytest.approx(sum(s * w for s, w in parts) / sum(w for _, w in parts))


def test_a_score_needs_components_that_weigh_half(world: World) -> None:
    with _find(
        world, crowd(MINI, Kind({"income": {"9000000 VND": 1.0}}, {"service": 0.1}, silent=0.0), 40, 3)
    ) as store:
        assert _rows(store, MARKET)[ABILITY, "score"]["share"] is None
        assert _rows(store, MARKET)[NEED, "score"]["share"] is not None


def test_what_a_segment_was_chosen_by_is_not_in_its_score(analysed: World, analysed_store: Store) -> None:
    rows = _rows(analysed_store, analysed.study.own.target[0].segment)
    assert rows[ABILITY, "sensitivity"]["verdict"] == BY_CHOICE
    assert "sensitivity" not in json.loads(rows[ABILITY, "score"]["detail"])["rests_on"]


def test_verdicts_are_of_the_whole_interval(analysed_store: Store) -> None:
    rows = list(analysed_store.query("select * from need_ability where component = 'score' and kind <> 'market'"))
    told = {row["verdict"] for row in rows}
    assert told <= {MORE, LESS, SAME, UNCLEAR, NOT_ENOUGH}
    for row in rows:
        if row["verdict"] in (MORE, LESS):
            assert row["difference_low"] > 0 or row["difference_high"] < 0
    be = _rows(analysed_store, BE)[ABILITY, "score"]
    assert be["verdict"] == LESS
    assert _rows(analysed_store, OWN)[ABILITY, "score"]["verdict"] == MORE


def test_one_loud_author_is_one_answer(world: World) -> None:
    loud = [Person("ồn ào", MINI, [], [("complaint", "price")], posts=60)]
    calm = [
        Person(f"lặng {c}", MINI, [], [("complaint", "service")] if c < "f" else []) for c in "abcdefghijklmnopqrst"
    ]
    with _find(world, loud + calm) as store:
        row = _rows(store, MARKET)[NEED, "hurt"]
        assert (row["authors"], row["n"]) == (6, 21)


def test_fewer_than_thirty_get_no_verdict(world: World) -> None:
    with _find(world, [*crowd(MINI, LIKE_OURS, 20, 1), *crowd(OWN, LIKE_OURS, 90, 2)]) as store:
        row = _rows(store, MINI)[NEED, "score"]
        assert row["share"] is not None
        assert row["verdict"] == NOT_ENOUGH


@pytest.mark.parametrize("said", ["nan", "0 VND", "-", "99999999999999999999 VND", "low VND", "5tr"])
def test_amounts_that_make_no_sense_answer_nothing(said: str) -> None:
    assert needs._reaches(said, {"VND": 100.0}) is None
    assert needs._earns(said) is None


# What is shown


def test_the_section_reads_the_same_in_both_renderings(report: Report, analysed: World, analysed_store: Store) -> None:
    for lang in ("vi", "en"):
        say = Speech(lang)
        found = need_ability.section(analysed_store, analysed.study, say)
        assert found is not None
        for render in (html.render, markdown.render):
            told = render(report, lang, [found])
            assert found.title in told
            assert say.tell("not_enough_data") in told or "MiniCare" in told


def test_no_component_is_told_that_would_give_a_small_group_away(world: World) -> None:
    """Three of 40 care about price: neither they nor what is left of the score may be told."""
    people = [
        Person(f"ai {a}{b}", MINI, [("price_sensitivity", "high" if (a, b) in (("a", "a"), ("a", "b"), ("a", "c")) else "low", None),
                                    ("income", "20000000 VND" if b < "c" else "5000000 VND", None)],
               [("complaint", "service")] if b < "d" else [("complaint", "price")])
        for a in "abcdefgh" for b in "abcde"
    ]  # fmt: skip
    with _find(world, people) as store:
        found = need_ability.section(store, world.study, Speech("en"))
        assert found is not None
        table = next(
            block
            for block in every(found.blocks)
            if isinstance(block, Table) and block.title == "What the scores rest on"
        )
        ability = [row for row in table.rows if "ability" in str(row[0].note)]  # type: ignore[union-attr]
        shown = [cell.text for row in ability for cell in row[1:]]  # type: ignore[union-attr]
        assert not any("%" in text for text in shown)


def test_nobody_makes_no_section(world: World) -> None:
    with _find(world, []) as store:
        assert need_ability.section(store, world.study, Speech("vi")) is None


def test_a_difference_that_is_nearly_none_keeps_its_side(analysed_store: Store) -> None:
    told = need_ability._Told(analysed_store, Speech("vi"), 5, {})
    assert [told.signed(value) for value in (-0.002, 0.004, 0.0, -0.14)] == ["−0,002", "+0,004", "0,00", "−0,14"]
