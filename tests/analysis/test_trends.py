"""A market that moves as it was planted: series, trends, what has changed, and the section that tells of it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from analysis import changed, changed_evidence, findings, frames, trends
from analysis.facts import Facts
from analysis.report import html, markdown, pain_trends
from analysis.report.blocks import Line, Lines, Section, every
from analysis.report.briefing.drawn import hurt_bar
from analysis.report.build import build
from analysis.report.model import Estimate, Hurt, Seen, Told, Trend
from analysis.report.sections import trends as over_time_section
from analysis.report.speech import Speech
from data.records import Offer
from data.store import Store, open_store
from tests.analysis.over_time import Said, months, write
from tests.analysis.world import BE, MADE_AT, MINI, OWN, World, letters

LAST = datetime(2026, 10, 31, tzinfo=UTC)
NOW = "2026-11-20T08:00:00Z"


def _planted() -> list[Said]:
    """Two years: price rises at MiniCare and safety jumps there, all else stays; Bé Yêu is not spoken of in two months."""
    return [
        *months(OWN, 24, 60, {"price": lambda _: 0.25}, last=LAST, tells={"g": lambda _: 0.8}),
        *months(
            MINI, 24, 140,
            {"price": lambda t: 0.1 + 0.25 * t, "safety_health": lambda t: 0.1 if t < 0.5 else 0.35, "delivery": lambda _: 0.2},
            last=LAST, tells={"g": lambda t: 0.3 + 0.5 * t},
        ),
        *(one for one in months(BE, 24, 50, {"price": lambda _: 0.35}, last=LAST) if one.at and one.at.month not in (5, 6)),
        *(Said(f"không ngày {letters(number)}", None, MINI) for number in range(4)),
        Said("ngày mai", datetime(2031, 1, 1, tzinfo=UTC), MINI),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Analysed twice: in between came sixty people who tell of safety, and MiniCare raised a price."""
    world = World(tmp_path_factory.mktemp("moved"))
    with world.open() as store:
        write(world, store, _planted())
        world.page(store, "https://minicare.example/", offers=(Offer("MiniCare M", 259000.0, "VND", "259.000đ"),))
        findings.find(store, world.study)
        late = datetime(2026, 11, 3, tzinfo=UTC)
        write(
            world, store,
            [Said(f"mới {letters(n)}", late, OWN, (), [("complaint", "safety_health")]) for n in range(60)], thread="u",
        )  # fmt: skip
        world.page(store, "https://minicare.example/", offers=(Offer("MiniCare M", 299000.0, "VND", "299.000đ"),))
        findings.find(store, world.study)
    return world


@pytest.fixture
def store(moved: World) -> Iterator[Store]:
    with open_store(moved.study.database, read_only=True) as opened:
        yield opened


def _trend(store: Store, brand: str, value: str) -> dict[str, Any]:
    return next(iter(store.query("select * from trends where brand = :b and value = :v", {"b": brand, "v": value})))


def test_a_need_that_rises_is_found_and_what_stays_is_not(store: Store) -> None:
    assert _trend(store, MINI, "price")["verdict"] == "rises"
    assert _trend(store, MINI, "female")["verdict"] == "rises"
    assert _trend(store, MINI, "delivery")["verdict"] == "unknown"
    assert _trend(store, OWN, "price")["verdict"] == "unknown"


def test_a_jump_is_told_with_its_month(store: Store) -> None:
    (jump,) = json.loads(_trend(store, MINI, "safety_health")["jumps"])
    assert jump["period"] == "2025-11-01"
    assert jump["before"] == pytest.approx(0.1, abs=0.03)
    assert jump["after"] == pytest.approx(0.35, abs=0.05)


