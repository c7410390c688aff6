"""A study's store to be filled by tests: one forum, one thread, and posts of fiction."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from data.records import Post, Thread
from data.store import SavedPosts, Store, WriteBatch, open_store
from data.study import Study

NOW = datetime(2026, 11, 1, 2, 5, tzinfo=UTC)
FORUM = "https://forum.example/f/me-va-be/"
STUDY = Study.model_validate(
    {
        "study": "thu",
        "contact": "research@example.com",
        "own": {"name": "An Nhiên"},
        "competitors": [{"name": "MiniCare", "sites": ["https://minicare.example"], "aliases": ["mini care"]}],
        "sources": [{"url": FORUM}],
    }
)


def open_filled(path: Path) -> Store:
    """A new database at ``path`` that knows the study."""
    store = open_store(path, create=True)
    store.author_key_secret = b"k" * 32
    store.sync_study(STUDY)
    return store


def post(number: int, text: str, **more: object) -> Post:
    return Post(post_id=f"post-{number}", text=text, author=f"người {number}", posted_at=NOW, **more)  # type: ignore[arg-type]


def thread(*posts: Post, **more: object) -> Thread:
    values: dict[str, object] = {
        "thread_id": "t1",
        "url": "https://forum.example/t/1",
        "engine": "xenforo",
        "title": "Tã nào tốt?",
        "posts": posts,
    }
    return Thread(**{**values, **more})  # type: ignore[arg-type]


def save(store: Store, *threads: Thread) -> SavedPosts:
    return store.write(WriteBatch(threads=[(store.source_id(FORUM), t) for t in threads]))
