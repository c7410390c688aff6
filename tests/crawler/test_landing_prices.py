"""Prices on shops' pages: as people write them, beside other things, struck out, in ranges, and numbers that are none."""

from __future__ import annotations

import pytest

from crawler.prices import is_price, prices, speaks_of_price
from tests.crawler.test_landing import read


@pytest.mark.parametrize(
    ("text", "amount", "currency", "per"),
    [
        ("289.000đ", 289_000, "VND", None),
        ("289k/bịch", 289_000, "VND", "pack"),
        ("1.234.567 VND", 1_234_567, "VND", None),
        ("289.000,00 ₫", 289_000, "VND", None),
        ("từ 99.000đ/tháng", 99_000, "VND", "month"),
        ("1,2 triệu", 1_200_000, "VND", None),
        ("giá chỉ 1tr2", 1_200_000, "VND", None),
        ("2 triệu rưỡi", 2_500_000, "VND", None),
        ("1tr5", 1_500_000, "VND", None),
        ("Basic$29/mo", 29, "USD", "month"),
        ("$19/mo", 19, "USD", "month"),
        ("$1,299.99", 1_299.99, "USD", None),
        ("€ 12,50", 12.5, "EUR", None),
        ("1.299 €", 1_299, "EUR", None),
        ("$9 per user per month", 9, "USD", "user month"),
        ("99.000đ / hộp 10 gói", 99_000, "VND", "box"),
    ],
)
def test_prices_as_people_write_them(text: str, amount: float, currency: str, per: str | None) -> None:
    (price,) = prices(text, vietnamese=True)
    assert (price.amount, price.currency, price.per) == (amount, currency, per)


@pytest.mark.parametrize(
    "text", ["hơn 10k mẹ tin dùng", "năm 2026", "20 đại lý", "size 3-6kg", "Top 10", "0909.000.000", "100% cotton"]
)
def test_numbers_that_are_no_prices(text: str) -> None:
    assert list(prices(text, vietnamese=True)) == []


def offered(card: str) -> list[tuple[str | None, float | None, str, float | None]]:
    page = read(f"<html lang=vi><h1>Mây Hư Cấu</h1><main>{card}</main>")
    return [(offer.name, offer.price, offer.price_text, offer.was) for offer in page.offers]


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("1.299.000 VNĐ", 1_299_000),
        ("1.299.000 VND", 1_299_000),
        ("10 €", 10),
        ("12 USD", 12),
        ("£399", 399),
        ("1.2tr", 1_200_000),
        ("1tr2", 1_200_000),
        ("299k", 299_000),
        ("99 nghìn", 99_000),
        ("1,2 triệu", 1_200_000),
        ("299.000đ", 299_000),
    ],
)
@pytest.mark.parametrize(
    "card",
    [
        '<h3>Hộp trà</h3><span class="price">{}</span><a>Mua ngay</a>',
        '<h3>Hộp trà</h3><span class="price">{}</span> <a>Mua ngay</a>',
        "<h3>Hộp trà</h3><b>{}</b><a>Thêm vào giỏ</a>",
        "<h3>Hộp trà</h3><a>Chọn mua</a><span>{}</span>",
        '<h3>Hộp trà</h3><div><span class="gia">{}</span><span>cho mỗi lần đặt</span></div>',
    ],
)
def test_a_price_is_read_whatever_stands_beside_it(card: str, said: str, amount: float) -> None:
    assert offered(f"<div class=card>{card.format(said)}</div>") == [("Hộp trà", amount, said, None)]


@pytest.mark.parametrize(
    "price",
    ["299.000<span>₫</span>", "299.000<sup>đ</sup>", "<span>299</span><span>.000đ</span>", "299<small>k</small>"],
)
def test_a_price_in_pieces_is_one(price: str) -> None:
    ((_, amount, _, was),) = offered(f"<h3>Hộp trà</h3><p>{price}</p>")
    assert (amount, was) == (299_000, None)


def test_cents_set_small_do_not_multiply_a_price() -> None:
    ((_, amount, shown, _),) = offered("<h3>Shoes</h3><p>$<span>145</span><sup>19</sup></p>")
    assert (amount, shown) == (145, "$145")
    repeated = "<p><span>EUR22.37</span><span><span>EUR</span><span>22<span>.</span></span><span>37</span></span></p>"
    assert [price for _, price, *_ in offered(f"<h3>Earbuds</h3>{repeated}")] == [22.37]


def test_monthly_and_yearly_prices_of_one_plan_keep_its_name() -> None:
    card = (
        "<div class=plan><h3>Pro</h3><p>$10/month</p><p>$100/year</p><h4>This includes:</h4><ul><li>All</li></ul></div>"
    )
    assert [name for name, *_ in offered(card)] == ["Pro", "Pro"]


