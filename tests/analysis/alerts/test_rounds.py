"""One round after another on a small market: what was there is no news, what is new is told once, and only what the study wants."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from analysis.alerts import ledger, pages, rounds
from analysis.alerts.event import SMALL, UNWANTED
from data.study_alerts import Channel
from tests.analysis.alerts.watched import SHOP, Kept, Watched, claims, set_price
from tests.analysis.world import letters


def test_what_was_there_is_no_news(watched: Watched) -> None:
    way = Kept()
    set_price(watched, 289000.0)
    watched.read_page()
    first = watched.round(way)
    assert (first.first, first.known, first.new, way.told) == (True, 1, (), [])
    watched.day += 1
    again = watched.round(way)
    assert (again.first, again.new, way.told) == (False, (), [])


def test_what_does_not_work_the_first_time_is_told(watched: Watched) -> None:
    """Nobody has been told of it before; a price of last week is old news."""
    way = Kept()
    watched.scheduled()
    set_price(watched, 289000.0)
    watched.read_page()
    for _ in range(2):
        watched.day += 1
        watched.crawl(state="failed", reason="Không kết nối được.", key="network")
    watched.crawl(SHOP, state="partial", reason="Trang đổi giao diện.", key="changed_look")
    watched.fails("analyze", "overtime", "quá 12 giờ (at_most_hours) nên bị dừng")
    first = watched.round(way)
    assert (first.first, first.known) == (True, 1)
    assert sorted(one.kind for one in first.new) == ["crawl", "crawl", "job"]
    [told] = way.told
    assert "Không kết nối được." in told
    assert "Trang đổi giao diện." in told
    assert "bước phân tích" in told
    assert "289.000đ" not in told
    watched.day += 1
    assert watched.round(way).new == ()


def test_a_dead_source_is_told_once_with_its_brand_and_once_when_it_can_be_read_again(watched: Watched) -> None:
    way = Kept()
    watched.scheduled()
    watched.round(way)
    for state in ("failed", "failed", "failed", "done", "done"):
        watched.day += 1
        if state == "failed":
            watched.fails("crawl", code=1)
        watched.crawl(SHOP, state=state, reason="Không kết nối được." if state == "failed" else None)
        watched.round(way)
    down, again = way.told
    assert down.count("• ") == again.count("• ") == 1
    assert "MiniCare: từ ngày" in down
    assert "Không kết nối được." in down
    assert "nay đã đọc lại được." in again
    watched.round(way, digest=True)
    assert "nay đã đọc lại được." in way.told[-1]
    assert "Xem vì sao nguồn không thu thập được" not in way.told[-1]


def test_one_bad_crawl_is_told_neither_when_it_fails_nor_when_it_is_over(watched: Watched) -> None:
    way = Kept()
    watched.scheduled()
    watched.round(way)
    for state in ("failed", "done"):
        watched.day += 1
        if state == "failed":
            watched.fails("crawl", code=1)
        watched.crawl(SHOP, state=state)
        watched.round(way)
    assert way.told == []


@pytest.mark.parametrize(("state", "code"), [("failed", 3), ("overtime", 1)])
def test_a_crawl_that_broke_by_itself_is_told_though_a_source_fails_too(
    watched: Watched, state: str, code: int
) -> None:
    way = Kept()
    watched.scheduled()
    watched.round(way)
    watched.day += 1
    watched.crawl(SHOP, state="failed", reason="Không kết nối được.")
    watched.fails("crawl", state, code=code)
    watched.round(way)
    [told] = way.told
    assert "Ổ đĩa đã hết chỗ." in told


def test_a_sentence_that_counts_as_benefit_and_as_proof_is_told_once(watched: Watched) -> None:
    way = Kept()
    for line in ("Không tẩm bơ, không hóa chất", "Hạt điều thơm ngon, an toàn cho sức khỏe, số 1 Việt Nam"):
        watched.lines = ("Đổi trả trong 7 ngày", line)
        watched.read_page(SHOP + "cam-ket")
        watched.lines = ()
        watched.round(way)
        watched.day += 1
    kinds = watched.store.tuples("select area, how from landing_changes where after like '%số 1%'")
    assert len(set(kinds)) == 2
    [told] = way.told
    assert (told.count("số 1 Việt Nam"), "sửa 2 chỗ" in told) == (1, True)


def test_a_sentence_in_anothers_place_is_no_second_time_a_new_one() -> None:
    old, new = "Không hóa chất", "Không hóa chất, số 1 Việt Nam"
    rows: list[dict[str, Any]] = [
        {"how": "changed", "before": old, "after": new}, {"how": "added", "before": None, "after": new},
        {"how": "removed", "before": old, "after": None}, {"how": "added", "before": None, "after": "Bảo hành"},
    ]  # fmt: skip
    assert pages._once(rows) == [rows[0], rows[3]]


def test_a_job_that_the_schedule_has_no_more_is_no_trouble(watched: Watched) -> None:
    watched.fails("analyze")
    assert watched.round(Kept()).new == ()


def test_the_other_channels_tell_once_of_one_that_keeps_failing_and_when_it_works_again(watched: Watched) -> None:
    ways = Kept("được"), Kept("cũng được"), Kept("hỏng", down=True)
    good, other, bad = ways
    watched.want(to=[{"file": f"{n}.txt", "name": way.name} for n, way in enumerate(ways)])
    watched.round(*ways)
    for number in range(4):
        watched.day += 1
        bad.down = number < 3
        if number == 0:
            set_price(watched, 289000.0)
            watched.read_page()
        watched.round(*ways)
    assert len(good.told) == len(other.told) == 3
    assert "Kênh báo tin “hỏng” đã 2 lần liền không gửi được, từ ngày 03/11/2026 (không có mạng)." in good.told[1]
    assert "Làm tiếp: chandung alerts --test" in good.told[1]
    assert "Kênh báo tin “hỏng” hỏng từ ngày 03/11/2026, nay đã gửi lại được" in good.told[2]
    assert ["Kênh báo tin" in told for told in bad.told] == [False]
    states = dict(watched.store.tuples("select channel, failed from alert_channels"))
    assert states == {"được": 0, "cũng được": 0, "hỏng": 0}


def test_where_no_channel_works_none_is_blamed(watched: Watched) -> None:
    ways = Kept("một", down=True), Kept("hai", down=True)
    watched.want(to=[{"file": f"{way.name}.txt", "name": way.name} for way in ways])
    watched.round(*ways)
    set_price(watched, 289000.0)
    for _ in range(3):
        watched.day += 1
        watched.read_page()
        watched.round(*ways)
    for way in ways:
        way.down = False
    watched.day += 1
    watched.round(*ways)
    assert [way.told[0].count("• ") for way in ways] == [1, 1]
    assert "channel" not in dict(watched.states())


def test_a_channel_that_fails_for_minutes_is_no_news(watched: Watched) -> None:
    ways = Kept("được"), Kept("hỏng", down=True)
    watched.want(to=[{"file": f"{way.name}.txt", "name": way.name} for way in ways])
    watched.round(*ways)
    watched.day += 1
    set_price(watched, 289000.0)
    watched.read_page()
    for minutes in (0, 5, 30):
        rounds.run(watched.store, watched.study, watched.now + timedelta(minutes=minutes), ways=ways)
    assert len(ways[0].told) == 1


def test_a_price_is_told_once_by_each_channel(watched: Watched) -> None:
    ways = Kept("một"), Kept("hai")
    watched.round(*ways)
    watched.day += 1
    set_price(watched, 289000.0)
    watched.read_page()
    done = [watched.round(*ways) for _ in range(3)]
    assert [len(one.new) for one in done] == [1, 0, 0]
    for way in ways:
        [told] = way.told
        assert "MiniCare đổi giá: Bỉm M: 259.000đ → 289.000đ (tăng 12%)" in told
        assert "Căn cứ: https://minicare.example/" in told


def test_a_channel_that_failed_is_tried_again_and_only_that_one(watched: Watched) -> None:
    good, bad = Kept("được"), Kept("hỏng", down=True)
    watched.round(good, bad)
    watched.day += 1
    set_price(watched, 289000.0)
    watched.read_page()
    done = watched.round(good, bad)
    assert [(one.channel, one.events, one.why) for one in done.told] == [
        ("được", 1, None),
        ("hỏng", 0, "không có mạng"),
    ]
    watched.day += 1
    bad.down = False
    watched.round(good, bad)
    watched.round(good, bad)
    assert (len(good.told), len(bad.told)) == (1, 1)
    [row] = watched.store.query("select tries, why from alert_deliveries where channel = 'hỏng'")
    assert row == {"tries": 1, "why": None}


def test_a_dead_channel_is_tried_less_and_less_often_unless_somebody_asks(watched: Watched) -> None:
    way, tried = Kept("hỏng", down=True), list[int]()
    watched.round(way)
    watched.day += 1
    set_price(watched, 289000.0)
    watched.read_page()
    for minutes in range(0, 24 * 60, 5):
        done = rounds.run(
            watched.store, watched.study, watched.now + timedelta(minutes=minutes), ways=[way], patient=True
        )
        [told] = done.told
        assert (told.why, told.rests_until is None) == ("không có mạng", told.failed)
        tried += [minutes] if told.failed else []
    assert tried == [0, 5, 20, 80, 440, 800, 1160]
    way.down = False
    assert watched.round(way).told[0].events == 1


def test_what_a_dead_channel_missed_is_not_told_twice_when_a_digest_tells_it(watched: Watched) -> None:
    way = Kept("hỏng", down=True)
    watched.round(way)
    watched.day += 1
    set_price(watched, 289000.0)
    watched.read_page()
    watched.round(way)
    watched.day += 1
    way.down = False
    watched.round(way, digest=True)
    [told] = way.told
    assert told.startswith("Chandung · ta-bim-hu-cau: tuần qua")
    assert told.count("289.000đ") == 1
    watched.round(way)
    assert len(way.told) == 1


def test_what_a_channel_took_is_told_again_only_if_it_was_not_noted(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine dies after the channel took it: it is told twice rather than never."""
    way = Kept()
    watched.round(way)
    watched.day += 1
    set_price(watched, 289000.0)
    watched.read_page()
    dies = monkeypatch.context()
    with dies as dying:
        dying.setattr(ledger, "settle", _die)
        with pytest.raises(KeyboardInterrupt):
            watched.round(way)
    watched.round(way)
    watched.round(way)
    assert len(way.told) == 2


