"""Importing again, importing more, and being killed: nothing is lost, doubled or half written."""

from __future__ import annotations

import csv
import io
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.importers.mapping import Mapping
from crawler.importers.plan import plan
from crawler.importers.storing import store

HEADER = ["id", "thread_id", "author", "created_at", "text", "likes", "mood"]


def csv_of(rows: list[list[str]], header: list[str] = HEADER) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([header, *rows])
    return out.getvalue()


def row(number: int, *, native: bool = True) -> list[str]:
    return [f"c{number}" if native else "", f"t{number % 3}", f"Người {number % 5}", f"2026-01-{number % 27 + 1:02d} 10:00",
            f"bài viết số {number} về tã", str(number % 4), "vui" if number % 2 else ""]  # fmt: skip


STORED = """
select p.post_id, p.text, p.posted_at, p.reply_to, p.likes, p.duplicate_of, a.author_key, t.native_id, t.title, t.url, r.rest, r.why
from posts p left join authors a using (author_id) join threads t on t.thread_id = p.thread_id
left join imported_rows r on r.post = p.id order by p.post_id
"""
BESIDE = "select rest, why from imported_rows where post is null order by rest, why"


def everything(desk: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    return desk.rows(STORED), desk.rows(BESIDE)


@pytest.mark.parametrize("native", [True, False])
def test_the_same_file_adds_nothing_and_a_grown_one_only_what_is_new(desk: Any, native: bool) -> None:
    rows = [row(number, native=native) for number in range(10)]
    path = desk.file("x.csv", csv_of(rows))
    assert desk.take(path).posts.new == 10
    before = everything(desk)
    assert desk.take(path).already is not None
    assert everything(desk) == before
    path = desk.file("x.csv", csv_of([*rows, row(10, native=native), row(11, native=native)]))
    done = desk.take(path)
    assert (done.posts.new, done.posts.changed, done.posts.known) == (2, 0, 10)
    renamed = desk.file("another name.csv", csv_of(rows[:3]))
    assert desk.take(renamed).posts.known == 3
    assert desk.rows("select count(*) as posts from posts") == [{"posts": 12}]


def test_an_edited_text_is_a_new_version_of_its_post(desk: Any) -> None:
    desk.take(desk.file("x.csv", csv_of([row(1)])))
    changed = row(1)
    changed[4] = "bài viết đã sửa lại hết"
    done = desk.take(desk.file("x.csv", csv_of([changed])))
    assert (done.posts.new, done.posts.changed) == (0, 1)
    assert desk.rows("select text from post_versions") == [{"text": "bài viết số 1 về tã"}]


def test_a_wrong_import_can_be_taken_back(desk: Any) -> None:
    rows = [row(number, native=False) for number in range(5)]
    path = desk.file("x.csv", csv_of(rows))
    other = desk.file("y.csv", csv_of([[*row(0, native=False)[:4], "bài viết ở chỗ khác", "", ""]]))
    desk.take(path, told=Mapping(text="mood", author="author"))
    desk.take(other)
    assert desk.rows("select count(*) as posts from posts") == [{"posts": 3}]  # those in a mood, and the other file's
    study = desk.study
    done = store(plan(path, study), study, replace=True)
    assert (done.taken_back, done.posts.new) == (2, 5)
    assert {row["text"] for row in desk.posts()} == {*(row[4] for row in rows), "bài viết ở chỗ khác"}
    assert desk.rows("select count(*) as rows from imported_rows where post is null") == [{"rows": 0}]
    assert desk.rows("select distinct text from posts_fts where posts_fts match 'vui'") == []


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(seed=st.integers(0, 10**6), native=st.booleans(), count=st.integers(1, 30))
def test_order_and_duplicates_change_nothing(
    new_desk: Callable[[str], Any], seed: int, native: bool, count: int
) -> None:
    rows = [row(number, native=native) for number in range(count)] + [["", "", "", "", "", "1", "không lời"]]
    mixed = [*rows, *random.Random(seed).choices(rows, k=count)]
    random.Random(seed).shuffle(mixed)
    first, second = new_desk(f"a{time.monotonic_ns()}"), new_desk(f"b{time.monotonic_ns()}")
    (second.folder / "nhap.key").write_bytes(_key(first))
    first.take(first.file("x.csv", csv_of(rows)))
    second.take(second.file("x.csv", csv_of(mixed)))
    assert everything(first) == everything(second)


def _key(desk: Any) -> bytes:
    from data.privacy import study_key

    study_key(desk.study.key_file)
    return bytes(desk.study.key_file.read_bytes())


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
@pytest.mark.parametrize("seconds", [0.05, 0.6, 1.5])
def test_a_killed_import_leaves_nothing_and_can_be_run_again(desk: Any, seconds: float) -> None:
    path = desk.file("x.csv", csv_of([row(number) for number in range(10_000)]))
    command = [sys.executable, "-m", "chandung", "import", "posts", str(path), "--yes", "--study", str(desk.folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        while child.poll() is None and not desk.study.key_file.exists():  # made when the store is open
            time.sleep(0.01)
        time.sleep(seconds)
        os.kill(child.pid, signal.SIGKILL)
    posts = _count(desk)
    assert posts in (0, 10_000)
    again = desk.take(path)
    assert again.already if posts else again.posts.new == 10_000
    assert _count(desk) == 10_000
    assert desk.rows("select state from runs order by run_id desc limit 1") == [{"state": "done"}]


def _count(desk: Any) -> int:
    return int(desk.rows("select count(*) as posts from posts")[0]["posts"])


def test_imported_sources_stay_active(desk: Any) -> None:
    desk.take(desk.file("x.csv", csv_of([row(1)])))
    desk.take(desk.file("y.csv", csv_of([row(2)])))
    assert {one["active"] for one in desk.rows("select active from sources where url like 'file:%'")} == {1}


def test_copies_of_what_is_taken_back_count_for_themselves(desk: Any) -> None:
    text = "bài quảng cáo này được chép đi chép lại khắp nơi nên chỉ tính một lần thôi nhé cả nhà ơi"
    first, second = row(1)[:4], row(2)[:4]
    path = desk.file("x.csv", csv_of([[*first, text, "", ""]]))
    desk.take(path)
    desk.take(desk.file("y.csv", csv_of([[*second, text, "", ""]])))
    assert desk.rows("select duplicate_of from posts where post_id = 'file/c2'") == [{"duplicate_of": "file/c1"}]
    path.write_text(csv_of([row(5)]), encoding="utf-8")
    study = desk.study
    assert store(plan(path, study), study, replace=True).taken_back == 1
    assert desk.rows("select duplicate_of from posts where post_id = 'file/c2'") == [{"duplicate_of": None}]


def test_the_report_knows_how_the_reading_of_a_file_ended(desk: Any) -> None:
    desk.take(desk.file("x.csv", csv_of([row(1), row(2)])))
    health = "select state, posts_new, posts_kept from source_health where source = 'file:x.csv'"
    assert desk.rows(health) == [{"state": "done", "posts_new": 2, "posts_kept": 2}]


def _most_so_far(process: Any) -> int:
    """Bytes that a process has held at most; where that is not told, what it holds now."""
    status = Path(f"/proc/{process.pid}/status")
    if not status.exists():
        return int(process.memory_info().rss)
    return int(re.findall(r"VmHWM:\s*(\d+) kB", status.read_text(encoding="utf-8"))[0]) * 1024


def test_memory_does_not_grow_with_the_file(desk: Any) -> None:
    psutil = pytest.importorskip("psutil")
    peaks = []
    for count in (2_000, 20_000):
        path = desk.file(f"x{count}.csv", csv_of([row(number + count * 100) for number in range(count)]))
        command = [sys.executable, "-m", "chandung", "import", "posts", str(path), "--yes", "--study", str(desk.folder)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as child:
            peak, watched = 0, psutil.Process(child.pid)
            while child.poll() is None:
                with suppress(psutil.Error, OSError, IndexError):  # it may be ending
                    peak = max(peak, _most_so_far(watched))
                time.sleep(0.02)
        peaks.append(peak)
    assert peaks[1] < peaks[0] + 80_000_000  # SQLite may keep 64 MB of pages during a long transaction
