"""What of the whole market may be told exactly, where brands' small groups are hidden.

Where hardly anybody speaks of two brands, the market is the sum of its brands: a brand's hidden group is what the others leave of the
market's number. There the market's number is told as the least that it is sure to be, which is the sum of what is told of the brands,
and nothing is told of the rest of the market. This is complementary suppression (Hundepool et al. 2012, *Statistical Disclosure
Control*, ch. 4) in its simplest form: of the cells that add up, the total goes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.report import hiding
from analysis.report.model import Estimate
from analysis.statistics import SLACK
from data.groups import SINGLE
from data.store import Store
from data.study import MARKET

Row = Mapping[str, Any]
PAIN = "pain"
_RANK = re.compile(r"top\s*\d")
_SHARES = "select brand, attribute, value, authors, told as n, share, low, high from audience_shares"
_PAINS = "select brand, category as value, authors, audience as n, share, low, high from pain_shares"
_SIZES = "select brand, attribute, audience, told from audiences"


@dataclass(frozen=True, slots=True)
class Withheld:
    """Market numbers that must not be told exactly: (attribute or ``pain``, value) → the least that follows from the brands' anyway."""

    least: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def covers(self, attribute: str, value: str | None = None) -> bool:
        """Whether a number of the market, or of its rest, would give a small group away; of any value where none is said."""
        return (attribute, value) in self.least if value is not None else any(a == attribute for a, _ in self.least)

    def bound(self, attribute: str, value: str, n: int, minimum: int) -> Estimate | None:
        """What may be told instead of a covered number."""
        certain = self.least[attribute, value]
        if certain < minimum - SLACK or not n:
            return None
        return Estimate(certain, n, certain / n, certain / n, 1.0, at_least=True)


def read(store: Store, minimum: int) -> Withheld:
    """What the last analysis' numbers would give away."""
    sizes = {(row["brand"], row["attribute"]): float(row["told"]) for row in store.query(_SIZES)}
    sizes |= {(row["brand"], PAIN): float(row["audience"]) for row in store.query(_SIZES) if row["attribute"] == "all"}
    pains = ({**row, "attribute": PAIN} for row in store.query(_PAINS))
    return withheld([*store.query(_SHARES), *pains], sizes, minimum)


def assumptions(store: Store) -> dict[str, tuple[str, str | None]]:
    """What each assumption is about, as :meth:`Withheld.covers` asks: an attribute (no rank of a pain is a group's size), or a pain."""
    rows = store.query("select distinct id, attribute, pain, expected from assumptions")
    return {
        row["id"]: (PAIN, row["pain"]) if row["pain"] else (row["attribute"], None)
        for row in rows
        if not (row["pain"] and _RANK.search(row["expected"]))
    }


def withheld(cells: Iterable[Row], sizes: Mapping[tuple[str, str], float], minimum: int) -> Withheld:
    """``cells``: brand, attribute, value, authors, n, share, low, high. ``sizes``: (brand, attribute) → how many tell it."""
    rows: defaultdict[str, defaultdict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for cell in cells:
        rows[cell["attribute"]][cell["value"]].append(cell)
    found: dict[tuple[str, str], float] = {}
    for attribute, values in rows.items():
        if not _adds_up(attribute, sizes, minimum):
            continue
        brands = sum(1 for (brand, name), size in sizes.items() if name == attribute and brand != MARKET and size)
        sums = {value: _sums(attribute, held, brands, minimum) for value, held in values.items()}
        gone = [value for value, one in sums.items() if one.tells(minimum)]
        # What people tell one value of adds up over the values too.
        for value in sums if gone and attribute in SINGLE else gone:
            found[attribute, value] = min(sums[value].sure, sums[value].whole)
    return Withheld(found)


@dataclass(frozen=True, slots=True)
class _Sums:
    """The market's number of a value, what is told of its brands for sure, and of how many brands the number is not told."""

    whole: float
    sure: float
    hidden: int

    def tells(self, minimum: int) -> bool:
        """Whether a brand's hidden group follows: it is the only one, or the hidden ones are a small group, or each as large as can be."""
        left = self.whole - self.sure
        most = self.hidden * (minimum - 1)
        return left > SLACK and self.hidden > 0 and (left < minimum - SLACK or self.hidden == 1 or left > most - SLACK)


def _adds_up(attribute: str, sizes: Mapping[tuple[str, str], float], minimum: int) -> bool:
    """Whether the market is about the sum of its brands: as many as speak of several would have to be guessed are a small group."""
    brands = sum(size for (brand, name), size in sizes.items() if name == attribute and brand != MARKET)
    return abs(brands - sizes.get((MARKET, attribute), 0.0)) < 2 * minimum


def _told(attribute: str, row: Row, minimum: int) -> Estimate | None:
    return hiding.estimate(
        row["authors"], row["n"], row["share"], row["low"], row["high"], minimum, rest_is_silent=attribute == PAIN
    )


def _sums(attribute: str, held: Iterable[Row], brands: int, minimum: int) -> _Sums:
    """Of one value; a brand without a row is one whose group is hidden, or nobody."""
    told = [(row["brand"], row["authors"], _told(attribute, row, minimum)) for row in held]
    whole = sum(float(authors) for brand, authors, _ in told if brand == MARKET)
    sure = sum(e.count for brand, _, e in told if brand != MARKET and e is not None)
    exact = sum(1 for brand, _, e in told if brand != MARKET and e is not None and not e.at_least)
    return _Sums(whole, sure, brands - exact)
