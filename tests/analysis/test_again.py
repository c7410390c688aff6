"""An analysis after a few changes comes to the same, row for row, as one that begins from nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from analysis import findings, kept_words, switching, tables
from analysis.columns import differing, ordered, packed, places, unpacked
from analysis.kept_words import KeptWords
from analysis.memo import Memo
from data.records import Post, Thread
from data.store import Store, WriteBatch
from data.study import Study
from tests.analysis.world import (
    BE,
    LIKE_OURS,
    MINI,
    NOW,
    OWN,
    STUDY,
    UNLIKE_OURS,
    Person,
    World,
    _reading,
    _told,
    crowd,
)

TABLES = (
    "own_accounts", "set_aside", "profiles", "relations", "brand_people", "brand_counts", "pain_counts", "relation_counts", "audiences",
    "audience_shares", "pain_shares", "verdicts", "counted_people", "note_shares", "comparisons", "promises_kept", "portraits",
    "portrait_means", "distinctive", "share_of_voice", "strengths", "switching", "claims", "lessons", "segments", "segment_members",
    "segment_traits", "segment_search", "need_ability", "personas", "triangulation", "real_customers", "customer_behaviour", "series",
    "trends", "offer_prices", "verdicts_by_kind", "verdict_readings",
)  # fmt: skip
_NOT_THE_SAME = ("checked_at", "run_id")


def _everything(store: Store) -> dict[str, list[tuple[str, ...]]]:
    found = {}
    for table in TABLES:
        rows = store.query(f'select * from "{table}"')
        found[table] = sorted(tuple(repr(v) for k, v in row.items() if k not in _NOT_THE_SAME) for row in rows)
    return found


def _write(world: World, store: Store, people: list[Person], mark: str) -> None:
    """Posts of people, new ones or known ones, each telling the same; ``mark`` sets their posts apart from others."""
    source = store.source_id("https://dien-dan.example/f/me-va-be/")
    posts, readings = [], {}
    for number, person in enumerate(people):
        for copy in range(person.posts):
            text, cues, pains = _told(person, copy)
            at = NOW - timedelta(days=number % 60, hours=copy)
            posts.append(
                Post(
                    f"{mark}{number}-{copy}", text, person.name, at, url=f"https://dien-dan.example/t/1#{mark}{number}"
                )
            )
            readings[text] = (cues, pains, person.brand)
    thread = Thread(mark, f"https://dien-dan.example/t/{mark}", "generic", f"Hỏi {mark}", tuple(posts))
    store.write(WriteBatch(threads=[(source, thread)]))
    _read(store, readings)


def _read(store: Store, readings: dict[str, Any]) -> None:
    run = store.begin_run("read", {"text": "planted"})
    for batch in store.posts_to_read("planted"):
        store.save_annotations(
            run, "planted", [_reading(post, *readings.get(post.text, ((), (), None))) for post in batch]
        )
    store.end_run(run, "done")


def _sql(store: Store, *statements: str) -> None:
    with store._db.conn as db:  # type: ignore[attr-defined]
        for statement in statements:
            db.execute(statement)


def _added(world: World, store: Store) -> Study:
    known = crowd(MINI, LIKE_OURS, 70, 2)[::9]
    new = [
        *crowd(BE, UNLIKE_OURS, 15, 9),
        Person("người mới", OWN, [("age", "41", None), ("interest", "làm bánh", None)]),
    ]
    _write(world, store, [*known, *new], "moi")
    return world.study


def _edited(world: World, store: Store) -> Study:
    _write(
        world,
        store,
        [
            Person(p.name, MINI, [("location", "Huế", None)], [("complaint", "price")])
            for p in crowd(BE, UNLIKE_OURS, 15, 9)
        ],
        "sua",
    )
    _write(
        world,
        store,
        [Person(p.name, OWN, [("location", "Hà Nội", None)]) for p in crowd(BE, UNLIKE_OURS, 15, 9)],
        "sua",
    )
    return world.study


def _copies(world: World, store: Store) -> Study:
    _sql(store, "update posts set duplicate_of = (select min(post_id) from posts) where id % 11 = 3")
    return world.study


def _sells(world: World, store: Store) -> Study:
    _sql(
        store, "insert or ignore into post_marks (post, mark) select id, 'contact' from posts where author_id % 17 = 4"
    )
    return world.study


def _undone(world: World, store: Store) -> Study:
    """What is undone leaves no rows of its posts."""
    some = "select id from posts where id % 13 = 5"
    _sql(store, *(f"delete from {t} where post in ({some})" for t in ("cues", "pains", "mentions", "post_marks", "annotations")),
         "delete from posts where id % 13 = 5")  # fmt: skip
    return world.study


def _asked(world: World, store: Store) -> Study:
    own: Any = STUDY["own"]
    segment = {
        **own["target"][0],
        "assumptions": [
            *own["target"][0]["assumptions"],
            {"attribute": "channel", "expect": "tiktok", "at_least": 0.3},
        ],
    }
    study = Study.model_validate({**STUDY, "own": {**own, "target": [segment]}})
    study._path = world.study._path
    store.sync_study(study)
    return study


def _erased(world: World, store: Store) -> Study:
    store.purge(texts_before=datetime.now(UTC) + timedelta(days=1), pages_before=None)
    return world.study


@pytest.fixture
def store(world: World) -> Any:
    with world.open() as opened:
        people = [*crowd(OWN, LIKE_OURS, 70, 1), *crowd(MINI, LIKE_OURS, 70, 2), *crowd(BE, UNLIKE_OURS, 70, 3)]
        world.fill(opened, people)
        findings.find(opened, world.study)
        yield opened


@pytest.mark.parametrize(
    "changes", [(_added, _edited), (_copies, _sells), (_added, _undone, _added), (_added, _asked), (_erased,)]
)
def test_an_analysis_after_changes_is_as_one_from_nothing(
    world: World, store: Store, changes: tuple[Callable[[World, Store], Study], ...]
) -> None:
    study = world.study
    for change in changes:
        study = change(world, store)
        assert findings.find(store, study).changed
    some = _everything(store)
    findings.find(store, study, again=True)
    whole = _everything(store)
    assert {table for table in TABLES if some[table] != whole[table]} == set()
    assert next(store.query("select count(*) as n from changed_posts"))["n"] == 0


def test_one_that_was_killed_leaves_nothing_behind(world: World, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that it had written and that what came after has made untrue are gone too."""
    _added(world, store)
    with monkeypatch.context() as patched:
        patched.setattr(findings, "STEPS", (*findings.STEPS[:5], ("dies", _dies)))
        with pytest.raises(RuntimeError):
            findings.find(store, world.study)
    _edited(world, store)
    _sql(store, "update posts set duplicate_of = (select min(post_id) from posts) where post_id like '%moi%'")
    findings.find(store, world.study)
    some = _everything(store)
    findings.find(store, world.study, again=True)
    assert _everything(store) == some


