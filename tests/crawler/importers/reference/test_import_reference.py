"""A report from the file to the figures that count: nothing is taken by itself, everything can be undone."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from crawler.importers import history
from crawler.importers.kinds import Asked, How
from crawler.importers.reference import run
from crawler.importers.reference.deciding import Said, decide, documents, enter, figures
from crawler.importers.taking import Taken
from data.errors import InputError
from tests.crawler.importers.conftest import Desk

sys.path.insert(0, str(Path(__file__).parent))
import made

TABLES = ("imports", "observations", "reference_documents", "reference_pages", "reference_figures")


def take(desk: Desk, path: Path, *, replace: bool = False, **said: Any) -> Taken:
    asked = Asked("reference", str(path), path, **{"date": "2026-06", "publisher": "Hội", "reputation": "high", **said})
    done = run(asked, desk.study, How(yes=True, quiet=True, replace=replace))
    assert done is not None
    return done


def report(desk: Desk, name: str = "r.pdf", **how: Any) -> Path:
    return made.pdf(desk.folder / name, **how)


def states(desk: Desk) -> list[tuple[str, str, str]]:
    rows = desk.rows("select attribute, value, state from observations order by observation_id")
    return [(row["attribute"], row["value"], row["state"]) for row in rows]


def test_a_report_is_kept_and_its_figures_only_suggested(desk: Desk) -> None:
    done = take(desk, report(desk))
    assert dict(done.counts) == {"suggested": 3, "without_words": 1, "pages": 3}
    [kept] = desk.rows("select title, publisher, date, reputation, url, file, format, pages from reference_documents")
    assert kept == {
        "title": "Nappy buyers 2026", "publisher": "Hội", "date": "2026-06", "reputation": "high", "url": None, "file": "r.pdf",
        "format": "pdf", "pages": 3,
    }  # fmt: skip
    rows = desk.rows(
        "select kind, brand, audience, attribute, value, n, round(share, 2) as share, page, period_from, state, low is not null as "
        "bounds from observations order by observation_id"
    )
    same = {
        "kind": "reference",
        "brand": "market",
        "n": 1200,
        "period_from": "2026-06-01",
        "state": "suggested",
        "bounds": 1,
    }
    assert rows == [
        {**same, "audience": "all", "attribute": "gender", "value": "female", "share": 0.62, "page": 2},
        {**same, "audience": "all", "attribute": "age", "value": "25-34", "share": 0.41, "page": 2},
        {
            **same,
            "audience": "mothers aged 25-34",
            "attribute": "channel",
            "value": "shopee",
            "share": 0.68,
            "page": 3,
            "n": None,
            "bounds": 0,
        },
    ]
    # How many of the 1,200 are such mothers the report does not say.
    assert "62% of buyers are women" in desk.rows("select text from reference_pages where page = 2")[0]["text"]


def test_figures_are_taken_refused_and_put_right(desk: Desk) -> None:
    take(desk, report(desk))
    first, second, third = (row["figure"] for row in figures(desk.study, 1))
    decide(desk.study, [first], "taken", Said())
    decide(desk.study, [second], "taken", Said(value="25-40", share="40%", n=900))
    decide(desk.study, [third], "refused", Said())
    assert states(desk) == [("gender", "female", "taken"), ("age", "25-40", "taken"), ("channel", "shopee", "refused")]
    [row] = desk.rows("select share, n, count from observations where attribute = 'age'")
    assert (row["share"], row["n"], row["count"]) == (0.4, 900, 360)
    [shown] = documents(desk.study)
    assert (shown["suggested"], shown["taken"], shown["refused"]) == (0, 2, 1)
    decide(desk.study, [third], "taken", Said(audience="all"))
    assert desk.rows("select audience from observations where attribute = 'channel'") == [{"audience": "all"}]


def test_a_figure_is_entered_by_hand_in_words_or_codes(desk: Desk) -> None:
    take(desk, made.scan(desk.folder / "scan.pdf"))
    assert figures(desk.study, 1) == []
    number = enter(
        desk.study, 1, Said("gender", "nữ", "62,5 %", 1200, "khách của 0912345678", page=2, quote="62,5 % là nữ")
    )
    [row] = figures(desk.study, 1)
    assert (row["figure"], row["value"], row["share"], row["page"], row["state"], row["found_by"]) == (
        number, "female", 0.625, 2, "taken", "hand"
    )  # fmt: skip
    assert row["low"] < 0.625 < row["high"]
    assert row["who"] == "khách của [phone]"
    enter(desk.study, 1, Said("location", "Hanoi", "0.3"))
    enter(desk.study, 1, Said("age", "45+", "12%"))
    assert states(desk)[1:] == [("location", "Hà Nội", "taken"), ("age", "45-120", "taken")]


@pytest.mark.parametrize(
    ("said", "key"),
    [
        (Said("sex", "female", "62%"), "reference_no_attribute"),
        (Said("height_cm", "160", "62%"), "reference_no_attribute"),
        (Said("gender", "blue", "62%"), "reference_no_value"),
        (Said("age", "old", "62%"), "reference_no_value"),
        (Said("age", "40-20", "62%"), "reference_no_value"),
        (Said("income", "much", "62%"), "reference_no_value"),
        (Said("gender", "female", "162%"), "reference_no_share"),
        (Said("gender", "female", "1"), "reference_no_share"),
        (Said("gender", "female", "-5%"), "reference_no_share"),
        (Said("gender", "female", "many"), "reference_no_share"),
        (Said("gender", "female"), "reference_needs"),
        (Said("gender", "female", "62%", page=4), "reference_no_page"),
        (Said("gender", "female", "62%", audience="moms"), "reference_no_audience"),
    ],
)
def test_what_is_entered_wrongly_is_told(desk: Desk, said: Said, key: str) -> None:
    take(desk, report(desk, pages=["nothing in here but words"] * 3))
    with pytest.raises(InputError) as error:
        enter(desk.study, 1, said)
    assert error.value.key == key
    assert str(error.value)
    assert states(desk) == []


def test_unknown_numbers_change_nothing(desk: Desk) -> None:
    take(desk, report(desk))
    for wrong in (lambda: decide(desk.study, [1, 99], "taken", Said()), lambda: enter(desk.study, 9, Said("gender", "female", "1%")),
                  lambda: figures(desk.study, 9), lambda: decide(desk.study, [1, 2], "taken", Said(n=5))):  # fmt: skip
        with pytest.raises(InputError):
            wrong()
    assert {state for _, _, state in states(desk)} == {"suggested"}


def test_the_same_report_again_adds_nothing(desk: Desk) -> None:
    path = report(desk)
    take(desk, path)
    assert take(desk, path).already is not None
    with pytest.raises(InputError) as error:
        take(desk, path, reputation="low")
    assert error.value.key == "reference_again"
    assert len(documents(desk.study)) == 1


def test_a_report_that_takes_anothers_place_keeps_what_was_decided(desk: Desk) -> None:
    path = report(desk)
    take(desk, path)
    decide(desk.study, [1], "taken", Said(n=1000))
    decide(desk.study, [2], "refused", Said())
    enter(desk.study, 1, Said("gender", "male", "38%", page=2))
    done = take(desk, path, replace=True, reputation="low", date="2026-07")
    assert done.replaced == ["r.pdf"]
    assert sorted(states(desk)) == [
        ("age", "25-34", "refused"), ("channel", "shopee", "suggested"), ("gender", "female", "taken"), ("gender", "male", "taken"),
    ]  # fmt: skip
    assert desk.rows("select n, period_from from observations where value = 'female'") == [
        {"n": 1000, "period_from": "2026-07-01"}
    ]
    assert documents(desk.study)[0]["reputation"] == "low"


def test_two_reports_of_the_same_month_stand_beside_each_other(desk: Desk) -> None:
    take(desk, report(desk))
    take(desk, report(desk, "other.pdf", pages=["70% of buyers are women."]))
    assert len(documents(desk.study)) == 2


def test_undoing_leaves_nothing_of_it(desk: Desk) -> None:
    take(desk, report(desk))
    decide(desk.study, [1], "taken", Said())
    history.undone(desk.study, "r.pdf", How(yes=True, quiet=True))
    for table in TABLES:
        assert desk.rows(f"select count(*) as n from {table}") == [{"n": 0}], table


def test_a_scan_says_so_and_what_can_be_done(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    path = made.scan(desk.folder / "scan.pdf")
    run(Asked("reference", str(path), path), desk.study, How(dry_run=True))
    shown = capsys.readouterr().out
    assert "OCRmyPDF" in shown
    assert "--date" in shown
    assert not desk.study.database.exists()


def test_a_broken_report_stores_nothing(desk: Desk) -> None:
    with pytest.raises(InputError):
        take(desk, desk.file("r.pdf", b"%PDF-1.7 nothing"))
    with pytest.raises(InputError) as error:
        take(desk, report(desk), date="June")
    assert error.value.key == "import_bad_date"
    assert not desk.study.database.exists()


def test_the_study_names_reports_with_all_that_is_known_of_them(desk: Desk) -> None:
    report(desk)
    study = desk.folder / "study.yaml"
    entry = "imports: [{file: r.pdf, kind: reference, date: 2026-06, publisher: Hội Bán lẻ, reputation: high, about: MiniCare}]\n"
    study.write_text(study.read_text(encoding="utf-8") + entry, encoding="utf-8")
    from click.testing import CliRunner

    from chandung import command_line

    done = CliRunner().invoke(command_line(), ["import", "reference", "--study", str(study), "--yes"])
    assert done.exit_code == 0, done.output
    [row] = desk.rows("select publisher, reputation, date from reference_documents")
    assert row == {"publisher": "Hội Bán lẻ", "reputation": "high", "date": "2026-06"}
    assert {row["brand"] for row in desk.rows("select brand from observations")} == {"MiniCare"}
    for words in (["list"], ["list", "1"], ["accept", "1"], ["refuse", "2"], ["list", "--state", "taken", "--json"],
                  ["enter", "1", "--attribute", "gender", "--value", "male", "--share", "38%"]):  # fmt: skip
        done = CliRunner().invoke(command_line(), ["reference", *words, "--study", str(study)])
        assert done.exit_code == 0, done.output
        assert done.output.strip()
