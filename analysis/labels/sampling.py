"""Which posts to label: at random, where the machine is least sure, or where it found nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from data.store import Store

WAYS = ("random", "unsure", "empty", "newest")
STATES = ("open", "begun", "done", "contradicted", "all")
_NEAR = 500
# Multiplying the row's number by a large odd one (Knuth) puts posts in an order that has nothing to do with the crawl's, and is
# the same each time: going on finds the next ones, and two people get the same posts.
_SHUFFLED = "(p.id * 2654435761 + 40503) % 4294967291"
_ORDER = {
    "random": _SHUFFLED,
    "unsure": f"f.least, {_SHUFFLED}",
    "empty": _SHUFFLED,
    "newest": "p.posted_at is null, p.posted_at desc, p.id desc",
}
_POSTS = """
from posts p join sources s on s.source_id = p.source_id
left join (
    select l.post, count(*) as labels, max(l.verdict in ('done', 'nothing') and l.content_hash = q.content_hash) as done,
        count(distinct l.coder) as coders
    from labels l join posts q on q.id = l.post group by l.post
) m on m.post = p.id
"""
_SURE = """
left join (
    select post, min(confidence) as least from (
        select post, confidence from cues where source_component not like 'label:%'
        union all select post, confidence from pains where source_component not like 'label:%'
    ) group by post
) f on f.post = p.id
"""
_ANY = "where p.text <> '' and p.duplicate_of is null and coalesce(p.lang, 'vi') in ('vi', 'en')"
# Asked so, a table is gone through once; asked post by post, SQLite would take the wrong index and never end.
_ONLY = (
    ("source", "instr(s.url, :source) > 0"),
    ("brand", "p.id in (select n.post from mentions n join brands x using (brand_id) where x.name = :brand)"),
    ("attribute", "p.id in (select c.post from cues c where c.attribute = :attribute)"),
    ("category", "p.id in (select c.post from pains c where c.category = :category)"),
    ("words", "instr(lower(p.text), lower(:words)) > 0"),
)
_STATE = {
    "open": "and coalesce(m.done, 0) = 0",
    "begun": "and m.labels > 0 and coalesce(m.done, 0) = 0",
    "done": "and m.done = 1",
    "contradicted": "and m.coders > 1",
    "all": "",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which posts, and in which order. ``source`` is a part of an address, ``brand`` a name; ``attribute`` and ``category``
    are codes that the machine or people gave."""

    how: str = "random"
    state: str = "open"
    source: str = ""
    brand: str = ""
    attribute: str = ""
    category: str = ""
    words: str = ""


def _narrowed(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    """The posts wanted, as the part of a statement behind ``select``, and its values."""
    sql = _POSTS + (_SURE if wanted.how in ("unsure", "empty") else "") + f"{_ANY} {_STATE[wanted.state]}"
    if wanted.how in ("unsure", "empty"):
        sql += f" and f.least is {'not ' if wanted.how == 'unsure' else ''}null"
    values = {name: getattr(wanted, name) for name, _ in _ONLY if getattr(wanted, name)}
    return sql + "".join(f" and {test}" for name, test in _ONLY if name in values), values


def chosen(store: Store, wanted: Wanted, *, limit: int = 1_000_000, offset: int = 0) -> list[int]:
    """The posts (their rows' ids) to label, in order."""
    posts, values = _narrowed(wanted)
    sql = f"select p.id {posts} order by {_ORDER[wanted.how]} limit :limit offset :offset"
    return [row["id"] for row in store.query(sql, {**values, "limit": limit, "offset": offset})]


def count(store: Store, wanted: Wanted) -> int:
    """How many posts there are to label."""
    posts, values = _narrowed(wanted)
    return int(next(store.query(f"select count(*) as n {posts}", values))["n"])


def after(store: Store, wanted: Wanted, key: int) -> int | None:
    """The post to label after this one; the first one where this one is not among those that are wanted."""
    for most in (_NEAR, 1_000_000):  # whoever labels works at the top of the list
        order = chosen(store, wanted, limit=most)
        if key in order[:-1] or len(order) < most:
            break
    place = order.index(key) + 1 if key in order else 0
    return order[place] if place < len(order) else next((one for one in order if one != key), None)


def progress(store: Store) -> dict[str, int]:
    """How far the labelling is: ``labels``, ``posts`` with any, ``done`` posts, ``coders``."""
    sql = """
    select count(*) as labels, count(distinct l.post) as posts, count(distinct l.coder) as coders,
        count(distinct case when l.verdict in ('done', 'nothing') and l.content_hash = p.content_hash then l.post end) as done
    from labels l join posts p on p.id = l.post
    """
    return {name: int(n) for name, n in next(store.query(sql)).items()}
