"""Which findings a study's database holds: of what state of the data, and by which version of the analysis."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from data.store import Store
from data.study import Study

#: Rises with every change that may change a finding.
VERSION = "22"
WHAT = "find"

_STATE = """
select (select count(*) from annotations) as read, (select max(run_id) from annotations) as last_run,
       (select count(*) from annotations where version = '') as labelled_since,
       (select count(*) from posts) as posts, (select seq from sqlite_sequence where name = 'changed_posts') as changed,
       (select count(*) || ' ' || coalesce(max(snapshot_id), 0) from landing_snapshots) as pages,
       (select count(*) || ' ' || coalesce(max(observation_id), 0) || ' ' || coalesce(sum(state = 'taken'), 0)
        from observations) as observed,
       -- numbers of rows come again after an import was undone, those of runs do not
       (select max(run_id) from runs where what in ('import', 'undo', 'reference')) as imported,
       (select group_concat(source_id || active || coalesce(brand_id, 0)) from sources) as sources
"""


def state(store: Store, study: Study) -> str:
    """A digest of all that the findings rest on: what was read, the pages, the study's questions, this version."""
    asked = study.model_dump_json(include={"own", "competitors", "sources", "privacy"})
    seen = json.dumps(next(store.query(_STATE)), default=str)
    return hashlib.sha256(f"{VERSION}\n{asked}\n{seen}".encode()).hexdigest()[:16]


def known(store: Store) -> dict[str, Any] | None:
    """The newest finished run of the findings: its ``versions`` and ``counts``, or ``None``."""
    rows = store.query(
        "select run_id, ended_at, versions, counts from runs where what = :what and state = 'done' order by run_id desc limit 1",
        {"what": WHAT},
    )
    for row in rows:
        return {**row, "versions": json.loads(row["versions"]), "counts": json.loads(row["counts"] or "{}")}
    return None


def of_this_version(run: dict[str, Any]) -> bool:
    """Whether the findings of a run (of :func:`known`) were made by this version of the analysis, and can be read as it writes them."""
    return bool(run["versions"].get("version") == VERSION)
