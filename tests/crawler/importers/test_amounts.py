"""Sums, counts, shares and places as exports write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.importers.amounts import count_in, decimals_of, money_of, share_in
from crawler.importers.localities import place_of
from crawler.importers.orders.meanings import state


@pytest.mark.parametrize(
    ("text", "sum_", "currency"),
    [
        ("1.234.567 đ", 1_234_567, "VND"), ("1,234,567₫", 1_234_567, "VND"), ("VND 50,000", 50_000, "VND"),
        ("₫1.000", 1_000, "VND"), ("(50.000)", -50_000, None), ("-50.000đ", -50_000, "VND"), ("−12.000", -12_000, None),
        ("1.234,50 €", 1_234.5, "EUR"), ("$12.50", 12.5, "USD"), ("-$5", -5, "USD"), ("12,5", 12.5, None),
        ("5 000 000", 5_000_000, None), ("0", 0, None), ("250000", 250_000, None), ("99.500,50 đ", 99_500.5, "VND"),
    ],
)  # fmt: skip
def test_sums(text: str, sum_: float, currency: str | None) -> None:
    assert money_of(text) == (sum_, currency)


@pytest.mark.parametrize("text", ["", "miễn phí", "12 abc", "1.23.4", "1,2,3", "NaN", "1e9"])
def test_no_sums(text: str) -> None:
    assert money_of(text) is None


def test_a_column_decides_what_its_signs_mean() -> None:
    assert money_of("1.250") == (1_250, None)
    assert money_of("1.250", decimals=decimals_of(["7.50", "1.250"])) == (1.25, None)


@pytest.mark.parametrize(
    ("text", "share"),
    [("12,5 %", 0.125), ("12.5%", 0.125), ("0.125", 0.125), ("<1%", 0.01), ("35", None), ("101%", None)],
)
def test_shares(text: str, share: float | None) -> None:
    assert share_in(text) == share


@given(st.text(max_size=40))
def test_nothing_breaks_the_readers(text: str) -> None:
    for found in (money_of(text), count_in(text), share_in(text), place_of(text), state(text)):
        assert found is None or found is not None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Ho Chi Minh City", "Hồ Chí Minh"), ("TP. Hồ Chí Minh", "Hồ Chí Minh"), ("Hanoi", "Hà Nội"), ("Thành phố Hà Nội", "Hà Nội"),
        ("Tỉnh Bình Dương", "Bình Dương"), ("Dong Nai Province", "Đồng Nai"), ("Biên Hòa, Đồng Nai, Vietnam", "Đồng Nai"),
        ("Bà Rịa - Vũng Tàu", "Bà Rịa - Vũng Tàu"), ("Hà Nội - Quận Cầu Giấy", "Hà Nội"), ("Buon Ma Thuot", "Đắk Lắk"),
        ("Số 3 ngõ 5, Hà Đông, Hà Nội", "Hà Nội"), ("Singapore", "Singapore"), ("Ashburn", None), ("Vietnam", None), ("", None),
    ],
)  # fmt: skip
def test_places(text: str, place: str | None) -> None:
    assert place_of(text) == place


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Người mua đã hủy", "cancelled"), ("Giao hàng không thành công", "cancelled"), ("Đã giao hàng thành công", "completed"),
        ("Chưa giao", "open"), ("Trả hàng/Hoàn tiền", "returned"), ("Yêu cầu bị từ chối", "none"), ("To ship", "open"),
        ("Canceled", "cancelled"), ("lạ lắm", None),
    ],
)  # fmt: skip
def test_states(text: str, code: str | None) -> None:
    assert state(text) == code
