"""What a page sells: names, prices, what they pay for, what they cost before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from crawler.blocks import Block, class_hints, hint
from crawler.landing.free import free_prices
from crawler.landing.metadata import every, kinds, one
from crawler.landing.plan_tables import PlanTables
from crawler.landing.price_tables import PriceTables, above, says_price
from crawler.landing.quoting import clean
from crawler.lexicons import asks
from crawler.prices import Price, number, prices
from data.records import Offer

MOST: Final = 60
#: Longer texts speak of prices, they do not offer.
_WORDS: Final = 25
_BACK: Final = 10
_NUMERIC = re.compile(r"\W{0,3}\d[\d.,\s]{0,20}\W{0,3}")
#: What stands between two prices and names neither.
_NO_NAME = re.compile(r"(?:[\W\d_]|(?<![^\W_])(?:or|and|hoặc|hay|và|hay là|to|đến|tới|vs)(?![^\W_]))*", re.I)
#: The title of a list of prices, which is no name of anything in it.
_LIST_TITLE = re.compile(
    r"(?:(?:our|the|simple|transparent|flexible|compare|see)[\s,]+){0,3}(?:pricing|prices?|plans?)"
    r"(?:\s(?:and|&|plans?|pricing|prices?|list|table|page)){0,3}"
    r"|(?:xem |các )?(?:bảng giá|báo giá|đơn giá|giá cả|giá|gói dịch vụ|gói cước|chi phí|học phí)"
    r"(?: (?:dịch vụ|sản phẩm|chi tiết|các gói|mới nhất)){0,2}",
    re.I,
)
#: How a price is paid, and no name: “billed annually, or $15 monthly”, “thanh toán theo năm: 990.000đ”.
_HOW_PAID = re.compile(
    r"(?:(?:or|if|when|and|only)\s)?(?:billed|paid|pay|save|hoặc|thanh toán|trả|tiết kiệm)(?!\w).{0,80}"
    r"|.{0,100},\s(?:or|and|hoặc|hay)",
    re.I,
)
#: What stands between the lines of a price list that is written as running text.
_ENDS_LINE = re.compile(r"[.!?;,|•]\s|\n")
_LINE_ENDS = re.compile(r"\s*(?:/\s?\w+(?:\s\w+)?\s*)?(?:[.!?;,|•\n]|$)")
_CURRENCY = re.compile(r"[A-Z]{3}")
_PERIODS: Final = {
    "MON": "month",
    "ANN": "year",
    "DAY": "day",
    "WEE": "week",
    "P1M": "month",
    "P1Y": "year",
    "P1W": "week",
}
_OLD: Final = (
    "old",
    "was",
    "compare",
    "original",
    "goc",
    "cu",
    "msrp",
    "rrp",
    "strike",
    "line-through",
    "list-price",
    "crossed",
)


def offers(found: list[Block], data: Iterable[Mapping[str, object]], vietnamese: bool) -> tuple[Offer, ...]:
    """The page's offers, those of its structured data first, each once; related products only where it has no others."""
    shown = _shown(found, vietnamese)
    kept: dict[tuple[float | None, str | None, str], Offer] = {}
    for offer in _stated(data):
        same = next((s for s, _ in shown if s.price == offer.price and s.currency == offer.currency), None)
        if same is not None:
            offer = replace(offer, price_text=same.price_text, per=offer.per or same.per, was=offer.was or same.was)
        kept.setdefault((offer.price, offer.currency, (offer.name or "").casefold()), offer)
    stated = {(offer.price, offer.currency) for offer in kept.values()}
    own = [offer for offer, related in shown if not related]
    for offer in own or [offer for offer, _ in shown]:
        if (offer.price, offer.currency) in stated and _known(offer, kept.values()):
            continue
        same = kept.setdefault((offer.price, offer.currency, (offer.name or "").casefold()), offer)
        if offer.was and not same.was:
            kept[offer.price, offer.currency, (offer.name or "").casefold()] = replace(same, was=offer.was)
    return tuple(kept.values())[:MOST]


def _known(offer: Offer, others: Iterable[Offer]) -> bool:
    """Whether one of ``others`` is this offer, perhaps under a longer or shorter name."""
    name = (offer.name or "").casefold()
    for other in others:
        if other.price == offer.price and other.currency == offer.currency:
            theirs = (other.name or "").casefold()
            if not name or not theirs or name in theirs or theirs in name:
                return True
    return False


