"""What people say of the machine's answers: it wins, it lasts, and what contradicts is listed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.labels import Label, contradictions, located, overlaid, standing
from data.records import Annotation, Cue, Pain
from data.store import PostReading, Store
from tests.filling import NOW, open_filled, post, save, thread

TEXT = "Mình 28 tuổi ở Hà Nội, bỉm này hay bị tràn, giá thì hơi chát"


def cue(attribute: str, value: str, quote: str, text: str = TEXT, **more: object) -> Cue:
    start = text.index(quote)
    values: dict[str, object] = {"who": "self", "confidence": 0.8, "source_component": "cues 1", **more}
    return Cue(attribute, value, start=start, end=start + len(quote), quote=quote, **values)  # type: ignore[arg-type]


def pain(category: str, quote: str, text: str = TEXT, **more: object) -> Pain:
    start = text.index(quote)
    values: dict[str, object] = {"kind": "complaint", "target": "bỉm", "severity": 2, **more}
    return Pain(
        category=category, start=start, end=start + len(quote), quote=quote, confidence=0.7, source_component="pains 1", **values,  # type: ignore[arg-type]
    )  # fmt: skip


AGE = cue("age", "28", "28 tuổi")
PLACE = cue("location", "Hà Nội", "ở Hà Nội")
LEAK = pain("quality", "bị tràn")
PRICE = pain("price", "hơi chát", severity=1)
FOUND = Annotation("1", "vi", (AGE, PLACE), (LEAK,))


def label(verdict: str, answer: Cue | Pain | None = None, coder: str = "lan", number: int = 0, **more: object) -> Label:
    at = NOW + timedelta(minutes=number)
    return Label(1, coder, verdict, at, answer, label_id=number, **more)  # type: ignore[arg-type]


def said(found: Annotation) -> set[tuple[str, str]]:
    return {(c.value, c.source_component) for c in found.cues} | {(p.category, p.source_component) for p in found.pains}


def test_what_people_say_stands_beside_what_they_did_not_look_at() -> None:
    labels = [
        label("accepted", AGE),
        label("rejected", PLACE),
        label("changed", replace(LEAK, category="performance"), was=LEAK),
        label("added", PRICE),
    ]
    assert said(overlaid(FOUND, labels[:1], TEXT)) == {
        ("28", "label:lan"),
        ("Hà Nội", "cues 1"),
        ("quality", "pains 1"),
    }
    assert said(overlaid(FOUND, labels, TEXT)) == {
        ("28", "label:lan"),
        ("performance", "label:lan"),
        ("price", "label:lan"),
    }


def test_a_newer_machine_changes_nothing_that_was_judged() -> None:
    later = Annotation("1", "vi", (replace(AGE, value="29"), replace(PLACE, start=PLACE.start + 2, quote="Hà Nội")), ())
    labels = [label("accepted", AGE), label("rejected", PLACE), label("accepted", LEAK)]
    assert said(overlaid(later, labels, TEXT)) == {("28", "label:lan"), ("quality", "label:lan")}


def test_of_a_post_that_somebody_is_done_with_nothing_new_is_found() -> None:
    labels = [label("accepted", AGE), label("done")]
    assert said(overlaid(FOUND, labels, TEXT)) == {("28", "label:lan")}
    edited = [replace(one, same_text=False) for one in labels]
    assert said(overlaid(FOUND, edited, TEXT)) == {("28", "label:lan"), ("Hà Nội", "cues 1"), ("quality", "pains 1")}
    assert said(overlaid(FOUND, [label("accepted", AGE), label("nothing")], TEXT)) == set()


def test_one_quote_may_tell_several_values() -> None:
    text = "hay mua ở shopee với lazada"
    shops = [cue("channel", name, "shopee với lazada", text) for name in ("shopee", "lazada")]
    labels = [label("added", shop) for shop in shops] + [label("rejected", shops[0])]
    assert said(overlaid(Annotation("1", "vi"), labels, text)) == {("lazada", "label:lan")}


def test_the_same_words_may_tell_two_pains_to_one_person() -> None:
    slow = replace(LEAK, category="performance")
    labels = [label("added", LEAK, number=1), label("added", slow, number=2), label("added", LEAK, number=3)]
    assert said(overlaid(Annotation("1", "vi"), labels, TEXT)) == {
        ("quality", "label:lan"),
        ("performance", "label:lan"),
    }
    others = [label("accepted", one, "minh", number) for number, one in enumerate((LEAK, slow), 4)]
    assert {who for _, who in said(overlaid(Annotation("1", "vi"), [*labels, *others], TEXT))} == {"label:minh"}
    assert contradictions([*labels, *others, label("done", coder="minh", number=6)], TEXT) == []
    without = overlaid(Annotation("1", "vi"), [*labels, label("rejected", LEAK, number=4)], TEXT)
    assert said(without) == {("performance", "label:lan")}, "one of the two is wrong, not both"


def test_of_two_pains_on_the_same_words_one_is_changed_and_one_rejected() -> None:
    price, service = (replace(LEAK, category=name) for name in ("price", "service"))
    minh = [label("added", LEAK, "minh", 1), label("added", price, "minh", 2), label("done", None, "minh", 3)]
    changed, rejected = label("changed", service, "hoa", 4, was=price), label("rejected", LEAK, "hoa", 5)
    for hoa in ([changed, rejected], [rejected, changed]):
        labels = [*minh, *hoa, label("done", None, "hoa", 6)]
        assert said(overlaid(FOUND, labels, TEXT)) == {("service", "label:hoa")}
        pairs = {(c.earlier.answer, c.later.answer) for c in contradictions(labels, TEXT)}
        assert pairs == {(LEAK, LEAK), (price, service)}


def test_the_newest_wins_and_contradictions_are_listed() -> None:
    labels = [
        label("accepted", AGE, number=1),
        label("accepted", PLACE, number=2),
        label("changed", replace(AGE, value="29"), "minh", 3, was=AGE),
        label("accepted", PLACE, "minh", 4),
        label("added", PRICE, "minh", 5),
    ]
    assert ("29", "label:minh") in said(overlaid(FOUND, labels, TEXT))
    [one] = contradictions(labels, TEXT)
    assert (one.answer.quote, one.earlier.coder, one.later.coder) == ("28 tuổi", "lan", "minh")
    whole = [*labels, label("done", number=6)]
    assert [c.answer.quote for c in contradictions(whole, TEXT)] == ["28 tuổi", "hơi chát"], "lan is done without it"
    assert contradictions(labels[:2], TEXT) == []


def test_an_edited_text_moves_a_label_or_loses_it() -> None:
    edited = f"Sửa: {TEXT}"
    moved = located(LEAK, edited)
    assert moved is not None
    assert edited[moved.start : moved.end] == LEAK.quote
    gone = TEXT.replace("bị tràn", "ổn")
    assert located(LEAK, gone) is None
    [lost] = standing([label("accepted", LEAK)], gone).judged
    assert lost.lost
    assert overlaid(Annotation("1", "vi"), [label("accepted", LEAK)], gone).pains == ()


# In the store


@pytest.fixture
def filled(store: Store) -> Store:
    save(store, thread(post(1, TEXT), post(2, "Hàng tốt")))
    read(store)
    return store


def read(store: Store, version: str = "1") -> None:
    run = store.begin_run("read")
    for batch in store.posts_to_read(version):
        labels = store.labels_of(one.key for one in batch)
        store.save_annotations(
            run,
            version,
            [
                PostReading(
                    one,
                    overlaid(FOUND if one.text == TEXT else Annotation("2", "vi"), labels.get(one.key, []), one.text),
                )
                for one in batch
            ],
        )


def in_store(store: Store) -> set[tuple[str, str]]:
    rows = store.query(
        "select value as v, source_component as c from cues union all select category, source_component from pains"
    )
    return {(row["v"], row["c"]) for row in rows}


def test_a_label_has_its_post_read_again_and_no_other(filled: Store) -> None:
    assert list(filled.posts_to_read("1")) == []
    [number] = filled.save_labels([label("rejected", LEAK)])
    assert [one.key for batch in filled.posts_to_read("1") for one in batch] == [1]
    read(filled)
    assert in_store(filled) == {("28", "cues 1"), ("Hà Nội", "cues 1")}
    read(filled, "2")
    assert in_store(filled) == {("28", "cues 1"), ("Hà Nội", "cues 1")}, "it survives another version"
    assert filled.forget_labels([number]) == 1
    read(filled, "2")
    assert ("quality", "pains 1") in in_store(filled)


def test_a_label_comes_back_as_it_was_given(filled: Store) -> None:
    given = label("changed", replace(LEAK, category="performance"), was=LEAK, component="pains 1")
    filled.save_labels([given, label("done")])
    first, second = filled.labels_of([1, 2])[1]
    assert (first.verdict, first.coder, first.component, first.labelled_at) == ("changed", "lan", "pains 1", NOW)
    assert isinstance(first.answer, Pain)
    assert isinstance(first.was, Pain)
    assert (first.answer.category, first.was.category) == ("performance", "quality")
    assert second.answer is None
    assert filled.save_labels([replace(given, post=99)]) == [], "there is no such post"


def test_another_crawl_keeps_labels_and_an_edit_says_so(filled: Store) -> None:
    filled.save_labels([label("added", PRICE), label("done")])
    save(filled, thread(post(1, TEXT), post(2, "Hàng tốt")))
    assert [one.same_text for one in filled.labels_of([1])[1]] == [True, True]
    save(filled, thread(post(1, TEXT.replace("hơi chát", "ổn")), post(2, "Hàng tốt")))
    assert [one.same_text for one in filled.labels_of([1])[1]] == [False, False]
    rows = list(filled.query("select verdict, lost from labels_flat order by label_id"))
    assert [(row["verdict"], row["lost"]) for row in rows] == [("added", 1), ("done", 0)]


def test_a_post_takes_its_labels_along(filled: Store) -> None:
    filled.save_labels([label("added", PRICE)])
    filled.purge(texts_before=datetime.now(UTC) + timedelta(days=1), pages_before=None)
    assert filled.labels_of([1]) == {}


def test_a_file_imported_anew_keeps_the_labels_of_its_posts(tmp_path: Path) -> None:
    from data.store.imported import ImportedFile

    file = ImportedFile("bai.csv", "d", "posts", "table", "forum", "market", {}, None)

    def bring(store: Store, *texts: str) -> None:
        number, source = store.begin_import(store.begin_run("import"), file)
        posts = [post(n, text) for n, text in enumerate(texts, 1)]
        store.save_imported(number, source, [thread(*posts)], [])
        store.end_import(number, {"rows": len(texts)})

    with open_filled(tmp_path / "thu.db") as store:
        bring(store, TEXT, "Hàng tốt")
        store.save_labels([label("added", PRICE), replace(label("added", PRICE), post=2)])
        with store.one_transaction():
            assert store.take_back(file.source) == 2
            bring(store, TEXT)
        assert [one.verdict for labels in store.labels_of([1, 2, 3]).values() for one in labels] == ["added"]
        assert len(list(store.query("select 1 from labels"))) == 1, "what did not come back is gone"
