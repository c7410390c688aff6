"""A database that an older version wrote is brought up to date, and keeps all that it holds."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from data.errors import StoreError
from data.store import open_store
from data.store.migrations import FOLDER, migrations
from tests.filling import NOW, open_filled, post, save, thread

FIRST_STEPS = ("0001_gathered", "0002_read", "0003_found")


def schema(path: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as db:
        return {(row[0], row[1]) for row in db.execute("select name, sql from sqlite_master")}


def without_named_keys(path: Path) -> None:
    """Make a database as the first steps once did: keys that name a table and no column."""
    older = Database(path)
    migrations.ensure_migrations_table(older)
    for step in FIRST_STEPS:
        text = (FOLDER / f"{step}.sql").read_text(encoding="utf-8")
        older.executescript(re.sub(r"(references \w+) \(\w+\)", r"\1", text))
        older["_sqlite_migrations"].insert({"migration_set": "chandung", "name": step, "applied_at": "2026-11-21"})
    older.close()


def test_every_key_names_the_column_it_points_at(tmp_path: Path) -> None:
    open_filled(tmp_path / "thu.db").close()
    with open_store(tmp_path / "thu.db", read_only=True) as store:
        keys = list(store.query("select m.name, k.* from sqlite_master m, pragma_foreign_key_list(m.name) k"))
    assert {key["name"] for key in keys} >= {"posts", "pains", "sources", "mentions", "landing_snapshots"}
    assert [key for key in keys if not key["to"]] == []


def test_an_older_database_gets_the_names_of_its_keys_and_keeps_its_rows(tmp_path: Path) -> None:
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    without_named_keys(old)
    with closing(sqlite3.connect(old)) as db:
        db.executescript(
            """
            insert into sources (source_id, url) values (7, 'https://forum.example/');
            insert into brands (brand_id, name, role, aliases) values (1, 'Brewly', 'own', '[]'), (2, 'Zeno', 'competitor', '[]');
            insert into threads (thread_id, source_id, site, native_id, engine, url, title, first_seen, last_seen)
                values (3, 7, 'forum.example', 't1', 'phpbb', 'https://forum.example/t1', 'Máy pha nào, Brewly hay Zeno?', '', '');
            insert into posts (id, post_id, thread_id, source_id, brand_id, text, content_hash, first_seen, last_seen)
                values (9, 'forum.example/p', 3, 7, 1, 'ảnh đẹp quá', '', '', '');
            insert into mentions (post, brand_id, how) values (9, 1, 'thread'), (9, 2, 'thread');
            create view mine as select count(*) as n from posts;
            """
        )
        db.commit()
    open_store(new, create=True).close()
    with open_store(old, read_only=True) as store:
        assert list(store.query("select * from mine")) == [{"n": 1}]
        assert [hit.post_id for hit in store.search("anh dep")] == ["forum.example/p"]
        assert [hit.found_in for hit in store.search("may pha")] == ["title"]
        assert list(store.query("pragma foreign_key_check")) == []
        assert [row["brand"] for row in store.query("select brand from posts_flat")] == [None], "its thread names two"
        assert list(store.query("select * from mentions")) == []
    assert {row for row in schema(old) if row[0] != "mine"} == schema(new)


def test_an_older_database_counts_the_earliest_posted_of_its_copies(tmp_path: Path) -> None:
    advert = "Bên em chuyên sỉ lẻ tã bỉm giá tốt nhất thị trường, giao hàng toàn quốc, liên hệ ngay nhé cả nhà"
    with closing(open_filled(tmp_path / "thu.db")) as store:
        late, early = post(1, advert), replace(post(2, advert), posted_at=NOW - timedelta(days=200))
        save(store, thread(late, early))
    with closing(sqlite3.connect(tmp_path / "thu.db")) as db:
        db.execute("update posts set duplicate_of = case when id = 2 then 'forum.example/post-1' end")
        db.execute("delete from _sqlite_migrations where name = '0007_earliest_copy'")
        db.commit()
    with open_store(tmp_path / "thu.db", read_only=True) as opened:
        rows = list(opened.query("select duplicate_of from posts order by id"))
    assert [row["duplicate_of"] for row in rows] == ["forum.example/post-2", None]


def test_a_fresh_and_a_migrated_database_are_equal(tmp_path: Path) -> None:
    stepwise = Database(tmp_path / "old.db")
    migrations.apply(stepwise, stop_before="0002_read")
    stepwise.close()
    open_store(tmp_path / "old.db").close()
    open_store(tmp_path / "new.db", create=True).close()
    assert schema(tmp_path / "old.db") == schema(tmp_path / "new.db")


def test_reading_an_older_database_brings_it_up_to_date_and_keeps_the_users_views(tmp_path: Path) -> None:
    path = tmp_path / "thu.db"
    older = Database(path)
    migrations.apply(older, stop_before="0002_read")
    older.execute("create view mine as select 1 as one")
    older.execute("create view posts_flat as select 2 as two")
    older.close()
    with open_store(path, read_only=True) as store:
        assert list(store.query("select * from mine")) == [{"one": 1}]
        assert list(store.query("select count(*) as n from posts_flat")) == [{"n": 0}]
        assert list(store.query("select count(*) as n from cues")) == [{"n": 0}]


def test_a_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "thu.db"
    open_store(path, create=True).close()
    connection = sqlite3.connect(path)
    connection.execute(
        "insert into _sqlite_migrations (migration_set, name, applied_at) values ('chandung', '0999_later', '2030')"
    )
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match="0999_later"):
        open_store(path)
