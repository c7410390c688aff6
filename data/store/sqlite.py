"""The store on SQLite: opening, migrating, reading, and the book-keeping of runs. Writing lies in ``sqlite_write.py``."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.errors import InputError, StoreError
from data.folding import words
from data.near import did_you_mean
from data.store.base import (
    CrawlCounts,
    PageState,
    PostToRead,
    Row,
    SearchHit,
    ThreadState,
)
from data.store.failures import told_plainly, what_is_wrong_with_the_file, writing
from data.store.found import Parameters
from data.store.keys import moment, moment_text
from data.store.labelling import SQLiteLabelling
from data.store.library import Database, Migrations
from data.store.migrations import STEPS, migrations
from data.store.opening import to_read
from data.store.queries import named_query, views
from data.store.query_errors import query_error
from data.store.searching import ANY_SQL, EXACT_SQL, exactly, excerpt, marked, match_of
from data.store.versions import UNREAD, Versions, as_json

if TYPE_CHECKING:
    from data.study import Study


def _now() -> str:
    return str(moment_text(datetime.now(UTC)))


#: Bytes of the file that a reader looks at in memory, where the system's cache has them: posts looked up one by one come sooner.
MAPPED = 1 << 33


def lock_patience() -> float:
    """Seconds to wait for another program's lock; ``CHANDUNG_LOCK_SECONDS`` sets it."""
    return float(os.environ.get("CHANDUNG_LOCK_SECONDS", "15"))


