# ruff: noqa: S608 - statements are put together from fixed parts; what was typed goes in as parameters
"""Looking for posts by words and by what is known of them: brand, source, days, what is told in them. Quick on a million posts.

What is asked for least often leads: the posts that it names are few enough to look at one by one. Where everything that is asked
for is common, the newest posts are gone through until a page is full, and nobody counts the rest; of common words, only the posts
that were gathered last are looked at.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from data.folding import words
from data.store.base import Row, Store
from data.store.searching import exactly, marked, match_of, perhaps_written_so

#: So many posts are looked at one by one, and are counted.
FEW = 8_000
#: Of words that more posts have, so many of those that were gathered last are looked at.
LATEST = 6_000

_OF_BRAND = "mentions m where m.brand_id = (select b.brand_id from brands b where b.name = :brand)"
_PLAIN = {
    "brand": f"exists (select 1 from {_OF_BRAND} and m.post = p.id)",
    "source": ("p.source_id = (select s.source_id from sources s where s.url = :source)"),
    "since": ("p.posted_at >= :since"),
    "until": ("p.posted_at < :until"),
}
_ROWS = """
select p.id, p.post_id, p.url, p.posted_at, p.text, p.duplicate_of, s.url as source,
    (select group_concat(b.name, ', ') from mentions m join brands b on b.brand_id = m.brand_id where m.post = p.id) as brand,
    t.title as thread_title, t.url as thread_url,
    a.author_key as author
