"""What the next periods may bring, told only where such a forecast would have beaten both "as in the last one" and "as on average" before.

Damped exponential smoothing (Gardner and McKenzie 1985) of the log-odds of a share, judged by a rolling origin (Tashman 2000).
Rules and limits: ``docs/explanation/trends.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.series import Series
from analysis.statistics import CONFIDENCE, Floats, Interval

SHOWN, NOT_BETTER, SHORT, NOT_TRIED = "shown", "not_better", "short", "not_tried"
#: How many periods ahead.
AHEAD = 3
#: The first forecast that is judged stands on so many periods; there must be so many to judge.
FIRST_ORIGIN = 8
FEWEST_TRIES = 8
#: Only the newest are tried: each costs some hundredths of a second.
MOST_TRIES = 12
#: The mean error must be so much smaller than that of the last value and of the mean of all before, and smaller beyond chance (one-sided).
MARGIN = 0.10
CHANCE = 0.05
#: Weight of the level, weight of the trend in it, and damping: where the best are looked for, and how closely around the best found.
_LIMITS = np.array([[0.0, 0.0, 0.8], [1.0, 1.0, 0.995]])
_FINER = 0.5 ** np.repeat(np.arange(1, 6), 2)[:, None] * np.array([0.05, 0.05, 0.0325])


def _grid(*sides: Floats) -> Floats:
    """Every point of a grid, one a row."""
    return np.stack(np.meshgrid(*sides, indexing="ij"), axis=-1).reshape(-1, len(sides))


_GRID = _grid(np.linspace(0, 1, 21), np.linspace(0, 1, 21), np.linspace(0.8, 0.995, 7))
_NEAR = _grid(*(np.array([0.0, -1.0, 1.0]),) * 3)


@dataclass(frozen=True, slots=True)
class Forecast:
    """The next shares with their 95 % bounds where they may be shown, and how the method did before.

    ``error`` and ``naive`` are mean absolute errors, in shares, of the method and of the better of two simple guesses (the last value, the
    mean of all before), over ``tries`` origins. A series that only scatters about a level is told best by its mean: nothing is shown of it.
    """

    verdict: str
    shares: tuple[Interval, ...] = ()
    error: float | None = None
    naive: float | None = None
    tries: int = 0


def forecast(one: Series, whole: NDArray[np.bool_], minimum: int) -> Forecast:
    """The forecast of the periods after the last whole one; SHORT where there are too few in a row, up to that one."""
    known = whole & (one.n >= minimum)
    last = int(np.flatnonzero(whole)[-1]) if whole.any() else -1
    gaps = np.flatnonzero(~known[: last + 1])
    places = np.arange(int(gaps[-1]) + 1 if len(gaps) else 0, last + 1)
    if len(places) < FIRST_ORIGIN + FEWEST_TRIES:
        return Forecast(SHORT)
    count, n = one.count[places], one.n[places]
    odds = np.log((count + 0.5) / (n - count + 0.5))
    share = _share(odds)
    origins = range(max(FIRST_ORIGIN, len(places) - MOST_TRIES), len(places))
    errors = np.full((len(origins), AHEAD), np.nan)
    naive, level, apart = errors.copy(), errors.copy(), errors.copy()
    every = _ahead(odds, [*origins, len(places)])
    for row, origin in enumerate(origins):
        told, ahead = every[row], min(AHEAD, len(places) - origin)
        true = slice(origin, origin + ahead)
        errors[row, :ahead] = np.abs(_share(told[:ahead]) - share[true])
        naive[row, :ahead] = np.abs(share[origin - 1] - share[true])
        level[row, :ahead] = np.abs(share[:origin].mean() - share[true])
        apart[row, :ahead] = odds[true] - told[:ahead]
    mean, of_naive = float(np.nanmean(errors)), float(min(np.nanmean(naive), np.nanmean(level)))
    gains = [np.nanmean(simple - errors, axis=1) for simple in (naive, level)]
    if mean > (1 - MARGIN) * of_naive or any(_by_chance(gain) > CHANCE for gain in gains):
        return Forecast(NOT_BETTER, (), mean, of_naive, len(origins))
    return Forecast(SHOWN, _bounded(every[-1], apart), mean, of_naive, len(origins))


def _share(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-odds)), dtype=np.float64)


def _ahead(odds: Floats, origins: Sequence[int]) -> Floats:
    """What each origin, knowing ``odds`` only up to itself, tells of the :data:`AHEAD` next: origins × periods ahead."""
    ends = np.asarray(origins, dtype=np.int64)
    best = fitted(odds, ends)
    _, level, trend = _through(odds, best[:, None, :], ends)
    damped = np.cumsum(best[:, 2:] ** np.arange(1, AHEAD + 1), axis=1)
    return np.asarray(level + damped * trend)


def fitted(odds: Floats, ends: NDArray[np.int64]) -> Floats:
    """The weight of the level, that of the trend in it, and the damping with the least squared errors of one step up to each of ``ends``.

    They are looked for on a grid, which is made finer around the best. All weights and ends go through the series together.
    """
    best = _GRID[_through(odds, _GRID[None], ends)[0].argmin(axis=1)]
    for step in _FINER:
        points = np.clip(best[:, None, :] + _NEAR * step, *_LIMITS)
        best = points[np.arange(len(ends)), _through(odds, points, ends)[0].argmin(axis=1)]
    return np.asarray(best)


def _through(odds: Floats, points: Floats, ends: NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
    """Squared errors, level and trend of each of ``points`` (origins, or 1, × points × weights) at each of ``ends``."""
    alpha, beta, phi = (points[:, :, place] for place in range(3))
    level, trend = np.full(alpha.shape, odds[:4].mean()), np.zeros(alpha.shape)
    squares = np.zeros(alpha.shape)
    found = np.empty((3, len(ends), alpha.shape[1]))
    alpha_beta = alpha * beta
    for place in range(int(ends.max()) + 1):
        for row in np.flatnonzero(ends == place):
            mine = row if len(alpha) > 1 else 0
            found[:, row] = squares[mine], level[mine], trend[mine]
        if place < len(odds):
            trend = phi * trend
            error = odds[place] - level - trend
            level = level + trend + alpha * error
            trend = trend + alpha_beta * error
            squares = squares + error * error
    return found[0], found[1], found[2]


def _by_chance(gains: Floats) -> float:
    """One-sided p that the method errs no less than the last value: a paired t test over origins (Diebold and Mariano 1995).

    The variance counts that neighbouring origins look at the same periods, with the small-sample factor of Harvey et al. (1997).
    """
    from scipy.stats import t

    m = len(gains)
    centred = gains - gains.mean()
    variances = [float(np.sum(centred[lag:] * centred[: m - lag])) / m for lag in range(AHEAD)]
    variance = max(variances[0] + 2 * sum(variances[1:]), variances[0], 1e-15) / m
    factor = ((m + 1 - 2 * AHEAD + AHEAD * (AHEAD - 1) / m) / m) ** 0.5
    return float(t.sf(factor * gains.mean() / variance**0.5, m - 1))


def _bounded(told: Floats, apart: Floats) -> tuple[Interval, ...]:
    """Forecasts with bounds as wide as their errors were, each number of periods ahead by itself and never narrower than before."""
    from scipy.stats import t

    found, widest = [], 0.0
    for ahead in range(AHEAD):
        errors = apart[:, ahead][np.isfinite(apart[:, ahead])]
        reach = float(t.ppf((1 + CONFIDENCE) / 2, max(len(errors) - 1, 1)) * np.sqrt(np.mean(errors**2)))
        widest = max(widest, reach)
        value, low, high = (float(_share(told[ahead] + side)) for side in (0.0, -widest, widest))
        found.append(Interval(value, low, high))
    return tuple(found)
