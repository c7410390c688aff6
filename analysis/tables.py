"""The tables about single people: profiles, relations, who is set aside. Rows of people who have not changed stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from analysis import relations, set_aside
from analysis.columns import Columns, Words, among, differing, moments, take
from analysis.facts import Facts
from analysis.profiles import LEAST_CONFIDENCE


def find(facts: Facts) -> None:
    """Write ``own_accounts``, ``set_aside``, ``profiles`` and ``relations``."""
    gathered = facts.people.gathered
    if gathered is None:
        return
    facts.store.replace_rows("own_accounts", ({"author_id": author} for author in facts.people.own_accounts))
    aside = gathered.tables["aside"]
    facts.store.replace_columns(
        "set_aside",
        {
            "author_id": aside["author"],
            "why": np.array(set_aside.REASONS, dtype=object)[aside["why"]],
            "posts": aside["posts"],
            "shown": aside["shown"],
        },
    )
    _write(facts, "profiles", ("author_id", "attribute", "value"), _profiles)
    _write(facts, "relations", ("author_id", "brand", "relation"), _relations)


def _write(facts: Facts, table: str, key: Sequence[str], made: Callable[[Facts, Columns], dict[str, Any]]) -> None:
    """The rows of everybody whose posts have changed; of them those that are not as they were, where that is known."""
    gathered, changed = facts.people.gathered, facts.people.changed
    assert gathered is not None
    columns, rows = gathered.tables[table], _once if table == "profiles" else lambda found, _: found
    if changed is None:
        facts.store.replace_columns(table, made(facts, rows(columns, gathered.keys)))
        return
    new = rows(take(columns, among(columns["author"], changed)), gathered.keys)
    if not facts.steady:
        facts.store.replace_columns(table, made(facts, new), of=("author_id", changed.tolist()))
        return
    old = rows(gathered.before[table], gathered.keys)
    gone, fresh = differing(old, new)
    keys = made(facts, take(old, gone))
    facts.store.change_columns(table, {name: keys[name] for name in key}, made(facts, take(new, fresh)))


def _profiles(facts: Facts, mine: Columns) -> dict[str, Any]:
    gathered = facts.people.gathered
    assert gathered is not None
    words = np.empty((3, len(gathered.keys)), dtype=object)
    words[:] = np.array([*gathered.keys.words], dtype=object).reshape(-1, 3).T
    return {
        "author_id": mine["author"],
        "attribute": words[0][mine["key"]],
        "value": words[1][mine["key"]],
        "group": words[2][mine["key"]],
        "told": words[1][mine["told"]],
        "first_seen": moments(mine["first"]),
        "last_seen": moments(mine["at"]),
        "posts": mine["posts"],
        "confidence": np.round(mine["confidence"], 4),
        "contradicted": mine["against"],
        "counted": (mine["confidence"] >= LEAST_CONFIDENCE).astype(np.int64),
    }


def _relations(facts: Facts, related: Columns) -> dict[str, Any]:
    brands = np.array([*facts.people.brands, None], dtype=object)
    return {
        "author_id": related["author"],
        "brand": brands[related["brand"]],
        "relation": np.array(relations.RELATIONS, dtype=object)[related["relation"]],
        "first_seen": moments(related["first"]),
        "last_seen": moments(related["at"]),
        "posts": related["posts"],
    }


def _once(mine: Columns, keys: Words) -> Columns:
    """Each value of a person once, whatever its group: the one that more posts tell."""
    names = Words()
    value = names.numbers(word[:2] for word in keys.words)[mine["key"]]
    order = np.lexsort((-mine["posts"], -mine["confidence"]))
    _, first = np.unique(mine["author"][order] * len(names) + value[order], return_index=True)
    return take(mine, np.sort(order[first]))
