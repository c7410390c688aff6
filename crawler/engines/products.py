"""Which of a shop's pages show one product, and which links lead to products and to lists of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from itertools import islice
from typing import Any, Final
from urllib.parse import unquote, urldefrag, urlsplit

from crawler.engines.document import Document
from crawler.engines.reading import number_in, types_of
from crawler.engines.text import one_line
from crawler.lexicons import either, words
from crawler.prices import speaks_of_price

PRODUCTS: Final = frozenset(("Product", "ProductGroup", "IndividualProduct", "SomeProducts"))
_PRODUCT = re.compile(
    r"/(?:products?|san-pham|sanpham|item|items|goods|dp|p|sp|catalogue|hang-hoa|mat-hang|do-choi)/(?!category/|page/|tag/|c/)(?:[^/]+/){0,2}[^/]+/?$|"
    r"[-.](?:p|i|sp|pd|prd)[.-]?\d{2,}(?:\.\d+)?(?:\.html?|/)?$|_\d{2,}(?:\.html?|/)?$",
    re.I,
)
_CATEGORY = re.compile(
    r"/(?:collections?|categor(?:y|ies)|product-categor(?:y|ies)|danh-muc(?:-san-pham)?|nhom-hang|shop|cua-hang|store|products?|san-pham|catalogue|catalog|"
    r"all-products|tat-ca-san-pham)(?:/[\w%.-]+){0,2}/?$",
    re.I,
)
_NEVER = re.compile(
    r"/(?:cart|gio-hang|checkout|thanh-toan|account|my-account|tai-khoan|login|dang-nhap|register|dang-ky|wishlist|yeu-thich|compare|so-sanh|search|tim-kiem|"
    r"blogs?|news|tin-tuc|bai-viet|policy|policies|chinh-sach|contact|lien-he|about|gioi-thieu|faq|feed|tag|author|cdn)(?:/|$|\?)|"
    r"\.(?:jpe?g|png|gif|webp|pdf|css|js|xml|json|atom)$|[?&](?:add-to-cart|sort|order|orderby|filter)",
    re.I,
)
#: Loox, Judge.me, Yotpo, Stamped, Okendo, Ali, Ryviu, Trustpilot, Bazaarvoice, PowerReviews, Facebook: places that a script fills.
_PLACES_BY_SCRIPT: Final = (
    *("looxReviews", "loox-reviews-default", "jdgm-review-widget", "judgeme_product_reviews", "yotpo-main-widget"),
    *(
        "yotpo-widget-instance",
        "stamped-main-widget",
        "data-oke-widget",
        "data-oke-reviews",
        "alireviews",
        "ryviu-widget",
    ),
    *("trustpilot-widget", "data-bv-show", "pr-reviewdisplay", "fb-comments", "bizweb-product-reviews"),
)
_MANY: Final = 3_000
_LONGEST_COUNT: Final = 80
_MOST_ELEMENTS: Final = 50_000
_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
_COUNTING: Final = (*_HEADINGS, "a", "button", "span", "div", "p", "li", "b", "strong")


@cache
def _count() -> re.Pattern[str]:
    """A number of reviews: “12 customer reviews”, “Đánh giá (12)”."""
    named, whose = either("shop", "count", "pages"), either("shop", "whose", "pages")
    return re.compile(
        rf"(\d[\d.,]{{0,8}})\s{{1,3}}(?:(?:{whose})\s)?(?:{named})(?!\w)"
        rf"|(?:{named})(?:\s(?:{whose}))?\s{{0,3}}\(\s{{0,2}}(\d[\d.,]{{0,8}})\s{{0,2}}\)",
        re.I,
    )


@cache
def _buy() -> re.Pattern[str]:
    """A button to buy, in the words that shops write on it."""
    return re.compile(rf">\s{{0,9}}(?:{either('shop', 'buy', 'pages')})", re.I)


@cache
def _buy_forms() -> frozenset[bytes]:
    """The same words as :meth:`Document.may_say` takes them; without any of them no button is looked for."""
    written = (
        form for word in words("shop", "buy", "pages") for form in (word, word.capitalize(), word.title(), word.upper())
    )
    return frozenset(form.encode().lower() for form in written)


@cache
def _place() -> re.Pattern[str]:
    """Where a product's reviews stand, by the element's names or the words above."""
    return re.compile(
        r"(?:id|class)\s{0,2}=\s{0,2}[\"']?[^\"'<>]{0,60}(?:review|danh-?gia|nhan-?xet)"
        rf"|>\s{{0,9}}(?:{either('shop', 'place', 'pages')})",
        re.I,
    )


def is_product(doc: Document) -> bool:
    """Whether a page says of itself that it shows one product."""
    if doc.is_json:
        return False
    if doc.meta.get("og:type", "").lower() in ("product", "og:product", "product.item"):
        return True
    # A list may state each of its products; a page that shows one states one.
    stated = sum(bool(types_of(node) & PRODUCTS) for node in doc.json_ld)
    marked = (
        sum(1 for node in doc.tree.iter() if _is_marked(node))
        if "itemtype" in doc.text and "Product" in doc.text
        else 0
    )
    return stated == 1 or (not stated and marked == 1)


def _is_marked(node: Any) -> bool:
    return isinstance(node.tag, str) and bool(
        re.search(r"schema\.org/(?:Individual)?Product$", node.get("itemtype") or "")
    )


def count_shown(doc: Document) -> int | None:
    """How many reviews a product's page says it has: in its data, else in one number in its words."""
    for node in doc.json_ld:
        total = node.get("aggregateRating")
        if isinstance(total, list):
            total = total[0] if total else None
        if types_of(node) & PRODUCTS and isinstance(total, dict) and total.get("reviewCount") is not None:
            return number_in(str(total["reviewCount"]))
    marked = next(
        (node for node in doc.tree.iter() if isinstance(node.tag, str) and node.get("itemprop") == "reviewCount"), None
    )
    return number_in(marked.get("content") or one_line(marked)) if marked is not None else None


