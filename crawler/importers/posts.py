"""``chandung import posts``: the guess is shown, the user agrees, the posts are stored."""

from __future__ import annotations

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from crawler.importers import mapping as mappings
from crawler.importers.asking import agreed, save_text
from crawler.importers.kinds import Asked, How
from crawler.importers.plan import Plan, plan
from crawler.importers.showing import guess, outcome
from crawler.importers.storing import Imported, imported_before, store
from data.errors import InputError
from data.store import open_store
from data.study import Study
from data.words import tell


def run(asked: Asked, study: Study, how: How) -> Imported | None:
    """Import one file of posts, comments or reviews; ``None`` where nothing was to be stored."""
    told = mappings.load(asked.mapping) if asked.mapping is not None else None
    found = plan(
        asked.path, study, told=told, about=asked.about, encoding=asked.encoding, sheet=asked.sheet, terms=asked.terms
    )
    return take(found, asked, study, how)


def take(found: Plan, asked: Asked, study: Study, how: How) -> Imported | None:
    """Show how a file will be read, ask, and store it; ``None`` where nothing was to be stored."""
    screen = Console(stderr=how.quiet)
    if not (how.replace or how.dry_run) and (before := _before(found, study)) is not None:
        if not how.quiet:
            outcome(before, screen, study.timezone)
        return before
    if not how.quiet or not how.yes:
        guess(found, screen)
    if how.save_mapping is not None:
        save_text(how.save_mapping, mappings.text_of(found.mapping, found.rest))
    if how.dry_run or (how.save_mapping is not None and not how.yes):
        click.echo(tell("import.nothing_stored"), err=True)
        return None
    if found.private and not found.terms:
        raise InputError(found.without_grounds, path=asked.path.name)
    if how.yes and asked.mapping is None and "text" in found.doubts:
        raise InputError("import_two_texts", path=asked.path.name, columns=", ".join(found.doubts["text"]))
    if not how.yes and asked.mapping is None and not agreed(asked.path):
        click.echo(tell("import.nothing_stored"), err=True)
        return None
    done = _stored(found, study, replace=how.replace, quiet=how.quiet)
    if not how.quiet:
        outcome(done, screen, study.timezone)
    return done


def _before(found: Plan, study: Study) -> Imported | None:
    if not study.database.exists() or study.database.stat().st_size == 0:
        return None
    with open_store(study.database, read_only=True) as store:
        when = imported_before(store, found)
    return Imported(found.path.name, already=when) if when else None


def _stored(found: Plan, study: Study, *, replace: bool, quiet: bool) -> Imported:
    screen = Console(stderr=True)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=screen, transient=True, disable=quiet or not screen.is_terminal) as progress:
        task = progress.add_task(found.path.name[:50], total=found.seen.rows)
        return store(found, study, replace=replace, watch=lambda rows: progress.update(task, completed=rows))
