"""Statistics against published examples, the reference libraries, and worlds whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon

from analysis import distances, statistics


def test_wilson_agrees_with_newcombes_published_examples() -> None:
    # Newcombe 1998, Statistics in Medicine 17: 857-872, table I, method 3.
    low, high = statistics.wilson([81, 15, 0, 1], [263, 148, 20, 29])
    assert low == pytest.approx([0.2553, 0.0624, 0.0, 0.0061], abs=5e-5)
    assert high == pytest.approx([0.3662, 0.1605, 0.1611, 0.1718], abs=5e-5)


def test_wilson_of_nobody_is_everything() -> None:
    assert [float(bound[0]) for bound in statistics.wilson([0], [0])] == [0.0, 1.0]


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [((56, 70, 48, 80), 0.0524, 0.3339), ((9, 10, 3, 10), 0.1705, 0.8090), ((6, 7, 2, 7), 0.0582, 0.8062)],
)
def test_a_difference_agrees_with_newcombes_published_examples(
    counts: tuple[int, int, int, int], low: float, high: float
) -> None:
    # Newcombe 1998, Statistics in Medicine 17: 873-890, table II, method 10.
    found = statistics.difference(*counts)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_benjamini_hochberg_on_their_own_example() -> None:
    # Benjamini and Hochberg 1995, section 4.1: fifteen p-values, four rejected at 0.05.
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1.0,
    ]
    assert (statistics.benjamini_hochberg(p) <= 0.05).sum() == 4
    assert statistics.benjamini_hochberg([]).size == 0


def test_jensen_shannon_agrees_with_scipy_and_keeps_its_bounds() -> None:
    rng = np.random.default_rng(5)
    one, two = rng.integers(0, 50, (40, 6)), rng.integers(0, 50, (40, 6))
    ours = statistics.jensen_shannon(one, two)
    assert ours == pytest.approx([jensenshannon(a, b, base=2) for a, b in zip(one, two, strict=True)])
    assert float(statistics.jensen_shannon([3, 0], [0, 9])) == pytest.approx(1.0)
    assert float(statistics.jensen_shannon([2, 4], [1, 2])) == pytest.approx(0.0, abs=1e-7)


def _people(rng: np.random.Generator, shares: list[float], n: int) -> np.ndarray:
    return np.eye(len(shares))[rng.choice(len(shares), n, p=shares)]


def test_equal_audiences_are_called_different_as_rarely_as_promised() -> None:
    rng = np.random.default_rng(11)
    nobody = np.empty((0, 4))
    shares = [0.4, 0.3, 0.2, 0.1]
    p = [
        distances.distance(_people(rng, shares, 60), _people(rng, shares, 90), nobody, rounds=199, seed=seed).p_value
        for seed in range(300)
    ]
    assert np.mean(np.array(p) <= 0.05) <= 0.05 + 2.5 * np.sqrt(0.05 * 0.95 / 300)


def test_a_difference_of_fifteen_points_at_two_hundred_people_is_found() -> None:
    rng = np.random.default_rng(12)
    found = [
        statistics.difference_p(rng.binomial(200, 0.45), 200, rng.binomial(200, 0.30), 200) <= 0.05 for _ in range(400)
    ]
    assert np.mean(found) >= 0.80


def test_people_of_both_audiences_bring_them_together() -> None:
    one, two = np.array([[1.0, 0.0]] * 20), np.array([[0.0, 1.0]] * 20)
    apart = distances.distance(one, two, np.empty((0, 2))).value
    shared = distances.distance(one, two, np.array([[1.0, 0.0]] * 30 + [[0.0, 1.0]] * 30)).value
    assert shared < apart == pytest.approx(1.0)


def test_an_interval_covers_the_truth_nineteen_times_in_twenty() -> None:
    rng = np.random.default_rng(3)
    for truth, n in ((0.5, 30), (0.2, 80), (0.05, 200), (0.7, 40)):
        low, high = statistics.wilson(rng.binomial(n, truth, 4000), n)
        assert 0.93 <= np.mean((low <= truth) & (truth <= high)) <= 0.975


def test_fractional_people_make_the_interval_no_narrower_than_it_should_be() -> None:
    # A third of the people say "in their thirties" and count half for 25-34: the interval must still cover.
    rng = np.random.default_rng(4)
    values = rng.choice([1.0, 0.5, 0.0], size=(3000, 60), p=[0.4, 0.3, 0.3])
    low, high = statistics.wilson(values.sum(axis=1), 60)
    assert np.mean((low <= 0.55) & (high >= 0.55)) >= 0.95


def test_ranks_are_sure_where_counts_are_far_apart_and_open_where_they_are_near() -> None:
    people = np.array([[1, 0, 0]] * 60 + [[0, 1, 0]] * 20 + [[0, 0, 1]] * 19)
    ranks = statistics.rank_intervals(people, silent=200)
    assert ranks[0].tolist() == [1, 1, 1]
    assert ranks[1][0] == 2
    assert ranks[1][1:].tolist() == ranks[2][1:].tolist() == [2, 3]


@pytest.mark.parametrize(("value", "threshold"), [(0.6, 0.5), (0.45, 0.5), (0.9, 0.7)])
def test_the_number_of_people_needed_is_the_smallest_that_settles_it(value: float, threshold: float) -> None:
    needed = statistics.people_needed(value, threshold)
    assert needed is not None

    def settled(n: int) -> bool:
        seen = statistics.share(value * n, n)
        return seen.low > threshold or seen.high < threshold

    assert settled(needed)
    assert not settled(needed - 1)


def test_a_share_on_its_threshold_is_never_settled() -> None:
    assert statistics.people_needed(0.5, 0.5) is None
