"""What the words around a brand's name say of its author."""

from __future__ import annotations

import pytest

from analysis.brand_roles import split, told
from analysis.switching import _Names
from data.study import Study
from tests.analysis.world import STUDY

NAMES = _Names(Study.model_validate(STUDY))
A, B = "MiniCare", "An Nhiên"


def _told(text: str) -> set[tuple[str, str]]:
    return set(told(text, NAMES(text)))


@pytest.mark.parametrize(
    ("text", "relations"),
    [
        ("Em đang dùng bỉm MiniCare được nửa năm rồi", {(A, "owns")}),
        ("Nhà mình đang xài MiniCare", {(A, "owns")}),
        ("nha minh dang xai minicare", {(A, "owns")}),
        ("Mình mua MiniCare tháng trước ở siêu thị", {(A, "bought")}),
        ("Em vừa mua tã dán MiniCare trên shopee", {(A, "bought")}),
        ("Mình bỏ MiniCare rồi", {(A, "left")}),
        ("MiniCare thì em bỏ luôn rồi", {(A, "left")}),
        ("Mình vừa đổi từ MiniCare sang An Nhiên", {(A, "left"), (B, "taken")}),
        ("Chuyển từ MiniCare qua An Nhiên", {(A, "left"), (B, "taken")}),
        ("Mình thay MiniCare bằng An Nhiên rồi", {(A, "left"), (B, "taken")}),
        ("MiniCare dùng tốt lắm, rất ưng", {(A, "praises")}),
        ("Mình khuyên mọi người nên mua MiniCare", {(A, "praises")}),
        ("Em đang định mua MiniCare", {(A, "considers")}),
        ("We use MiniCare at home", {(A, "owns")}),
        ("I just bought a pack of MiniCare", {(A, "bought")}),
        ("I switched from MiniCare to An Nhiên", {(A, "left"), (B, "taken")}),
        ("I ditched MiniCare for An Nhiên", {(A, "left"), (B, "taken")}),
        ("thinking of buying MiniCare", {(A, "considers")}),
        ("MiniCare is great", {(A, "praises")}),
    ],
)
def test_plain_sentences(text: str, relations: set[tuple[str, str]]) -> None:
    assert _told(text) == relations


@pytest.mark.parametrize(
    "text",
    [
        "Có mẹ nào dùng MiniCare chưa ạ",
        "Nếu dùng MiniCare thì sao nhỉ",
        "Hàng xóm đang dùng MiniCare",
        "Mình chưa mua MiniCare bao giờ",
        "MiniCare dùng không tốt lắm",
        "Đừng mua MiniCare nhé",
        "Có nên đổi từ MiniCare sang An Nhiên không ạ?",
        "Has anyone switched from MiniCare to An Nhiên?",
        "My sister is using MiniCare",
        "MiniCare is not great",
        "MiniCare giao chậm",
        "Giá MiniCare bao nhiêu",
        "Tin từ MiniCare",
    ],
)
def test_what_is_asked_supposed_denied_or_told_of_others_says_nothing(text: str) -> None:
    assert _told(text) - {(A, "considers")} == set()


def test_two_brands_are_told_apart() -> None:
    assert _told("Em đang dùng MiniCare, vừa mua thêm An Nhiên") == {(A, "owns"), (B, "bought")}
    assert split("bỏ MiniCare qua An Nhiên", NAMES("bỏ MiniCare qua An Nhiên")) == ([A], [B], [])


@pytest.mark.parametrize("text", ["", "MiniCare", "MiniCare " * 500, "từ " * 3000 + "MiniCare", "đang dùng " * 2000])
def test_odd_texts_cost_little(text: str) -> None:
    assert isinstance(told(text, NAMES(text)), list)
