"""What coded values mean: bands, ranges that straddle them, and expectations."""

from __future__ import annotations

import pytest

from analysis.values import grouped, meets, months


@pytest.mark.parametrize(
    ("attribute", "value", "groups"),
    [
        ("age", "28", {"25-34": 1.0}),
        ("age", "28-29", {"25-34": 1.0}),
        ("age", "30-39", {"25-34": 0.5, "35-44": 0.5}),
        ("age", "18-60", {}),
        ("age", "trẻ", {}),
        ("child_age", "18m", {"12-23": 1.0}),
        ("child_age", "3y", {"36-71": 1.0}),
        ("income", "8000000 VND", {"7000000-15000000 VND": 1.0}),
        ("income", "middle", {"middle": 1.0}),
        ("income", "60000000-80000000 VND", {"50000000- VND": 1.0}),
        ("budget", "0-5000000 VND", {"1000000-5000000 VND": 1.0}),
        ("budget", "nhiều", {}),
        ("children", "2", {"yes": 1.0, "2": 1.0}),
        ("children", "5", {"yes": 1.0, "3+": 1.0}),
        ("children", "expecting", {"expecting": 1.0}),
        ("location", "Hà Nội", {"Hà Nội": 1.0}),
    ],
)
def test_a_value_falls_into_its_groups(attribute: str, value: str, groups: dict[str, float]) -> None:
    assert dict(grouped(attribute, value, None)) == pytest.approx(groups)


@pytest.mark.parametrize(
    ("attribute", "expected", "value", "weight"),
    [
        ("age", ["25-34"], "28-29", 1.0),
        ("age", ["25-34"], "30-39", 0.5),
        ("age", ["25-34", "35-44"], "30-39", 1.0),
        ("age", ["25-34"], "41", 0.0),
        ("age", ["25-34"], "18-60", None),
        ("child_age", ["0-24m"], "18m", 1.0),
        ("child_age", ["0-2"], "3y", 0.0),
        ("location", ["Hà Nội", "TP.HCM"], "Hồ Chí Minh", 1.0),
        ("location", ["ha noi"], "Hà Nội", 1.0),
        ("children", ["yes"], "2", 1.0),
        ("children", ["2"], "yes", None),
        ("income", ["10000000-20000000 VND"], "15000000-25000000 VND", 0.5),
        ("income", ["10000000-20000000 VND"], "900 USD", None),
        ("income", ["high"], "15000000 VND", None),
        ("interest", ["du lịch"], "đi du lịch bụi", 1.0),
        ("interest", ["du lịch"], "nấu ăn", 0.0),
        ("gender", ["female"], "female", 1.0),
    ],
)
def test_a_value_meets_an_expectation(attribute: str, expected: list[str], value: str, weight: float | None) -> None:
    assert meets(attribute, expected, value, None) == (weight if weight is None else pytest.approx(weight))


def test_an_occupation_is_met_by_its_group_or_by_its_words() -> None:
    assert meets("occupation", ["office"], "kế toán", "office") == 1.0
    assert meets("occupation", ["kế toán"], "kế toán trưởng", "manager") == 1.0
    assert meets("occupation", ["teacher"], "kế toán", "office") == 0.0


@pytest.mark.parametrize(
    ("text", "span"), [("18m", (18, 18)), ("3y", (36, 47)), ("1-3y", (12, 47)), ("0-24m", (0, 24)), ("x", None)]
)
def test_the_age_of_a_child_in_months(text: str, span: tuple[int, int] | None) -> None:
    assert months(text) == span
