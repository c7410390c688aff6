"""Kinds of evidence side by side: weights, the rule of agreement, real customers, and what the report may tell."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analysis import findings
from analysis.report.blocks import Cards, Cell, Table, every
from analysis.report.sections import triangulation as section_of
from analysis.report.sections.real_customers import _Told
from analysis.report.speech import Speech
from analysis.statistics import wilson
from analysis.triangulation.agreeing import AGREE, CONFLICT, ONE_KIND, OPEN, judge
from analysis.triangulation.evidence import Told
from analysis.triangulation.real import _verdict
from analysis.triangulation.weights import Figure, combined, freshness
from data.store import Store, open_store
from data.store.imported import ImportedFile, Observation
from data.survey.coded import fit, is_of
from tests.analysis.world import MINI, OWN, STUDY, Person, World, letters, market

TODAY = date(2026, 11, 22)


def told(kind: str, count: float, n: int, value: str = "female", attribute: str = "gender") -> Told:
    low, high = wilson(count, n)
    return Told(OWN, attribute, value, kind, people=count, n=n, share=count / n, low=float(low), high=float(high))


def verdict(*cells: Told) -> str:
    judge(cells)
    return cells[0].agreement


def test_the_rule_of_agreement() -> None:
    assert verdict(told("posts", 90, 100), told("survey", 60, 100)) == CONFLICT
    assert verdict(told("posts", 90, 150), told("survey", 88, 150)) == AGREE
    assert verdict(told("posts", 30, 50), told("survey", 26, 50)) == OPEN  # they meet, but may lie far apart
    assert verdict(told("posts", 20, 20), told("survey", 0, 100)) == OPEN  # twenty people decide nothing
    assert verdict(told("posts", 90, 100)) == ONE_KIND
    assert verdict(told("posts", 20, 83), told("survey", 57, 140)) == OPEN  # they meet, and are hardly the same
    assert verdict(told("posts", 29, 83), told("survey", 52, 140)) == AGREE
    # apart for certain, and too little for anybody to mind
    assert verdict(told("analytics", 51_000, 100_000), told("survey", 53_000, 100_000)) == AGREE


def test_what_has_no_interval_never_contradicts() -> None:
    share_only = Told(OWN, "gender", "female", "analytics", share=0.1)
    assert verdict(told("posts", 90, 100), share_only) == OPEN
    page = Told(OWN, "gender", "female", "pages", unit="pages")
    assert verdict(told("posts", 90, 100), page) == ONE_KIND


def test_the_kinds_that_contradict_are_named() -> None:
    posts, survey, notes = told("posts", 90, 100), told("survey", 60, 100), told("notes", 89, 100)
    judge([posts, survey, notes])
    assert (posts.against, survey.against, notes.against) == (["survey"], ["notes", "posts"], ["survey"])


def test_pains_are_compared_by_rank_since_asking_brings_more() -> None:
    def pains(kind: str, counts: dict[str, int], n: int) -> list[Told]:
        return [told(kind, count, n, value, "pain") for value, count in counts.items()]

    posts = pains("posts", {"price": 60, "quality": 30, "delivery": 10}, 500)
    survey = pains("survey", {"price": 300, "quality": 180, "delivery": 60}, 400)
    judge([*posts, *survey])
    assert {one.agreement for one in posts} == {AGREE}  # 12 % and 75 %, and the first of all in both
    turned = pains("survey", {"price": 60, "quality": 180, "delivery": 300}, 400)
    judge([*posts, *turned])
    assert [one.agreement for one in posts] == [CONFLICT, AGREE, CONFLICT]


def test_equal_kinds_are_seldom_called_a_contradiction() -> None:
    """Two samples of the same people: of 2,000 values at most 2 % contradict (about 0.6 % are expected)."""
    rng = random.Random(5)
    wrong = 0
    for _ in range(2_000):
        share = rng.uniform(0.1, 0.9)
        cells = [
            told(kind, sum(rng.random() < share for _ in range(n)), n) for kind, n in (("posts", 80), ("survey", 150))
        ]
        wrong += verdict(*cells) == CONFLICT
    assert wrong / 2_000 <= 0.02


def test_freshness_halves_every_two_years() -> None:
    assert freshness("2026-11-22", TODAY) == 1
    assert freshness("2024-11-22", TODAY) == pytest.approx(0.5, abs=0.001)
    assert freshness("2022-11-22", TODAY) == pytest.approx(0.25, abs=0.001)
    assert freshness("2030-01-01", TODAY) == 1
    assert freshness(None, TODAY) == freshness("bao giờ", TODAY) == 0.0625


def test_reports_weigh_by_freshness_and_reputation_and_stand_unweighted_too() -> None:
    old = Figure(0.8, 1_000, "2022-11-22", "low")
    new = Figure(0.4, 1_000, "2026-11-22", "high")
    found = combined([old, new], TODAY)
    assert found.plain == pytest.approx(0.6)
    left = 0.25 * 0.3
    assert found.share == pytest.approx((0.4 + 0.8 * left) / (1 + left), abs=0.001)
    assert found.n == pytest.approx(1_000 * (1 + left), rel=0.001)
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.share < found.high
    nobody = combined([old, Figure(0.4, None, "2026", "high")], TODAY)
    assert (nobody.n, nobody.low) == (None, None)


def test_a_discounted_report_has_a_wider_interval() -> None:
    fresh = combined([Figure(0.5, 400, "2026-11-22", "high")], TODAY)
    stale = combined([Figure(0.5, 400, "2020-11-22", "medium")], TODAY)
    assert fresh.share == stale.share == 0.5
    assert (stale.high or 0) - (stale.low or 0) > 2 * ((fresh.high or 0) - (fresh.low or 0))


@pytest.mark.parametrize(
    ("attribute", "expected", "values", "fits"),
    [
        ("age", ["25-34"], ["25-34"], 1.0),
        ("age", ["25-34"], ["0-17"], 0.0),
        ("age", ["25-34"], ["65-120"], 0.0),
        ("age", ["25-34"], ["20-60"], None),
        ("age", ["25-34"], ["silent"], None),
        ("location", ["Hà Nội"], ["none"], 0.0),
        ("child_age", ["0-2y"], ["18y-99y", "0m-5m"], 1.0),
        ("children", ["2"], ["yes"], None),
        ("occupation", ["office"], ["office"], 1.0),
        ("gender", ["female"], [], None),
    ],
)
def test_who_fits(attribute: str, expected: list[str], values: list[str], fits: float | None) -> None:
    assert fit(attribute, expected, values) == fits


def test_of_a_segment_is_who_meets_everything() -> None:
    wanted = [("gender", ["female"]), ("age", ["25-34"])]
    assert is_of(wanted, {"gender": ["female"], "age": ["25-34"]}) is True
    assert is_of(wanted, {"gender": ["female"], "age": ["45-54"]}) is False
    assert is_of(wanted, {"gender": ["female"]}) is None
    assert is_of(wanted, {"gender": ["male"]}) is False
    assert is_of([], {"gender": ["male"]}) is None


def test_customers_are_measured_by_what_the_claims_lead_one_to_expect() -> None:
    """Claims of 60, 50 and 50 % make 15 % who meet all of them."""
    assert _verdict(597, 0.24, 0.31, 0.15, [True] * 3, whole=True) == "as_claimed"
    assert _verdict(597, 0.24, 0.31, 0.15, [True] * 3, whole=False) == "seen"
    assert _verdict(597, 0.05, 0.1, 0.15, [True] * 3, whole=True) == "apart"
    assert _verdict(597, 0.05, 0.1, 0.15, [True, False, True], whole=True) == "fewer"
    assert _verdict(100, 0.1, 0.2, 0.15, [None] * 3, whole=True) == "open"
    assert _verdict(100, 0.0, 0.55, 0.15, [True, True], whole=True, basis="shares") == "seen"
    assert _verdict(100, 0.0, 0.55, 0.15, [True, False], whole=True, basis="shares") == "fewer"
    assert _verdict(29, 0.9, 1.0, 0.5, [True], whole=True) == "not_enough"


def survey_of(store: Store, world: World, people: list[dict[str, list[str]]], observed: list[Observation]) -> None:
    """An import of a survey, written straight into the store."""
    run = store.begin_run("import", {})
    file = ImportedFile("khao-sat.csv", "0", "survey", "table", "survey", None, {}, None, ("2026-10-01", "2026-10-31"))
    with store.one_transaction():
        import_id, _ = store.begin_import(run, file)
        store.save_observations(import_id, observed)
        store.add_rows("respondents", ({
            "import_id": import_id, "respondent": n, "respondent_key": str(n), "row_number": n, "answered_at": None,
            "weight": 1.0, "target": None, "segment": None, "screened_out": 0,
        } for n, _ in enumerate(people)))  # fmt: skip
        store.add_rows("answers", (
            {"import_id": import_id, "respondent": n, "question": "?", "attribute": a, "value": v, "said": None}
            for n, one in enumerate(people) for a, values in one.items() for v in values
        ))  # fmt: skip
        store.end_import(import_id, {"rows": len(people)})
    store.end_run(run, "done")


@pytest.fixture(scope="module")
def surveyed(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The small market, and a survey in which few of those who bought are of the target."""
    world = market(tmp_path_factory.mktemp("surveyed"), size=60)
    fits = {"bought": [OWN], "gender": ["female"], "age": ["25-34"], "location": ["Hà Nội"]}
    not_ = {"bought": [OWN], "gender": ["male"], "age": ["45-54"], "location": ["Nghệ An"]}
    part = {"bought": [OWN], "gender": ["female"]}
    others = {"bought": [MINI], "gender": ["female"], "age": ["25-34"], "location": ["Hà Nội"]}
    observed = [
        Observation("survey", OWN, "gender", "female", 22, 82, period_to="2026-10-31").counted(),
        Observation("survey", OWN, "gender", "male", 60, 82, period_to="2026-10-31").counted(),
        Observation("survey", "market", "gender", "female", 97, 100, period_to="2026-10-31").counted(),
        Observation("survey", "market", "gender", "male", 3, 100, period_to="2026-10-31").counted(),
        Observation("survey", "market", "age", "25-34", 50, 100, period_to="2026-10-31").counted(),
        Observation("survey", "market", "age", "35-44", 47, 100, period_to="2026-10-31").counted(),
        Observation("survey", "market", "age", "45-54", 3, 100, period_to="2026-10-31").counted(),
    ]
    with world.open() as store:
        survey_of(store, world, [fits] * 6 + [not_] * 74 + [part] * 40 + [others] * 30, observed)
        findings.find(store, world.study)
    return world


