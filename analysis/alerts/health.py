"""Something does not work: a source's crawl fails or a monitor warns, or a job by the clock fails; and a source works again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from analysis.alerts.event import CRAWL, HIGH, JOB, LOW, NORMAL, Event, text_of
from analysis.alerts.ledger import Ledger
from analysis.alerts.ways import WORKS
from data.store import Store
from data.study import Study

#: What monitors say when a site has changed: once is enough. Anything else may be gone by the next crawl.
MONITORS = frozenset(
    ("no_longer_read", "changed_look", "no_post_read", "authors_lost", "dates_lost", "fewer_posts", "many_failures")
)
#: No trouble: the crawl goes on another time, or was ended by hand.
_PAUSES = frozenset(("quiet_hours", "budget", "interrupted"))
_FAILED_IN_A_ROW = 2
_CRAWLS = """
select c.crawl_id, c.source_id, c.started_at, c.ended_at, c.state, c.reason, c.reason_key, c.stopped, s.url, s.kind,
    b.name as brand
from crawls c join sources s using (source_id) left join brands b on b.brand_id = s.brand_id
where s.active and s.url not like 'file:%' and c.ended_at is not null and c.ended_at <= :until and c.state <> 'interrupted'
order by c.source_id, c.crawl_id desc
"""
_JOBS = """
select job_run_id, job, step, started_at, ended_at, state, exit_code, said from job_runs
where ended_at is not null and ended_at <= :until and state not in ('skipped', 'running') order by job, step, job_run_id desc
"""
_FAILED_JOB = ("failed", "overtime")
_SOURCES_FAILED = 1
Row = Mapping[str, Any]


def find(store: Store, study: Study, ledger: Ledger, now: datetime) -> Iterator[Event]:
    """One event a trouble, however long it lasts: it has the key of the crawl or run with which it began."""
    limits = {"until": text_of(now)}
    for _, rows in groupby(store.query(_CRAWLS, limits), key=lambda row: row["source_id"]):
        crawls = list(rows)
        yield from _once(_crawl(crawls), ledger)
        yield from _works(crawls, ledger)
    jobs = {job.key: job.steps for job in study.schedule}
    for (job, step), rows in groupby(store.query(_JOBS, limits), key=lambda row: (row["job"], row["step"])):
        if step in jobs.get(job, ()):  # of what is done by the clock no more nothing is broken
            yield from _once(_job(list(rows)), ledger)


def _once(found: Iterator[Event], ledger: Ledger) -> Iterator[Event]:
    """``found`` without what was told already, though the row that its key is made of may be gone: where every row is of the trouble."""
    for event in found:
        if not event.values["whole"] or event.subject not in ledger.told:
            yield event


def _crawl(rows: Sequence[Row]) -> Iterator[Event]:
    """``rows`` are a source's crawls, the newest first."""
    last = rows[0]
    warns = last["reason_key"] in MONITORS
    if last["stopped"] in _PAUSES or not (warns or last["state"] == "failed"):
        return
    streak = _streak(rows, lambda row: _same_trouble(row, last))
    if not warns and len(streak) < _FAILED_IN_A_ROW:
        return
    first = streak[-1]
    values = {"url": last["url"], "kind": last["kind"], "reason": last["reason"], "state": last["state"], "times": len(streak),
              "since": first["started_at"], "whole": len(streak) == len(rows)}  # fmt: skip
    trouble = last["reason_key"] if warns else "failed"
    key = f"{CRAWL}|{last['url']}|{trouble}|{first['crawl_id']}"
    level = NORMAL if last["state"] == "failed" else LOW
    yield Event(CRAWL, key, f"{CRAWL}|{last['url']}", level, last["ended_at"], last["brand"], values)


def _works(rows: Sequence[Row], ledger: Ledger) -> Iterator[Event]:
    """A source that was told as failing was read again. ``rows`` as for :func:`_crawl`."""
    last = rows[0]
    if last["state"] not in ("done", "partial") or last["reason_key"] in MONITORS or last["stopped"] in _PAUSES:
        return
    began = next((number for number, row in enumerate(rows) if row["state"] == "failed"), len(rows))
    for event in _crawl(rows[began:]) if began < len(rows) else ():
        if ledger.knows(event.key) and event.subject in ledger.told:
            values = {**event.values, "state": WORKS}
            yield Event(
                CRAWL, f"{event.key}|{WORKS}", event.subject, event.level, last["ended_at"], event.brand, values
            )


def _same_trouble(row: Row, last: Row) -> bool:
    if last["reason_key"] in MONITORS:
        return bool(row["reason_key"] == last["reason_key"])
    return bool(row["state"] == "failed" and row["reason_key"] not in MONITORS)


def _job(rows: Sequence[Row]) -> Iterator[Event]:
    last = rows[0]
    # Of alerts that fail the channel itself tells, or nothing could.
    if not _broke(last) or last["step"] in ("alerts", "digest"):
        return
    streak = _streak(rows, _broke)
    values = {"job": last["job"], "step": last["step"], "said": last["said"], "state": last["state"], "times": len(streak),
              "since": streak[-1]["started_at"], "whole": len(streak) == len(rows)}  # fmt: skip
    key = f"{JOB}|{last['job']}|{last['step']}|{streak[-1]['job_run_id']}"
    yield Event(JOB, key, f"{JOB}|{last['job']}|{last['step']}", HIGH, last["ended_at"], None, values)


def _broke(run: Row) -> bool:
    """Whether a run failed by itself: a crawl that ended well and could read no source is told by these, once they keep failing."""
    of_sources = run["step"] == "crawl" and run["state"] == "failed" and run["exit_code"] == _SOURCES_FAILED
    return run["state"] in _FAILED_JOB and not of_sources


def _streak(rows: Sequence[Row], goes_on: Any) -> list[Row]:
    found: list[Row] = []
    for row in rows:
        if not goes_on(row):
            break
        found.append(row)
    return found
