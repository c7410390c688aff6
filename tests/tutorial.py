"""Follows a tutorial as its reader would: every command in turn, in one folder, and what it is said to answer."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.command_line import run

_BLOCK = re.compile(r"(?P<aside><!-- second window -->\n)?^```(?P<kind>sh|text)\n(?P<text>.*?)^```$", re.M | re.S)
#: The first of the demonstration's ports as the pages name it.
_PORT = 8820


@dataclass
class Step:
    """Commands that stand together, and what they are said to answer, in any order. ``aside``: in a second window, going on."""

    commands: list[str]
    answers: list[str] = field(default_factory=list)
    aside: bool = False


def steps(page: Path) -> list[Step]:
    """The steps of a page in order."""
    found: list[Step] = []
    for block in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        lines = [line for line in block["text"].splitlines() if line.strip()]
        if block["kind"] == "sh":
            found.append(Step(lines, aside=block["aside"] is not None))
        else:
            found[-1].answers += lines
    return found


def words_of(command: str, port: int) -> list[str]:
    """The words behind ``chandung``, with the ports that the demonstration has here."""
    name, *words = shlex.split(command)
    assert name == "chandung", command
    return [re.sub(r"127\.0\.0\.1:(88\d\d)", lambda m: f"127.0.0.1:{port + int(m[1]) - _PORT}", w) for w in words]


def follow(
    page: Path, folder: Path, *, port: int, known: dict[str, str], only: slice = slice(None), lang: str = "en"
) -> None:
    """Run the steps of ``page`` in ``folder``. ``known`` are the answers of commands that have been run already; ``only``
    says which steps; ``lang`` is the interface's language.

    Raises ``AssertionError`` with the command whose answer is not what the page says.
    """
    with ExitStack() as windows:
        for step in steps(page)[only]:
            if step.aside:
                windows.enter_context(_window(step.commands, folder, port, lang))
                continue
            told = "\n".join(known[c] if c in known else _run(words_of(c, port), folder, lang) for c in step.commands)
            flat = " ".join(told.split())
            for answer in step.answers:
                wanted = " ".join(answer.replace(f":{_PORT}/", f":{port}/").split())
                assert wanted in flat, f"{step.commands}: “{answer}” is not in\n{told}"


def _environment(lang: str) -> dict[str, str]:
    hidden = {"DISPLAY", "WAYLAND_DISPLAY"}
    return {name: value for name, value in os.environ.items() if name not in hidden} | {
        "PYTHONUTF8": "1",
        "CHANDUNG_LANG": lang,
    }


def _run(words: list[str], folder: Path, lang: str) -> str:
    done = run(*words, cwd=folder, lang=lang, PYTHONUTF8="1", DISPLAY="", WAYLAND_DISPLAY="")
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr


@contextmanager
def _window(commands: list[str], folder: Path, port: int, lang: str) -> Iterator[None]:
    [command] = commands
    log = folder / "window.log"
    with log.open("wb") as out:
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", "chandung", *words_of(command, port)],
            cwd=folder, env=_environment(lang), stdin=subprocess.DEVNULL, stdout=out, stderr=out,
        )  # fmt: skip
        try:
            deadline = time.monotonic() + 120
            while "http://127.0.0.1" not in log.read_text(encoding="utf-8"):
                assert child.poll() is None, log.read_text(encoding="utf-8")
                assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
                time.sleep(0.2)
            yield
        finally:
            child.terminate()
            child.wait(30)
