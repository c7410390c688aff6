"""What may be told of a group: the one place that decides what is too few, for every number of the report.

A group of fewer than the study's ``minimum_group`` people is never shown: no number, no share, no rank, no difference, no
quotes. Nobody is no group: 0 is told. Where all but a few of those who tell an attribute say the same, the few could be
worked out; then only a lower bound is told, or nothing where so few tell that the bound would give them away. Limits of
this: ``docs/explanation/limits.md``.
"""

from __future__ import annotations

from analysis.report.model import Estimate
from analysis.statistics import SLACK


def too_few(count: float, minimum: int) -> bool:
    """Whether a group is too small to be told. Nobody is no group."""
    return SLACK < count < minimum - SLACK


def people(count: float, minimum: int) -> int | None:
    """A number of people, ``None`` where it must not be told."""
    return None if too_few(count, minimum) else round(count)


def estimate(
    count: float, n: int, share: float, low: float, high: float, minimum: int, *, rest_is_silent: bool = False
) -> Estimate | None:
    """A share as it may be told: ``None`` where too few are counted, a lower bound where too few are left over.

    ``rest_is_silent``: those not counted have told nothing (of a pain), so that there is no group of them.
    """
    if too_few(n, minimum) or too_few(count, minimum):
        return None
    if rest_is_silent or not too_few(n - count, minimum):
        return Estimate(count, n, share, low, high)
    certain = n - minimum
    if certain < minimum:
        return None
    return Estimate(certain, n, certain / n, certain / n, 1.0, at_least=True)


def part(count: float, whole: float, n: int, share: float, low: float, high: float, minimum: int) -> Estimate | None:
    """A share of an audience of ``n`` who are a part of a group that is told elsewhere: of those who tell a pain, who complain.

    Where all but a few of the group are counted, only a lower bound is told, for the few are the difference of the two.
    """
    if not too_few(whole - count, minimum):
        return estimate(count, n, share, low, high, minimum, rest_is_silent=True)
    certain = round(whole) - minimum
    if certain < minimum:
        return None
    return Estimate(certain, n, certain / n, certain / n, 1.0, at_least=True)
