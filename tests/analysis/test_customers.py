"""Recency, frequency and value, by hand and in hostile shapes."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.customers import behaviour, scored


def frame(*rows: tuple[int, int, float]) -> pd.DataFrame:
    """Customers by orders, days since the last one, and value."""
    found = pd.DataFrame(rows, columns=["orders", "recency_days", "value"])
    return found.assign(currency="VND", customer_key=[f"k{place}" for place in range(len(found))])


def test_scores_are_fifths() -> None:
    found = scored(frame(*((1 + place // 10, 100 - place, float(place)) for place in range(50))))
    assert found["m"].value_counts().to_dict() == dict.fromkeys(range(1, 6), 10)
    assert (found["r"].iloc[-1], found["r"].iloc[0]) == (5, 1)
    assert found.loc[found["orders"] == 5, "f"].unique().tolist() == [5]


def test_customers_alike_score_alike() -> None:
    found = scored(frame(*((1, 10, 100.0) for _ in range(40))))
    assert found[["r", "f", "m"]].nunique().tolist() == [1, 1, 1]
    assert found["m"].iloc[0] == 3


def test_a_few_customers_have_no_scores() -> None:
    found = scored(frame(*((1, place, 100.0) for place in range(24))))
    assert found[["r", "f", "m"]].isna().all().all()
    told = behaviour(found)
    assert told is not None
    assert (told.customers, told.bought_again, told.share_of_best_fifth) == (24, 0.0, None)


def test_how_a_brands_customers_buy() -> None:
    rows = [(4, 2, 1_000_000.0)] * 5 + [(1, 40, 100_000.0)] * 20
    told = behaviour(scored(frame(*rows)))
    assert told is not None
    assert (told.bought_again, told.median_orders, told.median_recency_days) == (0.2, 1.0, 40.0)
    assert told.share_of_best_fifth == pytest.approx(5 / 7)


def test_nobody() -> None:
    assert behaviour(frame()) is None
