"""What a page promises around its offers, by kind and with its figure; all texts are quoted from invented pages."""

from __future__ import annotations

import pytest

from crawler import landing
from crawler.engines.document import Document
from crawler.landing import changes
from crawler.landing.testimonials import voices
from crawler.lexicons import LANGUAGES
from data import codebook, records
from data.records import Claim, LandingPage, Page

INTRO = "<p>Bỉm cho bé da nhạy cảm, mềm như mây và khô thoáng, bán ở mọi nơi trong thành phố.</p>"


def read(body: str, lang: str = "vi") -> LandingPage:
    source = f"<html lang={lang}><body><h1>Mây Hư Cấu</h1>{INTRO if lang == 'vi' else ''}{body}</body></html>"
    return landing.read(Document(Page("https://may.example/", source.encode("utf-8"))))


def found(text: str, lang: str = "vi") -> set[tuple[str, str, float | None, str | None]]:
    claims = read(f"<p>{text}</p>", lang).claims
    return {(one.area, one.kind, one.amount, one.unit) for one in claims if one.text.rstrip(".") in text}


@pytest.mark.parametrize(
    ("text", "area", "kind", "amount", "unit"),
    [
        ("Đổi trả 7 ngày nếu không vừa", "guarantee", "returns", 7, "day"),
        ("Bảo hành 12 tháng", "guarantee", "warranty", 12, "month"),
        ("Bảo hành trọn đời", "guarantee", "warranty", None, "lifetime"),
        ("Hoàn tiền trong 30 ngày", "guarantee", "money_back", 30, "day"),
        ("Freeship cho đơn từ 300k", "delivery", "free", 300_000, "VND"),
        ("Freeship toàn quốc", "delivery", "free", None, None),
        ("Giao hàng trong 2 - 4 ngày", "delivery", "fast", 4, "day"),
        ("Giao hỏa tốc 2h nội thành", "delivery", "fast", 2, "hour"),
        ("Giao xe tận nhà trong 48 giờ", "delivery", "fast", 48, "hour"),
        ("Giao xe tận nhà trong 48 giờ", "delivery", "to_door", 48, "hour"),
        ("Giao hoa tươi đến tay người nhận chỉ trong 2h", "delivery", "fast", 2, "hour"),
        ("Nhận hàng trên toàn quốc từ 2-4 ngày", "delivery", "fast", 4, "day"),
        ("Giao máy và lắp đặt tận nhà", "delivery", "to_door", None, None),
        ("Được đồng kiểm trước khi nhận", "delivery", "check_first", None, None),
        ("Thanh toán khi nhận hàng (COD)", "payment", "cod", None, None),
        ("Trả góp 0% qua thẻ", "payment", "instalments", 0, "%"),
        ("Hủy bất cứ lúc nào", "payment", "cancel", None, None),
        ("Giảm 20% cho khách mới", "discount", "off", 20, "%"),
        ("Giảm ngay 50.000đ cho đơn đầu tiên", "discount", "off", 50_000, "VND"),
        ("Mua 1 tặng 1", "discount", "gift", None, None),
        ("Dùng thử miễn phí 14 ngày", "discount", "trial", 14, "day"),
        ("Dùng thử 14 ngày, không cần thẻ", "discount", "trial", 14, "day"),
        ("Hủy miễn phí trước 48 giờ", "payment", "cancel", 48, "hour"),
        ("Học lại miễn phí nếu không đạt", "guarantee", "result", None, None),
        ("PT kèm 1-1, cam kết giảm 5kg sau 8 tuần", "guarantee", "result", 8, "week"),
        ("Thay pin miễn phí trong 3 năm", "guarantee", "warranty", 3, "year"),
        ("Không rò rỉ sau 100.000 chu kỳ đóng mở", "benefit", "performance", None, None),
        ("Không gian rộng 2.000 m2, không lo chen chúc", "benefit", "service", None, None),
        ("Nắp tháo rời, vệ sinh dễ dàng", "benefit", "usability", None, None),
        ("Đi được 120 km mỗi lần sạc", "benefit", "performance", None, None),
        ("Tẩy trắng sau 60 phút, lên 8-10 tông", "benefit", "performance", None, None),
        ("Giảm 85% chất béo so với chiên ngập dầu", "benefit", "performance", None, None),
        ("Hơn 10.000+ khách hàng tin dùng", "proof", "people", 10_000, None),
        ("15 năm kinh nghiệm", "proof", "years", 15, "year"),
        ("4,9/5 sao trên 812 đánh giá", "proof", "rating", 4.9, "/5"),
    ],
)  # fmt: skip
def test_vietnamese_terms(text: str, area: str, kind: str, amount: float | None, unit: str | None) -> None:
    assert (area, kind, amount, unit) in found(text)


