"""Which periods posts fall into, and which of them are whole."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from analysis.columns import NEVER
from analysis.periods import MONTH, MOST_PERIODS, NOWHERE, WEEK, Calendar, calendar, following

NOW = datetime(2026, 11, 20, tzinfo=UTC)
MINIMUM = 5


def _daily(first: datetime, days: int, people: int = 6) -> NDArray[np.int64]:
    return np.array([int((first + timedelta(days=day)).timestamp()) for day in range(days) for _ in range(people)])


def _made(at: NDArray[np.int64], zone: str = "UTC") -> Calendar:
    return calendar(at, np.arange(len(at)) % 6, zone, int(NOW.timestamp()), MINIMUM)


def test_months_and_which_of_them_are_whole() -> None:
    found = _made(_daily(datetime(2026, 1, 10, tzinfo=UTC), 305))  # to 10 November
    assert found.step == MONTH
    assert found.starts[0] == "2026-01-01"
    assert found.starts[-1] == "2026-11-01"
    assert found.whole.tolist() == [False, *[True] * 9, False]
    assert found.of[0] == 0
    assert found.of[-1] == 10


def test_a_period_that_posts_cover_from_its_first_day_to_its_last_is_whole() -> None:
    found = _made(_daily(datetime(2026, 1, 1, tzinfo=UTC), 304))  # to 31 October
    assert found.whole.tolist() == [True] * 10


def test_weeks_begin_on_monday_where_there_are_few_months() -> None:
    found = _made(_daily(datetime(2026, 10, 1, tzinfo=UTC), 40))
    assert found.step == WEEK
    assert all(date.fromisoformat(start).weekday() == 0 for start in found.starts)
    assert found.starts[0] == "2026-09-28"
    assert not found.whole[0]
    assert found.whole[1:-1].all()


def test_a_few_months_do_where_no_week_has_people_enough() -> None:
    day = datetime(2026, 7, 1, tzinfo=UTC)
    at = np.array(
        [int((day + timedelta(days=2 * number)).timestamp()) for number in range(60)]
    )  # four a week, to October
    found = _made(at)
    assert found.step == MONTH
    assert found.starts == ("2026-07-01", "2026-08-01", "2026-09-01", "2026-10-01")
    assert found.of[0] == 0


def test_a_month_begins_when_it_does_where_people_live() -> None:
    evening = datetime(2026, 2, 28, 18, tzinfo=UTC)  # already March in Vietnam
    at = np.concatenate([_daily(datetime(2026, 1, 1, tzinfo=UTC), 300), [int(evening.timestamp())]])
    assert _made(at).of[-1] == 1
    assert _made(at, "Asia/Ho_Chi_Minh").of[-1] == 2


def test_posts_without_a_date_or_from_the_future_are_in_no_period() -> None:
    at = np.concatenate([_daily(datetime(2026, 1, 1, tzinfo=UTC), 300), [NEVER, -5, int(NOW.timestamp()) + 86_400]])
    found = _made(at)
    assert found.of[-3:].tolist() == [NOWHERE] * 3
    assert (found.undated, found.future) == (2, 1)


def test_one_wrong_date_makes_no_century() -> None:
    at = np.concatenate([[100_000], _daily(datetime(2026, 1, 1, tzinfo=UTC), 300)])
    found = _made(at)
    assert found.starts[0] == "2026-01-01"
    assert found.of[0] == NOWHERE


def test_only_the_newest_periods_are_kept() -> None:
    found = _made(_daily(datetime(2018, 1, 1, tzinfo=UTC), 3000, people=6))
    assert len(found) == MOST_PERIODS == len(found.whole)
    assert found.of.max() == MOST_PERIODS - 1
    assert (found.of == NOWHERE).any()


def test_nothing_dated_has_no_periods() -> None:
    for at in (np.array([], dtype=np.int64), np.full(50, NEVER)):
        found = _made(at)
        assert len(found) == 0
        assert found.undated == len(at)


def test_one_month_only_is_weeks() -> None:
    found = _made(_daily(datetime(2026, 11, 2, tzinfo=UTC), 14))
    assert found.step == WEEK
    assert found.starts == ("2026-11-02", "2026-11-09")
    assert found.whole.all()


def test_the_periods_that_follow() -> None:
    assert following(date(2026, 11, 1), MONTH, 3) == date(2027, 2, 1)
    assert following(date(2026, 12, 28), WEEK, 1) == date(2027, 1, 4)
