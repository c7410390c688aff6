"""The command ``chandung extract``."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from textwrap import indent
from typing import BinaryIO, TextIO

import click

from data.errors import InputError
from data.words import tell

_HELP = f"{tell('extract.help')}\n\n\b\n{tell('cli.example')}\n{indent(tell('extract.example'), '  ')}"


@click.command("extract", help=_HELP, short_help=tell("cli.commands.extract"))
@click.argument("pages", metavar="FILE", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--output", "-o", type=click.Path(path_type=Path), help=tell("extract.options.output"))
def extract(pages: Path, output: Path | None) -> None:
    from crawler.extract_file import extract_file

    with ExitStack() as stack:
        source, folder = _source(pages, stack)
        out = _out(output, stack)
        wrong = extract_file(source, folder, out, lambda sentence: click.echo(sentence, err=True))
    if wrong:
        raise SystemExit(1)


def _source(pages: Path, stack: ExitStack) -> tuple[BinaryIO, Path]:
    if str(pages) == "-":
        return sys.stdin.buffer, Path()
    try:
        return stack.enter_context(pages.open("rb")), pages.parent
    except OSError:
        raise InputError("no_pages_file", path=pages) from None


def _out(output: Path | None, stack: ExitStack) -> TextIO:
    if output is None:
        reconfigure = getattr(sys.stdout, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8")
        return sys.stdout
    try:
        return stack.enter_context(output.open("w", encoding="utf-8", newline="\n"))
    except OSError as error:
        raise InputError("cannot_write", path=output, why=error.strerror or error) from None