def test_series_count_people_once_a_period(store: Store) -> None:
    row = next(
        iter(store.query("select * from series where brand = 'MiniCare' and value = 'price' and period = '2026-03-01'"))
    )
    true = next(iter(store.query(
        "select count(distinct p.author_id) as told from pains h join posts p on p.id = h.post join brands b on b.brand_id = h.brand_id "
        "where b.name = 'MiniCare' and h.category = 'price' and p.posted_at like '2026-03%'"
    )))  # fmt: skip
    assert (row["authors"], row["n"], row["whole"]) == (true["told"], 140, 1)
    assert row["low"] < row["share"] < row["high"]


def test_a_period_without_enough_people_is_empty_and_not_zero(store: Store) -> None:
    rows = {
        row["period"]: row["share"]
        for row in store.query("select * from series where brand = 'Bé Yêu' and subject = 'pain' and value = 'price'")
    }
    assert rows["2026-05-01"] is None
    assert rows["2026-06-01"] is None
    assert rows["2026-07-01"] is not None


def test_no_small_group_is_in_the_series(store: Store) -> None:
    rows = list(store.query("select * from series where share is not null"))
    assert rows
    assert not [row for row in rows if row["n"] < 5 or 0 < row["authors"] < 5]
    assert not [row for row in rows if row["subject"] != "pain" and 0 < row["n"] - row["authors"] < 5]


def test_the_last_month_is_marked_for_not_being_whole(store: Store) -> None:
    whole = dict(store.tuples("select distinct period, whole from series order by period"))
    assert whole["2026-11-01"] == 0
    assert whole["2026-10-01"] == 1


def test_what_came_between_two_analyses(store: Store) -> None:
    found = changed.changes_since(store, changed.last_compared(store) or 0)
    kinds = {(one.kind, one.brand, one.value) for one in found}
    assert (changed.NEW, OWN, "safety_health") in kinds
    assert (changed.MOVED, OWN, "price") in kinds
    price = next(one for one in found if (one.kind, one.brand, one.value) == (changed.MOVED, OWN, "price"))
    assert price.newcomers == {"count": 0, "n": 60, "share": 0}
    assert not [one for one in found if one.kind == changed.MOVED and one.brand == MINI and one.subject == "pain"]


def test_nothing_is_told_of_a_run_that_is_the_last(store: Store) -> None:
    last = next(iter(store.query("select max(run_id) as run from runs where what = 'find'")))["run"]
    assert changed.changes_since(store, last) == []
    assert changed.changes_since(store, last + 10) == []


def test_what_changed_beside_the_figures_is_told(world: World) -> None:
    claim = {"assumption": "a", "version": 1, "brand": OWN, "kind": "survey"}
    answer = {"verdict": "supported", "share": 0.8, "low": 0.7, "high": 0.9, "count": 80.0, "n": 100.0}
    with world.open() as store:
        first = store.begin_run("find", {})
        store.end_run(first, "done", {})
        store.replace_rows("verdict_history", [{**claim, **answer, "run_id": first, "checked_at": "2026-01-01"}])
        gone = store.begin_run("undo", {})
        store.end_run(gone, "done", {"imports": [4]})
        last = store.begin_run("find", {})
        rows = [
            {**claim, **answer, "verdict": "contradicted", "audience": "all", "unit": "people", "newest": 1},
            {**claim, **answer, "kind": "analytics", "audience": "all", "unit": "people", "newest": 1},
            {
                **claim,
                **answer,
                "kind": "orders",
                "verdict": "undecided",
                "audience": "all",
                "unit": "people",
                "newest": 1,
            },
        ]
        store.replace_rows("verdicts_by_kind", [{**row, "checked_at": "2026-02-01"} for row in rows])
        told = list(changed_evidence.verdicts(store, first))
        assert [(kind, before, after) for _, _, kind, before, after in told] == [
            ("survey", {"answer": "supported"}, {"answer": "contradicted"}),
            ("analytics", {}, {"answer": "supported"}),
        ]
        assert list(changed_evidence.imports(store, first, last)) == [("", "undone", "", {}, {"count": 1})]
        was = {(OWN, "verdict", "a", ""): {"answer": "supported"}}
        assert not list(changed_evidence.assumptions(store, first, last, was, {}))


