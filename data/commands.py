"""The commands that need neither the crawler nor the analysis: init, schema, query, search, doctor."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TextIO

import click

from data.by_itself import OFTEN
from data.click_words import command
from data.commands_completion import query_names
from data.errors import ChandungError, InputError
from data.numbers import number
from data.where import database_of, study_of, take_study
from data.words import LANGUAGES, language, speak, spoken_language, tell

if TYPE_CHECKING:
    from data.store.base import Row, Store

_study_option = click.option("--study", "-s", type=click.Path(path_type=Path), help=tell("cli.options.study"))

#: As shells tell of what Ctrl+C ended.
_INTERRUPTED = 130


@command("init", "init")
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
@click.option("--yes", is_flag=True, help=tell("init.options.yes"))
@click.option("--study", metavar="NAME", help=tell("init.options.study"))
@click.option("--name", metavar="NAME", help=tell("init.options.name"))
@click.option("--contact", help=tell("init.options.contact"))
@click.option("--language", "report_language", type=click.Choice(LANGUAGES), help=tell("init.options.language"))
@click.option("--site", multiple=True, metavar="ADDRESS", help=tell("init.options.site"))
@click.option("--competitor", multiple=True, metavar="NAME=URL", help=tell("init.options.competitor"))
@click.option("--source", multiple=True, metavar="ADDRESS", help=tell("init.options.source"))
@click.option("--schedule", type=click.Choice(OFTEN), help=tell("init.options.schedule"))
@click.option("--alerts", metavar="ADDRESS", help=tell("init.options.alerts"))
@click.option("--take", multiple=True, metavar="ADDRESS", help=tell("init.options.take"))
@click.option("--look/--no-look", default=None, help=tell("init.options.look"))
def init(folder: Path, yes: bool, report_language: str | None, look: bool | None, **given: Any) -> None:
    from data import starter
    from data.addresses import as_address
    from data.study_file import FILE_NAME, load

    path = folder / FILE_NAME if folder.suffix.lower() not in {".yaml", ".yml"} else folder
    if path.exists():
        raise InputError("study_exists", path=path)
    answers = starter.Answers(
        study=given["study"] or _study_name(folder, path, given["name"]) or "chandung",
        brand=given["name"] or "",
        contact=given["contact"] or "",
        language=report_language or language(),
        sites=[as_address(text) for text in given["site"]],
        competitors=[starter.competitor_of(text) for text in given["competitor"]],
        sources=[as_address(text) for text in given["source"]],
        schedule=given["schedule"] or "",
        take=frozenset(given["take"]),
    )
    spoken = spoken_language()
    if given["alerts"]:
        answers.alerts = starter.alerts_of(given["alerts"])
    if report_language:
        speak(report_language)
    from data.interview import ask, look_at_given

    if not yes:
        before = {name for name, value in given.items() if value}
        answers.said = starter.said(answers, given, report_language)
        try:
            ask(
                answers,
                asked_before=before,
                language_given=bool(report_language),
                folder_named=folder != Path(),
                look=look is not False,
            )
        except (click.Abort, KeyboardInterrupt):
            again = starter.again(folder, answers, spoken, look)
            click.echo("\n" + tell("init.stopped", command=again), err=True)
            click.get_current_context().exit(_INTERRUPTED)
    elif look:
        look_at_given(answers)
    speak(answers.language)
    text = starter.starter(answers, date.today())
    with TemporaryDirectory() as aside:
        draft = Path(aside) / FILE_NAME
        draft.write_text(text, encoding="utf-8")
        try:
            load(draft)
        except InputError as error:
            if yes:
                raise starter.of_the_options(error) from None
    starter.write_new(path, text)
    load(path)  # what was answered is kept, even where it makes no study yet: the error names the line
    place = path.parent
    click.echo(
        tell("init.done", path=path)
        if place.resolve() == Path.cwd()
        else tell("init.done_in", path=path, folder=_quoted(place))
    )
    for line in starter.what_remains(answers):
        click.echo(line)


def _quoted(folder: Path) -> str:
    """A folder as it is typed behind ``cd``."""
    return f'"{folder}"' if any(map(str.isspace, str(folder))) else str(folder)


def _study_name(folder: Path, path: Path, brand: str | None) -> str:
    """What a study is called that nobody named: as the folder that was asked for, else as the brand."""
    from data.starter import short_name

    asked_for = path.resolve().parent.name if folder != Path() else ""
    return short_name(asked_for) or short_name(brand or path.resolve().parent.name)


@command("schema", "cli.schema")
@click.option("--tables", is_flag=True, help=tell("cli.schema.options.tables"))
@click.option("--json", "as_json", is_flag=True, help=tell("cli.options.json"))
def schema(tables: bool, as_json: bool) -> None:
    if not tables:
        from data.study import schema as study_schema

        click.echo(json.dumps(study_schema(), ensure_ascii=False, indent=2))
        return
    from data.dictionary import tables as described

    if as_json:
        click.echo(json.dumps(described(language()), ensure_ascii=False, indent=2))
        return
    for name, table in described(language()).items():
        click.echo(f"{name}: {table['about']}")
        for column, about in table["columns"].items():
            click.echo(f"    {column}: {about}")


@command("query", "cli.query")
@click.argument("words", metavar="SQL", nargs=-1, required=True, shell_complete=query_names)
@_study_option
@click.option(
    "--param", "-p", "parameters", nargs=2, multiple=True, metavar="NAME VALUE", help=tell("cli.query.options.param")
)
@click.option("--csv", "how", flag_value="csv", help=tell("cli.query.options.csv"))
@click.option("--json", "how", flag_value="json", help=tell("cli.query.options.json"))
@click.option("--jsonl", "how", flag_value="jsonl", help=tell("cli.query.options.jsonl"))
@click.option("--table", "how", flag_value="table", help=tell("cli.query.options.table"))
@click.option("--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help=tell("cli.query.options.output"))
def query(
    words: tuple[str, ...],
    study: Path | None,
    parameters: tuple[tuple[str, str], ...],
    how: str | None,
    output: Path | None,
) -> None:
    from data.parameters import unknown_brand, values_for
    from data.rows import write_rows
    from data.store import open_store

    rest, where = take_study(words, study)
    if len(rest) != 1:
        raise InputError("one_query")
    sql = sys.stdin.read() if rest[0] == "-" else rest[0]
    by_name = sql.startswith("@")
    if by_name:
        from data.store.queries import named_query

        sql = named_query(sql[1:])
    values = values_for(sql, parameters, rest_is_null=by_name)
    how = how or (_format_of(output) if output else _default_format())
    with open_store(database_of(where), read_only=True) as store:
        if warning := unknown_brand(store, values):
            click.echo(warning, err=True)
        rows: Iterable[Row] = store.query(sql, values)
        if how == "csv":
            rows = _with_header(rows, store, sql, values)
        _into(output, how, lambda out: write_rows(rows, how, out))


def _with_header(rows: Iterable[Row], store: Store, sql: str, values: dict[str, object]) -> Iterable[Row]:
    """The rows; where there are none, their columns alone, so that a file of no rows still is a table."""
    from itertools import chain

    from data.rows import Columns

    rows = iter(rows)
    if (first := next(rows, None)) is not None:
        return chain([first], rows)
    try:
        [empty] = store.query(f"select q.* from (select 1) left join (\n{sql.rstrip().rstrip(';')}\n) q on 0", values)  # noqa: S608 - the user's own query, read only
    except (ChandungError, ValueError):
        return ()  # a pragma is no table
    return Columns(empty)


_FORMAT_OF = {".csv": "csv", ".json": "json", ".jsonl": "jsonl", ".txt": "table"}


def _format_of(output: Path) -> str:
    """The format that a file's ending asks for; CSV without one. Raises ``InputError`` for another ending."""
    if output.suffix and output.suffix.lower() not in _FORMAT_OF:
        raise InputError("query_ending", path=output, known=", ".join(_FORMAT_OF))
    return _FORMAT_OF.get(output.suffix.lower(), "csv")


