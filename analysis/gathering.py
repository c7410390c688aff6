"""The store's rows as columns: who wrote what, what they tell, whom it is about. Only what has changed is read anew.

Everything here is decided author by author (profile, relations, whether they count), so that a change of one author's posts
changes no other author's rows.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analysis import profiles, relations, set_aside
from analysis.columns import (
    NEVER,
    Columns,
    Ints,
    Words,
    among,
    chunks,
    distinct,
    joined,
    only,
    ordered,
    packed,
    places,
    read,
    size,
    take,
    unpacked,
    words_packed,
    words_unpacked,
)  # fmt: skip
from analysis.left_out import left_out
from analysis.own_places import own_pages
from analysis.read import Brands
from analysis.values import HOUSEHOLD
from data.codebook import ATTRIBUTES, COUNTED
from data.store import Store
from data.study import Study

#: Rises with every change of what is gathered or of how profiles are made.
VERSION: Final = "3"
#: A cue or pain that its component trusts less is not counted.
LEAST_CONFIDENCE: Final = COUNTED
#: Where more of the posts have changed, everything is read anew: that is quicker then.
_MOST_CHANGED: Final = 0.3
HOW: Final = ("text", "source", "thread")
#: What is read, post by post.
RAW: Final = ("posts", "cues", "behaviours", "pains", "speaks")
#: What is made of it, author by author, and what each is sorted by.
MADE: Final = {
    "profiles": ("author", "key"),
    "relations": ("author", "brand", "relation"),
    "aside": ("author",),
}
_LISTS: Final = ("keys", "kinds", "categories")


@dataclass
class Gathered:
    """All tables, and the lists that their numbers point into.

    ``posts``: post, author, source, thread, at, copy, foreign, counted (rating, verified, marks); all of known authors, sorted. ``cues``:
    post, key, confidence; ``behaviours``: post, brand, value; ``pains``: post, kind, category, severity, brand (-1: none), confidence;
    ``speaks``: post, brand, how. ``profiles``, ``relations`` and ``aside`` as their modules make them, of counted posts.
    ``keys`` are (attribute, value, group). ``changed`` are the authors whose rows may be others than at the last analysis, ``None``
    for all of them, and ``before`` what the last analysis made of them. ``beside`` is what steps of the analysis keep for the next
    one, by name: what is there is from the last one.
    """

    tables: dict[str, Columns]
    keys: Words
    kinds: Words
    categories: Words
    rests_on: str
    change: int
    now: np.datetime64
    changed: Ints | None = None
    own: tuple[int, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    beside: dict[str, bytes] = field(default_factory=dict)
    before: dict[str, Columns] = field(default_factory=dict)

    def counted(self, name: str) -> Columns:
        """A table's rows of counted posts, with the author, source and time of each and its ``place`` among counted posts."""
        posts, table = self.tables["posts"], self.tables[name]
        place = places(posts["post"], table["post"])
        which = posts["counted"][place]
        found, place = take(table, which), place[which]
        among_counted = np.cumsum(posts["counted"]) - 1
        return {**found, "place": among_counted[place], **{n: posts[n][place] for n in ("author", "source", "at")}}

    def keep(self, store: Store) -> None:
        """Keep everything for the next analysis, which then reads only what has changed."""
        kept = {name: packed(columns) for name, columns in self.tables.items()}
        kept |= {name: words_packed(getattr(self, name)) for name in _LISTS}
        kept |= {name: data for name, data in self.beside.items() if name not in kept}
        store.keep_columns(self.rests_on, kept, change=self.change)


_CHANGED = "in (select x.post from changed_posts x where x.change <= :change)"
_POSTS = """
select p.id, p.author_id, p.source_id, p.thread_id, coalesce(cast(strftime('%s', p.posted_at) as integer), :never),
    p.duplicate_of is not null, coalesce(p.rating, -1), coalesce(p.verified, -1),
    coalesce(p.lang, 'und') not in ('vi', 'en', 'und')
from posts p where p.author_id is not null and {of}
"""
_POST_TYPES: Final[dict[str, Any]] = {
    "post": np.int64, "author": np.int64, "source": np.int64, "thread": np.int64, "at": np.int64, "copy": np.bool_,
    "rating": np.float64, "verified": np.int64, "foreign": np.bool_,
}  # fmt: skip
_MARKS = "select p.post, p.mark from post_marks p where {of}"
_CUES = """
select p.post, p.attribute, p.value, p."group", p.confidence, case when p.attribute = 'behaviour' then p.quote end, p.who
from cues p where p.confidence >= :least and p.who in ('self', 'family', 'child') and {of}
"""
_PAINS = """
select p.post, p.kind, p.category, p.severity, coalesce(p.brand_id, -1), p.confidence
from pains p where p.confidence >= :least and {of}
"""
_SPEAKS = "select p.post, p.brand_id, p.how from mentions p where {of}"
_TOLD = "select p.post, p.brand_id, p.relations from mentions p where p.relations <> '' and {of}"
_SOURCES = "select source_id, url, kind, engine, brand_id from sources where active and {of} order by source_id"
#: What customers told in private, and everything else.
_NOTES, _PUBLIC = "kind = 'notes'", "kind is not 'notes'"


