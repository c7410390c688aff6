"""What each column of a table holds, so that every format and every data frame gets the same types."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import Literal

from data.dictionary import tables
from data.store import Store

Kind = Literal["text", "integer", "number", "boolean", "time", "json"]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BOOLEANS = _set("counted vote verified lost active newest after_data defining contradicted whole is_latest")
_MOMENTS = _set("first_seen last_seen first_post last_post newest_post first_order last_order last_as_before")
_JSON = _set(
    "evidence kinds detail reasons jumps forecast rule attributes missing against tried content skipped supported open"
)
_LISTS = {("verdicts", "expected"), ("assumptions", "expected"), ("verdict_readings", "contradicted")}
#: Periods as they were given: a day, a month or a year.
_PERIODS = {("assumptions", "made_at"), ("assumptions", "retired_at")}
#: Of what SQLite cannot tell the type of, since it is computed.
_COUNTS = _set(
    "posts authors sources offers promises versions posts_kept helpful orders returned cancelled recency_days"
)
_NUMBERS = _set("mean_severity price price_to was amount value refunded posts_per_page author_share time_share")
#: Few different values, often repeated: categories of a data frame.
CATEGORIES = _set(
    "source engine brand lang attribute who kind category role part area how state verdict segment customer_type "
    "subject step side lesson axis component currency platform unit agreement mark coder source_component group basis reading "
    "from_brand to_brand relation measure channel"
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what it holds and what it means. ``category``: few different values."""

    name: str
    kind: Kind
    about: str
    category: bool = False


def columns_of(store: Store, table: str, lang: str) -> list[Column]:
    """The columns of a table or view, in the order of its description."""
    declared = {str(row["name"]): str(row["type"]).upper() for row in store.query(f'pragma table_xinfo("{table}")')}
    described = tables(lang)[table]["columns"]
    return [
        Column(name, kind, about, kind == "text" and name in CATEGORIES)
        for name, about in described.items()
        if declared.get(name, "BLOB") != "BLOB"
        for kind in [_kind(table, name, declared[name])]
    ]


def _kind(table: str, name: str, declared: str) -> Kind:
    if name in _MOMENTS or (name.endswith("_at") and (table, name) not in _PERIODS):
        return "time"
    if name in _BOOLEANS and declared != "TEXT":
        return "boolean"
    if (table, name) in _LISTS or (name in _JSON and declared == "TEXT"):
        return "json"
    if declared in ("INTEGER", "INT"):
        return "integer"
    if declared == "REAL":
        return "number"
    if not declared and name in _COUNTS:
        return "integer"
    return "number" if not declared and name in _NUMBERS else "text"


def moment(value: object) -> datetime | None:
    """A stored moment in UTC; ``None`` for what is none."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def typed(kind: Kind) -> Callable[[object], object]:
    """What makes a stored value one of ``kind``: moments, truth values and finite numbers; JSON stays text."""
    return _TYPED[kind]


def _integer(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) and isfinite(value) else None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and isfinite(value) else None


def _boolean(value: object) -> bool | None:
    return bool(value) if isinstance(value, int | float) else None


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def parsed(value: object) -> object:
    """JSON as the value that it is; a text that is no JSON stays a text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


_TYPED: dict[Kind, Callable[[object], object]] = {
    "text": _text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "time": lambda value: None if value is None else moment(value),
    "json": _text,
}