def test_counts_beside_other_elements_are_no_prices() -> None:
    assert (
        offered("<h3>Vì sao chọn Mây</h3><p><b>10k</b> mẹ tin dùng</p><p><b>2 triệu</b><span>gia đình</span></p>") == []
    )


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("Nôi gấp gọn cho gia đình đông con. Giá 1.290.000đ.", 1_290_000),
        ("Cots that grow with your child, made in our own workshop. From £399.", 399),
    ],
)
def test_a_paragraph_that_ends_with_its_price(text: str, amount: float) -> None:
    assert [offer.price for offer in read(f"<h2>Nôi Mây</h2><p>{text}</p>").offers] == [amount]


def test_a_price_list_in_running_text_is_read() -> None:
    said = "Lửa Nhỏ Pro 8L: 4.900.000đ. Lửa Nhỏ S 6L: 3.900.000đ/chiếc. Giảm 30% dịp 20/10. Phí lắp đặt: miễn phí cho đơn từ 500.000đ."
    read_so = [(offer.name, offer.price) for offer in read(f"<h1>Giá</h1><p>{said}</p>").offers]
    assert read_so == [("Lửa Nhỏ Pro 8L", 4_900_000), ("Lửa Nhỏ S 6L", 3_900_000)]
    told = "Chúng tôi đã phục vụ hơn hai trăm khách và có lần một khách nói với tôi: 500.000đ là quá rẻ cho chỗ này."
    assert read(f"<p>{told}</p>").offers == ()


@pytest.mark.parametrize(
    ("said", "low", "shown"),
    [
        ("300.000 - 400.000đ", 300_000, "300.000 - 400.000đ"),
        ("300.000đ – 400.000đ", 300_000, "300.000đ – 400.000đ"),
        ("$30 – $40", 30, "$30 – $40"),
        ("$30-40", 30, "$30-40"),
        ("300-400k", 300_000, "300-400k"),
        ("từ 1,2 đến 1,5 triệu", 1_200_000, "từ 1,2 đến 1,5 triệu"),
    ],
)
def test_a_range_is_one_offer_at_its_low_end(said: str, low: float, shown: str) -> None:
    assert offered(f"<div class=card><h3>Hộp trà</h3><p>{said}</p></div>") == [("Hộp trà", low, shown, None)]


def test_a_number_before_a_dash_is_no_low_end() -> None:
    assert offered("<p>Combo 2 - 299.000đ</p>") == [("Combo 2", 299_000, "299.000đ", None)]


@pytest.mark.parametrize(
    "cards",
    [
        "<div class=card><h3>A</h3><span>120.000đ</span></div>"
        "<div class=card><h3>B</h3><del>350.000₫</del> <ins>299.000₫</ins></div>",
        "<div class=card><h3>A</h3><span>120.000đ</span></div>"
        "<div class=card><ins>299.000₫</ins> <del>350.000₫</del><h3>B</h3></div>",
        "<div class=card><h3>A</h3><p>120.000đ</p></div>"
        "<div class=card><h3>B</h3><p><s>350.000₫</s></p><p>299.000₫</p></div>",
        "<h3>A</h3><span>120.000đ</span><h3>B</h3><del>350.000₫</del><ins>299.000₫</ins>",
        "<h3>A</h3><p>120.000đ</p><h3>B</h3><p>299.000₫ - <s>350.000₫</s></p>",
    ],
)
def test_a_struck_price_belongs_to_its_own_card(cards: str) -> None:
    assert [(name, price, was) for name, price, _, was in offered(cards)] == [
        ("A", 120_000, None),
        ("B", 299_000, 350_000),
    ]


def test_a_struck_price_does_not_pass_on_to_the_next_card_or_another_currency() -> None:
    cards = "<div><h3>A</h3><ins>299.000₫</ins> <del>350.000₫</del></div><div><h3>B</h3><span>120.000đ</span></div>"
    assert [was for *_, was in offered(cards)] == [350_000, None]
    cards = "<div><h3>A</h3><span>¥1200</span></div><div><h3>B</h3><del>350.000₫</del> <ins>299.000₫</ins></div>"
    assert [was for *_, was in offered(cards)] == [None, 350_000]


