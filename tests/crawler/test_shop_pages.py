"""Reviews on pages of a shop that are called nothing, and reviews that tell neither who nor when. Shops and people are fiction."""

from __future__ import annotations

import json
from pathlib import Path

from crawler import structured
from crawler.engines.document import Document
from crawler.shops import page_of_shop, read_product, reader_for_shop
from data.records import Page

PAGES = Path(__file__).parents[1] / "pages"


def document(url: str, body: str) -> Document:
    return Document(Page(url, body.encode(), content_type="text/html; charset=utf-8"))


def stated(*reviews: dict[str, object]) -> str:
    data = {"@context": "https://schema.org", "@type": "Product", "name": "Tã Mây", "review": list(reviews)}
    return f'<html lang=vi><script type="application/ld+json">{json.dumps(data)}</script><h1>Tã Mây</h1>'


def review(words: str | None, stars: int, **more: object) -> dict[str, object]:
    rated = {"@type": "Rating", "ratingValue": stars}
    return {"@type": "Review", "reviewRating": rated} | ({"reviewBody": words} if words else {}) | more


def test_a_widgets_reviews_are_read_wherever_the_shop_shows_them() -> None:
    body = (PAGES / "shopify" / "judgeme" / "page.html").read_text(encoding="utf-8")
    for path in ("pages/reviews", "cloud-nappy", ""):
        doc = document(f"https://softnest.example/{path}", body)
        reader = reader_for_shop(doc)
        assert page_of_shop(doc, reader) == "thread"
        thread = read_product(doc, reader)
        assert [post.author for post in thread.posts] == ["Ines F.", "Old Mel"]
        assert thread.posts[0].post_id == "5f3c1d2e-8a10-4b6e-9d11-0a2b3c4d5e6f", "the same review as below its product"


def test_a_list_with_a_widget_still_leads_to_its_products() -> None:
    body = (PAGES / "shopify" / "judgeme" / "page.html").read_text(encoding="utf-8")
    body = body.replace("</main>", '<a href="/products/a">A</a><a href="/products/b">B</a></main>')
    for path in ("", "collections/all"):
        doc = document(f"https://softnest.example/{path}", body)
        assert page_of_shop(doc, reader_for_shop(doc)) == "list"
    doc = document("https://softnest.example/pages/reviews", body)
    assert page_of_shop(doc, reader_for_shop(doc)) == "thread"


def test_a_stated_review_of_nobody_on_no_day_is_a_review() -> None:
    doc = document(
        "https://shop.example/ta-may",
        stated(
            review("Bỉm thấm hút tốt", 5, author="An"),
            review("Hay bị tràn", 2),
            review("Hay bị tràn", 2),
            review("Tạm được", 3),
        ),
    )
    posts = structured.read_reviews(doc)
    assert [(post.text, post.rating, post.author) for post in posts] == [
        ("Bỉm thấm hút tốt", 5, "An"),
        ("Hay bị tràn", 2, None),
        ("Hay bị tràn", 2, None),
        ("Tạm được", 3, None),
    ]
    assert len({post.post_id for post in posts}) == 4
    assert posts == structured.read_reviews(document(doc.url, doc.text)), "the next crawl knows them again"


def test_stars_of_nobody_on_no_day_may_be_a_mean() -> None:
    assert structured.read_reviews(document("https://shop.example/ta-may", stated(review(None, 5)))) == ()
