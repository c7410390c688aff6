"""How counted people are named, and what of values the analysis uses: :mod:`data.groups` groups them, :mod:`data.expectations`
compares them with what is expected."""

from __future__ import annotations

import re

from data.expectations import meets
from data.groups import (
    AGES,
    AMOUNTS,
    BANDED,
    CHILD_AGES,
    HOUSEHOLD,
    NEWEST_POST,
    SINGLE,
    Span,
    Weights,
    amount,
    band_start,
    grouped,
    months,
    overlap,
    span,
)

__all__ = [
    "AGES", "AMOUNTS", "BANDED", "CHILD_AGES", "HOUSEHOLD", "NEWEST_POST", "NOT_QUOTABLE", "SINGLE", "Span", "Weights",
    "amount", "assumption_figure", "band_start", "figure", "grouped", "meets", "months", "overlap", "span",
]  # fmt: skip

#: What a shell would not take as it stands between double quotes.
NOT_QUOTABLE = re.compile(r"[\"$`\\%!\x00-\x1f]")


def figure(attribute: str, code: str) -> str:
    """How ``counted_people`` names the people who tell a value; may stand between double quotes in any shell."""
    return NOT_QUOTABLE.sub("", f"{attribute}={code}")


def assumption_figure(segment: int, position: int, *, fits: bool) -> str:
    """How ``counted_people`` names the people who fit an assumption or do not; both numbers count from 0."""
    return f"assumption {segment + 1}.{position + 1} {'fits' if fits else 'does not fit'}"