class SQLiteStore(SQLiteLabelling):
    """A study's database in one SQLite file, in write-ahead mode: one writer, many readers."""

    def __init__(self, path: Path, *, create: bool = False, read_only: bool = False, mapped: bool = True) -> None:
        self.path = path
        self._mapped = MAPPED if mapped else 0
        empty = not path.exists() or (path.is_file() and not path.stat().st_size)
        if empty and (read_only or not create):
            raise StoreError("no_database", path=path)
        with told_plainly(path):
            if read_only and self._behind():
                SQLiteStore(path).close()
            mode = "ro" if read_only else "rwc"
            self._db = self._connect(mode)
            self._reader = self._db if read_only else None
            try:
                self._refuse_newer()
                if not read_only:
                    self._prepare()
            except BaseException:
                self.close()
                raise

    def _connect(self, mode: str) -> Database:
        if mode == "ro":
            connection = to_read(self.path, timeout=lock_patience())
        else:
            connection = sqlite3.connect(
                f"{self.path.resolve().as_uri()}?mode={mode}",
                uri=True,
                timeout=lock_patience(),
                check_same_thread=False,
            )
        database = Database(connection)
        database.execute("pragma foreign_keys = on")
        if mode == "ro":
            database.execute("pragma query_only = on")
            database.execute(f"pragma mmap_size = {self._mapped}")
            connection.set_authorizer(_reads_only)
            # Without a moment in Python now and then, Ctrl+C would wait for the end of a query that has none.
            connection.set_progress_handler(lambda: 0, 500_000)
        return database

    def _prepare(self) -> None:
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = normal")
        if migrations.pending(self._db):
            self._db.execute("pragma foreign_keys = off")  # a table that is made anew is missing for a moment
            migrations.apply(self._db)
            self._db.execute("pragma foreign_keys = on")
        stale = _stale_views(self._db)
        if stale:
            with self._db.atomic():
                for name in stale:
                    self._db.execute(f'drop view if exists "{name}"')
                    self._db.execute(views()[name])

    def _behind(self) -> bool:
        """Whether an older version wrote the file, so that it must be opened for writing once before it is read."""
        with closing(self._connect("ro")) as database:
            if not migrations.applied(database):
                return False
            return bool(migrations.pending(database) or _stale_views(database))

    def _refuse_newer(self) -> None:
        applied = {step.name for step in migrations.applied(self._db)}
        strange = sorted(applied - set(STEPS))
        if strange:
            raise StoreError("database_newer", path=self.path, step=strange[-1])
        # A disk that was full before the first step leaves the list of steps alone, which is gone on with.
        tables = [name for name in self._db.table_names() if name != Migrations.migrations_table]
        if not applied and tables:
            raise StoreError("not_a_database", path=self.path, why=", ".join(tables[:3]))

    def close(self) -> None:
        if self._reader is not None and self._reader is not self._db:
            self._reader.close()
        self._db.close()

    # Reading

    def query(self, sql: str, parameters: Parameters = ()) -> Iterator[Row]:
        with self._asked(sql, parameters) as cursor:
            names = [column[0] for column in cursor.description]
            for row in cursor:
                yield dict(zip(names, row, strict=True))

    def tuples(self, sql: str, parameters: Parameters = ()) -> Iterator[tuple[Any, ...]]:
        with self._asked(sql, parameters) as cursor:
            yield from cursor

    def chunks(self, sql: str, parameters: Parameters = (), *, size: int = 50_000) -> Iterator[list[tuple[Any, ...]]]:
        with self._asked(sql, parameters) as cursor:
            while rows := cursor.fetchmany(size):
                yield rows

    @contextmanager
    def _asked(self, sql: str, parameters: Parameters) -> Iterator[sqlite3.Cursor]:
        if self._reader is None:
            self._reader = self._connect("ro")
        connection: sqlite3.Connection = self._reader.conn
        with told_plainly(self.path):
            try:
                cursor = connection.execute(sql, parameters)
                if cursor.description is None:
                    raise InputError("query_writes" if _ASKS.sub("", sql) else "one_query")
                yield cursor
            except (sqlite3.Error, sqlite3.Warning) as error:
                raise _of_query(error, connection) from None

    def named(self, name: str, **parameters: object) -> Iterator[Row]:
        return self.query(named_query(name), parameters)

    def search(self, words_wanted: str, *, limit: int = 20) -> list[SearchHit]:
        wanted, typed = words(words_wanted), marked(words_wanted)
        if not wanted:
            return []
        found: dict[str, Row] = {}
        for sql in (*EXACT_SQL, *ANY_SQL) if typed else ANY_SQL:
            if len(found) < limit:
                for row in self._found(sql, match_of(wanted), limit, typed):
                    found.setdefault(row["post_id"], row)
        return [
            SearchHit(excerpt=excerpt(row.pop("text"), typed, wanted), **row) for row in list(found.values())[:limit]
        ]

    def _found(self, sql: str, match: str, limit: int, typed: list[str]) -> list[Row]:
        if self._reader is None:
            self._reader = self._connect("ro")
        self._reader.conn.create_function("written_so", 1, exactly(typed), deterministic=True)
        return list(self.query(sql, {"match": match, "limit": limit}))

    # Runs and sources

    def sync_study(self, study: Study) -> None:
        with writing(self.path, self._db):
            self._db.execute("update brands set active = 0")
            # A file is the study's from its import on; what the study names is where people talk.
            self._db.execute("update sources set active = 0 where url not like 'file:%'")
            for place, brand in enumerate(study.brands):
                self._db.execute(
                    "insert into brands (name, role, aliases) values (?, ?, ?) on conflict (name) do update set "
                    "role = excluded.role, aliases = excluded.aliases, active = 1",
                    (brand.name, "own" if place == 0 else "competitor", json.dumps(brand.aliases, ensure_ascii=False)),
                )
            for source in study.all_sources():
                self._db.execute(
                    "insert into sources (url, kind, brand_id, terms) values (?, ?, (select brand_id from brands where name = ?), ?) "
                    "on conflict (url) do update set kind = coalesce(excluded.kind, kind), brand_id = excluded.brand_id, "
                    "terms = excluded.terms, active = 1",
                    (source.url, source.kind, study.brand_of(source.about), source.terms),
                )
            self._db.execute(
                "insert or replace into study_settings (name, value) values ('minimum_group', ?)",
                (str(study.privacy.minimum_group),),
            )

    def begin_run(self, what: str, versions: Mapping[str, str] | None = None) -> int:
        with writing(self.path, self._db):
            # A run that was killed never said how it ended.
            self._db.execute(
                "update runs set state = 'interrupted', ended_at = ? where what = ? and state = 'running'",
                (_now(), what),
            )
            if what == "crawl":
                self._db.execute(
                    "update crawls set state = 'interrupted', ended_at = ? where state = 'running'", (_now(),)
                )
            cursor = self._db.execute(
                "insert into runs (what, started_at, state, versions) values (?, ?, 'running', ?)",
                (what, _now(), json.dumps(dict(versions or {}))),
            )
        return int(cursor.lastrowid or 0)

    def end_run(self, run_id: int, state: str, counts: Mapping[str, object] | None = None) -> None:
        with writing(self.path, self._db):
            self._db.execute(
                "update runs set state = ?, ended_at = ?, counts = ? where run_id = ?",
                (state, _now(), json.dumps(dict(counts or {}), ensure_ascii=False), run_id),
            )
            self._db.execute(
                "update crawls set state = 'interrupted', ended_at = ? where run_id = ? and state = 'running'",
                (_now(), run_id),
            )

    def source_id(self, url: str) -> int:
        row = self._db.execute("select source_id from sources where url = ?", (url,)).fetchone()
        if row is None:
            raise KeyError(url)
        return int(row[0])

    def begin_crawl(self, run_id: int, source_id: int) -> int:
        with writing(self.path, self._db):
            cursor = self._db.execute(
                "insert into crawls (run_id, source_id, started_at, state) values (?, ?, ?, 'running')",
                (run_id, source_id, _now()),
            )
        return int(cursor.lastrowid or 0)

    def end_crawl(
        self,
        crawl_id: int,
        state: str,
        counts: CrawlCounts,
        *,
        reason: str | None = None,
        walked_whole: bool = False,
        stopped: str | None = None,
        reason_key: str | None = None,
    ) -> None:
        with writing(self.path, self._db):
            self._db.table("crawls").update(
                crawl_id,
                {
                    **asdict(counts),
                    "skipped": json.dumps(counts.skipped),
                    "ended_at": _now(),
                    "state": state,
                    "reason": reason,
                    "stopped": stopped,
                    "reason_key": reason_key,
                },
            )
            if walked_whole:
                self._db.execute(
                    "update sources set walked_at = ? where source_id = (select source_id from crawls where crawl_id = ?)",
                    (_now(), crawl_id),
                )

    def source_walked(self, source_id: int) -> bool:
        row = self._db.execute("select walked_at from sources where source_id = ?", (source_id,)).fetchone()
        return bool(row and row[0])

    def set_source(self, source_id: int, *, engine: str | None = None, robots: str | None = None) -> None:
        with writing(self.path, self._db):
            self._db.execute(
                "update sources set engine = coalesce(?, engine), robots = coalesce(?, robots) where source_id = ?",
                (engine, robots, source_id),
            )

    # What an earlier crawl left

    def page_state(self, url: str) -> PageState | None:
        row = self._db.execute(
            "select etag, last_modified, content_hash, fetched_at, status from pages where url = ?", (url,)
        ).fetchone()
        return PageState(row[0], row[1], row[2], moment(row[3]), row[4]) if row else None

    def thread_states(self, source_id: int) -> dict[str, ThreadState]:
        rows = self._db.execute(
            "select native_id, complete, last_url, next_url, replies, last_post_at, "
            "(select count(*) from posts p where p.thread_id = t.thread_id) from threads t where source_id = ?",
            (source_id,),
        )
        return {
            row[0]: ThreadState(row[0], bool(row[1]), row[2], row[3], row[4], moment(row[5]), row[6]) for row in rows
        }

    def posts_to_read(self, version: Versions, *, batch_size: int = 1000) -> Iterator[list[PostToRead]]:
        after = 0
        while True:
            rows: list[tuple[Any, ...]] = self._db.execute(
                f"""
                select p.id, p.text, p.posted_at, t.title, b.name
                from posts p join threads t using (thread_id) join sources s on s.source_id = p.source_id
                left join brands b on b.brand_id = s.brand_id left join annotations a on a.post = p.id
                where p.id > :after and {UNREAD} order by p.id limit :size
                """,  # noqa: S608 - a fixed condition
                {"after": after, "versions": as_json(version), "size": batch_size},
            ).fetchall()
            if not rows:
                return
            after = rows[-1][0]
            yield [PostToRead(row[0], row[1], moment(row[2]), row[3], row[4]) for row in rows]


