"""What a seller promises by denying it, and what only sounds so; all texts are invented."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import data
from data.codebook import PAIN_CATEGORIES
from data.relief import relieved, without_hours
from data.words import LANGUAGES


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Không rò rỉ sau 100.000 chu kỳ đóng mở", "performance"),
        ("Chạy cả ngày không giật lag", "performance"),
        ("Khỏi lo chai pin", "durability"),
        ("Chống bong tróc, chống phai màu", "durability"),
        ("Ăn thoải mái, không sợ đầy bụng", "safety_health"),
        ("Không phải chờ lâu", "service"),
        ("Không lo chen chúc giờ cao điểm", "service"),
        ("Không mất phí ẩn", "price"),
        ("Tạm biệt giấy tờ", "time_effort"),
        ("Không ép mua thêm", "trust_fraud"),
        ("Rust-proof body", "durability"),
        ("A leak-free lid", "performance"),
        ("No more queues", "service"),
        ("Say goodbye to hidden fees", "price"),
        ("Never worry about data loss again", "performance"),
        ("Free from side effects", "safety_health"),
    ],
)
def test_a_denied_trouble_is_a_promise(text: str, category: str) -> None:
    assert relieved(text) == [category]


def test_each_denied_trouble_counts_once() -> None:
    assert relieved("Không khói, không mùi, không dầu mỡ") == ["safety_health", "quality"]


@pytest.mark.parametrize(
    "text",
    [
        "Đổi mới nếu không rò rỉ",
        "Chỉ nhận đổi hàng không trầy xước",
        "Không may bị rò rỉ, xin gọi hotline",
        "Máy bị ồn thì gọi kỹ thuật",
        "Chúng tôi không chịu trách nhiệm khi hàng bị gãy",
        "We are not liable for leaks, no scratches accepted if returned",
        "Mùi thơm dịu",
        "",
    ],
)
def test_a_condition_and_a_trouble_alone_promise_nothing(text: str) -> None:
    assert relieved(text) == []


def test_hours_of_the_day_are_left_out() -> None:
    assert "12h" not in without_hours("Nhận phòng 14h, trả phòng 12h")
    assert "12h" in without_hours("khô thoáng 12h")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_trouble_has_a_category_of_the_codebook(lang: str) -> None:
    with (Path(data.__file__).parent / "languages" / lang / "troubles.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(rows) > 100
    assert {row["code"] for row in rows} <= set(PAIN_CATEGORIES)
    assert len({row["term"] for row in rows}) == len(rows)
    assert {row["origin"] for row in rows} == {"own"}
