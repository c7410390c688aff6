"""The report's section on the register: what was changed is said, kinds stand side by side, small groups stay hidden."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from analysis import findings
from analysis.report import html, markdown
from analysis.report.blocks import Card, Cards, Fold, Lines, Section, Table, Text
from analysis.report.build import build
from analysis.report.sections import register
from analysis.report.sections.register import section, tellable
from analysis.report.speech import Speech
from data.store import Store
from data.study import Study
from tests.analysis.test_cells import observe
from tests.analysis.test_hypotheses import _women
from tests.analysis.test_register import AGE, GENDER, study_with
from tests.analysis.world import MADE_AT, OWN, Person, World


def women(of: int, all_: int, called: str = "") -> list[Person]:
    people = _women(of, all_)
    for person in people:
        person.brand, person.name = OWN, f"{called}{person.name}"
    return people


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Study]:
    """Three analyses: the threshold was moved after the first, a survey came before the third, an age was retired."""
    world = World(tmp_path_factory.mktemp("lived"))
    with world.open() as store:
        world.fill(store, women(28, 40))
        findings.find(store, study_with(world, {**GENDER, "at_least": 0.8, "note": "<b>khách</b> kể"}, AGE))
        of_october = [
            {**row, "checked_at": "2026-10-01T03:00:00Z"} for row in store.query("select * from verdict_history")
        ]
        store.replace_rows("verdict_history", of_october)
        world.fill(store, women(100, 120, "mới "), version="more")
        moved = {**GENDER, "note": "<b>khách</b> kể"}
        retired = {**AGE, "retired": "2026-11", "retired_why": "không còn nhắm tới"}
        findings.find(store, study_with(world, moved, retired))
        observe(store, "survey", "khao-sat.csv", "2026-10-31", {"female": 20, "male": 80})
        observe(store, "survey", "nho.csv", "2025-10-31", {"female": 97, "male": 3})
        study = study_with(world, moved, retired, {"pain": "price", "expect": "top 3"})
        findings.find(store, study)
    return world, study


def cards(lived: tuple[World, Study], lang: str) -> list[Card]:
    world, study = lived
    with world.open() as store:
        found = section(store, study, Speech(lang))
    assert found is not None
    return walked(found)


def walked(found: Section) -> list[Card]:
    """The open cards, then those that are folded."""
    folded = [block for fold in found.blocks if isinstance(fold, Fold) for block in fold.blocks]
    return [card for block in (*found.blocks, *folded) if isinstance(block, Cards) for card in block.cards]


def texts(card: Card) -> str:
    return "\n".join(block.text for block in card.blocks if isinstance(block, Text))


def test_a_threshold_that_was_moved_is_said_plainly(lived: tuple[World, Study]) -> None:
    gender = next(c for c in cards(lived, "vi") if "nữ" in c.title)
    assert "Lưu ý: ngưỡng đã đổi sau khi có dữ liệu (đến " in texts(gender)
    assert "là: ít nhất 80%)" in texts(gender)
    assert "Nêu từ 15/01/2026" in texts(gender)
    assert "the threshold was changed after data had been seen" in texts(
        next(c for c in cards(lived, "en") if "women" in c.title)
    )


def test_kinds_stand_side_by_side_and_a_conflict_is_called_one(lived: tuple[World, Study]) -> None:
    gender = next(c for c in cards(lived, "vi") if "nữ" in c.title)
    [table] = [b for b in gender.blocks if isinstance(b, Table) and b.title == "Theo từng loại bằng chứng"]
    told = [
        [c if isinstance(c, str) else f"{c.text} [{c.note}]".replace("\u00a0", " ") for c in row] for row in table.rows
    ]
    assert told[0][0] == "bài viết [None]"
    assert told[0][4] == "29/01/2026 – 20/11/2026", (
        "the days on which it was said, as of other kinds, not that of the analysis"
    )
    assert told[1] == [
        "khảo sát [None]",
        f"khách của {OWN}",
        "✕ Bị bác bỏ",
        "20% (13–29% · n = 100) [None]",
        "31/10/2026",
    ]
    assert told[0][1] == f"người nói về {OWN}", "posts are evidence of the people of this brand, not of everyone"
    assert told[2][0] == "khảo sát [cũ hơn]"
    [fold] = [b for b in gender.blocks if isinstance(b, Fold)]
    assert next(text.text for text in fold.blocks if isinstance(text, Text)).startswith("Được ủng hộ khi cả khoảng")
    assert ">=" not in str(fold), "the rule is in words"
    assert told[2][3] == "ít nhất 95% (n = 100) [None]", "three men must not be told"
    assert gender.tag == "Bằng chứng trái nhau"
    assert "Các loại bằng chứng trái nhau: bài viết ủng hộ, khảo sát bác bỏ." in texts(gender)


def test_the_history_is_drawn_with_its_threshold(lived: tuple[World, Study]) -> None:
    gender = next(c for c in cards(lived, "vi") if "nữ" in c.title)
    [lines] = [b for b in gender.blocks if isinstance(b, Lines)]
    assert "Ngưỡng: ít nhất 70%" in str(lines.note)
    posts = next(line for line in lines.lines if "bài viết" in line.name)
    assert len(posts.moments) == 2
    assert posts.moments[0].told == "70%, Chưa ngã ngũ"
    assert posts.moments[0].n.replace("\u00a0", " ").endswith("· n = 40")
    assert len(posts.marks) == 1
    [changes] = [b for b in gender.blocks if isinstance(b, Table) and b.title == "Đã đổi những gì"]
    assert changes.columns[3:] == ["Kết luận trước", "Kết luận sau"]


def test_retired_assumptions_come_last_with_their_reason(lived: tuple[World, Study]) -> None:
    last = cards(lived, "vi")[-1]
    assert last.tag == "Đã ngừng dùng"
    assert "Ngừng dùng từ 11/2026. Lý do: không còn nhắm tới" in texts(last)


def test_only_what_needs_a_look_stands_open(lived: tuple[World, Study]) -> None:
    world, study = lived
    with world.open() as store:
        found = section(store, study, Speech("vi"))
    assert found is not None
    opened, table, fold = found.blocks
    assert isinstance(opened, Cards)
    assert all("nữ" in card.title or "giá cao" in card.title for card in opened.cards)
    assert isinstance(table, Table)
    assert [row[1] for row in table.rows] == ["Đã ngừng dùng"]
    assert isinstance(fold, Fold)
    shown = " ".join(texts(card) for card in opened.cards)
    assert "gender" not in shown, "codes stand in the fold"


def test_what_was_assumed_late_says_so(lived: tuple[World, Study]) -> None:
    price = next(c for c in cards(lived, "vi") if "giá cao" in c.title)
    assert "giả định này được nêu sau khi đã có dữ liệu" in texts(price)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("render", [html.render, markdown.render])
def test_both_renderings_tell_it_and_nothing_is_markup(lived: tuple[World, Study], lang: str, render: Any) -> None:
    world, study = lived
    with world.open() as store:
        say = Speech(lang, study.timezone)
        found = register.section(store, study, say)
        assert found is not None
        page = render(build(store, study, MADE_AT), lang, (found,))
    assert "<b>khách</b>" not in page
    assert {"vi": "ngưỡng đã đổi sau khi có dữ liệu", "en": "the threshold was changed after data"}[lang] in page
    text = unescape(re.sub(r"<[^>]+>", " ", page))
    assert not re.search(r"\{\w*\}", text.split("</style>")[-1]) or "{" not in text.split("register")[-1]


def test_a_study_without_assumptions_has_no_such_section(world: World) -> None:
    with world.open() as store:
        findings.find(store, study_with(world))
        assert section(store, study_with(world), Speech("vi")) is None


CLAIM = {
    "segment": "", "attribute": "gender", "pain": None, "expected": '["female"]', "at_least": 0.5, "at_most": None,
}  # fmt: skip


def checks(*counts: tuple[float, float]) -> list[dict[str, Any]]:
    return [{"count": c, "n": n, "share": c / n, "low": 0.1, "high": 0.9} for c, n in counts]


@pytest.mark.parametrize(
    ("given", "drawn"),
    [
        ([(20, 40), (40, 80)], [40, 80]),
        ([(20, 40), (21, 41)], [41]),  # one woman came
        ([(20, 40), (20, 43), (20, 60)], [43, 60]),  # nobody came to the women, twenty to the men
        ([(20, 40), (22, 60)], [60]),  # two women among those who came
        ([(20, 40), (22, 42), (30, 60)], [42, 60]),
        ([(20, 40), (30, 60), (22, 42)], [60, 42]),  # not even with one in between
        ([(2, 40), (30, 60)], [60]),  # two must not be told at all
        ([(20, 40), (15, 30), (2, 30)], [40, 30]),
    ],
)
def test_no_two_checks_that_are_drawn_tell_of_a_few_people(given: list[tuple[int, int]], drawn: list[int]) -> None:
    assert [row["n"] for row in tellable(CLAIM, checks(*given), 5)] == drawn


def test_the_target_group_is_not_told_where_the_rest_could_be_worked_out(world: World) -> None:
    study = study_with(world, GENDER)
    with world.open() as store:
        observe(store, "survey", "a.csv", "2026-10-31", {"female": 80, "male": 20})
        observe(store, "orders", "b.csv", "2026-10-31", {"female": 80, "male": 20})
        db = store._db  # type: ignore[attr-defined]
        for kind, few in (("survey", 97), ("orders", 60)):  # three of the survey are not of the target
            db.execute(
                "insert into observations (import_id, kind, brand, audience, attribute, value, unit, count, n, share, low, high, "
                "period_to) select import_id, kind, brand, 'target', attribute, value, unit, ?, ?, 0.8, 0.7, 0.9, period_to "
                "from observations where kind = ? and value = 'female'",
                (round(few * 0.8), few, kind),
            )
        db.conn.commit()
        findings.find(store, study)
        found = section(store, study, Speech("en"))
    assert found is not None
    [table] = [b for b in walked(found)[0].blocks if isinstance(b, Table)]
    told = {(row[0].text, row[1]): row[3].text for row in table.rows}  # type: ignore[union-attr]
    assert "worked out" in told["survey", "target group"]
    assert told["orders", "target group"].startswith("80%")
    assert told["survey", f"customers of {OWN}"].startswith("80%")


def test_of_a_day_only_the_last_check_is_drawn() -> None:
    days = ["2026-10-01T03:00:00Z", "2026-10-01T09:00:00Z", "2026-10-02T03:00:00Z"]
    given = [{"checked_at": day, "n": place} for place, day in enumerate(days)]
    assert [row["n"] for row in register._daily(given)] == [1, 2]


def test_a_store_of_an_older_version_has_no_section_until_it_is_analysed(tmp_path: Path) -> None:
    world = World(tmp_path)
    with world.open() as store:
        assert _empty(store, world.study) is None


def _empty(store: Store, study: Study) -> object:
    return section(store, study, Speech("en"))
