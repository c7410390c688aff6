"""What a shop's engine is: its threads are products with their reviews, its lists are catalogues."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar
from urllib.parse import urldefrag

from crawler.dates import Clock
from crawler.engines.base import Engine, Kind
from crawler.engines.document import Document
from crawler.engines.reading import digest, every, first, moment, number_in
from crawler.engines.stars import helpful_in, pictures_in, stars_of, variant_in, verified_in
from crawler.engines.text import Body, one_line, read_body
from data.errors import UnreadablePageError
from data.records import Post, Thread


@dataclass(frozen=True, slots=True)
class ReviewMarks:
    """Where a shop's pages show what of a review, as CSS selectors within it. Empty: looked for in the whole review, or not shown.

    ``product`` marks a product's page, ``count`` the number of its reviews there.
    """

    heading: str = ""
    stars: str = ""
    verified: str = ""
    variant: str = ""
    helpful: str = ""
    pictures: str = ""
    product: str = ""
    count: str = ""


class Shop(Engine):
    """A shop. Subclasses say beside ``marks`` where reviews show their stars and the rest."""

    review: ClassVar[ReviewMarks] = ReviewMarks()

    def kind(self, doc: Document) -> Kind:
        if doc.is_json:
            return "other"
        if self._post_nodes(doc) or (self.review.product and first(doc.tree, self.review.product) is not None):
            return "thread"
        if every(doc.tree, self.marks.thread):
            return "list"
        return "index" if every(doc.tree, self.marks.board) else "other"

    def read_thread(self, doc: Document) -> Thread:
        """One page of a product's reviews; a product that nobody has reviewed is a thread without posts."""
        if not self._post_nodes(doc) and self.kind(doc) == "thread":
            empty = Thread(self.identify_thread(doc.url), doc.url, self.name, self.read_title(doc), ())
            return replace(empty, replies=self.read_count(doc))
        return replace(super().read_thread(doc), replies=self.read_count(doc))

    def read_count(self, doc: Document) -> int | None:
        """How many reviews the page says that the product has."""
        found = first(doc.tree, self.review.count) if self.review.count else None
        return number_in(one_line(found)) if found is not None else None

    def read_post(self, doc: Document, node: Any, clock: Clock, before: list[Post], number: int) -> Post:
        """One review. One without words is kept for its stars."""
        rating = self.read_stars(node)
        body = self.read_words(node)
        if body is None and rating is None:
            raise UnreadablePageError("post_without_body", url=doc.url, engine=self.name, number=number)
        heading = one_line(first(node, self.review.heading)) if self.review.heading else ""
        body = body or Body("")
        text = with_heading(heading, body.text)
        author, posted_at = self.read_author(node), self.read_date(node, clock)
        helpful = self.read_helpful(node)
        return Post(
            post_id=self.read_post_id(node) or digest(author, posted_at, text or str(rating)),
            text=text,
            author=author,
            posted_at=posted_at,
            quoted=body.quoted,
            shown=with_heading(heading, body.shown) if body.shown else None,
            url=self.read_permalink(doc, node),
            reactions=None if helpful is None else {"helpful": helpful},
            rating=rating,
            verified=self.read_verified(node),
            variant=self.read_variant(node),
            pictures=self.read_pictures(node),
        )

    def read_words(self, node: Any) -> Body | None:
        """The words of a review, or ``None`` where it has no place for them."""
        found = self.body_node(node)
        if found is None:
            return None
        drop = set(every(found, self.marks.drop))
        return read_body(found, drop=drop.__contains__ if drop else None)

    def read_permalink(self, doc: Document, node: Any) -> str | None:
        """A review's own address, or its place on the page."""
        if self.marks.permalink:
            return super().read_permalink(doc, node)
        return f"{urldefrag(doc.url)[0]}#{node.get('id')}" if node.get("id") else None

    def read_date(self, node: Any, clock: Clock) -> Any:
        found = first(node, self.marks.date) if self.marks.date else None
        return moment(found, clock) if found is not None else None

    def read_stars(self, node: Any) -> float | None:
        """The stars given, 0 to 5."""
        found = first(node, self.review.stars) if self.review.stars else node
        return stars_of(found) if found is not None else None

    def read_verified(self, node: Any) -> bool | None:
        """Whether the shop vouches for the purchase."""
        found = first(node, self.review.verified) if self.review.verified else None
        return True if found is not None else verified_in(node)

    def read_variant(self, node: Any) -> str | None:
        """What was bought, where the shop says so."""
        found = first(node, self.review.variant) if self.review.variant else None
        if found is None:
            return None
        return variant_in(found) or one_line(found)[:80] or None

    def read_helpful(self, node: Any) -> int | None:
        """How many found the review helpful."""
        found = first(node, self.review.helpful) if self.review.helpful else None
        return number_in(one_line(found)) if found is not None else helpful_in(node)

    def read_pictures(self, node: Any) -> int | None:
        """How many pictures its author shows."""
        return (len(every(node, self.review.pictures)) or None) if self.review.pictures else pictures_in(node)


def with_heading(heading: str, text: str) -> str:
    """A review's words with its own title above them, unless they begin with it."""
    if not heading or text.lower().startswith(heading.rstrip(".… ").lower()):
        return text or heading
    return f"{heading}\n\n{text}" if text else heading
