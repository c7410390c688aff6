"""Sums of money in English, as they are written all over the world: "£1,900", "RM50", "NZ$18k", "forty quid", "four lakh rupees".

A bare figure, and "$", take the currency of the place that the text names, else of its other sums and its words ("quid").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.text.cues.ages_told_en import number_at
from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Reading

_DIGITS = re.compile(r"(\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:[.,]\d{1,2})?)(k|m|grand|mil|l|bn)?(ish|/mo|pm|pa|pw)?$")
_PREFIXED = re.compile(r"(rm|r|rs|php|sgd|usd|gbp|aud|cad|nzd|inr|kes|ngn|zar|myr|eur|hkd|n|p|ksh)(\d[\d.,]*)(k|m)?$")
_SCALE = {"k": 1e3, "grand": 1e3, "thousand": 1e3, "thou": 1e3, "m": 1e6, "mil": 1e6, "million": 1e6, "lakh": 1e5, "lakhs": 1e5,
          "crore": 1e7, "crores": 1e7, "hundred": 1e2}  # fmt: skip
SIGNS = {"£": "GBP", "€": "EUR", "¥": "JPY", "₹": "INR", "₱": "PHP", "₦": "NGN", "฿": "THB", "₫": "VND", "$": "$"}
_PREFIX = {"rm": "MYR", "r": "ZAR", "rs": "INR", "php": "PHP", "p": "PHP", "n": "NGN", "ksh": "KES", "kes": "KES", "ngn": "NGN",
           "zar": "ZAR", "myr": "MYR", "hkd": "HKD"}  # fmt: skip
_DOLLARS = {
    "s": "SGD",
    "sg": "SGD",
    "nz": "NZD",
    "a": "AUD",
    "au": "AUD",
    "c": "CAD",
    "ca": "CAD",
    "us": "USD",
    "hk": "HKD",
}
CURRENCIES = {
    "quid": "GBP", "pounds": "GBP", "pound": "GBP", "gbp": "GBP", "sterling": "GBP", "euro": "EUR", "euros": "EUR", "eur": "EUR",
    "dollars": "$", "dollar": "$", "bucks": "$", "buck": "$", "usd": "USD", "aud": "AUD", "cad": "CAD", "nzd": "NZD", "sgd": "SGD",
    "hkd": "HKD", "ringgit": "MYR", "myr": "MYR", "rm": "MYR", "pesos": "PHP", "peso": "PHP", "php": "PHP", "rupees": "INR",
    "rupee": "INR", "rs": "INR", "inr": "INR", "rand": "ZAR", "zar": "ZAR", "naira": "NGN", "ngn": "NGN", "shillings": "KES",
    "bob": "KES", "kes": "KES", "ksh": "KES", "dong": "VND", "vnd": "VND", "zł": "PLN", "zl": "PLN", "zloty": "PLN", "pln": "PLN",
    "baht": "THB", "thb": "THB", "yen": "JPY", "jpy": "JPY", "dirhams": "AED", "aed": "AED", "chf": "CHF", "francs": "CHF",
    "kronor": "SEK", "sek": "SEK", "kroner": "NOK", "nok": "NOK", "dkk": "DKK", "cedis": "GHS", "rupiah": "IDR", "inr/-": "INR",
}  # fmt: skip
_NOTES = {"tenner": 10.0, "fiver": 5.0, "tenners": 10.0}
_DOLLAR_LANDS = frozenset({"AUD", "CAD", "NZD", "SGD", "HKD", "USD"})
_DIALECT = (
    ("SGD", words("hdb s$ mrt coe polyclinic psle hawker")),
    ("MYR", words("rm mamak ringgit kedai boleh")),
    ("PHP", words("po naman sana pesos lola tito tita piso")),
    (
        "GBP",
        words("quid tenner fiver gcse nhs gp mum nan bloke lads council fortnight flat mot isa chippy lorry grand"),
    ),
)
_TO = frozenset({"-", "to", "–", "~", "and"})


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum or a range: tokens ``start`` to ``end``; ``sure`` where something says that it is money at all."""

    start: int
    end: int
    low: float
    high: float
    currency: str
    sure: bool


