"""What the database keeps of the jobs that are done by the clock: how each stands, and every step that was run or left out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from data.jobs import Standing
from data.store.failures import writing
from data.store.keys import moment, moment_text
from data.store.sqlite import SQLiteStore
from data.store.sqlite_write import insert

#: So many steps are kept of each job.
KEPT = 400
_STANDING = (
    "job",
    "what",
    "since",
    "planned_at",
    "started_at",
    "ended_at",
    "state",
    "steps_left",
    "attempts",
    "waits_for",
)
_MOMENTS = ("since", "planned_at", "started_at", "ended_at")
_LAST = """
select r.* from job_runs r join (select max(job_run_id) as job_run_id from job_runs where state <> 'skipped' group by job, step)
using (job_run_id) order by started_at, job_run_id
"""
_BROUGHT = """
select coalesce(sum(coalesce(c.posts_new, 0) + coalesce(c.posts_changed, 0)), 0) + (
    select count(*) from landing_snapshots where first_seen >= (select min(started_at) from crawls where run_id > :after)
) + (select count(*) from runs where run_id > :after and what in ('import', 'undo') and state = 'done') as brought
from crawls c where c.run_id > :after
"""
#: Posts that no analysis has read yet, whoever brought them.
WAITING = "select (select coalesce(sum(posts), 0) from post_counts) - (select count(*) from annotations) as posts"
_UNREAD = """
select s.url, c.state, c.reason, (select count(*) from crawls a where a.run_id > ?) as sources
from crawls c join sources s using (source_id) where c.run_id > ? and c.state in ('failed', 'partial') order by c.crawl_id
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a job: run (``done``, ``partial``, ``failed``, ``interrupted``, ``overtime``, or still ``running``) or ``skipped``.

    ``said`` is the command's last word where it went wrong, or why it was skipped; ``process`` and ``process_started`` tell the
    process apart from a later one with its number.
    """

    job: str
    step: str
    planned_at: datetime | None
    started_at: datetime
    ended_at: datetime | None = None
    state: str = "running"
    exit_code: int | None = None
    said: str | None = None
    process: int | None = None
    process_started: float | None = None
    key: int | None = None


_UNREPORTED = """
select exists (
    select 1 from runs where what = 'find' and state = 'done' and ended_at > coalesce(
        (select max(started_at) from job_runs where step = 'report' and state = 'done'), '')
) as unreported
"""


class JobBook:
    """The tables ``jobs`` and ``job_runs`` of one database, opened for each question: others write to it for hours.

    Every method raises :class:`data.errors.StoreError` where the database cannot be used.
    """

    def __init__(self, database: Path) -> None:
        self.database = database

    def standing(self) -> dict[str, Standing]:
        """Job key → how it stands."""
        return {row["job"]: _standing(row) for row in self._rows("select * from jobs")}

    def last_steps(self) -> list[Step]:
        """The last run of each step of each job, the newest last; what was only skipped is left out."""
        return [_step(row) for row in self._rows(_LAST)]

    def running(self) -> list[Step]:
        """Steps that were begun and never said how they ended: they run, or were broken off."""
        return [_step(row) for row in self._rows("select * from job_runs where state = 'running' order by job_run_id")]

    def steps(self, limit: int = 20) -> list[Step]:
        """The last steps of all jobs, the newest first."""
        return [_step(row) for row in self._rows("select * from job_runs order by job_run_id desc limit ?", (limit,))]

    def newest_run(self) -> int:
        """The number of the newest row of ``runs``."""
        return int(self._rows("select coalesce(max(run_id), 0) as newest from runs")[0]["newest"])

    def newest_analysis(self) -> int:
        """The number of the newest analysis that came to its end, 0 where there is none."""
        asked = "select coalesce(max(run_id), 0) as newest from runs where what = 'find' and state = 'done'"
        return int(self._rows(asked)[0]["newest"])

    def analysed_since_report(self) -> bool:
        """Whether an analysis came to its end since the schedule's last report began."""
        return bool(self._rows(_UNREPORTED)[0]["unreported"])

    def waiting(self) -> int:
        """How many posts no analysis has read yet."""
        return int(self._rows(WAITING)[0]["posts"])

    def brought(self, after: int) -> int:
        """How many posts and pages crawls brought, new or changed, and how many imports there were, by runs of a number above ``after``."""
        return int(self._rows(_BROUGHT, {"after": after})[0]["brought"])

    def unread(self, after: int) -> list[dict[str, Any]]:
        """The sources that crawls whose run has a number above ``after`` did not read whole: ``url``, ``state``, ``reason``; of all
        ``sources`` that they looked at."""
        return self._rows(_UNREAD, (after, after))

    def dead_channels(self) -> set[str]:
        """The names of the channels of alerts whose last try failed."""
        return {row["channel"] for row in self._rows("select channel from alert_channels where failed > 0")}

    def save(self, standing: Iterable[Standing], *, alone: bool = False) -> None:
        """Write how jobs stand; with ``alone``, those not named are forgotten."""
        rows = list(standing)
        with SQLiteStore(self.database, create=True) as store, writing(store.path, store._db):
            if alone:
                names = json.dumps([one.job for one in rows])
                store._db.conn.execute("delete from jobs where job not in (select value from json_each(?))", (names,))
            for one in rows:
                row = {name: _told(getattr(one, name)) for name in _STANDING}
                store._db.conn.execute(insert("jobs", _STANDING).replace("insert", "insert or replace", 1), row)

    def begin(self, step: Step) -> int:
        """Note a step; its number."""
        names = tuple(name for name in Step.__slots__ if name != "key")
        row = {name: _told(getattr(step, name)) for name in names}
        with SQLiteStore(self.database, create=True) as store, writing(store.path, store._db):
            cursor = store._db.conn.execute(insert("job_runs", names), row)
            store._db.conn.execute(
                "delete from job_runs where job = ? and job_run_id not in "
                "(select job_run_id from job_runs where job = ? order by job_run_id desc limit ?)",
                (step.job, step.job, KEPT),
            )
        return int(cursor.lastrowid or 0)

    def process(self, key: int, number: int, started: float) -> None:
        """Note which process runs a step."""
        self._write("update job_runs set process = ?, process_started = ? where job_run_id = ?", number, started, key)

    def end(
        self, key: int, state: str, ended_at: datetime, *, exit_code: int | None = None, said: str | None = None
    ) -> None:
        """Note how a step ended."""
        self._write(
            "update job_runs set state = ?, ended_at = ?, exit_code = ?, said = ? where job_run_id = ?",
            state, moment_text(ended_at), exit_code, said, key,
        )  # fmt: skip

    def _rows(self, sql: str, values: Sequence[object] | dict[str, object] = ()) -> list[dict[str, Any]]:
        if not self.database.exists():
            return []
        with SQLiteStore(self.database, read_only=True) as store:
            return list(store.query(sql, values))

    def _write(self, sql: str, *values: object) -> None:
        with SQLiteStore(self.database) as store, writing(store.path, store._db):
            store._db.conn.execute(sql, values)


def _told(value: object) -> object:
    if isinstance(value, datetime):
        return moment_text(value)
    return json.dumps(value) if isinstance(value, tuple) else value


def _standing(row: dict[str, Any]) -> Standing:
    values: dict[str, Any] = {name: moment(row[name]) if name in _MOMENTS else row[name] for name in _STANDING}
    return Standing(**{**values, "steps_left": tuple(json.loads(row["steps_left"]))})


def _step(row: dict[str, Any]) -> Step:
    values: dict[str, Any] = {
        name: moment(row[name]) if name.endswith("_at") else row[name] for name in Step.__slots__ if name != "key"
    }
    return Step(**values, key=row["job_run_id"])
