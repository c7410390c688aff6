"""What an analysis writes into SQLite, millions of rows at a time."""

from __future__ import annotations

import itertools
import json
from abc import ABC
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from data.store.base import Store
from data.store.failures import writing
from data.store.library import Database

#: Rows that are handed over at once: as Python's numbers they take far more room than as an array's.
_AT_ONCE = 50_000


class SQLiteFound(Store, ABC):
    """The part of the SQLite store that takes findings."""

    _db: Database
    path: Path

    def replace_rows(self, table: str, rows: Iterable[Mapping[str, object]]) -> None:
        found = list(rows)  # made before the lock is taken
        with writing(self.path, self._db):
            self._db.conn.execute(f'delete from "{table}"')  # noqa: S608 - a table's name out of our code
            for columns, part in itertools.groupby(found, key=tuple):
                values = (tuple(map(_plain, row.values())) for row in part)
                self._db.conn.executemany(_insert(table, columns), values)

    def replace_columns(
        self, table: str, columns: Mapping[str, Any], *, of: tuple[str, Sequence[int]] | None = None
    ) -> None:
        with writing(self.path, self._db):
            if of is None:
                self._db.conn.execute(f'delete from "{table}"')  # noqa: S608
            else:
                name, keys = of
                self._db.conn.execute(
                    f'delete from "{table}" where "{name}" in (select value from json_each(?))',  # noqa: S608
                    (json.dumps([int(key) for key in keys]),),
                )
            self._db.conn.executemany(_insert(table, tuple(columns)), _rows(list(columns.values())))

    def change_columns(self, table: str, gone: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        which = " and ".join(f'"{name}" = ?' for name in gone)
        with writing(self.path, self._db):
            self._db.conn.executemany(f'delete from "{table}" where {which}', _rows(list(gone.values())))  # noqa: S608
            self._db.conn.executemany(_insert(table, tuple(new)), _rows(list(new.values())))

    def kept_columns(self, rests_on: str) -> dict[str, bytes]:
        rows = self.tuples("select name, data from kept_columns where rests_on = ?", (rests_on,))
        return dict(rows)

    def keep_columns(self, rests_on: str, columns: Mapping[str, bytes], *, change: int) -> None:
        with writing(self.path, self._db):
            self._db.conn.execute("delete from kept_columns")
            self._db.conn.executemany(
                "insert into kept_columns (name, rests_on, data) values (?, ?, ?)",
                [(name, rests_on, data) for name, data in columns.items()],
            )
            self._db.conn.execute("delete from changed_posts where change <= ?", (change,))

    def changed_posts(self) -> tuple[list[int], int]:
        rows = list(self.tuples("select post, change from changed_posts order by post"))
        return [post for post, _ in rows], max((change for _, change in rows), default=0)


def _plain(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, tuple, dict)) else value


@cache
def _insert(table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    return f'insert into "{table}" ({names}) values ({", ".join("?" * len(columns))})'  # noqa: S608


def _rows(columns: Sequence[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(columns[0]) if columns else 0, _AT_ONCE):
        parts = [column[start : start + _AT_ONCE] for column in columns]
        yield from zip(*(part.tolist() if hasattr(part, "tolist") else part for part in parts), strict=True)
