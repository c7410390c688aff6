"""When jobs are due: cron words, zones whose clocks change, jitter, quiet hours, what was missed. No clock runs here."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import cron
from data.job_times import Times
from data.jobs import Standing, due, next_start, outlasted, settled
from data.study import Study

HANOI, BERLIN = "Asia/Ho_Chi_Minh", "Europe/Berlin"
NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)  # a Sunday, noon in Hà Nội


def study(*jobs: dict[str, Any], zone: str = HANOI, **fields: Any) -> Study:
    given: dict[str, Any] = {
        "study": "thu", "contact": "nghien-cuu@example.com", "own": {"name": "An Nhiên"},
        "sources": [{"url": "https://forum.example/"}], "timezone": zone,
        "schedule": [{"what": "crawl", "every": "0 3 * * *", **job} for job in jobs],
    }  # fmt: skip
    return Study.model_validate(given | fields)


def local(moments: list[datetime], zone: str) -> list[str]:
    return [f"{moment.astimezone(ZoneInfo(zone)):%m-%d %H:%M %z}" for moment in moments]


def times(every: str, start: datetime, count: int, zone: str = HANOI) -> list[str]:
    whole = study({"every": every}, zone=zone)
    return local(list(islice(Times(whole, whole.schedule[0]).after(start), count)), zone)


def test_a_day_in_ha_noi_is_always_as_long() -> None:
    assert times("0 3 * * *", NOON, 2) == ["11-23 03:00 +0700", "11-24 03:00 +0700"]


def test_an_hour_that_comes_twice_is_one_to_a_job_of_that_hour() -> None:
    autumn = datetime(2026, 10, 24, 12, tzinfo=UTC)
    found = times("30 2 * * *", autumn, 2, BERLIN)
    assert found == ["10-25 02:30 +0200", "10-26 02:30 +0100"]


def test_a_job_of_every_hour_runs_in_both_of_them() -> None:
    autumn = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)
    found = times("0 * * * *", autumn, 3, BERLIN)
    assert found == ["10-25 02:00 +0200", "10-25 02:00 +0100", "10-25 03:00 +0100"]


def test_an_hour_that_is_left_out_is_made_up_for_at_once() -> None:
    spring = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert times("30 2 * * *", spring, 2, BERLIN) == ["03-29 03:30 +0200", "03-30 02:30 +0200"]


def test_sunday_is_0_and_7_as_in_cron_and_not_as_in_the_library() -> None:
    for word in ("0", "7", "sun"):
        assert times(f"0 3 * * {word}", NOON, 1) == ["11-29 03:00 +0700"]
    assert times("0 3 * * 1-5", NOON, 6)[-1] == "11-30 03:00 +0700"


def test_a_day_of_the_month_and_a_weekday_are_either_as_in_cron() -> None:
    found = times("0 3 13 * fri", NOON, 4)
    assert found == ["11-27 03:00 +0700", "12-04 03:00 +0700", "12-11 03:00 +0700", "12-13 03:00 +0700"]


@given(st.sampled_from(["*", "*/7", "5", "1-20/3", "0,59"]), st.sampled_from(["*", "*/5", "2", "1-3"]),
       st.sampled_from(["*", "1", "31", "*/9"]), st.sampled_from(["*", "feb", "1-6/2"]), st.sampled_from(["*", "mon", "sat-7", "1-5"]),
       st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)))  # fmt: skip
def test_times_rise_and_fit_their_words(
    minute: str, hour: str, day: str, month: str, weekday: str, start: datetime
) -> None:
    every = f"{minute} {hour} {day} {month} {weekday}"
    if not cron.happens(every):
        return
    whole = study({"every": every}, zone=BERLIN)
    found = list(islice(Times(whole, whole.schedule[0]).after(start), 3))
    assert found == sorted(set(found))
    assert all(moment > start for moment in found)
    minutes, _, days, months, weekdays = cron.numbers(every)
    for moment in found:
        there = moment.astimezone(ZoneInfo(BERLIN))
        assert there.minute in minutes
        assert there.month in months
        either = there.day in days, (there.weekday() + 1) % 7 in weekdays
        assert any(either) if not (day.startswith("*") or weekday.startswith("*")) else all(either)


# What is due


def stands(job: str = "crawl 0 3 * * *", **values: Any) -> dict[str, Standing]:
    return {job: Standing(job, job.split()[0], **({"since": NOON} | values))}


def test_a_job_seen_for_the_first_time_is_due_at_its_next_time() -> None:
    whole = study({})
    known = settled(whole, {}, NOON)
    assert due(whole, known, NOON) == []
    assert due(whole, known, NOON + timedelta(hours=14)) == []
    (one,) = due(whole, known, NOON + timedelta(hours=15))
    assert (one.planned_at, one.missed) == (NOON + timedelta(hours=15), 0)


def test_a_computer_that_slept_three_days_runs_each_job_once() -> None:
    whole = study({"then": ["analyze"]}, {"what": "report", "every": "*/10 * * * *"})
    known = settled(whole, {}, NOON)
    found = due(whole, known, NOON + timedelta(days=3))
    assert [one.job.what for one in found] == ["crawl", "report"]
    assert found[0].missed == 2
    assert found[0].steps == ("crawl", "analyze")


def test_a_clock_that_stood_a_year_ahead_does_not_silence_a_job() -> None:
    whole = study({})
    wrong = stands(planned_at=NOON + timedelta(days=365))
    assert due(whole, wrong, NOON + timedelta(days=3)) == []
    put_right = settled(whole, wrong, NOON)
    assert len(due(whole, put_right, NOON + timedelta(days=1))) == 1


def test_a_clock_set_back_by_minutes_runs_nothing_twice() -> None:
    whole, at_three = study({}), NOON + timedelta(hours=15)
    known = stands(planned_at=at_three)
    earlier = at_three - timedelta(minutes=10)
    assert settled(whole, known, earlier) == known
    assert due(whole, known, at_three + timedelta(minutes=1)) == []


def test_a_run_that_was_broken_off_is_taken_up_where_it_was_three_times_at_most() -> None:
    whole = study({"then": ["analyze", "alerts"]})
    for attempts, expected in ((1, [("analyze", "alerts")]), (2, [("analyze", "alerts")]), (3, [])):
        known = stands(planned_at=NOON, state="interrupted", steps_left=("analyze", "alerts"), attempts=attempts)
        assert [one.steps for one in due(whole, known, NOON + timedelta(minutes=1))] == expected


def test_a_run_taken_up_from_its_beginning_is_also_that_of_the_times_that_passed_meanwhile() -> None:
    whole, passed = study({"then": ["analyze"]}), NOON + timedelta(hours=15)
    for left, planned in ((("crawl", "analyze"), passed), (("analyze",), NOON)):
        known = stands(planned_at=NOON, state="interrupted", steps_left=left, attempts=1)
        assert [one.planned_at for one in due(whole, known, passed + timedelta(hours=1))] == [planned]


def test_jitter_is_the_same_whenever_it_is_asked_for_and_another_each_day() -> None:
    whole = study({"jitter": 60})
    one = Times(whole, whole.schedule[0])
    planned = list(islice(one.after(NOON), 10))
    late = [one.ready(moment) - moment for moment in planned]
    assert late == [one.ready(moment) - moment for moment in planned]
    assert len(set(late)) > 5
    assert all(timedelta(0) <= wait <= timedelta(hours=1) for wait in late)
    known = settled(whole, {}, NOON)
    start = next_start(whole, whole.schedule[0], known[whole.schedule[0].key], NOON)
    assert start == one.ready(planned[0])
    assert due(whole, known, start - timedelta(seconds=1)) == []
    assert due(whole, known, start)


def test_a_crawl_keeps_the_studys_quiet_hours_and_a_report_only_its_own() -> None:
    whole = study(
        {}, {"what": "report"}, {"what": "alerts", "quiet_hours": ["22:00-07:00"]},
        crawling={"quiet_hours": ["22:00-06:00"]},
    )  # fmt: skip
    known = settled(whole, {}, NOON)
    at = {hour: NOON + timedelta(hours=hour - 12) for hour in (27, 30, 31)}  # 03:00, 06:00 and 07:00 of the next day
    assert [one.job.what for one in due(whole, known, at[27])] == ["report"]
    assert [one.job.what for one in due(whole, known, at[30])] == ["crawl", "report"]
    assert [one.job.what for one in due(whole, known, at[31])] == ["crawl", "report", "alerts"]
    starts = [next_start(whole, job, known[job.key], NOON) for job in whole.schedule]
    assert starts == [at[30], at[27], at[31]]


def test_what_was_missed_does_not_begin_in_quiet_hours_either() -> None:
    whole = study({"every": "0 12 * * *"}, crawling={"quiet_hours": ["22:00-06:00"]})
    known = settled(whole, {}, NOON)
    late = NOON + timedelta(days=1, hours=11)  # 23:00
    assert due(whole, known, late) == []
    assert next_start(whole, whole.schedule[0], known[whole.schedule[0].key], late) == late + timedelta(hours=7)


def test_times_that_pass_while_a_job_runs_are_left_out() -> None:
    whole = study({"every": "0 * * * *"})
    one = Times(whole, whole.schedule[0])
    hours = [NOON + timedelta(hours=hour) for hour in range(5)]
    assert outlasted(one, hours[0], hours[0], hours[0] + timedelta(minutes=59)) is None
    assert outlasted(one, hours[0], hours[0], hours[2] + timedelta(minutes=5)) == hours[2]


def test_jobs_that_the_study_no_longer_names_are_forgotten() -> None:
    assert list(settled(study({}), stands("report 0 7 * * 1"), NOON)) == ["crawl 0 3 * * *"]


@given(
    st.integers(0, 60 * 24 * 40),
    st.integers(0, 60 * 24 * 10),
    st.sampled_from(["*/30 * * * *", "0 3 * * *", "0 7 * * 1", "15 4 1 * *"]),
)
def test_what_is_due_next_is_due_then_and_not_before(since: int, later: int, every: str) -> None:
    whole = study({"every": every, "jitter": 30, "quiet_hours": ["12:00-13:00"]}, zone=BERLIN)
    begin = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=since)
    known, job = settled(whole, {}, begin), whole.schedule[0]
    now = begin + timedelta(minutes=later)
    start = next_start(whole, job, known[job.key], now)
    assert start is not None
    assert start >= now
    assert bool(due(whole, known, now)) == (start == now)
    assert due(whole, known, start)


@pytest.mark.parametrize("every", ["0 3 31 feb *", "0 3 30 2 *", "0 3 31 4,6 */2"])
def test_a_day_that_no_year_has(every: str) -> None:
    assert not cron.happens(every)
