"""The health of a source's crawl: a monitor looks at what it came to and says what is wrong, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from crawler.reasons import Reason

if TYPE_CHECKING:
    from crawler.job import Job

Monitor = Callable[["Job"], Reason | None]

#: More than this share of pages that could not be had or read is worth a word.
_MANY_FAILURES = 0.3


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


def many_failures(job: Job) -> Reason | None:
    """Many pages failed."""
    total = job.counts.pages + job.counts.failed
    if job.counts.failed >= 3 and job.counts.failed > total * _MANY_FAILURES:
        return Reason("many_failures", {"url": job.source.url, "failed": job.counts.failed, "total": total})
    return None


#: The first that speaks is told. Those that mean failure come first.
FATAL: tuple[Monitor, ...] = (nothing_read, no_page)
WORRYING: tuple[Monitor, ...] = (many_failures,)
