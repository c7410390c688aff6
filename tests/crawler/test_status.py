"""What ``chandung status`` finds in a database: by hand and by the clock, mended, broken off, sources one by one."""

import json
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psutil
import pytest

from crawler.status import SourceState, Status, look
from crawler.status_told import lines
from data.jobs import Standing
from data.store.jobs import JobBook, Step
from data.study_file import load
from data.words import speak
from tests.conftest import StudyFolder

NOW = datetime(2026, 11, 22, 5, tzinfo=UTC)  # noon in Hà Nội
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
JOB = "crawl 0 3 * * *"
SOURCES = [{"url": "https://a.example/"}, {"url": "https://b.example/"}]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    speak("en")
    yield
    speak(None)


@pytest.fixture
def book(study: StudyFolder) -> JobBook:
    """The jobs of a study that ran at nine, three hours ago."""
    study.write(SOURCES, schedule=[{"what": "crawl", "every": "0 3 * * *", "then": ["analyze"]}])
    found = JobBook(study.database)
    found.save([Standing(JOB, "crawl", NOW - 24 * HOUR, NOW - 3 * HOUR, NOW - 3 * HOUR, NOW - 2 * HOUR, "done")])
    return found


def ran(book: JobBook, step: str, state: str, begin: datetime, said: str | None = None) -> None:
    key = book.begin(Step(JOB, step, begin, begin))
    if state != "running":
        book.end(key, state, begin + MINUTE, exit_code=0 if state == "done" else 3, said=said)


def note(study: StudyFolder, sql: str, *values: object) -> None:
    with sqlite3.connect(study.database) as db:
        db.execute(sql, values)


def by_hand(study: StudyFolder, what: str, begin: datetime, state: str = "done") -> None:
    note(
        study, "insert into runs (what, started_at, ended_at, state, versions, counts) values (?, ?, ?, ?, '{}', '{}')",
        what, f"{begin:%Y-%m-%dT%H:%M:%SZ}", f"{begin + MINUTE:%Y-%m-%dT%H:%M:%SZ}", state,
    )  # fmt: skip


def status(study: StudyFolder) -> Status:
    return look(load(study.folder), NOW)


def said(study: StudyFolder) -> str:
    return "\n".join(lines(status(study)))


def test_a_command_that_failed_is_told_with_its_last_words(study: StudyFolder, book: JobBook) -> None:
    ran(book, "analyze", "failed", NOW - 2 * HOUR, "The lexicon has an error in line 3.\nNothing was changed.")
    text = said(study)
    assert "✗ analyze: today 10:00, failed" in text
    assert (
        "✗ analyze, today 10:01: The lexicon has an error in line 3.\n      Nothing was changed.\n      Try: chandung analyze "
        in text
    )


def test_what_somebody_mended_by_hand_is_no_trouble_any_more(study: StudyFolder, book: JobBook) -> None:
    ran(book, "analyze", "failed", NOW - 2 * HOUR, "The lexicon has an error.")
    by_hand(study, "find", NOW - HOUR)
    assert status(study).troubles == []


def test_a_run_by_the_clock_and_its_own_note_are_one(study: StudyFolder, book: JobBook) -> None:
    ran(book, "analyze", "failed", NOW - 2 * HOUR, "The disk is full.")
    by_hand(study, "find", NOW - 2 * HOUR + timedelta(seconds=20), "failed")
    (trouble,) = status(study).troubles
    assert trouble.why == "The disk is full."


def test_a_run_that_was_broken_off_and_is_taken_up_by_itself_is_no_trouble(study: StudyFolder, book: JobBook) -> None:
    ran(book, "crawl", "interrupted", NOW - 2 * HOUR)
    assert [one.what for one in status(study).troubles] == ["crawl"]
    book.save(
        [Standing(JOB, "crawl", NOW - 24 * HOUR, NOW - 3 * HOUR, NOW - 2 * HOUR, None, "interrupted", ("crawl",), 1)]
    )
    # Nobody keeps the schedule here, so that it has to be started.
    assert [one.what for one in status(study).troubles] == ["schedule"]


def test_a_run_that_never_ended_and_whose_process_is_gone_was_broken_off(study: StudyFolder, book: JobBook) -> None:
    ran(book, "analyze", "running", NOW - HOUR)
    found = status(study)
    assert found.running == []
    assert [(one.what, one.state) for one in found.ran] == [("analyze", "interrupted")]


