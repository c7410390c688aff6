"""Income per month and budget for the thing spoken of, each with its currency: "lương 8 củ", "tầm 5tr đổ lại", "60k a year".

An amount alone tells nothing: the words beside it (cues_money.tsv) say whether it is pay, a budget, or a price, a debt, a rent.
"""

from __future__ import annotations

import re

from analysis.text.cues import money_vi
from analysis.text.cues.amounts_vi import Amount
from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Reading
from analysis.text.cues.who import NOBODY, subject
from analysis.text.phrases import Hit, longest

_AMOUNT = re.compile(r"(\d{1,3}(?:[.,]\d{3})+|\d+(?:[.,]\d{1,2})?)([^\W\d]*)(\d{1,3})?$")
_SCALE = {
    "k": 1e3, "ng": 1e3, "nghìn": 1e3, "ngàn": 1e3, "cành": 1e3,
    "tr": 1e6, "triệu": 1e6, "củ": 1e6, "chai": 1e6, "trieu": 1e6, "trịu": 1e6,
    "tỷ": 1e9, "tỉ": 1e9, "tỏi": 1e9, "ty": 1e9, "xị": 1e5, "lít": 1e5,
    "đ": 1.0, "vnd": 1.0, "vnđ": 1.0, "đồng": 1.0,
}  # fmt: skip
_EN_SCALE = {"k": 1e3, "grand": 1e3, "thousand": 1e3, "m": 1e6, "mil": 1e6, "million": 1e6}
_SIGNS = {"$": "USD", "£": "GBP", "€": "EUR", "¥": "JPY"}
_CURRENCIES = {
    "usd": "USD",
    "đô": "USD", "dollars": "USD", "dollar": "USD", "bucks": "USD", "pounds": "GBP", "quid": "GBP", "gbp": "GBP", "euro": "EUR",
    "euros": "EUR", "eur": "EUR", "vnd": "VND", "cad": "CAD", "aud": "AUD", "sgd": "SGD", "yên": "JPY", "yen": "JPY",
}  # fmt: skip
_TO = frozenset({"-", "đến", "tới", "to", "~", "–"})
_YEAR = frozenset({"năm", "year", "yr", "annually", "annum", "yearly"})
_MONTH = frozenset({"tháng", "th", "month", "mo", "monthly"})
_HOUR = frozenset({"hour", "hr", "giờ"})
_DAY = frozenset({"ngày", "day", "week", "tuần"})
_PER = words("/ a per một 1 mỗi an each")
#: Words of needing: an amount with "tầm", "under" is a budget only where something is looked for.
_SEEKING = words(
    "cần tìm muốn mua định tính nên loại nào ok chọn lấy tư nhờ dự có kiếm sắm đổi need needs looking want buy buying recommend"
    " best any which anything find search searching get"
)
_REACH = 5


def read(reading: Reading) -> None:
    """Note incomes and budgets."""
    if reading.lang == "vi":
        money_vi.read(reading)
        return
    if "cues_money" not in reading.by_area and not (reading.lang == "en" and "on" in reading.norms):
        return
    if told := reading.by_area.get("cues_money"):
        reading.by_area["cues_money"] = list(longest(told))  # "tầm giá" is no "giá"
    end = 0
    for i in reading.numbers:
        if i >= end and (amount := _amount(reading, i)):
            _judge(reading, amount)
            end = amount.end


def _amount(reading: Reading, i: int) -> Amount | None:
    """The amount or the range that begins at token ``i``."""
    norms = reading.norms
    sign = _SIGNS.get(reading.word(i - 1))
    first = _one(reading, i)
    if first is None:
        return None
    value, end, scale, currency = first
    low = high = value
    if reading.word(end) in _TO and end + 1 < reading.size:
        j = end + 1
        if reading.word(j) in _SIGNS:
            j += 1
        second = _one(reading, j) if j < reading.size and norms[j][0].isdecimal() else None
        if second and second[0] * (second[2] or 1) > 0:
            high, end, last_scale, last_currency = second
            low *= scale or last_scale or 1.0
            high *= last_scale or scale or 1.0
            scale, currency = last_scale or scale, last_currency or currency
        else:
            low = high = value * (scale or 1.0)
    else:
        low = high = value * (scale or 1.0)
    sure = scale is not None or sign is not None or currency is not None
    if reading.word(end) in _CURRENCIES:
        currency, end, sure = _CURRENCIES[reading.word(end)], end + 1, True
    if low > high or high <= 0 or high > 1e13:
        return None
    start = i - 1 if sign else i
    if not currency:
        currency = sign or ("VND" if reading.lang == "vi" else "USD")
    if reading.lang == "vi" and currency == "VND" and not sure and high < 100_000:
        return None
    return Amount(start, end, low, high, currency, sure)


def _one(reading: Reading, i: int) -> tuple[float, int, float | None, str | None] | None:
    """Number, end, scale and currency of one written number; ``None`` if it is none or counts something else."""
    match = _AMOUNT.match(reading.norms[i])
    if match is None:
        return None
    digits, suffix, tail = match.groups()
    scales = _SCALE if reading.lang == "vi" else _EN_SCALE
    if suffix and suffix not in scales:
        return None
    grouped = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", digits)
    value = float(re.sub(r"[.,]", "", digits) if grouped else digits.replace(",", "."))
    scale = scales.get(suffix) if suffix else None
    end = i + 1
    if scale is None and reading.word(end) in scales and not (reading.lang == "en" and reading.word(end) == "m"):
        scale, end = scales[reading.word(end)], end + 1
    currency = "VND" if scale and reading.lang == "vi" else None
    if tail and scale:
        value += int(tail) / 10 ** len(tail)
    elif scale and scale >= 1e6 and reading.word(end) == "rưỡi":
        value, end = value + 0.5, end + 1
    elif scale and scale >= 1e9 and re.fullmatch(r"\d{1,3}", reading.word(end)) and not suffix:
        value, end = value + int(reading.word(end)) / 10 ** len(reading.word(end)), end + 1
    return value, end, scale, currency


