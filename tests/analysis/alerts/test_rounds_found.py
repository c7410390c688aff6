"""What crawls, jobs, verdicts, pains and digests have told, round after round on a small market."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from analysis.alerts import ledger, rounds
from analysis.alerts.event import KNOWN, TOLD, Event
from data.errors import StoreError
from data.study import MARKET
from data.study_alerts import Channel
from tests.analysis.alerts.test_channels import HOSTILE
from tests.analysis.alerts.watched import SHOP, Kept, Watched, set_price
from tests.analysis.over_time import Said
from tests.analysis.over_time import write as write_posts
from tests.analysis.world import BE, MINI, letters


def test_a_crawl_that_fails_twice_is_told_once_until_it_works_again(watched: Watched) -> None:
    way = Kept()
    watched.round(way)
    for state in ("failed", "failed", "failed", "done", "failed", "failed"):
        watched.day += 1
        watched.crawl(state=state, reason=f"Không vào được {HOSTILE}" if state == "failed" else None, key="network")
        watched.round(way)
    assert ["nay đã đọc lại được" in told for told in way.told] == [False, True, False]
    assert "• Từ ngày 03/11/2026, 2 lượt liền không thu thập được " in way.told[0]


def test_a_monitor_is_told_at_once_and_a_pause_is_not(watched: Watched) -> None:
    way = Kept()
    watched.round(way)
    watched.day += 1
    watched.crawl(state="partial", reason="Bài nay không còn tên người viết.", key="authors_lost")
    watched.round(way)
    for state, key in (("partial", "some_failed"), ("partial", "budget")):
        watched.day += 1
        watched.crawl(state=state, key=key)
        watched.round(way)
    assert len(way.told) == 1
    assert "có trục trặc: Bài nay không còn tên người viết." in way.told[0]


def test_a_failed_job_is_told(watched: Watched) -> None:
    way = Kept()
    watched.round(way)
    watched.day += 1
    watched.scheduled()
    watched.fails("analyze")
    watched.round(way)
    watched.round(way)
    [told] = way.told
    assert "Việc hẹn giờ “thu thập” hỏng ở bước phân tích. Ổ đĩa đã hết chỗ." in told
    assert "Làm tiếp: chandung status" in told


def test_a_verdict_is_told_when_it_turns(watched: Watched) -> None:
    way = Kept()
    _verdicts(watched, ["undecided"])
    watched.round(way)
    for verdict in ("supported", "undecided", "supported"):  # it sways at its threshold
        watched.day += 1
        _verdicts(watched, [verdict])
        watched.round(way)
    assert len(way.told) == 1
    assert """• Giả định về nhóm khách “Mẹ bỉm thành thị”: ít nhất 70% là nữ. """ in way.told[0]
    assert "Xét riêng khách của MiniCare, giả định này trước đây chưa ngã ngũ, nay được ủng hộ." in way.told[0]
    watched.day += 1
    _verdicts(watched, ["contradicted"])
    watched.round(way)
    assert len(way.told) == 2  # a reversal does not wait


def test_a_first_verdict_is_no_change(watched: Watched) -> None:
    way = Kept()
    watched.round(way)
    watched.day += 1
    _verdicts(watched, ["supported"])
    watched.round(way)
    assert way.told == []
    assert watched.states() == [("verdict", KNOWN)]


def test_what_turns_with_a_brand_and_so_with_the_market_is_told_once(watched: Watched) -> None:
    way = Kept()
    _verdicts(watched, ["undecided"], MINI)
    _verdicts(watched, ["undecided"], MARKET)
    watched.round(way)
    watched.day += 1
    _verdicts(watched, ["supported"], MINI)
    _verdicts(watched, ["supported"], MARKET)
    watched.round(way)
    [told] = way.told
    assert (told.count("• "), "riêng khách của MiniCare" in told) == (1, True)
    watched.day += 8
    _verdicts(watched, ["contradicted"], MARKET)
    watched.round(way)
    assert "Xét trên cả thị trường, giả định này trước đây được ủng hộ, nay bị bác bỏ." in way.told[-1]


def _verdicts(watched: Watched, verdicts: Sequence[str], brand: str = MINI) -> None:
    at = (watched.now - timedelta(hours=1)).isoformat(timespec="seconds").replace("+00:00", "Z")
    run = watched.store.begin_run("find")
    watched.store.end_run(run, "failed")
    if not list(watched.store.query("select 1 from assumptions")):
        claim = {"id": "me-bim-thanh-thi.gender", "version": 1, "segment": "Mẹ bỉm", "claim": "x", "attribute": "gender", "expected": "[]",
                 "minimum_n": 5, "rule": "{}", "registered_at": at, "run_id": run}  # fmt: skip
        watched.store.add_rows("assumptions", [claim])
    watched.store.add_rows(
        "verdict_history",
        [{"assumption": "me-bim-thanh-thi.gender", "version": 1, "brand": brand, "kind": "posts", "run_id": run, "checked_at": at,
          "verdict": verdict} for verdict in verdicts],
    )  # fmt: skip


def _complaints(watched: Watched, people: int, *, words: str, days_ago: int, brand: str = MINI) -> list[Said]:
    at, hurt = watched.now - timedelta(days=days_ago, hours=2), [("complaint", "price")]
    return [
        Said(f"{words} {letters(n)}", at, brand, (), hurt if n % 8 == 0 or words == "bão" else [])
        for n in range(people)
    ]


def _pained(watched: Watched, burst: int, before: str = MINI) -> None:
    said = [
        one
        for week in range(9)
        for one in _complaints(watched, 24, words=f"tuần {letters(week)}", days_ago=7 * week + 8, brand=before)
    ]
    write_posts(watched.world, watched.store, said, thread="a")
    watched.analyse()
    watched.round()
    watched.day += 1
    write_posts(watched.world, watched.store, _complaints(watched, burst, words="bão", days_ago=1), thread="b")
    write_posts(watched.world, watched.store, _complaints(watched, 12, words="nền", days_ago=1), thread="c")
    watched.analyse()


def test_a_burst_of_complaints_is_told_once_and_of_the_brand(watched: Watched) -> None:
    way = Kept()
    _pained(watched, 20)
    watched.round(way)
    watched.day += 1
    watched.round(way)
    [told] = way.told
    assert "người nói về MiniCare" in told
    assert "cả thị trường" not in told
    assert told.count("  “") == 2


def test_a_burst_of_the_market_names_the_brand_that_most_complain_of(watched: Watched) -> None:
    """Of a brand that nobody spoke of before it cannot be said that it grew; the market's alert says whom it is about."""
    way = Kept()
    _pained(watched, 20, before=BE)
    watched.round(way)
    [told] = way.told
    assert "người viết bài" in told
    assert f"Phần lớn những lời phàn nàn ấy nhắm vào {MINI}." in told
    assert f"-p brand {MINI}" in told


