"""Review widgets that shops of several kinds put into their pages as HTML: Judge.me, Shopify's Product Reviews, Stamped, Yotpo,
Okendo and Loox. What a widget loads by script alone is not on the page."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from crawler.dates import Clock
from crawler.engines.base import Marks
from crawler.engines.document import Document
from crawler.engines.reading import every, first, moment, number_in
from crawler.engines.shop import ReviewMarks, Shop
from crawler.engines.text import one_line


class Widget(Shop):
    """A widget: where its reviews stand, and what their own attributes tell. It is no engine of its own."""

    #: A word without which no review of it is on a page.
    word: ClassVar[str] = ""
    post_id_attributes: ClassVar[tuple[str, ...]] = ("data-review-id", "id", "data-id")
    post_id: ClassVar[re.Pattern[str]] = re.compile(r"([0-9a-fA-F]{2,}(?:-[0-9a-fA-F]{2,})*)$")

    def post_nodes(self, doc: Document) -> list[Any]:
        return every(doc.tree, self.marks.post) if self.word in doc.text else []

    def read_date(self, node: Any, clock: Clock) -> Any:
        """The date of the first place that shows one; one with figures counts before one in words alone."""
        places = every(node, self.marks.date)
        for found in sorted(places, key=lambda place: not any(map(str.isdigit, one_line(place)))):
            said = clock.read(found.get("data-content") or "") or moment(found, clock)
            if said is not None:
                return said
        return None


class JudgeMe(Widget):
    """Judge.me."""

    word = "jdgm-rev"
    marks = Marks(
        post=".jdgm-rev[data-review-id]",
        body=".jdgm-rev__body",
        author=".jdgm-rev__author",
        date=".jdgm-rev__timestamp",
    )
    review = ReviewMarks(
        heading=".jdgm-rev__title",
        stars=".jdgm-rev__rating",
        variant=".jdgm-rev__variant-label, .jdgm-rev__prod-variant, .jdgm-rev__variant",
        pictures=".jdgm-rev__pic-link",
        count=".jdgm-rev-widg",
    )

    def read_count(self, doc: Document) -> int | None:
        found = first(doc.tree, ".jdgm-rev-widg[data-number-of-reviews]")
        return number_in(found.get("data-number-of-reviews")) if found is not None else None

    def read_verified(self, node: Any) -> bool | None:
        said = node.get("data-verified-buyer")
        return bool(said == "true") if said in ("true", "false") else super().read_verified(node)

    def read_helpful(self, node: Any) -> int | None:
        return number_in(node.get("data-thumb-up-count") or "")


class ProductReviews(Widget):
    """Shopify's own Product Reviews."""

    word = "spr-review"
    marks = Marks(
        post=".spr-review",
        body=".spr-review-content-body",
        author=".spr-review-header-byline strong",
        date=".spr-review-header-byline strong",
    )
    review = ReviewMarks(
        heading=".spr-review-header-title",
        stars=".spr-review-header-starratings, .spr-starratings",
        count=".spr-summary-actions-togglereviews, .spr-summary-caption",
    )


class Stamped(Widget):
    """Stamped.io."""

    word = "stamped-review"
    marks = Marks(
        post=".stamped-review",
        body=".stamped-review-content-body",
        author=".stamped-review-header .author, .author",
        date=".stamped-review-header .created, .created",
    )
    review = ReviewMarks(
        heading=".stamped-review-header-title",
        stars=".stamped-review-header-starratings, .stamped-starratings",
        verified=".stamped-verified-badge",
        variant=".stamped-review-variant",
        helpful=".stamped-thumbs-up",
        pictures=".stamped-review-image img, .stamped-review-photos img",
        count=".stamped-summary-text, .stamped-summary-caption",
    )


class Yotpo(Widget):
    """Yotpo's static reviews."""

    word = "yotpo-review"
    marks = Marks(
        post=".yotpo-review[data-review-id]",
        body=".content-review",
        author=".yotpo-user-name",
        date=".yotpo-review-date",
    )
    review = ReviewMarks(
        heading=".content-title",
        stars=".yotpo-review-stars",
        variant=".yotpo-review-product-variant, .product-variant",
        helpful=".vote-sum[data-type='up']",
        pictures=".yotpo-review-images img, .yotpo-image-wrapper img",
        count=".yotpo-bottomline .text-m, .reviews-amount",
    )


class Okendo(Widget):
    """Okendo."""

    word = "oke-w-review"
    marks = Marks(
        post=".oke-w-review",
        body=".oke-reviewContent-body",
        author=".oke-w-reviewer-name",
        date=".oke-reviewContent-date",
    )
    review = ReviewMarks(
        heading=".oke-reviewContent-title",
        stars=".oke-sr-rating, .oke-stars, .oke-a11yText",
        verified=".oke-w-reviewer-verified",
        variant=".oke-w-review-variant, .oke-reviewContent-variant",
        helpful=".oke-helpful-vote-button--up, .oke-button--helpful",
        pictures=".oke-reviewContent-media img, .oke-w-reviewMedia img",
        count=".oke-w-ratingAverageModule-count, .oke-sr-count",
    )


class Loox(Widget):
    """Loox, where a theme puts its reviews into the page."""

    word = "loox-review"
    marks = Marks(post=".loox-review", body=".main-text, .pre-wrap", author=".title", date=".time")
    review = ReviewMarks(stars=".stars", verified=".loox-verified-badge", variant=".variant", pictures=".item-img img")


WIDGETS = (JudgeMe(), ProductReviews(), Stamped(), Yotpo(), Okendo(), Loox())


def widget_on(doc: Document) -> Widget | None:
    """The widget whose reviews stand on a page."""
    if "_review_widget" not in doc.__dict__:
        found = None if doc.is_json else next((one for one in WIDGETS if one.post_nodes(doc)), None)
        doc.__dict__["_review_widget"] = found
    widget: Widget | None = doc.__dict__["_review_widget"]
    return widget