def _stated(data: Iterable[Mapping[str, object]]) -> list[Offer]:
    """Offers in the page's structured data."""
    found: list[Offer] = []
    items = list(data)
    for holder in every(items, "Product", "ProductGroup", "Service", "SoftwareApplication", "Course"):
        for offer in every(holder.get("offers"), "Offer", "AggregateOffer"):
            found += _stated_one(offer, one(holder.get("name")))
    for item in items:
        if kinds(item) & {"Offer", "AggregateOffer"}:
            found += _stated_one(item, one(item.get("itemOffered")))
    return found


def _stated_one(offer: Mapping[str, Any], name: str) -> list[Offer]:
    terms = offer.get("priceSpecification")
    terms = terms[0] if isinstance(terms, list) and terms else terms
    terms = terms if isinstance(terms, Mapping) else {}
    raw = one(offer.get("price") or offer.get("lowPrice") or terms.get("price"))
    currency: str | None = one(offer.get("priceCurrency") or terms.get("priceCurrency")).upper()
    if not currency or not _CURRENCY.fullmatch(currency):
        currency = None
    amount = _plain_number(raw, currency)
    most = _plain_number(one(offer.get("highPrice")), currency) if offer.get("price") is None else None
    if amount is None:
        return []
    unit = one(terms.get("unitText") or terms.get("unitCode") or terms.get("billingDuration") or offer.get("unitText"))
    per = _PERIODS.get(unit.upper()[:3], unit.lower() or None) if unit else None
    label = clean(one(offer.get("name")) or name, 160) or None
    high = most if most is not None and most > amount else None
    return [Offer(label, amount, currency, f"{raw} {currency or ''}".strip(), per, high=high)]


def _plain_number(raw: str, currency: str | None) -> float | None:
    """Structured data writes ``289000.00`` even for đồng; people write ``289.000`` there all the same."""
    if not _NUMERIC.fullmatch(raw):
        return None
    try:
        amount = float(raw)
    except ValueError:
        return number(raw, currency)
    if currency == "VND" and amount < 1000 and "." in raw and len(raw.rsplit(".", 1)[1]) == 3:
        return number(raw, currency)
    return amount if 0 <= amount < 1e12 else None


class _Seen(NamedTuple):
    """A price in the page: its block, and whether it is struck or called an old one."""

    at: int
    price: Price
    old: bool
    plan: str | None = None


def _shown(found: list[Block], vietnamese: bool) -> list[tuple[Offer, bool]]:
    """Offers that stand in the page's text, and whether they stand among related products."""
    related = hint("related")
    seen = list(_seen(found, vietnamese))
    free = free_prices(found, [(one.at, one.price.currency) for one in seen], vietnamese)
    plans = PlanTables()
    seen = [_in_table(found, plans, one) for one in [*seen, *(_Seen(at, price, old=False) for at, price in free)]]
    seen.sort(key=lambda one: one.at)
    before = _old_prices(found, seen)
    offered: list[tuple[Offer, bool]] = []
    last = -1
    for n, (i, price, old, plan) in enumerate(seen):
        if old:
            continue
        said = clean(_with_unit(found, i, price), 80)
        per = price.per or _unit_below(found, i)
        # “Tư vấn: Miễn phí” says itself what costs nothing.
        own = clean(found[i].text[: price.start].rstrip(" :-–—"), 160) if price.amount == 0 else ""
        name = plan or own or _named(found, i, price, last)
        if price.amount == 0 and name is None:
            continue
        offer = Offer(name, price.amount, price.currency or None, said, per, before.get(n), price.high)
        offered.append((offer, bool(found[i].hints & related)))
        last = i
    return offered


def _in_table(found: list[Block], tables: PlanTables, one: _Seen) -> _Seen:
    """A price with what the heads of its table say of it."""
    plan, per, old = tables.told(found[one.at].element)
    return _Seen(one.at, one.price if one.price.per else one.price._replace(per=per), one.old or old, plan)


def _seen(found: list[Block], vietnamese: bool) -> Iterator[_Seen]:
    furniture = hint("nav", "footer", "cookie", "cart", "legal", "option", "search", "formish")
    tables = PriceTables(vietnamese)
    for i, block in enumerate(found):
        if block.hints & furniture or not any(map(str.isdigit, block.text[:2_000])):
            continue
        speaks = block.words > _WORDS or (block.words > 6 and block.text.endswith("."))
        alone = _set_apart(block) if vietnamese else frozenset()
        here = [price for price in prices(block.text, vietnamese, alone) if price.lead != "condition"]
        if not here:
            here = list(tables.read(block.element, block.text))
        if block.tag == "td":
            here = [price if price.per else price._replace(per=tables.unit(block.element)) for price in here]
        gone = _struck(block) if here else frozenset()
        for price in here:
            if speaks and not (
                (price.lead == "from" and _says_nothing_else(block.text, price)) or _listed(block.text, price)
            ):
                continue
            if price.high is not None and price.high in gone:
                # "299.000đ - 350.000đ" with the second one struck is no range.
                yield _Seen(i, price._replace(high=None), old=False)
                yield _Seen(i, price._replace(amount=price.high, high=None, lead="was"), old=True)
            else:
                yield _Seen(i, price, price.lead == "was" or price.amount in gone)


