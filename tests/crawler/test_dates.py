"""Dates as Vietnamese and English boards write them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.dates import Clock, day_comes_first, looks_like_date

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
#: Saturday, 21 November 2026, five in the afternoon in Hà Nội.
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def told(text: str, clock: Clock) -> str | None:
    moment = clock.read(text)
    return moment.astimezone(clock.zone).strftime("%Y-%m-%d %H:%M") if moment else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hôm qua lúc 14:05", "2026-11-20 14:05"),
        ("Hôm nay 08:15", "2026-11-21 08:15"),
        ("3 phút trước", "2026-11-21 16:57"),
        ("cách đây 2 giờ", "2026-11-21 15:00"),
        ("vừa xong", "2026-11-21 17:00"),
        ("Thứ hai lúc 9:10", "2026-11-16 09:10"),
        ("Chủ nhật lúc 20:00", "2026-11-15 20:00"),
        ("12/3/25", "2025-03-12 00:00"),
        ("12/3/25 lúc 9:05 CH", "2025-03-12 21:05"),
        ("Thứ 5, 12/03/2025, 10:20", "2025-03-12 10:20"),
        ("ngày 5 tháng 3 năm 2024, 14h30", "2024-03-05 14:30"),
        ("21 Tháng mười một 2024", "2024-11-21 00:00"),
        ("21 giờ 15 phút, 3-8-2026", "2026-08-03 21:15"),
        ("20 giờ, ngày 3/8/2026", "2026-08-03 20:00"),
        ("15 thg 3, 2025", "2025-03-15 00:00"),
        ("2025-03-12T10:00:00+07:00", "2025-03-12 10:00"),
        ("tuần trước", "2026-11-14 17:00"),
        ("Tháng trước", "2026-10-21 17:00"),
        ("năm ngoái", "2025-11-21 17:00"),
        ("2 tháng trước", "2026-09-21 17:00"),
        ("9 tháng trước", "2026-02-21 17:00"),
        ("3 tuần trước", "2026-10-31 17:00"),
        ("21-10-2026, 09:15 AM (sửa lần cuối: 22-10-2026, 11:40 PM)", "2026-10-21 09:15"),
    ],
)
def test_vietnamese_dates(text: str, expected: str) -> None:
    assert told(text, Clock(zone=HANOI, now=NOW, lang="vi")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Today at 5:12 PM", "2026-11-21 17:12"),
        ("Yesterday, 11:59 pm", "2026-11-20 23:59"),
        ("Monday at 5:12 PM", "2026-11-16 17:12"),
        ("a moment ago", "2026-11-21 10:00"),
        ("2019-02-23, 09:14 PM", "2019-02-23 21:14"),
        ("2019-02-23 09:14:05 pm", "2019-02-23 21:14"),
        ("2019-02-23", "2019-02-23 00:00"),
        ("2 hours, 5 minutes ago", "2026-11-21 07:55"),
        ("May 21, 2026, 5:42 a.m.", "2026-05-21 05:42"),
        ("May 21, 2026, noon", "2026-05-21 12:00"),
        ("Sat, Jun 18 '05, 10:24 AM", "2005-06-18 10:24"),
        ("#1 Mar 21, 2020, 12:41 AM", "2020-03-21 00:41"),
        ("Sun, 12 Jan 2020 10:00:00 GMT", "2020-01-12 10:00"),
        ("12/01/2020 10:00 PM -0500", "2020-01-13 03:00"),
        ("1700000000", "2023-11-14 22:13"),
        ("1700000000000", "2023-11-14 22:13"),
        ("March 27", "2026-03-27 00:00"),
        ("Dec 24, 6:00 PM", "2025-12-24 18:00"),
        ("21. Apr 2020, 19:40", "2020-04-21 19:40"),
        ("12 stycznia 2020, 10:15", None),
    ],
)
def test_english_and_other_dates(text: str, expected: str | None) -> None:
    assert told(text, Clock(now=NOW, lang="en")) == expected


@pytest.mark.parametrize("text", ["hôm qua lúc 14:05", "3 phút trước", "Monday at 5:12 PM", "March 27", "just now"])
def test_what_depends_on_an_unknown_time_of_fetching_is_unknown(text: str) -> None:
    assert Clock(zone=HANOI).read(text) is None


@pytest.mark.parametrize(
    "text",
    ["", "32/13/2020", "hello", "9999999999999", "Posts: 12", "99:99", "31 February 2020", "1 trong 3", "x" * 5000],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert Clock(zone=HANOI, now=NOW).read(text) is None


def test_a_language_of_dateparser_is_read_by_it() -> None:
    assert told("12 stycznia 2020, 10:15", Clock(now=NOW, lang="pl")) == "2020-01-12 10:15"


@pytest.mark.parametrize(
    ("shown", "locale", "day_first"),
    [
        (["04-06-2019", "04-27-2019"], "", False),
        (["03/04/2019", "27/04/2019"], "en-us", True),
        (["03/04/2019"], "en-us", False),
        (["03/04/2019, 06:55 AM"], "en", False),
        (["03/04/2019 18:55"], "en", True),
        (["03/04/2019 06:55 AM"], "vi-vn", True),
        ([], "", True),
    ],
)
def test_the_whole_page_tells_whether_the_day_comes_first(shown: list[str], locale: str, day_first: bool) -> None:
    assert day_comes_first(shown, locale) is day_first


@given(st.text(max_size=130))
def test_no_text_breaks_the_clock(text: str) -> None:
    moment = Clock(zone=HANOI, now=NOW, patience=0).read(text)
    assert moment is None or moment.tzinfo is UTC
    assert looks_like_date(text) in (True, False)


@pytest.mark.parametrize(
    ("told", "year", "month", "day"), [("13/3 lúc 8:00", 2026, 3, 13), ("Gửi 24/12, 8:00", 2025, 12, 24)]
)
def test_a_day_without_a_year_is_the_latest_one_before_the_fetch(told: str, year: int, month: int, day: int) -> None:
    clock = Clock(now=datetime(2026, 11, 20, tzinfo=UTC))
    assert clock.read(told) == datetime(year, month, day, 8, tzinfo=UTC)
    assert clock.read("3/5") is None


@pytest.mark.parametrize("name", ["Thu Hà", "Hà Thu", "Thu", "Mon", "Sun Nguyễn", "Sat", "Tue Minh 2", "Fri"])
def test_a_person_named_like_a_day_is_no_date(name: str) -> None:
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert Clock(now=now).read(name) is None
    assert Clock(now=now).read("Thu 10:30") == datetime(2026, 11, 19, 10, 30, tzinfo=UTC)
    assert Clock(now=now).read(f"{name} - 05/04/2026") == datetime(2026, 4, 5, tzinfo=UTC)


def test_how_long_something_was_used_is_no_part_of_how_long_ago_it_was_said() -> None:
    clock = Clock(now=datetime(2026, 11, 20, 12, tzinfo=UTC))
    assert clock.read("Đã dùng khoảng 2 tháng · 3 ngày trước") == datetime(2026, 11, 17, 12, tzinfo=UTC)
