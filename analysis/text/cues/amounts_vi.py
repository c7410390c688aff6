"""Sums of money as Vietnamese writes them: "1tr5", "8 củ", "5 triệu 8", "2 triệu rưỡi", "mười lăm triệu", "một hai triệu", "2tr mấy".

A sum is read from its first token; a range ("10-12 triệu", "năm bảy trăm nghìn") is one sum with two ends.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.text.cues.grammar import words

_FIGURE = re.compile(r"(\d{1,3}(?:[.,]\d{3})+|\d+(?:[.,]\d{1,2})?)([^\W\d]*)(\d{1,3})?$")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
SCALES = {
    "k": 1e3, "ng": 1e3, "nghìn": 1e3, "ngàn": 1e3, "cành": 1e3, "nghin": 1e3, "ngan": 1e3,
    "tr": 1e6, "triệu": 1e6, "củ": 1e6, "chai": 1e6, "trieu": 1e6, "trịu": 1e6, "cu": 1e6,
    "tỷ": 1e9, "tỉ": 1e9, "tỏi": 1e9, "ty": 1e9, "xị": 1e5, "lít": 1e5,
    "đ": 1.0, "vnd": 1.0, "vnđ": 1.0, "đồng": 1.0,
}  # fmt: skip
_CURRENCIES = {
    "usd": "USD", "đô": "USD", "dollar": "USD", "euro": "EUR", "eur": "EUR", "vnd": "VND", "cad": "CAD", "aud": "AUD",
    "sgd": "SGD", "yên": "JPY", "yen": "JPY", "đôla": "USD", "$": "USD", "won": "KRW", "nt": "TWD",
}  # fmt: skip
_SIGNS = {"$": "USD", "£": "GBP", "€": "EUR", "¥": "JPY"}
_ONES = {
    "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "nhăm": 5, "sáu": 6, "bảy": 7, "bẩy": 7,
    "tám": 8, "chín": 9,
}  # fmt: skip
_TO = frozenset({"-", "đến", "tới", "~", "–", "hoặc", "hay"})
#: A figure before one of these counts something else: "7 triệu 1 tháng".
_COUNTED = words(
    "tháng năm ngày người cái con bộ chiếc giờ tuần buổi suất phần bữa máy căn phòng cây lần chai hộp bịch lốc món sợi kg ký m2 mét"
    " gb inch lít công thang nam ngay nguoi đứa bạn bé lượt"
)
#: Words at which a sum that is spelled out may begin.
SPELLED = frozenset(_ONES) | {"mười", "trăm", "triệu", "chục", "tỷ", "củ"}
_UNITS = frozenset({"triệu", "trăm", "củ", "nghìn", "ngàn", "tỷ", "tỉ", "tr", "k", "chai", "trieu"})
#: The least that an amount without a unit may be.
_LEAST = 100_000


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum: tokens ``start`` to ``end`` (exclusive), its ends ``low`` and ``high``; ``sure`` if a unit names money."""

    start: int
    end: int
    low: float
    high: float
    currency: str
    sure: bool
    bare: bool = False


@dataclass(slots=True)
class _Number:
    value: float
    end: int
    scale: float | None = None
    currency: str = ""
    top: float | None = None
    spelled: bool = False


def amount(norms: Sequence[str], i: int) -> Amount | None:
    """The sum that begins at token ``i``; ``None`` if none does. Without a unit it is thousands where it is ``bare``."""
    first = _number(norms, i)
    if first is None:
        return None
    low, high, end, scale = first.value, first.top or first.value, first.end, first.scale
    currency = first.currency
    if end < len(norms) and norms[end] in _TO and end + 1 < len(norms):
        second = _number(norms, end + 1)
        if second is not None and second.scale is None and scale is not None and norms[end] != "-":
            second = None
        if second is not None and (second.value * (second.scale or 1) > low * (scale or second.scale or 1)):
            low *= (scale or second.scale or 1.0) / (second.scale or scale or 1.0)
            high, end, scale = second.top or second.value, second.end, second.scale or scale
            currency = second.currency or currency
    elif first.spelled and scale is None and end < len(norms):
        second = _number(norms, end)
        if second is not None and second.spelled and second.scale and low < second.value:
            high, end, scale = second.value, second.end, second.scale
    sign = _SIGNS.get(norms[i - 1]) if i else None
    if end < len(norms) and norms[end] in _CURRENCIES:
        currency, end = _CURRENCIES[norms[end]], end + 1
    sure = scale is not None or sign is not None or bool(currency)
    bare = (
        not sure and 20 <= high <= 999 and (end >= len(norms) or not norms[end][0].isalnum() or norms[end] in _BARE_END)
    )
    if first.spelled and not sure and not (bare and high >= 100):
        return None
    factor = scale or (1e3 if bare else 1.0)
    low, high = low * factor, high * factor
    if low > high or not 0 < high <= 1e13:
        return None
    if not sure and not bare and high < _LEAST:
        return None
    return Amount(i - 1 if sign else i, end, low, high, sign or currency or "VND", sure, bare)


