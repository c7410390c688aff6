"""``chandung schedule`` as people start it: one at a time, ended in order, killed, run by cron; and what ``status`` says of it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import psutil
import pytest

from tests.conftest import StudyFolder

YESTERDAY = (datetime.now(UTC) - timedelta(days=1)).isoformat()
DEAD = "http://127.0.0.1:9/"
ON_WINDOWS = sys.platform == "win32"


@pytest.fixture
def silent_site() -> Iterator[str]:
    """A site that takes connections and never answers."""
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(50)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"


def wait_for(happened: object, seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not happened():  # type: ignore[operator]
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.1)


def holder(study: StudyFolder) -> str:
    note = study.folder / "thu.db-schedule.holder"
    return note.read_text(encoding="utf-8") if note.exists() else ""


def scheduled(study: StudyFolder, url: str = DEAD, **job: object) -> StudyFolder:
    return study.write([{"url": url}], schedule=[{"what": "crawl", "every": "0 3 * * *", **job}])


def test_once_runs_what_is_due_and_status_says_what_failed_and_what_to_try(study: StudyFolder) -> None:
    scheduled(study, then=["analyze"])
    first = study.run("schedule", "--once", "--now", YESTERDAY)
    assert (first.returncode, study.count("job_runs")) == (0, 0)
    assert first.stdout.startswith("Nothing is due yet. Next: ")
    done = study.run("schedule", "--once")
    assert done.returncode == 1
    assert "crawl: begins" in done.stdout
    assert "1 of 1 sources were not read whole; the first: http://127.0.0.1:9/" in done.stdout
    assert "analyze: left out, for the crawl brought nothing new" in done.stdout
    assert "crawl | " in (study.folder / "schedule.log").read_text(encoding="utf-8")
    assert study.run("schedule", "--once").returncode == 0
    status = study.run("status")
    assert status.returncode == 1
    assert "✗ crawl: today " in status.stdout
    assert "✗ 1 of 1 sources cannot be read (see below)\n      Try: chandung check study.yaml" in status.stdout
    assert f"✗ {DEAD}: not readable since " in status.stdout
    told = json.loads(study.run("status", "--json").stdout)
    assert [one["what"] for one in told["troubles"]] == ["sources"]
    assert told["next"][0]["job"] == "crawl 0 3 * * *"


def test_for_cron_nothing_is_said_unless_something_fails(study: StudyFolder) -> None:
    scheduled(study)
    assert study.run("schedule", "--once", "--quiet", "--now", YESTERDAY).stdout == ""
    done = study.run("schedule", "--once", "--quiet")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("crawl: 1 of 1 sources were not read whole")


def test_one_schedule_a_study_and_the_second_says_who_runs_it(study: StudyFolder) -> None:
    scheduled(study)
    with study.start("schedule") as running:
        wait_for(lambda: holder(study))
        second = study.run("schedule")
        assert second.returncode == 5
        assert f"is running already (process {running.pid} on " in second.stderr
        assert study.run("schedule", "--once", "--quiet").returncode == 0
        status = study.run("status").stdout
        assert f"(process {running.pid} on " in status
        assert "Nothing has run yet." in status
        running.send_signal(signal.SIGTERM)
        out, err = running.communicate(timeout=60)
    assert (running.returncode, err) == (0, "")
    assert "crawl  (0 3 * * *)" in out
    assert out.rstrip().endswith(
        "The schedule has stopped. What was under way, if anything, goes on when it runs again."
    )
    assert holder(study) == ""


@pytest.mark.skipif(ON_WINDOWS, reason="no such signal")
def test_ctrl_c_ends_the_command_in_order_and_the_next_start_takes_it_up(study: StudyFolder, silent_site: str) -> None:
    scheduled(study, silent_site)
    study.run("schedule", "--once", "--now", YESTERDAY)
    with study.start("schedule") as running:
        wait_for(lambda: study.rows("select process from job_runs where process is not null"))
        ((child,),) = study.rows("select process from job_runs")
        wait_for(lambda: study.count("crawls"))
        running.send_signal(signal.SIGINT)
        out, _ = running.communicate(timeout=120)
    assert running.returncode == 0
    assert "crawl: interrupted after" in out
    assert not psutil.pid_exists(child)
    assert study.rows("select state, steps_left from jobs") == [("interrupted", '["crawl"]')]
    assert study.rows("select state from crawls") == [("interrupted",)]


@pytest.mark.skipif(ON_WINDOWS, reason="no such signal")
def test_a_killed_schedule_leaves_no_lock_and_what_it_left_running_is_waited_for(
    study: StudyFolder, silent_site: str
) -> None:
    scheduled(study, silent_site)
    study.run("schedule", "--once", "--now", YESTERDAY)
    with study.start("schedule") as running:
        wait_for(lambda: study.rows("select process from job_runs where process is not null"))
        ((child,),) = study.rows("select process from job_runs")
        running.kill()
    assert psutil.pid_exists(child)
    assert holder(study)
    status = study.run("status").stdout
    assert "No schedule is running now." in status
    assert "crawl, since " in status
    again = study.run("schedule", "--once")
    assert again.returncode == 0
    assert "waits for a command that the schedule left running" in again.stdout
    os.kill(child, signal.SIGKILL)
    wait_for(lambda: not psutil.pid_exists(child))
    with study.start("schedule") as running:
        wait_for(lambda: len(study.rows("select 1 from job_runs")) == 2)
        running.send_signal(signal.SIGINT)
        out, _ = running.communicate(timeout=60)
    assert "is taken up again (2 of 3)" in out
    assert study.rows("select state, said from job_runs order by 1 desc limit 1")[0][0] == "interrupted"


def test_a_study_without_jobs_is_told_how_to_name_one(study: StudyFolder) -> None:
    study.write([{"url": DEAD}])
    done = study.run("schedule")
    assert done.returncode == 2
    assert 'schedule: [{what: crawl, then: [analyze, alerts], every: "0 3 * * *"}]' in done.stderr
    assert not study.database.exists()


def test_status_of_a_study_that_never_ran(study: StudyFolder) -> None:
    scheduled(study)
    done = study.run("status")
    assert done.returncode == 0
    assert "Nothing has run yet. Begin with: chandung crawl study.yaml" in done.stdout
    assert "Or let its jobs run by themselves: chandung schedule study.yaml" in done.stdout
    assert f"· {DEAD}: not crawled yet" in done.stdout
    assert "Start it with: chandung schedule study.yaml" in done.stdout
    assert not study.database.exists()


def test_status_of_what_is_overdue_and_nobody_runs(study: StudyFolder) -> None:
    scheduled(study)
    # Of yesterday's times one may have come only minutes ago, which is no news yet.
    study.run("schedule", "--once", "--now", (datetime.now(UTC) - timedelta(days=2)).isoformat())
    done = study.run("status")
    assert done.returncode == 1
    assert "due now: crawl" in done.stdout
    assert "Something is overdue and nobody runs it." in done.stdout


def test_status_of_what_was_done_by_hand_since(study: StudyFolder) -> None:
    """A failure that somebody has mended is none any more."""
    scheduled(study)
    study.run("schedule", "--once", "--now", YESTERDAY)
    study.run("schedule", "--once")
    study.run("crawl")
    assert study.rows("select count(*) from runs") == [(2,)]
    assert "1 of 1 sources cannot be read" in study.run("status").stdout


def test_status_in_vietnamese(study: StudyFolder) -> None:
    study.environment["CHANDUNG_LANG"] = "vi"
    scheduled(study)
    said = study.run("status").stdout
    assert said.startswith("Nghiên cứu “thu”, giờ Asia/Ho_Chi_Minh. Bây giờ là ")
    assert "  03:00 " in said
    assert "Chưa chạy gì cả. Bắt đầu bằng: chandung crawl study.yaml" in said


def test_a_printed_unit_of_cron_runs(study: StudyFolder) -> None:
    """What follows the five words is a line for the shell, in which cron has read ``\\%`` as ``%``."""
    folder = study.folder / 'Nghiên cứu 100% "của" tôi\'s $HOME'
    folder.mkdir()
    inner = scheduled(StudyFolder(folder))
    printed = inner.run("schedule", "--cron").stdout.splitlines()[-1]
    line = printed.removeprefix("*/5 * * * * ").replace("\\%", "%")
    if not ON_WINDOWS:
        done = subprocess.run(["/bin/sh", "-c", line], cwd="/", capture_output=True, text=True)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert inner.count("jobs") == 1
