"""The tables about single people: profiles, relations, who is set aside. Rows of people who have not changed stay as they are."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis import relations, set_aside
from analysis.columns import Columns, Words, among, moments, take
from analysis.facts import Facts
from analysis.profiles import LEAST_CONFIDENCE


def find(facts: Facts) -> None:
    """Write ``own_accounts``, ``set_aside``, ``profiles`` and ``relations``."""
    gathered, brands = facts.people.gathered, np.array([*facts.people.brands, None], dtype=object)
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
    mine = _once(_changed(facts, gathered.tables["profiles"]), gathered.keys)
    words = np.empty((3, len(gathered.keys)), dtype=object)
    words[:] = np.array([*gathered.keys.words], dtype=object).reshape(-1, 3).T
    _replace(
        facts,
        "profiles",
        {
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
        },
    )
    related = _changed(facts, gathered.tables["relations"])
    _replace(
        facts,
        "relations",
        {
            "author_id": related["author"],
            "brand": brands[related["brand"]],
            "relation": np.array(relations.RELATIONS, dtype=object)[related["relation"]],
            "first_seen": moments(related["first"]),
            "last_seen": moments(related["at"]),
            "posts": related["posts"],
        },
    )


def replace(facts: Facts, table: str, rows: pd.DataFrame) -> None:
    """Write ``counted_people`` or a table like it, in the order of its key; only of people who have changed."""
    changed = facts.people.changed
    if changed is not None:
        rows = rows[among(rows["author_id"].to_numpy(), changed)]
    figure, _ = pd.factorize(rows["figure"], sort=True)
    rows = rows.iloc[np.lexsort((rows["post"].to_numpy(), rows["author_id"].to_numpy(), figure))]
    _replace(facts, table, {str(name): rows[name].to_numpy() for name in rows.columns})


def _changed(facts: Facts, columns: Columns) -> Columns:
    changed = facts.people.changed
    return columns if changed is None else take(columns, among(columns["author"], changed))


def _once(mine: Columns, keys: Words) -> Columns:
    """Each value of a person once, whatever its group: the one that more posts tell."""
    names = Words()
    value = names.numbers(word[:2] for word in keys.words)[mine["key"]]
    order = np.lexsort((-mine["posts"], -mine["confidence"]))
    _, first = np.unique(mine["author"][order] * len(names) + value[order], return_index=True)
    return take(mine, np.sort(order[first]))


def _replace(facts: Facts, table: str, columns: Columns) -> None:
    changed = facts.people.changed
    of = None if changed is None else ("author_id", changed.tolist())
    facts.store.replace_columns(table, columns, of=of)
