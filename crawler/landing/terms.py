"""What a page promises around its offers, typed: guarantees, delivery, payment, discounts; and the pains it names. All quoted.

The words are ``sale_terms.tsv`` (code ``area.kind``; ``none`` for what only looks like one).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Final

from crawler.blocks import Block
from crawler.landing.claims import MOST, counted, is_title, own_words, proof_kinds, words_of
from crawler.landing.claims import Claim as Promise
from crawler.landing.deliveries import delivered
from crawler.landing.effects import without_exclusions, without_savings
from crawler.landing.pains import Pains
from crawler.landing.quoting import clauses, clean
from crawler.lexicons import finder, terms
from crawler.prices import prices
from data.records import Claim
from data.relief import BUY_AND_GET

_WORDS: Final = 28
#: Where one promise ends and the next begins: “đổi trả 7 ngày, bảo hành 12 tháng và freeship”.
_PARTS = re.compile(r",\s+|;\s*|\s(?:và|and|&|\+)\s|\s[–—-]\s")
_FIGURE = re.compile(r"(?<![\w.,])\d{1,4}(?:[.,]\d{1,2})?(?![\d.,]*\d)")
_PERCENT = re.compile(r"(?<![\w.,])(\d{1,3}(?:[.,]\d)?)\s?%")
_LIFETIME = re.compile(r"trọn đời|vĩnh viễn|suốt đời|lifetime|for life(?!\w)", re.I)
_SAME_DAY = re.compile(r"trong ngày|same[- ]day", re.I)
_NEXT_DAY = re.compile(r"hôm sau|next[- ]day", re.I)
_UNTIL = re.compile(
    r"(?:đến|hết|tới|trước|until|till|through|before|ends?(?: on)?)\s(?:hết\s)?(?:ngày\s)?"
    r"(\d{1,2}[/.-]\d{1,2}(?:[/.-](?:20)?\d\d)?(?!\d)|\d{1,2}\s[a-z]{3,9}\s20\d\d|[a-z]{3,9}\s\d{1,2},?\s20\d\d)",
    re.I,
)
#: “Dùng thử 14 ngày”; a “gói dùng thử 10 miếng” is for sale.
_TRIAL = re.compile(r"(?<!\w)(?:dùng|học|tập) thử (?:trong |đến )?\d{1,3} (?:ngày|tuần|tháng|buổi)(?!\w)", re.I)
#: Before what is still to be paid.
_ASKED = re.compile(r"(?<!\w)(?:chỉ còn|còn|chỉ|giá|chỉ từ|only|now|just|for)\s{0,3}:?\s{0,3}(?:từ\s)?\d", re.I)
_SPAN_UNITS: Final = frozenset(("day", "month", "year", "week", "hour"))


def sale_terms(found: Sequence[Block], promised: Sequence[Promise]) -> tuple[Claim, ...]:
    """What the page promises and names: its terms of sale by kind, its further promises as benefits, and pains."""
    said: dict[tuple[str, str, str], Claim] = {}
    sold: set[str] = set()
    named = Pains()
    for block in own_words(found):
        named.enter(block)
        for clause in clauses(block.text):
            if not 1 <= clause.count(" ") + 1 <= _WORDS:
                continue
            for claim in [*_terms(clause), *named.read(block, clause)]:
                said.setdefault((claim.area, claim.kind, claim.text.casefold()), claim)
                if claim.area != "pain":
                    sold.add(clause.casefold())
        if len(said) >= 3 * MOST:
            break
    for promise in promised:
        if promise.text.casefold() not in sold:
            said.setdefault(
                ("benefit", promise.code, promise.text.casefold()), Claim("benefit", promise.code, promise.text)
            )
    return tuple(said.values())[: 3 * MOST]


def _terms(clause: str) -> Iterator[Claim]:
    """The terms of sale in one clause, each with its own part of it where the clause lists several."""
    codes = _codes(clause)
    if not codes or is_title(clause):
        return
    parts = [part for part in _PARTS.split(clause) if part]
    spoken = [(part, own) for part in parts if (own := _codes(part))]
    for part, own in spoken if len(codes) > 1 and spoken else [(spoken[0][0] if len(spoken) == 1 else clause, codes)]:
        # A figure beside the only term of a clause is that term's, wherever the comma stands; its own part's goes first.
        where = part if len(spoken) != 1 else clause
        for code in own:
            area, _, kind = code.partition(".")
            amount, unit = _figure(part, area, kind)
            if amount is None and unit is None and where != part:
                amount, unit = _figure(where, area, kind)
            if (kind == "off" and amount is None) or (clause.endswith("?") and area != "discount"):
                continue
            until = _UNTIL.search(clause) if area == "discount" else None
            yield Claim(area, kind, clean(where), amount, unit, _day(until[1]) if until else None)


def _codes(text: str) -> list[str]:
    text = without_savings(without_exclusions(text))
    codes = list(dict.fromkeys(finder("sale_terms").codes(words_of(text))))
    if BUY_AND_GET.search(text) and "discount.gift" not in codes:
        codes.append("discount.gift")
    if _TRIAL.search(text) and "discount.trial" not in codes:
        codes.append("discount.trial")
    codes += [code for code in delivered(text) if code not in codes]
    if "none" in codes:
        codes = [code for code in codes if code != "none" and code != "discount.off"]
    kinds = {code.partition(".")[0] for code in codes}
    if {"guarantee", "delivery"} & kinds:
        # “giảm phí ship” and “hoàn tiền nếu …” are no sale of their own.
        codes = [code for code in codes if code != "discount.off"]
    if "payment.no_card" in codes or "payment.instalments" in codes:
        # “No credit card required” asks for none, and instalments by card are instalments.
        codes = [code for code in codes if code != "payment.card"]
    if "guarantee.money_back" in codes and "guarantee.warranty" in codes:
        codes.remove("guarantee.warranty")
    return codes


def _figure(text: str, area: str, kind: str) -> tuple[float | None, str | None]:
    """What a term comes to: how long, how much, from what order on."""
    if kind in ("off", "instalments") and (percent := _PERCENT.search(text)):
        return float(percent[1].replace(",", ".")), "%"
    if kind == "off":
        return _taken_away(text)
    if kind == "free":
        # The least order: an amount of money.
        price = next(prices(text, vietnamese=True), None)
        if price is not None:
            return price.amount, price.currency
    if kind == "cod":
        # “Ship COD 3-5 ngày” speaks of the way, not of the payment.
        return None, None
    if kind == "fast" and _SAME_DAY.search(text):
        return 1, "day"
    if kind == "fast" and _NEXT_DAY.search(text):
        return 2, "day"
    if area == "guarantee" and _LIFETIME.search(text):
        return None, "lifetime"
    return _span(text)


def _taken_away(text: str) -> tuple[float | None, str | None]:
    """The money that a discount takes away: as it says, or the old price less the new one; a price alone is neither."""
    said = list(prices(text, vietnamese=True))
    old = next((price for price in said if price.lead == "was"), None)
    new = [price for price in said if price.lead != "was"]
    if old is not None:
        asked = next((price for price in new if price.currency == old.currency and price.amount < old.amount), None)
        return (old.amount - asked.amount, old.currency) if asked is not None else (None, None)
    given = next((price for price in new if not _ASKED.search(text[max(0, price.start - 20) : price.start + 12])), None)
    return (given.amount, given.currency) if given is not None else (None, None)


@cache
def _spans() -> tuple[re.Pattern[str], dict[str, str]]:
    codes = {term.term: term.code for term in terms("units") if term.code in _SPAN_UNITS}
    words = "|".join(re.escape(term) for term in codes)
    return re.compile(
        r"(?<![\w.,])(\d{1,4})\s?(?:(?:-|–|đến|tới|to)\s?(\d{1,4})\s?)?-?\s?"
        rf"(?:business |working )?({words}|h)s?(?!\w)",
        re.I,
    ), codes | {"h": "hour"}  # fmt: skip


def _span(text: str) -> tuple[float | None, str | None]:
    """A length of time: the longer end of “2 - 4 ngày”."""
    pattern, codes = _spans()
    match = pattern.search(text)
    if match is None:
        return None, None
    return float(match[2] or match[1]), codes[match[3].lower()]


def _day(said: str) -> str:
    """A last day in ISO 8601 where its year is named, else as written."""
    parts = re.split(r"[/.-]", said)
    if len(parts) == 3 and all(part.isdigit() for part in parts):
        day, month, year = (int(part) for part in parts)
        year += 2000 if year < 100 else 0
        try:
            return datetime(year, month, day).strftime("%Y-%m-%d")
        except ValueError:
            return said
    for form in ("%d %B %Y", "%B %d %Y", "%B %d, %Y", "%d %b %Y", "%b %d %Y", "%b %d, %Y"):
        try:
            return datetime.strptime(said, form).strftime("%Y-%m-%d")
        except ValueError:
            continue
    return said


def typed_proofs(said: Sequence[str], logos: Sequence[str]) -> tuple[Claim, ...]:
    """The page's proofs by kind, with the number of customers, stars or years that each comes to."""
    found = []
    for text in said:
        if text in logos:
            found.append(Claim("proof", "logo", text))
            continue
        # “Hơn 10.000 khách hàng tin dùng” counts people, whoever vouches for it.
        kinds = ["people" if kind == "endorse" and counted(text) else kind for kind in proof_kinds(text)]
        kinds = ["award" if kind == "prize" else kind for kind in kinds]
        numbered = [kind for kind in _NUMBERED if kind in kinds and counted(text)]
        kind = [*numbered, *(kind for kind in kinds if kind not in _NUMBERED), *kinds, "since"][0]
        amount, unit = _proof_figure(text, kind)
        found.append(Claim("proof", kind, text, amount, unit))
        if kind in _MARKED:
            # “Đạt chứng nhận ISO 9001 và giải thưởng …” proves two things.
            found += [Claim("proof", other, text) for other in _MARKED if other in kinds and other != kind]
    return tuple(found)