def test_the_run_before_a_day(store: Store) -> None:
    first, last = (row["run_id"] for row in store.query("select run_id from runs where what = 'find' order by run_id"))
    assert changed.run_before(store, "2020-01-01") is None
    assert changed.run_before(store, "2999-01-01") == last
    assert changed.last_compared(store) == first


def test_prices_are_one_row_a_stretch_of_time(store: Store) -> None:
    rows = list(store.query("select price from offer_prices where brand = 'MiniCare' order by since, price"))
    assert [row["price"] for row in rows] == [259000.0, 299000.0]


@pytest.fixture(scope="module")
def sections(moved: World) -> dict[str, tuple[Section, str]]:
    """Language → the section, and the page that shows it."""
    found = {}
    with open_store(moved.study.database, read_only=True) as store:
        report = build(store, moved.study, MADE_AT)
        for lang in ("vi", "en"):
            section = over_time_section.section(store, moved.study, Speech(lang, moved.study.timezone))
            assert section is not None
            found[lang] = (section, html.render(report, lang, [section]) + markdown.render(report, lang, [section]))
    return found


def _lines(section: Section) -> list[Line]:
    return [line for block in every(section.blocks) if isinstance(block, Lines) for line in block.lines]


@pytest.mark.parametrize(("lang", "mark"), [("vi", "giá cao ▲ tăng"), ("en", "high prices ▲ rises")])
def test_the_section_marks_what_rises(sections: dict[str, tuple[Section, str]], lang: str, mark: str) -> None:
    section, page = sections[lang]
    assert mark in [line.name for line in _lines(section)]
    assert mark in page
    assert not re.search(r"[{}]", " ".join(line.note or "" for line in _lines(section)))


def test_the_section_tells_what_has_changed(sections: dict[str, tuple[Section, str]]) -> None:
    assert "không ai trong 60 người mới lên tiếng kể chuyện này" in sections["vi"][1]
    assert "mới nổi lên" in sections["vi"][1]
    assert "nobody among the 60 people who are new tells of it" in sections["en"][1]


def test_a_line_breaks_where_nothing_may_be_told(sections: dict[str, tuple[Section, str]]) -> None:
    lines = [
        line
        for block in every(sections["en"][0].blocks)
        if isinstance(block, Lines) and block.title.startswith(BE)
        for line in block.lines
    ]
    july = [moment for line in lines for moment in line.moments if moment.when == "2026-07"]
    assert july
    assert all(moment.apart for moment in july)
    assert not [moment for line in lines for moment in line.moments if moment.when in ("2026-05", "2026-06")]
    assert 'class="gap"' in sections["en"][1]  # dotted, so that its pieces are seen to be one line


def test_a_forecast_is_not_joined_to_a_month_that_is_not_whole(sections: dict[str, tuple[Section, str]]) -> None:
    for line in _lines(sections["en"][0]):
        ahead = [moment for moment in line.moments if moment.guessed]
        if ahead:
            assert ahead[0].when == "2026-11"
            assert ahead[0].apart
        assert all(moment.apart for moment in line.moments if "not a whole" in moment.n)
        assert line.now is None or "not a whole" not in line.now.n


def _analysed(world: World, store: Store, said: list[Said]) -> Facts:
    write(world, store, said)
    people = frames.load(store, world.study, datetime.fromisoformat(NOW))
    facts = Facts(people, store, world.study, store.begin_run("find"), NOW)
    trends.find(facts)
    return facts


