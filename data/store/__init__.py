"""The store: everything that a study has gathered and found, behind one interface.

SQLite is the default (:mod:`data.store.sqlite`). Stages read by SQL through :meth:`Store.query`; they write by the methods.
"""

from __future__ import annotations

from pathlib import Path

from data.store.base import (
    CrawlCounts,
    FetchedPage,
    PageState,
    PostReading,
    PostToRead,
    SavedPosts,
    SearchHit,
    Store,
    ThreadState,
    WriteBatch,
)

__all__ = [
    "CrawlCounts",
    "FetchedPage",
    "PageState",
    "PostReading",
    "PostToRead",
    "SavedPosts",
    "SearchHit",
    "Store",
    "ThreadState",
    "WriteBatch",
    "open_store",
]


def open_store(path: Path, *, create: bool = False, read_only: bool = False, mapped: bool = True) -> Store:
    """Open the database at ``path``, migrating it where an older version wrote it.

    ``mapped``: look at the file in memory where the system has it there, which is quick for single rows; whoever reads all of a
    large database once, from end to end, would seem to need as much memory.

    Raises :class:`data.errors.StoreError` where it is missing (unless ``create``), no database, truncated, locked,
    or written by a newer version.
    """
    from data.store.sqlite import SQLiteStore

    return SQLiteStore(path, create=create, read_only=read_only, mapped=mapped)
