"""Numbers as the interface's language writes them: 3,869 and 8.8 in English, 3.869 and 8,8 in Vietnamese."""

from __future__ import annotations

from data.words import language


def number(value: float, digits: int = 0) -> str:
    """``value`` with ``digits`` after the point, its thousands grouped."""
    text = f"{value:,.{digits}f}"
    return text.translate(str.maketrans(",.", ".,")) if language() == "vi" else text
