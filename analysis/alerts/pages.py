"""A competitor's page says something else: a price, an offer, a claim.

All changes of one kind that one reading of a page brought are one event. The same change seen on another page of the brand within a
week (a price stands on the home page and in the shop) is the same news.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from analysis.alerts.event import CLAIM, LOW, NORMAL, OFFER, PRICE, SMALL, TOLD, Event, digest_of, moment_of, text_of
from analysis.alerts.ledger import Ledger
from data.folding import fold
from data.store import Store
from data.study import Study

#: What stands on several pages of a brand is told once, if they are read within so many days.
ONCE = timedelta(days=7)
#: What is older was told, or was known when alerts began.
REACH = timedelta(days=45)
#: A key stands in the event's values for so many changes; the others are counted.
_SHOWN = 12
_KIND = {"price": PRICE, "was": PRICE, "offer": OFFER, "discount": OFFER}
_CHANGES = """
select b.name as brand, c.* from landing_changes c join brands b using (brand_id) join sources s on s.source_id = c.source_id
where b.role = 'competitor' and b.active and s.active and c.changed_at > :since and c.changed_at <= :until
order by c.changed_at, c.change_id
"""
Row = Mapping[str, Any]


def find(store: Store, study: Study, ledger: Ledger, now: datetime) -> Iterator[Event]:
    """What competitors' pages say otherwise, one event a reading of a page and kind."""
    rows = list(store.query(_CHANGES, {"since": text_of(now - REACH), "until": text_of(now)}))
    first = list(_first_seen(rows))
    by_reading = sorted(first, key=lambda row: (row["snapshot_id"], _kind(row)))
    for _, same in groupby(by_reading, key=lambda row: (row["snapshot_id"], _kind(row))):
        yield _event(list(same), study)


def _kind(row: Row) -> str:
    return _KIND.get(row["area"], CLAIM)


def _first_seen(rows: Sequence[Row]) -> Iterator[Row]:
    """Changes without those that another page of the brand showed within a week before."""
    newest: dict[tuple[Any, ...], tuple[datetime, set[str]]] = {}
    for row in rows:
        same = (
            row["brand"], row["area"], row["how"], fold(row["subject"] or ""),
            row["before_amount"] if row["before_amount"] is not None else fold(row["before"] or ""),
            row["after_amount"] if row["after_amount"] is not None else fold(row["after"] or ""),
            row["currency"], row["per"],
        )  # fmt: skip
        at = moment_of(row["changed_at"])
        began, urls = newest.get(same, (at, set()))
        if urls and row["url"] not in urls and at - began <= ONCE:
            urls.add(row["url"])
            continue
        newest[same] = at, {row["url"]}
        yield row


def _event(rows: Sequence[Row], study: Study) -> Event:
    kind, first = _kind(rows[0]), rows[0]
    moved = [(row, _moved(row)) for row in rows]
    told = [row for row, by in moved if by is None or by >= study.alerts.price_change]
    key = digest_of(kind, first["url"], first["changed_at"], *sorted(_said(row) for row in rows))
    shown = _once(told or rows) if kind == CLAIM else told or rows
    values = {
        "url": first["url"],
        "count": len(shown),
        "changes": [
            {"vi": row["said_vi"], "en": row["said_en"], "moved": _moved(row, signed=True)} for row in shown[:_SHOWN]
        ],
    }
    level = LOW if kind == CLAIM else NORMAL
    state = TOLD if told else SMALL
    return Event(
        kind,
        f"{kind}|{key}",
        f"page|{first['brand']}|{kind}",
        level,
        first["changed_at"],
        first["brand"],
        values,
        state,
    )


def _once(rows: Sequence[Row]) -> list[Row]:
    """One sentence that counts as benefit and as proof was edited once, also where it took another's place as one of these only."""
    first: dict[tuple[str, str, str], Row] = {}
    for row in rows:
        first.setdefault((row["how"], fold(row["before"] or ""), fold(row["after"] or "")), row)
    pairs = [(before, after) for how, before, after in first if how == "changed"]
    gone, come = {before for before, _ in pairs}, {after for _, after in pairs}
    return [
        row
        for (how, before, after), row in first.items()
        if not (how == "removed" and before in gone) and not (how == "added" and after in come)
    ]


def _said(row: Row) -> str:
    return "\x1f".join(str(row[name]) for name in ("area", "how", "subject", "before", "after"))


def _moved(row: Row, *, signed: bool = False) -> float | None:
    """By how many percent a price moved; ``None`` where that cannot be said, or it is no price."""
    before, after = row["before_amount"], row["after_amount"]
    if row["area"] not in ("price", "was") or not before or after is None:
        return None
    percent = float((after - before) / before * 100)
    return percent if signed else abs(percent)