@pytest.mark.parametrize(
    ("text", "area", "kind", "amount", "unit"),
    [
        ("30-day money-back guarantee", "guarantee", "money_back", 30, "day"),
        ("2-year warranty on every frame", "guarantee", "warranty", 2, "year"),
        ("Free returns within 60 days", "guarantee", "returns", 60, "day"),
        ("Free shipping on orders over $50", "delivery", "free", 50, "USD"),
        ("Next-day delivery to most towns", "delivery", "fast", 2, "day"),
        ("Delivered to your door within 48 hours", "delivery", "fast", 48, "hour"),
        ("We deliver anywhere in the country in 2-3 working days", "delivery", "fast", 3, "day"),
        ("Your order arrives within 3 business days", "delivery", "fast", 3, "day"),
        ("0% finance over 12 months with instalments", "payment", "instalments", 0, "%"),
        ("Cancel anytime", "payment", "cancel", None, None),
        ("Save 15% with yearly billing", "discount", "off", 15, "%"),
        ("Start your 14-day free trial today", "discount", "trial", 14, "day"),
        ("Trusted by 2 million families", "proof", "people", 2_000_000, None),
    ],
)  # fmt: skip
def test_english_terms(text: str, area: str, kind: str, amount: float | None, unit: str | None) -> None:
    assert (area, kind, amount, unit) in found(text, "en")


@pytest.mark.parametrize(
    "text",
    [
        "Đổi trả trong 7 ngày kể từ khi nhận hàng",
        "Khi nhận máy trong 7 ngày đầu được đổi",
        "Giao dịch được xử lý trong 24 giờ",
        "Đã giao hơn 80.000 chai trong 2 tháng",
        "Giao trễ quá 24 giờ được đền 50k",
        "Không giao xe trong 24 giờ thì hoàn tiền",
        "Returns accepted within 30 days of delivery",
        "We deliver results within 30 days",
        "Shipping now: order within 1 day to have it tomorrow",
        "Items delivered can be returned within 14 days",
    ],
)
def test_a_time_that_is_not_the_delivery_s_is_no_delivery(text: str) -> None:
    assert "delivery" not in {area for area, *_ in found(text)}
    assert "delivery" not in read(f"<p>{text}</p>").promise_categories


def test_a_delivery_within_a_time_is_a_promise() -> None:
    pages = [read(f"<p>{said}</p>") for said in ("Giao xe tận nhà trong 48 giờ.", "Brought by us, shipped in 2 days.")]
    assert [(one.promises[-1], one.promise_categories[-1]) for one in pages] == [
        ("Giao xe tận nhà trong 48 giờ.", "delivery"),
        ("Brought by us, shipped in 2 days.", "delivery"),
    ]


def test_several_promises_in_one_sentence_are_each_quoted_by_their_own_part() -> None:
    claims = read("<p>Đổi trả 7 ngày, bảo hành 12 tháng và freeship đơn từ 299k.</p>").claims
    said = {(one.kind, one.text, one.amount) for one in claims if one.area in ("guarantee", "delivery")}
    assert said == {
        ("returns", "Đổi trả 7 ngày", 7),
        ("warranty", "bảo hành 12 tháng", 12),
        ("free", "freeship đơn từ 299k.", 299_000),
    }


@pytest.mark.parametrize(
    "text",
    [
        "Giảm 30% chi phí vận hành",
        "Giảm cân an toàn trong 10 ngày",
        "Tiết kiệm thời gian 50%",
        "Tiết kiệm tới 40% điện",
        "Saves up to 30% of energy",
    ],
)
def test_what_only_sounds_like_a_discount_is_none(text: str) -> None:
    assert "discount" not in {area for area, *_ in found(text)}


