"""Intervals for means and weighted shares that keep each author's posts together.

A mean over posts, where one person may write many, is a ratio: what an author's posts add up to, over how many they are, both
summed over authors. The studentised bootstrap draws whole authors (Efron and Tibshirani 1993, chapter 12), so that a
person who writes a hundred posts is still one piece of evidence. Formula and limits: ``docs/explanation/comparison.md``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics import CONFIDENCE, Floats, Interval

ROUNDS = 999
#: Fewer authors than this tell no interval: anything between the bounds is possible.
FEWEST = 5
#: With more authors than this the bootstrap's normal limit stands in its place: the two agree, and this one takes no time.
MOST_AUTHORS = 2000
_TINY = 1e-12


def ratio(
    top: ArrayLike,
    bottom: ArrayLike,
    *,
    low: float = -np.inf,
    high: float = np.inf,
    seed: int = 0,
    rounds: int = ROUNDS,
) -> Interval | None:
    """Sum of ``top`` over sum of ``bottom``, one entry an author, with 95 % bounds from a bootstrap over authors.

    ``low`` and ``high`` are what the ratio cannot leave (0 and 1 for a share of posts). ``None`` where ``bottom`` sums to
    nothing. With fewer than ``FEWEST`` authors, or where all of them say the same, the bounds are ``low`` and ``high``.
    """
    a, b = np.asarray(top, dtype=float), np.asarray(bottom, dtype=float)
    if b.sum() <= 0:
        return None
    value = float(a.sum() / b.sum())
    if np.count_nonzero(b) < FEWEST:
        return Interval(value, low, high)
    if np.count_nonzero(b) > MOST_AUTHORS:
        return _limit(a, b, value, low, high)
    kinds, counts = np.unique(np.stack([a, b], axis=1), axis=0, return_counts=True)
    return _studentised(kinds, counts, value, low, high, np.random.default_rng(seed), rounds)


def _limit(a: Floats, b: Floats, value: float, low: float, high: float) -> Interval:
    """What the bootstrap comes to with thousands of authors: normal, with the error linearised over authors."""
    from scipy.stats import norm

    share = low == 0.0 and high == 1.0
    sums = np.array([[a.sum(), b.sum(), (a * a).sum(), (a * b).sum(), (b * b).sum()]])
    middle, deviation = _moments(sums, share, len(a))
    if not np.isfinite(middle[0]) or deviation[0] <= _TINY:
        return _all_or_none(value, len(a)) if share else Interval(value, low, high)
    bounds = middle[0] + np.array([-1.0, 1.0]) * norm.ppf((1 + CONFIDENCE) / 2) * deviation[0]
    if share:
        bounds = 1 / (1 + np.exp(-bounds))
    return Interval(value, max(float(bounds[0]), low), min(float(bounds[1]), high))


def _studentised(
    kinds: Floats, counts: ArrayLike, value: float, low: float, high: float, rng: np.random.Generator, rounds: int
) -> Interval:
    """Bootstrap-t over authors of equal kinds; on the logit's scale for shares, so that no bound leaves 0 to 1."""
    a, b = kinds[:, 0], kinds[:, 1]
    sums = np.stack([a, b, a * a, a * b, b * b], axis=1)
    times = np.asarray(counts, dtype=float)
    total = int(times.sum())
    share = low == 0.0 and high == 1.0
    middle, deviation = _moments((times @ sums)[None, :], share, total)
    if not np.isfinite(middle[0]) or deviation[0] <= _TINY:
        return _all_or_none(value, total) if share else Interval(value, low, high)
    drawn = rng.multinomial(total, times / times.sum(), size=rounds).astype(float) @ sums
    centres, deviations = _moments(drawn, share, total)
    fine = np.isfinite(centres) & (deviations > _TINY)
    t = (centres[fine] - middle[0]) / deviations[fine]
    if len(t) < rounds / 2:
        return Interval(value, low, high)
    below, above = np.percentile(t, [(1 + CONFIDENCE) * 50, (1 - CONFIDENCE) * 50])
    bounds = middle[0] - np.array([below, above]) * deviation[0]
    if share:
        bounds = 1 / (1 + np.exp(-bounds))
    first, last = float(min(bounds[0], value)), float(max(bounds[1], value))
    return Interval(value, max(first, low), min(last, high))


def _moments(sums: Floats, share: bool, total: int) -> tuple[Floats, Floats]:
    """Ratio and its linearised standard error of each row of sums (a, b, aa, ab, bb); both of its logit for shares."""
    a, b, aa, ab, bb = sums.T
    with np.errstate(divide="ignore", invalid="ignore"):
        r = a / b
        variance = np.clip(aa - 2 * r * ab + r * r * bb, 0, None) / (b * b) * total / max(total - 1, 1)
        if share:
            return np.log(r / (1 - r)), np.sqrt(variance) / (r * (1 - r))
        return r, np.sqrt(variance)


def _all_or_none(value: float, authors: int) -> Interval:
    """Where all posts or none are of a kind no drawing varies: Wilson's interval over authors."""
    from analysis.statistics import wilson

    low, high = wilson(round(value) * authors, authors)
    return Interval(value, min(float(low), value), max(float(high), value))


def mean(values: ArrayLike, weights: ArrayLike | None = None, **limits: float) -> Interval | None:
    """The mean of one value an author, with bounds as :func:`ratio` gives them."""
    one = np.asarray(values, dtype=float)
    many = np.ones(len(one)) if weights is None else np.asarray(weights, dtype=float)
    return ratio(one * many, many, **limits)  # type: ignore[arg-type]
