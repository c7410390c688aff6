"""Where else a brand is: the places that its site links to, offered with a line that the study takes as it is."""

from __future__ import annotations

from typing import Any

import pytest
from ruamel.yaml import YAML

from crawler.landing import social
from crawler.offered import Offered, lines, offered
from data.study import Import, Source, Study
from data.words import LANGUAGES, entry
from tests.conftest import StudyFolder
from tests.servers.site import Site

LINKS = (
    "https://facebook.com/maybimhucau",
    "https://youtube.com/@maybimhucau",
    "https://t.me/maybimhucau",
    "https://shopee.vn/maybimhucau",
    "https://play.google.com/store/apps/details?id=example.may",
    "https://zalo.me/0912345678",
    "https://m.me/maybimhucau",
    "https://maps.app.goo.gl/abc",
    "https://facebook.com/maybimhucau/posts/123",
    "https://www.facebook.com/maybimhucau/",
)


def made(**fields: Any) -> Study:
    return Study.model_validate(
        {"study": "thu", "contact": "a@example.com", "own": {"name": "An Nhiên"},
         "competitors": [{"name": "Mây: Bỉm", "sites": ["https://may.example"]}], **fields}
    )  # fmt: skip


def test_each_place_once_and_no_chats_maps_phones_or_single_posts() -> None:
    found = {one.network: one for one in offered(LINKS, made(), "Mây: Bỉm")}
    assert {"facebook", "youtube", "shopee", "google_play"} <= found.keys()
    assert "zalo" not in found, "a telephone number is nobody's page"
    assert len([one for one in offered(LINKS, made(), "Mây: Bỉm") if one.network == "facebook"]) == 1
    assert (found["shopee"].how, found["shopee"].line) == ("none", None), "what is not read says so"
    assert found["google_play"].how == "import"


@pytest.mark.parametrize("one", offered(LINKS, made(), "Mây: Bỉm"), ids=lambda one: one.network)
def test_a_line_is_one_that_the_study_takes(one: Offered) -> None:
    if one.line is None:
        return
    [value] = YAML(typ="safe").load(one.line)
    if one.how == "import":
        Import.model_validate(value)
    else:
        source = Source.model_validate(value)
        assert (source.url, source.about) == (one.url, "Mây: Bỉm")
        assert (source.token is not None) == (one.how == "token")


def test_what_the_study_reads_already_is_not_offered() -> None:
    study = made(sources=[{"url": "https://www.facebook.com/MayBimHuCau/", "kind": "fanpage"}])
    assert "facebook" not in {one.network for one in offered(LINKS, study, "Mây: Bỉm")}


def test_one_place_is_told_as_one() -> None:
    [place] = offered(("https://shopee.vn/maybimhucau",), made(), "Mây: Bỉm")
    assert lines("Mây: Bỉm", [place])[0].startswith("Mây: Bỉm is in 1 more place.")


def test_every_network_has_a_name_in_both_languages() -> None:
    from crawler import offered as module

    for lang in LANGUAGES:
        names = set(entry("offered.networks", lang))
        assert set(social._networks().values()) - module._NO_PLACE <= names


def test_check_and_crawl_offer_them(study: StudyFolder) -> None:
    page = (
        "<html lang=vi><title>Mây</title><h1>Bỉm Mây</h1><p>Bỉm mềm cho bé da nhạy cảm, thấm hút suốt đêm, giao nhanh.</p>"
        "<a href='https://www.facebook.com/maybimhucau?ref=x'>Facebook</a><a href='https://shopee.vn/maybimhucau'>Shopee</a>"
    )
    with Site(lambda path: page if path == "/" else None) as shop:
        study.write([{"url": f"{shop.url}/", "kind": "site", "about": "An Nhiên", "pages": 1}])
        checked = study.run("check")
        crawled = study.run("crawl")
        again = study.run("crawl")
        page += "<a href='https://t.me/maybimhucau'>Telegram</a>"
        [source] = study.crawl()
        page = page.replace("https://t.me/maybimhucau", "#")
        checked_again = study.run("check")
    for done in (checked, crawled, checked_again):
        assert "An Nhiên is in 2 more places" in done.stdout
        assert '- {url: "https://facebook.com/maybimhucau", about: An Nhiên, token: "${FB_TOKEN}"}' in done.stdout
        assert "(Shopee): Chandung does not read this place." in done.stdout
    assert "more places" not in again.stdout, "what was told at the crawl before is not told again"
    assert "An Nhiên still is in 2 other places told at an earlier crawl. See the list: chandung check" in again.stdout
    assert [(one["network"], one["new"]) for one in source["offered"]] == [
        ("telegram", True),
        ("facebook", False),
        ("shopee", False),
    ]


def test_only_new_places_are_told_and_how_to_see_the_others() -> None:
    links = LINKS[:3]
    told = lines("Mây: Bỉm", offered(links, made(), "Mây: Bỉm", known=["https://m.facebook.com/MayBimHuCau/"]))
    assert told[0].startswith("Mây: Bỉm")
    assert "2" in told[0]
    assert not any("facebook.com" in line for line in told), "another way to write its address is the same place"
    assert told[-1].endswith("chandung check")
    assert lines("Mây: Bỉm", []) == []


def test_a_group_is_no_source_to_crawl() -> None:
    found = offered(["https://www.facebook.com/groups/hoimehucau"], made(), "Mây: Bỉm")
    assert [one for one in found if one.how in ("read", "token")] == []