_MARKED: Final = ("certificate", "award")
_NUMBERED: Final = ("people", "count", "rating", "years")
_MULTIPLES: Final = {
    "k": 1e3, "nghìn": 1e3, "ngàn": 1e3, "thousand": 1e3, "vạn": 1e4, "m": 1e6, "triệu": 1e6, "million": 1e6,
    "billion": 1e9, "tỷ": 1e9,
}  # fmt: skip
_COUNT = re.compile(
    r"(?<![\w.,/])(\d{1,3}(?:[.,]\d{3}){1,4}|\d{1,9}(?:[.,]\d{1,2})?)\s?(k|m|nghìn|ngàn|vạn|triệu|tỷ|thousand|million|billion)?"
    r"(?!\w)\s?(\+|%|/\s?(?:5|10)(?!\d))?",
    re.I,
)


def _proof_figure(text: str, kind: str) -> tuple[float | None, str | None]:
    if kind not in _NUMBERED:
        return None, None
    best: tuple[float, str | None] | None = None
    for match in _COUNT.finditer(text[:400]):
        plain = match[1]
        grouped = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", plain) is not None and not match[2]
        number = float(re.sub(r"[.,]", "", plain) if grouped else plain.replace(",", "."))
        number *= _MULTIPLES.get((match[2] or "").lower(), 1)
        unit = (match[3] or "").replace(" ", "").lstrip("+")
        if kind == "rating":
            if unit.startswith("/") or number <= 5:
                return number, unit or "/5"
            continue
        if 1900 <= number <= 2100 and not (grouped or match[2] or match[3]):
            # A year, not a number of anything.
            continue
        if best is None or number > best[0]:
            best = (number, unit or ("year" if kind == "years" else None))
    return best or (None, None)
