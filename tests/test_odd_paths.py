"""A study in a folder whose path has spaces and Vietnamese letters, as people name their folders."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from data.demo.server import start
from tests.conftest import StudyFolder

FOLDER = "Tài liệu của Mẹ Đậu (bản 2)"


def test_every_step_works_in_a_folder_with_spaces_and_marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    shell = StudyFolder(tmp_path, {"CHANDUNG_LANG": "vi"})

    def run(*words: str) -> str:
        done = shell.run(*words, timeout=300)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        return done.stdout

    with start() as bases:
        forum = bases["forum"]
        run(
            "init",
            FOLDER,
            "--yes",
            "--name",
            "An Nhiên",
            "--contact",
            "a@example.com",
            "--source",
            forum,
        )
        study = tmp_path / FOLDER / "study.yaml"
        text = study.read_text(encoding="utf-8")
        assert "    about: market\n" in text
        brief = "    about: market\n    max_threads: 12\n    delay: 0\n"
        study.write_text(text.replace("    about: market\n", brief), encoding="utf-8")
        assert f"{FOLDER}/study.yaml".replace("/", "\\" if "\\" in str(study) else "/") in run("check", FOLDER)
        run("crawl", FOLDER)
    run("analyze", str(study))
    run("report", FOLDER)
    (page,) = (tmp_path / FOLDER / "reports").glob("*.html")
    assert "An Nhiên" in page.read_text(encoding="utf-8")
    (posts,) = json.loads(run("query", "select count(*) as n from posts", "--json", "--study", FOLDER))
    with closing(sqlite3.connect(next((tmp_path / FOLDER).glob("*.db")))) as database:
        assert database.execute("select count(*) from posts").fetchone() == (posts["n"],)
    assert posts["n"] > 12
