"""The schema, step by step: one file of SQL a step, applied in the order of its name, and one step in Python.

A step that has landed is never edited; the next change is a new file. One exception was made before anything was released:
the first steps now name the column that every key points at, and :func:`_name_key_columns` says so in older databases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from sqlite3 import complete_statement

from data.store.library import Database, Migrations

FOLDER = Path(__file__).parent / "schema"
_KEYS = "0004_name_key_columns"
_KEY = re.compile(r"\breferences (\w+)(?!\s*\(|\w)", re.IGNORECASE)

migrations = Migrations("chandung")


def _name_key_columns(db: Database) -> None:
    """Write ``references brands (brand_id)`` where a table says ``references brands``.

    SQLite understands both, but tells whoever asks for a key's column nothing for the second, and Datasette then shows
    no row of the table. Each such table is made anew; what its rows hold stays.
    """
    keys = dict(
        db.execute("select m.name, i.name from sqlite_master m, pragma_table_info(m.name) i where i.pk = 1").fetchall()
    )
    tables = db.execute("select name, sql from sqlite_master where type = 'table' and sql is not null").fetchall()
    unnamed = {
        name: _KEY.sub(lambda match: f"{match[0]} ({keys[match[1]]})", sql) for name, sql in tables if _KEY.search(sql)
    }
    db.execute("pragma legacy_alter_table = on")  # other tables' keys shall go on meaning the new table
    try:
        for name, sql in unnamed.items():
            _make_anew(db, name, sql)
    finally:
        db.execute("pragma legacy_alter_table = off")


def _make_anew(db: Database, name: str, sql: str) -> None:
    beside = db.execute(
        "select sql from sqlite_master where tbl_name = ? and type in ('index', 'trigger') and sql is not null", (name,)
    ).fetchall()
    db.execute(f"alter table {name} rename to {name}_before")
    db.execute(sql)
    db.execute(f"insert into {name} select * from {name}_before")  # noqa: S608 - a name out of the schema
    db.execute(f"drop table {name}_before")
    for (statement,) in beside:
        db.execute(statement)


def _statements(script: str) -> Iterator[str]:
    """The statements of a step's file, each of which ends where a line does.

    The library's ``executescript`` asks after every letter whether a statement is whole: most of what a new database took.
    """
    lines: list[str] = []
    for line in script.splitlines(keepends=True):
        lines.append(line)
        if line.rstrip().endswith(";") and complete_statement(whole := "".join(lines)):
            yield whole
            lines = []
    if rest := "".join(lines).strip():
        yield rest


def _file(path: Path) -> None:
    def apply(db: Database) -> None:
        for statement in _statements(path.read_text(encoding="utf-8")):
            db.execute(statement)

    migrations(name=path.stem)(apply)


_FILES = {path.stem: path for path in FOLDER.glob("*.sql")}
#: The names of all steps, in order.
STEPS = sorted([*_FILES, _KEYS])
for _step in STEPS:
    if _step == _KEYS:
        migrations(name=_KEYS)(_name_key_columns)
    else:
        _file(_FILES[_step])
