"""The demonstration's step between reading and analysing: ``chandung import`` on what the study names, told in a line a file."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from data.words import tell


def bring(study: Path, environment: Mapping[str, str]) -> None:
    """Take in the files that ``study`` names under ``imports``. What cannot be read is told and left out."""
    from data.study_file import load

    if not load(study).imports:
        return
    done = subprocess.run(
        [sys.executable, "-m", "chandung", "import", "--study", str(study), "--yes", "--json"],
        check=False, env=environment, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace",
    )  # fmt: skip
    if done.returncode == 130:
        raise KeyboardInterrupt
    for one in _told(done.stdout):
        click.echo(_line(one))
    if done.returncode:
        click.echo(done.stderr.rstrip(), err=True)


def _told(text: str) -> list[dict[str, Any]]:
    """What the command wrote of every file; nothing where it broke off before."""
    try:
        found: list[dict[str, Any]] = json.loads(text)
    except ValueError:
        return []
    return found


def _line(one: Mapping[str, Any]) -> str:
    if one.get("already_imported"):
        return tell("cli.demo.brought.already", file=one["file"])
    kind, counts = one.get("kind"), one.get("counts") or {}
    known = kind if kind in ("survey", "orders", "analytics", "reference") else "other"
    values = {"respondents": counts.get("respondents"), "orders": counts.get("orders")}
    return tell(f"cli.demo.brought.{known}", file=one["file"], observations=one.get("observations"), **values)
