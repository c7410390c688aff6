"""Links to what can be done with a post, which are nobody's name: «Báo xấu», «Trả lời», "Report", "Share (3)"."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

from crawler.dates import looks_like_date
from crawler.engines.text import one_line
from crawler.lexicons import either

_LONGEST: Final = 30
#: More links than these are a list of people or threads and no row below a post.
_WIDEST: Final = 12
_NUMBER = re.compile(r"\d+")
_NOWHERE = re.compile(r"(?:#|javascript:.*)?", re.I | re.S)
_ROW: Final = frozenset(("a", "button", "li", "span"))


@cache
def _action() -> re.Pattern[str]:
    return re.compile(rf"\W{{0,3}}(?:{either('posts', 'action', 'pages')})(?:\s?\(?\d{{1,6}}\)?)?\W{{0,3}}", re.I)


def is_action(words: str) -> bool:
    """Whether words are those of a button below a post, with a count or without."""
    return len(words) <= _LONGEST and _action().fullmatch(words) is not None


def stands_among_actions(link: Any) -> bool:
    """Whether a link is one more of those below a post: behind one of them, or to the same post by its number."""
    own = link
    row = link.getparent()
    while row is not None and row.tag in ("li", "span") and len(row) == 1:
        own, row = row, row.getparent()
    if row is None or not 1 < len(row) <= _WIDEST:
        return False
    others = [other for other in row if other is not own and isinstance(other.tag, str)]
    actions = {other for other in others if other.tag in _ROW and is_action(one_line(other))}
    if not actions:
        return False
    if (number := _leads(link)) and any(_leads(other) == number for other in actions):
        return True
    # Above the words of a post a button may stand before the name, and the date beside both.
    if any(looks_like_date(f"{one_line(other)} {other.tail or ''}") for other in others if other not in actions):
        return False
    return any(before in actions for before in own.itersiblings(preceding=True))


def _leads(element: Any) -> str | None:
    """The number of what a link or the one within an element leads to; nothing where it leads nowhere."""
    link = element if element.tag == "a" else next(element.iter("a"), None)
    href = "" if link is None else link.get("href") or ""
    if _NOWHERE.fullmatch(href):
        return ""
    numbers = _NUMBER.findall(href)
    return numbers[-1] if numbers else href
