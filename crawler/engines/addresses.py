"""Addresses on the host of another one."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode, urlsplit, urlunsplit


def at(url: str, path: str, query: Iterable[tuple[str, str]] = ()) -> str:
    """The address of ``path`` on the host of ``url``, whatever the path looks like."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, path, urlencode(list(query)), ""))