def gather(store: Store, study: Study, now: datetime, own: tuple[int, ...], *, version: str, again: bool) -> Gathered:
    """Everything about everybody who speaks in public, as it is at ``now``. ``again`` reads all of it anew."""
    sources = list(store.query(_SOURCES.format(of=_PUBLIC)))
    rests_on = _digest(study, sources, now, own, version)
    kept = {} if again else store.kept_columns(rests_on)
    posts, change = store.changed_posts()
    reader = _Reader(store, study, sources, change)
    whole = Gathered({}, reader.keys, reader.kinds, reader.categories, rests_on, change, _moment(now), own=own)
    whole.beside = {name: data for name, data in kept.items() if name not in (*RAW, *MADE, *_LISTS)}
    before = {name: unpacked(kept[name]) for name in (*RAW, *MADE)} if kept else {}
    if not before or len(posts) > size(before["posts"]) * _MOST_CHANGED:
        whole.tables = reader.raw()
        whole.tables |= _made(whole, whole.tables, sources)
    else:
        whole.keys, whole.kinds, whole.categories = (words_unpacked(kept[name]) for name in _LISTS)
        reader.keys, reader.kinds, reader.categories = whole.keys, whole.kinds, whole.categories
        _renew(whole, before, reader, np.array(posts, dtype=np.int64), sources)
    whole.counts = left_out(store, whole.tables, whole.own)
    return whole


def gather_notes(store: Store, study: Study, now: datetime, own: tuple[int, ...]) -> Gathered | None:
    """The same of those who speak in notes of sales and support, ``None`` where there are none.

    All of it is read, and nobody is set aside: customers who write to a shop give their telephone without being one.
    """
    sources = list(store.query(_SOURCES.format(of=_NOTES)))
    if not sources:
        return None
    reader = _Reader(store, study, sources, 0)
    whole = Gathered({}, reader.keys, reader.kinds, reader.categories, "", 0, _moment(now), own=own)
    whole.tables = reader.raw(f"in (select n.id from posts n join sources using (source_id) where {_NOTES})")  # noqa: S608
    whole.tables |= _made(whole, whole.tables, sources, sets_aside=False)
    return whole


def _renew(
    whole: Gathered, before: dict[str, Columns], reader: _Reader, changed: Ints, sources: list[dict[str, Any]]
) -> None:
    """The tables of ``before`` with the changed posts read anew, and everything about their authors made anew."""
    fresh = reader.raw(_CHANGED) if len(changed) else {name: take(before[name], changed) for name in RAW}
    fresh["posts"]["counted"] = np.ones(size(fresh["posts"]), dtype=bool)
    old = before["posts"]
    touched = np.concatenate([old["author"][among(old["post"], changed)], fresh["posts"]["author"]])
    authors = distinct(touched)
    raw = {name: joined(before[name], fresh[name], changed, "post", ("post",)) for name in RAW}
    theirs = among(raw["posts"]["author"], authors)
    part = {name: take(raw[name], theirs if name == "posts" else among_places(raw, name, theirs)) for name in RAW}
    made = _made(whole, part, sources)
    raw["posts"]["counted"][theirs] = part["posts"]["counted"]
    whole.tables = raw | {
        name: joined(before[name], made[name], authors, "author", order) for name, order in MADE.items()
    }
    whole.changed = authors
    whole.before = {name: take(before[name], among(before[name]["author"], authors)) for name in MADE}


