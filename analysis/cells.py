"""What counted cells of evidence other than posts (a survey's, an export's, a report's) answer to an assumption."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from analysis.values import meets
from data.codebook import OCCUPATION_GROUPS
from data.groups import SINGLE, WIDEST_AGE, WIDEST_CHILD, Span, months, overlap, span
from data.shares import wilson
from data.study import Assumption

Cell = Mapping[str, Any]
#: Why evidence decides nothing: too few people; its groups do not fit the claim; people may tell several of the values; it
#: counts something else than people; nobody knows how many they were.
FEW, GROUPS, SEVERAL, UNIT, NO_INTERVAL = "few", "groups", "several", "unit", "no_interval"
#: Not why it decides nothing: some of what a claim expects is not told, so that the share is the least it can be.
PART = "part"
#: Why visits to a website decide nothing of where people buy.
VISITS = "visits"
PAIN, PEOPLE = "pain", "people"
_Z = 1.959963984540054
_COUNTS = ("0", "1", "2", "3+", "expecting")


@dataclass(frozen=True, slots=True)
class Answer:
    """A share (or for ``top N`` a rank) between its 95 % bounds, of ``n`` people; ``why`` says what keeps it from deciding."""

    share: float | None = None
    low: float | None = None
    high: float | None = None
    count: float | None = None
    n: float | None = None
    why: str | None = None


def answer(assumption: Assumption, cells: Sequence[Cell]) -> Answer:
    """What the cells of one attribute, of one import and audience, answer to a claim about it."""
    n = max((cell["n"] for cell in cells if cell["n"] is not None), default=None)
    if assumption.pain is not None:
        found = _rank(assumption.pain, cells) if assumption.top else _of(cells, {assumption.pain: 1.0})
    else:
        values = [str(cell["value"]) for cell in cells]
        found = _of(cells, fitting(assumption, values), untold=_untold(assumption, values))
    if found.share is None:
        return Answer(n=n, why=found.why)
    if {cell["unit"] for cell in cells} != {PEOPLE}:
        return Answer(found.share, None, None, found.count, found.n, UNIT)
    return found


def fitting(assumption: Assumption, values: Sequence[str]) -> dict[str, float] | str:
    """The values that meet a claim, each with the part of its people who do; or why the values cannot tell."""
    attribute, wanted = str(assumption.attribute), assumption.expected
    weights = {value: _part(attribute, wanted, value) for value in values}
    if attribute == "children":
        weights = _children(wanted, values)
    if any(weight is None for weight in weights.values()):
        return GROUPS
    met = {value: weight for value, weight in weights.items() if weight}
    exclude_each_other = attribute in SINGLE or (attribute == "children" and _counts(met))
    return met if len(met) <= 1 or exclude_each_other else SEVERAL


def told_by(assumption: Assumption, cells: Sequence[Cell]) -> bool:
    """Whether the groups of the cells could answer a claim, be there one that meets it or not."""
    if assumption.pain is not None:
        return True
    return not isinstance(fitting(assumption, [str(cell["value"]) for cell in cells]), str)


def _untold(assumption: Assumption, values: Sequence[str]) -> bool:
    """Whether none of the groups would hold some of the people whom a claim expects, so that they may stand in what is left out."""
    attribute, expected = str(assumption.attribute), assumption.expected
    if attribute in ("age", "child_age"):
        groups = [group for group in map(_band, values) if group is not None]
        read = span if attribute == "age" else months
        wanted = [limits for one in expected if (limits := read(one)) is not None]
        return any(sum(overlap(one, group) for group in groups) < 1 - 1e-6 for one in wanted)
    if attribute == "children":
        named = [value for value, weight in _children(expected, [*_COUNTS, *values]).items() if weight]
        return not any(value in values for value in ("yes", *named))
    return any(not any(meets(attribute, [one], value, value) for value in values) for one in expected)


def _part(attribute: str, wanted: Sequence[str], value: str) -> float | None:
    """The part of a group's people who meet a claim; ``None`` where the group is too wide or of another kind to tell."""
    if attribute in ("age", "child_age"):
        read, widest = (span, WIDEST_AGE) if attribute == "age" else (months, WIDEST_CHILD)
        group = _band(value)
        limits = [found for one in wanted if (found := read(one)) is not None]
        if group is None or not limits:
            return None
        part = min(sum(overlap(group, one) for one in limits), 1.0)
        return part if part in (0.0, 1.0) or group[1] - group[0] <= widest else None
    if attribute == "occupation" and not set(wanted) <= set(OCCUPATION_GROUPS):
        return None
    return meets(attribute, wanted, value, value if attribute == "occupation" else None)


def _band(value: str) -> Span | None:
    """A group of ages as it is coded: ``25-34`` in years, and of children ``72-143`` in months."""
    match = re.fullmatch(r"(\d{1,4})-(\d{1,4})", value)
    return (float(match[1]), float(match[2])) if match else None


