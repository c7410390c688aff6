"""A little shop on loopback: its reviews come in once, a second crawl looks at first pages alone, and only what is new is read."""

from __future__ import annotations

import json
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
