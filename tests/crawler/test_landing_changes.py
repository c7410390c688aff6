"""What counts as a change of a brand's page, and what only moves: on pages of an invented shop."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crawler import landing
from crawler.engines.document import Document
from crawler.landing.changes import changes
from data.page_changes import sentence
from data.records import Change, Claim, LandingPage, Page

PLANS = (
    "<section><h2>Chọn gói</h2>"
    "<div class=card><h3>Gói Cơ bản</h3><p class=price>99.000đ/tháng</p></div>"
    "<div class=card><h3>Gói Pro</h3><p class=price>299.000đ/tháng</p></div></section>"
)
WORDS = (
    "<p>Dành cho cửa hàng nhỏ. Bán hàng dễ dàng, tính tiền trong vài giây.</p>"
    "<ul><li>Đổi trả trong 7 ngày</li><li>Freeship cho đơn từ 300k</li><li>Hỗ trợ 24/7</li></ul>"
    "<p>Hơn 10.000+ khách hàng tin dùng. Đạt chuẩn ISO 9001.</p>"
    "<p>Phần mềm giúp bạn quản lý kho, đơn hàng và nhân viên ở một nơi, không cần cài đặt phức tạp, không phát sinh chi phí.</p>"
)


def page(body: str = "", plans: str = PLANS, words: str = WORDS, lang: str = "vi") -> LandingPage:
    head = f"<html lang={lang}><head><title>Mây Bán Hàng</title></head>"
    source = f"{head}<body><main><h1>Mây Bán Hàng</h1>{plans}{words}{body}</main></body></html>"
    return landing.read(Document(Page("https://may.example/bang-gia", source.encode("utf-8"))))


def told(before: LandingPage, after: LandingPage, lang: str = "vi") -> list[str]:
    return [sentence(change, lang) for change in changes(before, after)]


def test_a_new_price_is_a_change_in_plain_words() -> None:
    after = page(plans=PLANS.replace("299.000đ", "349.000đ"))
    assert told(page(), after) == ["Gói Pro: 299.000đ/tháng → 349.000đ/tháng"]
    assert told(page(), after, "en") == ["Gói Pro: ₫299,000/month → ₫349,000/month"]
    [change] = changes(page(), after)
    assert (change.before_amount, change.after_amount, change.currency, change.per) == (
        299_000,
        349_000,
        "VND",
        "month",
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Đổi trả trong 7 ngày", "Đổi trả trong 30 ngày", "Đổi cam kết: “Đổi trả trong 7 ngày” → “Đổi trả trong 30 ngày”"),
        ("<li>Đổi trả trong 7 ngày</li>", "", "Không còn nêu cam kết: “Đổi trả trong 7 ngày”"),
        ("</ul>", "<li>Bảo hành 12 tháng</li></ul>", "Nêu thêm cam kết: “Bảo hành 12 tháng”"),
        ("từ 300k", "từ 500k",
         "Đổi điều kiện giao hàng: “Freeship cho đơn từ 300k” → “Freeship cho đơn từ 500k”"),
        ("</ul>", "<li>Trả góp 0% trong 6 tháng</li></ul>", "Nêu thêm cách thanh toán: “Trả góp 0% trong 6 tháng”"),
        ("</ul>", "<li>Giảm 20% cho khách mới</li></ul>", "Nêu thêm ưu đãi: “Giảm 20% cho khách mới”"),
        ("Dành cho cửa hàng nhỏ", "Dành cho chuỗi nhà hàng",
         "Đổi đối tượng khách hàng: “Dành cho cửa hàng nhỏ” → “Dành cho chuỗi nhà hàng”"),
        ("Đạt chuẩn ISO 9001.", "Đạt giải Sao Khuê.", "Không còn nêu bằng chứng: “Đạt chuẩn ISO 9001.”"),
        ("từ 300k", "từ 300k</li><li>Giao xe tận nhà trong 24 giờ",
         "Nêu thêm điều kiện giao hàng: “Giao xe tận nhà trong 24 giờ”"),
        ("Hỗ trợ 24/7", "Hỗ trợ 24/7, lắp đặt miễn phí", "Nêu thêm điều kiện giao hàng: “Hỗ trợ 24/7, lắp đặt miễn phí”"),
    ],
)  # fmt: skip
def test_a_promise_made_dropped_or_altered_is_a_change(old: str, new: str, expected: str) -> None:
    before, after = page(), page(words=WORDS.replace(old, new))
    assert before != after
    assert expected in told(before, after)


def test_the_same_words_under_another_kind_are_no_change() -> None:
    before = replace(page(), claims=(Claim("benefit", "performance", "Xong trong 20 phút, khỏi băm chặt", None, None),))
    after = replace(page(), claims=(Claim("benefit", "time_effort", "Xong trong 20 phút, khỏi băm chặt", None, None),))
    assert told(before, after) == []


@pytest.mark.parametrize(
    ("old", "new", "lang"),
    [
        ("Our friendly team answers within 10 minutes", "Our friendly team answers within one hour", "en"),
        ("Nhân viên trả lời tin nhắn trong 10 phút", "Nhân viên trả lời tin nhắn trong một giờ", "vi"),
    ],
)
def test_another_length_of_time_is_the_same_promise_changed(old: str, new: str, lang: str) -> None:
    [change] = changes(page(f"<p>{old}</p>"), page(f"<p>{new}</p>"))
    assert (change.how, change.before, change.after) == ("changed", old, new), lang


def test_one_change_is_told_once() -> None:
    before = page("<p>Phần mềm Mây dành cho mẹ có con dưới 3 tuổi, dễ dùng, không cần cài đặt.</p>")
    after = page("<p>Phần mềm Mây dành cho mẹ có con dưới 5 tuổi, dễ dùng, không cần cài đặt.</p>")
    assert told(before, after) == [
        "Đổi đối tượng khách hàng: “dành cho mẹ có con dưới 3 tuổi” → “dành cho mẹ có con dưới 5 tuổi”"
    ]


def test_a_plan_under_another_name_at_the_same_price_is_renamed() -> None:
    assert told(page(), page(plans=PLANS.replace("Gói Pro", "Gói Nâng cao"))) == ["Gói Pro nay gọi là Gói Nâng cao"]
    assert told(page(), page(plans=PLANS.replace("Gói Pro", "Mở rộng")), "en") == ["Gói Pro is now called Mở rộng"]
    shelf = "<div><h3>{}</h3><p>99.000đ</p></div>"
    other = told(page(plans=shelf.format("Yếm Mây")), page(plans=shelf.format("Khăn Gió")))
    assert other == ["Không còn bán Yếm Mây (trước đây 99.000đ)", "Bán thêm Khăn Gió: 99.000đ"]


def test_both_ends_of_a_range_are_kept_and_compared() -> None:
    drawer = "<div><h3>Ngăn kéo Mây</h3><p class=price>650.000 ₫ – 900.000 ₫</p></div>"
    before, after = page(plans=drawer), page(plans=drawer.replace("900.000", "950.000"))
    assert [(offer.price, offer.high) for offer in before.offers] == [(650_000, 900_000)]
    assert told(before, after) == ["Ngăn kéo Mây: 650.000 ₫ – 900.000 ₫ → 650.000 ₫ – 950.000 ₫"]


def test_a_price_of_a_table_is_told_with_its_plan() -> None:
    plans = "<table><tr><th></th><th>Solo</th><th>Team</th></tr><tr><td>Giá mỗi tháng</td><td>Miễn phí</td><td>199.000đ</td></tr></table>"
    assert told(page(plans=plans), page(plans=plans.replace("199.000đ", "229.000đ"))) == [
        "Team: 199.000đ/tháng → 229.000đ/tháng"
    ]


def test_offers_are_matched_by_name_and_unit_and_not_by_their_place() -> None:
    swapped = (
        "<section><h2>Chọn gói</h2>"
        "<div class=card><h3>Gói Pro</h3><p class=price>299.000đ/tháng</p></div>"
        "<div class=card><h3>Gói Cơ bản</h3><p class=price>109.000đ/tháng</p></div>"
        "<div class=card><h3>Gói Chuỗi</h3><p class=price>990.000đ/tháng</p></div></section>"
    )
    assert told(page(), page(plans=swapped)) == [
        "Gói Cơ bản: 99.000đ/tháng → 109.000đ/tháng",
        "Bán thêm Gói Chuỗi: 990.000đ/tháng",
    ]
    assert told(page(plans=swapped), page())[-1] == "Không còn bán Gói Chuỗi (trước đây 990.000đ/tháng)"
    two = PLANS.replace(
        "</section>", "<div class=card><h3>Gói Pro</h3><p class=price>2.990.000đ/năm</p></div></section>"
    )
    dearer = two.replace("2.990.000đ", "3.190.000đ")
    assert told(page(plans=two), page(plans=dearer)) == ["Gói Pro: 2.990.000đ/năm → 3.190.000đ/năm"]


def test_a_price_inside_a_sentence_is_one_too() -> None:
    said = "<p>Phần mềm bán hàng Mây giúp bạn quản lý kho ở một nơi, giá chỉ {} một tháng cho mỗi cửa hàng nhỏ.</p>"
    [change] = changes(page(said.format("199.000đ")), page(said.format("249.000đ")))
    assert (change.area, change.before_amount, change.after_amount) == ("price", 199_000, 249_000)
    assert sentence(change, "vi").endswith("199.000đ/tháng → 249.000đ/tháng")


def test_a_struck_price_tells_of_a_sale() -> None:
    before = page(plans="<div><h3>Tã Mây size M</h3><p><del>350.000đ</del> <b>289.000đ</b></p></div>")
    after = page(plans="<div><h3>Tã Mây size M</h3><p><del>400.000đ</del> <b>289.000đ</b></p></div>")
    assert told(before, after) == ["Tã Mây size M: giá gạch 350.000đ → 400.000đ"]


STANDING = page()


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("a banner that turns", "<div class=banner><p>Giảm 30% hôm nay</p></div>", "<div class=banner><p>Freeship toàn quốc</p></div>"),
        ("slides", "<div class=swiper-slide><h3>Gói Hè</h3><p>99.000đ</p></div>",
         "<div class=swiper-slide><h3>Gói Thu</h3><p>79.000đ</p></div>"),
        ("a pop-up", "<div class=popup>Tặng quà tặng cho khách mới</div>", ""),
        ("a counter of customers", "<p>Đã có 12.345 khách hàng tin dùng</p>", "<p>Đã có 12.399 khách hàng tin dùng</p>"),
        ("a counter of reviews", "<p>4.9/5 từ 812 đánh giá</p>", "<p>4.8/5 từ 845 đánh giá</p>"),
        ("views", "<p>Cam kết chính hãng, 120 lượt xem</p>", "<p>Cam kết chính hãng, 188 lượt xem</p>"),
        ("a nonce", "<input type=hidden value=a8f31c99><p data-nonce=1>Mềm mại</p>",
         "<input type=hidden value=77b1c0de><p data-nonce=2>Mềm mại</p>"),
        ("a date", "<p>Giảm 20% đến hết ngày 30/11/2026</p>", "<p>Giảm 20% đến hết ngày 07/12/2026</p>"),
        ("a month", "<p>Ưu đãi tháng 11: giảm 20% cho khách mới</p>", "<p>Ưu đãi tháng 12: giảm 20% cho khách mới</p>"),
        ("stock", "<p>Giao nhanh trong 2 giờ, chỉ còn 5 sản phẩm</p>", "<p>Giao nhanh trong 2 giờ, chỉ còn 3 sản phẩm</p>"),
        ("sold", "<div><h3>Sổ Mây (đã bán 120)</h3><p>50.000đ</p></div>", "<div><h3>Sổ Mây (đã bán 133)</h3><p>50.000đ</p></div>"),
        ("a list in another order", "<ul><li>Bền bỉ</li><li>Chống nước tốt</li></ul>", "<ul><li>Chống nước tốt</li><li>Bền bỉ</li></ul>"),
        ("case and marks", "<p>Bảo hành 12 tháng</p>", "<p>BẢO HÀNH 12 tháng!</p>"),
        ("the same in other words", "<p>Bảo hành chính hãng 12 tháng</p>", "<p>Bảo hành đủ 12 tháng tại nhà</p>"),
        ("the year of the foot", "<footer>© 2026 Mây</footer>", "<footer>© 2027 Mây</footer>"),
    ],
)  # fmt: skip
def test_what_only_moves_is_no_change(name: str, one: str, other: str) -> None:
    assert told(page(one), page(other)) == [], name
    assert told(page(other), page(one)) == [], name


def test_a_page_that_came_in_part_has_dropped_nothing() -> None:
    part = page(plans=PLANS.replace("299.000đ", "349.000đ"), words="")
    assert told(page(), part) == ["Gói Pro: 299.000đ/tháng → 349.000đ/tháng"]
    assert told(part, page()) == ["Gói Pro: 349.000đ/tháng → 299.000đ/tháng"], "and what was missing is not new"


def test_pages_that_cannot_be_compared_tell_nothing() -> None:
    abroad = PLANS.replace("99.000đ", "$4").replace("299.000đ", "$12")
    assert told(page(), page(plans=abroad)) == [], "shown in another currency to a visitor from elsewhere"
    assert changes(page(), page(words="<p>Dành cho quán cà phê</p>" * 3, lang="en")) == ()


def test_a_change_of_the_reader_is_no_change_of_the_page() -> None:
    from dataclasses import replace

    older = replace(page(), claims=(), audiences=("for shops",), reader=1)
    assert told(older, page()) == []
    assert told(older, page(plans=PLANS.replace("299.000đ", "349.000đ"))) == [
        "Gói Pro: 299.000đ/tháng → 349.000đ/tháng"
    ]


def test_a_sentence_for_every_kind_of_change_in_both_languages() -> None:
    for area in ("discount", "guarantee", "delivery", "payment", "benefit", "pain", "proof", "audience"):
        for how in ("added", "removed", "changed"):
            for lang in ("vi", "en"):
                assert "“" in sentence(Change(area, how, "trước", "sau"), lang)


def test_what_takes_turns_without_being_marked_as_a_banner_is_told_at_first_and_then_no_more() -> None:
    one, other = page("<p>Giảm 30% hôm nay</p>"), page("<p>Tặng quà tặng xinh</p>")
    assert len(changes(other, one, [])) == 2
    assert len(changes(one, other, [one])) == 2, "a campaign may come back, and that is news"
    assert changes(one, other, [other, one, other]) == ()
    assert changes(other, one, [one, other, one]) == ()
    dearer = page("<p>Giảm 30% hôm nay</p>", plans=PLANS.replace("299.000đ", "349.000đ"))
    assert told(dearer, page("<p>Tặng quà tặng xinh</p>"))[0] == "Gói Pro: 349.000đ/tháng → 299.000đ/tháng", (
        "a price is told each time"
    )


def listed(price: str, more: str = "") -> str:
    rows = f"<tr><td>1</td><td>Khám nhi</td><td>{price}</td></tr><tr><td>2</td><td>Xét nghiệm</td><td>180.000</td></tr>{more}"
    return f"<table><tr><td><b>STT</b></td><td><b>Dịch vụ</b></td><td><b>Đơn giá (đồng)</b></td></tr>{rows}</table>"


def test_a_price_list_with_the_money_in_its_header_changes() -> None:
    added = "<tr><td>3</td><td>Siêu âm</td><td>220.000</td></tr>"
    found = changes(page(plans=listed("250.000")), page(plans=listed("300.000", added)))
    assert {(one.area, one.how, one.subject, one.after_amount) for one in found} == {
        ("price", "changed", "Khám nhi", 300_000),
        ("offer", "added", "Siêu âm", 220_000),
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Mã bảo mật: a8f3", "Mã bảo mật: k29x"),
        ("Mã xác nhận của bạn là bảo mật, 7Q2AA", "Mã xác nhận của bạn là bảo mật, 7Q2AA"),
        ("Thanh toán bảo mật, phiên làm việc x81kd2", "Thanh toán bảo mật, phiên làm việc b7t3qq"),
        ("Secure checkout, request ID 9213", "Secure checkout, request ID 4471"),
    ],
)
def test_codes_of_a_request_are_no_changes(old: str, new: str) -> None:
    assert told(page(f"<p>{old}</p>"), page(f"<p>{new}</p>")) == []


def test_whom_a_page_names_as_its_audience_is_told_when_it_changes() -> None:
    before, after = (page(f"<p>Đối tượng: trẻ từ 0 đến {age} tuổi, mẹ bầu.</p>") for age in (15, 18))
    [change] = changes(before, after)
    assert (change.area, change.before, change.after) == (
        "audience",
        "Đối tượng: trẻ từ 0 đến 15 tuổi, mẹ bầu",
        "Đối tượng: trẻ từ 0 đến 18 tuổi, mẹ bầu",
    )


def test_of_several_numbers_in_a_promise_each_counts() -> None:
    before = "<p>Bảo hành xe 24 tháng, bảo hành pin 36 tháng.</p><p>Trả góp 0% trong 12 tháng.</p>"
    after = "<p>Bảo hành xe 24 tháng, bảo hành pin 24 tháng.</p><p>Trả góp 0% trong 6 tháng.</p>"
    told = changes(page(before), page(after))
    assert [(one.how, one.after) for one in told] == [
        ("changed", "Bảo hành xe 24 tháng, bảo hành pin 24 tháng."),
        ("changed", "Trả góp 0% trong 6 tháng."),
    ]
