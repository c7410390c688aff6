"""What pages promise, beside what customers complain of."""

from __future__ import annotations

import pytest

from analysis import findings, promises
from data.codebook import PAIN_CATEGORIES
from data.store import Store
from tests.analysis.world import BE, MINI, Person, World


@pytest.mark.parametrize(
    ("text", "categories"),
    [
        ("Chống tràn 12 tiếng, bé ngủ ngon", ["performance", "emotional"]),
        ("GIAO HÀNG trong 2 giờ", ["delivery"]),
        ("Đổi trả miễn phí 30 ngày", ["warranty_returns"]),
        ("Gentle on sensitive skin", ["safety_health"]),
        ("Giá rẻ nhất thị trường", ["price"]),
        ("Xin chào các mẹ", []),
        ("bềnh bồng", []),
        ("", []),
    ],
)
def test_a_promise_is_about_the_pains_that_would_break_it(text: str, categories: list[str]) -> None:
    assert sorted(promises.categories(text)) == sorted(categories)


def test_every_category_of_the_words_is_one_of_the_codebook() -> None:
    assert set(promises._words()) <= set(PAIN_CATEGORIES)


@pytest.mark.parametrize(
    ("authors", "audience", "verdict"),
    [(9, 40, "complained"), (3, 40, "few"), (0, 40, "none"), (0, 12, "not_enough")],
)
def test_silence_says_something_only_where_many_speak(authors: int, audience: int, verdict: str) -> None:
    assert promises.verdict(authors, audience, 5) == verdict


def test_promises_meet_the_complaints_of_their_own_brand(analysed_store: Store) -> None:
    rows = {(r["brand"], r["category"]): r for r in analysed_store.query("select * from promises_kept")}
    assert rows[MINI, "performance"]["verdict"] == "complained"
    assert rows[MINI, "emotional"]["verdict"] == "none"
    assert (
        rows[BE, "price"]["authors"]
        == next(analysed_store.query("select authors from pain_shares where brand = ? and category = 'price'", (BE,)))[
            "authors"
        ]
    )


def test_a_hard_life_breaks_no_promise(world: World) -> None:
    with world.open() as store:
        names = [first + second for first in "abcdef" for second in "ghijkl"]
        world.fill(store, [Person(f"người {c}", MINI, (), [("problem", "price")]) for c in names])
        world.page(store, "https://minicare.example/", promises=("Giá rẻ nhất",))
        findings.find(store, world.study)
        row = next(store.query("select * from promises_kept"))
        assert (row["authors"], row["verdict"]) == (0, "none")


def test_only_the_newest_version_of_a_page_promises(world: World) -> None:
    with world.open() as store:
        world.page(store, "https://minicare.example/", promises=("Giá rẻ nhất",))
        world.page(store, "https://minicare.example/", promises=("Giao hàng 2 giờ",))
        assert [p.category for p in promises.read(store)] == ["delivery"]
