"""Commands of the schedule as real processes: their words, their time limit, how they are ended, what they leave running."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from crawler import schedule_child
from crawler.schedule_child import Launcher, alive
from data.words import speak

ON_WINDOWS = sys.platform == "win32"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    speak("en")
    yield
    speak(None)


@pytest.fixture
def chandung(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which ``python -m chandung`` is what the test writes into ``chandung.py``."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, code: str) -> None:
    (folder / "chandung.py").write_text(textwrap.dedent(code), encoding="utf-8")


def test_the_last_words_of_a_command_that_failed_are_kept(chandung: Path) -> None:
    write(chandung, """
        import sys
        print("đang đọc …")
        print("một\\ntwo\\nthree\\nThe lexicon has an \\x1b[31merror in line 3.", file=sys.stderr)
        sys.exit(2)
    """)  # fmt: skip
    ended = Launcher()(chandung / "study.yaml", "analyze", 60)
    assert (ended.state, ended.exit_code) == ("failed", 2)
    assert ended.said == "two\nthree\nThe lexicon has an \ufffd[31merror in line 3."


def test_what_a_command_is_told(chandung: Path) -> None:
    write(chandung, """
        import json, os, sys
        json.dump([sys.argv[1:], os.environ["CHANDUNG_WITHIN"], os.environ["CHANDUNG_NOW"]], open("told.json", "w"))
    """)  # fmt: skip
    launch = Launcher(environment={"CHANDUNG_NOW": "2026-11-22"})
    assert launch(chandung / "nghiên cứu.yaml", "digest", 60).state == "done"
    told = (chandung / "told.json").read_text(encoding="utf-8")
    assert told == f'[["alerts", "{chandung}/nghi\\u00ean c\\u1ee9u.yaml", "--digest"], "schedule", "2026-11-22"]'


@pytest.mark.parametrize(
    ("step", "code", "state"),
    [
        ("crawl", 0, "done"),
        ("crawl", 1, "partial"),
        ("crawl", 3, "failed"),
        ("report", 1, "failed"),
        ("crawl", 130, "interrupted"),
    ],
)
def test_what_an_exit_code_means(step: str, code: int, state: str, chandung: Path) -> None:
    write(chandung, f"raise SystemExit({code})")
    ended = Launcher()(chandung, step, 60)
    assert (ended.state, ended.exit_code) == (state, code)
    if state == "failed":
        assert ended.said == f"The command ended with code {code} and said nothing; see schedule.log."


def test_a_command_that_never_stops_talking_fills_neither_memory_nor_disk(
    chandung: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "chandung.schedule")
    write(chandung, 'print("\\n".join(["word " * 2000] * 3000))\nprint("x" * 5_000_000)\nraise SystemExit(2)')
    ended = Launcher()(chandung, "analyze", 60)
    assert ended.said is not None
    assert len(ended.said) <= 1000
    assert len(caplog.records) <= 2000
    assert max(len(record.getMessage()) for record in caplog.records) < 2100


def test_a_command_that_hangs_is_ended_with_all_it_started(chandung: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(chandung, """
        import signal, subprocess, sys, time
        for name in ("SIGINT", "SIGBREAK"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), signal.SIG_IGN)
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        open("child.txt", "w").write(str(child.pid))
        time.sleep(600)
    """)  # fmt: skip
    began = time.monotonic()
    ended = Launcher(grace=0.5)(chandung, "analyze", 3)
    assert ended.state == "overtime"
    assert time.monotonic() - began < 20
    child = int((chandung / "child.txt").read_text(encoding="utf-8"))
    assert not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE


def test_a_stop_lets_a_command_end_in_order(chandung: Path) -> None:
    write(chandung, """
        import signal, sys, time
        for name in ("SIGBREAK",):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), signal.default_int_handler)
        open("begun.txt", "w").close()
        try:
            time.sleep(600)
        except KeyboardInterrupt:
            open("in_order.txt", "w").close()
            sys.exit(130)
    """)  # fmt: skip
    launch = Launcher()

    def stop() -> None:
        while not (chandung / "begun.txt").exists():
            time.sleep(0.05)
        time.sleep(0.2)
        launch.stop.set()

    threading.Thread(target=stop, daemon=True).start()
    assert launch(chandung, "crawl", 60).state == "interrupted"
    assert (chandung / "in_order.txt").exists()


@pytest.mark.skipif(ON_WINDOWS, reason="another signal there")
def test_a_command_that_was_asked_twice_has_most_of_the_time_to_note_what_was_broken_off(chandung: Path) -> None:
    write(chandung, """
        import signal, sys, time
        asked = []
        def ask(*_):
            asked.append(1)
            if len(asked) == 2:
                time.sleep(3.6)
                open("noted.txt", "w").close()
                sys.exit(130)
        signal.signal(signal.SIGINT, ask)
        open("begun.txt", "w").close()
        while True:
            time.sleep(0.1)
    """)  # fmt: skip
    launch = Launcher(grace=6)

    def stop() -> None:
        while not (chandung / "begun.txt").exists():
            time.sleep(0.05)
        launch.stop.set()

    threading.Thread(target=stop, daemon=True).start()
    assert launch(chandung, "crawl", 60).state == "interrupted"
    assert (chandung / "noted.txt").exists()


def test_in_a_hurry_nothing_is_waited_for(chandung: Path) -> None:
    write(chandung, """
        import signal, time
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        time.sleep(600)
    """)  # fmt: skip
    launch = Launcher(grace=60)
    launch.stop.set()
    threading.Timer(1.5, launch.hurry.set).start()
    began = time.monotonic()
    assert launch(chandung, "crawl", 60).state == "interrupted"
    assert time.monotonic() - began < 20


def test_a_process_is_told_from_a_later_one_with_its_number() -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as process:
        began = psutil.Process(process.pid).create_time()
        assert alive(process.pid, began)
        assert not alive(process.pid, began - 100)
        process.kill()
    assert not alive(process.pid, began)
    assert not alive(None, None)


def test_no_command_to_be_started_is_a_failure_and_no_more(chandung: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(chandung / "no-python"))
    ended = Launcher()(chandung, "crawl", 60)
    assert ended.state == "failed"
    assert "could not be started" in str(ended.said)


def test_every_step_has_its_command() -> None:
    from typing import get_args

    from data.study import Step

    assert set(schedule_child.COMMANDS) == set(get_args(Step))


@pytest.mark.skipif(ON_WINDOWS, reason="a terminal's Ctrl+C reaches a group there")
def test_ctrl_c_at_the_terminal_reaches_the_schedule_alone(chandung: Path) -> None:
    write(chandung, 'import os\nopen("group.txt", "w").write(str(os.getpgid(0)))')
    Launcher()(chandung, "crawl", 60)
    assert int((chandung / "group.txt").read_text(encoding="utf-8")) != os.getpgid(0)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
