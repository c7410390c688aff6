"""Running what is due: the jobs of a study's schedule one after another, each step a command of its own, all of it noted."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from crawler.alone import crawling
from crawler.schedule_child import Ended, Launcher, Started, alive
from crawler.schedule_words import took, when
from data.errors import ChandungError, StoreError
from data.job_times import Times
from data.jobs import MOST_ATTEMPTS, Due, Standing, due, next_start, outlasted, settled
from data.numbers import number
from data.store.jobs import JobBook, Step
from data.study import Study
from data.study_alerts import named
from data.words import tell

#: Steps that have nothing to do where nothing is new; the others tell of just that.
WANTS_NEWS = frozenset({"analyze", "report"})
#: What keeps the database from being written to, and passes.
PASSING = frozenset({"database_locked", "database_full", "database_input_output"})
_AGAIN = 5.0
_log = logging.getLogger("chandung.schedule")


class Launch(Protocol):
    """Runs one step and waits for its end: see :class:`crawler.schedule_child.Launcher`."""

    def __call__(self, study: Path, step: str, limit: float, started: Started | None = None) -> Ended: ...


def now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


class Runner:
    """Runs a study's jobs. ``clock`` gives the time (aware), ``launch`` runs a step, ``say`` tells the user a line.

    Nothing is run twice at once: whoever calls :meth:`look` holds the schedule (:func:`crawler.schedule.alone`).
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], datetime] = now,
        launch: Launch | None = None,
        say: Callable[[str], None] = print,
        stopped: Callable[[], bool] = lambda: False,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        from data.study_file import find, load

        self.path = find(path).resolve()
        self.study: Study = load(self.path)
        self._read_at, self._fault = _stamp(self.path), ""
        self._database = self.study.database
        self.book = JobBook(self._database)
        self._looked = False
        self.clock, self._say, self._stopped, self._pause = clock, say, stopped, pause
        self._launch: Launch = launch or Launcher()

    # What the process asks

    def look(self) -> list[Step]:
        """Run everything that is due, one job after another; the steps that were run or skipped.

        Raises :class:`StoreError` where the database cannot be used; what was not noted then is due again.
        """
        self.reload()
        ran: list[Step] = []
        standing = self._settle()
        tried: set[str] = set()
        while not self._stopped():
            waiting = [one for one in due(self.study, standing, self.clock()) if one.job.key not in tried]
            if not waiting:
                break
            one = waiting[0]
            tried.add(one.job.key)
            if (wait := self._waits()) is not None:
                self._note_waiting(standing[one.job.key], wait)
            else:
                ran += self._job(one, standing[one.job.key])
                standing = self.book.standing()
        return ran

    def wakes(self) -> datetime | None:
        """When something is due next; ``None`` where nothing ever is."""
        standing, moment = self.book.standing(), self.clock()
        starts = [next_start(self.study, job, standing.get(job.key), moment) for job in self.study.schedule]
        return min(filter(None, starts), default=None)

    def reload(self) -> None:
        """Read the study again where its file has changed. One that is wrong leaves the schedule as it was, and is told once."""
        from data.study_file import load

        if (stamp := _stamp(self.path)) == self._read_at:
            return
        self._read_at = stamp
        try:
            study = load(self.path)
        except (ChandungError, OSError) as error:
            self._fault = str(error)
            self._tell("study_wrong", path=self.path.name, why=error)
            return
        self._fault = ""
        if study.database != self._database:
            raise StoreError("schedule_other_database", path=self.path.name, database=study.database.name)
        changed = study.schedule != self.study.schedule or study.timezone != self.study.timezone
        self.study = study
        self._tell("study_read_anew" if changed else "study_changed", path=self.path.name)

    # One job

    def _job(self, one: Due, stands: Standing) -> list[Step]:
        """Run a job's steps. Before each it is noted which are left, so that a later look takes up what is broken off."""
        job, attempts = one.job, stands.attempts + 1 if one.again else 1
        stands = replace(
            stands, planned_at=one.planned_at, started_at=self.clock(), ended_at=None, state="running",
            steps_left=one.steps, attempts=attempts, waits_for=None,
        )  # fmt: skip
        self.book.save([stands])
        if one.again:
            self._tell("taken_up", job=self._name(job.what), attempt=attempts, most=MOST_ATTEMPTS)
        elif one.missed:
            self._tell("made_up", job=self._name(job.what), count=one.missed + 1)
        before, ran = self.book.newest_run(), list[Step]()
        for place, step in enumerate(one.steps):
            stands = replace(stands, steps_left=one.steps[place:])
            self.book.save([stands])
            why = self._needless(one, step, before, ran) if place else None
            done = self._skip(one, step, why) if why else self._step(one, step, before)
            ran.append(done)
            if done.state == "interrupted" and self._stopped():
                self.book.save([replace(stands, state="interrupted", ended_at=self.clock())])
                return ran
        self._finish(one, stands, ran)
        return ran

    def _finish(self, one: Due, stands: Standing, ran: list[Step]) -> None:
        ended = self.clock()
        state = next((step.state for step in ran if step.state not in ("done", "skipped")), "done")
        passed = outlasted(Times(self.study, one.job), one.planned_at, stands.started_at or ended, ended)
        if passed is not None:
            self._tell("outlasted", job=self._name(one.job.what), when=when(passed, self.study.timezone, ended))
            stands = replace(stands, planned_at=passed)
        self._keep(lambda: self.book.save([replace(stands, state=state, ended_at=ended, steps_left=(), attempts=0)]))

    def _step(self, one: Due, step: str, before: int) -> Step:
        begun = Step(one.job.key, step, one.planned_at, self.clock())
        key = self.book.begin(begun)
        self._tell("begins", job=self._name(step))
        try:
            ended = self._launch(
                self.path, step, one.job.at_most_hours * 3600, lambda number, at: self._note_process(key, number, at)
            )
        except Exception as error:  # whatever befalls one command, the others have their turn
            _log.exception("%s", step)
            ended = Ended("failed", None, f"{type(error).__name__}: {error}"[:500])
        if ended.state == "overtime":
            # The command's own last words only tell that it was interrupted.
            ended = replace(ended, said=tell("schedule.too_long", hours=_hours(one.job.at_most_hours)))
        if step == "crawl" and ended.state == "partial":
            ended = self._of_the_crawl(ended, before)
        elif ended.state == "partial":
            ended = self._of_the_alerts(ended)
        done = replace(
            begun, ended_at=self.clock(), state=ended.state, exit_code=ended.exit_code, said=ended.said, key=key
        )
        self._keep(lambda: self.book.end(key, done.state, self.clock(), exit_code=done.exit_code, said=done.said))
        self._tell(
            f"ended_{done.state}",
            job=self._name(step),
            time=took(begun.started_at, done.ended_at),
            why=done.said or "–",
        )
        return done

    def _of_the_crawl(self, ended: Ended, before: int) -> Ended:
        """What a crawl that left something out came to: which sources, and the first reason; ``failed`` where none was read."""
        unread = self.book.unread(before)
        if not unread:
            return ended
        url, first = unread[0]["url"], unread[0]["reason"] or unread[0]["state"]
        if url.rstrip("/") not in first:
            first = f"{url}: {first}"
        said = tell("schedule.unread", count=len(unread), total=unread[0]["sources"], first=first)
        none = all(row["state"] == "failed" for row in unread) and len(unread) == unread[0]["sources"]
        return Ended("failed" if none else "partial", ended.exit_code, said)

    def _of_the_alerts(self, ended: Ended) -> Ended:
        """What alerts that left something out came to: ``failed`` where no channel works, or where it was no channel that failed."""
        channels = {name for name, _ in named(self.study.alerts.to)}
        dead = channels & self.book.dead_channels()
        return ended if dead and dead != channels else replace(ended, state="failed")

    def _skip(self, one: Due, step: str, why: str) -> Step:
        at = self.clock()
        done = Step(one.job.key, step, one.planned_at, at, at, "skipped", said=tell(f"schedule.{why}"))
        key = self.book.begin(done)
        self._tell("skips", job=self._name(step), why=done.said)
        return replace(done, key=key)

    def _needless(self, one: Due, step: str, before: int, ran: list[Step]) -> str | None:
        """Why a step that follows others is not worth running: what it stands on failed, or nothing is new. A step whose last run
        failed is run again, and so is what follows a job that is taken up: some of its news came before it was broken off."""
        if step not in WANTS_NEWS:
            return None
        own = {done.state for done in ran if done.step in WANTS_NEWS}
        if own - {"done", "skipped"}:
            return "stands_on_failed"
        if step == "analyze":  # what was crawled or imported by hand since the last analysis waits for one, too
            before = min(before, self.book.newest_analysis())
            if self.book.waiting():
                return None
        if step == "report" and self.book.analysed_since_report():  # by hand, or by a job that was broken off
            return None
        if one.again or "done" in own or self.book.brought(before):
            return None
        last = {done.step: done.state for done in self.book.last_steps() if done.job == one.job.key}
        return None if last.get(step, "done") != "done" else "nothing_new"

    # What keeps a job waiting, and what was left by a process that is gone

    def _waits(self) -> str | None:
        """What a due job waits for: ``study`` (a file with errors), ``crawl`` (somebody crawls), ``earlier`` (a command that a
        schedule before this one started still runs); ``None`` where nothing keeps it."""
        if self._fault:
            return "study"
        if not self._looked:
            return "earlier"
        return "crawl" if crawling(self._database) is not None else None

    def _note_waiting(self, stands: Standing, wait: str) -> None:
        if stands.waits_for != wait:
            self.book.save([replace(stands, waits_for=wait)])
            self._tell(f"waits_{wait}", job=self._name(stands.what))

    def _settle(self) -> dict[str, Standing]:
        """How the jobs stand, with those noted that are new, and with what a process that was killed left running."""
        moment, known = self.clock(), self.book.standing()
        standing = settled(self.study, known, moment)
        under_way = any(stands.state == "running" for stands in known.values()) or not self._looked
        left = self.book.running() if under_way else []
        for one in left:
            if not alive(one.process, one.process_started) and one.key is not None:
                self.book.end(one.key, "interrupted", moment, said=tell("schedule.killed"))
        running = {one.job for one in left if alive(one.process, one.process_started)}
        self._looked = not running
        for key, stands in standing.items():
            if stands.state == "running" and key not in running:
                standing[key] = stands = replace(stands, state="interrupted", ended_at=moment)
            if stands.steps_left and stands.attempts >= MOST_ATTEMPTS and stands.state == "interrupted":
                self._tell("given_up", job=self._name(stands.what), most=MOST_ATTEMPTS)
                standing[key] = replace(stands, steps_left=(), attempts=0)
        if standing != known:
            self.book.save(standing.values(), alone=True)
        return standing

    def _keep(self, write: Callable[[], None]) -> None:
        """Write how something ended, and wait for the database where another program holds it or the disk is full: what was done
        would be done again otherwise."""
        told = False
        while True:
            try:
                return write()
            except StoreError as error:
                if self._stopped() or error.key not in PASSING:
                    raise
                if not told:
                    self._tell("not_noted", why=error)
                told = True
                self._pause(_AGAIN)

    def _note_process(self, key: int, number: int, started: float) -> None:
        try:
            self.book.process(key, number, started)
        except StoreError:  # only who comes after a kill would have asked
            _log.warning("process %s not noted", number)

    def _name(self, step: str) -> str:
        return tell(f"schedule.steps.{step}")

    def _tell(self, key: str, **values: object) -> None:
        line = f"{self.clock().astimezone(ZoneInfo(self.study.timezone)):%H:%M}  {tell(f'schedule.{key}', **values)}"
        _log.info("%s", line.replace("\n", " / "))
        self._say(line)


def _hours(hours: float) -> str:
    return number(hours, len(f"{hours:.10f}".rstrip("0").partition(".")[2]))


def _stamp(path: Path) -> tuple[int, int]:
    """What changes when the file does; of a file that is gone, or locked by an editor, zeros."""
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)
