"""What a crawl would do, told without asking anything of any site: from the study and from what earlier crawls left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from crawler.closed_places import closed
from crawler.job import Known, Options
from crawler.keywords import Keywords
from crawler.pace import Pace
from crawler.platforms import platform_of
from crawler.platforms.base import Place
from crawler.reasons import Reason, Refused, span_of, why
from crawler.robots import FRESH, Robots, RobotsBook, origin
from crawler.told import duration, what
from data.errors import ChandungError
from data.quiet_hours import QuietHours
from data.store import open_store
from data.store.keys import site_of
from data.words import tell

if TYPE_CHECKING:
    from data.store import Store
    from data.study import Source, Study

_LAST = """
select c.state, c.started_at, (select count(*) from posts p where p.source_id = s.source_id) as posts,
    exists (select 1 from landing_snapshots l where l.source_id = s.source_id) as is_site
from sources s join crawls c using (source_id) where s.source_id = ? and c.ended_at is not null order by c.crawl_id desc limit 1
"""
#: A page of a list, and robots.txt.
_AT_LEAST = 2


@dataclass(slots=True)
class Planned:
    """One source's part of a crawl. ``robots`` is ``rules``, ``forbids``, ``none`` or ``withheld``, ``None`` where it will be asked for;
    ``requests`` is an estimate, ``None`` where nothing is known of the source; ``problem`` is why nothing can be read as the study
    has it; times are in the study's zone."""

    url: str
    kind: str | None = None
    engine: str | None = None
    platform: str | None = None
    last_state: str | None = None
    last_crawl: str | None = None
    pages: int = 0
    threads: int = 0
    posts: int = 0
    robots: str | None = None
    robots_read_at: str | None = None
    delay: float = 0.0
    unfinished: int = 0
    failed: int = 0
    again: int = 0
    host: str = ""
    asked_today: int = 0
    pages_per_day: int | None = None
    quiet_until: str | None = None
    quiet_from: str | None = None
    requests: int | None = None
    seconds: float | None = None
    left_out: bool = False
    problem: str | None = None
    lines: list[str] = field(default_factory=list)

    @property
    def was_read(self) -> bool:
        """Whether earlier crawls brought anything."""
        return bool(self.pages or self.threads or self.posts)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def plan(study: Study, sources: Sequence[Source], options: Options) -> list[Planned]:
    """What a crawl of ``sources`` would do now. Raises :class:`data.errors.StoreError` where there is a database that cannot be
    read."""
    if not study.database.exists():
        return [_planned(study, source, options, None, RobotsBook(), Pace(study)) for source in sources]
    with open_store(study.database, read_only=True) as store:
        robots = RobotsBook(store.robots_files(datetime.now(UTC) - FRESH))
        pace = Pace(study)
        pace = Pace(study, store.asked_on(pace.day))
        return [_planned(study, source, options, store, robots, pace) for source in sources]


def _planned(
    study: Study, source: Source, options: Options, store: Store | None, robots: RobotsBook, pace: Pace
) -> Planned:
    where = source.api or source.url
    found = Planned(source.url, host=site_of(where), kind=source.kind)
    platform = platform_of(source)
    found.platform = platform.name if platform else None
    found.delay = source.delay if options.delay is None else options.delay
    found.asked_today, found.pages_per_day = pace.asked_today(where), pace.budget(source)
    found.left_out = options.strict and source in study.sources and not source.terms
    problem = unreadable(source)
    found.problem = problem.sentence() if problem is not None else None
    _times(study, found)
    known = robots.fresh(origin(source.url)) if platform is None or platform.asks_robots else None
    if known is not None:
        _robots(known, found, study)
    if store is not None:
        _known(store, found, source, options, study)
    if found.robots == "forbids":
        found.requests = found.seconds = None
    found.lines = list(_lines(found))
    return found


def unreadable(source: Source) -> Reason | None:
    """Why a source cannot be read as the study has it, told without asking anybody; ``None`` where its place is to be asked."""
    if (reason := closed(source)) is not None:
        return reason
    platform = platform_of(source)
    if platform is None:
        return None
    place = Place(source.url, (source.api or platform.base(source.url)).rstrip("/"), source.token is not None)
    try:
        source.secret()
        platform.start(place)
    except Refused as error:
        return error.reason
    except ChandungError as error:
        return why(error)
    if platform.needs_token and not place.has_token:
        return Reason(f"platforms.{platform.name}.no_token", {"url": source.url})
    return None


