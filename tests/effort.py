"""What a piece of work costs, told so that it means the same on a slow or busy machine: speed itself is for ``make bench``.

Counted is the processor's time of one thread, against a fixed calculation made just before and after it: a machine half as
fast, or a core shared with others, is slower at both.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable

#: Seconds that the fixed calculation takes where the limits of the tests were set.
_THERE = 0.03
_WORDS = "Gọi 0912 345 678 hoặc viết cho lan@example.com, giá 299.000đ nhé. " * 1_200
_TRIES = 5


def _fixed() -> float:
    begun = time.thread_time()
    found = sum(len(one[0]) for one in re.finditer(r"(\w+)[ ,.]*(\w+)", _WORDS))
    for number in range(360_000):
        found ^= number * 31
    return time.thread_time() - begun


def effort(work: Callable[[], object]) -> float:
    """Seconds that ``work`` would take where the limits were set."""
    before = _fixed()
    begun = time.thread_time()
    work()
    spent = time.thread_time() - begun
    return spent * _THERE * 2 / (before + _fixed())


def costs_less(seconds: float, work: Callable[[], object]) -> bool:
    """Whether ``work`` costs less than so many seconds. What does is seldom slow, what does not never fast: tried some times."""
    return any(effort(work) < seconds for _ in range(_TRIES))


def grows_less(times: float, small: Callable[[], object], large: Callable[[], object], least: float = 0.2) -> bool:
    """Whether ``large`` costs less than so many times what ``small`` costs, or hardly anything: ``least`` seconds."""
    for _ in range(_TRIES):
        base = min(effort(small) for _ in range(2))
        if effort(large) < max(times * base, least):
            return True
    return False
