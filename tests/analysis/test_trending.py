"""What is called a rise, a fall or a jump, in series whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis.series import AUDIENCE, PAIN, Series, tellable
from analysis.trending import FALLS, RISES, SHORT, UNKNOWN, Trend, trends

Floats = NDArray[np.float64]


def _series(count: object, n: object, subject: str = PAIN) -> Series:
    return Series("hãng", subject, subject, "price", np.asarray(count, dtype=float), np.asarray(n, dtype=float))


def _drawn(rng: np.random.Generator, chance: Floats, people: float, alike: float = 0.0) -> Series:
    """``alike``: how alike people of one period are beyond the chance of it (intraclass correlation)."""
    n = rng.poisson(people, len(chance)) + 1
    p = rng.beta(chance * (1 / alike - 1), (1 - chance) * (1 / alike - 1)) if alike else chance
    return _series(rng.binomial(n, p), n)


def _trends(every: list[Series]) -> list[Trend]:
    return trends(every, [np.ones(len(one.n), dtype=bool) for one in every], 5)


@pytest.mark.parametrize("periods", [8, 24])
@pytest.mark.parametrize("alike", [0.0, 0.02, 0.1])
def test_without_change_hardly_any_is_called_one(periods: int, alike: float) -> None:
    """Even where the periods vary more than people do by chance, as when a video makes the rounds for a month."""
    rng = np.random.default_rng(periods)
    sizes, chances = (20, 80, 300), (0.05, 0.15, 0.4)
    flagged = tested = families = 0
    for _ in range(12):
        every = [_drawn(rng, np.full(periods, rng.choice(chances)), float(rng.choice(sizes)), alike) for _ in range(20)]
        found = [one for one in _trends(every) if one.p is not None]
        called = sum(one.verdict in (RISES, FALLS) or bool(one.jumps) for one in found)
        flagged, tested, families = flagged + called, tested + len(found), families + bool(called)
    assert tested > 150
    assert flagged <= 0.05 * tested
    assert families <= 3


@pytest.mark.parametrize("alike", [0.0, 0.05])
def test_uncorrected_p_values_keep_their_promise(alike: float) -> None:
    rng = np.random.default_rng(5)
    every = [_drawn(rng, np.full(12, 0.2), 100, alike) for _ in range(300)]
    found = [one for one in _trends(every) if one.p is not None and one.jump_p is not None]
    assert np.mean([float(one.p or 0) <= 0.05 for one in found]) <= 0.07
    assert np.mean([float(one.jump_p or 0) <= 0.05 for one in found]) <= 0.07


@pytest.mark.parametrize(("periods", "people"), [(24, 150), (12, 500)])
def test_a_doubling_is_found(periods: int, people: int) -> None:
    """From 10 % to 20 %, among nineteen series that stay as they are: two years of 150 people a month, or one year of 500."""
    rng = np.random.default_rng(11)
    hits = 0
    for _ in range(25):
        flat = [_drawn(rng, np.full(periods, 0.15), people) for _ in range(19)]
        hits += _trends([*flat, _drawn(rng, np.linspace(0.1, 0.2, periods), people)])[-1].verdict == RISES
    assert hits >= 20


def test_a_jump_is_found_where_it_was_and_a_slope_is_none() -> None:
    rng = np.random.default_rng(3)
    places, slopes = [], 0
    for _ in range(20):
        step = np.where(np.arange(24) < 14, 0.1, 0.25)
        jumped, sloped = _trends([_drawn(rng, step, 200), _drawn(rng, np.linspace(0.1, 0.3, 24), 200)])
        places += [jump.place for jump in jumped.jumps]
        slopes += bool(sloped.jumps)
    assert places.count(14) >= 14
    assert sum(abs(place - 14) <= 1 for place in places) >= 0.9 * len(places)
    assert slopes <= 5


def test_the_shares_on_both_sides_of_a_jump() -> None:
    count = [10] * 8 + [40] * 8
    found = _trends([_series(count, [100] * 16)])[0]
    (jump,) = found.jumps
    assert jump.place == 8
    assert jump.before == (80, 800)
    assert jump.after == (320, 800)


def test_odds_go_by_the_planted_factor() -> None:
    time = np.arange(24)
    odds = 0.1 * 1.06**time
    found = _trends([_series(np.round(5000 * odds / (1 + odds)), [5000] * 24)])[0]
    assert found.verdict == RISES
    assert found.odds is not None
    assert found.odds.low <= 1.06 <= found.odds.high
    assert found.odds.value == pytest.approx(1.06, abs=0.002)


def test_a_fall_is_a_fall() -> None:
    assert _trends([_series(np.linspace(60, 10, 12).round(), [100] * 12)])[0].verdict == FALLS


@pytest.mark.parametrize(
    ("count", "n"),
    [
        ([5] * 5, [20] * 5),  # too few periods
        ([1, 0, 2, 1, 0, 3], [100] * 6),  # too few people
        ([50] * 8, [50] * 8),  # nobody who does not
        ([0] * 8, [0] * 8),
        ([3] * 12, [4] * 12),  # every period below the minimum group
    ],
)
def test_too_little_is_not_tested(count: list[int], n: list[int]) -> None:
    found = _trends([_series(count, n)])[0]
    assert (found.verdict, found.p, found.odds) == (SHORT, None, None)


def test_periods_that_are_not_whole_are_left_out() -> None:
    whole = np.array([False, *[True] * 10, False])
    found = trends([_series([90, *[20] * 10, 90], [100] * 12)], [whole], 5)[0]
    assert found.verdict == UNKNOWN
    assert found.periods == 10


def test_gaps_keep_time_as_it_is() -> None:
    """A period in which too few speak is missing, and the others stay where they are."""
    n = np.array([200.0] * 6 + [2] * 6 + [200] * 6)
    found = _trends([_series(np.where(n > 5, np.linspace(20, 80, 18).round(), 0), n)])[0]
    assert found.verdict == RISES
    assert found.periods == 12


def test_shares_at_the_ends_are_no_trouble() -> None:
    """Nobody, then everybody: no slope is steep enough, but the direction is plain."""
    found = _trends([_series([0] * 6 + [100] * 6, [100] * 12)])[0]
    assert found.verdict == RISES
    assert found.odds is None
    assert [jump.place for jump in found.jumps] == [6]


def test_periods_with_too_few_people_are_not_told() -> None:
    assert tellable(_series([0, 3, 7, 20], [40, 40, 3, 40]), 5).tolist() == [False, False, False, False]
    assert tellable(_series([3, 4, 20, 20], [40] * 4), 5).tolist() == [False, False, True, True]


def test_of_an_attribute_the_few_who_tell_otherwise_are_not_told_either() -> None:
    told = tellable(_series([38, 20, 20], [40, 40, 40], AUDIENCE), 5)
    assert not told[0]
    assert tellable(_series([38, 20, 20], [40, 40, 40], PAIN), 5)[0]


def test_a_single_hidden_period_takes_the_smallest_other_with_it() -> None:
    """Else it would be the sum over all periods less those that are told."""
    assert tellable(_series([2, 30, 12, 50], [100] * 4), 5).tolist() == [False, True, False, True]


def test_a_rare_pain_is_not_told_by_its_zeros_and_peaks() -> None:
    rare = tellable(_series([0, 2, 0, 0, 3, 0, 7, 1, 0, 2], [25] * 10), 5)
    assert not rare.any()
    often = tellable(_series([0, 3, 4, 9, 12, 11, 8, 9], [40] * 8), 5)
    assert often.tolist() == [
        False,
        False,
        False,
        True,
        True,
        True,
        True,
        True,
    ]  # the zero beside hidden months is not told
    never_few = tellable(_series([0, 0, 7, 9], [40] * 4), 5)
    assert never_few.all()
