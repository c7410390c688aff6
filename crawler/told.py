"""What was asked of a source, fetched and kept, in one line: for the terminal and for the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.reasons import REFUSALS
from data.numbers import number
from data.words import entry, language, tell

if TYPE_CHECKING:
    from crawler.results import SourceResult
    from data.study import Study

_UNITS = ("B", "kB", "MB", "GB")


def told(source: SourceResult, *, everything: bool = False) -> str:
    """The line. What is told elsewhere in the summary is left out of it, unless ``everything`` is wanted."""
    counts = source.counts
    values = {"requests": number(counts.requests), "size": size(counts.bytes), "time": duration(counts.seconds)}
    parts = [tell("crawl.told.asked", **values)]
    if counts.posts_read:
        parts.append(
            tell(
                "crawl.told.kept",
                read=number(counts.posts_read),
                new=number(counts.posts_new),
                changed=number(counts.posts_changed),
                known=number(counts.posts_known),
            )
        )
    if counts.near_copies:
        parts.append(tell("crawl.told.copies", count=number(counts.near_copies)))
    if counts.failed:
        parts.append(tell("crawl.told.failed", count=number(counts.failed)))
    elsewhere = set(counts.skipped) | ({source.reason.key} if source.reason else set())
    refused = {
        key: times for key, times in source.refusals.items() if key in REFUSALS and (everything or key not in elsewhere)
    }
    if refused:
        names = [tell(f"crawl.refused.{key}", count=number(times)) for key, times in sorted(refused.items())]
        parts.append(tell("crawl.told.refused", list=", ".join(names)))
    return f"{source.url}: {'; '.join(parts)}"


def what(kind: str | None, engine: str | None) -> str:
    """What a source is and how it is read, in words: “diễn đàn, đọc bằng xenforo”, “kênh YouTube”."""
    if engine in entry("crawl.places", language()):
        return tell(f"crawl.places.{engine}")
    said = tell(f"crawl.kinds.{kind or 'unknown'}")
    if engine is None or engine == kind:
        return said
    if engine in entry("crawl.readers", language()):
        return tell("crawl.kind_how", kind=said, how=tell(f"crawl.readers.{engine}"))
    return tell("crawl.kind_read", kind=said, engine=engine)


def size(count: int) -> str:
    """Bytes as people read them: ``340 kB``."""
    value, unit = float(count), 0
    while value >= 1000 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{_short(value) if unit else int(value)} {_UNITS[unit]}"


def _short(value: float) -> str:
    """A figure with one digit behind the point at most, as the interface's language writes it."""
    text = f"{value:.0f}" if value >= 10 else f"{value:.1f}".removesuffix(".0")
    return text.replace(".", "," if language() == "vi" else ".")


def duration(seconds: float) -> str:
    """A time as people read it, in the interface's language."""
    if seconds < 90:
        return tell("crawl.plan.seconds", count=round(seconds))
    if seconds < 5400:
        return tell("crawl.plan.minutes", count=round(seconds / 60))
    return tell("crawl.plan.hours", count=_short(seconds / 3600))


def terms_unread(study: Study) -> list[str]:
    """One sentence that names the sources whose terms the study does not speak of."""
    lacking = [source.url for source in study.sources if not source.terms]
    return [tell("crawl.told.terms", list=", ".join(lacking))] if lacking else []
