"""Does a series rise, fall or jump beyond chance? Formulas, sources and limits: ``docs/explanation/trends.md``."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from analysis.differences import LEVEL
from analysis.memo import Memo
from analysis.series import Series
from analysis.statistics import CONFIDENCE, Floats, Interval, benjamini_hochberg

RISES, FALLS, UNKNOWN, SHORT = "rises", "falls", "unknown", "short"
#: Fewer whole periods than this tell no direction.
FEWEST_PERIODS = 6
#: Over the periods that are tested, so many people must tell it and so many not.
FEWEST_PEOPLE = 20
#: A straight line that tells so little needs no closer look; its own p stands.
SCREEN = 0.2
#: A standard error of so much says that the slope has no end.
_ENDLESS = 2.0
#: On either side of a jump there are so many periods at least.
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Jump:
    """A level that changed at once: the place of the first period of the new one, and (count, n) on both sides of it."""

    place: int
    before: tuple[float, float]
    after: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Trend:
    """What a test of a series came to. ``odds`` is the factor by which the odds change from one period to the next.

    ``spread`` is how much more the periods vary than chance alone would have it (1: just so much); both ``None`` where a line tells
    nearly nothing. ``q`` are p-values corrected
    for the number of series that were tested. ``verdict`` is SHORT where too little is known to test.
    """

    verdict: str
    periods: int
    odds: Interval | None = None
    spread: float | None = None
    p: float | None = None
    q: float | None = None
    jump_p: float | None = None
    jump_q: float | None = None
    jumps: tuple[Jump, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """A line through the log-odds: slope a period, its standard error by chance alone, and Pearson's dispersion."""

    slope: float
    error: float
    spread: float


@dataclass(frozen=True, slots=True)
class _Tested:
    places: NDArray[np.int64]
    up: bool
    line: _Line | None
    p: float
    jump_p: float
    straight: float
    stepped: float


def testable(one: Series, whole: NDArray[np.bool_], minimum: int) -> bool:
    """Whether a series has periods and people enough for a test."""
    return _enough(one, _places(one, whole, minimum))


def _places(one: Series, whole: NDArray[np.bool_], minimum: int) -> NDArray[np.int64]:
    return np.flatnonzero(whole & (one.n >= minimum))


def _enough(one: Series, places: NDArray[np.int64]) -> bool:
    count, n = one.count[places], one.n[places]
    return bool(len(places) >= FEWEST_PERIODS and min(count.sum(), (n - count).sum()) >= FEWEST_PEOPLE)


def trends(
    every: Sequence[Series], whole: Sequence[NDArray[np.bool_]], minimum: int, memo: Memo | None = None
) -> list[Trend]:
    """A trend for each series, in their order; ``whole`` are the periods of each. All that are tested are one family of tests."""
    known_lines = memo or Memo()
    places = [_places(one, inside, minimum) for one, inside in zip(every, whole, strict=True)]
    tested = [_test(one, where, known_lines) for one, where in zip(every, places, strict=True)]
    known = [one for one in tested if one is not None]
    q = iter(benjamini_hochberg([one.p for one in known]).tolist())
    jump_q = iter(benjamini_hochberg([one.jump_p for one in known]).tolist())
    found = []
    for one, where, test in zip(every, places, tested, strict=True):
        if test is None:
            found.append(Trend(SHORT, len(where)))
        else:
            found.append(_judged(one, test, next(q), next(jump_q)))
    return found


def _judged(one: Series, test: _Tested, q: float, jump_q: float) -> Trend:
    from scipy.stats import norm, t

    verdict, odds = UNKNOWN if q > LEVEL else RISES if test.up else FALLS, None
    spread = test.line.spread if test.line else None
    if test.line:
        level, degrees = (1 + CONFIDENCE) / 2, len(test.places) - 2
        reach = max(float(norm.ppf(level)), float(t.ppf(level, degrees)) * test.line.spread**0.5) * test.line.error
        odds = Interval(*(float(np.exp(test.line.slope + side * reach)) for side in (0, -1, 1)))
    # What a line tells better than a step is a slope, which has no day on which it began.
    jumps = _jumps(one, test) if jump_q <= LEVEL and test.stepped < test.straight else ()
    return Trend(verdict, len(test.places), odds, spread, test.p, q, test.jump_p, jump_q, jumps)


def _test(one: Series, places: NDArray[np.int64], memo: Memo) -> _Tested | None:
    if not _enough(one, places):
        return None
    count, n = one.count[places], one.n[places]
    time = (places - places.mean()).astype(float)
    values = _even(count, n)
    stepped, jump_p = _best_step(values, n)
    up, p, straight = _screened(values, n, time)
    told = memo("line", (count, n, time), lambda: _plain(_line(count, n, time))) if p <= SCREEN else None
    line = _Line(*told) if told else None
    if line:
        up = line.slope > 0
        p = float(_surely(np.array([line.slope / line.error]), np.array([line.spread]), len(places))[0])
    return _Tested(places, up, line, p, jump_p, straight, stepped)


