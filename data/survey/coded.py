"""What coded answers come to: the groups they fall into, and whether somebody is of a target segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from data.expectations import meets
from data.groups import AGES, CHILD_AGES, Span, grouped, months, overlap, span
from data.study import Segment
from data.survey.questionnaire import NONE, SILENT

#: What tells who somebody is, and so whether they are of a segment; the rest of its assumptions are claims about its people.
WHO = (
    "gender", "age", "location", "marital_status", "children", "child_age", "occupation", "education", "income",
    "customer_type", "purchase_role",
)  # fmt: skip
_FITS = 0.5
_BANDS = {"age": (span, AGES), "child_age": (months, CHILD_AGES)}


def cells(attribute: str, value: str) -> tuple[tuple[str, float], ...]:
    """The groups that an answer's value falls into, each with its weight. A range that lies within one band counts there
    whole, however wide it is: whoever ticks "under 18" has told their band."""
    if value in (NONE, SILENT):
        return ()
    if attribute in _BANDS:
        read, bands = _BANDS[attribute]
        told = read(value)
        if told is not None and (band := _within(told, bands)) is not None:
            return ((f"{band[0]:g}-{band[1]:g}", 1.0),)
    if attribute == "children" and value == "3+":
        return (("yes", 1.0), ("3+", 1.0))
    return grouped(attribute, value, value if attribute == "occupation" else None)


def _within(told: Span, bands: Sequence[Span]) -> Span | None:
    return next((band for band in bands if band[0] <= told[0] and told[1] <= band[1]), None)


def fit(attribute: str, expected: Sequence[str], values: Sequence[str]) -> float | None:
    """How far somebody with these answers is what is expected, 0 to 1; ``None`` where the answers cannot tell."""
    told = [_fit(attribute, tuple(expected), value) for value in values if value != SILENT]
    known = [one for one in told if one is not None]
    return max(known) if known else None


@lru_cache(maxsize=4096)
def _fit(attribute: str, expected: tuple[str, ...], value: str) -> float | None:
    if value == NONE:
        return 0.0
    if attribute == "children" and value == "3+":
        value = "3"
    found = meets(attribute, expected, value, value if attribute == "occupation" else None)
    if found is None and attribute in _BANDS:  # too wide a range to be shared out may still lie wholly in or out
        read, _ = _BANDS[attribute]
        told, limits = read(value), [one for one in map(read, expected) if one is not None]
        part = min(sum(overlap(told, one) for one in limits), 1.0) if told and limits else None
        return part if part in (0.0, 1.0) else None
    return found


def asked_of(segment: Segment, known: Sequence[str] | set[str]) -> list[tuple[str, list[str]]]:
    """What tells whether somebody is of a segment, of what is known: (attribute, expected values). Only assumptions that most
    of the segment must meet tell it."""
    return [
        (str(one.attribute), one.expected)
        for one in segment.standing
        if one.attribute in WHO and one.attribute in known and one.at_least is not None
    ]


def is_of(criteria: Sequence[tuple[str, list[str]]], told: Mapping[str, Sequence[str]]) -> bool | None:
    """Whether somebody who tells these values is of a segment: every criterion is met, one is not, or it cannot be told."""
    if not criteria:
        return None
    found = [fit(attribute, expected, told.get(attribute, ())) for attribute, expected in criteria]
    if any(one is not None and one < _FITS for one in found):
        return False
    return None if any(one is None for one in found) else True
