"""Every check of every assumption, kept: one row where the answer is not that of the check before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from data.store import Store

Row = Mapping[str, Any]
_KEY = ("assumption", "version", "brand", "kind")
_ANSWER = ("verdict", "share", "low", "high", "count", "n")
_DIGITS = 9


def keep(store: Store, run: int, rows: Iterable[Row]) -> int:
    """Add what is new among the newest verdicts to ``verdict_history``; how many rows that were."""
    before = list(store.query("select * from verdict_history order by run_id"))
    last = {tuple(row[name] for name in _KEY): _answer(row) for row in before}
    new = [
        {**{name: row[name] for name in (*_KEY, *_ANSWER)}, "run_id": run, "checked_at": row["checked_at"]}
        for row in rows
        if last.get(tuple(row[name] for name in _KEY)) != _answer(row)
    ]
    if new:
        store.replace_rows("verdict_history", [*before, *new])
    return len(new)


def _answer(row: Row) -> tuple[Any, ...]:
    return tuple(round(value, _DIGITS) if isinstance(value, float) else value for value in (row[n] for n in _ANSWER))
