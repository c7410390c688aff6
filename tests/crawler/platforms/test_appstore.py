"""Apple's feed of customer reviews, in its JSON. The app, its users and their words are invented."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from crawler.platforms.appstore import AppStore
from tests.conftest import StudyFolder
from tests.servers.little_api import LittleApi, Query, told

Entry = dict[str, Any]


def label(value: object) -> dict[str, str]:
    return {"label": str(value)}


class LittleStore(LittleApi):
    """One app in one country, two reviews a page, the newest first."""

    def __init__(self) -> None:
        super().__init__()
        self.reviews = [self.review(number) for number in range(7, 0, -1)]

    @staticmethod
    def review(number: int, **fields: Any) -> Entry:
        return {
            "id": label(9_000_000_000 + number),
            "author": {
                "name": label(f"me_bim_{number}"),
                "uri": label("https://itunes.apple.com/vn/reviews/id1"),
                "label": "",
            },
            "updated": label(f"2026-06-{number:02}T05:00:00-07:00"),
            "im:rating": label(number % 5 + 1),
            "im:version": label("2.1"),
            "title": label("Hay bị văng"),
            "content": {"label": f"Mở lần {number} là văng", "attributes": {"type": "text"}},
            "link": {"attributes": {"rel": "related", "href": "https://itunes.apple.com/vn/review?id=1"}},
            "im:voteSum": label(2),
            "im:voteCount": label(3),
            "im:contentType": {"attributes": {"term": "Application", "label": "Ứng dụng"}},
        } | fields

    def answer(self, path: str, query: Query) -> Any:
        if path == "/lookup":
            found = (
                [{"trackId": 123456789, "trackName": "Sổ Bé"}] if query == {"id": "123456789", "country": "vn"} else []
            )
            return {"resultCount": len(found), "results": found}
        parts = path.split("/")
        if parts[1:4] != ["vn", "rss", "customerreviews"]:
            return None
        page = int(parts[4].removeprefix("page="))
        if page > 10:
            return told({"errorMessage": "CustomerReviews RSS page depth is limited to 10"}, 400)
        last = min(10, -(-len(self.reviews) // 2))
        entries: Any = self.reviews[(page - 1) * 2 : page * 2]
        app = {"im:name": label("Sổ Bé"), "id": {"label": "https://apps.apple.com/vn/app/id1"}, "title": label("Sổ Bé")}
        entries = [app, *entries] if page == 1 else entries[0] if len(entries) == 1 else entries
        address = f"{self.url}/vn/rss/customerreviews/page={last}/id=123456789/sortby=mostrecent/xml"
        links = [{"attributes": {"rel": "last", "href": address}}]
        return {"feed": {"author": {"name": label("iTunes Store")}, "entry": entries, "link": links}}


@pytest.fixture
def store() -> Iterator[LittleStore]:
    with LittleStore() as api:
        yield api


def source(api: LittleApi, path: str = "vn/app/so-be/id123456789", **fields: object) -> dict[str, object]:
    return {"url": f"https://apps.apple.com/{path}", "api": api.url, **fields}


def test_every_review_comes_with_its_stars(study: StudyFolder, store: LittleStore) -> None:
    [result] = study.write([source(store, about="An Nhiên")]).crawl()
    assert (result["kind"], result["engine"], result["threads"], result["posts_new"]) == ("reviews", "appstore", 1, 7)
    assert len(store.calls()) == 1 + 4
    [row] = study.rows(
        "select text, rating, variant, json_extract(reactions, '$.helpful'), posted_at from posts where rating = 3 limit 1"
    )
    assert row[1:4] == (3.0, "2.1", 2)
    assert row[0].startswith("Hay bị văng\n\nMở lần ")
    assert study.rows("select title from threads") == [("Sổ Bé",)]


def test_later_only_what_is_new_is_read(study: StudyFolder, store: LittleStore) -> None:
    study.write([source(store)]).crawl()
    store.reviews.insert(0, store.review(8))
    store.asked.clear()
    [result] = study.crawl()
    assert result["posts_new"] == 1
    assert len(store.calls()) <= 3


def test_only_the_newest_five_hundred_are_given_and_that_is_told(study: StudyFolder, store: LittleStore) -> None:
    store.reviews = [store.review(number % 28 + 1, id=label(number)) for number in range(25, 0, -1)]
    [result] = study.write([source(store)]).crawl()
    assert result["posts_new"] == 20
    assert [note["key"] for note in result["notes"]] == ["platforms.appstore.newest_only"]


def test_an_app_that_the_country_does_not_have_is_told(study: StudyFolder, store: LittleStore) -> None:
    [result] = study.write([source(store, "de/app/id123456789")]).crawl(code=1)
    assert result["reason"]["key"] == "platforms.appstore.no_app"
    assert "DE" in result["reason"]["sentence"]


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("https://apps.apple.com/vn/app/so-be/id123456789", True),
        ("https://apps.apple.com/app/id123456789", True),
        ("https://itunes.apple.com/us/app/so-be/id123456789", True),
        ("https://apps.apple.com/vn/developer/x/id123456789", False),
        ("https://www.apple.com/vn/app-store/", False),
    ],
)
def test_its_addresses_are_known_without_asking(url: str, known: bool) -> None:
    assert AppStore().knows(url) is known
