"""Who speaks for a brand in its own channel, Page, account or blog is no customer; who answers there is. All is fiction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from analysis.own_places import speakers
from data.records import Post, Thread
from data.store import Store, WriteBatch
from tests.analysis.world import MINI, NOW, STUDY, World


def told_by(
    folder: Path, url: str, engine: str, threads: Sequence[Sequence[tuple[str, str]]], about: str = MINI
) -> set[str]:
    """The names whose posts do not count, of threads of (author, text) in a source about ``about``."""
    world = World(folder, {**STUDY, "sources": [{"url": url, "about": about}]})
    with world.open() as store:
        source = store.source_id(url)
        for number, said in enumerate(threads):
            posts = tuple(
                Post(f"{number}-{n}", text, name, NOW + timedelta(minutes=n), reply_to=f"{number}-0" if n else None)
                for n, (name, text) in enumerate(said)
            )
            store.write(WriteBatch(threads=[(source, Thread(str(number), f"{url}#{number}", engine, "Bài", posts))]))
        return {name for said in threads for name, _ in said if _author(store, name) in speakers(store, b"k" * 32)}


def _author(store: Store, name: str) -> int | None:
    from data.privacy import author_key

    rows = store.query("select author_id, site, author_key from authors")
    return next((r["author_id"] for r in rows if r["author_key"] == author_key(b"k" * 32, r["site"], name)), None)


NEWS = ("Kênh tã nhà mình", "Hàng mới về")
ANSWER = ("Mẹ Na", "Bé nhà em bị hăm")


@pytest.mark.parametrize(
    ("url", "engine"),
    [
        ("https://t.me/s/tanhaminh", "telegram"),
        ("https://www.youtube.com/@tanhaminh", "youtube"),
        ("https://mastodon.social/@tanhaminh", "mastodon"),
        ("https://bsky.app/profile/tanhaminh.example", "bluesky"),
        ("https://www.facebook.com/tanhaminh", "facebook"),
    ],
)
def test_a_brands_own_account_is_no_customer_whatever_it_is_called(tmp_path: Path, url: str, engine: str) -> None:
    answers = [] if engine == "telegram" else [ANSWER]
    assert told_by(tmp_path, url, engine, [[NEWS, *answers], [NEWS]]) == {NEWS[0]}


def test_entries_of_a_brands_feed_are_its_own_words(tmp_path: Path) -> None:
    feed = "https://minicare.example/feed.xml"
    assert told_by(tmp_path, feed, "feed", [[("Tòa soạn tã", "Tin"), ANSWER], [("Tòa soạn tã", "Tin nữa")]]) == {
        "Tòa soạn tã"
    }


def test_admin_of_any_feed_is_the_site_speaking(tmp_path: Path) -> None:
    assert told_by(tmp_path, "https://tin.example/feed", "feed", [[("admin", "Tin"), ANSWER]], "market") == {"admin"}


@pytest.mark.parametrize(
    ("url", "engine", "about"),
    [
        ("https://www.youtube.com/@meboibim", "youtube", "market"),
        ("https://www.youtube.com/watch?v=abcdefghijk", "youtube", MINI),
        ("https://mastodon.social/tags/minicare", "mastodon", MINI),
        ("https://dien-dan.example/f/ta/", "phpbb", MINI),
    ],
)
def test_who_begins_a_thread_elsewhere_counts(tmp_path: Path, url: str, engine: str, about: str) -> None:
    assert told_by(tmp_path, url, engine, [[NEWS, ANSWER], [NEWS]], about) == set()


def test_of_many_who_begin_threads_nobody_is_the_brand(tmp_path: Path) -> None:
    threads = [[(f"Khách {letter}", "Tã này ổn không")] for letter in "abcd"]
    assert told_by(tmp_path, "https://dien-dan.example/rss", "feed", threads) == set()