def _times(study: Study, found: Planned) -> None:
    quiet, now = QuietHours(study.crawling.quiet_hours, study.timezone), datetime.now(UTC)
    until, begins = quiet.until(now), quiet.begins(now)
    found.quiet_until = _clock(until, study) if until else None
    found.quiet_from = _clock(begins, study) if begins and not until else None


def _robots(known: Robots, found: Planned, study: Study) -> None:
    said = "forbids" if not known.allows(found.url) else "rules"
    found.robots = ("withheld" if known.withheld else "none") if known.found == "none" else said
    found.robots_read_at = _clock(known.read_at, study)
    found.delay = max(found.delay, known.delay or 0.0)


def _known(store: Store, found: Planned, source: Source, options: Options, study: Study) -> None:
    rows = list(store.query("select source_id, engine from sources where url = ?", (source.url,)))
    last = next(iter(store.query(_LAST, (rows[0]["source_id"],))), None) if rows else None
    if last is None:
        return
    known = Known.load(store, rows[0]["source_id"], options, Keywords(source.keywords))
    found.last_state, found.last_crawl = last["state"], _clock(datetime.fromisoformat(last["started_at"]), study)
    found.pages, found.threads, found.posts = len(known.pages), len(known.own), last["posts"]
    if not found.was_read:
        return
    found.engine = rows[0]["engine"]
    site = "site" if last["is_site"] else "feed" if found.engine == "feed" else "forum"
    found.kind = source.kind or site
    found.unfinished = sum(not state.complete for state in known.own_threads())
    found.failed, found.again = len(known.failed), len(known.again)
    rest = found.unfinished + found.failed + found.again
    # Lists cost about what they cost last time, unless that crawl walked them for the first time.
    usual = sorted(row["requests"] for row in known.past.last[:-1] if row["requests"])
    found.requests = max(_AT_LEAST + rest, usual[len(usual) // 2] if usual else 0)
    found.seconds = found.requests * found.delay


def _clock(when: datetime, study: Study) -> str:
    return f"{when.astimezone(ZoneInfo(study.timezone)):%Y-%m-%d %H:%M}"


def _lines(found: Planned) -> list[str]:
    """What is told of a source."""
    if found.left_out:
        return [tell("crawl.plan.strict")]
    if found.problem is not None:
        return [f"✗ {found.problem}"]
    said = [_who(found)]
    if found.platform and found.robots is None and found.robots_read_at is None:
        said.append(tell("crawl.plan.platform", engine=found.platform))
    if found.robots is not None:
        said.append(tell("crawl.plan.robots", when=found.robots_read_at, said=tell(f"crawl.plan.{found.robots}")))
    elif not found.platform:
        said.append(tell("crawl.plan.robots_unknown"))
    if found.robots == "forbids":
        return said
    said.append(
        tell("crawl.plan.delay", wait=span_of(found.delay).sentence()) if found.delay else tell("crawl.plan.no_delay")
    )
    if found.was_read:
        said.append(tell("crawl.plan.todo", unfinished=found.unfinished, failed=found.failed, again=found.again))
    values = {"host": found.host, "asked": found.asked_today, "count": found.pages_per_day}
    said.append(tell("crawl.plan.budget" if found.pages_per_day else "crawl.plan.asked", **values))
    if found.quiet_until:
        said.append(tell("crawl.plan.quiet", until=found.quiet_until))
    elif found.quiet_from:
        said.append(tell("crawl.plan.quiet_next", begins=found.quiet_from))
    return [*said, _estimate(found)]


def _who(found: Planned) -> str:
    if not found.last_crawl:
        return tell("crawl.plan.first")
    if not found.was_read:
        state = tell(f"crawl.states.{found.last_state}")
        return tell("crawl.plan.nothing_yet", when=found.last_crawl, state=state)
    return tell(
        "crawl.plan.known",
        what=what(found.kind, found.engine),
        pages=found.pages,
        threads=found.threads,
        posts=found.posts,
        when=found.last_crawl,
        state=tell(f"crawl.states.{found.last_state}"),
    )


def _estimate(found: Planned) -> str:
    if found.requests is None:
        return tell("crawl.plan.estimate_first")
    left = None if found.pages_per_day is None else max(0, found.pages_per_day - found.asked_today)
    if left is not None and left < found.requests:
        return tell("crawl.plan.estimate_budget", requests=found.requests, left=left)
    return tell("crawl.plan.estimate", requests=found.requests, time=duration(found.seconds or 0))
