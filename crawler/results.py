"""What a crawl came to, source by source: the state, its reason, and how it is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from crawler.job import Job
from crawler.monitors import FATAL, WORRYING
from crawler.offered import Offered, offered
from crawler.reasons import PAUSES, Reason
from data.page_changes import sentence
from data.records import Change
from data.store.base import CrawlCounts, Screened
from data.words import language

#: What is left out because the study asks for newer posts, or for posts with its keywords.
_LEFT_OUT_BY_THE_STUDY = frozenset({"older", "no_keyword"})

#: Why a source was read in part, and the same crawl again would come no further.
_NO_MORE = PAUSES - {"interrupted"} | {"next_left", "platforms.elsewhere", "robots"}
_UNSAID = Reason("some_failed")


@dataclass(frozen=True, slots=True)
class Failure:
    """Pages of a crawl that failed for one reason: the first of them, and how many there were."""

    reason: Reason
    count: int

    @property
    def told(self) -> Reason:
        return self.reason if self.count == 1 else Reason("alike", {"reason": self.reason, "more": self.count - 1})


@dataclass(frozen=True, slots=True)
class SourceResult:
    """One source's outcome. ``state`` is ``done``, ``partial``, ``failed`` or ``interrupted``; ``reason`` says why not done,
    ``failures`` what its pages failed for, ``notes`` what else is worth a word, ``changes`` what its pages say otherwise than
    before, ``offered`` where else the brand is."""

    url: str
    kind: str | None
    engine: str | None
    state: str
    reason: Reason | None
    counts: CrawlCounts
    failures: tuple[Failure, ...] = ()
    notes: tuple[Reason, ...] = ()
    changes: tuple[Change, ...] = ()
    offered: tuple[Offered, ...] = ()
    refusals: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        reason = {"key": self.reason.key, "sentence": self.reason.sentence()} if self.reason else None
        return {
            "url": self.url,
            "kind": self.kind,
            "engine": self.engine,
            "state": self.state,
            "reason": reason,
            "failures": [
                {"key": one.reason.key, "count": one.count, "sentence": one.reason.sentence()} for one in self.failures
            ],
            "notes": [{"key": note.key, "sentence": note.sentence()} for note in self.notes],
            "changes": [sentence(change, language()) for change in self.changes],
            "offered": [one.as_json() for one in self.offered],
            **asdict(self.counts),
            "refusals": dict(self.refusals),
        }


@dataclass(slots=True)
class CrawlResult:
    """All sources' outcomes, the seconds that it took, and what the screening of new posts found."""

    sources: list[SourceResult] = field(default_factory=list)
    seconds: float = 0.0
    screened: Screened = field(default_factory=Screened)

    @property
    def state(self) -> str:
        states = {source.state for source in self.sources}
        if "interrupted" in states:
            return "interrupted"
        if states <= {"done"}:
            return "done"
        return "failed" if states == {"failed"} else "partial"

    @property
    def may_go_on(self) -> bool:
        """Whether the same command would go on somewhere, now."""
        return any(
            source.state == "interrupted"
            or (source.state == "partial" and (source.reason or _UNSAID).key not in _NO_MORE)
            for source in self.sources
        )

    @property
    def exit_code(self) -> int:
        """0 all done, 1 something left out, 130 interrupted."""
        return {"done": 0, "interrupted": 130}.get(self.state, 1)

    def as_json(self) -> dict[str, Any]:
        return {
            "state": self.state,
            "seconds": round(self.seconds, 2),
            "requests": sum(source.counts.requests for source in self.sources),
            "bytes": sum(source.counts.bytes for source in self.sources),
            "near_copies": self.screened.near_copies,
            "marked": self.screened.marked,
            "sources": [source.as_json() for source in self.sources],
        }


def judge(job: Job) -> SourceResult:
    """What a finished job came to."""
    state, reason = _verdict(job)
    elsewhere = tuple(offered(job.social, job.study, job.source.about, job.known.social)) if job.social else ()
    changes = tuple(job.writer.page_changes) if job.writer is not None else ()
    return SourceResult(
        job.source.url,
        job.kind,
        job.engine,
        state,
        reason,
        job.counts,
        _failures(job),
        tuple(note for note in job.notes if reason is None or note.key != reason.key),
        changes,
        elsewhere,
        job.refused.times,
    )


def _verdict(job: Job) -> tuple[str, Reason | None]:
    if job.interrupted:
        return "interrupted", Reason("interrupted", {"url": job.source.url})
    counts = job.counts
    stored = counts.posts_new + counts.posts_changed + counts.posts_known + counts.snapshots + counts.not_modified
    if job.stopped is not None:
        return ("partial" if stored or job.stopped.key in PAUSES else "failed"), job.stopped
    for monitor in FATAL:
        if (reason := monitor(job)) is not None:
            return "failed", _because(reason, job)
    worry = next((reason for monitor in WORRYING if (reason := monitor(job)) is not None), None)
    if worry is not None or counts.failed:
        fallback = Reason("some_failed", {"url": job.source.url, "failed": counts.failed})
        return "partial", _because(worry or fallback, job)
    if job.lost:
        return "partial", job.lost[0]
    if (reason := _nothing(job)) is not None:
        return "failed", reason
    return "done", None


def _nothing(job: Job) -> Reason | None:
    """Why a source that has brought no post, now or ever, is not done; ``None`` where the study left all of them out."""
    posts = job.counts.posts_new + job.counts.posts_changed + job.counts.posts_known
    elsewhere = job.listed and job.known.threads  # what it lists may be another source's of the same site
    left_out = _LEFT_OUT_BY_THE_STUDY & job.counts.skipped.keys()
    unreviewed = job.kind == "reviews" and job.counts.threads
    if job.kind == "site" or posts or job.known.own or elsewhere or left_out or unreviewed:
        return None
    if job.kind == "reviews" and not job.listed:
        return Reason("no_products", {"url": job.source.url})
    first = next((reason for reason in job.left_out if reason.values), None)
    return first or Reason("no_threads", {"url": job.source.url})


def _because(reason: Reason, job: Job) -> Reason:
    """The reason with the first thing that went wrong, for that is what one can act on."""
    first = next((one.told for one in _failures(job)), "")
    return Reason(reason.key, {**reason.values, "first": first})


def _failures(job: Job) -> tuple[Failure, ...]:
    """Each reason for which pages failed, in the order in which they came up."""
    kinds: dict[tuple[str, str], list[Reason]] = {}
    for reason in job.problems:
        inner = reason.values.get("why")
        kinds.setdefault((reason.key, inner.key if isinstance(inner, Reason) else ""), []).append(reason)
    alone = Counter(key for key, _ in kinds)
    # Of very many only the first are kept, but all of a kind are counted.
    return tuple(
        Failure(found[0], max(len(found), job.refused.times.get(key, 0) if alone[key] == 1 else 0))
        for (key, _), found in kinds.items()
    )
