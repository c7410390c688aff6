"""Numbers as the interface's language writes them: 3,869 and 8.8 in English, 3.869 and 8,8 in Vietnamese."""

from __future__ import annotations

from data.words import language


def number(value: float, digits: int = 0) -> str:
    """``value`` with ``digits`` after the point, its thousands grouped."""
    return number_in(language(), value, digits)


#: What rounds to a whole point.
_A_POINT = 0.95


def number_in(lang: str, value: float, digits: int = 0) -> str:
    """The same in the language ``lang``."""
    text = f"{value:,.{digits}f}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "vi" else text


def points_in(lang: str, share: float) -> str:
    """A difference of shares in signed percentage points.

    Less than one is told with a decimal: on which side of 0 the end of an interval lies must not be lost in rounding.
    """
    size = abs(share) * 100
    sign = "+" if share > 0 else "−" if share < 0 else ""
    return f"{sign}{number_in(lang, size, 0 if size >= _A_POINT or not size else 1)}"
