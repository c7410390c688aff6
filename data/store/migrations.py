"""The schema, step by step: one file of SQL a step, applied in the order of its name.

A step that has landed is never edited; the next change is a new file.
"""

from __future__ import annotations

from pathlib import Path

from data.store.library import Database, Migrations

FOLDER = Path(__file__).parent / "schema"

migrations = Migrations("chandung")


def _step(path: Path) -> None:
    def apply(db: Database) -> None:
        db.executescript(path.read_text(encoding="utf-8"))

    migrations(name=path.stem)(apply)


for _path in sorted(FOLDER.glob("*.sql")):
    _step(_path)
