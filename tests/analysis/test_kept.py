"""The figures of every analysis: written when they change, thinned when they are old, told again as they were."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from analysis import kept
from data.store import Store
from tests.analysis.world import MINI, World


@pytest.fixture
def store(world: World) -> Iterator[Store]:
    with world.open() as opened:
        yield opened


def _figure(count: float = 20, n: float = 100, value: str = "price") -> dict[str, Any]:
    return {
        "brand": MINI, "kind": kept.PAIN, "attribute": "pain", "value": value, "answer": None, "count": count, "n": n,
        "share": count / n, "low": 0.1, "high": 0.3,
    }  # fmt: skip


def _run(store: Store, figures: list[dict[str, Any]], at: str = "2026-01-01T00:00:00Z") -> int:
    run = store.begin_run("find")
    kept.keep(store, run, at, figures)
    store.end_run(run, "done", {})
    return run


def _rows(store: Store) -> list[tuple[int, str, str, float | None]]:
    rows = store.query("select * from kept_figures order by run_id, value")
    return [(row["run_id"], row["value"], row["state"], row["count"]) for row in rows]


def test_a_figure_is_written_only_when_it_changes(store: Store) -> None:
    first = _run(store, [_figure(20), _figure(9, value="delivery")])
    _run(store, [_figure(20), _figure(9, value="delivery")])
    third = _run(store, [_figure(25, 120), _figure(9, value="delivery")])
    assert _rows(store) == [
        (first, "delivery", "told", 9),
        (first, "price", "told", 20),
        (third, "price", "told", 25),
    ]


def test_a_state_is_told_as_it_was(store: Store) -> None:
    first = _run(store, [_figure(20)])
    second = _run(store, [_figure(25)])
    gone = _run(store, [])
    again = _run(store, [_figure(30)])
    key = (MINI, "pain", "pain", "price")
    assert [kept.state(store, run).get(key, {}).get("count") for run in (first, second, gone, again)] == [
        20,
        25,
        None,
        30,
    ]
    assert kept.runs(store) == [first, second, gone, again]


def test_old_runs_leave_the_last_of_each_month(store: Store) -> None:
    runs = [
        _run(store, [_figure(10 + number)], f"2026-{1 + number // 20:02}-{1 + number % 20:02}T00:00:00Z")
        for number in range(100)
    ]
    left = [run for run, *_ in _rows(store)]
    assert left[-kept.NEWEST :] == runs[-kept.NEWEST :]
    assert left[: -kept.NEWEST] == [runs[19], runs[39], runs[59], runs[69]]
    key = (MINI, "pain", "pain", "price")
    assert kept.state(store, runs[39])[key]["count"] == 49


def test_what_changes_daily_stays_bounded(store: Store) -> None:
    for number in range(120):
        _run(store, [_figure(number + 5)], f"2026-0{1 + number // 30}-{1 + number % 28:02}T00:00:00Z")
    assert len(_rows(store)) <= kept.NEWEST + 4


def test_small_groups_are_not_kept(analysed_store: Store) -> None:
    rows = list(analysed_store.query("select * from kept_figures"))
    assert {row["kind"] for row in rows} == {"audience", "pain", "voice", "verdict", "price"}
    assert not [row for row in rows if row["kind"] != "price" and row["count"] is not None and 0 < row["count"] < 5]
    assert not [row for row in rows if row["kind"] != "price" and row["n"] is not None and row["n"] < 5]
