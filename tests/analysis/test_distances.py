"""Distances against worlds without a difference, with many kinds of people, and with a thousand values."""

from __future__ import annotations

import time

import numpy as np
import pytest
from scipy import sparse

from analysis import distances
from analysis.distances import Group, distance, distance_of_kinds, overall_distance

Floats = np.ndarray


def _told(rng: np.random.Generator, people: int, values: int = 4) -> Floats:
    """People who tell several values of one attribute."""
    return (rng.random((people, values)) < np.linspace(0.5, 0.1, values)).astype(float)


def _group(weights: Floats, ours: int) -> Group:
    theirs = np.arange(len(weights)) >= ours
    return Group(np.arange(len(weights)), sparse.csr_matrix(weights), theirs, ~theirs)


def test_many_kinds_of_people_are_dealt_as_few_kinds_are(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    one, two = _told(rng, 300, 8), _told(rng, 200, 8)
    exact = distance(one, two, np.empty((0, 8)))
    monkeypatch.setattr(distances, "_MOST_KINDS", 40)
    limit = distance(one, two, np.empty((0, 8)))
    assert limit.value == exact.value
    assert limit.by_chance == pytest.approx(exact.by_chance, rel=0.1)
    assert limit.p_value == pytest.approx(exact.p_value, abs=0.06)


def test_equal_audiences_are_seldom_far_apart_overall() -> None:
    rng = np.random.default_rng(3)
    p = [
        overall_distance([_group(_told(rng, 150), 60), _group(_told(rng, 150, 6), 60)], rounds=99, seed=seed).p_value
        for seed in range(200)
    ]
    assert np.mean(np.array(p) <= 0.05) <= 0.05 + 2.5 * np.sqrt(0.05 * 0.95 / 200)


def test_a_difference_in_one_attribute_is_seen_overall() -> None:
    rng = np.random.default_rng(4)
    apart = np.eye(2)[np.concatenate([rng.random(100) < 0.3, rng.random(100) < 0.7]).astype(int)]
    found = overall_distance([_group(apart, 100), _group(_told(rng, 200), 100)], rounds=199)
    assert found.p_value <= 0.01
    assert found.value > found.by_chance


def test_people_of_both_audiences_are_never_dealt() -> None:
    weights = np.eye(2)[[0] * 50 + [1] * 50]
    both = Group(np.arange(100), sparse.csr_matrix(weights), np.ones(100, bool), np.ones(100, bool))
    assert overall_distance([both], rounds=9).value == 0.0
    assert overall_distance([both], rounds=9).p_value == 1.0


def test_a_thousand_values_are_neither_slow_nor_surely_different() -> None:
    rng, started = np.random.default_rng(6), time.perf_counter()
    place = rng.integers(0, 1000, 4000)
    kinds, one, two = sparse.identity(1000, format="csr"), *(np.bincount(p, minlength=1000) for p in np.split(place, 2))
    found = distance_of_kinds(kinds, one, two, np.zeros(1000, dtype=int))
    assert found.value > 0.3  # much by chance alone
    assert found.value == pytest.approx(found.by_chance, abs=0.02)
    assert found.p_value > 0.01
    assert time.perf_counter() - started < 5


def test_one_value_is_no_distance_and_nobody_no_error() -> None:
    nobody = np.zeros(1, dtype=int)
    found = distance_of_kinds(sparse.csr_matrix([[1.0]]), [30], [40], nobody)
    assert (found.value, found.p_value) == (0.0, 1.0)
    assert distance_of_kinds(sparse.csr_matrix([[1.0]]), nobody, nobody, nobody).p_value == 1.0
