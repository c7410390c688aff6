"""Killed at ten random moments and started again each time: what is stored is what an undisturbed crawl stores."""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import StudyFolder
from tests.servers.board_index import BoardIndex
from tests.servers.little_forum import LittleForum
from tests.servers.real import CannotInstallError, RealForum

pytestmark = pytest.mark.servers
KILLS = 10
_DELAY = 0.12
_KILLS_OF_BOARDS = 3
_POSTS = """
select t.title, t.complete, p.text, p.posted_at, p.quoted, p.likes, a.author_key, above.text
from posts p join threads t using (thread_id) left join authors a using (author_id)
left join posts above on above.post_id = p.reply_to order by t.title, p.text
"""


@pytest.fixture
def chance() -> random.Random:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    return random.Random(seed)


@pytest.fixture
def undisturbed(tmp_path: Path) -> StudyFolder:
    """A second study beside the one that is killed, with the same key, so that its authors' keys are the same."""
    folder = tmp_path / "undisturbed"
    folder.mkdir()
    return StudyFolder(folder)


@pytest.fixture
def forum(tmp_path: Path) -> Iterator[RealForum | LittleForum]:
    """A real forum; where it cannot be installed, a made-up one."""
    place = tmp_path / "server"
    place.mkdir()
    try:
        made = RealForum.filled("machina", place)
    except CannotInstallError as error:
        print(f"a made-up forum, for {error}")
        with LittleForum(per_page=3, per_list=5) as little:
            for number in range(20):
                little.thread(f"Chủ đề {number}", *(f"<p>Bài {number}.{reply}</p>" for reply in range(5)))
            yield little
        return
    with made as standing:
        yield standing


def _same(study: StudyFolder, undisturbed: StudyFolder) -> None:
    """Every post once, with all that is known of it, and every thread whole."""
    found, expected = study.rows(_POSTS), undisturbed.rows(_POSTS)
    assert len(found) == len(expected)
    assert found == expected
    assert study.rows("select count(*) from threads where complete = 0") == [(0,)]
    assert study.count("threads") == undisturbed.count("threads")
    assert study.count("post_versions") == undisturbed.count("post_versions") == 0
    assert study.count("authors") == undisturbed.count("authors")
    assert study.rows("pragma integrity_check") == [("ok",)]


def _killed(process: subprocess.Popen[str]) -> bool:
    """End it as nobody can defend against; whether it was still at work."""
    at_work = process.poll() is None
    process.kill()
    process.communicate()
    return at_work


def test_ten_kills_at_random_moments_lose_and_double_nothing(
    forum: RealForum | LittleForum, study: StudyFolder, undisturbed: StudyFolder, chance: random.Random
) -> None:
    source = {"url": forum.url, "delay": _DELAY, "kind": "forum"}
    [whole] = undisturbed.write([source]).crawl()
    assert whole["posts_new"] == len(forum.posts)
    study.write([source])
    shutil.copy(undisturbed.folder / "thu.key", study.folder / "thu.key")

    # However fast the machine, the delay makes the whole last so long; nine tenths of that are shared out among the ten.
    share = 0.9 * whole["pages"] * _DELAY / KILLS
    at_work = 0
    for number in range(KILLS):
        runs = _runs(study)
        process = study.start("crawl", "--quiet")
        if number % 4 == 3:
            moment = chance.uniform(0, 1)  # while it is still beginning
        else:
            while _runs(study) == runs and process.poll() is None:
                time.sleep(0.02)
            moment = chance.uniform(0, share)
        print(f"killed after {moment:.2f} seconds")
        time.sleep(moment)
        at_work += _killed(process)
    assert at_work >= KILLS - 3, "most of the kills met a crawl at work"

    study.crawl()
    _same(study, undisturbed)
    assert study.rows("select count(*) from crawls where state = 'done'")[0][0] >= 1
    [again] = study.crawl()
    assert (again["posts_new"], again["posts_changed"]) == (0, 0)


def _runs(study: StudyFolder) -> int:
    """How many crawls have begun."""
    with suppress(sqlite3.OperationalError):
        return study.count("runs")
    return 0


def _kill_at(study: StudyFolder, forum: BoardIndex, request: int) -> bool:
    """Crawl, killed as the forum hears its so-manieth request; whether it came to that."""
    heard, first = threading.Event(), len(forum.asked)

    def listen(number: int) -> None:
        if number - first >= request:
            heard.set()

    forum.heard = listen
    process = study.start("crawl", "--quiet")
    while not heard.wait(0.02) and process.poll() is None:
        pass
    forum.heard = lambda _: None
    return _killed(process)


def _grow(forum: BoardIndex, chance: random.Random) -> None:
    """News of every kind: answers far down in the lists of some boards, new threads, and a board where nothing happens."""
    for topic in chance.sample([one for one in forum.topics if one.board != 2], 14):
        for _ in range(chance.randrange(1, 6)):
            forum.reply(topic)
    for _ in range(3):
        forum.topic(3, 6)


def test_a_board_that_stands_as_before_is_never_left_alone_because_of_a_kill(
    study: StudyFolder, undisturbed: StudyFolder, chance: random.Random
) -> None:
    with BoardIndex() as forum:
        for number in range(30):
            forum.topic(number % 3 + 1, 1 + number % 9)
        study.write([{"url": forum.url + "/"}])
        undisturbed.write([{"url": forum.url + "/"}]).crawl()
        shutil.copy(undisturbed.folder / "thu.key", study.folder / "thu.key")
        whole = len(forum.asked)

        kills = sum(_kill_at(study, forum, chance.randrange(2, whole // 3)) for _ in range(_KILLS_OF_BOARDS))
        study.crawl()
        _same(study, undisturbed)

        _grow(forum, chance)
        forum.asked.clear()
        undisturbed.crawl()
        asked, before = len(forum.asked), {path for path in forum.paths() if path.startswith("/forums/ban.2/")}
        assert not before, "the board in which nothing happened is left alone"
        assert undisturbed.count("posts") == forum.posts
        kills += sum(_kill_at(study, forum, chance.randrange(2, max(4, asked - 4))) for _ in range(_KILLS_OF_BOARDS))
        assert kills >= _KILLS_OF_BOARDS, "the kills met crawls at work"
        study.crawl()
        _same(study, undisturbed)

        forum.asked.clear()
        study.crawl()
        assert not [path for path in forum.paths() if path.startswith("/forums/")], (
            "and then no board is walked any more"
        )


def test_news_on_a_second_page_are_found_although_the_first_was_read_before_a_kill(study: StudyFolder) -> None:
    with BoardIndex(boards=1, per_list=4) as forum:
        for _ in range(12):
            forum.topic(1, 2)
        study.write([{"url": forum.url + "/"}]).crawl()
        for topic in forum.topics[:8]:
            forum.reply(topic)
        page: Callable[[str], Any] = forum.page
        held, killed = threading.Event(), threading.Event()

        def nothing_beyond_the_first_list(path: str) -> Any:
            if path == "/forums/ban.1/page-2":
                held.set()
                killed.wait(600)
            return page(path)

        forum.page = nothing_beyond_the_first_list  # type: ignore[method-assign]
        process = study.start("crawl", "--quiet")
        assert held.wait(600)
        while study.count("posts") <= 24 and process.poll() is None:
            time.sleep(0.05)
        assert _killed(process)
        killed.set()
        assert 24 < study.count("posts") < forum.posts, "the first page's news are stored, the second's are not"
        forum.page = page  # type: ignore[method-assign]
        study.crawl()
    assert study.count("posts") == forum.posts
