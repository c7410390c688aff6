"""Latent classes: kinds of people behind what they tell, where most tell only a little (Lazarsfeld and Henry 1968; Goodman 1974).

Everybody belongs to one of k classes; in a class every attribute has chances of its own, and the attributes are independent.
What somebody does not tell counts for no class and against none. Formula and limits: ``docs/explanation/segments.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.statistics import Floats

Blocks = Sequence[tuple[int, int]]
#: As if so many people of each class told every value beforehand, so that no chance is 0.
_PRIOR = 0.5
_MOST_STEPS = 60
#: A step that gains less than this a person is the last.
_LEAST_GAIN = 1e-5
_STARTS = 3
_SHORT = 12


@dataclass(frozen=True, slots=True)
class Classes:
    """Shares of the classes, and the chances of each column in each class; ``likelihood`` is the logarithm over everybody."""

    shares: Floats
    chances: Floats
    likelihood: float

    def posterior(self, x: Floats) -> Floats:
        """The chance of each class for each row of ``x``."""
        return _expect(x, self.shares, self.chances)[0].T


def fit(x: Floats, blocks: Blocks, k: int, rng: np.random.Generator, weights: Floats | None = None) -> Classes:
    """``k`` classes by expectation and maximisation, the best of several starts.

    ``x`` is people × columns; a block of columns is an attribute, its entries of a person sum to 1, or to 0 where it is untold.
    """
    w = np.ones(len(x)) if weights is None else weights
    used = w > 0
    x, w = x[used], w[used]
    if k == 1:
        return _climb(x, blocks, w, np.ones((1, len(x))), 1)
    starts = [_climb(x, blocks, w, _start(x, k, rng).T, _SHORT) for _ in range(_STARTS)]
    best = max(starts, key=lambda found: found.likelihood)
    return _climb(x, blocks, w, best.posterior(x).T, _MOST_STEPS)


def _start(x: Floats, k: int, rng: np.random.Generator) -> Floats:
    """Classes around people drawn at random: everybody leans to whom they have most in common with."""
    drawn = x[rng.choice(len(x), size=k, replace=len(x) < k)]
    alike = x @ drawn.T + rng.random((len(x), k)) * 0.5
    likely = np.exp(alike - alike.max(axis=1, keepdims=True))
    return np.asarray(likely / likely.sum(axis=1, keepdims=True), dtype=float)


def _climb(x: Floats, blocks: Blocks, w: Floats, posterior: Floats, steps: int) -> Classes:
    """Climb from ``posterior`` (classes × people, so that sums over few classes are quick)."""
    total, before = float(w.sum()), -np.inf
    starts, widths = [start for start, _ in blocks], [end - start for start, end in blocks]
    for _ in range(steps):
        mine = posterior * w
        shares = (mine.sum(axis=1) + _PRIOR) / (total + _PRIOR * len(posterior))
        chances = mine @ x + _PRIOR
        chances /= np.repeat(np.add.reduceat(chances, starts, axis=1), widths, axis=1)
        posterior, each = _expect(x, shares, chances)
        likelihood = float(each @ w)
        if likelihood - before < _LEAST_GAIN * total:
            break
        before = likelihood
    return Classes(shares, chances, likelihood)


def _expect(x: Floats, shares: Floats, chances: Floats) -> tuple[Floats, Floats]:
    """The chance of each class for each person (classes × people), and the logarithm of each person's likelihood."""
    logs = np.log(chances) @ x.T + np.log(shares)[:, None]
    top = logs.max(axis=0)
    raised = np.exp(logs - top)
    sums = raised.sum(axis=0)
    return raised / sums, top + np.log(sums)


def bic(found: Classes, blocks: Blocks, people: int) -> float:
    """Schwarz's criterion (1978): smaller is better."""
    k = len(found.shares)
    free = k - 1 + k * sum(end - start - 1 for start, end in blocks)
    return float(-2 * found.likelihood + free * np.log(people))


def shuffled(x: Floats, blocks: Blocks, rng: np.random.Generator) -> Floats:
    """The same answers dealt out anew, attribute by attribute, among the people who tell it."""
    dealt = x.copy()
    for start, end in blocks:
        told = np.flatnonzero(x[:, start:end].any(axis=1))
        dealt[told, start:end] = x[rng.permutation(told), start:end]
    return dealt


def stability(x: Floats, blocks: Blocks, k: int, rng: np.random.Generator, rounds: int) -> float:
    """How alike the segments are that ``rounds`` resamples of the people find: the mean adjusted Rand index of all pairs.

    1 is always the same segments, 0 no more alike than by chance (Hubert and Arabie 1985).
    """
    labels: list[NDArray[np.int64]] = []
    for _ in range(rounds):
        drawn = rng.multinomial(len(x), np.full(len(x), 1 / len(x))).astype(float)
        labels.append(fit(x, blocks, k, rng, drawn).posterior(x).argmax(axis=1))
    pairs = [alike(one, two, k) for place, one in enumerate(labels) for two in labels[:place]]
    return float(np.mean(pairs))


def alike(one: NDArray[np.int64], other: NDArray[np.int64], k: int) -> float:
    """The adjusted Rand index of two ways to deal people into at most ``k`` segments (Hubert and Arabie 1985)."""
    both = np.bincount(one * k + other, minlength=k * k).reshape(k, k)
    people, squares = int(both.sum()), int((both * both).sum())
    together = squares - people
    only_one, only_other = (int((both.sum(axis=axis) ** 2).sum()) - squares for axis in (1, 0))
    apart = people**2 - only_one - only_other - squares
    if not only_one and not only_other:
        return 1.0
    most = (together + only_one) * (only_one + apart) + (together + only_other) * (only_other + apart)
    return 2.0 * (together * apart - only_one * only_other) / most
