"""What is left out of the counts, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.columns import among, size
from data.store import Store

_NOBODYS = """
select count(*) as posts, coalesce(sum(duplicate_of is not null), 0) as copies from posts p join sources s using (source_id)
where p.author_id is null and s.kind is not 'notes'
"""


def left_out(store: Store, tables: Mapping[str, Any], own: Sequence[int]) -> dict[str, int]:
    """How many posts do not count, each for one reason, of the ``tables`` of a :class:`analysis.gathering.Gathered` and the ``own``
    accounts of brands; those of who is set aside are all that ``set_aside`` lists, copies too."""
    nobodys = next(store.query(_NOBODYS))
    posts, aside = tables["posts"], tables["aside"]
    ours = among(posts["author"], own)
    theirs = among(posts["author"], aside["author"])
    return {
        "copies": int((posts["copy"] & (~theirs | ours)).sum()) + int(nobodys["copies"]),
        "foreign": int((posts["foreign"] & ~posts["copy"] & ~theirs & ~ours).sum()),
        "anonymous": int(nobodys["posts"]),
        "own_accounts": int((ours & ~posts["copy"]).sum()),
        "set_aside": int((theirs & ~ours).sum()),
        "set_aside_authors": size(aside),
    }
