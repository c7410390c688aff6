"""The commands ``chandung analyze`` and ``chandung report``."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from textwrap import indent
from types import TracebackType
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from data.words import LANGUAGES, language, tell

if TYPE_CHECKING:
    from analysis.report.speech import Speech
    from data.store import Store
    from data.study import Study

#: What else than posts and notes was imported.
_IMPORTED = """
select distinct kind from imports where rows is not null and kind in ('survey', 'analytics', 'orders', 'reference') order by kind
"""


def _command(name: str, area: str) -> Callable[[Callable[..., Any]], click.Command]:
    text = f"{tell(f'{area}.help')}\n\n\b\n{tell('cli.example')}\n{indent(tell(f'{area}.example'), '  ')}"
    return click.command(name, help=text, short_help=tell(f"cli.commands.{name}"))


class _Watching(AbstractContextManager["_Watching"]):
    """A bar for the reading and a line for each step of the findings, on a terminal; nothing elsewhere."""

    def __init__(self, *, quiet: bool) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            SpinnerColumn,
            TextColumn,
            TimeRemainingColumn,
        )

        console = Console(stderr=True)
        self._progress = Progress(
            SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(),
            TimeRemainingColumn(), console=console, transient=True, disable=quiet or not console.is_terminal,
        )  # fmt: skip
        self._task = self._progress.add_task(tell("analyze.building"), total=None)

    def __enter__(self) -> _Watching:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def reading(self, done: int, total: int) -> None:
        self._progress.update(self._task, description=tell("analyze.reading"), completed=done, total=total)

    def step(self, name: str) -> None:
        self._progress.update(self._task, description=tell(f"analyze.steps.{name}"), total=None)


@_command("analyze", "analyze")
@click.argument("study", type=click.Path(path_type=Path), required=False)
@click.option("--again", is_flag=True, help=tell("analyze.options.again"))
@click.option("--json", "as_json", is_flag=True, help=tell("cli.options.json"))
@click.option("--quiet", "-q", is_flag=True, help=tell("analyze.options.quiet"))
@click.option("--explain", metavar="POST", help=tell("analyze.options.explain"))
@click.option("--open", "opened", is_flag=True, help=tell("analyze.options.open"))
def analyze(study: Path | None, again: bool, as_json: bool, quiet: bool, explain: str | None, opened: bool) -> None:
    from data.store import open_store
    from data.study_file import load

    loaded = load(study)
    _tell_notes(loaded)
    if explain is not None:
        from analysis.explaining import explain_post

        with open_store(loaded.database, read_only=True) as store:
            explain_post(store, loaded, explain, as_json=as_json, opened=opened)
        return
    if loaded.imports and not loaded.database.exists():
        from data.errors import StoreError
        from data.rows import shown

        files = ", ".join(shown(one.file) for one in loaded.imports)
        raise StoreError("no_database_but_imports", path=loaded.database, files=files)
    with open_store(loaded.database, mapped=False) as store, _Watching(quiet=quiet or as_json) as watching:
        result = _analyze(store, loaded, watching, again=again)
    if as_json:
        json.dump(result, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    elif not quiet:
        for line in _summary(result):
            click.echo(line)


def _tell_notes(study: Study) -> None:
    """What the study's own lexicons have that is right and does nothing."""
    if study.lexicons:
        from analysis.text.lexicon_own import read_own

        for note in read_own(study.lexicon_files).notes:
            click.echo(str(note), err=True)


def _standing(store: Store) -> set[str]:
    """The assumptions that stand, by id and version."""
    kept = store.query("select id, version from assumptions where replaced_at is null and retired_at is null")
    return {f"{row['id']} ({row['version']})" for row in kept}


def _taken(store: Store) -> bool:
    """Whether anything was ever imported."""
    return bool(next(store.tuples("select exists (select 1 from runs where what = 'import')"))[0])


def _analyze(store: Store, study: Study, watching: _Watching, *, again: bool) -> dict[str, Any]:
    from analysis import everyday_names
    from analysis.findings import find
    from analysis.known_findings import known
    from analysis.read import read
    from analysis.report.hiding import people

    store.sync_study(study)
    stood = _standing(store)
    done = read(store, study, progress=watching.reading)
    found = find(store, study, step=watching.step, again=again)
    overall = store.query("select brand, verdict, n from comparisons where measure = 'verdict' order by brand")
    last, minimum = known(store), study.privacy.minimum_group
    doubtful = list(everyday_names.found(store, study)) if found.changed else []
    crawled = list(store.query("select source, state, reason from source_health where active order by source"))
    return {
        "read": done,
        "changed": found.changed,
        "analysed_at": last["ended_at"] if last else None,
        "minimum_group": minimum,
        "counts": {
            **found.counts,
            "authors": people(found.counts["authors"], minimum),
            "note_people": people(found.counts.get("note_people", 0), minimum),
        },
        "assumptions_changed": sorted(_standing(store).symmetric_difference(stood)) if stood else [],
        "imports_waiting": [] if _taken(store) else [one.file for one in study.imports],
        "imported": [row["kind"] for row in store.query(_IMPORTED)],
        "sources": [{"source": row["source"], "state": row["state"], "reason": row["reason"]} for row in crawled],
        "names_to_check": doubtful,
        "competitors": [
            {"brand": row["brand"], "verdict": row["verdict"], "people": people(row["n"], minimum)} for row in overall
        ],
    }


