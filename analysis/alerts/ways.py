"""A channel that keeps failing, and one that works again: what it missed it gets later, but until then only the others can say so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from analysis.alerts.event import CHANNEL, HIGH, LOW, Event, moment_of, text_of
from analysis.alerts.ledger import Ledger
from data.jobs import AHEAD
from data.store import Store
from data.study import Study
from data.study_alerts import named

#: A channel that failed once, or for a few minutes, is no news: a server was started anew, a router was off.
_FAILED_IN_A_ROW, _FAILED_FOR = 2, timedelta(hours=1)
FAILS: Final = "fails"
WORKS: Final = "works"
#: After so many failures in a row a channel rests so long: asked again at every round, a dead one would only keep the others waiting.
_RESTS: Final = (timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6))
_ROWS = "select channel, failed, failing_since, tried_at, worked_at, why from alert_channels order by channel"


def resting(store: Store, now: datetime) -> dict[str, tuple[datetime, str]]:
    """Of each channel that fails: until when it rests, and the reason of the last failure. One that a wrong clock says was tried in time to
    come has rested."""
    return {
        row["channel"]: (moment_of(row["tried_at"]) + _RESTS[min(row["failed"], len(_RESTS)) - 1], row["why"] or "")
        for row in store.query(_ROWS)
        if row["failed"] and moment_of(row["tried_at"]) <= now + AHEAD
    }


def note(store: Store, channel: str, now: datetime, why: str | None) -> None:
    """Note that a channel told something, or with ``why`` that it could not."""
    at = text_of(now)
    row: dict[str, Any] = next(
        (dict(row) for row in store.query(_ROWS) if row["channel"] == channel),
        {"channel": channel, "failed": 0, "failing_since": None, "worked_at": None},
    )
    if why is None:
        row |= {"failed": 0, "worked_at": at}
    else:
        row |= {"failed": row["failed"] + 1, "failing_since": row["failing_since"] if row["failed"] else at}
    row |= {"tried_at": at, "why": why}
    store.change_columns("alert_channels", {"channel": [channel]}, {name: [value] for name, value in row.items()})


def find(store: Store, study: Study, ledger: Ledger, now: datetime) -> Iterator[Event]:
    """One event a time of failing, and one when it is over, where the first was told."""
    wanted = {name for name, _ in named(study.alerts.to)}
    for row in store.query(_ROWS):
        if row["channel"] not in wanted or row["failing_since"] is None:
            continue
        subject = f"{CHANNEL}|{row['channel']}"
        key = f"{subject}|{row['failing_since']}"
        values = {"channel": row["channel"], "since": row["failing_since"], "times": row["failed"], "why": row["why"]}
        if row["failed"] >= _FAILED_IN_A_ROW and now - moment_of(row["failing_since"]) >= _FAILED_FOR:
            yield Event(CHANNEL, key, subject, HIGH, row["tried_at"], None, {**values, "state": FAILS})
        elif not row["failed"] and ledger.knows(key):
            yield Event(CHANNEL, f"{key}|{WORKS}", subject, LOW, row["worked_at"], None, {**values, "state": WORKS})
