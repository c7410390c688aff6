"""How a study stands: what ran, what runs, what comes next, what failed and why, and how each source is."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.alone import crawling
from crawler.held import Holder
from crawler.schedule import at_work
from crawler.schedule_child import alive
from data.jobs import AHEAD, Standing, next_start, settled
from data.store import Store, open_store
from data.store.jobs import WAITING, JobBook, Step
from data.store.keys import moment
from data.study import Job, Study
from data.study_alerts import named
from data.study_secrets import Secret, unset

#: What a run is called in the table ``runs`` → the command that it is of.
_COMMANDS = {"crawl": "crawl", "import": "import", "read": "analyze", "find": "analyze"}
_ORDER = ("crawl", "import", "analyze", "report", "alerts", "digest")
_WRONG = ("failed", "overtime", "interrupted")
#: What to try where it is not the command itself.
_TRIES = {("digest", ""): ("alerts", "--digest"), ("crawl", "overtime"): ("check",)}
#: A job that is overdue for longer has nobody who would run it.
_OVERDUE = timedelta(hours=1)
#: Moments are stored to the second.
_APART = timedelta(seconds=2)
_RUNS = """
select run_id, what, started_at, ended_at, state, counts from runs where run_id in (select max(run_id) from runs group by what)
order by run_id
"""
#: The crawls just before a run that never came to their end, and what is new since the first of them.
_TAKEN_UP = """
with before as (
    select min(run_id) as run_id from runs where what = 'crawl' and run_id < :run and run_id > coalesce((
        select max(run_id) from runs where what = 'crawl' and run_id < :run and state not in ('interrupted', 'running')
    ), 0)
)
select r.started_at as began, (
    select count(*) from posts p join sources s using (source_id) where p.first_seen >= r.started_at and s.url not like 'file:%'
        and p.first_seen <= (select coalesce(ended_at, '9') from runs where run_id = :run)
) as posts_new
from before left join runs r using (run_id)
"""
_SOURCES = """
select (select count(distinct l.url) from landing_snapshots l join sources s using (source_id) where s.url = h.source) as pages_kept,
    h.source, h.brand, h.state, h.reason, h.started_at, h.posts_kept, h.newest_post,
    (select min(c.started_at) from crawls c join sources s using (source_id) where s.url = h.source and c.state = 'failed'
        and c.crawl_id > coalesce((select max(g.crawl_id) from crawls g where g.source_id = s.source_id
            and g.state in ('done', 'partial')), 0)) as broken_since
from source_health h where h.active order by h.source
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """The last run of a command, by hand or by the clock. ``brought`` counts new and changed posts of a crawl or an import."""

    what: str
    started_at: datetime
    ended_at: datetime | None
    state: str
    said: str | None = None
    brought: int | None = None
    by_clock: bool = False
    exit_code: int | None = None

    def is_ahead(self, now: datetime) -> bool:
        """Whether it is dated in time to come: the machine's clock ran ahead then."""
        return self.started_at > now + AHEAD


