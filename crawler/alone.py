"""One crawl of a study at a time: two would ask the same sites twice as fast as either of them knows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler.held import Holder, hold, holder
from data.errors import StoreError


@contextmanager
def alone(database: Path) -> Iterator[None]:
    """Hold the study's crawl meanwhile. Raises :class:`StoreError` while another process holds it."""
    with hold(database, _lock(database), lambda _: StoreError("crawl_running", path=database)):
        yield


def crawling(database: Path) -> Holder | None:
    """Who crawls the study now; ``None`` where nobody does."""
    return holder(_lock(database))


def _lock(database: Path) -> Path:
    return database.with_name(database.name + "-crawl.lock")