@pytest.mark.parametrize(
    ("text", "day"),
    [("Giảm 20% đến hết ngày 30/11/2026", "2026-11-30"), ("Giảm 20% đến 30/11", "30/11"),
     ("Save 20% until 30 November 2026", "2026-11-30"), ("Save 20% until December 5, 2026", "2026-12-05")],
)  # fmt: skip
def test_the_last_day_of_a_discount(text: str, day: str) -> None:
    [claim] = [one for one in read(f"<p>{text}</p>").claims if one.area == "discount"]
    assert (claim.amount, claim.unit, claim.until) == (20, "%", day)


def test_pains_named_and_benefits_claimed_carry_their_category() -> None:
    page = read("<h2>Bạn đang đau đầu vì bé bị hăm?</h2><p>Thoáng khí cả đêm, không hăm.</p>")
    assert Claim("benefit", "safety_health", "Thoáng khí cả đêm, không hăm.") in page.claims
    assert [one.text for one in page.claims if one.area == "pain"] == ["Bạn đang đau đầu vì bé bị hăm?"]
    kinds = {one.kind for one in page.claims if one.area in ("benefit", "pain")}
    assert kinds <= {*codebook.PAIN_CATEGORIES, ""}


@pytest.mark.parametrize(
    ("text", "lang", "told"),
    [
        ("Lọc sạch 99,9% vi khuẩn.", "vi", True),
        ("Loại bỏ đến 95% clo và kim loại nặng", "vi", True),
        ("Diệt hơn 99% nấm mốc", "vi", True),
        ("Giúp khử 90 % mùi trong phòng", "vi", True),
        ("Removes up to 99.9% of lead", "en", True),
        ("Năm 2025, 40% người dân dùng nước giếng.", "vi", False),
        ("Loại bỏ 50% cổ phần của công ty con?", "vi", False),
        ("Lọc theo giá", "vi", False),
        ("Hút sạch 99,9% bụi mịn", "vi", True),
        ("Ngăn chặn 98% tia UV", "vi", True),
        ("Captures 99.97% of pollen", "en", True),
        ("Hút 50% khách hàng mới", "vi", False),
        ("Thu hút 90% khách hàng quay lại", "vi", False),
        ("The study covered 40% of homes", "en", False),
    ],
)
def test_a_counted_effect_is_a_benefit(text: str, lang: str, told: bool) -> None:
    assert any(one[0] == "benefit" for one in found(text, lang)) == told


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Pin bền, chạy 180 phút", "durability"), ("Pin dùng cả tuần, tới 7 ngày một lần sạc", "durability"),
        ("Chạy liên tục 3 giờ", "durability"), ("Tuổi thọ 10 năm", "durability"), ("12 hours of playtime", "durability"),
        ("Runs for 180 minutes", "durability"), ("Giữ nhiệt tới 12 giờ", "performance"), ("Lưu hương suốt 8 tiếng", "performance"),
        ("Keeps drinks hot for up to 12 hours", "performance"),
        ("Lõi lọc dùng 24 tháng mới phải thay", "durability"), ("Làm lạnh nhanh trong 15 phút", "performance"),
        ("Sạc đầy trong 60 phút", "performance"), ("Charges fully in 60 minutes", "performance"),
        ("Khuyến mãi chạy 3 giờ cuối ngày", None), ("Hoạt động từ 8 giờ đến 22 giờ", None), ("Hoạt động 24/7", None),
        ("Dùng thử 14 ngày", None), ("Chạy quảng cáo 48 giờ", None), ("Chạy 5 km mỗi sáng", None), ("Open until 10 pm", None),
        ("Hotline 1900 1234 hoạt động 8h - 17h", None), ("Pin 5000 mAh giá 350.000đ", None), ("Sale runs for 3 days", None),
    ],
)  # fmt: skip
def test_how_long_it_lasts_is_a_benefit_and_no_hour_of_the_day_is(text: str, category: str | None) -> None:
    told = {kind for area, kind, *_ in found(text) if area == "benefit"}
    assert (told & {"durability", "performance"}) == ({category} if category else set())


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Không bảo hành máy rơi vỡ.", set()), ("Máy rơi vỡ không được bảo hành.", set()), ("Hàng giảm giá không đổi trả.", set()),
        ("Bảo hành không áp dụng cho máy tự sửa.", set()), ("Bảo hành lõi lọc: không áp dụng", set()),
        ("Khuyến mãi không áp dụng với đơn COD", set()),
        ("Cọc không hoàn lại tiền.", set()),
        ("We do not refund opened boxes.", set()),
        ("Sale items are not covered by the warranty.", set()), ("Shipping is not included.", set()),
        ("Bảo hành 24 tháng, không bảo hành máy rơi vỡ.", {("guarantee", "warranty")}),
        ("Free shipping, but we do not ship abroad", {("delivery", "free")}),
        ("Không giao nhầm, giao trong 2 giờ", {("delivery", "fast")}),
        ("Hoàn tiền 100% nếu không hài lòng", {("guarantee", "money_back")}),
        ("Miễn phí đổi size không cần lý do", {("guarantee", "returns")}),
    ],
)  # fmt: skip
def test_what_a_seller_rules_out_is_no_promise(text: str, kept: set[tuple[str, str]]) -> None:
    told = {(area, kind) for area, kind, *_ in found(text) if area in ("guarantee", "delivery", "discount", "benefit")}
    assert told == kept
    assert any(text.startswith(promise.rstrip(".")) for promise in read(f"<p>{text}</p>").promises) == bool(kept)


