"""Undoing an import: everything that points at it goes with it, whatever tables there are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from sqlite3 import Connection

from data.errors import InputError

#: Copies whose first is gone point at the earliest that is left.
COPIES_OF_NOTHING = """
update posts set duplicate_of = (
    select nullif(f.post_id, posts.post_id) from posts f where f.copy_key = posts.copy_key
    order by f.posted_at is null, f.posted_at, f.post_id limit 1
) where duplicate_of is not null and duplicate_of not in (select post_id from posts)
"""
_KEYS = """
select k.[table] as parent, k.[to] as known_by, m.name as child, k.[from] as points from sqlite_master m,
pragma_foreign_key_list(m.name) k where m.type = 'table' and m.name <> k.[table]
"""
_THEIR_AUTHORS = """
create temp table undone_authors as
select distinct author_id from posts where import_id = :import and author_id is not null
"""
_WITHOUT_POSTS = (
    "author_id in (select author_id from undone_authors) "
    "and author_id not in (select author_id from posts where author_id is not null)"
)
_LATER = """
select l.import_id from imports i join imports l on l.source_id = i.source_id and l.import_id > i.import_id
where i.import_id = ? and l.rows is not null order by l.import_id limit 1
"""
Keys = Mapping[str, list[tuple[str, str, str]]]


def undo(connection: Connection, import_id: int) -> dict[str, int]:
    """Delete an import and all that came with it; table → how many rows of it went. Within a transaction of the caller's.

    The record of the run stays. Raises ``InputError`` where
    there is no such import, or a later one of the same file stands upon it.
    """
    row = connection.execute("select source_id, name from imports where import_id = ?", (import_id,)).fetchone()
    if row is None:
        raise InputError("import_undo_none", name=import_id)
    if later := connection.execute(_LATER, (import_id,)).fetchone():
        raise InputError("import_undo_later", id=import_id, path=row[1], later=later[0])
    keys, gone = _keys(connection), Counter[str]()
    values = {"import": import_id, "source": row[0]}
    connection.execute("drop table if exists temp.undone_authors")
    connection.execute(_THEIR_AUTHORS, values)
    _remove(connection, keys, gone, "imports", "import_id = :import", values)
    _remove(connection, keys, gone, "authors", _WITHOUT_POSTS, values)
    connection.execute("drop table temp.undone_authors")
    empty = "source_id = :source and thread_id not in (select thread_id from posts)"
    _remove(connection, keys, gone, "threads", empty, values)
    unused = (
        "source_id = :source and source_id not in (select source_id from imports union select source_id from posts)"
    )
    _remove(connection, keys, gone, "sources", unused, values)
    connection.execute(COPIES_OF_NOTHING)
    return {table: count for table, count in gone.items() if count}


def _keys(connection: Connection) -> Keys:
    """Table → the tables that point at it: which, by which column, at which of its columns."""
    found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for parent, known_by, child, points in connection.execute(_KEYS).fetchall():
        found[parent].append((child, points, known_by))
    return found


def _remove(
    connection: Connection, keys: Keys, gone: Counter[str], table: str, where: str, values: Mapping[str, object]
) -> None:
    chosen = f'from "{table}" where {where}'
    if connection.execute(f"select 1 {chosen} limit 1", values).fetchone() is None:
        return
    for child, points, known_by in keys.get(table, ()):
        _remove(connection, keys, gone, child, f'"{points}" in (select "{known_by}" {chosen})', values)
    gone[table] += connection.execute(f"delete {chosen}", values).rowcount
