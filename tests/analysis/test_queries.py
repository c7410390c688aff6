"""Views and named queries give the report's numbers: whoever counts for themselves comes to the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.report import model
from data.store import open_store
from data.study import MARKET
from tests.demo_truth import Demo, open_demo

AUDIENCES = (MARKET, "An Nhiên", "MiniCare", "Sumobi")


@pytest.fixture(scope="module")
def demo(demo_study: Path) -> Demo:
    return open_demo(demo_study)


def _named(brand: str) -> str:
    return "" if brand == MARKET else brand


@pytest.mark.parametrize("brand", AUDIENCES)
def test_top_pains_counts_the_people_whom_the_report_counts(demo: Demo, brand: str) -> None:
    with open_store(demo.study.database, read_only=True) as store:
        rows = {row["category"]: row for row in store.named("top_pains", brand=_named(brand))}
    shown = {h.category: h for h in demo.portrait(brand).hurts}
    assert shown
    assert {c for c, row in rows.items() if row["authors"] >= demo.report.minimum} == set(shown)
    for category, hurt in shown.items():
        assert rows[category]["authors"] == hurt.estimate.count
        assert rows[category]["audience"] == hurt.estimate.n
        assert rows[category]["posts"] == hurt.seen.posts


def test_brands_talked_about_has_one_row_a_brand_with_the_reports_people(demo: Demo) -> None:
    with open_store(demo.study.database, read_only=True) as store:
        rows = {row["brand"]: row for row in store.named("brands_talked_about")}
        by_source = list(store.query("select * from posts_by_brand_and_source"))
    portraits: list[model.Portrait] = [demo.portrait(brand) for brand in AUDIENCES[1:]]
    assert {b: (r["authors"], r["posts"], r["sources"]) for b, r in rows.items()} == {
        p.brand: (p.people, p.posts, p.sources) for p in portraits
    }
    assert len(by_source) > len(rows)


@pytest.mark.parametrize("brand", AUDIENCES)
def test_who_they_are_shows_the_reports_shares(demo: Demo, brand: str) -> None:
    with open_store(demo.study.database, read_only=True) as store:
        rows = {(r["attribute"], r["value"]): r for r in store.named("who_they_are", brand=_named(brand), attribute="")}
    for trait in demo.portrait(brand).traits:
        for cell in trait.cells:
            row = rows[trait.attribute, cell.value]
            assert row["told"] == cell.estimate.n
            # where few are left over, neither tells more than a lower bound, so that they cannot be worked out
            assert bool(row["at_least"]) == cell.estimate.at_least
            assert row["authors"] == cell.estimate.count


def test_the_quotes_of_a_pain_come_from_just_the_people_in_its_number(demo: Demo) -> None:
    with open_store(demo.study.database, read_only=True) as store:
        quotes = list(store.named("pain_quotes", brand="MiniCare", category="delivery", kinds=None, role=None))
    hurt = demo.portrait("MiniCare").hurt("delivery")
    assert hurt is not None
    assert len({row["url"] for row in quotes}) == hurt.seen.posts
