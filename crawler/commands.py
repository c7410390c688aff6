"""The commands ``chandung crawl`` and ``chandung check``."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Any

import click

from data.errors import InputError
from data.words import tell

if TYPE_CHECKING:
    from crawler.job import Options
    from data.study import Source, Study

LOG_NAME = "chandung.log"


def _command(name: str) -> Callable[[Callable[..., Any]], click.Command]:
    text = f"{tell(f'{name}.help')}\n\n\b\n{tell('cli.example')}\n{indent(tell(f'{name}.example'), '  ')}"
    return click.command(name, help=text, short_help=tell(f"cli.commands.{name}"))


@_command("crawl")
@click.argument("study", type=click.Path(path_type=Path), required=False)
@click.option("--source", multiple=True, metavar="URL", help=tell("crawl.options.source"))
@click.option("--engine", metavar="NAME", help=tell("crawl.options.engine"))
@click.option("--revisit", type=click.IntRange(min=0), metavar="PAGES", help=tell("crawl.options.revisit"))
@click.option(
    "--revisit-after",
    type=click.FloatRange(min=0),
    metavar="HOURS",
    help=tell("crawl.options.revisit_after"),
)
@click.option("--whole", is_flag=True, help=tell("crawl.options.whole"))
@click.option("--strict", is_flag=True, help=tell("crawl.options.strict"))
@click.option("--dry-run", is_flag=True, help=tell("crawl.options.dry_run"))
@click.option("--new-key", is_flag=True, help=tell("crawl.options.new_key"))
@click.option(
    "--timeout", type=click.FloatRange(min=0.1), default=30.0, show_default=True, help=tell("crawl.options.timeout")
)
@click.option("--json", "as_json", is_flag=True, help=tell("cli.options.json"))
@click.option("--quiet", "-q", is_flag=True, help=tell("crawl.options.quiet"))
def crawl(
    study: Path | None,
    source: tuple[str, ...],
    engine: str | None,
    revisit: int | None,
    revisit_after: float | None,
    whole: bool,
    strict: bool,
    dry_run: bool,
    new_key: bool,
    timeout: float,
    as_json: bool,
    quiet: bool,
) -> int:
    from rich.console import Console

    from crawler.crawl_log import logged_to
    from crawler.job import Options
    from crawler.progress import Watching, summary, unread_parts
    from crawler.run import chosen
    from crawler.run import crawl as run
    from crawler.told import terms_unread
    from data.study_file import load, notes

    loaded = load(study)
    if not any(loaded.all_sources()):
        raise InputError("nothing_to_crawl", path=loaded.path)
    _known_engine(engine)
    for sentence in () if quiet else (*notes(loaded), *unread_parts(loaded), *terms_unread(loaded)):
        click.echo(sentence, err=True)
    options = Options(
        engine=engine, whole=whole, revisit=revisit, revisit_after=revisit_after, timeout=timeout, strict=strict
    )
    if dry_run:
        _tell_plan(loaded, chosen(loaded, source), options, as_json=as_json)
        return 0
    if new_key:
        from crawler.alone import alone
        from data.author_keys import accept_new_key

        with alone(loaded.database):
            accept_new_key(loaded)
    screen, log = Console(stderr=True), loaded.folder / LOG_NAME
    with logged_to(log), Watching(screen, quiet=quiet or as_json) as watching:
        result = run(loaded, options=options, only=source, watch=watching.job)
    if as_json:
        json.dump(result.as_json(), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    elif not quiet or result.exit_code:
        summary(result, Console())
        if result.exit_code:
            click.echo(tell("crawl.log", path=log), err=True)
        if result.may_go_on and not (result.state == "interrupted" and os.environ.get("CHANDUNG_WITHIN")):
            click.echo(tell("crawl.again"), err=True)
    return result.exit_code


def _tell_plan(study: Study, sources: Sequence[Source], options: Options, *, as_json: bool) -> None:
    from rich.console import Console

    from crawler.plan import plan
    from crawler.progress import planned_sources

    found = plan(study, sources, options)
    if as_json:
        json.dump({"sources": [one.as_json() for one in found]}, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        planned_sources(found, Console())


def _known_engine(name: str | None) -> None:
    from crawler.engines import engines

    names = [one.name for one in engines()]
    if name is not None and name not in names:
        raise InputError("no_such_engine", name=name, known=", ".join(names))


@_command("check")
@click.argument("study", type=click.Path(path_type=Path), required=False)
@click.option("--source", multiple=True, metavar="URL", help=tell("check.options.source"))
@click.option(
    "--timeout", type=click.FloatRange(min=0.1), default=30.0, show_default=True, help=tell("crawl.options.timeout")
)
@click.option("--json", "as_json", is_flag=True, help=tell("cli.options.json"))
def check(study: Path | None, source: tuple[str, ...], timeout: float, as_json: bool) -> int:
    from rich.console import Console

    from crawler.check import check as run
    from crawler.check import exit_code
    from crawler.crawl_log import logged_to
    from crawler.job import Options
    from crawler.progress import checked_sources, unread_parts
    from crawler.run import chosen
    from data.study_file import load, notes

    loaded = load(study)
    sources = chosen(loaded, source)
    if not as_json:
        brands, imports = len(loaded.brands), len(loaded.imports)
        click.echo(tell("check.study_fine", path=loaded.path, brands=brands, sources=len(sources), imports=imports))
        for sentence in (*notes(loaded), *unread_parts(loaded)):
            click.echo(f"! {sentence}")
        if sys.stderr.isatty() and sources:
            click.echo(tell("check.looking", sources=len(sources)), err=True)
    with logged_to(None):
        say = None if as_json else partial(click.echo, err=True)
        found = run(loaded, options=Options(timeout=timeout), only=sources, say=say)
    if as_json:
        lines = {
            "study": loaded.study,
            "notes": notes(loaded),
            "not_read": unread_parts(loaded),
            "sources": [one.as_json() for one in found],
        }
        json.dump(lines, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        checked_sources(found, Console(), loaded.timezone)
    return exit_code(found)
