"""The lines with which the demonstration tells what to do next can be typed as they stand."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from data.demo import command


@pytest.mark.parametrize(
    ("python", "called"),
    [
        ("/opt/py/python", "/opt/py/python -m chandung"),
        ("/my things/python", '"/my things/python" -m chandung'),
    ],
)
def test_only_a_path_with_a_space_is_quoted(monkeypatch: pytest.MonkeyPatch, python: str, called: str) -> None:
    monkeypatch.setattr(command.shutil, "which", lambda _name: None)
    monkeypatch.setattr(sys, "argv", ["/opt/py/chandung/__main__.py"])
    monkeypatch.setattr(sys, "executable", python)
    assert command._program() == called


def test_the_script_of_an_environment_not_entered_is_called_by_its_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command.shutil, "which", lambda _name: None)
    path = Path("/my things/bin/chandung")
    monkeypatch.setattr(sys, "argv", [str(path)])
    assert command._program() == f'"{path}"'
