"""What could be worked out from exported comparisons: a small group as what the others leave of a whole.

A comparison tells how many of two audiences have each value, and a brand's strength how many of all the other brands say the same.
Either gives a group away that is left out itself, unless another number goes with it (complementary suppression, as in
:mod:`analysis.report.withholding`).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from analysis.report.hiding import too_few
from analysis.statistics import SLACK
from data.groups import SINGLE

Row = Mapping[str, Any]
_OF_VALUES = ("difference", "lift")


def of_values(rows: Sequence[Row], minimum: int) -> set[int]:
    """The places of ``comparisons`` from which a small group follows on either side: as what a value's people leave of all who tell the
    attribute, or as what all the values that are told leave of them. Those without a pain say nothing of it, and are no group."""
    attributes: defaultdict[tuple[object, str], defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, row in enumerate(rows):
        measure, _, value = str(row["measure"]).partition(":")
        if measure in _OF_VALUES and row["attribute"] != "pain":
            attributes[row["brand"], str(row["attribute"])][value].append(place)
    found: set[int] = set()
    for (_, attribute), values in attributes.items():
        told = {value: _sides(rows[places[0]]) for value, places in values.items()}
        gone = {value for side in (0, 1) for value in _gone(attribute, told, side, minimum)}
        found.update(place for value in gone for place in values[value])
    return found


def _sides(row: Row) -> list[tuple[float, float]]:
    """How many have a value and of how many: of the brand's people, and of ours."""
    detail = json.loads(row["detail"] or "{}") if isinstance(row["detail"], str) else {}
    counts = detail.get("counts") or (0.0, 0.0)
    return [(float(counts[0]), float(row["n"] or 0)), (float(counts[1]), float(detail.get("n_own") or 0))]


def _gone(attribute: str, told: Mapping[str, list[tuple[float, float]]], side: int, minimum: int) -> set[str]:
    here = {value: sides[side] for value, sides in told.items()}
    gone = {value for value, (count, n) in here.items() if too_few(count, minimum) or too_few(n - count, minimum)}
    whole = max((n for _, n in here.values()), default=0.0)
    if attribute in SINGLE:
        left = sorted((value for value in here if value not in gone), key=lambda value: here[value][0])
        while left and too_few(whole - sum(here[value][0] for value in left), minimum):
            if here[value := left.pop(0)][0] > SLACK:
                gone.add(value)
    return gone


def of_others(rows: Sequence[Row], out: Collection[int], minimum: int) -> set[int]:
    """The places of ``strengths`` that must not tell the other brands' number, for it and what is told of the others leave a brand's
    small group. ``out`` are the places that are left out themselves."""
    said: defaultdict[tuple[object, object], list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        said[row["side"], row["category"]].append(place)
    return {
        place
        for places in said.values()
        if any(one in out or too_few(float(rows[one]["authors_others"] or 0), minimum) for one in places)
        for place in places
    }
