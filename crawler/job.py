"""One source's crawl: what it is told, what earlier crawls left, and what it comes to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from crawler.guard import registered_domain
from crawler.history import Past, Seen
from crawler.keywords import Keywords
from crawler.reasons import RESTING, Reason, counted
from crawler.refused import Refused
from crawler.robots import RobotsBook, origin
from data.store.base import CrawlCounts, Store, ThreadState
from data.store.keys import moment_text

if TYPE_CHECKING:
    from crawler.guard import Guard
    from crawler.pace import Pace
    from crawler.pipelines import Writer
    from data.study import Source, Study

#: Threads with a post younger than this are read again at their end, for people mend what they wrote while it is fresh.
RECENT = timedelta(days=7)
#: A page that was read so many hours ago needs no second look yet.
LOOKED_AT_HOURS = 12.0
#: This share of the known pages is looked at again in each crawl, and one at least; two thirds of them at most in fresh threads,
#: so that the others have their turn.
REVISITED_SHARE = 0.03
_OF_FRESH = 2 / 3
#: A board that the index says has not moved is looked at all the same when so long nobody did.
UNMOVED_FOR = timedelta(days=14)
_RETRIED_PAGES = 200
#: What gave nothing for a reason that will hardly change is asked for again after so long, or when its thread has moved.
RESTS_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Options:
    """How a crawl is run, beyond what the study says.

    ``engine`` forces a way of reading; ``whole`` walks every list to its end; ``revisit`` bounds the pages looked at again
    (``None``: a small share of those known), of those last looked at more than ``revisit_after`` hours ago (``None``:
    :data:`LOOKED_AT_HOURS`; where ``revisit`` is given, not by a crawl that was interrupted);
    ``delay`` replaces every source's own; ``timeout`` is in seconds, and so is ``longest_wait``, the most that a site's
    Retry-After may cost us. ``strict`` leaves out sources whose terms nobody noted.
    """

    engine: str | None = None
    whole: bool = False
    revisit: int | None = None
    revisit_after: float | None = None
    delay: float | None = None
    timeout: float = 30.0
    longest_wait: float = 120.0
    largest_page: int = 10_000_000
    strict: bool = False


class Rest(NamedTuple):
    """Why a page gave nothing when it was asked for, and when that was."""

    error: str
    at: datetime


@dataclass(slots=True)
class Known:
    """What earlier crawls of a source left in the store, with what other sources of its site found out about the same threads.

    ``own``: ids of the threads that this source brought, ``pages``: those of its own pages that were read; to go on with the
    others is their own source's work. ``site_pages``: what was read as a site's.
    ``whole_since``: when the last crawl began that came to its end, ``gap``: whether another one did not since.
    ``validators``: page → (ETag, Last-Modified), for pages that were read; ``left_out``: page → when it was last found to
    hold nothing wanted; ``resting``: pages of ``failed`` that are left alone for a while; ``addresses``: a thread's address → its
    id; ``depth``: thread id → the last page read; ``standing``: a board → how it stood by its index when it was last walked.
    ``again``: the pages to look at again, in their order.
    ``social``: the places elsewhere that the brand's pages led to before.
    """

    walked: bool = False
    whole_since: datetime | None = None
    gap: bool = False
    own: set[str] = field(default_factory=set)
    threads: dict[str, ThreadState] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    depth: dict[str, int] = field(default_factory=dict)
    validators: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    left_out: dict[str, datetime] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    resting: dict[str, Rest] = field(default_factory=dict)
    standing: dict[str, str] = field(default_factory=dict)
    again: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    site_pages: set[str] = field(default_factory=set)
    past: Past = field(default_factory=Past)
    social: frozenset[str] = frozenset()

    def own_threads(self) -> list[ThreadState]:
        """The threads that this source brought."""
        return [self.threads[key] for key in self.own]

    @classmethod
    def load(cls, store: Store, source_id: int, options: Options, keywords: Keywords) -> Known:
        """Read it all at once, so that the crawl asks the store nothing while it runs."""
        known = cls(walked=store.source_walked(source_id))
        known.past = Past.load(store, source_id)
        known.social = _social_links(store, source_id)
        known.whole_since, known.gap = _last_whole(store, source_id)
        hours = options.revisit_after
        if hours is None and options.revisit is None:
            hours = LOOKED_AT_HOURS
        long_ago = _checked_since(store, source_id, hours)
        checked, oldest = set[str](), list[str]()
        for one in [*(other for other in _of_one_site(store, source_id) if other != source_id), source_id]:
            known._load_threads(store, one, own=one == source_id)
            pages = (
                "select url, kind, etag, last_modified, error, fetched_at, seen_at, standing from pages where source_id = ? "
                "order by seen_at"
            )
            for row in store.query(pages, (one,)):
                if not row["error"] and row["kind"] != "left_out":
                    known.validators[row["url"]] = (row["etag"], row["last_modified"])
                    known.site_pages |= {row["url"]} if row["kind"] == "landing" else set()
                if datetime.fromisoformat(row["seen_at"]) > long_ago:
                    checked.add(row["url"])
                if one == source_id:
                    known._sort(row, keywords, checked, oldest)
        del known.failed[_RETRIED_PAGES:]
        known._forget_standing_of(store, source_id)
        known.again = known._to_look_at(options.revisit, [url for url in known._fresh() if url not in checked], oldest)
        return known

    def _forget_standing_of(self, store: Store, source_id: int) -> None:
        """Leave out boards that nobody looked at for long, and those of a crawl that did not come to its end: their threads may
        never have been asked for."""
        long_ago = moment_text(datetime.now(UTC) - UNMOVED_FOR)
        trusted = (
            "select p.url from pages p join sources s using (source_id) "
            "where s.source_id = ? and p.standing is not null and p.seen_at between ? and s.walked_at"
        )
        kept = {row["url"] for row in store.query(trusted, (source_id, long_ago))}
        self.standing = {url: standing for url, standing in self.standing.items() if url in kept}

    def _to_look_at(self, most: int | None, fresh: list[str], oldest: list[str]) -> list[str]:
        if most is None:
            most = max(1, int(len(self.pages) * REVISITED_SHARE)) if self.pages else 0
        first = fresh[: max(1, int(most * _OF_FRESH))] if most else []
        return list(dict.fromkeys([*first, *oldest, *fresh]))[:most]

    def _load_threads(self, store: Store, source_id: int, *, own: bool) -> None:
        states = store.thread_states(source_id)
        self.threads |= states
        if own:
            self.own = set(states)
        for row in store.query("select native_id, url, last_page from threads where source_id = ?", (source_id,)):
            self.addresses[row["url"]] = row["native_id"]
            self.depth[row["native_id"]] = row["last_page"]

    def _sort(self, row: dict[str, Any], keywords: Keywords, checked: set[str], oldest: list[str]) -> None:
        """Put one of the source's pages where it belongs."""
        url = row["url"]
        if row["kind"] == "left_out":
            if not str(row["error"]).startswith("no_keyword") or row["error"] == keywords.mark:
                self.left_out[url] = datetime.fromisoformat(row["fetched_at"])
        elif row["error"]:
            self.failed.append(url)
            if (
                row["error"] in RESTING
                and (at := datetime.fromisoformat(row["fetched_at"])) > datetime.now(UTC) - RESTS_FOR
            ):
                self.resting[url] = Rest(row["error"], at)
        else:
            self.pages.append(url)
            if row["kind"] in ("thread", "comments", "landing") and url not in checked:
                oldest.append(url)
            elif row["standing"]:
                self.standing[url] = row["standing"]

    def _fresh(self) -> list[str]:
        """Where the threads with a young post end, the youngest first."""
        since = datetime.now(UTC) - RECENT
        dated = [(one.last_post_at, one.last_url) for one in self.own_threads() if one.last_post_at and one.last_url]
        return [url for at, url in sorted(dated, reverse=True) if at >= since]


