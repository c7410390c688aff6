"""The register of assumptions: versions are kept, and what was changed after data were seen is told apart."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from analysis import findings
from analysis.verdict_history import keep
from analysis.verdicts_by_kind import readings
from data.store import Store
from data.study import Study
from tests.analysis.test_hypotheses import _women as women
from tests.analysis.world import MINI, OWN, STUDY, World

GENDER = {"attribute": "gender", "expect": "female", "at_least": 0.7, "since": "2026-01-15"}
AGE = {"attribute": "age", "expect": "25-34", "at_least": 0.5}


def study_with(world: World, *assumptions: Mapping[str, Any]) -> Study:
    own = {**STUDY["own"], "target": [{"segment": "Mẹ bỉm", "assumptions": list(assumptions)}]}  # type: ignore[dict-item]
    study = Study.model_validate({**STUDY, "own": own})
    study._path = world.study._path
    return study


def rows(store: Store, table: str = "assumptions") -> list[dict[str, Any]]:
    order = "id, version" if table == "assumptions" else "run_id, assumption, brand, kind"
    return list(store.query(f"select * from {table} order by {order}"))


@pytest.fixture
def told(world: World) -> World:
    with world.open() as store:
        world.fill(store, women(28, 40))
    return world


def test_an_assumption_is_registered_as_it_was_first_seen(told: World) -> None:
    with told.open() as store:
        findings.find(store, study_with(told, GENDER, AGE))
        age, gender = rows(store)
    assert (gender["id"], gender["version"], gender["claim"]) == ("me-bim.gender", 1, "gender: female >= 0.7")
    assert (gender["made_at"], gender["changed"], gender["after_data"]) == ("2026-01-15", None, 0)
    assert gender["rule"].startswith("share, Wilson 95%; n < 30: not_enough; low >= 0.7: supported; high < 0.7: contra")
    assert age["registered_at"] == gender["registered_at"]


def test_a_threshold_moved_after_data_were_seen_is_a_new_version_and_says_so(told: World) -> None:
    with told.open() as store:
        findings.find(store, study_with(told, GENDER))
        findings.find(store, study_with(told, {**GENDER, "at_least": 0.5}))
        first, second = rows(store)
        checked = {(r["version"], r["verdict"]) for r in rows(store, "verdict_history") if r["brand"] == MINI}
    assert (first["at_least"], first["changed"]) == (0.7, None)
    assert first["replaced_at"] == second["registered_at"]
    assert (second["at_least"], second["changed"], second["after_data"]) == (0.5, "threshold", 1)
    assert checked == {(1, "undecided"), (2, "supported")}


def test_a_threshold_moved_before_anybody_had_told_anything_is_no_moved_goal(world: World) -> None:
    with world.open() as store:
        findings.find(store, study_with(world, GENDER))
        findings.find(store, study_with(world, {**GENDER, "at_least": 0.5}))
        assert [(r["version"], r["after_data"]) for r in rows(store)] == [(1, 0), (2, 0)]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"at_least": 0.6}, "threshold"),
        ({"at_least": None, "at_most": 0.7}, "threshold"),
        ({"expect": "male"}, "expected"),
        ({"minimum_n": 40}, "minimum_n"),
        ({"at_least": 0.6, "minimum_n": 40}, "threshold,minimum_n"),
    ],
)
def test_whatever_changes_the_claim_makes_a_new_version(told: World, change: dict[str, Any], what: str) -> None:
    with told.open() as store:
        findings.find(store, study_with(told, GENDER))
        findings.find(store, study_with(told, {**GENDER, **change}))
        assert [r["changed"] for r in rows(store)] == [None, what]


@pytest.mark.parametrize("change", [{"note": "khách kể"}, {"expect": ["female"]}, {"since": "2026-02"}])
def test_what_leaves_the_claim_as_it_is_makes_none(told: World, change: dict[str, Any]) -> None:
    with told.open() as store:
        findings.find(store, study_with(told, GENDER))
        findings.find(store, study_with(told, {**GENDER, **change}))
        [row] = rows(store)
    assert row["made_at"] == "2026-01-15"


def test_an_assumption_made_after_its_answer_was_known_is_told_apart(told: World) -> None:
    with told.open() as store:
        findings.find(store, study_with(told, GENDER))
        findings.find(store, study_with(told, GENDER, AGE))
        assert {r["id"]: r["after_data"] for r in rows(store)} == {"me-bim.gender": 0, "me-bim.age": 1}


def test_retired_and_vanished_assumptions_stay_in_the_register(told: World) -> None:
    with told.open() as store:
        findings.find(store, study_with(told, GENDER, AGE))
        findings.find(store, study_with(told, {**GENDER, "retired": "2026-11-20", "retired_why": "khách đổi"}))
        age, gender = rows(store)
        assert not list(store.query("select 1 from verdicts_by_kind"))
        assert rows(store, "verdict_history")
    assert (gender["retired_at"], gender["retired_how"], gender["retired_why"]) == ("2026-11-20", "study", "khách đổi")
    assert age["retired_how"] == "gone"
    assert age["retired_at"] == age["registered_at"][:10]


def test_a_retired_assumption_that_comes_back_is_a_new_version(told: World) -> None:
    with told.open() as store:
        findings.find(store, study_with(told, GENDER))
        findings.find(store, study_with(told, {**GENDER, "retired": "2026-11-20"}))
        findings.find(store, study_with(told, GENDER))
        assert [(r["changed"], r["retired_at"]) for r in rows(store)] == [(None, "2026-11-20"), ("revived", None)]


def test_an_id_given_later_takes_the_history_along(told: World) -> None:
    with told.open() as store:
        findings.find(store, study_with(told, GENDER))
        findings.find(store, study_with(told, {**GENDER, "id": "phu-nu"}))
        assert [(r["id"], r["version"]) for r in rows(store)] == [("phu-nu", 1)]
        assert {r["assumption"] for r in rows(store, "verdict_history")} == {"phu-nu"}


def test_history_grows_only_where_the_answer_is_another(told: World) -> None:
    study = study_with(told, GENDER)
    with told.open() as store:
        findings.find(store, study)
        before = rows(store, "verdict_history")
        findings.find(store, study, again=True)
        assert rows(store, "verdict_history") == before
        told.fill(store, women(60, 70)[40:], version="more")
        findings.find(store, study)
        after = rows(store, "verdict_history")
    assert len(after) == len(before) + 2  # for the brand and the market; nobody speaks of the others
    assert {(r["brand"], r["kind"]) for r in after[len(before) :]} == {(MINI, "posts"), ("market", "posts")}
    assert after[: len(before)] == before


def test_a_killed_analysis_may_be_run_again(told: World) -> None:
    study = study_with(told, GENDER)
    with told.open() as store:
        findings.find(store, study)
        newest = [r for r in store.query("select * from verdicts_by_kind") if r["newest"]]
        assert keep(store, store.begin_run("find"), newest) == 0


@pytest.mark.parametrize(
    ("verdicts", "reading"),
    [
        (("supported", "supported"), "agree"),
        (("contradicted", "contradicted", "undecided"), "agree"),
        (("supported", "contradicted"), "conflict"),
        (("supported", "supported", "contradicted"), "conflict"),
        (("supported", "not_enough"), "one_kind"),
        (("undecided", "not_enough"), "open"),
    ],
)
def test_kinds_agree_conflict_or_leave_it_open(verdicts: tuple[str, ...], reading: str) -> None:
    kinds = ("posts", "survey", "orders")
    given = [
        {"assumption": "a", "version": 1, "brand": OWN, "kind": kind, "verdict": v, "checked_at": "2026-11-22"}
        for kind, v in zip(kinds, verdicts, strict=False)
    ]
    [found] = readings(given)
    assert found["reading"] == reading
    assert len(json.loads(found["supported"])) == verdicts.count("supported")
