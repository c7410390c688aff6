"""One crawl of a study at a time: two would ask the same sites twice as fast as either of them knows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from data.errors import StoreError


@contextmanager
def alone(database: Path) -> Iterator[None]:
    """Hold the study's crawl meanwhile. Raises :class:`StoreError` while another process holds it.

    The lock is the operating system's own and goes with the process that holds it, however that ends.
    """
    path = database.with_name(database.name + "-crawl.lock")
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise StoreError("crawl_running", path=database) from None
    except OSError as error:
        raise StoreError("database_read_only", path=database, why=error) from error
    try:
        yield
    finally:
        lock.release()