def test_sources_one_by_one(study: StudyFolder, book: JobBook) -> None:
    for number, url in enumerate(("https://a.example/", "https://b.example/"), 1):
        note(study, "insert into sources (source_id, url, kind, active) values (?, ?, 'forum', 1)", number, url)
    for day, states in enumerate((("done", "done"), ("done", "failed"), ("partial", "failed"))):
        for number, state in enumerate(states, 1):
            note(
                study, "insert into crawls (run_id, source_id, started_at, ended_at, state, reason) values (1, ?, ?, '', ?, ?)",
                number, f"2026-11-{19 + day}T20:00:00Z", state, f"{state} because",
            )  # fmt: skip
    by_hand(study, "crawl", NOW - 24 * HOUR, "partial")
    text = said(study)
    assert (
        "! https://a.example/: today 03:00, 0 posts kept; partial because".replace("today", "Sun 22 Nov 2026")[:22]
        in text
    )
    assert "✗ https://b.example/: not readable since yesterday 03:00: failed because (0 posts kept)" in text
    assert "✗ 1 of 2 sources cannot be read (see below)" in text
    site = SourceState(
        "https://c.example/", state="failed", reason="no answer", crawled_at=NOW, pages=2, broken_since=NOW - HOUR
    )
    found = replace(status(study), sources=[site])
    assert "no answer (2 pages kept)" in "\n".join(lines(found))


def test_a_job_that_waits_says_for_what(study: StudyFolder, book: JobBook) -> None:
    book.save([Standing(JOB, "crawl", NOW - 48 * HOUR, NOW - 36 * HOUR, waits_for="crawl")])
    assert "due now: crawl, then analyze  (0 3 * * *); waits for another crawl" in said(study)


def test_a_job_that_is_at_work_comes_next_at_its_next_time(study: StudyFolder, book: JobBook) -> None:
    book.save([Standing(JOB, "crawl", NOW - 48 * HOUR, NOW - 9 * HOUR, NOW - HOUR, None, "running", ("analyze",), 1)])
    assert "due now: crawl" in said(study)  # of a schedule that was killed: it is taken up
    key = book.begin(Step(JOB, "analyze", NOW - HOUR, NOW - HOUR))
    book.process(key, os.getpid(), psutil.Process().create_time())
    text = said(study)
    assert "analyze, since today 11:00" in text
    assert "tomorrow 03:00: crawl, then analyze  (0 3 * * *)" in text
    assert "due now" not in text


def test_a_job_whose_line_does_less_than_it_seems_says_so(study: StudyFolder) -> None:
    jobs = [
        {"what": "digest", "every": "0 8 * * *"},
        {"what": "report", "every": "0 7 * * 1", "then": ["crawl"]},
        {"what": "crawl", "every": "0 3 * * 1", "then": ["analyze", "report", "alerts", "digest"]},
    ]
    study.write(SOURCES, schedule=jobs)
    text = said(study)
    assert "digest  (0 8 * * *); a digest is sent only 5 days or more after the last one" in text
    assert "(0 7 * * 1); “crawl” runs after “report”, which will have what it brings only the next time" in text
    assert "(0 3 * * 1)\n" in text


def test_what_a_clock_that_ran_ahead_has_dated_is_said_and_hides_nothing_later(
    study: StudyFolder, book: JobBook
) -> None:
    ran(book, "crawl", "failed", NOW + 480 * HOUR, "no room")
    assert "✗ crawl: Sat 12 Dec 2026 12:00, failed (a time to come" in said(study)
    by_hand(study, "crawl", NOW - HOUR)
    assert "✓ crawl: today 11:00, done" in said(study)


def test_what_a_report_says_of_itself_is_its_file(study: StudyFolder, book: JobBook) -> None:
    page = study.folder / "reports" / "report.html"
    page.parent.mkdir()
    page.write_text("", encoding="utf-8")
    os.utime(page, (NOW.timestamp() - 3600, NOW.timestamp() - 3600))
    assert "✓ report: today 11:00, written" in said(study)


def test_hostile_last_words_repaint_no_terminal(study: StudyFolder, book: JobBook) -> None:
    ran(book, "analyze", "failed", NOW - HOUR, "\x1b[2Jgone \u202etxt")
    assert "\x1b" not in said(study)
    assert "\u202e" not in said(study)


