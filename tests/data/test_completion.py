"""The Tab key: what a real shell is told, and what is written into its profile."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from data.commands_completion import SHELLS, put, source
from tests.command_line import run


def _asked(words: str, place: int) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "chandung"],
        env={**os.environ, "_CHANDUNG_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(place)},
        capture_output=True,
        text=True,
    )
    return [line.partition(",")[2] for line in done.stdout.splitlines() if line]


def test_commands_options_and_queries_are_finished() -> None:
    assert _asked("chandung cr", 1) == ["crawl"]
    assert "--whole" in _asked("chandung crawl --w", 2)
    assert "@top_pains" in _asked("chandung query @top", 2)
    assert _asked("chandung xyz", 1) == []
    assert _asked("chandung import sur", 2) == ["survey"]
    assert _asked("chandung report --format html,p", 3) == ["html,pdf"]
    # As bash hands over what has an @ in it.
    assert _asked("chandung query @ top_pain", 3) == ["@top_pains"]


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_gets_its_lines(shell: str) -> None:
    assert "_CHANDUNG_COMPLETE" in source(shell)


def test_a_real_bash_takes_the_lines(tmp_path: Path) -> None:
    if (bash := shutil.which("bash")) is None:
        pytest.skip("no bash on this computer")
    lines = tmp_path / "profile"
    put(lines, source("bash"), alone=False)
    done = subprocess.run([bash, "-c", f"source '{lines}'; complete -p chandung"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "chandung" in done.stdout


@pytest.mark.skipif(sys.platform == "win32" or shutil.which("bash") is None, reason="no bash on this computer")
def test_the_tab_key_in_a_bash_that_somebody_types_into(tmp_path: Path) -> None:
    pexpect = pytest.importorskip("pexpect")
    (tmp_path / "nghiên cứu").mkdir()
    (tmp_path / "profile").write_text(source("bash"), encoding="utf-8")
    folder = Path(sys.executable).parent
    environment = {
        **os.environ,
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        "LC_ALL": "C.UTF-8",
        "TERM": "dumb",
    }
    shell = pexpect.spawn(
        "bash", ["--norc", "-i"], cwd=str(tmp_path), env=environment, encoding="utf-8", dimensions=(40, 200), timeout=20
    )
    try:
        shell.sendline("source ./profile; PS1='rea''dy> '")
        shell.expect_exact("ready> ")
        for typed, added in (
            ("crawl --who", "le "), ("query @top_p", "ains"), ("query @top_pains @top", "_pains"), ("import not", "es "),
            ("report --format html,fig", "ures "), ("check ngh", "iên\\ cứu/"),
        ):  # fmt: skip
            shell.send(f"chandung {typed}\t")
            shell.expect_exact(typed + added)
            shell.send("\x15")
    finally:
        shell.close(force=True)


@pytest.mark.skipif(sys.platform == "win32" or shutil.which("zsh") is None, reason="no zsh on this computer")
def test_the_tab_key_in_a_zsh_that_nobody_has_set_up(tmp_path: Path) -> None:
    pexpect = pytest.importorskip("pexpect")
    assert run("completion", "zsh", "--install", "--profile", tmp_path / ".zshrc").returncode == 0
    with (tmp_path / ".zshrc").open("a", encoding="utf-8") as profile:
        profile.write("PS1='rea''dy> '\n")
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "ZDOTDIR": str(tmp_path),
        "TERM": "dumb",
    }
    shell = pexpect.spawn(
        "zsh", ["-i"], cwd=str(tmp_path), env=environment, encoding="utf-8", dimensions=(40, 200), timeout=20
    )
    try:
        shell.expect_exact("ready> ")
        assert "not found" not in shell.before
        shell.send("chandung sche\t")
        shell.expect_exact("schedule ")
    finally:
        shell.close(force=True)


def test_what_fish_says_beside_a_word_keeps_its_commas() -> None:
    assert 'string split -m 1 ","' in source("fish")


def test_a_profile_keeps_what_else_it_holds(tmp_path: Path) -> None:
    profile = tmp_path / "thư mục" / ".bashrc"
    profile.parent.mkdir()
    profile.write_text("alias ll='ls -l'", encoding="utf-8")
    for _ in range(2):
        done = run("completion", "bash", "--install", "--profile", profile)
        assert done.returncode == 0, done.stderr
    text = profile.read_text(encoding="utf-8")
    assert text.startswith("alias ll='ls -l'\n")
    assert text.count("# >>> chandung completion") == 1


def test_a_profile_that_is_no_text_is_left_alone(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    profile.write_bytes(b"\xff\xfe\x00")
    assert run("completion", "bash", "--install", "--profile", profile).returncode == 2
    assert profile.read_bytes() == b"\xff\xfe\x00"


def test_an_unknown_shell_is_asked_for() -> None:
    done = run("completion", SHELL="/bin/tcsh", lang="en")
    assert done.returncode == 2 or sys.platform == "win32"
    assert "Which shell?" in done.stderr or sys.platform == "win32"
