"""The figures of every analysis, kept: what stood in a report can be told again, and set beside what stands in the next one.

A figure is written where it is not as it was before. Of analyses older than the newest :data:`NEWEST` the last of each month stays,
so that the table grows by at most twelve states a year, however often somebody analyses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from analysis.report import withholding
from data.store import Store
from data.study import MARKET

AUDIENCE, PAIN, VOICE, VERDICT, PRICE = "audience", "pain", "voice", "verdict", "price"
#: Whether a competitor's customers are like those one aims at.
ANSWER = "answer"
#: Whether a figure is told since a run, or is told no more.
TOLD, GONE = "told", "gone"
#: So many analyses are kept whole.
NEWEST = 30
_DIGITS = 9
_KEY = ("brand", "kind", "attribute", "value")
_FIGURES = ("answer", "count", "n", "share", "low", "high")
Row = dict[str, Any]
Key = tuple[str, str, str, str]
_NOW = """
select brand, 'audience' as kind, attribute, value, null as answer, authors as "count", told as n, share, low, high from audience_shares
union all select brand, 'pain', 'pain', category, null, authors, audience, share, low, high from pain_shares where authors > 0
union all select brand, 'voice', 'voice', '', null, authors, n, share, low, high from share_of_voice where month = 'all'
union all select brand, 'verdict', coalesce(assumption, segment || '/' || position), '', verdict, null, n, share, low, high from verdicts
"""
_PRICES = "select * from offer_prices order by since"


def figures(store: Store, minimum: int) -> Iterator[Row]:
    """Every figure of the analysis that stands in the store, as a row of ``kept_figures`` without its run; of the market none by which a
    brand's small group could be worked out, for what moved is told of what is told."""
    withheld, about = withholding.read(store, minimum), withholding.assumptions(store)
    for row in store.query(_NOW):
        subject = about.get(row["attribute"]) if row["kind"] == VERDICT else (row["attribute"], row["value"])
        hidden = row["brand"] == MARKET and subject is not None and withheld.covers(*subject)
        few = row["count"] is not None and 0 < row["count"] < minimum - 10**-_DIGITS
        if not (hidden or few) and (row["n"] or 0) >= minimum:
            yield row
        elif row["kind"] == VERDICT:
            yield {**row, "n": None, "share": None, "low": None, "high": None}
    for row in store.query("select brand, verdict from comparisons where measure = 'verdict'"):
        figure = dict.fromkeys(_FIGURES) | {"answer": row["verdict"]}
        yield dict(zip(_KEY, (row["brand"], ANSWER, ANSWER, ""), strict=True)) | figure
    newest: dict[Key, Row] = {}
    for row in store.query(_PRICES):
        money = " / ".join(part for part in (row["currency"], row["per"]) if part)
        key = (row["brand"], PRICE, row["url"], row["offer"])
        newest[key] = dict(zip(_KEY, key, strict=True)) | dict.fromkeys(_FIGURES) | {
            "answer": money, "count": row["price"],
        }  # fmt: skip
    yield from newest.values()


def keep(store: Store, run: int, checked_at: str, now: Iterable[Row]) -> int:
    """Write to ``kept_figures`` what is not as after the run before, and thin old runs; how many rows were new."""
    before = state(store, run)
    rows = {_key(row): row for row in now}
    told = [_row(row, run, checked_at, TOLD) for key, row in rows.items() if _figures(row) != _figures(before.get(key))]
    gone = [_row(dict(zip(_KEY, key, strict=True)), run, checked_at, GONE) for key in before if key not in rows]
    store.add_rows("kept_figures", [*told, *gone])
    _thin(store)
    return len(told) + len(gone)


def state(store: Store, run: int) -> dict[Key, Row]:
    """Every figure as it was told after an analysis, by brand, kind, attribute and value."""
    rows = store.query("select * from kept_figures where run_id <= :run order by run_id", {"run": run})
    newest = {_key(row): row for row in rows}
    return {key: row for key, row in newest.items() if row["state"] == TOLD}


def runs(store: Store) -> list[int]:
    """The analyses whose figures were kept, oldest first."""
    finished = "select run_id from runs where what = 'find' and state = 'done' order by run_id"
    first = next(iter(store.query("select min(run_id) as run from kept_figures")))["run"]
    return [row["run_id"] for row in store.query(finished) if first is not None and row["run_id"] >= first]


def _thin(store: Store) -> None:
    """Of each figure's rows older than the newest runs, leave the last of every month."""
    every = [row["run_id"] for row in store.query("select distinct run_id from kept_figures order by run_id")]
    if len(every) <= NEWEST:
        return
    oldest = every[-NEWEST]
    rows = list(store.query("select * from kept_figures order by run_id"))
    last = {(*_key(row), row["checked_at"][:7]): row["run_id"] for row in rows if row["run_id"] < oldest}
    left = [row for row in rows if row["run_id"] >= oldest or last[*_key(row), row["checked_at"][:7]] == row["run_id"]]
    if len(left) < len(rows):
        store.replace_rows("kept_figures", left)


def _key(row: Mapping[str, Any]) -> Key:
    return (row["brand"], row["kind"], row["attribute"], row["value"])


def _figures(row: Mapping[str, Any] | None) -> Sequence[Any] | None:
    if row is None:
        return None
    values = (row.get(name) for name in _FIGURES)
    return [round(float(value), _DIGITS) if isinstance(value, int | float) else value for value in values]


def _row(row: Mapping[str, Any], run: int, checked_at: str, state_: str) -> Row:
    figures_ = {name: row.get(name) if state_ == TOLD else None for name in _FIGURES}
    return {**{name: row[name] for name in _KEY}, **figures_, "run_id": run, "checked_at": checked_at, "state": state_}
