"""What people say of the machine's answers, and what holds then: labels win over the machine, the newest over the older.

Everything here is pure; the store keeps the labels (:mod:`data.store.labelling`), ``analyze`` lays them over what it reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations
from typing import Final

from data.records import Annotation, Cue, Pain

Answer = Cue | Pain
#: ``done`` and ``nothing`` are said of the whole post; the others of one answer.
VERDICTS: Final = ("accepted", "rejected", "changed", "added", "nothing", "done")
OF_POST: Final = ("nothing", "done")
COMPONENT: Final = "label:"
#: Attributes of which one and the same words may tell several values.
_SEVERAL: Final = frozenset({"channel", "behaviour", "value", "interest", "goal", "effort", "children", "child_age"})
#: Those of them whose values are free words, which another version of the machine may cut otherwise.
FREE: Final = frozenset({"interest", "goal", "effort"})
#: Pains on so much of the same words are one.
_SHARED: Final = 0.6


@dataclass(frozen=True, slots=True)
class Label:
    """What one person said of one answer, or of a whole post.

    ``answer`` is the answer that was accepted, rejected or added, or the one that a changed one became; ``was`` is what stood
    there before a change. ``component`` gave the answer that was judged. ``same_text`` says whether the post still has the text
    that the label was made on. ``label_id`` is 0 until the store has it.
    """

    post: int
    coder: str
    verdict: str
    labelled_at: datetime
    answer: Answer | None = None
    was: Answer | None = None
    component: str | None = None
    same_text: bool = True
    label_id: int = 0


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer that somebody judged, as it stands now. ``holds`` is false for a rejected one; ``lost`` says that the post
    was edited since and no longer has the words."""

    answer: Answer
    label: Label
    holds: bool
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What the labels of one post come to. ``done`` is the label that says that the post is coded whole, if one does."""

    judged: tuple[Judged, ...] = ()
    done: Label | None = None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two people who said otherwise of the same words. ``later`` is the one that holds; ``answer`` what it is about."""

    post: int
    answer: Answer
    earlier: Label
    later: Label


def overlap(one: Answer, other: Answer) -> int:
    """How many characters both answers stand on."""
    return min(one.end, other.end) - max(one.start, other.start)


def same(one: Answer, other: Answer) -> bool:
    """Whether two labels are about the same thing: the same words, and for a cue the same attribute of the same person."""
    shared = overlap(one, other)
    if shared <= 0:
        return False
    if isinstance(one, Cue) and isinstance(other, Cue):
        told = (one.attribute, one.who) == (other.attribute, other.who)
        return told and (one.attribute not in _SEVERAL or one.value == other.value)
    if isinstance(one, Pain) and isinstance(other, Pain):
        return shared >= _SHARED * min(one.end - one.start, other.end - other.start)
    return False


def settles(label: Label, found: Answer) -> bool:
    """Whether ``label`` says all there is to say of an answer of the machine."""
    return any(judged is not None and _settles(judged, found) for judged in (label.answer, label.was))


def _settles(judged: Answer, found: Answer) -> bool:
    if same(judged, found):
        return True
    if isinstance(judged, Cue) and isinstance(found, Cue) and judged.attribute in FREE:
        return judged.attribute == found.attribute and judged.who == found.who and overlap(judged, found) > 0
    return False


def standing(labels: Iterable[Label], text: str) -> Standing:
    """What holds of a post with this ``text``, its labels given in the order in which they were made.

    A post that was edited after somebody was done with it is to be looked at again.
    """
    judged: list[Judged] = []
    done: Label | None = None
    for label in labels:
        if label.verdict in OF_POST:
            done = label if label.same_text else None
            if label.verdict == "nothing":
                judged = [replace(one, holds=False, label=label) for one in judged]
            continue
        assert label.answer is not None
        judged = [one for one in judged if not _replaces(label, one)]
        moved = located(label.answer, text)
        judged.append(Judged(moved or label.answer, label, label.verdict != "rejected", lost=moved is None))
    return Standing(tuple(judged), done)


def _replaces(label: Label, one: Judged) -> bool:
    """Whether ``label`` is a newer word on what ``one`` is about."""
    # Whoever finds a second trouble in the same words, or takes one of two away, does not mean the other.
    return any(said is not None and _one_thing(one.answer, said) for said in (label.was, label.answer))


def _one_thing(one: Answer, other: Answer) -> bool:
    """Whether two answers are about the same thing, and where both are pains, about the same trouble."""
    return same(one, other) and (isinstance(one, Cue) or isinstance(other, Cue) or one.category == other.category)


