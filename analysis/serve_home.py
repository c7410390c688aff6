"""The first page: how the study stands, what needs attention, the newest reports, and where to start."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from analysis import serve_questions
from analysis.report.speech import place_named
from analysis.serve_charts import Bar, bars
from analysis.serve_reports import written as of_reports
from data.numbers import number_in
from data.store import Store, open_store
from data.words import entry, tell_in

if TYPE_CHECKING:
    from data.study import Study

PATH, TABLES = "/-/home", "/-/tables"
_MOST_REPORTS = 8
_MONTHS = 12
#: A source whose newest post is older than this at its last crawl may have gone quiet.
_QUIET = timedelta(days=45)
#: Of fewer posts that count among those read one wants to know why.
_FEW_COUNTED = 0.5
_STATE = """
select (select coalesce(sum(posts), 0) from post_counts) as posts, (select count(*) from annotations) as read,
    (select count(*) from brands where active) as brands,
    (select authors from brand_counts where brand = 'market' and source = '' and month = '') as people,
    (select posts from brand_counts where brand = 'market' and source = '' and month = '') as counted,
    (select max(ended_at) from crawls) as crawled_at, (select max(run_id) from runs where what = 'crawl' and state <> 'running') as crawl,
    (select max(run_id) from runs where what = 'find' and state = 'done') as analysis,
    (select max(ended_at) from runs where what = 'find' and state = 'done') as analysed_at
"""


def routes() -> list[tuple[str, Callable[..., Any]]]:
    """What Datasette's hook ``register_routes`` wants."""
    return [(rf"^{PATH}$", page), (rf"^{TABLES}$", tables)]


async def tables(datasette: Any, request: Any) -> Any:
    """Every table and view with what it holds, and a field for one's own question."""
    from datasette import Response

    ours = datasette.metadata("chandung")
    shown = {"database": ours["database"], "about": tell_in(ours["lang"], "cli.serve.database", name=ours["database"])}
    return Response.html(await datasette.render_template("tables.html", shown, request=request))


async def page(datasette: Any, request: Any) -> Any:
    """How the study stands."""
    from datasette import Response

    ours = datasette.metadata("chandung")
    study, reports = datasette.chandung_study, datasette.chandung_reports

    def look() -> dict[str, Any]:
        with open_store(Path(datasette.databases[ours["database"]].path), read_only=True) as store:
            return state(store, study, reports, ours["lang"], ours["minimum"])

    lang = ours["lang"]
    groups = serve_questions.grouped(lang)
    often = [
        one for name in serve_questions.OFTEN for group in groups for one in group["questions"] if one["name"] == name
    ]
    shown = {
        **await asyncio.to_thread(look),
        "say": entry("explore.home", lang),
        "often": often,
        "many": sum(len(group["questions"]) for group in groups),
        "database": ours["database"],
    }
    return Response.html(await datasette.render_template("home.html", shown, request=request))


def state(store: Store, study: Study | None, reports: Path | None, lang: str, minimum: int) -> dict[str, Any]:
    """What the first page tells; times are those of the study's own time zone."""
    say, clock = entry("explore.home", lang), _Clock(study, lang)
    found = next(store.query(_STATE))
    sources, upcoming = (
        list(store.query("select * from source_health where active order by source")),
        _next_crawl(study, store),
    )
    people = found["people"] if (found["people"] or 0) >= minimum else None
    counts = {"posts": found["posts"], "people": people, "brands": found["brands"], "sources": len(sources)}
    written = of_reports(
        reports,
        lang,
        study.timezone if study is not None else "UTC",
        first=study.language if study is not None else None,
    )
    return {
        "tiles": [
            (number_in(lang, count) if count is not None else "–", say["one" if count == 1 else "many"][name])
            for name, count in counts.items()
        ],
        "times": [
            (say["last_crawl"], clock.tell(found["crawled_at"]) or say["never"]),
            (say["next_crawl"], clock.tell(upcoming) or say["not_planned"]),
            (say["last_analysis"], clock.tell(found["analysed_at"]) or say["never"]),
        ],
        "warnings": list(_warnings(store, found, sources, say, clock, lang, reports=bool(written))),
        "sources": [
            {
                "url": row["source"],
                "name": _named(row["source"], lang),
                "link": row["source"] if row["source"].startswith(("http://", "https://")) else None,
                "brand": row["brand"],
                "state": row["state"] or "never",
                "told": say["states"].get(row["state"], row["state"]) if row["state"] else say["never"],
                "kept": number_in(lang, row["posts_kept"]),
                "newest": clock.tell(row["newest_post"], day=True) or "–",
                "crawled": clock.tell(row["ended_at"] or row["started_at"]) or "–",
            }
            for row in sources
        ],
        "next": clock.tell(upcoming) or say["not_planned"],
        "reports": written[:_MOST_REPORTS],
        "newest_report": next((one for one in written if one["page"]), None),
        **_months(store, say, lang),
    }


