"""A database's people and the key they were hashed with belong together: a crawl with another key says so and refuses."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from tests.conftest import StudyFolder
from tests.servers.little_forum import LittleForum


@pytest.fixture
def forum() -> Iterator[LittleForum]:
    with LittleForum() as site:
        site.thread("Tã ban đêm", "<p>Bé nhà mình hay tràn ban đêm</p>", "<p>Bé mình cũng vậy</p>")
        yield site


def test_a_lost_key_is_said_and_nobody_is_counted_twice(study: StudyFolder, forum: LittleForum) -> None:
    study.write([{"url": forum.url}]).crawl()
    people = study.count("authors")
    key = study.folder / "thu.key"
    kept = key.read_text(encoding="ascii")
    key.unlink()
    forum.reply(forum.threads[0], "<p>Thêm một bài</p>")

    refused = study.run("crawl")
    assert refused.returncode == 2
    assert "thu.key" in refused.stderr
    assert "--new-key" in refused.stderr
    assert not key.exists()
    assert study.count("authors") == people

    key.write_text(kept, encoding="ascii")
    assert study.crawl()[0]["state"] == "done"


def test_another_key_is_refused_until_it_is_meant(study: StudyFolder, forum: LittleForum) -> None:
    study.write([{"url": forum.url}]).crawl()
    (study.folder / "thu.key").write_text("ab" * 32, encoding="ascii")
    assert study.run("crawl").returncode == 2
    looked = study.run("doctor")
    assert looked.returncode == 1
    assert "not the one" in looked.stdout

    assert study.crawl("--new-key")[0]["state"] == "done"
    assert study.crawl()[0]["state"] == "done", "once accepted, the new key is the study's"


def test_a_key_deleted_on_purpose_is_made_anew(study: StudyFolder, forum: LittleForum) -> None:
    study.write([{"url": forum.url}]).crawl()
    (study.folder / "thu.key").unlink()
    assert study.crawl("--new-key")[0]["state"] == "done"
    assert (study.folder / "thu.key").exists()


def test_a_database_without_people_takes_any_key(study: StudyFolder, forum: LittleForum) -> None:
    study.write([{"url": f"{forum.url}/nowhere/"}]).run("crawl")
    (study.folder / "thu.key").unlink()
    assert study.run("crawl").returncode != 2
    assert (study.folder / "thu.key").exists()


def test_a_database_of_an_earlier_version_takes_the_key_it_has(study: StudyFolder, forum: LittleForum) -> None:
    study.write([{"url": forum.url}]).crawl()
    connection = sqlite3.connect(study.database)
    with connection:
        connection.execute("update runs set versions = '{}'")
    connection.close()
    assert study.crawl()[0]["state"] == "done"
    assert "author_key" in study.rows("select versions from runs order by run_id desc limit 1")[0][0]
