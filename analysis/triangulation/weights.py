"""What is left of a report's figure with the years, and by who published it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from analysis.statistics import wilson

#: Half of a figure's weight is gone after so many years.
HALF_LIFE = 2.0
#: What a publisher's reputation leaves of a figure; one that nobody has judged counts as low.
REPUTATION = {"high": 1.0, "medium": 0.6, "low": 0.3}
_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Figure:
    """A share in a report, of ``n`` people where it says so."""

    share: float
    n: float | None
    as_of: str | None
    reputation: str | None


@dataclass(frozen=True, slots=True)
class Combined:
    """Several figures as one: weighted and ``plain``; without bounds unless every report says of how many people."""

    share: float
    plain: float
    n: float | None
    low: float | None
    high: float | None
    weight: float
    freshness: float


def freshness(as_of: str | None, today: date) -> float:
    """1 for what was measured today, halved every ``HALF_LIFE`` years; what has no date is as old as four half-lives."""
    try:
        days = (today - date.fromisoformat(str(as_of)[:10])).days
    except ValueError:
        return float(0.5**4)
    return float(0.5 ** (max(days, 0) / _YEAR / HALF_LIFE))


def weight_of(figure: Figure, today: date) -> float:
    """Freshness times reputation."""
    return freshness(figure.as_of, today) * REPUTATION.get(figure.reputation or "low", REPUTATION["low"])


def combined(figures: Sequence[Figure], today: date, *, weighted: bool = True) -> Combined:
    """Figures as one share. Where every report says how many it asked, each counts for weight × n people, as a power prior
    discounts what others have measured (Ibrahim and Chen 2000), and Wilson's interval stands on these; else for its weight.
    Unless ``weighted``, every figure weighs 1."""
    weights = [weight_of(one, today) if weighted else 1.0 for one in figures]
    fresh = max(freshness(one.as_of, today) for one in figures)
    sizes = [one.n for one in figures]
    mean = sum(weights) / len(weights)
    if all(sizes):
        asked = [float(n or 0) for n in sizes]
        plain = sum(n * one.share for n, one in zip(asked, figures, strict=True)) / sum(asked)
        left = [w * n for w, n in zip(weights, asked, strict=True)]
        share = sum(n * one.share for n, one in zip(left, figures, strict=True)) / sum(left)
        low, high = wilson(share * sum(left), sum(left))
        return Combined(share, plain, sum(left), float(low), float(high), mean, fresh)
    plain = sum(one.share for one in figures) / len(figures)
    share = sum(w * one.share for w, one in zip(weights, figures, strict=True)) / sum(weights)
    return Combined(share, plain, None, None, None, mean, fresh)
