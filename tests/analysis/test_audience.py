"""One author, one vote: whose cues count, for whom, and what is never shown."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from analysis import audience, findings, frames, gathering, known_findings
from data.privacy import author_key
from data.records import Annotation, Cue, Pain, Post, Thread
from data.store import PostReading, Store, WriteBatch
from data.study import MARKET
from tests.analysis.world import BE, LIKE_OURS, MINI, NOW, OWN, Kind, Person, World, crowd


def _shares(store: Store, brand: str, attribute: str) -> dict[str, tuple[float, int]]:
    rows = store.query(
        "select value, authors, told from audience_shares where brand = ? and attribute = ?", (brand, attribute)
    )
    return {row["value"]: (row["authors"], row["told"]) for row in rows}


def _find(world: World, people: list[Person]) -> Store:
    store = world.open()
    world.fill(store, people)
    findings.find(store, world.study)
    return store


def test_shares_are_the_planted_ones_within_their_intervals(analysed: World, analysed_store: Store) -> None:
    rows = {(r["brand"], r["attribute"], r["value"]): r for r in analysed_store.query("select * from audience_shares")}
    gender, place = rows[MINI, "gender", "female"], rows[BE, "location", "Nghệ An"]
    assert gender["low"] <= 0.88 <= gender["high"]
    assert place["low"] <= 0.5 <= place["high"]
    assert rows[MINI, "gender", "female"]["told"] < rows[MINI, "gender", "female"]["audience"] == 161


def test_an_author_with_many_posts_has_one_vote(world: World) -> None:
    loud = [Person("người nói nhiều", MINI, [("gender", "male", None)], [("complaint", "price")], posts=60)]
    quiet = [Person(f"người {c}", MINI, [("gender", "female", None)], [("complaint", "service")]) for c in "abcdefghij"]
    with _find(world, loud + quiet) as store:
        assert _shares(store, MINI, "gender") == {"female": (10.0, 11)}
        pains = {r["category"]: r["authors"] for r in store.query("select * from pain_shares where brand = ?", (MINI,))}
        assert pains == {"service": 10}


def test_intervals_cover_the_truth_where_some_authors_write_half_of_the_posts(world: World) -> None:
    """Posts are many and like their author; only an interval over authors covers 95 times in 100."""
    rng, covered, by_posts = np.random.default_rng(8), 0, 0
    for _ in range(1000):
        authors = rng.random(60) < 0.6
        posts = np.where(np.arange(60) < 6, 40, 1)
        low, high = frames_share(authors.sum(), 60)
        covered += low <= 0.6 <= high
        low, high = frames_share((authors * posts).sum(), posts.sum())
        by_posts += low <= 0.6 <= high
    assert 0.93 <= covered / 1000 <= 0.975
    assert by_posts / 1000 < 0.6


def frames_share(count: int, n: int) -> tuple[float, float]:
    found = audience.wilson(count, n)
    return float(found[0]), float(found[1])


def test_the_newest_word_of_an_author_counts(world: World) -> None:
    people = [Person(f"người {c}", MINI, [("location", "Huế", None)]) for c in "abcdef"]
    store = world.open()
    world.fill(store, people)
    # The same people write again, later, from another town.
    source = store.source_id("https://dien-dan.example/f/me-va-be/")
    posts = tuple(Post(f"later-{p.name}", f"{p.name} giờ ở nơi khác", p.name, NOW + timedelta(days=3)) for p in people)
    store.write(
        WriteBatch(threads=[(source, Thread("9", "https://dien-dan.example/t/9", "generic", "Chuyển nhà", posts))])
    )
    run = store.begin_run("read")
    for batch in store.posts_to_read("later"):
        cue = Cue("location", "Đà Nẵng", "self", 0, 1, "x", 0.9, "planted")
        store.save_annotations(
            run,
            "later",
            [
                PostReading(post, Annotation("x", "vi", (cue,)), ((MINI, "text"),))
                for post in batch
                if "khác" in post.text
            ],
        )
    findings.find(store, world.study)
    assert _shares(store, MINI, "location") == {"Đà Nẵng": (6.0, 6)}
    store.close()


def test_what_relatives_are_is_not_what_the_author_is() -> None:
    cues = [
        ("gender", "self"), ("gender", "partner"), ("location", "family"), ("income", "family"),
        ("child_age", "child"), ("age", "child"), ("occupation", "organisation"),
    ]  # fmt: skip
    assert [gathering.is_own(*cue) for cue in cues] == [True, False, False, True, True, False, False]


def test_ranges_are_shared_out_and_many_values_count_once_each(world: World) -> None:
    people = [Person(f"người {c}", MINI, [("age", "30-39", None)]) for c in "abcdefghij"]
    people += [
        Person(
            f"kênh {c}", MINI, [("channel", "tiktok", None), ("channel", "shopee", None), ("channel", "tiktok", None)]
        )
        for c in "abcdef"
    ]
    with _find(world, people) as store:
        assert _shares(store, MINI, "age") == {"25-34": (5.0, 10), "35-44": (5.0, 10)}
        assert _shares(store, MINI, "channel") == {"tiktok": (6.0, 6), "shopee": (6.0, 6)}


def test_below_the_minimum_group_nothing_is_shown(world: World) -> None:
    people = [Person(f"người {c}", MINI, [("gender", "female", None)], [("complaint", "price")]) for c in "abcd"]
    with _find(world, people) as store:
        assert not list(store.query("select * from audience_shares"))
        assert not list(store.query("select * from pain_shares"))
        sizes = {r["brand"]: r["audience"] for r in store.query("select * from audiences where attribute = 'all'")}
        assert sizes == {MARKET: 4, OWN: 0, MINI: 4, BE: 0}


def test_copies_and_the_brands_own_accounts_are_left_out(world: World) -> None:
    advert = "Sale sốc bỉm MiniCare chính hãng, inbox ngay cho shop để nhận ưu đãi hôm nay nhé các mẹ ơi"
    world.study.key_file.write_text((b"k" * 32).hex(), encoding="ascii")
    people = [Person(f"seeder {c}", MINI, words=advert) for c in "abcdefgh"]
    people.append(Person("MiniCare Official", MINI, [("gender", "female", None)]))
    with _find(world, people) as store:
        last = known_findings.known(store)
        assert last is not None
        assert last["counts"]["authors"] == 1
        assert last["counts"]["left_out"] == {
            "copies": 7, "foreign": 0, "anonymous": 0, "own_accounts": 1, "set_aside": 0, "set_aside_authors": 0,
        }  # fmt: skip
    assert author_key(b"k" * 32, "dien-dan.example", "MiniCare Official")


def test_pains_rank_by_people_and_tell_their_kinds_and_posts(analysed_store: Store) -> None:
    rows = {
        r["category"]: r
        for r in analysed_store.query("select * from pain_shares where brand = ? and authors > 0", (BE,))
    }
    ranked = sorted((r["rank"], c) for c, r in rows.items())
    assert [rank for rank, _ in ranked] == list(range(1, len(ranked) + 1))
    price = rows["price"]
    assert price["low"] <= 0.3 <= price["high"]
    assert json.loads(price["kinds"]) == {"complaint": price["authors"]}
    assert len(json.loads(price["evidence"])) == audience.QUOTES
    assert price["rank_low"] <= price["rank"] <= price["rank_high"]


def test_evidence_of_a_number_comes_from_different_people(analysed_store: Store) -> None:
    for row in analysed_store.query("select evidence from audience_shares"):
        ids = json.loads(row["evidence"])
        marks = ",".join("?" * len(ids))
        authors = [
            r["author_id"] for r in analysed_store.query(f"select author_id from posts where id in ({marks})", ids)
        ]
        assert max(Counter(authors).values()) == 1


@pytest.mark.parametrize("kind", [Kind({}, {}), replace(LIKE_OURS, silent=1.0)])
def test_people_who_tell_nothing_make_an_empty_portrait(world: World, kind: Kind) -> None:
    people = [replace(p, hurts=()) for p in crowd(MINI, kind, 40, 9)]
    with _find(world, people) as store:
        assert not list(store.query("select * from audience_shares"))


def test_an_empty_store_is_no_error(world: World) -> None:
    with _find(world, []) as store:
        last = known_findings.known(store)
        assert last is not None
        assert last["counts"]["authors"] == 0


def test_a_pain_in_a_thread_about_a_brand_makes_its_author_part_of_the_audience(world: World) -> None:
    store = world.open()
    world.fill(store, [Person(f"người {c}", None, (), [("complaint", "price")]) for c in "abcdef"])
    run = store.begin_run("read")
    readings = []
    for batch in store.posts_to_read("threads"):
        pain = Pain("complaint", "price", "", 2, 0, 1, "x", 0.9, "planted")
        readings += [
            PostReading(p, Annotation("x", "vi", (), (pain,)), ((MINI, "thread"),), (MINI,)) for p in batch[:5]
        ]
        readings += [PostReading(p, Annotation("x", "vi"), ((MINI, "thread"),)) for p in batch[5:]]
    store.save_annotations(run, "threads", readings)
    people = frames.load(store, world.study)
    assert len(people.audience(MINI)) == 5
    store.close()