from json_each(:ids) j join posts p on p.id = j.value join threads t using (thread_id) join sources s on s.source_id = p.source_id
left join authors a on a.author_id = p.author_id
order by j.key
"""
_TITLES = """
select (select o.id from posts o where o.thread_id = f.rowid order by o.posted_at, o.id limit 1) as post
from threads_fts f where threads_fts match :match limit 2000
"""


@dataclass(frozen=True)
class Sought:
    """What is looked for; empty is anything. ``since`` and ``until`` are days (``2026-11-30``) of ``timezone``, both of them included;
    ``value`` goes with an ``attribute``. ``order`` is ``newest``, or ``best`` for the posts that have the words most."""

    words: str = ""
    brand: str = ""
    source: str = ""
    since: str = ""
    until: str = ""
    attribute: str = ""
    value: str = ""
    category: str = ""
    order: str = "best"
    timezone: str = "UTC"

    @property
    def named(self) -> dict[str, str]:
        return {
            "brand": self.brand, "source": self.source, "since": self._start(self.since),
            "until": self._start(self.until, after=1), "attribute": self.attribute,
            "value": self.value, "category": self.category, "match": match_of(words(self.words)),
        }  # fmt: skip

    def _start(self, day: str, *, after: int = 0) -> str:
        """The moment at which a day begins where the study is made, or the day ``after`` days later, as moments are stored."""
        if not day:
            return ""
        try:
            start = datetime.combine(date.fromisoformat(day) + timedelta(days=after), time(), ZoneInfo(self.timezone))
            return start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        except OverflowError:
            return day


@dataclass(frozen=True)
class Posts:
    """A page of posts. ``count`` is how many there are in all, ``None`` where they are too many to be counted; ``more`` whether
    others follow."""

    rows: list[Row] = field(default_factory=list)
    count: int | None = 0
    more: bool = False


def seek(store: Store, sought: Sought, *, limit: int = 25, offset: int = 0) -> Posts:
    """The posts that are looked for, in their order: a page of them."""
    if sought.words.strip() and not words(sought.words):
        return Posts()
    sizes = dict(_sizes(store, sought))
    lead = min(sizes, key=lambda name: sizes[name], default="")
    if lead and sizes[lead] <= FEW:
        ids = _few(store, sought, lead, common=sizes.get("words", 0) > FEW)
        return Posts(_rows(store, ids[offset : offset + limit]), len(ids), len(ids) > offset + limit)
    if "words" in sizes:
        ids = _latest(store, sought)
        return Posts(_rows(store, ids[offset : offset + limit]), None, len(ids) > offset + limit)
    ids = _newest(store, sought, sizes, limit + 1, offset)
    everything = _whole(store, sizes)
    return Posts(_rows(store, ids[:limit]), everything, len(ids) > limit)


def _whole(store: Store, sizes: Mapping[str, int]) -> int | None:
    """How many posts there are where the counts tell it."""
    if not sizes:
        return int(next(store.query("select coalesce(sum(posts), 0) as n from post_counts"))["n"])
    one = next(iter(sizes)) if len(sizes) == 1 else ""
    return sizes[one] if one in ("brand", "source") else None


def _sizes(store: Store, sought: Sought) -> Iterator[tuple[str, int]]:
    """How many posts each thing names that is asked for; none is looked at."""
    values = {**sought.named, "few": FEW + 1}

    def count(sql: str) -> int:
        return int(next(store.query(f"select coalesce(({sql}), 0) as n", values))["n"])

    if sought.words:
        texts = count("select count(*) from (select 1 from posts_fts where posts_fts match :match limit :few)")
        yield "words", texts + (count(f"select count(*) from ({_TITLES})") if texts <= FEW else 0)
    if sought.brand:
        yield "brand", count(f"select count(*) from {_OF_BRAND}")
    if sought.source:
        yield "source", count(f"select sum(p.posts) from post_counts p where {_PLAIN['source']}")
    if sought.attribute:
        of_value = " and k.value = :value" if sought.value else ""
        yield "attribute", count(f"select sum(k.cues) from cue_counts k where k.attribute = :attribute{of_value}")
    if sought.category:
        yield "category", count("select count(*) from pains n where n.category = :category")
    if sought.since or sought.until:
        yield "dates", count(f"select count(*) from (select 1 from posts p where {_dates(sought)} limit :few)")


def _lists(sought: Sought) -> dict[str, str]:
    """The statement that lists the posts of each thing that is asked for."""
    of_value = " and c.value = :value" if sought.value else ""
    return {
        "words": f"select f.rowid as post from posts_fts f where posts_fts match :match union select post from ({_TITLES})",
        "brand": f"select m.post from {_OF_BRAND}",
        "source": f"select p.id as post from posts p where {_PLAIN['source']}",
        "attribute": f"select distinct c.post from cues c where c.attribute = :attribute{of_value}",
        "category": "select distinct n.post from pains n where n.category = :category",
        "dates": f"select p.id as post from posts p where {_dates(sought)}",
    }


def _dates(sought: Sought) -> str:
    return " and ".join(_PLAIN[name] for name in ("since", "until") if getattr(sought, name))


def _checks(sought: Sought, *, but: str = "") -> str:
    """What a post must be, beside what already led to it and the words. A plus keeps SQLite from the other index of a table."""
    left_out = ("since", "until") if but == "dates" else (but,)
    checks = [test for name, test in _PLAIN.items() if getattr(sought, name) and name not in left_out]
    if sought.attribute and but != "attribute":
        of_value = " and +c.value = :value" if sought.value else ""
        checks.append(f"exists (select 1 from cues c where c.post = p.id and +c.attribute = :attribute{of_value})")
    if sought.category and but != "category":
        checks.append("exists (select 1 from pains n where n.post = p.id and +n.category = :category)")
    return " and ".join(checks) or "1"


def _led(store: Store, sought: Sought, listed: str, checks: str, **values: object) -> list[int]:
    """The posts of a list that pass the checks, the newest first."""
    sql = f"""
        with led as materialized ({listed}) select p.id from led join posts p on p.id = led.post where {checks}
        order by p.posted_at is null, p.posted_at desc, p.id desc
    """
    return [row["id"] for row in store.query(sql, {**sought.named, **values})]


def _few(store: Store, sought: Sought, lead: str, *, common: bool) -> list[int]:
    """All posts that are looked for, in their order. Words that are ``common`` are looked for in the texts of the few."""
    lists, checks = _lists(sought), _checks(sought, but=lead)
    if sought.words and lead != "words" and not common:
        checks += f" and p.id in ({lists['words']})"
    ids = _led(store, sought, lists[lead], checks)
    if not sought.words:
        return ids
    if common:
        wanted = set(words(sought.words))
        ids = [post for post, text in _texts(store, ids) if wanted <= set(words(text))]
    return _as_typed(store, sought, ids if common else _by_rank(store, sought, ids))


def _latest(store: Store, sought: Sought) -> list[int]:
    """Of the posts with these words that were gathered last, those that are looked for, the newest first."""
    listed = "select rowid as post from posts_fts where posts_fts match :match order by rowid desc limit :latest"
    return _as_typed(store, sought, _led(store, sought, listed, _checks(sought), latest=LATEST))


def _by_rank(store: Store, sought: Sought, ids: list[int]) -> list[int]:
    """The posts that have the words most in front, where that is wanted."""
    if sought.order != "best":
        return ids
    ranked = store.query("select rowid as post from posts_fts where posts_fts match :match order by rank", sought.named)
    place = {row["post"]: number for number, row in enumerate(ranked)}
    return sorted(ids, key=lambda post: place.get(post, FEW))


def _newest(store: Store, sought: Sought, sizes: Mapping[str, int], limit: int, offset: int) -> list[int]:
    """A page of the newest posts, found by going through them in their order."""
    ordered = {
        "attribute": "select distinct c.post as id from cues c join posts p on p.id = c.post where c.attribute = :attribute and "
        "c.value = :value and {checks} order by c.posted_at desc",
        "category": "select distinct n.post as id from pains n join posts p on p.id = n.post where n.category = :category and {checks} "
        "order by n.posted_at desc",
        "": "select p.id from posts p where {checks} order by p.posted_at desc",
    }
    led = [name for name in ("category", "attribute") if name in sizes and (name != "attribute" or sought.value)]
    lead = min(led, key=lambda name: sizes[name], default="")
    sql = ordered[lead].format(checks=_checks(sought, but=lead)) + " limit :limit offset :offset"
    return [row["id"] for row in store.query(sql, {**sought.named, "limit": limit, "offset": offset})]


def _as_typed(store: Store, sought: Sought, ids: list[int]) -> list[int]:
    """The posts that have the words with the very marks that were typed, then those that have them without; other words that
    differ in their marks alone only where there is none of these."""
    typed = marked(sought.words)
    if not typed:
        return ids
    written_so, may_be = exactly(typed), perhaps_written_so(typed)
    exact, likely = set[int](), set[int]()
    for post, text in _texts(store, ids):
        if written_so(text):
            exact.add(post)
        elif may_be(text):
            likely.add(post)
    found = [one for one in ids if one in exact] + [one for one in ids if one in likely]
    return found or ids


def _texts(store: Store, ids: list[int]) -> Iterator[tuple[int, str]]:
    """The words of each post and of its thread's title."""
    sql = """
        select p.id, p.text || ' ' || t.title as text from json_each(:ids) j join posts p on p.id = j.value join threads t using (thread_id)
        order by j.key
    """
    return ((row["id"], row["text"]) for row in store.query(sql, {"ids": json.dumps(ids)}))


def _rows(store: Store, ids: list[int]) -> list[Row]:
    return list(store.query(_ROWS, {"ids": json.dumps(ids)}))
