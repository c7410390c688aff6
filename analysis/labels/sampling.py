# ruff: noqa: S608 - statements are put together from fixed parts; what was typed goes in as parameters
"""Which posts to label: at random, where the machine is least sure, or where it found nothing. Quick on a million posts.

Whatever names few posts leads to them; where nothing does, posts are gone through in the order wanted until enough are found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from data.folding import words
from data.store import Store
from data.store.searching import match_of

WAYS = ("random", "unsure", "empty", "newest")
STATES = ("open", "begun", "done", "contradicted", "all")
#: So many posts are looked at one by one; of whatever names more, posts are gone through in their order.
FEW = 8_000
_NEAR = 500
_LEAST_SURE = 20_000
# Multiplying the row's number by a large odd one (Knuth) puts posts in an order that has nothing to do with the crawl's, and is
# the same each time: going on finds the next ones, and two people get the same posts. The index posts_to_label has it.
_SHUFFLED = "(p.id * 2654435761 + 40503) % 4294967291"
_ORDER = {
    "random": _SHUFFLED,
    "unsure": f"f.least, {_SHUFFLED}",
    "empty": _SHUFFLED,
    "newest": "p.posted_at desc, p.id desc",
}
_INDEX = {"random": "posts_to_label", "empty": "posts_to_label", "newest": "posts_posted"}
_ANY = "p.text <> '' and p.duplicate_of is null and coalesce(p.lang, 'vi') in ('vi', 'en')"
_LABELLED = """
select l.post from labels l join posts q on q.id = l.post group by l.post having
"""
_DONE = "max(l.verdict in ('done', 'nothing') and l.content_hash = q.content_hash)"
_STATE = {
    "open": f"p.id not in ({_LABELLED} {_DONE} = 1)",
    "begun": f"p.id in ({_LABELLED} {_DONE} = 0)",
    "done": f"p.id in ({_LABELLED} {_DONE} = 1)",
    "contradicted": f"p.id in ({_LABELLED} count(distinct l.coder) > 1)",
    "all": "1",
}
_MACHINE = "source_component not like 'label:%'"
_EMPTY = (
    f"not exists (select 1 from cues c where c.post = p.id and {_MACHINE})"
    f" and not exists (select 1 from pains n where n.post = p.id and {_MACHINE})"
)
#: How sure the machine is of the answer to which it is least sure, of the posts in :posts, or of those at the top alone.
_LEAST = """
select post, min(confidence) as least from (
    select * from (select post, confidence from cues where {machine}{few}) union all
    select * from (select post, confidence from pains where {machine}{few})
) group by post
"""
#: The posts that each filter names, and the same asked of one post; then how many rows name them, of which no more than enough are counted.
_LISTS = {
    "source": "select q.id as post from posts q where q.source_id in (select s.source_id from sources s where instr(s.url, :source) > 0)",
    "brand": "select n.post from mentions n where n.brand_id = (select b.brand_id from brands b where b.name = :brand)",
    "attribute": "select distinct c.post from cues c where c.attribute = :attribute",
    "category": "select distinct n.post from pains n where n.category = :category",
    "words": "select f.rowid as post from posts_fts f where posts_fts match :match",
}
_CHECKS = {
    "source": "p.source_id in (select s.source_id from sources s where instr(s.url, :source) > 0)",
    "brand": "exists (select 1 from mentions n join brands b using (brand_id) where n.post = p.id and b.name = :brand)",
    "attribute": "exists (select 1 from cues c where c.post = p.id and +c.attribute = :attribute)",
    "category": "exists (select 1 from pains n where n.post = p.id and +n.category = :category)",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which posts, and in which order. ``source`` is a part of an address, ``brand`` a name; ``attribute`` and ``category``
    are codes that the machine or people gave; ``words`` are found with and without diacritics."""

    how: str = "random"
    state: str = "open"
    source: str = ""
    brand: str = ""
    attribute: str = ""
    category: str = ""
    words: str = ""

    @property
    def values(self) -> dict[str, str]:
        """What a statement is given."""
        filters = {name: getattr(self, name) for name in _CHECKS}
        return {**filters, "match": match_of(words(self.words))}


def chosen(store: Store, wanted: Wanted, *, limit: int = 1_000_000, offset: int = 0) -> list[int]:
    """The posts (their rows' ids) to label, in order."""
    return list(islice(_in_order(store, wanted, offset + limit), offset, offset + limit))


