"""Putting a file's rows into the store: all of them, or none."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import islice

from crawler.alone import alone
from crawler.importers.placing import Placed
from crawler.importers.plan import Plan
from crawler.importers.shared_ids import apart
from data.author_keys import KEY_VERSION, fingerprint, key_of
from data.errors import InputError
from data.records import Post, Thread
from data.store import CrawlCounts, SavedPosts, Store, open_store
from data.store.imported import ImportedFile, ImportedRow
from data.store.keys import site_of
from data.study import Study

_AT_ONCE = 1_000
_TOLD_ROWS = 5
#: Of a row that is no post.
UNREADABLE = ("quote_open", "too_long", "not_csv", "not_json", "json_broken")
#: Of rows that a format leaves out: nothing of them is kept.
LEFT_OUT = ("agent", "template")


@dataclass(slots=True)
class Imported:
    """What an import came to. ``why`` counts what could not be placed, ``where`` has the first rows of each reason."""

    name: str
    rows: int = 0
    posts: SavedPosts = field(default_factory=SavedPosts)
    unplaced: int = 0
    why: Counter[str] = field(default_factory=Counter)
    where: dict[str, list[int]] = field(default_factory=dict)
    already: str | None = None
    taken_back: int | None = None

    @property
    def unreadable(self) -> int:
        """How many rows could not be read at all."""
        return sum(self.why[reason] for reason in UNREADABLE)

    def as_json(self) -> dict[str, object]:
        """The same for scripts."""
        return {
            "file": self.name, "already_imported": self.already, "rows": self.rows, "posts_new": self.posts.new,
            "posts_changed": self.posts.changed, "posts_known": self.posts.known, "unplaced": self.unplaced,
            "posts_taken_back": self.taken_back,
            "why": dict(self.why), "first_rows": self.where,
        }  # fmt: skip

    def note(self, placed: Placed) -> None:
        """Count a row."""
        self.rows += 1
        self.unplaced += placed.post is None
        for reason in (placed.why or "").split(", "):
            if reason:
                self.why[reason] += 1
                rows = self.where.setdefault(reason, [])
                if len(rows) < _TOLD_ROWS:
                    rows.append(placed.number)


def store(plan: Plan, study: Study, *, replace: bool = False, watch: Callable[[int], None] | None = None) -> Imported:
    """Store a file's posts in the study's database, in one transaction: a file is never half imported.

    ``replace`` takes back first what a file of this name brought before. ``watch`` is told how many rows are done. Raises
    ``InputError`` for a private conversation without ``terms`` and for a lost key, ``StoreError`` where the database cannot
    be used.
    """
    if plan.private and not plan.terms:
        raise InputError(plan.without_grounds, path=plan.path.name)
    with alone(study.database), open_store(study.database, create=True) as database:
        if not replace and (when := imported_before(database, plan)):
            return Imported(plan.path.name, already=when)
        key = database.author_key_secret = key_of(database, study)
        database.sync_study(study)
        run = database.begin_run("import", {"chandung": version("chandung"), KEY_VERSION: fingerprint(key)})
        done = Imported(plan.path.name)
        try:
            with database.one_transaction():
                if replace:
                    done.taken_back = database.take_back(f"file:{plan.path.name}")
                _store(plan, database, run, key, done, watch)
                database.end_run(run, "partial" if done.unreadable else "done", done.as_json())
        except BaseException as error:
            state = "interrupted" if isinstance(error, KeyboardInterrupt) else "failed"
            database.end_run(run, state, {"file": plan.path.name})
            raise
        database.screen_posts()
        return done


def imported_before(database: Store, plan: Plan) -> str | None:
    """When the very file was imported in the very way, ``None`` where it was not."""
    noted = json.dumps(plan.noted(), ensure_ascii=False, sort_keys=True)
    known = "select imported_at from imports where digest = ? and mapping = ? and rows is not null order by import_id desc limit 1"
    return next((str(row["imported_at"]) for row in database.query(known, (plan.digest, noted))), None)


def _store(
    plan: Plan, database: Store, run: int, key: bytes, done: Imported, watch: Callable[[int], None] | None
) -> None:
    kind = plan.mapping.kind or (plan.form.kind if plan.form else "forum")
    engine = plan.form.name if plan.form else "table"
    file = ImportedFile(plan.path.name, plan.digest, plan.kind, engine, kind, plan.about, plan.noted(), plan.terms)
    import_id, source_id = database.begin_import(run, file)
    crawl_id = database.begin_crawl(run, source_id)  # the report tells of every source how its last reading ended
    placing = plan.placing(key)
    rows = (placing.place(line) for line in plan.table.rows())
    while batch := list(apart(list(islice(rows, _AT_ONCE)), database, key)):
        for placed in batch:
            done.note(placed)
        threads = list(_threads(batch, engine, database, plan.whole))
        done.posts += database.save_imported(import_id, source_id, threads, _left(batch))
        if plan.beside is not None:
            plan.beside(database, import_id, batch)
        if watch is not None:
            watch(done.rows)
    counts = {
        "rows": done.rows, "posts_new": done.posts.new, "posts_changed": done.posts.changed,
        "posts_known": done.posts.known, "unplaced": done.unplaced,
    }  # fmt: skip
    database.end_import(import_id, counts)
    found = CrawlCounts(posts_new=done.posts.new, posts_changed=done.posts.changed, posts_known=done.posts.known)
    database.end_crawl(crawl_id, "partial" if done.unreadable else "done", found)


def _threads(batch: list[Placed], engine: str, database: Store, whole: str) -> Iterator[Thread]:
    posts: dict[str, list[Post]] = {}
    urls: dict[str, str] = {}
    titles: dict[str, str] = {}
    for placed in batch:
        if placed.post is None:
            continue
        posts.setdefault(placed.thread, []).append(placed.post)
        urls[placed.thread] = min(urls.get(placed.thread, placed.thread_url), placed.thread_url)
        if placed.thread_title:
            titles[placed.thread] = min(titles.get(placed.thread, placed.thread_title), placed.thread_title)
    for thread, held in posts.items():
        title = titles.get(thread) or database.title_of_thread(urls[thread], thread) or thread or whole
        yield Thread(thread, urls[thread], engine, title, tuple(held))


def _left(batch: list[Placed]) -> Iterator[ImportedRow]:
    for placed in batch:
        if placed.rest or (placed.why and placed.why not in LEFT_OUT):
            post = (site_of(placed.thread_url), placed.post.post_id) if placed.post else None
            yield ImportedRow(placed.number, placed.key, post, placed.rest, placed.why)
