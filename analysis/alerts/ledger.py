"""What was found and told already: a reading of ``alerts`` and ``alert_deliveries``, and the writing to them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from analysis.alerts.event import KNOWN, TOLD, VERDICT, Event, moment_of, text_of
from data.jobs import AHEAD
from data.store import Store

WAITING, DELIVERED = "waiting", "told"
#: The first row of all: since when alerts are asked for.
START = "start"
_WAITING = """
select d.*, a.key, a.kind, a.subject, a.level, a.brand, a.happened_at, a.found_at, a.detail
from alert_deliveries d join alerts a using (alert_id) where d.state = 'waiting' and d.channel = :channel order by a.alert_id
"""
#: Digests that wait and that nobody was sent yet.
_UNSENT = """
select a.*, (select json_group_array(channel) from alert_deliveries d where d.alert_id = a.alert_id) as channels from alerts a
where a.kind = 'digest' and a.found_at < :until and exists (select 1 from alert_deliveries d where d.alert_id = a.alert_id)
    and not exists (select 1 from alert_deliveries d where d.alert_id = a.alert_id and (d.state <> 'waiting' or d.tries > 0))
order by a.alert_id
"""
_SINCE = "select * from alerts where found_at > :since and found_at <= :until and kind <> 'start' order by alert_id"


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event that waits for one channel."""

    row: Mapping[str, Any]
    event: Event

    @property
    def number(self) -> int:
        return int(self.row["delivery_id"])


@dataclass(slots=True)
class Ledger:
    """What stands in the store: keys, and when each subject was last told of. ``since`` is ``None`` before the first round."""

    since: str | None
    keys: set[str] = field(repr=False)
    told: dict[str, str] = field(repr=False)

    def knows(self, key: str) -> bool:
        return key in self.keys

    def rested(self, subject: str, now: datetime, rest: timedelta) -> bool:
        """Whether nothing was told of ``subject`` within ``rest``; what a wrong clock dated in time to come keeps nothing silent."""
        last = self.told.get(subject)
        return last is None or not now - rest < moment_of(last) <= now + AHEAD


def read(store: Store) -> Ledger:
    """The ledger as it stands."""
    since, keys, told = None, set(), {}
    for key, kind, subject, found_at, state in store.tuples(
        "select key, kind, subject, found_at, state from alerts order by alert_id"
    ):
        keys.add(key)
        if kind == START:
            since = found_at
        elif state == TOLD or (state == KNOWN and kind != VERDICT):  # a first verdict is known, and was no news
            told[subject] = found_at
    return Ledger(since, keys, told)


def begin(store: Store, now: datetime) -> None:
    """Note since when alerts are asked for."""
    start = Event(START, START, START, "low", text_of(now), state="known")
    note(store, [(start, "known")], (), now)


def note(
    store: Store, found: Iterable[tuple[Event, str]], channels: Sequence[tuple[Event, str]], now: datetime
) -> None:
    """Write events with their states, and for each (event, channel) that it waits there: all of it or nothing."""
    at, numbers = text_of(now), {}
    with store.one_transaction():
        for event, state in found:
            rows = [_row(event, state, at), *(_row(event, "known", at, key) for key in event.also)]
            numbers[event.key] = store.add_rows("alerts", rows)[0]
        waiting = [
            {"alert_id": numbers[event.key], "channel": channel, "state": WAITING} for event, channel in channels
        ]
        store.add_rows("alert_deliveries", waiting)


def waiting(store: Store, channel: str) -> list[Delivery]:
    """What waits for a channel, the oldest first."""
    return [Delivery(row, _event(row)) for row in store.query(_WAITING, {"channel": channel})]


def settle(store: Store, deliveries: Sequence[Delivery], now: datetime, why: str | None = None) -> None:
    """Note that a channel told these, or with ``why`` that it could not."""
    at, rows = text_of(now), []
    for one in deliveries:
        row = {name: one.row[name] for name in ("delivery_id", "alert_id", "channel", "state", "tries", "told_at")}
        done = {"state": DELIVERED, "told_at": at} if why is None else {"tries": row["tries"] + 1}
        rows.append({**row, **done, "tried_at": at, "why": why})
    if rows:
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        store.replace_columns("alert_deliveries", columns, of=("delivery_id", [one.number for one in deliveries]))


def between(store: Store, since: str, until: str) -> Iterator[tuple[Event, str]]:
    """Events found after ``since`` and up to ``until``, each with its state."""
    for row in store.query(_SINCE, {"since": since, "until": until}):
        yield _event(row), row["state"]


def last_digest(store: Store, now: datetime) -> str | None:
    """When the last digest was made, but for any that a wrong clock dated in time to come."""
    made = "select max(found_at) from alerts where kind = 'digest' and found_at <= :until"
    return next(store.tuples(made, {"until": text_of(now + AHEAD)}))[0]  # type: ignore[no-any-return]


def unsent_digests(store: Store, now: datetime) -> list[tuple[int, Event, list[str]]]:
    """Digests made before ``now`` that were sent to nobody yet, each with its number and the channels it waits for."""
    rows = store.query(_UNSENT, {"until": text_of(now)})
    return [(row["alert_id"], _event(row), json.loads(row["channels"])) for row in rows]


def note_instead(store: Store, number: int, event: Event, channels: Sequence[str], now: datetime) -> None:
    """Write an event in place of the one of that number, which nobody was sent."""
    with store.one_transaction():
        for table in ("alert_deliveries", "alerts"):
            store.change_columns(table, {"alert_id": [number]}, {"alert_id": []})
        note(store, [(event, TOLD)], [(event, channel) for channel in channels], now)


def _row(event: Event, state: str, at: str, key: str | None = None) -> dict[str, object]:
    return {
        "key": key or event.key,
        "kind": event.kind,
        "subject": event.subject,
        "level": event.level,
        "brand": event.brand,
        "happened_at": event.at,
        "found_at": at,
        "state": state,
        "detail": json.dumps({} if key else dict(event.values), ensure_ascii=False),
    }


def _event(row: Mapping[str, Any]) -> Event:
    values = json.loads(row["detail"])
    return Event(row["kind"], row["key"], row["subject"], row["level"], row["happened_at"], row["brand"], values)
