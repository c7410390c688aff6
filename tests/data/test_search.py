"""Finding posts by words, as people type them."""

from __future__ import annotations

import pytest

from data.store import Store
from tests.filling import post, save, thread


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


def test_threads_are_found_by_their_titles_behind_the_posts(store: Store) -> None:
    save(
        store,
        thread(post(1, "mình hỏi với"), post(2, "cùng hóng"), thread_id="t1", title="Điện thoại nào bền?"),
        thread(post(3, "điện thoại của mình bền"), thread_id="t2", title="Chuyện phiếm"),
    )
    for words in ("điện thoại", "dien thoai"):
        hits = store.search(words)
        assert [(hit.post_id[-1], hit.found_in) for hit in hits] == [("3", "text"), ("1", "title")]
        assert hits[1].excerpt == "Điện thoại nào bền?"
    named = list(store.named("search_posts", words="điện thoại"))
    assert [(row["post_id"][-1], row["found_in"]) for row in named] == [("3", "text"), ("1", "title")]


def test_a_title_found_with_its_marks_comes_before_a_text_without_them(store: Store) -> None:
    save(store, thread(post(1, "ban ngày thì sao"), title="Đồ chơi bẩn"))
    assert [hit.found_in for hit in store.search("bẩn")] == ["title"]
    assert [hit.found_in for hit in store.search("ban")] == ["text"]


def test_a_title_that_is_changed_is_found_as_it_is_now(store: Store) -> None:
    save(store, thread(post(1, "x"), title="Máy giặt"))
    save(store, thread(post(1, "x"), title="Tủ lạnh"))
    assert (len(store.search("may giat")), len(store.search("tu lanh"))) == (0, 1)


@pytest.mark.parametrize("words", ["", " ", '"', "NEAR(", "*", "a' or 1=1 --", "^x", None])
def test_the_named_query_takes_any_words(store: Store, words: str | None) -> None:
    save(store, thread(post(1, "tã bị tràn")))
    assert list(store.named("search_posts", words=words)) == []
    assert len(list(store.named("search_posts", words="tràn  BỊ"))) == 1