def count(store: Store, wanted: Wanted, *, most: int = 1_000_000_000) -> int:
    """How many posts there are to label; ``most`` where there are more and counting them takes long."""
    if wanted.how in ("random", "newest") and wanted.state in ("open", "all") and not _asked(wanted):
        done = f"(select count(*) from posts p where {_ANY} and {_STATE['done']})" if wanted.state == "open" else "0"
        sql = f"select (select count(*) from posts p indexed by posts_to_label where {_ANY}) - {done} as n"
        return int(next(store.query(sql))["n"])
    return sum(1 for _ in islice(_in_order(store, wanted, most), most))


def after(store: Store, wanted: Wanted, key: int) -> int | None:
    """The post to label after this one; the first one where none is behind it."""
    if wanted.how in ("random", "empty"):
        behind = next(_in_order(store, wanted, 1, behind=key), None)
        return behind or next((one for one in _in_order(store, wanted, 2) if one != key), None)
    for most in (_NEAR, 4 * _NEAR):  # whoever labels works at the top of the list
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


def _asked(wanted: Wanted) -> list[str]:
    return [name for name in _LISTS if getattr(wanted, name)]


def _in_order(store: Store, wanted: Wanted, enough: int, *, behind: int | None = None) -> Iterator[int]:
    """The posts wanted one after another, ``enough`` of them at least where there are so many; those ``behind`` a post alone."""
    if wanted.words and not words(wanted.words):
        return
    lead = _lead(store, wanted)
    tests = [_ANY, _STATE[wanted.state], *(_CHECKS[name] for name in _asked(wanted) if name not in ("words", lead))]
    if wanted.how == "empty":
        tests.append(_EMPTY)
    if behind is not None:
        tests.append(f"{_SHUFFLED} > (:behind * 2654435761 + 40503) % 4294967291")
    in_texts = bool(wanted.words) and lead != "words"
    sure = wanted.how == "unsure"
    for least_sure in (True, False) if sure and not lead else (False,):
        # What is not found among the least sure is looked for in all that a filter names.
        lead = lead or next(
            (name for name in ("category", "attribute", "brand") if getattr(wanted, name) and not least_sure and sure),
            "",
        )
        sql = f"select p.id{', p.text' if in_texts else ''} from {_from(wanted, lead, least_sure=least_sure)} where {' and '.join(tests)}"
        rows = store.query(f"{sql} order by {_ORDER[wanted.how]}", {**wanted.values, "behind": behind})
        if not least_sure:
            yield from _with_words(rows, wanted) if in_texts else (row["id"] for row in rows)
            return
        some = list(islice(_with_words(rows, wanted) if in_texts else (row["id"] for row in rows), enough))
        if len(some) >= enough:
            yield from some
            return


def _from(wanted: Wanted, lead: str, *, least_sure: bool) -> str:
    """Where the posts come from: what names few of them, the least sure ones, or the index that has them in their order."""
    if wanted.how == "unsure":
        few = (
            f" order by confidence limit {_LEAST_SURE}"
            if least_sure
            else f" and post in ({_led(lead)})"
            if lead
            else ""
        )
        return f"({_LEAST.format(machine=_MACHINE, few=few)}) f cross join posts p on p.id = f.post"
    if lead:
        return f"({_led(lead)}) led cross join posts p on p.id = led.post"
    return f"posts p indexed by {_INDEX[wanted.how]}"


def _led(lead: str) -> str:
    return _LISTS.get(lead) or "select l.post from labels l group by l.post"


def _with_words(rows: Iterator[dict[str, Any]], wanted: Wanted) -> Iterator[int]:
    """The posts whose texts have all the words."""
    asked = set(words(wanted.words))
    return (row["id"] for row in rows if asked <= set(words(row["text"])))


def _lead(store: Store, wanted: Wanted) -> str:
    """What names so few posts that they are looked at one by one: a filter, or ``labels``; empty where nothing does."""
    if wanted.state in ("begun", "done", "contradicted"):
        return "labels"
    values = {**wanted.values, "few": FEW + 1}
    sizes = {}
    for name in _asked(wanted):
        rows = _LISTS[name].replace("distinct ", "")
        sizes[name] = int(
            next(store.query(f"select count(*) as n from (select 1 from ({rows}) limit :few)", values))["n"]
        )
    lead = min(sizes, key=lambda name: sizes[name], default="")
    return lead if lead and sizes[lead] <= FEW else ""
