"""The store's rows as columns: who wrote what, what they tell, whom it is about. Only what has changed is read anew.

Everything here is decided author by author (profile, relations, whether they count), so that a change of one author's posts
changes no other author's rows.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import numpy as np

from analysis import profiles, relations, set_aside
from analysis.columns import (
    NEVER,
    Columns,
    Ints,
    Words,
    among,
    chunks,
    joined,
    packed,
    read,
    size,
    take,
    unpacked,
    words_packed,
    words_unpacked,
)  # fmt: skip
from analysis.own_places import own_pages
from analysis.read import Brands
from analysis.values import HOUSEHOLD
from data.codebook import ATTRIBUTES
from data.store import Store
from data.study import Study

#: Rises with every change of what is gathered or of how profiles are made.
VERSION: Final = "2"
#: A cue or pain that its component trusts less is not counted.
LEAST_CONFIDENCE: Final = 0.5
#: Where more of the authors have changed, everything is read anew: that is quicker then.
_MOST_CHANGED: Final = 0.3
HOW: Final = ("text", "source", "thread")
#: The tables of :class:`Gathered` and what each is sorted by.
ORDERS: Final = {
    "posts": ("post",),
    "cues": ("post",),
    "pains": ("post",),
    "speaks": ("post",),
    "profiles": ("author", "key"),
    "relations": ("author", "brand", "relation"),
    "aside": ("author",),
}
_LISTS: Final = ("keys", "kinds", "categories")


@dataclass
class Gathered:
    """All tables, with ``author`` in each, and the lists that their numbers point into.

    ``posts``: post, author, source, thread, at, copy, counted; all of known authors. ``cues``: post, author, source, at, key,
    now, confidence; ``pains``: kind, category, severity, brand (-1: none) in their place; ``speaks``: brand, how; all of counted
    posts. ``profiles``, ``relations`` and ``aside`` as their modules make them. ``keys`` are (attribute, value, group).
    ``changed`` are the authors that are new since the last analysis, ``None`` for all.
    """

    tables: dict[str, Columns]
    keys: Words
    kinds: Words
    categories: Words
    rests_on: str
    change: int
    changed: Ints | None = None
    own: tuple[int, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)

    def keep(self, store: Store) -> None:
        """Keep everything for the next analysis, which then reads only what has changed."""
        kept = {name: packed(columns) for name, columns in self.tables.items()}
        kept |= {name: words_packed(getattr(self, name)) for name in _LISTS}
        store.keep_columns(self.rests_on, kept, change=self.change)


_CHANGED = "p.author_id in (select x.author_id from changed_authors x where x.change <= :change)"
_POSTS = """
select p.id, p.author_id, p.source_id, p.thread_id, coalesce(cast(strftime('%s', p.posted_at) as integer), :never),
    p.duplicate_of is not null, coalesce(p.rating, -1), coalesce(p.verified, -1)
