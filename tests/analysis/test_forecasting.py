"""A forecast is shown only where it would have beaten the last value."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.forecasting import AHEAD, MARGIN, NOT_BETTER, SHORT, SHOWN, forecast
from analysis.series import PAIN, Series


def _series(rng: np.random.Generator, chance: object, people: int) -> Series:
    n = np.full(len(np.asarray(chance)), people)
    return Series("hãng", PAIN, PAIN, "price", rng.binomial(n, chance).astype(float), n.astype(float))


def test_nothing_beats_the_last_value_of_a_random_walk() -> None:
    rng = np.random.default_rng(1)
    shown = 0
    for _ in range(30):
        odds = np.cumsum(rng.normal(0, 0.25, 24)) - 1
        shown += forecast(_series(rng, 1 / (1 + np.exp(-odds)), 20_000), np.ones(24, dtype=bool), 5).verdict == SHOWN
    assert shown <= 3


def test_where_it_is_shown_it_has_beaten_the_last_value_by_the_margin() -> None:
    rng = np.random.default_rng(2)
    found = [forecast(_series(rng, np.full(24, 0.2), 150), np.ones(24, dtype=bool), 5) for _ in range(15)]
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
        whole = _series(rng, np.full(25, 0.25), 150)
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
