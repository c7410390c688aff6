"""What a survey's, an export's or a report's cells answer to an assumption, and when they cannot."""

from __future__ import annotations

from typing import Any

import pytest

from analysis import buying_channels, findings
from analysis.cells import FEW, GROUPS, NO_INTERVAL, PART, SEVERAL, UNIT, VISITS, answer, told_by
from analysis.verdicts_by_kind import _mark_newest
from data.shares import wilson
from data.store import Store
from data.store.imported import ImportedFile
from data.study import Assumption
from tests.analysis.test_hypotheses import _women as women
from tests.analysis.test_register import GENDER, study_with
from tests.analysis.world import MINI, OWN, World


def cells(
    attribute: str, counts: dict[str, float], n: float | None = None, unit: str = "people"
) -> list[dict[str, Any]]:
    whole = n if n is not None else sum(counts.values())
    found = []
    for value, count in counts.items():
        low, high = wilson(count, whole)
        found.append(
            {
                "attribute": attribute,
                "value": value,
                "unit": unit,
                "count": count,
                "n": whole,
                "share": count / whole,
                "low": low,
                "high": high,
            }
        )
    return found


def claim(attribute: str, expect: Any, at_least: float = 0.5) -> Assumption:
    return Assumption(attribute=attribute, expect=expect, at_least=at_least)


AGES = {"18-24": 20, "25-34": 60, "35-44": 20}


@pytest.mark.parametrize(
    ("attribute", "expect", "counts", "share"),
    [
        ("gender", "female", {"female": 70, "male": 30}, 0.7),
        ("gender", "other", {"female": 70, "male": 30}, 0.0),  # everybody answered, and nobody so
        ("age", "25-34", AGES, 0.6),
        ("age", "18-34", AGES, 0.8),
        ("age", "20-34", AGES, 0.6 + 0.2 * 5 / 7),  # five of the seven years from 18 to 24
        ("age", ["18-24", "35-44"], AGES, 0.4),
        ("age", "25-34", {"25-34": 30, "35-44": 40, "65-120": 30}, 0.3),
        ("location", ["Hà Nội", "TP Hồ Chí Minh"], {"Hà Nội": 40, "Hồ Chí Minh": 30, "Nghệ An": 30}, 0.7),
        ("occupation", ["office", "teacher"], {"office": 40, "teacher": 10, "driver": 50}, 0.5),
        ("children", "yes", {"yes": 80, "1": 50, "2": 30}, 0.8),
        ("children", "1-2", {"yes": 80, "1": 50, "2": 30, "0": 20}, 0.8),
        ("channel", "tiktok", {"tiktok": 55, "facebook": 80}, 0.55),
        ("child_age", "12-23m", {"6-11": 40, "12-23": 60}, 0.6),
    ],
)
def test_cells_answer_a_claim(attribute: str, expect: Any, counts: dict[str, float], share: float) -> None:
    found = answer(claim(attribute, expect), cells(attribute, counts, 100))
    assert found.why is None
    assert found.share == pytest.approx(share)
    assert (found.low, found.high) == pytest.approx(wilson(share * 100, 100), abs=1e-6)
    assert found.n == 100


@pytest.mark.parametrize(
    ("attribute", "expect", "counts", "why"),
    [
        ("age", "28-30", {"18-34": 60, "35-44": 40}, GROUPS),  # too wide a group to be shared out
        ("gender", "other", {"female": 60, "male": 30}, GROUPS),  # ten answered what is not shown
        ("occupation", "kế toán", {"office": 60, "driver": 40}, GROUPS),
        ("income", "middle", {"0-7000000 VND": 60, "7000000-15000000 VND": 40}, GROUPS),
        ("children", "3", {"1": 60, "3+": 40}, GROUPS),
        ("channel", "zalo", {"tiktok": 55, "facebook": 80}, GROUPS),  # nobody was asked for Zalo
        ("channel", ["tiktok", "facebook"], {"tiktok": 55, "facebook": 80}, SEVERAL),
        ("child_age", "6-23m", {"6-11": 40, "12-23": 60}, SEVERAL),
        ("children", ["yes", "expecting"], {"yes": 60, "expecting": 30}, SEVERAL),
    ],
)
def test_cells_that_cannot_tell_say_why(attribute: str, expect: Any, counts: dict[str, float], why: str) -> None:
    found = answer(claim(attribute, expect), cells(attribute, counts, 100))
    assert (found.share, found.why) == (None, why)


