"""In which order changes are told: verdicts first, then pains by how many people they moved, prices, the rest; small groups last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analysis import changed, kept
from analysis.changed import Change
from analysis.statistics import SLACK

#: A figure that stood or stands on fewer people than this is told after all others.
FEW_PEOPLE = 20
_RANKS = {
    changed.VERDICT: 0, changed.NEW: 1, changed.MOVED: 1, changed.GONE: 2, changed.PRICE: 3, changed.CLAIM: 4,
    changed.SILENT: 6, changed.ASSUMED: 7, changed.EVIDENCE: 8,
}  # fmt: skip
_OTHER_FIGURES, _OF_FEW = 5, 9


def ordered(changes: Iterable[Change]) -> list[Change]:
    """The changes, the most important first."""
    return sorted(changes, key=lambda change: (_rank(change), -people(change), 1.0 if change.q is None else change.q))


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


def _rank(change: Change) -> int:
    rank = _RANKS[change.kind]
    if change.kind not in (changed.MOVED, changed.NEW):
        return rank
    if min(row["n"] for row in (change.before, change.after) if row) < FEW_PEOPLE:
        return _OF_FEW
    return _OTHER_FIGURES if change.subject != kept.PAIN or _nobody_new(change) else rank
