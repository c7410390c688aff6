"""A province mistyped in the study file is told with the one it is nearly; names that any list has are left alone."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from data.place_names import mistyped
from data.study import Assumption
from data.study_file import nearest


@pytest.mark.parametrize(("name", "meant"), [("Hà Nộii", "Hà Nội"), ("Bình Dươn", "Bình Dương")])
def test_a_mistyped_province(name: str, meant: str) -> None:
    assert mistyped(name) == meant


@pytest.mark.parametrize("name", ["Hà Nội", "TP. Hồ Chí Minh", "Sài Gòn", "Thủ Đức", "Thái Lan", "miền Bắc", ""])
def test_names_that_are_none(name: str) -> None:
    assert mistyped(name) is None


@pytest.mark.parametrize(
    ("said", "options", "code"),
    [
        ("nữ", ("female", "male"), "female"),
        ("giá", ("price", "delivery"), "price"),
        ("gioitinh", ("age", "gender"), "gender"),
    ],
)
def test_words_of_the_language_lead_to_the_code(said: str, options: tuple[str, ...], code: str) -> None:
    assert f"“{code}”" in nearest(said, options)


def test_every_value_of_a_closed_list_is_no_claim() -> None:
    with pytest.raises(ValidationError, match="every_value"):
        Assumption(attribute="gender", expect=["female", "male", "other"], at_least=0.5)
