"""``chandung alerts`` as a user runs it."""

from __future__ import annotations

import json

from tests.conftest import StudyFolder

SOURCES = [{"url": "https://dien-dan.example/"}]


def test_without_a_database_the_next_command_is_told(study: StudyFolder) -> None:
    study.write(SOURCES)
    done = study.run("alerts")
    assert done.returncode == 3
    assert "chandung crawl" in done.stderr


def test_a_wrong_channel_is_told_with_its_line(study: StudyFolder) -> None:
    for channel, said in (
        ({"url": "tgram://123:abc/1"}, "${NAME}"),
        ({"url": "mailtos://ten:mat-khau@thu.example?to=a@b.example"}, "${NAME}"),
        ({"url": "json://a.example/?token=abc"}, "${NAME}"),
        ({"url": "khong-phai"}, "mailtos://"),
        ({}, "either url or file"),
        ({"file": "../ra-ngoai.txt"}, "leads out"),
    ):
        done = study.write(SOURCES, alerts={"to": [channel]}).run("alerts")
        assert done.returncode == 2
        assert said in done.stderr, done.stderr
        assert "alerts.to[1]" in done.stderr
        assert "mat-khau" not in done.stderr
        assert "123:abc" not in done.stderr


def test_the_first_time_is_said_and_a_look_writes_nothing(study: StudyFolder) -> None:
    from data.store import open_store

    study.write(SOURCES, alerts={"to": [{"file": "bao.txt"}]})
    open_store(study.database, create=True).close()
    look = study.run("alerts", "--dry-run")
    assert "nothing was sent or noted" in look.stdout
    assert study.count("alerts") == 0
    first = study.run("alerts", "--json")
    assert json.loads(first.stdout)["first"] is True
    again = study.run("alerts")
    assert again.stdout == "Nothing is new.\n"
    assert not (study.folder / "bao.txt").exists()


def test_a_digest_is_sent_once(study: StudyFolder) -> None:
    from data.store import open_store

    study.write(SOURCES, alerts={"to": [{"file": "bao.txt"}]})
    open_store(study.database, create=True).close()
    study.run("alerts")
    study.run("alerts", "--digest")
    text = (study.folder / "bao.txt").read_text(encoding="utf-8")
    assert "Tin báo mới bật từ" in text
    again = study.run("alerts", "--digest")
    assert "less than five days ago" in again.stdout
    assert (study.folder / "bao.txt").read_text(encoding="utf-8") == text


def test_what_does_not_work_the_first_time_is_told_and_shown_by_a_look(study: StudyFolder) -> None:
    from data.store import CrawlCounts, open_store
    from data.study_file import load

    study.write(SOURCES, alerts={"to": [{"file": "bao.txt"}]})
    with open_store(study.database, create=True) as store:
        store.sync_study(load(study.folder))
        for _ in range(2):
            run = store.begin_run("crawl")
            crawl = store.begin_crawl(run, store.source_id("https://dien-dan.example/"))
            store.end_crawl(crawl, "failed", CrawlCounts(), reason="Không kết nối được.", reason_key="network")
            store.end_run(run, "failed")
    quiet = {"to": [{"file": "bao.txt"}], "quiet_hours": ["00:00-12:00"]}
    study.environment["CHANDUNG_NOW"] = "2026-11-22T09:00:00+07:00"
    assert "It is quiet until 12:00" in study.write(SOURCES, alerts=quiet).run("alerts", "--dry-run").stdout
    del study.environment["CHANDUNG_NOW"]
    study.write(SOURCES, alerts={"to": [{"file": "bao.txt"}]})
    for words in (["--dry-run"], []):
        done = study.run("alerts", *words)
        assert "This is the first time" in done.stdout
        assert "Không kết nối được." in done.stdout
    assert "Không kết nối được." in (study.folder / "bao.txt").read_text(encoding="utf-8")
    assert study.run("alerts").stdout == "Nothing is new.\n"
