"""``chandung demo`` from nothing to a report, and once more: the way a newcomer meets the whole."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from data.demo.example import study_text
from data.demo.world import SITES
from data.desktop import open_in_browser
from data.study_file import load


def demo(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    return subprocess.run(
        [sys.executable, "-m", "chandung", "demo", "--folder", str(folder), "--language", "en", *options],
        env=environment | {"CHANDUNG_LANG": "en", "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=900,
    )


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("demo") / "of the market"
    done = demo(folder, "--open")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done


def counts(folder: Path) -> dict[str, int]:
    with closing(sqlite3.connect(load(folder).database)) as db:
        return {
            table: db.execute(f"select count(*) from {table}").fetchone()[0]
            for table in ("posts", "threads", "cues", "pains")
        }


def test_it_leaves_the_study_its_database_and_the_reports(shown: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, _ = shown
    assert load(folder).language == "en"
    found = counts(folder)
    assert found["threads"] >= 300
    assert found["posts"] >= 3000
    assert found["cues"] > 1000
    assert found["pains"] > 500
    (page,) = (folder / "reports").glob("*.html")
    assert "fiction" in page.read_text(encoding="utf-8").lower()
    assert list((folder / "reports").glob("*.md"))


def test_every_report_of_it_says_in_both_languages_that_it_is_fiction() -> None:
    for language in ("vi", "en"):
        text = study_text(dict.fromkeys(SITES, "http://127.0.0.1"), language)
        (note,) = [line for line in text.splitlines() if line.startswith("note:")]
        assert "hư cấu" in note
        assert "fictional" in note


def test_it_tells_what_to_look_at_and_what_comes_next(shown: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, done = shown
    (page,) = (folder / "reports").glob("*.html")
    assert str(page) in done.stdout
    assert [line[:3] for line in done.stdout.splitlines() if line[1:4] == "/4 "] == ["1/4", "2/4", "3/4", "4/4"]
    assert "Next:" in done.stdout
    assert "fiction" in done.stdout


def test_a_second_run_doubles_nothing(shown: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, _ = shown
    before = counts(folder)
    done = demo(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert counts(folder) == before


def test_another_market_needs_another_folder(shown: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    done = demo(shown[0], "--seed", "99")
    assert done.returncode == 2
    assert "Choose another folder" in done.stderr


def test_a_study_of_the_user_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text("mine", encoding="utf-8")
    done = demo(tmp_path)
    assert done.returncode == 2
    assert (tmp_path / "study.yaml").read_text(encoding="utf-8") == "mine"


def test_no_browser_opens_without_a_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert open_in_browser("https://example.com/") is False
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("CI", "1")
    assert open_in_browser("https://example.com/") is False


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be sent Ctrl+C alone here")
def test_ctrl_c_is_answered_once_and_the_stage_ends_in_order(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "chandung", "demo", "--folder", str(tmp_path / "demo")],
        env=os.environ | {"CHANDUNG_LANG": "en", "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        start_new_session=True,
    ) as child:
        assert child.stdout is not None
        for line in child.stdout:
            if "2/4" in line:
                break
        # The crawl has begun when its database is there; a terminal's Ctrl+C goes to every process of the group.
        while child.poll() is None and not list((tmp_path / "demo").glob("*.db")):
            time.sleep(0.1)
        time.sleep(2)
        os.killpg(child.pid, signal.SIGINT)
        said = child.stdout.read()
    assert child.returncode == 130
    assert said.count("run the same command again") == 1
    assert "Run the same command again" not in said
    assert "interrupted" in said, "the crawl says how far it came"
    assert "Traceback" not in said