def home_currency(reading: Reading) -> str:
    """The currency of the place the text names, of its signs, of its words; US dollars where nothing tells."""
    lived = [found.start for found in reading.found if found.attribute == "location"]
    for hit in reading.by_area.get("places", ()):
        if hit.entry.group and (not lived or hit.start in lived) and reading.doc[hit.start].text[:1].isupper():
            return hit.entry.group
    present = set(reading.norms)
    for sign, currency in SIGNS.items():
        if sign in present and currency != "$":
            return currency
    if any(word.startswith("rm") and word[2:3].isdecimal() for word in present):
        return "MYR"
    for currency, told in _DIALECT:
        if not told.isdisjoint(present):
            return currency
    return "USD"


def sum_at(reading: Reading, i: int, home: str) -> Sum | None:
    """The sum or the range that begins at token ``i`` (at its figure or its sign), ``None`` where there is none."""
    first = _one(reading, i)
    if first is None:
        return None
    start, end, value, scale, currency = first
    low = high = value * (scale or 1.0)
    if reading.word(end) in _TO and (reading.word(end) != "and" or reading.word(start - 1) == "between"):
        second = _one(reading, end + 1)
        if second is not None:
            _, end, value2, scale2, currency2 = second
            high = value2 * (scale2 or 1.0)
            if scale is None and scale2 and value < value2 * 1.01:
                low = value * scale2
            elif scale and scale2 is None and value2 < 1000:
                high = value2 * scale
            scale, currency = scale or scale2, currency or currency2
    if not 0 < low <= high < 1e12:
        return None
    sure = currency is not None or scale is not None
    if currency in (None, "$"):
        currency = home if currency is None or home in _DOLLAR_LANDS else "USD"
    return Sum(start, end, low, high, currency, sure)


def _one(reading: Reading, i: int) -> tuple[int, int, float, float | None, str | None] | None:
    """Start, end, value, scale and currency of one figure with what belongs to it."""
    start, currency = i, None
    word = reading.word(i)
    if word in SIGNS:
        currency, i = SIGNS[word], i + 1
        word = reading.word(i)
        if currency == "$" and reading.word(start - 1) in _DOLLARS and reading.doc[start - 1].text.isupper():
            currency, start = _DOLLARS[reading.word(start - 1)], start - 1
    end, scale = i + 1, None
    if word in _NOTES:
        value, currency = _NOTES[word], currency or ("GBP" if currency is None else currency)
        return start, end, value, 1.0, None
    if prefixed := _PREFIXED.match(word):
        currency, digits, scale_word = _PREFIX.get(prefixed[1], prefixed[1].upper()), prefixed[2], prefixed[3]
        while reading.word(end) == "," and reading.word(end + 1).isdecimal() and len(reading.word(end + 1)) == 3:
            digits, end = digits + reading.word(end + 1), end + 2
        value = float(digits.replace(",", "").rstrip(".") or 0)
    elif figure := _DIGITS.match(word):
        text = figure[1]
        grouped = re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?", text)
        value, scale_word = float(text.replace(",", "") if grouped else text.replace(",", ".")), figure[2]
    else:
        number, end = number_at(reading, i)
        if not number or (reading.word(end) not in CURRENCIES and reading.word(end) not in _SCALE):
            return None
        value, scale_word = float(number), None
    if scale_word == "m" and currency is None:
        return None  # metres
    if scale_word in _SCALE:
        scale = _SCALE[scale_word]
    elif reading.word(end) in _SCALE and reading.word(end) != "m":
        scale, end = _SCALE[reading.word(end)], end + 1
    if scale in (1e5, 1e7):
        currency = currency or "INR"
    if reading.word(end) in CURRENCIES:
        currency, end = _after(CURRENCIES[reading.word(end)], currency), end + 1
    elif reading.word(end) == "us" and reading.word(end + 1) in ("dollars", "bucks"):
        currency, end = "USD", end + 2
    if reading.word(end) == "-" and reading.word(end + 1) == "ish":
        end += 2
    return start, end, value, scale, currency


def _after(told: str, sign: str | None) -> str:
    return sign if told == "$" and sign not in (None, "$") else told
