"""Strengths and weaknesses, and what to learn and avoid."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis import learn, strengths
from analysis.learn import engagement, features
from analysis.sampled import Read
from data.store import Store
from tests.analysis.world import BE, MINI, OWN

NOBODY = pd.DataFrame({"author": [], "post": [], "category": [], "kind": [], "brand": [], "attribute": [], "value": []})


def _read(brand: str, author: int, text: str, *, likes: int | None = None, rating: float | None = None) -> Read:
    return Read(brand, author, author, "vi", tuple(text.split()), likes, None, rating, 1)


def _people(
    pains: pd.DataFrame = NOBODY, cues: pd.DataFrame = NOBODY, audiences: Mapping[str, range] | None = None
) -> Any:
    named = {OWN: np.arange(0), MINI: np.arange(0)} | {b: np.array(a) for b, a in (audiences or {}).items()}
    return SimpleNamespace(brands=(OWN, MINI), pains=pains, cues=cues, audience=named.__getitem__)


def _hurt(brand: str, category: str, authors: range) -> pd.DataFrame:
    rows = pd.DataFrame({"author": list(authors), "post": list(authors)})
    return rows.assign(brand=brand, category=category, kind="complaint", confidence=0.9, posted_at="2026-01-01")


def test_what_surely_more_or_fewer_complain_of_is_a_weakness_or_a_strength() -> None:
    pains = pd.concat([_hurt(MINI, "delivery", range(60)), _hurt(OWN, "delivery", range(1000, 1008)),
                       _hurt(MINI, "price", range(20)), _hurt(OWN, "price", range(1000, 1022))])  # fmt: skip
    people = _people(pains, audiences={MINI: range(200), OWN: range(1000, 1200)})
    found = {(r["brand"], r["category"]): r["verdict"] for r in strengths.rows(people, [], 5)}
    assert found[MINI, "delivery"] == "weakness"
    assert found[OWN, "delivery"] == "strength"
    assert found[MINI, "price"] == found[OWN, "price"] == "unknown"


def test_what_hardly_anybody_tells_is_neither(analysed_store: Store) -> None:
    rows = list(analysed_store.query("select * from strengths where verdict <> 'unknown'"))
    assert rows
    for row in rows:
        assert max(row["share"], row["authors_others"] / row["n_others"]) >= 0.05
        assert row["q_value"] <= 0.05


def test_praise_is_read_in_good_reviews_that_tell_no_pain_of_it() -> None:
    good = [_read(MINI, n, "giao nhanh lắm", rating=5.0) for n in range(60)]
    bad = [_read(MINI, 100 + n, "giao nhanh gì đâu", rating=1.0) for n in range(60)]
    hurt = [_read(MINI, 200 + n, "giao nhanh mà vỡ", rating=4.0) for n in range(20)]
    others = [_read(OWN, 1000 + n, "bình thường", rating=5.0) for n in range(140)]
    pains = _hurt(MINI, "delivery", range(200, 220))
    people = _people(pains, audiences={MINI: range(220), OWN: range(1000, 1140)})
    rows = strengths.rows(people, [*good, *bad, *hurt, *others], 5)
    row = next(r for r in rows if r["side"] == "praise" and r["brand"] == MINI and r["category"] == "delivery")
    assert (row["authors"], row["n"], row["verdict"]) == (60, 140, "strength")


def test_without_stars_only_who_recommends_praises() -> None:
    cues = pd.DataFrame({"post": range(30), "author": range(30), "attribute": "behaviour", "value": "recommends"})
    said = [_read(MINI, n, "chất lượng") for n in range(60)] + [_read(OWN, 1000 + n, "x") for n in range(60)]
    rows = strengths.rows(_people(NOBODY, cues), said, 5)
    assert {(r["brand"], r["category"], r["authors"]) for r in rows if r["authors"]} == {(MINI, "quality", 30)}


class _Store:
    """A store in which nothing has been found yet but what a test says."""

    def __init__(self, **tables: list[dict[str, Any]]) -> None:
        self.tables, self.written = tables, list[dict[str, Any]]()

    def query(self, sql: str, parameters: object = ()) -> Iterator[dict[str, Any]]:
        return iter(next((rows for name, rows in self.tables.items() if f"from {name}" in sql), []))

    def replace_rows(self, table: str, rows: Any) -> None:
        self.written = list(rows)


def _lessons(posts: list[Read], **tables: list[dict[str, Any]]) -> list[dict[str, Any]]:
    store = _Store(comparisons=[{"brand": MINI, "verdict": "close"}], **tables)
    cues = pd.DataFrame({"post": [], "attribute": [], "value": []})
    facts: Any = SimpleNamespace(
        store=store, sampled=posts, people=SimpleNamespace(cues=cues, own_accounts=(), brands=(OWN, MINI)),
        study=SimpleNamespace(lexicon_files=(), brands=[], language="vi"),
    )  # fmt: skip
    learn.find(facts)
    return store.written


def _posts(rng: np.random.Generator, many: int, few: int, *, gifts: int = 60) -> list[Read]:
    """Posts about a brand: those with a gift draw ``many`` likes on average, the others ``few``."""
    return [
        _read(
            MINI, n, "có quà tặng" if n < gifts else "bình thường", likes=int(rng.poisson(many if n < gifts else few))
        )
        for n in range(200)
    ]


def test_what_draws_likes_is_worth_learning() -> None:
    rows = _lessons(_posts(np.random.default_rng(1), 40, 15))
    gift = next(r for r in rows if r["kind"] == "offer" and r["subject"] == "discount.gift")
    assert (gift["verdict"], gift["n"], gift["n_others"], gift["fits"]) == ("draws", 60, 140, "close")
    assert gift["low"] > 1.5
    assert gift["low"] <= 41 / 16 <= gift["high"]
    assert len(json.loads(gift["evidence"])) == 3


def test_where_nothing_draws_more_hardly_anything_is_learnt() -> None:
    wrong = sum(
        any(r["verdict"] in ("draws", "draws_less") for r in _lessons(_posts(np.random.default_rng(seed), 15, 15)))
        for seed in range(60)
    )
    assert wrong / 60 <= 0.05 + 2.5 * np.sqrt(0.05 * 0.95 / 60)


@pytest.mark.parametrize("posts", [[], [_read(MINI, n, "quà tặng") for n in range(50)]])
def test_where_no_likes_are_shown_nothing_is_said_of_them(posts: list[Read]) -> None:
    assert _lessons(posts) == []


def test_one_author_who_draws_much_has_one_vote() -> None:
    rng = np.random.default_rng(3)
    star = [
        Read(MINI, 9000 + n, 9000, "vi", ("quà", "tặng"), 5000, None, None, 1) for n in range(100)
    ]  # one person, a hundred posts
    rows = _lessons([*_posts(rng, 15, 15, gifts=30), *star])
    gift = next(r for r in rows if r["subject"] == "discount.gift")
    assert gift["n"] == 31
    assert gift["verdict"] == "unknown"


def test_missing_is_not_zero() -> None:
    assert engagement(_read(MINI, 1, "x")) is None
    assert engagement(_read(MINI, 1, "x", likes=0)) == 0.0


def test_what_may_draw_people_is_read_by_the_words_of_pages() -> None:
    found = features(_read(MINI, 1, "freeship , giảm giá , được bác sĩ khuyên dùng"), ["giảm giá"], {1: {"tiktok"}})
    assert {("word", "giảm giá"), ("offer", "delivery.free"), ("channel", "tiktok")} <= found


def test_lessons_stand_beside_how_near_the_audience_is(analysed_store: Store) -> None:
    rows = list(analysed_store.query("select * from lessons"))
    assert {(r["brand"], r["fits"]) for r in rows} == {(MINI, "close"), (BE, "far")}
    avoid = [r for r in rows if r["lesson"] == "avoid" and r["brand"] == MINI]
    assert avoid[0]["subject"] == "safety_health"
    assert all(r["low"] >= 0.05 and json.loads(r["evidence"]) for r in avoid)
    silent = (
        "select claimed from claims where brand = ? and area = 'promise' and verdict = 'none' and value = 'emotional'"
    )
    assert list(analysed_store.query(silent, (MINI,))), "nobody complains of what MiniCare promises here"
    assert not [r for r in rows if r["verdict"] == "kept"], "nor does anybody elsewhere: nobody is blamed less for it"


@pytest.mark.filterwarnings("error")
def test_two_sides_are_compared_by_welch_and_one_may_be_all_alike() -> None:
    one, two = np.array([1.2, 0.4, 2.2, 1.9, 0.7]), np.array([0.3, 0.1, 0.9, 0.6, 0.2, 0.8, 1.1])
    tested = stats.ttest_ind(one, two, equal_var=False)
    bounds = tested.confidence_interval(0.95)
    assert learn._welch(one, two) == pytest.approx((one.mean() - two.mean(), bounds.low, bounds.high, tested.pvalue))
    alike = np.array([0.1 + 0.2, 0.3, 0.3, 0.3])  # of which one is off by rounding
    found = learn._welch(one, alike)
    assert found is not None
    assert found[1] < found[0] < found[2]
    assert learn._welch(alike, np.full(5, 0.7)) is None