@pytest.fixture
def store(surveyed: World) -> Iterator[Store]:
    with open_store(surveyed.study.database, read_only=True) as found:
        yield found


def test_real_customers_are_those_who_bought_and_told_all(store: Store) -> None:
    (row,) = store.query("select * from real_customers where kind = 'survey'")
    assert (row["count"], row["n"], row["verdict"]) == (6, 80, "fewer")


@pytest.mark.parametrize(("high", "said"), [(0.3, "fewer than assumed"), (0.65, "a claim fails by itself")])
def test_a_range_that_reaches_what_is_expected_is_not_called_fewer(
    store: Store, surveyed: World, high: float, said: str
) -> None:
    row = {
        **next(store.query("select * from real_customers")),
        "basis": "shares",
        "low": 0.0,
        "high": high,
        "expected": 0.4,
    }
    [table] = [
        one
        for one in _Told(surveyed.study, Speech("en")).blocks([row | {"verdict": "fewer"}], [])
        if isinstance(one, Table)
    ]
    assert [cell.text for cell in table.rows[0] if isinstance(cell, Cell)][-1] == said


def test_conflicts_are_found_in_the_tables(store: Store) -> None:
    rows = list(
        store.query(
            "select kind, agreement, against from triangulation where brand = ? and attribute = 'gender'", (OWN,)
        )
    )
    assert {row["agreement"] for row in rows} == {CONFLICT}
    assert {row["kind"] for row in rows} == {"posts", "survey"}


