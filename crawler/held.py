"""A lock that one process holds at a time, and who holds it.

The lock is the operating system's own and goes with the process that holds it, however that ends; the note beside it that says
who holds it may stay behind and is believed only while the lock is held.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from data.errors import StoreError

#: Whoever only looks whether a lock is held has it for a moment; who wants it waits so long for that.
PATIENCE = 0.5


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock: the process, its computer, and since when."""

    process: int | None = None
    host: str | None = None
    since: datetime | None = None


@contextmanager
def hold(database: Path, lock: Path, taken: Callable[[Holder], StoreError]) -> Iterator[None]:
    """Hold ``lock`` for work on ``database`` meanwhile. Raises what ``taken`` makes of another holder, and :class:`StoreError` where the
    lock cannot be made."""
    held, note = FileLock(lock), _note(lock)
    try:
        held.acquire(timeout=PATIENCE)
    except Timeout:
        raise taken(_read(note)) from None
    except OSError as error:
        raise StoreError("database_read_only", path=database, why=error) from error
    try:
        with contextlib.suppress(OSError):  # who holds it is worth knowing, not worth failing for
            now = datetime.now(UTC).isoformat(timespec="seconds")
            note.write_text(
                json.dumps({"process": os.getpid(), "host": platform.node(), "since": now}), encoding="utf-8"
            )
        yield
    finally:
        with contextlib.suppress(OSError):
            note.unlink(missing_ok=True)
        held.release()


def holder(lock: Path) -> Holder | None:
    """Who holds ``lock``; ``None`` where nobody does."""
    if not lock.exists():
        return None
    held = FileLock(lock)
    try:
        held.acquire(timeout=0)
    except Timeout:
        return _read(_note(lock))
    except OSError:
        return None
    held.release()
    return None


def _note(lock: Path) -> Path:
    return lock.with_name(lock.name.removesuffix(".lock") + ".holder")


def _read(note: Path) -> Holder:
    try:
        told = json.loads(note.read_text(encoding="utf-8")[:2000])
        return Holder(int(told["process"]), str(told["host"])[:100], datetime.fromisoformat(told["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Holder()