def located(answer: Answer, text: str) -> Answer | None:
    """``answer`` where its quote stands in ``text``: the occurrence nearest to its old place, or ``None``."""
    if not answer.quote or text[answer.start : answer.end] == answer.quote:
        return answer if answer.quote else None
    places = list(occurrences(answer.quote, text))
    if not places:
        return None
    start = min(places, key=lambda place: abs(place - answer.start))
    return replace(answer, start=start, end=start + len(answer.quote))


def occurrences(quote: str, text: str) -> Iterable[int]:
    """Where ``quote`` begins in ``text``."""
    place = text.find(quote) if quote else -1
    while place >= 0:
        yield place
        place = text.find(quote, place + 1)


def overlaid(found: Annotation, labels: Sequence[Label], text: str) -> Annotation:
    """The machine's answers with the labels laid over them; ``source_component`` of what people said is ``label:<name>``.

    What people judged stands as they said. Of a post that somebody is done with nothing else is left.
    """
    if not labels:
        return found
    now = standing(labels, text)
    said = [_of(one) for one in now.judged if one.holds and not one.lost]

    def left(answers: Sequence[Answer]) -> list[Answer]:
        if now.done is not None:
            return []
        return [answer for answer in answers if not any(judges(one, answer) for one in now.judged)]

    kept = [*left(found.cues), *left(found.pains), *said]
    in_order = sorted(kept, key=lambda answer: (answer.start, answer.end))
    cues = tuple(answer for answer in in_order if isinstance(answer, Cue))
    pains = tuple(answer for answer in in_order if isinstance(answer, Pain))
    return replace(found, cues=cues, pains=pains)


def judges(one: Judged, found: Answer) -> bool:
    """Whether what somebody judged settles an answer of the machine."""
    # The words may have moved since the label was made.
    return _settles(one.answer, found) or settles(one.label, found)


def _of(one: Judged) -> Answer:
    return replace(one.answer, confidence=1.0, source_component=COMPONENT + one.label.coder)


def contradictions(labels: Sequence[Label], text: str) -> list[Contradiction]:
    """Where two people's labels of one post say otherwise, by each one's newest word. ``labels`` are in the order made."""
    views = {coder: standing([one for one in labels if one.coder == coder], text) for coder in _coders(labels)}
    found: list[Contradiction] = []
    for one, other in combinations(views, 2):
        found += _between(views[one], views[other])
    return sorted(found, key=lambda c: (c.answer.start, _when(c.later)))


def _when(label: Label) -> tuple[datetime, int]:
    return (label.labelled_at, label.label_id)


def _coders(labels: Iterable[Label]) -> list[str]:
    return list(dict.fromkeys(label.coder for label in labels))


def _between(one: Standing, other: Standing) -> Iterable[Contradiction]:
    met: set[int] = set()
    for mine in one.judged:
        theirs = _counterpart(mine, one, other)
        if theirs is not None:
            met.add(id(theirs))
            if mine.holds != theirs.holds or (mine.holds and said(mine.answer) != said(theirs.answer)):
                yield _contradiction(mine, theirs.label)
        elif mine.holds and other.done is not None:
            yield _contradiction(mine, other.done)
    for theirs in other.judged:
        if id(theirs) not in met and theirs.holds and one.done is not None:
            yield _contradiction(theirs, one.done)


def _counterpart(mine: Judged, one: Standing, other: Standing) -> Judged | None:
    """What somebody else said of the same: in the same words, of the same trouble, or in its place."""
    there = [theirs for theirs in other.judged if same(mine.answer, theirs.answer)]
    for alike in (
        [theirs for theirs in there if said(theirs.answer) == said(mine.answer)],
        [theirs for theirs in there if _one_thing(theirs.answer, mine.answer)],
        [theirs for theirs in there if _in_place_of(theirs, mine) or _in_place_of(mine, theirs)],
    ):
        if alike:
            return alike[0]
    # Two pains on the same words, neither of which the other person has: one of them may be meant for the other.
    return next(
        (
            theirs
            for theirs in there
            if mine.holds and theirs.holds and not any(_one_thing(theirs.answer, own.answer) for own in one.judged)
        ),
        None,
    )


def _in_place_of(new: Judged, old: Judged) -> bool:
    return new.label.was is not None and _one_thing(new.label.was, old.answer)


def _contradiction(one: Judged, other: Label) -> Contradiction:
    earlier, later = sorted((one.label, other), key=_when)
    return Contradiction(later.post, one.answer, earlier, later)


def said(answer: Answer) -> tuple[object, ...]:
    """What an answer says of its words, without regard to letter case."""
    if isinstance(answer, Cue):
        return (answer.value.casefold(), answer.group)
    return (answer.kind, answer.category, answer.target.casefold(), answer.severity)
