"""The social pages, shops and app stores that a brand's site links to, offered as new sources: each with a line to paste.

Only what Chandung reads or imports says so; the rest is named, for people to look at themselves.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import parse_qs, urlsplit

from data.words import tell

if TYPE_CHECKING:
    from data.study import Study

How = Literal["read", "token", "import", "none"]

#: Places where nobody talks in public: a chat, a map, a shop's stall without comments of its own.
_NO_PLACE: Final = frozenset(("whatsapp", "viber", "line", "google_maps", "grabfood", "shopeefood", "spotify", "vimeo"))
_CHAT: Final = frozenset(("m.me", "messenger.com", "chat.zalo.me"))
_PHONE = re.compile(r"/(?:\+?\d{8,13}|\[phone\])/?$")
#: What in an address is one post, one film or one thing for sale and not the brand's own place.
_ONE_POST = re.compile(
    r"/(?:watch|shorts|video|videos|reel|reels|status|posts?|photos?|p|hashtag|stories|story\.php|permalink\.php|events)(?:/|$)"
    r"|youtu\.be/",
    re.I,
)
_GROUP = re.compile(r"(?:facebook|fb)\.com/groups/|linkedin\.com/groups/", re.I)
_PLAIN = re.compile(r"[\w][\w .&’'-]*")
#: So many places of a brand are told in full.
_SHOWN: Final = 12
_BARE_TOKENS: Final = {"facebook": "FB_TOKEN", "youtube": "YOUTUBE_KEY"}


@dataclass(frozen=True, slots=True)
class Offered:
    """A place where a brand is too. ``how``: ``read`` by a crawl, ``token`` the same with a key, ``import`` from an exported
    file, or ``none``; ``line`` is what to paste below ``sources:`` or ``imports:`` of the study; ``new`` is false where an
    earlier crawl found the same place."""

    url: str
    network: str
    about: str
    how: How
    line: str | None = None
    new: bool = True

    def sentence(self) -> str:
        """How it can come into the study, in the interface's language."""
        return tell(f"offered.{self.how}", url=self.url, network=tell(f"offered.networks.{self.network}"))

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"sentence": self.sentence()}


def offered(links: Iterable[str], study: Study, about: str, known: Iterable[str] = ()) -> list[Offered]:
    """What of ``links`` the study could read next, those that a crawl reads first; what it names already is left out.
    ``known`` are the links that earlier crawls found."""
    from crawler.landing.social import imported, network

    named = {_place(source.url) for source in study.all_sources()}
    told = {_place(url) for url in known}
    found: dict[str, Offered] = {}
    for url in links:
        name = network(url)
        if name is None or name in _NO_PLACE or _is_no_page(url) or _place(url) in named or _place(url) in found:
            continue
        one = _offer(url, name, about, importable=imported(name))
        found[_place(url)] = replace(one, new=_place(url) not in told)
    order: tuple[How, ...] = ("read", "token", "import", "none")
    return sorted(found.values(), key=lambda one: order.index(one.how))


def lines(about: str, places: Sequence[Offered]) -> list[str]:
    """What is said of a brand's places: those that no earlier crawl found, each with what to paste, and how to see the others."""
    new = [one for one in places if one.new]
    said = [tell("offered.title", brand=about, count=len(new))] if new else []
    for one in new[:_SHOWN]:
        said += [f"  · {one.sentence()}", *([f"      {one.line}"] if one.line else [])]
    hidden = len(places) - min(len(new), _SHOWN)
    return said + ([tell("offered.others" if new else "offered.known", brand=about, count=hidden)] if hidden else [])


def _is_no_page(url: str) -> bool:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    path = f"{host}{parts.path}"
    return host in _CHAT or _PHONE.search(parts.path) is not None or _ONE_POST.search(path) is not None


def _place(url: str) -> str:
    """What makes two addresses the same place: ``www.`` and ``m.``, case, strokes and most queries make no difference."""
    parts = urlsplit(url)
    host = re.sub(r"^(?:www|m|mobile|vi-vn)\.", "", (parts.hostname or "").lower())
    host = "facebook.com" if host in ("graph.facebook.com", "fb.com", "fb.me") else host
    ident = parse_qs(parts.query).get("id", [""])[0]
    return f"{host}{parts.path.rstrip('/').lower()}{ident}"


def _offer(url: str, name: str, about: str, *, importable: bool) -> Offered:
    from crawler.platforms import platforms

    # What is said in a group is no page's to read: it comes in by a file that a member exported.
    platform = None if _GROUP.search(url) else next((one for one in platforms() if one.knows(url)), None)
    brand = about if _PLAIN.fullmatch(about) else json.dumps(about, ensure_ascii=False)
    if platform is None:
        line = f"- {{file: {name}.csv, kind: posts, about: {brand}}}" if importable else None
        return Offered(url, name, about, "import" if importable else "none", line)
    token = f', token: "${{{_BARE_TOKENS.get(platform.name, platform.name.upper() + "_TOKEN")}}}"'
    line = f"- {{url: {json.dumps(url)}, about: {brand}{token if platform.needs_token else ''}}}"
    return Offered(url, name, about, "token" if platform.needs_token else "read", line)
