"""Where the data came from: the sources, how they were crawled, and what the counting leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.promises import CURRENT_PAGES
from analysis.report import hiding, model
from data.store import Store

_MONTHS = 24
#: A source whose kind the study does not say is what the crawl found it to be.
_SOURCES = """
select h.*, case
    when h.source like 'file:%' then 'import'
    when h.engine = 'feed' then 'feed'
    when h.engine is not null or exists (select 1 from threads t join sources s using (source_id) where s.url = h.source) then 'forum'
    when exists (select 1 from landing_snapshots l join sources s using (source_id) where s.url = h.source) then 'site'
end as found_kind
from source_health h where h.active order by h.posts_kept desc, h.source
"""
_REFUSED = (
    "select source, reason, sum(times) as times from refusals_flat where is_latest group by 1, 2 order by 1, 3 desc, 2"
)


def coverage(store: Store, counts: Mapping[str, Any], minimum: int) -> model.Coverage:
    """What the findings rest on. ``counts`` are those of the last analysis."""
    left_out = counts.get("left_out", {})
    row = next(
        store.query(
            "select count(*) as posts, (select count(*) from threads) as threads, min(posted_at) as first, max(posted_at) as last, "
            "(select count(*) from posts x left join annotations a on a.post = x.id where a.post is null) as unread, "
            "(select count(distinct post) from post_marks) as marked, count(distinct author_id) as writers from posts"
        )
    )
    languages = store.query(
        "select case when lang is null then 'und' when lang in ('vi', 'en', 'und') then lang else 'other' end as lang, "
        "count(*) as n from posts group by 1 order by lang = 'other', lang = 'und', 2 desc"
    )
    months = store.query(
        "select substr(posted_at, 1, 7) as month, count(*) as n from posts where posted_at is not null group by 1 order by 1 desc limit ?",
        (_MONTHS,),
    )
    return model.Coverage(
        posts=row["posts"],
        counted=int(counts.get("posts", 0)),
        people=hiding.people(int(counts.get("authors", 0)), minimum),
        writers=_writers(row["writers"], int(counts.get("authors", 0)), minimum),
        threads=row["threads"],
        pages=sum(1 for _ in store.query(CURRENT_PAGES)),
        first_seen=row["first"],
        last_seen=row["last"],
        copies=int(left_out.get("copies", 0)),
        anonymous=int(left_out.get("anonymous", 0)),
        own_accounts=int(left_out.get("own_accounts", 0)),
        set_aside=int(left_out.get("set_aside", 0)),
        foreign=int(left_out.get("foreign", 0)),
        unread=row["unread"],
        marked=row["marked"],
        languages=tuple((r["lang"], r["n"]) for r in languages),
        months=tuple(reversed([(r["month"], r["n"]) for r in months])),
    )


def _writers(writers: int, counted: int, minimum: int) -> int | None:
    """Who wrote what was read; untold where that would tell of the few who are not counted."""
    return None if hiding.too_few(writers - counted, minimum) else hiding.people(writers, minimum)


def source_lines(store: Store) -> Iterator[model.SourceLine]:
    """The study's active sources with the state of their last crawl, and what that one refused or was refused."""
    refused: dict[str, list[tuple[str, int]]] = {}
    for row in store.query(_REFUSED):
        refused.setdefault(row["source"], []).append((row["reason"], row["times"]))
    for row in store.query(_SOURCES):
        yield model.SourceLine(
            row["source"],
            "import" if row["found_kind"] == "import" else row["kind"] or row["found_kind"],
            row["brand"],
            None if row["found_kind"] == "import" else row["engine"],
            None if row["found_kind"] == "import" else row["robots"],
            row["terms"],
            row["state"],
            row["reason"],
            row["ended_at"] or row["started_at"],
            row["posts_kept"],
            row["newest_post"],
            tuple(refused.get(row["source"], ())),
        )
