"""What changed beside the figures: files taken in and taken out, assumptions added and retired, verdicts of evidence other than posts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from analysis import kept
from analysis.kept import Key
from data.store import Store

Row = Mapping[str, Any]
#: ``attribute`` and ``value`` of a change, its brand, and how it was and is.
Found = tuple[str, str, str, Row, Row]
ADDED, UNDONE, CHANGED, RETIRED = "added", "undone", "changed", "retired"
_ADDED = """
select i.name, i.kind from imports i
where i.run_id > :run and i.run_id < :last and i.rows is not null order by i.import_id
"""
_UNDONE = "select counts from runs where what = 'undo' and state = 'done' and run_id > :run and run_id < :last order by run_id"
_REGISTERED = "select id, version from assumptions where run_id > :run and run_id <= :last and retired_at is null order by id, version"
_BEFORE = """
select h.* from verdict_history h join (
    select assumption, version, brand, kind, max(run_id) as run_id from verdict_history where run_id <= :run
    group by assumption, version, brand, kind
) using (assumption, version, brand, kind, run_id) where h.kind <> 'posts'
"""
_NOW = "select * from verdicts_by_kind where newest and kind <> 'posts' order by rowid"
_UNDECIDED = ("not_enough", "undecided")


def imports(store: Store, run: int, last: int) -> Iterator[Found]:
    """Files that came in between two analyses and still stand, by name; and how many were taken out again."""
    between = {"run": run, "last": last}
    for row in store.query(_ADDED, between):
        yield "", ADDED, str(row["name"]), {}, {"kind": row["kind"]}
    gone = sum(len(json.loads(row["counts"] or "{}").get("imports", ())) for row in store.query(_UNDONE, between))
    if gone:
        yield "", UNDONE, "", {}, {"count": gone}


def assumptions(
    store: Store, run: int, last: int, before: Mapping[Key, Row], after: Mapping[Key, Row]
) -> Iterator[Found]:
    """Assumptions that were registered since, those that were changed, and those that are checked no more."""
    versions = {row["id"]: row["version"] for row in store.query(_REGISTERED, {"run": run, "last": last})}
    for name, version in versions.items():
        yield "", ADDED if version == 1 else CHANGED, name, {}, {}
    checked = {key[2] for key in after if key[1] == kept.VERDICT}
    gone = dict.fromkeys(key[2] for key in before if key[1] == kept.VERDICT and key[2] not in checked)
    retired = {row["id"] for row in store.query("select id from assumptions where retired_at is not null")}
    for name in gone:
        if name in retired:
            yield "", RETIRED, name, {}, {}


def verdicts(store: Store, run: int) -> Iterator[Found]:
    """Verdicts of other kinds of evidence that are not as they were, or that were not there; of claims that stayed the same."""
    old = {_key(row): row["verdict"] for row in store.query(_BEFORE, {"run": run})}
    for row in store.query(_NOW):
        before = old.get(_key(row))
        if before == row["verdict"] or (before is None and row["verdict"] in _UNDECIDED):
            continue
        yield (
            row["brand"], row["assumption"], row["kind"], {"answer": before} if before else {}, {"answer": row["verdict"]}
        )  # fmt: skip


def _key(row: Row) -> tuple[Any, ...]:
    return row["assumption"], row["version"], row["brand"], row["kind"]