def _default_format() -> str:
    return "table" if sys.stdout.isatty() else "csv"


def _into(output: Path | None, how: str, write: Callable[[TextIO], int]) -> None:
    """Write to the screen, or whole into a file; a CSV file gets the mark by which Excel knows UTF-8."""
    if output is None:
        write(sys.stdout)
        return
    draft = output.with_name(f".{output.name}.part")
    try:
        with draft.open("w", encoding="utf-8-sig" if how == "csv" else "utf-8", newline="") as out:
            count = write(out)
        draft.replace(output)
    except OSError as error:
        error.filename = str(output)  # writing names no file, and of the draft nobody knows
        raise
    finally:
        draft.unlink(missing_ok=True)
    click.echo(tell("cli.query.written", count=number(count), path=output), err=True)


@command("search", "cli.search")
@click.argument("words", nargs=-1, required=True)
@_study_option
@click.option(
    "--limit",
    "-n",
    type=click.IntRange(1, 10_000),
    default=20,
    show_default=True,
    help=tell("cli.search.options.limit"),
)
@click.option("--json", "as_json", is_flag=True, help=tell("cli.options.json"))
def search(words: tuple[str, ...], study: Path | None, limit: int, as_json: bool) -> None:
    from dataclasses import asdict
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    from data.folding import words as folded_words
    from data.rows import shown
    from data.store import open_store

    rest, where = take_study(words, study)
    if not folded_words(" ".join(rest)):
        raise InputError("no_words")
    with open_store(database_of(where), read_only=True) as store:
        hits = store.search(" ".join(rest), limit=limit)
    if as_json:
        click.echo(json.dumps([asdict(hit) for hit in hits], ensure_ascii=False, indent=2))
        return
    whose = study_of(where, database_of(where))
    zone = ZoneInfo(whose.timezone) if whose is not None else UTC
    for hit in hits:
        day = datetime.fromisoformat(hit.posted_at).astimezone(zone).date().isoformat() if hit.posted_at else None
        head = "  ".join(shown(part) for part in (day, hit.brand, hit.url or hit.post_id) if part)
        found = shown(hit.excerpt)
        if hit.found_in == "title":
            found = tell("cli.search.title", title=found)
        click.echo(f"{click.style(head, fg='cyan')}\n  {found}")
    if not hits:
        click.echo(tell("cli.search.none", words=" ".join(rest)), err=True)


@command("doctor", "doctor")
@click.argument("study", type=click.Path(path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help=tell("cli.options.json"))
@click.pass_context
def doctor(ctx: click.Context, study: Path | None, as_json: bool) -> None:
    from dataclasses import asdict

    from data.doctor import checks

    found = list(checks(study))
    bad = sum(check.state == "bad" for check in found)
    if as_json:
        click.echo(json.dumps({"ok": not bad, "checks": [asdict(c) for c in found]}, ensure_ascii=False, indent=2))
    else:
        for check in found:
            colour = {"ok": "green", "note": "yellow", "bad": "red"}[check.state]
            click.echo(f"{click.style(tell(f'doctor.states.{check.state}'), fg=colour)}  {check.sentence}")
        notes = sum(check.state == "note" for check in found)
        key = "bad" if bad else "notes" if notes else "ok"
        click.echo(tell(f"doctor.summary.{key}", bad=bad, notes=notes))
    ctx.exit(1 if bad else 0)
