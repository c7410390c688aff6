"""The command ``chandung demo``: every stage once, on the fictional market, each as a process of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import click

from data.click_words import command
from data.demo.bring import bring
from data.demo.memory import FIRST_PORT, Memory, all_free, digest, edited, free_ports, remember, remembered
from data.desktop import open_in_browser
from data.errors import InputError, SourceError
from data.ports import HOST
from data.words import LANGUAGES, language, tell

_STAGES = ("crawl", "import", "analyze", "report")


@command("demo", "cli.demo")
@click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False), default=Path("demo"), show_default=True,
    help=tell("cli.demo.options.folder"),
)  # fmt: skip
@click.option("--language", "lang", type=click.Choice(LANGUAGES), help=tell("cli.demo.options.language"))
@click.option("--open", "opened", is_flag=True, help=tell("cli.demo.options.open"))
@click.option("--seed", type=int, help=tell("cli.demo.options.seed"))
@click.option("--port", type=click.IntRange(1024, 65_000), help=tell("cli.demo.options.port"))
@click.option("--serve-only", is_flag=True, help=tell("cli.demo.options.serve_only"))
def demo(folder: Path, lang: str | None, opened: bool, seed: int | None, port: int | None, serve_only: bool) -> None:
    if serve_only:
        _serve_only(folder, opened=opened)
        return
    memory = _memory(folder, seed, port, lang)
    began = time.monotonic()
    click.echo(tell("cli.demo.building"))
    with ExitStack() as running:
        bases = _start(running, memory, folder)
        click.echo(tell("cli.demo.serving", address=bases["forum"]))
        study = _write_study(folder, memory)
        for step, stage in enumerate(_STAGES, 2):
            _say_step(step, stage)
            if stage == "import":
                bring(study, _environment())
            else:
                _run(stage, study)
    report = _newest(folder / "reports")
    click.echo(
        tell(
            "cli.demo.done",
            seconds=round(time.monotonic() - began),
            report=report,
            study=study,
            database=_database(study),
            folder=_quoted(folder),
            chandung=_program(),
        )
    )
    if opened:
        open_in_browser(report.resolve().as_uri())


def _memory(folder: Path, seed: int | None, port: int | None, lang: str | None) -> Memory:
    """The folder's demonstration, or a new one. What would make another one of it is refused."""
    known = remembered(folder)
    if known is None:
        if (folder / "study.yaml").exists():
            raise InputError("study_exists", path=folder / "study.yaml")
        known = Memory(_port_from(port or FIRST_PORT, said=port is not None), seed, lang or language(), asked=port)
    else:
        if (seed is not None and seed != known.seed) or (port is not None and port not in (known.port, known.asked)):
            raise InputError("demo_other_market", folder=folder)
        known.language = known.language or lang or language()
        if lang is not None and lang != known.language:
            raise InputError("demo_other_language", folder=folder, language=known.language, other=f"{folder}-{lang}")
        if not all_free(known.ports):
            if edited(folder, known) or any(folder.glob("*.db")):
                raise InputError("demo_ports_taken", first=known.ports[0], last=known.ports[-1], other=f"{folder}-2")
            known.port = _port_from(known.port, said=True)
    remember(folder, known)
    return known


def _port_from(wanted: int, *, said: bool) -> int:
    """The first of enough free ports in a row; that it is another one than ``wanted`` is told where somebody asked for it."""
    found = free_ports(wanted)
    if found is None:
        raise InputError("no_port", port=wanted)
    if said and found != wanted:
        click.echo(tell("cli.demo.other_port", wanted=wanted, port=found))
    return found


def _start(running: ExitStack, memory: Memory, folder: Path) -> dict[str, str]:
    """Serve the market until ``running`` ends; gives the addresses by site.

    Where another program took a port while the market was being made, the next free ones are taken, unless posts of the
    folder are known under the addresses that they had.
    """
    from data.demo.server import start

    for last_try in (False, False, True):
        try:
            return running.enter_context(start(memory.port, seed=memory.seed))
        except (TimeoutError, OSError) as error:
            if last_try or all_free(memory.ports) or any(folder.glob("*.db")):
                raise SourceError("demo_not_ready", why=error) from error
            memory.port = _port_from(memory.port, said=True)
            remember(folder, memory)
    raise AssertionError


def _serve_only(folder: Path, *, opened: bool) -> None:
    """Serve the pages that the folder's report links to, until Ctrl+C."""
    from data.demo.server import serve, wait
    from data.demo.world import make

    memory = remembered(folder)
    if memory is None:
        raise InputError("no_demo", folder=folder)
    if not all_free(memory.ports):
        raise InputError("demo_ports_taken", first=memory.ports[0], last=memory.ports[-1], other=f"{folder}-2")
    click.echo(tell("cli.demo.building"))
    with serve(make(memory.seed), memory.port) as running:
        report = _newest(folder / "reports")
        click.echo(tell("cli.demo.served", address=running.bases["forum"], report=report))
        if opened:
            open_in_browser(report.resolve().as_uri())
        wait()


def _write_study(folder: Path, memory: Memory) -> Path:
    """Write the study file, or leave it alone where the user has edited it, and the files of evidence that it names."""
    from data.demo import evidence
    from data.demo.example import write_study

    _say_step(1, "study")
    path = folder / "study.yaml"
    evidence.write(folder, memory.seed, memory.language or language())
    if edited(folder, memory):
        click.echo(tell("cli.demo.kept", study=path))
        return path
    write_study(folder, memory.bases, memory.language or language())
    memory.study = digest(path.read_text(encoding="utf-8"))
    remember(folder, memory)
    return path


def _say_step(step: int, stage: str) -> None:
    click.echo(
        click.style(
            tell("cli.demo.step", step=step, steps=1 + len(_STAGES), what=tell(f"cli.demo.steps.{stage}")), bold=True
        )
    )


def _run(stage: str, study: Path) -> None:
    """Run one stage on the study. What it left out (exit code 1) it has said itself; anything worse ends the demonstration."""
    sys.stdout.flush()
    with subprocess.Popen([sys.executable, "-m", "chandung", stage, str(study)], env=_environment()) as child:
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


def _environment() -> dict[str, str]:
    """What a stage is started with."""
    told = {"CHANDUNG_LANG": language(), "PYTHONIOENCODING": "utf-8", "CHANDUNG_WITHIN": "demo"}
    return dict(os.environ) | _past_any_proxy() | told


def _past_any_proxy() -> dict[str, str]:
    """An office's proxy knows nothing of a server on this computer."""
    spared = ",".join(filter(None, (os.environ.get("no_proxy") or os.environ.get("NO_PROXY"), HOST)))
    return {"no_proxy": spared, "NO_PROXY": spared}


def _program() -> str:
    """How this user can call the command again, as typed: by name where the environment is entered, else by its path."""
    if shutil.which("chandung"):
        return "chandung"
    called = Path(sys.argv[0])
    if called.stem == "chandung" and called.suffix != ".py":
        return _quoted(called)
    return f"{_quoted(sys.executable)} -m chandung"


def _quoted(word: object) -> str:
    """``word`` as it is typed on a command line."""
    text = str(word)
    return f'"{text}"' if " " in text and not text.startswith('"') else text


def _newest(folder: Path) -> Path:
    pages = sorted(folder.glob("*.html"), key=lambda path: path.stat().st_mtime)
    return pages[-1] if pages else folder


def _database(study: Path) -> Path:
    from data.study_file import load

    return study.parent / load(study).database.name