def tables(blocks: Any) -> Iterator[Table]:
    yield from (block for block in every(blocks) if isinstance(block, Table))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_section_tells_it_in_words(surveyed: World, store: Store, lang: str) -> None:
    found = section_of.section(store, surveyed.study, Speech(lang))
    assert found is not None
    said = str(found)
    assert ("Khách thật thuộc nhóm này ít hơn" if lang == "vi" else "Fewer real customers are of this segment") in said
    assert ("trái nhau" if lang == "vi" else "contradict") in said
    conflicts = next(
        t for t in tables(found.blocks) if t.title in ("Những chỗ trái nhau", "Where they contradict each other")
    )
    counted = {"vi": "{} điều trái nhau", "en": "{} contradict each other"}[lang].format(len(conflicts.rows))
    assert len(conflicts.rows) > 1
    assert counted in said, "the text counts what the table lists"
    assert "None" not in str(
        [[getattr(cell, "text", cell) for row in t.rows for cell in row] for t in tables(found.blocks)]
    )


def test_a_verdict_says_what_was_compared(surveyed: World) -> None:
    for lang in ("vi", "en"):
        told_in = section_of.Told(surveyed.study, Speech(lang))
        labels = [
            told_in._verdict(attribute, verdict) for attribute in ("gender", "pain") for verdict in (AGREE, CONFLICT)
        ]
        assert len(set(labels)) == 4, "shares and ranks are called by different names"
        for label in labels:
            assert label.removeprefix("contradict ") in told_in.tell("rule"), (
                "the rule explains every label by its name"
            )


