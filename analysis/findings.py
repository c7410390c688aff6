"""From rows to findings: everything that one analysis writes, computed only when something it rests on has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from analysis import (
    audience,
    brand_counts,
    claims,
    compare,
    counted_people,
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
from analysis.known_findings import VERSION, WHAT, known, state
from analysis.report import withholding
from data.store import Store
from data.study import Study

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Findings:
    """What an analysis came to. ``changed`` is false where nothing had to be done."""

    changed: bool
    counts: Mapping[str, Any]


def find(store: Store, study: Study, *, step: Step = lambda _: None, again: bool = False) -> Findings:
    """Compute the findings and write them, unless nothing has changed. ``step`` is told what is being worked on."""
    now = state(store, study)
    last = known(store)
    if last is not None and last["versions"].get("findings") == now and not again:
        return Findings(False, last["counts"])
    run = store.begin_run(WHAT, {"findings": now, "version": VERSION})
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
    facts = Facts(people, store, study, run, checked_at, steady=_steady(store, run) and people.changed is not None)
    for name, find_part in STEPS:
        step(name)
        find_part(facts)
    if people.gathered is not None:
        people.gathered.beside |= facts.memo.packed()
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


def _steady(store: Store, run: int) -> bool:
    """Whether the analysis before ``run`` wrote all it had to write: one that was killed may have written the half of it."""
    before = "select state from runs where what = :what and run_id < :run order by run_id desc limit 1"
    return [row["state"] for row in store.query(before, {"what": WHAT, "run": run})] == ["done"]


def _audience(facts: Facts) -> None:
    portraits = list(audience.audiences(facts.people, facts.coded, facts.minimum))
    facts.store.replace_rows("audiences", (row for sizes, _ in portraits for row in sizes))
    facts.store.replace_rows("audience_shares", (row for _, shares in portraits for row in shares))


def _pains(facts: Facts) -> None:
    facts.store.replace_rows("pain_shares", audience.pains(facts.people, facts.minimum))
    gone = withholding.read(facts.store, facts.minimum).least
    facts.store.replace_rows("market_withheld", ({"attribute": attribute, "value": value} for attribute, value in gone))


def _assumptions(facts: Facts) -> None:
    people, study = facts.people, facts.study
    facts.verdicts = [row for _, row in hypotheses.verdicts(people, study, facts.checked_at)]
    facts.store.replace_rows("verdicts", facts.verdicts)
    counted_people.write(
        facts, lambda authors: [audience.counted(facts.coded, authors), *hypotheses.counted(people, study, authors)]
    )


def _compare(facts: Facts) -> None:
    found = compare.comparisons(facts.people, facts.coded, facts.study, facts.verdicts)
    facts.store.replace_rows("comparisons", found)


def _promises(facts: Facts) -> None:
    facts.store.replace_rows("promises_kept", promises.kept(facts.people, facts.store, facts.study))


#: The steps of an analysis in order: the name under which progress is told, and what does it.
STEPS: tuple[tuple[str, Callable[[Facts], None]], ...] = (
    ("profiles", tables.find),
    ("brand_counts", brand_counts.find),
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