@dataclass(frozen=True, slots=True)
class Coming:
    """A job of the schedule: when it starts next (``None``: never), how it stands, and what a due run waits for."""

    job: Job
    next_at: datetime | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class SourceState:
    """One source: its last crawl, the posts and (of a brand's site) pages that are kept of it, and since when no crawl could read it."""

    url: str
    brand: str | None = None
    state: str | None = None
    reason: str | None = None
    crawled_at: datetime | None = None
    posts: int = 0
    pages: int = 0
    newest_post: datetime | None = None
    broken_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something to look after: a command that failed (``what`` is its name), ``sources`` that cannot be read, a ``schedule`` that
    nobody runs, the ``study`` file itself, or a ``channel`` that cannot tell its alerts (``name``). ``command`` are the words to try next,
    without the study."""

    what: str
    at: datetime | None
    why: str
    command: tuple[str, ...]
    state: str = "failed"
    name: str | None = None


@dataclass(slots=True)
class Status:
    """How a study stands at ``now``; ``waiting`` are the posts that no analysis has read."""

    study: Study
    now: datetime
    schedule: Holder | None = None
    running: list[Ran] = field(default_factory=list)
    ran: list[Ran] = field(default_factory=list)
    coming: list[Coming] = field(default_factory=list)
    sources: list[SourceState] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    unset: list[Secret] = field(default_factory=list)
    waiting: int = 0

    def as_json(self) -> dict[str, Any]:
        coming = [
            {
                "job": one.job.key,
                "what": one.job.what,
                "then": list(one.job.then),
                "every": one.job.every,
                "next_at": one.next_at,
                "planned_at": one.standing.planned_at,
                "started_at": one.standing.started_at,
                "ended_at": one.standing.ended_at,
                "state": one.standing.state,
                "waits_for": one.standing.waits_for,
            }
            for one in self.coming
        ]
        told: dict[str, Any] = {
            "study": self.study.study,
            "timezone": self.study.timezone,
            "now": self.now,
            "schedule": asdict(self.schedule) if self.schedule else None,
            "running": [asdict(one) for one in self.running],
            "ran": [asdict(one) for one in self.ran],
            "next": coming,
            "troubles": [asdict(one) for one in self.troubles],
            "sources": [asdict(one) for one in self.sources],
            "unset": [asdict(one) for one in self.unset],
            "waiting": self.waiting,
        }
        whole: dict[str, Any] = json.loads(json.dumps(told, default=_plain))
        return whole


def _plain(value: object) -> object:
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else str(value)


def look(study: Study, now: datetime) -> Status:
    """How the study stands. One that never ran has only what comes. Raises :class:`StoreError` where its database cannot be read."""
    found = Status(study, now, at_work(study.database), unset=unset(study))
    book = JobBook(study.database)
    known = book.standing()
    standing = settled(study, known, now)
    steps = book.last_steps()
    at_its_steps = {one.job for one in steps if _runs_now(one)}
    for job in study.schedule:
        stands = standing[job.key]
        if job.key in at_its_steps or (found.schedule is not None and stands.state == "running"):
            # It is at work: what comes next is its next time, not the one that it runs for.
            after = next_start(study, job, replace(stands, planned_at=now, steps_left=()), now)
        else:
            after = next_start(study, job, stands, now)
        found.coming.append(Coming(job, after, stands))
    found.coming.sort(key=lambda one: (one.next_at is None, one.next_at))
    runs, failing = list[Ran](), list[Trouble]()
    if study.database.exists():
        with open_store(study.database, read_only=True) as store:
            runs = _runs(store)
            found.sources = _sources(store)
            failing = _failing(store, study)
            found.waiting = next(store.query(WAITING))["posts"]
    seen = {one.url for one in found.sources}
    found.sources += [SourceState(source.url) for source in study.all_sources() if source.url not in seen]
    found.running, found.ran = _now_and_last(study, now, runs, steps)
    found.troubles = _troubles(found, known, failing)
    return found


def _runs(store: Store) -> list[Ran]:
    found: dict[str, Ran] = {}
    for row in store.query(_RUNS):
        if (what := _COMMANDS.get(row["what"])) is None:
            continue
        counts = json.loads(row["counts"] or "{}")
        brought = [counts[name] for name in ("posts_new", "posts_changed") if isinstance(counts.get(name), int)]
        if what == "crawl" and brought and (new := _with_what_was_broken_off(store, row["run_id"])) is not None:
            brought[0] = new
        started = moment(row["started_at"]) or datetime.now(UTC)
        found[what] = Ran(
            what, started, moment(row["ended_at"]), row["state"], brought=sum(brought) if brought else None
        )
    return list(found.values())


def _with_what_was_broken_off(store: Store, run: int) -> int | None:
    """How many posts of the sites are new since a crawl was begun that ``run`` took up where it was broken off; ``None`` where none was."""
    [row] = store.query(_TAKEN_UP, {"run": run})
    return row["posts_new"] if row["began"] is not None else None


def _failing(store: Store, study: Study) -> list[Trouble]:
    names = {name for name, _ in named(study.alerts.to)}
    return [
        Trouble(
            "channel", moment(row["failing_since"]), row["why"] or "", ("alerts", "--test"), "failed", row["channel"]
        )
        for row in store.query("select * from alert_channels where failed > 0 order by channel")
        if row["channel"] in names
    ]


def _sources(store: Store) -> list[SourceState]:
    return [
        SourceState(
            row["source"], row["brand"], row["state"], row["reason"], moment(row["started_at"]), row["posts_kept"], row["pages_kept"],
            moment(row["newest_post"]), moment(row["broken_since"]),
        )
        for row in store.query(_SOURCES)
    ]  # fmt: skip


def _runs_now(step: Step) -> bool:
    return step.state == "running" and alive(step.process, step.process_started)


def _now_and_last(study: Study, now: datetime, runs: list[Ran], steps: list[Step]) -> tuple[list[Ran], list[Ran]]:
    """What runs now, and the last run of each command. A run that never said how it ended runs only where its process, or for a
    crawl its lock, says so."""
    running = [Ran(step.step, step.started_at, None, "running", by_clock=True) for step in steps if _runs_now(step)]
    crawler, last = crawling(study.database), dict[str, Ran]()
    if crawler is not None and not any(one.what == "crawl" for one in running):
        begun = next((one.started_at for one in runs if one.what == "crawl" and one.state == "running"), None)
        if (since := crawler.since or begun) is not None:
            running.append(Ran("crawl", since, None, "running"))
    going = {one.what for one in running}
    for one in (*runs, *_report(study), *map(_of_step, steps)):
        if one.state == "running" and one.what in going:
            continue
        ended = replace(one, state="interrupted") if one.state == "running" else one
        last[one.what] = _later(last.get(one.what), ended, now)
    return running, [last[what] for what in _ORDER if what in last]


def _later(before: Ran | None, one: Ran, now: datetime) -> Ran:
    """The later of two runs of a command. A run that the command noted itself while the clock ran it is the same run: how it ended
    is the clock's note, what it brought its own. What is dated in time to come is the earlier: the machine's clock ran ahead then."""
    if before is None:
        return one
    if one.by_clock and one.started_at <= before.started_at <= (one.ended_at or before.started_at) + _APART:
        return replace(one, brought=before.brought)
    if one.is_ahead(now) != before.is_ahead(now):
        return before if one.is_ahead(now) else one
    return one if one.started_at >= before.started_at else before


def _of_step(step: Step) -> Ran:
    return Ran(step.step, step.started_at, step.ended_at, step.state, step.said, None, True, step.exit_code)


def _report(study: Study) -> list[Ran]:
    """The newest report in the study's folder."""
    try:
        newest = max((path.stat().st_mtime for path in study.reports.glob("*.html")), default=None)
    except OSError:
        newest = None
    return [] if newest is None else [Ran("report", at := datetime.fromtimestamp(newest, UTC), at, "done")]


