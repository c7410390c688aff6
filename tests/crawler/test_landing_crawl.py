"""A brand's site: its budget, its snapshots, and that only a change of content makes a new one."""

from __future__ import annotations

import gzip

from tests.conftest import StudyFolder
from tests.servers.site import Answer, Site


class LittleShop(Site):
    """An invented shop of a few pages."""

    def __init__(self) -> None:
        super().__init__()
        self.price = "189.000đ"

    def page(self, path: str) -> Answer | str | None:
        links = "".join(
            f"<a href='/{name}'>{name}</a> " for name in ("gia", "san-pham", "gioi-thieu", "anh.jpg", "faq")
        )
        if path == "/anh.jpg":
            return Answer(b"\xff\xd8\xff", kind="image/jpeg")
        if path.strip("/") in ("", "gia", "san-pham", "gioi-thieu", "faq"):
            name = path.strip("/") or "MiniCare"
            words = f"<h1>{name}</h1><p>Tã MiniCare cho mẹ bỉm: giao nhanh toàn quốc.</p><h3>Gói 30 miếng</h3><b>{self.price}</b>"
            return f"<html lang=vi><head><title>{name}</title></head><body><nav>{links}</nav>{words}<a href='https://zalo.me/1'>Zalo</a></body></html>"
        return None


def test_pages_are_read_within_the_budget_and_snapshots_change_with_their_content(study: StudyFolder) -> None:
    with LittleShop() as shop:
        brands = {"own": {"name": "An Nhiên"}, "competitors": [{"name": "MiniCare"}]}
        study.write([{"url": f"{shop.url}/", "kind": "site", "about": "MiniCare", "pages": 3}], **brands)
        [first] = study.crawl()
        assert (first["state"], first["kind"], first["snapshots"]) == ("done", "site", 3)
        assert shop.paths()[:3] == ["/", "/sitemap.xml", "/gia"], "it has no sitemap, and prices come first"
        assert len(shop.paths()) == 4
        assert study.count("landing_snapshots") == 3

        study.crawl()
        assert study.count("landing_snapshots") == 3, "nothing changed"

        shop.price = "169.000đ"
        [third] = study.crawl()
        assert study.count("landing_snapshots") == 6
        assert study.count("landing_current") == 3

        # Each of the three pages says it, and each is asked for its own change.
        assert third["page_changes"] == len(third["changes"]) == study.count("landing_changes") == 3
        assert set(third["changes"]) == {"Gói 30 miếng: ₫189,000 → ₫169,000"}
        [row] = study.rows(
            "select distinct brand, area, before_amount, after_amount, said_vi from landing_changes_flat"
        )
        assert row == ("MiniCare", "price", 189_000, 169_000, "Gói 30 miếng: 189.000đ → 169.000đ")
        shop.price = "159.000đ"
        done = study.run("crawl")
        assert "3 changes on 127.0.0.1" in done.stdout
        assert "Gói 30 miếng: ₫169,000 → ₫159,000" in done.stdout
        asked = study.run("query", "@what_changed")
        assert asked.returncode == 0
        assert "189.000đ → 169.000đ" in asked.stdout


def test_a_brands_sites_are_crawled_without_further_ado(study: StudyFolder) -> None:
    with LittleShop() as shop:
        study.write([], own={"name": "An Nhiên", "sites": [f"{shop.url}/"]})
        # A site that no source names has the delay of other people's sites; two pages are enough here.
        shop.page = lambda path: (
            "<html><body><h1>An Nhiên</h1><p>Tã êm cho bé yêu.</p></body></html>" if path == "/" else None
        )  # type: ignore[method-assign]
        [result] = study.crawl()
    assert (result["kind"], result["snapshots"]) == ("site", 1)
    assert study.rows("select brand from landing_current") == [("An Nhiên",)]


class MappedShop(Site):
    """An invented shop whose best pages only its sitemaps know, among products, copies and traps; pages have validators."""

    PRODUCTS = 60

    def __init__(self) -> None:
        super().__init__(robots="User-agent: *\nAllow: /\nSitemap: {url}/ban-do.xml\n")
        self._robots = str(self._robots).format(url=self.url)
        self.price = "299.000đ"

    def page(self, path: str) -> Answer | str | None:
        xml = "application/xml"
        if path == "/ban-do.xml":
            names = ("sitemap_products_1.xml.gz", "sitemap_pages.xml", "sitemap_images.xml")
            maps = "".join(f"<sitemap><loc>{self.url}/{name}</loc></sitemap>" for name in names)
            return Answer(f"<sitemapindex>{maps}</sitemapindex>", kind=xml, headers={"ETag": '"map"'})
        if path == "/sitemap_pages.xml":
            paths = ("/bang-gia", "/gioi-thieu", "/en/pricing", "/hoi-dap", "/tuyen-dung", "/chinh-sach-doi-tra", "/2026/11/",
                     "/gio-hang", "/bang-gia?sort=gia", "/lich/2026-11")  # fmt: skip
            locs = "".join(f"<url><loc>{self.url}{one}</loc></url>" for one in paths)
            return Answer(f"<urlset>{locs}<url><loc>https://khac.example/bang-gia</loc></url></urlset>", kind=xml)
        if path == "/sitemap_products_1.xml.gz":
            locs = "".join(f"<url><loc>{self.url}/ta-may-{n}</loc></url>" for n in range(self.PRODUCTS))
            return Answer(gzip.compress(f"<urlset>{locs}</urlset>".encode()), kind="application/gzip")
        if path.endswith(".xml"):
            return None
        price = self.price if path == "/bang-gia" else "99.000đ"
        links = "".join(
            f"<a href='/ta-may-{n}?color={n}'>Tã Mây {n}</a><a href='/ta-may-{n}'>Tã</a>" for n in range(40)
        )
        body = (
            f"<html lang=vi><title>{path}</title><body><h1>Mây {path}</h1><p>Tã Mây mềm mại cho bé, thấm hút suốt đêm và khô thoáng.</p>"
            f"<h3>Gói Pro</h3><b>{price}</b><div>{links}</div></body></html>"
        )
        mark = f'"{path}-{price[:3]}"'
        if self.asked[-1].headers.get("If-None-Match") == mark:
            return Answer(status=304)
        return Answer(body, headers={"ETag": mark})


def test_the_pages_that_matter_are_read_before_the_twentieth_product(study: StudyFolder) -> None:
    with MappedShop() as shop:
        study.write([{"url": f"{shop.url}/", "kind": "site", "about": "An Nhiên", "pages": 9}])
        [first] = study.crawl()
        assert (first["state"], first["snapshots"]) == ("done", 9)
        pages = [path for path in shop.paths() if "xml" not in path]
        assert set(pages[1:6]) >= {"/bang-gia", "/gioi-thieu", "/hoi-dap", "/chinh-sach-doi-tra"}
        assert "/tuyen-dung" in pages
        assert not any(part in path for path in pages for part in ("/en/", "?", "2026", "gio-hang"))
        assert "/sitemap_images.xml" not in shop.paths()

        asked = len(shop.paths())
        shop.price = "349.000đ"
        [second] = study.crawl()
        again = shop.paths()[asked:]
        assert second["not_modified"] == 7, "all but the start page and the one with the new price"
        assert {path for path in again if "xml" not in path} == set(pages)
        assert second["changes"] == ["Gói Pro: ₫299,000 → ₫349,000"]
