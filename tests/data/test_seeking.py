"""Looking for posts by words and filters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.store import Store, open_store, seeking
from data.store.searching import marked, perhaps_written_so
from data.store.seeking import Sought, seek
from data.study_file import load


@pytest.fixture(scope="module")
def store(demo_study: Path) -> Iterator[Store]:
    with open_store(load(demo_study).database, read_only=True) as opened:
        yield opened


CASES = [
    Sought(),
    Sought(words="hăm"),
    Sought(words="ham"),
    Sought(brand="MiniCare"),
    Sought(words="ham", brand="MiniCare", category="safety_health"),
    Sought(attribute="gender", value="female", since="2026-05-01", until="2026-06-30"),
    Sought(attribute="gender", category="price"),
    Sought(words="khongcotunay"),
]


def plainly(store: Store, sought: Sought) -> set[str]:
    """The same by reading everything."""
    from data.folding import words

    wanted = set(words(sought.words))
    may_be = perhaps_written_so(marked(sought.words))
    rows = store.query(
        "select p.id, p.post_id, p.text, p.posted_at, t.title, p.id = ("
        "select o.id from posts o where o.thread_id = t.thread_id order by o.posted_at, o.id limit 1) as opens "
        "from posts p join threads t using (thread_id)"
    )
    named = {
        (row["post"], row["name"])
        for row in store.query("select m.post, b.name from mentions m join brands b using (brand_id)")
    }
    pains = {(row["post"], row["category"]) for row in store.query("select post, category from pains")}
    cues = {
        (row["post"], row["attribute"], value)
        for row in store.query("select post, attribute, value from cues")
        for value in (row["value"], "")
    }
    return {
        row["post_id"]
        for row in rows
        if (not wanted or wanted <= set(words(row["text"])) or (row["opens"] and wanted <= set(words(row["title"]))))
        and may_be(f"{row['text']} {row['title']}")
        and (not sought.brand or (row["id"], sought.brand) in named)
        and (not sought.category or (row["id"], sought.category) in pains)
        and (not sought.attribute or (row["id"], sought.attribute, sought.value) in cues)
        and (not sought.since or (row["posted_at"] or "") >= sought.since)
        and (not sought.until or (row["posted_at"] or "9")[:10] <= sought.until)
    }


@pytest.mark.parametrize("sought", CASES, ids=lambda one: str([value for value in one.named.values() if value]))
@pytest.mark.parametrize("few", [seeking.FEW, 10])
def test_what_is_found_is_what_reading_everything_finds(
    store: Store, sought: Sought, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seeking, "FEW", few)
    found = [row["post_id"] for row in seek(store, sought, limit=10_000).rows]
    expected = plainly(store, sought)
    assert len(found) == len(set(found))
    if few > 10 or not sought.words:
        assert set(found) == expected
    else:  # of common words, titles are not looked at
        assert set(found) <= expected


def test_marks_that_were_typed_come_first(store: Store) -> None:
    rows = seek(store, Sought(words="hăm"), limit=1000).rows
    typed = ["hăm" in (row["text"] + row["thread_title"]).lower() for row in rows]
    assert typed == sorted(typed, reverse=True)


def test_other_words_that_differ_in_their_marks_are_not_found() -> None:
    may_be = perhaps_written_so(["ồn"])
    assert [text for text in ("máy kêu ồn", "may keu on", "xài vẫn ổn áp", "cảm ơn shop") if may_be(text)] == [
        "máy kêu ồn",
        "may keu on",
    ]
    assert perhaps_written_so(["hòa"])("hoà tan nhanh")


def test_pages_follow_one_another(store: Store) -> None:
    whole = [row["id"] for row in seek(store, Sought(brand="MiniCare"), limit=60).rows]
    parts = [
        row["id"]
        for offset in (0, 20, 40)
        for row in seek(store, Sought(brand="MiniCare"), limit=20, offset=offset).rows
    ]
    assert parts == whole
