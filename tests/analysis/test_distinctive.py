"""Words and pains that go with an audience: the formula against one written out, planted words found, and nothing found in noise."""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis import distinctive
from analysis.distinctive import terms
from analysis.sampled import MOST_OF_ONE, MOST_POSTS, Read, Words, draw
from analysis.statistics import log_odds
from data.study import Study
from tests.analysis.world import BE, MINI, OWN, STUDY

WORDS: Any = SimpleNamespace(dull={"vi": frozenset({"và", "là"}), "en": frozenset({"the"})})


def _fightin_words(one: Counter[str], two: Counter[str], size: float) -> dict[str, tuple[float, float]]:
    """Monroe, Colaresi and Quinn (2008), equations 15 to 22, word by word, as they stand in the paper."""
    background = one + two
    alpha = {w: size * background[w] / sum(background.values()) for w in background}
    n_1, n_2, alpha_0 = sum(one.values()), sum(two.values()), sum(alpha.values())
    found = {}
    for w in background:
        omega_1 = (one[w] + alpha[w]) / (n_1 + alpha_0 - one[w] - alpha[w])
        omega_2 = (two[w] + alpha[w]) / (n_2 + alpha_0 - two[w] - alpha[w])
        delta = math.log(omega_1) - math.log(omega_2)
        variance = 1 / (one[w] + alpha[w]) + 1 / (two[w] + alpha[w])
        found[w] = (delta, delta / math.sqrt(variance))
    return found


@pytest.mark.parametrize("prior", [10.0, 500.0])
def test_log_odds_agree_with_the_papers_formula_written_out(prior: float) -> None:
    one = Counter({"tràn": 30, "giao": 12, "mềm": 3, "giá": 20})
    two = Counter({"tràn": 5, "giao": 11, "mềm": 25, "giá": 21, "tre": 9})
    expected = _fightin_words(one, two, prior)
    words = sorted(expected)
    found = log_odds([one[w] for w in words], [two[w] for w in words], one.total(), two.total(), prior=prior)
    assert found.delta == pytest.approx([expected[w][0] for w in words])
    assert found.z == pytest.approx([expected[w][1] for w in words])
    assert found.delta[words.index("tràn")] > 0 > found.delta[words.index("mềm")]


def test_a_prior_pulls_rare_words_towards_nothing() -> None:
    rare = [float(log_odds([3, 500], [0, 500], 503, 500, prior=size).delta[0]) for size in (1, 50, 500)]
    assert rare == sorted(rare, reverse=True)


def _read(brand: str, author: int, text: str, post: int | None = None) -> Read:
    return Read(brand, author if post is None else post, author, "vi", tuple(text.split()), None, None, None, 1)


def _people(sampled: Sequence[Read], pains: pd.DataFrame | None = None, brands: tuple[str, ...] = (OWN, MINI)) -> Any:
    hurt = pd.DataFrame({"author": [], "category": [], "brand": [], "confidence": [], "posted_at": [], "post": []})
    rows = hurt if pains is None else pains
    return SimpleNamespace(
        brands=brands,
        pains=rows,
        pains_of=lambda brand: rows[rows["brand"] == brand],
        audience=lambda brand: np.unique([r.author for r in sampled if r.brand == brand]),
    )


def _crowd(rng: random.Random, brand: str, start: int, size: int, extra: str = "", share: float = 0.0) -> list[Read]:
    vocabulary = [f"từ{a}{b}" for a in "abcdefghij" for b in "klmnopqrst"]
    said = (" ".join(rng.choices(vocabulary, k=12)) for _ in range(size))
    return [
        _read(brand, start + n, f"{text} {extra if rng.random() < share else 'khác hẳn'}")
        for n, text in enumerate(said)
    ]


def test_a_planted_phrase_is_found_on_its_side_with_posts_that_use_it() -> None:
    rng = random.Random(1)
    sampled = _crowd(rng, MINI, 0, 300, "giao tới trễ", 0.3) + _crowd(rng, OWN, 1000, 300, "giao tới trễ", 0.05)
    found = {r["term"]: r for r in distinctive.rows(_people(sampled), sampled, WORDS, 5) if r["against"] == "own"}
    row = found["giao tới trễ"]
    assert (row["brand"], row["kind"], row["verdict"]) == (MINI, "word", "different")
    assert row["z"] > 0
    assert row["q_value"] <= 0.05
    assert 60 <= row["authors"] <= 120
    posts = {r.post for r in sampled if "giao tới trễ" in r.line}
    assert set(json.loads(row["evidence"])) <= posts
    assert "giao" not in found, "of a phrase and its parts only the whole is told"


def test_one_author_who_repeats_a_word_has_one_vote() -> None:
    rng = random.Random(2)
    loud = [_read(MINI, 9999, "tuyệt vời " * 50, post) for post in range(5000, 5050)]
    sampled = _crowd(rng, MINI, 0, 200) + loud + _crowd(rng, OWN, 1000, 200)
    found = [r["term"] for r in distinctive.rows(_people(sampled), sampled, WORDS, 2)]
    assert not [term for term in found if "tuyệt" in term]


