"""The store's rows as the findings need them: whose cues and pains count, and who belongs to which brand's audience."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis import profiles, relations, set_aside
from analysis.aging import move
from analysis.columns import Columns, Ints, Words, distinct, places, take
from analysis.gathering import HOW, LEAST_CONFIDENCE, Gathered, gather, gather_notes
from analysis.own_places import speakers
from analysis.shown import best
from data.codebook import ATTRIBUTES
from data.own_accounts import own_accounts
from data.privacy import author_key
from data.store import Store
from data.study import MARKET, Study

__all__ = ["LEAST_CONFIDENCE", "People", "category_of", "load", "load_notes"]


@dataclass
class People:
    """Everybody who wrote a counted post, with what they tell of themselves, what hurts them, and their relations to brands.

    ``posts``: post, author, source, thread, at. ``cues``: post, author, source, at, attribute, value, group, confidence, now (what
    ``profiles`` calls ``key``). ``pains``: category, kind, severity, brand in their place.
    ``speaks``: brand and ``how`` (text, source, thread) of each post that is about a brand. All of counted posts only: by a known
    author who is no brand's own account and not set aside, and no copy of another post.

    ``profiles``: one row a person, attribute and value, as it is at the time of the analysis: author, attribute, value, group, told
    (the value as told), post (the newest that tells it), source, at, confidence, posts, contradicted, key. ``relations``: author,
    brand, relation (``analysis.relations.RELATIONS``), first, at (the newest), posts. ``aside``: author, why, posts, shown of those
    who are no customers.

    ``attribute``, ``brand``, ``category``, ``kind``, ``how`` and ``relation`` are categories, and so are ``value`` and ``group`` of
    ``cues``; the other texts are plain objects. Times are seconds since 1970 (``analysis.columns.NEVER`` where unknown); ``best`` is a
    row's place when the surest reading comes first, and of these the newest; ``place`` is that of a row's post among ``posts``.
    ``authors`` are the distinct authors, sorted; ``own_accounts`` the authors who are brands. ``changed``: the authors whose rows may
    differ from the last analysis', ``None`` for all. ``ranks``: those of pains by brand, as far as they have been worked out.
    """

    posts: pd.DataFrame
    cues: pd.DataFrame
    pains: pd.DataFrame
    speaks: pd.DataFrame
    profiles: pd.DataFrame
    relations: pd.DataFrame
    aside: pd.DataFrame
    brands: tuple[str, ...]
    left_out: dict[str, int]
    own_accounts: tuple[int, ...] = ()
    changed: Ints | None = None
    gathered: Gathered | None = field(default=None, repr=False)
    ranks: dict[str, list[tuple[int, int, int]]] = field(default_factory=dict, repr=False)

    @cached_property
    def authors(self) -> NDArray[np.int64]:
        return distinct(self.posts["author"].to_numpy(dtype=np.int64))

    @cached_property
    def _about(self) -> dict[str, Ints]:
        """Brand → the places of the posts by which people belong to its audience, in order."""
        told = self.speaks[(self.speaks["how"] != "thread").to_numpy()]
        found = np.zeros((len(self.brands), len(self.posts)), dtype=bool)
        for rows in (told, self.pains):
            named = rows["brand"].cat.codes.to_numpy()
            of = np.array([self.brands.index(name) for name in rows["brand"].cat.categories] or [0])
            known = named >= 0
            found[of[named[known]], rows["place"].to_numpy()[known]] = True
        return {brand: np.flatnonzero(found[number]) for number, brand in enumerate(self.brands)}

    @cached_property
    def _audiences(self) -> dict[str, NDArray[np.int64]]:
        author = self.posts["author"].to_numpy()
        there = np.zeros(int(self.authors.max(initial=0)) + 1, dtype=bool)
        found = {}
        for brand, mine in self._about.items():
            there[:] = False
            there[author[mine]] = True
            found[brand] = np.flatnonzero(there)
        return found

    def audience(self, brand: str) -> NDArray[np.int64]:
        """The authors of a brand's audience, or of the whole market, sorted.

        An author belongs to a brand's audience who names it in their own words, writes in a source about it, or complains
        of it in a thread about it.
        """
        return self.authors if brand == MARKET else self._audiences[brand]

    def belongs(self, authors: NDArray[np.int64], brand: str) -> NDArray[np.bool_]:
        """Which of ``authors`` are of a brand's audience."""
        if brand == MARKET:
            return np.ones(len(authors), dtype=bool)
        members = self.members[brand]
        return members[np.minimum(authors, len(members) - 1)]

    @cached_property
    def members(self) -> dict[str, NDArray[np.bool_]]:
        """Brand → by author's number whether they are of its audience; the last one is nobody's."""
        most = int(self.authors.max(initial=0)) + 2
        found = {brand: np.zeros(most, dtype=bool) for brand in self.brands}
        for brand, members in found.items():
            members[self.audience(brand)] = True
        return found

    def of(self, rows: pd.DataFrame, brand: str) -> pd.DataFrame:
        """The rows of a brand's audience."""
        return rows if brand == MARKET else rows[self.belongs(rows["author"].to_numpy(), brand)]

    def about(self, brand: str) -> Ints:
        """The places among ``posts`` of those by which people belong to a brand's audience, in order."""
        return self._about[brand]

    def posts_on(self, brand: str) -> pd.DataFrame:
        """The posts by which people belong to a brand's audience, one row each."""
        return self.posts.iloc[self._about[brand]]

    def pains_of(self, brand: str) -> pd.DataFrame:
        """The pains that blame a brand, or all of the market's."""
        return self.pains if brand == MARKET else self.pains[(self.pains["brand"] == brand).to_numpy()]


