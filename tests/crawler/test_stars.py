"""What a review shows beside its words: stars in many hands, and what the shop says of the purchase."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lxml import html

from crawler.engines.document import Document
from crawler.engines.reviews import Reviews, read_reviews
from crawler.engines.shop import with_heading
from crawler.engines.stars import helpful_in, pictures_in, rating_of, stars_in, stars_of, variant_in, verified_in
from crawler.extract import extract
from data.records import Page
from tests.effort import costs_less


@pytest.mark.parametrize(
    ("words", "stars"),
    [
        ("4 out of 5 stars", 4.0),
        ("4/5", 4.0),
        ("4,5/5", 4.5),
        ("8/10", 4.0),
        ("Rated 3 of 5", 3.0),
        ("5 sao", 5.0),
        ("4 trên 5 sao", 4.0),
        ("Được xếp hạng 2.00 5 sao", 2.0),
        ("Được xếp hạng 1 5 sao", 1.0),
        ("2 trên 5 sao", 2.0),
        ("3 sao trong số 5 sao", 3.0),
        ("xếp hạng 3 sao", 3.0),
        ("Thang 5 sao: 4", 4.0),
        ("hỗ trợ 24/7", None),
        ("★★★★☆", 4.0),
        ("⭐⭐⭐", 3.0),
        ("1-star review", 1.0),
        ("★", None),
        ("12/5/2026", None),
        ("size 4", None),
        ("giao 5 ngày", None),
    ],
)
def test_stars_in_words(words: str, stars: float | None) -> None:
    assert stars_in(words) == stars


@pytest.mark.parametrize(
    ("markup", "stars"),
    [
        ("<p class='star-rating Three'></p>", 3.0),
        ("<div class=rating><span style='width:70%'></span></div>", 3.5),
        ("<span data-score='2'></span>", 2.0),
        ("<div class='stars stars-4'></div>", 4.0),
        (
            "<div class=stars>" + "<i class='star on'></i>" * 2 + "<i class=star></i>" * 3 + "</div>",
            2.0,
        ),
        (
            "<div class=stars>"
            + "<svg class=star><path class='star--filled'/></svg>" * 3
            + "<svg class=star><path/></svg>" * 2
            + "</div>",
            3.0,
        ),
        ("<div class='rating_16-2-1'></div>", None),
        ("<p>Không có sao nào</p>", None),
    ],
)
def test_stars_in_markup(markup: str, stars: float | None) -> None:
    assert stars_of(html.fromstring(markup)) == stars


@pytest.mark.parametrize(
    ("stated", "stars"),
    [
        ({"ratingValue": "9", "bestRating": "10"}, 4.5),
        ({"ratingValue": 60, "bestRating": 100}, 3.0),
        ({"ratingValue": "3", "bestRating": 5, "worstRating": 1}, 3.0),
        ({"ratingValue": 0, "bestRating": 2, "worstRating": -2}, 2.5),
        ({"ratingValue": "80%"}, 4.0),
        ("4.5", 4.5),
        ({"ratingValue": "tốt"}, None),
        ({}, None),
    ],
)
def test_ratings_on_other_scales(stated: object, stars: float | None) -> None:
    assert rating_of(stated) == stars


def test_what_the_shop_says_of_a_review() -> None:
    node = html.fromstring(
        "<div><b>Lan</b><i>Đã mua hàng</i><span>Phân loại hàng: size L, xanh</span><p>Màu: đẹp hơn ảnh nhiều lắm mọi người ơi.</p>"
        "<img src='/anh/1.jpg'><img class=avatar src='/a.png'><button>Hữu ích (7)</button></div>"
    )
    assert (verified_in(node), variant_in(node), helpful_in(node), pictures_in(node)) == (True, "size L, xanh", 7, 1)
    silent = html.fromstring("<div><b>Lan</b><p>Tã mỏng, mua một lần rồi thôi.</p></div>")
    assert (verified_in(silent), variant_in(silent), helpful_in(silent), pictures_in(silent)) == (
        None,
        None,
        None,
        None,
    )


def test_a_heading_is_said_once() -> None:
    assert with_heading("Tạm được", "Giá mềm.") == "Tạm được\n\nGiá mềm."
    assert with_heading("Giá mềm …", "Giá mềm, keo yếu.") == "Giá mềm, keo yếu."
    assert with_heading("Đẹp", "") == "Đẹp"


def test_a_hostile_page_is_read_in_time() -> None:
    rows = "<div class='review'>" + "4/" * 400 + "★" * 400 + "(" * 400 + "</div>"
    page = Page(
        "https://shop.example/p/1",
        ("<html><body>" + rows * 500 + "<div class=review>" * 2_000 + "</body></html>").encode(),
    )
    assert costs_less(20, lambda: read_reviews(Document(page)))


SAID = ("Tã mềm, cả đêm không tràn", "Giao chậm nhưng gói kỹ lắm", "Bé bị hăm, thất vọng quá")
NAMES = ("Lan Hư Cấu", "Thu Hà", "Mẹ Bông")


def shown(item: str, frame: str) -> tuple[tuple[float | None, str | None, str], ...]:
    """What is read of three reviews that look like ``item`` in a page with ``frame`` around them."""
    drawn = ["<i class='icon-star full'></i>" * n + "<i class='icon-star empty'></i>" * (5 - n) for n in (1, 3, 5)]
    alike = ["<i class='fa fa-star'></i>" * n + "<i class='fa fa-star-o'></i>" * (5 - n) for n in (1, 3, 5)]
    rows = "".join(
        item.format(
            name=NAMES[n], text=SAID[n], stars=stars, left=5 - stars, drawn=drawn[n], alike=alike[n],
            glyphs="★" * stars + "☆" * (5 - stars), width=stars * 20, day=n + 1,
        )
        for n, stars in enumerate((1, 3, 5))
    )  # fmt: skip
    page = f"<html lang=vi><body><h1>Tã hư cấu</h1><p>199.000đ</p>{frame.format(rows)}</body></html>"
    found = read_reviews(Document(Page("https://shop.example/san-pham/ta", page.encode())))
    return tuple((post.rating, post.author, post.text) for post in found)


@pytest.mark.parametrize("frame", [
    "<section class='danh-gia'><h2>Đánh giá (3)</h2>{}</section>",
    "<div class=ds><h2>Nhận xét của khách hàng</h2>{}</div>",
])  # fmt: skip
@pytest.mark.parametrize("item", [
    "<div class=dg-item><div class=dg-ten>{name} <span class=dg-mua>✓ Đã mua hàng</span></div><div class=dg-sao>{drawn}</div>"
    "<div class=dg-noidung>{text}</div><div class=dg-time>0{day}/04/2026</div></div>",
    "<div class=item><b>{name}</b><p>{alike}</p><p>{text}</p><span>0{day}/04/2026</span> <a>Hữu ích (0)</a></div>",
    "<article><header><strong>{name}</strong></header><div class=sao><span style='width:{width}%'></span></div><p>{text}</p>"
    "<footer>{day} tháng 4, 2026</footer></article>",
    "<li><b>{name}</b> - {stars}/5 điểm<br>{text}</li>",
    "<div class=item><div class=ten>{name}</div><div>{stars} sao</div><div>{text}</div><div>0{day}/04/2026</div></div>",
    "<div class=x><div class=ten>{name}</div><div>{glyphs}</div><div>{text}</div><div>0{day}/04/2026</div></div>",
])  # fmt: skip
def test_reviews_are_known_by_repetition_whatever_their_classes_say(item: str, frame: str) -> None:
    assert shown(item, frame) == tuple(zip((1.0, 3.0, 5.0), NAMES, SAID, strict=True))


def test_verdicts_in_words_stand_for_stars() -> None:
    rows = "".join(
        f"<li><strong>{name}</strong><span>{verdict}</span><p>{text}</p><small>Đã dùng 2 tháng · {n + 2} ngày trước</small></li>"
        for n, (name, verdict, text) in enumerate(zip(NAMES, ("Rất tệ", "Tạm ổn", "Rất tốt"), SAID, strict=True))
    )
    page = f"<html lang=vi><body><h1>Tã</h1><div id=danhgia><h3>Nhận xét</h3><ul>{rows}</ul></div></body></html>"
    found = read_reviews(
        Document(Page("https://shop.example/p/ta", page.encode(), fetched_at=datetime(2026, 11, 20, tzinfo=UTC)))
    )
    assert [(post.rating, post.author, post.text) for post in found] == list(
        zip((1.0, 3.0, 5.0), NAMES, SAID, strict=True)
    )


def test_other_products_with_stars_are_no_reviews() -> None:
    rows = "".join(
        f"<div class=sp><h3>Tã loại {n} rất mềm cho bé</h3><span>★★★★☆</span><b>1{n}9.000₫</b></div>" for n in range(6)
    )
    page = f"<html lang=vi><body><h1>Tã</h1><p>Chưa có đánh giá</p><h2>Đánh giá cao nhất</h2>{rows}</body></html>"
    assert read_reviews(Document(Page("https://shop.example/p/ta", page.encode()))) == ()


def test_a_reviewer_called_thu_is_dated_by_the_date_beside_the_name() -> None:
    review = (
        "<div class=spr-review id=spr-review-1><span class=spr-starratings aria-label='4 of 5 stars'></span>"
        "<span class=spr-review-header-byline><strong>Thu Hà</strong> trên <strong>05/04/2026</strong></span>"
        "<div class=spr-review-content><p class=spr-review-content-body>Tã mềm.</p></div></div>"
    )
    page = f"<html lang=vi><body><h1>Tã</h1>{review}</body></html>"
    fetched = datetime(2026, 11, 20, 12, tzinfo=UTC)
    (post,) = Reviews().posts(Document(Page("https://shop.example/p/ta", page.encode(), fetched_at=fetched)))
    assert (post.author, post.rating, post.posted_at) == ("Thu Hà", 4.0, datetime(2026, 4, 4, 17, tzinfo=UTC))


@pytest.mark.parametrize("item", [
    "<div class=x><p>{name} đã đánh giá {stars} sao</p><p>{text}</p><small>0{day}/04/2026</small></div>",
    "<li><p>{glyphs} {name}, Hà Nội</p><p>{text}</p><small>0{day}/04/2026</small></li>",
    "<div class=x><span>0{day}/04/2026</span><p>{text}</p><p>- {name} -</p><p>{glyphs}</p></div>",
    "<div class=x><p>{name} · 0{day}/04/2026</p><p>{glyphs}</p><p>Nhận xét: {text}</p></div>",
])  # fmt: skip
def test_a_name_in_a_line_of_its_own_is_no_word_of_the_review(item: str) -> None:
    assert shown(item, "<section class='danh-gia'><h2>Đánh giá (3)</h2>{}</section>") == tuple(
        zip((1.0, 3.0, 5.0), NAMES, SAID, strict=True)
    )


def test_a_saved_products_page_gives_its_reviews_with_their_stars() -> None:
    review = (
        "<div itemscope itemtype='https://schema.org/Review'><span itemprop=author>{}</span><meta itemprop=datePublished "
        "content=2026-04-0{}><span itemprop=reviewRating itemscope itemtype='https://schema.org/Rating'>"
        "<meta itemprop=ratingValue content={}></span><p itemprop=reviewBody>{}</p></div>"
    )
    rows = "".join(review.format(NAMES[n], n + 1, n + 2, SAID[n]) for n in range(3))
    page = f"<html lang=vi><body><h1>Tã</h1><p>199.000₫</p><button>Thêm vào giỏ</button><h2>Đánh giá</h2>{rows}</body></html>"
    found = extract(Page("https://shop.example/ta-hu-cau", page.encode()))
    assert (found["kind"], [post["rating"] for post in found["posts"]]) == ("product", [2.0, 3.0, 4.0])
