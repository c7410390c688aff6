"""Where a brand and its customers may be found: asked of the brand's own address, and of a short list of public forums."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from data.words import LANGUAGES, language, tell, tell_in

#: Seconds that the looking around may take, and those between requests to a public forum.
_SECONDS = 90
_SECONDS_BETWEEN = 2
MARKET = "market"
#: Under ``none`` stands already that a site leads nowhere.
_HOW = {"none": "unread"}
_LIST = Path(__file__).parent / "public_places.tsv"


@dataclass(frozen=True, slots=True)
class Place:
    """Something to read. ``how``: ``read`` as it is, ``token`` with a key, ``import`` from an exported file, ``none`` not yet.

    ``about`` is the brand it is about, or ``market``; ``token`` the name of the key's variable; ``network`` the platform.
    ``told`` says in words what it is.
    """

    url: str
    how: str
    about: str
    told: str
    token: str | None = None
    network: str = ""
    delay: int | None = None

    @property
    def line(self) -> str:
        """What stands below ``sources:`` (``imports:`` for ``import``) of a study."""
        from data.starter import scalar

        if self.how == "import":
            return f"- {{file: {self.network}.csv, kind: posts, about: {scalar(self.about)}}}"
        key = f', token: "${{{self.token}}}"' if self.token else ""
        delay = f", delay: {self.delay}" if self.delay else ""
        return f"- {{url: {scalar(self.url)}, about: {scalar(self.about)}{delay}{key}}}"


@dataclass(frozen=True, slots=True)
class Seen:
    """What one address led to. ``problem`` is a sentence where nothing could be seen, ``problems`` the same in every language;
    ``pages`` are (kind, address); ``others`` tell of places that Chandung does not read."""

    url: str
    name: str | None
    places: tuple[Place, ...]
    pages: tuple[tuple[str, str], ...] = ()
    problem: str | None = None
    problems: dict[str, str] = field(default_factory=dict)
    others: tuple[str, ...] = ()

    @property
    def itself(self) -> Place | None:
        """The place that the address itself is, where it is a page on a platform and not a site."""
        return next((one for one in self.places if one.url == self.url and one.network), None)

    def about(self, brand: str) -> Seen:
        """The same, with what is no place of the whole market about ``brand``."""
        places = (one if one.about == MARKET else replace(one, about=brand) for one in self.places)
        return replace(self, places=tuple(places))


def look_around(address: str, contact: str, about: str, *, bare: bool = False) -> Seen:
    """Look at ``address`` in a process of its own (``chandung look``); the places found are about the brand ``about``.
    ``bare``: nobody wrote its https, so that http is tried as well.

    Whatever goes wrong comes back as a sentence: an interview goes on without what could not be seen.
    """
    asked = [sys.executable, "-P", "-m", "chandung", "--language", language(), "look"]
    asked += [address.removeprefix("https://") if bare else address, "--json"]
    try:
        done = subprocess.run(
            [*asked, *(["--contact", contact] if contact else [])],
            capture_output=True,
            check=False,
            timeout=_SECONDS,
            env={**os.environ, "CHANDUNG_WITHIN": "1", "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL,
        )
        found = json.loads(done.stdout.decode("utf-8"))["addresses"][0]
    except subprocess.TimeoutExpired:
        return _unseen(address, "slow")
    except (OSError, ValueError, LookupError):
        return _unseen(address, "failed")
    return _seen(found, about)


def _unseen(address: str, why: str) -> Seen:
    said = {lang: tell_in(lang, f"init.look.{why}", url=address) for lang in LANGUAGES}
    return Seen(address, None, (), problem=said[language()], problems=said)


def _seen(found: dict[str, Any], about: str) -> Seen:
    problem = found["problem"] or {"sentence": None, "sentences": {}}
    places = [_elsewhere(one, about) for one in found["places"] if one["line"] or one["url"] == found["url"]]
    places += [Place(url, "read", about, tell("init.look.feed", url=url)) for url in found["feeds"]]
    places += [Place(url, "read", MARKET, tell("init.look.talk", url=url)) for url in found["talk"]]
    pages = tuple((kind, url) for kind, url in found["pages"])
    others = tuple(one["sentence"] for one in found["places"] if not one["line"] and one["url"] != found["url"])
    return Seen(
        found["url"],
        found["name"],
        tuple(places),
        pages,
        problem["sentence"],
        problem["sentences"],
        others,
    )


def _elsewhere(one: dict[str, Any], about: str) -> Place:
    told = tell(
        f"init.look.{_HOW.get(one['how'], one['how'])}",
        url=one["url"],
        network=tell(f"offered.networks.{one['network']}"),
    )
    token = re.search(r"\$\{(\w+)\}", one["line"] or "")
    return Place(one["url"], one["how"], about, told, token[1] if token else None, one["network"])


@cache
def _public_places() -> tuple[dict[str, str], ...]:
    with _LIST.open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines, delimiter="\t"))


def topics() -> tuple[str, ...]:
    """What public forums are known to us for, by name: ``parenting``, ``technology``, …"""
    return tuple(dict.fromkeys(row["topic"] for row in _public_places()))


def public_places(chosen: Sequence[str]) -> tuple[Place, ...]:
    """Well-known public places of these topics. That they are named says nothing of whether their terms allow reading."""
    return tuple(
        Place(row["url"], "read", MARKET, f"{row['url']}: {row[f'about_{language()}']}", delay=_SECONDS_BETWEEN)
        for row in _public_places()
        if row["topic"] in chosen
    )
