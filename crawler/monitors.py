"""The health of a source's crawl: a monitor looks at what it came to and says what is wrong, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from crawler.reasons import Reason, lost_key

if TYPE_CHECKING:
    from crawler.job import Job

Monitor = Callable[["Job"], Reason | None]

#: More than this share of pages that could not be had or read is worth a word.
_MANY_FAILURES = 0.3
#: Fewer posts than these say nothing of a share; fewer pages nothing of an average.
_POSTS_BEFORE, _POSTS_NOW, _PAGES = 20, 10, 3
#: A figure that falls below this part of what it was has fallen off.
_FALLEN = 0.5


def nothing_read(job: Job) -> Reason | None:
    """A forum that lists threads, and not one post could be read."""
    posts = job.counts.posts_new + job.counts.posts_changed + job.counts.posts_known
    asked_for = job.listed - sum(job.counts.skipped.values())
    unreviewed = job.kind == "reviews" and job.counts.threads and not job.counts.failed
    if job.kind == "site" or posts or asked_for <= 0 or job.known.threads or unreviewed:
        return None
    return Reason("no_post_read", {"url": job.source.url, "threads": job.listed})


def no_page(job: Job) -> Reason | None:
    """A site of which no page could be read."""
    if job.kind == "site" and not job.counts.snapshots and not job.counts.not_modified:
        return Reason("no_page_read", {"url": job.source.url})
    return None


def no_longer_read(job: Job) -> Reason | None:
    """A forum that was read before, whose lists show nothing now, or whose known pages give no posts."""
    seen, counts = job.seen, job.counts
    nothing_listed = seen.lists > 0 and not seen.showing
    if counts.posts_read or counts.not_modified or not job.known.own or not (nothing_listed or seen.unread > 1):
        return None
    return _changed(job)


def mostly_unread(job: Job) -> Reason | None:
    """Pages that gave posts before, and most of them give none now."""
    return _changed(job) if job.seen.unread >= _PAGES and job.seen.unread > job.seen.read else None


def many_failures(job: Job) -> Reason | None:
    """Many pages failed."""
    # A page that came and could not be read is among both.
    total = max(job.counts.failed, job.counts.pages + job.seen.unanswered)
    if job.counts.failed >= 3 and job.counts.failed > total * _MANY_FAILURES:
        return Reason("many_failures", {"url": job.source.url, "failed": job.counts.failed, "total": total})
    return None


def authors_lost(job: Job) -> Reason | None:
    """Posts had authors, and now few have."""
    return _share_fell(job, "with_author", "authors_lost")


def dates_lost(job: Job) -> Reason | None:
    """Posts had dates, and now few have."""
    return _share_fell(job, "with_time", "dates_lost")


def fewer_posts(job: Job) -> Reason | None:
    """Pages hold less than half of the posts that they held: pages with a next one on the average, short threads one by one."""
    past, counts, seen = job.known.past, job.counts, job.seen
    if min(past.sum("full_pages"), counts.full_pages) >= _PAGES:
        before, now = past.sum("full_posts") / past.sum("full_pages"), counts.full_posts / counts.full_pages
    elif seen.posts_before >= _POSTS_NOW:
        before, now = float(seen.posts_before), float(seen.posts_now)
    else:
        return None
    return _changed(job, "fewer_posts", before, now) if now < before * _FALLEN else None


def _share_fell(job: Job, name: str, key: str) -> Reason | None:
    past, read = job.known.past, job.counts.posts_read
    if past.sum("posts_read") < _POSTS_BEFORE or read < _POSTS_NOW:
        return None
    before, now = past.sum(name) / past.sum("posts_read"), getattr(job.counts, name) / read
    return _changed(job, key, before * 100, now * 100) if before >= _FALLEN and now < before * _FALLEN else None


def _changed(job: Job, key: str = "", before: float = 0, now: float = 0) -> Reason:
    engine = job.known.past.engine or job.engine or "general"
    return Reason(
        key or lost_key(engine),
        {"url": job.source.url, "engine": engine, "before": f"{before:.0f}", "now": f"{now:.0f}"},
    )


#: The first that speaks is told. Those that mean failure come first.
FATAL: tuple[Monitor, ...] = (no_longer_read, nothing_read, no_page)
WORRYING: tuple[Monitor, ...] = (mostly_unread, authors_lost, dates_lost, fewer_posts, many_failures)
