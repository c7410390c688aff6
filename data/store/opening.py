"""Connections to a database's file that only read, and say at once what is wrong with the file.

Nothing here, and nothing else in the program, opens the file itself: POSIX drops all locks of a process on a file as soon as the
process closes *any* descriptor of it, and another program would then take away the log from under a connection that still reads
(sqlite.org/howtocorrupt.html, 2.2). SQLite looks at the file by itself, and says what is no database.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path


def to_read(path: Path, *, timeout: float = 5.0) -> sqlite3.Connection:
    """A connection that only reads. It sees what others write meanwhile, but for one case: SQLite writes beside a file even to read
    it, and where nobody may write there (a CD, another's share) and no log waits, it is read as what cannot change.

    Raises ``sqlite3.DatabaseError`` where the file cannot be read or is no database.
    """
    try:
        return _opened(path, "mode=ro", timeout)
    except sqlite3.OperationalError as error:
        if not _for_want_of_writing(error) or not path.is_file() or _log_waits(path):
            raise
    return _opened(path, "mode=ro&immutable=1", timeout)


def _opened(path: Path, how: str, timeout: float) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?{how}", uri=True, timeout=timeout, check_same_thread=False)
    try:
        connection.execute("pragma schema_version").fetchone()  # the first look at the file
    except BaseException:
        connection.close()
        raise
    return connection


def _for_want_of_writing(error: sqlite3.OperationalError) -> bool:
    return any(mark in str(error).lower() for mark in ("unable to open database file", "readonly", "read-only"))


def _log_waits(path: Path) -> bool:
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0
