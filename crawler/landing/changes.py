"""What a page says otherwise than it did: prices, offers, claims and audiences, as dated changes and nothing that only moves.

Offers are matched by their name, claims by what they promise, neither by their place. What turns with every request is no
change: banners and slides, counters, dates, stock, the order of lists. A page that came in part has removed nothing.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any, Final

from crawler.landing.quoting import clean
from crawler.landing.snapshot import from_json, settled
from crawler.prices import Price, prices
from data.folding import fold
from data.records import Change, Claim, LandingPage, Offer

#: A page with less than this share of its words is taken for one that came in part.
_PART: Final = 0.5
#: A shorter page may halve by one changed sentence.
_SHORT: Final = 40
#: Claims that are as alike as this are one, said in other words.
_ALIKE: Final = 0.72
#: A length of time in a key, in figures or in words.
_SPAN: Final = re.compile(
    r"(?<!\w)(?:\d{1,4}(?: \d{1,4})?|một|hai|ba|vài|nửa|an?|one|two|three|half an) "
    r"(?:giây|phút|giờ|tiếng|h|ngày|tuần|tháng|năm|giay|phut|gio|tieng|ngay|tuan|thang|nam"
    r"|seconds?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?)(?!\w)"
)
#: A list that is longer, or that was cut, shows others each time: what is new there or gone is no change.
_CATALOGUE: Final = 40
#: Names that share this much may name one thing; plans are billed by these.
_PART_OF_NAME: Final = 0.5
_BILLED: Final = frozenset(("month", "year", "week", "user month", "user year", "user", "store month"))
MOST: Final = 60
#: What came, went and came again takes turns.
_TURNS: Final = 3
_DIGITS = re.compile(r"\d+(?:[.,:/\s-]\d+)*")
_MONTHS: Final = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
_DATE = re.compile(
    r"(?<!\d)\d{1,2}/\d{1,2}(?:/(?:19|20)?\d\d)?(?![\d.,]*[%\w])|(?<!\d)\d{1,2}[.-]\d{1,2}[.-](?:19|20)\d\d(?!\d)"
    r"|(?<!\d)(?:19|20)\d\d-\d\d-\d\d|(?:ngày\s\d{1,2}\s)?tháng\s\d{1,2}(?:\s(?:năm\s)?(?:19|20)\d\d)?(?!\d)"
    rf"|(?<!\w)(?:\d{{1,2}}(?:st|nd|rd|th)?\s)?(?:{_MONTHS})(?!\w)\.?(?:\s\d{{1,2}}(?:st|nd|rd|th)?(?!\d))?"
    r"(?:,?\s(?:19|20)\d\d)?(?!\w)|(?<!\d)(?:19|20)\d\d(?![\d.,]*\w)",
    re.I,
)
#: How much is left, how many look on, how long a sale still runs.
_STOCK = re.compile(
    r"\(?(?:chỉ\s)?còn\s(?:lại\s)?#[^.!?)]{0,30}\)?|đã bán\s#[^.!?)]{0,12}|#\s?(?:người|khách)\s(?:đang xem|đã mua)[^.!?)]{0,20}"
    r"|\(?(?:only\s)?#\s(?:left|in stock|sold|remaining)[^.!?)]{0,20}\)?",
    re.I,
)
_WORD = re.compile(r"\w+|%|#")


def changes(before: LandingPage, after: LandingPage, earlier: Sequence[LandingPage] = ()) -> tuple[Change, ...]:
    """What ``after`` says otherwise than ``before``, two readings of one page: prices first, then offers, then claims.

    ``earlier`` are readings before that, the newest first: what has come and gone and come again in them takes turns, as in a banner
    that nothing marks as one, and is not told each time.

    Nothing is told where the two cannot be compared: pages in two languages, or read by two versions of the reader, for
    which only the prices of offers that both name count.
    """
    if before.language and after.language and before.language != after.language:
        return ()
    if before.reader != after.reader:
        return tuple(_prices(before, after))[:MOST]
    whole_before, whole_after = _whole(before, after), _whole(after, before)
    addressed = list(_audiences(before, after))
    said = [*(one for one in _claims(before, after) if not _only_addressed(one, addressed)), *addressed]
    texts = {"removed": f" {_key(after.text)} ", "added": f" {_key(before.text)} ", "changed": ""}
    # A sentence that stands in both and was quoted from one alone, as part of another there, is no news.
    said = [one for one in said if f" {_key(one.before or one.after or '')} " not in texts[one.how]]
    priced = list(_prices(before, after))
    known = {(change.before_amount, change.after_amount) for change in priced}
    priced += [one for one in _in_sentences(before, after) if (one.before_amount, one.after_amount) not in known]
    kept = [
        change
        for change in (*priced, *_offers(before, after), *said)
        if (change.how != "removed" or whole_after) and (change.how != "added" or whole_before)
    ]
    pages = [after, before, *earlier]
    return tuple(one for one in dict.fromkeys(kept) if not _takes_turns(one, pages))[:MOST]


def _only_addressed(change: Change, addressed: Sequence[Change]) -> bool:
    """Whether a promise differs by whom it speaks to and by nothing else, which is told as a change of the audience."""
    if change.how != "changed":
        return False
    old, new = (_key(text or "") for text in (change.before, change.after))
    pairs = [(_key(one.before or ""), _key(one.after or "")) for one in addressed if one.how == "changed"]
    return any(was and was in old and old.replace(was, now) == new for was, now in pairs)


def since(stored: Sequence[Mapping[str, Any]], after: LandingPage) -> tuple[Change, ...]:
    """What ``after`` says otherwise than the newest of its snapshots as the store keeps them, the newest first."""
    before, *earlier = (from_json(one) for one in stored)
    return changes(before, after, earlier)


def _takes_turns(change: Change, pages: Sequence[LandingPage]) -> bool:
    """Whether what came or went has done so before, and back, in the readings of a page."""
    if change.how == "changed" or len(pages) <= _TURNS:
        return False
    key = _key((change.subject if change.area == "offer" else change.before or change.after) or "")
    shown = [key in _said(page, change.area) for page in pages]
    return sum(one != other for one, other in pairwise(shown)) >= _TURNS


def _said(page: LandingPage, area: str) -> set[str]:
    if area == "offer":
        return {_key(offer.name or "") for offer in page.offers}
    if area == "audience":
        return {_key(text) for text in page.audiences}
    return {_key(claim.text) for claim in page.claims if claim.area == area}


def _whole(page: LandingPage, other: LandingPage) -> bool:
    """Whether ``page`` came whole, as far as the ``other`` reading of it can tell."""
    words, before = len(page.text.split()), len(other.text.split())
    if before > _SHORT and words < before * _PART:
        return False
    return bool(words or page.offers or not other.offers)


# -- offers


def _named(offers: Iterable[Offer]) -> dict[str, list[Offer]]:
    named: dict[str, list[Offer]] = defaultdict(list)
    for offer in offers:
        named[_key(offer.name or "")].append(offer)
    return named


def _prices(before: LandingPage, after: LandingPage) -> Iterator[Change]:
    """Changed prices of the offers that both readings name, unit by unit."""
    if _other_money(before, after):
        return
    old, new = _named(before.offers), _named(after.offers)
    for name in new:
        for was, now in _pairs(old.get(name, ()), new[name]):
            if was.price is None or now.price is None or was.currency != now.currency:
                continue
            if was.price != now.price:
                yield _price("price", was, now, was.price, now.price)
            elif was.high != now.high and was.high and now.high:
                yield Change("price", "changed", was.price_text, now.price_text, now.name)
            elif was.was and now.was and was.was != now.was:
                yield _price("was", was, now, was.was, now.was)
            elif was.per != now.per and was.per and now.per:
                yield Change("price", "changed", was.price_text, now.price_text, now.name)


def _in_sentences(before: LandingPage, after: LandingPage) -> Iterator[Change]:
    """Changed prices inside running text: of lines that say the same but for them, and stand once in each reading."""
    if _other_money(before, after):
        return
    old, new, twice = _priced_lines(before), _priced_lines(after), _priced_lines_twice(after)
    for key, (line, now) in new.items():
        if key not in old or len(old[key][1]) != len(now) or key in twice:
            continue
        for one, other in zip(old[key][1], now, strict=True):
            if one.amount != other.amount and one.currency == other.currency:
                head = clean(line[: other.start].rpartition(". ")[2].strip(" :-–—,("), 100)
                was = old[key][0][one.start : one.end]
                yield Change("price", "changed", was, line[other.start : other.end], head or None, one.amount, other.amount,
                             other.currency, other.per if one.per == other.per else None)  # fmt: skip


def _priced_lines(page: LandingPage) -> dict[str, tuple[str, list[Price]]]:
    """The lines of a page's text that name prices of its own: what they say without them → the line and the prices."""
    found: dict[str, tuple[str, list[Price]]] = {}
    for line, spoken in _lines_with_prices(page):
        found.setdefault(_without_prices(line, spoken), (line, spoken))
    return found


