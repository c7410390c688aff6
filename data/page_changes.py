"""What a page says otherwise than before, in plain words of either language: “Gói Pro: 299.000đ/tháng → 349.000đ/tháng”."""

from __future__ import annotations

from typing import Final

from data.records import Change
from data.words import entry, tell_in

_SIGNS: Final = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_LONGEST: Final = 160


def sentence(change: Change, lang: str) -> str:
    """``change`` as one sentence in ``lang``."""
    subject = _cut(change.subject or tell_in(lang, "changes.unnamed"))
    if change.area in ("price", "was"):
        before = _priced(change, change.before, change.before_amount, lang)
        after = _priced(change, change.after, change.after_amount, lang)
        key = "changes.was" if change.area == "was" else "changes.price"
        return tell_in(lang, key, subject=subject, before=before, after=after)
    if change.area == "offer":
        if change.how == "changed":
            return tell_in(lang, "changes.offer_renamed", subject=subject, after=_cut(change.after or ""))
        values = {"before": _whole_price(change, lang), "after": _whole_price(change, lang)}
        return tell_in(lang, f"changes.offer_{change.how}", subject=subject, **values)
    area = tell_in(lang, f"changes.area.{change.area}")
    return tell_in(
        lang, f"changes.{change.how}", area=area, before=_cut(change.before or ""), after=_cut(change.after or "")
    )


def _whole_price(change: Change, lang: str) -> str:
    removed = change.how == "removed"
    said = change.before if removed else change.after
    amount = change.before_amount if removed else change.after_amount
    return _priced(change, said, amount, lang)


def _priced(change: Change, said: str | None, amount: float | None, lang: str) -> str:
    price = money(amount, change.currency, lang) if amount is not None else _cut(said or "–")
    return per_unit(price, change.per, lang)


def per_unit(price: str, unit: str | None, lang: str) -> str:
    """``price`` with what it pays for: ``349.000đ/tháng``; of “user month” each with its own stroke."""
    for name in unit_names(unit, lang):
        price = tell_in(lang, "changes.per", price=price, unit=name)
    return price


def unit_names(unit: str | None, lang: str) -> list[str]:
    """The words of a unit in ``lang``, those that have no name there as they are."""
    names = entry("changes.unit", lang)
    return [names.get(word, word) for word in (unit or "").split()]


def money(amount: float, currency: str | None, lang: str) -> str:
    """An amount as ``lang`` writes it: ``299.000đ``, ``₫299,000``, ``$19``."""
    whole = amount == int(amount)
    text = f"{amount:,.0f}" if whole else f"{amount:,.2f}"
    if lang == "vi":
        text = text.translate(str.maketrans(",.", ".,"))
    if currency == "VND":
        return f"{text}đ" if lang == "vi" else f"₫{text}"
    if currency in _SIGNS:
        return f"{_SIGNS[currency]}{text}"
    return f"{text} {currency}" if currency else text


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + " …"
