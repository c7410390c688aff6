"""Whether kinds of evidence agree on a value: the rule, fixed before looking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from math import hypot

from analysis.buying_channels import BUYING, CHANNEL
from analysis.triangulation.evidence import ANALYTICS, Told
from data.groups import NEWEST_POST, SINGLE

AGREE, CONFLICT, OPEN, ONE_KIND = "agree", "conflict", "open", "one_kind"
#: Fewer people than this decide nothing.
LEAST = 30
#: Shares closer than this are the same to anybody who has to decide, however narrow their intervals.
MATTERS = 0.05
#: Shares that surely lie no further apart than this agree, where they may be the same.
NARROW = 0.2
#: Ranks: as many places may a value's rank be uncertain by, for an agreement on ranks.
_PLACES = 3
_FEWEST_RANKED = 3


def by_rank(attribute: str) -> bool:
    """Whether kinds are compared by rank: who may tick several values ticks more than people mention by themselves, so that
    shares of what is asked and of what is told unasked are never alike."""
    return attribute not in SINGLE | NEWEST_POST


def judge(cells: Iterable[Told]) -> None:
    """Write into every cell its rank, the verdict on its value, and what it contradicts."""
    groups: defaultdict[tuple[str, str], list[Told]] = defaultdict(list)
    for one in cells:
        groups[one.brand, one.attribute].append(one)
    for (_, attribute), group in groups.items():
        ranked = by_rank(attribute)
        if ranked:
            _rank(group)
        values: defaultdict[str, list[Told]] = defaultdict(list)
        for one in group:
            values[one.value].append(one)
        common = _common(group) if ranked else {}
        for held in values.values():
            pairs = {
                (one.whose, other.whose): _by_rank(one, other, common) if ranked else _by_share(one, other)
                for one, other in combinations(held, 2)
                if _comparable(one, other)
            }
            verdict = _verdict([v for v in pairs.values() if v is not None], sum(one.share is not None for one in held))
            for one in held:
                one.agreement = verdict
                one.against = sorted(
                    {
                        " ".join(filter(None, b if a == one.whose else a))
                        for (a, b), found in pairs.items()
                        if found == CONFLICT and one.whose in (a, b)
                    }
                )


def _comparable(one: Told, other: Told) -> bool:
    """Visits that come from a marketplace to a website tell nothing of how many buy there."""
    of_visits = {one.kind == ANALYTICS, other.kind == ANALYTICS} == {True, False}
    return not (one.attribute == CHANNEL and one.value in BUYING and of_visits)


def _verdict(pairs: Sequence[str], told: int) -> str:
    if CONFLICT in pairs:
        return CONFLICT
    if AGREE in pairs:
        return AGREE
    return OPEN if told > 1 else ONE_KIND


def _by_share(one: Told, other: Told) -> str | None:
    if one.share is None or other.share is None:
        return None
    if one.low is None or one.high is None or other.low is None or other.high is None or not _enough(one, other):
        return OPEN
    if one.low > other.high or other.low > one.high:
        return CONFLICT if abs(one.share - other.share) >= MATTERS else AGREE
    low, high = _apart(one.share, one.low, one.high, other.share, other.low, other.high)
    return AGREE if low <= 0 <= high and max(-low, high) <= NARROW else OPEN


def _apart(a: float, a_low: float, a_high: float, b: float, b_low: float, b_high: float) -> tuple[float, float]:
    """The 95% interval of a difference of two shares out of their own intervals, square-and-add (Newcombe 1998, method 10)."""
    return a - b - hypot(a - a_low, b_high - b), a - b + hypot(a_high - a, b - b_low)


def _enough(one: Told, other: Told) -> bool:
    return min(one.n or 0, other.n or 0) >= LEAST


Common = dict[tuple[tuple[str, str], tuple[str, str]], dict[tuple[tuple[str, str], str], tuple[int, int]]]


def _common(group: Sequence[Told]) -> Common:
    """For every two kinds: the rank of each value among the values that both tell."""
    by_kind: defaultdict[tuple[str, str], list[Told]] = defaultdict(list)
    for one in group:
        if one.low is not None and one.value != "other":
            by_kind[one.whose].append(one)
    found: Common = {}
    for a, b in combinations(by_kind, 2):
        both = {one.value for one in by_kind[a]} & {one.value for one in by_kind[b]}
        ranks: dict[tuple[tuple[str, str], str], tuple[int, int]] = {}
        if len(both) >= _FEWEST_RANKED:
            for whose in (a, b):
                held = [one for one in by_kind[whose] if one.value in both]
                ranks |= {(whose, one.value): _place(one, held) for one in held}
        found[a, b] = ranks
    return found


def _place(one: Told, held: Sequence[Told]) -> tuple[int, int]:
    """The ranks that a value may have: behind those surely above it, before those surely below."""
    others = [other for other in held if other is not one]
    first = 1 + sum((other.low or 0.0) > (one.high or 0.0) for other in others)
    last = 1 + sum((other.high or 0.0) >= (one.low or 0.0) for other in others)
    return first, last


def _by_rank(one: Told, other: Told, common: Common) -> str | None:
    if one.share is None or other.share is None:
        return None
    ranks = common.get((one.whose, other.whose)) or common.get((other.whose, one.whose)) or {}
    a, b = ranks.get((one.whose, one.value)), ranks.get((other.whose, other.value))
    if a is None or b is None or not _enough(one, other):
        return OPEN
    if a[0] > b[1] or b[0] > a[1]:
        return CONFLICT
    return AGREE if max(a[1] - a[0], b[1] - b[0]) < _PLACES else OPEN


def _rank(group: Sequence[Told]) -> None:
    by_kind: defaultdict[tuple[str, str], list[Told]] = defaultdict(list)
    for one in group:
        if one.low is not None and one.value != "other":
            by_kind[one.whose].append(one)
    for held in by_kind.values():
        for one in held if len(held) > 1 else ():  # the first of one is no rank
            one.rank_low, one.rank_high = _place(one, held)
