"""How a board stands by the index that lists it: its counts, its last post. While that stays the same, nothing is new in it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from crawler.dates import Clock, looks_like_date
from crawler.engines.document import Document
from crawler.engines.text import one_line

_HIGHEST: Final = 8
_LARGEST: Final = 20_000
_SESSION = re.compile(r"(?<=[?&;])(?:PHPSESSID|sid|s)=[0-9A-Za-z]{16,64}&?")
_NUMBER = re.compile(r"(?<![\d.,:/-])\d[\d.,]{0,12}(?![\d:/-])")
_TIME = re.compile(r"\d:\d\d")


def standings(doc: Document, boards: Mapping[str, Iterable[Any]], clock: Clock) -> dict[str, str]:
    """For each board (address → its links on the page) a digest of what the page says of its last post.

    Only of boards that the page dates: to the minute, or to the day beside a number of posts. Of others nobody can tell from
    here whether they have moved, and they are left out.
    """
    owner = {link: url for url, links in boards.items() for link in links}
    dated = {link: found for link in owner if (found := _dated_around(link, owner, clock)) is not None}
    # A board without a date of its own stands in an element with those of others, which say nothing of it.
    around_others = {above for node, *_ in dated.values() for above in node.iterancestors()}
    known: dict[str, str] = {}
    for link, (node, dates, to_the_minute, timed) in dated.items():
        if (
            owner[link] not in known
            and node not in around_others
            and (said := _digest(doc, node, dates, timed, to_the_minute=to_the_minute)) is not None
        ):
            known[owner[link]] = said
    return known


_Dated = tuple[Any, set[datetime], bool, list[str]]


def _dated_around(link: Any, owner: Mapping[Any, str], clock: Clock) -> _Dated | None:
    """The smallest element around a board's link that has a date in it and begins with that link. A thread's row that names its
    board begins with the thread."""
    node = link
    for _ in range(_HIGHEST):
        if node is None or node.tag in ("body", "html") or _leads_to(node, owner) != owner[link]:
            return None
        dates, to_the_minute, timed = _dates(node, clock)
        if dates:
            return node, dates, to_the_minute, timed
        node = node.getparent()
    return None


def _leads_to(node: Any, owner: Mapping[Any, str]) -> str | None:
    first = next((one for one in node.iter("a") if (one.get("href") or "#")[0] != "#"), None)
    return owner.get(first)


def names_its_boards(rows: Iterable[Any], links: Iterable[Any], dates: Sequence[datetime | None]) -> bool:
    """Whether a list shows the threads of all its boards together, what moved last first: then what is new in any board stands
    here. ``rows`` are the lines of threads that are not pinned, ``links`` those to boards, ``dates`` the lines' last posts."""
    boards = set(links)
    lines = list(rows)
    if len(lines) < 2 or not all(any(one in boards for one in row.iter("a")) for row in lines):
        return False
    known = [date for date in dates if date is not None]
    return len(known) == len(dates) and all(one >= other for one, other in pairwise(known))


def _digest(doc: Document, row: Any, dates: set[datetime], timed: list[str], *, to_the_minute: bool) -> str | None:
    words = one_line(row)
    if len(words) > _LARGEST:
        return None
    for text in timed:
        words = words.replace(text, " ")
    counts = _NUMBER.findall(words)
    if not (to_the_minute or counts):
        return None
    links = sorted({_SESSION.sub("", href) for one in row.iter("a") if (href := doc.link(one.get("href")))})
    parts = [*sorted(moment.isoformat(timespec="minutes") for moment in dates), *counts, *links]
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=10).hexdigest()


def _dates(row: Any, clock: Clock) -> tuple[set[datetime], bool, list[str]]:
    """The dates of a row, whether one of them is to the minute, and the words in which they stand."""
    dates: set[datetime] = set()
    to_the_minute, shown = False, list[str]()
    for node in row.iter():
        if not isinstance(node.tag, str):
            continue
        stated = next(
            (read for name in ("datetime", "data-time", "title") if (read := _read(node.get(name), clock))), None
        )
        if stated is not None:
            # What a person reads beside it may be “five minutes ago”, which is another time whenever it is read.
            dates.add(stated)
            to_the_minute = True
            shown.append(one_line(node))
            continue
        for text in (node.text, node.tail if node is not row else None):
            plain = " ".join((text or "").split())
            if (read := _read(plain, clock)) is not None:
                dates.add(read)
                to_the_minute = to_the_minute or bool(_TIME.search(plain))
                shown.append(plain)
    return dates, to_the_minute, [text for text in shown if text]


def _read(text: str | None, clock: Clock) -> datetime | None:
    plain = (text or "").strip()
    if not 3 <= len(plain) <= 60 or not looks_like_date(plain):
        return None
    return clock.read(plain)
