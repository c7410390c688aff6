"""What customers tell in notes: shares of their own, and nothing of it in what is counted in public."""

from __future__ import annotations

from typing import Any

import pytest

from analysis import findings
from data.records import Annotation, Cue, Pain, Post, Thread
from data.store import PostReading, Store, WriteBatch
from data.store.imported import ImportedFile
from tests.analysis.world import NOW, OWN, Person, World

LATE = "giao hàng chậm"


def take_notes(store: Store, people: int, *, each: int = 1) -> None:
    """Customers who write to our shop: all are women, every other one complains of the delivery, and each gives a telephone."""
    run = store.begin_run("import", {})
    import_id, source = store.begin_import(run, ImportedFile("n.csv", "d", "notes", "notes", "notes", OWN, {}, "mục 4"))
    texts = [f"chị em mình gọi {n} lần {copy} [phone] {LATE}" for n in range(people) for copy in range(each)]
    posts = tuple(Post(f"n{n}", text, f"KH-{n // each}-x", NOW) for n, text in enumerate(texts))
    store.write(WriteBatch(threads=[(source, Thread("t", "import://notes/t", "notes", "notes", posts))]))
    store.end_import(import_id, {"rows": len(posts)})
    place = {text: number // each for number, text in enumerate(texts)}

    def read(post: Any) -> PostReading:
        cue = Cue("gender", "female", "self", 0, 6, post.text[:6], 0.9, "planted")
        pain = Pain("complaint", "delivery", "", 2, len(post.text) - len(LATE), len(post.text), LATE, 0.9, "planted")
        pains = (pain,) if place[post.text] % 2 else ()
        return PostReading(post, Annotation("x", "vi", (cue,), pains), ((OWN, "source"),), (OWN,) * len(pains))

    for batch in store.posts_to_read("planted"):
        store.save_annotations(run, "planted", [read(post) for post in batch if post.text in place])


def public(count: int) -> list[Person]:
    return [Person(f"p{n}", OWN, tells=(("gender", "male", None),)) for n in range(count)]


def rows(store: Store, sql: str) -> list[dict[str, Any]]:
    return list(store.query(sql))


def test_notes_have_shares_of_their_own(world: World) -> None:
    with world.open() as store:
        world.fill(store, public(12))
        take_notes(store, 20)
        findings.find(store, world.study)
        found = {(row["attribute"], row["value"]): row for row in rows(store, "select * from note_shares")}
        assert (found["gender", "female"]["count"], found["gender", "female"]["n"]) == (20, 20)
        late = found["pain", "delivery"]
        assert (late["count"], late["n"], late["brand"], late["unit"]) == (10, 20, OWN, "people")
        assert late["low"] < 0.5 < late["high"]
        assert late["period_from"] == late["period_to"] == "2026-11-20"


def test_public_figures_know_nothing_of_them(world: World) -> None:
    with world.open() as store:
        world.fill(store, public(12))
        findings.find(store, world.study)
        tables = ("audiences", "audience_shares", "pain_shares", "share_of_voice", "verdicts")
        before = [rows(store, f"select * from {table}") for table in tables]
        take_notes(store, 20)
        assert findings.find(store, world.study).changed
        after = [rows(store, f"select * from {table}") for table in tables]
        for table, one, other in zip(tables, before, after, strict=True):
            assert [_timeless(row) for row in one] == [_timeless(row) for row in other], table
        assert rows(store, "select count(*) as n from note_shares")[0]["n"] > 0


def _timeless(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("checked_at", "run_id")}


def test_assumptions_are_judged_by_them_as_a_kind_of_its_own(world: World) -> None:
    with world.open() as store:
        world.fill(store, public(12))
        take_notes(store, 60)
        findings.find(store, world.study)
        judged = rows(
            store, "select verdict, n, import_id from verdicts_by_kind where kind = 'notes' and share is not null"
        )
        assert {"verdict": "supported", "n": 60, "import_id": None} in judged


@pytest.mark.parametrize(("people", "each"), [(4, 1), (1, 50), (4, 50)])
def test_few_people_are_nobody(world: World, people: int, each: int) -> None:
    with world.open() as store:
        world.fill(store, public(8))
        take_notes(store, people, each=each)
        findings.find(store, world.study)
        assert rows(store, "select * from note_shares") == []


def test_one_customer_with_half_the_notes_has_one_vote(world: World) -> None:
    with world.open() as store:
        world.fill(store, public(8))
        take_notes(store, 10, each=3)
        findings.find(store, world.study)
        found = rows(store, "select count, n from note_shares where attribute = 'gender'")
        assert found == [{"count": 10, "n": 10}]


def test_without_notes_there_are_none(world: World) -> None:
    with world.open() as store:
        world.fill(store, public(8))
        findings.find(store, world.study)
        assert rows(store, "select * from note_shares") == []


def test_what_is_imported_in_place_of_another_of_the_same_size_is_seen(world: World) -> None:
    with world.open() as store:
        world.fill(store, public(8))
        take_notes(store, 10)
        findings.find(store, world.study)
        store.undo_import(1)
        take_notes(store, 10)
        assert findings.find(store, world.study).changed


def test_customers_who_complain_in_the_same_words_all_count_and_the_public_post_like_them_too(world: World) -> None:
    text = "khách gọi báo giao hàng chậm quá năm ngày rồi mà vẫn chưa nhận được hàng đã đặt"
    with world.open() as store:
        run = store.begin_run("import", {})
        import_id, source = store.begin_import(
            run, ImportedFile("n.csv", "d", "notes", "notes", "notes", OWN, {}, "mục 4")
        )
        posts = tuple(Post(f"n{n}", text, f"KH-{n}-x", NOW) for n in range(20))
        store.write(WriteBatch(threads=[(source, Thread("t", "import://notes/t", "notes", "notes", posts))]))
        store.end_import(import_id, {"rows": len(posts)})
        store.screen_posts()
        assert rows(store, "select count(*) as n from posts where duplicate_of is not null") == [{"n": 0}]
        assert rows(store, "select count(*) as n from post_marks where mark = 'template'") == [{"n": 0}]
        start = text.index(LATE)
        pain = Pain("complaint", "delivery", "", 2, start, start + len(LATE), LATE, 0.9, "planted")
        for batch in store.posts_to_read("planted"):
            store.save_annotations(
                run,
                "planted",
                [PostReading(one, Annotation("x", "vi", (), (pain,)), ((OWN, "source"),), (OWN,)) for one in batch],
            )
        findings.find(store, world.study)
        assert rows(store, "select count, n from note_shares where attribute = 'pain'") == [{"count": 20, "n": 20}]