def test_a_counted_effect_that_moves_is_one_change_beside_a_discount_that_moves() -> None:
    before = read("<p>Giảm 10% trong tuần này. Lọc sạch 99,9% vi khuẩn.</p>")
    after = read("<p>Giảm 25% trong tuần này. Lọc sạch 100% vi khuẩn.</p>")
    told = {(one.area, one.how, one.before, one.after) for one in changes.changes(before, after)}
    assert ("benefit", "changed", "Lọc sạch 99,9% vi khuẩn.", "Lọc sạch 100% vi khuẩn.") in told


def test_a_testimonial_tells_role_and_place_apart() -> None:
    assert voices(["Bé ngủ ngon cả đêm. — mẹ hai bé, Hà Nội", "Rất êm."]) == (
        records.Testimonial("Bé ngủ ngon cả đêm.", "mẹ hai bé", "Hà Nội"),
        records.Testimonial("Rất êm."),
    )


def test_tools_are_sorted_by_what_they_are_for() -> None:
    page = read(
        "<script src=https://www.googletagmanager.com/gtag/js?id=G-X></script><script>fbq('init', '1')</script>"
        "<img src=https://hstatic.net/a.png><link href=/wp-content/themes/a.css>"
    )
    assert page.tools["analytics"] == ("Google Analytics",)
    assert page.tools["advertising"] == ("Meta Pixel",)
    assert page.tools["shop"] == ("Haravan",)


def test_every_kind_of_term_is_known_in_both_languages() -> None:
    from crawler.lexicons import terms

    areas = {term.code.partition(".")[0] for term in terms("sale_terms")}
    assert areas == {"guarantee", "delivery", "payment", "discount", "none"}
    assert set(LANGUAGES) == {"vi", "en"}


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("Giá gốc: 5.000.000đ, giá ưu đãi chỉ còn 3tr5 khi đăng ký trước 30/11", 1_500_000),
        ("Ưu đãi tháng này chỉ còn 350.000đ", None),
        ("Giảm 50K cho đơn từ 300K", 50_000),
    ],
)
def test_a_discount_is_what_is_taken_away(text: str, amount: float | None) -> None:
    assert all(one[2] == amount for one in found(text) if one[:2] == ("discount", "off"))


@pytest.mark.parametrize(
    ("byline", "role", "place"),
    [
        ("Chị Nguyễn Thu Hà, chủ shop mẹ và bé, Đà Nẵng", "chủ shop mẹ và bé", "Đà Nẵng"),
        ("Chị Hương – Nhân viên văn phòng, Q.7, TP.HCM", "Nhân viên văn phòng", "Q.7, TP.HCM"),
        ("Anh Tuấn, 35 tuổi, kỹ sư (Hà Nội)", "35 tuổi, kỹ sư", "Hà Nội"),
    ],
)
def test_a_speakers_place_stands_apart_from_the_role_and_without_the_name(byline: str, role: str, place: str) -> None:
    quote = f"<div class=testimonial><p>“Từ ngày dùng tôi ngủ ngon hơn hẳn trước.”</p><p>{byline}</p></div>"
    [voice] = read(f"<h2>Khách hàng nói gì</h2>{quote}").voices
    assert (voice.role, voice.place) == (role, place)


