"""``chandung demo`` from nothing to a report, and once more: the way a newcomer meets the whole."""

import os
import shlex
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest

from analysis.report.blocks import Cards
from analysis.report.sections import triangulation
from analysis.report.speech import Speech
from data.demo.command import _memory, _start
from data.demo.example import study_text, write_study
from data.demo.memory import Memory, all_free, edited, remembered
from data.demo.world import SITES
from data.desktop import open_in_browser
from data.store import open_store
from data.study_file import load
from data.words import speak, tell_in
from tests import tutorial


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
    # Far from the ports that other demonstrations take, for it is served again and again.
    first = next(port for port in range(21_000 + os.getpid() % 400 * 20, 40_000, 6) if all_free(range(port, port + 6)))
    done = demo(folder, "--open", "--port", str(first))
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done


def counts(folder: Path) -> dict[str, int]:
    with closing(sqlite3.connect(load(folder).database)) as db:
        return {
            table: db.execute(f"select count(*) from {table}").fetchone()[0]
            for table in ("posts", "threads", "cues", "pains", "imports", "observations", "respondents", "orders")
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
    assert [line[:3] for line in done.stdout.splitlines() if line[1:4] == "/5 "] == ["1/5", "2/5", "3/5", "4/5", "5/5"]
    assert done.stdout.count("Next:") == 1, "a step within says nothing of the next one"
    assert "demo --serve-only" in done.stdout
    assert "fiction" in done.stdout


def test_a_second_run_doubles_nothing(shown: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, _ = shown
    before = counts(folder)
    done = demo(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert counts(folder) == before
    assert done.stdout.count("taken in before") == len(load(folder).imports)


def test_it_shows_other_evidence_beside_posts(shown: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, done = shown
    assert "survey.csv: a survey, 184 respondents" in done.stdout
    assert "orders.csv: " in done.stdout
    assert "ga4.csv: visitors of the shop" in done.stdout
    assert "industry-report.html: an industry report; its figures are only suggested" in done.stdout
    (page,) = (folder / "reports").glob("*.html")
    assert tell_in("en", "triangulation.title") in page.read_text(encoding="utf-8")
    with open_store(load(folder).database, read_only=True) as store:
        suggested = store.query("select state from observations where kind = 'reference'")
        assert [row["state"] for row in suggested] == ["suggested"] * 3


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_report_asks_whether_real_customers_are_those_we_aim_at(
    shown: tuple[Path, subprocess.CompletedProcess[str]], language: str
) -> None:
    study = load(shown[0])
    with open_store(study.database, read_only=True) as store:
        found = triangulation.section(store, study, Speech(language))
        kinds = [row["kind"] for row in store.query("select kind from real_customers order by kind")]
    assert found is not None
    assert {"analytics", "orders", "survey"} <= set(kinds)
    first = found.blocks[0]
    assert isinstance(first, Cards)
    assert first.cards[0].title == tell_in(language, "triangulation.real.title")


def test_the_planted_conflict_is_marked_and_no_other(shown: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    with open_store(load(shown[0]).database, read_only=True) as store:
        marked = {
            (row["brand"], row["attribute"])
            for row in store.query("select brand, attribute from triangulation where agreement = 'conflict'")
        }
    assert marked == {("An Nhiên", "location")}


def test_another_market_needs_another_folder(shown: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    done = demo(shown[0], "--seed", "99")
    assert done.returncode == 2
    assert "Choose another folder" in done.stderr


def test_another_language_needs_another_folder(shown: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    study = (shown[0] / "study.yaml").read_text(encoding="utf-8")
    done = demo(shown[0], "--language", "vi")
    assert done.returncode == 2
    assert "made with --language en" in done.stderr
    assert (shown[0] / "study.yaml").read_text(encoding="utf-8") == study


def test_an_edited_study_is_kept_and_used(shown: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    path = shown[0] / "study.yaml"
    first = path.read_text(encoding="utf-8")
    path.write_text(first.replace("minimum_group: 5", "minimum_group: 7"), encoding="utf-8")
    try:
        done = demo(shown[0])
        assert done.returncode == 0, done.stdout + done.stderr
        assert "has been edited" in done.stdout
        assert "minimum_group: 7" in path.read_text(encoding="utf-8")
    finally:
        path.write_text(first, encoding="utf-8")


def test_the_reports_links_open_while_it_is_only_served(
    shown: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    memory = remembered(shown[0])
    assert memory is not None
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "chandung", "demo", "--serve-only", "--folder", str(shown[0])],
        env=os.environ | {"CHANDUNG_LANG": "en", "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as child:
        assert child.stdout is not None
        assert any("links of" in line for line in child.stdout)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with closing(sqlite3.connect(load(shown[0]).database)) as db:
            for (url,) in db.execute("select url from threads limit 3"):
                assert opener.open(url, timeout=120).status == 200
        taken = demo(shown[0])
        assert taken.returncode == 2
        assert "--serve-only" in taken.stderr
        child.terminate()


def test_a_folder_without_a_demonstration_cannot_be_served(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "chandung", "demo", "--serve-only", "--folder", str(tmp_path)],
        env=os.environ | {"CHANDUNG_LANG": "en"},
        capture_output=True,
        encoding="utf-8",
    )
    assert (done.returncode, "Make one first" in done.stderr) == (2, True)


def test_the_next_free_ports_are_taken_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    speak("en")
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        memory = _memory(tmp_path, None, taken - 2, None)
        assert memory.port > taken
        assert str(memory.port) in capsys.readouterr().out
        again = _memory(tmp_path, None, taken - 2, None)
        assert again.port == memory.port, "the same command means the same demonstration"
    speak(None)


def test_a_demonstration_of_before_languages_were_remembered_keeps_its_own(tmp_path: Path) -> None:
    (tmp_path / ".demo.json").write_text('{"port": 28820, "seed": null}', encoding="utf-8")
    write_study(tmp_path, Memory(28820).bases, "vi")
    memory = remembered(tmp_path)
    assert memory is not None
    assert memory.language == "vi"
    assert not edited(tmp_path, memory)
    with (tmp_path / "study.yaml").open("a", encoding="utf-8") as file:
        file.write("# của tôi\n")
    assert edited(tmp_path, memory)


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


def _stored(folder: Path) -> int:
    """How many posts a crawl that is under way has written."""
    for path in folder.glob("*.db"):
        with suppress(sqlite3.OperationalError), closing(sqlite3.connect(path)) as db:
            return int(db.execute("select count(*) from posts").fetchone()[0])
    return 0


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
            if "2/5" in line:
                break
        # A terminal's Ctrl+C goes to every process of the group.
        while child.poll() is None and not _stored(tmp_path / "demo"):
            time.sleep(0.05)
        os.killpg(child.pid, signal.SIGINT)
        said = child.stdout.read()
    assert child.returncode == 130
    assert said.count("run the same command again") == 1
    assert "Run the same command again" not in said
    assert "interrupted" in said, "the crawl says how far it came"
    assert "Traceback" not in said


def test_a_port_taken_while_the_market_is_made_is_left_to_whoever_took_it(tmp_path: Path) -> None:
    with socket.socket() as other, ExitStack() as running:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        memory = Memory(taken - 1)
        bases = _start(running, memory, tmp_path)
        assert memory.port > taken
        assert remembered(tmp_path) == memory
        assert bases == memory.bases


# the tutorial of ten minutes stands on the same market

TUTORIAL = Path(__file__).parent.parent / "docs" / "tutorial" / "ten-minutes.md"


def test_the_tutorial_can_be_followed_line_by_line(
    shown: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    memory = remembered(shown[0])
    assert memory is not None
    shutil.copytree(shown[0], tmp_path / "market")
    first = tutorial.steps(TUTORIAL)[0].commands[0]
    told = shown[1].stdout.replace(str(shown[0]), "market")
    tutorial.follow(TUTORIAL, tmp_path, port=memory.port, known={first: told})
    assert list((tmp_path / "mine" / "reports").glob("*.html"))
    assert list((tmp_path / "tables").rglob("*.csv"))


def test_the_vietnamese_tutorial_takes_the_same_steps(
    shown: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    memory = remembered(shown[0])
    assert memory is not None
    page = TUTORIAL.with_name("ten-minutes.vi.md")
    theirs, ours = (
        [
            [w for w in shlex.split(c) if w not in ("--language", "vi", "en")][1]
            for s in tutorial.steps(one)
            for c in s.commands
        ]
        for one in (TUTORIAL, page)
    )
    assert ours == theirs
    shutil.copytree(shown[0], tmp_path / "thi-truong")
    tutorial.follow(page, tmp_path, port=memory.port, known={}, only=slice(1, 4), lang="vi")