def _screened(values: Floats, weights: Floats, time: Floats) -> tuple[bool, float, float]:
    """Whether a straight line through shares on their even scale goes up, its p, and what it leaves unexplained."""
    away = time - np.average(time, weights=weights)
    power = float(np.sum(weights * away**2))
    slope = float(np.sum(weights * away * values)) / power
    rest = float(np.sum(weights * (values - np.average(values, weights=weights) - slope * away) ** 2))
    z, spread = np.array([slope * power**0.5]), np.array([rest / (len(values) - 2)])
    return slope > 0, float(_surely(z, spread, len(values))[0]), rest


def _line(count: Floats, n: Floats, time: Floats) -> _Line | None:
    """The logistic line (McCullagh and Nelder 1989). ``None`` where nobody tells before a day and everybody after it: no slope is
    steep enough."""
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sides = np.column_stack([count, n - count])
        fit = GLM(sides, np.column_stack([np.ones(len(time)), time]), family=Binomial()).fit()
    line = _Line(float(fit.params[1]), float(fit.bse[1]), float(fit.pearson_chi2 / fit.df_resid))
    known = np.isfinite([line.slope, line.error, line.spread]).all()
    return line if known and 0 < line.error < _ENDLESS else None


def _plain(line: _Line | None) -> list[float] | None:
    return [line.slope, line.error, line.spread] if line else None


def _surely(z: Floats, spread: Floats, periods: int) -> Floats:
    """Two-sided p of effects of ``z`` standard errors, whether or not periods vary more than chance has it.

    The greater of two: normal, as if they varied by chance alone; and Student's t with the variance seen, above or below that.
    Either holds where its own premise does, so the greater one holds in both.
    """
    from scipy.special import ndtr, stdtr

    by_chance = 2 * ndtr(-np.abs(z))
    as_seen = 2 * stdtr(periods - 2, -np.abs(z) / np.sqrt(np.maximum(spread, 1e-9)))
    return np.asarray(np.nan_to_num(np.maximum(by_chance, as_seen), nan=1.0), dtype=np.float64)


def _even(count: Floats, n: Floats) -> Floats:
    """Shares on a scale on which each varies by about 1/n, whatever it is (Anscombe 1948)."""
    return np.asarray(2 * np.arcsin(np.sqrt((count + 0.375) / (n + 0.75))), dtype=np.float64)


def _best_step(values: Floats, weights: Floats) -> tuple[float, float]:
    """What one step leaves unexplained, at its best place, and p: that of the best step times the number of places tried."""
    total, product = np.cumsum(weights), np.cumsum(weights * values)
    at = np.arange(SHORTEST, len(values) - SHORTEST + 1) - 1
    left, right = total[at], total[-1] - total[at]
    apart = (product[-1] - product[at]) / right - product[at] / left
    explained = apart**2 * left * right / total[-1]
    level = product[-1] / total[-1]
    rest = float(np.sum(weights * (values - level) ** 2)) - explained
    spreads = rest / (len(values) - 2)
    p = float(_surely(np.sqrt(np.maximum(explained, 0)), spreads, len(values)).min())
    return float(rest.min()), min(p * len(at), 1.0)


def _jumps(one: Series, test: _Tested) -> tuple[Jump, ...]:
    """Where the level changed: PELT (Killick et al. 2012) on people's weights, with a penalty as of the BIC."""
    import ruptures
    from ruptures.base import BaseCost

    count, n = one.count[test.places], one.n[test.places]
    values = _even(count, n)

    class People(BaseCost):  # type: ignore[misc]
        """Squares from the mean, each period weighing as many as its people."""

        model, min_size = "people", SHORTEST

        def fit(self, signal: Floats) -> People:
            self.signal = signal
            y = signal[:, 0]
            self._sums = [np.concatenate([[0.0], np.cumsum(part)]) for part in (n, n * y, n * y * y)]
            return self

        def error(self, start: int, end: int) -> float:
            w, wy, wyy = (float(part[end] - part[start]) for part in self._sums)
            return wyy - wy * wy / w

    varies = max(test.stepped / (len(values) - 2), 1.0)
    penalty = 3 * varies * float(np.log(len(values)))
    cuts = ruptures.Pelt(custom_cost=People(), min_size=SHORTEST, jump=1).fit(values[:, None]).predict(pen=penalty)
    ends = [0, *cuts]
    shares = [(float(count[a:b].sum()), float(n[a:b].sum())) for a, b in pairwise(ends)]
    return tuple(
        Jump(int(test.places[cut]), shares[number], shares[number + 1]) for number, cut in enumerate(cuts[:-1])
    )
