"""Values of an API's JSON as what they should be, or as nothing: an answer may hold anything at any place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.engines.text import tidy
from data.errors import UnreadablePageError

_LONGEST = 100_000
_TITLE = 90
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_ZONE = re.compile(r"([+-]\d\d)(\d\d)$")


def get(value: Any, *path: str | int) -> Any:
    """What lies at a path of keys and places, or ``None``."""
    for step in path:
        if isinstance(value, Mapping) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def text(value: Any, *path: str | int) -> str:
    """Words: Unicode NFC, tidied, no control characters; empty where there are none."""
    found = get(value, *path) if path else value
    if not isinstance(found, str):
        return ""
    return tidy(unicodedata.normalize("NFC", _CONTROLS.sub("", found[:_LONGEST]))).strip()


def line(value: Any, *path: str | int) -> str:
    """Words on one line, such as a name."""
    return " ".join(text(value, *path).split())[:300]


def ended(said: str) -> str:
    """What an API says, as a sentence that another can follow."""
    return said if not said or said.endswith((".", "!", "?", "…")) else f"{said}."


def word(value: Any, *path: str | int) -> str:
    """An id or a token for the next page as it stands; numbers count too. Empty for anything else, or for one too long."""
    found = get(value, *path) if path else value
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found)
    return found if isinstance(found, str) and 0 < len(found) <= 2_000 and found.isprintable() else ""


def count(value: Any, *path: str | int) -> int | None:
    """A number of things: 0 or more; numbers in quotes count. ``None`` where it is not told."""
    found = get(value, *path) if path else value
    if isinstance(found, str) and len(found) <= 15 and found.isascii() and found.isdigit():
        found = int(found)
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found < 10**15:
        return None
    return found


def items(value: Any, *path: str | int) -> list[Mapping[str, Any]]:
    """The objects of a list; what is no object is left out."""
    found = get(value, *path) if path else value
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def strings(value: Any, *path: str | int) -> list[str]:
    """The texts of a list; anything else in it is left out."""
    found = get(value, *path) if path else value
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def needed_items(value: Any, *path: str | int, url: str) -> list[Mapping[str, Any]]:
    """The objects of a list that must be there. Raises ``UnreadablePageError`` where it is not."""
    if not isinstance(get(value, *path), list):
        raise UnreadablePageError("not_the_api", url=url)
    return items(value, *path)


def moment(value: Any, *path: str | int) -> datetime | None:
    """A time: ISO 8601, or seconds since 1970. UTC where no zone is named; ``None`` where it is no time."""
    found = get(value, *path) if path else value
    try:
        if isinstance(found, int | float) and not isinstance(found, bool):
            return datetime.fromtimestamp(found, UTC) if found > 0 else None
        if not isinstance(found, str) or len(found) > 40:
            return None
        read = datetime.fromisoformat(_ZONE.sub(r"\1:\2", found.strip()))
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def title_of(words: str, otherwise: str = "") -> str:
    """A title for what has none: its first line, cut at a word."""
    first = next((part.strip() for part in words.split("\n") if part.strip()), "") or otherwise
    return first if len(first) <= _TITLE else first[:_TITLE].rsplit(" ", 1)[0] + " …"


def web_address(value: Any, *path: str | int) -> str | None:
    """An address of the web, or ``None``."""
    found = word(value, *path)
    return found if re.match(r"https?://[^\s/]+", found) else None


def with_query(url: str, **values: str | int | None) -> str:
    """An address with these query parameters set; those that are ``None`` are taken out."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    for name, value in values.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return urlunsplit(parts._replace(query=urlencode(query), fragment=""))
