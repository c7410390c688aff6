"""Whether a coded value meets what somebody expects of it."""

from __future__ import annotations

from collections.abc import Sequence

from data.codebook import OCCUPATION_GROUPS
from data.folding import fold, words
from data.groups import WIDEST_AGE, WIDEST_CHILD, Span, amount, children, months, overlap, span


def meets(attribute: str, expected: Sequence[str], value: str, group: str | None) -> float | None:
    """How far a coded value meets an expectation, 0 to 1; ``None`` where it cannot tell."""
    found = [_meets_one(attribute, wanted, value, group) for wanted in expected]
    told = [weight for weight in found if weight is not None]
    return min(sum(told), 1.0) if told else None


def _meets_one(attribute: str, wanted: str, value: str, group: str | None) -> float | None:
    if attribute == "age":
        return _within(span(value), span(wanted), WIDEST_AGE)
    if attribute == "child_age":
        return _within(months(value), months(wanted), WIDEST_CHILD)
    if attribute in ("height_cm", "weight_kg"):
        return _within(span(value), span(wanted), 30)
    if attribute in ("income", "budget"):
        return _affords(wanted, value)
    if attribute == "children":
        codes = [code for code, _ in children(value)]
        limits = span(wanted)
        if limits and limits[0] != limits[1]:
            return float(value.isdigit() and limits[0] <= int(value) <= limits[1])
        return None if value == "yes" and wanted.isdigit() else float(wanted in codes or wanted == value)
    if attribute == "occupation" and wanted in OCCUPATION_GROUPS:
        return float(group == wanted)
    if attribute == "location":
        return float(_place(wanted) == _place(value))
    if attribute in ("occupation", "interest", "goal", "effort"):
        return float(f" {' '.join(words(wanted))} " in f" {' '.join(words(value))} ")
    return float(fold(wanted) == fold(value))


def _within(told: Span | None, limits: Span | None, widest: float) -> float | None:
    if told is None or limits is None or told[1] - told[0] > widest:
        return None
    return overlap(told, limits)


def _affords(wanted: str, value: str) -> float | None:
    levels = ("low", "middle", "high")
    if wanted in levels or value in levels:
        return float(wanted == value) if wanted in levels and value in levels else None
    limits, told = amount(wanted), amount(value)
    if limits is None or told is None or limits[1] != told[1]:
        return None
    (low, high), (from_, to) = told[0], limits[0]
    if low == high:
        return float(from_ <= low <= to)
    return max(min(high, to) - max(low, from_), 0.0) / (high - low)


def _place(name: str) -> str:
    plain = " ".join(words(name))
    for prefix in ("thanh pho ", "tp ", "tinh "):
        plain = plain.removeprefix(prefix)
    return {"hcm": "ho chi minh", "sai gon": "ho chi minh", "sg": "ho chi minh", "hn": "ha noi"}.get(plain, plain)
