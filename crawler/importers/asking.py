"""What every kind of import asks and answers: whether to go on, where to write a mapping."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from data.errors import InputError
from data.study import MARKET, Study
from data.words import tell


def agreed(path: Path) -> bool:
    """Whether the user wants the file imported as shown. Raises ``InputError`` where nobody can be asked."""
    if not sys.stdin.isatty():
        raise InputError("import_say_yes", path=path.name)
    return click.confirm(tell("import.agree"), default=True)


def save_text(path: Path, text: str) -> None:
    """Write a mapping to edit; never over a file that is there."""
    if path.exists():
        raise InputError("import_mapping_exists", path=path)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError("cannot_write", path=path, why=error.strerror) from None
    click.echo(tell("import.saved_mapping", path=path), err=True)


def brand_named(study: Study, about: str | None) -> str | None:
    """The brand that a file is about, ``None`` for the market. Raises ``InputError`` for a brand that the study has not."""
    if about is None or about.casefold() == MARKET:
        return None
    brand = study.brand_of(about)
    if brand is None:
        known = ", ".join((MARKET, *(one.name for one in study.brands)))
        raise InputError("import_no_brand", name=about, known=known)
    return brand


def rather(kind: str, path: Path) -> str:
    """What a file that is given as one kind and looks like another is answered with."""
    return " " + tell("import.rather", kind=kind, path=path.name)