S_AND_M = [("Gói S", 199_000), ("Gói M", 299_000)]


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ("<p><span>Gói S</span><span>199.000đ</span></p>", S_AND_M[:1]),
        ("<p><span>Gói S</span><span>199k</span></p>", S_AND_M[:1]),
        (
            "<div><span>Gói S</span><span>199.000đ</span></div><div><span>Gói M</span><span>299.000đ</span></div>",
            S_AND_M,
        ),
        ("<div><span>Gói S</span><span>199.000đ</span><span>Gói M</span><span>299.000đ</span></div>", S_AND_M),
        ("<p>Basic$29/mo Pro$59/mo</p>", [("Basic", 29), ("Pro", 59)]),
        ("<h3>Gói S</h3><p>Giá:199K/bịch299K/2 bịch</p>", [("Gói S", 199_000), ("Gói S", 299_000)]),
        ("<h3>Basic</h3><p>$19/mo or $190/yr</p>", [("Basic", 19), ("Basic", 190)]),
        ("<h3>Gói S</h3><p>199k hoặc 299k</p>", [("Gói S", 199_000), ("Gói S", 299_000)]),
    ],
)
def test_names_and_prices_written_without_blanks(card: str, expected: list[tuple[str, float]]) -> None:
    assert [(name, price) for name, price, _, was in offered(card) if was is None] == expected


def test_marks_and_conjunctions_name_nothing() -> None:
    assert [offer.name for offer in read("<main><h3>.</h3><p>$29 or $290</p></main>").offers] == [None, None]


@pytest.mark.parametrize(
    "struck", ["<span {}>350.000đ</span> <span>299.000đ</span>", "<p {}>350.000đ</p><p>299.000đ</p>"]
)
def test_a_price_struck_by_its_style_is_what_it_was(struck: str) -> None:
    card = struck.format('style="text-decoration:line-through"')
    assert offered(f"<h3>Tã</h3><div>{card}</div>") == [("Tã", 299_000, "299.000đ", 350_000)]


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        (
            "<th>Gói chụp</th><th>Giá (VNĐ)</th>",
            "<td>Gói Newborn</td><td>1.500.000</td>",
            ("Gói Newborn", 1_500_000, None),
        ),
        (
            "<td><b>STT</b></td><td><b>Dịch vụ</b></td><td><b>Đơn giá (đồng)</b></td>",
            "<td>1</td><td>Khám nhi</td><td>250.000</td>",
            ("Khám nhi", 250_000, None),
        ),
        ("<th>Gói</th><th>Giá/tháng</th>", "<td>Gói Bạc</td><td>199.000</td>", ("Gói Bạc", 199_000, "month")),
        ("<th>Gói</th><th>Giá (nghìn đồng)</th>", "<td>Gói Bạc</td><td>450</td>", ("Gói Bạc", 450_000, None)),
        (
            "<th>Dịch vụ</th><th>Giá (VNĐ)</th>",
            "<td>Logo</td><td>1.000.000 – 3.000.000</td>",
            ("Logo", 1_000_000, None),
        ),
        (
            "<th>Hạng mục</th><th>ĐVT</th><th>Đơn giá</th>",
            "<td>Sàn gỗ</td><td>m2</td><td>350.000đ</td>",
            ("Sàn gỗ", 350_000, "m2"),
        ),
        ("<th>Gói</th><th>Số ảnh</th>", "<td>Gói Bạc</td><td>1.500</td>", None),
        ("<th>Gói</th><th>Đánh giá</th>", "<td>Gói Bạc</td><td>1.500</td>", None),
    ],
)
def test_a_table_whose_header_says_the_money(
    header: str, row: str, expected: tuple[str, float, str | None] | None
) -> None:
    page = read(
        f"<html lang=vi><body><h1>Bảng giá dịch vụ</h1><table><tr>{header}</tr><tr>{row}</tr></table></body></html>"
    )
    found = [(offer.name, offer.price, offer.per) for offer in page.offers]
    assert found == ([expected] if expected else [])


@pytest.mark.parametrize(
    "text", ["289.000đ", "Giá: 289.000đ", "$19 / month", "1,5 tỷ", "từ 99.000đ/tháng", "29 dollars"]
)
def test_a_price_and_little_else(text: str) -> None:
    assert is_price(text)
    assert speaks_of_price(text)


@pytest.mark.parametrize(
    "text", ["10k", "289k", "10k lượt xem", "2 tuần", "size 3-6kg", "12/03/2026", "$2 million raised"]
)
def test_what_counts_something_is_no_price(text: str) -> None:
    assert not is_price(text)
    assert not speaks_of_price(text)


def test_a_sentence_that_names_a_price_is_more_than_one() -> None:
    said = "Mình mua hôm qua giá 289.000đ mà nay còn 250.000đ"
    assert speaks_of_price(said)
    assert not is_price(said)


