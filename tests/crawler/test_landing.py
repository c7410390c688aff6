"""The landing reader on saved pages of invented brands: ``tests/pages/landing/<case>/{page.html, expected.json}``.

Rewrite the expectations after a wanted change with ``python -m tests.crawler.test_landing``, and read the difference.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import landing
from crawler.engines.document import Document
from crawler.gathered import Gathered, masked_item
from crawler.landing import social
from crawler.lexicons import LANGUAGES, terms
from crawler.numbered_links import without_number
from data import codebook
from data.errors import UnreadablePageError
from data.records import LandingPage, Page
from data.store.base import FetchedPage
from tests.effort import costs_less

PAGES = Path(__file__).parent.parent / "pages" / "landing"
CASES = sorted(folder.name for folder in PAGES.iterdir() if (folder / "page.html").exists())


def document(source: str | bytes, url: str = "https://brand.example/") -> Document:
    return Document(Page(url, source if isinstance(source, bytes) else source.encode("utf-8")))


def read(source: str | bytes) -> LandingPage:
    return landing.read(document(source))


def test_what_buyers_say_below_a_product_is_no_promise_of_the_brand() -> None:
    """The blocks that the reader of reviews knows, whatever they are called, and the heading that counts them."""
    said = ["Giao nhanh, đóng gói cẩn thận, hư cấu", "Bé không hăm, sẽ mua lại", "Đổi trả trong 3 ngày, bảo hành tốt"]
    told = "".join(
        f'<div class=o><b class=ten>Khách {n}</b> <span class=sao aria-label="{n + 2} trên 5 sao">{"★" * (n + 2)}</span> '
        f"<time>0{n + 1}/10/2026</time><p>{words}</p></div>"
        for n, words in enumerate(said)
    )
    source = (
        "<html lang=vi><body><main><h1>Tã S Hư Cấu</h1><p>189.000đ</p><p>Đổi trả trong 7 ngày. Miễn phí giao hàng toàn quốc.</p>"
        f"<h2>Đánh giá (3)</h2>{told}</main></body></html>"
    )
    page = landing.read(document(source, "https://brand.example/san-pham/ta-s"))
    quoted = " | ".join((*page.promises, *page.proofs, *page.audiences, *(claim.text for claim in page.claims)))
    assert "7 ngày" in quoted
    assert not [words for words in (*said, "3 ngày", "Đánh giá") if words in quoted]


def case(name: str) -> Document:
    return document((PAGES / name / "page.html").read_bytes(), f"https://{name}.example/")


def seen(name: str) -> dict[str, Any]:
    doc = case(name)
    said = landing.to_json(landing.read(doc))
    return said | {"links": landing.landing_links(doc, 6)}


@pytest.mark.parametrize("name", CASES)
def test_saved_page_reads_as_expected(name: str) -> None:
    assert seen(name) == json.loads((PAGES / name / "expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", CASES)
def test_texts_are_quoted_from_the_page(name: str) -> None:
    page, squeezed = landing.read(case(name)), " ".join(case(name).tree.text_content().split())
    for text in (*page.promises, *page.audiences, *(offer.price_text.split(" / ")[0] for offer in page.offers)):
        assert text.rstrip("…") in squeezed


SAID, TOO = "Thấm hút rất tốt, bé ngủ ngon cả đêm", "Giao nhanh, bé không còn bị hăm nữa"


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        (f'<section><h2>Khách hàng nói gì</h2><p>"{SAID}"</p></section>'
         '<div><a href="https://facebook.com/may">Facebook</a> TikTok Zalo Hotline: 0912 345 678</div>', (SAID,)),
        (f'<section class=testimonials><p>"{SAID}"</p><a href=/mua>Mua ngay</a></section>', (SAID,)),
        (f'<section class=testimonials><p>"{SAID}"</p><button>Mua ngay</button><p>Lan, mẹ bé Bo</p></section>',
         (f"{SAID} — mẹ bé Bo",)),
        (f"<section class=testimonials><div>{SAID}</div><div>{TOO}</div></section>", (SAID, TOO)),
        (f"<h2>Khách hàng nói gì</h2><div><p>Mình thấy {SAID}</p><span>mẹ bé Bo</span></div>"
         f"<div><p>{TOO}</p><span>mẹ bé Na</span></div>", (f"Mình thấy {SAID} — mẹ bé Bo", f"{TOO} — mẹ bé Na")),
        (f"<h2>Khách hàng nói gì</h2><div><h4>Lan, mẹ bé Bo</h4><p>{SAID}</p></div>"
         f"<div><h4>Hoa, mẹ bé Na</h4><p>{TOO}</p></div>", (f"{SAID} — mẹ bé Bo", f"{TOO} — mẹ bé Na")),
        (f'<h2>Cảm nhận của khách hàng</h2><p>"{SAID}" — Lan, mẹ bé Bo</p><p>"{TOO}" — Hoa, mẹ bé Na</p>',
         (f"{SAID} — mẹ bé Bo", f"{TOO} — mẹ bé Na")),
        ("<section class=testimonials><p>We moved the whole clinic in a day and never looked back</p>"
         "<p>Senior Partner Solutions Engineer at Mây</p></section>",
         ("We moved the whole clinic in a day and never looked back — Senior Partner Solutions Engineer at Mây",)),
        (f"<h2>Khách hàng nói gì</h2><div><p>Mình thấy {SAID}</p></div><h3>Chất liệu mềm</h3><div><p>{TOO}</p></div>",
         (f"Mình thấy {SAID}",)),
        (f"<blockquote>{SAID}<cite>Lan, mẹ bé Bo</cite></blockquote>", (f"{SAID} — mẹ bé Bo",)),
    ],
)  # fmt: skip
def test_a_testimonial_is_its_words_and_its_speaker(section: str, expected: tuple[str, ...]) -> None:
    intro = "<p>Bỉm cho bé da nhạy cảm, thấm hút cả đêm, giao tận nơi trong ngày ở nội thành.</p>"
    assert read(f"<html lang=vi><body><h1>Mây Hư Cấu</h1>{intro}{section}").testimonials == expected


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        (f"<figure><blockquote>{SAID}</blockquote><figcaption>Lan, mẹ bé Bo</figcaption></figure>",
         (f"{SAID} — mẹ bé Bo",)),
        ("<figure><blockquote>Bé ngủ ngon.</blockquote><figcaption>Lan</figcaption></figure>", ("Bé ngủ ngon.",)),
        (f"<div><blockquote>{SAID}</blockquote><h3>Cam kết</h3></div>", (SAID,)),
        (f"<section class=testimonials><div>{SAID}. — Lan</div><div>{TOO}. — Mai</div></section>",
         (f"{SAID}.", f"{TOO}.")),
        ("<h2>Cảm nhận</h2><p>Sản phẩm của chúng tôi được làm từ bông mềm.</p><p>Shop mở cửa cả tuần, trừ chủ nhật.</p>", ()),
    ],
)  # fmt: skip
def test_what_is_said_ends_where_the_page_speaks_again(section: str, expected: tuple[str, ...]) -> None:
    assert read(f"<html lang=vi><body><h1>Mây Hư Cấu</h1>{section}").testimonials == expected


def test_two_audiences_in_one_heading() -> None:
    page = read("<h1>Dành cho mẹ bỉm bận rộn, for small clinics</h1>")
    assert page.audiences == ("Dành cho mẹ bỉm bận rộn", "for small clinics")
    page = read("<h2>Dành cho mẹ bỉm, cho gia đình trẻ</h2>")
    assert page.audiences == ("Dành cho mẹ bỉm", "cho gia đình trẻ")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Dành cho trẻ từ 1 - 3 tuổi", ("Dành cho trẻ từ 1 - 3 tuổi",)),
        ("Dành cho bé dưới 1.5 tuổi", ("Dành cho bé dưới 1.5 tuổi",)),
        ("Dành cho bé 1 tuổi", ("Dành cho bé 1 tuổi",)),
        ("Built for teams of 5 to 50 people", ("Built for teams of 5 to 50 people",)),
        ("Thời gian dành cho bé là vàng", ()),
        ("Trusted by 5000 moms", ()),
    ],
)
def test_an_audience_is_whole_or_none(said: str, expected: tuple[str, ...]) -> None:
    assert read(f"<h1>Mây Hư Cấu</h1><h2>{said}</h2><p>{said}</p>").audiences == expected


def test_a_threshold_is_a_promise_and_no_offer() -> None:
    page = read("<html lang=vi><h2>Tin mới</h2><p>Miễn phí giao hàng cho đơn từ 299.000đ</p>")
    assert page.offers == ()
    assert page.promises == ("Miễn phí giao hàng cho đơn từ 299.000đ",)
    assert page.promise_categories == ("delivery",)


def test_promises_answer_pains_of_the_codebook() -> None:
    assert {term.code for term in terms("promises")} <= set(codebook.PAIN_CATEGORIES)


def test_a_bare_name_below_a_quote_is_not_kept() -> None:
    page = read(
        '<div class="testimonial"><p>“Mình dùng hai tháng rồi, da bé dịu hẳn đi.”</p><p>Trần Thị Hư Cấu</p></div>'
    )
    assert page.testimonials == ("Mình dùng hai tháng rồi, da bé dịu hẳn đi.",)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://zalo.me/0912345678", "https://zalo.me/[phone]"),
        ("https://wa.me/84912345678", "https://wa.me/[phone]"),
        ("https://wa.me/447911123456", "https://wa.me/[phone]"),
        ("https://t.me/+84912345678", "https://t.me/[phone]"),
        ("https://api.whatsapp.com/send?phone=84912345678", "https://api.whatsapp.com/send?phone=[phone]"),
        ("tel:(091)-234-5678", "tel:[phone]"),
        ("https://zalo.me/1234567890123456789", "https://zalo.me/1234567890123456789"),
        ("https://zalo.me/minicare2015", "https://zalo.me/minicare2015"),
        ("https://facebook.com/profile.php?id=100012345678901", "https://facebook.com/profile.php?id=100012345678901"),
        ("https://sim.example/0912345678", "https://sim.example/0912345678"),
    ],
)
def test_a_link_that_is_a_telephone_number_is_masked(link: str, expected: str) -> None:
    assert without_number(link) == expected


def test_no_number_of_a_page_s_links_is_written() -> None:
    data = '{"@type": "Organization", "name": "May", "sameAs": ["https://zalo.me/0912345678"], "url": "tel:0912345678"}'
    source = f"""<html lang=vi><meta property=og:see_also content=https://wa.me/84912345678>
    <script type=application/ld+json>{data}</script><main><h1>Mây</h1><p>https://zalo.me/0912345678 gọi là có mặt</p></main>
    <footer><a href="https://zalo.me/0912345678">Zalo</a> <a href="tel:+84912345678">Gọi</a>
    <a href="https://wa.me/84912345678">WhatsApp</a></footer>"""
    doc = document(source)
    assert social.social_links(doc) == ("https://zalo.me/[phone]", "https://wa.me/[phone]")
    page = FetchedPage(doc.page, 1, "landing")
    kept = masked_item(Gathered(page, landing=landing.read(doc)))
    assert kept.landing is not None
    assert "912345678" not in json.dumps(landing.to_json(kept.landing)) + kept.page.page.body.decode()


def test_social_links_without_share_buttons_and_tracking() -> None:
    doc = case("shop-vi")
    assert [social.network(link) for link in social.social_links(doc)] == ["zalo", "facebook", "tiktok", "shopee"]
    assert not any("sharer" in link or "ref=" in link for link in social.social_links(doc))


@pytest.mark.parametrize(
    "source",
    [
        "",
        " ",
        "<",
        "<!--",
        "plain words only",
        "<html></html>",
        "<title>",
        "<script type='application/ld+json'>{",
        '<script type=\'application/ld+json\'>[{"@type":{"a":1},"offers":[[[{}]]],"name":7}]</script>',
        '<script type=\'application/ld+json\'>{"@type":"Product","offers":{"price":1e999,"priceCurrency":"VND"}}</script>',
        "<div itemscope><div itemprop=offers itemscope itemprop=offers></div></div>",
        "<a href='http://[bad'>x</a><a href='//'>y</a><base href='http://[::'>",
        "<p>" + "9" * 100_000 + "đ</p>",
        "<p>" + "dành cho " * 20_000 + "</p>",
        "<p>“" + "a " * 50_000 + "</p>",
        "<style>" + "<p>x" * 1000,
        "<script " * 50_000,
        "<p>" + "1." * 30_000 + "x khách hàng",
        "<p>“" + "” " * 5_000 + "x" + "<p>" + "-" * 20_000,
        "<h3>" + "?" * 20_000 + "</h3><p>" + "A" * 20_000,
        "<p>" + "$1 - " * 10_000 + "<p>" + "1 - " * 20_000 + "đ",
        "<p>" + "<b>1</b><span>9</span>" * 10_000,
        "<p>" + "dành cho mẹ, " * 10_000,
        "<h2>Khách hàng nói</h2>" + '<p>"' + "a " * 20 + '" — ' * 2_000,
        "".join("<p><del>350.000đ</del><p>299.000đ" for _ in range(3_000)),
        "<p>" + "$1," * 10_000 + "<p>" + "1đ " * 5_000,
        "\ud83d".encode("utf-16-le", "surrogatepass"),
        b"\x00\xff\xfe\x00",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50,
    ],
)
def test_bad_pages_give_an_empty_or_partial_reading_and_no_error(source: str | bytes) -> None:
    doc = document(source)
    page = landing.read(doc)
    assert costs_less(5, lambda: landing.read(document(source)))
    assert len(landing.content_hash(page)) == 64
    assert landing.landing_links(doc, 5) == []
    json.dumps(landing.to_json(page))


def test_deep_nesting_is_read_or_refused_never_a_crash() -> None:
    source = "<div>" * 50_000 + "deep words" + "</div>" * 50_000
    with pytest.raises(UnreadablePageError) as refusal:
        read(source)
    assert "brand.example" in str(refusal.value)


def test_a_five_megabyte_page_is_bounded() -> None:
    card = "<div class=card><h3>Hộp trà số {0}</h3><p>99.000đ</p><a href='/p/{0}'>Mua ngay</a><p>Giao hàng nhanh {0}</p></div>"
    source = "<html lang=vi><main>" + "".join(card.format(number) for number in range(1, 40_000)) + "</main>"
    assert len(source) > 4_500_000
    page = read(source)
    assert costs_less(30, lambda: read(source))
    assert len(page.offers) == 60
    assert max(map(len, (page.promises, page.headings, page.faqs, page.calls_to_action))) <= 80


def test_a_page_that_the_fast_parser_loses_is_read_like_a_browser_would() -> None:
    words = (
        "Bàn gỗ thông ghép mộng, chân tiện tay, mặt phủ dầu, giao lắp tận nơi và bảo hành năm năm cho mọi mối ghép. "
        * 3
    )
    page = read(
        f"<html lang=vi><head><title>Mộc Hư Cấu</title></head><body><svg><path d=M0><div><p>{words}</p></div></body></html>"
    )
    assert "ghép mộng" in page.text


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="<>/='\" abđ₫$0123456789.,{}[]:@!-?khtrpdiv\n", max_size=300))
def test_any_markup_is_survived(source: str) -> None:
    landing.content_hash(read(source))


class TestSnapshot:
    """The same content has the same hash; a change that matters has another."""

    page = landing.read(case("shop-vi"))

    def of(self, *changes: tuple[str, str]) -> str:
        source = (PAGES / "shop-vi" / "page.html").read_text(encoding="utf-8")
        for old, new in changes:
            assert old in source
            source = source.replace(old, new)
        return landing.content_hash(landing.read(document(source, "https://shop-vi.example/")))

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("a8f3c1d09be24775", "77c0ffee00112233"),
            ("?v=1712", "?v=1713"),
            ('"reviewCount":1234', '"reviewCount":1300'),
            ("© 2026", "© 2027"),
            ("<main>", "<main><p>Có 17 người đang xem sản phẩm này, ưu đãi còn 02:13:44</p>"),
            ("GTM-HUCAU1", "GTM-HUCAU2"),
            ("Giỏ hàng (0)", "Giỏ hàng (3)"),
            ("<body>", '<body><input type="hidden" name="_token" value="Zx81kqP0aaMM3d9">'),
        ],
    )
    def test_what_turns_with_every_request_is_no_change(self, old: str, new: str) -> None:
        if "đang xem" in new:
            assert self.of((old, new)) == self.of((old, new.replace("17", "23").replace("02:13:44", "01:59:03")))
        else:
            assert self.of((old, new)) == landing.content_hash(self.page)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("289.000đ", "279.000đ"),
            ("350.000đ", "399.000đ"),
            ("49k/bịch", "59k/bịch"),
            ("Đổi trả 7 ngày", "Đổi trả 15 ngày"),
            ("Vì sao mẹ chọn Bỉm Mây?", "Vì sao bác sĩ chọn Bỉm Mây?"),
            ("Thiết kế riêng cho bé da nhạy cảm", "Thiết kế riêng cho bé sinh non"),
            ("10.000+ mẹ", "50.000+ mẹ"),
            ("Combo 3 bịch size L", "Combo 4 bịch size L"),
            ("Bé từ 4 đến 8 kg nên dùng size S.", "Bé từ 3 đến 7 kg nên dùng size S."),
        ],
    )
    def test_what_a_brand_changed_is_a_change(self, old: str, new: str) -> None:
        assert self.of((old, new)) != landing.content_hash(self.page)

    def test_order_of_offers_does_not_matter(self) -> None:
        turned = replace(
            self.page, offers=tuple(reversed(self.page.offers)), promises=tuple(reversed(self.page.promises))
        )
        assert landing.content_hash(turned) == landing.content_hash(self.page)

    def test_json_holds_everything(self) -> None:
        plain = json.loads(json.dumps(landing.to_json(self.page)))
        assert plain["offers"][0]["price"] == 289_000
        assert plain["faqs"][0] == ["Bé 5 kg nên dùng size nào?", "Bé từ 4 đến 8 kg nên dùng size S."]


class TestLinks:
    source = """<a href="/gio-hang">Giỏ</a><a href="/san-pham/a">A</a><a href="/san-pham/b">B</a><a href="/san-pham/c">C</a>
    <a href="/bang-gia?utm_source=x">Bảng giá</a><a href="/bang-gia">Bảng giá</a><a href="/gioi-thieu#doi-ngu">Giới thiệu</a>
    <a href="/cau-hoi-thuong-gap">Hỏi đáp</a><a href="https://khac.example/bang-gia">Khác</a><a href="/logout">Thoát</a>
    <a href="/san-pham/a?add-to-cart=7">Thêm</a><a href="mailto:a@brand.example">Thư</a><a href="/tai-lieu.pdf">Tải</a>
    <a href="javascript:void(0)">x</a><a href="/tai-khoan/dang-nhap">Đăng nhập</a><a href="//www.brand.example/lien-he">Liên hệ</a>
    <a href="https://brand.example:8443/bang-gia">Cổng khác</a><a href="/?s=bim">Tìm</a><a href="/tin-tuc/2026/11/mot-bai">Bài</a>"""

    def test_best_first_same_site_only_and_nothing_that_acts(self) -> None:
        links = landing.landing_links(document(self.source), 20)
        assert links[:3] == [
            "https://brand.example/bang-gia",
            "https://brand.example/gioi-thieu",
            "https://brand.example/cau-hoi-thuong-gap",
        ]
        assert "https://www.brand.example/lien-he" in links
        assert links[-1] == "https://brand.example/tin-tuc/2026/11/mot-bai"
        assert len(links) == 8

    def test_budget(self) -> None:
        assert len(landing.landing_links(document(self.source), 2)) == 2
        assert landing.landing_links(document(self.source), 0) == []

    def test_many_products_do_not_crowd_out_the_rest(self) -> None:
        products = "".join(f'<a href="/san-pham/loai-{number}">x</a>' for number in range(200))
        links = landing.landing_links(
            document(products + '<a href="/bao-hanh">Bảo hành</a><a href="/lien-he">Liên hệ</a>'), 10
        )
        assert {"https://brand.example/bao-hanh", "https://brand.example/lien-he"} <= set(links)


@pytest.mark.parametrize(
    "name",
    [
        *("actions", "amounts", "audiences", "furniture", "pains_named", "price_context", "promises", "proofs"),
        *("free", "logos", "sale_terms", "units", "../pages/shop", "../pages/no_posts"),
    ],
)
def test_word_lists_are_whole(name: str) -> None:
    for language in LANGUAGES:
        path = Path(codebook.__file__).parent / "languages" / language / "landing" / f"{name}.tsv"
        header, *lines = path.read_text(encoding="utf-8").splitlines()
        assert header.split("\t") == ["term", "code", "origin", "example"]
        assert all(line.count("\t") == 3 and all(line.split("\t")) for line in lines)
        # A word may stand in several places of a shop's page: “đánh giá” heads reviews and counts them.
        parts = 2 if name.startswith("../pages/") else 1
        written = [tuple(line.split("\t")[:parts]) for line in lines]
        assert len(written) == len(set(written))


if __name__ == "__main__":
    for name in CASES:
        text = json.dumps(seen(name), ensure_ascii=False, indent=1)
        (PAGES / name / "expected.json").write_text(text + "\n", encoding="utf-8")