def _social_links(store: Store, source_id: int) -> frozenset[str]:
    """The places elsewhere that snapshots of the brand's pages name, of whichever of its sites."""
    found = store.query(
        "select distinct place.value from landing_snapshots s, json_each(s.content, '$.social_links') place "
        "where s.source_id = ? or s.brand_id = (select brand_id from sources where source_id = ?)",
        (source_id, source_id),
    )
    return frozenset(str(row["value"]) for row in found)


def _checked_since(store: Store, source_id: int, hours: float | None) -> datetime:
    """Pages seen later than this are not looked at again: by the hours given, else since an interrupted crawl began."""
    now = datetime.now(UTC)
    if hours is not None:
        return now - timedelta(hours=hours)
    last = "select state, started_at from crawls where source_id = ? and ended_at is not null order by crawl_id desc limit 1"
    for row in store.query(last, (source_id,)):
        if row["state"] == "interrupted":
            return datetime.fromisoformat(row["started_at"])
    return now


def _last_whole(store: Store, source_id: int) -> tuple[datetime | None, bool]:
    """When the last crawl began that walked the source's lists whole, and whether a later one was broken off."""
    crawls = (
        "select started_at, ended_at is not null and ended_at <= coalesce(walked_at, '') and state in ('done', 'partial') "
        "as whole from crawls join sources using (source_id) where source_id = ? order by crawl_id desc"
    )
    for place, row in enumerate(store.query(crawls, (source_id,))):
        if row["whole"]:
            return datetime.fromisoformat(row["started_at"]), place > 0
    return None, True


