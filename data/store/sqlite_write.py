"""What a crawl and an analysis write into SQLite. Every method is one transaction."""

from __future__ import annotations

import hashlib
import json
import zlib
from abc import ABC
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from data.guests import nobody_in_particular
from data.page_changes import sentence
from data.privacy import author_key
from data.records import Change, LandingPage, Post, Thread
from data.store.base import Compare, FetchedPage, PostReading, SavedPosts, WriteBatch
from data.store.copies import point_at_first
from data.store.failures import writing
from data.store.gone import mark_gone
from data.store.keys import copy_key_of, digest_of, global_id, moment_text, site_of
from data.store.library import Database
from data.store.polite import count_asked
from data.store.sqlite_found import SQLiteFound
from data.store.versions import Versions, version_of

#: A page's new snapshot is compared with the last one, in the light of so many.
_COMPARED = 8
#: A post that is stored already: its key, its content's digest, what its copies have in common, and whether nothing of author,
#: time and address is missing.
_Standing = tuple[int, str, str | None, bool]


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


@cache
def insert(table: str, columns: tuple[str, ...], then: str = "") -> str:
    """An insert of named parameters: ``insert into t (a) values (:a) …``. Names come from this module alone."""
    quoted = ", ".join(f'"{column}"' for column in columns)
    return f"insert into {table} ({quoted}) values ({', '.join(f':{column}' for column in columns)}) {then}"  # noqa: S608


def _overwrite(key: str, columns: tuple[str, ...]) -> str:
    """An ``on conflict`` clause that takes all of the new row's values."""
    return f"on conflict ({key}) do update set " + ", ".join(f'"{c}" = excluded."{c}"' for c in columns if c != key)


# An earlier page read again tells nothing of how far the thread has been read.
_THREAD_AGAIN = """
on conflict (site, native_id) do update set title = coalesce(nullif(trim(excluded.title), ''), title), engine = excluded.engine,
    views = coalesce(excluded.views, views), replies = coalesce(excluded.replies, replies), last_seen = excluded.last_seen,
    last_post_at = nullif(max(coalesce(last_post_at, ''), coalesce(excluded.last_post_at, '')), ''),
    complete = case when excluded.last_page >= last_page then excluded.complete else complete end,
    last_url = case when excluded.last_page >= last_page then excluded.last_url else last_url end,
    next_url = case when excluded.last_page >= last_page then excluded.next_url else next_url end,
    last_page = max(last_page, excluded.last_page)
"""
_POST_AGAIN = """
update posts set text = :text, quoted = :quoted, signature = coalesce(:signature, signature),
    edited_at = coalesce(:edited_at, edited_at), reply_to = coalesce(:reply_to, reply_to), likes = coalesce(:likes, likes),
    reactions = coalesce(:reactions, reactions), rating = coalesce(:rating, rating), verified = coalesce(:verified, verified),
    variant = coalesce(:variant, variant), pictures = coalesce(:pictures, pictures), content_hash = :content_hash,
    copy_key = :copy_key, duplicate_of = null, last_seen = :last_seen, gone_at = null
where post_id = :post_id
"""
_POST_SEEN = """
update posts set last_seen = :last_seen, likes = coalesce(:likes, likes), reactions = coalesce(:reactions, reactions),
    rating = coalesce(:rating, rating), verified = coalesce(:verified, verified), variant = coalesce(:variant, variant),
    pictures = coalesce(:pictures, pictures), gone_at = null
where post_id = :post_id
"""
# Two edits within a second are two versions.
_VERSION = """
insert into post_versions (post, seen_until, text, quoted, edited_at)
select id, max(:now, coalesce((
    select strftime('%Y-%m-%dT%H:%M:%SZ', max(seen_until), '+1 second') from post_versions where post = :id
), :now)), text, quoted, edited_at from posts where id = :id
"""
# What an earlier reading did not find; what it did stays.
_POST_FILLED = """
update posts set author_id = coalesce(author_id, :author_id), posted_at = coalesce(posted_at, :posted_at), url = coalesce(url, :url)
where id = :id
"""


