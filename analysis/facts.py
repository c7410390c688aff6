"""What every step of an analysis works with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from analysis import audience, sampled
from analysis.frames import People
from analysis.group import Group
from analysis.memo import Memo
from data.store import Store
from data.study import Study


@dataclass
class Facts:
    """The people of a study and what they tell, with what earlier steps came to.

    A step reads these and the store, writes its own tables with ``store.replace_rows``, and leaves here what later steps need.
    ``run`` is the analysis' own run; ``checked_at`` its time (ISO 8601 UTC), which stands for "now" in all of them.
    ``steady`` where the tables are as the last analysis left them, so that only what differs needs to be written.
    ``groups`` are the segments with enough people to be told of, ``traits`` their rows of ``segment_traits`` by kind and segment.
    """

    people: People
    store: Store
    study: Study
    run: int
    checked_at: str
    verdicts: Sequence[Mapping[str, Any]] = ()
    counts: dict[str, Any] = field(default_factory=dict)
    steady: bool = False
    groups: Sequence[Group] = ()
    traits: Mapping[tuple[str, str], Sequence[Mapping[str, Any]]] = field(default_factory=dict)

    @property
    def minimum(self) -> int:
        """The smallest group that may be shown."""
        return self.study.privacy.minimum_group

    @cached_property
    def coded(self) -> audience.Coded:
        """Everybody's profile in comparable groups."""
        return audience.code(self.people)

    @cached_property
    def memo(self) -> Memo:
        """Results of costly calculations, from the last analysis where they rest on the same numbers."""
        return Memo(self.people.gathered.beside if self.people.gathered is not None else None)

    @cached_property
    def sampled(self) -> list[sampled.Read]:
        """What people write about each brand, in a bounded sample, with its words."""
        return sampled.read(self.people, self.store, self.study)