def _of_one_site(store: Store, source_id: int) -> list[int]:
    """The sources of one host, for a thread that two boards or searches of it list is one thread."""
    hosts = {
        row["source_id"]: (urlsplit(row["url"]).netloc.casefold().removeprefix("www."))
        for row in store.query("select source_id, url from sources")
    }
    return [one for one, host in hosts.items() if host == hosts[source_id]]


@dataclass(slots=True)
class Job:
    """A source being crawled. The spider fills in what it finds; ``first`` hands a fetched start page to another spider.

    ``lost`` is why the source was not read whole although no page failed; ``notes`` are worth a word and no loss; ``social``
    are the brand's places elsewhere that its pages link to; ``seen`` is how pages compare with what was known of them.
    """

    source: Source
    study: Study
    guard: Guard
    robots: RobotsBook
    options: Options
    source_id: int = 0
    known: Known = field(default_factory=Known)
    writer: Writer | None = None
    pace: Pace | None = None
    refused: Refused = field(default_factory=Refused)
    seen: Seen = field(default_factory=Seen)
    counts: CrawlCounts = field(default_factory=CrawlCounts)
    kind: str | None = None
    engine: str | None = None
    first: Any = None
    listed: int = 0
    problems: list[Reason] = field(default_factory=list)
    left_out: list[Reason] = field(default_factory=list)
    lost: list[Reason] = field(default_factory=list)
    notes: list[Reason] = field(default_factory=list)
    social: dict[str, None] = field(default_factory=dict)
    stopped: Reason | None = None
    lists_failed: bool = False
    lists_cut: bool = False
    interrupted: bool = False
    started: bool = False

    @property
    def delay(self) -> float:
        """Seconds between two requests to a host, before the host's own wishes."""
        return self.source.delay if self.options.delay is None else self.options.delay

    @property
    def zone(self) -> ZoneInfo | None:
        """The clock of the source's times, where the study names one."""
        return ZoneInfo(self.source.timezone) if self.source.timezone else None

    @property
    def since(self) -> datetime | None:
        """The moment before which a thread's last post is too old; a period begins in the study's time zone."""
        if self.source.since is None:
            return None
        year, month, day = ([int(part) for part in self.source.since.split("-")] + [1, 1])[:3]
        return datetime(year, month, day, tzinfo=ZoneInfo(self.study.timezone))

    def is_ours(self, url: str) -> bool:
        """Whether an address belongs to the source's site: the same registered domain, for an IP address the same host."""
        named, own = urlsplit(url).hostname or "", urlsplit(self.source.url).hostname or ""
        # To read the list of public suffixes takes a moment, and most links stay on their host.
        if named == own or (host := registered_domain(named)) == registered_domain(own):
            return True
        # The start page may have moved elsewhere, and the source with it.
        return self.first is not None and host == registered_domain(urlsplit(self.first.url).hostname or "")

    def forbidden(self, url: str) -> bool:
        """Whether robots.txt, as far as it was read, forbids a page."""
        robots = self.robots.get(origin(url))
        return robots is not None and not robots.allows(url)

    def skip(self, reason: Reason) -> None:
        """Count something left out for a reason that is no failure."""
        counted(self.counts.skipped, reason)
        self.refused.add(reason)
        if len(self.left_out) < 50:
            self.left_out.append(reason)

    def lose(self, reason: Reason) -> None:
        """Note that something of the source stays unread, once for each kind of reason."""
        if all(reason.key != other.key for other in self.lost):
            self.lost.append(reason)

    def note(self, reason: Reason) -> None:
        """Note something worth a word, once for each kind."""
        if all(reason.key != other.key for other in self.notes):
            self.notes.append(reason)

    def fail(self, reason: Reason) -> None:
        """Count a page that should have been read and was not."""
        self.counts.failed += 1
        self.refused.add(reason)
        if len(self.problems) < 50:
            self.problems.append(reason)
