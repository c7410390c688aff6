"""Numbers that everybody asks for and that take seconds to count from the posts: who speaks of which brand and when, who tells of
which pain, and the stars of each product."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.columns import NEVER, Ints, among, distinct, moments
from analysis.facts import Facts
from analysis.frames import People
from data.study import MARKET

RATED = """
select p.thread_id, max(b.name) as brand, t.title as product, t.url, count(*) as reviews, round(avg(p.rating), 2) as mean_rating,
    sum(p.rating <= 2) as low_rated, round(avg(case when p.verified then p.rating end), 2) as mean_of_verified,
    max(p.posted_at) as last_post
from posts p join threads t using (thread_id) join sources s on s.source_id = p.source_id left join brands b on b.brand_id = p.brand_id
where p.rating is not null and s.active and (p.author_id is null or p.author_id not in (select o.author_id from own_accounts o))
    and not exists (
        select 1 from posts q where q.thread_id = p.thread_id and q.author_id = p.author_id and q.rating = p.rating and q.id < p.id
            and case when p.text = '' then q.text = '' and q.posted_at is p.posted_at else q.text = p.text or q.copy_key = p.copy_key end
    )
group by p.thread_id
"""


_LATE = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class _Counted:
    """Groups in the order of their numbers: ``key``, and of each how many posts, its first and its last time (``None``: unknown)."""

    key: Ints
    posts: Ints
    first: NDArray[np.object_]
    last: NDArray[np.object_]


def find(facts: Facts) -> None:
    """Write ``brand_people``, ``brand_counts``, ``pain_counts``, ``relation_counts``, ``product_ratings`` and ``study_settings``."""
    people, store = facts.people, facts.store
    sources = {row["source_id"]: row["url"] for row in store.query("select source_id, url from sources")}
    posts = {MARKET: people.posts, **{brand: people.posts_on(brand) for brand in people.brands}}
    _write_people(facts, posts)
    ahead = _ahead(facts.study.timezone)
    store.replace_rows(
        "brand_counts", (row for brand, rows in posts.items() for row in _counts(brand, rows, sources, ahead))
    )
    store.replace_rows("pain_counts", _pains(people))
    store.replace_rows("relation_counts", _relations(people))
    store.replace_rows("product_ratings", store.query(RATED))
    settings = {"minimum_group": str(facts.minimum), "months_begin": f"{-ahead // 60:+d} minutes"}
    store.replace_rows("study_settings", [{"name": name, "value": value} for name, value in settings.items()])


def _ahead(timezone: str) -> int:
    """How many seconds the study's clocks are ahead of UTC in January: of a zone with summer time the months of summer begin an hour
    late, for a query must know where every month begins."""
    ahead = datetime(2026, 1, 1, tzinfo=ZoneInfo(timezone)).utcoffset()
    return int(ahead.total_seconds()) if ahead is not None else 0


def _write_people(facts: Facts, posts: Mapping[str, pd.DataFrame]) -> None:
    """``brand_people``: only of people who have changed, where that is known."""
    changed = facts.people.changed
    parts: dict[str, list[Any]] = {name: [] for name in ("brand", "author_id", "posts", "first_post", "last_post")}
    for brand, rows in posts.items():
        author, at = _numbers(rows, "author"), _numbers(rows, "at")
        if changed is not None:
            mine = among(author, changed)
            author, at = author[mine], at[mine]
        if brand == MARKET or not len(author):
            continue
        of = _counted(author, at)
        columns = (np.full(len(of.key), brand, dtype=object), of.key, of.posts, of.first, of.last)
        for name, column in zip(parts, columns, strict=True):
            parts[name].append(column)
    facts.store.replace_columns(
        "brand_people",
        {name: np.concatenate(column) if column else np.array([], dtype=object) for name, column in parts.items()},
        of=None if changed is None else ("author_id", changed.tolist()),
    )


def _counts(brand: str, rows: pd.DataFrame, sources: Mapping[int, str], ahead: int) -> Iterator[dict[str, Any]]:
    """Of a brand in all, by source and by month (of clocks that are ``ahead`` seconds ahead of UTC)."""
    author, source, at = (_numbers(rows, name) for name in ("author", "source", "at"))
    dated = at >= 0
    month = (at + ahead).astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)
    every = np.zeros(len(at), dtype=np.int64)
    for place, group, which in (("", every, slice(None)), ("source", source, slice(None)), ("month", month, dated)):
        key, who, where = group[which], author[which], source[which]
        if not len(key):
            continue
        of = _counted(key, at[which])
        for row in zip(
            of.key.tolist(),
            of.posts.tolist(),
            _distinct(key, who),
            _distinct(key, where),
            of.first,
            of.last,
            strict=True,
        ):
            yield {
                "brand": brand,
                "source": sources.get(row[0], "") if place == "source" else "",
                "month": str(np.datetime64(row[0], "M")) if place == "month" else "",
                **dict(zip(("posts", "authors", "sources", "first_post", "last_post"), row[1:], strict=True)),
            }


def _pains(people: People) -> Iterator[dict[str, Any]]:
    """Of each pain and kind, for every brand that is blamed and for pains that blame none."""
    pains = people.pains
    if not len(pains):
        return
    names = [pains[name].cat.categories for name in ("brand", "category", "kind")]
    brand, category, kind = (
        pains[name].cat.codes.to_numpy().astype(np.int64) for name in ("brand", "category", "kind")
    )
    key = ((brand + 1) * len(names[1]) + category) * len(names[2]) + kind
    of = _counted(key, _numbers(pains, "at"))
    told = zip(
        of.key.tolist(), _distinct(key, _numbers(pains, "author")), _distinct(key, _numbers(pains, "post")), strict=True
    )
    _, place = np.unique(key, return_inverse=True)
    severity = np.bincount(place, weights=pains["severity"].to_numpy(dtype=float)) / np.bincount(place)
    for number, (one, authors, posts) in enumerate(told):
        pair, of_kind = divmod(one, len(names[2]))
        of_brand, of_category = divmod(pair, len(names[1]))
        yield {
            "brand": str(names[0][of_brand - 1]) if of_brand else "",
            "category": str(names[1][of_category]),
            "kind": str(names[2][of_kind]),
            "authors": authors,
            "posts": posts,
            "mean_severity": round(float(severity[number]), 2),
            "first_post": of.first[number],
            "last_post": of.last[number],
        }


def _relations(people: People) -> Iterator[dict[str, Any]]:
    """Of each brand and relation: a row of ``relations`` is a person."""
    rows = people.relations
    if not len(rows):
        return
    brands, relations = rows["brand"].cat.categories, rows["relation"].cat.categories
    brand, relation = (rows[name].cat.codes.to_numpy().astype(np.int64) for name in ("brand", "relation"))
    of_brand = np.flatnonzero(brand >= 0)
    key = (brand * len(relations) + relation)[of_brand]
    order = of_brand[np.argsort(key, kind="stable")]
    keys, starts, authors = np.unique(np.sort(key), return_index=True, return_counts=True)
    first, last, posts = (_numbers(rows, name)[order] for name in ("first", "at", "posts"))
    first = np.minimum.reduceat(np.where(first == NEVER, -NEVER, first), starts)
    told = zip(
        keys.tolist(),
        authors.tolist(),
        np.add.reduceat(posts, starts).tolist(),
        moments(np.where(first == -NEVER, NEVER, first)).tolist(),
        moments(np.maximum.reduceat(last, starts)).tolist(),
        strict=True,
    )
    names = ("authors", "posts", "first_seen", "last_seen")
    for one, *figures in told:
        pair = {"brand": str(brands[one // len(relations)]), "relation": str(relations[one % len(relations)])}
        yield {**pair, **dict(zip(names, figures, strict=True))}


def _counted(key: Ints, at: Ints) -> _Counted:
    """Rows by ``key``; ``at`` is their time in seconds since 1970, below 0 where it is not known."""
    order = np.argsort(key, kind="stable")
    key, at = key[order], at[order]
    starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    first = np.minimum.reduceat(np.where(at < 0, _LATE, at), starts)
    last = np.maximum.reduceat(at, starts)
    known = last >= 0
    first_told, last_told = (moments(np.where(known, times, NEVER)) for times in (first, last))
    return _Counted(key[starts], np.diff(np.append(starts, len(key))), first_told, last_told)


def _distinct(key: Ints, of: Ints) -> list[int]:
    """How many different ``of`` each ``key`` has, in the order of the keys."""
    most = int(of.max(initial=0)) + 1
    keys = distinct(key * most + of) // most
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    return [int(count) for count in np.diff(np.append(starts, len(keys)))]


def _numbers(rows: pd.DataFrame, name: str) -> Ints:
    return rows[name].to_numpy(dtype=np.int64)
