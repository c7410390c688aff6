"""Segments: who fits those the study names, and whether those found are really there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_limits

from analysis import findings, latent, segment_search
from analysis.segment_search import FOUND, NONE, TOO_FEW, Search, answers, search
from data.store import Store
from data.study import MARKET
from tests.analysis.world import BE, LIKE_OURS, MINI, OWN, STUDY, Person, World, crowd

KINDS = 3
VALUES = [("age", ("20", "30", "40", "50")), ("gender", ("female", "male", "other", "female")),
          ("location", ("a", "b", "c", "d")), ("occupation", ("w", "x", "y", "z")), ("channel", ("k", "l", "m", "n")),
          ("value", ("p", "q", "r", "s")), ("child_age", ("e", "f", "g", "h")), ("marital_status", ("t", "u", "v", "w"))]  # fmt: skip


def told_by(
    n: int, seed: int, *, kinds: int = 1, strength: float = 0.7, tells: float = 0.45
) -> tuple[pd.DataFrame, np.ndarray]:
    """What ``n`` people tell: of ``kinds`` kinds, each with a value of its own that a share ``strength`` has, the rest by chance."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, kinds, n)
    rows = []
    for number, (attribute, values) in enumerate(VALUES):
        own = (kind + number) % 4
        value = np.where((kinds > 1) & (rng.random(n) < strength), own, rng.integers(0, 4, n))
        who = np.flatnonzero(rng.random(n) < tells)
        rows.append(
            pd.DataFrame(
                {"author": who, "attribute": attribute, "code": [values[v] for v in value[who]], "weight": 1.0}
            )
        )
    return pd.concat(rows, ignore_index=True), kind


def test_planted_segments_are_found() -> None:
    rows, kind = told_by(900, 7, kinds=KINDS)
    found = search(answers(rows))
    assert (found.outcome, found.segments) == (FOUND, KINDS)
    placed = found.labels >= 0
    assert placed.mean() > 0.7
    table = pd.crosstab(found.labels[placed], kind[found.authors[placed]])
    assert table.max(axis=1).sum() / placed.sum() > 0.93
    assert found.by_chance is not None
    assert found.stability is not None
    assert found.by_chance < 0.4 < segment_search.STABLE <= found.stability


def test_noise_has_no_segments() -> None:
    """In 60 draws of pure noise (few people, many people, many told, few told) at least 95 % find nothing."""
    outcomes = [
        search(answers(told_by(n, seed, tells=tells)[0])).outcome
        for seed in range(15)
        for n, tells in ((250, 0.5), (400, 0.8), (700, 0.45), (1200, 0.35))
    ]
    assert outcomes.count(NONE) + outcomes.count(TOO_FEW) >= 0.95 * len(outcomes)
    assert outcomes.count(NONE) > 50


def test_attributes_that_tell_nothing_of_each_other_are_no_segments_however_skewed() -> None:
    rng = np.random.default_rng(3)
    rows = pd.concat(
        pd.DataFrame({"author": range(600), "attribute": a, "code": rng.choice(v, 600, p=(0.9, 0.06, 0.03, 0.01)), "weight": 1.0})
        for a, v in VALUES
    )  # fmt: skip
    assert search(answers(rows)).outcome == NONE


def test_a_search_comes_out_the_same_again() -> None:
    rows, _ = told_by(500, 11, kinds=KINDS)
    one, two = search(answers(rows)), search(answers(rows.sample(frac=1, random_state=1)))
    assert np.array_equal(one.labels, two.labels)
    assert one.stability == two.stability


@pytest.mark.parametrize("tells", [0.3, 0.8])
def test_who_tells_too_little_is_placed_nowhere(tells: float) -> None:
    rows, _ = told_by(300, 2, tells=tells)
    found = answers(rows)
    told = rows.groupby("author")["attribute"].nunique()
    assert set(found.authors) == set(told.index[told >= segment_search.LEAST_TOLD])
    assert np.isin(found.x.sum(axis=1), np.arange(3, 9)).all()


def test_likelihood_never_falls_and_everybody_has_a_class() -> None:
    rows, _ = told_by(400, 5, kinds=2)
    found = answers(rows)
    with threadpool_limits(1):
        fits = [latent.fit(found.x, found.blocks, k, np.random.default_rng(1)) for k in (1, 2, 3)]
    assert fits[0].likelihood < fits[1].likelihood < fits[2].likelihood
    assert np.allclose(fits[1].posterior(found.x).sum(axis=1), 1)
    for start, end in found.blocks:
        assert np.allclose(fits[1].chances[:, start:end].sum(axis=1), 1)


def _hostile() -> Iterator[tuple[str, pd.DataFrame]]:
    columns = ["author", "attribute", "code", "weight"]
    yield "nobody", pd.DataFrame(columns=columns)
    yield "one person", told_by(1, 1, tells=1.0)[0]
    yield "one category", pd.DataFrame([(n, a, "x", 1.0) for n in range(300) for a, _ in VALUES], columns=columns)
    many = [(n, a, f"{n * 7 % 1000}", 1.0) for n in range(1500) for a, _ in VALUES[:5]]
    yield "1,000 categories", pd.DataFrame(many, columns=columns)
    yield (
        "half a person",
        pd.DataFrame([(n, a, v, 0.5) for n in range(200) for a, vs in VALUES for v in set(vs[:2])], columns=columns),
    )


