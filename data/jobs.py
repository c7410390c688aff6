"""What of a study's schedule is due at a moment: a pure function of the jobs, how each stands, and the time.

A job that was missed, by however many of its times, is due once. One that is seen for the first time is due at its next time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise, takewhile
from typing import TYPE_CHECKING

from data.job_times import Times

if TYPE_CHECKING:
    from data.study import Job, Study

#: A run that was broken off (the computer went off, the process was ended) is taken up again so many times.
MOST_ATTEMPTS = 3
#: What is dated further ahead than this was noted by a clock that has been put right since: it shall keep nothing from its next time.
AHEAD = timedelta(hours=1)
#: Two digests in one week are one too many, though a clock may go a little early.
DIGESTS_APART = timedelta(days=5)
#: What each command works on is brought by these, which therefore come before it.
_RESTS_ON = {
    "analyze": ("crawl",),
    "report": ("crawl", "analyze"),
    "alerts": ("crawl", "analyze"),
    "digest": ("crawl", "analyze"),
}
_LOOKED_BACK = (timedelta(days=7), timedelta(days=1), timedelta(hours=2))
_COUNTED = 200


@dataclass(frozen=True, slots=True)
class Standing:
    """How a job stands: ``since`` it is in the schedule, the time it was last planned for and run.

    ``state`` is ``new``, ``running``, ``done``, ``partial``, ``failed``, ``interrupted`` or ``overtime``; ``steps_left`` are those of
    a run that was broken off, the one that was broken off first; ``waits_for`` says what a due run waits for.
    """

    job: str
    what: str
    since: datetime
    planned_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    state: str = "new"
    steps_left: tuple[str, ...] = ()
    attempts: int = 0
    waits_for: str | None = None

    @property
    def answered(self) -> datetime:
        """Every planned time up to this one was run, missed for good, or before the job was in the schedule."""
        return self.planned_at or self.since

    @property
    def broken_off(self) -> bool:
        """Whether a run was begun, has steps left, and may be taken up again."""
        return bool(self.steps_left) and self.attempts < MOST_ATTEMPTS


@dataclass(frozen=True, slots=True)
class Due:
    """A job to run now: for which planned time, which steps, and how many earlier times it stands for as well."""

    job: Job
    planned_at: datetime
    steps: tuple[str, ...]
    missed: int = 0
    again: bool = False


def due(study: Study, standing: Mapping[str, Standing], now: datetime) -> list[Due]:
    """The jobs that are to run at ``now``, the longest overdue first. ``standing`` is by job key; a job it lacks is not due."""
    found = [one for job in study.schedule if (one := _due(Times(study, job), standing.get(job.key), now))]
    return sorted(found, key=lambda one: (not one.again, one.planned_at))


def _due(times: Times, stands: Standing | None, now: datetime) -> Due | None:
    if stands is None or times.quiet.until(now) is not None:
        return None
    job = times.job
    passed = [planned for planned in _passed(times, stands.answered, now) if times.ready(planned) <= now]
    if stands.broken_off:
        # Taken up from its first step, the run is also that of the times that passed meanwhile.
        whole = passed and stands.steps_left[0] == job.what
        return Due(job, passed[-1] if whole else stands.answered, stands.steps_left, again=True)
    return Due(job, passed[-1], job.steps, missed=len(passed) - 1) if passed else None


def outlasted(times: Times, planned: datetime, started: datetime, ended: datetime) -> datetime | None:
    """The last planned time whose run would have started while the run of ``planned`` went on; ``None`` where there was none."""
    while_it_ran = [one for one in _passed(times, planned, ended) if started < times.ready(one) <= ended]
    return while_it_ran[-1] if while_it_ran else None


def _passed(times: Times, after: datetime, now: datetime) -> list[datetime]:
    """The planned times in ``after`` < time ≤ ``now``, of very many only the latest."""
    found = _between(times, after, now)
    for back in _LOOKED_BACK if len(found) == _COUNTED else ():
        latest = _between(times, max(after, now - back), now)
        if latest and len(latest) < _COUNTED:
            return latest
    return found


def _between(times: Times, after: datetime, now: datetime) -> list[datetime]:
    return list(takewhile(lambda planned: planned <= now, islice(times.after(after), _COUNTED)))


def next_start(study: Study, job: Job, stands: Standing | None, now: datetime) -> datetime | None:
    """When the job starts next, if nothing keeps it: ``now`` where it is due; ``None`` where it never does."""
    times, quiet = Times(study, job), Times(study, job).quiet.until(now)
    answered = min(stands.answered, now) if stands is not None else now
    if (stands is not None and stands.broken_off) or any(
        times.ready(planned) <= now for planned in _passed(times, answered, now)
    ):
        return quiet.astimezone(UTC) if quiet else now
    planned = islice(times.after(max(answered, now - timedelta(days=2))), _COUNTED)
    return next((start for one in planned if (start := times.ready(one)) > now), None)


def too_often(study: Study, job: Job, now: datetime) -> bool:
    """Whether the job makes digests at times so close that some of them are left out."""
    times = islice(Times(study, job).after(now), 8 if "digest" in job.steps else 0)
    return any(late - early < DIGESTS_APART for early, late in pairwise(times))


def too_late(job: Job) -> tuple[str, str] | None:
    """A step that comes after one that tells what it brings, and that one: a crawl after the report."""
    pairs = ((late, early) for place, early in enumerate(job.steps) for late in job.steps[place + 1 :])
    return next(((late, early) for late, early in pairs if late in _RESTS_ON.get(early, ())), None)


def settled(study: Study, standing: Mapping[str, Standing], now: datetime) -> dict[str, Standing]:
    """How the schedule's jobs stand at ``now``: those it no longer names are left out, new ones begin, and a time to come that an
    answer was noted for (the clock was wrong) is forgotten."""
    found = {}
    for job in study.schedule:
        stands = standing.get(job.key) or Standing(job.key, job.what, now)
        if stands.answered > now + AHEAD:
            stands = replace(stands, since=min(stands.since, now), planned_at=now)
        found[job.key] = stands
    return found
