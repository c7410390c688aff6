"""The report's first sentence has one base, an imported file never falls silent, and the first of one is no rank."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from analysis import findings
from analysis.report import sentences
from analysis.report.build import build
from analysis.report.speech import Speech
from analysis.silence import silent
from analysis.triangulation.agreeing import judge
from analysis.triangulation.evidence import Told
from tests.analysis.world import OWN, Person, World, letters


def test_posts_and_people_of_the_first_sentence_are_those_counted(tmp_path: Path) -> None:
    world = World(tmp_path)
    people = [Person(f"chị {letters(n)}", OWN, tells=(("gender", "female", None),)) for n in range(12)]
    with world.open() as store:
        world.fill(store, people)
        findings.find(store, world.study)
        report = build(store, world.study, "2026-11-21T03:00:00+00:00")
    whole = report.coverage
    said = sentences.start(replace(report, coverage=replace(whole, posts=whole.counted + 30)), Speech("vi"))
    assert str(whole.counted) in said
    assert str(whole.counted + 30) not in said


def test_an_imported_file_is_no_source_that_stops(tmp_path: Path) -> None:
    world = World(tmp_path)
    with world.open() as store:
        world.fill(store, [Person(f"chị {letters(n)}", OWN) for n in range(30)])
        db = store._db  # type: ignore[attr-defined]
        run = store.begin_run("crawl", {})
        db.execute(
            "insert into crawls (run_id, source_id, started_at, ended_at, state) "
            "select ?, source_id, '2027-02-01', '2027-02-01', 'done' from sources",
            (run,),
        )
        db.conn.commit()
        assert list(silent(store, "2027-02-02"))  # a forum that was read and had nothing new for a year
        db.execute("update sources set url = 'file:ghi-chu.csv' where url like 'https://dien-dan%'")
        db.conn.commit()
        assert not list(silent(store, "2027-02-02"))


def test_the_first_of_one_is_no_rank() -> None:
    alone = Told(OWN, "behaviour", "repeat_buyer", "orders", n=39, share=0.0, low=0.0, high=0.09)
    judge([alone])
    assert alone.rank_low is None
    both = [
        Told(OWN, "pain", v, "survey", n=100, share=s, low=s - 0.05, high=s + 0.05)
        for v, s in (("price", 0.6), ("service", 0.2))
    ]
    judge(both)
    assert [one.rank_low for one in both] == [1, 2]
