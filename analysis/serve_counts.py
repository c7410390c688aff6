# ruff: noqa: S608 - statements are put together from fixed parts; what was typed goes in as parameters
"""The counts above a table of a million rows, from what is kept counted: Datasette asks the view, which would take seconds.

A question is only answered otherwise where every filter in it is on a column that the counts know; whatever else is asked goes its
own way, with little time: a page without a number is better than none.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from analysis.serve_csv import App, Receive, Scope, Send

#: Rows of a question's answer that its page shows; its files have all that were found.
ROWS_SHOWN = 200
#: Milliseconds for a count or a facet that nothing quicker answers.
PATIENCE = 60

_COUNT = re.compile(r"select count\(\*\) from \[?(?P<view>\w+)\]? ?(?:where (?P<where>.*))?", re.DOTALL)
_FACET = re.compile(
    r"\s*select \[?(?P<column>\w+)\]? as value, count\(\*\) as count from \(\s*"
    r"select .*? from \[?(?P<view>\w+)\]? ?(?:where (?P<where>.*?))?\s*\)\s*"
    r"where \[?(?P=column)\]? is not null\s+group by \[?(?P=column)\]? order by count desc, value limit (?P<limit>\d+)\s*",
    re.DOTALL,
)
_EQUALS = re.compile(r'"?\[?(?P<column>\w+)\]?"? = :(?P<parameter>p\d+)')


@dataclass(frozen=True)
class _Counted:
    """A table with counts of a view's rows. ``number`` sums them; ``columns`` are the view's, each with what it is there."""

    table: str
    number: str
    columns: dict[str, str]
    #: Columns that are another table's name for a key: table, key and name of it.
    named: dict[str, tuple[str, str, str]] = field(default_factory=dict)


_BRAND, _SOURCE = ("brands", "brand_id", "name"), ("sources", "source_id", "url")
_KEPT = {
    "posts_flat": _Counted("post_counts", "sum(k.posts)", {}, {"brand": _BRAND, "source": _SOURCE}),
    "cues_flat": _Counted("cue_counts", "sum(k.cues)", {"attribute": "attribute", "value": "value"}),
    "pains_flat": _Counted("pains", "count(*)", {"category": "category", "kind": "kind"}, {"brand": _BRAND}),
}


def quicker(sql: str) -> str | None:
    """A statement with the same answer as one of Datasette's counts or facets; ``None`` where there is none."""
    if match := _COUNT.fullmatch(sql.strip()):
        kept = _KEPT.get(match["view"])
        where = _where(kept, match["where"]) if kept else None
        return f"select coalesce({kept.number}, 0) from {kept.table} k{where}" if kept and where is not None else None
    match = _FACET.fullmatch(sql)
    kept = _KEPT.get(match["view"]) if match else None
    if match is None or kept is None:
        return None
    where, column = _where(kept, match["where"]), match["column"]
    if where is None:
        return None
    if column in kept.named:
        table, key, name = kept.named[column]
        told, beside = f"f.{name}", f" join {table} f on f.{key} = k.{key}"
    elif column in kept.columns:
        told, beside = f"k.{kept.columns[column]}", ""
    else:
        return None
    return (
        f"select {told} as value, {kept.number} as count from {kept.table} k{beside}{where} "
        f"group by 1 having {kept.number} > 0 order by count desc, value limit {match['limit']}"
    )


def _where(kept: _Counted, where: str | None) -> str | None:
    """The filters in the words of the table with the counts; ``None`` where it does not know one of them."""
    if not where or not where.strip():
        return ""
    conditions = []
    for part in where.strip().split(" and "):
        match = _EQUALS.fullmatch(part.strip())
        if match is None:
            return None
        column, parameter = match["column"], match["parameter"]
        if column in kept.columns:
            conditions.append(f"k.{kept.columns[column]} = :{parameter}")
        elif column in kept.named:
            table, key, name = kept.named[column]
            conditions.append(f"k.{key} = (select n.{key} from {table} n where n.{name} = :{parameter})")
        else:
            return None
    return " where " + " and ".join(conditions)


def counting(execute: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """Datasette's ``execute`` with counts and facets asked the quick way; the terminal shows no question that went wrong."""

    async def asked(sql: str, *others: Any, **named: Any) -> Any:
        named["log_sql_errors"] = False  # the page says what is wrong with a question
        quick = quicker(sql)
        if quick is None and (_COUNT.fullmatch(sql.strip()) or _FACET.fullmatch(sql)):
            named["custom_time_limit"] = PATIENCE
        found = await execute(quick or sql, *others, **named)
        if _a_page.get() and named.get("truncate") and not named.get("page_size") and len(found.rows) > ROWS_SHOWN:
            found.rows, found.truncated = found.rows[:ROWS_SHOWN], True
        return found

    return asked


_a_page: ContextVar[bool] = ContextVar("a_page", default=False)


def of_page(app: App) -> App:
    """``app`` that knows while it answers whether a page is wanted, or a file of rows."""

    async def knowing(scope: Scope, receive: Receive, send: Send) -> None:
        wanted = _a_page.set(scope["type"] == "http" and not scope["path"].endswith((".json", ".csv")))
        try:
            await app(scope, receive, send)
        finally:
            _a_page.reset(wanted)

    return knowing
