"""Personas: every line is what people of the segment told; what nobody told is a question, and small groups make no line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from analysis import findings
from analysis.personas import GAP, PARTS, PORTRAIT, SKETCH, TRAIT
from analysis.report import html, markdown
from analysis.report.blocks import Bars, Card, Cards, Fold, Text
from analysis.report.model import Report
from analysis.report.sections import segments
from analysis.report.speech import Speech
from data.store import Store
from tests.analysis.world import HOSTILE, MINI, Person, World

Row = Mapping[str, Any]
FITS = [("gender", "female", None), ("age", "28", None)]
LETTERS = "abcdefghijklmnopqrstuvwxyzăâđêôơư"


def _find(world: World, people: list[Person]) -> Store:
    store = world.open()
    world.fill(store, people)
    findings.find(store, world.study)
    return store


def _lines(store: Store, line: str = TRAIT) -> list[Row]:
    return list(store.query("select * from personas where kind = 'named' and line = ? order by position", (line,)))


def test_every_line_stands_on_posts_of_members_that_tell_it(analysed_store: Store) -> None:
    rows = list(analysed_store.query("select * from personas where line = 'trait'"))
    assert len(rows) > 30
    for row in rows:
        posts = json.loads(row["evidence"])
        assert 1 <= len(posts) <= 2
        member = analysed_store.query(
            "select count(*) as n from posts p join segment_members m using (author_id) where m.kind = ? and m.segment = ? "
            "and p.id in (select value from json_each(?))",
            (row["kind"], row["segment"], row["evidence"]),
        )
        assert next(iter(member))["n"] == len(posts)
        assert 0 <= row["low"] <= row["share"] + 1e-9 <= row["high"] + 2e-9
        assert row["authors"] <= row["n"] <= row["audience"]


def test_parts_come_in_order_and_what_nobody_told_is_a_gap(analysed_store: Store) -> None:
    told = _lines(analysed_store)
    order = [list(PARTS).index(row["part"]) for row in told]
    assert order == sorted(order)
    gaps = {row["attribute"] for row in _lines(analysed_store, GAP)}
    assert {"education", "interest", "goal", "effort", "purchase_role"} <= gaps
    assert not gaps & {row["attribute"] for row in told}


def test_a_sketch_grows_into_a_portrait(world: World) -> None:
    few = [
        Person(f"ít {c}", MINI, [*FITS, ("value", "safety", None), ("channel", "tiktok", None)]) for c in LETTERS[:12]
    ]
    with _find(world, few) as store:
        sketch = _lines(store)
        assert {row["stage"] for row in sketch} == {SKETCH}
        assert [row["value"] for row in sketch if row["attribute"] == "value"] == ["safety"]
    more = [*FITS, ("channel", "tiktok", None), ("marital_status", "married", None), ("income", "20000000 VND", None),
            ("interest", "đọc sách", None)]  # fmt: skip
    many = [
        Person(f"nhiều {c}", MINI, [*more, ("value", "safety" if c < "m" else "price", None)], [("complaint", "price")])
        for c in LETTERS
    ]
    with world.open() as store:
        world.fill(store, [*few, *many])
        findings.find(store, world.study)
        portrait = _lines(store)
        assert {row["stage"] for row in portrait} == {PORTRAIT}
        assert len(portrait) > len(sketch)


def test_small_groups_and_one_loud_author_make_no_line(world: World) -> None:
    people = [Person(f"ai {c}", MINI, FITS, [("complaint", "service")] if c < "e" else []) for c in LETTERS[:20]]
    loud = Person("ồn ào", MINI, [*FITS, ("value", "price", None)], [("objection", "price")], posts=50)
    with _find(world, [*people, loud]) as store:
        told = {(row["attribute"], row["value"]) for row in _lines(store)}
        assert {attribute for attribute, _ in told} == {"gender", "age"}
        assert ("pain", "service") not in told  # four people
        assert next(r for r in _lines(store) if r["attribute"] == "gender")["authors"] == 21


def test_what_members_were_chosen_by_is_marked(analysed_store: Store) -> None:
    defining = {row["attribute"] for row in _lines(analysed_store) if row["defining"]}
    assert defining == {"gender", "age", "location", "price_sensitivity"}


# The report


def _walk(block: object) -> list[object]:
    inner = block.cards if isinstance(block, Cards) else block.blocks if isinstance(block, Card) else ()
    return [block, *(found for one in inner for found in _walk(one))]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_cards_lead_to_the_words_behind_every_line(
    lang: str, analysed: World, analysed_store: Store, report: Report
) -> None:
    found = segments.section(analysed_store, analysed.study, Speech(lang))
    assert found is not None
    blocks = [one for block in found.blocks for one in _walk(block)]
    anchors = {block.anchor for block in blocks if isinstance(block, Card)}
    bars = [
        row for card in blocks if isinstance(card, Card) for b in card.blocks if isinstance(b, Bars) for row in b.rows
    ]
    assert len(bars) > 20
    assert {row.key for row in bars} <= anchors
    assert all(Speech(lang).tell("n_is", n="")[:3] in row.n for row in bars)
    asked = [b for card in blocks if isinstance(card, Card) for b in card.blocks if isinstance(b, Fold)]
    assert any("?" in line.text for fold in asked for line in fold.blocks if isinstance(line, Text))
    for render in (html.render, markdown.render):
        assert found.title in render(report, lang, [found])


def test_hostile_words_stay_words(world: World, report: Report) -> None:
    bad = [("interest", HOSTILE, None), *FITS]
    with _find(world, [Person(f"phá {c}", MINI, bad, words=f"{HOSTILE} {c}") for c in LETTERS[:15]]) as store:
        found = segments.section(store, world.study, Speech("vi"))
        assert found is not None
        told = html.render(report, "vi", [found])
        assert "<script>alert(1)" not in told
        cards = [b for block in found.blocks for b in _walk(block) if isinstance(b, Card)]
        labels = [row.label for card in cards for b in card.blocks if isinstance(b, Bars) for row in b.rows]
        assert any("alert" in label for label in labels)
        assert not any("0912 345 678" in label or "\u202e" in label for label in labels)


def test_nobody_makes_no_section(world: World) -> None:
    with _find(world, []) as store:
        found = segments.section(store, world.study, Speech("vi"))
        assert found is None or not [b for b in found.blocks if isinstance(b, Cards)]
