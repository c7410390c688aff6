"""The store on a real SQLite file: what was written is found again, once, with its earlier versions."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from analysis.brand_counts import RATED
from data.errors import InputError
from data.parameters import values_for
from data.records import Annotation, Cue, LandingPage, Page, Pain
from data.store import CrawlCounts, FetchedPage, PostReading, Store, WriteBatch
from data.store.queries import named_query, query_names, views
from tests.filling import FORUM, NOW, post, save, thread


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


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_the_earliest_posted_copy_counts_in_whatever_order_they_were_crawled(
    store: Store, order: tuple[int, ...]
) -> None:
    advert = "Bên em chuyên sỉ lẻ tã bỉm giá tốt nhất thị trường, giao hàng toàn quốc, liên hệ ngay nhé cả nhà"
    when = {1: None, 2: NOW, 3: NOW - timedelta(days=200)}
    for number in order:
        save(store, thread(replace(post(number, advert), posted_at=when[number])))
    rows = {row["post_id"]: row["duplicate_of"] for row in store.query("select post_id, duplicate_of from posts_flat")}
    first = "forum.example/post-3"
    assert rows == {"forum.example/post-1": first, "forum.example/post-2": first, first: None}


def test_a_copy_counts_again_when_its_first_is_edited_into_something_else(store: Store) -> None:
    advert = "Bên em chuyên sỉ lẻ tã bỉm giá tốt nhất thị trường, giao hàng toàn quốc, liên hệ ngay nhé cả nhà"
    save(store, thread(post(1, advert), post(2, advert)))
    save(store, thread(post(1, "đã xoá")))
    assert [row["duplicate_of"] for row in store.query("select duplicate_of from posts_flat")] == [None, None]


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
    counted = "select brand, count(distinct author) as authors, count(*) as posts from pains_flat where counted group by brand"
    rows = list(store.query(counted))
    assert rows == [{"brand": "MiniCare", "authors": 2, "posts": 2}]


def test_every_view_and_named_query_runs(store: Store) -> None:
    save(store, thread(post(1, "tã mỏng")))
    annotate(store, "1")
    for name in views():
        list(store.query(f'select * from "{name}"'))
    for name in query_names():
        given = [("words", "mong")] if name == "search_posts" else []
        values = values_for(named_query(name), given, rest_is_null=True)
        assert isinstance(list(store.named(name, **values)), list)


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
    expected += ["quoted", "reply_to", "likes", "lang", "duplicate_of", "counted", "first_seen", "last_seen", "brands"]
    assert [row["name"] for row in store.query("select name from pragma_table_info('posts_flat')")] == expected


@pytest.mark.parametrize(
    "sql", ["delete from posts", "drop table posts", "insert into posts (id) values (1)", "vacuum"]
)
def test_a_query_only_reads(store: Store, sql: str) -> None:
    with pytest.raises(InputError, match=r"only read|chỉ được đọc|not understand|không hiểu"):
        list(store.query(sql))


def test_a_wrong_query_says_why(store: Store) -> None:
    with pytest.raises(InputError, match=r"no column “brnd”\. Did you mean “brand”"):
        list(store.query("select brnd from posts_flat"))


def test_a_killed_run_is_marked_by_the_next(store: Store) -> None:
    store.begin_run("crawl")
    second = store.begin_run("crawl")
    crawl = store.begin_crawl(second, store.source_id(FORUM))
    store.end_crawl(crawl, "done", CrawlCounts(pages=3, skipped={"robots": 1}), walked_whole=True)
    store.end_run(second, "done")
    assert [row["state"] for row in store.query("select state from runs order by run_id")] == ["interrupted", "done"]
    assert store.source_walked(store.source_id(FORUM))


def test_retention_forgets_texts_and_pages_but_keeps_the_codes(store: Store) -> None:
    save(store, thread(post(1, "tã mỏng"), post(2, "tã dày")))
    annotate(store, "1")
    store._db.execute("update posts set first_seen = ? where post_id like '%post-1'", ("2020-01-01T00:00:00Z",))  # type: ignore[attr-defined]
    store.purge(texts_before=NOW - timedelta(days=730), pages_before=NOW)
    rows = list(store.query("select p.text, c.value, c.quote from posts p join cues c on c.post = p.id order by p.id"))
    assert rows == [{"text": "", "value": "female", "quote": ""}, {"text": "tã dày", "value": "female", "quote": "tã"}]
    assert store.search("mong") == []
    assert annotate(store, "2") == 1, "a text that was forgotten is not read again, which would lose its codes"


def test_a_review_keeps_what_its_page_tells_and_what_it_once_told(store: Store) -> None:
    save(
        store,
        thread(post(1, "tã mỏng", rating=2.0, verified=True, variant="size L", pictures=2), post(2, "", rating=5.0)),
    )
    save(store, thread(post(1, "tã mỏng", rating=3.0, reactions={"helpful": 4})))
    rows = list(
        store.query("select text, rating, verified, variant, pictures, helpful from reviews_flat order by post_id")
    )
    assert [tuple(row.values()) for row in rows] == [
        ("tã mỏng", 3.0, 1, "size L", 2, 4),
        ("", 5.0, None, None, None, None),
    ]
    assert [row["reviews"] for row in rated(store)] == [2]


def rated(store: Store) -> list[dict[str, Any]]:
    """What an analysis makes of the reviews, in a study that shows every group."""
    store.replace_rows("product_ratings", store.query(RATED))
    store.replace_rows("study_settings", [{"name": "minimum_group", "value": "1"}])
    return list(store.named("ratings_by_product", brand=None))


TEMPLATE = (
    "Chất lượng sản phẩm rất tốt, đóng gói sản phẩm rất đẹp và chắc chắn, thời gian giao hàng rất nhanh, rất đáng tiền"
)


def test_each_author_has_a_vote_on_a_product_whatever_the_words(store: Store) -> None:
    other = {"thread_id": "t2", "url": "https://forum.example/t/2", "title": "Máy hâm sữa"}
    save(
        store,
        thread(post(1, TEMPLATE, rating=5.0), post(2, TEMPLATE, rating=5.0), post(3, TEMPLATE + " 2", rating=1.0)),
        thread(post(4, TEMPLATE, rating=4.0), post(5, "ít nói", rating=2.0), **other),
    )
    store.screen_posts()
    rows = {row["product"]: row for row in rated(store)}
    assert {name: (row["reviews"], row["low_rated"]) for name, row in rows.items()} == {
        "Tã nào tốt?": (3, 1),
        "Máy hâm sữa": (2, 1),
    }
    assert len(list(store.named("low_rated_reviews", brand=None, stars=2))) == 2
    copies = store.query("select count(*) as n from reviews_flat where duplicate_of is not null and vote")
    assert [row["n"] for row in copies] == [3], "the words are copies, and say so; the stars are votes all the same"


def test_the_same_review_of_the_same_author_shown_twice_is_one_vote(store: Store) -> None:
    once = post(1, TEMPLATE, rating=1.0)
    again = replace(once, post_id="post-9")
    silent = post(2, "", rating=5.0)
    save(store, thread(once, again, silent, replace(silent, post_id="post-8")))
    store.screen_posts()
    assert [row["reviews"] for row in rated(store)] == [2]
