"""The three brands' shop sites: home, products with prices, about, questions, offers, robots.txt and a sitemap."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from markupsafe import Markup

from data.demo import fragments
from data.demo.pages import FICTION_COMMENT, Resource, templates
from data.demo.plan import start_of

if TYPE_CHECKING:
    from data.demo.world import World

_PAGES = (
    ("home", "/", "Trang chủ"),
    ("products", "/san-pham/", "Sản phẩm và giá"),
    ("about", "/gioi-thieu/", "Về chúng tôi"),
    ("faq", "/hoi-dap/", "Hỏi đáp"),
    ("offers", "/uu-dai/", "Ưu đãi tháng này"),
)


def render(world: World) -> Iterator[tuple[str, Iterator[tuple[str, Resource]]]]:
    """Each shop's site with its pages."""
    modified = start_of(world.today, 6)
    for key, shop in fragments.toml("shops").items():
        yield f"{key}_site", _site(key, shop, world.prices[key], modified)


def _site(
    key: str, shop: dict[str, Any], products: list[list[Any]], modified: datetime
) -> Iterator[tuple[str, Resource]]:
    base = f"@@{key}_site@@"
    template = templates().get_template("shop.html")
    for page, path, title in _PAGES:
        structured = [_json(block) for block in _structured(page, shop, products, base)]
        body = template.render(
            page=page, path=path, title=shop["hero"] if page == "home" else title, description=shop["sub"], shop=shop,
            products=products, base=base, structured=structured,
        )  # fmt: skip
        yield path, Resource(body.encode("utf-8"), modified)
    entries = "".join(f"<url><loc>{escape(base + path)}</loc></url>\n" for _, path, _ in _PAGES)
    sitemap = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- {FICTION_COMMENT} -->\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>\n'
    )
    yield "/sitemap.xml", Resource(sitemap.encode(), modified, "application/xml; charset=utf-8")
    robots = f"# {FICTION_COMMENT}\nUser-agent: *\nDisallow: /gio-hang/\nSitemap: {base}/sitemap.xml\n"
    yield "/robots.txt", Resource(robots.encode(), modified, "text/plain; charset=utf-8")


def _json(block: dict[str, Any]) -> Markup:
    """JSON that cannot end the script element it stands in."""
    return Markup(json.dumps(block, ensure_ascii=False).replace("<", "\\u003c"))  # noqa: S704


def _structured(page: str, shop: dict[str, Any], products: list[list[Any]], base: str) -> Iterator[dict[str, Any]]:
    context = "https://schema.org"
    if page in ("home", "about"):
        yield {
            "@context": context, "@type": "Organization", "name": shop["brand"], "url": f"{base}/", "slogan": shop["tagline"],
            "telephone": shop["phone"], "sameAs": shop["social"], "disambiguatingDescription": FICTION_COMMENT,
        }  # fmt: skip
    if page == "home":
        for who, words in shop["testimonials"]:
            yield {
                "@context": context, "@type": "Review", "itemReviewed": {"@type": "Product", "name": shop["brand"]},
                "author": {"@type": "Person", "name": who}, "reviewBody": words,
                "reviewRating": {"@type": "Rating", "ratingValue": 5},
            }  # fmt: skip
    if page == "products":
        for number, (name, price, _) in enumerate(products, start=1):
            yield {
                "@context": context, "@type": "Product", "name": name, "brand": {"@type": "Brand", "name": shop["brand"]},
                "url": f"{base}/san-pham/#sp-{number}",
                "offers": {"@type": "Offer", "price": price, "priceCurrency": "VND", "availability": f"{context}/InStock"},
            }  # fmt: skip
    if page == "faq":
        answers = [
            {"@type": "Question", "name": q, "acceptedAnswer": {"@type": "Answer", "text": a}} for q, a in shop["faqs"]
        ]
        yield {"@context": context, "@type": "FAQPage", "mainEntity": answers}
