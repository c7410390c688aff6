"""The jobs of a schedule in words: what each does, when, and how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from crawler.schedule_words import when
from data.jobs import DIGESTS_APART, Standing, next_start, too_late, too_often
from data.study import Job, Study
from data.words import tell


def steps_told(job: Job) -> str:
    """What a job does: “crawl, then analyze, alerts”."""
    first, *rest = (tell(f"schedule.steps.{step}") for step in job.steps)
    return tell("schedule.then", first=first, rest=", ".join(rest)) if rest else first


def job_told(study: Study, job: Job, start: str, now: datetime) -> str:
    """A job with its next start, and what its own line does not do as somebody may think."""
    line = f"{start}: {steps_told(job)}  ({job.every})"
    if too_often(study, job, now):
        line += f"; {tell('schedule.digest_too_often', days=DIGESTS_APART.days)}"
    if (late := too_late(job)) is not None:
        line += f"; {tell('schedule.too_late', late=tell(f'schedule.steps.{late[0]}'), early=tell(f'schedule.steps.{late[1]}'))}"
    return line


def next_told(study: Study, job: Job, stands: Standing | None, now: datetime) -> str:
    """When a job starts next."""
    start = next_start(study, job, stands, now)
    if start is None:
        return tell("schedule.never")
    return tell("schedule.due_now") if start <= now else when(start, study.timezone, now)


def jobs_told(study: Study, standing: Mapping[str, Standing], now: datetime) -> list[str]:
    """What the schedule says when it begins: each job with its next start."""
    lines = [tell("schedule.hello", study=study.study, zone=study.timezone)]
    for job in study.schedule:
        start = next_told(study, job, standing.get(job.key), now)
        lines.append(f"  {job_told(study, job, start, now)}")
    return [*lines, tell("schedule.how_to_stop", log="schedule.log")]
