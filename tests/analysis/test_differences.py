"""Comparisons of whole audiences against worlds whose truth is known, and of hostile shapes."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis import differences
from analysis.audience import Coded
from analysis.differences import DIFFERENT, Difference
from analysis.statistics import lift
from data.study import MARKET, Study

OWN, THEIRS = "Của mình", "Của họ"
STUDY = Study.model_validate({
    "study": "hu-cau", "contact": "a@b.vn", "own": {"name": OWN}, "competitors": [{"name": THEIRS}],
    "sources": [{"url": "https://x.example/"}],
})  # fmt: skip
EMPTY = pd.DataFrame({"author": [], "category": [], "brand": [], "kind": []}).astype({"author": "int64"})


def _market(told: Mapping[str, np.ndarray], ours: int, rows: int) -> tuple[Any, Coded]:
    """``ours`` people who speak of us, then those who speak of them; of each attribute one value a person, -1 untold."""
    people = np.arange(rows)
    parts = [
        pd.DataFrame({"author": people, "attribute": a, "code": values.astype(str), "weight": 1.0})[values >= 0]
        for a, values in told.items()
    ]
    audiences = {OWN: people[:ours], THEIRS: people[ours:], MARKET: people}
    stub = SimpleNamespace(
        authors=people, pains=EMPTY, audience=audiences.__getitem__, pains_of=lambda brand: EMPTY, brands=(OWN, THEIRS)
    )
    frame = pd.concat(parts) if parts else EMPTY.assign(attribute=[], code=[], weight=[])
    frame = frame.reset_index(drop=True).astype({"attribute": "category", "code": "category"})
    frame["cell"] = frame.groupby(["attribute", "code"], observed=True).ngroup()
    first = np.ones(len(frame), dtype=bool)
    return stub, Coded(frame, frame, first, first)


def _found(told: Mapping[str, np.ndarray], ours: int, rows: int) -> list[Difference]:
    people, coded = _market(told, ours, rows)
    return [d for d in differences.differences(people, coded, STUDY) if d.brand == THEIRS]


def test_under_no_difference_hardly_any_comparison_is_called_one() -> None:
    rng, called, all_, families, wrong = np.random.default_rng(20), 0, 0, 40, 0
    for _ in range(families):
        told = {f"a{k}": rng.choice(4, 160, p=[0.4, 0.3, 0.2, 0.1]) for k in range(5)}
        found = _found(told, 70, 160)
        different = [d.verdict == DIFFERENT for d in found]
        called, all_, wrong = called + sum(different), all_ + len(found), wrong + any(different)
    assert called / all_ <= 0.05
    # Where nothing differs, the false discovery rate is the chance that anything at all is called different.
    assert wrong / families <= 2 * 0.05 + 2.5 * np.sqrt(0.1 * 0.9 / families)


def test_a_true_difference_of_fifteen_points_at_two_hundred_people_is_found_after_correction() -> None:
    rng, hits, rounds = np.random.default_rng(21), 0, 60
    for _ in range(rounds):
        theirs = np.arange(400) >= 200
        told = {f"a{k}": (rng.random(400) < 0.4).astype(int) for k in range(3)}
        told["true"] = (rng.random(400) < np.where(theirs, 0.25, 0.10)).astype(int)
        found = _found(told, 200, 400)
        hits += any(d.verdict == DIFFERENT for d in found if d.attribute == "true" and d.value == "1")
    assert hits / rounds >= 0.80


def test_a_difference_found_holds_the_truth_and_its_ratio() -> None:
    rng = np.random.default_rng(22)
    theirs = np.arange(1200) >= 600
    found = _found({"a": (rng.random(1200) < np.where(theirs, 0.6, 0.3)).astype(int)}, 600, 1200)
    one = next(d for d in found if d.value == "1")
    assert one.verdict == DIFFERENT
    assert one.estimate.low <= 0.30 <= one.estimate.high
    assert one.lift is not None
    assert one.lift.low <= 2.0 <= one.lift.high


def test_a_ratio_of_shares_is_covered_nineteen_times_in_twenty() -> None:
    rng, covered = np.random.default_rng(23), 0
    for _ in range(1000):
        found = lift(rng.binomial(90, 0.3), 90, rng.binomial(140, 0.2), 140)
        covered += found.low <= 1.5 <= found.high
    assert 0.93 <= covered / 1000 <= 0.975


def test_a_ratio_agrees_with_katz_formula_and_nobody_is_no_end() -> None:
    found = lift(40, 100, 20, 100)
    half = 1.959964 * np.sqrt(1 / 40.5 - 1 / 100.5 + 1 / 20.5 - 1 / 100.5)
    assert found.value == pytest.approx(40.5 / 20.5)
    assert (found.low, found.high) == pytest.approx((found.value / np.exp(half), found.value * np.exp(half)))
    assert 0 < lift(0, 50, 10, 50).low < lift(0, 50, 10, 50).high < 1
    assert lift(10, 10, 10, 10).low <= 1 <= lift(10, 10, 10, 10).high


@pytest.mark.parametrize(
    ("told", "ours", "rows"),
    [
        ({}, 30, 60),  # nobody tells anything
        ({"a": np.full(60, -1)}, 30, 60),  # all null
        ({"a": np.zeros(60, dtype=int)}, 30, 60),  # one category
        ({"a": np.arange(60)}, 57, 60),  # a brand with three authors
    ],
)
def test_hostile_shapes_are_called_no_difference(told: Mapping[str, np.ndarray], ours: int, rows: int) -> None:
    found = _found(told, ours, rows)
    assert not [d for d in found if d.verdict == DIFFERENT]
    assert all(d.n >= 5 and d.n_own >= 5 for d in found)


def test_a_thousand_categories_are_compared_where_enough_people_tell_them() -> None:
    rng = np.random.default_rng(24)
    found = _found({"a": rng.integers(0, 1000, 3000)}, 1500, 3000)
    assert all(max(d.counts) >= 5 for d in found if d.counts)
    assert np.mean([d.verdict == DIFFERENT for d in found if d.value]) <= 0.05
