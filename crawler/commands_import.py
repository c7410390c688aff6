"""The command ``chandung import``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.importers.kinds import KINDS, Asked, How, Outcome, runner
from data.click_words import command
from data.commands_completion import one_of
from data.errors import ChandungError, InputError
from data.words import tell

if TYPE_CHECKING:
    from data.study import Study


@command("import", "import")
@click.argument("files", metavar=f"[{'|'.join(KINDS)}] [FILE]...", nargs=-1, shell_complete=one_of(*KINDS, files=True))
@click.option("--study", "-s", type=click.Path(path_type=Path), help=tell("cli.options.study"))
@click.option("--about", metavar="BRAND|market", help=tell("import.options.about"))
@click.option("--date", metavar="2026-10", help=tell("import.options.date"))
@click.option("--mapping", type=click.Path(path_type=Path, dir_okay=False), help=tell("import.options.mapping"))
@click.option(
    "--save-mapping", type=click.Path(path_type=Path, dir_okay=False), help=tell("import.options.save_mapping")
)
@click.option("--encoding", metavar="NAME", help=tell("import.options.encoding"))
@click.option("--sheet", metavar="NAME", help=tell("import.options.sheet"))
@click.option("--terms", metavar="TEXT", help=tell("import.options.terms"))
@click.option("--publisher", metavar="NAME", help=tell("import.options.publisher"))
@click.option("--reputation", type=click.Choice(["low", "medium", "high"]), help=tell("import.options.reputation"))
@click.option("--replace", is_flag=True, help=tell("import.options.replace"))
@click.option("--list", "list_", is_flag=True, help=tell("import.options.list"))
@click.option("--undo", metavar="ID|NAME", help=tell("import.options.undo"))
@click.option("--yes", "-y", is_flag=True, help=tell("import.options.yes"))
@click.option("--dry-run", is_flag=True, help=tell("import.options.dry_run"))
@click.option("--json", "as_json", is_flag=True, help=tell("cli.options.json"))
def import_(
    files: tuple[str, ...],
    study: Path | None,
    about: str | None,
    date: str | None,
    mapping: Path | None,
    save_mapping: Path | None,
    encoding: str | None,
    sheet: str | None,
    terms: str | None,
    publisher: str | None,
    reputation: str | None,
    replace: bool,
    list_: bool,
    undo: str | None,
    yes: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    from data.study_file import load
    from data.where import take_study

    rest, study = take_study(files, study, alone=True, databases=False)
    loaded = load(study)
    how = How(replace=replace, yes=yes, dry_run=dry_run, quiet=as_json, save_mapping=save_mapping)
    if list_ or undo is not None:
        from crawler.importers import history

        return history.undone(loaded, undo, how) if undo is not None else history.listed(loaded, as_json=as_json)
    kind, named = _kind(tuple(rest))
    asked = [
        Asked(kind or "posts", one, Path(one), mapping, about, encoding, sheet, terms, date, publisher, reputation)
        for one in named
    ] or list(_of_the_study(loaded, kind))
    if save_mapping is not None and len(asked) != 1:
        raise InputError("import_one_mapping")
    return _all(asked, loaded, how)


def _kind(files: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]]:
    """The kind that the first word names, and the files. Whoever names files and no kind means posts."""
    if files and files[0] in KINDS and not Path(files[0]).is_file():
        return files[0], files[1:]
    if len(files) > 1 and not Path(files[0]).suffix and not Path(files[0]).exists():
        meant = get_close_matches(files[0].lower(), KINDS, 1)
        if meant:
            raise InputError("import_kind_meant", path=files[0], meant=meant[0], rest=" ".join(files[1:]))
    return None, files


def _of_the_study(study: Study, kind: str | None) -> Iterator[Asked]:
    found = [one for one in study.imports if kind in (None, one.kind)]
    if not found:
        raise InputError("import_nothing", path=study.path)
    for one in found:
        mapping = study.folder / one.mapping if one.mapping else None
        path = study.folder / one.file.replace("\\", "/")
        yield Asked(
            one.kind, one.file, path, mapping, one.about, terms=one.terms, date=one.date, publisher=one.publisher,
            reputation=one.reputation, named=one,
        )  # fmt: skip


def _all(asked: list[Asked], study: Study, how: How) -> int:
    results: list[Outcome] = []
    failed: list[ChandungError] = []
    left: list[str] = []
    for one in asked:
        try:
            done = runner(one.kind)(one, study, how)
        except InputError as error:
            if len(asked) == 1:
                raise
            click.echo(str(error), err=True)  # the other files have nothing to do with it
            failed.append(error)
            left.append(one.path.name)
            continue
        if done is not None:
            results.append(done)
    if how.quiet:
        json.dump([one.as_json() for one in results], sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    if failed:
        done_names = ", ".join(one.name for one in results if one.already is None) or "–"
        click.echo(tell("import.which", done=done_names, left=", ".join(left)), err=True)
        return failed[0].exit_code
    return 1 if any(one.unreadable for one in results) else 0