def _troubles(found: Status, known: dict[str, Standing], failing: list[Trouble]) -> list[Trouble]:
    troubles = []
    broken = [source for source in found.sources if source.broken_since is not None]
    goes_on = {step for one in found.coming if one.standing.broken_off for step in one.standing.steps_left[:1]}
    for one in found.ran:
        if one.state == "interrupted" and one.by_clock and one.what in goes_on:
            continue  # it is taken up by itself
        of_sources = one.what == "crawl" and one.state == "failed" and one.exit_code in (None, 1) and broken
        of_channels = one.what in ("alerts", "digest") and one.exit_code in (None, 1) and failing
        if one.state in _WRONG and not of_sources and not of_channels:
            command = _TRIES.get((one.what, one.state)) or _TRIES.get((one.what, "")) or (one.what,)
            troubles.append(Trouble(one.what, one.ended_at or one.started_at, one.said or "", command, one.state))
    if broken:
        troubles.append(Trouble("sources", min(filter(None, (one.broken_since for one in broken))), "", ("check",)))
    troubles += failing
    overdue = [
        one for one in found.coming
        if one.job.key in known and one.next_at is not None and _was_due(found, one, known[one.job.key])
    ]  # fmt: skip
    if overdue and found.schedule is None and not found.running:
        troubles.append(Trouble("schedule", None, "", ("schedule",)))
    return troubles


def _was_due(found: Status, one: Coming, stands: Standing) -> bool:
    """Whether the job was due an hour ago and still is."""
    earlier = found.now - _OVERDUE
    start = next_start(found.study, one.job, stands, earlier)
    return (
        stands.since <= earlier
        and start is not None
        and start <= earlier
        and one.next_at is not None
        and one.next_at <= found.now
    )