def _priced_lines_twice(page: LandingPage) -> set[str]:
    counts = Counter(_without_prices(line, spoken) for line, spoken in _lines_with_prices(page))
    return {key for key, count in counts.items() if count > 1}


def _lines_with_prices(page: LandingPage) -> Iterator[tuple[str, list[Price]]]:
    for line in page.text.splitlines()[:2_000]:
        if len(line) > 2_000 or line.count(" ") < 3:
            continue
        spoken = [one for one in prices(line, page.language == "vi") if one.lead != "condition"]
        if spoken:
            yield line, spoken


def _without_prices(line: str, spoken: Sequence[Price]) -> str:
    parts, at = [], 0
    for one in spoken:
        parts.append(line[at : one.start])
        at = one.end
    return _key("¤".join([*parts, line[at:]]))


def _price(area: str, was: Offer, now: Offer, before: float, after: float) -> Change:
    per = now.per if was.per == now.per or not was.per else None
    return Change(area, "changed", was.price_text, now.price_text, now.name, before, after, now.currency, per)


def _pairs(old: Sequence[Offer], new: Sequence[Offer]) -> Iterator[tuple[Offer, Offer]]:
    """Offers of one name, set beside each other: of the same unit, or the only ones that are left."""
    for unit in dict.fromkeys(offer.per for offer in new):
        olds = [offer for offer in old if offer.per == unit]
        news = [offer for offer in new if offer.per == unit]
        prices, priced = {offer.price for offer in olds}, {offer.price for offer in news}
        gone = [offer for offer in olds if offer.price not in priced]
        come = [offer for offer in news if offer.price not in prices]
        kept = [(one, other) for one in olds for other in news if one.price == other.price]
        yield from kept[:1] if len(olds) == len(news) == 1 else ()
        if len(gone) == len(come) == 1:
            yield gone[0], come[0]
    if len(old) == len(new) == 1 and old[0].per != new[0].per:
        yield old[0], new[0]


