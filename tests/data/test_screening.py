"""Screening: an advert varied in a few words counts once, and what looks like seeding is marked with the reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from data.store import Store, screening
from data.store.near_copies import alike, pairs, plain_words
from tests.filling import NOW, post, save, thread

ADVERT = (
    "Bên em chuyên sỉ lẻ tã bỉm chính hãng giá tốt nhất thị trường, giao hàng toàn quốc, kiểm tra hàng rồi mới trả tiền, "
    "mẹ nào cần thì nhắn cho em ngay hôm nay để được tặng thêm một gói khăn ướt nhé cả nhà"
)
VARIED = ADVERT.replace("chính hãng", "xịn").replace("ngay hôm nay", "trong tuần này").upper()
REVIEWS = (
    "Giao hàng nhanh, đóng gói đẹp, tã mềm, bé nhà mình dùng không bị hăm, sẽ ủng hộ shop dài dài",
    "Giao hàng nhanh nhưng đóng gói sơ sài, tã thô, bé nhà mình dùng hai hôm là hăm đỏ cả mông",
)


def copies(store: Store) -> dict[str, str | None]:
    rows = store.query("select post_id, duplicate_of from posts_flat where duplicate_of is not null")
    return {row["post_id"].rsplit("-", 1)[1]: row["duplicate_of"].rsplit("-", 1)[1] for row in rows}


def marks(store: Store) -> set[tuple[str, str]]:
    return {
        (row["post_id"].rsplit("-", 1)[1], row["mark"]) for row in store.query("select post_id, mark from posts_marked")
    }


def test_a_varied_advert_is_linked_to_the_first_and_counts_once(store: Store) -> None:
    save(
        store,
        thread(
            post(1, ADVERT), replace(post(2, VARIED), posted_at=NOW + timedelta(days=1)), *map(post, (3, 4), REVIEWS)
        ),
    )
    assert store.screen_posts().near_copies == 1
    assert copies(store) == {"2": "1"}
    assert [row["n"] for row in store.query("select count(*) as n from counted_posts")] == [3]


def test_a_copy_that_comes_on_a_later_day_finds_the_first(store: Store) -> None:
    save(store, thread(post(1, ADVERT)))
    store.screen_posts()
    save(
        store, thread(post(7, VARIED)), thread(post(8, ADVERT + " 0"), thread_id="t2", url="https://forum.example/t/2")
    )
    assert store.screen_posts().posts == 2
    assert len(copies(store)) == 2
    assert len(set(copies(store).values())) == 1
    assert store.screen_posts().posts == 0, "what is screened is not screened again"


def test_an_edit_makes_a_copy_a_post_of_its_own(store: Store) -> None:
    save(store, thread(post(1, ADVERT), replace(post(2, VARIED), posted_at=NOW + timedelta(days=1))))
    store.screen_posts()
    save(store, thread(replace(post(2, REVIEWS[0]), posted_at=NOW + timedelta(days=1))))
    store.screen_posts()
    assert copies(store) == {}


def test_people_who_praise_in_the_same_phrases_are_no_copies() -> None:
    one, other = (pairs(plain_words(text)) for text in REVIEWS)
    assert not alike(one, other)


def test_what_looks_like_seeding_is_marked_with_the_reason(store: Store) -> None:
    save(
        store,
        thread(
            post(1, "Cần tã rẻ gọi em [phone] nhé"),
            post(2, "Xem ở https://shop.example/ta-re nè"),
            post(3, "Mình hỏi ở https://forum.example/t/9 rồi mà chưa ai đáp"),
            post(4, ADVERT),
            post(5, VARIED),
            post(6, REVIEWS[0]),
        ),
    )
    store.screen_posts()
    assert marks(store) == {
            ("1", "contact"), ("2", "link"), ("4", "template"), ("5", "template"), ("4", "selling"), ("5", "selling"),
            ("4", "offer"), ("5", "offer"),
        }  # fmt: skip


@pytest.mark.parametrize(("minutes", "threads", "marked"), [(2, 5, True), (30, 5, False), (2, 1, False)])
def test_many_posts_of_one_author_at_once_are_a_burst(store: Store, minutes: int, threads: int, marked: bool) -> None:
    for number in range(5):
        one = replace(
            post(number, f"Bài số {number}"), author="lan", posted_at=NOW + number * timedelta(minutes=minutes)
        )
        place = number % threads
        save(store, thread(one, thread_id=f"t{place}", url=f"https://forum.example/t/{place}"))
    store.screen_posts()
    assert bool(marks(store)) is marked


SHORT = "Tã MiniCare mỏng, tràn cả đêm, phí tiền"


@pytest.mark.parametrize(("days", "author", "marked"), [(1, "hoa", True), (10, "hoa", False), (1, "lan", False)])
def test_two_authors_with_the_very_same_short_words_are_marked_and_both_count(
    store: Store, days: int, author: str, marked: bool
) -> None:
    again = "TÃ minicare mong, trần cả đêm!!! phí tiền"
    first = replace(post(1, SHORT), author="lan", posted_at=NOW)
    second = replace(post(2, again), author=author, posted_at=NOW + timedelta(days=days))
    save(store, thread(first), thread(second, thread_id="t2", url="https://forum.example/t/2"))
    store.screen_posts()
    assert marks(store) == ({("1", "template"), ("2", "template")} if marked else set())
    assert copies(store) == {}


def test_the_same_short_words_on_a_later_crawl(store: Store) -> None:
    save(store, thread(replace(post(1, SHORT), author="lan")))
    store.screen_posts()
    save(store, thread(replace(post(2, SHORT), author="hoa"), thread_id="t2", url="https://forum.example/t/2"))
    store.screen_posts()
    assert marks(store) == {("1", "template"), ("2", "template")}


def test_fewer_words_are_said_alike_by_chance(store: Store) -> None:
    save(
        store,
        thread(*(replace(post(n, "Hàng tốt lắm nhé"), author=name) for n, name in enumerate(("lan", "hoa", "minh")))),
    )
    store.screen_posts()
    assert marks(store) == set()


def test_one_customers_review_of_several_products_is_no_template(store: Store) -> None:
    for number in range(4):
        one = replace(post(number, REVIEWS[0]), author="lan", rating=5.0)
        save(store, thread(one, thread_id=f"t{number}", url=f"https://forum.example/t/{number}"))
    store.screen_posts()
    assert marks(store) == set()
    assert len(copies(store)) == 3


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("vào nhóm t.me/tabimsi lấy mã giảm nhé", True),
        ("mã giảm ở shope.ee/abc các mẹ ơi", True),
        ("xem www.shop.example.com/ta nhé", True),
        ("giá 1.200k/bịch, v.v/không", False),
        ("size m/l, 3.5kg/bé", False),
        ("mình hỏi ở forum.example/t/9 rồi", False),
        ("gửi mail a@b.com/x", False),
    ],
)
def test_links_as_people_type_them(store: Store, text: str, linked: bool) -> None:
    save(store, thread(post(1, text)))
    store.screen_posts()
    assert marks(store) == ({("1", "link")} if linked else set())


def test_reviews_with_other_stars_are_no_near_copies(store: Store) -> None:
    praise = ADVERT.replace("Bên em chuyên sỉ lẻ", "Shop này bán")
    save(
        store,
        thread(
            post(1, praise, rating=5.0),
            post(2, praise.replace("ngay hôm nay", "trong tuần này"), rating=1.0),
            post(3, praise.replace("giá tốt nhất", "giá rẻ nhất"), rating=5.0),
        ),
    )
    assert store.screen_posts().near_copies == 1
    assert copies(store) == {"3": "1"}


def test_what_is_kept_of_old_posts_is_never_walked_through(store: Store) -> None:
    store.screen_posts()
    connection = store._db.conn  # type: ignore[attr-defined]
    for table in ("new_bands", "new_short"):
        connection.execute(f"create temp table if not exists {table} (band, post, author_id, earliest, latest)")
    for query in (screening._SHARING, screening._SAME_SHORT):
        ways = [row[3] for row in connection.execute(f"explain query plan {query}")]
        assert not [way for way in ways if way.startswith(("SCAN c", "SCAN p"))], ways