@pytest.mark.parametrize(
    ("text", "audience"),
    [
        (
            "Chúng tôi phục vụ các mẹ bỉm sữa, chủ shop online, hộ kinh doanh cá thể tại TP.HCM.",
            "phục vụ các mẹ bỉm sữa, chủ shop online, hộ kinh doanh cá thể",
        ),
        (
            "Dành cho mẹ sau sinh, người bận rộn, dân văn phòng.",
            "Dành cho mẹ sau sinh, người bận rộn, dân văn phòng",
        ),
    ],
)
def test_an_audience_is_not_cut_in_the_middle(text: str, audience: str) -> None:
    assert audience in read(f"<p>{text}</p>").audiences


def areas(text: str) -> set[str]:
    return {f"{area}.{kind}" for area, kind, _, _ in found(text)}


def test_what_is_no_promise_no_pain_and_no_proof() -> None:
    assert "discount.gift" in areas("Mua 10 tặng 2")
    assert ("payment", "cod", None, None) in found("Ship COD toàn quốc 3-5 ngày")
    assert areas("Chính sách đổi trả") == set()
    assert areas("Gói Tặng kèm") == set()
    assert areas("Còn 01 ngày 12:33:11 kết thúc ưu đãi") == set()
    assert areas("Mã bảo mật: a8f3") == set()
    assert areas("Rated 1 out of 5") == set()
    assert "benefit.service" not in areas("Chúng tôi phục vụ các mẹ bỉm sữa tại TP.HCM")
    assert not any(one.startswith("pain.") for one in areas("Giúp bạn tiết kiệm 3 giờ mỗi ngày, không lo thất thoát"))


def test_proof_by_patients_licences_and_partners_logos() -> None:
    assert ("proof", "people", 15_000, "+") in found("15.000+ bé đã khám") or (
        "proof",
        "people",
        15_000,
        None,
    ) in found("15.000+ bé đã khám")
    assert "proof.certificate" in areas("Được Sở Y tế cấp phép số 123/GP")
    page = read('<h2>Đối tác</h2><img src=a.png alt="Mây Hư Cấu"><img src=b.png alt="Gió Bịa">')
    assert {claim.text for claim in page.claims if claim.kind == "logo"} == {"Mây Hư Cấu", "Gió Bịa"}


PLANS = (
    "<section class=pricing><div class=plan><h3>Gói Cơ bản</h3><p>{free}</p></div>"
    "<div class=plan><h3>Gói Tiệm</h3><p>99.000đ/tháng</p></div></section>"
)


@pytest.mark.parametrize("free", ["Miễn phí", "Miễn phí mãi mãi", "0đ", "0 đồng"])
def test_a_plan_that_costs_nothing_is_an_offer(free: str) -> None:
    page = read(PLANS.format(free=free))
    assert [(one.name, one.price, one.price_text) for one in page.offers] == [
        ("Gói Cơ bản", 0, free),
        ("Gói Tiệm", 99_000, "99.000đ/tháng"),
    ]
    assert all(one.text != free for one in page.claims), "it is an offer and no benefit of its own"


def test_a_free_line_of_a_price_list_is_an_offer() -> None:
    rows = "<tr><th>Plan</th><th>Price</th></tr><tr><td>Audit</td><td>Free</td></tr><tr><td>Site</td><td>£950</td></tr>"
    page = read(f"<table>{rows}</table>", "en")
    assert [(one.name, one.price, one.currency) for one in page.offers] == [("Audit", 0, "GBP"), ("Site", 950, "GBP")]


@pytest.mark.parametrize(
    "body",
    [
        "<h3>Gói Tiệm</h3><p>99.000đ/tháng</p><p>Giao hàng: Miễn phí</p>",
        "<h2>Giao hàng</h2><div><span>Miễn phí</span></div>",
        "<table><tr><th></th><th>Tiệm</th><th>Chuỗi</th></tr><tr><td>Giá</td><td>99.000đ</td><td>199.000đ</td></tr>"
        "<tr><td>Hỗ trợ</td><td>Giờ làm</td><td>Miễn phí</td></tr><tr><td>Kho</td><td>1</td><td>5</td></tr></table>",
    ],
)
def test_what_is_free_beside_a_price_is_no_plan(body: str) -> None:
    assert all(one.price != 0 for one in read(body).offers)


