"""The store on a real SQLite file: what was written is found again, once, with its earlier versions."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from data.errors import InputError, StoreError
from data.records import Annotation, Cue, LandingPage, Page, Pain, Post, Thread
from data.store import CrawlCounts, FetchedPage, PostReading, Store, WriteBatch, open_store
from data.store.migrations import migrations
from data.store.queries import named_query, query_names, views
from data.study import Study

NOW = datetime(2026, 11, 1, 2, 5, tzinfo=UTC)
FORUM = "https://forum.example/f/me-va-be/"
STUDY = Study.model_validate(
    {
        "study": "thu",
        "contact": "research@example.com",
        "own": {"name": "An Nhiên"},
        "competitors": [{"name": "MiniCare", "sites": ["https://minicare.example"], "aliases": ["mini care"]}],
        "sources": [{"url": FORUM}],
    }
)


@pytest.fixture
def store(tmp_path: Path):
    with open_store(tmp_path / "thu.db", create=True) as opened:
        opened.author_key_secret = b"k" * 32
        opened.sync_study(STUDY)
        yield opened


def post(number: int, text: str, **more: object) -> Post:
    return Post(post_id=f"post-{number}", text=text, author=f"người {number}", posted_at=NOW, **more)  # type: ignore[arg-type]


def thread(*posts: Post, **more: object) -> Thread:
    values: dict[str, object] = {
        "thread_id": "t1",
        "url": "https://forum.example/t/1",
        "engine": "xenforo",
        "title": "Tã nào tốt?",
        "posts": posts,
    }
    return Thread(**{**values, **more})  # type: ignore[arg-type]


def save(store: Store, *threads: Thread):
    return store.write(WriteBatch(threads=[(store.source_id(FORUM), t) for t in threads]))


def test_the_same_post_crawled_twice_is_one_row(store: Store) -> None:
    assert save(store, thread(post(1, "tã hơi mỏng"))).new == 1
    again = save(store, thread(post(1, "tã hơi mỏng")))
    assert (again.new, again.changed, again.known) == (0, 0, 1)
    assert [row["n"] for row in store.query("select count(*) as n from posts")] == [1]


def test_an_edited_post_keeps_its_earlier_version(store: Store) -> None:
    save(store, thread(post(1, "tã hơi mỏng")))
    assert save(store, thread(post(1, "tã mỏng, đã đổi hãng"))).changed == 1
    assert [row["text"] for row in store.query("select text from posts")] == ["tã mỏng, đã đổi hãng"]
    assert [row["text"] for row in store.query("select text from post_versions")] == ["tã hơi mỏng"]


@pytest.mark.parametrize("words", ["dien thoai", "Điện thoại", "điện thoại", "ĐIEN thoại", "đien-thoai"])
def test_search_makes_no_difference_of_tone_marks_and_d(store: Store, words: str) -> None:
    save(store, thread(post(1, "Điện thoại của mình nóng quá"), post(2, "dien thoai em lag"), post(3, "tã bị tràn")))
    assert {hit.post_id for hit in store.search(words)} == {"forum.example/post-1", "forum.example/post-2"}


def test_marks_that_were_typed_come_first(store: Store) -> None:
    texts = ["bạn ơi bạn bạn", "ban ngày", "Khăn rất BẨN, dơ lắm", "x " * 200 + "bạn nào thấy nó bẩn không", "bẩn"]
    save(store, thread(*(post(number, text) for number, text in enumerate(texts))))
    assert {hit.post_id[-1] for hit in store.search("bẩn")[:3]} == {"2", "3", "4"}
    assert len(store.search("bẩn")) == len(store.search("ban")) == 5
    assert [hit.post_id[-1] for hit in store.search("bẩn lắm")] == ["2"]
    assert len(store.search("bẩn", limit=2)) == 2
    cut = next(hit.excerpt for hit in store.search("bẩn") if hit.post_id.endswith("3"))
    assert "nó bẩn không" in cut


def test_search_follows_an_edit(store: Store) -> None:
    save(store, thread(post(1, "điện thoại nóng")))
    save(store, thread(post(1, "tủ lạnh hỏng")))
    assert store.search("dien thoai") == []
    assert len(store.search("tu lanh")) == 1


@pytest.mark.parametrize("words", ['"', "' or 1=1 --", "*", "", "NEAR(", "a" * 5000])
def test_search_takes_any_words(store: Store, words: str) -> None:
    save(store, thread(post(1, "tã bị tràn")))
    assert store.search(words) == []


def test_authors_are_keyed_hashes_and_names_are_nowhere(store: Store, tmp_path: Path) -> None:
    save(store, thread(post(1, "tã ổn")))
    rows = list(store.query("select author from posts_flat"))
    assert len(rows[0]["author"]) == 20
    store.close()
    raw = b"".join(path.read_bytes() for path in tmp_path.glob("thu.db*"))
    assert "người 1".encode() not in raw


def test_copies_point_to_the_first(store: Store) -> None:
    advert = "Bên em chuyên sỉ lẻ tã bỉm giá tốt nhất thị trường, giao hàng toàn quốc, liên hệ ngay {} nhé cả nhà"
    save(store, thread(post(1, advert.format(1)), post(2, advert.format(2)), post(3, "chấm hóng")))
    rows = {row["post_id"]: row["duplicate_of"] for row in store.query("select post_id, duplicate_of from posts_flat")}
    assert rows["forum.example/post-2"] == "forum.example/post-1"
    assert rows["forum.example/post-1"] is rows["forum.example/post-3"] is None


def test_a_thread_goes_on_where_it_was_and_an_old_page_does_not_set_it_back(store: Store) -> None:
    second = "https://forum.example/t/1?page=2"
    save(store, thread(post(1, "một"), next_url=second))
    source = store.source_id(FORUM)
    state = store.thread_states(source)["t1"]
    assert (state.complete, state.next_url) == (False, second)
    save(store, thread(post(2, "hai"), page=2, url=second))
    save(store, thread(post(1, "một"), next_url=second))
    state = store.thread_states(source)["t1"]
    assert (state.complete, state.last_url, state.posts) == (True, second, 2)


def test_missing_counts_stay_missing(store: Store) -> None:
    save(store, thread(post(1, "một"), post(2, "hai", reactions={"like": 3, "love": 1})))
    assert [row["likes"] for row in store.query("select likes from posts_flat order by post_id")] == [None, 4]


def test_a_write_that_fails_leaves_nothing(store: Store) -> None:
    broken = WriteBatch(
        threads=[(store.source_id(FORUM), thread(post(1, "một"))), (999, thread(post(2, "hai"), thread_id="t2"))]
    )
    with pytest.raises(sqlite3.IntegrityError):
        store.write(broken)
    assert [row["n"] for row in store.query("select count(*) as n from posts")] == [0]


def test_pages_are_kept_compressed_with_what_the_next_request_needs(store: Store) -> None:
    page = Page("https://forum.example/t/1", b"<p>x</p>" * 1000, fetched_at=NOW)
    store.write(WriteBatch(pages=[FetchedPage(page, store.source_id(FORUM), "thread", etag='"e"')]))
    state = store.page_state(page.url)
    assert state is not None
    assert (state.etag, state.status, state.fetched_at) == ('"e"', 200, NOW)
    assert [row["n"] < 200 for row in store.query("select length(body) as n from pages")] == [True]


def test_only_a_change_of_content_makes_a_snapshot(store: Store) -> None:
    landing = LandingPage("https://minicare.example/", "MiniCare", None, "vi", "Tã 289.000đ")
    source = store.source_id("https://minicare.example")
    for content_hash in ("a", "a", "b"):
        store.write(WriteBatch(landings=[(source, landing, content_hash)]))
    assert [row["versions"] for row in store.query("select versions from landing_current")] == [2]


def annotate(store: Store, version: str) -> int:
    run = store.begin_run("analyze", {"text": version})
    count = 0
    for batch in store.posts_to_read(version):
        count += len(batch)
        store.save_annotations(
            run,
            version,
            [
                PostReading(
                    item,
                    Annotation(
                        str(item.key),
                        "vi",
                        (Cue("gender", "female", "self", 0, 2, item.text[:2], 0.9, "chandung_cues"),),
                        (Pain("complaint", "quality", "tã", 2, 0, 2, item.text[:2], 0.9, "chandung_pains"),),
                    ),
                    (("MiniCare", "text"),),
                    ("MiniCare",),
                )
                for item in batch
            ],
        )
    store.end_run(run, "done")
    return count


def test_texts_are_read_once_per_version_and_again_when_changed(store: Store) -> None:
    save(store, thread(post(1, "tã mỏng"), post(2, "tã dày")))
    assert [annotate(store, "1"), annotate(store, "1"), annotate(store, "2")] == [2, 0, 2]
    save(store, thread(post(1, "tã rất mỏng")))
    assert annotate(store, "2") == 1
    rows = list(store.query("select brand, authors, posts from pains_by_brand"))
    assert rows == [{"brand": "MiniCare", "authors": 2, "posts": 2}]


def test_every_view_and_named_query_runs(store: Store) -> None:
    save(store, thread(post(1, "tã mỏng")))
    annotate(store, "1")
    for name in views():
        list(store.query(f'select * from "{name}"'))
    for name in query_names():
        parameters = dict.fromkeys(
            ("brand", "category", "attribute", "words"), "mong" if name == "search_posts" else None
        )
        used = {k: v for k, v in parameters.items() if f":{k}" in named_query(name)}
        assert isinstance(list(store.named(name, **used)), list)


def test_posts_flat_keeps_its_columns(store: Store) -> None:
    expected = [
        "post_id",
        "url",
        "source",
        "engine",
        "brand",
        "thread_title",
        "thread_url",
        "author",
        "posted_at",
        "text",
    ]
    expected += ["quoted", "reply_to", "likes", "lang", "duplicate_of", "counted", "first_seen", "last_seen"]
    assert [row["name"] for row in store.query("select name from pragma_table_info('posts_flat')")] == expected


@pytest.mark.parametrize(
    "sql", ["delete from posts", "drop table posts", "insert into posts (id) values (1)", "vacuum"]
)
def test_a_query_only_reads(store: Store, sql: str) -> None:
    with pytest.raises(InputError, match=r"only read|chỉ được đọc|not understand|không hiểu"):
        list(store.query(sql))


def test_a_wrong_query_says_why(store: Store) -> None:
    with pytest.raises(InputError, match="no such column: brnd"):
        list(store.query("select brnd from posts_flat"))


def test_a_killed_run_is_marked_by_the_next(store: Store) -> None:
    store.begin_run("crawl")
    second = store.begin_run("crawl")
    crawl = store.begin_crawl(second, store.source_id(FORUM))
    store.end_crawl(crawl, "done", CrawlCounts(pages=3, skipped={"robots": 1}), walked_whole=True)
    store.end_run(second, "done")
    assert [row["state"] for row in store.query("select state from runs order by run_id")] == ["interrupted", "done"]
    assert store.source_walked(store.source_id(FORUM))


def test_a_fresh_and_a_migrated_database_are_equal(tmp_path: Path) -> None:
    stepwise = Database(tmp_path / "old.db")
    migrations.apply(stepwise, stop_before="0002_read")
    stepwise.close()
    open_store(tmp_path / "old.db").close()
    open_store(tmp_path / "new.db", create=True).close()
    old, new = (
        {(r[0], r[1]) for r in sqlite3.connect(tmp_path / f"{n}.db").execute("select name, sql from sqlite_master")}
        for n in ("old", "new")
    )
    assert old == new


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


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "thu.db"
    path.write_text("không phải dữ liệu" * 50, encoding="utf-8")
    with pytest.raises(StoreError):
        open_store(path, create=True)
    assert path.read_text(encoding="utf-8").startswith("không phải")


def test_a_truncated_database_says_so(tmp_path: Path) -> None:
    path = tmp_path / "thu.db"
    with open_store(path, create=True) as store:
        store.author_key_secret = b"k"
        store.sync_study(STUDY)
        save(store, thread(*(post(n, f"bài số {n} " * 200) for n in range(50))))
    path.write_bytes(path.read_bytes()[:40_000])
    with pytest.raises(StoreError, match=r"damaged|hỏng"):
        open_store(path)


def test_another_database_is_not_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    Database(path)["khách"].insert({"tên": "x"})
    with pytest.raises(StoreError):
        open_store(path)
    assert Database(path).table_names() == ["khách"]


def test_a_locked_database_says_so_and_changes_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHANDUNG_LOCK_SECONDS", "0.1")
    other = sqlite3.connect(tmp_path / "thu.db")
    other.execute("begin immediate")
    with open_store(tmp_path / "thu.db") as second, pytest.raises(StoreError, match=r"in use|đang được"):
        second.begin_run("crawl")
    other.rollback()


def test_a_full_disk_says_so_and_keeps_what_was_written(store: Store) -> None:
    save(store, thread(post(1, "một")))
    pages = next(iter(store.query("pragma page_count")))["page_count"]
    store._db.execute(f"pragma max_page_count = {pages}")  # type: ignore[attr-defined]
    with pytest.raises(StoreError, match=r"no room|hết chỗ"):
        save(store, thread(*(post(n, f"bài {n} " * 500) for n in range(2, 60))))
    assert [row["n"] for row in store.query("select count(*) as n from posts")] == [1]


def test_retention_forgets_texts_and_pages_but_keeps_the_codes(store: Store) -> None:
    save(store, thread(post(1, "tã mỏng"), post(2, "tã dày")))
    annotate(store, "1")
    store._db.execute("update posts set first_seen = ? where post_id like '%post-1'", ("2020-01-01T00:00:00Z",))  # type: ignore[attr-defined]
    store.purge(texts_before=NOW - timedelta(days=730), pages_before=NOW)
    rows = list(store.query("select p.text, c.value, c.quote from posts p join cues c on c.post = p.id order by p.id"))
    assert rows == [{"text": "", "value": "female", "quote": ""}, {"text": "tã dày", "value": "female", "quote": "tã"}]
    assert store.search("mong") == []
    assert annotate(store, "2") == 1, "a text that was forgotten is not read again, which would lose its codes"
