"""The commands ``chandung assume list``, ``add`` and ``retire``."""

from __future__ import annotations

import json
import re
import shutil
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from data.click_words import Subcommands
from data.errors import InputError
from data.near import did_you_mean
from data.words import language, tell

if TYPE_CHECKING:
    from data.study import Study

NO_BREAK = "\u00a0"
#: A number with its interval and what counted it.
_INTERVAL = re.compile(r"\S+ ?\([^()]{1,40}\)")
_ALWAYS = ("id", "claim", "verdicts")
_study = click.option("--study", "-s", type=click.Path(path_type=Path), help=tell("assume.options.study"))


def _help(area: str) -> str:
    return f"{tell(f'{area}.help')}\n\n\b\n{tell('cli.example')}\n{textwrap.indent(tell(f'{area}.example'), '  ')}"


def _command(name: str) -> Callable[[Callable[..., Any]], click.Command]:
    return assume.command(name, help=_help(f"assume.{name}"), short_help=tell(f"assume.{name}.short"))


@click.group("assume", cls=Subcommands, help=_help("assume"), short_help=tell("cli.commands.assume"))
def assume() -> None:
    pass


@_command("list")
@click.argument("place", metavar="[STUDY]", type=click.Path(path_type=Path), required=False)
@_study
@click.option("--json", "as_json", is_flag=True, help=tell("cli.options.json"))
def list_(place: Path | None, study: Path | None, as_json: bool) -> None:
    from analysis.assuming import listed
    from data.rows import shown
    from data.study_file import load

    loaded = load(place or study)
    rows = listed(loaded)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    if not rows:
        click.echo(tell("assume.list.none"))
        return
    lines = [_line(row, loaded) for row in rows]
    # A column in which nothing stands, or the same everywhere, only makes the others narrow.
    told = [name for name in lines[0] if name in _ALWAYS or len({str(line[name]) for line in lines}) > 1]
    width = shutil.get_terminal_size().columns
    for line in lines:
        # The id is what one copies into other commands: it stands whole, on a line of its own.
        click.echo(shown(line["id"]))
        for name in told:
            if name != "id" and (text := shown(line[name]).replace(NO_BREAK, " ").strip()):
                click.echo(_wrapped(f"{tell(f'assume.list.columns.{name}')}: {text}", width))
    if all(row["version"] is None for row in rows):
        click.echo(tell("assume.list.not_analysed"))


def _wrapped(text: str, width: int) -> str:
    """``text`` below an id; no interval and no word is broken."""
    held = _INTERVAL.sub(lambda found: found[0].replace(" ", NO_BREAK), text)
    lines = textwrap.wrap(
        held,
        max(width, 40),
        initial_indent="  ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines).replace(NO_BREAK, " ")


def _line(row: Mapping[str, Any], study: Study) -> dict[str, Any]:
    """A row of the table: everything in the interface's language."""
    from analysis.report import registered
    from analysis.report.speech import Speech

    say = Speech(language(), study.timezone)
    state = tell(f"assume.state.{row['state']}", date=say.date(row["retired_at"]))
    verdicts = [
        f"{say.tell(found['verdict'] + '.mark')} {registered.kind(kind, say)}: {found['told'][say.lang]}"
        for kind, found in row["verdicts"].items()
    ]
    return {
        "id": row["id"],
        "segment": row["segment"],
        "claim": registered.capital(row["told"][say.lang]),
        "since": row["since"] or "",
        "version": row["version"] or "",
        "state": state,
        "verdicts": "; ".join(verdicts),
    }


@_command("add")
@click.argument("place", metavar="[STUDY]", type=click.Path(path_type=Path), required=False)
@_study
@click.option("--segment", help=tell("assume.add.options.segment"))
@click.option("--attribute", help=tell("assume.add.options.attribute"))
@click.option("--pain", help=tell("assume.add.options.pain"))
@click.option("--expect", multiple=True, help=tell("assume.add.options.expect"))
@click.option("--at-least", help=tell("assume.add.options.at_least"))
@click.option("--at-most", help=tell("assume.add.options.at_most"))
@click.option("--top", type=int, help=tell("assume.add.options.top"))
@click.option("--minimum-n", type=int, help=tell("assume.add.options.minimum_n"))
@click.option("--note", help=tell("assume.add.options.note"))
@click.option("--id", "name", help=tell("assume.add.options.id"))
@click.option("--yes", is_flag=True, help=tell("assume.add.options.yes"))
def add(place: Path | None, study: Path | None, yes: bool, **given: Any) -> None:
    from analysis import assuming
    from analysis.assume_asking import complete
    from data.study_edit import add_assumption
    from data.study_file import load

    loaded = load(place or study)
    segment, fields, asked = complete(loaded, given)
    fields = {**fields, "since": assuming.today(loaded), **({"note": fields["note"]} if "note" in fields else {})}
    new = assuming.checked(fields)
    assuming.refuse_twice(loaded, segment, new)
    _show(loaded, segment, new)
    if asked and not yes and not click.confirm(tell("assume.add.confirm", path=loaded.path), default=True):
        return
    written = add_assumption(loaded, segment, fields)
    click.echo(tell("assume.add.done", path=written.path, id=assuming.id_of(written, segment, new)))


def _show(study: Study, segment: str, new: Any) -> None:
    """The claim and its rule, before anything is written; and that it comes late, where data have been looked at."""
    from analysis.assuming import described, open_if_there
    from analysis.known_findings import known
    from analysis.report import registered
    from analysis.report.speech import Speech

    say, row = Speech(language(), study.timezone), described(segment, new)
    click.echo(tell("assume.add.claim", sentence=registered.capital(registered.sentence(row, say)), claim=row["claim"]))
    click.echo(tell("assume.add.rule", rule=registered.rule_in_words(row, say)))
    store = open_if_there(study)
    if store is not None:
        with store:
            last = known(store)
        if last is not None and last["counts"].get("posts"):
            click.echo(tell("assume.add.seen"))


@_command("retire")
@click.argument("id")
@click.argument("place", metavar="[STUDY]", type=click.Path(path_type=Path), required=False)
@_study
@click.option("--why", help=tell("assume.retire.options.why"))
def retire(id: str, place: Path | None, study: Path | None, why: str | None) -> None:
    from analysis.assuming import today
    from analysis.report.speech import Speech
    from data.assumptions import claims, named
    from data.study_edit import retire_assumption
    from data.study_file import load

    loaded = load(place or study)
    found = claims(loaded)
    claim = named(found, id)
    if claim is None:
        ids = [one.id for one in found]
        raise InputError("no_such_assumption", id=id, nearest=did_you_mean(id, ids), known=", ".join(ids) or "–")
    if claim.assumption.retired:
        raise InputError("assume_retired_already", id=claim.id, date=claim.assumption.retired)
    fields = {"retired": today(loaded), **({"retired_why": why} if why else {})}
    retire_assumption(loaded, claim.number, claim.position, fields)
    click.echo(tell("assume.retire.done", id=claim.id, date=Speech(language()).date(fields["retired"])))
