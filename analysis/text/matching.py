"""Which of the coded and of the read answers are the same: one to one, post by post.

A cue is found where one with the same attribute and value was read; occupations, interests, goals and efforts have free
wording, so there the same attribute on overlapping words counts. A pain is found where one was read that shares at least
half of the shorter one's words. Whose a cue is, and a pain's kind, category and severity, are judged on what was found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from data.gold import CodedPost
from data.records import Annotation, Cue, Pain

#: Attributes whose values are free words.
FREE = frozenset({"occupation", "interest", "goal", "effort"})
#: Of the shorter of two pains so much must be shared.
SHARED = 0.5

Answer = TypeVar("Answer", Cue, Pain)
#: What was coded and what was read, either of them ``None`` where the other stands alone.
Pair = tuple[Answer | None, Answer | None]


@dataclass(frozen=True, slots=True)
class Compared:
    """A coded post beside what was read in it."""

    post: CodedPost
    cues: tuple[Pair[Cue], ...]
    pains: tuple[Pair[Pain], ...]

    @property
    def silent(self) -> bool:
        """Whether the coder found neither cue nor pain."""
        return not self.post.cues and not self.post.pains

    @property
    def answered(self) -> bool:
        """Whether anything was read."""
        return any(read is not None for _, read in (*self.cues, *self.pains))


def compare(post: CodedPost, read: Annotation | None) -> Compared:
    """Set what was coded and what was read side by side; ``None`` is a post in which nothing was read."""
    cues, pains = (read.cues, read.pains) if read else ((), ())
    return Compared(post, tuple(_paired(post.cues, cues, _cue)), tuple(_paired(post.pains, pains, _pain)))


def _paired(
    coded: Sequence[Answer], read: Sequence[Answer], likeness: Callable[[Answer, Answer], float]
) -> Iterator[Pair[Answer]]:
    free = list(read)
    for one in coded:
        best = max(free, key=lambda other: likeness(one, other), default=None)
        if best is None or likeness(one, best) <= 0:
            yield one, None
        else:
            free = [other for other in free if other is not best]
            yield one, best
    for other in free:
        yield None, other


def _cue(coded: Cue, read: Cue) -> float:
    """How well they fit, 0 for not at all: of several that do, the one of the same person first, then by shared words."""
    if coded.attribute != read.attribute:
        return 0
    shared = max(_shared(coded, read), 0)
    if not shared if coded.attribute in FREE else plain(coded.value) != plain(read.value):
        return 0
    return 1 + (coded.who == read.who) + shared / (1 + max(coded.end - coded.start, read.end - read.start))


def _pain(coded: Pain, read: Pain) -> float:
    shared = _shared(coded, read)
    least = SHARED * min(coded.end - coded.start, read.end - read.start)
    return shared if shared > 0 and shared >= least else 0


def _shared(one: Cue | Pain, other: Cue | Pain) -> int:
    return min(one.end, other.end) - max(one.start, other.start)


def plain(value: str) -> str:
    """A value without what does not matter: capitals and blanks."""
    return " ".join(value.lower().split())
