"""What a competitor's page says: offer, price, claim, proof, call to action, audience, questions, channels, trackers.

Each module beside this one reads one of these; :func:`read` puts them together. Pure: a function of the saved page.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from crawler.blocks import Block, hint
from crawler.engines.document import Document
from crawler.engines.products import counts_reviews, shows_one_product
from crawler.engines.reviews import review_nodes
from crawler.landing import actions, claims, faqs, metadata, offers, social, terms, testimonials
from crawler.landing.links import landing_links
from crawler.landing.quoting import clean, distinct
from crawler.landing.repair import readable
from crawler.landing.snapshot import content_hash, to_json
from crawler.maintext import main_text
from data.errors import UnreadablePageError
from data.records import LandingPage

__all__ = ["content_hash", "landing_links", "read", "to_json"]

#: The version of this reading. Pages read by another one are not compared claim by claim: what is new in the reading is
#: no news of the page. Raise it with every change of what is quoted.
READER: Final = 8
_HEADINGS: Final = 80
_TEXT: Final = 200_000
_SHORT_NAME: Final = 3
_SMALL_WORDS: Final = frozenset(("the", "and", "of", "to", "for", "with", "your", "you", "in", "is", "a", "we"))
_LEVELS: Final = ("h1", "h2", "h3", "h4")


def read(doc: Document) -> LandingPage:
    """What ``doc`` says. Empty and broken pages give an empty reading; too large or too deep ones raise
    :class:`~data.errors.UnreadablePageError`, as every reading of a document does.
    """
    if doc.is_json:
        return LandingPage(doc.url, None, None, None, "")
    doc, found = readable(doc)
    data, own = metadata.structured(doc), without_buyers(doc, found)
    offered = offers.offers(own, data, vietnamese=doc.lang == "vi")
    # A plan called “Chuyên nghiệp” promises nothing by its name.
    called = {offer.name.casefold() for offer in offered if offer.name and offer.name.count(" ") < _SHORT_NAME}
    promised = tuple(claim for claim in claims.promises(own) if claim.text.casefold() not in called)
    logos = claims.logos(doc)
    proofs, quoted = claims.proofs(own, logos), testimonials.testimonials(found, data)
    typed = (*terms.sale_terms(own, promised), *terms.typed_proofs(proofs, logos))
    addressed, tracking = claims.audiences(own), social.trackers(doc)
    return LandingPage(
        url=doc.url,
        title=clean(doc.title, 300) or clean(doc.meta.get("og:title"), 300) or None,
        description=metadata.description(doc),
        language=language(doc, found),
        text=main_text(doc)[:_TEXT],
        headings=headings(found),
        offers=offered,
        promises=tuple(claim.text for claim in promised),
        promise_categories=tuple(claim.code for claim in promised),
        proofs=proofs,
        testimonials=quoted,
        calls_to_action=actions.calls_to_action(doc),
        audiences=addressed,
        faqs=faqs.faqs(found, data),
        social_links=social.social_links(doc),
        trackers=tracking,
        open_graph=metadata.open_graph(doc),
        structured=data,
        claims=typed,
        voices=testimonials.voices(quoted),
        tools=social.tools(tracking),
        passing=passing(
            found, [*(claim.text for claim in typed), *addressed, *(offer.name or "" for offer in offered)]
        ),
        reader=READER,
    )


def without_buyers(doc: Document, found: list[Block]) -> list[Block]:
    """The blocks of a product's page without those of its reviews, which the brand does not say: what the reader of reviews
    reads, and the heading that counts them."""
    try:
        nodes = set(review_nodes(doc)) if doc.tree.find("body") is not None and shows_one_product(doc) else set()
    except UnreadablePageError:  # torn reviews; the rest of the page is as it is
        nodes = set()
    if not nodes:
        return found
    return [
        block
        for block in found
        if nodes.isdisjoint((block.element, *block.element.iterancestors()))
        and not (block.tag in _LEVELS and counts_reviews(block.text))
    ]


def passing(found: list[Block], quotes: Iterable[str]) -> tuple[str, ...]:
    """Those of ``quotes`` that stand in banners, slides and pop-ups and nowhere else."""
    turning = hint("carousel", "promo", "modal")
    moving = "\n".join(block.text for block in found if block.hints & turning)
    if not moving:
        return ()
    standing = "\n".join(block.text for block in found if not block.hints & turning)
    kept = dict.fromkeys(quote for quote in quotes if quote)
    return tuple(q for q in kept if (said := q.rstrip("…")) in moving and said not in standing)


def language(doc: Document, found: list[Block]) -> str | None:
    """The page's language, two letters: as declared or by its letters, else English where its small words are."""
    if doc.lang:
        return doc.lang
    words = " ".join(block.text for block in found[:400]).lower().split()
    return "en" if sum(word in _SMALL_WORDS for word in words) * 12 > len(words) > 0 else None


def headings(found: list[Block]) -> tuple[str, ...]:
    """The page's headings of the first four levels, menus and cookie notices left out."""
    never = hint("nav", "menu", "cookie", "cart", "account")
    return distinct(
        (clean(block.text) for block in found if block.tag in _LEVELS and not block.hints & never), _HEADINGS
    )
