"""The command ``chandung annotate``."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from textwrap import indent, shorten
from typing import BinaryIO, TextIO

import click

from data.errors import InputError
from data.words import tell

_HELP = f"{tell('annotate.help')}\n\n\b\n{tell('cli.example')}\n{indent(tell('annotate.example'), '  ')}"


@click.command("annotate", help=_HELP, short_help=tell("cli.commands.annotate"))
@click.argument("texts")
@click.option("--output", "-o", type=click.Path(path_type=Path), help=tell("annotate.options.output"))
@click.option("--processes", type=click.IntRange(1, 64), default=1, help=tell("annotate.options.processes"))
@click.option("--study", "-s", type=click.Path(path_type=Path), help=tell("annotate.options.study"))
@click.option("--explain", is_flag=True, help=tell("annotate.options.explain"))
@click.option("--json", "as_json", is_flag=True, help=tell("annotate.options.json"))
@click.option("--open", "opened", is_flag=True, help=tell("annotate.options.open"))
def annotate(
    texts: str, output: Path | None, processes: int, study: Path | None, explain: bool, as_json: bool, opened: bool
) -> None:
    from data.study_file import load

    if not explain:
        _refuse_for_explain(texts, as_json=as_json, opened=opened)
    loaded = load(study) if study is not None else None
    if explain:
        from analysis.explaining import explain_text

        text = sys.stdin.read() if texts == "-" else texts
        explain_text(text, loaded, as_json=as_json, output=output, opened=opened)
        return
    from analysis.text.annotate_file import annotate_file

    with ExitStack() as stack:
        source = _source(texts, stack)
        if output is not None and texts != "-" and output.exists() and output.samefile(texts):
            raise InputError("annotate_onto_itself", path=output)
        out = _out(output, stack)
        wrong = annotate_file(
            source, out, lambda sentence: click.echo(sentence, err=True), processes=processes, study=loaded
        )
    if wrong:
        raise SystemExit(1)


def _refuse_for_explain(texts: str, *, as_json: bool, opened: bool) -> None:
    """Say what only ``--explain`` can do: a flag of it, or a text where a file is meant."""
    for flag, given in (("--json", as_json), ("--open", opened)):
        if given:
            raise InputError("annotate_only_explain", flag=flag)
    end = Path(texts).suffix
    if " " in texts.strip() and (" " in end or not end) and not _is_there(texts):
        raise InputError("annotate_a_text", text=shorten(texts, 60, placeholder=" …"))


def _is_there(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False


def _source(texts: str, stack: ExitStack) -> BinaryIO:
    if texts == "-" and sys.stdin is not None:
        return sys.stdin.buffer
    try:
        return stack.enter_context(Path(texts).open("rb"))
    except (OSError, ValueError):
        raise InputError("no_pages_file", path=texts) from None


def _out(output: Path | None, stack: ExitStack) -> TextIO:
    if output is None:
        reconfigure = getattr(sys.stdout, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", newline="\n")
        return sys.stdout
    try:
        return stack.enter_context(output.open("w", encoding="utf-8", newline="\n"))
    except OSError as error:
        raise InputError("cannot_write", path=output, why=error.strerror or error) from None