def test_visits_are_no_people() -> None:
    found = answer(claim("gender", "female"), cells("gender", {"female": 9000, "male": 1000}, unit="sessions"))
    assert (found.share, found.low, found.why) == (0.9, None, UNIT)


def test_a_share_of_nobody_knows_how_many_decides_nothing() -> None:
    cell = {"attribute": "gender", "value": "female", "unit": "people", "count": None, "n": None, "share": 0.9}
    found = answer(claim("gender", "female"), [{**cell, "low": None, "high": None}])
    assert (found.share, found.why) == (0.9, NO_INTERVAL)


def test_a_sum_of_weighted_answers_is_worth_no_more_people_than_its_parts() -> None:
    """The cells' own intervals are as wide as those of 50 people, because the 100 were weighted."""
    weighted = cells("age", AGES, 100)
    for cell in weighted:
        cell["low"], cell["high"] = wilson(cell["share"] * 50, 50)
    found = answer(claim("age", "18-34"), weighted)
    assert (found.low, found.high) == pytest.approx(wilson(0.8 * 50, 50), abs=1e-3)


def test_a_few_people_who_weigh_much_are_a_few() -> None:
    [heavy, light] = cells("gender", {"female": 40, "male": 60})
    heavy["count"] = 3
    found = answer(claim("gender", "female"), [heavy, light])
    assert (found.share, found.count) == (0.4, 3)


def test_ranks_are_bounded_by_the_intervals_of_what_was_asked() -> None:
    asked = cells("pain", {"price": 80, "service": 40, "delivery": 38, "other": 95}, 100)
    first = answer(Assumption(pain="price", expect="top 1"), asked)
    assert (first.share, first.low, first.high) == (1, 1, 1)
    second = answer(Assumption(pain="delivery", expect="top 2"), asked)
    assert (second.share, second.low, second.high) == (3, 2, 3)
    assert answer(Assumption(pain="design", expect="top 2"), asked).why == GROUPS


def observe(store: Store, kind: str, name: str, until: str, counts: dict[str, float], **more: Any) -> None:
    """Put an import with its cells into the store, as an importer leaves them."""
    db = store._db  # type: ignore[attr-defined]
    run = store.begin_run("import")
    db.execute("insert into sources (url, kind) values (?, 'forum')", (f"file:{name}",))
    source = store.source_id(f"file:{name}")
    db.execute(
        "insert into imports (source_id, run_id, name, digest, kind, mapping, imported_at) values (?, ?, ?, ?, ?, '', ?)",
        (source, run, name, name, kind, "2026-11-22T00:00:00Z"),
    )
    import_id = db.execute("select max(import_id) from imports").fetchone()[0]
    for cell in cells("gender", counts, unit=more.get("unit", "people")):
        row = {
            **cell, "import_id": import_id, "kind": kind, "brand": more.get("brand", OWN), "state": more.get("state", "taken"),
            "audience": more.get("audience", "all"), "period_to": until,
        }  # fmt: skip
        names = ", ".join(row)
        db.execute(f"insert into observations ({names}) values ({', '.join('?' * len(row))})", list(row.values()))
    db.conn.commit()
    store.end_run(run, "done")


