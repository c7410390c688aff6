"""The command ``chandung import``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from data.click_words import command
from data.errors import ChandungError, InputError
from data.words import tell

if TYPE_CHECKING:
    from crawler.importers.plan import Plan
    from crawler.importers.storing import Imported
    from data.study import Study

KINDS = ("posts",)


@dataclass(frozen=True, slots=True)
class Asked:
    """A file to import and how."""

    path: Path
    mapping: Path | None = None
    about: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    terms: str | None = None


@command("import", "import")
@click.argument("files", metavar="[posts] [FILE]...", type=click.Path(path_type=Path), nargs=-1)
@click.option("--study", "-s", type=click.Path(path_type=Path), help=tell("cli.options.study"))
@click.option("--about", metavar="BRAND|market", help=tell("import.options.about"))
@click.option("--mapping", type=click.Path(path_type=Path, dir_okay=False), help=tell("import.options.mapping"))
@click.option(
    "--save-mapping", type=click.Path(path_type=Path, dir_okay=False), help=tell("import.options.save_mapping")
)
@click.option("--encoding", metavar="NAME", help=tell("import.options.encoding"))
@click.option("--sheet", metavar="NAME", help=tell("import.options.sheet"))
@click.option("--terms", metavar="TEXT", help=tell("import.options.terms"))
@click.option("--replace", is_flag=True, help=tell("import.options.replace"))
@click.option("--yes", "-y", is_flag=True, help=tell("import.options.yes"))
@click.option("--dry-run", is_flag=True, help=tell("import.options.dry_run"))
@click.option("--json", "as_json", is_flag=True, help=tell("cli.options.json"))
def import_(
    files: tuple[Path, ...],
    study: Path | None,
    about: str | None,
    mapping: Path | None,
    save_mapping: Path | None,
    encoding: str | None,
    sheet: str | None,
    terms: str | None,
    replace: bool,
    yes: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    from data.study_file import load

    loaded = load(study)
    if files and str(files[0]) in KINDS and not files[0].is_file():
        files = files[1:]  # posts are what there is to import; whoever forgets to say so means them
    named = [Asked(path, mapping, about, encoding, sheet, terms) for path in files]
    asked = named or list(_of_the_study(loaded))
    if save_mapping is not None and len(asked) != 1:
        raise InputError("import_one_mapping")
    results: list[Imported] = []
    failed: list[ChandungError] = []
    left: list[str] = []
    for one in asked:
        try:
            done = _one(one, loaded, save_mapping, replace=replace, yes=yes, dry_run=dry_run, quiet=as_json)
        except InputError as error:
            if len(asked) == 1:
                raise
            click.echo(str(error), err=True)  # the other files have nothing to do with it
            failed.append(error)
            left.append(one.path.name)
            continue
        if done is not None:
            results.append(done)
    if as_json:
        json.dump([one.as_json() for one in results], sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    if failed:
        done_names = ", ".join(one.name for one in results if one.already is None) or "–"
        click.echo(tell("import.which", done=done_names, left=", ".join(left)), err=True)
        return failed[0].exit_code
    return 1 if any(one.unreadable for one in results) else 0


def _of_the_study(study: Study) -> Iterator[Asked]:
    found = [one for one in study.imports if one.kind == "posts"]
    if not found:
        raise InputError("import_nothing", path=study.path)
    for one in found:
        mapping = study.folder / one.mapping if one.mapping else None
        yield Asked(study.folder / one.file, mapping, one.about, terms=one.terms)


def _one(
    asked: Asked, study: Study, save_mapping: Path | None, *, replace: bool, yes: bool, dry_run: bool, quiet: bool
) -> Imported | None:
    from rich.console import Console

    from crawler.importers import mapping as mappings
    from crawler.importers.plan import plan
    from crawler.importers.showing import guess, outcome

    told = mappings.load(asked.mapping) if asked.mapping is not None else None
    found = plan(
        asked.path, study, told=told, about=asked.about, encoding=asked.encoding, sheet=asked.sheet, terms=asked.terms
    )
    screen = Console(stderr=quiet)
    if not (replace or dry_run) and (before := _before(found, study)) is not None:
        if not quiet:
            outcome(before, screen, study.timezone)
        return before
    if not quiet or not yes:
        guess(found, screen)
    if save_mapping is not None:
        _save(save_mapping, mappings.text_of(found.mapping, found.rest))
    if dry_run or (save_mapping is not None and not yes):
        click.echo(tell("import.nothing_stored"), err=True)
        return None
    if found.private and not found.terms:
        raise InputError("import_private", path=asked.path.name)
    if yes and told is None and "text" in found.doubts:
        raise InputError("import_two_texts", path=asked.path.name, columns=", ".join(found.doubts["text"]))
    if not yes and asked.mapping is None and not _agreed(asked.path):
        click.echo(tell("import.nothing_stored"), err=True)
        return None
    done = _stored(found, study, replace=replace, quiet=quiet)
    if not quiet:
        outcome(done, screen, study.timezone)
    return done


def _before(found: Plan, study: Study) -> Imported | None:
    from crawler.importers.storing import Imported, imported_before
    from data.store import open_store

    if not study.database.exists() or study.database.stat().st_size == 0:
        return None
    with open_store(study.database, read_only=True) as store:
        when = imported_before(store, found)
    return Imported(found.path.name, already=when) if when else None


def _agreed(path: Path) -> bool:
    if not sys.stdin.isatty():
        raise InputError("import_say_yes", path=path.name)
    return click.confirm(tell("import.agree"), default=True)


def _stored(found: Plan, study: Study, *, replace: bool, quiet: bool) -> Imported:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from crawler.importers.storing import store

    screen = Console(stderr=True)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=screen, transient=True, disable=quiet or not screen.is_terminal) as progress:
        task = progress.add_task(found.path.name[:50], total=found.seen.rows)
        return store(found, study, replace=replace, watch=lambda rows: progress.update(task, completed=rows))


def _save(path: Path, text: str) -> None:
    if path.exists():
        raise InputError("import_mapping_exists", path=path)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError("cannot_write", path=path, why=error.strerror) from None
    click.echo(tell("import.saved_mapping", path=path), err=True)