def _summary(result: Mapping[str, Any]) -> list[str]:
    from analysis.report.speech import Speech

    say, counts, minimum = Speech(language()), result["counts"], result["minimum_group"]
    told = {**counts, **counts["left_out"], "authors": None}
    numbers = {name: say.count(n) for name, n in told.items() if isinstance(n, (int, float))}
    numbers["authors"] = (
        tell("report.fewer_than", n=minimum) if counts["authors"] is None else say.count(counts["authors"])
    )
    if not counts["posts"] and not any(counts["left_out"].values()) and counts["note_people"] == 0:
        if result["imported"]:
            names = [tell(f"triangulation.kinds.{kind}") for kind in result["imported"]]
            return [tell("analyze.no_posts_but", kinds=say.join(names))]
        return _no_posts(result["sources"], result["imports_waiting"], say)
    if not result["changed"]:
        return [tell("analyze.nothing_new", date=say.date(result["analysed_at"]))]
    lines = [tell("analyze.read", n=say.count(result["read"])), tell("analyze.counted", **numbers)]
    if any(counts["left_out"].values()):
        lines.append(tell("analyze.left_out", **numbers))
    if counts["note_people"] != 0:
        lines.append(tell("analyze.notes", people=say.crowd(counts["note_people"], minimum)))
    if sum(counts[kind] for kind in ("supported", "contradicted", "undecided", "not_enough")):
        lines.append(tell("analyze.assumptions", **numbers))
    lines += [
        f"{one['brand']}: {tell('analyze.verdict.' + one['verdict'], people=say.crowd(one['people'], minimum))}"
        for one in result["competitors"]
    ]
    lines += [
        tell(
            "analyze.everyday_name", **one | {"examples": _quoted(one["examples"]), "plain": ", ".join(one["examples"])}
        )
        for one in result["names_to_check"]
    ]
    if result["assumptions_changed"]:
        names = list(dict.fromkeys(name.rpartition(" (")[0] for name in result["assumptions_changed"]))
        lines.append(tell("analyze.assumptions_changed", names=", ".join(names)))
    return lines if os.environ.get("CHANDUNG_WITHIN") else [*lines, tell("analyze.next")]


def _quoted(phrases: Sequence[str]) -> str:
    return ", ".join(f"“{phrase}”" for phrase in phrases)


def _no_posts(sources: Sequence[Mapping[str, Any]], waiting: Sequence[str], say: Speech) -> list[str]:
    """Why there is nothing to analyse: a file that was never taken, nobody has crawled yet, or what the crawl says of each source."""
    if waiting:
        return [tell("analyze.not_imported", files=say.join(waiting))]
    crawled = [one for one in sources if one["state"]]
    if not crawled:
        return [tell("analyze.no_posts")]
    lines = [
        tell("analyze.source", source=one["source"], state=say.state(one["state"]), reason=one["reason"] or "").rstrip()
        for one in crawled
    ]
    return [tell("analyze.found_none"), *lines, tell("analyze.check")]


def _format_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from analysis.report.write import FORMATS
    from data.commands_completion import one_of

    return one_of(*FORMATS)(ctx, param, incomplete)


@_command("report", "analyze.report")
@click.argument("study", type=click.Path(path_type=Path), required=False)
@click.option(
    "--language", "languages", type=click.Choice(LANGUAGES), multiple=True, help=tell("analyze.report.options.language")
)
@click.option(
    "--format", "formats", multiple=True, shell_complete=_format_names, help=tell("analyze.report.options.format")
)
@click.option("--compare-with", metavar="PREVIOUS", help=tell("analyze.report.options.compare_with"))
@click.option("--open", "opened", is_flag=True, help=tell("analyze.report.options.open"))
@click.option("--schema", "as_schema", is_flag=True, help=tell("analyze.report.options.schema"))
@click.option("--json", "as_json", is_flag=True, help=tell("cli.options.json"))
def report(
    study: Path | None,
    languages: tuple[str, ...],
    formats: tuple[str, ...],
    compare_with: str | None,
    opened: bool,
    as_schema: bool,
    as_json: bool,
) -> None:
    if as_schema:
        from analysis.report.as_json import schema

        click.echo(json.dumps(schema(), ensure_ascii=False, indent=2))
        return
    from analysis.report.write import USUAL, write
    from data.store import open_store
    from data.study_file import load

    wanted = _formats(formats)
    loaded = load(study)
    with open_store(loaded.database, read_only=True) as store:
        written = write(store, loaded, languages or (loaded.language,), wanted or USUAL, compare_with)
    if written.stale:
        click.echo(tell("analyze.report.stale"), err=True)
    if as_json:
        about = {
            "files": [str(path) for path in written.files],
            "stale": written.stale,
            "problems": [str(problem) for problem in written.problems],
        }
        click.echo(json.dumps(about, ensure_ascii=False))
    else:
        for path in written.files:
            if path.parent == loaded.reports or path.name == "index.html":
                click.echo(tell("analyze.report.written", path=path))
    for problem in written.problems:
        click.echo(str(problem), err=True)
    if opened and written.files:
        from data.desktop import open_in_browser

        open_in_browser(written.files[0].resolve().as_uri())
    if written.problems:
        raise click.exceptions.Exit(written.problems[0].exit_code)


def _formats(given: Sequence[str]) -> tuple[str, ...]:
    """The report's formats as asked for, each alone or several with commas between. Raises ``InputError`` for others."""
    from analysis.report.write import FORMATS
    from data.errors import InputError
    from data.near import did_you_mean

    wanted = [name.strip().lower().removeprefix(".") for part in given for name in part.split(",") if name.strip()]
    for name in wanted:
        if name not in FORMATS:
            raise InputError(
                "report_format", name=name[:40], nearest=did_you_mean(name, FORMATS), known=", ".join(FORMATS)
            )
    return tuple(dict.fromkeys(wanted))
