"""A fortnight by a clock that the test turns: a little market is crawled every night by the schedule, and exactly what matters is told.

The forums and the shop are real servers, the crawls real crawls, the webhook a real one; only the time is made up.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

import chandung
from crawler.schedule_child import Ended
from crawler.schedule_run import Runner
from tests import warm
from tests.analysis.alerts.little_market import MINI, Hook, Market, at, history
from tests.conftest import StudyFolder

FIRST = "2026-10-29"  # a Thursday
DAYS = 14
TAKES = timedelta(minutes=15)
WATCHED = ((3, 5), (7, 35), (8, 5), (22, 30))


@dataclass
class Fortnight:
    """What a fortnight came to: each message of the file and of the webhook, with the local time at which it was told."""

    file: list[tuple[str, str]]
    hook: list[tuple[str, str, str]]
    study: StudyFolder


def _launch(study: StudyFolder, clock: list[datetime]) -> Any:
    """Run a step at the clock's time: a crawl in a process of its own, the rest here."""

    def launch(path: Path, step: str, limit: float, started: object = None) -> Ended:
        try:
            return _crawl(study, clock[0]) if step == "crawl" else _here(path, step, clock[0])
        finally:
            clock[0] += TAKES  # whatever it took on this machine

    return launch


def _here(path: Path, step: str, now: datetime) -> Ended:
    words = {"digest": ["alerts", "--digest"]}.get(step, [step])
    with time_machine.travel(now, tick=True):
        code = chandung._invoke([*words, str(path), *(["--quiet"] if step == "analyze" else [])])
    return Ended("done" if code == 0 else "failed", code)


def _crawl(study: StudyFolder, now: datetime) -> Ended:
    study.environment["CHANDUNG_TESTS_NOW"] = now.isoformat()
    if warm.CAN_FORK:
        done = study.run("crawl", "--quiet")
    else:
        travelling = "import sys; from tests import warm; warm.travel(); import chandung; chandung.main(sys.argv[1:])"
        done = subprocess.run(
            [sys.executable, "-c", travelling, "crawl", "--quiet", str(study.folder)],
            env=study._whole_environment(), capture_output=True, text=True, encoding="utf-8",
        )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    return Ended({0: "done", 1: "partial"}[done.returncode], done.returncode)


@pytest.fixture(scope="module")
def fortnight(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fortnight]:
    study = StudyFolder(tmp_path_factory.mktemp("fortnight"))
    patch = pytest.MonkeyPatch()
    patch.setenv("CHANDUNG_LANG", "en")
    with Market() as market, Hook() as hook:
        history(market, at(FIRST, 6), 64)
        study.write(
            [
                {"url": market.busy.url + "/", "kind": "forum"},
                {"url": market.quiet.url + "/", "kind": "forum"},
                {"url": market.shop.url + "/", "kind": "site", "about": MINI},
            ],
            language="vi",
            competitors=[{"name": MINI, "sites": [market.shop.url + "/"]}],
            alerts={
                "to": [{"file": "tin-bao.txt"}, {"url": hook.url, "name": "webhook"}],
                "quiet_hours": ["22:00-07:00"],
            },
            schedule=[
                {"what": "crawl", "every": "0 3 * * *", "then": ["analyze", "alerts"]},
                {"what": "alerts", "every": "30 7 * * *"},
                {"what": "digest", "every": "0 8 * * 1"},
            ],
        )
        file, told = _live(study, market, hook)
        yield Fortnight(file, told, study)
    patch.undo()


def _live(study: StudyFolder, market: Market, hook: Hook) -> tuple[list[tuple[str, str]], list[tuple[str, str, str]]]:
    clock = [at(FIRST, 2)]
    runner = Runner(
        study.folder / "study.yaml", clock=lambda: clock[0], launch=_launch(study, clock), say=lambda _: None
    )
    runner.look()  # the jobs are noted
    path, file, told = study.folder / "tin-bao.txt", [], []
    for number in range(DAYS):
        day = (datetime.fromisoformat(FIRST) + timedelta(days=number)).date().isoformat()
        _happen(number, day, market)
        hook.down = number == 4
        for hour, minute in WATCHED:
            clock[0] = at(day, hour, minute)
            size, heard = path.stat().st_size if path.exists() else 0, len(hook.told)
            runner.look()
            when = f"{day} {hour:02}:{minute:02}"
            if path.exists():
                with path.open("rb") as opened:
                    opened.seek(size)
                    messages = opened.read().decode("utf-8").split("\n---\n")
                file += [(when, message.strip()) for message in messages if message.strip()]
            told += [(when, one["title"], one["message"]) for one in hook.told[heard:]]
        clock[0] = at(day, 23, 30)
    return file, told


