"""Whether a page of an unknown forum is a list of threads. What its lines tell is read by :mod:`crawler.lists`.

Links are grouped by the shape of their address and the look of their element; the group with the most words in long enough
titles, dated rows and addresses that speak of threads is the list.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urldefrag, urlsplit

from crawler.dates import looks_like_date
from crawler.engines.document import Document
from crawler.engines.text import one_line
from crawler.lists import is_date, shows_price

_THREAD = re.compile(
    r"topic|thread|discussion|viewtopic|showthread|/t/|/d/|chu-de|chude|thao-luan|bai-viet|question|hoi-dap|/p/|posts?/|read\.php|msg|beitrag|"
    r"story|talk",
    re.I,
)
_NO_THREAD = re.compile(
    r"member|user|profile|login|register|search|sort|feed|rss|reply|goto|lastpost|unread|page|tag|help|privacy|terms|about|contact|cart|"
    r"product|account|share|javascript|mailto",
    re.I,
)
_FEWEST: Final = 3
_FRAMES: Final = frozenset(("nav", "footer", "aside"))


@dataclass(slots=True)
class _Line:
    """One line of a list: the link, and the widest element around it that holds no other line's link."""

    link: Any
    url: str
    row: Any


def is_list(doc: Document) -> bool:
    """Whether a page is a list of threads for certain enough: most of its lines are dated, and their addresses speak of threads.
    In a shop's list there is a price on each."""
    lines = _likeliest(doc)
    if len(lines) < _FEWEST or sum(shows_price(line.row) for line in lines) > len(lines) * 0.8:
        return False
    dated = sum(_dated(line.row) for line in lines)
    speaking = sum(bool(_THREAD.search(_address(line.url))) for line in lines)
    return dated >= len(lines) * 0.6 and speaking >= len(lines) * 0.6


def _likeliest(doc: Document) -> list[_Line]:
    """The lines that are most like those of a thread list."""
    here = urlsplit(doc.url)
    groups: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    for link in doc.tree.iter("a"):
        url = doc.link(link.get("href"))
        if (
            not url
            or urlsplit(url).netloc != here.netloc
            or any(above.tag in _FRAMES for above in link.iterancestors())
        ):
            continue
        url, words = urldefrag(url)[0], one_line(link)
        path = _address(url)
        if url == urldefrag(doc.url)[0] or len(words) < 3 or words.isdigit() or is_date(words):
            continue
        if not _NO_THREAD.search(path):
            groups[(_shape(url), _look(link))].setdefault(url, link)
    best: tuple[float, list[_Line]] = (0.0, [])
    for (shape, _), links in groups.items():
        if len(links) >= _FEWEST:
            lines = _lines(links)
            score = _score(shape, lines)
            if score > best[0]:
                best = (score, lines)
    return best[1]


def _address(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _shape(url: str) -> str:
    """An address with its numbers and names taken out: /t/some-title-12/ and /t/another-7/ have one shape."""
    parts = urlsplit(url)
    steps = [step for step in parts.path.split("/") if step]
    shaped = [
        step
        if at < len(steps) - 2 and not re.search(r"\d", step) and len(step) < 25
        else "N"
        if step.isdigit()
        else "*"
        for at, step in enumerate(steps)
    ]
    if steps and re.search(r"\.(?:php|pl|aspx?|cgi)$", steps[-1]):
        shaped[-1] = steps[-1]
    names = sorted(name for name, _ in parse_qsl(parts.query) if name not in ("sid", "s"))
    return "/".join(shaped) + "?" + "&".join(names)


def _look(link: Any) -> str:
    above = link.getparent()
    names = sorted(re.sub(r"\d+", "", name) for name in (link.get("class") or "").split()[:3])
    return f"{above.tag if above is not None else ''}>{' '.join(names)}"


def _lines(links: dict[str, Any]) -> list[_Line]:
    inside: dict[Any, int] = defaultdict(int)
    for link in links.values():
        for above in link.iterancestors():
            inside[above] += 1
    lines = []
    for url, link in links.items():
        row = link
        for above in link.iterancestors():
            if inside[above] > 1:
                break
            row = above
        lines.append(_Line(link, url, row))
    return lines


def _score(shape: str, lines: list[_Line]) -> float:
    titles = [one_line(line.link) for line in lines]
    long = sum(len(title) >= 12 for title in titles) / len(titles)
    if long < 0.5:
        return 0.0
    dated = sum(_dated(line.row) for line in lines) / len(lines)
    return len(lines) * long * (0.2 + dated) * (2.0 if _THREAD.search(shape) else 0.5)


def _dated(row: Any) -> bool:
    for element in row.iter():
        if element.tag == "time":
            return True
        for text in (element.text, element.tail, element.get("title") if isinstance(element.tag, str) else None):
            if text and 4 < len(text.strip()) < 60 and looks_like_date(text.strip()):
                return True
    return False