def _children(wanted: Sequence[str], values: Sequence[str]) -> dict[str, float | None]:
    """Counts of children: the groups are ``yes``, ``expecting``, ``0``, ``1``, ``2`` and ``3+``, and ``yes`` holds the last three."""
    named: set[str] = set()
    for one in wanted:
        limits = span(one)
        if one in ("yes", "expecting", "3+"):
            named.add(one)
        elif limits is None or limits[1] > 2:
            return dict.fromkeys(values)
        else:
            named |= {str(count) for count in range(int(limits[0]), int(limits[1]) + 1)}
    return {value: float(value in named) for value in values}


def _counts(met: Mapping[str, float]) -> bool:
    return all(value.isdigit() or value == "3+" for value in met)


def _of(cells: Sequence[Cell], met: dict[str, float] | str, *, untold: bool = False) -> Answer:
    """The share of those who meet a claim, of cells that exclude each other or of a single one. ``untold``: some who would meet it
    have no cell, which is not to say that there are none."""
    if isinstance(met, str):
        return Answer(why=met)
    mine = [cell for cell in cells if cell["value"] in met]
    if not mine:
        return _nobody(cells) if cells[0]["attribute"] in SINGLE else Answer(why=GROUPS)
    if any(cell["share"] is None for cell in mine):
        return Answer(why=NO_INTERVAL)
    share = min(sum(met[cell["value"]] * cell["share"] for cell in mine), 1.0)
    known = all(cell["n"] for cell in mine)
    n = max(cell["n"] for cell in mine) if known else None
    # Where answers are weighted, a few heavy people are still few: their own number decides whether they may be told.
    count = sum(met[cell["value"]] * _heads(cell) for cell in mine) if n else None
    if not n:
        return Answer(share, why=NO_INTERVAL)
    people = min(n, *(_people(cell) for cell in mine))
    low, high = wilson(share * people, people)
    if len(mine) == 1 and met[mine[0]["value"]] == 1.0 and mine[0]["low"] is not None:
        low, high = mine[0]["low"], mine[0]["high"]
    if untold and (most := _most(cells, met)) > share + 1e-6:
        return Answer(share, low, max(wilson(most * people, people)[1], high), count, n, PART)
    return Answer(share, low, high, count, n)


def _most(cells: Sequence[Cell], met: Mapping[str, float]) -> float:
    """The largest share that may meet a claim: everybody but those who are told to be something else."""
    if cells[0]["attribute"] not in SINGLE:
        return 1.0
    others = sum((1 - met.get(cell["value"], 0.0)) * (cell["share"] or 0.0) for cell in cells)
    return float(max(1.0 - others, 0.0))


def _nobody(cells: Sequence[Cell]) -> Answer:
    """Where no cell meets a claim: nobody, if the cells hold all who answered; else it was not asked."""
    n = max((cell["n"] or 0 for cell in cells), default=0)
    held = sum(cell["share"] or 0 for cell in cells)
    if not n or held < 1 - 1e-6:
        return Answer(why=GROUPS)
    low, high = wilson(0, n)
    return Answer(0.0, low, high, 0.0, n)


def _heads(cell: Cell) -> float:
    """How many people a cell says it holds, never more than its share of all."""
    all_of_them = float(cell["share"] * cell["n"])
    return all_of_them if cell.get("count") is None else min(float(cell["count"]), all_of_them)


def _people(cell: Cell) -> float:
    """How many people, each with one vote, a cell's own interval is worth: fewer than ``n`` where answers are weighted."""
    share, low, high = cell["share"], cell["low"], cell["high"]
    n = float(cell["n"])
    if low is None or high is None or not 0 < high - low < 1:
        return n
    least, most = 1.0, max(n, 1.0)
    if _width(share, most) >= high - low:
        return n
    for _ in range(60):
        middle = (least + most) / 2
        least, most = (middle, most) if _width(share, middle) > high - low else (least, middle)
    return most


def _width(share: float, n: float) -> float:
    return float(2 * _Z / (1 + _Z * _Z / n) * sqrt(share * (1 - share) / n + _Z * _Z / (4 * n * n)))


def _rank(pain: str, cells: Sequence[Cell]) -> Answer:
    """A pain's rank among those that were asked for; its bounds count the pains whose intervals lie surely above, or reach it."""
    ranked = [cell for cell in cells if cell["value"] != "other" and cell["share"] is not None]
    mine = next((cell for cell in ranked if cell["value"] == pain), None)
    if mine is None:
        return Answer(why=GROUPS)
    if any(cell["low"] is None or not cell["n"] for cell in ranked):
        return Answer(why=NO_INTERVAL)
    others = [cell for cell in ranked if cell is not mine]
    if not others:  # the first of one is no rank
        return Answer(why=GROUPS)
    rank = 1 + sum(cell["share"] > mine["share"] for cell in others)
    low = 1 + sum(cell["low"] > mine["high"] for cell in others)
    high = 1 + sum(cell["high"] >= mine["low"] for cell in others)
    return Answer(rank, low, max(high, rank), _heads(mine), mine["n"])
