"""Shares of groups of people beside what people who tell as much say, all resampled together by a bootstrap over authors.

What a group is set beside is standardised: the reference's share in each class of people, weighted by how many of the group are of
that class (indirect standardisation; Breslow and Day 1987, chapter 2). ``docs/explanation/need-and-ability.md``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analysis.statistics import CONFIDENCE, Floats, Interval

ROUNDS = 999
#: Authors are drawn in so many bundles at most, dealt out at random: each bundle is as good a draw as any.
_BUNDLES = 1000
#: Two people of the reference's kind are added to a group in each round, so that none is sure of itself (Agresti and Caffo 2000).
_ADDED = 2
#: Neither of them is surely of one answer, even where nobody gives the other.
_NEVER_SURE = (0.1, 0.9)
_SEED = 5


@dataclass(frozen=True, slots=True)
class Drawn:
    """A group's columns: people who answer (``n``) and who say yes (``count``), the reference's ``line``, and both in every round."""

    n: Floats
    count: Floats
    line: Floats
    shares: Floats
    lines: Floats

    def score(self, places: Sequence[int], weights: Floats) -> Interval:
        """The weighted mean of the shares of some columns."""
        mine = list(places)
        value = float(self.count[mine] / self.n[mine] @ weights)
        return _bounds(value, self.shares[:, mine] @ weights)

    def difference(self, places: Sequence[int], weights: Floats) -> Interval:
        """That mean less the reference's."""
        mine = list(places)
        value = float((self.count[mine] / self.n[mine] - self.line[mine]) @ weights)
        return _bounds(value, (self.shares[:, mine] - self.lines[:, mine]) @ weights)


def _bounds(value: float, rounds: Floats) -> Interval:
    tail = (1 - CONFIDENCE) / 2 * 100
    low, high = np.percentile(rounds, [tail, 100 - tail])
    return Interval(value, min(float(low), value), max(float(high), value))


def resample(
    values: Floats,
    classes: NDArray[np.int64],
    groups: Sequence[NDArray[np.int64]],
    reference: NDArray[np.int64],
    rounds: int = ROUNDS,
) -> Iterator[Drawn]:
    """For every group (places of rows) the shares of all columns of ``values``, beside the ``reference`` of which it is a part.

    ``values`` is people × columns: answers 0 to 1, ``nan`` where there is none. ``classes`` numbers the people's classes.
    """
    rng = np.random.default_rng(_SEED)
    people = len(values)
    bundles = max(min(people, _BUNDLES), 1)
    bundle = rng.permutation(people) % bundles
    many = int(classes.max(initial=0)) + 1
    times = rng.multinomial(bundles, np.full(bundles, 1 / bundles), size=rounds).astype(np.float32)
    times = np.vstack([np.ones(bundles, dtype=np.float32), times])  # the first round is what was seen
    cell = bundle * many + classes
    told, yes = (~np.isnan(values)).astype(float), np.nan_to_num(values)
    known, positive = (_sums(x, cell, reference, bundles, many, times) for x in (told, yes))
    in_class = np.divide(positive, known, out=np.zeros_like(known), where=known > 0)
    for members in groups:
        n_in = _sums(told, cell, members, bundles, many, times)
        n, count = n_in.sum(axis=1), _sums(yes, bundle, members, bundles, 1, times)[:, 0]
        expected = (n_in * in_class).sum(axis=1)
        lines = np.divide(expected, n, out=np.full_like(n, np.nan), where=n > 0)
        lines = np.where(np.isnan(lines), np.nan_to_num(lines[:1]), lines)
        added = rng.poisson(_ADDED, size=n.shape)
        like = rng.binomial(added, np.clip(lines, *_NEVER_SURE))
        total = n + added
        shares = np.divide(count + like, total, out=lines.copy(), where=total > 0)
        yield Drawn(n[0], count[0], lines[0], shares[1:], lines[1:])


def _sums(
    values: Floats,
    cell: NDArray[np.int64],
    rows: NDArray[np.int64],
    bundles: int,
    many: int,
    times: NDArray[np.float32],
) -> Floats:
    """Sums of each column over ``rows``, by class and round: rounds × classes × columns."""
    mine = sparse.csr_matrix((np.ones(len(rows)), cell[rows], np.arange(len(rows) + 1)), (len(rows), bundles * many))
    by_bundle = np.asarray(mine.T @ values[rows]).reshape(bundles, many * values.shape[1])
    return np.asarray((times @ by_bundle.astype(np.float32)).reshape(len(times), many, values.shape[1]), dtype=float)