def _other_money(before: LandingPage, after: LandingPage) -> bool:
    """Whether the site showed its prices in another currency, as shops do for visitors of another country."""
    old, new = ({offer.currency for offer in page.offers if offer.currency} for page in (before, after))
    return bool(old and new and not old & new)


def _offers(before: LandingPage, after: LandingPage) -> Iterator[Change]:
    """Offers that came or went; none of a long catalogue, of slides, or where the whole list speaks of other things."""
    old, new = _named(before.offers), _named(after.offers)
    old.pop("", None)
    new.pop("", None)
    if max(len(old), len(new)) > _CATALOGUE or _other_money(before, after):
        return
    passing = {_key(text) for text in (*before.passing, *after.passing)}
    gone = [name for name in old if name not in new and name not in passing]
    come = [name for name in new if name not in old and name not in passing]
    for name in list(gone):
        # The same thing under a name that was written a little otherwise.
        twin = next((other for other in come if _same_thing(old[name], new[other], name, other)), None)
        if twin is not None:
            gone.remove(name)
            come.remove(twin)
    for name, other in _renamed(before, after, gone, come):
        gone.remove(name)
        come.remove(other)
        yield Change("offer", "changed", old[name][0].name, new[other][0].name, old[name][0].name, old[name][0].price,
                     new[other][0].price, new[other][0].currency, new[other][0].per)  # fmt: skip
    for name in gone:
        yield Change("offer", "removed", old[name][0].price_text, None, old[name][0].name, old[name][0].price, None,
                     old[name][0].currency, old[name][0].per)  # fmt: skip
    for name in come:
        yield Change("offer", "added", None, new[name][0].price_text, new[name][0].name, None, new[name][0].price,
                     new[name][0].currency, new[name][0].per)  # fmt: skip


def _renamed(
    before: LandingPage, after: LandingPage, gone: Sequence[str], come: Sequence[str]
) -> list[tuple[str, str]]:
    """Plans that stand for the same prices under another name: part of it is kept, or the plan its place in the list."""
    old, new = _named(before.offers), _named(after.offers)
    places, others = list(old), list(new)
    found: list[tuple[str, str]] = []
    for name in gone:
        cost = _cost(old[name])
        twins = [other for other in come if _cost(new[other]) == cost]
        if (
            len(twins) != 1
            or sum(_cost(old[other]) == cost for other in gone) != 1
            or not any(price for price, *_ in cost)
        ):
            continue
        in_place = any(per in _BILLED for *_, per in cost) and places.index(name) == others.index(twins[0])
        if in_place or _likeness(name, twins[0]) >= _PART_OF_NAME:
            found.append((name, twins[0]))
    return found


def _cost(offers: Iterable[Offer]) -> set[tuple[float | None, str | None, str | None]]:
    return {(offer.price, offer.currency, offer.per) for offer in offers}


def _same_thing(old: Sequence[Offer], new: Sequence[Offer], name: str, other: str) -> bool:
    return {offer.price for offer in old} == {offer.price for offer in new} and _likeness(name, other) >= _ALIKE


# -- claims and audiences


