"""The statistics of the findings. Persons are the unit: every count is of distinct authors.

Formulas, sources and limits of each method: ``docs/explanation/methods.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import erfc, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
CONFIDENCE = 0.95
#: Nobody plans a study of more people than this; beyond it the answer is "no number of people would settle it".
MOST_PEOPLE = 10_000
#: People may count in part; their sums are compared with whole numbers this far apart.
SLACK = 1e-9
#: Of more kinds of persons than this, sums are drawn from their normal limit.
MOST_KINDS = 500
#: Sums of so many persons are all but normal.
MANY = 100
#: Half an interval of so much is narrow enough for any decision that the report is made for.
NARROW = 0.05


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate between its 95 % bounds."""

    value: float
    low: float
    high: float


def wilson(count: ArrayLike, n: ArrayLike, confidence: float = CONFIDENCE) -> tuple[Floats, Floats]:
    """Wilson's score interval for shares (Wilson 1927), elementwise; (0, 1) where ``n`` is 0.

    ``count`` may be fractional (a sum of weights in 0..1): the interval is then conservative, because a mean p of
    values in [0, 1] never varies more than p(1 - p).
    """
    counts, totals = np.broadcast_arrays(np.asarray(count, dtype=float), np.asarray(n, dtype=float))
    z = quantile(confidence)
    some = totals > 0
    asked = np.where(some, totals, 1.0)
    p, square = counts / asked, z * z / asked
    middle = p + square / 2
    reach = z * np.sqrt(np.clip(p * (1 - p) / asked + square / (4 * asked), 0, None))
    low, high = ((middle + side * reach) / (1 + square) for side in (-1, 1))
    return np.where(some, np.clip(low, 0, 1), 0.0), np.where(some, np.clip(high, 0, 1), 1.0)


@cache
def quantile(confidence: float) -> float:
    """So many standard errors to either side hold an estimate with this confidence, by the normal distribution."""
    from scipy.stats import norm

    return float(norm.ppf((1 + confidence) / 2))


def share(count: float, n: int) -> Interval:
    """One share with its Wilson interval. ``n`` must not be 0."""
    low, high = wilson(count, n)
    return Interval(count / n, float(low), float(high))


def difference(count_1: float, n_1: int, count_2: float, n_2: int) -> Interval:
    """Share 1 minus share 2 with Newcombe's hybrid score interval (Newcombe 1998, method 10).

    Conservative where some people belong to both groups. Both ``n`` must be positive.
    """
    one, two = share(count_1, n_1), share(count_2, n_2)
    between = one.value - two.value
    below = float(np.hypot(one.value - one.low, two.high - two.value))
    above = float(np.hypot(one.high - one.value, two.value - two.low))
    return Interval(between, max(between - below, -1.0), min(between + above, 1.0))


def lift(count_1: float, n_1: int, count_2: float, n_2: int) -> Interval:
    """Share 1 over share 2 (1: the same, 2: twice as many) with Katz's log interval (Katz et al. 1978).

    Half a person is added to each count and to each n (Walter 1975), so that a count of nobody still has an interval.
    Conservative where some people belong to both groups. Both ``n`` must be positive.
    """
    a, b, n, m = count_1 + 0.5, count_2 + 0.5, n_1 + 0.5, n_2 + 0.5
    log = float(np.log(a / n) - np.log(b / m))
    half = float(quantile(CONFIDENCE) * np.sqrt(max(1 / a - 1 / n + 1 / b - 1 / m, 0.0)))
    return Interval(float(np.exp(log)), float(np.exp(log - half)), float(np.exp(log + half)))


def difference_p(count_1: float, n_1: int, count_2: float, n_2: int) -> float:
    """Two-sided p of equal shares: Fisher's exact test where a cell is expected below 5, else the pooled score test."""
    from scipy.stats import fisher_exact

    a, c = round(count_1), round(count_2)
    pooled = (count_1 + count_2) / (n_1 + n_2)
    if min(pooled, 1 - pooled) * min(n_1, n_2) < 5:
        return float(fisher_exact(np.array([[a, n_1 - a], [c, n_2 - c]])).pvalue)
    deviation = np.sqrt(pooled * (1 - pooled) * (1 / n_1 + 1 / n_2))
    return erfc(abs(count_1 / n_1 - count_2 / n_2) / float(deviation) / sqrt(2))


def benjamini_hochberg(p_values: ArrayLike) -> Floats:
    """q-values: p-values corrected for their number (Benjamini and Hochberg 1995)."""
    from statsmodels.stats.multitest import multipletests

    p = np.asarray(p_values, dtype=float)
    return np.asarray(multipletests(p, method="fdr_bh")[1], dtype=float) if p.size else p


@dataclass(frozen=True, slots=True)
class LogOdds:
    """Per word: the log-odds of group 1 less those of group 2, its z, and the one-sided p that group 1 uses it more."""

    delta: Floats
    z: Floats
    p: Floats


