"""Vietnamese posts in which nothing of the author is told, beside posts that look like them and tell something."""

from __future__ import annotations

from functools import cache

import pytest

from analysis.text.annotate import Annotator
from data.records import Annotation


@cache
def annotator() -> Annotator:
    return Annotator(learned=False)


def read(text: str) -> Annotation:
    return annotator().annotate_one({"id": "1", "text": text, "lang": "vi", "posted_at": "2026-06-01"})


def said(text: str) -> set[tuple[str, str]]:
    return {(cue.attribute, cue.value) for cue in read(text).cues}


@pytest.mark.parametrize(
    "text",
    [
        "Thanh lý tủ gỗ 2tr, khu Gò Vấp, ai cần qua xem",
        "Tuyển 5 nhân viên bán hàng, lương 8-10 triệu, tuổi 18-30, làm tại quận 7",
        "Tiệm em nhận giặt rèm, khách quen giảm 10%",
        "Kem trị nám mua 2 tặng 1, inbox để được dược sĩ tư vấn",
        "Hỗ trợ vay nhanh, nợ xấu vẫn duyệt, gọi là có tiền",
    ],
)
def test_adverts_tell_nothing(text: str) -> None:
    answers = read(text)
    assert not answers.cues
    assert not answers.pains


@pytest.mark.parametrize(
    "text",
    [
        "Triển lãm gốm tổ chức tại Hội An cuối tuần này",
        "Hôm qua có giải chạy đêm ở Hà Nội, đông ghê",
        "Quán mở thêm chi nhánh ở Quy Nhơn",
        "Cuối tuần này ở Phú Quốc có lễ hội âm nhạc",
        "Nồi này ship về Cần Thơ mấy ngày vậy shop",
        "Gửi từ Hà Nội vào Nha Trang hết bao nhiêu",
        "Phở ngon, ai ở quận 10 nên ghé",
        "Bạn ở Hải Phòng thì qua cửa hàng bên Lạch Tray nhé",
        "Giá cà phê hôm nay 98 nghìn một ký tại Gia Lai",
    ],
)
def test_places_of_events_shipping_and_other_people(text: str) -> None:
    assert not any(attribute == "location" for attribute, _ in said(text))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("ship về Biên Hoà cho mình 1 cái nha shop", "Đồng Nai"),
        ("Ai ở Biên Hoà biết chỗ sửa loa chỉ em với", "Đồng Nai"),
        ("Công ty em tổ chức tiệc ở Bắc Ninh, em ở Hà Nội", "Hà Nội"),
        ("Em bán tạp hoá ở Tây Ninh", "Tây Ninh"),
    ],
)
def test_places_of_the_author_beside_them(text: str, place: str) -> None:
    assert ("location", place) in said(text)


@pytest.mark.parametrize(
    ("text", "behaviour"),
    [
        ("Kiếm hoài không ra chỗ nào bán", "researching"),
        ("Mua bốn cái chưa hư cái nào", "researching"),
        ("Ước gì có app nào làm được", "researching"),
        ("Chưa dám xuống tiền", "ready_to_buy"),
        ("Đặt cọc 50 triệu từ năm ngoái mà giờ chủ im", "ready_to_buy"),
        ("Đặt 20 cái giá có giảm không", "ready_to_buy"),
        ("Em chạy giao hàng khu Tân Phú", "ready_to_buy"),
        ("Vợ cấm mua thêm mô hình", "repeat_buyer"),
        ("Lắc đều rồi chờ năm phút, bạn thử xem", "recommends"),
        ("Ai còn lưỡng lự thì đổi đi", "comparing"),
        ("Nếu quên mã thì ra quầy, năm phút là đặt lại được", "repeat_buyer"),
    ],
)
def test_behaviour_that_is_not_the_authors(text: str, behaviour: str) -> None:
    assert ("behaviour", behaviour) not in said(text)


@pytest.mark.parametrize(
    ("text", "behaviour"),
    [
        ("Không biết chỗ nào bán, mọi người chỉ giúp", "researching"),
        ("Loại nào bền vậy mọi người", "researching"),
        ("Em chốt 2 hộp nha shop", "ready_to_buy"),
        ("Sắp đặt cọc rồi, hồi hộp ghê", "ready_to_buy"),
        ("Mua đi mua lại ở đây mấy năm rồi", "repeat_buyer"),
        ("Mọi người nên thử nha", "recommends"),
        ("Nên mua xe số hay tay ga cho dễ chạy", "comparing"),
        ("Honto với Kazeda con nào ổn mọi người", "comparing"),
    ],
)
def test_behaviour_that_is(text: str, behaviour: str) -> None:
    assert ("behaviour", behaviour) in said(text)