@pytest.mark.parametrize(("shape", "rows"), list(_hostile()))
def test_hostile_shapes_have_no_segments(shape: str, rows: pd.DataFrame) -> None:
    found: Search = search(answers(rows))
    assert found.outcome in (NONE, TOO_FEW), shape


# In a store

FITS = [("gender", "female", None), ("age", "28", None)]


def _find(world: World, people: list[Person]) -> Store:
    store = world.open()
    world.fill(store, people)
    findings.find(store, world.study)
    return store


def _segments(store: Store, kind: str = "named") -> Mapping[str, Mapping[str, object]]:
    return {row["brand"]: row for row in store.query("select * from segments where kind = ?", (kind,))}


def test_who_fits_a_named_segment_tells_two_things_of_it_and_nothing_against_it(world: World) -> None:
    people = [
        *(Person(f"khớp {c}", MINI, FITS) for c in "abcdef"),
        *(Person(f"trái {c}", MINI, [("gender", "male", None), ("age", "28", None)]) for c in "abcdefg"),
        *(Person(f"kể một điều {c}", MINI, [("gender", "female", None)]) for c in "abcdefgh"),
        *(Person(f"nửa vời {c}", MINI, [("gender", "female", None), ("age", "30-39", None)]) for c in "abcde"),
    ]
    with _find(world, people) as store:
        row = _segments(store)[MINI]
        assert (row["authors"], row["n"], row["audience"]) == (6, 13, 26)
        assert json.loads(str(row["rule"]))["least_told"] == 2
        members = list(store.query("select fit from segment_members"))
        assert [m["fit"] for m in members] == [0.5] * 6  # two of four attributes


def test_a_segment_defined_by_one_attribute_takes_one(world: World) -> None:
    target = [{"segment": "Nữ", "assumptions": [{"attribute": "gender", "expect": "female", "at_least": 0.5}]}]
    world = World(world.folder, {**STUDY, "own": {**STUDY["own"], "target": target}})  # type: ignore[dict-item]
    with _find(world, [Person(f"ai {c}", OWN, [("gender", "female", None)]) for c in "abcdefg"]) as store:
        assert _segments(store)[OWN]["authors"] == 7


def test_what_only_says_what_people_are_not_defines_no_segment(world: World) -> None:
    target = [{"segment": "Không nam", "assumptions": [{"attribute": "gender", "expect": "male", "at_most": 0.2}]}]
    world = World(world.folder, {**STUDY, "own": {**STUDY["own"], "target": target}})  # type: ignore[dict-item]
    with _find(world, [Person(f"ai {c}", OWN, FITS) for c in "abcdefg"]) as store:
        assert _segments(store)[MARKET]["authors"] == 0


def test_the_two_kinds_of_the_market_are_found_and_named_by_what_tells_them_apart(analysed_store: Store) -> None:
    found = list(
        analysed_store.query("select * from segments where kind = 'found' and brand = 'market' order by segment")
    )
    assert len(found) == 2
    shares = {
        (r["segment"], r["brand"]): r["share"]
        for r in analysed_store.query("select * from segments where kind = 'found'")
    }
    assert shares["found-2", BE] > 0.7
    assert shares["found-1", OWN] > 0.8
    assert "công nhân" in str(found[1]["name_vi"]).lower()
    assert "factory workers" in str(found[1]["name_en"]).lower()


def test_small_segments_tell_no_traits(world: World) -> None:
    with _find(world, [Person(f"khớp {c}", MINI, FITS) for c in "abcd"]) as store:
        assert _segments(store)[MARKET]["share"] is None
        assert not list(store.query("select * from segment_traits"))
        assert not list(store.query("select * from personas"))


@pytest.mark.parametrize("people", [[], [Person("một mình", MINI, FITS, posts=40)]], ids=["nobody", "one author"])
def test_hardly_anybody_makes_no_segments(world: World, people: list[Person]) -> None:
    with _find(world, people) as store:
        assert next(iter(store.query("select outcome from segment_search")))["outcome"] == TOO_FEW
        assert not list(store.query("select * from need_ability where component = 'score' and share is not null"))


def test_a_second_analysis_finds_the_same(world: World) -> None:
    with _find(world, [*crowd(OWN, LIKE_OURS, 60, 1), *crowd(MINI, LIKE_OURS, 60, 2)]) as store:
        before = [
            list(store.query(f"select * from {t}")) for t in ("segments", "segment_traits", "need_ability", "personas")
        ]
        findings.find(store, world.study, again=True)
        assert before == [
            list(store.query(f"select * from {t}")) for t in ("segments", "segment_traits", "need_ability", "personas")
        ]


def test_segments_are_compared_as_by_scikit_learn() -> None:
    from sklearn.metrics import adjusted_rand_score

    rng = np.random.default_rng(3)
    for k in (1, 2, 5):
        one, noise = rng.integers(0, k, (2, 400))
        for part in (0.0, 0.3, 1.0):
            other = np.where(rng.random(400) < part, noise, one)
            assert latent.alike(one, other, k) == pytest.approx(adjusted_rand_score(one, other))
