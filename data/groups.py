"""What coded values mean to a comparison: the bands that ages and amounts fall into, and how far a value falls into each.

A value may count in part: someone "in their thirties" is half a person for 25-34 and half for 35-44, for every year of the
range is taken as equally likely. Ranges too wide to tell anything count nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

Weights = list[tuple[str, float]]
Span = tuple[float, float]

#: One value a person: of several, the newest counts. Of the attributes not named here a person may have many values.
SINGLE = frozenset({
    "age", "gender", "occupation", "education", "income", "budget", "price_sensitivity", "location", "marital_status",
    "customer_type", "height_cm", "weight_kg",
})  # fmt: skip
#: Many values, but only as the newest post tells them: children grow up and in number.
NEWEST_POST = frozenset({"children", "child_age"})
#: What `family` says of the author's household too; other attributes of relatives are the relatives' own.
HOUSEHOLD = frozenset({"income", "budget", "price_sensitivity"})

AGES: tuple[Span, ...] = ((0, 17), (18, 24), (25, 34), (35, 44), (45, 54), (55, 64), (65, 120))
#: In months: under half a year, under one, one, two, three to five, six to eleven, twelve to seventeen years, grown up.
CHILD_AGES: tuple[Span, ...] = (
    (0, 5), (6, 11), (12, 23), (24, 35), (36, 71), (72, 143), (144, 215), (216, 1200),
)  # fmt: skip
_M = 1_000_000
AMOUNTS: dict[tuple[str, str], tuple[float, ...]] = {
    ("income", "VND"): (0, 7 * _M, 15 * _M, 30 * _M, 50 * _M),
    ("income", ""): (0, 1500, 3000, 5000, 8000),
    ("budget", "VND"): (0, 0.2 * _M, 0.5 * _M, 1 * _M, 5 * _M, 20 * _M, 100 * _M, 1000 * _M),
    ("budget", ""): (0, 20, 50, 100, 500, 2000, 10_000, 100_000),
}
#: Attributes whose values have an order of their own.
BANDED = frozenset({"age", "child_age", "income", "budget"})
#: A range wider than this many years, or months of a child's age, tells nothing.
WIDEST_AGE = 15
WIDEST_CHILD = 48
_AMOUNT = re.compile(r"(\d{1,15}(?:\.\d{1,4})?)?(-)?(\d{1,15}(?:\.\d{1,4})?)? ?([A-Z]{3})?")


def span(text: str) -> Span | None:
    """``28`` or ``28-29`` as bounds, both included; ``None`` for anything else."""
    match = re.fullmatch(r"\s*(\d{1,3})(?:\s*[-–]\s*(\d{1,3}))?\s*", text)
    if not match:
        return None
    low, high = float(match[1]), float(match[2] or match[1])
    return (low, high) if low <= high else None


def band_start(code: str) -> tuple[bool, str, float]:
    """Where a band stands in its order: by currency, then by its lower end; words such as ``low`` come last."""
    match = re.match(r"\d+", code)
    return (match is None, code.partition(" ")[2], float(match.group()) if match else 0.0)


def months(text: str) -> Span | None:
    """A child's age in months: ``18m``, ``3y`` (36 to 47), ``1-3y`` (12 to 47), ``0-24m``; plain numbers are years."""
    match = re.fullmatch(r"\s*(\d{1,3})(m|y)?(?:\s*[-–]\s*(\d{1,3}))?\s*(m|y)?\s*", text)
    if not match:
        return None
    unit = match[4] or match[2] or "y"
    low, high = int(match[1]), int(match[3] or match[1])
    if (match[2] or unit) == "y":
        low *= 12
    high = high * 12 + 11 if unit == "y" else high
    return (float(low), float(high)) if low <= high else None


def amount(text: str) -> tuple[Span, str] | None:
    """``8000000 VND`` or ``0-5000000 VND`` as bounds and currency."""
    match = _AMOUNT.fullmatch(text.strip().replace("–", "-"))
    if not match or not (match[1] or match[3]):
        return None
    low = float(match[1] or 0)
    high = float(match[3]) if match[3] else (low if not match[2] else low * 2)
    return ((low, high), match[4] or "") if low <= high else None


def overlap(inner: Span, outer: Span) -> float:
    """The part of ``inner`` (whole units, both ends included) that lies in ``outer``."""
    common = min(inner[1], outer[1]) - max(inner[0], outer[0]) + 1
    return max(common, 0.0) / (inner[1] - inner[0] + 1)


def _banded(told: Span | None, bands: Iterable[Span], widest: float) -> Weights:
    if told is None or told[1] - told[0] > widest:
        return []
    weighed = [(f"{low:g}-{high:g}", overlap(told, (low, high))) for low, high in bands]
    return [(label, weight) for label, weight in weighed if weight > 0]


def _priced(attribute: str, value: str) -> Weights:
    if value in ("low", "middle", "high"):
        return [(value, 1.0)]
    told = amount(value)
    if told is None:
        return []
    (low, high), currency = told
    steps = AMOUNTS[attribute, "VND" if currency == "VND" else ""]
    # A range up to a sum is spent near that sum; a range of pay is as likely low as high.
    point = high - (low < high) if attribute == "budget" else (low + high) / 2
    place = max(index for index, step in enumerate(steps) if point >= step)
    end = f"{steps[place + 1]:.0f}" if place + 1 < len(steps) else ""
    return [(f"{steps[place]:.0f}-{end} {currency}".strip(), 1.0)]


@lru_cache(maxsize=100_000)
def grouped(attribute: str, value: str, group: str | None) -> tuple[tuple[str, float], ...]:
    """The groups that a coded value falls into, each with its weight; none where it tells too little."""
    if attribute == "age":
        return tuple(_banded(span(value), AGES, WIDEST_AGE))
    if attribute == "child_age":
        return tuple(_banded(months(value), CHILD_AGES, WIDEST_CHILD))
    if attribute in ("income", "budget"):
        return tuple(_priced(attribute, value))
    if attribute == "occupation":
        return ((group or "other", 1.0),)
    if attribute == "children":
        return children(value)
    return ((value, 1.0),)


def children(value: str) -> tuple[tuple[str, float], ...]:
    """A count of children as groups: ``2`` is ``yes`` and ``2``, three and more are ``3+``."""
    if value in ("expecting", "yes"):
        return ((value, 1.0),)
    if value.isdigit():
        return (("yes", 1.0), (value if int(value) < 3 else "3+", 1.0)) if int(value) else (("0", 1.0),)
    return ()