def test_reviews_of_a_product_are_no_testimonials_of_the_brand() -> None:
    said = "Bỉm vừa khít, giao nhanh và tư vấn rất nhiệt tình luôn nhé"
    review = f'{{"@type": "Review", "reviewBody": "{said}"}}'
    script = '<script type="application/ld+json">{{"@type": "{type}", "name": "Mây", "review": [{review}]}}</script>'
    shown = f"<div><p>{said}</p></div>"
    assert read(script.format(type="Product", review=review) + shown).testimonials == ()
    assert read(script.format(type="LocalBusiness", review=review)).testimonials == (), "the page does not show it"
    assert read(script.format(type="LocalBusiness", review=review) + shown).testimonials == (said,)


@pytest.mark.parametrize(
    ("body", "pains"),
    [
        ("<h2>Con biếng ăn, chậm tăng cân?</h2>", [("safety_health", "Con biếng ăn, chậm tăng cân?")]),
        ("<p>Bạn ngại cười vì răng hô? Có đau không?</p>", [("emotional", "Bạn ngại cười vì răng hô?")]),
        (
            "<h2>Bạn có đang gặp những vấn đề này?</h2><ul><li>Két lệch với sổ mỗi tối</li><li>Khách mua nợ rồi quên</li></ul>"
            "<h2>Sổ Nhẹ lo giúp bạn</h2><p>Ghi sổ trong một chạm trên điện thoại</p>",
            [("", "Két lệch với sổ mỗi tối"), ("money_worry", "Khách mua nợ rồi quên")],
        ),
        ("<h2>Giải pháp cho mọi vấn đề</h2><ul><li>Ghi sổ trong một chạm</li></ul>", []),
        ("<h3>Giao hàng có chậm không?</h3><h3>Vì sao bạn nên lo từ sớm?</h3>", []),
    ],
)
def test_pains_in_questions_and_in_lists_below_their_heading(body: str, pains: list[tuple[str, str]]) -> None:
    assert [(one.kind, one.text) for one in read(body).claims if one.area == "pain"] == pains


def test_pains_that_an_english_page_lists() -> None:
    page = read("<h2>Sound familiar?</h2><ul><li>Receipts pile up in a shoebox</li></ul><p>Is it slow?</p>", "en")
    assert [one.text for one in page.claims if one.area == "pain"] == ["Receipts pile up in a shoebox"]


@pytest.mark.parametrize(
    ("text", "kind", "amount"),
    [
        ("Giải Nụ cười Hư Cấu 2025", "award", None),
        ("Đoạt huy chương vàng Hội chợ Nông sản", "award", None),
        ("Top 3 phòng khám được yêu thích", "award", None),
        ("Đã giao hơn 80.000 chai", "count", 80_000),
        ("8.500 ca niềng thành công", "count", 8_500),
        ("12.000+ chủ tiệm đang dùng", "people", 12_000),
    ],
)
def test_proofs_by_awards_and_by_counts(text: str, kind: str, amount: float | None) -> None:
    assert ("proof", kind, amount, None) in found(text)


def test_a_year_is_no_number_of_customers() -> None:
    assert ("proof", "people", 1_800, None) in found("1,800 women coached since 2016", "en")


def test_what_solves_a_pain_without_a_prize_is_no_award() -> None:
    assert not [one for one in found("Giải pháp quản lý cho tiệm nhỏ") if one[0] == "proof"]


@pytest.mark.parametrize("heading", ["Khách hàng của chúng tôi", "Tin tưởng bởi", "Đồng hành cùng"])
def test_signs_of_clients_below_their_heading(heading: str) -> None:
    signs = '<div><img src=a.png alt="Tiệm Bà Bảy"><img src=b.png alt="Mini Mart Sao Mai"></div>'
    assert [one.text for one in read(f"<h2>{heading}</h2>{signs}").claims if one.area == "proof"] == [
        "Tiệm Bà Bảy",
        "Mini Mart Sao Mai",
    ]
    portraits = (
        '<div><div><img src=a.png alt="Nguyễn Thu Hà"><p>Mình dùng ba tháng nay thấy sổ sách nhẹ hẳn đi</p></div></div>'
    )
    assert "Nguyễn Thu Hà" not in read(f"<h2>{heading}</h2>{portraits}").proofs, "a customer's portrait is no sign"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hoàn tiền 100% nếu không hài lòng", {("guarantee", "money_back", None, None)}),
        ("Hoàn tiền 100% nếu khách hàng không thích", {("guarantee", "money_back", None, None)}),
        ("12 giờ khô thoáng, giao trong 2 giờ", {("delivery", "fast", 2, "hour")}),
        ("Trả góp 0% qua thẻ tín dụng trong 6 tháng", {("payment", "instalments", 0, "%")}),
        ("Đạt chứng nhận ISO 9001 và giải thưởng Hàng Việt Nam chất lượng cao 2025",
         {("proof", "certificate", None, None), ("proof", "award", None, None)}),
        ("98% khách hàng hài lòng", {("proof", "people", 98, "%")}),
    ],
)  # fmt: skip
def test_a_claim_is_of_the_kind_that_it_is_and_of_no_other(
    text: str, expected: set[tuple[str, str, float | None, str | None]]
) -> None:
    assert {one for one in found(text) if one[0] != "benefit"} == expected