_LOOKING_PRAGMAS = {
    "table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "foreign_key_list",
    "foreign_key_check", "integrity_check", "quick_check",
}  # fmt: skip


def _reads_only(action: int, what: str | None, value: str | None, *_: object) -> int:
    """Refuse what reaches other files or sets something; a read-only database allows it or calls it a damaged disk.

    That is ``attach``, ``vacuum into`` (which attaches its copy), and every ``pragma`` that is given a value.
    """
    if action in (sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH):
        return sqlite3.SQLITE_DENY
    sets = action == sqlite3.SQLITE_PRAGMA and value is not None and (what or "").lower() not in _LOOKING_PRAGMAS
    return sqlite3.SQLITE_DENY if sets else sqlite3.SQLITE_OK


#: What a statement may have and still ask nothing: comments, spaces and semicolons.
_ASKS = re.compile(r"--[^\n]*|/\*.*?\*/|[;\s]", re.DOTALL)
_UNKNOWN = re.compile(r"no such (table|column): (?:\w+\.)?(\w+)")
_NAMES = {
    "table": "select name from sqlite_master where type in ('table', 'view') and name not like '%\\_fts\\_%' escape '\\'",
    "column": "select distinct c.name from sqlite_master m, pragma_table_info(m.name) c where m.type in ('table', 'view')",
}


def _of_query(error: Exception, connection: sqlite3.Connection) -> BaseException:
    """What an error means that a query met: the user's Ctrl+C, an attempt to write, a wrong query, or the file itself."""
    message = str(error)
    if message == "interrupted":
        return KeyboardInterrupt()
    if any(mark in message for mark in ("readonly", "query_only", "authoriz")):
        return InputError("query_writes")
    if isinstance(error, sqlite3.DatabaseError) and what_is_wrong_with_the_file(error):
        return error
    return query_error(message, _nearest(message, connection))


def _nearest(message: str, connection: sqlite3.Connection) -> str:
    """A sentence that names the table or column that was meant, where SQLite knows no such one."""
    unknown = _UNKNOWN.search(message)
    if unknown is None:
        return ""
    asked = unknown[2].lower()
    # A column of another table may bear the very name.
    names = [str(row[0]) for row in connection.execute(_NAMES[unknown[1]]) if str(row[0]).lower() != asked]
    return did_you_mean(asked, names)


def _stale_views(database: Database) -> list[str]:
    """Our views that the file lacks or has in another form; views that the user made are not looked at."""
    standing = dict(database.execute("select name, sql from sqlite_master where type = 'view'").fetchall())
    return [name for name, sql in views().items() if standing.get(name) != sql]