def test_variables_that_are_not_set_here_are_named_and_are_no_fault_of_the_schedule(
    study: StudyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAIL_PASS", raising=False)
    study.write(SOURCES, alerts={"to": [{"url": "mailtos://lan:${MAIL_PASS}@thu.example", "name": "thư"}]})
    assert "  ! MAIL_PASS (alert channel thư)\n    A schedule started from this window lacks them too." in said(study)
    assert status(study).troubles == []
    monkeypatch.setenv("MAIL_PASS", "x")
    assert "MAIL_PASS" not in said(study)


def test_a_step_that_took_too_long_names_the_field_and_what_to_look_at(study: StudyFolder, book: JobBook) -> None:
    ran(book, "crawl", "overtime", NOW - 2 * HOUR, "it took more than 12 hours (at_most_hours) and was ended")
    assert (
        "✗ crawl, today 10:01: it took more than 12 hours (at_most_hours) and was ended\n"
        "      Raise the job's at_most_hours under schedule: if it needs longer. Else see why it takes so long: chandung check "
    ) in said(study)


def test_a_channel_that_fails_is_told_with_its_reason_and_not_once_more_as_a_step(
    study: StudyFolder, book: JobBook
) -> None:
    study.write(SOURCES, alerts={"to": [{"file": "a.txt", "name": "sổ"}]})
    row = "insert into alert_channels values (?, ?, '2026-11-22T02:00:00Z', '2026-11-22T03:00:00Z', null, ?)"
    note(study, row, "sổ", 2, "it answered with HTTP status 401")
    note(study, row, "of another time", 9, "x")
    by_hand(study, "crawl", NOW - HOUR)
    key = book.begin(Step(JOB, "alerts", NOW - HOUR, NOW - HOUR))
    book.end(key, "failed", NOW - HOUR, exit_code=1, said="sổ: not sent")
    (trouble,) = status(study).troubles
    assert (trouble.what, trouble.name) == ("channel", "sổ")
    assert (
        "✗ the alert channel “sổ” has failed since today 09:00: it answered with HTTP status 401. What it misses is kept.\n"
        "      Try: chandung alerts "
    ) in said(study)


def test_what_a_crawl_brought_that_was_taken_up_counts_from_its_beginning(study: StudyFolder, book: JobBook) -> None:
    begun = [NOW - hours * HOUR for hours in (9, 3, 2, 1)]
    for at, state, new in zip(begun, ("done", "interrupted", "interrupted", "done"), (5, 0, 0, 0), strict=True):
        by_hand(study, "crawl", at, state)
        note(
            study, "update runs set counts = ? where run_id = (select max(run_id) from runs)", f'{{"posts_new": {new}}}'
        )
    note(study, "insert into sources (source_id, url, kind, active) values (1, 'https://a.example/', 'forum', 1)")
    thread = "(source_id, site, native_id, engine, url, title, first_seen, last_seen) values (1, '', '1', '', '', '', '', '')"
    note(study, f"insert into threads {thread}")
    post = "(post_id, thread_id, source_id, text, content_hash, first_seen, last_seen) values (?, 1, 1, '', '', ?, '')"
    for number, at in enumerate((begun[0], begun[1], begun[1], begun[3])):
        note(study, f"insert into posts {post}", str(number), f"{at:%Y-%m-%dT%H:%M:%SZ}")
    assert "✓ crawl: today 11:00, done in 60 seconds, 3 posts new or changed" in said(study)


def test_while_the_file_is_broken_what_ran_and_what_waits_is_still_told(study: StudyFolder, book: JobBook) -> None:
    ran(book, "crawl", "done", NOW - 3 * HOUR)
    book.save([Standing(JOB, "crawl", NOW - 48 * HOUR, NOW - 36 * HOUR, waits_for="study")])
    (study.folder / "study.yaml").write_text("study: thu\nsources: [\n", encoding="utf-8")
    done = study.run("status", "--now", NOW.isoformat())
    assert done.returncode == 2
    assert "crawl: today 09:00, done in" in done.stdout
    assert "due now: crawl  (0 3 * * *); waits until the study file is mended" in done.stdout
    assert "✗ the study file has errors" in done.stdout
    assert "study.yaml, line " in done.stdout
    assert "Start the schedule" not in done.stdout
    assert json.loads(study.run("status", "--json").stdout)["troubles"][0]["what"] == "study"


def test_a_broken_file_without_a_database_is_only_an_error(study: StudyFolder) -> None:
    (study.folder / "study.yaml").write_text("study: [\n", encoding="utf-8")
    done = study.run("status")
    assert (done.returncode, done.stdout) == (2, "")
    assert "study.yaml, line " in done.stderr


def test_json_says_the_same(study: StudyFolder, book: JobBook) -> None:
    ran(book, "crawl", "done", NOW - 3 * HOUR)
    found = status(study).as_json()
    assert found["now"] == "2026-11-22T05:00:00Z"
    assert found["next"][0]["next_at"] == "2026-11-22T20:00:00Z"
    assert found["ran"][0] | {"said": None} == {
        "what": "crawl", "started_at": "2026-11-22T02:00:00Z", "ended_at": "2026-11-22T02:01:00Z", "state": "done",
        "said": None, "brought": None, "by_clock": True, "exit_code": 0,
    }  # fmt: skip


def test_posts_that_wait_for_an_analysis_are_told_whoever_brought_them(study: StudyFolder, book: JobBook) -> None:
    by_hand(study, "crawl", NOW - HOUR)
    assert status(study).waiting == 0
    note(study, "insert into post_counts (source_id, brand_id, posts) values (1, 0, 40)")
    found = status(study)
    assert found.as_json()["waiting"] == 40
    assert f"  40 posts wait for an analysis. Do it now: chandung analyze {study.folder / 'study.yaml'}" in list(
        lines(found)
    )
