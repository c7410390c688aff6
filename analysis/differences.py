"""How far one audience is from another: shares beside shares, their ratio, and distances that are set against chance.

Everybody counts once in each audience they belong to. Formulas and limits: ``docs/explanation/comparison.md``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.audience import FREE, Coded
from analysis.distances import Group, distance_of_kinds, overall_distance
from analysis.frames import People
from analysis.statistics import Interval, benjamini_hochberg, difference, difference_p, lift
from data.study import MARKET, Study

DIFFERENT, ALIKE, UNKNOWN = "different", "alike", "unknown"
#: Audiences are alike in a value when the whole interval of their difference lies within this many points.
ALIKE_WITHIN = 0.15
#: Corrected p below which a difference is called one.
LEVEL = 0.05
PAINS, ALL = "pain", "all"
Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Difference:
    """One audience minus ours: a share (``value`` set), the distance of a whole attribute, or of all (``attribute`` "all").

    ``counts`` are the people on either side who tell the value, ``lift`` the ratio of the two shares.
    """

    brand: str
    attribute: str
    value: str | None
    estimate: Interval
    n: int
    n_own: int
    p_value: float
    q_value: float = 1.0
    verdict: str = UNKNOWN
    by_chance: float | None = None
    counts: tuple[float, float] | None = None
    lift: Interval | None = None


@dataclass(frozen=True)
class Told:
    """Who tells which value of one attribute: ``weights`` is people × codes, sparse."""

    attribute: str
    people: Ids
    codes: tuple[str, ...]
    weights: sparse.csr_matrix

    @cached_property
    def kinds(self) -> tuple[NDArray[np.int64], sparse.csr_matrix]:
        """Each person's kind, and what each kind of person tells: those who tell the same are of one kind."""
        marks = self.weights @ np.random.default_rng(0).random(len(self.codes))
        _, first, kind = np.unique(np.rint(marks * 2.0**45).astype(np.int64), return_index=True, return_inverse=True)
        return kind.reshape(-1), self.weights[first]


def told(coded: Coded) -> dict[str, Told]:
    """Attribute → who tells what of it. Attributes in free words have too many values to be compared."""
    found = {}
    for attribute, rows in coded.people.groupby("attribute", sort=True):
        if attribute in FREE:
            continue
        people, row = np.unique(rows["author"].to_numpy(dtype=np.int64), return_inverse=True)
        column, codes = pd.factorize(rows["code"], sort=True)
        values = rows["weight"].to_numpy(dtype=float)
        weights = sparse.csr_matrix((values, (row.reshape(-1), column)), shape=(len(people), len(codes)))
        found[str(attribute)] = Told(str(attribute), people, tuple(map(str, codes)), weights)
    return found


def differences(people: People, coded: Coded, study: Study) -> list[Difference]:
    """Every distance and difference of shares between each competitor's audience and ours, and between the rest of the market
    and ours; corrected for their number."""
    minimum = study.privacy.minimum_group
    ours, found = people.audience(study.own.name), list[Difference]()
    matrices = told(coded)
    for brand in (*(b.name for b in study.competitors), MARKET):
        theirs = people.audience(brand) if brand != MARKET else np.setdiff1d(people.authors, ours)
        compared = [one for table in matrices.values() if (one := _sides(table, theirs, ours, minimum))]
        for one in compared:
            found += _attribute(brand, one, minimum)
        found += _pains(people, brand, theirs, ours, study.own.name, minimum)
        found += _overall(brand, compared)
    return _judged(found)


def _judged(found: Sequence[Difference]) -> list[Difference]:
    """The same with corrected p and a verdict. Distances and differences are two families of tests."""
    q_of: dict[int, float] = {}
    for kind in (True, False):
        places = [place for place, item in enumerate(found) if (item.value is None) is kind]
        q_of.update(zip(places, benjamini_hochberg([found[p].p_value for p in places]).tolist(), strict=True))
    judged = [replace(item, q_value=q_of[place]) for place, item in enumerate(found)]
    cells: dict[tuple[str, str], list[Difference]] = {}
    for item in judged:
        if item.value is not None:
            cells.setdefault((item.brand, item.attribute), []).append(item)
    return [replace(item, verdict=_verdict(item, cells)) for item in judged]


