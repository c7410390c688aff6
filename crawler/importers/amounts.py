"""Sums of money, counts and shares as exports write them: ``1.234.567 đ``, ``1,234.50 USD``, ``(50.000)``, ``12,5 %``."""

from __future__ import annotations

import re

_CURRENCIES = {
    "đ": "VND", "₫": "VND", "vnd": "VND", "vnđ": "VND", "đồng": "VND", "dong": "VND", "$": "USD", "usd": "USD", "us$": "USD",
    "€": "EUR", "eur": "EUR", "£": "GBP", "gbp": "GBP", "thb": "THB", "฿": "THB", "sgd": "SGD", "myr": "MYR", "rm": "MYR",
    "idr": "IDR", "rp": "IDR", "php": "PHP", "₱": "PHP",
}  # fmt: skip
_MONEY = re.compile(
    r"(?P<before>[^\W\d_]{1,4}\$?|[$€£₫฿₱])?\s?(?P<minus>[-−–])?\s?(?P<more>[$€£₫])?"
    r"(?P<digits>\d[\d.,' \u00a0\u202f]{0,25})\s?(?P<after>[^\W\d_]{1,4}|[$€£₫฿₱])?"
)
_DECIMALS = re.compile(r"\d([.,])\d{1,2}(?!\d|[.,]\d)")
_ALONE = re.compile(r"(?<![\d.,])\d{1,3}([.,])\d{3}(?![\d.,])")
_SPACES = re.compile(r"[ '\u00a0\u202f]")
_SHARE = re.compile(r"[<~]?\s?(\d{1,3}(?:[.,]\d{1,20})?)\s?(%)?")


def money_of(text: str, *, decimals: str | None = None) -> tuple[float, str | None] | None:
    """A sum and its currency where one is written; ``None`` where the cell is no sum.

    A minus before, behind the currency, or parentheses around it make it negative. ``decimals`` is the sign that the column
    uses before decimals, where that is known (:func:`decimals_of`); without it three digits behind a sign are thousands.
    """
    text = " ".join(text.split())
    negative = text.startswith("(") and text.endswith(")")
    text = text[1:-1].strip() if negative else text
    if text[:1] in "-−–" and text[:1]:
        negative, text = True, text[1:].strip()
    match = _MONEY.fullmatch(text)
    if match is None:
        return None
    named = [part.casefold() for part in (match["before"], match["more"], match["after"]) if part]
    if any(name not in _CURRENCIES for name in named):
        return None
    number = _number(_SPACES.sub("", match["digits"]), decimals)
    if number is None:
        return None
    return (-number if negative or match["minus"] else number), (_CURRENCIES[named[0]] if named else None)


def _number(digits: str, decimals: str | None) -> float | None:
    digits = digits.rstrip(".,")
    signs = [sign for sign in ".," if sign in digits]
    if len(signs) == 2:
        point = max(signs, key=digits.rfind)
    elif signs:
        behind = digits.rpartition(signs[0])[2]
        several = digits.count(signs[0]) > 1
        point = "" if several or (len(behind) == 3 and decimals != signs[0]) else signs[0]
    else:
        point = ""
    thousands = ({".", ","} - {point}) if point else {".", ","}
    whole, _, rest = digits.partition(point) if point else (digits, "", "")
    groups = re.split(r"[.,]", whole)
    if len(groups) > 1 and not all(len(group) == 3 for group in groups[1:]):
        return None
    for sign in thousands:
        whole = whole.replace(sign, "")
    try:
        return float(f"{whole or 0}.{rest or 0}")
    except ValueError:
        return None


def decimals_of(cells: list[str]) -> str | None:
    """The sign that a column writes before decimals, ``None`` where it shows none."""
    for cell in cells:
        found = _DECIMALS.search(cell)
        if found:
            return found[1]
    return None


def doubtful(cells: list[str]) -> list[str]:
    """The sums of a column that may be thousands or decimals: where it writes decimals with both signs, or with the one that
    stands before three digits alone."""
    signs = {shown[1] for cell in cells if (shown := _DECIMALS.search(cell))}

    def may_be_both(cell: str) -> bool:
        alone = _ALONE.search(cell)
        return (alone is not None and alone[1] in signs) or (len(signs) > 1 and _DECIMALS.search(cell) is not None)

    return [cell for cell in cells if may_be_both(cell)]


def count_in(text: str) -> float | None:
    """A count of people or sessions, never negative; ``None`` where the cell is none."""
    found = money_of(text)
    return found[0] if found is not None and found[1] is None and found[0] >= 0 else None


def share_in(text: str) -> float | None:
    """A share from 0 to 1: ``12,5 %``, ``12.5%``, ``0.125``; ``None`` where the cell is none, or more than a whole."""
    match = _SHARE.fullmatch(text.strip())
    if match is None:
        return None
    value = float(match[1].replace(",", ".")) / (100 if match[2] else 1)
    return value if value <= 1 else None
