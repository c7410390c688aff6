"""Numbers of orders stay where they can be nobody's; a phone stays hidden, whatever its column is called."""

from __future__ import annotations

import json

import pytest

from crawler.importers.own_numbers import is_nobodys, is_number_column
from tests.conftest import StudyFolder


@pytest.mark.parametrize("number", ["577812345678900006", "312345678901235", "#1234567890", "2400156789", "584920"])
def test_a_number_of_no_phones_shape_is_nobodys(number: str) -> None:
    assert is_nobodys(number)


@pytest.mark.parametrize(
    "number",
    [
        *("0912345678", "84912345678", "079123456789", "2125550123", "+84 912 345 678", "0912.345.678"),
        *(
            "4111111111111111",
            "5500005555555559",
            "340000000000009",
            "9704000000000018",
            "6200000000000005",
            "lan@a.example",
        ),
    ],
)
def test_what_may_be_a_phone_a_card_or_an_identity_number_is_somebodys(number: str) -> None:
    assert not is_nobodys(number)


@pytest.mark.parametrize(
    "name", ["Mã đơn hàng", "MA DON HANG", "Order ID", "orderId", "order_sn", "data.order_id", "SKU"]
)
def test_columns_of_orders_by_their_names(name: str) -> None:
    assert is_number_column(name)


@pytest.mark.parametrize("name", ["Số điện thoại", "Ghi chú", "CMND", "Liên hệ", "Số tài khoản", "Phone number"])
def test_other_columns_are_none(name: str) -> None:
    assert not is_number_column(name)


def test_an_import_keeps_the_numbers_of_orders_and_hides_phones(study: StudyFolder) -> None:
    rows = [
        "Người mua,Nội dung đánh giá,Ngày,Mã đơn hàng,Ghi chú",
        "Lan Hư Cấu,Bỉm mềm lắm bé ngủ ngon,01/03/2026,577812345678900006,577812345678900006",
        "Mai Hư Cấu,Giao chậm ba ngày mới tới,02/03/2026,0912345678,gọi 0912345678",
    ]
    (study.folder / "don.csv").write_text("\n".join(rows), encoding="utf-8")
    done = study.write([{"url": "https://forum.example/"}]).run(
        "import", "posts", "don.csv", "--about", "market", "--yes"
    )
    assert done.returncode == 0, done.stderr
    kept = [json.loads(rest) for (rest,) in study.rows("select rest from imported_rows order by row_number")]
    assert [one["Mã đơn hàng"] for one in kept] == ["577812345678900006", "[phone]"]
    assert [one["Ghi chú"] for one in kept] == ["[card]", "gọi [phone]"]
