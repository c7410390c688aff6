"""Intervals over authors against worlds whose truth is known, with authors who write many posts."""

from __future__ import annotations

import numpy as np
import pytest

from analysis import bootstrap
from analysis.bootstrap import mean, ratio
from analysis.statistics import Interval, wilson

Floats = np.ndarray


def _chatty(rng: np.random.Generator, authors: int, truth: float) -> tuple[Floats, Floats]:
    """Posts of a kind and all posts of each author: most write a few, some write dozens, each in their own way."""
    own = rng.beta(truth * 1.5, (1 - truth) * 1.5, authors)
    posts = 1 + rng.negative_binomial(1, 0.15, authors)
    return rng.binomial(posts, own).astype(float), posts.astype(float)


@pytest.mark.parametrize(("authors", "truth"), [(60, 0.3), (200, 0.1)])
def test_a_share_of_posts_is_covered_nineteen_times_in_twenty_and_not_by_counting_posts(
    authors: int, truth: float
) -> None:
    rng, rounds, covered, by_posts = np.random.default_rng(authors), 400, 0, 0
    for seed in range(rounds):
        kind, posts = _chatty(rng, authors, truth)
        found = ratio(kind, posts, low=0.0, high=1.0, seed=seed, rounds=199)
        assert found is not None
        covered += found.low <= truth <= found.high
        low, high = wilson(kind.sum(), posts.sum())
        by_posts += bool(low <= truth <= high)
    # 93 to 97 in 100, and as far beyond as 400 worlds may stray by chance.
    assert 0.93 - 0.012 <= covered / rounds <= 0.97 + 0.012
    assert by_posts / rounds < 0.80, "an interval that takes posts for independent must fail here"


def test_a_mean_over_people_is_covered() -> None:
    rng, rounds = np.random.default_rng(5), 400
    covered = 0
    for seed in range(rounds):
        found = mean(rng.gamma(2.0, 1.5, 50), seed=seed, rounds=199)
        assert found is not None
        covered += found.low <= 3.0 <= found.high
    assert 0.918 <= covered / rounds <= 0.982


def test_with_thousands_of_authors_the_limit_agrees_with_the_bootstrap(monkeypatch: pytest.MonkeyPatch) -> None:
    kind, posts = _chatty(np.random.default_rng(1), 3000, 0.3)
    limit = ratio(kind, posts, low=0.0, high=1.0)
    monkeypatch.setattr(bootstrap, "MOST_AUTHORS", 10_000)
    drawn = ratio(kind, posts, low=0.0, high=1.0)
    assert limit is not None
    assert drawn is not None
    assert (limit.low, limit.high) == pytest.approx((drawn.low, drawn.high), abs=0.004)


def test_one_author_with_half_the_posts_makes_the_interval_wide_and_no_surer() -> None:
    kind = np.array([500.0] + [1.0, 0.0] * 50)
    posts = np.array([500.0] + [5.0] * 100)
    loud, others = ratio(kind, posts, low=0.0, high=1.0), ratio(kind[1:], posts[1:], low=0.0, high=1.0)
    assert loud is not None
    assert others is not None
    assert loud.value == pytest.approx(0.55)
    assert loud.high - loud.low > 2 * (others.high - others.low)
    assert 0.0 <= loud.low <= loud.value <= loud.high <= 1.0


def test_a_handful_of_authors_tells_no_interval() -> None:
    assert ratio([3, 0, 1], [3, 2, 4], low=0.0, high=1.0) == Interval(4 / 9, 0.0, 1.0)


def test_nothing_has_no_share() -> None:
    assert ratio([0, 0, 0], [0, 0, 0]) is None
    assert ratio([], []) is None


def test_where_nobody_or_everybody_is_of_a_kind_wilson_speaks() -> None:
    posts = np.arange(1.0, 41.0)
    nobody, everybody = ratio(0 * posts, posts, low=0.0, high=1.0), ratio(posts, posts, low=0.0, high=1.0)
    assert nobody is not None
    assert everybody is not None
    assert (nobody.low, nobody.high) == pytest.approx((0.0, float(wilson(0, 40)[1])))
    assert (everybody.low, everybody.high) == pytest.approx((float(wilson(40, 40)[0]), 1.0))


def test_where_all_say_the_same_number_the_interval_is_not_nothing() -> None:
    found = mean([30.0] * 12)
    assert found is not None
    assert (found.low, found.high) == (-np.inf, np.inf)