def test_few_people_are_never_a_number(watched: Watched) -> None:
    way = Kept()
    watched.want(pain_people=1)
    _pained(watched, 3)
    watched.round(way)
    assert way.told == []


def test_a_digest_comes_once_a_week(watched: Watched) -> None:
    way, deaf = Kept(), Kept("không", Channel(file="z.txt", digest=False))
    watched.round(way, deaf)
    watched.day += 1
    set_price(watched, 289000.0)
    watched.says["promises"] = (HOSTILE,)
    watched.read_page()
    done = watched.round(way, deaf, digest=True)
    assert done.digest
    assert (len(way.told), len(deaf.told)) == (2, 1)
    assert way.told[1].startswith("Chandung · ta-bim-hu-cau: tuần qua, 27/10/2026 – 03/11/2026")
    assert "Không có bài viết mới nào." in way.told[1]
    watched.day += 2
    assert not watched.round(way, digest=True).digest
    watched.day += 5
    watched.crawl(SHOP)
    assert watched.round(way, digest=True).digest
    assert "Không có gì đáng báo: giá, sản phẩm, ưu đãi, lời trên trang và nhịp đăng bài" in way.told[2]
    assert "Tuần qua chưa phân tích lần nào nên chưa biết nỗi đau hoặc kết luận về các giả định có đổi" in way.told[2]
    watched.want(events=["price", "verdict"])
    watched.day += 7
    watched.analyse()
    watched.round(way, digest=True)
    assert "Không có gì đáng báo: kết luận về các giả định vẫn như trước." in way.told[3]
    assert "chưa đọc được trang nào của đối thủ nên chưa biết giá có đổi không" in way.told[3]


def test_a_digest_that_was_held_tells_of_what_goes_out_beside_it(watched: Watched) -> None:
    way = Kept()
    watched.want(quiet_hours=["00:00-12:00"])
    watched.round(way)
    watched.day += 1
    assert watched.round(way, digest=True).digest
    set_price(watched, 289000.0)
    watched.read_page()
    watched.day += 1
    watched.round(way)
    after = watched.now + timedelta(hours=4)
    rounds.run(watched.store, watched.study, after, ways=[way])
    price, week = way.told
    assert "• MiniCare đổi giá" in price
    assert week.startswith("Chandung · ta-bim-hu-cau: tuần qua, 27/10/2026 – 04/11/2026")
    assert "• MiniCare đổi giá" in week
    rounds.run(watched.store, watched.study, after + timedelta(hours=1), ways=[way], digest=True)
    assert len(way.told) == 2
    later = after + timedelta(days=7)
    assert rounds.run(watched.store, watched.study, later, ways=[way], digest=True).digest
    assert way.told[2].startswith("Chandung · ta-bim-hu-cau: tuần qua, 04/11/2026 – 11/11/2026")


def test_what_a_clock_that_ran_ahead_has_noted_keeps_nothing_silent(watched: Watched) -> None:
    way, bad = Kept(), Kept("hỏng", Channel(file="y.txt", digest=False), down=True)
    watched.round(way)
    watched.day += 30
    _pained(watched, 20)
    assert watched.round(way, bad, digest=True).digest
    told = len(way.told)
    watched.day -= 24
    assert watched.round(way, digest=True).digest
    assert len(way.told) == told + 1
    patient = rounds.run(watched.store, watched.study, watched.now, ways=[bad], patient=True)
    assert patient.told[0].failed
    assert ledger.read(watched.store).rested("pain|MiniCare|price", watched.now, timedelta(days=28))


def test_two_rounds_at_once_are_refused(watched: Watched) -> None:
    with rounds.alone(watched.study.database), pytest.raises(StoreError), rounds.alone(watched.study.database):
        pass


def test_nothing_of_anybodys_text_is_kept_with_an_alert(watched: Watched) -> None:
    _pained(watched, 20)
    watched.round(Kept())
    details = [row["detail"] for row in watched.store.query("select detail from alerts where kind = 'pain'")]
    assert details
    assert all("bão" not in detail and isinstance(json.loads(detail), dict) for detail in details)


def test_an_event_that_bears_a_known_key_is_dropped(watched: Watched) -> None:
    event = Event(
        "price", "price|1", "page|x", "normal", "2026-11-01T00:00:00Z", MINI, {"url": SHOP, "count": 1, "changes": []}
    )
    ledger.note(watched.store, [(event, TOLD)], [(event, "sổ")], watched.now)
    assert ledger.read(watched.store).knows("price|1")
    assert [one.event.key for one in ledger.waiting(watched.store, "sổ")] == ["price|1"]
    assert replace(event, key="price|2").key == "price|2"
