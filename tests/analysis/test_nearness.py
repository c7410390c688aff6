"""Which complaints are about just what a page promised."""

from __future__ import annotations

import pytest

from analysis.nearness import near


@pytest.mark.parametrize(
    ("promise", "category", "complaint", "is_near"),
    [
        ("Giao nhanh 2 giờ tại Hà Nội", "delivery", "chờ cả tuần chưa thấy đâu", True),
        ("Giao nhanh 2 giờ tại Hà Nội", "delivery", "thiếu một gói", False),
        ("Cứu hộ 24/7 miễn phí trong 2 giờ.", "service", "Giao xe trễ hai tuần không một lời xin lỗi", False),
        ("Cứu hộ 24/7 miễn phí trong 2 giờ.", "service", "gọi cứu hộ chờ nửa ngày", True),
        ("Cứu hộ 24/7 miễn phí trong 2 giờ.", "service", "Khuyến mãi tặng bảo hiểm mà lúc lấy xe chối bay", False),
        ("Phản hồi trong 5 phút", "service", "nhắn cả tuần mới trả lời", True),
        ("Phản hồi trong 5 phút", "service", "chờ bàn mãi", False),
        ("Roadside help within 2 hours", "service", "the scooter came two weeks late", False),
        ("Roadside help within 2 hours", "service", "waited five hours to be towed", True),
        ("Không tràn, không lem", "performance", "đêm nào cũng tràn", True),
        ("Ngon khó cưỡng", "quality", "nhạt", False),
    ],
)
def test_a_complaint_is_near_where_it_is_about_the_very_thing(
    promise: str, category: str, complaint: str, is_near: bool
) -> None:
    assert near(promise, category, [(7, complaint)]) == ([7] if is_near else [])
