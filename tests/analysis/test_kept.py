"""The figures of every analysis: written when they change, thinned when they are old, told again as they were."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from analysis import changed, kept
from analysis.report.sections import trends_changes
from analysis.report.speech import Speech
from data.records import Offer
from data.store import Store
from data.study import MARKET
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
    assert {row["kind"] for row in rows} == {"audience", "pain", "voice", "verdict", "answer", "price"}
    assert not [
        row
        for row in rows
        if row["kind"] not in ("answer", "price") and row["count"] is not None and 0 < row["count"] < 5
    ]
    assert not [row for row in rows if row["kind"] not in ("answer", "price") and row["n"] is not None and row["n"] < 5]


def test_what_pages_say_otherwise_between_two_analyses(world: World, store: Store) -> None:
    first = _run(store, [_figure(20)])
    world.page(store, "https://minicare.example/", offers=(Offer("MiniCare M", 259000.0, "VND", "259.000đ"),))
    (snapshot,) = store.query("select * from landing_snapshots")
    change = {
        "snapshot_id": snapshot["snapshot_id"], "before_id": snapshot["snapshot_id"], "source_id": snapshot["source_id"],
        "brand_id": snapshot["brand_id"], "url": snapshot["url"], "last_as_before": "2026-01-01T00:00:00Z", "how": "changed",
    }  # fmt: skip
    ended = next(iter(store.query("select ended_at from runs where run_id = :run", {"run": first})))["ended_at"]
    later = (datetime.fromisoformat(ended) + timedelta(seconds=1)).isoformat(timespec="seconds").replace("+00:00", "Z")
    store.add_rows(
        "landing_changes",
        [
            {**change, "changed_at": "2026-01-02T00:00:00Z", "area": "price", "said_vi": "cũ", "said_en": "old"},
            {**change, "changed_at": later, "area": "price", "said_vi": "Giá tăng", "said_en": "Dearer"},
            {**change, "changed_at": later, "area": "guarantee", "said_vi": "Bảo hành 12 tháng", "said_en": "A year"},
        ],
    )
    time.sleep(1.1)
    _run(store, [_figure(20)])
    found = changed.changes_since(store, first)
    assert [(one.kind, one.said["vi"]) for one in found] == [
        (changed.PRICE, "Giá tăng"),
        (changed.CLAIM, "Bảo hành 12 tháng"),
    ]
    told = trends_changes.sentences(found, world.study, Speech("en"))
    assert told[0].startswith("MiniCare, ")
    assert told[0].endswith(": Dearer")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ((200, 1000), (240, 1100), True),  # 40 of the 100 newcomers, where it was 20 %
        ((200, 1000), (221, 1100), False),
        ((200, 1000), (203, 1004), False),  # too few newcomers to be told
        ((200, 1000), (203, 1100), False),  # 3 of them: too few
        ((200, 1000), (50, 900), True),  # people have gone; as though nobody stood in both
        ((200, 1000), (200, 1000), False),
    ],
)
def test_what_counts_as_moved(store: Store, before: tuple[int, int], after: tuple[int, int], told: bool) -> None:
    first = _run(store, [_figure(*before)])
    _run(store, [_figure(*after)])
    found = changed.changes_since(store, first)
    assert [one.kind for one in found] == [changed.MOVED] * told


def test_a_pain_that_one_more_person_tells_is_not_new(store: Store) -> None:
    """Four told of it before, perhaps, and so it was not told; five do now."""
    first = _run(store, [_figure(20, 100, "price")])
    _run(store, [_figure(20, 110, "price"), _figure(5, 110, "delivery")])
    assert not [one for one in changed.changes_since(store, first) if one.kind == changed.NEW]
    _run(store, [_figure(20, 200, "price"), _figure(60, 200, "delivery")])
    assert [one.value for one in changed.changes_since(store, first) if one.kind == changed.NEW] == ["delivery"]


def test_equal_people_seldom_move(store: Store) -> None:
    """Of many figures whose newcomers are like those before, at most one in twenty is told, and mostly none."""
    rng = np.random.default_rng(8)
    told = 0
    for _ in range(10):
        old = [int(rng.binomial(400, 0.2)) for _ in range(40)]
        new = [count + int(rng.binomial(200, 0.2)) for count in old]
        first = _run(store, [_figure(count, 400, f"v{n}") for n, count in enumerate(old)])
        _run(store, [_figure(count, 600, f"v{n}") for n, count in enumerate(new)])
        told += len(changed.changes_since(store, first))
    assert told <= 0.05 * 400


def test_a_market_s_number_that_is_withheld_is_not_told_as_gone() -> None:
    row = {"answer": None, "count": 12, "n": 100, "share": 0.12, "low": 0.07, "high": 0.2}
    before = {(brand, kept.PAIN, "pain", "price"): row for brand in (MARKET, "MiniCare")}
    after = {(brand, kept.PAIN, "pain", "delivery"): row for brand in (MARKET, "MiniCare")}
    told = changed.compared(before, after, 5)
    assert [(one.brand, one.value) for one in told if one.kind == changed.GONE] == [("MiniCare", "price")]
