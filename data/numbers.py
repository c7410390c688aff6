"""Numbers as the interface's language writes them: 3,869 and 8.8 in English, 3.869 and 8,8 in Vietnamese."""

from __future__ import annotations

from data.words import language


def number(value: float, digits: int = 0) -> str:
    """``value`` with ``digits`` after the point, its thousands grouped."""
    return number_in(language(), value, digits)


def number_in(lang: str, value: float, digits: int = 0) -> str:
    """The same in the language ``lang``."""
    text = f"{value:,.{digits}f}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "vi" else text