def among_places(raw: dict[str, Columns], name: str, which: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which rows of a table are of the posts that ``which`` picks."""
    return which[places(raw["posts"]["post"], raw[name]["post"])]


def _made(
    whole: Gathered, raw: dict[str, Columns], sources: list[dict[str, Any]], *, sets_aside: bool = True
) -> dict[str, Columns]:
    """Who is set aside, and the profiles and relations of all others; ``raw["posts"]`` then says which posts are counted."""
    posts = raw["posts"]

    def about(table: Columns) -> Columns:
        place = places(posts["post"], table["post"])
        return {**table, "place": place, **{name: posts[name][place] for name in ("author", "source", "at")}}

    behaviours, pains, speaks = (about(raw[name]) for name in ("behaviours", "pains", "speaks"))
    shown = relations.rows(posts, behaviours, pains, speaks, own_pages(sources), whole.kinds.words)
    aside = set_aside.find(posts, shown)
    aside = take(aside, ~among(aside["author"], whole.own) & sets_aside)
    # Of what is written in a language that is not read nothing can be told: its authors are silent about nothing.
    posts["counted"] = (
        ~posts["copy"] & ~posts["foreign"] & ~among(posts["author"], [*whole.own, *aside["author"].tolist()])
    )
    cues = about(raw["cues"])
    counts = posts["counted"]
    shown = take(shown, counts[places(posts["post"], shown["post"])])
    return {
        "profiles": profiles.merge(take(cues, counts[cues["place"]]), whole.keys, whole.now),
        "relations": relations.merged(shown),
        "aside": aside,
    }


def _moment(now: datetime) -> np.datetime64:
    return np.datetime64(now.astimezone(UTC).replace(tzinfo=None), "s")


def _digest(study: Study, sources: list[dict[str, Any]], now: datetime, own: tuple[int, ...], version: str) -> str:
    asked = study.model_dump_json(include={"own", "competitors", "privacy"})
    told = json.dumps([VERSION, version, asked, sources, f"{now:%Y-%m}", own], default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


class _Reader:
    """Reads the rows of all posts, or of those that have changed."""

    def __init__(self, store: Store, study: Study, sources: list[dict[str, Any]], change: int) -> None:
        self._store = store
        self._sources = np.array([row["source_id"] for row in sources], dtype=np.int64)
        self._names = Brands(study)
        self._values = {"least": LEAST_CONFIDENCE, "never": NEVER, "change": change}
        self._places = {brand.name: place for place, brand in enumerate(study.brands)}
        found = {
            r["brand_id"]: self._places.get(r["name"], -1) for r in store.query("select brand_id, name from brands")
        }
        self._brands = np.full(max(found, default=0) + 2, -1, dtype=np.int64)  # the last one is of no brand
        for number, place in found.items():
            self._brands[number] = place
        self.keys, self.kinds, self.categories = Words(), Words(), Words()

    def raw(self, picked: str = "") -> dict[str, Columns]:
        """The tables that :data:`RAW` names, of the posts whose ids are ``picked``: ``in (…)``, or nothing for all."""
        self._of = f"p.post {picked}" if picked else "1"
        posts = self._posts(f"p.id {picked}" if picked else "1")
        speaks = self._about(self._speaks(), posts)
        cues, quotes = self._cues()
        cues = self._about(cues, posts)
        return {
            "posts": posts,
            "cues": cues,
            "behaviours": self._about(relations.with_told(self._behaviours(cues, speaks, quotes), self._told()), posts),
            "pains": self._about(self._pains(), posts),
            "speaks": speaks,
        }

    def _read(self, sql: str, of: str, types: dict[str, Any], **words: Words) -> Columns:
        return read(self._store, sql.replace("{of}", of), types, self._values, **words)

    def _posts(self, of: str) -> Columns:
        posts = self._read(_POSTS, of, _POST_TYPES)
        posts = only(posts, among(posts["source"], self._sources))
        posts = ordered(posts, posts["post"])
        names = Words()
        marks = self._about(self._read(_MARKS, self._of, {"post": np.int64, "mark": str}, mark=names), posts)
        bits = np.array([set_aside.MARKS.get(name, 0) for name in names.words], dtype=np.int64)
        posts["marks"] = np.zeros(size(posts), dtype=np.int64)
        np.bitwise_or.at(posts["marks"], places(posts["post"], marks["post"]), bits[marks["mark"]])
        return posts

    @staticmethod
    def _about(table: Columns, posts: Columns) -> Columns:
        """A table's rows of known posts, in their order."""
        place = places(posts["post"], table["post"])
        place[place == size(posts)] = 0
        known = posts["post"][place] == table["post"] if size(posts) else np.zeros(len(place), dtype=bool)
        found = only(table, known)
        return ordered(found, found["post"])

    def _pains(self) -> Columns:
        types = {
            "post": np.int64, "kind": str, "category": str, "severity": np.int64, "brand": np.int64, "confidence": np.float64,
        }  # fmt: skip
        pains = self._read(_PAINS, self._of, types, kind=self.kinds, category=self.categories)
        return {**pains, "brand": self._brands[pains["brand"]]}

    def _speaks(self) -> Columns:
        how = Words(HOW)
        speaks = self._read(_SPEAKS, self._of, {"post": np.int64, "brand": np.int64, "how": str}, how=how)
        speaks["brand"] = self._brands[speaks["brand"]]
        return take(speaks, speaks["brand"] >= 0)

    def _told(self) -> Columns:
        """What the words around brands' names say, in the shape of behaviours."""
        number = {value: place for place, value in enumerate(relations.BEHAVIOURS)}
        rows = [
            (post, self._brands[brand], number[f"told_{relation}"])
            for posts, brands, told in chunks(self._store, _TOLD.replace("{of}", self._of), self._values)
            for post, brand, said in zip(posts, brands, told, strict=True)
            for relation in said.split()
        ]
        table = np.array(rows, dtype=np.int64).reshape(-1, 3)
        found = {name: table[:, place] for place, name in enumerate(("post", "brand", "value"))}
        return take(found, found["brand"] >= 0)

    def _cues(self) -> tuple[Columns, dict[tuple[int, str], str]]:
        """The cues that count, and the words of the behaviours among them: (post, behaviour) → quote."""
        names = ("post", "key", "confidence")
        parts: list[tuple[Ints, Ints, NDArray[np.float64]]] = []
        quotes: dict[tuple[int, str], str] = {}
        for post, attribute, value, group, confidence, quote, who in chunks(
            self._store, _CUES.replace("{of}", self._of), self._values
        ):
            own = np.array([pair in _OWN for pair in zip(attribute, who, strict=True)], dtype=bool)
            # Words that do not count take a number too; that is no harm.
            key = self.keys.numbers(zip(attribute, value, group, strict=True))
            parts.append((np.array(post, dtype=np.int64)[own], key[own], np.array(confidence, dtype=np.float64)[own]))
            quotes.update({(p, v): q for p, v, q, w in zip(post, value, quote, who, strict=True) if q and w == "self"})
        cues = {
            name: np.concatenate([part[place] for part in parts]) if parts else np.array([], dtype=np.int64)
            for place, name in enumerate(names)
        }
        return cues, quotes

    def _behaviours(self, cues: Columns, speaks: Columns, quotes: dict[tuple[int, str], str]) -> Columns:
        """What people do with the brand that each is about: post, brand, and value, a place in ``relations.BEHAVIOURS``."""
        known = {value: number for number, value in enumerate(relations.BEHAVIOURS)}
        words = self.keys.words
        of = np.array([known.get(w[1], -1) if w[0] == "behaviour" else -1 for w in words], dtype=np.int64)
        rows = take(cues, of[cues["key"]] >= 0)
        text, source = (take(speaks, speaks["how"] == how) for how in (0, 1))
        (first, many), (first_source, of_source) = (_runs(one["post"], rows["post"]) for one in (text, source))
        # Most posts name one brand, or none on a page that has one.
        one = np.where(
            many == 1,
            _at(text["brand"], first),
            np.where(many + of_source == 1, _at(source["brand"], first_source), -1),
        )
        single = np.flatnonzero(one >= 0)
        places, brands = [single], [one[single]]
        for place in np.flatnonzero((one < 0) & (many + of_source > 0)).tolist():
            post, value = int(rows["post"][place]), words[int(rows["key"][place])][1]
            told, start, count = (text, first, many) if many[place] else (source, first_source, of_source)
            named = told["brand"][start[place] : start[place] + count[place]].tolist()
            quoted = [self._places[name] for name in self._names.named(quotes.get((post, value), ""))]
            about = np.array(relations.brand_of(named, quoted, value), dtype=np.int64)
            brands.append(about)
            places.append(np.full(len(about), place))
        order = np.argsort(np.concatenate(places), kind="stable")
        picked = take(rows, np.concatenate(places)[order])
        return {"post": picked["post"], "brand": np.concatenate(brands)[order], "value": of[picked["key"]]}


def _runs(posts: Ints, wanted: Ints) -> tuple[Ints, Ints]:
    """Where each wanted post's rows begin among ``posts`` (sorted), and how many they are."""
    first = np.searchsorted(posts, wanted)
    return first, np.searchsorted(posts, wanted, side="right") - first


def _at(values: Ints, place: Ints) -> Ints:
    """``values`` at these places; at one beyond the end, -1."""
    return np.append(values, -1)[np.minimum(place, len(values))]


def is_own(attribute: str, who: str) -> bool:
    """Whether a cue describes its author: their own, their household's means, or their child's age."""
    if who == "self":
        return attribute in ATTRIBUTES
    return attribute in HOUSEHOLD if who == "family" else attribute == "child_age"


#: Every attribute and whose it may be to count: a lookup of :func:`is_own`.
_OWN: Final = frozenset(
    (attribute, who) for attribute in ATTRIBUTES for who in ("self", "family", "child") if is_own(attribute, who)
)
