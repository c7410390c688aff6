"""Words by which shops and their staff give themselves away, and customers who only speak of shops."""

from __future__ import annotations

import pytest

from data.store.selling import marks


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Inbox em giá tốt nhé các mẹ, bỉm M 259k, L 279k, XL 299.000đ", ["selling", "prices"]),
        ("ib shop để nhận giá si nha", ["selling", "offer"]),
        ("Dạ shop xin lỗi chị, chị gửi mã đơn để shop kiểm tra ạ", ["staff"]),
        ("We're so sorry to hear that, please DM us your order number", ["staff"]),
        ("Wholesale diapers, now taking orders", ["selling", "offer"]),
        ("Shop giao chậm ba ngày mà không xin lỗi một câu", []),
        ("Bé nhà em 18 tháng, mua hai bịch 259k với 279k", []),
        ("Our company needs a supplier, who can quote?", []),
        ("🔥 SALE SẬP SÀN Kavora 5L chỉ 990k, freeship toàn quốc, ib em ngay nha các mẹ 🔥", ["selling", "offer"]),
        ("#quangcao Lửa Nhỏ khuyến mãi 20/10 giảm 30%, tặng sách nấu ăn, đặt ngay", ["selling", "offer"]),
        ("Shop ghi freeship toàn quốc, hotline thì gọi không được, mình phải trả 40k", ["selling"]),
        ("", []),
    ],
)
def test_shops_and_staff_are_known_by_their_words(text: str, found: list[str]) -> None:
    assert list(marks(text)) == found
