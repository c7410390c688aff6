"""Competitors beside our target and our own audience."""

from __future__ import annotations

import json

import pytest

from analysis import differences, findings
from analysis.compare import match_verdict
from data.store import Store
from tests.analysis.world import BE, LIKE_OURS, MINI, OWN, STUDY, World, crowd, market


@pytest.mark.parametrize(
    ("supported", "contradicted", "not_enough", "verdict"),
    [
        (5, 0, 0, "close"), (3, 1, 3, "close"), (2, 2, 1, "partly"), (1, 3, 0, "far"), (0, 4, 0, "far"),
        (2, 0, 3, "not_enough"), (1, 0, 1, "not_enough"), (2, 0, 2, "close"), (1, 0, 0, "close"), (0, 1, 0, "far"),
        (0, 0, 5, "not_enough"), (0, 0, 0, "not_enough"),
    ],
)  # fmt: skip
def test_the_verdict_follows_its_rule(supported: int, contradicted: int, not_enough: int, verdict: str) -> None:
    counts = {"supported": supported, "contradicted": contradicted, "not_enough": not_enough}
    assert match_verdict(counts) == verdict


def _rows(store: Store, brand: str) -> dict[tuple[str, str], dict[str, object]]:
    return {
        (r["attribute"], r["measure"]): r for r in store.query("select * from comparisons where brand = ?", (brand,))
    }


def test_the_audience_planted_like_ours_is_close_and_the_other_far(analysed_store: Store) -> None:
    assert _rows(analysed_store, MINI)["all", "verdict"]["verdict"] == "close"
    assert _rows(analysed_store, BE)["all", "verdict"]["verdict"] == "far"


def test_where_they_differ_is_found_and_where_they_do_not_nothing_is_called_different(analysed_store: Store) -> None:
    like, unlike = _rows(analysed_store, MINI), _rows(analysed_store, BE)
    assert not [key for key, row in like.items() if row["verdict"] == "different"]
    assert unlike["occupation", "distance"]["verdict"] == "different"
    difference = unlike["occupation", "difference:factory_worker"]
    assert difference["low"] <= 0.6 <= difference["high"]  # type: ignore[operator]
    assert unlike["pain", "difference:price"]["verdict"] == "different"


def test_alike_needs_proof_and_not_only_silence(analysed_store: Store) -> None:
    like = _rows(analysed_store, MINI)
    assert like["gender", "distance"]["verdict"] == "alike"
    unknown = [key for key, row in like.items() if row["verdict"] == "unknown" and key[1].startswith("difference:")]
    for key in unknown:
        row = like[key]
        assert row["low"] < -differences.ALIKE_WITHIN or row["high"] > differences.ALIKE_WITHIN  # type: ignore[operator]


def test_under_no_difference_hardly_anything_is_called_different(tmp_path_factory: pytest.TempPathFactory) -> None:
    wrong = tests = 0
    for seed in range(6):
        world = World(tmp_path_factory.mktemp(f"equal{seed}"))
        with world.open() as store:
            people = [
                p
                for place, brand in enumerate((OWN, MINI, BE))
                for p in crowd(brand, LIKE_OURS, 70, 100 * seed + place)
            ]
            world.fill(store, people)
            findings.find(store, world.study)
            rows = list(store.query("select verdict from comparisons where measure like 'difference%'"))
            wrong, tests = wrong + sum(r["verdict"] == "different" for r in rows), tests + len(rows)
    assert tests > 200
    assert wrong / tests <= 0.05


def test_the_uncertainty_of_a_match_is_that_of_its_assumptions(tmp_path_factory: pytest.TempPathFactory) -> None:
    small = market(tmp_path_factory.mktemp("small"), size=14)
    with small.open() as store:
        findings.find(store, small.study)
        row = _rows(store, MINI)["all", "target:Mẹ bỉm thành thị"]
    assert row["verdict"] == "not_enough"
    assert row["low"] < row["value"] < row["high"]  # type: ignore[operator]


def test_without_a_target_our_own_audience_is_the_measure(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = {**STUDY, "own": {"name": OWN}}
    world = market(tmp_path_factory.mktemp("no-target"), settings={**settings, "competitors": STUDY["competitors"]})
    with world.open() as store:
        findings.find(store, world.study)
        row = _rows(store, BE)["all", "verdict"]
    assert json.loads(str(row["detail"]))["basis"] == "own"
    assert row["verdict"] == "far"


def test_a_brand_with_three_authors_is_compared_with_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    world = World(tmp_path_factory.mktemp("three"))
    with world.open() as store:
        world.fill(store, [*crowd(OWN, LIKE_OURS, 60, 1), *crowd(MINI, LIKE_OURS, 3, 2)])
        findings.find(store, world.study)
        rows = _rows(store, MINI)
    assert rows["all", "verdict"]["verdict"] == "not_enough"
    assert not [key for key in rows if key[1].startswith(("distance", "difference"))]