def table(*rows: str, lang: str = "vi") -> list[tuple[str | None, float | None, str | None, float | None]]:
    """The offers of a table whose cells are parted by ``|``: name, price, what it pays for, price of before."""
    body = "".join(f"<tr>{''.join(f'<td>{cell.strip()}</td>' for cell in row.split('|'))}</tr>" for row in rows)
    page = read(f"<html lang={lang}><main><h1>Bảng giá</h1><table>{body}</table></main></html>")
    return [(offer.name, offer.price, offer.per, offer.was) for offer in page.offers]


def test_a_table_with_plans_in_its_columns_names_the_plans() -> None:
    assert table("| Solo | Team", "Monthly | $9 | $29", "Yearly | $90 | $290", "Users | 1 | 10", lang="en") == [
        ("Solo", 9, "month", None),
        ("Team", 29, "month", None),
        ("Solo", 90, "year", None),
        ("Team", 290, "year", None),
    ]
    assert table("Tính năng | Cơ bản | Chuyên nghiệp | Lớn", "Giá mỗi tháng | Miễn phí | 199.000đ | Liên hệ") == [
        ("Cơ bản", 0, "month", None),
        ("Chuyên nghiệp", 199_000, "month", None),
    ]
    assert table("| Solo | Team", "| $9/mo | $29/mo", lang="en") == [
        ("Solo", 9, "month", None),
        ("Team", 29, "month", None),
    ]


def test_a_table_with_plans_in_its_rows_takes_the_period_from_the_columns() -> None:
    assert table("Plan | Monthly | Yearly", "Solo | $9 | $90", "Team | $29 | $290", lang="en") == [
        ("Solo", 9, "month", None),
        ("Solo", 90, "year", None),
        ("Team", 29, "month", None),
        ("Team", 290, "year", None),
    ]


def test_a_column_or_row_of_list_prices_is_what_things_cost_before() -> None:
    rows = ("Tã dán S (40 miếng) | 250.000đ | 199.000đ", "Khăn ướt | 45k | 39k", "Yếm | 90.000đ | Liên hệ")
    assert table("Loại | Giá gốc | Giá bán", *rows) == [
        ("Tã dán S (40 miếng)", 199_000, None, 250_000),
        ("Khăn ướt", 39_000, None, 45_000),
        ("Yếm", 90_000, None, None),
    ]
    assert table("| Cơ bản | Nâng cao", "Giá gốc | 250.000đ | 450.000đ", "Giá bán | 199.000đ | 399.000đ") == [
        ("Cơ bản", 199_000, None, 250_000),
        ("Nâng cao", 399_000, None, 450_000),
    ]
    assert table("Loại | Giá niêm yết", "Tã dán S | 250.000đ") == [("Tã dán S", 250_000, None, None)], (
        "nothing was dearer"
    )


def test_the_head_of_a_row_may_be_marked_as_one() -> None:
    rows = "<tr><th>Loại</th><th>Giá gốc</th><th>Giá bán</th></tr><tr><th scope=row>Yếm</th><td>90.000đ</td><td>70.000đ</td></tr>"
    page = read(f"<html lang=vi><main><h1>Bảng giá</h1><table>{rows}</table></main></html>")
    assert [(offer.name, offer.price, offer.was) for offer in page.offers] == [("Yếm", 70_000, 90_000)]


def test_no_offer_is_called_like_the_list_or_like_the_way_to_pay() -> None:
    page = read(
        "<html lang=en><head><title>Pricing</title></head><body><main><h1>Pricing</h1><div class=pricing>"
        "<div class=card><h3>Free</h3><div class=price>$0</div><p>forever</p></div>"
        "<div class=card><h3>Starter</h3><div class=price><s>$15</s> $12<small>/user/mo</small></div>"
        "<p>billed annually, or $15 monthly</p></div></div></main></body></html>"
    )
    assert [(offer.name, offer.price, offer.per, offer.was) for offer in page.offers] == [
        ("Free", 0, None, None),
        ("Starter", 12, "user month", 15),
        ("Starter", 15, "month", None),
    ]


def test_a_struck_price_before_the_new_one_leaves_the_name() -> None:
    listed = "<li>Tia Sét Max: <del>25.000.000đ</del> 22.900.000đ</li><li>Tia Sét Cargo: 19.000.000đ</li>"
    assert [(name, price, was) for name, price, _, was in offered(f"<h1>Bảng giá Tia Sét</h1><ul>{listed}</ul>")] == [
        ("Tia Sét Max", 22_900_000, 25_000_000),
        ("Tia Sét Cargo", 19_000_000, None),
    ]
