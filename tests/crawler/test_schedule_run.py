"""Running what is due, with a clock of the test's and commands that only pretend: chains, failures, what waits, what is taken up."""

import json
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from crawler.alone import alone as crawl_alone
from crawler.schedule import Look, Stopping
from crawler.schedule_child import Ended, Started
from crawler.schedule_run import Runner
from data.errors import StoreError
from data.store.jobs import JobBook, Step
from data.words import speak
from tests.conftest import StudyFolder

NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)  # noon in Hà Nội
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SOURCES = [{"url": "https://forum.example/"}]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    speak("en")
    yield
    speak(None)


class World:
    """A study with a clock, and commands of which each does what the test says and takes as long as it says."""

    def __init__(self, folder: StudyFolder, *jobs: dict[str, object]) -> None:
        self.folder, self.jobs = folder, jobs
        self.now, self.ran, self.said = NOON, list[str](), list[str]()
        self.does: dict[str, Callable[[], Ended | None]] = {}
        self.takes = timedelta(minutes=1)
        self.stopped = False
        self.write()
        self.runner = self.restart()

    def write(self, **fields: object) -> None:
        jobs = [{"what": "crawl", "every": "0 3 * * *", **job} for job in self.jobs]
        self.folder.write(SOURCES, **({"schedule": jobs} | fields))

    def restart(self) -> Runner:
        self.runner = Runner(
            self.folder.folder, clock=lambda: self.now, launch=self.launch, say=self.said.append,
            stopped=lambda: self.stopped, pause=self.pause,
        )  # fmt: skip
        return self.runner

    def pause(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def launch(self, study: Path, step: str, limit: float, started: Started | None = None) -> Ended:
        self.ran.append(step)
        self.now += self.takes
        return (self.does.get(step) or (lambda: None))() or Ended("done", 0)

    def pass_time(self, length: timedelta, step: timedelta = HOUR) -> list[Step]:
        """Look every ``step``, as the process does more often."""
        ran, ends = [], self.now + length
        while self.now <= ends:
            ran += self.runner.look()
            self.now += step
        return ran

    def brings(self, posts: int) -> Callable[[], None]:
        """A crawl that notes that it brought so many posts."""

        def crawl() -> None:
            with sqlite3.connect(self.folder.database) as db:
                db.execute("insert or ignore into sources (source_id, url) values (1, 'https://forum.example/')")
                run = db.execute(
                    "insert into runs (what, started_at, state, versions) values ('crawl', '', 'done', '{}')"
                )
                db.execute(
                    "insert into crawls (run_id, source_id, started_at, state, posts_new) values (?, 1, '', 'done', ?)",
                    (run.lastrowid, posts),
                )

        return crawl

    def log(self) -> str:
        return "\n".join(self.said)


def test_a_week_of_a_daily_crawl_and_a_weekly_report(study: StudyFolder) -> None:
    world = World(study, {}, {"what": "report", "every": "0 7 * * 1"})
    world.pass_time(timedelta(days=7), 3 * HOUR)
    assert world.ran.count("crawl") == 7
    assert world.ran.count("report") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit")
def test_a_disk_that_is_full_at_the_start_is_waited_for(
    study: StudyFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import resource

    from crawler import schedule
    from crawler.commands_schedule import _keep

    world, begun = World(study, {}), list[Runner]()
    world.runner.look()
    monkeypatch.setattr(schedule, "keep_running", lambda runner, *_: begun.append(runner))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        with pytest.raises(StoreError, match="SHMOPEN"):
            world.runner.book.standing()
        assert _keep(world.runner, Stopping(), quiet=False) == 0
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert begun == [world.runner]
    assert "tomorrow 03:00: crawl" in capsys.readouterr().out


def test_a_computer_that_was_off_makes_up_once(study: StudyFolder) -> None:
    world = World(study, {}, {"what": "report", "every": "0 * * * *"})
    world.runner.look()
    world.now += 3 * DAY
    world.restart().look()
    assert sorted(world.ran) == ["crawl", "report"]
    assert "crawl: 3 runs were missed; this one makes up for them" in world.log()
    world.runner.look()
    assert len(world.ran) == 2


def test_what_follows_a_crawl_runs_where_it_brought_something(study: StudyFolder) -> None:
    world = World(study, {"then": ["analyze", "alerts", "report"]})
    world.does["crawl"] = world.brings(0)
    world.pass_time(DAY, 3 * HOUR)
    assert world.ran == ["crawl", "alerts"]
    assert "analyze: left out, for the crawl brought nothing new" in world.log()
    world.ran.clear()
    world.does["crawl"] = world.brings(3)
    world.pass_time(DAY, 3 * HOUR)
    assert world.ran == ["crawl", "analyze", "alerts", "report"]


def test_what_was_crawled_or_imported_by_hand_is_analysed_too(study: StudyFolder) -> None:
    world = World(study, {"then": ["analyze"]})
    world.runner.look()
    world.brings(40)()
    world.does["crawl"] = world.brings(0)

    def analyse() -> None:
        with sqlite3.connect(study.database) as db:
            db.execute("insert into runs (what, started_at, state, versions) values ('find', '', 'done', '{}')")

    world.does["analyze"] = analyse
    world.pass_time(3 * DAY, 3 * HOUR)
    assert world.ran == ["crawl", "analyze", "crawl", "crawl"]
    with sqlite3.connect(study.database) as db:
        db.execute("insert into runs (what, started_at, state, versions) values ('import', '', 'failed', '{}')")
    world.pass_time(DAY, 3 * HOUR)
    assert world.ran[4:] == ["crawl"]
    with sqlite3.connect(study.database) as db:
        db.execute("insert into runs (what, started_at, state, versions) values ('import', '', 'done', '{}')")
    world.pass_time(DAY, 3 * HOUR)
    assert world.ran[5:] == ["crawl", "analyze"]


def test_what_was_analysed_by_hand_is_reported_too(study: StudyFolder) -> None:
    world = World(study, {"then": ["analyze", "report"]})
    world.runner.look()
    world.does["crawl"] = world.brings(0)
    with sqlite3.connect(study.database) as db:
        at = "2026-11-20T01:00:00Z"
        db.execute(
            "insert into runs (what, started_at, ended_at, state, versions) values ('find', ?, ?, 'done', '{}')",
            (at, at),
        )
    world.pass_time(3 * DAY, 3 * HOUR)
    assert world.ran == ["crawl", "report", "crawl", "crawl"]


def test_posts_that_no_analysis_has_read_are_analysed_whenever_their_crawl_began(study: StudyFolder) -> None:
    world = World(study, {"then": ["analyze"]})
    world.runner.look()
    with sqlite3.connect(study.database) as db:
        db.execute("insert into runs (what, started_at, state, versions) values ('find', '', 'done', '{}')")
        db.execute("insert into post_counts (source_id, brand_id, posts) values (1, 0, 2)")
    world.does["crawl"] = world.brings(0)
    world.pass_time(DAY, 3 * HOUR)
    assert world.ran == ["crawl", "analyze"]


def test_a_brands_page_that_says_something_else_is_news_and_one_that_was_read_again_is_none(study: StudyFolder) -> None:
    world = World(study, {"then": ["analyze"]})
    at = "2026-11-22T20:00:00Z"

    def crawl(first_seen: str) -> None:
        world.brings(0)()
        with sqlite3.connect(study.database) as db:
            db.execute("update crawls set snapshots = 1, started_at = ?", (at,))
            db.execute(
                "insert into landing_snapshots (source_id, url, content_hash, first_seen, last_seen, text, content) "
                "values (1, 'https://forum.example/', 'a', ?, ?, '', '{}')",
                (first_seen, at),
            )

    world.does["crawl"] = lambda: crawl("2026-11-21T20:00:00Z")
    world.pass_time(DAY, 3 * HOUR)
    assert world.ran == ["crawl"]
    world.does["crawl"] = lambda: crawl("2026-11-22T20:00:01Z")
    world.pass_time(DAY, 3 * HOUR)
    assert world.ran == ["crawl", "crawl", "analyze"]


def test_a_crawl_that_failed_is_told_of_by_the_alerts(study: StudyFolder) -> None:
    world = World(study, {"then": ["analyze", "alerts"]})
    world.does["crawl"] = lambda: Ended("failed", 3, "The database is damaged.")
    world.pass_time(DAY, 3 * HOUR)
    assert world.ran == ["crawl", "alerts"]
    (stands,) = JobBook(study.database).standing().values()
    assert stands.state == "failed"


def test_a_report_is_not_written_from_an_analysis_that_failed_and_the_next_day_both_run(study: StudyFolder) -> None:
    world = World(study, {"then": ["analyze", "report"]})
    world.does = {"crawl": world.brings(3), "analyze": lambda: Ended("failed", 1, "The lexicon has an error.")}
    world.pass_time(DAY, 3 * HOUR)
    assert world.ran == ["crawl", "analyze"]
    assert "report: left out, for what it builds on failed" in world.log()
    world.ran.clear()
    world.does = {"crawl": world.brings(0)}
    world.pass_time(DAY, 3 * HOUR)
    assert world.ran == ["crawl", "analyze", "report"]


def test_a_command_that_breaks_us_stops_nothing(study: StudyFolder) -> None:
    world = World(study, {}, {"what": "report", "every": "0 4 * * *"})

    def breaks() -> None:
        raise RuntimeError("no more processes")

    world.does["crawl"] = breaks
    world.pass_time(DAY, 3 * HOUR)
    assert world.ran == ["crawl", "report"]
    assert [(one.step, one.state, one.said) for one in JobBook(study.database).last_steps()] == [
        ("crawl", "failed", "RuntimeError: no more processes"),
        ("report", "done", None),
    ]


def test_a_job_that_takes_longer_than_its_interval_leaves_times_out_and_says_so(study: StudyFolder) -> None:
    world = World(study, {"every": "0 * * * *"})
    world.takes = timedelta(hours=2, minutes=30)
    world.runner.look()
    world.now = NOON + HOUR
    world.runner.look()
    assert world.ran == ["crawl"]
    assert "so the one of today 15:00 is left out" in world.log()
    world.runner.look()
    assert world.ran == ["crawl"]
    world.now = NOON + 4 * HOUR
    world.runner.look()
    assert world.ran == ["crawl", "crawl"]


def test_nothing_starts_while_somebody_crawls_by_hand(study: StudyFolder) -> None:
    world = World(study, {}, {"what": "report", "every": "0 3 * * *"})
    world.runner.look()
    world.now += DAY
    with crawl_alone(study.database):
        world.runner.look()
        world.runner.look()
        assert world.ran == []
        assert world.log().count("crawl: due, and waits for a crawl") == 1
        assert {one.waits_for for one in JobBook(study.database).standing().values()} == {"crawl"}
    world.runner.look()
    assert world.ran == ["crawl", "report"]
    assert {one.waits_for for one in JobBook(study.database).standing().values()} == {None}


def test_a_run_that_was_killed_is_taken_up_where_it_was(study: StudyFolder) -> None:
    world = World(study, {"then": ["analyze", "report"]})
    world.does["crawl"] = world.brings(5)

    def killed() -> None:
        raise KeyboardInterrupt  # passes everything, as a kill does

    world.runner.look()
    world.does["analyze"] = killed
    world.now += DAY
    with pytest.raises(KeyboardInterrupt):
        world.runner.look()
    assert [(one.step, one.state) for one in JobBook(study.database).running()] == [("analyze", "running")]
    world.does["analyze"] = lambda: None
    world.restart().look()
    assert world.ran == ["crawl", "analyze", "analyze", "report"]
    assert "the last run was broken off and is taken up again (2 of 3)" in world.log()
    assert JobBook(study.database).running() == []


def test_a_job_that_is_broken_off_each_time_waits_for_its_next_time(study: StudyFolder) -> None:
    world = World(study, {})

    def killed() -> None:
        raise KeyboardInterrupt

    world.does["crawl"] = killed
    world.runner.look()
    world.now += DAY
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            world.restart().look()
    world.restart().look()
    assert world.ran == ["crawl"] * 3
    assert "was broken off 3 times and waits for its next time" in world.log()
    world.does = {}
    world.now += DAY
    world.runner.look()
    assert world.ran == ["crawl"] * 4


def test_a_command_that_an_earlier_schedule_left_running_is_waited_for(study: StudyFolder) -> None:
    world = World(study, {})
    world.runner.look()
    book = JobBook(study.database)
    key = book.begin(Step("crawl 0 3 * * *", "analyze", NOON, NOON))
    book.process(key, os.getpid(), psutil.Process().create_time())
    world.now += DAY
    world.restart().look()
    assert world.ran == []
    assert "waits for a command that the schedule left running" in world.log()
    # Another process has its number now: the one that was meant is gone.
    book.process(key, os.getpid(), 1.0)
    world.runner.look()
    assert world.ran == ["crawl"]


def test_a_stop_leaves_what_is_left_for_the_next_time(study: StudyFolder) -> None:
    world = World(study, {"then": ["analyze"]})

    def stops() -> Ended:
        world.stopped = True
        return Ended("interrupted", 130)

    world.does["crawl"] = stops
    world.runner.look()
    world.now += DAY
    world.runner.look()
    (stands,) = JobBook(study.database).standing().values()
    assert (stands.state, stands.steps_left) == ("interrupted", ("crawl", "analyze"))
    world.stopped, world.does = False, {}
    world.restart().look()
    assert world.ran == ["crawl", "crawl", "analyze"]


def test_an_edited_schedule_counts_from_the_next_look(study: StudyFolder) -> None:
    world = World(study, {})
    world.runner.look()
    world.jobs = ({"every": "0 * * * *"},)
    world.write()
    world.pass_time(5 * HOUR)
    assert "has changed: the new schedule counts from now on" in world.log()
    assert len(world.ran) == 4
    assert list(JobBook(study.database).standing()) == ["crawl 0 * * * *"]


def test_a_study_that_is_wrong_leaves_the_schedule_as_it_was_until_it_is_mended(study: StudyFolder) -> None:
    world = World(study, {})
    world.runner.look()
    whole = (study.folder / "study.yaml").read_text(encoding="utf-8")
    (study.folder / "study.yaml").write_text("study: thu\nown: [", encoding="utf-8")
    world.now += DAY
    world.runner.look()
    world.runner.look()
    assert world.ran == []
    assert world.log().count("study.yaml has errors, so the schedule stays as it was") == 1
    assert "due, and waits until the study file is mended" in world.log()
    (study.folder / "study.yaml").write_text(whole, encoding="utf-8")
    world.runner.look()
    assert world.ran == ["crawl"]


def test_a_study_that_names_another_database_needs_a_new_start(study: StudyFolder) -> None:
    world = World(study, {})
    world.runner.look()
    world.write(store="another.db")
    with pytest.raises(StoreError, match=r"now names another database \(another.db\)"):
        world.runner.look()


@contextmanager
def locked(database: Path) -> Iterator[None]:
    with sqlite3.connect(database, isolation_level=None) as db:
        db.execute("begin immediate")
        yield
        db.execute("rollback")


def test_a_locked_database_loses_no_outcome(study: StudyFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANDUNG_LOCK_SECONDS", "0.1")
    world = World(study, {})
    world.runner.look()
    world.now += DAY
    with locked(study.database):
        with pytest.raises(StoreError, match="in use by another program"):
            world.runner.look()
        assert world.ran == []
    other = sqlite3.connect(study.database, isolation_level=None)

    def takes_the_lock() -> None:
        other.execute("begin immediate")

    def patience(seconds: float) -> None:
        other.rollback()

    world.does["crawl"] = takes_the_lock
    world.runner._pause = patience
    world.runner.look()
    other.close()
    assert "could not be noted in the database yet" in world.log()
    assert [one.state for one in JobBook(study.database).last_steps()] == ["done"]


def test_a_chandung_that_was_updated_meanwhile_ends_the_schedule(study: StudyFolder) -> None:
    world = World(study, {})

    def update() -> None:
        with sqlite3.connect(study.database) as db:
            db.execute(
                "insert into _sqlite_migrations (migration_set, name, applied_at) values ('chandung', '9999_later', '2027')"
            )

    world.does["crawl"] = update
    world.runner.look()
    world.now += DAY
    with Stopping() as stopping:
        look = Look(world.runner, stopping, world.said.append)
        look()
        assert stopping.stop.is_set()
    assert "Chandung was updated while the schedule ran" in str(look.error)
    assert world.said == ["12:00  crawl: begins"]


def test_a_look_that_fails_is_told_once_and_the_next_goes_on(
    study: StudyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHANDUNG_LOCK_SECONDS", "0.1")
    world = World(study, {})
    world.runner.look()
    world.now += DAY
    with Stopping() as stopping:
        look = Look(world.runner, stopping, world.said.append)
        with locked(study.database):
            look()
            look()
        look()
        assert (stopping.stop.is_set(), look.error) == (False, None)
    assert len([line for line in world.said if "is in use by another program" in line]) == 1
    assert world.ran == ["crawl"]


def test_a_fortnight_leaves_a_bounded_history(study: StudyFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.store.jobs.KEPT", 5)
    world = World(study, {"every": "0 * * * *"})
    world.pass_time(DAY)
    assert len(world.ran) > 20
    assert study.count("job_runs") == 5


def test_what_sources_a_crawl_left_out_is_said(study: StudyFolder) -> None:
    world = World(study, {})

    def crawl() -> Ended:
        world.brings(2)()
        with sqlite3.connect(study.database) as db:
            db.execute("update crawls set state = 'failed', reason = 'the server is off'")
        return Ended("partial", 1, "See chandung.log")

    world.does["crawl"] = crawl
    world.pass_time(DAY, 3 * HOUR)
    (last,) = JobBook(study.database).last_steps()
    assert last.state == "failed"
    assert last.said == "1 of 1 sources were not read whole; the first: https://forum.example/: the server is off"


def test_alerts_that_some_channels_took_are_partial_and_without_any_failed(study: StudyFolder) -> None:
    world = World(study, {"then": ["alerts"]})
    world.write(alerts={"to": [{"file": "a.txt", "name": "a"}, {"file": "b.txt", "name": "b"}]})
    world.does["alerts"] = lambda: Ended("partial", 1, "1 of 2 channels were reached")
    world.pass_time(DAY, 3 * HOUR)
    states = []
    for dead in ([], ["a"], ["a", "b"]):
        with sqlite3.connect(study.database) as db:
            db.execute("delete from alert_channels")
            rows = [(name, 2, "2026-11-20T00:00:00Z") for name in dead]
            db.executemany("insert into alert_channels (channel, failed, tried_at) values (?, ?, ?)", rows)
        states += [step.state for step in world.pass_time(DAY, 3 * HOUR) if step.step == "alerts"]
    assert states == ["failed", "partial", "failed"]


def test_the_tables_are_readable_by_anyone(study: StudyFolder) -> None:
    world = World(study, {})
    world.pass_time(DAY, 3 * HOUR)
    ((job, planned, state, left),) = study.rows("select job, planned_at, state, steps_left from jobs")
    assert (job, planned, state, json.loads(left)) == ("crawl 0 3 * * *", "2026-11-22T20:00:00Z", "done", [])


def test_a_command_that_took_too_long_is_noted_with_the_field_that_says_how_long(study: StudyFolder) -> None:
    world = World(study, {"at_most_hours": 0.005})
    world.does["crawl"] = lambda: Ended("overtime", 130, "The crawl was interrupted.")
    ran = world.pass_time(DAY)
    assert [(step.state, step.said) for step in ran] == [
        ("overtime", "it took more than 0.005 hours (at_most_hours) and was ended")
    ]
