"""Sources that have fallen silent, and those that only rest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from analysis.silence import Silent, silent
from data.records import Post, Thread
from data.store import CrawlCounts, Store, WriteBatch
from tests.analysis.over_time import BOARD
from tests.analysis.world import World

NEWEST = datetime(2026, 10, 1, 8, tzinfo=UTC)


@pytest.fixture
def store(world: World) -> Iterator[Store]:
    with world.open() as opened:
        yield opened


def _posts(store: Store, every: int, days: int = 90) -> None:
    """A post every so many days, the newest on 1 October."""
    posts = [
        Post(f"p{back}", f"Bài số {'x' * back}", f"người {back}", NEWEST - timedelta(days=back))
        for back in range(0, days, every)
    ]
    thread = Thread("1", "https://dien-dan.example/t/1", "generic", "Hỏi", tuple(posts))
    store.write(WriteBatch(threads=[(store.source_id(BOARD), thread)]))


def _crawl(store: Store, state: str = "done") -> str:
    """A crawl that ends now; the tests look from then on."""
    run = store.begin_run("crawl")
    store.end_crawl(store.begin_crawl(run, store.source_id(BOARD)), state, CrawlCounts())
    store.end_run(run, "done")
    return (datetime.now(UTC) + timedelta(seconds=1)).isoformat(timespec="seconds").replace("+00:00", "Z")


def test_a_source_with_posts_every_other_day_is_silent_after_weeks(store: Store) -> None:
    _posts(store, every=2)
    until = _crawl(store)
    (found,) = silent(store, until)
    assert found == Silent(BOARD, "2026-10-01", until[:10], 45)


def test_a_source_that_was_not_read_since_is_not_called_silent(store: Store) -> None:
    _posts(store, every=2)
    assert not list(silent(store, "2026-11-20T00:00:00Z"))
    assert not list(silent(store, _crawl(store, "failed")))


def test_a_source_that_seldom_gives_posts_is_not_called_silent(store: Store) -> None:
    _posts(store, every=30)
    assert not list(silent(store, _crawl(store)))


def test_before_it_fell_silent_it_was_not(store: Store) -> None:
    _posts(store, every=2)
    _crawl(store)
    assert not list(silent(store, "2026-10-02T00:00:00Z"))
