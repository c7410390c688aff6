"""What an import writes into SQLite: the file, its posts, and what of its rows has no place in a post."""

from __future__ import annotations

import json
from abc import ABC
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime

from data.records import Thread
from data.store import restoring, undoing
from data.store.base import SavedPosts, WriteBatch
from data.store.failures import writing
from data.store.imported import ImportedFile, ImportedRow, Observation
from data.store.keys import global_id, moment_text, site_of
from data.store.sqlite_write import SQLiteWriter, insert

#: KiB of pages kept in memory during a long transaction.
_CACHE = 64_000
_ROW_AGAIN = """
on conflict (row_key) do update set import_id = excluded.import_id, row_number = excluded.row_number, rest = excluded.rest,
    why = excluded.why
where rest is not excluded.rest or why is not excluded.why
"""
_NOTE = """
insert into notes (import_id, post, channel, kind, product, told_by)
select :import_id, id, :channel, :kind, :product, :told_by from posts where post_id = :post on conflict (post) do nothing
"""


class SQLiteImports(SQLiteWriter, ABC):
    """The part of the SQLite store that takes files in."""

    @contextmanager
    def one_transaction(self) -> Iterator[None]:
        """Everything written within is written together at its end, or not at all."""
        self._db.execute(
            f"pragma cache_size = -{_CACHE}"
        )  # else a long transaction writes its pages out again and again
        with writing(self.path, self._db):
            yield

    def begin_import(self, run_id: int, file: ImportedFile) -> tuple[int, int]:
        """Note a file and its source; the ids of both (import, source)."""
        with writing(self.path, self._db):
            source = self._db.execute(
                "insert into sources (url, kind, brand_id, engine, terms) "
                "values (?, ?, (select brand_id from brands where name = ?), ?, ?) on conflict (url) do update set "
                "kind = excluded.kind, brand_id = excluded.brand_id, engine = excluded.engine, "
                "terms = coalesce(excluded.terms, terms), active = 1 returning source_id",
                (file.source, file.source_kind, file.about, file.format, file.terms),
            ).fetchone()[0]
            row = {
                "source_id": source,
                "run_id": run_id,
                "name": file.name,
                "digest": file.digest,
                "kind": file.kind,
                "format": file.format,
                "mapping": json.dumps(dict(file.mapping), ensure_ascii=False, sort_keys=True),
                "period_from": file.period[0],
                "period_to": file.period[1],
                "imported_at": moment_text(datetime.now(UTC)),
            }
            cursor = self._db.conn.execute(insert("imports", tuple(row)), row)
        return int(cursor.lastrowid or 0), int(source)

    def end_import(self, import_id: int, counts: Mapping[str, int]) -> None:
        """Note what a file came to: ``rows``, ``posts_new``, ``posts_changed``, ``posts_known``, ``unplaced``."""
        with writing(self.path, self._db):
            self._db.table("imports").update(import_id, dict(counts))
            # What the import brought is known by it, so that it can be undone alone.
            self._db.execute(
                "update posts set import_id = :id where import_id is null "
                "and source_id = (select source_id from imports where import_id = :id)",
                {"id": import_id},
            )

    def save_observations(self, import_id: int, rows: Iterable[Observation]) -> int:
        """Write the cells that an import brought; how many there were."""
        return len(self.add_rows("observations", ({"import_id": import_id, **asdict(row)} for row in rows)))

    def add_rows(self, table: str, rows: Iterable[Mapping[str, object]]) -> list[int]:
        """Add rows to a table; the numbers that they have there."""
        found = [dict(row) for row in rows]
        with writing(self.path, self._db):
            return [int(self._db.conn.execute(insert(table, tuple(row)), row).lastrowid or 0) for row in found]

    def add_notes(self, import_id: int, notes: Mapping[tuple[str, str], Mapping[str, object]]) -> None:
        """Write what notes tell beside the posts that they became, by site and ``post_id``; what is known of one stays."""
        with writing(self.path, self._db):
            for post, told in notes.items():
                self._db.conn.execute(_NOTE, {"import_id": import_id, "post": global_id(*post), **told})

    def change_observation(self, observation_id: int, changes: Mapping[str, object]) -> None:
        """Write other values into columns of an observation, and when somebody decided on it."""
        decided = {"decided_at": moment_text(datetime.now(UTC))}
        with writing(self.path, self._db):
            self._db.table("observations").update(observation_id, dict(changes))
            self._db.table("reference_figures").update(observation_id, decided)

    def undo_import(self, import_id: int) -> dict[str, int]:
        """Delete all that one import brought, in one transaction; table → how many rows of it went.

        Raises ``InputError`` where there is no such import, or a later one of the same file stands upon it.
        """
        with writing(self.path, self._db):
            restoring.restore(self._db.conn, import_id)
            return undoing.undo(self._db.conn, import_id)

    def take_back(self, source: str) -> int:
        """Delete every post that the file ``source`` brought, with all that was read out of it; how many there were."""
        with writing(self.path, self._db):
            connection = self._db.conn
            row = connection.execute("select source_id from sources where url = ?", (source,)).fetchone()
            if row is None:
                return 0
            its = "(select id from posts where source_id = :source)"
            values = {"source": row[0]}
            for table, column in self._pointing_at_posts():
                connection.execute(f'delete from "{table}" where "{column}" in {its}', values)  # noqa: S608 - of the schema
            connection.execute(
                "delete from imported_rows where import_id in (select import_id from imports where source_id = :source)",
                values,
            )
            connection.execute("update imports set rows = null where source_id = :source", values)
            gone = connection.execute("delete from posts where source_id = :source", values).rowcount
            connection.execute(
                "delete from threads where source_id = :source and thread_id not in (select thread_id from posts)",
                values,
            )
            connection.execute(undoing.COPIES_OF_NOTHING)
        return int(gone)

    def _pointing_at_posts(self) -> list[tuple[str, str]]:
        """The tables whose rows belong to a post, each with the column that says to which."""
        found = self._db.execute(
            "select m.name, k.[from] from sqlite_master m, pragma_foreign_key_list(m.name) k "
            "where m.type = 'table' and k.[table] = 'posts'"
        ).fetchall()
        return [(str(table), str(column)) for table, column in found]

    def save_imported(
        self, import_id: int, source_id: int, threads: Iterable[Thread], rows: Iterable[ImportedRow]
    ) -> SavedPosts:
        """Write posts and what their rows had beside them. A row that is known is written only where it has changed."""
        with writing(self.path, self._db):
            edits = self._db.execute("select coalesce(max(rowid), 0) from post_versions").fetchone()[0]
            saved = self.write(WriteBatch(threads=[(source_id, thread) for thread in threads]))
            if saved.changed:
                self._db.execute("update post_versions set import_id = ? where rowid > ?", (import_id, edits))
            now = moment_text(datetime.now(UTC))
            for row in rows:
                post = global_id(*row.post) if row.post else None
                values = {
                    "key": post or row.key,
                    "import_id": import_id,
                    "number": row.number,
                    "post": post,
                    "rest": json.dumps(dict(row.rest), ensure_ascii=False, sort_keys=True) if row.rest else None,
                    "why": row.why,
                    "now": now,
                }
                self._db.conn.execute(
                    "insert into imported_rows (row_key, import_id, row_number, post, rest, why, first_seen) "  # noqa: S608 - fixed text
                    "values (:key, :import_id, :number, (select id from posts where post_id = :post), :rest, :why, :now) "
                    + _ROW_AGAIN,
                    values,
                )
        return saved

    def title_of_thread(self, url: str, thread_id: str) -> str | None:
        """The title under which a thread is stored."""
        row = self._db.execute(
            "select title from threads where site = ? and native_id = ?", (site_of(url), thread_id)
        ).fetchone()
        return str(row[0]) if row else None