def _happen(number: int, day: str, market: Market) -> None:
    """What the market does before the night's crawl of a day."""
    market.live(at(day, 6) - timedelta(days=1), complaints=25 if number == 8 else 0, quiet_forum=number < 2)
    if number == 4:
        market.shop.prices[f"{MINI} M 64 miếng"] = 289_000
    if number == 11:
        market.shop.prices[f"{MINI} L 54 miếng"] = 271_000  # less than anybody wants to hear of


#: What is told: day, time, and a part of each line that stands for something that happened.
PRICE = "MiniCare đổi giá: MiniCare M 64 miếng: 259.000đ → 289.000đ (tăng 12%)"
SILENT = "đã 4 ngày liền không có bài mới (bài mới nhất ngày 29/10/2026, đọc gần nhất ngày 03/11/2026)"
BURST = "người nói về MiniCare"
EXPECTED = [
    ("2026-11-02 07:35", "Chandung · thu: 1 tin mới", [PRICE]),
    ("2026-11-02 08:05", "Chandung · thu: tuần qua, 26/10/2026 – 02/11/2026", [PRICE]),
    ("2026-11-03 07:35", "Chandung · thu: 1 tin mới", [SILENT]),
    ("2026-11-06 07:35", "Chandung · thu: 1 tin mới", [BURST]),
    ("2026-11-09 08:05", "Chandung · thu: tuần qua, 02/11/2026 – 09/11/2026", [BURST, SILENT]),
]
#: The webhook was down on the day of the price and of the digest, which tells it: what came next, and the digest after it.
HEARD = [
    ("2026-11-03 07:35", "Chandung · thu: 1 tin mới", [SILENT]),
    ("2026-11-03 07:35", "Chandung · thu: tuần qua, 26/10/2026 – 02/11/2026", [PRICE]),
    *EXPECTED[3:],
]
_HAPPENED = re.compile(
    r"^• (?!Xem |Đọc )(?=.*(?:đổi|không có bài mới|phàn nàn về|trục trặc|Giả định|hẹn giờ)).*$", re.MULTILINE
)


def test_the_file_is_told_what_matters_once_and_nothing_else(fortnight: Fortnight) -> None:
    told = [(when, message.partition("\n")[0].partition(" · ")[2], message) for when, message in fortnight.file]
    _compare(told, EXPECTED)


def test_a_channel_that_was_down_is_told_later_and_once(fortnight: Fortnight) -> None:
    _compare(fortnight.hook, HEARD)


def test_nothing_is_told_in_quiet_hours(fortnight: Fortnight) -> None:
    hours = {int(when[11:13]) for when, *_ in [*fortnight.file, *fortnight.hook]}
    assert hours <= {7, 8}
    # The night's round found them all the same.
    found = fortnight.study.rows(
        "select found_at from alerts where state = 'told' and kind in ('price', 'pain', 'source')"
    )
    assert [at[11:13] for (at,) in found] == ["20", "20", "20"]  # 3 o'clock in Hà Nội


def test_what_is_too_small_is_counted_and_not_told(fortnight: Fortnight) -> None:
    states = fortnight.study.rows(
        "select kind, state, count(*) from alerts where kind <> 'start' group by 1, 2 order by 1, 2"
    )
    assert states == [
        ("digest", "told", 2),
        ("pain", "told", 1),
        ("price", "small", 1),
        ("price", "told", 1),
        ("source", "told", 1),
    ]
    assert "Ngoài ra có 1 thay đổi nhỏ dưới ngưỡng báo." in fortnight.file[-1][1]


def test_every_alert_says_where_to_look_and_what_to_do(fortnight: Fortnight) -> None:
    for _, title, message in fortnight.hook:
        if "tin mới" in title:
            alerts = message.split("\n• ")
            where = ("Căn cứ: ", "@pain_quotes", "chandung check --source http")
            assert all("Làm tiếp: chandung " in one and any(part in one for part in where) for one in alerts)
            assert all(one.count("http") == 1 for one in alerts if "không có bài mới" in one)


def test_a_burst_quotes_two_people_and_gives_the_numbers(fortnight: Fortnight) -> None:
    [burst] = [message for when, _, message in fortnight.hook if when == "2026-11-06 07:35"]
    assert re.search(
        r"Trong 7 ngày qua, \d+ trong \d+ người nói về MiniCare \(\d+%\) phàn nàn về “giao hàng chậm, thiếu”", burst
    )
    assert burst.count("  “") == 2


def _compare(told: Sequence[tuple[str, str, str]], expected: Sequence[tuple[str, str, list[str]]]) -> None:
    assert [(when, title) for when, title, _ in told] == [(when, title) for when, title, _ in expected]
    for (_, _, message), (_, _, parts) in zip(told, expected, strict=True):
        happened = _HAPPENED.findall(message)
        assert len(happened) == len(parts), happened
        assert all(part in line for part, line in zip(parts, happened, strict=True)), happened
