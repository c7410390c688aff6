"""``chandung schedule`` as one process: it looks a few times a minute what is due, and ends in order when it is asked to.

What was done and what was missed stands in the study's database, so the process may end at any time. APScheduler does the looking
and gives the times of cron words; its own stores of jobs would be a second memory beside ours.
"""

from __future__ import annotations

import contextlib
import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.held import Holder, hold, holder
from crawler.schedule_run import Runner
from data.errors import ChandungError, StoreError
from data.words import tell

#: Seconds between looks. A computer that slept, or whose clock was set, is late by no more than this: a wait until a job's own time
#: would go by a clock that stands still meanwhile.
LOOKS = 10
#: What every later look would meet as well; systemd and the Task Scheduler start the schedule again.
_FINAL = frozenset({"schedule_other_database", "database_newer"})
LOG_NAME = "schedule.log"
_log = logging.getLogger("chandung.schedule")


class AtWorkError(StoreError):
    """Another process keeps the study's schedule: the one fault that starting anew does not mend, and so with a code of its own."""

    exit_code = 5


@contextmanager
def alone(database: Path) -> Iterator[None]:
    """Hold the study's schedule meanwhile. Raises :class:`AtWorkError`, which says who does, while another process holds it."""

    def taken(by: Holder) -> StoreError:
        return AtWorkError("schedule_running", who=_who(by), path=database.name)

    with hold(database, _lock(database), taken):
        yield


def at_work(database: Path) -> Holder | None:
    """Which process keeps the study's schedule now; ``None`` where none does."""
    return holder(_lock(database))


def _lock(database: Path) -> Path:
    return database.with_name(database.name + "-schedule.lock")


def _who(found: Holder) -> str:
    if found.process is None:
        return ""
    return tell("schedule.who", process=found.process, host=found.host)


class Stopping:
    """Ends what runs when the user (Ctrl+C), the system or a closed terminal asks for it; asked twice, at once."""

    def __init__(self) -> None:
        self.stop, self.hurry = threading.Event(), threading.Event()

    def __enter__(self) -> Stopping:
        names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
        self._before = {}
        for number in (getattr(signal, name) for name in names if hasattr(signal, name)):
            with contextlib.suppress(ValueError, OSError):
                self._before[number] = signal.signal(number, self._asked)
        return self

    def __exit__(self, *_: object) -> None:
        for number, before in self._before.items():
            with contextlib.suppress(ValueError, TypeError):
                signal.signal(number, before)

    def _asked(self, *_: object) -> None:
        if self.stop.is_set():
            self.hurry.set()
        self.stop.set()


def keep_running(runner: Runner, stopping: Stopping, say: Callable[[str], None]) -> None:
    """Look what is due until ``stopping``. Raises :class:`ChandungError` where the schedule cannot go on."""
    from apscheduler.schedulers.background import BackgroundScheduler

    look = Look(runner, stopping, say)
    logging.getLogger("apscheduler").setLevel(
        logging.CRITICAL
    )  # that a look is left out while a job runs is as it should be
    scheduler = BackgroundScheduler(
        timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    scheduler.add_job(look, "interval", seconds=LOOKS, id="look", next_run_time=datetime.now(UTC))
    scheduler.start()
    try:
        while not stopping.stop.wait(0.5):
            job = scheduler.get_job("look")
            # A clock that is set back would keep APScheduler waiting until it shows the old time again.
            if job is not None and job.next_run_time > datetime.now(UTC) + timedelta(seconds=2 * LOOKS):
                job.modify(next_run_time=datetime.now(UTC))
    finally:
        stopping.stop.set()
        scheduler.shutdown(wait=True)
    if look.error is not None:
        raise look.error


class Look:
    """One look, which no error ends the schedule with but one that every later look would meet as well."""

    def __init__(self, runner: Runner, stopping: Stopping, say: Callable[[str], None]) -> None:
        self._runner, self._stopping, self._say = runner, stopping, say
        self._told = ""
        self.error: ChandungError | None = None

    def __call__(self) -> None:
        try:
            if not self._stopping.stop.is_set():
                self._runner.look()
            self._told = ""
        except ChandungError as error:
            if error.key in _FINAL:
                # A newer Chandung was installed while this one ran, and its commands have brought the database up to date.
                self.error = StoreError("schedule_updated") if error.key == "database_newer" else error
                self._stopping.stop.set()
            else:
                self._tell(str(error))
        except Exception as error:
            _log.exception("look")
            self._tell(f"{type(error).__name__}: {error}"[:300])

    def _tell(self, why: str) -> None:
        """Say what is wrong once, not at every look."""
        if why != self._told:
            self._say(tell("schedule.tries_again", why=why))
            _log.warning("%s", why)
        self._told = why
