"""Claimed against actual: whom pages address, what they ask and promise, and what nobody promises."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis import findings
from analysis.addressed import codes
from analysis.offer_prices import comparable, of_a_piece, once
from analysis.report import markdown
from analysis.report.build import build
from analysis.report.sections.claimed import section
from analysis.report.speech import Speech
from data.records import Offer
from data.store import Store
from tests.analysis.world import BE, LIKE_OURS, MADE_AT, MINI, OWN, Kind, Person, World, crowd


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Dành cho mẹ bỉm bận rộn", {("gender", "female"), ("children", "yes"), ("value", "convenience")}),
        ("cho bé từ 6 đến 12 tháng", {("child_age", "6-12m")}),
        ("trẻ 1-3 tuổi", {("child_age", "1-3y")}),
        ("phụ nữ 25 - 40 tuổi", {("gender", "female"), ("age", "25-40")}),
        ("for women aged 25 to 40 years", {("gender", "female"), ("age", "25-40")}),
        ("dành cho doanh nghiệp ở Bình Dương", {("customer_type", "organisation"), ("location", "Bình Dương")}),
        ("for teachers", {("occupation", "teacher")}),
        ("dành cho giáo viên", {("occupation", "teacher")}),
        ("Bỉm số một", set()),
        ("hơn 100-200 tuổi", set()),
        ("", set()),
    ],
)
def test_whom_a_line_addresses(line: str, told: set[tuple[str, str]]) -> None:
    assert set(codes(line)) == told


def test_places_and_firms_outside_such_a_line_are_nobody_addressed() -> None:
    assert codes("Giao nhanh tại Hà Nội, bán ở đại lý", deep=False) == []
    assert ("gender", "female") in codes("Bỉm cho mẹ bỉm", deep=False)


def _claims(store: Store, brand: str, area: str) -> dict[str, dict[str, object]]:
    rows = store.query("select * from claims where brand = ? and area = ?", (brand, area))
    return {row["value"]: row for row in rows}


def test_whom_they_address_stands_beside_who_speaks(analysed_store: Store) -> None:
    told = _claims(analysed_store, MINI, "audience")
    assert told["female"]["verdict"] == "met"
    assert told["female"]["low"] <= 0.88 <= told["female"]["high"]  # type: ignore[operator]
    assert told["female"]["claimed"] == "dành cho mẹ bỉm bận rộn"
    assert len(json.loads(str(told["female"]["evidence"]))) == 3


def test_a_promise_of_whose_kind_many_complain_is_told_with_their_share(analysed_store: Store) -> None:
    promised = _claims(analysed_store, MINI, "promise")
    assert promised["safety_health"]["verdict"] == "complained", "of that kind, but nothing of what is promised"
    assert promised["emotional"]["verdict"] == "none", "many speak and nobody complains"
    assert promised["safety_health"]["low"] >= 0.05  # type: ignore[operator]


@pytest.mark.parametrize(
    ("quote", "verdict"), [("Ship chậm, chờ cả tuần", "not_kept"), ("Giao thiếu topping", "complained")]
)
def test_a_promise_is_broken_by_complaints_of_its_own_matter_alone(tmp_path: Path, quote: str, verdict: str) -> None:
    world = World(tmp_path)
    with world.open() as store:
        world.fill(
            store, [Person(f"người {a}{b}", MINI, (), [("complaint", "delivery")]) for a in "abcdef" for b in "ghijk"]
        )
        with store._db.conn as db:  # type: ignore[attr-defined]
            db.execute("update pains set quote = ?", [quote])
        world.page(store, "https://minicare.example/", promises=("Giao hàng nhanh 30 phút",))
        findings.find(store, world.study)
        row = _claims(store, MINI, "promise")["delivery"]
        assert (row["verdict"], row["authors"]) == (verdict, 30)
        page = markdown.render(build(store, world.study, MADE_AT), "vi")
    assert ("Điều đáng chú ý: trang hứa “Giao hàng nhanh 30 phút”" in page) == (verdict == "not_kept")


def test_how_many_complain_of_just_what_was_promised_is_told(tmp_path: Path) -> None:
    world = World(tmp_path)
    with world.open() as store:
        world.fill(
            store, [Person(f"người {a}{b}", MINI, (), [("complaint", "delivery")]) for a in "abcdef" for b in "ghijk"]
        )
        with store._db.conn as db:  # type: ignore[attr-defined]
            db.execute("update pains set quote = case post % 3 when 0 then 'Giao thiếu topping' else 'Ship chậm' end")
        world.page(store, "https://minicare.example/", promises=("Giao hàng nhanh 30 phút",))
        findings.find(store, world.study)
        told = str(section(store, world.study, Speech("vi")))
        page = markdown.render(build(store, world.study, MADE_AT), "vi")
    assert "chưa giữ được: 20 người than đúng chuyện ấy" in told
    assert "20 người than đúng chuyện ấy (tính chung 30 người than phiền" in page


def test_what_is_complained_of_and_promised_by_no_competitor_is_an_opening(analysed_store: Store) -> None:
    found = {value: row["verdict"] for value, row in _claims(analysed_store, BE, "unpromised").items()}
    assert found == {"performance": "unpromised", "delivery": "opening"} | found
    assert "price" not in _claims(analysed_store, BE, "unpromised")


def _budgets(brand: str, *amounts: str, each: int) -> list[Person]:
    return [
        Person(f"{brand} {chr(97 + place)}{chr(97 + n // 20)}{chr(97 + n % 20)}", brand, [("budget", amount, None)])
        for place, amount in enumerate(amounts)
        for n in range(each)
    ]


def test_prices_stand_beside_what_people_can_pay(tmp_path: Path) -> None:
    world = World(tmp_path)
    with world.open() as store:
        world.fill(store, _budgets(MINI, "0-500000 VND", "0-100000 VND", "300 USD", each=20))
        offers = (
            Offer("M", 200000.0, "VND", "200k"),
            Offer("L", 300000.0, "VND", "300k"),
            Offer("?", None, None, "liên hệ"),
            Offer("Mỗi miếng chưa tới", 3200.0, "VND", "3.200 đồng"),
            Offer("Tã dán", 4500.0, "VND", "4.500đ/miếng"),
            Offer("Phí ship", 15000.0, "VND", "15k"),
        )
        world.page(store, "https://minicare.example/", offers=offers)
        findings.find(store, world.study)
        rows = list(store.query("select * from claims where area = 'price'"))
    assert [(r["value"], r["authors"], r["n"], r["verdict"]) for r in rows] == [("250000 VND", 20.0, 40, "open")]
    assert json.loads(rows[0]["detail"])["lowest"] == 200000


@pytest.mark.parametrize("kind", [Kind({}, {}), LIKE_OURS])
def test_a_brand_with_three_people_or_silent_ones_is_judged_by_nobody(tmp_path: Path, kind: Kind) -> None:
    world = World(tmp_path)
    with world.open() as store:
        world.fill(store, [*crowd(MINI, kind, 3, 1), *crowd(OWN, kind, 40, 2)])
        world.page(
            store, "https://minicare.example/", promises=("Chống tràn 12 tiếng",), audiences=("dành cho mẹ bỉm",)
        )
        findings.find(store, world.study)
        verdicts = {r["verdict"] for r in store.query("select verdict from claims where brand = ?", (MINI,))}
    assert verdicts <= {"not_enough", "few"}


@pytest.mark.parametrize(
    ("name", "text", "per", "piece"),
    [
        ("Mỗi miếng chưa tới", "3.200 đồng", None, True), ("Chỉ 3.200đ mỗi miếng", "3.200đ", None, True),
        ("Newborn", "30¢", "nappy", True), ("Tã dán", "3.200đ/miếng", None, True),
        ("Tã quần size M (60 miếng)", "185.000đ", None, False), ("Bỉm dán 1 bịch", "185.000đ", "bịch", False),
        ("Combo 4 bịch, mỗi bịch 60 miếng", "700k", None, False),
    ],
)  # fmt: skip
def test_a_price_of_one_piece_is_no_offer(name: str, text: str, per: str | None, piece: bool) -> None:
    assert of_a_piece({"name": name, "price_text": text, "per": per}) is piece


def test_prices_far_below_the_others_are_not_compared() -> None:
    assert comparable([185000.0, 189000.0, 9000.0]) == [185000.0, 189000.0]
    assert comparable([3000.0]) == [3000.0]
    assert comparable([]) == []


def test_a_lone_price_that_another_page_lists_counts_once() -> None:
    slogan = {"name": "Cho sinh viên ở trọ", "price": 790_000, "currency": "VND"}
    mini = {"name": "Mini", "price": 790_000, "currency": "VND"}
    plus = {"name": "Plus", "price": 1_150_000, "currency": "VND"}
    assert once([[slogan], [mini, plus], [plus], []]) == [[], [mini, plus], [], []]
    assert once([[slogan], [plus]]) == [[slogan], [plus]]
