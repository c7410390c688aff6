"""Who writes as a guest is nobody in particular: two guests are not one person."""

from __future__ import annotations

import pytest

from crawler.gathered import masked_thread
from data.guests import nobody_in_particular
from data.records import Post
from data.store import Store
from tests.filling import NOW, save, thread

NOBODY = ("Khách", "KHÁCH", "khach", "Khách viếng thăm", "Guest", "guest 12", "Guest_12", "Anonymous", "Ẩn danh",
          "Người tham gia ẩn danh 482", "Unregistered", "[deleted]", "Deleted member", "Thành viên đã xóa")  # fmt: skip
PEOPLE = ("Lan", "Khanh", "Khách hàng Lan", "Võ Danh", "An Danh", "Member7", "user_1", "Gustav", "12345", "")


@pytest.mark.parametrize("name", NOBODY)
def test_such_a_name_is_nobody(name: str) -> None:
    assert nobody_in_particular(name)


@pytest.mark.parametrize("name", PEOPLE)
def test_such_a_name_is_somebodys(name: str) -> None:
    assert not nobody_in_particular(name)


def by(name: str, number: int) -> Post:
    return Post(post_id=f"p{number}", text=f"ý kiến {number}", author=name, posted_at=NOW)


def test_guests_are_unknown_authors_and_not_counted(store: Store) -> None:
    save(
        store,
        thread(by("Khách", 1), by("Lan", 2), thread_id="t1"),
        thread(by("Khách", 3), by("Guest", 4), thread_id="t2"),
    )
    rows = list(store.query("select author is null as unknown, counted from posts_flat order by post_id"))
    assert [(row["unknown"], row["counted"]) for row in rows] == [(1, 0), (0, 1), (1, 0), (1, 0)]
    assert [row["n"] for row in store.query("select count(*) as n from authors")] == [1]


def test_the_word_customer_is_not_hidden_because_guests_are_called_so() -> None:
    text = "Khách viết: hàng ổn. @Lan thấy sao? Lan viết: tốt"
    post = Post(post_id="p9", text=text, author="Mai", posted_at=NOW)
    masked = masked_thread(thread(by("Khách", 1), by("Lan", 2), post)).posts[2]
    assert masked.text == "Khách viết: hàng ổn. @[name] thấy sao? [name] viết: tốt"