def load(store: Store, study: Study, now: datetime | None = None, *, version: str = "", again: bool = False) -> People:
    """Read what the findings need out of the store, as it is at ``now`` (else at this moment). Texts stay where they are.

    What the last analysis of this ``version`` kept is read from there, unless ``again``.
    """
    own = tuple(_own_accounts(store, study))
    gathered = gather(store, study, now or datetime.now(UTC), own, version=version, again=again)
    return _people(gathered, tuple(brand.name for brand in study.brands))


def load_notes(store: Store, study: Study, now: datetime) -> People | None:
    """The same of the customers who speak in notes of sales and support, who are in nothing that :func:`load` reads; ``None`` where
    there are none."""
    gathered = gather_notes(store, study, now, tuple(_own_accounts(store, study)))
    return None if gathered is None else _people(gathered, tuple(brand.name for brand in study.brands))


def _people(gathered: Gathered, brands: tuple[str, ...]) -> People:
    tables = gathered.tables
    posts = take(tables["posts"], tables["posts"]["counted"])

    def whole(table: Columns, *numbers: str, **others: Any) -> pd.DataFrame:
        rows = {**{c: table[c] for c in ("post", "author", "source", "at", "place", *numbers)}, **others}
        if "confidence" in table:
            rows["best"] = best(table["confidence"], table["at"])
        return _frame(rows)

    cues, pains, speaks = (gathered.counted(name) for name in ("cues", "pains", "speaks"))
    cues["now"] = move(cues["key"], cues["at"], gathered.keys, gathered.now)
    keys = _Keys(gathered.keys)
    mine = profiles.counted(tables["profiles"])
    at_post = places(posts["post"], mine["post"])
    related, aside = tables["relations"], tables["aside"]
    return People(
        posts=_frame({name: posts[name] for name in ("post", "author", "source", "thread", "at")}),
        cues=whole(cues, "confidence", "now", **keys.categories(cues["key"])),
        pains=whole(pains, "severity", "confidence",
            category=category_of(pains["category"], gathered.categories.words),
            kind=category_of(pains["kind"], gathered.kinds.words),
            brand=category_of(pains["brand"], brands),
        ),
        speaks=whole(speaks, brand=category_of(speaks["brand"], brands), how=category_of(speaks["how"], HOW)
        ),
        profiles=_frame(
            {
                **{name: mine[name] for name in ("author", "post", "at", "confidence", "posts", "key")},
                "contradicted": mine["against"],
                "best": best(mine["confidence"], mine["at"]),
                **keys.columns(mine["key"]),
                "source": posts["source"][at_post],
            },
            told=keys.values[mine["told"]],
        ),
        relations=_frame(
            {
                **{name: related[name] for name in ("author", "posts", "first", "at")},
                "brand": category_of(related["brand"], brands),
                "relation": category_of(related["relation"], relations.RELATIONS),
            }
        ),
        aside=_frame(
            {name: aside[name] for name in ("author", "posts", "shown")},
            why=np.array(set_aside.REASONS, dtype=object)[aside["why"]],
        ),
        brands=brands,
        left_out=gathered.counts,
        own_accounts=gathered.own,
        changed=gathered.changed,
        gathered=gathered,
    )  # fmt: skip


class _Keys:
    """The parts of (attribute, value, group), each as an array that numbers pick from."""

    def __init__(self, keys: Words) -> None:
        words = keys.words
        known = Words(ATTRIBUTES)
        self._attributes = known.numbers(word[0] for word in words)
        self._names = known.words
        self.values, self._groups = np.empty(len(words), dtype=object), np.empty(len(words), dtype=object)
        self.values[:], self._groups[:] = [word[1] for word in words], [word[2] for word in words]

    def categories(self, key: Ints) -> dict[str, Any]:
        """The parts as categories: for a million rows."""
        values, groups = Words(), Words()
        value, group = values.numbers(self.values), groups.numbers(x for x in self._groups if x is not None)
        whole = np.full(len(self._groups), -1, dtype=np.int64)
        whole[[x is not None for x in self._groups]] = group
        return {
            "attribute": category_of(self._attributes[key], self._names),
            "value": category_of(value[key], values.words),
            "group": category_of(whole[key], groups.words),
        }

    def columns(self, key: Ints) -> dict[str, Any]:
        return {
            "attribute": category_of(self._attributes[key], self._names),
            "value": pd.Series(self.values[key], dtype=object),
            "group": pd.Series(self._groups[key], dtype=object),
        }


def category_of(numbers: Ints, words: Sequence[str]) -> pd.Categorical:
    """Numbers of words (-1: none) as a category whose order is the alphabet's, so that groups come in it."""
    order = sorted(range(len(words)), key=words.__getitem__)
    rank = np.full(len(words) + 1, -1, dtype=np.int64)
    rank[order] = np.arange(len(words))
    return pd.Categorical.from_codes(rank[numbers], categories=pd.Index([words[n] for n in order], dtype=object))


def _frame(columns: dict[str, Any], **texts: NDArray[np.object_]) -> pd.DataFrame:
    return pd.DataFrame(columns | {name: pd.Series(values, dtype=object) for name, values in texts.items()})


def _own_accounts(store: Store, study: Study) -> list[int]:
    if not study.key_file.exists():
        return []
    key = bytes.fromhex(study.key_file.read_text(encoding="ascii").strip())
    sites = [row["site"] for row in store.query("select distinct site from authors")]
    keys = {author_key(key, site, name) for site in sites for name in own_accounts(study)}
    named = {
        int(row["author_id"])
        for row in store.query("select author_id, coalesce(name_key, author_key) as shown from authors")
        if row["shown"] in keys
    }
    return sorted(named | speakers(store, key))