HOSTILE = {
    "nobody": [],
    "no dates": [Said(f"a {letters(n)}", None, MINI, (), [("complaint", "price")]) for n in range(60)],
    "one month": [
        Said(f"a {letters(n)}", datetime(2026, 10, 1 + n % 28, tzinfo=UTC), MINI, (), [("complaint", "price")] * (n % 2))
        for n in range(90)
    ],
    "the future": [Said(f"a {letters(n)}", datetime(2040, 1, 1, tzinfo=UTC), MINI) for n in range(30)],
    "one loud author": [
        Said("một người", datetime(2026, 1 + n % 10, 1 + n % 28, n % 24, tzinfo=UTC), MINI, (), [("complaint", "price")])
        for n in range(200)
    ],
    "three people": [Said(f"a {n % 3}", datetime(2026, 1 + n % 10, 2, n % 24, tzinfo=UTC), MINI) for n in range(40)],
    "two islands in time": [
        Said(f"a {letters(n)}", datetime(2024 + n % 2, 3, 1 + n % 28, tzinfo=UTC), MINI, (), [("complaint", "price")])
        for n in range(80)
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_shapes_flag_nothing_and_break_nothing(world: World, name: str) -> None:
    with world.open() as store:
        facts = _analysed(world, store, HOSTILE[name])
        store.end_run(facts.run, "done", {"posts": len(facts.people.posts), **facts.counts})
        assert not list(store.query("select * from trends where verdict in ('rises', 'falls') or jumps <> '[]'"))
        for lang in ("vi", "en"):
            section = over_time_section.section(store, world.study, Speech(lang))
            assert (section is None) == (not len(facts.people.posts))
            if section is not None and name in ("no dates", "three people", "one loud author"):
                assert not _lines(section)


def test_undated_and_future_posts_are_counted(world: World) -> None:
    with world.open() as store:
        facts = _analysed(world, store, [*HOSTILE["no dates"], *HOSTILE["one month"][:0], *HOSTILE["nobody"]])
        assert (facts.counts["undated"], facts.counts["future"]) == (60, 0)


def test_an_analysis_with_nothing_new_keeps_nothing_new(moved: World, tmp_path: Path) -> None:
    shutil.copytree(moved.folder, tmp_path / "copy")
    study = moved.study.model_copy()
    study._path = tmp_path / "copy" / "study.yaml"
    with open_store(study.database) as store:
        before = list(store.tuples("select * from kept_figures"))
        findings.find(store, study, again=True)
        assert list(store.tuples("select * from kept_figures")) == before


def _month_by_month(told: list[int], people: int = 30) -> list[Said]:
    """In each month so many of ``people`` tell that MiniCare is dear; the months are whole, the last is October 2026."""
    months = [divmod(2026 * 12 + 10 - len(told) + number, 12) for number in range(len(told))]
    days = [datetime(year, month + 1, 1, tzinfo=UTC) for year, month in months]
    last = [after - timedelta(hours=20) for after in [*days[1:], datetime(2026, 11, 1, tzinfo=UTC)]]
    return [
        Said(
            f"tháng {number} người {letters(who)}", end if who == people - 1 else day + timedelta(hours=12 * who), MINI,
            (), [("complaint", "price")] * (who < many),
        )
        for number, (day, end, many) in enumerate(zip(days, last, told, strict=True))
        for who in range(people)
    ]  # fmt: skip


def test_what_few_tell_in_a_month_is_told_of_longer_periods(world: World) -> None:
    """Else the pain would have no line at all, though two hundred people speak and thirty tell of it."""
    with world.open() as store:
        _analysed(world, store, _month_by_month([3] * 10))
        rows = list(store.query("select * from series where brand = 'MiniCare' and value = 'price'"))
        assert [(row["step"], row["authors"], row["n"]) for row in rows] == [("two_months", 6, 60)] * 5
        assert rows[-1]["period"] == "2026-09-01"  # counted back from the newest, so that it is whole


def test_a_rise_is_told_where_few_told_of_it_before(world: World) -> None:
    """Periods of few are withheld one by one, and those in which many tell it are not withheld with them."""
    with world.open() as store:
        _analysed(world, store, _month_by_month([1, 0, 2, 0, 2, 1, 2, 1, 2, 1, 28, 29]))
        (jump,) = json.loads(_trend(store, MINI, "price")["jumps"])
        assert (jump["period"], jump["up"]) == ("2026-09-01", True)
        rows = list(
            store.query("select * from series where brand = 'MiniCare' and value = 'price' and share is not null")
        )
        assert [(row["authors"], row["n"]) for row in rows] == [(28, 30), (29, 30)]


def test_a_rise_is_told_in_one_sentence_in_both_places(world: World) -> None:
    """In words, though most of its periods may not be told; and that nothing rises is not said beside it."""
    with world.open() as store:
        write(world, store, _month_by_month([1, 0, 2, 0, 2, 1, 2, 1, 2, 1, 28, 29]))
        findings.find(store, world.study)
        report = build(store, world.study, MADE_AT)
        section = over_time_section.section(store, world.study, Speech("vi"))
        assert section is not None
        page = markdown.render(report, "vi", [section])
    said = "“giá cao” (MiniCare) đã tăng vọt từ tháng 09/2026: tháng 10/2026 có 29 trong 30 người kể, trong khi tháng 09/2026 có"
    assert page.count(said) == 2
    assert re.search(r"giá cao: .*n = 360\) ▲|giá cao: .*n = 360 ▲", page), "a mark where no line can be drawn"
    assert "chưa nỗi đau nào" not in page
    assert "Chưa đủ kỳ" not in page


def test_that_nothing_rises_is_told_only_where_it_was_tested(world: World) -> None:
    with world.open() as store:
        facts = _analysed(world, store, _month_by_month([22]))
        store.end_run(facts.run, "done", {"posts": len(facts.people.posts), **facts.counts})
        told = pain_trends.sentences(pain_trends.read(store, 5), Speech("vi"))
        assert told == ["Chưa đủ kỳ có nhiều người nói để biết nỗi đau nào tăng, nỗi đau nào giảm."]


@pytest.mark.parametrize(
    ("verdict", "shares", "drawn"),
    [
        ("rises", (0.1, 0.2, 0.3), True),
        ("rises", (0.3, 0.2, 0.3), False),
        ("falls", (0.3, 0.2, 0.1), True),
        ("jump_down", (0.1, 0.2, 0.3), False),
        ("unknown", (0.3, 0.2, 0.1), True),
        ("unknown", (0.3, 0.2), False),
    ],
)
def test_no_line_shows_the_contrary_of_what_was_found(verdict: str, shares: tuple[float, ...], drawn: bool) -> None:
    """Of a fall the last periods may be those that too few tell of; the mark says where it goes all the same."""
    periods = tuple(Told(f"2026-{month:02}", share, share, share, 90) for month, share in enumerate(shares, 1))
    hurt = Hurt(
        "price",
        Estimate(9, 90, 0.1, 0.05, 0.2),
        1.0,
        1,
        1,
        1,
        (),
        Seen(9, 1, None, None),
        None,
        Trend(verdict, periods),
    )
    bar = hurt_bar(hurt, Speech("vi"))
    assert (bar.line is not None) is drawn
    assert ({"▲", "▼"} & set(bar.n) != set()) is (verdict in pain_trends.MOVED and not drawn)


def test_a_pain_of_few_is_tested_at_longer_periods(world: World) -> None:
    """Three people a week speak of the brand: no week is enough for a test, two or four of them are."""
    start = datetime(2026, 5, 4, 5, tzinfo=UTC)
    said = [
        Said(f"người {letters(n)}", start + timedelta(hours=n * 56), MINI, (), (("complaint", "price"),) * (n % 2))
        for n in range(84)
    ]
    said += [Said(f"khách {letters(n)}", start + timedelta(hours=n * 28), OWN) for n in range(168)]
    with world.open() as store:
        write(world, store, said)
        findings.find(store, world.study)
        (trend,) = store.query("select * from trends where brand = ? and value = 'price'", (MINI,))
        assert trend["step"] in ("two_weeks", "four_weeks")
        assert trend["verdict"] == "unknown"
        assert trend["periods"] >= 6
        assert trend["forecast_verdict"] == "not_tried"
        shown = over_time_section.section(store, world.study, Speech("vi"))
        assert "kỳ hai tuần đủ ngày" in str(shown) or "kỳ bốn tuần đủ ngày" in str(shown)
