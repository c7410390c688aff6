"""The rows of each part as they leave the study: people as numbers, evidence as posts, findings without small groups."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from analysis.exporting.choice import FINDINGS, PERSONS, Part
from analysis.exporting.columns import Column
from analysis.exporting.hiding import OF_MARKET, RULES, told
from analysis.report import withholding
from data.store import Store

Values = Sequence[object]
_CHUNK = 5_000
_LEAST = 100_000_000  # nine digits: enough people for any study, and no spreadsheet rounds them


@dataclass
class Numbers:
    """A number of this export alone for everybody in it, the same in all of its tables.

    It is drawn, not counted: counted in the order of the posts, the same person would be the same number in every export.
    """

    known: dict[str, dict[object, int]] = field(default_factory=dict)
    _drawn: set[int] = field(default_factory=set)

    def of(self, what: str) -> Callable[[object], object]:
        """What turns a key of ``what`` (``author``, ``customer_key`` …) into its number."""
        seen = self.known.setdefault(what, {})

        def number(key: object) -> object:
            if key is None or key in seen:
                return seen.get(key)
            seen[key] = self._draw()
            return seen[key]

        return number

    def _draw(self) -> int:
        while (number := _LEAST + secrets.randbelow(9 * _LEAST)) in self._drawn:
            pass
        self._drawn.add(number)
        return number


@dataclass
class Table:
    """A part that is being read. ``count`` and ``hidden`` (rows of small groups) are right once all rows were taken."""

    name: str
    about: str
    columns: Sequence[Column]
    chunks: Callable[[], Iterator[list[Values]]]
    count: int = 0
    hidden: int = 0

    def rows(self) -> Iterator[list[Values]]:
        """Some thousand rows at a time, each row in the order of the columns."""
        for chunk in self.chunks():
            self.count += len(chunk)
            yield chunk


def read(store: Store, parts: Iterable[Part], *, minimum: int, authors: bool) -> Iterator[Table]:
    """The tables of ``parts``. People are numbers unless ``authors``; findings tell no group of fewer than ``minimum``."""
    numbers = Numbers()
    for part in parts:
        yield _table(store, part, minimum, None if authors else numbers)


def _table(store: Store, part: Part, minimum: int, numbers: Numbers | None) -> Table:
    columns = list(part.columns)
    changes: dict[int, Callable[[object], object]] = {}
    for place, column in enumerate(columns):
        if numbers is not None and column.name in PERSONS:
            changes[place] = numbers.of(column.name)
            columns[place] = replace(column, kind="integer", category=False)
    table = Table(part.name, part.about, columns, lambda: iter(()))

    def chunks() -> Iterator[list[Values]]:
        found: Iterable[Sequence[Values]] = store.chunks(part.sql, part.values, size=_CHUNK)
        if part.name in RULES:
            found = _findings(store, table, found, minimum)
        for chunk in found:
            yield [_changed(row, changes) for row in chunk] if changes else list(chunk)

    table.chunks = chunks
    return table


def _changed(row: Values, changes: dict[int, Callable[[object], object]]) -> Values:
    new = list(row)
    for place, change in changes.items():
        new[place] = change(new[place])
    return new


def _findings(store: Store, table: Table, chunks: Iterable[Sequence[Values]], minimum: int) -> Iterator[list[Values]]:
    """Findings whole, for what may be told of a row depends on the others; they are thousands of rows, never millions."""
    names = [column.name for column in table.columns]
    rows = [dict(zip(names, row, strict=True)) for chunk in chunks for row in chunk]
    of_market = (withholding.read(store, minimum), withholding.assumptions(store)) if table.name in OF_MARKET else ()
    kept, table.hidden = told(table.name, rows, minimum, *of_market)
    for start in range(0, len(kept), _CHUNK):
        some = kept[start : start + _CHUNK]
        if "evidence" in names and table.name in FINDINGS:
            posts = _post_ids(store, [row["evidence"] for row in some])
            some = [row | {"evidence": _as_posts(row["evidence"], posts)} for row in some]
        yield [list(row.values()) for row in some]


def _numbers_in(value: object) -> list[int]:
    if isinstance(value, dict):
        return [number for name, one in value.items() if name != "count" for number in _numbers_in(one)]
    return [one for one in value if isinstance(one, int)] if isinstance(value, list) else []


def _post_ids(store: Store, cells: Iterable[object]) -> dict[int, str]:
    wanted = sorted({number for cell in cells if isinstance(cell, str) for number in _numbers_in(json.loads(cell))})
    sql = "select id, post_id from posts where id in (select value from json_each(:wanted))"
    return {int(row["id"]): str(row["post_id"]) for row in store.query(sql, {"wanted": json.dumps(wanted)})}


def _as_posts(cell: object, posts: dict[int, str]) -> object:
    """Evidence as ids that other tables and other people know."""
    if not isinstance(cell, str):
        return cell
    value = json.loads(cell)
    if isinstance(value, dict):
        value = {
            name: [posts.get(one, one) for one in inside] if isinstance(inside, list) else inside
            for name, inside in value.items()
        }
    elif isinstance(value, list):
        value = [posts.get(one, one) if isinstance(one, int) else one for one in value]
    return json.dumps(value, ensure_ascii=False)
