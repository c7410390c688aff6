"""The register of assumptions: every version of every claim, and whether it was made or changed after its answer was known."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from data.assumptions import Claim, changes, claims, derived_id, expected, rule, statement
from data.store import Store
from data.study import Study

Row = dict[str, Any]
#: How a claim ended: in the study file, or by being taken out of it.
RETIRED, GONE = "study", "gone"
REVIVED = "revived"
_NAMED_BY = {"assumptions": "id", "verdict_history": "assumption"}
_LOOKED = "select counts from runs where what = 'find' and state = 'done' and run_id < :run"


def register(store: Store, study: Study, run: int, checked_at: str) -> dict[str, int]:
    """Bring the register up to the study file; returns the version under which each standing claim is checked.

    A claim that is not as it was becomes a new version, and the one before is kept. One that is retired keeps its row with the
    date, and so does one that was taken out of the file without being retired.
    """
    found = claims(study)
    _rename(store, found)
    rows = list(store.query("select * from assumptions order by id, version"))
    newest = {row["id"]: row for row in rows if row["replaced_at"] is None}
    answered = _answered(store)
    looked = _has_looked(store, run)
    for claim in found:
        before = newest.get(claim.id)
        now = _row(claim, run, checked_at)
        if before is None:
            newest[claim.id] = {**now, "version": 1, "after_data": int(looked)}
            rows.append(newest[claim.id])
            continue
        changed = [] if claim.assumption.retired else _changed(before, now)
        if changed:
            before["replaced_at"] = checked_at
            known = int((claim.id, before["version"]) in answered)
            newest[claim.id] = {
                **now,
                "version": before["version"] + 1,
                "changed": ",".join(changed),
                "after_data": known,
            }
            rows.append(newest[claim.id])
        else:
            _keep_up(before, now)
    for row in newest.values():
        if row["id"] not in {claim.id for claim in found} and row["retired_at"] is None:
            row["retired_at"], row["retired_how"] = checked_at[:10], GONE
    store.replace_rows("assumptions", rows)
    return {claim.id: newest[claim.id]["version"] for claim in found if claim.assumption.retired is None}


def _row(claim: Claim, run: int, checked_at: str) -> Row:
    assumption = claim.assumption
    return {
        "id": claim.id,
        "version": 1,
        "segment": claim.segment,
        "claim": statement(assumption),
        "attribute": assumption.attribute,
        "pain": assumption.pain,
        "expected": json.dumps(expected(assumption), ensure_ascii=False),
        "at_least": assumption.at_least,
        "at_most": assumption.at_most,
        "minimum_n": assumption.minimum_n,
        "rule": rule(assumption),
        "made_at": assumption.made,
        "note": assumption.note,
        "registered_at": checked_at,
        "run_id": run,
        "changed": None,
        "after_data": 0,
        "replaced_at": None,
        "retired_at": assumption.retired,
        "retired_how": RETIRED if assumption.retired else None,
        "retired_why": assumption.retired_why,
    }


def _changed(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    return [*changes(before, now), *([REVIVED] if before["retired_at"] else [])]


def _keep_up(row: Row, now: Mapping[str, Any]) -> None:
    """What may change without making another claim of it. A date once registered stays: it was not made later."""
    row["made_at"] = row["made_at"] or now["made_at"]
    for name in ("segment", "note"):
        row[name] = now[name]
    if now["retired_at"]:
        row |= {name: now[name] for name in ("retired_at", "retired_how", "retired_why")}


def _answered(store: Store) -> set[tuple[str, int]]:
    """Which versions data have already answered, be it with "undecided"."""
    rows = store.query("select distinct assumption, version from verdict_history where n > 0")
    return {(row["assumption"], row["version"]) for row in rows}


def _has_looked(store: Store, run: int) -> bool:
    """Whether an earlier analysis had posts to look at. Those from before there was a register kept no "undecided"."""
    earlier = (json.loads(row["counts"] or "{}") for row in store.query(_LOOKED, {"run": run}))
    return any(counts.get("posts") and "undecided" in counts for counts in earlier)


def _rename(store: Store, found: Sequence[Claim]) -> None:
    """Where an assumption was given an id of its own, what is registered under the one made for it goes on under the new."""
    known = {row["id"] for row in store.query("select distinct id from assumptions")}
    taken = {claim.id for claim in found}
    made = {derived_id(claim.segment, claim.assumption): claim.id for claim in found if claim.assumption.id}
    renamed = {old: new for old, new in made.items() if old in known and old not in taken and new not in known}
    if renamed:
        for table, column in _NAMED_BY.items():
            rows = list(store.query(f"select * from {table}"))  # noqa: S608 - our own tables
            store.replace_rows(table, [{**row, column: renamed.get(row[column], row[column])} for row in rows])