class SQLiteWriter(SQLiteFound, ABC):
    """The writing half of the SQLite store."""

    _db: Database
    path: Path

    def write(self, batch: WriteBatch) -> SavedPosts:
        saved = SavedPosts()
        self._authors_written: dict[tuple[str, str], int] = {}
        self._copies_touched: set[str] = set()
        with writing(self.path, self._db):
            for fetched in batch.pages:
                self._write_page(fetched)
            self._db.conn.executemany(
                "update pages set seen_at = ? where url = ?", [(moment_text(at), url) for url, at in batch.unchanged]
            )
            for source_id, thread in batch.threads:
                saved += self._write_thread(source_id, thread, in_order=thread.engine in batch.in_order)
            for source_id, landing, content_hash in batch.landings:
                saved += self._write_landing(source_id, landing, content_hash, batch.compare)
            point_at_first(self._db.conn, self._copies_touched)
            if batch.asked:
                count_asked(self._db.conn, batch.asked)
        return saved

    def _write_page(self, fetched: FetchedPage) -> None:
        page = fetched.page
        at = moment_text(page.fetched_at or datetime.now(UTC))
        body_hash = hashlib.blake2b(page.body, digest_size=16).hexdigest()
        row = {
            "url": page.url,
            "source_id": fetched.source_id,
            "kind": fetched.kind,
            "fetched_at": at,
            "seen_at": at,
            "status": page.status,
            "content_type": page.content_type,
            "encoding": page.encoding,
            "content_hash": body_hash,
            "body": zlib.compress(page.body, 1),
            "etag": fetched.etag,
            "last_modified": fetched.last_modified,
            "error": fetched.error,
            "standing": fetched.standing,
        }
        self._db.conn.execute(insert("pages", tuple(row), _overwrite("url", tuple(row))), row)

    # Threads and posts

    def _write_thread(self, source_id: int, thread: Thread, *, in_order: bool) -> SavedPosts:
        site, now = site_of(thread.url), moment_text(datetime.now(UTC))
        if in_order:
            shown = [(global_id(site, post.post_id), moment_text(post.posted_at)) for post in thread.posts]
            mark_gone(self._db.conn, thread, site, shown, str(now))
        last_post = max((post.posted_at for post in thread.posts if post.posted_at), default=None)
        row = {
            "source_id": source_id,
            "site": site,
            "native_id": thread.thread_id,
            "engine": thread.engine,
            "url": thread.url,
            "title": thread.title,
            "views": thread.views,
            "replies": thread.replies,
            "tags": _json(list(thread.tags)),
            "first_seen": now,
            "last_seen": now,
            "last_post_at": moment_text(last_post),
            "complete": thread.next_url is None,
            "last_url": thread.url,
            "next_url": thread.next_url,
            "last_page": thread.page,
        }
        statement = insert("threads", tuple(row), _THREAD_AGAIN + " returning thread_id")
        thread_row = int(self._db.conn.execute(statement, row).fetchone()[0])
        known = self._known(site, thread.posts)
        saved = SavedPosts()
        for post in thread.posts:
            saved += self._write_post(source_id, thread_row, site, post, known, str(now))
        return saved

    def _known(self, site: str, posts: tuple[Post, ...]) -> dict[str, _Standing]:
        ids = [global_id(site, post.post_id) for post in posts]
        known: dict[str, _Standing] = {}
        for start in range(0, len(ids), 500):
            part = ids[start : start + 500]
            marks = ",".join("?" * len(part))
            for row in self._db.conn.execute(
                "select post_id, id, content_hash, copy_key, author_id is not null and posted_at is not null and url is not null "  # noqa: S608 - only marks
                f"from posts where post_id in ({marks})",
                part,
            ):
                known[row[0]] = (row[1], row[2], row[3], bool(row[4]))
        return known

    def _write_post(
        self, source_id: int, thread_row: int, site: str, post: Post, known: dict[str, _Standing], now: str
    ) -> SavedPosts:
        row: dict[str, object] = {
            "post_id": global_id(site, post.post_id),
            "thread_id": thread_row,
            "source_id": source_id,
            "url": post.url,
            "posted_at": moment_text(post.posted_at),
            "edited_at": moment_text(post.edited_at),
            "text": post.text,
            "quoted": post.quoted,
            "signature": post.signature,
            "reply_to": global_id(site, post.reply_to) if post.reply_to else None,
            "likes": None if post.reactions is None else sum(post.reactions.values()),
            "reactions": None if post.reactions is None else _json(dict(post.reactions)),
            "rating": post.rating,
            "verified": post.verified,
            "variant": post.variant,
            "pictures": post.pictures,
            "content_hash": digest_of(post.text, post.quoted),
            "first_seen": now,
            "last_seen": now,
        }
        standing = known.get(str(row["post_id"]))
        if standing and not standing[3] and (post.author or post.posted_at or post.url):
            row |= {"id": standing[0], "author_id": self._author(site, post, now)}
            self._db.conn.execute(_POST_FILLED, row)
        # Words that are gone where some were are a page read badly or emptied; they stay as they were known.
        if standing and (standing[1] == row["content_hash"] or not post.text.strip()):
            self._db.conn.execute(_POST_SEEN, row)
            return SavedPosts(known=1)
        copy_key = row["copy_key"] = None if self._is_of_notes(source_id) else copy_key_of(post.text)
        self._copies_touched.update(key for key in (copy_key, standing and standing[2]) if key)
        if standing:
            self._keep_version(standing[0], now)
            self._db.conn.execute(_POST_AGAIN, row)
            known[str(row["post_id"])] = (standing[0], str(row["content_hash"]), copy_key, standing[3])
            return SavedPosts(changed=1)
        row["author_id"] = self._author(site, post, now)
        row["brand_id"] = self._brand_of_source(source_id)
        cursor = self._db.conn.execute(insert("posts", tuple(row)), row)
        known[str(row["post_id"])] = (int(cursor.lastrowid or 0), str(row["content_hash"]), copy_key, True)
        return SavedPosts(new=1)

    def _brand_of_source(self, source_id: int) -> int | None:
        row = self._db.conn.execute("select brand_id from sources where source_id = ?", (source_id,)).fetchone()
        return row[0] if row else None

    def _is_of_notes(self, source_id: int) -> bool:
        """Whether a source's posts are what customers told in private: many may well say the same, and nobody copies anybody."""
        row = self._db.conn.execute("select kind = 'notes' from sources where source_id = ?", (source_id,)).fetchone()
        return bool(row and row[0])

    def _keep_version(self, key: int, now: str) -> None:
        self._db.conn.execute(_VERSION, {"now": now, "id": key})

    def _author(self, site: str, post: Post, now: str) -> int | None:
        """The author's row: known by the site's own id where it tells one, else by the name shown."""
        name, own_id = post.author, post.author_id
        if nobody_in_particular(name) if name else not own_id:
            return None
        who = f"id {own_id}" if own_id else str(name)
        if (site, who) in self._authors_written:
            return self._authors_written[site, who]
        secret = self.author_key_secret
        if not secret:
            raise ValueError("author_key_secret must be set before posts with authors are written")
        row = self._db.conn.execute(
            "insert into authors (author_key, site, first_seen, last_seen, name_key) values (?, ?, ?, ?, ?) "
            "on conflict (author_key) do update set last_seen = excluded.last_seen, "
            "name_key = coalesce(excluded.name_key, name_key) returning author_id",
            (author_key(secret, site, who), site, now, now, author_key(secret, site, name) if name else None),
        ).fetchone()
        self._authors_written[site, who] = int(row[0])
        return int(row[0])

    # Landing pages

    def _write_landing(
        self, source_id: int, landing: LandingPage, content_hash: str, compare: Compare | None
    ) -> SavedPosts:
        now = moment_text(datetime.now(UTC))
        newest = self._db.conn.execute(
            "select snapshot_id, content_hash, last_seen from landing_snapshots where url = ? order by snapshot_id desc limit 1",
            (landing.url,),
        ).fetchone()
        if newest and newest[1] == content_hash:
            self._db.conn.execute("update landing_snapshots set last_seen = ? where snapshot_id = ?", (now, newest[0]))
            return SavedPosts()
        row: dict[str, object] = {
            "source_id": source_id,
            "brand_id": self._brand_of_source(source_id),
            "url": landing.url,
            "content_hash": content_hash,
            "first_seen": now,
            "last_seen": now,
            "title": landing.title,
            "description": landing.description,
            "language": landing.language,
            "text": landing.text,
            "content": json.dumps(asdict(landing), ensure_ascii=False, default=str),
        }
        stored = self._db.conn.execute(
            "select content from landing_snapshots where url = ? order by snapshot_id desc limit ?",
            (landing.url, _COMPARED),
        ).fetchall()
        cursor = self._db.conn.execute(insert("landing_snapshots", tuple(row)), row)
        if newest is None or compare is None:
            return SavedPosts()
        found = tuple(compare([json.loads(content) for (content,) in stored], landing))
        for change in found:
            self._write_change(change, row, int(cursor.lastrowid or 0), newest[0], newest[2])
        return SavedPosts(page_changes=found)

    def _write_change(
        self, change: Change, snapshot: Mapping[str, object], snapshot_id: int, before: int, last_as_before: str
    ) -> None:
        row = {
            **asdict(change),
            **{name: snapshot[name] for name in ("source_id", "brand_id", "url")},
            "snapshot_id": snapshot_id,
            "before_id": before,
            "changed_at": snapshot["first_seen"],
            "last_as_before": last_as_before,
            "said_vi": sentence(change, "vi"),
            "said_en": sentence(change, "en"),
        }
        self._db.conn.execute(insert("landing_changes", tuple(row)), row)

    # What was read and found

    def save_annotations(self, run_id: int, version: Versions, readings: Iterable[PostReading]) -> None:
        with writing(self.path, self._db):
            brands = dict(self._db.execute("select name, brand_id from brands").fetchall())
            for reading in readings:
                self._save_reading(run_id, version, reading, brands)

    def _save_reading(self, run_id: int, version: Versions, reading: PostReading, brands: Mapping[str, int]) -> None:
        key, found, connection = reading.post.key, reading.annotation, self._db.conn
        for table in ("cues", "pains", "mentions"):
            connection.execute(f"delete from {table} where post = ?", (key,))  # noqa: S608 - three fixed names
        connection.execute(
            "insert or replace into annotations (post, version, content_hash, lang, run_id) "
            "select id, ?, content_hash, ?, ? from posts where id = ?",
            (version_of(version, found.lang), found.lang, run_id, key),
        )
        named = [(brands[name], how) for name, how in reading.mentions if name in brands]
        connection.execute(
            "update posts set lang = ?, brand_id = ? where id = ?", (found.lang, named[0][0] if named else None, key)
        )
        told: dict[int, list[str]] = {}
        for name, relation in reading.relations:
            told.setdefault(brands.get(name, 0), []).append(relation)
        connection.executemany(
            "insert or ignore into mentions (post, brand_id, how, relations) values (?, ?, ?, ?)",
            [(key, *mention, " ".join(told.get(mention[0], ()))) for mention in named],
        )
        for cue in found.cues:
            row = {"post": key, **asdict(cue)}
            connection.execute(insert("cues", tuple(row)), row)
        blamed = [*reading.pain_brands, *[None] * len(found.pains)]
        for pain, brand in zip(found.pains, blamed, strict=False):
            row = {"post": key, "brand_id": brands.get(brand or ""), **asdict(pain)}
            connection.execute(insert("pains", tuple(row)), row)

    def purge(self, *, texts_before: datetime | None, pages_before: datetime | None) -> None:
        with writing(self.path, self._db):
            if pages_before is not None:
                self._db.execute("delete from refusals where refused_at < ?", (moment_text(pages_before),))
                self._db.execute("update pages set body = null where seen_at < ?", (moment_text(pages_before),))
            if texts_before is not None:
                old = "select id from posts where first_seen < ? and text <> ''"
                for statement in (
                    f"update cues set quote = '' where post in ({old})",  # noqa: S608 - a fixed sub-select
                    f"update pains set quote = '', target = '' where post in ({old})",  # noqa: S608
                    f"delete from post_versions where post in ({old})",  # noqa: S608
                    f"delete from labels where post in ({old})",  # noqa: S608
                    "update imported_rows set rest = null where first_seen < ? and rest is not null",
                    "update posts set text = '', quoted = null, signature = null where first_seen < ? and text <> ''",
                ):
                    self._db.execute(statement, (moment_text(texts_before),))
