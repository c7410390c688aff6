"""Which posts to label: at random, where the machine is least sure, or where it found nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from data.store import Store

WAYS = ("random", "unsure", "empty", "newest")
STATES = ("open", "begun", "done", "contradicted", "all")
# Multiplying the row's number by a large odd one (Knuth) puts posts in an order that has nothing to do with the crawl's, and is
# the same each time: going on finds the next ones, and two people get the same posts.
_SHUFFLED = "(p.id * 2654435761 + 40503) % 4294967291"
_ORDER = {
    "random": _SHUFFLED,
    "unsure": f"f.least is null, f.least, {_SHUFFLED}",
    "empty": f"f.least is not null, {_SHUFFLED}",
    "newest": "p.posted_at is null, p.posted_at desc, p.id desc",
}
_POSTS = """
from posts p join sources s on s.source_id = p.source_id join threads t using (thread_id)
left join brands b on b.brand_id = p.brand_id
left join (
    select post, min(confidence) as least from (
        select post, confidence from cues where source_component not like 'label:%'
        union all select post, confidence from pains where source_component not like 'label:%'
    ) group by post
) f on f.post = p.id
left join (
    select l.post, count(*) as labels, max(l.verdict in ('done', 'nothing') and l.content_hash = q.content_hash) as done,
        count(distinct l.coder) as coders, max(l.coder = :coder) as mine
    from labels l join posts q on q.id = l.post group by l.post
) m on m.post = p.id
where p.text <> '' and p.duplicate_of is null and coalesce(p.lang, 'vi') in ('vi', 'en')
"""
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


def _narrowed(wanted: Wanted, coder: str) -> tuple[str, dict[str, Any]]:
    where, values = _STATE[wanted.state], {"coder": coder}
    if wanted.how == "empty":
        where += " and f.least is null"
    if wanted.how == "unsure":
        where += " and f.least is not null"
    for name, test in (
        ("source", "and instr(s.url, :source) > 0"),
        (
            "brand",
            "and exists (select 1 from mentions n join brands x using (brand_id) where n.post = p.id and x.name = :brand)",
        ),
        ("attribute", "and exists (select 1 from cues c where c.post = p.id and c.attribute = :attribute)"),
        ("category", "and exists (select 1 from pains c where c.post = p.id and c.category = :category)"),
        ("words", "and instr(lower(p.text), lower(:words)) > 0"),
    ):
        if getattr(wanted, name):
            where += f" {test}"
            values[name] = getattr(wanted, name)
    return where, values


def chosen(store: Store, wanted: Wanted, coder: str, *, limit: int = 1_000_000, offset: int = 0) -> list[int]:
    """The posts (their rows' ids) to label, in order."""
    where, values = _narrowed(wanted, coder)
    sql = f"select p.id {_POSTS} {where} order by {_ORDER[wanted.how]} limit :limit offset :offset"
    return [row["id"] for row in store.query(sql, {**values, "limit": limit, "offset": offset})]


def count(store: Store, wanted: Wanted, coder: str) -> int:
    """How many posts there are to label."""
    where, values = _narrowed(wanted, coder)
    return int(next(store.query(f"select count(*) as n {_POSTS} {where}", values))["n"])


def progress(store: Store) -> dict[str, int]:
    """How far the labelling is: ``labels``, ``posts`` with any, ``done`` posts, ``coders``."""
    sql = """
    select count(*) as labels, count(distinct l.post) as posts, count(distinct l.coder) as coders,
        count(distinct case when l.verdict in ('done', 'nothing') and l.content_hash = p.content_hash then l.post end) as done
    from labels l join posts p on p.id = l.post
    """
    return {name: int(n) for name, n in next(store.query(sql)).items()}