#: Thousands of these are no money.
_MANY = words(
    "tấm chữ đơn từ bản tờ quyển cuốn khách follow view km cây người lượt câu ảnh tin sản bài con cái bước kcal calo vòng"
)
_BARE_END = words("một thôi đổ trở quay là nên mà thì có ạ nha nhé với trong mỗi có")


def _number(norms: Sequence[str], i: int) -> _Number | None:
    """One number with its unit: digits or words."""
    if i >= len(norms):
        return None
    word = norms[i]
    if word[0].isdecimal():
        return _figure(norms, i)
    return _spelled(norms, i) if word in SPELLED else None


def _figure(norms: Sequence[str], i: int) -> _Number | None:
    match = _FIGURE.match(norms[i])
    if match is None:
        return None
    digits, suffix, tail = match.groups()
    if suffix and suffix not in SCALES:
        return None
    grouped = _GROUPED.fullmatch(digits)
    value = float(re.sub(r"[.,]", "", digits) if grouped else digits.replace(",", "."))
    number = _Number(value, i + 1, SCALES.get(suffix) if suffix else None)
    if number.scale is None:
        _unit(norms, number)
    if tail and number.scale:
        number.value += int(tail) / 10 ** len(tail)
    elif number.scale:
        _rest(norms, number)
    return number


def _spelled(norms: Sequence[str], i: int) -> _Number | None:
    """ "mười lăm triệu", "bốn chục củ", "hai trăm", "triệu rưỡi", "triệu mốt"."""
    word, end = norms[i], i + 1
    follow = norms[end] if end < len(norms) else ""
    if word in ("triệu", "tỷ", "củ", "trăm"):
        if i and (
            norms[i - 1][0].isdecimal()
            or norms[i - 1] in SPELLED
            or norms[i - 1] in ("mấy", "vài", "cả", "tiền", "chục")
        ):
            return None
        if follow not in ("rưỡi", "mốt", "hai", "ba", "tư", "sáu", "bảy", "tám", "chín", "triệu"):
            return None
        number = _Number(100 if word == "trăm" else 1, end, None if word == "trăm" else SCALES[word], spelled=True)
        if word == "trăm":
            if follow == "triệu":
                number.scale, number.end = 1e6, end + 1
            else:
                return None
        _rest(norms, number)
        return number
    if word == "mười":
        value = 10.0
        if follow in _ONES:
            value, end = value + _ONES[follow], end + 1
    elif word in _ONES:
        value = float(_ONES[word])
        if follow in ("mươi", "chục"):
            value, end = value * 10, end + 1
            if end < len(norms) and norms[end] in _ONES and follow == "mươi":
                value, end = value + _ONES[norms[end]], end + 1
        elif follow == "trăm":
            value, end = value * 100, end + 1
            if end < len(norms) and norms[end] == "rưỡi":
                value, end = value + 50, end + 1
    else:
        return None
    number = _Number(value, end, spelled=True)
    _unit(norms, number)
    if number.scale:
        _rest(norms, number)
    return number


def _unit(norms: Sequence[str], number: _Number) -> None:
    """The word for thousands, millions … behind a number; "2 chục triệu", "5 trăm"."""
    end = number.end
    for word, factor in (("chục", 10), ("trăm", 100)):
        if end + 1 < len(norms) and norms[end] == word and norms[end + 1] in SCALES:
            number.value, end = number.value * factor, end + 1
    word = norms[end] if end < len(norms) else ""
    after = norms[end + 1] if end + 1 < len(norms) else ""
    if word in SCALES and word != "ng" and not (SCALES[word] == 1e3 and after in _MANY):
        number.scale, number.end = SCALES[word], end + 1


def _rest(norms: Sequence[str], number: _Number) -> None:
    """What follows the unit: "rưỡi", the tenth in "5 triệu 8" or "triệu tám", the open end in "2tr mấy"."""
    scale, end = number.scale or 1.0, number.end
    word = norms[end] if end < len(norms) else ""
    after = norms[end + 1] if end + 1 < len(norms) else ""
    if word == "rưỡi":
        number.value, number.end = number.value + 0.5, end + 1
    elif word == "mấy":
        number.top, number.end = number.value + 1, end + 1
    elif scale < 1e6 or number.value != int(number.value) or after in _COUNTED or after in SCALES or after in _TO:
        return
    elif word.isdecimal() and (len(word) == 1 or (len(word) <= 3 and scale >= 1e9)):
        number.value, number.end = number.value + int(word) / 10 ** len(word), end + 1
    elif word in _ONES and word not in ("một", "năm", "ba") and after not in _NOUNS and after not in _UNITS:
        number.value, number.end = number.value + _ONES[word] / 10, end + 1


_NOUNS = words("vợ chồng đứa con bé người mẹ cháu bạn anh chị em bên cái căn máy năm tháng ngày bữa thằng cô")