class _Clock:
    """Times as the reader says them."""

    def __init__(self, study: Study | None, lang: str) -> None:
        self._zone = ZoneInfo(study.timezone) if study is not None else UTC
        self._how = {"vi": ("%d/%m/%Y", "%H:%M %d/%m/%Y")}.get(lang, ("%d %b %Y", "%d %b %Y, %H:%M"))

    def tell(self, at: str | datetime | None, *, day: bool = False) -> str | None:
        if not at:
            return None
        try:
            moment = at if isinstance(at, datetime) else datetime.fromisoformat(at)
        except ValueError:
            return str(at)[:40]
        local = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(self._zone)
        return local.strftime(self._how[0 if day else 1])


def _next_crawl(study: Study | None, store: Store) -> datetime | None:
    """When the schedule crawls next; ``None`` without a schedule that crawls."""
    if study is None:
        return None
    from data.jobs import next_start
    from data.store.jobs import JobBook

    standing, now = JobBook(study.database).standing(), datetime.now(UTC)
    crawls = [job for job in study.schedule if job.what == "crawl"]
    starts = [start for job in crawls if (start := next_start(study, job, standing.get(job.key), now))]
    return min(starts, default=None)


def _warnings(
    store: Store,
    found: Mapping[str, Any],
    sources: list[dict[str, Any]],
    say: Mapping[str, Any],
    clock: _Clock,
    lang: str,
    *,
    reports: bool,
) -> Iterator[str]:
    if found["analysis"] is None:
        yield say["warn_none"]
    elif (found["crawl"] or 0) > found["analysis"]:
        yield say["warn_newer"]
    unread = found["posts"] - found["read"]
    if unread > 0 and found["analysis"] is not None:
        yield say["warn_unread"].format(n=number_in(lang, unread))
    if found["analysis"] is not None and (found["counted"] or 0) < _FEW_COUNTED * found["read"]:
        yield say["warn_counted"].format(n=number_in(lang, found["counted"] or 0), all=number_in(lang, found["read"]))
    for row in sources:
        name = _named(row["source"], lang)
        if row["state"] is None and not row["source"].startswith("file:"):
            yield say["warn_never"].format(source=name)
        elif row["state"] in ("partial", "failed", "interrupted"):
            reason = f" ({str(row['reason'])[:160]})" if row["reason"] else ""
            yield say["warn_state"].format(source=name, state=say["states"][row["state"]], reason=reason)
        elif _quiet(row):
            yield say["warn_old"].format(source=name, date=clock.tell(row["newest_post"], day=True))
    for row in store.query("select what, state from jobs where state in ('failed', 'partial') order by job"):
        yield say["warn_job"].format(what=row["what"], said="")
    if found["analysis"] is not None and not reports:
        yield say["warn_no_report"]


def _named(source: str, lang: str) -> str:
    return place_named(source, lang).split("://", 1)[-1]


def _quiet(row: Mapping[str, Any]) -> bool:
    if not row["newest_post"] or not row["ended_at"]:
        return False
    try:
        newest, crawled = datetime.fromisoformat(row["newest_post"]), datetime.fromisoformat(row["ended_at"])
    except ValueError:
        return False
    return crawled - newest > _QUIET


def _months(store: Store, say: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """How many posts each of the last months has."""
    rows = list(store.query(
        "select month, posts from brand_counts where brand = 'market' and source = '' and month <> '' order by month desc limit ?",
        (_MONTHS,),
    ))[::-1]  # fmt: skip
    if not rows:
        return {"months": None, "covered": ""}
    ends = {"first": _month(rows[0]["month"], lang), "last": _month(rows[-1]["month"], lang)}
    return {
        "months": bars([Bar(_month(row["month"], lang), row["posts"]) for row in rows[::-1]], lang, share=False),
        "covered": say["coverage_about"].format(**ends),
    }


def _month(month: str, lang: str) -> str:
    year, _, number = month.partition("-")
    return f"{number}/{year}" if lang == "vi" else f"{date(int(year), int(number), 1):%b %Y}"
