"""Posts with the same words: which of them counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

# Of a group of copies the earliest posted one counts, whichever was crawled first: another order gives no other numbers.
_FIRST_OF_COPIES = """
select post_id from posts where copy_key = :key order by posted_at is null, posted_at, post_id limit 1
"""
_POINT_AT_FIRST = """
update posts set duplicate_of = nullif(:first, post_id)
where copy_key = :key and duplicate_of is not nullif(:first, post_id)
"""


def point_at_first(connection: Any, keys: Iterable[str]) -> None:
    """Make the copies that have one of these keys point at the earliest of them."""
    for key in keys:
        row = connection.execute(_FIRST_OF_COPIES, {"key": key}).fetchone()
        if row:
            connection.execute(_POINT_AT_FIRST, {"key": key, "first": row[0]})
