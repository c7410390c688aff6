"""Where else the brand is: its profiles and shops on other platforms, and the trackers it runs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

from crawler.engines.document import Document
from crawler.numbered_links import without_number

MOST: Final = 40
_SHARING: Final = (
    "sharer",
    "/share",
    "intent/",
    "pin/create",
    "/dialog/",
    "sharearticle",
    "share-offsite",
    "/tr?",
    "plugins/",
    "/embed",
)
_LONGEST: Final = 5_000_000
#: Trackers are called from short scripts; long ones are a shop's programs and data.
_LONG_SCRIPT: Final = 100_000
#: Marks that are the names of elements and not of calls.
_ELEMENTS: Final = frozenset(("fb-customerchat", "zalo-chat-widget"))
_ADDRESS = re.compile(r"//([\w.-]{4,80}(?:/[\w./?=-]{0,80})?)")
_FOLDER = Path(__file__).parent


@cache
def _rows(name: str) -> tuple[tuple[str, str], ...]:
    lines = (_FOLDER / name).read_text(encoding="utf-8").splitlines()[1:]
    return tuple((line.split("\t")[0], line.split("\t")[1]) for line in lines)


@cache
def _tool_kinds() -> dict[str, str]:
    lines = (_FOLDER / "trackers.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return {name: kind for name, _, kind in (line.split("\t") for line in lines)}


def tools(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The tools ``names`` by what they are for: ``analytics``, ``advertising``, ``chat``, ``shop``, …"""
    kinds: dict[str, list[str]] = {}
    for name in names:
        kinds.setdefault(_tool_kinds()[name], []).append(name)
    return {kind: tuple(found) for kind, found in sorted(kinds.items())}


@cache
def _networks() -> dict[str, str]:
    return {host: network for network, hosts in _rows("social.tsv") for host in hosts.split()}


@cache
def network_names() -> frozenset[str]:
    """The platforms' names as one word each; ``x`` and the like, which are words of their own, are left out."""
    return frozenset(
        name for name in _networks().values() if len(name) > 3 and name not in ("line", "medium", "threads")
    )


def imported(network: str) -> bool:
    """Whether posts of a platform can be imported from a file that people export."""
    lines = (line.split("\t") for line in (_FOLDER / "social.tsv").read_text(encoding="utf-8").splitlines()[1:])
    return any(name == network and how for name, _, how in lines)


@lru_cache(maxsize=10_000)
def network(url: str) -> str | None:
    """The platform that ``url`` leads to (``facebook``, ``zalo``, ``shopee``, …), or ``None``."""
    host = url.partition("://")[2].partition("/")[0].lower().partition(":")[0]
    known = _networks()
    parts = host.split(".")
    return next((known[name] for i in range(len(parts) - 1) if (name := ".".join(parts[i:])) in known), None)


def social_links(doc: Document) -> tuple[str, ...]:
    """Links to profiles and shops on other platforms, without tracking; links that only share this page are left out."""
    own = (urlsplit(doc.url).hostname or "").lower()
    kept: dict[str, None] = {}
    for element in doc.tree.iter("a"):
        href = element.get("href") or ""
        if "//" not in href or len(href) > 500 or not network(href if "://" in href else f"https:{href}"):
            continue
        link = doc.link(href)
        if link is None or any(part in link.lower() for part in _SHARING):
            continue
        if profile := _profile(link, own):
            kept.setdefault(profile)
            if len(kept) == MOST:
                break
    return tuple(kept)


def _profile(link: str, own: str) -> str | None:
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if host == own:
        return None
    path = parts.path.rstrip("/")
    query = parse_qs(parts.query)
    ident = next((f"?{urlencode([(name, query[name][0])])}" for name in ("id", "q", "list") if name in query), "")
    if not path and not ident:
        return None
    return without_number(f"https://{host.removeprefix('www.')}{path}{ident}")


def trackers(doc: Document) -> tuple[str, ...]:
    """The names of the analytics, pixels, chats and shop systems whose marks (``trackers.tsv``) stand in the page.

    A mark with a slash or dot is looked for in the page's addresses, a call (``fbq('init'``) in its scripts, the name of
    an element (``zalo-chat-widget``) in its whole source.
    """
    source = doc.text[:_LONGEST]
    scripts = "\n".join(
        text for node in doc.tree.iter("script") if (text := node.text) and len(text) < _LONG_SCRIPT and "(" in text
    )
    addresses = "\n".join(dict.fromkeys(_ADDRESS.findall(source)))
    return tuple(
        name
        for name, marks in _rows("trackers.tsv")
        if any(
            mark in (addresses if _is_address(mark) else source if mark in _ELEMENTS else scripts)
            for mark in marks.split("|")
        )
    )


def _is_address(mark: str) -> bool:
    return "." in mark and "(" not in mark and "'" not in mark
