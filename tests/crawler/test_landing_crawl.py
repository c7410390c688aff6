"""A brand's site: its budget, its snapshots, and that only a change of content makes a new one."""

from __future__ import annotations

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
            words = f"<h1>{name}</h1><p>Tã MiniCare cho mẹ bỉm: giao nhanh trong ngày toàn quốc.</p><h3>Gói 30 miếng</h3><b>{self.price}</b>"
            return f"<html lang=vi><head><title>{name}</title></head><body><nav>{links}</nav>{words}<a href='https://zalo.me/1'>Zalo</a></body></html>"
        return None


def test_pages_are_read_within_the_budget_and_snapshots_change_with_their_content(study: StudyFolder) -> None:
    with LittleShop() as shop:
        brands = {"own": {"name": "An Nhiên"}, "competitors": [{"name": "MiniCare"}]}
        study.write([{"url": f"{shop.url}/", "kind": "site", "about": "MiniCare", "pages": 3}], **brands)
        [first] = study.crawl()
        assert (first["state"], first["kind"], first["snapshots"]) == ("done", "site", 3)
        assert len(shop.paths()) == 3
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
