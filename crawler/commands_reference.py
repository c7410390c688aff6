"""The commands ``chandung reference list``, ``accept``, ``refuse`` and ``enter``."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import indent
from typing import Any

import click

from data.click_words import Subcommands
from data.words import tell

_study = click.option("--study", "-s", type=click.Path(path_type=Path), help=tell("cli.options.study"))
_PARTS = (
    click.option("--attribute", metavar="NAME", help=tell("reference_command.options.attribute")),
    click.option("--value", metavar="VALUE", help=tell("reference_command.options.value")),
    click.option("--share", metavar="62%", help=tell("reference_command.options.share")),
    click.option("--n", type=click.IntRange(1, 100_000_000), metavar="1200", help=tell("reference_command.options.n")),
    click.option("--audience", metavar="all|target|SEGMENT", help=tell("reference_command.options.audience")),
)


def _help(area: str) -> str:
    return f"{tell(f'{area}.help')}\n\n\b\n{tell('cli.example')}\n{indent(tell(f'{area}.example'), '  ')}"


def _command(name: str) -> Callable[[Callable[..., Any]], click.Command]:
    area = f"reference_command.{name}"
    return reference.command(name, help=_help(area), short_help=tell(f"{area}.short"))


def _parts(function: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_PARTS):
        function = option(function)
    return function


@click.group("reference", cls=Subcommands, help=_help("reference_command"), short_help=tell("cli.commands.reference"))
def reference() -> None:
    pass


@_command("list")
@click.argument("document", metavar="[REPORT]", type=int, required=False)
@click.option(
    "--state", type=click.Choice(["suggested", "taken", "refused"]), help=tell("reference_command.options.state")
)
@_study
@click.option("--json", "as_json", is_flag=True, help=tell("cli.options.json"))
def list_(document: int | None, state: str | None, study: Path | None, as_json: bool) -> None:
    from crawler.importers.reference.deciding import documents, figures
    from data.rows import write_rows
    from data.study_file import load

    loaded = load(study)
    whole = document is None and state is None
    rows = documents(loaded) if whole else figures(loaded, document, state)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif not rows:
        click.echo(tell("reference_command.none" if whole else "reference_command.no_figures"))
    else:
        write_rows(((_document if whole else _figure)(row) for row in rows), "table", sys.stdout)


def _document(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("document", "title", "publisher", "date", "reputation", "pages", "suggested", "taken", "refused")
    return {tell(f"reference_command.columns.{name}"): row[name] for name in names}


def _figure(row: Mapping[str, Any]) -> dict[str, Any]:
    from crawler.importers.evidence import attribute_name, value_name
    from data.numbers import number

    told = {
        "figure": row["figure"], "state": tell(f"reference_command.states.{row['state']}"), "page": row["page"],
        "attribute": attribute_name(row["attribute"]), "value": value_name(row["attribute"], row["value"]),
        "share": f"{number(100 * row['share'], 1)} %", "n": None if row["n"] is None else number(row["n"]),
        "who": row["who"] or row["audience"], "quote": row["quote"],
    }  # fmt: skip
    return {tell(f"reference_command.columns.{name}"): value for name, value in told.items()}


@_command("accept")
@click.argument("figures", metavar="FIGURE...", type=int, nargs=-1, required=True)
@_parts
@_study
def accept(figures: tuple[int, ...], study: Path | None, **said: Any) -> None:
    from crawler.importers.reference.deciding import Said, decide
    from data.study_file import load

    decide(load(study), figures, "taken", Said(**said))
    click.echo(tell("reference_command.accept.done", count=len(set(figures))))


@_command("refuse")
@click.argument("figures", metavar="FIGURE...", type=int, nargs=-1, required=True)
@_study
def refuse(figures: tuple[int, ...], study: Path | None) -> None:
    from crawler.importers.reference.deciding import Said, decide
    from data.study_file import load

    decide(load(study), figures, "refused", Said())
    click.echo(tell("reference_command.refuse.done", count=len(set(figures))))


@_command("enter")
@click.argument("document", metavar="REPORT", type=int)
@_parts
@click.option("--page", type=int, metavar="14", help=tell("reference_command.options.page"))
@click.option("--who", metavar="TEXT", help=tell("reference_command.options.who"))
@click.option("--quote", metavar="TEXT", help=tell("reference_command.options.quote"))
@_study
def enter(document: int, study: Path | None, **said: Any) -> None:
    from crawler.importers.reference import deciding
    from data.study_file import load

    number = deciding.enter(load(study), document, deciding.Said(**said))
    click.echo(tell("reference_command.enter.done", figure=number))