def count_in_words(doc: Document) -> int | None:
    """How many reviews a page speaks of, where all places that say a number, other than links to elsewhere, say the same one."""
    found: set[str] = set()
    for element in doc.tree.iter(*_COUNTING):
        said = (element.text or "").strip()
        if not 4 < len(said) < _LONGEST_COUNT or not (told := _count().search(said)):
            continue
        if not _leads_away(doc, element):
            found.add(told[1] or told[2])
    return number_in(found.pop()) if len(found) == 1 else None


def count_above(doc: Document, posts: Callable[[], Iterable[Any]]) -> int | None:
    """How many reviews a page says it has between its title and the first of ``posts()``, the elements of its reviews: in a heading,
    else in the words. What a reviewer or another product has stands within or behind them."""
    if not _count().search(doc.text):
        return None
    ends, begun = set(posts()), doc.tree.find(".//h1") is None
    headed, said = set[str](), set[str]()
    for element in islice(doc.tree.iter("*"), _MOST_ELEMENTS):
        if element in ends:
            break
        begun = begun or element.tag == "h1"
        words = (element.text or "").strip()
        if not begun or element.tag not in _COUNTING or not 4 < len(words) < _LONGEST_COUNT:
            continue
        heads = element.tag in _HEADINGS
        told = _count().search(words) if heads else _count().fullmatch(words)
        if told and element.tag != "h1" and not _leads_away(doc, element):
            (headed if heads else said).add(told[1] or told[2])
    found = headed or said
    return number_in(found.pop()) if len(found) == 1 else None


def counts_reviews(words: str) -> bool:
    """Whether a heading says how many reviews there are and nothing else: “Đánh giá (13)”."""
    return len(words) < _LONGEST_COUNT and _count().fullmatch(words) is not None