def _judge(reading: Reading, amount: Amount) -> None:
    """Pay, budget or neither, by the nearest telling words before (and a few after) the amount."""
    if reading.unreal(amount.start):
        return
    period, end = _period(reading, amount.end)
    frames = _frames(reading, amount.start)
    codes = [hit.code for hit in frames]
    nearest = next((code for code in codes if code not in ("cap", "about")), None)
    if nearest == "income" or (reading.lang == "en" and reading.word(amount.start - 1) == "on" and period):
        _income(reading, amount, frames, period, end)
    elif (amount.sure or "cap" in codes or nearest == "budget") and nearest != "other":
        _budget(reading, amount, codes, nearest, period)


def _frames(reading: Reading, start: int) -> list[Hit]:
    """The telling phrases before ``start``, nearest first, up to the next amount."""
    found: list[Hit] = []
    at = start
    while hit := reading.near("cues_money", at, _REACH):
        between = reading.norms[hit.end : at]
        if not found and any(word[0].isdecimal() and word not in ("1", "2", "3", "4", "5", "7") for word in between):
            break
        if hit.code != "cap_after":
            found.append(hit)
        at = hit.start
        if len(found) > 4:
            break
    return found


def _period(reading: Reading, end: int) -> tuple[str, int]:
    """ "month", "year", "hour" or "day" behind an amount, with where it ends."""
    j = end + 1 if reading.word(end) in _PER else end
    word = reading.word(j)
    for name, known in (("month", _MONTH), ("year", _YEAR), ("hour", _HOUR), ("day", _DAY)):
        if word in known:
            return name, j + 1
    return "", end


def _income(reading: Reading, amount: Amount, frames: list[Hit], period: str, end: int) -> None:
    frame = next((hit for hit in frames if hit.code == "income"), None)
    start = frame.start if frame else amount.start
    if reading.negated(start) or period == "day":
        return
    low, high = amount.low, amount.high
    if (
        reading.lang == "en"
        and frame
        and reading.phrase(frame) == "make"
        and not period
        and "salary" not in reading.norms
    ):
        return
    if reading.lang == "en" and not period and high >= 15_000:
        period = "year"
    if reading.lang == "vi" and not period and amount.currency == "VND" and high >= 120_000_000:
        return
    factor = {"year": 1 / 12, "hour": 2080 / 12}.get(period, 1.0)
    who = _earner(reading, start, amount.start, frame)
    if who in NOBODY:
        return
    if who == "organisation":
        who = "self"
    if "cap" in [hit.code for hit in frames]:
        low = 0
    if low == 0 or low == high:
        text = (
            _money(0, high * factor, amount.currency)
            if low == 0
            else _money(high * factor, high * factor, amount.currency)
        )
    else:
        text = _money(low * factor, high * factor, amount.currency)
    reading.add("income", text, start, end, who, 0.85)


def _earner(reading: Reading, start: int, end: int, frame: Hit | None) -> str:
    """Who earns; a couple's joint pay is the family's."""
    if frame and reading.lang == "vi":
        words = reading.norms[frame.start : frame.end]
        if "chồng" in words or "vợ" in words:
            return "partner"
    sentence = reading.clause(start).sentence
    for mention in reading.mentions_in(start - 14, end):
        if reading.clause(mention.start).sentence == sentence:
            together = "and" in reading.norms[mention.start : mention.end] or "vợ chồng" in reading.phrase(mention.hit)
            if together:
                return "family"
    near = reading.norms[max(0, start - 3) : start + 9]
    if "household" in near or "together" in near or "combined" in near or "jointly" in near or "both" in near:
        return "family"
    person = subject(reading, start)
    return "self" if person in ("thing", "pet") else person


def _budget(reading: Reading, amount: Amount, codes: list[str], nearest: str | None, period: str) -> None:
    after = reading.near_after("cues_money", amount.end, "cap_after", 4)
    capped = "cap" in codes or after is not None
    if period in ("month", "year", "hour") and nearest != "budget" and reading.lang == "vi":
        return
    if nearest != "budget":
        if not capped and "about" not in codes:
            return
        said = reading.word(amount.start - 1) in ("max", "maximum", "tops")
        if not said and not _sought(reading, amount.start) and not (after and nearest is None):
            return
        if (
            reading.lang == "vi"
            and after is not None
            and reading.norms[after.start] == "thôi"
            and not _sought(reading, amount.start)
        ):
            return
    if reading.negated(amount.start) and not capped:
        return
    low = 0.0 if capped and amount.low == amount.high else amount.low
    end = after.end if after else amount.end
    reading.add("budget", _money(low, amount.high, amount.currency), amount.start, end, "self", 0.8)


def _sought(reading: Reading, token: int) -> bool:
    """Whether the sentence looks for something."""
    index = reading.clause_index(token)
    sentence = reading.clauses[index].sentence
    for clause in reading.clauses[max(0, index - 6) : index + 7]:
        if clause.sentence == sentence and any(word in _SEEKING for word in reading.norms[clause.start : clause.end]):
            return True
    return False


def _money(low: float, high: float, currency: str) -> str:
    return f"{low:.0f} {currency}" if round(low) == round(high) else f"{low:.0f}-{high:.0f} {currency}"
