"""A study's data as pandas data frames: ``chandung.load("study.yaml").posts``."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.exporting.choice import SHORT
from analysis.exporting.columns import Column, columns_of
from data.dictionary import tables
from data.errors import InputError
from data.words import language, tell

if TYPE_CHECKING:
    from pandas import DataFrame, Series

    from data.store import Store
    from data.study import Study as StudyFile

_CHUNK = 50_000


class Study:
    """A study to be looked at in pandas. Every table and view is an attribute, read when it is first asked for.

    ``posts``, ``reviews``, ``pains``, ``cues`` and ``labels`` are the views ``posts_flat`` and so on; all others have the
    names that ``chandung schema --tables`` lists. Moments are in UTC, counts nullable integers, codes categories, yes and no
    nullable booleans. What is read is kept: :meth:`refresh` forgets it.

    It is the database as it is: small groups are in it, and authors are keyed hashes.
    """

    if TYPE_CHECKING:  # what is asked for most, for editors and type checkers
        posts: DataFrame
        reviews: DataFrame
        pains: DataFrame
        cues: DataFrame
        labels: DataFrame
        audiences: DataFrame
        audience_shares: DataFrame
        pain_shares: DataFrame
        verdicts: DataFrame
        portraits: DataFrame
        comparisons: DataFrame
        segments: DataFrame
        trends: DataFrame
        offers_current: DataFrame

    def __init__(self, path: str | Path | None = None) -> None:
        """Open the study at ``path``: its file, its folder or its database; without one, that of the current folder.

        Raises :class:`data.errors.InputError` where there is no study, :class:`data.errors.StoreError` where there is no
        database yet.
        """
        from data.store import open_store
        from data.where import database_of, study_of

        given = None if path is None else Path(path)
        self.database: Path = database_of(given)
        self.file: StudyFile | None = study_of(given, self.database)
        with open_store(self.database, read_only=True):
            pass  # what is missing or no database is told at once
        self._kept: dict[str, DataFrame] = {}

    def __repr__(self) -> str:
        return f"<chandung study {self.database.stem!r}>"

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *SHORT, *tables("en")})

    def __getattr__(self, name: str) -> DataFrame:
        table = SHORT.get(name, name)
        if name.startswith("_") or table not in tables("en"):
            raise AttributeError(self._no_such(name))
        return self.table(table)

    def table(self, name: str) -> DataFrame:
        """The table or view of that very name. Raises ``InputError`` with the nearest name where there is none."""
        if name not in tables("en"):
            close = get_close_matches(name, tables("en"), n=1)
            nearest = tell("study.nearest", word=close[0]) if close else ""
            raise InputError("no_such_table", name=name, nearest=nearest)
        if name not in self._kept:
            with self._open() as store:
                columns = columns_of(store, name, language())
                said = ", ".join(f'"{column.name}"' for column in columns)
                self._kept[name] = _frame(store, f'select {said} from "{name}"', {}, columns)  # noqa: S608 - our own names
        return self._kept[name]

    def query(self, sql: str, **parameters: object) -> DataFrame:
        """The answer to a query: ``"select …"``, or ``"@top_pains"`` for a named one, with values for its ``:parameters``.

        Columns named like moments are moments in UTC. Raises ``InputError`` for a query that fails, writes, or does not
        have such a parameter.
        """
        from data.parameters import values_for
        from data.store.queries import named_query

        by_name = sql.startswith("@")
        text = named_query(sql[1:]) if by_name else sql
        values_for(text, [(name, str(value)) for name, value in parameters.items()], rest_is_null=by_name)
        values = values_for(text, [], rest_is_null=by_name) | parameters
        with self._open() as store:
            return _answer(store, text, values)

    @property
    def tables(self) -> DataFrame:
        """Every table and view: ``table``, ``about``."""
        import pandas as pd

        rows = [(name, words["about"]) for name, words in tables(language()).items()]
        return pd.DataFrame(rows, columns=["table", "about"])

    def columns(self, name: str) -> Series[str]:
        """What each column of a table means: its text by its name."""
        import pandas as pd

        return pd.Series(tables(language())[SHORT.get(name, name)]["columns"], name=name, dtype="str")

    @cached_property
    def codebook(self) -> DataFrame:
        """Every code: ``of`` (an attribute, ``category`` …), ``code``, ``meaning`` in the interface's language."""
        import pandas as pd

        from analysis.exporting.describing import CODE_COLUMNS, codes

        return pd.DataFrame(list(codes(language())), columns=list(CODE_COLUMNS))

    def refresh(self) -> None:
        """Forget what was read: the next look reads the database again."""
        self._kept.clear()

    def _open(self) -> Store:
        from data.store import open_store

        return open_store(self.database, read_only=True)

    def _no_such(self, name: str) -> str:
        close = get_close_matches(name, self.__dir__(), n=1)
        nearest = tell("study.nearest", word=close[0]) if close else ""
        return str(InputError("no_such_table", name=name, nearest=nearest))


def _frame(store: Store, sql: str, values: dict[str, object], columns: list[Column]) -> DataFrame:
    import pandas as pd

    names = [column.name for column in columns]
    pieces = [pd.DataFrame(chunk, columns=names) for chunk in store.chunks(sql, values, size=_CHUNK)]
    frame = pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame(columns=names)
    for column in columns:
        frame[column.name] = _typed(frame[column.name], column)
    return frame


def _answer(store: Store, sql: str, values: dict[str, object]) -> DataFrame:
    """The answer to a query, whose columns only SQLite knows: its names decide what is a moment."""
    import pandas as pd

    rows = iter(store.query(sql, values))
    pieces = [pd.DataFrame(some) for some in iter(lambda: list(islice(rows, _CHUNK)), [])]
    if not pieces:
        [empty] = store.query(f"select q.* from (select 1) left join (\n{sql.rstrip().rstrip(';')}\n) q on 0", values)  # noqa: S608 - the user's own query, read only
        pieces = [pd.DataFrame(columns=list(empty))]
    frame = pd.concat(pieces, ignore_index=True)
    for column in _guessed(frame):
        frame[column.name] = _typed(frame[column.name], column)
    return frame


def _guessed(frame: DataFrame) -> Iterator[Column]:
    """Moments by their names; everything else stays as SQLite gives it."""
    for name in frame.columns:
        if str(name).endswith("_at") or str(name) in ("first_seen", "last_seen", "first_post", "last_post"):
            yield Column(str(name), "time", "")


def _typed(values: Any, column: Column) -> Any:
    """A column of a frame in its type. Missing stays missing: an empty count is no zero."""
    import pandas as pd

    if column.kind == "time":
        return pd.to_datetime(values, utc=True, format="ISO8601", errors="coerce")
    if column.kind in _NUMBERS:
        return pd.to_numeric(values, errors="coerce").astype(_NUMBERS[column.kind])
    return values.astype("category" if column.category else "str")


_NUMBERS = {"integer": "Int64", "number": "float64", "boolean": "boolean"}


def load(path: str | Path | None = None) -> Study:
    """The study at ``path``, as :class:`Study` opens it."""
    return Study(path)
