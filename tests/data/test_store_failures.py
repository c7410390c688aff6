"""What a user is told when the database cannot be used, and that nothing is lost by it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlite_utils import Database

from data.errors import StoreError
from data.store import Store, open_store
from data.store.failures import writing
from tests.filling import open_filled, post, save, thread


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "thu.db"
    path.write_text("không phải dữ liệu" * 50, encoding="utf-8")
    with pytest.raises(StoreError):
        open_store(path, create=True)
    assert path.read_text(encoding="utf-8").startswith("không phải")


def test_a_truncated_database_says_so(tmp_path: Path) -> None:
    path = tmp_path / "thu.db"
    with open_filled(path) as store:
        save(store, thread(*(post(n, f"bài số {n} " * 200) for n in range(50))))
    path.write_bytes(path.read_bytes()[:40_000])
    with pytest.raises(StoreError, match=r"damaged|hỏng"):
        open_store(path)


def test_another_database_is_not_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    Database(path)["khách"].insert({"tên": "x"})
    with pytest.raises(StoreError):
        open_store(path)
    assert Database(path).table_names() == ["khách"]


def test_a_locked_database_says_so_and_changes_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHANDUNG_LOCK_SECONDS", "0.1")
    other = sqlite3.connect(tmp_path / "thu.db")
    other.execute("begin immediate")
    with open_store(tmp_path / "thu.db") as second, pytest.raises(StoreError, match=r"in use|đang được"):
        second.begin_run("crawl")
    other.rollback()


def test_two_that_read_before_they_write_take_turns(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "thu.db"
    with open_store(path) as second, ThreadPoolExecutor() as beside:
        second.author_key_secret = store.author_key_secret
        with writing(path, store._db):  # type: ignore[attr-defined]
            assert list(store.query("select count(*) as n from posts")) == [{"n": 0}]
            later = beside.submit(save, second, thread(post(2, "hai"), thread_id="t2", url="https://forum.example/t/2"))
            save(store, thread(post(1, "một")))
        later.result()
    assert [row["text"] for row in store.query("select text from posts order by id")] == ["một", "hai"]


def test_a_full_disk_says_so_and_keeps_what_was_written(store: Store) -> None:
    save(store, thread(post(1, "một")))
    pages = next(iter(store.query("pragma page_count")))["page_count"]
    store._db.execute(f"pragma max_page_count = {pages}")  # type: ignore[attr-defined]
    with pytest.raises(StoreError, match=r"no room|hết chỗ"):
        save(store, thread(*(post(n, f"bài {n} " * 500) for n in range(2, 60))))
    assert [row["n"] for row in store.query("select count(*) as n from posts")] == [1]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no file's size")
def test_a_write_that_failed_is_not_called_damage(tmp_path: Path) -> None:
    path = tmp_path / "thu.db"
    with open_filled(path) as store:
        save(store, thread(*(post(n, f"bài số {n} " * 200) for n in range(50))))
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, 65_536))\n"
        "from pathlib import Path; from data.errors import StoreError; from tests.filling import *\n"
        f"try: save(open_filled(Path({str(path)!r})), thread(*(post(n, 'dài ' * 5000) for n in range(90, 99))))\n"
        "except StoreError as error: print(error.key)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8")
    assert done.stdout.strip() == "database_input_output", done.stderr
    with open_store(path, read_only=True) as store:
        assert [row["n"] for row in store.query("select count(*) as n from posts")] == [50]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no file's size")
@pytest.mark.parametrize("room", [8_192, 40_000, 80_000, 240_000])
def test_a_database_that_a_full_disk_left_half_made_is_gone_on_with(room: int, tmp_path: Path) -> None:
    path = tmp_path / "thu.db"
    code = (
        f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room}))\n"
        "from pathlib import Path; from data.errors import StoreError; from data.store import open_store\n"
        f"try: open_store(Path({str(path)!r}), create=True)\n"
        "except StoreError as error: print(error.key)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8")
    assert done.stdout.strip() == "database_input_output", done.stderr
    with open_filled(path) as store:
        save(store, thread(post(1, "một")))
        assert [row["n"] for row in store.query("select count(*) as n from posts")] == [1]


def test_a_page_that_was_overwritten_is_called_damage(tmp_path: Path) -> None:
    path = tmp_path / "thu.db"
    with open_filled(path) as store:
        save(store, thread(*(post(n, f"bài số {n} " * 200) for n in range(50))))
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))
    with pytest.raises(StoreError) as met, open_store(path, read_only=True) as store:
        list(store.query("select * from posts_flat"))
    assert met.value.key == "database_damaged"


@contextmanager
def _nobody_may_write(folder: Path) -> Iterator[None]:
    """As on a CD or on another's share; who may do everything becomes somebody else meanwhile."""
    for path in (*folder.iterdir(), folder):
        path.chmod(0o555 if path.is_dir() else 0o444)
    above = [path for path in folder.parents if path.stat().st_uid == os.getuid() and path.stat().st_mode & 0o5 != 0o5]
    modes = {path: path.stat().st_mode for path in above}
    root = os.geteuid() == 0
    for path in above if root else ():
        path.chmod(0o755)
    if root:
        os.seteuid(65_534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
            for path, mode in modes.items():
                path.chmod(mode)
        for path in (folder, *folder.iterdir()):
            path.chmod(0o755 if path.is_dir() else 0o644)


@pytest.mark.skipif(sys.platform == "win32", reason="folders are closed in another way there")
def test_a_folder_that_cannot_be_written_to_is_read_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "archive" / "thu.db"
    path.parent.mkdir()
    with open_filled(path) as store:
        save(store, thread(post(1, "một")))
    open_store(path, read_only=True).close()  # everything is loaded by now
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    with _nobody_may_write(path.parent):
        with open_store(path, read_only=True) as store:
            assert [row["text"] for row in store.query("select text from posts_flat")] == ["một"]
        with pytest.raises(StoreError) as met, open_store(path) as store:
            store.begin_run("crawl")
    assert met.value.key == "database_read_only"
    assert "-wal" in str(met.value)


@pytest.mark.skipif(sys.platform == "win32", reason="folders are closed in another way there")
def test_what_waits_in_the_log_of_a_closed_folder_is_not_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "archive" / "thu.db"
    path.parent.mkdir()
    with open_filled(path) as store:
        save(store, thread(post(1, "một")))
        log = path.with_name("thu.db-wal").read_bytes()
        assert log
    path.with_name("thu.db-wal").write_bytes(log)
    with _nobody_may_write(path.parent), pytest.raises(StoreError) as met:
        open_store(path, read_only=True)
    assert met.value.key == "database_read_only"
