"""Words by which shops and their staff give themselves away, and customers who only speak of shops."""

from __future__ import annotations

import pytest

from data.store.selling import marks


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Inbox em giá tốt nhé các mẹ, bỉm M 259k, L 279k, XL 299.000đ", ["selling", "prices"]),
        ("ib shop để nhận giá si nha", ["selling"]),
        ("Dạ shop xin lỗi chị, chị gửi mã đơn để shop kiểm tra ạ", ["staff"]),
        ("We're so sorry to hear that, please DM us your order number", ["staff"]),
        ("Wholesale diapers, now taking orders", ["selling"]),
        ("Shop giao chậm ba ngày mà không xin lỗi một câu", []),
        ("Bé nhà em 18 tháng, mua hai bịch 259k với 279k", []),
        ("Our company needs a supplier, who can quote?", []),
        ("", []),
    ],
)
def test_shops_and_staff_are_known_by_their_words(text: str, found: list[str]) -> None:
    assert list(marks(text)) == found
