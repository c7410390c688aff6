"""Prices as pages write them, for shops and for competitors' pages alike.

``289.000đ``, ``289k``, ``1,2 triệu``, ``$19/mo``, ``từ 99.000đ/tháng``, ``€ 12,50``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from typing import Final, NamedTuple

from crawler.lexicons import asks, either, terms

_SYMBOLS: Final = {
    "₫": "VND", "vnd": "VND", "us$": "USD", "$": "USD", "usd": "USD",
    "€": "EUR", "eur": "EUR", "£": "GBP", "gbp": "GBP", "¥": "JPY", "jpy": "JPY", "₩": "KRW", "krw": "KRW",
    "฿": "THB", "thb": "THB", "s$": "SGD", "sgd": "SGD", "a$": "AUD", "aud": "AUD", "c$": "CAD", "ca$": "CAD",
    "cad": "CAD", "hk$": "HKD", "₹": "INR", "inr": "INR", "rm": "MYR", "myr": "MYR", "₱": "PHP", "php": "PHP",
    "rp": "IDR", "idr": "IDR", "chf": "CHF", "cny": "CNY", "nt$": "TWD", "nz$": "NZD", "nzd": "NZD",
}  # fmt: skip
#: Beyond this nothing is a price.
_MOST: Final = 1e12

_AMOUNT = r"\d{1,3}(?:[.,\u00a0\u202f ]\d{3}){1,4}(?:[.,]\d{1,2})?(?!\d)|\d{1,9}(?:[.,]\d{1,2})?(?![\d])"
#: What may stand before an amount; of the signs of dollars their last letter.
_SIGNS: Final = (
    *"$€£¥₩฿₹₱₫",
    "usd",
    "eur",
    "gbp",
    "vnđ",
    "vnd",
    "sgd",
    "aud",
    "myr",
    "rm",
    "rp",
    "chf",
    "jpy",
    "krw",
    "thb",
)
_BEFORE = r"us\$|nt\$|nz\$|hk\$|ca\$|[sac]\$|" + "|".join(re.escape(sign) for sign in _SIGNS)
_AFTER = r"₫|vnd|usd|eur|€|£|\$|¥|₩|฿|sgd|aud|thb|krw|jpy|chf"
#: A price stands by itself, or is glued to the words before it as pages without blanks do: “Basic$29”, “bịch299K”.
_BEGINS = (
    r"(?:(?<![\w$€£.,])|(?<=(?-i:[a-zà-ỹ])(?-i:[a-zà-ỹ]))(?=[$€£₫]\s?\d)"
    r"|(?<=[^\W\d_]{3})(?=\d{2,3}(?:k|(?:[.,]\d{3}){1,3}\s?[đ₫]|đ)(?!\w)))"
)
_DIGIT = re.compile(r"\d")
#: An amount without a currency, and what may stand behind a price.
_BARE = re.compile(r"[\d.,\s]{1,20}k", re.I)
_BEHIND = re.compile(r"\s?(?:[-–/]\D{0,20}|\+)?")
#: ``10k mẹ tin dùng`` counts people, not đồng.
_COUNTED = re.compile(r"\s*\+|\s+(?!(?:hoặc|hay|và|or|and)\s)[^\W\d_]", re.I)
#: ``$50 off`` is taken away, not asked for.
_REBATE = re.compile(r"\s*(?:off|discount|cash ?back|back|credits?|bonus|voucher|rebate|in savings)(?!\w)", re.I)
#: Between the ends of a range, which are no further apart than this many times.
_DASH = re.compile(r"\s*(?:[-–—~]|đến|tới|to)\s*", re.I)
_LOWER = re.compile(rf"(?<![\w$€£.,])({_AMOUNT})\s?(?:[-–—~]|\s(?:đến|tới|to)\s)\s?$", re.I)
_UPPER = re.compile(rf"\s?[-–—]\s?({_AMOUNT})(?![\w%.,-]*[\w%])", re.I)
_WIDEST: Final = 20
_THOUSANDS = re.compile(r"[.,\u00a0\u202f ](?=\d{3}(?:\D|$))")


class Price(NamedTuple):
    """A price in a text: ``text[start:end]`` is the amount with its currency; ``per`` the unit it pays for (``month``).

    Of a range (``300.000 - 400.000đ``) ``amount`` is the low end and ``high`` the other.
    """

    amount: float
    currency: str
    per: str | None
    start: int
    end: int
    lead: str | None
    high: float | None = None


@cache
def _currencies() -> dict[str, str]:
    """What a sign, a code or a word of ``amounts.tsv`` (``đồng``) says of the currency."""
    return _SYMBOLS | {term.term: term.code for term in terms("amounts") if re.fullmatch(r"[A-Z]{3}", term.code)}


@cache
def _multiples() -> dict[str, int]:
    """How much ``k`` or ``triệu`` makes of a number."""
    return {term.term: int(term.code) for term in terms("amounts") if term.code.isdigit()}


@cache
def _pattern() -> re.Pattern[str]:
    dong = f"₫|vnd|{either('amounts', 'VND')}"
    named = "|".join(re.escape(word) for word in sorted(_currencies().keys() - _SYMBOLS.keys(), key=len, reverse=True))
    multiple = "|".join(re.escape(word) for word in sorted(_multiples(), key=len, reverse=True))
    return re.compile(
        rf"{_BEGINS}(?:"
        rf"(?P<before>{_BEFORE})\s?(?P<first>{_AMOUNT})(?P<kilo>k(?!\w))?(?!\s?(?:{either('amounts', 'none')})(?!\w))"
        rf"|(?P<amount>{_AMOUNT})\s?(?:(?P<multiple>{multiple})"
        rf"(?:(?P<rest>\d{{1,3}}(?!\d))|(?P<half>\s?(?:{either('amounts', 'half')})(?!\w)))?+(?:\s?(?P<dong>{dong})(?!\w))?"
        rf"(?![^\W\d_])|(?P<after>{named}|{_AFTER})(?!\w))"
        rf")",
        re.I,
    )


@cache
def _units() -> tuple[re.Pattern[str], dict[str, str]]:
    codes = {term.term: term.code for term in reversed(terms("units"))}
    names = "|".join(re.escape(term.term) for term in terms("units"))
    return re.compile(
        rf"\s*(?:(?:/|per\b|mỗi|một|a\b|an\b|each\b)\s*(?:\d{{1,3}}\s*)?({names})(?![^\W\d])"
        r"|(?<=[\d\s])(monthly|yearly|annually|weekly|hàng tháng|hàng năm)(?![^\W\d]))",
        re.I,
    ), codes | {"hàng tháng": "month", "hàng năm": "year"}


@cache
def _leads() -> tuple[re.Pattern[str], dict[str, str]]:
    """Words before a price: where it starts (``từ``), that it is gone (``giá gốc``), that it is none (``đơn từ``)."""
    codes = {term.term: term.code for term in reversed(terms("price_context"))}
    names = "|".join(re.escape(term.term) for term in terms("price_context"))
    return re.compile(rf"(?<!\w)({names})\s*:?\s*$", re.I), codes


def prices(text: str, vietnamese: bool = False, alone: Collection[str] = ()) -> Iterator[Price]:
    """The prices in ``text``, in order; a range is one. ``289k`` and ``2 triệu`` count on ``vietnamese`` pages or with a
    currency beside; where more words follow they may count people, unless these words ask to buy or the page set the
    amount apart as a price (``alone``).
    """
    if not _DIGIT.search(text):
        return
    last: Price | None = None
    for price in _single(text, vietnamese, alone):
        if last is not None and _is_range(last, price, text):
            price = price._replace(amount=last.amount, high=price.amount, start=last.start, lead=last.lead)
        elif last is not None:
            yield last
        last = price
    if last is not None:
        yield last


def speaks_of_price(text: str) -> bool:
    """Whether ``text`` names a price with its currency; ``289k`` alone may count anything."""
    return _may_price(text) and any(not _BARE.fullmatch(text, *span) for span in _spans(text))


def _may_price(text: str) -> bool:
    """Whether a figure stands before a word of money, or a sign of money stands anywhere: most texts are done with here."""
    low = text.lower()
    return any(sign in low for sign in _SIGNS) or _near().search(low) is not None


@cache
def _near() -> re.Pattern[str]:
    behind = "|".join(
        re.escape(word) for word in sorted({*_currencies(), *_multiples()} - {"k"}, key=len, reverse=True)
    )
    return re.compile(rf"\d\s?(?:(?:k\s?)?(?:{behind})(?![^\W\d_])|k\s?/)")


def is_price(text: str) -> bool:
    """Whether short words are a price and little else: ``Giá: 289.000đ``, ``$19 / month``."""
    if not _may_price(text):
        return False
    for start, end in _spans(text):
        if _BARE.fullmatch(text, start, end):
            continue
        before, behind = text[:start], text[end:]
        if len(before) <= 20 and not _DIGIT.search(before) and (not behind or _BEHIND.fullmatch(behind)):
            return True
    return False


def _spans(text: str) -> list[tuple[int, int]]:
    return [(price.start, price.end) for price in prices(text, vietnamese=True)]


def _single(text: str, vietnamese: bool, alone: Collection[str]) -> Iterator[Price]:
    before = 0
    for match in _pattern().finditer(text):
        read = _read(match, vietnamese)
        if read is None:
            continue
        amount, currency = read
        first, low = _low_end(match, text, max(before, match.start() - 40), amount, currency)
        lead_start, lead = _lead(text[max(before, first - 40) : first])
        if match["multiple"] and not match["dong"] and not lead and _counts(match, text, alone):
            continue
        end, high = match.end(), None if low is None else amount
        if low is None and match["before"] and (upper := _UPPER.match(text, end)):
            to = number(upper[1], currency)
            if to is not None and amount < to <= amount * _WIDEST:
                end, high = upper.end(), to
        per, end = unit_at(text, end)
        before = end
        if _REBATE.match(text, end):
            lead = "condition"
        start = first - lead_start if lead == "from" else first
        yield Price(amount if low is None else low, currency, per, start, end, lead, high)


def unit_at(text: str, start: int) -> tuple[str | None, int]:
    """What an amount that ends at ``start`` pays for (``/tháng``), and where that ends."""
    units, codes = _units()
    found: list[str] = []
    while len(found) < 2 and (unit := units.match(text, start)):
        found.append(codes[(unit[1] or unit[2]).lower()])
        start = unit.end()
    return " ".join(found) or None, start


def _low_end(match: re.Match[str], text: str, start: int, amount: float, currency: str) -> tuple[int, float | None]:
    """Where the price begins, and its low end where a bare amount and a dash stand before it (``300.000 - 400.000đ``)."""
    bare = _LOWER.search(text[start : match.start()]) if not match["before"] else None
    if bare is None:
        return match.start(), None
    if match["multiple"]:
        low = _decimal(bare[1])
        low = None if low is None else low * _multiples()[match["multiple"].lower()]
    else:
        low = number(bare[1], currency)
    if low is None or not amount / _WIDEST <= low < amount:
        return match.start(), None
    return start + bare.start(1), low


def _is_range(low: Price, high: Price, text: str) -> bool:
    """Whether two prices with a dash between are the ends of one range."""
    return (
        low.currency == high.currency
        and low.high is None
        and high.high is None
        and low.amount < high.amount <= low.amount * _WIDEST
        and _DASH.fullmatch(text, low.end, high.start) is not None
    )


def _counts(match: re.Match[str], text: str, alone: Collection[str]) -> bool:
    """Whether an amount without a currency counts something: people, sales."""
    if match[0].strip() in alone or not _COUNTED.match(text, match.end()):
        return False
    return text[match.end() : match.end() + 1] == "+" or not asks().match(text[match.end() : match.end() + 40].lower())


def _lead(text: str) -> tuple[int, str | None]:
    pattern, codes = _leads()
    match = pattern.search(text)
    if match is None:
        return 0, None
    if codes[match[1].lower()] == "from":
        # "đơn hàng từ 299.000đ": what stands before the "from" decides.
        _, outer = _lead(text[: match.start()])
        if outer in ("condition", "was"):
            return 0, outer
    return len(text) - match.start(), codes[match[1].lower()]


def _read(match: re.Match[str], vietnamese: bool) -> tuple[float, str] | None:
    if match["before"]:
        currency = _currencies()[match["before"].lower()]
        amount = number(match["first"], currency)
        if amount is not None and match["kilo"]:
            amount *= 1000
    elif match["multiple"]:
        if not (vietnamese or match["dong"]):
            return None
        currency = "VND"
        multiple = _multiples()[match["multiple"].lower()]
        amount = _decimal(match["amount"])
        if amount is not None:
            amount *= multiple
            if match["half"]:
                amount += multiple / 2
            elif match["rest"]:
                amount += int(match["rest"]) * multiple / 10 ** len(match["rest"])
    else:
        currency = _currencies()[match["after"].lower()]
        amount = number(match["amount"], currency)
    least = 500 if currency == "VND" else 0
    return (amount, currency) if amount is not None and least <= amount < _MOST else None


def number(text: str, currency: str | None) -> float | None:
    """The amount that ``text`` writes. In đồng every separator groups thousands, save two last digits (``289.000,00``)."""
    if currency in ("VND", "IDR", "KRW", "JPY"):
        text = re.sub(r"(?<=\d{3})[.,]\d{1,2}$", "", text.strip())
        digits = re.sub(r"\D", "", text)
        return float(digits) if digits and len(digits) <= 13 else None
    return _decimal(text)


def _decimal(text: str) -> float | None:
    from price_parser import parse_price

    plain = _THOUSANDS.sub("", text.strip())
    parsed = parse_price(plain, digit_group_separator=None).amount_float
    return None if parsed is None else float(parsed)
