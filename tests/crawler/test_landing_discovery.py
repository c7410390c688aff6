"""From a home page to the pages that matter: sitemaps, the order of reading, and the traps that are left out."""

from __future__ import annotations

import gzip

import pytest

from crawler.engines.document import Document
from crawler.landing.frontier import Frontier
from crawler.landing.links import normal
from crawler.landing.sitemaps import LARGEST, MOST, Sitemap, read_sitemap
from data.records import Page

HOME = "https://may.example/"


def document(body: str, url: str = HOME, lang: str = "vi") -> Document:
    return Document(Page(url, f"<html lang={lang}><body>{body}</body></html>".encode()))


def pool(body: str = "", url: str = HOME, lang: str = "vi") -> Frontier:
    frontier, home = Frontier(), document(body, url, lang)
    frontier.begin(home)
    frontier.read(home)
    return frontier


def drained(frontier: Frontier) -> list[str]:
    found = []
    while (url := frontier.next()) is not None:
        found.append(url.removeprefix("https://may.example"))
    return found


def test_prices_about_and_questions_come_before_the_second_product() -> None:
    products = "".join(f"<a href=/san-pham/ta-{n}>Tã {n}</a>" for n in range(30))
    rest = "".join(
        f"<a href=/{p}>{p}</a>"
        for p in ("tuyen-dung", "hoi-dap", "gioi-thieu", "chinh-sach-doi-tra", "bang-gia", "tin-tuc")
    )
    order = drained(pool(products + rest))
    assert order[:3] == ["/bang-gia", "/hoi-dap", "/gioi-thieu"]
    assert {"/tuyen-dung", "/chinh-sach-doi-tra"} <= set(order[:8])
    assert sum("/san-pham/" in path for path in order[:8]) <= 4


def test_a_link_is_judged_by_its_words_too() -> None:
    assert drained(pool("<a href=/p/12>Bảng giá</a><a href=/p/13>Hình ảnh</a>"))[0] == "/p/12"


@pytest.mark.parametrize(
    "path",
    [
        "/san-pham?sort=price", "/san-pham?orderby=gia", "/san-pham?color=do&size=m", "/san-pham?page=3", "/san-pham/page/3/",
        "/lich/2026-11", "/2026/11/", "/events/2026", "/gioi-thieu?month=11", "/a/b/a/b/c", "/a/b/c/d/e/f/g/h", "/gio-hang", "/dang-nhap",
        "/bang-gia.pdf", "/tim-kiem?q=ta", "/san-pham?add-to-cart=3", "/?a=1&b=2&c=3",
    ],
)  # fmt: skip
def test_traps_are_never_named(path: str) -> None:
    assert drained(pool(f"<a href='{path}'>Bảng giá</a>")) == []


def test_an_address_is_the_same_without_session_and_tracking() -> None:
    assert normal("https://May.example/gia;jsessionid=A1?utm_source=x&sid=9#top") == "https://may.example/gia"


def test_copies_in_other_languages_are_left_out() -> None:
    links = "<a href=/en/pricing>Pricing</a><a href=/en>English</a><a href='/bang-gia?lang=en'>EN</a><a href=/vi/bang-gia>Giá</a>"
    assert drained(pool(links)) == ["/vi/bang-gia"]
    english = pool("<a href=/vi/bang-gia>VI</a><a href=/en/pricing>Pricing</a>", "https://may.example/en/", "en")
    assert drained(english) == ["/en/pricing"]
    named = "<link rel=alternate hreflang=en href=/prices><link rel=alternate hreflang=vi href=/bang-gia>"
    assert drained(pool(f"{named}<a href=/prices>EN</a><a href=/bang-gia>VI</a>")) == ["/bang-gia"]


def test_other_hosts_are_never_named() -> None:
    frontier = pool("<a href=https://khac.example/bang-gia>x</a>")
    frontier.mapped(["https://khac.example/gioi-thieu", "javascript:alert(1)", "https://may.example/gioi-thieu"], "")
    assert drained(frontier) == ["/gioi-thieu"]


def test_pages_read_before_go_on_unless_a_much_better_one_has_come_up() -> None:
    frontier = pool("<a href=/bang-gia>Giá</a><a href=/chuyen-la>Lạ</a>")
    frontier.known(
        ["https://may.example/gioi-thieu", "https://may.example/tin-tuc/bai-cu", "https://may.example/sitemap.xml"]
    )
    assert drained(frontier) == ["/gioi-thieu", "/bang-gia", "/tin-tuc/bai-cu", "/chuyen-la"]


# -- sitemaps


def test_a_sitemap_and_an_index() -> None:
    pages = "<?xml version='1.0'?><urlset xmlns='x'><url><loc>\n https://may.example/a?x=1&amp;y=2 </loc></url><url><loc><![CDATA[https://may.example/b]]></loc></url></urlset>"
    assert read_sitemap("https://may.example/page-sitemap.xml", pages.encode()) == Sitemap(
        ("https://may.example/a?x=1&y=2", "https://may.example/b"), kind="page"
    )
    index = "<sitemapindex>" + "".join(
        f"<sitemap><loc>https://may.example/{name}</loc></sitemap>"
        for name in (
            "post-sitemap.xml",
            "image-sitemap.xml",
            "product-sitemap.xml",
            "page-sitemap.xml",
            "author-sitemap.xml",
        )
    )
    named = [url.rsplit("/", 1)[1] for url in read_sitemap("https://may.example/sitemap.xml", index.encode()).maps]
    assert named == ["page-sitemap.xml", "product-sitemap.xml", "post-sitemap.xml"]
    assert read_sitemap("https://may.example/sitemap.txt", b"https://may.example/a\nhttps://may.example/b\n").pages


def test_a_packed_sitemap_is_unpacked_to_a_bound() -> None:
    one = b"<url><loc>https://may.example/a</loc></url>"
    assert read_sitemap(HOME, gzip.compress(b"<urlset>" + one)).pages == ("https://may.example/a",)
    bomb = gzip.compress(b"<urlset>" + b" " * (LARGEST * 3) + one)
    assert read_sitemap(HOME, bomb).pages == ()
    assert read_sitemap(HOME, b"\x1f\x8b broken").pages == ()


def test_nothing_is_expanded_and_the_number_is_bounded() -> None:
    entity = b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><urlset><url><loc>&a;</loc></url></urlset>"
    assert not any("root" in page for page in read_sitemap(HOME, entity).pages)
    many = "<urlset>" + "".join(f"<url><loc>https://may.example/{n}</loc></url>" for n in range(MOST + 10))
    assert len(read_sitemap(HOME, many.encode()).pages) == MOST
    assert read_sitemap(HOME, b"<html><body><loc>x</loc>") == Sitemap()