def _says_nothing_else(text: str, price: Price) -> bool:
    """Whether the sentence around the price is about it alone: "From £399." at the end of a paragraph."""
    start = max((text.rfind(mark, 0, price.start) for mark in (". ", "! ", "? ")), default=-1) + 1
    ends = [end for mark in (". ", "! ", "? ") if (end := text.find(mark, price.end)) >= 0]
    sentence = text[start : min(ends, default=len(text))]
    return len(sentence.split()) <= 6 and (start > 0 or bool(ends))


def _listed(text: str, price: Price) -> bool:
    """Whether the sentence is a line of a price list: "Pro 8L: 4.900.000đ. S 6L: 3.900.000đ."."""
    before = text[: price.start].rstrip()
    if price.lead is not None or not before.endswith((":", "–", "—", " -")):
        return False
    name = _ENDS_LINE.split(before.rstrip(" :–—-"))[-1].strip()
    return 1 <= len(name.split()) <= 8 and not _is_no_name(name) and _LINE_ENDS.match(text, price.end) is not None


def _set_apart(block: Block) -> frozenset[str]:
    """The texts of the small elements in ``block`` that the page calls prices."""
    amount = hint("price")
    small = [*block.element.iter("span", "b", "strong", "em", "ins", "div", "p", "bdi")][:20]
    return frozenset(
        node.text_content().strip()[:40] for node in small if class_hints(node.get("class") or "") & amount
    )


def _old_prices(found: list[Block], seen: list[_Seen]) -> dict[int, float]:
    """Which offer of ``seen`` each struck price belongs to: one of its own card, the one before it or the one after."""
    given: dict[int, float] = {}
    new = [n for n, one in enumerate(seen) if not one.old]
    old_first = bool(seen) and seen[0].old
    place = 0
    for n, old in enumerate(seen):
        if not old.old:
            place += 1
            continue
        near = [m for m in (*new[max(place - 1, 0) : place], *new[place : place + 1]) if m not in given]
        if old.plan is not None:
            near = [m for m in new if m not in given and _same_plan(found, seen[m], old)][:1]
        fits = [m for m in near if old.plan is not None or _same_card(found, seen[m], old)]
        if fits:
            # The closer one in the tree; of two as close, the one on the side where the page has them.
            best = max(fits, key=lambda m: (_closeness(found, seen[m].at, old.at), (m > n) == old_first))
            given[best] = old.price.amount
    return given


def _same_plan(found: list[Block], offer: _Seen, old: _Seen) -> bool:
    """Whether two prices of one table belong to the same plan and pay for the same."""
    if (offer.plan, offer.price.currency) != (old.plan, old.price.currency) or offer.price.amount >= old.price.amount:
        return False
    tables = [above(found[one.at].element, "table") for one in (offer, old)]
    return tables[0] is tables[1] and (old.price.per is None or offer.price.per in (None, old.price.per))


def _same_card(found: list[Block], offer: _Seen, old: _Seen) -> bool:
    low, high = sorted((offer.at, old.at))
    if high - low > 3 or offer.price.currency != old.price.currency or offer.price.amount >= old.price.amount:
        return False
    titled = hint("heading", "subheading", "title")
    return not any(_is_title(found[k], titled) for k in range(low + 1, high))


def _closeness(found: list[Block], one: int, other: int) -> int:
    """How deep in the tree the smallest element around both blocks lies."""
    if one == other:
        return 1_000_000
    above = {found[one].element, *found[one].element.iterancestors()}
    around = next((n for n in (found[other].element, *found[other].element.iterancestors()) if n in above), None)
    return 0 if around is None else sum(1 for _ in around.iterancestors())


def _struck(block: Block) -> frozenset[float]:
    """The amounts in ``block`` that are crossed out or marked as old."""
    element = block.element
    small = [*element.iter("span", "small", "em", "i", "p", "div", "bdi")][:20]
    marked = [*element.iter("del", "s", "strike"), *(node for node in small if _marked_old(node))]
    texts = [node.text_content() for node in marked]
    above = [element, *element.iterancestors()][:3]
    if any(node.tag in ("del", "s", "strike") or _marked_old(node) for node in above):
        texts.append(block.text)
    return frozenset(price.amount for text in texts for price in prices(text[:200], vietnamese=True))