def _dies(_: object) -> None:
    raise RuntimeError


def test_few_rows_are_written_after_few_new_posts(world: World, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(world, store, [Person("người mới", OWN, [("age", "41", None)])], "moi")
    written: dict[str, int] = {}
    change = store.change_columns

    def noted(table: str, gone: Any, new: Any) -> None:
        written[table] = len(next(iter(gone.values()))) + len(next(iter(new.values())))
        change(table, gone, new)

    monkeypatch.setattr(store, "change_columns", noted)
    findings.find(store, world.study)
    assert set(written) == {"profiles", "relations", "counted_people"}
    assert max(written.values()) <= 4, "one row of the profile, one figure and both sides of an assumption"
    assert tables  # the module that writes them


def test_erased_texts_leave_no_words(world: World, store: Store) -> None:
    names = "select name from kept_columns where name like 'texts%'"
    assert len(list(store.query(names))) == len(kept_words.NAMES)
    _erased(world, store)
    assert not list(store.query(names))


def test_kept_words_are_those_that_splitting_finds() -> None:
    asked: list[str] = []

    def split(text: str, lang: str) -> tuple[str, ...]:
        asked.append(text)
        return (lang, *text.split())

    first = KeptWords(split, "1", {})
    found = [first("mềm và mỏng", "vi"), first("soft", "en"), first("", "vi")]
    again = KeptWords(split, "1", first.packed())
    asked.clear()
    assert [again("mềm và mỏng", "vi"), again("soft", "en"), again("", "vi")] == found
    assert not asked
    other = KeptWords(split, "2", first.packed())
    assert other("soft", "en") == ("en", "soft")
    assert asked == ["soft"], "what is split otherwise now is split anew"


def test_results_are_taken_only_where_all_they_rest_on_is_the_same() -> None:
    asked: list[int] = []

    def result(number: int) -> list[float]:
        asked.append(number)
        return [number / 3]

    first = Memo()
    assert first("a", (np.arange(3), 1), lambda: result(1)) == [1 / 3]
    again = Memo(first.packed())
    assert again("a", (np.arange(3), 1), lambda: result(2)) == [1 / 3]
    assert again("a", (np.arange(4), 1), lambda: result(3)) == [1.0]
    assert again("b", (np.arange(3), 1), lambda: result(4)) == [4 / 3]
    assert asked == [1, 3, 4]


def test_rows_that_differ_are_found() -> None:
    old = {"a": np.array([1, 2, 3, 4]), "b": np.array([0.5, 0.5, -0.0, 1.0])}
    new = {"a": np.array([4, 3, 2, 9]), "b": np.array([1.0, 0.0, 0.25, 1.0])}
    gone, fresh = differing(old, new)
    assert gone.tolist() == [True, True, False, False]
    assert fresh.tolist() == [False, False, True, True]
    nothing = {name: values[:0] for name, values in new.items()}
    assert differing(nothing, new)[1].all()
    assert not len(differing(nothing, nothing)[0])


@pytest.mark.parametrize("values", [[-(2**62), 2**62 + 1], [-1, 2**63 - 1], [0, 255, 256], [-129, 127], []])
def test_numbers_are_kept_as_they_are(values: list[int]) -> None:
    assert unpacked(packed({"n": np.array(values, dtype=np.int64)}))["n"].tolist() == values


@pytest.mark.parametrize("known", [[], [0], [3], [1, 2, 3, 5, 8], [5, 4000]])
def test_places_are_those_of_searchsorted(known: list[int]) -> None:
    numbers, wanted = np.array(known, dtype=np.int64), np.array([0, 1, 4, 5, 8, 9, 3999, 4000, 9999])
    assert places(numbers, wanted).tolist() == np.searchsorted(numbers, wanted).tolist()


def test_rows_in_order_are_left_alone_and_ties_keep_theirs() -> None:
    rows = {"a": np.array([2, 1, 2, 1]), "b": np.array([0, 1, 2, 3])}
    assert ordered(rows, rows["a"])["b"].tolist() == [1, 3, 0, 2]
    assert ordered(rows, rows["b"]) is rows


def test_changes_between_brands_are_read_again_only_of_changed_posts(
    world: World, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    changes = switching.changes

    def noted(cues: Any, study: Study, told: Any = ()) -> Any:
        rows = list(cues)
        seen.extend({row["post"] for row in rows})
        return changes(rows, study, told)

    monkeypatch.setattr(switching, "changes", noted)
    change = ("behaviour", "switching_from", None)
    _write(world, store, [Person("người đổi", OWN, [change])], "doi")
    findings.find(store, world.study)
    first = seen.copy()
    seen.clear()
    _write(world, store, [Person("người khác", OWN, [change])], "khac")
    findings.find(store, world.study)
    assert (len(first), len(seen)) == (1, 1)
    assert first != seen
