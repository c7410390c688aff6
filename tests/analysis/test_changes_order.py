"""The news comes first: prices and promises, verdicts on us, pains by people moved; what fell for others came is summed up."""

from __future__ import annotations

from dataclasses import replace

from analysis import changed, kept
from analysis.changed import Change
from analysis.changes_order import diluted, only_diluted, ordered
from analysis.report import moving
from analysis.report.blocks import Card, Items, Table
from analysis.report.model import Moved
from analysis.report.sections import trends_changes
from analysis.report.speech import Speech
from tests.analysis.world import MADE_AT, MINI, OWN, World


def _moved(brand: str, subject: str, value: str, before: tuple[int, int], after: tuple[int, int], q: float) -> Change:
    sides = [{"count": c, "n": n, "share": c / n, "low": 0.0, "high": 1.0} for c, n in (before, after)]
    count, n = after[0] - before[0], after[1] - before[1]
    new = {"count": count, "n": n, "share": count / n}
    attribute = "channel" if subject == kept.AUDIENCE else subject
    return Change(changed.MOVED, brand, subject, attribute, value, *sides, new, q=q)


IMPORTED = Change(changed.EVIDENCE, "", changed.EVIDENCE, "added", "wave2.csv", {}, {"kind": "posts"})
FEW = _moved(MINI, kept.AUDIENCE, "app", (5, 5), (5, 25), 1e-12)
VOICE = _moved(OWN, kept.VOICE, "", (60, 154), (60, 293), 1e-15)
FELL = _moved(MINI, kept.PAIN, "delivery", (10, 83), (10, 222), 1e-5)
PRICE = _moved(MINI, kept.PAIN, "price", (22, 83), (115, 222), 1e-8)
SMALLER = _moved(OWN, kept.PAIN, "quality", (10, 80), (30, 120), 1e-9)
JUDGED = Change(changed.VERDICT, MINI, "verdict", "a", "", {"answer": "undecided"}, {"answer": "supported"})
EVERY = [IMPORTED, FEW, VOICE, FELL, SMALLER, PRICE, JUDGED]


def test_what_a_marketer_acts_on_comes_first_and_verdicts_on_competitors_last() -> None:
    cut = Change(
        changed.PRICE, MINI, changed.PRICE, "price", "Gói M", said={"vi": "Gói M: 259.000đ → 199.000đ"}, at=MADE_AT
    )
    ours = replace(JUDGED, brand=OWN)
    assert ordered([*EVERY, ours, cut], OWN) == [cut, ours, PRICE, SMALLER, VOICE, FELL, IMPORTED, FEW, JUDGED]


def test_verdicts_on_competitors_are_one_line(world: World) -> None:
    say, other = Speech("vi"), replace(JUDGED, attribute="b", after={"answer": "contradicted"})
    (line,) = trends_changes.briefly([JUDGED, other], "over-time", world.study, say)
    assert (
        line.text
        == f"Xét trên đối thủ, kết luận cũng đổi: {MINI} – “a” nay là “Được ủng hộ”; {MINI} – “b” nay là “Bị bác bỏ”."
    )


def test_whether_their_customers_are_ours_is_told_before_the_rest(world: World) -> None:
    before = {(MINI, kept.ANSWER, kept.ANSWER, ""): {"answer": "not_enough"}}
    after = {(MINI, kept.ANSWER, kept.ANSWER, ""): {"answer": "close"}}
    (answer,) = changed.compared(before, after, 5)
    assert ordered([*EVERY, answer], OWN)[0] == answer
    assert trends_changes.sentences([answer], world.study, Speech("vi")) == [
        f"Khách của {MINI} có giống nhóm bạn nhắm không: trước là “Chưa đủ dữ liệu”, nay là “Khá giống”."
    ]
    assert list(changed.compared(after, after, 5)) == []


def test_what_fell_because_others_came_is_one_sentence_and_stands_in_the_table(world: World) -> None:
    say = Speech("vi")
    section = moving.section(ordered(EVERY, OWN), MADE_AT, "", world.study, say)
    (card,) = section.front
    assert isinstance(card, Card)
    (items,) = card.blocks
    assert isinstance(items, Items)
    told = [text.text for text in items.texts]
    assert len(diluted(EVERY)) == 2
    assert "“giá cao” (MiniCare) tăng từ 27% lên 52%: trong 139 người mới lên tiếng có 93 người (67%)." in told[0]
    assert told[3].startswith("2 tỷ lệ khác giảm chỉ vì có thêm người: không ai trong 139 người mới")
    assert told[4] == "Xem thêm 2 thay đổi khác"
    (table,) = [block for block in section.blocks if isinstance(block, Table)]
    assert len(table.rows) == 5
    notes = [getattr(row[-1], "note", None) for row in table.rows]
    assert notes.count("chỉ vì có thêm người") == 2, "the table gives the same verdict as the sentence"
    mark = moving.told(Moved(MINI, "pain", "delivery", 10 / 83, 10 / 222, 1e-5, only_diluted(FELL)), say)
    assert mark == "trước là 12%; thấp hơn chỉ vì có thêm người", "and so does the mark beside a number"


def test_one_share_that_nobody_new_tells_is_told_by_itself(world: World) -> None:
    assert diluted([VOICE]) == []
    (told,) = trends_changes.sentences([VOICE], world.study, Speech("vi"))
    assert (
        told
        == f"Tỷ lệ người nhắc đến {OWN} giảm từ 39% xuống 20%, nhưng chỉ vì có thêm người: không ai trong 139 người mới lên tiếng nhắc đến."
    )


def test_of_an_analysis_of_the_same_day_the_hour_is_told(world: World) -> None:
    say = Speech("vi")
    title = moving.section((), "2026-11-21T02:05:00Z", "", world.study, say, "2026-11-21T09:00:00Z").title
    assert title == f"Đổi gì so với {say.hour('2026-11-21T02:05:00Z')}"
    assert moving.section((), "2026-11-20T02:05:00Z", "", world.study, say, "2026-11-21T09:00:00Z").title.endswith(
        "20/11/2026"
    )
