"""The command ``chandung demo``: every stage once, on the fictional market, each as a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from data.click_words import command
from data.desktop import open_in_browser
from data.errors import InputError, SourceError
from data.words import LANGUAGES, language, tell

HOST = "127.0.0.1"
FIRST_PORT = 8820
_MEMORY = ".demo.json"


@command("demo", "cli.demo")
@click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False), default=Path("demo"), show_default=True,
    help=tell("cli.demo.options.folder"),
)  # fmt: skip
@click.option("--language", "lang", type=click.Choice(LANGUAGES), help=tell("cli.demo.options.language"))
@click.option("--open", "opened", is_flag=True, help=tell("cli.demo.options.open"))
@click.option("--seed", type=int, help=tell("cli.demo.options.seed"))
@click.option("--port", type=click.IntRange(1024, 65_000), help=tell("cli.demo.options.port"))
def demo(folder: Path, lang: str | None, opened: bool, seed: int | None, port: int | None) -> None:
    from data.demo.server import start

    lang = lang or language()
    memory = _remember(folder, seed, port)
    began = time.monotonic()
    click.echo(tell("cli.demo.building"))
    try:
        with start(memory["port"], seed=memory["seed"]) as bases:
            click.echo(tell("cli.demo.serving", address=bases["forum"]))
            study = _write_study(folder, bases, lang)
            for step, stage in enumerate(("crawl", "analyze", "report"), 2):
                _say_step(step, stage)
                _run(stage, study)
    except (TimeoutError, OSError) as error:
        raise SourceError("demo_not_ready", why=error) from error
    report = _newest(folder / "reports")
    database = _database(study)
    click.echo(
        tell(
            "cli.demo.done",
            seconds=round(time.monotonic() - began),
            report=report,
            study=study,
            database=database,
            folder=folder,
            chandung=_program(),
        )
    )
    if opened:
        open_in_browser(report.resolve().as_uri())


def _remember(folder: Path, seed: int | None, port: int | None) -> dict[str, Any]:
    """Seed and port of the folder's first demonstration: under another address every post would count as another one."""
    path = folder / _MEMORY
    if path.exists():
        known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if (seed is not None and seed != known["seed"]) or (port is not None and port != known["port"]):
            raise InputError("demo_other_market", folder=folder)
        return known
    if (folder / "study.yaml").exists():
        raise InputError("study_exists", path=folder / "study.yaml")
    known = {"port": port or _free_ports(), "seed": seed}
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(known), encoding="utf-8")
    return known


def _free_ports(count: int = 6) -> int:
    """The first of ``count`` free ports in a row."""
    for first in range(FIRST_PORT, 60_000, 10):
        if all(_is_free(port) for port in range(first, first + count)):
            return first
    raise InputError("no_port", port=FIRST_PORT)


def _is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def _write_study(folder: Path, bases: dict[str, str], lang: str) -> Path:
    from data.demo.example import write_study

    _say_step(1, "study")
    return write_study(folder, bases, lang)


def _say_step(step: int, stage: str) -> None:
    click.echo(click.style(tell("cli.demo.step", step=step, steps=4, what=tell(f"cli.demo.steps.{stage}")), bold=True))


def _run(stage: str, study: Path) -> None:
    """Run one stage on the study. What it left out (exit code 1) it has said itself; anything worse ends the demonstration."""
    sys.stdout.flush()
    told = {"CHANDUNG_LANG": language(), "PYTHONIOENCODING": "utf-8", "CHANDUNG_WITHIN": "demo"}
    with subprocess.Popen(
        [sys.executable, "-m", "chandung", stage, str(study)], env=os.environ | _past_any_proxy() | told
    ) as child:
        code = _end_of(child)
    if code == 130:
        raise KeyboardInterrupt
    if code not in (0, 1):
        error = SourceError("demo_stage_failed", stage=stage, code=code, folder=study.parent)
        error.exit_code = code if 1 < code < 130 else 1
        raise error


def _end_of(child: subprocess.Popen[bytes]) -> int:
    """The exit code of a stage. Ctrl+C reaches the stage too: it may end in order; a second Ctrl+C ends it at once."""
    try:
        return child.wait()
    except KeyboardInterrupt:
        try:
            child.wait(timeout=30)
        except (KeyboardInterrupt, subprocess.TimeoutExpired):
            child.kill()
        raise


def _past_any_proxy() -> dict[str, str]:
    """An office's proxy knows nothing of a server on this computer."""
    spared = ",".join(filter(None, (os.environ.get("no_proxy") or os.environ.get("NO_PROXY"), HOST)))
    return {"no_proxy": spared, "NO_PROXY": spared}


def _program() -> str:
    """How this user can call the command again: by name where the environment is entered, else by its path."""
    if shutil.which("chandung"):
        return "chandung"
    called = Path(sys.argv[0])
    return str(called) if called.stem == "chandung" and called.suffix != ".py" else f"{sys.executable} -m chandung"


def _newest(folder: Path) -> Path:
    pages = sorted(folder.glob("*.html"), key=lambda path: path.stat().st_mtime)
    return pages[-1] if pages else folder


def _database(study: Path) -> Path:
    from data.study_file import load

    return study.parent / load(study).database.name
