"""Days written without a year, «13/3»: dates only where several blocks of a page bear one each and nothing else dates them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from crawler.dates import Clock

_BARE = re.compile(r"\(?(\d{1,2})[/.-](\d{1,2})\)?")


def is_bare(words: str) -> bool:
    """Whether words may be a day and a month, in whichever order, and nothing else."""
    found = _BARE.fullmatch(words) if 3 <= len(words) <= 7 else None
    if found is None:
        return False
    one, two = sorted((int(found[1]), int(found[2])))
    return 1 <= one <= 12 and two <= 31


def are_days(shown: Sequence[str]) -> bool:
    """Whether such words are days: two at least, and no marks out of five or pages of three."""
    pairs = [(int(found[1]), int(found[2])) for words in shown if (found := _BARE.fullmatch(words))]
    return len(pairs) > 1 and (len({two for _, two in pairs}) > 1 or any(one > two for one, two in pairs))


def bare_day(words: str, clock: Clock) -> datetime | None:
    """The latest such day that is not after the page was fetched."""
    found = _BARE.fullmatch(words)
    if found is None or clock.now is None:
        return None
    for year in (clock.now.year, clock.now.year - 1):
        read = clock.read(f"{found[1]}/{found[2]}/{year}")
        if read is not None and read <= clock.now + timedelta(days=1):
            return read
    return None
