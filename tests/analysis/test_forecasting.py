"""A forecast is shown only where it would have beaten the last value and the mean of all before."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from analysis.forecasting import AHEAD, MARGIN, NOT_BETTER, SHORT, SHOWN, fitted, forecast
from analysis.series import PAIN, Series


def _series(rng: np.random.Generator, chance: Any, people: int) -> Series:
    n = np.full(len(np.asarray(chance)), people)
    return Series("hãng", PAIN, PAIN, "price", rng.binomial(n, chance).astype(float), n.astype(float))


def _rising(periods: int) -> Any:
    """Chances that rise steadily: neither the last value nor the mean of all before tells what comes."""
    return 1 / (1 + np.exp(-np.linspace(-2.0, 1.0, periods)))


def test_nothing_beats_the_last_value_of_a_random_walk() -> None:
    rng = np.random.default_rng(1)
    shown = 0
    for _ in range(30):
        odds = np.cumsum(rng.normal(0, 0.25, 24)) - 1
        shown += forecast(_series(rng, 1 / (1 + np.exp(-odds)), 20_000), np.ones(24, dtype=bool), 5).verdict == SHOWN
    assert shown <= 3


def test_where_it_is_shown_it_has_beaten_the_last_value_by_the_margin() -> None:
    rng = np.random.default_rng(2)
    found = [forecast(_series(rng, _rising(24), 400), np.ones(24, dtype=bool), 5) for _ in range(15)]
    shown = [one for one in found if one.verdict == SHOWN]
    assert shown
    for one in shown:
        assert one.error is not None
        assert one.naive is not None
        assert one.error <= (1 - MARGIN) * one.naive
        assert len(one.shares) == AHEAD
        assert all(share.low < share.value < share.high for share in one.shares)
        widths = [share.high - share.low for share in one.shares]
        assert widths == pytest.approx(sorted(widths), rel=0.2)
    assert all(not one.shares for one in found if one.verdict != SHOWN)


def test_its_bounds_hold_the_next_value_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(3)
    held = []
    for _ in range(40):
        whole = _series(rng, _rising(25), 400)
        known = Series("hãng", PAIN, PAIN, "price", whole.count[:24], whole.n[:24])
        found = forecast(known, np.ones(24, dtype=bool), 5)
        if found.shares:
            held.append(found.shares[0].low <= whole.count[24] / whole.n[24] <= found.shares[0].high)
    assert len(held) >= 5
    assert np.mean(held) >= 0.8


def test_a_short_or_broken_series_is_not_tried() -> None:
    rng = np.random.default_rng(4)
    assert forecast(_series(rng, np.full(15, 0.2), 100), np.ones(15, dtype=bool), 5).verdict == SHORT
    broken = _series(rng, np.full(24, 0.2), 100)
    broken.n[15] = 2
    broken.count[15] = 0
    assert forecast(broken, np.ones(24, dtype=bool), 5).verdict == SHORT
    assert forecast(broken, np.zeros(24, dtype=bool), 5).verdict == SHORT


def test_flat_and_empty_shares_are_no_trouble() -> None:
    for chance in (0.0, 1.0):
        one = _series(np.random.default_rng(5), np.full(24, chance), 100)
        assert forecast(one, np.ones(24, dtype=bool), 5).verdict == NOT_BETTER


def test_what_only_scatters_about_a_level_gets_no_forecast() -> None:
    """The mean of all before tells a constant share as well as any method."""
    rng = np.random.default_rng(7)
    shown = sum(
        forecast(_series(rng, np.full(24, 0.45), 60), np.ones(24, dtype=bool), 5).verdict == SHOWN for _ in range(40)
    )
    assert shown <= 2


def test_it_is_fitted_as_well_as_by_statsmodels() -> None:
    """The squared errors of the weights that are found are no greater than those of a general optimiser."""
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    rng = np.random.default_rng(8)
    known: dict[str, Any] = {
        "trend": "add",
        "damped_trend": True,
        "initialization_method": "known",
        "initial_trend": 0.0,
    }
    for number in range(12):
        walk = np.cumsum(rng.normal(0, (0.02, 0.3)[number % 2], 30))
        odds = walk + np.linspace(0, (0, 2)[number % 3 == 0], 30) + rng.normal(0, 0.1, 30) - 1
        for end, (level, trend, damping) in zip((12, 30), fitted(odds, np.array([12, 30])).tolist(), strict=True):
            model = ExponentialSmoothing(odds[:end], initial_level=float(odds[:4].mean()), **known)
            weights = {"smoothing_level": level, "smoothing_trend": trend, "damping_trend": damping}
            ours = model.fit(**weights, optimized=False).sse
            assert ours <= 1.005 * model.fit(use_brute=False, method="SLSQP").sse