def _leads_away(doc: Document, element: Any) -> bool:
    here = urldefrag(doc.url)[0]
    links = [one for one in (element, *element.iterancestors()) if one.tag == "a"]
    return any(urldefrag(doc.link(link.get("href")) or here)[0] != here for link in links)


def shows_one_product(doc: Document) -> bool:
    """Whether a page looks like one product's: a price that stands with the heading and in no link's card, and a button to buy,
    a place for reviews, or an address that speaks of a product."""
    if is_product(doc):
        return True
    if doc.is_json or not (is_product_address(doc.url) or _buy().search(doc.text) or _place().search(doc.text)):
        return False
    priced = (
        element
        for element in doc.tree.iter()
        if isinstance(element.tag, str) and element.tag not in ("script", "style", "title") and _own_price(element)
    )
    return any(_stands_with_heading(element) for element in islice(priced, 50))


def has_buy_button(doc: Document) -> bool:
    """Whether a page shows a button to buy, by its words."""
    return doc.may_say(_buy_forms()) and _buy().search(doc.text) is not None


def _own_price(element: Any) -> bool:
    return any(
        said and len(said) < 200 and speaks_of_price(said) for said in (element.text, *(one.tail for one in element))
    )


def _stands_with_heading(element: Any) -> bool:
    for above in (element, *element.iterancestors()):
        if next(above.iter("h1"), None) is not None:
            return True
        if any((link.get("href") or "#").startswith(("http", "/", ".", "?")) for link in above.iter("a")):
            return False
    return False


def widget_place(doc: Document) -> bool:
    """Whether a page has the place into which a script loads reviews."""
    if doc.is_json or not any(mark in doc.text for mark in _PLACES_BY_SCRIPT):
        return False
    for element in doc.tree.iter("div", "section", "span", "ul"):
        marks = f"{element.get('id') or ''} {element.get('class') or ''} {' '.join(element.keys())}"
        if any(mark in marks for mark in _PLACES_BY_SCRIPT):
            return True
    return False


def product_links(doc: Document) -> dict[str, str]:
    """Address → title of the products that a page leads to: by what their addresses say, else by the prices beside them."""
    speaking: dict[str, str] = {}
    priced: dict[str, str] = {}
    for url, link in _links(doc):
        words = (link.get("title") or one_line(link))[:300]
        if is_product_address(url):
            speaking[url] = max(speaking.get(url, ""), words, key=len)
        elif len(speaking) < 3 and _has_price(link):
            priced[url] = max(priced.get(url, ""), words, key=len)
    found = speaking if len(speaking) >= min(3, max(len(priced), 1)) else priced
    return {url: words for url, words in found.items() if len(found) > 1 or words}


def is_product_address(url: str) -> bool:
    """Whether an address speaks of one product."""
    path = unquote(urlsplit(url).path)
    return bool(_PRODUCT.search(path)) and not _NEVER.search(path)


def category_links(doc: Document) -> list[str]:
    """The lists of products that a page leads to."""
    found = {
        url: None
        for url, _ in _links(doc)
        if _CATEGORY.search(unquote(urlsplit(url).path)) and not is_product_address(url)
    }
    found.pop(urldefrag(doc.url)[0], None)
    return list(found)


def _links(doc: Document) -> list[tuple[str, Any]]:
    host, found = urlsplit(doc.url).netloc, list[tuple[str, Any]]()
    for link in doc.tree.iter("a"):
        url = doc.link(link.get("href"))
        if url is None or len(url) > 1_000 or urlsplit(url).netloc != host:
            continue
        url = urldefrag(url)[0]
        if not _NEVER.search(url):
            found.append((url, link))
            if len(found) >= _MANY:
                break
    return found


def _has_price(link: Any) -> bool:
    """Whether a price stands in a link's card: the element around it that leads to nothing else."""
    address, node = link.get("href"), link
    for _ in range(5):
        if len(words := one_line(node)) > 400:
            return False
        if speaks_of_price(words):
            return True
        above = node.getparent()
        if above is None or any(other.get("href") != address for other in above.iter("a")):
            return False
        node = above
    return False
