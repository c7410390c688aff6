"""An assumption's verdict is not what it was: from what was last known to what stands now, by each kind of evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from analysis.alerts.event import HIGH, KNOWN, LOW, NORMAL, TOLD, VERDICT, Event
from analysis.alerts.ledger import Ledger
from data.store import Store
from data.study import MARKET, Study

_DECIDED = {"supported", "contradicted"}
#: A verdict at its threshold sways with every analysis: only a reversal is told sooner than this after the last one.
REST = timedelta(days=7)
_HISTORY = """
select h.*, a.retired_at from verdict_history h
join assumptions a on a.id = h.assumption and a.version = h.version
where a.replaced_at is null order by h.run_id
"""
Row = Mapping[str, Any]


def find(store: Store, study: Study, ledger: Ledger, now: datetime) -> Iterator[Event]:
    """One event a verdict that changed since it was last told or known; a first verdict is no change."""
    history: dict[tuple[Any, ...], list[Row]] = {}
    for row in store.query(_HISTORY):
        if row["retired_at"] is None:
            history.setdefault((row["assumption"], row["version"], row["brand"], row["kind"]), []).append(row)
    found = [event for rows in history.values() for event in _change(rows, ledger, now)]
    brands = {_what(event) for event in found if event.state == TOLD and event.brand != MARKET}
    for event in found:
        # What moved with a brand's customers and so with the whole market is one piece of news.
        again = event.brand == MARKET and event.state == TOLD and _what(event) in brands
        yield replace(event, state=KNOWN) if again else event


def _what(event: Event) -> tuple[str, ...]:
    return tuple(str(event.values[name]) for name in ("assumption", "of", "before", "after"))


def _change(rows: list[Row], ledger: Ledger, now: datetime) -> Iterator[Event]:
    keys = [_key(row) for row in rows]
    unknown = [place for place, key in enumerate(keys) if not ledger.knows(key)]
    if not unknown:
        return
    last, before = rows[-1], rows[unknown[0] - 1]["verdict"] if unknown[0] else None
    after, subject = last["verdict"], "|".join(("verdict", last["assumption"], last["brand"], last["kind"]))
    pending = [keys[place] for place in unknown]
    reversed_ = {before, after} == _DECIDED
    told = before is not None and before != after and bool({before, after} & _DECIDED)
    if told and not reversed_ and not ledger.rested(subject, now, REST):
        return  # nothing is settled: it is looked at again when the rest is over
    level = HIGH if reversed_ else NORMAL if after in _DECIDED else LOW
    values = {"assumption": last["assumption"], "of": last["kind"], "before": before, "after": after}
    yield Event(
        VERDICT, pending[-1], subject, level, last["checked_at"], last["brand"], values,
        TOLD if told else KNOWN, tuple(pending[:-1]),
    )  # fmt: skip


def _key(row: Row) -> str:
    parts = ("assumption", "version", "brand", "kind", "checked_at", "verdict", "run_id")
    return "|".join((VERDICT, *(str(row[name]) for name in parts)))