def test_small_groups_cannot_be_worked_out(surveyed: World, store: Store) -> None:
    """97 of 100 women: the three men are not told, nor the exact 97; and of 50, 47 and 3 ages neither 3 nor 47."""
    found = section_of.section(store, surveyed.study, Speech("vi"))
    assert found is not None
    whole = next(
        card
        for block in every(found.blocks)
        if isinstance(block, Cards)
        for card in block.cards
        if card.title == "cả thị trường"
    )
    gender, age = (next(t for t in tables(whole.blocks) if t.title == name) for name in ("Giới tính", "Tuổi"))
    place = list(gender.columns).index("Khảo sát")
    shown = {str(row[0]): getattr(row[place], "text", row[place]) for row in gender.rows}
    assert shown == {"nữ": "ít nhất 95%", "nam": "quá ít người"}
    place = list(age.columns).index("Khảo sát")
    shown = {str(row[0]): getattr(row[place], "text", row[place]) for row in age.rows}
    assert shown["25–34 tuổi"] == "50%"
    assert shown["35–44 tuổi"] == "không nêu, để giữ kín một nhóm nhỏ hơn"
    assert shown["45–54 tuổi"] == "quá ít người"


def test_nothing_beside_posts_makes_no_section(tmp_path: Path) -> None:
    world = World(tmp_path, {**STUDY, "own": {"name": OWN}})
    with world.open() as found:
        findings.find(found, world.study)
        assert section_of.section(found, world.study, Speech("vi")) is None


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_orders_tell_how_customers_buy(tmp_path: Path) -> None:
    world = market(tmp_path, size=10)
    with world.open() as found:
        run = found.begin_run("import", {})
        file = ImportedFile("don.csv", "1", "orders", "table", "orders", OWN, {}, None, ("2026-01-01", "2026-10-31"))
        import_id, _ = found.begin_import(run, file)
        found.add_rows("orders", ({
            "import_id": import_id, "brand": OWN, "platform": "table", "order_key": f"o{n}", "customer_key": f"k{n % 60}",
            "ordered_at": f"2026-{1 + n % 10:02d}-03T00:00:00Z", "state": "completed", "amount": 100_000 + (n % 2) * 900_000 + n,
            "refunded": None, "currency": "VND", "items": 1, "location": "Nghệ An" if n % 2 else "Hà Nội", "channel": None,
        } for n in range(240)))  # fmt: skip
        cell = Observation("orders", OWN, "location", "", period_to="2026-10-31")
        from dataclasses import replace

        found.save_observations(
            import_id, [replace(cell, value=v, count=30, n=60).counted() for v in ("Hà Nội", "Nghệ An")]
        )
        found.end_import(import_id, {"rows": 240})
        found.end_run(run, "done")
        findings.find(found, world.study)
        rows = {row["who"]: row for row in found.query("select * from customer_behaviour")}
        assert rows["all"]["customers"] == 60
        assert (rows["fits"]["customers"], rows["others"]["customers"]) == (30, 30)
        assert rows["others"]["value_low"] > rows["fits"]["value_high"]
        (real,) = found.query("select * from real_customers where kind = 'orders'")
        assert (real["basis"], real["verdict"]) == ("shares", "open")
        said = str(section_of.section(found, world.study, Speech("vi")))
        assert "chi nhiều hơn: đáng xem họ là ai" in said


