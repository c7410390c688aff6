"""A shop that nobody here wrote, crawled over HTTP: every review comes out once, and later only what is new.

Without the package index the tests skip and say so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from data.privacy import author_key, study_key
from tests.conftest import StudyFolder
from tests.servers.common import CannotInstallError
from tests.servers.shop import PEOPLE, RealShop, Review

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealShop]:
    try:
        made = RealShop.filled("oscar", tmp_path_factory.mktemp("oscar"))
    except CannotInstallError as error:
        pytest.skip(str(error))
    with made as standing:
        yield standing


def _compare(study: StudyFolder, shop: RealShop) -> None:
    """Every review once, with its product, author, time, stars and votes, in the shop's order."""
    key, site = study_key(study.folder / "thu.key"), shop.url.removeprefix("http://").rstrip("/")
    rows = study.rows("select product, text, author, posted_at, rating, helpful from reviews_flat")
    stored = {text: rest for _, text, *rest in rows}
    assert len(stored) == len(rows), "the same review is stored twice"
    assert stored.keys() == {review.words for review in shop.reviews}
    for product in shop.products:
        assert {text for title, text, *_ in rows if title == product.title} == {one.words for one in product.reviews}
        for review in product.reviews:
            author, at, rating, helpful = stored[review.words]
            assert author == author_key(key, site, review.author)
            # The shop shows minutes, not seconds.
            written = datetime.fromisoformat(review.at).replace(second=0)
            assert datetime.fromisoformat(str(at)).replace(second=0) == written
            assert rating == review.stars
            assert helpful == (review.helpful if review.helpful + review.unhelpful else None)


def test_every_review_comes_out_once_and_later_what_is_new(shop: RealShop, study: StudyFolder) -> None:
    study.write([{"url": shop.url, "kind": "reviews"}])

    [first] = study.crawl()
    assert (first["kind"], first["engine"], first["state"]) == ("reviews", "oscar", "done")
    _compare(study, shop)
    assert first["posts_new"] == len(shop.reviews)
    for product in shop.products:
        in_order = "select p.text from posts p join threads t using (thread_id) where t.title = ? order by p.id"
        newest_first = sorted(product.reviews, key=lambda review: review.at, reverse=True)
        assert [text for (text,) in study.rows(in_order, product.title)] == [review.words for review in newest_first]
    assert study.rows("select count(*) from threads where complete = 0") == [(0,)]

    [second] = study.crawl()
    assert (second["posts_new"], second["posts_changed"]) == (0, 0)
    assert second["pages"] < first["pages"]

    now = datetime.now(UTC).replace(microsecond=0)
    much, unreviewed = shop.products[0], shop.products[3]
    others = [person for person in PEOPLE if person not in {review.author for review in much.reviews}]
    for place, person in enumerate(others[:12]):
        at = (now - timedelta(minutes=place)).isoformat()
        shop.review(much, Review(person, at, 1, "Mới", f"Viết sau hai lượt đọc, số {place}.", helpful=2))
    shop.review(unreviewed, Review("dora_w", now.isoformat(), 4, "First", "The first one here."))
    [third] = study.crawl()
    assert (third["posts_new"], third["posts_changed"]) == (13, 0)
    _compare(study, shop)


def test_one_product_is_read_by_its_own_address(shop: RealShop, study: StudyFolder) -> None:
    study.write([{"url": f"{shop.url}catalogue/ta-may-nho-co-l_1/", "kind": "reviews"}])
    [result] = study.crawl()
    assert (result["threads"], result["posts_new"]) == (1, len(shop.products[0].reviews))


def test_a_front_page_without_products_is_read_by_the_sitemap(shop: RealShop, study: StudyFolder) -> None:
    study.write([{"url": f"{shop.url}app/", "kind": "reviews", "max_threads": 2}])
    [result] = study.crawl()
    assert result["threads"] == 2
    assert result["posts_new"] == sum(len(product.reviews) for product in shop.products[:2])


def test_check_shows_a_review(shop: RealShop, study: StudyFolder) -> None:
    study.write(
        [
            {"url": f"{shop.url}catalogue/", "kind": "reviews"},
            {"url": f"{shop.url}catalogue/ta-may-nho-co-l_1/", "kind": "site"},
        ]
    )
    listed, product = json.loads(study.run("check", "--json").stdout)["sources"]
    assert (listed["kind"], listed["engine"]) == ("reviews", "oscar")
    assert listed["preview"]["text"]
    assert "has_reviews" in [warning["key"] for warning in product["warnings"]]
