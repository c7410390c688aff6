"""The units that are printed: each system's quoting, for folders with spaces, signs and Vietnamese letters."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler import schedule_units
from data.study import Study
from data.study_file import load
from data.words import speak
from tests.conftest import StudyFolder

ODD = "Nghiên cứu 100% “của” tôi’s $HOME 'x'"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    speak("en")
    yield
    speak(None)


@pytest.fixture
def odd(tmp_path: Path) -> Study:
    folder = tmp_path / ODD
    folder.mkdir()
    StudyFolder(folder).write(
        [{"url": "https://graph.example/", "token": "${FB_TOKEN}"}],
        alerts={"to": [{"url": "mailtos://lan:${MAIL_PASS}@thu.example"}, {"url": "${TEAMS}"}]},
        study="Tã-bỉm", schedule=[{"what": "crawl", "every": "0 3 * * *"}],
    )  # fmt: skip
    return load(folder)


def words_of_systemd(line: str) -> list[str]:
    """What systemd makes of a command line: quotes, C's escapes, ``%%`` and ``$$``."""
    found = []
    for quoted, plain in re.findall(r'"((?:\\.|[^"\\])*)"|(\S+)', line):
        word = re.sub(r"\\(.)", r"\1", quoted) if quoted else plain
        found.append(word.replace("%%", "%").replace("$$", "$"))
    return found


def test_systemd(odd: Study) -> None:
    unit = schedule_units.systemd(odd, "/home/chị Lan/.venv/bin/python")
    command = next(line for line in unit.splitlines() if line.startswith("ExecStart="))
    words = words_of_systemd(command.removeprefix("ExecStart="))
    assert words == [
        "/home/chị Lan/.venv/bin/python",
        "-m",
        "chandung",
        "--language",
        "en",
        "schedule",
        str(odd.path.resolve()),
    ]
    assert "chandung-ta-bim.service" in unit
    assert "FB_TOKEN" in unit
    assert "EnvironmentFile=-%h/.config/chandung-ta-bim.env" in unit
    assert "network-online" not in unit  # which the system's units know, and a user's do not
    assert "RestartPreventExitStatus=5" in unit


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd")
def test_systemd_itself_finds_no_fault(odd: Study, tmp_path: Path) -> None:
    path = tmp_path / "chandung-ta-bim.service"
    path.write_text(schedule_units.systemd(odd), encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "--user", "verify", str(path)], capture_output=True, text=True)
    assert "chandung-ta-bim" not in done.stderr


def powershell_strings(line: str) -> list[str]:
    """The single-quoted strings of a line, as PowerShell reads them: a straight or curly apostrophe that is doubled is one."""
    signs = "'\u2018\u2019\u201a\u201b"
    found = re.findall(rf"[{signs}]((?:[^{signs}]|[{signs}]{{2}})*)[{signs}]", line)
    return [re.sub(rf"([{signs}])[{signs}]", r"\1", text) for text in found]


def test_windows(odd: Study) -> None:
    script = schedule_units.windows(odd, "C:\\Users\\Chị Lan\\.venv\\Scripts\\python.exe")
    python, action = (line for line in script.splitlines() if line.startswith(("$python", "$action")))
    assert powershell_strings(python) == ["C:\\Users\\Chị Lan\\.venv\\Scripts\\pythonw.exe"]
    arguments, folder = powershell_strings(action)
    assert arguments == f'-m chandung --language en schedule "{odd.path.resolve()}"'
    assert folder == str(odd.folder)
    assert "-TaskName 'Chandung Tã-bỉm'" in script


def test_every_secret_of_the_study_is_named_as_each_system_sets_it(odd: Study) -> None:
    systems = {"systemd": "{}=value", "cron": "{}=value", "windows": 'setx {} "value"'}
    for system, wanted in systems.items():
        printed = getattr(schedule_units, system)(odd)
        for name in ("FB_TOKEN", "MAIL_PASS", "TEAMS"):
            assert f"#     {wanted.format(name)}\n" in printed, system


def test_a_study_without_secrets_names_no_file_of_them(study: StudyFolder) -> None:
    study.write([{"url": "https://a.example/"}], schedule=[{"what": "crawl", "every": "0 3 * * *"}])
    found = load(study.folder)
    assert "Environment" not in schedule_units.systemd(found).replace("Environment=PYTHONUTF8=1", "")
    assert "environment" not in schedule_units.cron(found) + schedule_units.windows(found)


def test_every_line_that_is_no_unit_is_a_remark(odd: Study) -> None:
    for text in (schedule_units.cron(odd), schedule_units.windows(odd), schedule_units.systemd(odd)):
        first = next(place for place, line in enumerate(text.splitlines()) if not line.startswith("#"))
        assert first >= 1
        assert not any(line.startswith("#") for line in text.splitlines()[first:])