def test_people_who_own_or_bought_are_our_customers_in_posts_too(tmp_path: Path) -> None:
    world = World(tmp_path)
    fits = [("gender", "female", None), ("age", "30", None), ("location", "Hà Nội", None)]
    not_ = [("gender", "male", None), ("age", "45", None), ("location", "Nghệ An", None)]
    again = ("behaviour", "repeat_buyer", None)
    names = [f"khách {letters(number)}" for number in range(140)]
    people = [
        *(Person(name, OWN, [*fits, again]) for name in names[:30]),
        *(Person(name, OWN, [*not_, again]) for name in names[30:40]),
        *(Person(name, OWN, not_) for name in names[40:90]),  # talk of us, and bought nothing that we know of
        *(Person(name, OWN, [("gender", "female", None), again]) for name in names[90:]),
    ]
    with world.open() as found:
        world.fill(found, people)
        findings.find(found, world.study)
        (row,) = found.query("select * from real_customers where kind = 'posts'")
        assert (row["basis"], row["count"], row["n"], row["verdict"]) == ("persons", 30, 40, "as_claimed")
        assert section_of.section(found, world.study, Speech("vi")) is not None
        few = World(tmp_path / "few")
        few.folder.mkdir()
        with few.open() as other:
            few.fill(other, [*people[:20], *people[90:]])
            findings.find(other, few.study)
            (row,) = other.query("select * from real_customers where kind = 'posts'")
            assert (row["basis"], row["attributes"], row["verdict"]) == ("shares", '["gender"]', "seen")


def test_reports_stand_in_the_section_weighted_and_unweighted(tmp_path: Path) -> None:
    world = market(tmp_path, size=40)
    with world.open() as found:
        for number, (share, reputation, day) in enumerate([(0.9, "low", "2020-01-01"), (0.6, "high", "2026-09-30")]):
            run = found.begin_run("import", {})
            file = ImportedFile(
                f"bao-cao-{number}.pdf", str(number), "reference", "pdf", "reference", None, {}, None, (day, day)
            )
            with found.one_transaction():
                import_id, _ = found.begin_import(run, file)
                cell = Observation("reference", "market", "gender", "female", None, None, share, period_to=day, page=3)
                found.save_observations(import_id, [cell])
                found.add_rows("reference_documents", [{
                    "document_id": number + 1, "import_id": import_id, "title": "Báo cáo hư cấu", "publisher": None, "date": day,
                    "reputation": reputation, "url": None, "file": file.name, "format": "pdf", "pages": 9, "characters": 9,
                    "digest": str(number), "fetched_at": day,
                }])  # fmt: skip
                found.add_rows("reference_figures", [
                    {"observation_id": number + 1, "document_id": number + 1, "who": None, "found_by": "hand", "decided_at": day}
                ])  # fmt: skip
                found.end_import(import_id, {"rows": 1})
            found.end_run(run, "done")
        findings.find(found, world.study)
        (row,) = found.query("select * from triangulation where kind = 'reference'")
        assert row["plain"] == pytest.approx(0.75)
        assert 0.6 < row["share"] < 0.65  # the old and little trusted one hardly counts
        assert (row["n"], row["low"], row["agreement"], row["sources"]) == (None, None, OPEN, 2)
        said = section_of.section(found, world.study, Speech("vi"))
        assert said is not None
        (shown,) = [t for t in tables(said.blocks) if t.title.startswith("Tài liệu tham khảo")]
        assert [getattr(cell, "text", cell) for cell in shown.rows[0]][1:3] == ["61%", "75%"]
