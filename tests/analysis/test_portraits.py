"""The portrait in its parts, for everybody, for persons and for organisations."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis import findings
from analysis.portraits import PARTS, number, part_of
from data.codebook import ATTRIBUTES
from data.store import Store
from tests.analysis.world import MINI, OWN, Person, World


def test_every_attribute_has_its_part() -> None:
    assert {part_of(attribute) for attribute in (*ATTRIBUTES, "pain", "objection")} == set(PARTS)


def test_everybodys_portrait_is_that_of_the_shares_and_pains(analysed_store: Store) -> None:
    rows = {
        (r["brand"], r["attribute"], r["value"]): r
        for r in analysed_store.query("select * from portraits where customer_type = 'all'")
    }
    for cell in analysed_store.query("select * from audience_shares"):
        mine = rows[cell["brand"], cell["attribute"], cell["value"]]
        assert mine["share"] == cell["share"]
        assert mine["silent"] == pytest.approx(1 - cell["told"] / cell["audience"])
        assert mine["first_seen"] <= mine["last_seen"]
        assert mine["sources"] >= 1
    for cell in analysed_store.query("select * from pain_shares where authors > 0"):
        mine = rows[cell["brand"], "pain", cell["category"]]
        assert (mine["part"], mine["n"]) == ("challenges", cell["audience"])
        assert mine["silent"] <= 1 - mine["share"] + 1e-9


def _firms(size: int) -> list[Person]:
    kinds = [
        ("organisation", "quality", "decider", "Bình Dương"),
        ("person", "price", "buyer", "Hà Nội"),
    ]
    return [
        Person(
            f"{kind} {chr(97 + n // 20)}{chr(97 + n % 20)}", MINI,
            [("customer_type", kind, None), ("purchase_role", role, None), ("location", place, None)],
            [("objection", pain)],
        )
        for kind, pain, role, place in kinds for n in range(size)
    ]  # fmt: skip


@pytest.fixture
def firms(tmp_path: Path) -> Store:
    world = World(tmp_path)
    store = world.open()
    world.fill(store, [*_firms(30), *(Person(f"im lặng {c}", MINI) for c in "abcdefghij")])
    findings.find(store, world.study)
    return store


def test_persons_and_organisations_stand_apart_where_they_tell_what_they_are(firms: Store) -> None:
    rows = list(firms.query("select * from portraits where brand = ? and customer_type = 'organisation'", (MINI,)))
    told = {(r["part"], r["attribute"], r["value"]): (r["authors"], r["n"], r["audience"]) for r in rows}
    assert told["objections_role", "purchase_role", "decider"] == (30, 30, 30)
    assert told["objections_role", "objection", "quality"] == (30, 30, 30)
    assert told["demographics", "location", "Bình Dương"] == (30, 30, 30)
    assert not [r for r in rows if r["value"] in ("Hà Nội", "buyer", "price")]
    assert all(len(json.loads(r["evidence"])) == 3 for r in rows)
    firms.close()


def test_objections_are_of_everybody_and_the_silent_are_counted(firms: Store) -> None:
    row = next(firms.query(
        "select * from portraits where brand = ? and customer_type = 'all' and attribute = 'objection' and value = 'price'", (MINI,)
    ))  # fmt: skip
    assert (row["authors"], row["n"], row["audience"]) == (30, 70, 70)
    assert row["silent"] == pytest.approx(10 / 70)
    firms.close()


def test_a_group_below_the_minimum_has_no_portrait_of_its_own(world: World) -> None:
    with world.open() as store:
        world.fill(store, [*_firms(3), *(Person(f"im lặng {c}", MINI) for c in "abcdefghij")])
        findings.find(store, world.study)
        rows = list(store.query("select * from portraits"))
    assert {r["customer_type"] for r in rows} <= {"all"}
    assert all(r["authors"] >= 5 for r in rows)


def test_means_are_of_people_and_cover_the_middle(world: World) -> None:
    loud = Person("nói nhiều", OWN, [("age", "60", None)], posts=50)
    quiet = [
        Person(
            f"người {chr(97 + n // 20)}{chr(97 + n % 20)}",
            OWN,
            [("age", str(25 + n % 11), None)],
            [("complaint", "price")],
        )
        for n in range(40)
    ]
    with world.open() as store:
        world.fill(store, [loud, *quiet])
        findings.find(store, world.study)
        rows = {r["attribute"]: r for r in store.query("select * from portrait_means where brand = ?", (OWN,))}
    assert rows["age"]["n"] == 41
    assert rows["age"]["mean"] == pytest.approx((60 + sum(25 + n % 11 for n in range(40))) / 41)
    assert rows["age"]["low"] < rows["age"]["mean"] < rows["age"]["high"]
    assert "severity" not in rows, "all say the same, so that no interval can be told"


@pytest.mark.parametrize(
    ("attribute", "value", "told"),
    [
        ("age", "28-29", (28.5, "years")), ("child_age", "18m", (1.5, "years")), ("child_age", "3y", (41.5 / 12, "years")),
        ("income", "15000000-20000000 VND", (17_500_000.0, "VND")), ("budget", "0-5000000 VND", (5_000_000.0, "VND")),
        ("income", "middle", None), ("budget", "0-0 VND", None), ("age", "trẻ", None),
    ],
)  # fmt: skip
def test_values_as_numbers(attribute: str, value: str, told: tuple[float, str] | None) -> None:
    found = number(attribute, value)
    assert (found is None) is (told is None)
    if found is not None and told is not None:
        assert found[0] == pytest.approx(told[0])
        assert found[1] == told[1]
