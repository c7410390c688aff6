"""What counts as news, and what is only chance: each rule on rows with a known truth, and their false alarms over many quiet weeks."""

from __future__ import annotations

import random
from datetime import date, timedelta

import numpy as np
import pytest

from analysis.alerts import pains
from analysis.alerts.sources import Rhythm, rhythm, silent

TODAY = date(2026, 11, 20)
WEEKS = 400


def _days(seed: int, chance: float, length: int = 84, *, last: date = TODAY) -> list[date]:
    drawn = random.Random(seed)
    return [last - timedelta(days=back) for back in range(length, -1, -1) if drawn.random() < chance or back == 0]


def test_a_busy_source_is_missed_after_days_and_a_slow_one_after_weeks() -> None:
    busy, slow = rhythm(_days(1, 0.97)), rhythm(_days(1, 0.25))
    assert busy is not None
    assert slow is not None
    first = {
        name: next(day for day in range(1, 200) if silent(one, day, 5))
        for name, one in (("busy", busy), ("slow", slow))
    }
    assert first["busy"] == 3
    assert 14 < first["slow"] < 60


def test_what_is_young_or_seldom_is_not_judged() -> None:
    assert rhythm([]) is None
    assert rhythm(_days(1, 1.0, length=20)) is None
    assert rhythm([TODAY - timedelta(days=back) for back in (80, 50, 20, 0)]) is None


def test_a_silence_no_longer_than_one_before_is_none() -> None:
    seen = [day for day in _days(1, 1.0) if not date(2026, 10, 1) <= day <= date(2026, 10, 10)]
    found = rhythm(seen)
    assert found is not None
    assert found.longest == 10
    assert not silent(found, 10, 1)


def test_weeks_that_differ_make_it_wait_longer() -> None:
    even, uneven = Rhythm(84, 42, 1.0, 1), Rhythm(84, 42, 3.0, 1)
    assert uneven.silence(6) > 2 * even.silence(6)


@pytest.mark.parametrize("chance", [0.15, 0.5, 0.9])
def test_of_quiet_weeks_few_bring_a_false_alarm_of_sources(chance: float) -> None:
    """Five sources that go on as they were, asked every day: at most one week in twenty has an alarm."""
    every = [_alarms(seed, chance, judged=5) for seed in range(5)]
    weeks = {week for alarms in every for week in alarms}
    assert len(weeks) / WEEKS <= 0.05


def test_sources_whose_weeks_differ_bring_few_false_alarms() -> None:
    """Some weeks are lively, some dull: the chance of a day with posts is drawn anew each week."""
    weeks = {week for seed in range(5) for week in _alarms(seed, 0.6, judged=5, varied=True)}
    assert len(weeks) / WEEKS <= 0.05


def _alarms(seed: int, chance: float, *, judged: int, varied: bool = False) -> set[int]:
    """The weeks in which a silence of a source that never stops was first called one."""
    drawn = random.Random(f"{seed} {chance} {varied}")
    weekly = chance
    seen: list[date] = []
    told: set[date] = set()
    alarms = set()
    for number in range(84 + 7 * WEEKS):
        if varied and number % 7 == 0:
            weekly = drawn.betavariate(chance * 8, (1 - chance) * 8)
        day = TODAY + timedelta(days=number)
        if drawn.random() < weekly:
            seen.append(day)
            continue
        if number < 84 or not seen or seen[-1] in told:
            continue
        known = rhythm(seen[-90:])
        if known is not None and silent(known, (day - seen[-1]).days, judged):
            told.add(seen[-1])
            alarms.add((number - 84) // 7)
    return alarms


def _market(
    chance: np.random.Generator, days: int, brands: int, categories: int, *,
    echo: float = 0.0, people: int = 8, base: np.ndarray | None = None,
) -> np.ndarray:  # fmt: skip
    """People a day, and of them those who tell each pain: (brands, categories + 1, days). With ``echo``, days differ beyond chance."""
    found = np.zeros((brands, categories + 1, days))
    spoke = chance.poisson(people, (brands, days))
    found[:, 0] = spoke
    base = chance.uniform(0.02, 0.25, (brands, categories, 1)) if base is None else base
    share = np.broadcast_to(base, (brands, categories, days))
    if echo:
        share = chance.beta(base * (1 / echo - 1), (1 - base) * (1 / echo - 1), (brands, categories, days))
    found[:, 1:] = chance.binomial(spoke[:, None].astype(int), share)
    return found


def _rounds(market: np.ndarray) -> set[int]:
    """The weeks in which any pain was first told, looked for every day; what was told rests for four weeks."""
    brands, _, days = market.shape
    summed = np.cumsum(np.concatenate([np.zeros((*market.shape[:2], 1)), market], axis=2), axis=2)
    rested: dict[tuple[str, str], int] = {}
    alarms = set()
    for day in range(63, days + 1):
        ends = day - 7 * np.arange(pains.BEFORE + 2)
        stretches = summed[:, :, ends[:-1]] - summed[:, :, ends[1:]]
        spoken = {str(b): stretches[b, 0] for b in range(brands)}
        told = {(str(b), str(c)): stretches[b, c] for b in range(brands) for c in range(1, market.shape[1])}
        for one in pains.grown(spoken, told):
            enough = one.count >= 10 and one.count / one.n >= one.before / one.n_before * 1.5
            if enough and day - rested.get((one.brand, one.category), -99) >= 28:
                rested[one.brand, one.category] = day
                alarms.add((day - 63) // 7)
    return alarms


@pytest.mark.parametrize("echo", [0.0, 0.03])
def test_of_quiet_weeks_few_bring_a_false_alarm_of_pains(echo: float) -> None:
    """Four brands and eight pains that go on as they were, looked for every day: at most one week in twenty has an alarm."""
    weeks = 100
    alarms = _rounds(_market(np.random.default_rng(5), 63 + 7 * weeks, 4, 8, echo=echo))
    assert len(alarms) / weeks <= 0.05


def test_a_burst_is_found_within_days() -> None:
    market = _market(np.random.default_rng(6), 100, 4, 8)
    market[1, 0, 90:93] += 8
    market[1, 3, 90:93] += 8
    assert _rounds(market) == {(91 - 63) // 7} or _rounds(market) == {(92 - 63) // 7}


def test_more_people_with_the_same_share_are_no_burst() -> None:
    base = np.random.default_rng(8).uniform(0.02, 0.25, (4, 8, 1))
    few = _market(np.random.default_rng(6), 100, 4, 8, base=base)
    many = _market(np.random.default_rng(7), 100, 4, 8, base=base, people=40)
    assert _rounds(np.concatenate([few[:, :, :90], many[:, :, 90:]], axis=2)) == set()


def test_a_pain_without_a_past_is_not_judged() -> None:
    spoken = {"A": [30.0, *[0.0] * 8]}
    assert pains.grown(spoken, {("A", "price"): [25.0, *[0.0] * 8]}) == []
