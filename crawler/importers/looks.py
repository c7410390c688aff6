"""What kind of file a table looks like, so that one given as another kind is refused with the right command named.

What is told of customers by name, account or telephone in a list of orders would else be kept as an answer or as a post's words, and
what a customer told an agent in private as what everybody may read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from crawler.importers.analytics.meanings import DIMENSIONS, METRICS, column
from crawler.importers.columns import by_name
from crawler.importers.note_columns import notes_named
from crawler.importers.orders.meanings import known
from crawler.importers.raw import Sheet
from crawler.importers.tables import Table
from data.errors import InputError

_HEADER_WITHIN = 25
_LEAST_OF_ORDERS = 4
#: Of an order: what it costs and how it went. A survey may ask when and where somebody bought.
_ONLY_ORDERS = frozenset({"order_total", "line_total", "unit_price", "status", "return_status", "refund", "quantity"})


#: What an order costs. A list of complaints may well name the order and its state, but not these.
_MONEY = frozenset({"order_total", "line_total", "unit_price", "refund", "quantity"})
#: So many fields of an order say more than one column of words beside them.
_CERTAINLY_ORDERS = 7
_QUESTIONS = 3
_QUESTION = re.compile(r"\?\s*(?:\[.*\])?$|^Q\d+(?:\[.*\])?$")
#: What only posts have that everybody may read.
_OF_READERS = frozenset({"rating", "likes", "helpful", "reply_to"})


def kind_of(sheets: Iterable[Sheet]) -> str | None:
    """``orders`` or ``analytics`` where a line of names says so; ``None`` for anything else."""
    for sheet in sheets:
        for row in sheet.rows[:_HEADER_WITHIN]:
            if (kind := _of_names(row.cells)) is not None:
                return kind
    return None


def _of_names(names: Sequence[str]) -> str | None:
    fields = known(names)
    if "order_id" in fields and len(fields) >= _LEAST_OF_ORDERS and fields & _ONLY_ORDERS:
        return "orders"
    told = {found for cell in names if (found := column(cell))}
    if told & set(DIMENSIONS) and len(told & set(METRICS)) >= 2 and len(told) == len([c for c in names if c]):
        return "analytics"
    return None


def refuse_no_posts(table: Table) -> None:
    """Raise ``InputError`` where a table given as posts is plainly something else."""
    named, of_notes = by_name(table.columns), notes_named(table.columns)
    kind = _no_words(table, named, "text" in named)
    people = {"author_id", "author"} & set(of_notes)
    if kind is None and "agent" in of_notes and people and {"text", "note"} & set(of_notes) and not _public(named):
        kind = "notes"
    _refuse(table.path, "posts", kind)


def refuse_no_notes(table: Table) -> None:
    """Raise ``InputError`` where a table given as notes is plainly something else."""
    named, of_notes = by_name(table.columns), notes_named(table.columns)
    kind = _no_words(table, named, "text" in of_notes or "agent" in of_notes)
    if kind is None and "url" in named and _public(named) and not {"agent", "role"} & set(of_notes):
        kind = "posts"
    _refuse(table.path, "notes", kind)


def _public(named: Collection[str]) -> bool:
    return bool(_OF_READERS & set(named))


def _no_words(table: Table, named: Collection[str], has_words: bool) -> str | None:
    """``orders``, ``analytics`` or ``survey`` where a table's names say so, whichever line they stand in."""
    for names in (table.columns, *([*line.cells.values()] for line in table.sample()[:_HEADER_WITHIN])):
        kind, fields = _of_names(names), known(names)
        if kind == "orders" and (not fields & _MONEY or "rating" in named):
            kind = None
        if kind == "orders" and has_words and len(fields) < _CERTAINLY_ORDERS:
            kind = None
        if kind is not None:
            return kind
    asked = [name for name in table.columns if _QUESTION.search(name)]
    return "survey" if len(asked) >= _QUESTIONS and not has_words else None


def refuse_others(sheets: Iterable[Sheet], path: Path, wanted: str) -> None:
    """Raise ``InputError`` where a file is plainly of another kind than ``wanted``."""
    _refuse(path, wanted, kind_of(sheets))


def _refuse(path: Path, wanted: str, kind: str | None) -> None:
    if kind is not None:
        raise InputError("import_other_kind", path=path.name, wanted=wanted, kind=kind)