def log_odds(counts_1: ArrayLike, counts_2: ArrayLike, n_1: float, n_2: float, *, prior: float = 500.0) -> LogOdds:
    """Log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008, equations 16, 19 and 22).

    ``counts_i[w]`` is how often group i uses word w (here: how many people use it), ``n_i`` the sum over all its words,
    those left out of ``counts_i`` too. The prior is what both groups use together, worth ``prior`` uses.
    """
    from scipy.stats import norm

    y_1, y_2 = np.asarray(counts_1, dtype=float), np.asarray(counts_2, dtype=float)
    alpha = prior * (y_1 + y_2 + SLACK) / max(n_1 + n_2, 1.0)
    odds_1 = (y_1 + alpha) / np.maximum(n_1 + prior - y_1 - alpha, SLACK)
    odds_2 = (y_2 + alpha) / np.maximum(n_2 + prior - y_2 - alpha, SLACK)
    delta = np.log(odds_1) - np.log(odds_2)
    z = delta / np.sqrt(1 / (y_1 + alpha) + 1 / (y_2 + alpha))
    return LogOdds(delta, z, np.asarray(norm.sf(z), dtype=float))


def jensen_shannon(one: ArrayLike, two: ArrayLike) -> Floats:
    """Jensen–Shannon distance (base 2: 0 the same, 1 nothing in common) between rows of counts; Endres and Schindelin 2003."""
    p, q = np.asarray(one, dtype=float), np.asarray(two, dtype=float)
    p = p / np.maximum(p.sum(axis=-1, keepdims=True), 1e-12)
    q = q / np.maximum(q.sum(axis=-1, keepdims=True), 1e-12)
    middle = (p + q) / 2

    def divergence(x: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            terms = np.where(x > 0, x * np.log2(x / middle), 0.0)
        return np.asarray(terms.sum(axis=-1), dtype=float)

    return np.sqrt(np.clip((divergence(p) + divergence(q)) / 2, 0, 1))


@dataclass(frozen=True, slots=True)
class Distance:
    """A distance between two audiences. ``by_chance`` is what equal audiences of these sizes would show on average."""

    value: float
    by_chance: float
    p_value: float


def rank_intervals(weights: ArrayLike, *, silent: int = 0, rounds: int = 1000, seed: int = 0) -> NDArray[np.int64]:
    """Ranks of columns by number of persons, with 95 % bounds from a bootstrap over persons.

    ``weights`` is persons × columns, ``silent`` the number of persons with nothing in any column. Returns columns × 3:
    rank (1 is most frequent), lowest and highest rank. Columns that tie in a round all take the worse rank.
    """
    kinds, counts = np.unique(np.asarray(weights, dtype=float), axis=0, return_counts=True)
    return rank_intervals_of_kinds(kinds, counts, silent=silent, rounds=rounds, seed=seed)


def rank_intervals_of_kinds(
    kinds: Floats, counts: ArrayLike, *, silent: int = 0, rounds: int = 1000, seed: int = 0
) -> NDArray[np.int64]:
    """:func:`rank_intervals` of so many persons (``counts``) of each kind (a row of ``kinds``).

    Of more than ``MOST_KINDS`` kinds, and where many persons stand in every column, the sums of drawn persons come from their
    normal limit, rounded to whole persons.
    """
    times, rng = np.append(np.asarray(counts, dtype=float), silent), np.random.default_rng(seed)
    rows, total = np.vstack([kinds, np.zeros(kinds.shape[1])]), int(times.sum())
    chances = times / max(total, 1)
    columns = times @ rows
    if len(kinds) <= MOST_KINDS and columns[columns > 0].min(initial=np.inf) < MANY:
        drawn = rng.multinomial(total, chances / chances.sum(), size=rounds) @ rows
    else:
        mean = chances @ rows
        spread = (rows * chances[:, None]).T @ rows - np.outer(mean, mean)
        drawn = np.rint(rng.multivariate_normal(total * mean, total * spread, size=rounds, method="eigh"))
    ranks = (drawn[:, None, :] >= drawn[:, :, None]).sum(axis=2)
    sums = times @ rows
    observed = 1 + (sums[None, :] > sums[:, None]).sum(axis=1)
    low, high = np.percentile(ranks, [2.5, 97.5], axis=0, method="nearest")
    return np.stack([observed, np.minimum(low, observed), np.maximum(high, observed)], axis=1).astype(np.int64)


def people_for_narrow(value: float) -> int:
    """About how many people it takes until a share's interval reaches no farther than ``NARROW`` to either side."""
    from scipy.stats import norm

    z = float(norm.ppf((1 + CONFIDENCE) / 2))
    return int(np.ceil(z**2 * value * (1 - value) / NARROW**2))


def people_needed(value: float, threshold: float) -> int | None:
    """About how many people must tell, at the share seen so far, before its interval leaves the threshold.

    ``None`` where even ``MOST_PEOPLE`` would not do.
    """

    def clear(n: int) -> bool:
        seen = share(value * n, n)
        return seen.low > threshold or seen.high < threshold

    if not clear(MOST_PEOPLE):
        return None
    low, high = 1, MOST_PEOPLE
    while low < high:
        middle = (low + high) // 2
        if clear(middle):
            high = middle
        else:
            low = middle + 1
    return low
