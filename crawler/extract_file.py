"""JSON Lines in, JSON Lines out: the work behind ``chandung extract``, a line at a time and bounded."""

from __future__ import annotations

import gc
import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, TextIO

from crawler.engines.document import MAX_BYTES
from crawler.extract import extract
from data.records import Page
from data.words import tell

_CHUNK: Final = 1 << 20


class LineError(ValueError):
    """A line that cannot be used; its text is the sentence for the user."""


def extract_file(
    source: BinaryIO,
    folder: Path,
    out: TextIO,
    complain: Callable[[str], None],
    *,
    advance: Callable[[], None] = lambda: None,
) -> int:
    """Read pages from ``source``, write one line each to ``out``; returns how many lines could not be used.

    ``html_path`` is relative to ``folder``. Every unusable line is told to ``complain`` in one sentence, and the rest goes on.
    """
    wrong = 0
    write = json.JSONEncoder(ensure_ascii=False).encode
    with _seldom_collecting():
        for number, raw in enumerate(source, 1):
            if not raw.strip():
                continue
            try:
                identifier, page = _page(raw, number, folder)
            except LineError as error:
                wrong += 1
                complain(str(error))
            else:
                out.write(write({"id": identifier, **extract(page)}) + "\n")
            advance()
    return wrong


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """A page makes tens of thousands of objects that die with it and few cycles: looking for cycles that often is waste."""
    usual = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 10)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def _fail(key: str, **values: object) -> LineError:
    return LineError(tell(f"extract.line.{key}", **values))


def _page(raw: bytes, number: int, folder: Path) -> tuple[Any, Page]:
    try:
        line = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _fail("not_json", line=number, why=getattr(error, "msg", None) or type(error).__name__) from None
    if not isinstance(line, dict):
        raise _fail("not_json", line=number, why=type(line).__name__)
    if line.get("id") is None:
        raise _fail("no_id", line=number)
    if not isinstance(line.get("url"), str):
        raise _fail("no_url" if line.get("url") is None else "url_no_text", line=number)
    body = _body(line, number, folder)
    kind = line.get("content_type")
    return line["id"], Page(
        line["url"], body, content_type=kind if isinstance(kind, str) else "text/html", fetched_at=_time(line, number)
    )


def _body(line: dict[str, Any], number: int, folder: Path) -> bytes:
    markup = line.get("html")
    if isinstance(markup, str):
        return markup.encode("utf-8", "replace")
    if not isinstance(line.get("html_path"), str) or not line["html_path"]:
        raise _fail("no_html", line=number)
    path = folder / line["html_path"]
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            body = b"".join(_bounded(file))
    except (OSError, EOFError, ValueError, zlib.error) as error:
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise _fail("no_page", line=number, path=path, why=why) from None
    if len(body) > MAX_BYTES:
        raise _fail("too_large", line=number, path=path, limit=MAX_BYTES // 1_000_000)
    return body


def _bounded(file: Any) -> Iterator[bytes]:
    """At most one chunk more than a page may have, so that a small file cannot fill the memory."""
    read = 0
    while read <= MAX_BYTES and (chunk := file.read(_CHUNK)):
        read += len(chunk)
        yield chunk


def _time(line: dict[str, Any], number: int) -> datetime | None:
    said = line.get("fetched_at")
    if said is None:
        return None
    try:
        moment = datetime.fromisoformat(said)
    except (TypeError, ValueError):
        raise _fail("bad_time", line=number, value=str(said)[:40]) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