def _claims(before: LandingPage, after: LandingPage) -> Iterator[Change]:
    """What is promised, claimed and proved otherwise, kind by kind."""
    passing = {_key(text) for text in (*before.passing, *after.passing)}
    for area in ("discount", "guarantee", "delivery", "payment", "benefit", "pain", "proof"):
        old = [one for one in before.claims if one.area == area and _key(one.text) not in passing]
        new = [one for one in after.claims if one.area == area and _key(one.text) not in passing]
        counted = area == "proof"
        gone = _without(old, {_claim_key(one, counted) for one in new}, counted)
        come = _without(new, {_claim_key(one, counted) for one in old}, counted)
        come = [one for one in come if not counted or one.kind not in ("people", "rating") or not _has(old, one.kind)]
        gone = [one for one in gone if not counted or one.kind not in ("people", "rating") or not _has(new, one.kind)]
        yield from _paired(area, gone, come)


def _has(claims: Iterable[Claim], kind: str) -> bool:
    return any(claim.kind == kind for claim in claims)


def _without(claims: Sequence[Claim], keys: set[str], counted: bool) -> list[Claim]:
    kept = {_claim_key(one, counted): one for one in claims}
    return [one for key, one in kept.items() if key not in keys]


def _claim_key(claim: Claim, counted: bool) -> str:
    """What makes two claims the same: their words without what moves; in a proof every number moves. A price within a
    benefit or a pain is told as a price.
    """
    text = claim.text
    if claim.area in ("benefit", "pain"):
        text = _without_prices(text, list(prices(text, vietnamese=True)))
    return f"{claim.kind} {_DIGITS.sub('#', _key(text)) if counted else _key(text)}"


def _paired(area: str, gone: list[Claim], come: list[Claim]) -> Iterator[Change]:
    """Claims that are gone and new ones; two of a kind that promise one thing in other words or numbers are one change."""
    for old in list(gone):
        twins = sorted(
            ((_twin(area, old, new), place) for place, new in enumerate(come)), key=lambda twin: (-twin[0], twin[1])
        )
        if twins and twins[0][0] > 0:
            new = come.pop(twins[0][1])
            gone.remove(old)
            if _key(old.text) != _key(new.text) and not _says_the_same(area, old, new):
                yield Change(area, "changed", old.text, new.text, None, old.amount, new.amount, new.unit)
    for one in gone:
        yield Change(area, "removed", one.text, None, None, one.amount, None, one.unit)
    for one in come:
        yield Change(area, "added", None, one.text, None, None, one.amount, one.unit)


def _twin(area: str, old: Claim, new: Claim) -> float:
    """How likely ``new`` says what ``old`` said: 0 for no."""
    alike = _likeness(_timeless(_key(old.text)), _timeless(_key(new.text)))
    typed = area in ("guarantee", "delivery", "payment", "discount")
    if old.kind == new.kind and typed and old.amount is not None and new.amount is not None:
        return 0.5 + alike
    return alike if alike >= _ALIKE else 0.0


def _timeless(key: str) -> str:
    """A key without its numbers, and with one mark for each length of time: “within 10 minutes”, “within one hour”."""
    return _DIGITS.sub("#", _SPAN.sub("##", key))


def _says_the_same(area: str, old: Claim, new: Claim) -> bool:
    """Whether only the words differ: the same returns within the same days. Of several numbers each must be the same: “24 months on the
    frame, 36 on the battery”."""
    numbers = [_DIGITS.findall(_key(one.text)) for one in (old, new)]
    if max(map(len, numbers)) > 1 and sorted(numbers[0]) != sorted(numbers[1]):
        return False
    typed = area in ("guarantee", "delivery", "payment", "discount") and old.amount is not None
    return typed and (old.kind, old.amount, old.unit) == (new.kind, new.amount, new.unit)


def _audiences(before: LandingPage, after: LandingPage) -> Iterator[Change]:
    """Audiences that a page speaks to and did not, and the reverse."""
    passing = {_key(text) for text in (*before.passing, *after.passing)}
    old = {_key(text): text for text in before.audiences if _key(text) not in passing}
    new = {_key(text): text for text in after.audiences if _key(text) not in passing}
    gone = [Claim("audience", "", old[key]) for key in old if key not in new]
    come = [Claim("audience", "", new[key]) for key in new if key not in old]
    if len(gone) == len(come) == 1:
        yield Change("audience", "changed", gone[0].text, come[0].text)
    else:
        yield from _paired("audience", gone, come)


# -- comparing


def _key(text: str) -> str:
    """``text`` without case, marks, dates, keys and what is left in stock."""
    text = _DATE.sub("#", settled(text))
    text = _STOCK.sub("", _DIGITS.sub("#", text) if _STOCK.search(_DIGITS.sub("#", text)) else text)
    return " ".join(_WORD.findall(fold(text)))


def _likeness(one: str, other: str) -> float:
    """How alike two texts are by their words, from 0 to 1."""
    return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()
