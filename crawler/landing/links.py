"""Which pages of a brand's site are worth reading next, within a budget."""

from __future__ import annotations

import re
from collections import Counter
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
_TRACKING = re.compile(
    r"^(?:utm_|fbclid|gclid|gad_|zarsrc|ref$|ref_|mc_|_ga|spm|srsltid|igshid|sessionid|sid$|phpsessid)", re.I
)
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|avif|ico|pdf|zip|rar|7z|docx?|xlsx?|pptx?|mp[34]|avi|mov|css|js|json|xml|txt|apk|exe|dmg)$",
    re.I,
)
_UNSAID: Final = ("", 0.0)
_DEEP: Final = 0.7
_AGAIN: Final = 1.5


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
    own = _host(doc.url)
    here = _normal(doc.url)
    seen: dict[str, tuple[float, str]] = {}
    for element in doc.tree.iter("a"):
        link = doc.link(element.get("href"))
        if link is None or len(link) > 1_000 or "nofollow" in (element.get("rel") or "") or _host(link) != own:
            continue
        address = _normal(link)
        if address is None or address == here or address in seen:
            continue
        judged = _judge(address, str(element.text_content())[:80])
        if judged is not None:
            seen[address] = judged
            if len(seen) >= 5_000:
                break
    return _in_turns(seen, limit)


def _in_turns(seen: dict[str, tuple[float, str]], limit: int) -> list[str]:
    """The best first; each further page of a kind counts for less."""
    taken: Counter[str] = Counter()
    ranked = []
    for address, (worth, kind) in sorted(seen.items(), key=lambda item: -item[1][0]):
        ranked.append((worth - _AGAIN * taken[kind], address))
        taken[kind] += 1
    return [address for _, address in sorted(ranked, key=lambda item: -item[0])[: max(limit, 0)]]


def _host(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    host = (parts.hostname or "").lower().removeprefix("www.")
    return f"{host}:{port}" if port and port not in (80, 443) else host


def _normal(url: str) -> str | None:
    """``url`` without fragment and tracking; ``None`` where it is a file, an action or broken."""
    try:
        parts = urlsplit(url)
        query = parse_qsl(parts.query, max_num_fields=30)
    except ValueError:
        return None
    if _FILE.search(parts.path) or any(name.lower() in _ACTIONS for name, _ in query):
        return None
    kept = urlencode([(name, value) for name, value in query if not _TRACKING.match(name)])
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path or "/", kept, ""))


def _judge(address: str, text: str) -> tuple[float, str] | None:
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
