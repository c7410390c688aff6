"""In which order changes are told: prices and promises first, then verdicts, pains by how many people they moved, the rest.

Last stand small groups, and the verdicts of one's assumptions on competitors: they were never made of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analysis import changed, kept
from analysis.changed import Change
from analysis.statistics import SLACK
from data.study import MARKET

#: A figure that stood or stands on fewer people than this is told after all others.
FEW_PEOPLE = 20
_RANKS = {
    changed.PRICE: 0, changed.CLAIM: 1, changed.VERDICT: 2, changed.NEW: 3, changed.MOVED: 3, changed.GONE: 4,
    changed.SILENT: 6, changed.ASSUMED: 7, changed.EVIDENCE: 8,
}  # fmt: skip
_OTHER_FIGURES, _OF_FEW, _OF_COMPETITORS = 5, 9, 10


def ordered(changes: Iterable[Change], own: str) -> list[Change]:
    """The changes, what the brand ``own`` is to act on first."""
    return sorted(changes, key=lambda c: (_rank(c, own), -people(c), 1.0 if c.q is None else c.q))


def of_competitors(changes: Iterable[Change], own: str) -> list[Change]:
    """Verdicts of assumptions on brands of which they were not made."""
    return [c for c in changes if c.subject == kept.VERDICT and c.brand not in (own, MARKET)]


def people(change: Change) -> float:
    """How many people more or fewer tell it than would have, had nothing moved; nobody where a change is of no figure."""
    if change.kind not in (changed.MOVED, changed.NEW):
        return 0.0
    before = change.before.get("share") or 0.0
    return abs(float((change.after["share"] - before) * change.after["n"]))


def diluted(changes: Sequence[Change]) -> list[Change]:
    """Shares to be summed up, for they fell only because others came; none where it is one alone."""
    found = [change for change in changes if only_diluted(change)]
    return found if len(found) > 1 else []


def only_diluted(change: Change) -> bool:
    """Whether a share fell for one reason only: others came who say nothing of it."""
    return _nobody_new(change) and change.subject in (kept.PAIN, kept.VOICE)


def _nobody_new(change: Change) -> bool:
    return change.kind == changed.MOVED and bool(change.newcomers) and change.newcomers["count"] < SLACK


def _rank(change: Change, own: str) -> int:
    rank = _OF_COMPETITORS if of_competitors([change], own) else _RANKS[change.kind]
    if change.kind not in (changed.MOVED, changed.NEW):
        return rank
    if min(row["n"] for row in (change.before, change.after) if row) < FEW_PEOPLE:
        return _OF_FEW
    return _OTHER_FIGURES if change.subject != kept.PAIN or _nobody_new(change) else rank