def test_every_kind_of_evidence_is_judged_by_the_same_rule_and_none_is_averaged(world: World) -> None:
    study = study_with(world, GENDER)
    with world.open() as store:
        world.fill(store, [*women(28, 40)])
        observe(store, "survey", "khao-sat.csv", "2026-10-31", {"female": 95, "male": 5})
        observe(store, "survey", "khao-sat-cu.csv", "2025-10-31", {"female": 10, "male": 90})
        observe(store, "orders", "don.csv", "2026-09-30", {"female": 40, "male": 60})
        observe(store, "analytics", "ga4.csv", "2026-09-30", {"female": 90, "male": 10}, unit="sessions")
        observe(store, "reference", "bao-cao.pdf", "2026-06-30", {"female": 12, "male": 8})
        observe(store, "survey", "khach-muc-tieu.csv", "2026-11-01", {"female": 50, "male": 50}, audience="target")
        observe(store, "survey", "doi-thu.csv", "2026-11-01", {"female": 50, "male": 50}, audience="others")
        observe(store, "reference", "chua-nhan.pdf", "2026-11-01", {"female": 90, "male": 10}, state="suggested")
        findings.find(store, study)
        found = list(
            store.query("select * from verdicts_by_kind where brand = ? order by kind, audience, period_to", (OWN,))
        )
        [read] = store.query("select * from verdict_readings where brand = ?", (OWN,))
    told = [(r["kind"], r["audience"], r["verdict"], r["why"], r["newest"]) for r in found]
    assert told == [
        ("analytics", "all", "not_enough", UNIT, 1),
        ("orders", "all", "contradicted", None, 1),
        ("posts", "all", "not_enough", FEW, 1),
        ("reference", "all", "not_enough", FEW, 0),  # the report by itself, and all of them weighted
        ("reference", "all", "not_enough", FEW, 1),
        ("survey", "all", "contradicted", None, 0),
        ("survey", "all", "supported", None, 1),
        ("survey", "target", "contradicted", None, 0),
    ]
    assert (read["reading"], read["supported"], read["contradicted"]) == ("conflict", '["survey"]', '["orders"]')


def test_evidence_of_a_brand_that_is_not_in_the_study_is_left_alone(world: World) -> None:
    with world.open() as store:
        observe(store, "survey", "a.csv", "2026-10-31", {"female": 95, "male": 5}, brand="Ai Đó")
        observe(store, "survey", "b.csv", "2026-10-31", {"female": 95, "male": 5}, brand=MINI)
        findings.find(store, study_with(world, GENDER))
        assert {r["brand"] for r in store.query("select brand from verdicts_by_kind where kind = 'survey'")} == {MINI}


def test_what_few_tell_in_notes_is_no_fault_of_the_groups() -> None:
    assert told_by(Assumption(pain="price", expect="top 3"), cells("pain", {"quality": 8}, 20))
    assert not told_by(Assumption(attribute="age", expect="25-34", at_least=0.5), cells("age", {"20-49": 8}, 20))


def test_of_one_period_the_import_that_counts_people_decides() -> None:
    counted = {"audience": "all", "unit": "people", "until": "2026-10-31", "low": 0.5, "n": 2011, "import_id": 2}
    shares_only = {**counted, "low": None, "n": None, "import_id": 3}
    rows = [
        {**row, "assumption": "a", "brand": "b", "kind": "analytics", "newest": 0} for row in (counted, shares_only)
    ]
    _mark_newest(rows, {"a": "mothers"})
    assert [row["newest"] for row in rows] == [1, 0]


def test_what_is_not_told_is_not_zero() -> None:
    """A report that tells of Hà Nội alone tells nothing of Hồ Chí Minh: 45 % is the least that both together can be."""
    told = cells("location", {"Hà Nội": 540}, 1200)
    found = answer(claim("location", ["Hà Nội", "Hồ Chí Minh"]), told)
    assert found.share == pytest.approx(0.45)
    assert found.low == pytest.approx(wilson(540, 1200)[0], abs=1e-6)
    assert (found.high, found.why) == (1.0, PART)
    others = cells("location", {"Hà Nội": 540, "Nghệ An": 600}, 1200)  # at most 5 % live in Hồ Chí Minh
    found = answer(claim("location", ["Hà Nội", "Hồ Chí Minh"], 0.6), others)
    assert found.high == pytest.approx(wilson(600, 1200)[1], abs=1e-6)
    assert found.high is not None
    assert found.high < 0.6
    young = answer(claim("age", "18-34"), cells("age", {"25-34": 40, "35-44": 20}, 100))
    assert (young.share, young.why) == (0.4, PART)


def test_what_holds_everybody_or_all_that_is_expected_is_whole() -> None:
    whole = cells("location", {"Hà Nội": 40, "Nghệ An": 60})
    assert answer(claim("location", ["Hà Nội", "Hồ Chí Minh"]), whole).why is None
    assert answer(claim("location", "Hà Nội"), cells("location", {"Hà Nội": 40}, 100)).why is None


def test_the_first_of_one_is_no_rank() -> None:
    assert answer(Assumption(pain="price", expect="top 1"), cells("pain", {"price": 80}, 100)).why == GROUPS


