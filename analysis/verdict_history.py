"""Every check of every assumption, kept: one row where the answer is not that of the check before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from data.store import Store

Row = Mapping[str, Any]
_KEY = ("assumption", "version", "brand", "kind")
_ANSWER = ("verdict", "share", "low", "high", "count", "n")
_DIGITS = 9
_LAST = """
select h.* from verdict_history h join (
    select assumption, version, brand, kind, max(run_id) as run_id from verdict_history where run_id < :run
    group by assumption, version, brand, kind
) using (assumption, version, brand, kind, run_id)
"""


def keep(store: Store, run: int, rows: Iterable[Row]) -> int:
    """Add what is new among the newest verdicts to ``verdict_history``; how many rows that were."""
    last = {tuple(row[name] for name in _KEY): _answer(row) for row in store.query(_LAST, {"run": run})}
    new = [
        {**{name: row[name] for name in (*_KEY, *_ANSWER)}, "run_id": run, "checked_at": row["checked_at"]}
        for row in rows
        if last.get(tuple(row[name] for name in _KEY)) != _answer(row)
    ]
    # Of this run alone: what stands there of earlier ones is not touched.
    columns = {name: [row[name] for row in new] for name in (*_KEY, *_ANSWER, "run_id", "checked_at")}
    store.replace_columns("verdict_history", columns, of=("run_id", [run]))
    return len(new)


def last(store: Store, brand: str) -> list[dict[str, Any]]:
    """The last answer of each kind of evidence to each version of an assumption, as a row of ``verdicts_by_kind`` about everybody:
    what is left of those that are checked no more."""
    query = "select * from verdict_history where brand = :brand order by run_id"
    newest = {tuple(row[name] for name in _KEY): row for row in store.query(query, {"brand": brand})}
    blank = {
        "audience": "all",
        "import_id": None,
        "unit": "people",
        "newest": 1,
        "period_from": None,
        "period_to": None,
    }
    return [{**row, **blank, "why": "few" if row["verdict"] == "not_enough" else None} for row in newest.values()]


def _answer(row: Row) -> tuple[Any, ...]:
    return tuple(round(value, _DIGITS) if isinstance(value, float) else value for value in (row[n] for n in _ANSWER))
