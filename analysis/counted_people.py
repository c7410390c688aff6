"""Whom each figure counts, post by post: over a million rows, of which an analysis after few new posts writes only those that differ.

What was written is kept beside what was gathered. It is believed only where the analysis before came to its end; else all rows are
written anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from analysis.columns import (
    Columns,
    Ints,
    Words,
    among,
    differing,
    packed,
    take,
    unpacked,
    words_packed,
    words_unpacked,
)
from analysis.facts import Facts

TABLE = "counted_people"
_TEXTS = ("figure", "attribute", "value")
_KEY = ("figure", "author_id", "post", "value")


def write(facts: Facts, parts: Callable[[Ints | None], Iterable[pd.DataFrame]]) -> None:
    """Write the rows of ``parts`` (figure, attribute, value, author_id, post, weight) in place of those that stand in the table.

    ``parts`` is asked for the rows of the authors who have changed, or of everybody (``None``).
    """
    words = {name: Words() for name in _TEXTS}
    gathered, changed = facts.people.gathered, facts.people.changed
    old = _kept(gathered.beside if gathered is not None else {}, words) if facts.steady else None
    if old is None or changed is None:
        new = _numbered(parts(None), words)
        facts.store.replace_columns(TABLE, _texts(take(new, _in_order(new, words)), words))
    else:
        theirs = among(old["author_id"], changed)
        before, after = take(old, theirs), _numbered(parts(changed), words)
        new = {name: np.concatenate([values[~theirs], after[name]]) for name, values in old.items()}
        gone, fresh = differing(before, after)
        gone_rows, fresh_rows = _texts(take(before, gone), words), take(after, fresh)
        keys = {name: gone_rows[name] for name in _KEY}
        facts.store.change_columns(TABLE, keys, _texts(take(fresh_rows, _in_order(fresh_rows, words)), words))
    if gathered is not None:
        _keep(gathered.beside, new, words)


def _numbered(parts: Iterable[pd.DataFrame], words: dict[str, Words]) -> Columns:
    found: list[Columns] = []
    for part in parts:
        columns: Columns = {}
        for name in _TEXTS:
            codes, known = pd.factorize(part[name])
            columns[name] = words[name].numbers(map(str, known))[codes] if len(known) else codes.astype(np.int64)
        for name in ("author_id", "post", "weight"):
            columns[name] = part[name].to_numpy()
        found.append(columns)
    return {name: np.concatenate([one[name] for one in found]) for name in found[0]} if found else {}


def _texts(rows: Columns, words: dict[str, Words]) -> dict[str, Any]:
    return {name: words[name].texts()[values] if name in words else values for name, values in rows.items()}


def _in_order(rows: Columns, words: dict[str, Words]) -> Ints:
    """The rows in the order of the table's key, which is quickest to write."""
    rank = np.empty(len(words["figure"]), dtype=np.int64)
    rank[np.argsort(words["figure"].texts())] = np.arange(len(rank))
    return np.lexsort((rows["post"], rows["author_id"], rank[rows["figure"]]))


def _keep(beside: dict[str, bytes], rows: Columns, words: dict[str, Words]) -> None:
    beside[TABLE] = packed(rows)
    beside |= {f"{TABLE} {name}": words_packed(words[name]) for name in _TEXTS}


def _kept(beside: dict[str, bytes], words: dict[str, Words]) -> Columns | None:
    """The rows that were written last, by the numbers of ``words``."""
    if TABLE not in beside:
        return None
    rows = unpacked(beside[TABLE])
    for name in _TEXTS:
        known = words_unpacked(beside[f"{TABLE} {name}"]).words
        rows[name] = words[name].numbers(known)[rows[name]] if known else rows[name]
    return rows
