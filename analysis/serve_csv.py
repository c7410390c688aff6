"""CSV out of Datasette as ``chandung query`` writes it: whole, opened by Excel as UTF-8, and no text in it runs as a formula.

Datasette writes CSV in one place that no plugin replaces, so its answers are rewritten on their way out, row by row.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from data.rows import harmless
from data.store.queries import views

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_TYPES = (b"text/csv", b"text/plain")
_LONGEST_CELL = 2**31 - 1


class Rewriting:
    """Turns the pieces of a CSV file, wherever they were cut, into the pieces of its harmless form."""

    def __init__(self) -> None:
        csv.field_size_limit(_LONGEST_CELL)  # a saved page's text may be longer than Python's 128 KB
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._before = codecs.BOM_UTF8

    def take(self, piece: bytes, *, last: bool = False) -> bytes:
        """What is sent for ``piece``: all rows that are whole by now."""
        self._rest += self._decoder.decode(piece, last)
        whole = self._rest.endswith("\n") and self._rest.count('"') % 2 == 0
        if not self._rest or not (whole or last):
            return b""
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        for row in csv.reader(io.StringIO(self._rest, newline="")):
            writer.writerow([harmless(cell) for cell in row])
        before, self._before, self._rest = self._before, b"", ""
        return before + out.getvalue().encode("utf-8", "replace")


def _whole(scope: Scope) -> Scope:
    """The request for all rows, unless a part was asked for: Datasette's own link ends unsaid after some thousands.

    A table's rows then come in the order of its key. Datasette goes from page to page of a sorted table by a key that
    its first page is not sorted by, and so leaves out some rows that sort alike and gives others twice.
    """
    asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    names = dict(asked)
    if "_next" in names or ("_stream" not in names and names.get("_size", "max") != "max"):
        return scope
    is_view = scope["path"].rpartition("/")[2].removesuffix(".csv") in views()
    kept = [(name, value) for name, value in asked if is_view or name not in ("_sort", "_sort_desc")]
    if "_stream" not in names:
        kept.append(("_stream", "1"))
    return {**scope, "query_string": urlencode(kept).encode("ascii")}


def harmless_csv(app: App) -> App:
    """``app`` with every CSV file of it rewritten while it is streamed."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        rewriting: Rewriting | None = None

        async def rewritten(message: dict[str, Any]) -> None:
            nonlocal rewriting
            if message["type"] == "http.response.start":
                headers = [(name.lower(), value) for name, value in message["headers"]]
                if message["status"] == 200 and dict(headers).get(b"content-type", b"").startswith(_TYPES):
                    rewriting = Rewriting()
                    headers = [(name, value) for name, value in headers if name != b"content-length"]
                    message = {**message, "headers": headers}
            elif message["type"] == "http.response.body" and rewriting is not None:
                body = rewriting.take(message.get("body", b""), last=not message.get("more_body"))
                message = {**message, "body": body}
            await send(message)

        is_csv = scope["type"] == "http" and scope["path"].endswith(".csv")
        if is_csv:
            await app(_whole(scope), receive, rewritten)
        else:
            await app(scope, receive, send)

    return wrapped
