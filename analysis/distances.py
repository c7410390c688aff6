"""Jensen–Shannon distances between audiences, with a null that deals whole persons out anew.

Whoever belongs to both audiences stays in both. Source and limits: ``docs/explanation/comparison.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from analysis.columns import distinct
from analysis.statistics import Distance, Floats, jensen_shannon

#: With more kinds of persons than this (and four times the values), sums of dealt persons are drawn from their normal limit.
_MOST_KINDS = 500
#: The overall distance deals out at most so many persons, chosen at random.
_MOST_PEOPLE = 4_000
_OVERALL_ROUNDS = 499


@dataclass(frozen=True)
class Group:
    """One attribute: who tells it, what they tell (people × codes), and who of them is in which audience."""

    people: NDArray[np.int64]
    weights: sparse.csr_matrix
    theirs: NDArray[np.bool_]
    ours: NDArray[np.bool_]


def distance_of_kinds(
    kinds: sparse.csr_matrix | Floats,
    one: ArrayLike,
    two: ArrayLike,
    both: ArrayLike,
    *,
    rounds: int = 999,
    seed: int = 0,
) -> Distance:
    """Jensen–Shannon distance of two audiences, given how many persons of each kind (row of ``kinds``) are in the first alone,
    in the second alone, and in both. Persons of a kind are exchangeable, so that drawing how many of each kind fall to the
    first audience is the shuffle. p is (exceeding + 1) / (rounds + 1).
    """
    rng = np.random.default_rng(seed)
    first, second, shared = (np.asarray(counts, dtype=np.int64) for counts in (one, two, both))
    common = np.asarray(shared @ kinds, dtype=float).reshape(-1)
    present = np.flatnonzero(first + second)
    told, pool = kinds[present], (first + second)[present]
    total = np.asarray(pool @ told, dtype=float).reshape(-1)
    mine = np.asarray(first[present] @ told, dtype=float).reshape(-1)
    observed = float(jensen_shannon(mine + common, total - mine + common))
    if not len(present) or not first.sum() or not second.sum():
        return Distance(observed, observed, 1.0)
    dealt = _dealt(told, pool, int(first.sum()), rounds, rng)
    shuffled = jensen_shannon(dealt + common, np.clip(total - dealt, 0, None) + common)
    exceeding = int((shuffled >= observed - 1e-12).sum())
    return Distance(observed, float(shuffled.mean()), (exceeding + 1) / (rounds + 1))


def distance(one: ArrayLike, two: ArrayLike, both: ArrayLike, *, rounds: int = 999, seed: int = 0) -> Distance:
    """:func:`distance_of_kinds` of matrices of persons × values (weights 0 to 1): of the first audience alone, of the second
    alone, and of both."""
    parts = [np.atleast_2d(np.asarray(part, dtype=float)) for part in (one, two, both)]
    people = np.vstack([part for part in parts if part.size])
    kinds, kind = np.unique(people, axis=0, return_inverse=True)
    counts, start = [], 0
    for part in parts:
        size = len(part) if part.size else 0
        counts.append(np.bincount(kind.reshape(-1)[start : start + size], minlength=len(kinds)))
        start += size
    return distance_of_kinds(kinds, *counts, rounds=rounds, seed=seed)


def _dealt(
    told: sparse.csr_matrix | Floats, pool: NDArray[np.int64], size: int, rounds: int, rng: np.random.Generator
) -> Floats:
    """What ``size`` persons dealt at random tell in sum, once a round."""
    if len(pool) <= max(_MOST_KINDS, 4 * told.shape[1]):
        drawn = rng.multivariate_hypergeometric(pool, size, size=rounds, method="marginals")
        return np.asarray(drawn @ told, dtype=float)
    people = int(pool.sum())
    mean = np.asarray(pool @ told, dtype=float).reshape(-1) / people
    rows = sparse.csr_matrix(told)
    second = (rows.T @ sparse.diags(pool.astype(float)) @ rows).toarray() / people
    spread = (second - np.outer(mean, mean)) * size * (people - size) / (people - 1)
    values, vectors = np.linalg.eigh(spread)
    noise = rng.standard_normal((rounds, len(values))) * np.sqrt(np.clip(values, 0, None))
    return np.asarray(np.clip(size * mean + noise @ vectors.T, 0, None), dtype=float)


def overall_distance(groups: Sequence[Group], *, rounds: int = _OVERALL_ROUNDS, seed: int = 0) -> Distance:
    """The root mean square of the attributes' distances, every attribute weighing alike; a deal moves a person with all
    that they tell. Of more than ``_MOST_PEOPLE`` persons so many are dealt, chosen at random."""
    rng = np.random.default_rng(seed)
    sides = {True: [g.people[g.theirs] for g in groups], False: [g.people[g.ours] for g in groups]}
    theirs, ours = (distinct(np.concatenate(sides[side])) for side in (True, False))
    alone, ours_alone = np.setdiff1d(theirs, ours, assume_unique=True), np.setdiff1d(ours, theirs, assume_unique=True)
    dealt = np.concatenate([alone, ours_alone])
    labels = np.concatenate([np.ones(len(alone)), np.zeros(len(ours_alone))])
    if len(dealt) > _MOST_PEOPLE:
        chosen = rng.choice(len(dealt), _MOST_PEOPLE, replace=False)
        dealt, labels = dealt[chosen], labels[chosen]
    if not len(alone) or not len(ours_alone):
        return _nobody_to_deal(groups)
    order = np.argsort(dealt)
    dealt, labels = dealt[order], labels[order]
    deals = np.empty((len(dealt), rounds + 1), dtype=np.float32)
    deals[:, 0] = labels
    deals[:, 1:] = _places(len(dealt), rounds, seed) < labels.sum()
    squares = np.zeros(rounds + 1)
    for group in groups:
        squares += _squares(group, dealt, deals)
    found = np.sqrt(squares / len(groups))
    exceeding = int((found[1:] >= found[0] - 1e-12).sum())
    return Distance(_observed(groups), float(found[1:].mean()), (exceeding + 1) / (rounds + 1))


@lru_cache(maxsize=1)
def _places(people: int, rounds: int, seed: int) -> NDArray[np.int32]:
    """The places of so many persons in shuffled rows, a column each: those in front are dealt to the first audience. All audiences that
    are compared with ours deal as many persons, mostly, and may share the shuffles."""
    rows = np.repeat(np.arange(people, dtype=np.int32)[:, None], rounds, axis=1)
    return np.random.default_rng(seed).permuted(rows, axis=0)


def _observed(groups: Sequence[Group]) -> float:
    parts = [jensen_shannon(g.weights.T @ g.theirs, g.weights.T @ g.ours) for g in groups]
    return float(np.sqrt(np.mean(np.square(parts))))


def _nobody_to_deal(groups: Sequence[Group]) -> Distance:
    """Where one audience lies within the other no deal is another one."""
    observed = _observed(groups)
    return Distance(observed, observed, 1.0)


def _squares(group: Group, dealt: NDArray[np.int64], deals: NDArray[np.float32]) -> Floats:
    """One attribute's squared distance in each deal."""
    place = np.searchsorted(dealt, group.people)
    place[place == len(dealt)] = 0
    moves = dealt[place] == group.people
    told = group.weights[np.flatnonzero(moves)].astype(np.float32)
    first = np.asarray((told.T @ deals[place[moves]]).T, dtype=float)
    total = np.asarray(told.sum(axis=0), dtype=float).reshape(-1)
    common = group.weights.T @ (group.theirs & group.ours).astype(float)
    return jensen_shannon(first + common, np.clip(total - first, 0, None) + common) ** 2