from posts p where p.author_id is not null and {of}
"""
_POST_TYPES: Final[dict[str, Any]] = {
    "post": np.int64, "author": np.int64, "source": np.int64, "thread": np.int64, "at": np.int64, "copy": np.bool_,
    "rating": np.float64, "verified": np.int64,
}  # fmt: skip
_MARKS = "select m.post, m.mark from post_marks m where {of}"
_CUES = """
select c.post, c.attribute, c.value, c."group", c.confidence, case when c.attribute = 'behaviour' then c.quote end, c.who
from cues c where c.confidence >= :least and c.who in ('self', 'family', 'child') and {of}
"""
_PAINS = """
select x.post, x.kind, x.category, x.severity, coalesce(x.brand_id, -1), x.confidence
from pains x where x.confidence >= :least and {of}
"""
_SPEAKS = "select m.post, m.brand_id, m.how from mentions m where {of}"
_NOBODYS = """
select count(*) as posts, coalesce(sum(duplicate_of is not null), 0) as copies from posts p join sources s using (source_id)
where p.author_id is null and s.kind is not 'notes'
"""
_SOURCES = "select source_id, url, kind, engine, brand_id from sources where active and {of} order by source_id"
#: What customers told in private, and everything else.
_NOTES, _PUBLIC = "kind = 'notes'", "kind is not 'notes'"


def gather(store: Store, study: Study, now: datetime, own: tuple[int, ...], *, version: str, again: bool) -> Gathered:
    """Everything about everybody who speaks in public, as it is at ``now``. ``again`` reads all of it anew."""
    sources = list(store.query(_SOURCES.format(of=_PUBLIC)))
    rests_on = _digest(study, sources, now, own, version)
    kept = {} if again else store.kept_columns(rests_on)
    authors, change = store.changed_authors()
    changed = np.array(authors, dtype=np.int64)
    reader = _Reader(store, study, sources, now, own, change)
    if not kept:
        whole = Gathered(reader.tables("1"), reader.keys, reader.kinds, reader.categories, rests_on, change)
    else:
        before = {name: unpacked(kept[name]) for name in ORDERS}
        most = len(np.unique(before["posts"]["author"])) * _MOST_CHANGED
        if len(changed) > most:
            return gather(store, study, now, own, version=version, again=True)
        reader.keys, reader.kinds, reader.categories = (words_unpacked(kept[name]) for name in _LISTS)
        fresh = reader.tables(_CHANGED) if len(changed) else {name: take(before[name], np.arange(0)) for name in ORDERS}
        tables = {name: joined(before[name], fresh[name], changed, order) for name, order in ORDERS.items()}
        whole = Gathered(tables, reader.keys, reader.kinds, reader.categories, rests_on, change, changed)
    whole.own = own
    whole.counts = _left_out(store, whole)
    return whole


def gather_notes(store: Store, study: Study, now: datetime, own: tuple[int, ...]) -> Gathered | None:
    """The same of those who speak in notes of sales and support, ``None`` where there are none.

    All of it is read, and nobody is set aside: customers who write to a shop give their telephone without being one.
    """
    sources = list(store.query(_SOURCES.format(of=_NOTES)))
    if not sources:
        return None
    reader = _Reader(store, study, sources, now, own, 0, sets_aside=False)
    of_notes = f"p.source_id in (select source_id from sources where {_NOTES})"  # noqa: S608 - a fixed condition
    tables = reader.tables(of_notes)
    whole = Gathered(tables, reader.keys, reader.kinds, reader.categories, "", 0)
    whole.own = own
    return whole


def _digest(study: Study, sources: list[dict[str, Any]], now: datetime, own: tuple[int, ...], version: str) -> str:
    asked = study.model_dump_json(include={"own", "competitors", "privacy"})
    told = json.dumps([VERSION, version, asked, sources, f"{now:%Y-%m}", own], default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _left_out(store: Store, whole: Gathered) -> dict[str, int]:
    """Posts that do not count, and why."""
    nobodys = next(store.query(_NOBODYS))
    posts, aside = whole.tables["posts"], whole.tables["aside"]
    ours = among(posts["author"], whole.own)
    theirs = among(posts["author"], aside["author"])
    return {
        "copies": int(posts["copy"].sum()) + int(nobodys["copies"]),
        "anonymous": int(nobodys["posts"]),
        "own_accounts": int((ours & ~posts["copy"]).sum()),
        "set_aside": int((theirs & ~ours & ~posts["copy"]).sum()),
        "set_aside_authors": size(aside),
    }


class _Reader:
    """Reads the rows of all authors, or of those who have changed, and makes of them what :class:`Gathered` holds."""

    def __init__(
        self,
        store: Store,
        study: Study,
        sources: list[dict[str, Any]],
        now: datetime,
        own: tuple[int, ...],
        change: int,
        *,
        sets_aside: bool = True,
    ) -> None:
        self._store, self._study, self._own, self._sets_aside = store, study, own, sets_aside
        self._now = np.datetime64(now.replace(tzinfo=None), "s")
        self._sources = np.array([row["source_id"] for row in sources], dtype=np.int64)
        self._pages = own_pages(sources)
        self._names = Brands(study)
        self._values = {"least": LEAST_CONFIDENCE, "never": NEVER, "change": change}
        places = {brand.name: place for place, brand in enumerate(study.brands)}
        found = {
            row["brand_id"]: places.get(row["name"], -1) for row in store.query("select brand_id, name from brands")
        }
        self._brands = np.full(max(found, default=0) + 2, -1, dtype=np.int64)  # the last one is of no brand
        for number, place in found.items():
            self._brands[number] = place
        self._places = places
        self.keys, self.kinds, self.categories = Words(), Words(), Words()

    def tables(self, of: str) -> dict[str, Columns]:
        """All tables of the authors that the condition ``of`` on ``p.author_id`` picks."""
        in_posts = of if of == "1" else f"{{}} in (select p.id from posts p where {of})"  # noqa: S608 - fixed conditions
        posts = self._posts(of, in_posts.format("m.post"))
        pains = self._about(self._pains(in_posts.format("x.post")), posts)
        speaks = self._about(self._speaks(in_posts.format("m.post")), posts)
        cues, behaviours = self._cues(in_posts.format("c.post"), posts, speaks)
        shown = relations.rows(posts, behaviours, pains, speaks, self._pages, self.kinds.words)
        aside = set_aside.find(posts, shown)
        aside = take(aside, ~among(aside["author"], self._own) & self._sets_aside)
        posts["counted"] = ~posts["copy"] & ~among(posts["author"], [*self._own, *aside["author"].tolist()])
        counts = posts["counted"]
        cues, pains, speaks = (take(table, counts[table.pop("place")]) for table in (cues, pains, speaks))
        shown = take(shown, counts[np.searchsorted(posts["post"], shown["post"])])
        return {
            "profiles": profiles.merge(cues, self.keys, self._now),
            "relations": relations.merged(shown),
            "posts": {name: posts[name] for name in ("post", "author", "source", "thread", "at", "copy", "counted")},
            "cues": cues,
            "pains": pains,
            "speaks": speaks,
            "aside": aside,
        }

    def _read(self, sql: str, of: str, types: dict[str, Any], **words: Words) -> Columns:
        return read(self._store, sql.replace("{of}", of), types, self._values, **words)

    def _posts(self, of: str, marked: str) -> Columns:
        posts = self._read(_POSTS, of, _POST_TYPES)
        posts = take(posts, among(posts["source"], self._sources))
        posts = take(posts, np.argsort(posts["post"], kind="stable"))
        names = Words()
        marks = self._about(self._read(_MARKS, marked, {"post": np.int64, "mark": str}, mark=names), posts)
        bits = np.array([set_aside.MARKS.get(name, 0) for name in names.words], dtype=np.int64)
        posts["marks"] = np.zeros(size(posts), dtype=np.int64)
        np.bitwise_or.at(posts["marks"], marks["place"], bits[marks["mark"]])
        return posts

    @staticmethod
    def _about(table: Columns, posts: Columns) -> Columns:
        """A table's rows of known posts, with the ``place``, author, source and time of each."""
        place = np.searchsorted(posts["post"], table["post"])
        place[place == size(posts)] = 0
        known = posts["post"][place] == table["post"] if size(posts) else np.zeros(len(place), dtype=bool)
        found, place = take(table, known), place[known]
        return {**found, "place": place, **{name: posts[name][place] for name in ("author", "source", "at")}}

    def _pains(self, of: str) -> Columns:
        types = {
            "post": np.int64, "kind": str, "category": str, "severity": np.int64, "brand": np.int64, "confidence": np.float64,
        }  # fmt: skip
        pains = self._read(_PAINS, of, types, kind=self.kinds, category=self.categories)
        return {**pains, "brand": self._brands[pains["brand"]]}

    def _speaks(self, of: str) -> Columns:
        how = Words(HOW)
        speaks = self._read(_SPEAKS, of, {"post": np.int64, "brand": np.int64, "how": str}, how=how)
        speaks["brand"] = self._brands[speaks["brand"]]
        return take(speaks, speaks["brand"] >= 0)

    def _cues(self, of: str, posts: Columns, speaks: Columns) -> tuple[Columns, Columns]:
        """The cues that count, and the behaviours among them with the brand that each is about."""
        names = ("post", "key", "confidence")
        parts: list[tuple[Ints, Ints, np.ndarray[Any, Any]]] = []
        quotes: dict[tuple[int, str], str] = {}
        for post, attribute, value, group, confidence, quote, who in chunks(
            self._store, _CUES.replace("{of}", of), self._values
        ):
            own = np.array([is_own(a, w) for a, w in zip(attribute, who, strict=True)], dtype=bool)
            # Words that do not count take a number too; that is no harm.
            key = self.keys.numbers(zip(attribute, value, group, strict=True))
            parts.append((np.array(post, dtype=np.int64)[own], key[own], np.array(confidence, dtype=np.float64)[own]))
            quotes.update({(p, v): q for p, v, q, w in zip(post, value, quote, who, strict=True) if q and w == "self"})
        cues = {
            name: np.concatenate([part[place] for part in parts]) if parts else np.array([], dtype=np.int64)
            for place, name in enumerate(names)
        }
        cues = take(cues, np.argsort(cues["post"], kind="stable"))
        cues = self._about(cues, posts)
        return cues, self._behaviours(cues, speaks, quotes)

    def _behaviours(self, cues: Columns, speaks: Columns, quotes: dict[tuple[int, str], str]) -> Columns:
        known = {value: number for number, value in enumerate(relations.BEHAVIOURS)}
        words = self.keys.words
        of = np.array([known.get(w[1], -1) if w[0] == "behaviour" else -1 for w in words], dtype=np.int64)
        rows = take(cues, of[cues["key"]] >= 0)
        text, source = self._named(speaks, 0, rows["post"]), self._named(speaks, 1, rows["post"])
        brands: list[int] = []
        places: list[int] = []
        for place, (post, key) in enumerate(zip(rows["post"].tolist(), rows["key"].tolist(), strict=True)):
            value, named = words[key][1], text.get(post) or source.get(post, [])
            quoted = []
            if len(named) > 1:
                quoted = [self._places[name] for name in self._names.named(quotes.get((post, value), ""))]
            about = relations.brand_of(named, quoted, value)
            brands += about
            places += [place] * len(about)
        picked = take(rows, np.array(places, dtype=np.int64))
        return {**picked, "brand": np.array(brands, dtype=np.int64), "value": of[picked["key"]]}

    @staticmethod
    def _named(speaks: Columns, how: int, posts: Ints) -> dict[int, list[int]]:
        which = (speaks["how"] == how) & among(speaks["post"], np.unique(posts))
        found: dict[int, list[int]] = defaultdict(list)
        for post, brand in zip(speaks["post"][which].tolist(), speaks["brand"][which].tolist(), strict=True):
            found[post].append(brand)
        return found


def is_own(attribute: str, who: str) -> bool:
    """Whether a cue describes its author: their own, their household's means, or their child's age."""
    if who == "self":
        return attribute in ATTRIBUTES
    return attribute in HOUSEHOLD if who == "family" else attribute == "child_age"
