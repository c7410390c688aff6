"""Counts, stars and yes or no as exports write them: ``1.234``, ``1,2K``, ``3 nghìn``, ``4,5/5``, ``★★★★☆``, ``Đã mua``."""

from __future__ import annotations

import json
import re

from data.folding import words

_COUNT = re.compile(
    r"(\d{1,15}(?:[.,]\d{1,3}){0,4})\s{0,2}(k|m|b|n|nghìn|ngàn|tr|triệu|tỷ)?"
    r"(?:\s{0,2}(?:lượt|likes?|thích|người|reactions?|votes?|upvotes?)[\w\s]{0,20})?",
    re.I,
)
_TIMES = {
    "k": 10**3,
    "n": 10**3,
    "nghìn": 10**3,
    "ngàn": 10**3,
    "m": 10**6,
    "tr": 10**6,
    "triệu": 10**6,
    "b": 10**9,
    "tỷ": 10**9,
}
_STARS = re.compile(
    r"(\d(?:[.,]\d{1,2})?)(?:\s{0,2}(?:/\s{0,2}5|trên 5|out of 5|of 5|sao|stars?|điểm|★|⭐)){0,2}(?:\s{0,2}(?:sao|stars?))?",
    re.I,
)
_LONGEST = 60
_NO = re.compile(r"(?:0|false|no|n|none|null|-|x|khong|chua|not|unverified)\b.*", re.S)
_ADDRESS = re.compile(r"https?://[^\s,;\"'\]]{3,2000}")


def count_of(text: str) -> int | None:
    """A count, or ``None`` where the cell is none."""
    text = text.strip()
    found = _COUNT.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        return None
    digits, times = found[1], _TIMES.get((found[2] or "").lower(), 1)
    groups = re.split(r"[.,]", digits)
    if len(groups) == 1:
        return int(digits) * times
    thousands = all(len(group) == 3 for group in groups[1:])
    if times == 1 and not thousands:
        return int(groups[0]) if len(groups) == 2 and set(groups[1]) == {"0"} else None
    if times > 1 and len(groups) == 2:
        return round(float(f"{groups[0]}.{groups[1]}") * times)
    return int("".join(groups)) * times if thousands else None


def stars_of(text: str) -> float | None:
    """Stars from 0 to 5, or ``None`` where the cell tells none."""
    text = text.strip()
    if 0 < len(text) <= 5 and set(text) <= set("★☆"):
        return float(text.count("★"))
    if 0 < len(text) <= 10 and set(text) <= set("⭐\ufe0f"):
        return float(text.count("⭐"))
    found = _STARS.fullmatch(text) if len(text) <= _LONGEST else None
    rating = float(found[1].replace(",", ".")) if found else None
    return rating if rating is not None and 0 <= rating <= 5 else None


def yes_or_no(text: str) -> bool | None:
    """Whether a cell says yes (“Đã mua hàng”, ``true``, ``Verified Purchase``) or no; ``None`` where it is empty."""
    said = " ".join(words(text[:_LONGEST]))
    if not said:
        return None
    return _NO.fullmatch(said) is None


def pictures_of(text: str) -> int | None:
    """How many pictures a cell counts or names; ``None`` where it is empty or neither."""
    text = text.strip()
    if not text:
        return None
    if text.isdigit():
        return int(text) if len(text) <= 4 else None
    if addresses := _ADDRESS.findall(text[:20_000]):
        return len(addresses)
    if text.startswith("["):
        try:
            held = json.loads(text)
        except (ValueError, RecursionError):
            return None
        return len(held) if isinstance(held, list) else None
    return None
