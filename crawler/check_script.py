"""A second look at a source that shows nothing: in a browser, where there is one."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from crawler import browser
from crawler.identify import words_shown
from crawler.job import Job
from crawler.reasons import Reason
from crawler.spiders.base import document_of

if TYPE_CHECKING:
    from crawler.checked import Checked

#: Reasons behind which there may be a page that its script has yet to draw.
_SHOWS_NOTHING = frozenset(("hardly_anything", "empty", "no_threads", "no_products", "unreadable", "no_posts_unsaid"))
#: A page with fewer words, menus and all, may be the frame of one that its script draws.
_FEW_WORDS = 60
_SCRIPT = re.compile(rb"<script\b", re.I)


def may_need_script(job: Job, checked: Checked) -> bool:
    """Whether a source that was looked at without a browser may show more in one. A site that the study calls one may not."""
    if job.source.script or job.first is None or job.source.kind in ("site", "feed", "fanpage"):
        return False
    if not _SCRIPT.search(job.first.body):
        return False
    if checked.problem is not None:
        return checked.problem.key in _SHOWS_NOTHING
    return checked.kind == "site" and _few_words(job)


async def look_again(job: Job, checked: Checked, look: Callable[[Job], Awaitable[Checked]]) -> Checked:
    """What the source is with ``script: true``; without a browser, or where there is no more to see, ``checked`` with a word on it."""
    lacking = browser.missing(job.source.url)
    if lacking is not None:
        if _few_words(job):
            perhaps = Reason("script.perhaps", {"url": job.source.url, "why": lacking.sentence()})
            checked.warnings.append(perhaps)
        return checked
    seen, fields = await _with(job, look, script=True), "script: true"
    if seen.threads and seen.preview is None and job.source.kind is None:
        # A thread of one post is known for one only where the study calls its source a forum.
        seen, fields = await _with(job, look, script=True, kind="forum"), "kind: forum, script: true"
    if seen.posts and seen.preview is not None and seen.kind in ("forum", "reviews"):
        values: dict[str, object] = {"url": job.source.url, "fields": fields}
        seen.problem, seen.warnings = Reason("script.needed", values), checked.warnings
        return seen
    if checked.problem is not None:
        failed = seen.problem if seen.problem is not None and seen.problem.key.startswith("script.") else None
        checked.warnings.append(failed or Reason("script.tried"))
    return checked


async def _with(job: Job, look: Callable[[Job], Awaitable[Checked]], **fields: object) -> Checked:
    """A look at the source as if the study said ``fields`` of it."""
    await asyncio.sleep(job.delay)
    return await look(Job(job.source.model_copy(update=fields), job.study, job.guard, job.robots, job.options))


def _few_words(job: Job) -> bool:
    return words_shown(document_of(job.first, job)) < _FEW_WORDS
