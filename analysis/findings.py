"""From rows to findings: everything that one analysis writes, computed only when something it rests on has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from analysis import (
    audience,
    claims,
    compare,
    distinctive,
    frames,
    hypotheses,
    learn,
    needs,
    notes,
    personas,
    portraits,
    promises,
    segments,
    strengths,
    switching,
    tables,
    trends,
    triangulate,
    verdicts_by_kind,
    voice,
)
from analysis.facts import Facts
from data.store import Store
from data.study import Study

#: Rises with every change that may change a finding.
VERSION = "7"
WHAT = "find"
Step = Callable[[str], None]

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


@dataclass(frozen=True, slots=True)
class Findings:
    """What an analysis came to. ``changed`` is false where nothing had to be done."""

    changed: bool
    counts: Mapping[str, Any]


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


def find(store: Store, study: Study, *, step: Step = lambda _: None, again: bool = False) -> Findings:
    """Compute the findings and write them, unless nothing has changed. ``step`` is told what is being worked on."""
    now = state(store, study)
    last = known(store)
    if last is not None and last["versions"].get("findings") == now and not again:
        return Findings(False, last["counts"])
    run = store.begin_run(WHAT, {"findings": now})
    try:
        counts = _write(store, study, run, step, again=again)
    except BaseException:
        store.end_run(run, "failed")
        raise
    store.end_run(run, "done", counts)
    return Findings(True, counts)


def _write(store: Store, study: Study, run: int, step: Step, *, again: bool) -> dict[str, Any]:
    checked_at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    step("load")
    people = frames.load(store, study, datetime.fromisoformat(checked_at), version=VERSION, again=again)
    facts = Facts(people, store, study, run, checked_at)
    for name, find_part in STEPS:
        step(name)
        find_part(facts)
    if people.gathered is not None:
        people.gathered.keep(store)
    kinds = [row["verdict"] for row in facts.verdicts]
    return {
        "authors": len(people.authors),
        "posts": len(people.posts),
        "cues": len(people.cues),
        "pains": len(people.pains),
        **{kind: kinds.count(kind) for kind in hypotheses.VERDICTS},
        "left_out": people.left_out,
        **facts.counts,
    }


def _audience(facts: Facts) -> None:
    portraits = list(audience.audiences(facts.people, facts.coded, facts.minimum))
    facts.store.replace_rows("audiences", (row for sizes, _ in portraits for row in sizes))
    facts.store.replace_rows("audience_shares", (row for _, shares in portraits for row in shares))


def _pains(facts: Facts) -> None:
    facts.store.replace_rows("pain_shares", audience.pains(facts.people, facts.minimum))


def _assumptions(facts: Facts) -> None:
    people, study = facts.people, facts.study
    facts.verdicts = [row for _, row in hypotheses.verdicts(people, study, facts.checked_at)]
    facts.store.replace_rows("verdicts", facts.verdicts)
    counted = pd.concat([audience.counted(facts.coded), *hypotheses.counted(people, study)], ignore_index=True)
    tables.replace(facts, "counted_people", counted)


def _compare(facts: Facts) -> None:
    found = compare.comparisons(facts.people, facts.coded, facts.study, facts.verdicts)
    facts.store.replace_rows("comparisons", found)


def _promises(facts: Facts) -> None:
    facts.store.replace_rows("promises_kept", promises.kept(facts.people, facts.store, facts.study))


#: The steps of an analysis in order: the name under which progress is told, and what does it.
STEPS: tuple[tuple[str, Callable[[Facts], None]], ...] = (
    ("profiles", tables.find),
    ("audience", _audience),
    ("pains", _pains),
    ("assumptions", _assumptions),
    ("notes", notes.find),
    ("register", verdicts_by_kind.find),
    ("compare", _compare),
    ("promises", _promises),
    ("portraits", portraits.find),
    ("words", distinctive.find),
    ("voice", voice.find),
    ("strengths", strengths.find),
    ("switching", switching.find),
    ("claims", claims.find),
    ("lessons", learn.find),
    ("segments", segments.find),
    ("needs", needs.find),
    ("personas", personas.find),
    ("triangulate", triangulate.find),
    ("trends", trends.find),
)
