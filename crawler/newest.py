"""Which threads of a list are the newest, where only so many are wanted and old ones may be pinned above them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from data.records import ThreadLink

_NO_DATE = datetime.min.replace(tzinfo=UTC)


def in_turn(lines: Sequence[ThreadLink], held: list[ThreadLink], *, last: bool) -> list[ThreadLink]:
    """The lines of a list's page in the order in which they count, newest first as far as their dates are known.

    A line that stands above newer ones is pinned: it goes into ``held`` and takes its turn when the list has come to its date,
    on this page or a later one; on the ``last`` page all do. Lines without a date stay where they are.
    """
    pinned = {number for number, line in enumerate(lines) if _is_pinned(line, lines[number + 1 :])}
    if len(pinned) > len(lines) / 2:
        # A list in another order: within the page, at least, the newest come first.
        pinned = {number for number in pinned if lines[number].sticky}
    held += [line for number, line in enumerate(lines) if number in pinned]
    held.sort(key=_date, reverse=True)
    rest = [line for number, line in enumerate(lines) if number not in pinned]
    if all(line.last_post_at is not None for line in rest):
        rest.sort(key=_date, reverse=True)
    turn: list[ThreadLink] = []
    for line in rest:
        while held and line.last_post_at is not None and _date(held[0]) >= line.last_post_at:
            turn.append(held.pop(0))
        turn.append(line)
    if last:
        turn += held
        held.clear()
    return turn


def _is_pinned(line: ThreadLink, below: Sequence[ThreadLink]) -> bool:
    if line.last_post_at is None:
        return False
    return line.sticky or any(
        other.last_post_at is not None and other.last_post_at > line.last_post_at for other in below if not other.sticky
    )


def _date(line: ThreadLink) -> datetime:
    return line.last_post_at or _NO_DATE
