"""One profile a person over posts and years, relations to brands, who is set aside, and what is read again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from analysis import findings, frames, known_findings
from analysis.aging import moved
from analysis.relations import RELATIONS
from data.records import Annotation, Cue, Pain, Post, Thread
from data.store import PostReading, Store, WriteBatch
from tests.analysis.world import BE, LIKE_OURS, MINI, OWN, World, crowd

TODAY = datetime(2026, 11, 22, tzinfo=UTC)


@dataclass
class Said:
    """One post: who, when (year, month), what it tells, the brands it names, and what hurts."""

    who: str
    when: tuple[int, int]
    tells: Sequence[tuple[str, str]] = ()
    brands: Sequence[str] = ()
    hurts: Sequence[tuple[str, str]] = ()
    quote: str = ""
    confidence: float = 0.9
    group: str | None = None


def _write(world: World, store: Store, said: Sequence[Said], name: str = "p") -> None:
    source = store.source_id("https://dien-dan.example/f/me-va-be/")
    told = {f"{name}{n}": one for n, one in enumerate(said)}
    posts = {
        key: Post(key, f"Chuyện {key} của {one.who}", one.who, datetime(*one.when, 15, tzinfo=UTC))
        for key, one in told.items()
    }
    for key, post in posts.items():
        url = f"https://dien-dan.example/t/{key}"
        store.write(WriteBatch(threads=[(source, Thread(key, url, "generic", "Hỏi", (post,)))]))
    texts = {post.text: told[key] for key, post in posts.items()}
    run = store.begin_run("read", {"text": "v"})
    for batch in store.posts_to_read("v"):
        store.save_annotations(run, "v", [_reading(post, texts[post.text]) for post in batch if post.text in texts])
    store.end_run(run, "done")


def _reading(post: Any, one: Said) -> PostReading:
    cues = tuple(
        Cue(a, v, "child" if a == "child_age" else "self", 0, 1, one.quote, one.confidence, "planted", one.group)
        for a, v in one.tells
    )
    pains = tuple(Pain(kind, category, "", 2, 0, 1, "x", 0.9, "planted") for kind, category in one.hurts)
    blamed = (one.brands[0] if one.brands else None,) * len(pains)
    return PostReading(post, Annotation("x", "vi", cues, pains), tuple((b, "text") for b in one.brands), blamed)


def _profile(world: World, said: Sequence[Said]) -> dict[str, list[tuple[str, str, float, int, int]]]:
    """Attribute → (value now, value told, confidence, posts, contradicting posts) of everybody there is."""
    with world.open() as store:
        _write(world, store, said)
        people = frames.load(store, world.study, TODAY)
    found: dict[str, list[tuple[str, str, float, int, int]]] = {}
    for row in people.profiles.itertuples(index=False):
        found.setdefault(str(row.attribute), []).append(
            (str(row.value), str(row.told), round(float(row.confidence), 3), int(row.posts), int(row.contradicted))
        )
    return found


@pytest.mark.parametrize(
    ("attribute", "value", "months", "now"),
    [
        ("age", "30", 36, "33"),
        ("age", "30-39", 36, "33-42"),
        ("age", "30", 0, "30"),
        ("age", "118", 60, "120"),
        ("child_age", "18m", 7, "25m"),
        ("child_age", "3y", 7, "43-54m"),
        ("child_age", "3y", 0, "3y"),
        ("children", "expecting", 9, "expecting"),
        ("children", "expecting", 10, "yes"),
        ("children", "2", 99, "2"),
        ("age", "chưa rõ", 36, "chưa rõ"),
    ],
)
def test_people_grow_older(attribute: str, value: str, months: int, now: str) -> None:
    assert moved(attribute, value, months) == now


def test_an_age_told_years_ago_has_moved_on_and_agrees_with_a_new_one(world: World) -> None:
    found = _profile(world, [Said("lan", (2023, 3), [("age", "30")]), Said("lan", (2026, 5), [("age", "34")])])
    assert found["age"] == [("34", "34", 0.9, 2, 0)]


def test_ages_that_cannot_be_one_persons_contradict_each_other(world: World) -> None:
    said = [Said("lan", (2023, 3), [("age", "30")]), Said("lan", (2026, 5), [("age", "21")])]
    assert _profile(world, said)["age"] == [("21", "21", 0.6, 1, 1)]


def test_people_move_but_hardly_within_a_quarter(world: World) -> None:
    moved_house = [Said("lan", (2024, 1), [("location", "Huế")]), Said("lan", (2026, 1), [("location", "Hà Nội")])]
    unsure = [Said("mai", (2025, 12), [("location", "Huế")]), Said("mai", (2026, 1), [("location", "Hà Nội")])]
    found = _profile(world, [*moved_house, *unsure])["location"]
    assert sorted(found) == [("Hà Nội", "Hà Nội", 0.6, 1, 1), ("Hà Nội", "Hà Nội", 0.9, 1, 0)]


def test_what_lasts_is_what_most_posts_tell(world: World) -> None:
    said = [Said("lan", (2024, month), [("gender", "female")]) for month in (1, 2, 3)]
    found = _profile(world, [*said, Said("lan", (2026, 1), [("gender", "male")])])
    assert found["gender"] == [("female", "female", round(0.9 * 4 / 5, 3), 3, 1)]


def test_who_says_too_much_against_themselves_counts_nowhere_but_is_kept(world: World) -> None:
    said = [Said("lan", (2026, 1), [("location", place)]) for place in ("Huế", "Đà Nẵng", "Cần Thơ", "Hà Nội")]
    with world.open() as store:
        _write(world, store, said)
        findings.find(store, world.study)
        rows = list(store.query("select value, confidence, contradicted, counted from profiles"))
    assert rows == [{"value": "Hà Nội", "confidence": 0.36, "contradicted": 3, "counted": 0}]


def test_children_are_as_the_newest_post_tells_and_have_grown(world: World) -> None:
    said = [
        Said("lan", (2024, 11), [("children", "1"), ("child_age", "6m")]),
        Said("lan", (2025, 11), [("children", "2"), ("child_age", "18m"), ("child_age", "1m")]),
    ]
    found = _profile(world, said)
    assert [row[:2] for row in found["children"]] == [("2", "2")]
    assert sorted(row[:2] for row in found["child_age"]) == [("13m", "1m"), ("30m", "18m")]


def test_relations_are_told_apart(world: World) -> None:
    said = [
        Said("lan", (2026, 1), [("behaviour", "repeat_buyer")], [MINI]),
        Said("lan", (2026, 2), [("behaviour", "recommends")], [MINI]),
        Said("lan", (2026, 3), (), [MINI], [("complaint", "price")]),
        Said("mai", (2026, 1), [("behaviour", "comparing")], [MINI, BE]),
        Said("đào", (2026, 1), [("behaviour", "switching_from")], [MINI, BE], quote="bỏ Bé Yêu rồi"),
        Said("cúc", (2026, 1), [("behaviour", "heavy_user")], [MINI, BE], quote="dùng suốt"),
    ]
    with world.open() as store:
        _write(world, store, said)
        people = frames.load(store, world.study, TODAY)
    names = {int(a): n for n, a in enumerate(np.unique(people.authors))}
    found = {(names[r.author], str(r.brand), str(r.relation)) for r in people.relations.itertuples(index=False)}
    assert found == {
        (0, MINI, "owns"), (0, MINI, "bought"), (0, MINI, "praises"), (0, MINI, "complains"), (1, MINI, "considers"),
        (1, BE, "considers"), (2, BE, "left"),
    }  # fmt: skip
    assert set(people.relations["relation"].cat.categories) == set(RELATIONS)


def test_a_shop_is_set_aside_and_a_customer_with_a_telephone_is_not(world: World) -> None:
    with world.open() as store:
        said = [Said("cửa hàng", (2026, n), [("gender", "female")], [MINI]) for n in (1, 2, 3)]
        said += [Said("lan", (2026, n), [("gender", "female")], [MINI]) for n in (1, 2, 3)]
        _write(world, store, said)
        ids = [row["id"] for row in store.query("select id from posts order by id")]
        with store._db.conn as db:  # type: ignore[attr-defined]
            db.executemany(
                "insert into post_marks (post, mark) values (?, 'contact')", [(n,) for n in [*ids[:3], ids[3]]]
            )
        findings.find(store, world.study)
        aside = list(store.query("select why, posts, shown from set_aside"))
        counts = known_findings.known(store)
        counted = next(store.query("select count(*) as n from counted_posts"))["n"]
    assert aside == [{"why": "shop", "posts": 3, "shown": 3}]
    assert counts is not None
    assert counts["counts"]["left_out"]["set_aside"] == 3
    assert counts["counts"]["authors"] == 1
    assert counted == 3


def test_who_first_wrote_what_many_spread_to_sell_is_set_aside_too(world: World) -> None:
    with world.open() as store:
        _write(world, store, [Said(name, (2026, 1), (), [MINI]) for name in ("đầu", "hai", "ba", "khách", "hỏi")])
        ids = [row["id"] for row in store.query("select id from posts order by id")]
        with store._db.conn as db:  # type: ignore[attr-defined]
            marks = [(n, mark) for n in ids[:3] for mark in ("template", "link")] + [
                (ids[3], "template"),
                (ids[4], "link"),
            ]
            db.executemany("insert into post_marks (post, mark) values (?, ?)", marks)
        findings.find(store, world.study)
        aside = [(r["why"], r["posts"]) for r in store.query("select why, posts from set_aside")]
        counts = known_findings.known(store)
    assert aside == [("seeding", 1)] * 3, "neither ready-made words nor a link alone make a seeder"
    assert counts is not None
    assert counts["counts"]["left_out"]["set_aside"] == 3


def test_who_only_praises_one_brand_in_thread_after_thread_is_set_aside(world: World) -> None:
    said = [Said("kẻ khen", (2026, n), [("behaviour", "recommends")], [MINI]) for n in range(1, 6)]
    said += [Said("khách quen", (2026, n), [("behaviour", "recommends")], [MINI]) for n in range(1, 6)]
    said += [Said("khách quen", (2026, 7), (), [MINI], [("complaint", "price")])]
    with world.open() as store:
        _write(world, store, said)
        people = frames.load(store, world.study, TODAY)
    assert people.aside["why"].tolist() == ["praise"]
    assert len(people.authors) == 1


TABLES = (
    "profiles",
    "relations",
    "set_aside",
    "counted_people",
    "audiences",
    "audience_shares",
    "pain_shares",
    "verdicts",
)


def _everything(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    found = {}
    for table in TABLES:
        rows = [{k: v for k, v in row.items() if k != "checked_at"} for row in store.query(f'select * from "{table}"')]
        found[table] = sorted(tuple(map(repr, row.values())) for row in rows)
    return found


def test_what_is_read_again_comes_to_the_same_as_everything_read_anew(world: World) -> None:
    with world.open() as store:
        world.fill(store, [*crowd(MINI, LIKE_OURS, 60, 1), *crowd(OWN, LIKE_OURS, 60, 2)])
        findings.find(store, world.study)
        _write(
            world, store,
            [
                Said("MiniCare c", (2026, 10), [("location", "Huế"), ("interest", "làm bánh")], [MINI], [("complaint", "price")]),
                Said("người mới", (2026, 10), [("age", "41"), ("behaviour", "comparing")], [MINI, OWN]),
                *(Said("shop mới", (2026, n), [("gender", "male")], [OWN]) for n in (7, 8, 9)),
            ],
        )  # fmt: skip
        with store._db.conn as db:  # type: ignore[attr-defined]
            newest = next(store.query("select max(id) as n from posts"))["n"]
            db.executemany(
                "insert into post_marks (post, mark) values (?, 'contact')", [(newest - n,) for n in range(3)]
            )
        assert findings.find(store, world.study).changed
        some = _everything(store)
        findings.find(store, world.study, again=True)
        assert _everything(store) == some
        assert next(store.query("select count(*) as n from changed_posts"))["n"] == 0


def test_a_deleted_post_takes_its_authors_profile_with_it(world: World) -> None:
    with world.open() as store:
        _write(
            world, store, [Said("lan", (2026, 1), [("gender", "female")]), Said("mai", (2026, 1), [("gender", "male")])]
        )
        findings.find(store, world.study)
        with store._db.conn as db:  # type: ignore[attr-defined]
            for table in ("cues", "annotations"):
                db.execute(f"delete from {table} where post = 1")
            db.execute("delete from posts where id = 1")
        assert findings.find(store, world.study).changed
        assert [row["value"] for row in store.query("select value from profiles")] == ["male"]
