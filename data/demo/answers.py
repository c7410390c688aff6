"""Pages made ready to be sent: HTTP heads, entity tags, and the answer to a conditional request."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha1

from data.demo.pages import Resource
from data.demo.truth import FICTION

_SECURITY = (
    "X-Content-Type-Options: nosniff\r\n"
    "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; img-src data:\r\n"
)
_REASONS = {
    200: "OK",
    301: "Moved Permanently",
    304: "Not Modified",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A page ready to be sent: its head, its body, its 304, and what conditional requests compare."""

    head: bytes
    body: bytes
    unchanged: bytes
    etag: str
    modified: float


def _head(status: int, *lines: str) -> bytes:
    return (
        f"HTTP/1.1 {status} {_REASONS[status]}\r\n" + "".join(f"{line}\r\n" for line in lines) + _SECURITY + "\r\n"
    ).encode()


def ready(resource: Resource, bases: Mapping[str, str]) -> Answer:
    """``resource`` as it is sent; ``bases`` are the addresses that stand for ``@@site@@``."""
    if resource.location is not None:
        return Answer(_head(301, f"Location: {resource.location}", "Content-Length: 0"), b"", b"", "", 0)
    body = resource.body
    if b"@@" in body:
        for site, base in bases.items():
            body = body.replace(f"@@{site}@@".encode(), base.encode())
    etag = f'"{sha1(body, usedforsecurity=False).hexdigest()[:20]}"'
    shared = (
        f"ETag: {etag}",
        f"Last-Modified: {format_datetime(resource.modified, usegmt=True)}",
        "Cache-Control: no-cache",
    )
    head = _head(200, f"Content-Type: {resource.content_type}", f"Content-Length: {len(body)}", *shared)
    return Answer(head, body, _head(304, *shared), etag, resource.modified.timestamp())


def short(status: int, text: str) -> bytes:
    """A whole response that says ``text``."""
    body = f"<!DOCTYPE html><meta charset=utf-8><title>{status}</title><p>{text}</p><p>{FICTION}</p>".encode()
    return _head(status, "Content-Type: text/html; charset=utf-8", f"Content-Length: {len(body)}") + body


class Site:
    """One site's pages; a page's answer is made ready when it is first asked for."""

    def __init__(self, name: str, seen: Counter[tuple[str, str]]) -> None:
        self.name, self._seen = name, seen
        self.readers: set[asyncio.Transport] = set()
        self._pages: dict[str, Resource] = {}
        self._ready: dict[str, Answer] = {}
        self._bases: dict[str, str] = {}
        self._missing = short(404, "Không có trang này.")

    def fill(self, pages: dict[str, Resource], bases: dict[str, str]) -> None:
        """Show ``pages`` from now on."""
        self._pages, self._bases, self._ready = pages, bases, {}

    def answer(self, method: str, target: str, headers: dict[str, str]) -> bytes:
        """The whole response, head and body, to one request."""
        if method not in ("GET", "HEAD"):
            return short(405, "Chỉ đọc được thôi.")
        self._seen[self.name, target] += 1
        found = self._ready.get(target) or self._prepare(target)
        if found is None:
            return self._missing if method == "GET" else self._missing.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        if headers and found.etag and self._unchanged(found, headers):
            return found.unchanged
        return found.head + found.body if method == "GET" else found.head

    def _prepare(self, target: str) -> Answer | None:
        resource = self._pages.get(target) or self._pages.get(target.partition("?")[0])
        if resource is None:
            return None
        made = ready(resource, self._bases)
        if target in self._pages:
            self._ready[target] = made
        return made

    @staticmethod
    def _unchanged(found: Answer, headers: dict[str, str]) -> bool:
        tags = headers.get("if-none-match")
        if tags is not None:
            return tags.strip() == "*" or found.etag in (t.strip().removeprefix("W/") for t in tags.split(","))
        try:
            since = parsedate_to_datetime(headers["if-modified-since"])
        except (KeyError, ValueError, TypeError):
            return False
        return int(found.modified) <= since.timestamp()
