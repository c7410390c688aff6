"""What a page says in its head and its data: title, description, OpenGraph, JSON-LD and microdata, bounded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from crawler.engines.document import Document
from crawler.landing.quoting import clean

#: The kinds of schema.org data that say something of a brand, and the fields kept of each.
KEPT: Final = (
    "Organization", "LocalBusiness", "Store", "Brand", "Product", "ProductGroup", "Offer", "AggregateOffer", "FAQPage",
    "Question", "Answer", "Review", "AggregateRating", "Rating", "Service", "SoftwareApplication", "Course", "WebSite",
    "Person", "Audience", "PeopleAudience", "UnitPriceSpecification", "PriceSpecification", "PostalAddress", "ItemList",
    "ListItem",
)  # fmt: skip
_FIELD_NAMES: Final = """
@type name description url brand offers price priceCurrency lowPrice highPrice unitText priceSpecification
billingDuration availability mainEntity acceptedAnswer text review reviews reviewBody reviewRating ratingValue
reviewCount ratingCount bestRating aggregateRating jobTitle audience audienceType suggestedMinAge
suggestedMaxAge suggestedGender slogan award foundingDate sameAs address addressLocality addressRegion sku
category itemListElement item hasVariant priceType areaServed legalName material itemOffered referenceQuantity
unitCode value positiveNotes negativeNotes isRelatedTo
"""
_FIELDS: Final = frozenset(_FIELD_NAMES.split())
_DEPTH: Final = 7
_ITEMS: Final = 60
_TEXT: Final = 1_000
_OPEN_GRAPH: Final = 40


def open_graph(doc: Document) -> dict[str, str]:
    """The page's ``og:`` and ``product:`` values."""
    found = {}
    for name, value in doc.meta.items():
        if name.startswith(("og:", "product:", "article:published")) and (said := clean(value, 500)):
            found[name[:80]] = said
            if len(found) == _OPEN_GRAPH:
                break
    return found


def description(doc: Document) -> str | None:
    """The page's description of itself."""
    return clean(doc.meta.get("description") or doc.meta.get("og:description"), 600) or None


def structured(doc: Document) -> tuple[Mapping[str, object], ...]:
    """The page's structured data of the kinds in :data:`KEPT`: JSON-LD, then microdata in the same shape."""
    found: list[Mapping[str, object]] = []
    for item in [*doc.json_ld[:_ITEMS], *microdata(doc)]:
        kept = _kept(item, 0)
        if isinstance(kept, dict) and kinds(kept) & set(KEPT) and kept not in found:
            found.append(kept)
            if len(found) == _ITEMS:
                break
    return tuple(found)


def kinds(item: Mapping[str, object]) -> set[str]:
    """The schema.org types of ``item``, without their address."""
    said = item.get("@type")
    names = said if isinstance(said, list) else [said]
    return {name.rsplit("/", 1)[-1].rsplit("#", 1)[-1] for name in names if isinstance(name, str)}


def every(data: object, *wanted: str, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """All items of the types ``wanted`` inside ``data``, outermost first."""
    if depth > _DEPTH:
        return
    if isinstance(data, (list, tuple)):
        for item in data:
            yield from every(item, *wanted, depth=depth + 1)
    elif isinstance(data, Mapping):
        if kinds(data) & set(wanted):
            yield data
        for value in data.values():
            if isinstance(value, (list, dict)):
                yield from every(value, *wanted, depth=depth + 1)


def one(value: object, field: str = "name") -> str:
    """``value`` as one text: itself, the ``field`` of an item, or the first of a list."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, Mapping):
        value = value.get(field)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return clean(value, _TEXT)


def _kept(value: object, depth: int) -> object:
    """``value`` with known fields alone, short texts, few items, and no deeper than :data:`_DEPTH`."""
    if isinstance(value, dict):
        if depth >= _DEPTH:
            return {}
        fields = {
            name: _kept(inner, depth + 1) for name, inner in value.items() if isinstance(name, str) and name in _FIELDS
        }
        return {name: inner for name, inner in fields.items() if inner not in ("", [], {}, None)}
    if isinstance(value, list):
        return [_kept(inner, depth + 1) for inner in value[:_ITEMS]] if depth < _DEPTH else []
    if isinstance(value, str):
        return clean(value, _TEXT)
    return value if isinstance(value, (int, float, bool)) else None


def microdata(doc: Document) -> list[dict[str, Any]]:
    """The page's outermost microdata items, as JSON-LD would write them."""
    if "itemscope" not in doc.text:
        return []
    scopes: dict[Any, dict[str, Any]] = {}
    outer: list[dict[str, Any]] = []
    for element in doc.tree.xpath("//*[@itemscope or @itemprop]")[:5_000]:
        owner = next((scopes[above] for above in element.iterancestors() if above in scopes), None)
        value: Any = _value(element)
        if element.get("itemscope") is not None:
            value = {"@type": (element.get("itemtype") or "").split(" ")[0].rsplit("/", 1)[-1]}
            scopes[element] = value
            if owner is None or not element.get("itemprop"):
                outer.append(value)
        if owner is not None:
            for name in (element.get("itemprop") or "").split():
                _add(owner, name, value)
    return outer


def _add(owner: dict[str, Any], name: str, value: Any) -> None:
    if name not in owner:
        owner[name] = value
    elif isinstance(owner[name], list):
        owner[name].append(value)
    else:
        owner[name] = [owner[name], value]


def _value(element: Any) -> str:
    for attribute in ("content", "datetime", "value"):
        if (said := element.get(attribute)) is not None:
            return str(said)
    if element.tag in ("a", "link", "area"):
        return element.get("href") or ""
    if element.tag in ("img", "audio", "video", "source", "embed", "iframe"):
        return element.get("src") or ""
    return clean(element.text_content(), _TEXT)
