"""Which pages of a brand's site are worth reading next, within a budget."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from crawler.engines.document import Document
from data.folding import fold

_ACTIONS: Final = (
    "add-to-cart",
    "add_to_cart",
    "addtocart",
    "action",
    "logout",
    "remove_item",
    "replytocom",
    "s",
    "q",
    "nonce",
    "_wpnonce",
    "token",
)
#: Orders, facets and pages of lists, dates of calendars, other looks of the same page: without end, and nothing new.
_TRAP = re.compile(
    r"^(?:sort|sort_?by|order|order_?by|dir|direction|filter.*|pa_.+|min_?price|max_?price|price.*|gia|mau|size|colou?r|brand|material"
    r"|rating|limit|per_?page|page|paged|trang|offset|start|view|mode|display|layout|variant|sku|currency|print|amp|format|share"
    r"|date|day|month|year|week|ical|calendar|tribe.*|event.*|from|to|redirect.*|return.*|next|back|url|preview.*|v|ver|cache|_)$",
    re.I,
)
#: Pages of a calendar or of a list, and the archives of days and months.
_TRAP_PATH = re.compile(
    r"/(?:calendar|lich|events?)/(?:[^/]*/)?\d{4}|/(?:19|20)\d\d/\d{1,2}(?:/\d{1,2})?/?$|/(?:19|20)\d\d-\d\d(?:-\d\d)?/?$"
    r"|/(?:page|trang)[/-]\d{1,6}/?$|/(?:filter|sort|sortby|orderby)[/_-]|/(?:print|amp|embed|feed)/?$",
    re.I,
)
_SESSION = re.compile(r";(?:jsessionid|sid|phpsessid)=[^/?#]{1,200}", re.I)
_MOST_STEPS: Final = 7
_TRACKING = re.compile(
    r"^(?:utm_|fbclid|gclid|gad_|zarsrc|ref$|ref_|mc_|_ga|spm|srsltid|igshid|sessionid|sid$|phpsessid)", re.I
)
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|avif|ico|pdf|zip|rar|7z|docx?|xlsx?|pptx?|mp[34]|avi|mov|css|js|json|xml|txt|apk|exe|dmg)$",
    re.I,
)
_UNSAID: Final = ("", 0.0)
_DEEP: Final = 0.7
AGAIN: Final = 1.5


@cache
def _worths() -> dict[str, tuple[str, float]]:
    """Path word → its kind and worth."""
    found: dict[str, tuple[str, float]] = {}
    for line in (Path(__file__).parent / "links.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        kind, worth, words = line.split("\t")
        for word in words.split():
            found.setdefault(word, (kind, float(worth)))
    return found


def landing_links(doc: Document, limit: int) -> list[str]:
    """At most ``limit`` addresses of the same host that are worth reading, best first.

    Prices, offers, about, questions, products and services come first, and kinds take turns, so that a hundred products
    do not crowd out the rest. Log-ins, carts, searches, files and other hosts are never named.
    """
    seen: dict[str, tuple[float, str]] = {}
    for address, text in linked(doc):
        judged = judge(address, text)
        if judged is not None and address not in seen:
            seen[address] = judged
            if len(seen) >= 5_000:
                break
    return _in_turns(seen, limit)


def linked(doc: Document) -> Iterator[tuple[str, str]]:
    """The pages of the same host that ``doc`` links to, and the words of each link."""
    own, here = host_of(doc.url), normal(doc.url)
    for element in doc.tree.iter("a"):
        link = doc.link(element.get("href"))
        if link is None or len(link) > 1_000 or "nofollow" in (element.get("rel") or "") or host_of(link) != own:
            continue
        address = normal(link)
        if address is not None and address != here:
            yield address, str(element.text_content())[:80]


def _in_turns(seen: dict[str, tuple[float, str]], limit: int) -> list[str]:
    """The best first; each further page of a kind counts for less."""
    taken: Counter[str] = Counter()
    ranked = []
    for address, (worth, kind) in sorted(seen.items(), key=lambda item: -item[1][0]):
        ranked.append((worth - AGAIN * taken[kind], address))
        taken[kind] += 1
    return [address for _, address in sorted(ranked, key=lambda item: -item[0])[: max(limit, 0)]]


def host_of(url: str) -> str | None:
    """The host of ``url`` without ``www.``, with its port where it is another than the scheme's own."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    host = (parts.hostname or "").lower().removeprefix("www.")
    return f"{host}:{port}" if port and port not in (80, 443) else host


def normal(url: str) -> str | None:
    """``url`` without fragment, tracking and session; ``None`` where it is a file, an action, a trap or broken."""
    try:
        parts = urlsplit(url)
        query = parse_qsl(parts.query, max_num_fields=30)
    except ValueError:
        return None
    if _FILE.search(parts.path) or any(name.lower() in _ACTIONS for name, _ in query):
        return None
    path = _SESSION.sub("", parts.path)
    kept = [(name, value) for name, value in query if not _TRACKING.match(name)]
    if any(_TRAP.match(name) for name, _ in kept) or len(kept) > 2 or _TRAP_PATH.search(path) or _goes_round(path):
        return None
    return urlunsplit((parts.scheme, parts.netloc.lower(), path or "/", urlencode(kept), ""))


def _goes_round(path: str) -> bool:
    """Whether a path is deeper than any page of a brand, or repeats its steps as broken relative links do."""
    steps = [step for step in path.split("/") if step]
    return (
        len(steps) > _MOST_STEPS
        or any(count > 2 for count in Counter(steps).values())
        or any(steps[i : i + 2] == steps[i + 2 : i + 4] for i in range(len(steps) - 3))
    )


def judge(address: str, text: str) -> tuple[float, str] | None:
    """What a page is worth reading, by its address and the words of the link to it, and its kind; ``None`` for never."""
    parts = urlsplit(address)
    steps = [step for step in fold(unquote(parts.path)).split("/") if step]
    steps = [re.sub(r"\.(?:html?|php|aspx?)$", "", step) for step in steps]
    worths = _worths()
    if any(worths.get(step, _UNSAID)[0] == "never" for step in steps):
        return None
    best, kind = 2.0, steps[0] if steps else "home"
    said = re.sub(r"\W+", "-", fold(text)).strip("-")
    for step, discount in [(step, 0.0) for step in steps] + [(said, 0.5)]:
        found = _worth(step)
        if found[1] - discount > best:
            kind, best = found[0], found[1] - discount
    return best - _DEEP * max(len(steps) - 1, 0) - (1 if parts.query else 0), kind


@lru_cache(maxsize=20_000)
def _worth(step: str) -> tuple[str, float]:
    """The kind and worth of a path step: as listed, or one less where it only holds a listed word."""
    worths = _worths()
    if step in worths:
        return worths[step]
    held = [
        (kind, worth - 1) for word, (kind, worth) in worths.items() if worth and len(word) > 4 and _holds(step, word)
    ]
    return max(held, key=lambda found: found[1], default=_UNSAID)


def _holds(step: str, word: str) -> bool:
    return f"-{word}-" in f"-{step}-"