def refer(store: Store, name: str, until: str, reputation: str, counts: dict[str, float]) -> None:
    """A report whose figures were taken."""
    observe(store, "reference", name, until, counts)
    db = store._db  # type: ignore[attr-defined]
    import_id = db.execute("select max(import_id) from imports").fetchone()[0]
    store.add_rows("reference_documents", [{
        "document_id": import_id, "import_id": import_id, "title": name, "publisher": None, "date": until, "reputation": reputation,
        "url": None, "file": name, "format": "pdf", "pages": 1, "characters": 9, "digest": name, "fetched_at": until,
    }])  # fmt: skip
    store.add_rows("reference_figures", [
        {"observation_id": row[0], "document_id": import_id, "who": None, "found_by": "hand", "decided_at": until}
        for row in db.execute("select observation_id from observations where import_id = ?", (import_id,)).fetchall()
    ])  # fmt: skip


def test_reports_decide_by_their_weights_and_what_they_say_unweighted_stands_beside(world: World) -> None:
    study = study_with(world, GENDER)
    with world.open() as store:
        world.fill(store, [*women(28, 40)])
        refer(store, "blog.html", "2021-01-31", "low", {"female": 520, "male": 280})
        findings.find(store, study)
        kinds = list(store.query("select * from verdicts_by_kind where kind = 'reference' and brand = ?", (OWN,)))
        (all_,) = [row for row in kinds if row["newest"]]
        (alone,) = [row for row in kinds if not row["newest"]]
        assert alone["n"] == 800
        assert all_["import_id"] is None
        assert all_["n"] < 60  # old, and little trusted
        assert all_["plain"] == pytest.approx(alone["share"])
        assert all_["plain_verdict"] == alone["verdict"] == "contradicted"
        assert all_["verdict"] in ("undecided", "not_enough")


def bought(store: Store, platform: str, channel: str | None, customers: range) -> None:
    """Orders of one file: one a customer."""
    run = store.begin_run("import", {})
    import_id, _ = store.begin_import(
        run,
        ImportedFile(
            f"{platform}.csv", platform, "orders", platform, "orders", OWN, {}, None, ("2026-10-01", "2026-10-31")
        ),
    )
    store.add_rows("orders", ({
        "import_id": import_id, "brand": OWN, "platform": platform, "order_key": f"o{n}", "customer_key": f"k{n}",
        "ordered_at": "2026-10-05T00:00:00Z", "state": "completed", "amount": 1, "refunded": 0, "currency": "VND", "items": 1,
        "location": None, "channel": channel,
    } for n in customers))  # fmt: skip
    store.end_import(import_id, {"rows": len(customers)})
    store.end_run(run, "done")


def test_orders_of_a_platform_tell_where_customers_buy_and_visits_do_not(world: World) -> None:
    study = study_with(world, {"attribute": "channel", "expect": "shopee", "at_least": 0.3})
    with world.open() as store:
        bought(store, "shopee", "shopee", range(77))
        assert list(buying_channels.cells(store)) == []  # a platform's file holds its own buyers alone
        bought(store, "table", None, range(77, 144))
        [cell] = buying_channels.cells(store)
        assert (cell["value"], cell["count"], cell["n"], cell["exact"]) == ("shopee", 77, 144, False)
        assert cell["low"] == pytest.approx(wilson(77, 144)[0])
        assert cell["high"] == 1.0  # the others' orders name no channel
        observe(store, "analytics", "ga4.csv", "2026-09-30", {"female": 90, "male": 10})
        db = store._db  # type: ignore[attr-defined]
        db.execute(
            "update observations set attribute = 'channel', value = 'shopee' where kind = 'analytics' and value = 'male'"
        )
        db.execute("update imports set rows = 2 where kind = 'analytics'")
        db.conn.commit()
        findings.find(store, study)
        found = {r["kind"]: r for r in store.query("select * from verdicts_by_kind where brand = ? and newest", (OWN,))}
        assert (found["orders"]["verdict"], found["orders"]["why"]) == ("supported", PART)
        assert (found["analytics"]["verdict"], found["analytics"]["why"]) == ("not_enough", VISITS)
        told = {
            r["kind"]: r
            for r in store.query("select * from triangulation where attribute = 'channel' and value = 'shopee'")
        }
        assert set(told) == {"orders", "analytics"}
        assert {r["agreement"] for r in told.values()} == {"open"}