def _verdict(item: Difference, cells: Mapping[tuple[str, str], Sequence[Difference]]) -> str:
    if item.q_value <= LEVEL:
        return DIFFERENT
    if item.attribute == ALL:
        return UNKNOWN
    mine = [item] if item.value is not None else cells.get((item.brand, item.attribute), [])
    within = all(c.estimate.low >= -ALIKE_WITHIN and c.estimate.high <= ALIKE_WITHIN for c in mine)
    return ALIKE if mine and within else UNKNOWN


@dataclass(frozen=True)
class _Sides:
    """One attribute's tellers in their audience and in ours."""

    table: Told
    theirs: NDArray[np.bool_]
    ours: NDArray[np.bool_]
    n: int
    n_own: int


def _sides(table: Told, theirs: Ids, ours: Ids, minimum: int) -> _Sides | None:
    in_theirs, in_ours = np.isin(table.people, theirs), np.isin(table.people, ours)
    n, n_own = int(in_theirs.sum()), int(in_ours.sum())
    return _Sides(table, in_theirs, in_ours, n, n_own) if min(n, n_own) >= minimum else None


def _attribute(brand: str, sides: _Sides, minimum: int) -> Iterator[Difference]:
    table, n, n_own = sides.table, sides.n, sides.n_own
    if len(table.codes) > 1:
        yield _distance(brand, sides)
    counts = table.weights.T @ sides.theirs.astype(float)
    counts_own = table.weights.T @ sides.ours.astype(float)
    for place in np.flatnonzero(np.maximum(counts, counts_own) >= minimum):
        count, count_own = float(counts[place]), float(counts_own[place])
        yield _difference(brand, table.attribute, table.codes[place], count, n, count_own, n_own)


def _distance(brand: str, sides: _Sides) -> Difference:
    kind, kinds = sides.table.kinds
    alone, ours_alone, both = (
        np.bincount(kind[mask], minlength=kinds.shape[0])
        for mask in (sides.theirs & ~sides.ours, sides.ours & ~sides.theirs, sides.theirs & sides.ours)
    )
    apart = distance_of_kinds(kinds, alone, ours_alone, both)
    estimate = Interval(apart.value, apart.value, apart.value)
    return Difference(
        brand, sides.table.attribute, None, estimate, sides.n, sides.n_own, apart.p_value, by_chance=apart.by_chance
    )


def _overall(brand: str, compared: Sequence[_Sides]) -> Iterator[Difference]:
    """How far apart the audiences are in everything that enough people tell on both sides."""
    groups = [Group(s.table.people, s.table.weights, s.theirs, s.ours) for s in compared if len(s.table.codes) > 1]
    if not groups:
        return
    apart = overall_distance(groups)
    n, n_own = max(s.n for s in compared), max(s.n_own for s in compared)
    estimate = Interval(apart.value, apart.value, apart.value)
    yield Difference(brand, ALL, None, estimate, n, n_own, apart.p_value, by_chance=apart.by_chance)


def _difference(
    brand: str, attribute: str, value: str, count: float, n: int, count_own: float, n_own: int
) -> Difference:
    return Difference(
        brand, attribute, value, difference(count, n, count_own, n_own), n, n_own,
        difference_p(count, n, count_own, n_own), counts=(count, count_own), lift=lift(count, n, count_own, n_own),
    )  # fmt: skip


def _pains(people: People, brand: str, theirs: Ids, ours: Ids, own: str, minimum: int) -> Iterator[Difference]:
    """What hurts them beside what hurts ours: for the rest of the market whatever brand it blames, else what it blames on each."""
    n, n_own = len(theirs), len(ours)
    if min(n, n_own) < minimum:
        return
    rest = people.pains[np.isin(people.pains["author"].to_numpy(), theirs)] if brand == MARKET else None
    rows = people.pains_of(brand) if rest is None else rest
    rows_own = people.pains_of(own) if rest is None else people.pains[np.isin(people.pains["author"].to_numpy(), ours)]
    counts, counts_own = (r.groupby("category")["author"].nunique() for r in (rows, rows_own))
    for category in sorted({*counts.index, *counts_own.index} - {"other"}):
        count, count_own = int(counts.get(category, 0)), int(counts_own.get(category, 0))
        if max(count, count_own) >= minimum:
            yield _difference(brand, PAINS, str(category), count, n, count_own, n_own)
