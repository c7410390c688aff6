"""What coded values mean to a comparison: bands for ages and amounts, and whether a value meets an expectation.

A value may count in part: someone "in their thirties" is half a person for 25-34 and half for 35-44, for every year of the
range is taken as equally likely. Ranges too wide to tell anything count nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from data.codebook import OCCUPATION_GROUPS
from data.folding import fold, words

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
_WIDEST_AGE = 15
_WIDEST_CHILD = 48
_AMOUNT = re.compile(r"(\d{1,15}(?:\.\d{1,4})?)?(-)?(\d{1,15}(?:\.\d{1,4})?)? ?([A-Z]{3})?")


def span(text: str) -> Span | None:
    """``28`` or ``28-29`` as bounds, both included; ``None`` for anything else."""
    match = re.fullmatch(r"\s*(\d{1,3})(?:\s*[-–]\s*(\d{1,3}))?\s*", text)
    if not match:
        return None
    low, high = float(match[1]), float(match[2] or match[1])
    return (low, high) if low <= high else None


#: What a shell would not take as it stands between double quotes.
NOT_QUOTABLE = re.compile(r"[\"$`\\%!\x00-\x1f]")


def figure(attribute: str, code: str) -> str:
    """How ``counted_people`` names the people who tell a value; may stand between double quotes in any shell."""
    return NOT_QUOTABLE.sub("", f"{attribute}={code}")


def assumption_figure(segment: int, position: int, *, fits: bool) -> str:
    """How ``counted_people`` names the people who fit an assumption or do not; both numbers count from 0."""
    return f"assumption {segment + 1}.{position + 1} {'fits' if fits else 'does not fit'}"


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
        return tuple(_banded(span(value), AGES, _WIDEST_AGE))
    if attribute == "child_age":
        return tuple(_banded(months(value), CHILD_AGES, _WIDEST_CHILD))
    if attribute in ("income", "budget"):
        return tuple(_priced(attribute, value))
    if attribute == "occupation":
        return ((group or "other", 1.0),)
    if attribute == "children":
        return _children(value)
    return ((value, 1.0),)


def _children(value: str) -> tuple[tuple[str, float], ...]:
    if value in ("expecting", "yes"):
        return ((value, 1.0),)
    if value.isdigit():
        return (("yes", 1.0), (value if int(value) < 3 else "3+", 1.0)) if int(value) else (("0", 1.0),)
    return ()


def meets(attribute: str, expected: Sequence[str], value: str, group: str | None) -> float | None:
    """How far a coded value meets an expectation, 0 to 1; ``None`` where it cannot tell."""
    found = [_meets_one(attribute, wanted, value, group) for wanted in expected]
    told = [weight for weight in found if weight is not None]
    return min(sum(told), 1.0) if told else None


def _meets_one(attribute: str, wanted: str, value: str, group: str | None) -> float | None:
    if attribute == "age":
        return _within(span(value), span(wanted), _WIDEST_AGE)
    if attribute == "child_age":
        return _within(months(value), months(wanted), _WIDEST_CHILD)
    if attribute in ("height_cm", "weight_kg"):
        return _within(span(value), span(wanted), 30)
    if attribute in ("income", "budget"):
        return _affords(wanted, value)
    if attribute == "children":
        codes = [code for code, _ in _children(value)]
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
