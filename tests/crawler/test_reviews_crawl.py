"""A little shop on loopback: its reviews come in once, a second crawl looks at first pages alone, and only what is new is read."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from tests.conftest import StudyFolder
from tests.servers.site import Answer, Site

_PAGE = 5


@dataclass
class LittleShop(Site):
    """A shop of invented products, newest review first, five a page. ``script``: reviews come by script alone."""

    reviews: dict[str, list[str]] = field(default_factory=dict)
    script: bool = False
    sitemap: bool = False
    broken: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def page(self, path: str) -> Answer | str | None:
        if path == self.broken:
            return Answer("", 500)
        if path == "/sitemap.xml" and self.sitemap:
            places = "".join(f"<url><loc>{self.url}/san-pham/{name}</loc></url>" for name in self.reviews)
            return Answer(
                f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>', kind="text/xml"
            )
        if path == "/":
            links = "" if self.sitemap else '<a href="/danh-muc/ta-bim">Tã bỉm</a><a href="/gio-hang">Giỏ hàng</a>'
            return f"<html lang=vi><title>Cửa hàng</title><body>{links}<p>Chào mừng đến với cửa hàng hư cấu.</p></body></html>"
        if path.startswith("/danh-muc/ta-bim"):
            cards = "".join(f'<li><a href="/san-pham/{name}">{name}</a> 90.000đ</li>' for name in self.reviews)
            facets = '<a href="/danh-muc/ta-bim?mau=xanh&gia=1">Xanh</a>'
            return f"<html lang=vi><title>Tã bỉm</title><body><h1>Tã bỉm</h1><ul>{cards}</ul>{facets}</body></html>"
        name, _, query = path.removeprefix("/san-pham/").partition("?trang=")
        return self._product(name, int(query or 1)) if name in self.reviews else None

    def _product(self, name: str, number: int) -> str:
        newest_first = list(reversed(list(enumerate(self.reviews[name]))))
        shown = [] if self.script else newest_first[(number - 1) * _PAGE : number * _PAGE]
        onward = (
            f'<a rel="next" href="/san-pham/{name}?trang={number + 1}">Sau</a>'
            if len(newest_first) > number * _PAGE
            else ""
        )
        data = {
            "@context": "https://schema.org",
            "@type": "Product",
            "name": name,
            "aggregateRating": {"@type": "AggregateRating", "ratingValue": "4", "reviewCount": str(len(newest_first))},
        }
        return (
            f'<html lang=vi><head><title>{name}</title><script type="application/ld+json">{json.dumps(data)}</script></head>'
            f"<body><h1>{name}</h1><p>Hàng hư cấu cho bản thử.</p><div class=ds-danh-gia>"
            + "".join(self._review(place, words) for place, words in shown)
            + f"</div>{onward}</body></html>"
        )

    def _review(self, place: int, words: str) -> str:
        at = datetime(2026, 5, 1, 8) + timedelta(days=place)
        return (
            f'<div class="danh-gia" id="dg-{place}"><b class="ten-nguoi-danh-gia">Khách {place}</b><span>★★★★☆</span>'
            f"<time datetime='{at.isoformat()}+07:00'>{at:%d/%m/%Y}</time><p class=chu>{words}</p><i>Đã mua hàng</i></div>"
        )


def made(count: int, name: str) -> list[str]:
    return [f"Lời khen chê số {place} về {name}, viết cho bản thử." for place in range(count)]


@pytest.fixture
def shop() -> LittleShop:
    return LittleShop({name: made(count, name) for name, count in (("ta-may", 12), ("ta-gio", 3), ("khan-sua", 0))})


def test_a_shop_is_read_whole_and_later_only_what_is_new(shop: LittleShop, study: StudyFolder) -> None:
    with shop:
        study.write([{"url": f"{shop.url}/", "kind": "reviews"}])
        [first] = study.crawl()
        assert (first["state"], first["threads"], first["posts_new"]) == ("done", 3, 15)
        assert study.rows("select rating, verified, count(*) from reviews_flat group by 1, 2") == [(4.0, 1, 15)]
        assert not [path for path in shop.paths() if "mau=" in path or "gio-hang" in path]

        shop.asked.clear()
        [second] = study.crawl("--revisit", "0")
        assert (second["posts_new"], second["posts_changed"]) == (0, 0)
        assert not [path for path in shop.paths() if "trang=" in path], "an unchanged product is looked at on one page"

        shop.asked.clear()
        shop.reviews["ta-may"] += ["Bài mới thứ nhất, viết sau.", "Bài mới thứ hai, viết sau."]
        shop.reviews["khan-sua"].append("Bài đầu tiên của món này, viết sau.")
        [third] = study.crawl("--revisit", "0")
        assert third["posts_new"] == 3
        assert "/san-pham/ta-may?trang=3" not in shop.paths(), "what lies behind the newest one known is not read again"
        assert study.rows("select count(*) from threads where complete = 0") == [(0,)]


def test_more_new_reviews_than_a_page_holds_are_all_found(shop: LittleShop, study: StudyFolder) -> None:
    with shop:
        study.write([{"url": f"{shop.url}/san-pham/ta-gio", "kind": "reviews"}])
        [first] = study.crawl()
        assert (first["kind"], first["posts_new"]) == ("reviews", 3)
        shop.reviews["ta-gio"] += made(17, "hàng mới về")
        [second] = study.crawl()
        assert second["posts_new"] == 17
        assert study.rows("select count(*) from reviews_flat") == [(20,)]


def test_products_come_from_the_sitemap_where_the_front_page_shows_none(shop: LittleShop, study: StudyFolder) -> None:
    shop.sitemap = True
    with shop:
        study.write([{"url": f"{shop.url}/", "kind": "reviews"}])
        [first] = study.crawl()
        assert (first["threads"], first["posts_new"]) == (3, 15)


def test_reviews_that_come_by_script_are_told_and_never_taken_for_none(shop: LittleShop, study: StudyFolder) -> None:
    shop.script = True
    with shop:
        study.write([{"url": f"{shop.url}/san-pham/ta-may", "kind": "reviews"}])
        [result] = study.crawl(code=1)
        assert "12 reviews" in result["reason"]["sentence"]


def test_a_product_that_nobody_named_is_found_out_and_shown(shop: LittleShop, study: StudyFolder) -> None:
    with shop:
        study.write([{"url": f"{shop.url}/san-pham/ta-may"}])
        [checked] = json.loads(study.run("check", "--json").stdout)["sources"]
        assert (checked["kind"], checked["posts"]) == ("reviews", 5)
        assert checked["preview"]["text"].startswith("Lời khen chê số 11")


def test_a_page_without_any_product_says_so(study: StudyFolder) -> None:
    with Site(
        lambda path: (
            "<html lang=vi><title>Blog</title><body><p>Chuyện nhà hư cấu, không bán gì cả.</p>" if path == "/" else None
        )
    ) as site:
        study.write([{"url": f"{site.url}/", "kind": "reviews"}])
        [result] = study.crawl(code=1)
        assert result["reason"]["key"] == "no_products"


def test_a_brands_site_that_shows_reviews_is_told_of(shop: LittleShop, study: StudyFolder) -> None:
    with shop:
        study.write(competitors=[{"name": "MiniCare", "sites": [f"{shop.url}/san-pham/ta-may"]}])
        [result] = study.crawl()
        assert "has_reviews" in [note["key"] for note in result["notes"]]
        assert study.count("posts") == 0


def test_new_reviews_behind_a_page_that_broke_are_found_next_time(shop: LittleShop, study: StudyFolder) -> None:
    with shop:
        study.write([{"url": f"{shop.url}/san-pham/ta-may", "kind": "reviews"}])
        study.crawl()
        shop.reviews["ta-may"] += made(14, "hàng mới về")
        shop.broken = "/san-pham/ta-may?trang=2"
        [second] = study.crawl(code=1)
        assert second["posts_new"] == 5
        shop.broken = ""
        [third] = study.crawl()
        assert third["posts_new"] == 9
        assert study.rows("select count(*) from reviews_flat") == [(26,)]


#: A product nobody wrote an engine for: its reviews bear no telling names.
_ROW = "<div class=o><b>{name}</b><p>{stars}</p><p>{words}</p><span>0{day}/04/2026</span></div>"


def page(reviews: str, *, head: str = "", onward: str = "") -> str:
    return (
        f"<html lang=vi><head><title>Tã hư cấu</title>{head}</head><body><h1>Tã hư cấu</h1><p>199.000₫</p>"
        f"<button>Thêm vào giỏ</button><div>{reviews}</div>{onward}</body></html>"
    )


def rows(first: int) -> str:
    told = "".join(
        _ROW.format(
            name=f"Khách {'ABC'[n]}",
            stars="★" * (n + 1) + "☆" * (4 - n),
            words=f"Lời thứ {first + n}, hư cấu.",
            day=n + 1,
        )
        for n in range(3)
    )
    return f"<h2>Khách hàng đánh giá</h2>{told}"


def neighbours(path: str) -> Answer | str | None:
    """A shop whose sitemap names another product, with reviews, beside the one that a study names."""
    if path == "/sitemap.xml":
        places = "<url><loc>/san-pham/khac</loc></url>"
        return Answer(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>', kind="text/xml")
    return {
        "/san-pham/khac": page(rows(1)),
        "/san-pham/moi": page("<h2>Đánh giá</h2><p>Chưa có đánh giá nào.</p>"),
        "/san-pham/kin": page("<h2>Đánh giá (6)</h2><div id=x></div>"),
        "/san-pham/loox": page('<div id="looxReviews" data-product-id="1"></div>'),
    }.get(path)


@pytest.mark.parametrize(
    ("name", "code", "why"), [("moi", 0, None), ("kin", 1, "6 reviews"), ("loox", 1, "loads them by script")]
)
def test_a_product_never_takes_its_neighbours_reviews(
    name: str, code: int, why: str | None, study: StudyFolder
) -> None:
    with Site(neighbours) as site:
        study.write([{"url": f"{site.url}/san-pham/{name}", "kind": "reviews"}])
        [result] = study.crawl(code=code)
        assert (study.count("posts"), "/san-pham/khac" in site.paths()) == (0, False)
        assert result["reason"] is None if why is None else why in result["reason"]["sentence"]


def paged_blocks(path: str) -> str | None:
    number = int(path.partition("?trang=")[2] or 1)
    onward = (
        f'<div class=phan-trang><a href="/san-pham/ta?trang={number + 1}">Trang sau</a></div>' if number < 3 else ""
    )
    return page(rows(number * 10), onward=onward) if path.startswith("/san-pham/ta") else None


def paged_data(path: str) -> str | None:
    number = int(path.partition("?page=")[2] or 1)
    told = [
        {
            "@type": "Review",
            "author": f"Khách {n}",
            "reviewBody": f"Lời {number}-{n}, hư cấu.",
            "reviewRating": {"ratingValue": 4},
        }
        for n in range(3)
    ]
    data = {"@type": "Product", "name": "Tã", "review": told, "aggregateRating": {"ratingValue": 4, "reviewCount": 9}}
    head = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    onward = f'<a rel=next href="/san-pham/ta?page={number + 1}">Sau</a>' if number < 3 else ""
    return page("", head=head, onward=onward) if path.startswith("/san-pham/ta") else None


def paged_woo(path: str) -> str | None:
    """WooCommerce whose product shows the last page of its reviews, and whose pager does not say which it is."""
    number = int(path.partition("comment-page-")[2].strip("/#coments") or 3)
    told = "".join(
        f"<li class=review id='li-comment-{number}{n}'><div id='comment-{number}{n}' class=comment_container><div class=comment-text>"
        f"<div class=star-rating role=img aria-label='Được xếp hạng 2 5 sao'><span style='width:40%'>Được xếp hạng 2 5 sao</span></div>"
        f"<p class=meta><strong class=woocommerce-review__author>Khách {n}</strong></p>"
        f"<div class=description><p>Lời {number}-{n}, hư cấu.</p></div></div></div></li>"
        for n in range(3)
    )
    pager = "".join(f"<a class=page-numbers href='/san-pham/ta/comment-page-{n}/#comments'>{n}</a>" for n in (1, 2, 3))
    onward = (
        f"<a class='next page-numbers' href='/san-pham/ta/comment-page-{number + 1}/#comments'>→</a>"
        if number < 3
        else ""
    )
    return (
        "<html lang=vi><title>Tã</title><body class='woocommerce single-product'><h1 class=product_title>Tã</h1><div id=reviews "
        f"class=woocommerce-Reviews><h2 class=woocommerce-Reviews-title>9 đánh giá</h2><ol class=commentlist>{told}</ol>"
        f"<nav class=woocommerce-pagination>{pager}{onward}</nav></div></body></html>"
    )


@pytest.mark.parametrize("shown", [paged_blocks, paged_data, paged_woo])
def test_all_pages_of_a_products_reviews_are_read_as_one(
    shown: Callable[[str], str | None], study: StudyFolder
) -> None:
    with Site(shown) as site:
        study.write([{"url": f"{site.url}/san-pham/ta", "kind": "reviews"}])
        [result] = study.crawl()
        assert (result["threads"], result["posts_new"], result["notes"]) == (1, 9, [])
        assert study.rows("select count(*), count(distinct thread_id) from posts") == [(9, 1)]


def pager(style: str) -> Callable[[str], str | None]:
    """A product whose pager links every page, the first one too: ``?page=1``, which its own address does not say."""

    def shown(path: str) -> str | None:
        if not path.startswith("/san-pham/ta"):
            return None
        number = int(path.partition("?page=")[2] or 1)
        links = "".join(
            f"<a {'class=active' if style == 'marked' and n == number else ''} href='?page={n}'>{n}</a> "
            for n in (1, 2, 3)
        )
        told = rows(number * 10).replace("đánh giá", "đánh giá (9)")
        return page(told, onward="" if style == "none" else f"<div class=trang>{links}</div>")

    return shown


@pytest.mark.parametrize("style", ["plain", "marked"])
def test_a_pager_that_links_the_first_page_too_leads_to_all_of_them(style: str, study: StudyFolder) -> None:
    with Site(pager(style)) as site:
        study.write([{"url": f"{site.url}/san-pham/ta", "kind": "reviews"}])
        [result] = study.crawl()
        assert (result["threads"], result["posts_new"], result["notes"]) == (1, 9, [])
        assert len([path for path in site.paths() if path.startswith("/san-pham/")]) == 3


def test_a_page_that_counts_more_reviews_than_can_be_read_is_told(study: StudyFolder) -> None:
    with Site(pager("none")) as site:
        study.write([{"url": f"{site.url}/san-pham/ta", "kind": "reviews"}])
        [result] = study.crawl()
        assert result["posts_new"] == 3
        [note] = result["notes"]
        assert "9 reviews, of which 3 could be read" in note["sentence"]


def test_names_shown_as_names_stand_in_no_text(study: StudyFolder) -> None:
    told = (
        rows(1).replace("Khách A", "Nguyễn Lan Hư").replace("Khách B", "Trần Hùng Cấu").replace("Khách C", "Thu Hà Bịa")
    )
    with Site(lambda path: page(told) if path == "/san-pham/ta" else None) as site:
        study.write([{"url": f"{site.url}/san-pham/ta", "kind": "reviews"}])
        study.crawl()
        assert study.rows("select text from posts order by 1") == [(f"Lời thứ {n}, hư cấu.",) for n in (1, 2, 3)]
