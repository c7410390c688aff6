"""What every table, view and column of a study's database means, in both languages."""

from __future__ import annotations

from typing import Any

from data.words import entry

#: The full-text indexes.
INDEXES = ("posts_fts", "threads_fts")
#: Tables that SQLite or sqlite-utils keep for themselves.
INTERNAL = (
    "_sqlite_migrations",
    *(f"{index}_{part}" for index in INDEXES for part in ("config", "data", "docsize", "idx")),
)


def tables(lang: str) -> dict[str, dict[str, Any]]:
    """Table or view → ``{"about": sentence, "columns": {column: sentence}}``, what a researcher needs first standing first.

    A column that means the same everywhere is described once, under ``tables.columns``.
    """
    shared = entry("tables.columns", lang)
    found: dict[str, dict[str, Any]] = {}
    for name, words in entry("tables.table", lang).items():
        own = words.get("own", {})
        found[name] = {
            "about": words["about"],
            "columns": {column: own.get(column) or shared[column] for column in words["columns"].split()},
        }
    return found