def _marked_old(node: Any) -> bool:
    if "line-through" in node.get("style", ""):
        return True
    classes = node.get("class")
    if not classes:
        return False
    words = classes.lower().replace("_", "-")
    return any(part in _OLD for part in words.replace(" ", "-").split("-")) or "line-through" in words


def _with_unit(found: list[Block], i: int, price: Price) -> str:
    said = found[i].text[price.start : price.end]
    if price.per is None and _unit_below(found, i):
        return f"{said} {found[i + 1].text}"
    return said


def _unit_below(found: list[Block], i: int) -> str | None:
    """``/mo`` or ``per month`` in the next block."""
    if i + 1 >= len(found) or found[i + 1].words > 6:
        return None
    below = found[i + 1].text
    if not below.startswith(("/", "per ", "mỗi ", "a month", "a year")):
        return None
    return next((price.per for price in prices(f"$1 {below}")), None)


def _named(found: list[Block], i: int, price: Price, last: int) -> str | None:
    """What the price in block ``i`` is for: the words before it, its row's first cell, or the closest title.

    ``last`` is the block of the offer before: a title above that one is more likely its own.
    """
    block = found[i]
    earlier = [other for other in prices(block.text, vietnamese=True) if other.end <= price.start]
    if earlier and not block.text[earlier[-1].end : price.start].strip(" :-–—|(→>"):
        price = earlier.pop()  # right behind an old price: what it is of stands before that one
    before = block.text[earlier[-1].end if earlier else 0 : price.start].strip(" :-–—|(")
    lead = before.rstrip(" .…_·").rsplit(". ", 1)[-1].strip(" :-–—")
    if 1 <= len(lead.split()) <= 12 and not lead.endswith(",") and lead[0] != "/" and not _is_no_name(lead):
        return clean(lead, 160)
    if (name := _in_row(block)) is not None:
        return name
    titled = hint("heading", "subheading", "title")
    product = hint("product", "link")
    for step in (*range(-1, -_BACK - 1, -1), 1, 2, 3):
        j = i + step
        if 0 <= j < len(found):
            other = found[j]
            if _is_title(other, titled):
                if _LIST_TITLE.fullmatch(other.text.strip(" :.")):
                    under = _title_below(found, i, j, last, titled) if step < 0 else None
                    return clean(under.text, 160) if under is not None else None
                below = _title_below(found, i, j, last, titled) if j < last else None
                return clean((below or other).text, 160)
            if -3 <= step < 0 and other.hints & product and 2 <= other.words <= 20 and other.linked == other.words:
                return clean(other.text, 160)
    return None


def _in_row(block: Block) -> str | None:
    """The name that a table's row begins with, after its number."""
    cell = next((one for one in (block.element, *block.element.iterancestors()) if one.tag == "td"), None)
    row = None if cell is None else cell.getparent()
    if row is None or row.tag != "tr":
        return None
    for other in row.iter("td", "th"):
        if other is cell:
            return None
        name = clean(other.text_content(), 160)
        if name and not _NO_NAME.fullmatch(name[:80]):
            return name
    return None


def _title_below(found: list[Block], i: int, above: int, last: int, titled: int) -> Block | None:
    """A title below the price that is closer in the tree than the one above and the offer before: a card that ends with its name."""
    for j in range(i + 1, min(i + 4, len(found))):
        if _is_title(found[j], titled) and not found[j].text.endswith(":"):
            others = max(_closeness(found, i, above), _closeness(found, i, last))
            return found[j] if _closeness(found, i, j) > others else None
    return None


def _is_no_name(text: str) -> bool:
    """Whether ``text`` is only marks and a conjunction, or what introduces a price."""
    if _NO_NAME.fullmatch(text[:80]) or _HOW_PAID.fullmatch(text[:160]):
        return True
    return says_price(text) or _is_lead(text)


def _is_lead(text: str) -> bool:
    """Whether ``text`` only introduces the price (``Giá bán``, ``Price``) or asks to buy."""
    return asks().match(text.lower()) is not None or any(price.lead for price in prices(f"{text} $1"))


def _is_title(block: Block, titled: int) -> bool:
    if not (block.tag in ("h1", "h2", "h3", "h4", "h5", "h6") or block.near & titled):
        return False
    if block.words > 25 or block.text.endswith(("?", "+")) or _NO_NAME.fullmatch(block.text[:80]):
        return False
    return next(prices(block.text, vietnamese=True), None) is None
