"""What ``chandung check`` found of a source."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from crawler.offered import Offered
from crawler.reasons import Reason


@dataclass(frozen=True, slots=True)
class Preview:
    """One post or page as it would be stored: masked, cut, without its author's name."""

    title: str
    text: str
    posted_at: datetime | None = None


@dataclass(slots=True)
class Checked:
    """What a source is. ``robots`` is ``allowed``, ``forbidden``, ``none``, ``withheld`` or ``unreachable``,
    ``None`` where it was never asked.

    ``threads`` counts the threads on the first list page; ``problem`` is why a crawl would get nothing;
    ``stopped``: the check was stopped before it was done with this source.
    """

    url: str
    about: str
    kind: str | None = None
    engine: str | None = None
    robots: str | None = None
    robots_delay: float | None = None
    threads: int | None = None
    posts: int | None = None
    preview: Preview | None = None
    problem: Reason | None = None
    warnings: list[Reason] = field(default_factory=list)
    offered: list[Offered] = field(default_factory=list)
    stopped: bool = False

    def as_json(self) -> dict[str, Any]:
        line = asdict(self)
        line["problem"] = (
            {"key": self.problem.key, "sentence": self.problem.sentence()} if self.problem is not None else None
        )
        line["warnings"] = [{"key": one.key, "sentence": one.sentence()} for one in self.warnings]
        line["offered"] = [one.as_json() for one in self.offered]
        if self.preview is not None and self.preview.posted_at is not None:
            line["preview"]["posted_at"] = self.preview.posted_at.isoformat()
        return line
