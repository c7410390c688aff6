"""Shares of people with their bounds, for those who count before there is any analysis."""

from __future__ import annotations

from math import sqrt

#: 95 % of a normal distribution lie within so many standard deviations.
_Z = 1.959963984540054


def wilson(count: float, n: float) -> tuple[float, float]:
    """Wilson's 95 % score interval of the share ``count / n`` (Wilson 1927); (0, 1) where ``n`` is 0."""
    if n <= 0:
        return 0.0, 1.0
    share = min(max(count / n, 0.0), 1.0)
    middle = (share + _Z * _Z / (2 * n)) / (1 + _Z * _Z / n)
    half = _Z / (1 + _Z * _Z / n) * sqrt(share * (1 - share) / n + _Z * _Z / (4 * n * n))
    return max(middle - half, 0.0), min(middle + half, 1.0)