def test_an_offer_asked_for_is_no_research() -> None:
    assert ("behaviour", "researching") not in said("Cần in 500 túi vải, bên nào làm được gửi báo giá giúp em")


@pytest.mark.parametrize(
    "text",
    [
        "Cái tủ này 15 tuổi rồi mà còn chắc",
        "Cây mít này ba trồng, giờ 31 tuổi vẫn sai trái",
        "Cuốn sách của ông nội hơn 40 tuổi, giấy còn thơm",
        "Con cục gạch này 15 tuổi rồi đó",
    ],
)
def test_a_things_age_is_nobodys(text: str) -> None:
    assert not any(attribute in ("age", "child_age") for attribute, _ in said(text))


def test_a_person_with_a_small_word_before_has_an_age() -> None:
    assert ("child_age", "4y") in said("Con gái em 4 tuổi rồi")
    assert ("age", "32") in said("Con xe này hợp với em, em 32 tuổi")


@pytest.mark.parametrize(
    "text",
    [
        "Mới vào nhóm, chào cả nhà",
        "Ảnh sẽ gửi trong nhóm sau",
        "Tìm app học toán nào dễ hiểu",
        "Thợ nào làm kỹ giới thiệu giúp em với",
        "Sếp chỉ định hãng này",
    ],
)
def test_no_channel_where_nothing_was_seen_or_bought(text: str) -> None:
    assert not any(attribute == "channel" for attribute, _ in said(text))


def test_channels_beside_them() -> None:
    assert ("channel", "facebook_group") in said("Thấy trong nhóm khen nên mua thử")
    assert ("channel", "app") in said("Mình đặt qua app cho tiện")
    assert ("channel", "word_of_mouth") in said("Bạn em giới thiệu nên mua thử")


def test_schooling_of_students_at_large() -> None:
    assert not read("Sinh viên bây giờ toàn dùng máy tính bảng").cues
    assert ("education", "student") in said("Em sinh viên năm 2")


@pytest.mark.parametrize(
    "text",
    [
        "Loại này hợp với mẹ bầu và người lớn tuổi",
        "Ngồi chờ gặp bác kia kể lấy chồng từ năm 16",
        "Người yêu cũ của ca sĩ này là doanh nhân",
        "Quán sạch, hai vợ chồng chủ dễ thương",
        "Chị bán hàng bảo mua loại này là đủ",
        "Vé người trên 60 tuổi giảm nửa, trẻ dưới 5 tuổi miễn phí",
    ],
)
def test_other_peoples_families_and_fares(text: str) -> None:
    assert not {attribute for attribute, _ in said(text)} & {"gender", "marital_status", "children", "child_age", "age"}


def test_families_of_the_author_beside_them() -> None:
    assert ("marital_status", "married") in said("Em lấy chồng xa, nhớ nhà")
    assert ("children", "expecting") in said("Mẹ bầu 32 tuần cần chọn nôi")
    assert ("gender", "female") in said("Chị năm nay 48 tuổi, da khô")
    assert ("age", "61-69") in said("Em mua cho mình thôi, tôi trên 60 tuổi rồi")


@pytest.mark.parametrize("text", ["Kỹ thuật hẹn thứ bảy mà không tới", "Cây ATM gần chợ hết tiền"])
def test_no_want_of_money(text: str) -> None:
    assert not any(attribute == "price_sensitivity" for attribute, _ in said(text))


@pytest.mark.parametrize(
    "text",
    [
        "Xe điện nhà mình sạc cả năm có nóng gì đâu",
        "Tháp lắp hai năm có rò rỉ giọt nào đâu",
        "> loa này mau hư\nChắc bạn lấy trúng lô lỗi rồi",
        "Đất nặn không bong, không mốc, không dính tay",
        "Cái đèo này đẹp muốn khóc",
        "Phấn mịn phát ghét",
        "Trạm cân sai số cho phép 20kg",
    ],
)
def test_trouble_that_nobody_has(text: str) -> None:
    assert not read(text).pains


@pytest.mark.parametrize(
    "text",
    [
        "Xe sạc mỗi đêm nóng ran",
        "> loa này ngon\nLoa của mình hư liền",
        "Bán kiểu gì mà không bền, không êm",
        "Pin yếu, có gì hơn đâu",
        "Giá mắc muốn xỉu",
    ],
)
def test_trouble_that_somebody_has(text: str) -> None:
    assert read(text).pains


def test_a_group_of_friends_is_no_organisation() -> None:
    assert said("Trà Mây có khuyến mãi mua 1 tặng 1 nên nhóm em hay đặt.") == set()
    assert ("customer_type", "organisation") in said("Công ty em hay đặt trà sữa cho cả phòng.")
