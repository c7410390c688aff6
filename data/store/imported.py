"""A file that is taken in, what of its rows has no place in a post, and what it tells of people in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from data.shares import wilson

#: What is counted where it is people; the shares of anything else have no bounds.
PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """A file as it is noted. ``source_kind`` is the study's word for such a source; ``about`` a brand's name or ``None``."""

    name: str
    digest: str
    kind: str
    format: str
    source_kind: str
    about: str | None
    mapping: Mapping[str, object]
    terms: str | None = None
    #: First and last day of what it tells, as ``YYYY-MM-DD``; ``None`` where nobody has said.
    period: tuple[str | None, str | None] = (None, None)

    @property
    def source(self) -> str:
        """The address under which the file is a source."""
        return f"file:{self.name}"


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """What of a row has no place: ``post_id`` with its site where the row became a post, else ``key`` tells rows apart."""

    number: int
    key: str
    post: tuple[str, str] | None
    rest: Mapping[str, str] = field(default_factory=dict)
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """One cell of evidence other than posts: so many of so many tell a value. Columns as in the table ``observations``.

    ``value`` is in the groups of :func:`data.groups.grouped`; ``brand`` a brand's name or ``market``; ``audience`` is ``all``,
    ``target``, ``others`` or a segment's name; ``state`` is ``taken``, ``suggested`` or ``refused``.
    """

    kind: str
    brand: str
    attribute: str
    value: str
    count: float | None = None
    n: float | None = None
    share: float | None = None
    low: float | None = None
    high: float | None = None
    audience: str = "all"
    unit: str = PEOPLE
    period_from: str | None = None
    period_to: str | None = None
    page: int | None = None
    quote: str | None = None
    state: str = "taken"

    def counted(self) -> Observation:
        """The same with its share of ``count`` in ``n``, and with Wilson's bounds where people were counted."""
        if self.count is None or not self.n:
            return self
        low, high = wilson(self.count, self.n) if self.unit == PEOPLE else (None, None)
        return replace(self, share=self.count / self.n, low=low, high=high)
