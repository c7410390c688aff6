"""Trouble told by figures alone: "sạc 3 tiếng mới được 20%", "waited three weeks and still nothing", "150k giờ lên 185k".

No word of these says that anything is wrong; a doing that took so long to so little does, or a sum that became more.
What is done (``takes``, with its category) and what says that a sum changed (``rise``) are in the lexicon's frames.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from analysis.text.clauses import Clause
from analysis.text.phrases import Hit

_UNITS = frozenset(
    (
        *("tiếng", "giờ", "phút", "ngày", "hôm", "bữa", "đêm", "tối", "buổi", "tuần", "tháng", "năm", "h", "p", "th"),
        *("hours", "hour", "minutes", "days", "day", "weeks", "week", "months", "month", "night", "nights"),
    )
)
_COUNTS = frozenset(
    (
        *("cả", "nguyên", "mấy", "nửa", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười", "chục"),
        *(
            "all",
            "a",
            "whole",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "few",
            "several",
        ),
    )
)
_ALONE = re.compile(r"\d{1,3}(?:h|p|tuần|ngày|tiếng|hrs?|days|weeks)$")
#: "không", "chưa", "mới" only tell of failure before one of these: "sạc cả đêm không nóng" is praise.
_DENIED = frozenset(("không", "chưa", "chẳng", "chả", "mới", "chỉ"))
_REACHED = frozenset(
    (
        *("được", "đầy", "xong", "ra", "thấy", "tới", "đến", "có", "ai", "giao", "về", "vào", "lên", "trả", "rep"),
        *("nhận", "nổi", "một", "ma", "tăm", "đâu"),
    )
)
#: "mới được", "mới có" tell of a slow machine or a slow answer, but not of a parcel: "đợi 2 tháng mới được nghỉ".
_LATE = frozenset(("được", "có", "lên", "vào", "ra"))
_NEVER = frozenset(("arrived", "came", "shipped", "answered", "replied", "showed", "called"))
_STOPS = frozenset(".!?…\n")
#: So many words may stand between the doing and its time, and between the time and the outcome.
_NEAR = 5
_SUM = re.compile(r"(\d{1,9}(?:[.,]\d{1,3}){0,3})(?:(k|tr|triệu|củ|đ|\$|usd)(\d{1,3})?)?$")
_SUM_UNITS = frozenset(("k", "nghìn", "ngàn", "triệu", "tr", "củ", "đồng", "$"))
_BEFORE, _AFTER = 14, 3


def too_long(clause: Clause, takes: Sequence[Hit], norms: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Tokens (start, end) and the category where a doing of ``takes`` took long and came to little."""
    for hit in takes:
        if clause.negation.covers(hit.start):
            continue
        time = _time(norms, hit.end)
        outcome = _outcome(norms, time, hit.entry.group) if time else 0
        if outcome:
            yield hit.start, min(outcome, clause.end), hit.entry.group
            return


def _time(norms: Sequence[str], first: int) -> int:
    """The token behind the first span of time within reach of token ``first``; 0 where there is none."""
    for i in range(first, min(first + _NEAR, len(norms) - 1)):
        word = norms[i]
        if word in _STOPS:
            return 0
        if _ALONE.match(word):
            return i + 1
        if (word[:1].isdigit() or word in _COUNTS) and norms[i + 1] in _UNITS:
            return i + 2
    return 0


def _outcome(norms: Sequence[str], first: int, category: str) -> int:
    """The token behind the words that say that nothing came of it; 0 where there are none."""
    for i in range(first, min(first + _NEAR, len(norms))):
        word = norms[i]
        if word in _STOPS:
            return 0
        if word == "nothing":
            return i + 1
        follow = norms[i + 1] if i + 1 < len(norms) else ""
        if word == "never" and follow in _NEVER:
            return i + 2
        slow = word != "mới" or follow not in _LATE or category in ("performance", "service")
        if word in _DENIED and follow in _REACHED and slow:
            return i + 2
    return 0


def dearer(clause: Clause, rise: Sequence[Hit], norms: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Tokens (start, end) from one sum to a higher one on the two sides of a word of change."""
    for hit in rise:
        after = _sum(norms, range(hit.end, min(hit.end + _AFTER, clause.end)))
        if after is None:
            continue
        before = _sum(norms, range(hit.start - 1, _back(norms, hit.start) - 1, -1))
        if before is not None and before[1:2] == after[1:2] and before[2] < after[2]:
            yield max(before[0], clause.start), after[0] + 1
            return


def _back(norms: Sequence[str], start: int) -> int:
    """The first token of what is looked at before token ``start``: some words, none of the sentence before."""
    first = start
    while first > 0 and start - first < _BEFORE and norms[first - 1] not in _STOPS:
        first -= 1
    return first


def _sum(norms: Sequence[str], places: range) -> tuple[int, str, float] | None:
    """The first sum of money at ``places``: its token, unit and number."""
    for i in places:
        match = _SUM.match(norms[i])
        if match is None:
            continue
        unit = match[2] or (norms[i + 1] if i + 1 < len(norms) and norms[i + 1] in _SUM_UNITS else "")
        if unit or len(match[1]) > 4:
            amount = float(match[1].replace(",", ".") if match[1].count(",") == 1 else _plain(match[1]))
            return i, unit, amount + float(f"0.{match[3] or 0}")  # "1tr9"
    return None


def _plain(number: str) -> str:
    """``"185.000"`` without the signs that part thousands."""
    parts = re.split("[.,]", number)
    return ".".join(parts) if len(parts) == 2 and len(parts[1]) < 3 else "".join(parts)
