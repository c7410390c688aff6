"""``chandung export``: a study's tables as files for other programs."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from data.click_words import command
from data.numbers import number
from data.words import language, tell

if TYPE_CHECKING:
    from analysis.exporting.describing import About
    from analysis.exporting.writing import Exported
    from data.store import Store
    from data.study import Study

#: What a database alone, without its study, is exported by.
_MINIMUM, _ZONE = 5, "Asia/Ho_Chi_Minh"
_FORMATS = ("csv", "xlsx", "parquet", "jsonl", "datapackage")


@command("export", "export")
@click.argument("words", metavar="[STUDY] [WHAT]...", nargs=-1)
@click.option("--study", "-s", type=click.Path(path_type=Path), help=tell("cli.options.study"))
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    default="csv",
    show_default=True,
    help=tell("export.options.format"),
)
@click.option("--folder", "-o", type=click.Path(path_type=Path), help=tell("export.options.folder"))
@click.option("--brand", help=tell("export.options.brand"))
@click.option("--since", metavar="DAY", help=tell("export.options.since"))
@click.option("--until", metavar="DAY", help=tell("export.options.until"))
@click.option("--authors", is_flag=True, help=tell("export.options.authors"))
@click.option("--bom/--no-bom", default=True, help=tell("export.options.bom"))
def export(
    words: tuple[str, ...],
    study: Path | None,
    form: str,
    folder: Path | None,
    brand: str | None,
    since: str | None,
    until: str | None,
    authors: bool,
    bom: bool,
) -> None:
    from analysis.exporting.choice import Wanted, choose, day, names_of
    from analysis.exporting.describing import About, sources
    from analysis.exporting.reading import read
    from analysis.exporting.writing import export as write_tables
    from data.store import open_store
    from data.where import database_of, study_of, take_study

    names, where = take_study(words, study, alone=True)
    names_of(names)  # a wrong name is told before anything else is looked at
    database = database_of(where)
    about = study_of(where, database)
    zone = about.timezone if about else _ZONE
    now = datetime.now(UTC)
    filters = {name: value for name, value in (("brand", brand), ("since", since), ("until", until)) if value}
    with open_store(database, read_only=True, mapped=False) as store:
        wanted = Wanted(
            names,
            brand and _brand(store, about, brand),
            day(since, zone, "--since") if since else None,
            day(until, zone, "--until", end=True) if until else None,
            now - about.privacy.keep_texts_for if about else None,
        )
        lang = about.language if about else language()
        parts, left = choose(store, wanted, lang)
        minimum = about.privacy.minimum_group if about else _MINIMUM
        facts = About(
            study=database.stem, lang=lang, made_at=now, form=form, minimum=minimum, authors=authors,
            note=about.note if about else None, filters=filters, left=left,
            old_texts=any("texts_before" in part.values for part in parts), sources=sources(store),
        )  # fmt: skip
        target = folder or database.parent / "exports"
        shown = len(parts) > 1 and sys.stderr.isatty()
        done = write_tables(
            read(store, parts, minimum=minimum, authors=authors), facts, target, bom=bom,
            step=_say if shown else _say_nothing,
        )  # fmt: skip
    _tell(done, facts, target)


def _say(name: str) -> None:
    click.echo(tell("export.step", name=name), err=True)


def _say_nothing(name: str) -> None:
    """Where nobody looks."""


def _brand(store: Store, study: Study | None, name: str) -> str:
    """The brand as the database calls it. Raises ``InputError`` where it has none of that name."""
    from data.errors import InputError
    from data.parameters import unknown_brand

    known = (study.brand_of(name) if study else None) or name
    names = {str(row["name"]).casefold(): str(row["name"]) for row in store.query("select name from brands")}
    if known.casefold() in names:
        return names[known.casefold()]
    raise InputError("export_brand", why=unknown_brand(store, {"brand": name}))


def _tell(done: Exported, about: About, folder: Path) -> None:
    rows = sum(table.count for table in done.tables)
    hidden = sum(table.hidden for table in done.tables)
    click.echo(tell("export.done", tables=number(len(done.tables)), rows=number(rows), folder=folder))
    if hidden:
        click.echo(tell("export.hidden", count=number(hidden), minimum=about.minimum))
    if about.left:
        click.echo(tell("export.left", names=", ".join(about.left)))
    if done.cut:
        click.echo(tell("export.cut", count=number(done.cut)))
    if not any(table.count for table in done.tables):
        conditions = " ".join(f"--{name} {value}" for name, value in about.filters.items())
        click.echo(tell("export.none_fit", conditions=conditions) if conditions else tell("export.empty"))
