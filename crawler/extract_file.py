"""JSON Lines in, JSON Lines out: the work behind ``chandung extract``, few lines at a time and bounded."""

from __future__ import annotations

import gc
import gzip
import json
import os
import signal
import sys
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, TextIO

from crawler.engines.document import MAX_BYTES
from crawler.extract import extract
from data.records import Page
from data.words import chosen_language, speak, tell

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

_CHUNK: Final = 1 << 20
#: Lines that a process is handed at a time; with fewer batches than ``_FEW`` no other process is worth starting.
_BATCH: Final = 2
_FEW: Final = 12
#: Each needs some 150 MB.
_MOST_PROCESSES: Final = 8
_encode: Final = json.JSONEncoder(ensure_ascii=False).encode
#: A line of the input with its number, and what is made of it: what is written, what is told.
_Line = tuple[int, bytes]
_Read = tuple[str, str]


class LineError(ValueError):
    """A line that cannot be used; its text is the sentence for the user."""


def extract_file(
    source: BinaryIO,
    folder: Path,
    out: TextIO,
    complain: Callable[[str], None],
    *,
    advance: Callable[[], None] = lambda: None,
    processes: int | None = None,
) -> int:
    """Read pages from ``source``, write one line each to ``out``, in order; returns how many lines could not be used.

    ``html_path`` is relative to ``folder``. Every unusable line is told to ``complain`` in one sentence, and the rest goes on.
    ``processes`` are as many as there are processors, where ``None``; few pages are read by this one.
    """
    wrong = 0
    several = _processors() if processes is None else processes
    batches = _batches((number, raw) for number, raw in enumerate(source, 1) if raw.strip())
    first = list(islice(batches, _FEW if several > 1 else 0))
    found: Iterable[list[_Read]]
    with ExitStack() as stack:
        if len(first) < _FEW or several < 2:
            stack.enter_context(_seldom_collecting())
            found = map(partial(_read_batch, folder), chain(first, batches))
        else:
            found = stack.enter_context(_several(chain(first, batches), folder, several))
        for read in found:
            for line, fault in read:
                if fault:
                    wrong += 1
                    complain(fault)
                out.write(line)
                advance()
    return wrong


def _processors() -> int:
    """How many processors this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return min(len(allowed(0)) if allowed else os.cpu_count() or 1, _MOST_PROCESSES)


def _batches(lines: Iterable[_Line]) -> Iterator[list[_Line]]:
    """``lines`` in short lists, shorter where they hold whole pages."""
    batch: list[_Line] = []
    size = 0
    for line in lines:
        batch.append(line)
        size += len(line[1])
        if len(batch) == _BATCH or size > _CHUNK:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _read_batch(folder: Path, batch: Sequence[_Line]) -> list[_Read]:
    """What is written of each line, and what is told of it where it cannot be used."""
    found = []
    for number, raw in batch:
        try:
            identifier, page = _page(raw, number, folder)
        except LineError as error:
            found.append(("", str(error)))
        else:
            found.append((_encode({"id": identifier, **extract(page)}) + "\n", ""))
    return found


@contextmanager
def _several(batches: Iterator[list[_Line]], folder: Path, processes: int) -> Iterator[Iterator[list[_Read]]]:
    """What ``processes`` fresh processes read, in order, few batches ahead."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(processes, get_context("spawn"), _begin, (chosen_language(),)) as pool:
        try:
            yield _in_order(batches, lambda batch: _undisturbed(pool, folder, batch), 2 * processes)
        except BaseException:  # Ctrl+C, or nobody reads on: what is not begun is not read
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _undisturbed(pool: Executor, folder: Path, batch: list[_Line]) -> Future[list[_Read]]:
    """Hand a batch to the processes. One that is started for it takes over that Ctrl+C is not for it."""
    if sys.platform == "win32":
        return pool.submit(_read_batch, folder, batch)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return pool.submit(_read_batch, folder, batch)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _in_order(
    batches: Iterator[list[_Line]], submit: Callable[[list[_Line]], Future[list[_Read]]], ahead: int
) -> Iterator[list[_Read]]:
    waiting: deque[Future[list[_Read]]] = deque()
    for batch in batches:
        waiting.append(submit(batch))
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _begin(lang: str | None) -> None:
    """Make a process ready: it speaks as the one that started it, which alone answers Ctrl+C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    speak(lang)
    _collect_seldom()


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    usual = gc.get_threshold()
    _collect_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def _collect_seldom() -> None:
    """A page makes tens of thousands of objects that die with it and few cycles: looking for cycles that often is waste."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 10)


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
