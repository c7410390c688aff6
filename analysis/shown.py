"""What stands behind a number: how many posts and sources, from when to when, and the posts that show it best.

All groups of a table are worked out at once, with numbers in place of words: tables have a million rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.columns import NEVER, Ints, moments

Row = dict[str, Any]
Key = tuple[str, ...]
#: Posts kept as evidence of one number, each by another author.
QUOTES = 3
#: Among so many of a group's best rows three authors are looked for first.
_NEAREST = 48
#: Below this a number of confidence and time together leaves room for two million groups.
_MOST_PLACED = 2**42
#: The largest table of places; beyond it places are sorted.
_MOST_PLACES = 20_000_000


def quotable(rows: pd.DataFrame, by: Sequence[str], most: int = QUOTES) -> dict[Key, list[int]]:
    """The posts that show each group best: surest first, then newest, one an author."""
    if rows.empty:
        return {}
    group, names = numbered(rows, by)
    order = in_groups(rows, group)
    of, author, post = group[order], rows["author"].to_numpy()[order], rows["post"].to_numpy()[order]
    starts = np.searchsorted(of, np.arange(len(names) + 1))
    found: dict[Key, list[int]] = {}
    for number, name in enumerate(names):
        start, end = int(starts[number]), int(starts[number + 1])
        if end > start:
            near = min(end, start + _NEAREST)
            shown = _one_an_author(author[start:near], post[start:near], most)
            found[name] = (
                shown if len(shown) >= most or near == end else _one_an_author(author[start:end], post[start:end], most)
            )
    return found


class Ranked:
    """The posts that show a group best, among any people: rows are sorted by ``group``, in each the best first."""

    def __init__(self, group: Ints, author: Ints, post: Ints) -> None:
        self._author, self._post = author, post
        self._starts = (
            np.searchsorted(group, np.arange(int(group[-1]) + 2)) if len(group) else np.zeros(1, dtype=np.int64)
        )

    def shown(self, group: int, members: NDArray[np.bool_] | None = None, most: int = QUOTES) -> list[int]:
        """The posts of a group that show it best, one an author; of ``members`` (by author's number) alone, where given."""
        if group + 1 >= len(self._starts):
            return []
        start, end, near = int(self._starts[group]), int(self._starts[group + 1]), _NEAREST
        while True:
            authors, posts = self._author[start : min(end, start + near)], self._post[start : min(end, start + near)]
            if members is not None:
                mine = members[np.minimum(authors, len(members) - 1)]
                authors, posts = authors[mine], posts[mine]
            found = _one_an_author(authors, posts, most)
            if len(found) >= most or start + near >= end:
                return found
            near *= 8


def in_groups(rows: pd.DataFrame, group: Ints) -> NDArray[np.intp]:
    """The rows of any group, group by group, the best first."""
    if "best" in rows:
        place = rows["best"].to_numpy()
        order = np.argsort(group * (int(place.max(initial=0)) + 1) + place, kind="stable")
        return order[np.searchsorted(group[order], 0) :]
    order = _best_first(rows)
    order = order[group[order] >= 0]
    return order[np.argsort(group[order], kind="stable")]


def _one_an_author(authors: Ints, posts: Ints, most: int) -> list[int]:
    shown: dict[int, int] = {}
    for author, post in zip(authors.tolist(), posts.tolist(), strict=True):
        if shown.setdefault(author, post) == post and len(shown) == most:
            break
    return list(shown.values())


def best(confidence: NDArray[np.float64], at: Ints) -> Ints:
    """A number for each row that rises when the surest come first, and of these the newest; rows that are alike have the same.

    It leaves room for a group's number before it.
    """
    known = at[at != NEVER]
    newest, span = (int(known.max()), int(known.max() - known.min()) + 2) if len(known) else (0, 1)
    code, values = pd.factorize(confidence)
    rank = np.empty(len(values), dtype=np.int64)
    rank[np.argsort(-values, kind="stable")] = np.arange(len(values))
    if len(values) * span >= _MOST_PLACED:
        place = np.empty(len(at), dtype=np.int64)
        place[np.lexsort((-at, -confidence))] = np.arange(len(at))
        return place
    return np.asarray(rank[code] * span + np.where(at == NEVER, span - 1, newest - at), dtype=np.int64)


def _best_first(rows: pd.DataFrame) -> NDArray[np.intp]:
    named = {name: rows[name].to_numpy() for name in ("confidence", "posted_at")}
    ordered = pd.DataFrame(named).sort_values(
        ["confidence", "posted_at"], ascending=False, na_position="last", kind="stable"
    )
    return ordered.index.to_numpy()


def seen(rows: pd.DataFrame) -> Row:
    """How many posts and sources the rows are from, and between which times."""
    at = rows["at"].to_numpy() if "at" in rows else None
    first = last = None
    if at is None:
        dates = rows["posted_at"].dropna()
        first, last = (dates.min(), dates.max()) if len(dates) else (None, None)
    elif (known := at[at != NEVER]).size:
        first, last = moments(np.array([known.min(), known.max()]))
    return {
        "posts": _many(rows["post"].to_numpy()),
        "sources": _many(rows["source"].to_numpy()),
        "first_seen": first,
        "last_seen": last,
    }


def _many(values: Ints) -> int:
    return int(np.count_nonzero(np.diff(np.sort(values)))) + bool(len(values))


def seen_by(rows: pd.DataFrame, by: Sequence[str]) -> dict[Key, Row]:
    """:func:`seen` of each group; the rows have ``at``."""
    if rows.empty:
        return {}
    group, names = numbered(rows, by)
    whole = group >= 0
    group, at = group[whole], rows["at"].to_numpy()[whole]
    first, last = np.full(len(names), -NEVER), np.full(len(names), NEVER)
    known = at != NEVER
    np.minimum.at(first, group[known], at[known])
    np.maximum.at(last, group[known], at[known])
    first[first == -NEVER] = NEVER
    counts = {name: different(group, rows[name].to_numpy()[whole], len(names)) for name in ("post", "source")}
    texts = moments(first), moments(last)
    return {
        name: {
            "posts": int(counts["post"][place]),
            "sources": int(counts["source"][place]),
            "first_seen": texts[0][place],
            "last_seen": texts[1][place],
        }
        for place, name in enumerate(names)
    }


def different(group: Ints, values: Ints, groups: int) -> Ints:
    """How many different values (whole numbers, not negative) each group has."""
    most = int(values.max(initial=0)) + 1
    if groups * most <= _MOST_PLACES:
        there = np.zeros(groups * most, dtype=bool)
        there[group * most + values] = True
        return np.asarray(there.reshape(groups, most).sum(axis=1), dtype=np.int64)
    pairs = np.sort(group * most + values)
    return np.bincount(pairs[np.flatnonzero(np.diff(pairs, prepend=-1))] // most, minlength=groups)


def numbered(rows: pd.DataFrame, by: Sequence[str]) -> tuple[Ints, list[Key]]:
    """The number of each row's group, -1 where a column is empty, and the groups' names; in the columns' order."""
    whole, sizes, words = np.zeros(len(rows), dtype=np.int64), 1, list[pd.Index]()
    empty = np.zeros(len(rows), dtype=bool)
    for name in by:
        column = rows[name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            codes, known = column.cat.codes.to_numpy(dtype=np.int64), column.cat.categories
        else:
            codes, known = pd.factorize(column, sort=True)
        empty |= codes < 0
        whole = whole * len(known) + codes
        sizes *= len(known)
        words.append(known)
    whole[empty] = 0
    if sizes <= _MOST_PLACES:
        there = np.zeros(sizes, dtype=bool)
        there[whole[~empty]] = True
        present = np.flatnonzero(there)
        place = np.cumsum(there) - 1
        group = place[whole]
    else:
        present = np.unique(whole[~empty])
        group = np.searchsorted(present, whole)
    group[empty] = -1
    names: list[Key] = []
    for number in present.tolist():
        key: list[str] = []
        for known in reversed(words):
            number, code = divmod(number, len(known))
            key.append(str(known[code]))
        names.append(tuple(reversed(key)))
    return group, names
