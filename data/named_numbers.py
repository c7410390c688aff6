"""Numbers that a word beside them gives away: identity papers, insurance, tax, bank accounts, cards.

Nine digits alone may be anything; behind “cmt” or before “Vietcombank” they are somebody. The words are looked for with
and without diacritics, a few words away at most. Prices, dates, hotlines and order numbers stay.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from data.folding import fold

_SIGN = r"[ \t\u00a0\u200b.\-–_]{1,3}"
#: Digits in one run or in groups. A pattern that begins with a plain class is looked for many times faster.
NUMBER = re.compile(rf"\d(?<!\d\d)(?:\d{{6,22}}(?!\d)|\d{{0,5}}(?:{_SIGN}\d{{1,6}}){{1,7}}(?!\d))")
#: How far, in characters, the word may stand before the number.
BEFORE = 60
_FEW_WORDS = 6
_LEAST = 7
_CARD_WORD = re.compile("thẻ", re.IGNORECASE)
_WALLETS = r"momo|zalo ?pay|viettel ?pay|ngan hang|nh"
_BANKS = (
    r"vietcombank|vcb|techcombank|tcb|mb ?bank|mb|acb|bidv|vietin ?bank|vietin|agri ?bank|agri|tp ?bank|tpb|vp ?bank"
    r"|vpb|sacombank|scb|vib|shb|hd ?bank|ocb|msb|sea ?bank|exim ?bank|lp ?bank|lienvietpostbank|pvcom ?bank|ab ?bank"
    r"|nam a bank|bac a bank|ncb|kienlong ?bank|timo"
)


class _Kind(NamedTuple):
    """What a word makes of a number: how many digits it has, and whether it may be something else (a price, a comment)."""

    least: int
    most: int
    doubtful: bool = False
    label: str = "[id]"
    may_end: bool = False


_KINDS = {
    "person": _Kind(7, 13, may_end=True),
    "comment": _Kind(8, 13, doubtful=True, may_end=True),
    "insured": _Kind(8, 15),
    "taxed": _Kind(8, 14),
    "account": _Kind(7, 23),
    "card": _Kind(12, 19, label="[card]"),
    "bank": _Kind(8, 19, doubtful=True),
}
# Written as folding leaves them: no marks, đ as d; only “thẻ” keeps its own, for English has “the”.
_WORD = re.compile(
    r"(?<![^\W_])(?:"
    r"(?P<person>cmnd|cmtnd|cccd|can cuoc|chung minh(?: thu| nhan dan)?|dinh danh(?: ca nhan)?|ho chieu|passport|ssn)"
    # “cmt” is also what people write for a comment.
    r"|(?P<comment>cmt|cm thu|giay to tuy than)"
    r"|(?P<insured>bhxh|bhyt|bao hiem (?:y te|xa hoi)|(?:so|ma so|th[eẻ]) bao hiem)"
    r"|(?P<taxed>mst|ma so thue)"
    r"|(?P<account>stk|so tk|so tai khoan|iban|account (?:no\.?|number)|bank account)"
    r"|(?P<card>th[eẻ] (?:atm|ngan hang|tin dung|ghi no|visa|master\w{0,4}|napas)|so th[eẻ]|thẻ|atm|visa|mastercard|napas"
    r"|(?:credit|debit) card|card (?:no\.?|number))"
    rf"|(?P<bank>tk|tai khoan|account|acc|atm|{_BANKS}|{_WALLETS})"
    r")(?![^\W\d_])"
)
#: Between the word and the number these say that it is another one.
_OTHER = re.compile(
    r"(?<!\w)(?:don hang|van don|order|tracking|model|sku|isbn|barcode|imei|serial|ma (?:don|hang|sp|san pham|van|giam|dat|vach"
    r"|qr)|hotline|tong dai|don(?: so)?[\s:#]*$)(?!\w)"
)
_SAID_OTHERWISE = re.compile(
    r"(?<!\w)(?:ma|chuyen|ck|nap|rut|giam|mua|like|san pham|may|gia|so tien|luong|phi|tong|tra|het|con|bill|topic|thread)(?!\w)"
)
_ENDED = re.compile(r"[!?]|(?<!no)\.\s")
_ITS_ORDER = re.compile(r"(?<!\w)(?:don|don hang|van don|order|ma|ma so|model|sku|bill|gia)(?: so)?[\s:#.\-]{0,4}$")
#: Before a wallet's name stands what was paid with it, an order; before a bank's name, an account.
_BANK_BEHIND = re.compile(
    rf"[\s,;:|/(\-–]{{0,4}}(?:(?:tai|o|ngan hang|nh|bank|tk|stk)\s)?(?:{_BANKS}|atm|cccd|cmnd|cmt|bhxh|bhyt)(?![^\W_])"
)
_MODEL = re.compile(r"(?<!\w)(?:model|sku|may|ma sp|ma san pham)\s{0,3}$")
_MONEY = re.compile(
    r"\s?(?:[đ₫$€]|vnd|vnđ|dong|đồng|k|tr|trieu|triệu|nghin|nghìn|ngan|ngàn|usd|ty|tỷ|luot|lượt|nguoi|người|view|like)(?!\w)",
    re.I,
)
_PRICE = re.compile(r"[1-9]\d{0,2}(?:[., \u00a0]\d{3}){1,3}|[1-9]\d{0,5}0{3}")
#: In đồng nobody asks for more than ten digits.
_LONGEST_PRICE = 10
_DATE = re.compile(
    r"\d{1,2}[.\- –]\d{1,2}[.\- –](?:19|20)\d{2}(?!\d)|(?:19|20)\d{2}[.\-]\d{1,2}[.\-]\d{1,2}(?!\d)"
    r"|20\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?!\d)"
)
_HOTLINE = re.compile(r"1[89]00\d{4,6}")
_PHONE = re.compile(r"(?:0|84)[35789]\d{8}")
_GLUED = re.compile(r"[^\W\d_]+$")
#: Health cards, passports and IBANs begin with one or two letters; more of them make it another code.
_LETTERS = 2
_GROUP = re.compile(r"\d+")
#: An identity card has nine digits or twelve; what follows in further groups is another number.
_CARD_LENGTHS = (9, 12)


def named_number(match: re.Match[str], before: str = "") -> str:
    """What stands for a match of :data:`NUMBER`: itself, or ``[id]``, ``[card]``, ``[phone]``.

    ``before`` is what stands before the whole text, where that is only a part of one.
    """
    shape = match[0]
    digits = shape if shape.isdigit() else "".join(_GROUP.findall(shape))
    if len(digits) < _LEAST or _DATE.match(shape) or _HOTLINE.fullmatch(digits):
        return shape
    behind = match.string[match.end() : match.end() + 30]
    # What is written as money is money, whatever stands before it; a price never begins with a nought.
    if digits[0] != "0" and _MONEY.match(behind):
        return shape
    start = match.start()
    window = match.string[max(0, start - BEFORE) : start]
    if before and start < BEFORE:
        window = f"{before} {window}"[-BEFORE:]
    window = _folded(window)
    rest = _rest(shape)
    kind, gap = _named_by(window, len(digits), len("".join(_GROUP.findall(shape[: len(shape) - len(rest)]))))
    if kind is None:
        if len(digits) < 8 or _ITS_ORDER.search(window) or not _BANK_BEHIND.match(_folded(behind)):
            return shape
        kind = _KINDS["bank"]
    if kind.doubtful and (_is_price(shape, digits) or (digits[0] != "0" and _SAID_OTHERWISE.search(gap))):
        return shape
    if kind.doubtful and _PHONE.fullmatch(digits):
        return "[phone]"
    return kind.label + (rest if kind.may_end else "")


def _named_by(window: str, length: int, first: int) -> tuple[_Kind | None, str]:
    """The kind whose word stands closest before a number of this length, and what stands between.

    ``first`` is the length of its first groups, where those alone may be an identity card's number.
    """
    kind, end = None, 0
    for found in _WORD.finditer(window):
        one = _KINDS[str(found.lastgroup)]
        if one.label == "[card]" and length < one.least:
            one = _KINDS["bank"]
        if one.doubtful and _MODEL.search(window[: found.start()]):
            continue
        if one.least <= (first if one.may_end else length) <= one.most:
            kind, end = one, found.end()
    gap = window[end:]
    glued = _GLUED.search(gap)
    if glued and len(glued[0]) > _LETTERS:
        return None, ""
    if kind is None or len(gap.split()) > _FEW_WORDS or _OTHER.search(gap) or _ENDED.search(gap.lstrip(".")):
        return None, ""
    return kind, gap


def _is_price(shape: str, digits: str) -> bool:
    return len(digits) <= _LONGEST_PRICE and _PRICE.fullmatch(shape) is not None


def _rest(shape: str) -> str:
    """What of grouped digits stands behind an identity number that ended before them."""
    count = 0
    for group in _GROUP.finditer(shape):
        count += len(group[0])
        if count in _CARD_LENGTHS and len(shape) - group.end() > 5:
            return shape[group.end() :]
    return ""


def _folded(text: str) -> str:
    return "thẻ".join(fold(part) for part in _CARD_WORD.split(text)) if "ẻ" in text or "Ẻ" in text else fold(text)
