"""Share of voice: people and posts, of all time and month by month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from analysis import voice
from analysis.columns import NEVER
from data.store import Store
from tests.analysis.world import BE, MINI, OWN


def _people(rows: Sequence[tuple[int, int, str, str | None]]) -> Any:
    told = pd.DataFrame(rows, columns=["post", "author", "brand", "posted_at"])
    at = [int(datetime.fromisoformat(when).timestamp()) if when else NEVER for _, _, _, when in rows]
    posts = told[["post"]].assign(at=at).drop_duplicates("post")
    return SimpleNamespace(brands=(OWN, MINI), posts=posts, posts_on=lambda brand: told[told["brand"] == brand])


def test_people_and_posts_are_shared_out(analysed_store: Store) -> None:
    rows = list(analysed_store.query("select * from share_of_voice where month = 'all'"))
    assert {row["brand"] for row in rows} == {OWN, MINI, BE}
    assert sum(row["posts_share"] for row in rows) == pytest.approx(1.0)
    for row in rows:
        assert row["authors"] <= row["n"]
        assert row["low"] <= row["share"] <= row["high"]
        assert row["posts_low"] <= row["posts_share"] <= row["posts_high"]


def test_one_author_with_half_the_posts_is_one_person_and_makes_the_posts_share_unsure() -> None:
    loud = [(n, 1, MINI, "2026-03-01T00:00:00Z") for n in range(100)]
    others = [(200 + n, 2 + n, OWN if n % 2 else MINI, "2026-03-02T00:00:00Z") for n in range(100)]
    mini = next(r for r in voice.rows(_people(loud + others), 5) if r["brand"] == MINI and r["month"] == "all")
    assert (mini["authors"], mini["n"]) == (51, 101)
    assert mini["posts_share"] == pytest.approx(0.75)
    assert mini["posts_high"] - mini["posts_low"] > 2 * (mini["high"] - mini["low"])


def test_a_post_about_two_brands_is_half_of_each() -> None:
    both = [(n, n, brand, None) for n in range(10) for brand in (OWN, MINI)]
    rows = list(voice.rows(_people(both), 5))
    assert {row["month"] for row in rows} == {"all"}, "without dates there are no months"
    assert [row["posts_share"] for row in rows] == pytest.approx([0.5, 0.5])
    assert [row["share"] for row in rows] == [1.0, 1.0]


def test_a_month_begins_where_the_study_is() -> None:
    late = [(n, n, OWN, "2026-01-31T18:30:00Z") for n in range(9)]
    assert {r["month"] for r in voice.rows(_people(late), 5, "Asia/Ho_Chi_Minh")} == {"all", "2026-02"}
    assert {r["month"] for r in voice.rows(_people(late), 5)} == {"all", "2026-01"}


def test_months_of_too_few_people_are_left_out_and_nobody_is_no_error() -> None:
    few = [(n, n, OWN, f"2026-0{1 + (n > 3)}-05T00:00:00Z") for n in range(12)]
    assert {row["month"] for row in voice.rows(_people(few), 5)} == {"all", "2026-02"}
    assert list(voice.rows(_people([]), 5)) == []
