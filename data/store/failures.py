"""From SQLite's errors to the sentences that a user meets."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from data.errors import StoreError

if TYPE_CHECKING:
    from sqlite_utils import Database

_SENTENCES = (
    (("database is locked", "database table is locked", "database schema is locked"), "database_locked"),
    (("database or disk is full",), "database_full"),
    (("readonly database", "unable to open database file", "read-only"), "database_read_only"),
    (("file is not a database", "file is encrypted"), "not_a_database"),
    (("image is malformed", "malformed database schema"), "database_damaged"),
    (("disk i/o error",), "database_input_output"),
)
_LONGEST_CHECK = 20.0


def what_is_wrong_with_the_file(error: sqlite3.DatabaseError) -> str | None:
    """The sentence's key where ``error`` is about the file itself and not about a statement."""
    message = str(error).lower()
    return next((key for marks, key in _SENTENCES if any(mark in message for mark in marks)), None)


@contextmanager
def told_plainly(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about the file itself into :class:`StoreError`; errors of a statement pass through."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        key = what_is_wrong_with_the_file(error)
        if key is None:
            raise
        if key == "database_input_output" and _is_damaged(path):
            key = "database_damaged"
        why = getattr(error, "sqlite_errorname", None)
        raise StoreError(key, path=path, why=f"{error}, {why}" if why else error) from error


@contextmanager
def writing(path: Path, database: Database) -> Iterator[None]:
    """One transaction that takes the lock at once, and waits for it: one that began by reading could not wait, for what it read
    would be old by then. Inside another it is a part of that. SQLite's errors about the file are told plainly."""
    with told_plainly(path):
        if not database.conn.in_transaction:
            database.conn.execute("begin immediate")
            try:
                yield
                database.conn.commit()
            except BaseException:
                database.conn.rollback()
                raise
        else:
            with database.atomic():
                yield


def _is_damaged(path: Path) -> bool:
    """Whether SQLite finds damage in the file within some seconds. A write that failed (disk full, a limit on file sizes,
    a drive that went away) leaves none."""
    ends = time.monotonic() + _LONGEST_CHECK
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as look:
            look.set_progress_handler(lambda: time.monotonic() > ends, 100_000)
            return bool(look.execute("pragma quick_check(1)").fetchone()[0] != "ok")
    except sqlite3.OperationalError:
        return False  # it could not be looked at, or not in time
    except sqlite3.DatabaseError:
        return True
