"""The process that writes for a fast crawl: the same rows, the same masks, the same errors, and no orphan."""

from __future__ import annotations

import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.gathered import Gathered
from crawler.scribe import Scribe
from data.errors import StoreError
from data.records import Page, Post, Thread
from data.store import open_store
from data.store.base import FetchedPage
from tests.conftest import StudyFolder
from tests.servers.little_forum import LittleForum


def _gathered(number: int) -> Gathered:
    page = Page(f"https://forum.example/t/{number}", b"<p>0912345678</p>", fetched_at=datetime.now(UTC))
    post = Post(str(number), "Gọi 0912345678", author="Mẹ Bắp")
    thread = Thread(str(number), page.url, "spirit", "Chủ đề", (post,))
    return Gathered(FetchedPage(page, 1, "thread"), (thread,))


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "thu.db"
    open_store(path, create=True).close()
    with sqlite3.connect(path) as connection:
        connection.execute("insert into sources (source_id, url) values (1, 'https://forum.example/')")
    connection.close()
    return path


def test_it_writes_what_it_is_told_and_masks_it(database: Path) -> None:
    scribe = Scribe(database, b"k" * 32)
    assert scribe.write((1, [_gathered(1), _gathered(2)], [], ())).new == 2
    assert scribe.write((1, [_gathered(2)], [], ())).known == 1
    scribe.close()
    with open_store(database, read_only=True) as store:
        assert [row["text"] for row in store.query("select text from posts")] == ["Gọi [phone]", "Gọi [phone]"]
        assert next(store.query("select author_key from authors"))["author_key"] != "Mẹ Bắp"


def test_what_it_wrote_it_screens(database: Path) -> None:
    advert = "Thanh lý nhanh máy hút sữa còn mới tinh, bảo hành chín tháng, giao tận nhà trong nội thành hôm nay"
    scribe = Scribe(database, b"k" * 32)
    for number, colour in enumerate(("xanh", "hồng"), start=1):
        gathered = _gathered(number)
        post = Post(str(number), f"{advert}, màu {colour}", author=f"Mẹ {number}")
        gathered.threads = (Thread(str(number), gathered.page.page.url, "spirit", "Rao vặt", (post,)),)
        scribe.write((1, [gathered], [], ()))
    screened = scribe.finish()
    assert (screened.posts, screened.near_copies) == (2, 1)
    with open_store(database) as store:
        assert store.screen_posts().posts == 0, "nothing is left for the crawl's end"
        assert next(store.query("select count(distinct copy_key) as keys from posts"))["keys"] == 1


def test_one_that_was_never_needed_or_has_gone_screened_nothing(database: Path) -> None:
    assert Scribe(database, b"k" * 32).finish().posts == 0
    scribe = Scribe(database, b"k" * 32)
    scribe.write((1, [_gathered(1)], [], ()))
    assert scribe._process is not None
    scribe._process.kill()
    assert scribe.finish().posts == 0


def test_the_stores_errors_come_through(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANDUNG_LOCK_SECONDS", "0.2")
    scribe = Scribe(database, b"k" * 32)
    scribe.write((1, [_gathered(1)], [], ()))
    other = sqlite3.connect(database)
    other.execute("begin immediate")
    with pytest.raises(StoreError) as caught:
        scribe.write((1, [_gathered(2)], [], ()))
    assert caught.value.key == "database_locked"
    other.rollback()
    other.close()
    assert scribe.write((1, [_gathered(2)], [], ())).new == 1, "and it goes on when the lock is gone"
    scribe.close()


def test_it_ends_when_its_crawl_is_gone(database: Path) -> None:
    scribe = Scribe(database, b"k" * 32)
    scribe.write((1, [_gathered(1)], [], ()))
    process = scribe._process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(timeout=20) == 0


def test_when_it_is_ended_the_crawl_is_told(database: Path) -> None:
    scribe = Scribe(database, b"k" * 32)
    scribe.write((1, [_gathered(1)], [], ()))
    assert scribe._process is not None
    scribe._process.kill()
    scribe._process.wait()
    time.sleep(0.1)
    with pytest.raises(OSError):
        scribe.write((1, [_gathered(2)], [], ()))
    scribe.close()


def test_a_long_crawl_without_pauses_stores_every_post(study: StudyFolder) -> None:
    with LittleForum(per_list=50) as forum:
        for number in range(150):
            forum.thread(f"Chủ đề {number}", f"<p>Bài {number}</p>", "<p>gọi 0912345678</p>")
        [result] = study.write([{"url": forum.url}]).crawl()
    assert (result["state"], result["posts_new"]) == ("done", 300)
    assert study.count("posts") == 300
    assert study.rows("select count(*) from posts where text like '%0912%'") == [(0,)]