def test_no_card_required_is_no_way_to_pay() -> None:
    kinds = {(area, kind) for area, kind, _, _ in found("No credit card required", "en")}
    assert kinds == {("payment", "no_card")}


def test_heads_of_tables_names_of_plans_and_lone_headings_are_no_benefits() -> None:
    table = (
        "<table><tr><th>Tính năng</th><th>Cơ bản</th><th>Chuyên nghiệp</th></tr>"
        "<tr><td>Giá mỗi tháng</td><td>99.000đ</td><td>199.000đ</td></tr></table>"
    )
    card = "<div class=card><h3>Tiết kiệm</h3><p class=price>99.000đ/tháng</p></div>"
    alone = "<h2>Cam kết</h2><h2>Cam kết của Mây</h2><h2>Ưu đãi tháng này</h2>"
    claims = read(f"{alone}{table}<table><tr><td>Giá gốc</td><td>Giá bán</td></tr></table>{card}").claims
    said = {one.text for one in claims if one.area == "benefit"}
    assert not said & {
        "Chuyên nghiệp",
        "Giá gốc",
        "Giá bán",
        "Cam kết",
        "Cam kết của Mây",
        "Ưu đãi tháng này",
        "Tiết kiệm",
    }


def test_who_can_use_it_too_is_no_audience() -> None:
    said = "Điều khiển bằng app, dễ dùng cho cả ông bà."
    assert not any("ông bà" in one for one in read(f"<h1>Nồi chiên</h1><p>{said}</p>").audiences)
    assert "dành cho cả mẹ và bé" in read("<h1>Bỉm mềm dành cho cả mẹ và bé</h1>").audiences


def test_a_purpose_names_no_audience() -> None:
    assert not any("ngủ" in phrase for phrase in read("<h1>Tã Mây cho bé ngủ ngon</h1>").audiences)
    assert "cho bé sơ sinh" in read("<h1>Tã Mây cho bé sơ sinh</h1>").audiences


@pytest.mark.parametrize(
    ("byline", "role", "place"),
    [
        ("Jane Doe, Owner, Bean There, Leeds", "Owner", "Leeds"),
        ("Jane Baker, Leeds", None, "Leeds"),
        ("Sam Poe, Head of Sales, Cloudy", "Head of Sales", None),
    ],
)
def test_english_bylines_name_what_somebody_is(byline: str, role: str | None, place: str | None) -> None:
    figure = f"<figure><blockquote>Saved me five hours a week.</blockquote><figcaption>{byline}</figcaption></figure>"
    [voice] = read(figure, "en").voices
    assert (voice.role, voice.place) == (role, place)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Giảm 85% chất béo so với chiên ngập dầu", "discount"),
        ("Chiết khấu cho đại lý tới 25%", "proof"),
        ("Nhận phòng 14h, trả phòng 12h", "benefit"),
        ("Gói dùng thử 10 miếng", "discount"),
        ("Giá niêm yết: 1.490.000 VNĐ", "benefit"),
    ],
)
def test_what_only_looks_like_one(text: str, wrong: str) -> None:
    assert wrong not in {area for area, *_ in found(text)}


@pytest.mark.parametrize("text", ["Plastic-free packaging", "Vegan and lactose-free options"])
def test_free_of_something_is_no_price(text: str) -> None:
    assert ("benefit", "price", None, None) not in found(text, "en")


def test_ready_soon_saves_time() -> None:
    assert found("Ready in 20 minutes, nothing to chop", "en") == {("benefit", "time_effort", None, None)}
