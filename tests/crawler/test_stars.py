"""What a review shows beside its words: stars in many hands, and what the shop says of the purchase."""

from __future__ import annotations

import time

import pytest
from lxml import html

from crawler.engines.document import Document
from crawler.engines.reviews import read_reviews
from crawler.engines.shop import with_heading
from crawler.engines.stars import helpful_in, pictures_in, rating_of, stars_in, stars_of, variant_in, verified_in
from data.records import Page


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
    begun = time.perf_counter()
    read_reviews(Document(page))
    assert time.perf_counter() - begun < 20