def _die(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_channel_added_later_hears_what_is_found_from_then_on(watched: Watched) -> None:
    old, new = Kept("cũ"), Kept("mới")
    watched.round(old)
    for price in (289000.0, 329000.0):
        watched.day += 10
        set_price(watched, price)
        watched.read_page()
        watched.round(old, *([new] if price > 300000 else []))
    assert (len(old.told), len(new.told)) == (2, 1)


def test_small_changes_and_unwanted_kinds_are_not_told_even_when_thresholds_change(watched: Watched) -> None:
    way = Kept()
    watched.want(price_change=20, events=["price"])
    claims(watched, 2)
    watched.round(way)
    watched.day += 1
    set_price(watched, 289000.0)
    watched.read_page()
    claims(watched, 3)
    watched.round(way)
    assert sorted(watched.states()) == [("claim", UNWANTED), ("price", SMALL)]
    watched.day += 1
    watched.want(price_change=0)
    watched.round(way)
    assert way.told == []


def test_levels_are_heard_by_the_channels_that_want_them(watched: Watched) -> None:
    everything, weighty = Kept("tất cả"), Kept("gấp", Channel(file="y.txt", level="normal"))
    claims(watched, 2)
    watched.round(everything, weighty)
    watched.day += 1
    claims(watched, 3)
    watched.round(everything, weighty)
    assert len(everything.told) == 1
    assert weighty.told == []


def test_the_same_change_on_two_pages_is_one_thing(watched: Watched) -> None:
    way = Kept()
    watched.read_page(SHOP + "gia")
    watched.round(way)
    set_price(watched, 289000.0)
    for url in (SHOP, SHOP + "gia"):
        watched.day += 1
        watched.read_page(url)
        watched.round(way)
    assert len(way.told) == 1


def test_a_price_that_goes_there_and_back_is_told_each_time(watched: Watched) -> None:
    way = Kept()
    watched.round(way)
    for price in (289000.0, 259000.0, 289000.0):
        watched.day += 1
        set_price(watched, price)
        watched.read_page()
        watched.round(way)
    assert [told.count("→") for told in way.told] == [1, 1, 1]
    assert "(giảm 10%)" in way.told[1]


def test_of_very_many_only_some_are_told_one_by_one(watched: Watched) -> None:
    way = Kept()
    watched.want(most=3)
    watched.round(way)
    watched.day += 1
    for number in range(9):
        set_price(watched, 100000.0, f"Món {letters(number)}")
        watched.read_page(f"{SHOP}{number}")
        watched.day += 0
    watched.day += 1
    for number in range(9):
        set_price(watched, 200000.0 + number, f"Món {letters(number)}")
        watched.read_page(f"{SHOP}{number}")
    watched.round(way)
    [told] = way.told
    assert told.startswith("Chandung · ta-bim-hu-cau: 9 tin mới")
    assert told.count("• ") == 3
    assert "Còn 6 lần đổi giá nữa" in told


def test_many_changes_of_one_page_are_one_thing(watched: Watched) -> None:
    way = Kept()
    claims(watched, 2)
    watched.round(way)
    watched.day += 1
    claims(watched, 6)
    done = watched.round(way)
    assert len(done.new) == 1
    first, *points = [line for line in way.told[0].splitlines() if line.startswith(("• ", "  – "))]
    assert first == "• MiniCare sửa 4 chỗ trên trang:"
    assert (len(points), points[-1]) == (4, "  – và 1 thay đổi khác")


def test_quiet_hours_hold_and_tell_together(watched: Watched) -> None:
    way = Kept()
    watched.want(quiet_hours=["00:00-12:00"])  # START is nine o'clock in Hà Nội
    watched.round(way)
    for price in (289000.0, 329000.0):
        watched.day += 1
        set_price(watched, price)
        watched.read_page()
        held = watched.round(way)
        assert held.held_until is not None
        assert f"{held.held_until:%H:%M}" == "12:00"
    assert (way.told, held.waiting) == ([], 2)
    after = rounds.run(watched.store, watched.study, watched.now + timedelta(hours=4), ways=[way])
    assert (after.held_until, after.waiting) == (None, 0)
    [told] = way.told
    assert "2 tin mới" in told