def test_in_noise_hardly_a_word_is_called_distinctive() -> None:
    wrong = 0
    for seed in range(20):
        rng = random.Random(seed)
        sampled = _crowd(rng, MINI, 0, 150) + _crowd(rng, OWN, 1000, 150)
        wrong += bool([r for r in distinctive.rows(_people(sampled), sampled, WORDS, 5) if r["against"] == "own"])
    assert wrong <= 3


@pytest.mark.parametrize("size", [0, 3, 19])
def test_too_few_people_tell_no_words(size: int) -> None:
    rng = random.Random(3)
    sampled = _crowd(rng, MINI, 0, size, "giao tới trễ", 1.0) + _crowd(rng, OWN, 1000, 200)
    assert distinctive.rows(_people(sampled), sampled, WORDS, 2) == []


def test_pains_are_weighed_by_authors_and_corrected() -> None:
    pains = pd.DataFrame(
        [(n, "delivery", MINI) for n in range(60)] + [(n, "price", MINI) for n in range(20)]
        + [(1000 + n, "delivery", OWN) for n in range(8)] + [(1000 + n, "price", OWN) for n in range(60)],
        columns=["author", "category", "brand"],
    ).assign(confidence=0.9, posted_at="2026-01-01T00:00:00Z", post=range(148))  # fmt: skip
    sampled = [_read(MINI, n, "a") for n in range(200)] + [_read(OWN, 1000 + n, "a") for n in range(200)]
    rows = distinctive.rows(_people(sampled, pains), sampled, WORDS, 5)
    found = {r["term"]: r for r in rows if r["kind"] == "pain" and r["against"] == "own"}
    assert found["delivery"]["z"] > 3 > 0 > -3 > found["price"]["z"]
    assert {r["verdict"] for r in found.values()} == {"different"}
    assert json.loads(found["price"]["evidence"])[0] >= 88, "what we have more of is shown by our people's posts"


def test_phrases_begin_and_end_with_words_that_tell_and_cross_no_sign() -> None:
    words = ("bỉm", "và", "tã", ".", "giá", "rẻ")
    frequent = frozenset({"bỉm", "tã", "giá", "rẻ"})
    assert {term for _, _, term in terms(words, "vi", frequent)} == {"bỉm", "tã", "giá", "rẻ", "bỉm và tã", "giá rẻ"}


def test_words_are_normal_forms_without_brands_links_or_masks() -> None:
    read = Words(Study.model_validate(STUDY))
    said = read("MiniCare mắcccc QUÁ!!! xem https://x.example/abc [phone] #BeYeu, be yeu với an nhien hoà hòa", "vi")
    assert "mắc" in said
    assert said.count("hòa") == 2
    for gone in ("minicare", "https", "phone", "beyeu", "be", "yeu", "nhien"):
        assert gone not in said


def test_a_word_beside_a_brands_name_is_counted_on_every_side_and_half_a_name_on_none() -> None:
    settings = {**STUDY, "competitors": [{"name": "Beta", "aliases": ["bỉm beta", "tã beta"]}, {"name": "Sao Đêm"}]}
    read = Words(Study.model_validate(settings))
    assert [read(f"Mình mua bỉm {name} cho con", "vi").count("bỉm") for name in ("beta", "Sao Đêm", "khác")] == [
        1,
        1,
        1,
    ]
    assert {"sao", "đêm"} <= read.dull["vi"]
    assert not {"bỉm", "tã"} & read.dull["vi"]


def test_a_place_is_one_word() -> None:
    read = Words(Study.model_validate(STUDY))
    words = read("Nhà mình ở Sài Gòn, quê Bà Rịa - Vũng Tàu", "vi")
    assert "sài gòn" in words
    assert not {"sài", "gòn", "tàu"} & set(words)
    assert {term for _, _, term in terms(("ship", "sài gòn"), "vi", frozenset({"ship", "sài gòn"}))} == {
        "ship", "sài gòn", "ship sài gòn",
    }  # fmt: skip


def test_a_sample_takes_everybodys_first_post_before_anybodys_second() -> None:
    loud = pd.DataFrame({"post": range(6000), "author": [1] * 3000 + list(range(2, 3002)), "source": 1})
    drawn = draw(loud, 0)
    assert len(drawn) == MOST_POSTS
    assert (drawn["author"] == 1).sum() == 1
    few = draw(loud.head(3000), 0)
    assert len(few) == MOST_OF_ONE
    assert draw(loud.head(0), 0).empty
    assert draw(loud, 3)["post"].tolist() == draw(loud, 3)["post"].tolist(), "the same each time"


def test_three_brands_are_each_set_against_all_others() -> None:
    rng = random.Random(5)
    sampled = _crowd(rng, OWN, 0, 60) + _crowd(rng, MINI, 100, 60) + _crowd(rng, BE, 200, 60, "rẻ nhất chợ", 0.8)
    rows = distinctive.rows(_people(sampled, brands=(OWN, MINI, BE)), sampled, WORDS, 5)
    assert {(r["brand"], r["against"]) for r in rows if r["term"] == "rẻ nhất chợ" and r["z"] > 0} == {
        (BE, "own"),
        (BE, "others"),
    }
