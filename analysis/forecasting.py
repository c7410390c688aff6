"""What the next periods may bring, told only where such a forecast would have beaten "as in the last one" before.

Damped exponential smoothing (Gardner and McKenzie 1985) of the log-odds of a share, judged by a rolling origin (Tashman 2000).
Rules and limits: ``docs/explanation/trends.md``.
"""

from __future__ import annotations

import warnings
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
#: The mean error must be so much smaller than that of the last value, and smaller beyond chance (one-sided).
MARGIN = 0.10
CHANCE = 0.05


@dataclass(frozen=True, slots=True)
class Forecast:
    """The next shares with their 95 % bounds where they may be shown, and how the method did before.

    ``error`` and ``naive`` are mean absolute errors, in shares, of the method and of the last value, over ``tries`` origins.
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
    naive, apart = errors.copy(), errors.copy()
    for row, origin in enumerate(origins):
        told, ahead = _ahead(odds[:origin]), min(AHEAD, len(places) - origin)
        true = slice(origin, origin + ahead)
        errors[row, :ahead] = np.abs(_share(told[:ahead]) - share[true])
        naive[row, :ahead] = np.abs(share[origin - 1] - share[true])
        apart[row, :ahead] = odds[true] - told[:ahead]
    mean, of_naive = float(np.nanmean(errors)), float(np.nanmean(naive))
    if mean > (1 - MARGIN) * of_naive or _by_chance(np.nanmean(naive - errors, axis=1)) > CHANCE:
        return Forecast(NOT_BETTER, (), mean, of_naive, len(origins))
    return Forecast(SHOWN, _bounded(_ahead(odds), apart), mean, of_naive, len(origins))


def _share(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-odds)), dtype=np.float64)


def _ahead(odds: Floats) -> Floats:
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a flat series has no one best weight, and any will do
        model = ExponentialSmoothing(
            odds, trend="add", damped_trend=True,
            initialization_method="known", initial_level=float(odds[:4].mean()), initial_trend=0.0,
        )  # fmt: skip
        told = np.asarray(model.fit(use_brute=False, method="SLSQP").forecast(AHEAD), dtype=np.float64)
    return np.where(np.isfinite(told), told, odds[-1])


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
