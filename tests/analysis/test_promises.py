"""What pages promise, beside what customers complain of."""

from __future__ import annotations

import pytest

from analysis import findings, promises
from analysis.report import markdown
from analysis.report.build import build
from data.codebook import PAIN_CATEGORIES
from data.records import Claim
from data.store import Store
from tests.analysis.world import BE, MADE_AT, MINI, Person, World


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


def test_nobody_is_said_to_be_silent_where_somebody_may_complain(world: World) -> None:
    with world.open() as store:
        names = [first + second for first in "abcdef" for second in "ghijkl"]
        world.fill(
            store,
            [Person(f"người {c}", MINI) for c in names]
            + [Person("người ngờ", MINI, (), [("complaint", "usability")], confidence=0.4)]
            + [Person("người kêu", MINI, (), [("complaint", "performance")], words="App kết nối hoài không được.")],
        )
        world.page(
            store, "https://minicare.example/", promises=("Dễ vệ sinh", "Giao nhanh 2 giờ"), promise_categories=("usability", "delivery")
        )  # fmt: skip
        findings.find(store, world.study)
        told = {row["promise"]: (row["authors"], row["verdict"]) for row in store.query("select * from promises_kept")}
        assert told == {"Dễ vệ sinh": (0, "few"), "Giao nhanh 2 giờ": (0, "none")}
        claimed = store.query("select claimed, verdict from claims where area = 'promise'")
        assert {row["claimed"]: row["verdict"] for row in claimed} == {"Dễ vệ sinh": "few", "Giao nhanh 2 giờ": "none"}


def test_a_hard_life_breaks_no_promise(world: World) -> None:
    with world.open() as store:
        names = [first + second for first in "abcdef" for second in "ghijkl"]
        world.fill(store, [Person(f"người {c}", MINI, (), [("problem", "price")]) for c in names])
        world.page(store, "https://minicare.example/", promises=("Giá rẻ nhất",))
        findings.find(store, world.study)
        row = next(store.query("select * from promises_kept"))
        assert (row["authors"], row["verdict"]) == (0, "none")


def test_complaints_older_than_a_promise_do_not_break_it(world: World) -> None:
    with world.open() as store:
        names = [first + second for first in "abcdef" for second in "ghijkl"]
        late = [("complaint", "delivery")]
        world.fill(
            store, [Person(f"người {c}", MINI, (), late, words="Giao chậm, chờ cả tuần mới tới.") for c in names]
        )
        site = "https://minicare.example/"
        world.page(store, site, promises=("Giao trong 7 ngày",))
        (old,) = promises.read(store)
        assert promises.made_since(store, old) is None, "it may always have been promised"
        world.page(store, site, promises=("Giao nhanh trong 2 giờ",))
        (new,) = promises.read(store)
        assert promises.made_since(store, new) is not None
        world.page(store, site, promises=("Giao nhanh trong 2 giờ", "Tặng quà"), reader=99)
        (again, *_) = promises.read(store)
        assert promises.made_since(store, again) is None, "a reader that finds more makes no promise younger"


def test_only_the_newest_version_of_a_page_promises(world: World) -> None:
    with world.open() as store:
        world.page(store, "https://minicare.example/", promises=("Giá rẻ nhất",))
        world.page(store, "https://minicare.example/", promises=("Giao hàng 2 giờ",))
        assert [p.category for p in promises.read(store)] == ["delivery"]


def test_what_the_pages_reader_claims_is_promised_too(world: World) -> None:
    with world.open() as store:
        world.page(
            store,
            "https://minicare.example/",
            title="Trà sữa sạch, giá sinh viên",
            promises=("Trà tươi mỗi ngày, không chất bảo quản.", "Giao nhanh 2 giờ", "Thanh toán khi nhận hàng."),
            promise_categories=("safety_health", "delivery", "delivery"),
            claims=(
                Claim("benefit", "safety_health", "Trà tươi mỗi ngày, không chất bảo quản."),
                Claim("delivery", "fast", "Giao nhanh 2 giờ"),
                Claim("payment", "cod", "Thanh toán khi nhận hàng."),
                Claim("discount", "gift", "Mua 1 tặng 1 thứ Tư."),
                Claim("discount", "gift", "Tặng khăn ướt cho đơn từ 500.000đ."),
                Claim("discount", "points", "Tích điểm đổi quà giá trị mỗi dịp khuyến mãi."),
                Claim("pain", "emotional", "Mệt mỏi vì con quấy?"),
                Claim("proof", "people", "Hơn 30.000 khách"),
            ),
        )
        assert {(p.category, p.text) for p in promises.read(store)} == {
            ("safety_health", "Trà tươi mỗi ngày, không chất bảo quản."),
            ("delivery", "Giao nhanh 2 giờ"),
            ("price", "Mua 1 tặng 1 thứ Tư."),
            ("price", "Trà sữa sạch, giá sinh viên"),
        }
        assert promises.touched(store) == {MINI: (1, {"safety_health", "delivery", "price", "emotional"})}


@pytest.mark.parametrize("promise", ["Bảo hành pin 5 năm.", "Two-year warranty"])
def test_who_vouches_for_years_speaks_of_what_breaks(world: World, promise: str) -> None:
    with world.open() as store:
        world.page(store, "https://minicare.example/", promises=(promise,))
        assert promises.touched(store)[MINI][1] >= {"durability", "warranty_returns"}


def test_what_a_page_claims_in_other_words_is_no_opening(world: World) -> None:
    crowd = [Person(f"người {a}{b}", MINI, (), [("complaint", "safety_health")]) for a in "abcdef" for b in "ghijkl"]
    with world.open() as store:
        world.fill(store, crowd)
        world.page(store, "https://minicare.example/", promises=("Giao nhanh 2 giờ",))
        findings.find(store, world.study)
        found = build(store, world.study, MADE_AT)
        assert [o.category for o in found.openings] == ["safety_health"]
        text = markdown.render(found, "vi")
        assert "chưa thấy trang đối thủ nào hứa giải quyết (đã đọc 1 trang)" in text
        assert "Chưa đọc được trang nào của Bé Yêu, nên không biết ở đó hứa gì." in text
        claim = Claim("benefit", "safety_health", "Không chất bảo quản.")
        world.page(store, "https://minicare.example/", promises=("Giao nhanh 2 giờ",), claims=(claim,))
        findings.find(store, world.study)
        found = build(store, world.study, MADE_AT)
        assert found.openings == ()
        assert not list(store.query("select * from claims where verdict = 'opening'"))
