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
        ("Chăm sóc khách hàng 24/7, trả lời trong 5 phút", "service", "nhân viên trả lời cộc lốc", False),
        ("Chăm sóc khách hàng 24/7, trả lời trong 5 phút", "service", "Mong hãng xem lại", False),
        ("Chăm sóc khách hàng 24/7, trả lời trong 5 phút", "service", "gọi tổng đài năm lần không ai nghe máy", True),
        ("Hỗ trợ 24/7", "service", "hỏi trong nhóm mà chưa ai trả lời", False),
        ("Hỗ trợ 24/7", "service", "hỏi trong nhóm mà chưa ai trả lời … gọi hotline không ai nghe máy", True),
        ("Tư vấn tận tâm", "service", "nhân viên trả lời cộc lốc", True),
        ("Phục vụ tận tình", "service", "nhắn cả tuần mới trả lời", False),
        ("Reply within an hour", "service", "the staff were rude", False),
        ("Reply within an hour", "service", "emailed twice and nobody answered", True),
        ("Friendly staff", "service", "the staff were rude", True),
        ("Roadside help within 2 hours", "service", "the scooter came two weeks late", False),
        ("Roadside help within 2 hours", "service", "waited five hours to be towed", True),
        ("Không tràn, không lem", "performance", "đêm nào cũng tràn", True),
        ("Lớp chống dính bền 5 năm", "durability", "gãy tay cầm sau đúng 2 tháng", False),
        ("Lớp chống dính bền 5 năm", "durability", "bong tróc hết sau ba tháng", True),
        ("Bền bỉ cùng gia đình Việt", "durability", "gãy tay cầm sau đúng 2 tháng", True),
        ("Battery lasts two days", "durability", "the strap broke", False),
        ("Battery lasts two days", "durability", "battery dies by noon", True),
        ("Dễ dùng cho cả ông bà", "usability", "app kết nối hoài không được", True),
        ("Chạy êm 45 dB", "performance", "kêu o o nhức đầu", True),
        ("Ngon khó cưỡng", "quality", "nhạt", False),
    ],
)
def test_a_complaint_is_near_where_it_is_about_the_very_thing(
    promise: str, category: str, complaint: str, is_near: bool
) -> None:
    assert near(promise, category, [(7, complaint)]) == ([7] if is_near else [])
